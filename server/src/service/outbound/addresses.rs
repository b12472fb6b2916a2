//! Which addresses are of the internet, and which of a network that only those inside may reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::settings::Network;

const fn four(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Network {
    Network::new(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits)
}

const fn six(a: u16, b: u16, c: u16, d: u16, bits: u8) -> Network {
    Network::new(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)), bits)
}

/// IANA's registries of special purpose, without what is for everybody.
const SPECIAL: [Network; 26] = [
    four(0, 0, 0, 0, 8),
    four(10, 0, 0, 0, 8),
    four(100, 64, 0, 0, 10),
    four(127, 0, 0, 0, 8),
    // Where clouds tell a machine its secrets.
    four(169, 254, 0, 0, 16),
    four(172, 16, 0, 0, 12),
    four(192, 0, 0, 0, 24),
    four(192, 0, 2, 0, 24),
    four(192, 88, 99, 0, 24),
    four(192, 168, 0, 0, 16),
    four(198, 18, 0, 0, 15),
    four(198, 51, 100, 0, 24),
    four(203, 0, 113, 0, 24),
    four(224, 0, 0, 0, 4),
    four(240, 0, 0, 0, 4),
    // The unspecified one, loopback, and addresses of IPv4 in a form that nobody uses any more.
    six(0, 0, 0, 0, 96),
    // Translation of one's own to IPv4: what is behind it is not to be known.
    six(0x64, 0xff9b, 1, 0, 48),
    six(0x100, 0, 0, 0, 64),
    six(0x2001, 0, 0, 0, 23),
    six(0x2001, 0xdb8, 0, 0, 32),
    six(0x3fff, 0, 0, 0, 20),
    six(0x5f00, 0, 0, 0, 16),
    six(0xfc00, 0, 0, 0, 7),
    six(0xfe80, 0, 0, 0, 10),
    six(0xfec0, 0, 0, 0, 10),
    six(0xff00, 0, 0, 0, 8),
];

const TRANSLATED: Network = six(0x64, 0xff9b, 0, 0, 96);
const SIX_TO_FOUR: Network = six(0x2002, 0, 0, 0, 16);

/// Whether anybody on the internet could ask this address as well as we can.
pub fn is_of_the_internet(address: IpAddr) -> bool {
    let address = address.to_canonical();
    if SPECIAL.iter().any(|network| network.contains(address)) {
        return false;
    }
    inner(address).is_none_or(is_of_the_internet)
}

/// The address of IPv4 that one of IPv6 stands for.
fn inner(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(six) = address else { return None };
    let [_, a, b, _, _, _, c, d] = six.segments();
    let from = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    if TRANSLATED.contains(address) {
        Some(from(c, d))
    } else if SIX_TO_FOUR.contains(address) {
        Some(from(a, b))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_global(text: &str) -> bool {
        is_of_the_internet(text.parse().unwrap())
    }

    #[test]
    fn addresses_of_the_internet_are_told_from_all_others() {
        for global in [
            "1.1.1.1",
            "93.184.215.14",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
            "2002:101:101::",
        ] {
            assert!(is_global(global), "{global}");
        }
        for special in SPECIAL {
            let text = special.to_string();
            let first = text.split('/').next().unwrap();
            assert!(!is_global(first), "{special}");
        }
        for private in [
            "255.255.255.255",
            "224.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:a00:1::",
            "2002:7f00:1::1",
            "::",
            "::1",
            "::7f00:1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(!is_global(private), "{private}");
        }
    }
}

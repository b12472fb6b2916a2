//! Addresses that are written as numbers, and names of the machine itself: what they lead to is known without asking anybody, so
//! that a design is refused that could never be carried out.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use super::guard::Guard;
use crate::settings::Network;

/// Whether calls may not go to a host for certain. What a name leads to is looked at when it is called.
pub fn is_closed(host: &str, port: Option<u16>, is_https: bool, allowed: &[Network]) -> bool {
    let guard = Guard::new("", allowed);
    let port = port.unwrap_or(if is_https { 443 } else { 80 });
    let is_open = |address: IpAddr| guard.allows(SocketAddr::new(address, port));
    let name = host.trim_end_matches('.');
    if name == "localhost" || name.ends_with(".localhost") {
        return !is_open(IpAddr::from([127, 0, 0, 1]));
    }
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return !is_open(address);
    }
    if !ends_in_a_number(name) {
        return false;
    }
    // A spelling of IPv4 that resolvers take: none is asked for it.
    let found = (name, port).to_socket_addrs().map(|all| all.collect::<Vec<_>>()).unwrap_or_default();
    found.is_empty() || found.iter().any(|address| !is_open(address.ip()))
}

/// No name of the internet ends in a number; what does is an address in some spelling.
fn ends_in_a_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    last.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t58_a_design_names_no_private_address_in_any_spelling() {
        for host in [
            "localhost",
            "x.localhost",
            "localhost.",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "0",
            "10.0.0.1",
            "169.254.169.254",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fc00::1]",
        ] {
            assert!(is_closed(host, None, true, &[]), "{host}");
        }
        assert!(!is_closed("erp.example.com", None, true, &[]));
        assert!(!is_closed("93.184.215.14", None, true, &[]));
        assert!(is_closed("93.184.215.14", Some(22), true, &[]), "an unusual port");
        let allowed = ["127.0.0.0/8".parse().unwrap()];
        assert!(!is_closed("127.0.0.1", Some(9_000), false, &allowed));
        assert!(!is_closed("localhost", Some(9_000), false, &allowed));
    }
}

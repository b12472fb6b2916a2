//! Looks at each address before it is connected to. The name is resolved once, and what is left of its addresses is what the
//! client connects to: nothing can change in between.

use std::io;
use std::net::SocketAddr;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::addresses::is_of_the_internet;
use crate::settings::Network;

/// Where services for everybody listen.
const USUAL_PORTS: [u16; 2] = [80, 443];

#[derive(Debug)]
pub struct Guard<R = DefaultResolver> {
    /// Host and port that the operator has named.
    named: Option<(String, u16)>,
    allowed: Vec<Network>,
    resolver: R,
}

impl Guard {
    pub fn new(named: &str, allowed: &[Network]) -> Guard {
        Guard::with(named, allowed, DefaultResolver::default())
    }
}

impl<R> Guard<R> {
    /// Guards what `resolver` finds.
    pub fn with(named: &str, allowed: &[Network], resolver: R) -> Guard<R> {
        let named = named.parse::<Uri>().ok().and_then(|uri| place(&uri));
        Guard { named, allowed: allowed.to_vec(), resolver }
    }

    /// Whether somebody else than the operator may lead the product to this address.
    pub fn allows(&self, address: SocketAddr) -> bool {
        let is_allowed = self.allowed.iter().any(|network| network.contains(address.ip()));
        is_allowed || (is_of_the_internet(address.ip()) && USUAL_PORTS.contains(&address.port()))
    }
}

impl<R: Resolver> Resolver for Guard<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        if self.named.is_some() && place(uri) == self.named {
            return Ok(found);
        }
        let mut kept = self.empty();
        for address in found.iter().filter(|address| self.allows(**address)) {
            kept.push(*address);
        }
        if kept.is_empty() {
            let host = uri.host().unwrap_or_default();
            let why = format!("{host} may not be asked: it lies in a private network, or at an unusual port");
            return Err(Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, why)));
        }
        Ok(kept)
    }
}

/// Host and port of an address.
fn place(uri: &Uri) -> Option<(String, u16)> {
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    Some((uri.host()?.to_ascii_lowercase(), uri.port_u16().unwrap_or(usual)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::outbound::Outbound;

    /// The machine itself and what stands near it, in the spellings that resolvers and parsers take.
    const PRIVATE: [&str; 34] = [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "127.255.255.254",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[2002:a9fe:a9fe::]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fec0::1]",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "198.18.0.1",
    ];

    #[tokio::test]
    async fn t58_no_spelling_of_a_private_address_is_connected_to() {
        let outbound = Outbound::new("https://id.example.com", &[]);
        for host in PRIVATE {
            for url in
                [format!("http://{host}/"), format!("https://{host}/x"), format!("http://{host}:8080/")]
            {
                let refused = outbound.get(url.clone()).await.unwrap_err().to_string();
                // What no resolver understands is no way in either; what is understood must be refused, not tried.
                let is_refused = refused.contains("may not be asked");
                let is_no_name = !refused.contains("refused") && !refused.contains("timeout");
                assert!(is_refused || is_no_name, "{url}: {refused}");
            }
        }
        for host in ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "localhost"] {
            let refused = outbound.get(format!("http://{host}/")).await.unwrap_err().to_string();
            assert!(refused.contains("may not be asked"), "{host}: {refused}");
        }
    }

    #[test]
    fn t60_what_a_name_leads_to_is_judged_each_time() {
        let guard = Guard::new("https://id.example.com", &["192.168.5.0/24".parse().unwrap()]);
        let allows = |address: &str| guard.allows(address.parse().unwrap());
        assert!(allows("93.184.215.14:443") && allows("[2606:2800:21f:cb07::1]:443"));
        // Whatever it was called a moment ago.
        assert!(!allows("127.0.0.1:443") && !allows("10.0.0.1:443") && !allows("[::1]:443"));
        assert!(allows("192.168.5.9:8443") && !allows("192.168.6.9:443"));
        assert!(!allows("93.184.215.14:22") && !allows("93.184.215.14:5432"));
    }

    #[test]
    fn a_place_is_a_host_with_its_port() {
        let of = |url: &str| place(&url.parse().unwrap()).unwrap();
        assert_eq!(of("https://ID.example.com/realms"), ("id.example.com".to_string(), 443));
        assert_eq!(of("http://127.0.0.1:9000"), ("127.0.0.1".to_string(), 9000));
        assert_ne!(of("https://id.example.com"), of("https://id.example.com:8443"));
    }
}

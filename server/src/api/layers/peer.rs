//! Where a request comes from: the address that connected, or, where that is a proxy of the operator's, the one that the proxy
//! names. What anybody else says of it is not believed.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use crate::settings::Network;

/// Proxies that are believed.
#[derive(Clone, Debug)]
pub struct Proxies(Arc<Vec<Network>>);

/// The address that a request comes from, with the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Proxies {
    pub fn of(trusted: &[Network]) -> Proxies {
        Proxies(Arc::new(trusted.to_vec()))
    }

    /// Whether this is the address of one of them.
    pub fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// Read from the right: each proxy adds who connected to it, so that the first one which is no proxy of ours was seen by
    /// a proxy of ours. Everything to the left of it is what that one says of itself.
    fn origin(&self, connected: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trust(connected) {
            return connected;
        }
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        let named = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut known = connected;
        for one in named {
            let Some(address) = address_in(one) else { return known };
            known = address;
            if !self.trust(address) {
                return address;
            }
        }
        known
    }
}

/// An address, perhaps with a port: `203.0.113.9`, `203.0.113.9:443`, `[2001:db8::1]:443`.
fn address_in(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let plain = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    plain.or_else(with_port).or_else(in_brackets).map(|address| address.to_canonical())
}

pub async fn note_peer(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(connected) = connected {
        let peer = Peer(proxies.origin(connected.to_canonical(), request.headers()));
        request.extensions_mut().insert(peer);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(trusted: &[&str], connected: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        Proxies::of(&trusted).origin(connected.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn t53_only_a_proxy_of_ours_says_where_a_request_comes_from() {
        assert_eq!(origin(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        let ours = ["10.0.0.0/8"];
        assert_eq!(origin(&ours, "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(origin(&ours, "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        // What stands to the left of it was said by the one who sends the request.
        assert_eq!(origin(&ours, "10.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(origin(&ours, "10.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(origin(&ours, "10.0.0.1", &["10.0.0.7, nonsense"]), "10.0.0.1");
        assert_eq!(origin(&ours, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(origin(&ours, "10.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(origin(&ours, "10.0.0.1", &["198.51.100.1:5000"]), "198.51.100.1");
    }
}

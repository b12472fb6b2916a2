//! Only hosts that are ours are answered for, so that no link and no cookie is made for a name that somebody
//! else chose (421).

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::service::{Cause, Refusal};
use crate::settings::{Settings, host_name, host_of};

/// The hosts that this server answers for: the base URL's, the address it listens on, and loopback.
#[derive(Clone, Debug)]
pub struct Hosts(Arc<Vec<String>>);

impl Hosts {
    pub fn of(settings: &Settings) -> Hosts {
        let listen = match settings.listen.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let loopback = ["localhost", "127.0.0.1", "[::1]"].map(str::to_string);
        Hosts(Arc::new(loopback.into_iter().chain(host_of(&settings.base_url)).chain([listen]).collect()))
    }

    fn allow(&self, host: &str) -> bool {
        host_name(host).is_some_and(|host| self.0.contains(&host))
    }
}

/// A host that a request names and that is none of ours. Whatever names one has to name one of ours: who stands between us and
/// the sender may have gone by another of them.
fn foreign_in(request: &Request, hosts: &Hosts) -> Option<String> {
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let headers = request.headers().get_all(header::HOST).iter();
    let headers = headers.map(|host| host.to_str().unwrap_or_default());
    let named: Vec<&str> = authority.into_iter().chain(headers).collect();
    let none = named.is_empty().then_some("");
    named.into_iter().chain(none).find(|host| !hosts.allow(host)).map(str::to_string)
}

pub async fn refuse_foreign_hosts(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    match foreign_in(&request, &hosts) {
        None => next.run(request).await,
        Some(foreign) => Problem::from(Refusal::new(Cause::Misdirected, "misdirected").arg("host", foreign))
            .into_response(),
    }
}

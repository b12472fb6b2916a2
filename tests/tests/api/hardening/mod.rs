//! What keeps an installation from being broken by who is outside, or by too much of anything: docs/security.md says which
//! test shows what.

mod connections;
mod headers;
mod heavy;
mod https;
mod keys;
mod limits;
mod logs;
mod metrics;
mod outbound;
mod quota;
mod rates;
mod room;

use std::net::SocketAddr;

use tests::Server;

/// Where a server listens.
fn address_of(server: &Server) -> SocketAddr {
    server.url().trim_start_matches("http://").parse().unwrap()
}

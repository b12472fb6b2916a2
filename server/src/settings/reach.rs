//! How the product is reached: over HTTPS by a certificate of its own, over HTTPS by a proxy before it, or, where an operator
//! insists, over plain HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::network::Network;

/// The options of `serve` for how it is reached.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ReachOptions {
    /// Certificate with those that vouch for it, in PEM: the product is then served over HTTPS without a proxy
    #[arg(long, env = "FORMWORK_TLS_CERT", value_name = "FILE")]
    pub(super) tls_cert: Option<PathBuf>,
    /// Private key of the certificate, in PEM
    #[arg(long, env = "FORMWORK_TLS_KEY", value_name = "FILE")]
    pub(super) tls_key: Option<PathBuf>,
    /// Proxies before the product, whose X-Forwarded-For says where requests come from: addresses or networks
    #[arg(long, env = "FORMWORK_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',')]
    pub(super) trusted_proxies: Vec<Network>,
    /// Address at which Prometheus finds figures of the server; nowhere when absent
    #[arg(long, env = "FORMWORK_METRICS", value_name = "ADDR")]
    pub(super) metrics: Option<SocketAddr>,
}

/// A certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// How the product is reached.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Served over HTTPS by the product itself.
    pub tls: Option<Tls>,
    /// Passwords and records go over the network for everybody on the way to read: people are told.
    pub plain_http: bool,
    pub trusted_proxies: Vec<Network>,
    /// Where figures of the server are told.
    pub metrics: Option<SocketAddr>,
}

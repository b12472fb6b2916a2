//! What an operator can set: by option, by environment variable `FORMWORK_…`, or in `formwork.toml`; the
//! first of these that speaks wins.

use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;

mod network;
mod rate_limit;
mod reach;
mod seal_key;
mod services;

pub use network::Network;
pub use rate_limit::RateLimit;
pub use reach::{Reach, Tls};
pub use seal_key::SealKey;
pub use services::{IdentityProvider, MailServer, Services};

use reach::ReachOptions;
use services::{ServicesFile, ServicesOptions};

/// The options that most commands have.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Folder with the database, the attachments and the lock
    #[arg(long, env = "FORMWORK_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// sqlite:FILE or postgres://…; SQLite in the data folder when absent
    #[arg(long, env = "FORMWORK_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// File with the key that seals secrets in the database; formwork.key in the data folder when absent
    #[arg(long, env = "FORMWORK_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// File with the same settings
    #[arg(long, env = "FORMWORK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The options of a command that copies from the database of an installation to another one.
#[derive(Clone, Debug, clap::Args)]
pub struct CopyOptions {
    /// Folder with the attachments, the key and the lock
    #[arg(long, env = "FORMWORK_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to copy to: postgres://… or sqlite:FILE, with nothing in it
    #[arg(long, env = "FORMWORK_TARGET", value_name = "URL", hide_env_values = true)]
    database: String,
    /// Where to copy from: the database of the configuration, or SQLite in the data folder, when absent
    #[arg(long, env = "FORMWORK_DATABASE", value_name = "URL", hide_env_values = true)]
    from: Option<String>,
    /// File with the key that seals secrets in the database; formwork.key in the data folder when absent
    #[arg(long, env = "FORMWORK_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// File with the settings of the installation
    #[arg(long, env = "FORMWORK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

impl CopyOptions {
    /// The options of the installation as it is, and the database to copy to.
    pub fn parts(self) -> (Options, String) {
        let CopyOptions { data, database, from, key_file, config } = self;
        (Options { data, database: from, key_file, config }, database)
    }
}

/// The options of `serve` alone.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ServeOptions {
    #[command(flatten)]
    pub common: Options,
    /// Address to listen on
    #[arg(long, env = "FORMWORK_LISTEN", value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The URL that people use, as seen from outside
    #[arg(long, env = "FORMWORK_BASE_URL", value_name = "URL")]
    base_url: Option<String>,
    /// Allow plain HTTP where others can reach it; every page says that it is not safe
    #[arg(long, env = "FORMWORK_INSECURE_HTTP")]
    insecure_http: bool,
    /// How often in a minute somebody may begin what costs much: exports, imports, trials of flows
    #[arg(long, env = "FORMWORK_COSTLY_PER_MINUTE", value_name = "NUMBER")]
    costly_per_minute: Option<u32>,
    /// How many answers a public form takes from one address in a minute, half of them at once; 20 when absent
    #[arg(long, env = "FORMWORK_PUBLIC_PER_MINUTE", value_name = "NUMBER")]
    public_per_minute: Option<u32>,
    /// How many requests a token may send in a minute; off when absent
    #[arg(long, env = "FORMWORK_RATE_LIMIT", value_name = "NUMBER|off")]
    rate_limit: Option<RateLimit>,
    /// Megabytes of the disk that stay free: 512, or a twentieth of a small disk, when absent
    #[arg(long, env = "FORMWORK_DISK_RESERVE", value_name = "MB")]
    disk_reserve: Option<u64>,
    /// Megabytes of files that a workspace may have, 0 for any number; 102,400 when absent
    #[arg(long, env = "FORMWORK_WORKSPACE_QUOTA", value_name = "MB")]
    workspace_quota: Option<u64>,
    /// Calls to other systems that the flows of an app may make on a day, 0 for any number; 20,000 when absent
    #[arg(long, env = "FORMWORK_CALLS_PER_DAY", value_name = "NUMBER")]
    calls_per_day: Option<u32>,
    #[command(flatten)]
    reach: ReachOptions,
    #[command(flatten)]
    services: ServicesOptions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    key_file: Option<PathBuf>,
    listen: Option<SocketAddr>,
    base_url: Option<String>,
    #[serde(default)]
    insecure_http: bool,
    costly_per_minute: Option<u32>,
    public_per_minute: Option<u32>,
    rate_limit: Option<RateLimit>,
    disk_reserve: Option<u64>,
    workspace_quota: Option<u64>,
    calls_per_day: Option<u32>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    #[serde(default)]
    trusted_proxies: Vec<Network>,
    metrics: Option<SocketAddr>,
    /// Services outside, in a table of their own.
    #[serde(default)]
    services: ServicesFile,
}

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    pub database: String,
    pub seal_key: SealKey,
    pub listen: SocketAddr,
    pub base_url: String,
    pub reach: Reach,
    /// How often in a minute a member may begin what costs much.
    pub costly_per_minute: u32,
    /// How many answers a public form takes from one address in a minute.
    pub public_per_minute: u32,
    /// How many requests a token may send in a minute.
    pub rate_limit: RateLimit,
    /// Megabytes of the disk that stay free, where an operator says how many.
    pub disk_reserve: Option<u64>,
    /// Bytes that the files of a workspace may have altogether; as many as the disk takes without it.
    pub workspace_quota: Option<u64>,
    /// How many calls the flows of an app may make on a day; any number without it.
    pub calls_per_day: Option<u32>,
    pub services: Services,
}

/// For somebody at a screen this is out of reach.
const COSTLY_PER_MINUTE: u32 = 60;
/// Where many answer from one place, such as a school, an operator lets more in.
const PUBLIC_PER_MINUTE: u32 = 20;
/// Megabytes: a hundred gigabytes, which forms and their photographs do not come to.
const WORKSPACE_QUOTA: u64 = 100 << 10;

/// A call of a circle through other systems looks like any other: this many end one that nobody has marked.
const CALLS_PER_DAY: u32 = 20_000;

/// The bytes that are meant by megabytes of which 0 says that there is no bound.
fn quota(megabytes: Option<u64>) -> Option<u64> {
    match megabytes.unwrap_or(WORKSPACE_QUOTA) {
        0 => None,
        megabytes => Some(megabytes.saturating_mul(1 << 20)),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("can't read {file}: {source}")]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("{file} is not understood: {message}")]
    NotUnderstood { file: PathBuf, message: String },
    #[error(
        "{0} can be reached by others over plain HTTP: give a certificate with --tls-cert and --tls-key, put a TLS proxy before it and listen on 127.0.0.1, or say --insecure-http"
    )]
    PlainHttp(SocketAddr),
    #[error("people would use {0} over plain HTTP: make it https://, or say --insecure-http")]
    PlainBaseUrl(String),
    #[error("with --tls-cert the base URL {0} must start with https://")]
    BaseUrlWithoutTls(String),
    #[error("the base URL {0} must start with http:// or https:// and have a host")]
    BaseUrl(String),
    #[error("{0} needs {1} too")]
    Half(&'static str, &'static str),
    #[error(
        "the password would go to the mail server in the clear: write smtps:// for smtp://, or add ?tls=required"
    )]
    PlainMail,
    #[error("the identity provider {0} must be an https:// address")]
    Issuer(String),
}

impl Settings {
    /// The settings of a command that doesn't serve.
    pub fn read(options: Options) -> Result<Settings, SettingsError> {
        Settings::assemble(ServeOptions { common: options, ..ServeOptions::default() }, false)
    }

    pub fn read_for_serving(options: ServeOptions) -> Result<Settings, SettingsError> {
        Settings::assemble(options, true)
    }

    fn assemble(options: ServeOptions, serves: bool) -> Result<Settings, SettingsError> {
        let file = read_file(options.common.config.as_deref())?;
        let data = options.common.data.or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let database = options
            .common
            .database
            .or(file.database)
            .unwrap_or_else(|| format!("sqlite:{}", data.join("formwork.db").display()));
        let listen =
            options.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let insecure_http = options.insecure_http || file.insecure_http;
        let tls = tls_of(options.reach.tls_cert.or(file.tls_cert), options.reach.tls_key.or(file.tls_key))?;
        if !listen.ip().is_loopback() && tls.is_none() && !insecure_http {
            return Err(SettingsError::PlainHttp(listen));
        }
        let said = options.base_url.or(file.base_url);
        // Who does not serve sends nobody anywhere.
        let services = match serves {
            true => Services::read(options.services, file.services, said.is_some())?,
            false => Services::default(),
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base_url = said.unwrap_or_else(|| format!("{scheme}://{listen}"));
        let base_url = base_url.trim_end_matches('/').to_string();
        let Some(host) = host_of(&base_url) else { return Err(SettingsError::BaseUrl(base_url)) };
        let is_https = base_url.starts_with("https://");
        if tls.is_some() && !is_https {
            return Err(SettingsError::BaseUrlWithoutTls(base_url));
        }
        if serves && !is_https && !insecure_http && !is_this_machine(&host) {
            return Err(SettingsError::PlainBaseUrl(base_url));
        }
        let given = options.reach.trusted_proxies;
        let trusted_proxies = if given.is_empty() { file.trusted_proxies } else { given };
        let metrics = options.reach.metrics.or(file.metrics);
        let reach = Reach { tls, plain_http: insecure_http && !is_https, trusted_proxies, metrics };
        let seal_key = SealKey::of(options.common.key_file.or(file.key_file), &data);
        let costly_per_minute =
            options.costly_per_minute.or(file.costly_per_minute).unwrap_or(COSTLY_PER_MINUTE).max(1);
        let public_per_minute =
            options.public_per_minute.or(file.public_per_minute).unwrap_or(PUBLIC_PER_MINUTE).max(1);
        let rate_limit = options.rate_limit.or(file.rate_limit).unwrap_or_default();
        Ok(Settings {
            data,
            database,
            seal_key,
            listen,
            base_url,
            reach,
            costly_per_minute,
            public_per_minute,
            rate_limit,
            disk_reserve: options.disk_reserve.or(file.disk_reserve),
            workspace_quota: quota(options.workspace_quota.or(file.workspace_quota)),
            calls_per_day: Some(options.calls_per_day.or(file.calls_per_day).unwrap_or(CALLS_PER_DAY))
                .filter(|calls| *calls > 0),
            services,
        })
    }

    /// Who listens on whichever port is free is reached at the one that it got: links say so, too.
    pub fn bound_to(&mut self, address: SocketAddr) {
        if let Some(scheme) = self.base_url.strip_suffix(&self.listen.to_string()) {
            self.base_url = format!("{scheme}{address}");
        }
        self.listen = address;
    }

    /// Whether people reach the product over HTTPS, so that cookies may insist on it.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

fn tls_of(certificate: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<Tls>, SettingsError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(Tls { certificate, key })),
        (Some(_), None) => Err(SettingsError::Half("--tls-cert", "--tls-key")),
        (None, Some(_)) => Err(SettingsError::Half("--tls-key", "--tls-cert")),
        (None, None) => Ok(None),
    }
}

/// Whether a host, as [`host_of`] gives it, is the machine itself: nobody reads along on the way there.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host of an `http` or `https` URL, without its port, in lower case.
pub fn host_of(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split('/').next()?;
    host_name(authority)
}

/// `authority` without its port, in lower case: `[::1]:80` gives `[::1]`.
pub fn host_name(authority: &str) -> Option<String> {
    let end = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = (authority.get(..end)?, authority.get(end..)?);
    let is_port = match port.strip_prefix(':') {
        Some(digits) => digits.chars().all(|digit| digit.is_ascii_digit()),
        None => port.is_empty(),
    };
    (is_port && !host.is_empty() && !host.contains('@')).then(|| host.to_ascii_lowercase())
}

fn read_file(named: Option<&Path>) -> Result<File, SettingsError> {
    let file = named.unwrap_or(Path::new("formwork.toml"));
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
            return Ok(File::default());
        }
        Err(source) => return Err(SettingsError::Unreadable { file: file.to_path_buf(), source }),
    };
    toml::from_str(&text).map_err(|error| SettingsError::NotUnderstood {
        file: file.to_path_buf(),
        message: error.message().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_without_its_port() {
        assert_eq!(host_of("https://Forms.example.com:8443/x").as_deref(), Some("forms.example.com"));
        assert_eq!(host_of("http://[::1]:80").as_deref(), Some("[::1]"));
        assert_eq!(host_of("ftp://example.com"), None);
        assert_eq!(host_of("http://"), None);
        assert_eq!(host_name("user@example.com"), None);
        assert_eq!(host_name("127.0.0.1:8123").as_deref(), Some("127.0.0.1"));
        for forged in
            ["127.0.0.1:8123.evil", "127.0.0.1:8123@evil", "[::1].evil", "[::1]:80:80", "::1", "a:b:1"]
        {
            assert_eq!(host_name(forged), None, "{forged}");
        }
    }

    #[test]
    fn an_option_wins_over_the_file_and_the_file_over_what_is_usual() {
        let file = std::env::temp_dir().join(format!("formwork-settings-{}.toml", std::process::id()));
        fs::write(&file, "listen = \"127.0.0.1:9001\"\ndata = \"from-file\"\n").unwrap();
        let options = ServeOptions {
            common: Options {
                data: Some(PathBuf::from("said")),
                config: Some(file.clone()),
                ..Options::default()
            },
            ..ServeOptions::default()
        };
        let settings = Settings::read_for_serving(options.clone()).unwrap();
        assert_eq!(settings.data, PathBuf::from("said"));
        assert_eq!(settings.listen, SocketAddr::from(([127, 0, 0, 1], 9001)));
        assert_eq!(settings.base_url, "http://127.0.0.1:9001");

        fs::write(&file, "listn = \"127.0.0.1:9001\"\n").unwrap();
        let refused = Settings::read_for_serving(options).unwrap_err().to_string();
        assert!(refused.contains("listn"), "{refused}");
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn plain_http_for_others_must_be_asked_for() {
        let options = |insecure_http| ServeOptions {
            listen: Some(SocketAddr::from(([0, 0, 0, 0], 8080))),
            insecure_http,
            ..ServeOptions::default()
        };
        assert!(matches!(Settings::read_for_serving(options(false)), Err(SettingsError::PlainHttp(_))));
        let settings = Settings::read_for_serving(options(true)).unwrap();
        assert!(settings.reach.plain_http && !settings.is_https());
        // Also where a proxy hands it on.
        let lan = |insecure_http| ServeOptions {
            base_url: Some("http://forms.lan".to_string()),
            insecure_http,
            ..ServeOptions::default()
        };
        assert!(matches!(Settings::read_for_serving(lan(false)), Err(SettingsError::PlainBaseUrl(_))));
        assert!(Settings::read_for_serving(lan(true)).unwrap().reach.plain_http);
        // Behind a proxy on another machine people have HTTPS all the same.
        let behind =
            ServeOptions { base_url: Some("https://forms.example.com".to_string()), ..options(true) };
        assert!(!Settings::read_for_serving(behind).unwrap().reach.plain_http);
    }

    #[test]
    fn with_a_certificate_people_have_https() {
        let with = |cert: Option<&str>, key: Option<&str>, base_url: Option<&str>| ServeOptions {
            listen: Some(SocketAddr::from(([0, 0, 0, 0], 8443))),
            base_url: base_url.map(str::to_string),
            reach: ReachOptions {
                tls_cert: cert.map(PathBuf::from),
                tls_key: key.map(PathBuf::from),
                trusted_proxies: Vec::new(),
                metrics: None,
            },
            ..ServeOptions::default()
        };
        let read = |cert, key, base_url| Settings::read_for_serving(with(cert, key, base_url));
        let settings = read(Some("c.pem"), Some("k.pem"), None).unwrap();
        assert!(settings.is_https() && !settings.reach.plain_http && settings.reach.tls.is_some());
        assert!(matches!(read(Some("c.pem"), None, None), Err(SettingsError::Half(..))));
        assert!(matches!(read(None, Some("k.pem"), None), Err(SettingsError::Half(..))));
        let plain = read(Some("c.pem"), Some("k.pem"), Some("http://forms.example.com"));
        assert!(matches!(plain, Err(SettingsError::BaseUrlWithoutTls(_))));
    }

    #[test]
    fn a_workspace_has_a_bound_unless_an_operator_wants_none() {
        assert_eq!((quota(None), quota(Some(0)), quota(Some(1))), (Some(100 << 30), None, Some(1 << 20)));
        assert_eq!(quota(Some(u64::MAX)), Some(u64::MAX));
    }
}

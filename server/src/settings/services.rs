//! Services outside that an operator may connect: a mail server, and an identity provider. Both make links that lead
//! back here, so both need to be told how people reach the product.

use serde::Deserialize;

use super::{Network, SettingsError};

/// The options of `serve` for services outside.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ServicesOptions {
    /// Server that takes mail: smtps://USER:PASSWORD@HOST, or smtp://HOST?tls=required
    #[arg(long, env = "FORMWORK_SMTP", value_name = "URL", hide_env_values = true)]
    smtp: Option<String>,
    /// Whom mail comes from
    #[arg(long, env = "FORMWORK_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Identity provider (OpenID Connect) that people may sign in with
    #[arg(long, env = "FORMWORK_OIDC_ISSUER", value_name = "URL")]
    oidc_issuer: Option<String>,
    /// What the provider knows the product by
    #[arg(long, env = "FORMWORK_OIDC_CLIENT_ID", value_name = "ID")]
    oidc_client_id: Option<String>,
    /// What the product shows it by; the environment or the file is a better place than the command line
    #[arg(long, env = "FORMWORK_OIDC_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    oidc_client_secret: Option<String>,
    /// How the provider is called on the sign-in page
    #[arg(long, env = "FORMWORK_OIDC_LABEL", value_name = "NAME")]
    oidc_label: Option<String>,
    /// Where requests of the product may go besides the internet: addresses or networks that are private
    #[arg(long, env = "FORMWORK_ALLOW_PRIVATE", value_name = "NETWORKS", value_delimiter = ',')]
    allow_private: Vec<Network>,
}

/// The same in the file, as members `smtp`, `mail-from` and so on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServicesFile {
    smtp: Option<String>,
    mail_from: Option<String>,
    oidc_issuer: Option<String>,
    oidc_client_id: Option<String>,
    oidc_client_secret: Option<String>,
    oidc_label: Option<String>,
    #[serde(default)]
    allow_private: Vec<Network>,
}

/// The services that are connected.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// Private addresses that others than the operator may lead the product to.
    pub allow_private: Vec<Network>,
    pub mail: Option<MailServer>,
    pub provider: Option<IdentityProvider>,
}

/// Where mail is taken.
#[derive(Clone)]
pub struct MailServer {
    /// With a password in it, perhaps.
    pub url: String,
    pub from: String,
}

/// Who vouches for people.
#[derive(Clone)]
pub struct IdentityProvider {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub label: String,
}

// Secrets stay out of logs.
impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailServer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityProvider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Services {
    /// What options and file say; `is_reachable` where the base URL was said.
    ///
    /// # Errors
    /// Where one is said by half, or nobody said where links lead.
    pub(super) fn read(
        options: ServicesOptions,
        file: ServicesFile,
        is_reachable: bool,
    ) -> Result<Services, SettingsError> {
        let mail = match (options.smtp.or(file.smtp), options.mail_from.or(file.mail_from)) {
            (Some(url), Some(from)) => Some(MailServer { url, from }),
            (Some(_), None) => return Err(SettingsError::Half("--smtp", "--mail-from")),
            (None, _) => None,
        };
        if mail.as_ref().is_some_and(|mail: &MailServer| tells_password(&mail.url)) {
            return Err(SettingsError::PlainMail);
        }
        let client = options.oidc_client_id.or(file.oidc_client_id);
        let label = options.oidc_label.or(file.oidc_label);
        let client_secret = options.oidc_client_secret.or(file.oidc_client_secret);
        let provider = match (options.oidc_issuer.or(file.oidc_issuer), client) {
            (Some(issuer), Some(client_id)) => {
                let issuer = safe_issuer(issuer)?;
                let label = label.unwrap_or_else(|| super::host_of(&issuer).unwrap_or_default());
                Some(IdentityProvider { issuer, client_id, client_secret, label })
            }
            (Some(_), None) => return Err(SettingsError::Half("--oidc-issuer", "--oidc-client-id")),
            (None, _) => None,
        };
        if mail.is_some() && !is_reachable {
            return Err(SettingsError::Half("--smtp", "--base-url"));
        }
        if provider.is_some() && !is_reachable {
            return Err(SettingsError::Half("--oidc-issuer", "--base-url"));
        }
        let given = options.allow_private;
        let allow_private = if given.is_empty() { file.allow_private } else { given };
        Ok(Services { allow_private, mail, provider })
    }
}

/// Whether a password would go to a mail server in the clear, past others.
fn tells_password(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("smtp://") else { return false };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let Some((_, host)) = authority.rsplit_once('@') else { return false };
    let is_sealed = query.split('&').any(|pair| pair == "tls=required");
    !is_sealed && !super::host_name(host).as_deref().is_some_and(super::is_this_machine)
}

/// An issuer is asked over HTTPS, but for one on this machine.
fn safe_issuer(issuer: String) -> Result<String, SettingsError> {
    let host = super::host_of(&issuer);
    let is_here = host.as_deref().is_some_and(super::is_this_machine);
    if host.is_some() && (issuer.starts_with("https://") || is_here) {
        Ok(issuer)
    } else {
        Err(SettingsError::Issuer(issuer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> ServicesOptions {
        ServicesOptions {
            smtp: Some("smtps://user:hidden@mail.example.com".to_string()),
            mail_from: Some("formwork@example.com".to_string()),
            ..ServicesOptions::default()
        }
    }

    #[test]
    fn links_in_mail_need_an_address_that_somebody_said() {
        let refused = Services::read(mail(), ServicesFile::default(), false).unwrap_err().to_string();
        assert!(refused.contains("--base-url"), "{refused}");
        let services = Services::read(mail(), ServicesFile::default(), true).unwrap();
        assert!(!format!("{services:?}").contains("hidden"), "{services:?}");
        let half = ServicesOptions { mail_from: None, ..mail() };
        assert!(Services::read(half, ServicesFile::default(), true).is_err());
    }

    #[test]
    fn no_password_goes_to_a_mail_server_in_the_clear() {
        for told in ["smtp://u:p@mail.example.com", "smtp://u:p@10.0.0.5:25/x?tls=opportunistic"] {
            assert!(tells_password(told), "{told}");
        }
        for safe in [
            "smtps://u:p@mail.example.com",
            "smtp://u:p@mail.example.com:587?tls=required",
            "smtp://mail.example.com",
            "smtp://u:p@localhost:25",
            "smtp://u:p@[::1]:25",
        ] {
            assert!(!tells_password(safe), "{safe}");
        }
        let plain = ServicesOptions { smtp: Some("smtp://u:p@mail.example.com".to_string()), ..mail() };
        let refused = Services::read(plain, ServicesFile::default(), true).unwrap_err();
        assert!(matches!(refused, SettingsError::PlainMail), "{refused}");
    }

    #[test]
    fn a_provider_is_asked_over_https() {
        let provider = |issuer: &str| ServicesOptions {
            oidc_issuer: Some(issuer.to_string()),
            oidc_client_id: Some("formwork".to_string()),
            ..ServicesOptions::default()
        };
        let read = |issuer: &str| Services::read(provider(issuer), ServicesFile::default(), true);
        assert!(read("http://id.example.com").is_err());
        assert!(read("http://127.0.0.1:9000").is_ok());
        let services = read("https://id.example.com/realms/a").unwrap();
        assert_eq!(services.provider.unwrap().label, "id.example.com");
    }
}

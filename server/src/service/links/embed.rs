//! Which pages of others show a link's page in a frame: those on its list, and no others (reliability.md T22).

use engine::text::{Fault, Faults};
use store::public_link::PublicLink;

use super::{Offer, PAGE};
use crate::service::people::secret::hash_of;
use crate::service::{Installation, Refusal};

/// Origins of one link.
const MOST: usize = 20;
/// Letters of one: names of hosts are no longer.
const LONGEST: usize = 260;

/// The origins that are meant.
pub fn origins(given: &[String], faults: &mut Faults) -> Vec<String> {
    if given.len() > MOST {
        faults.push(Fault::new("embed", "too_many").arg("max", MOST));
    }
    let mut all: Vec<String> = Vec::new();
    for (place, text) in given.iter().enumerate() {
        match origin(text) {
            Some(origin) if !all.contains(&origin) => all.push(origin),
            Some(_) => {}
            None => faults.push(Fault::new(format!("embed.{place}"), "bad_origin").arg("origin", text)),
        }
    }
    all
}

/// `https://www.example.com`, perhaps with a port: what a browser compares, and nothing that means more in its policy.
fn origin(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number > 0);
    let is_fit = ["https", "http"].contains(&scheme)
        && text.len() <= LONGEST
        && host.split('.').all(is_label)
        && port.is_none_or(is_port);
    is_fit.then_some(text)
}

/// The origins that may show the page at a path; none for every page that is no link's.
///
/// # Errors
/// When the database can't be read.
pub async fn ancestors(installation: &Installation, path: &str) -> Result<Vec<String>, Refusal> {
    let Some(token) = path.strip_prefix(PAGE) else { return Ok(Vec::new()) };
    let mut db = installation.store.read().await?;
    let row = PublicLink::by_hash(&mut db, &hash_of(token)).await?;
    row.filter(|row| row.revoked_at.is_none())
        .map_or_else(|| Ok(Vec::new()), |row| Ok(Offer::of(&row)?.embed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t22_an_origin_is_a_scheme_and_a_host_and_nothing_else() {
        for (text, meant) in [
            ("https://www.Example.com/", Some("https://www.example.com")),
            ("http://localhost:3000", Some("http://localhost:3000")),
            ("https://xn--fiq228c.com", Some("https://xn--fiq228c.com")),
            ("https://*.example.com", None),
            ("https://a.com; script-src *", None),
            ("https://a.com https://b.com", None),
            ("https://a.com/page", None),
            ("https://user@a.com", None),
            ("javascript://a", None),
            ("https://", None),
            ("https://a..com", None),
            ("https://a.com:0", None),
            ("*", None),
        ] {
            assert_eq!(origin(text).as_deref(), meant, "{text}");
        }
        let mut faults = Faults::new();
        let given = ["https://a.com".to_string(), "https://A.com".to_string(), "b".to_string()];
        assert_eq!(origins(&given, &mut faults), ["https://a.com"]);
        let told: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(told, ["embed.2"]);
    }
}

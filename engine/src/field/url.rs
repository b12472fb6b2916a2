//! `url`: the address of a page on the web, with `http` or `https`; nothing that a browser would run.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{parse_line, text_json};
use super::{Kind, Operator, Shape, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, half_width};

/// The options: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Url {}

/// Longest address, in bytes.
const LONGEST: usize = 2000;
/// Where no scheme is written.
const USUAL_SCHEME: &str = "https";

impl Kind for Url {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match parse_line(json)? {
            Value::Text(typed) => read(&typed).map(Value::Text).ok_or_else(|| Fault::new("", "not_a_url")),
            empty => Ok(empty),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.as_text().unwrap_or_default().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        text_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TEXT
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        Faults::new()
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.to_string())).ok()
    }

    fn schema(&self) -> Option<serde_json::Value> {
        Some(serde_json::json!({"type": "string", "format": "uri", "pattern": "^https?://"}))
    }
}

/// The address with its scheme and host in lower case; `https` where it has none. `None` for what is no address of the web.
pub(crate) fn read(typed: &str) -> Option<String> {
    let typed = half_width(typed.trim());
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) => (scheme.to_lowercase(), rest),
        None => (USUAL_SCHEME.to_string(), typed.as_str()),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (place, path) = rest.split_at_checked(end)?;
    let place = place.to_lowercase();
    let address = format!("{scheme}://{place}{path}");
    let is_plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '\\' | '`');
    let fits = matches!(scheme.as_str(), "http" | "https")
        && is_place(&place)
        && path.chars().all(is_plain)
        && address.len() <= LONGEST;
    fits.then_some(address)
}

/// A host with a point in its name, or `localhost`, or numbers in brackets; and a port.
fn is_place(place: &str) -> bool {
    if let Some(rest) = place.strip_prefix('[') {
        let Some((numbers, port)) = rest.split_once(']') else { return false };
        let is_number = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '.');
        return numbers.contains(':') && numbers.chars().all(is_number) && is_port(port);
    }
    let (host, port) = place.split_at_checked(place.find(':').unwrap_or(place.len())).unwrap_or((place, ""));
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    let is_number = |label: &&str| label.bytes().all(|byte| byte.is_ascii_digit());
    let is_named = labels.len() >= 2 && !labels.last().is_some_and(is_number);
    // Four numbers are a machine; others only look like a name.
    let is_numbered = labels.len() == 4 && labels.iter().all(|label| label.parse::<u8>().is_ok());
    let is_known = host == "localhost" || (labels.iter().copied().all(is_label) && (is_named || is_numbered));
    is_known && host.len() <= 253 && is_port(port)
}

fn is_port(port: &str) -> bool {
    port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_of_the_web_are_taken_as_they_are_pasted() {
        for (typed, kept) in [
            ("https://example.com", "https://example.com"),
            ("HTTP://Example.COM/Path?q=A#b", "http://example.com/Path?q=A#b"),
            (" www.example.com/a ", "https://www.example.com/a"),
            ("ｈｔｔｐｓ：／／example.com", "https://example.com"),
            ("https://例子.中国/目录", "https://例子.中国/目录"),
            ("localhost:8080/x", "https://localhost:8080/x"),
            ("http://[::1]:80/", "http://[::1]:80/"),
            ("http://10.0.0.1/x", "http://10.0.0.1/x"),
        ] {
            assert_eq!(Url {}.parse(&json!(typed)), Ok(Value::text(kept)), "{typed}");
        }
    }

    #[test]
    fn what_a_browser_would_run_or_nobody_could_open_is_refused() {
        for typed in [
            "javascript:alert(1)",
            "JaVaScRiPt://example.com/%0aalert(1)",
            "data:text/html,x",
            "ftp://example.com",
            "https://",
            "https:///path",
            "https://a b.com",
            "https://user@example.com",
            "https://example.com/a b",
            "https://example.com/\"onclick",
            "https://-a.com",
            "https://example.com:0",
            "https://example.com:99999",
            "example",
            "1.5",
            "10.0.0.256",
            "//example.com",
        ] {
            assert_eq!(Url {}.parse(&json!(typed)).unwrap_err().code, "not_a_url", "{typed}");
        }
        assert!(Url {}.parse(&json!(format!("https://example.com/{}", "a".repeat(2000)))).is_err());
    }
}

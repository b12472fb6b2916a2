//! The place that a call goes to, and how values of records are written into addresses and headers.

use std::fmt::Write;

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub is_https: bool,
    /// In small letters; an address of IPv6 in its brackets.
    pub host: String,
    /// Where it is not the usual one.
    pub port: Option<u16>,
}

impl Place {
    /// The place of an address with names of fields in braces; none for one that is no address, has names or a password
    /// before the host, or leaves the host to a field.
    pub fn of(url: &str) -> Option<Place> {
        let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
        let (is_https, start) = match lower.as_str() {
            "https://" => (true, 8),
            other if other.starts_with("http://") => (false, 7),
            _ => return None,
        };
        let rest = url.get(start..)?;
        if url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '#')) {
            return None;
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let authority = rest.get(..end)?;
        let (host, port) = split_port(authority)?;
        Some(Place { is_https, host: host.to_ascii_lowercase(), port })
    }
}

/// A host and its port.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let (host, rest) = match authority.starts_with('[') {
        true => {
            let end = authority.find(']')? + 1;
            (authority.get(..end)?, authority.get(end..)?)
        }
        false => {
            let end = authority.find(':').unwrap_or(authority.len());
            (authority.get(..end)?, authority.get(end..)?)
        }
    };
    let is_bracketed = host.starts_with('[');
    let fits = |c: char| match is_bracketed {
        true => c.is_ascii_hexdigit() || matches!(c, '[' | ']' | ':' | '.'),
        false => c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'),
    };
    if host.trim_matches(['[', ']', '.']).is_empty() || !host.chars().all(fits) {
        return None;
    }
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => None,
        None => return None,
        Some(port) => Some(port.parse().ok().filter(|port| *port > 0)?),
    };
    Some((host, port))
}

/// A value inside an address: nothing of it can be taken for a part of the address itself.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            // Writing to a string never fails.
            byte => drop(write!(escaped, "%{byte:02X}")),
        }
    }
    // A whole part of dots would climb up.
    if matches!(text, "." | "..") { escaped.replace('.', "%2E") } else { escaped }
}

/// A text as the value of a header: what headers can't hold is escaped as in addresses.
pub(super) fn header_text(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            ' '..='~' => written.push(c),
            other => written.push_str(&escaped(other.encode_utf8(&mut [0; 4]))),
        }
    }
    written
}

/// Whether a text can be the name of a header.
pub(super) fn is_header_name(name: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= 100 && name.chars().all(is_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_place_that_no_field_decides() {
        let of = |url: &str| Place::of(url).map(|place| (place.is_https, place.host, place.port));
        assert_eq!(of("https://ERP.example.com/a/{no}?x={y}"), Some((true, "erp.example.com".into(), None)));
        assert_eq!(of("http://10.0.0.1:8080"), Some((false, "10.0.0.1".into(), Some(8080))));
        assert_eq!(of("HTTPS://[::1]:9/x"), Some((true, "[::1]".into(), Some(9))));
        for wrong in [
            "",
            "ftp://x/",
            "https://",
            "https:///x",
            "https://{host}/x",
            "https://a.{host}/x",
            "https://user@host/",
            "https://user:pass@host/",
            "https://host:0/",
            "https://host:port/",
            "https://host\\@evil/",
            "https://ho st/",
            "https://host/#x",
            "https://ｅvil.com/",
            "https://./",
            "//host/",
            "javascript:alert(1)",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn values_stay_where_they_are_put() {
        assert_eq!(escaped("a/b?c&d=é"), "a%2Fb%3Fc%26d%3D%C3%A9");
        assert_eq!((escaped("..").as_str(), escaped("1.5").as_str()), ("%2E%2E", "1.5"));
        assert_eq!(header_text(" a\r\nx: 金 "), "a%0D%0Ax: %E9%87%91");
        assert!(is_header_name("X-Source") && !is_header_name("x:y") && !is_header_name(""));
    }
}

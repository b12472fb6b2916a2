//! Names of files: as they come in a header, and as they go out in one.

use engine::value::nfc;

const LONGEST: usize = 200;

/// A name without folders and without characters that are no text: what somebody may see, never a path of ours.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text: String = nfc(last).chars().filter(|c| !hidden(*c)).collect();
    let text = text.trim().trim_matches('.').trim();
    if text.is_empty() {
        return "file".to_string();
    }
    if text.chars().count() <= LONGEST {
        return text.to_string();
    }
    // The ending says what it is.
    let (stem, ending) = match text.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 10 => (stem, format!(".{ending}")),
        Some(_) | None => (text, String::new()),
    };
    stem.chars().take(LONGEST - ending.chars().count()).chain(ending.chars()).collect()
}

/// The name in a `Content-Disposition`: `filename*=UTF-8''…` before `filename="…"`.
pub fn from_disposition(header: &str) -> Option<String> {
    let mut plain = None;
    for part in split(header).into_iter().skip(1) {
        let (name, value) = part.split_once('=')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "filename*" => {
                let encoded = value.trim().splitn(3, '\'').nth(2)?;
                return decode(encoded);
            }
            "filename" => plain = Some(unquote(value.trim())),
            _ => {}
        }
    }
    plain
}

/// A `Content-Disposition` that any browser reads.
pub fn to_disposition(name: &str, in_place: bool) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let way = if in_place { "inline" } else { "attachment" };
    format!("{way}; filename*=UTF-8''{encoded}")
}

/// The parts between semicolons that stand outside of quotes.
fn split(header: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in header.chars() {
        if c == ';' && !quoted {
            parts.push(String::new());
            continue;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_string();
    };
    let mut text = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('"' | '\\')) => text.extend(chars.next()),
            (c, _) => text.push(c),
        }
    }
    text
}

fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) =
                (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_paths() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\报表.xlsx", "报表.xlsx"),
            ("a\u{202e}fdp.exe\0", "afdp.exe"),
            ("...", "file"),
            ("", "file"),
            (" a.txt ", "a.txt"),
        ] {
            assert_eq!(clean(sent), kept, "{sent:?}");
        }
        let long = clean(&format!("{}.csv", "长".repeat(300)));
        assert!(long.ends_with(".csv") && long.chars().count() == 200);
    }

    #[test]
    fn headers_are_read_and_written() {
        for (header, name) in [
            ("attachment; filename=\"a;b \\\"c\\\".txt\"", Some("a;b \"c\".txt")),
            ("attachment; filename=plain.txt", Some("plain.txt")),
            ("attachment; filename=\"x.txt\"; filename*=UTF-8''%E6%8A%A5.csv", Some("报.csv")),
            ("attachment", None),
            ("attachment; filename*=UTF-8''%E6%8", None),
        ] {
            assert_eq!(from_disposition(header).as_deref(), name, "{header}");
        }
        let header = to_disposition("报 \"1\".pdf", true);
        assert_eq!(header, "inline; filename*=UTF-8''%E6%8A%A5%20%221%22.pdf");
        assert_eq!(from_disposition(&header).as_deref(), Some("报 \"1\".pdf"));
    }
}

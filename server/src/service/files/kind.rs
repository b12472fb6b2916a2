//! What a file is, by its own bytes: nobody is believed who says it.

/// The media type of a file that begins with `head`. Its name decides only between kinds of text, which have no mark
/// of their own.
pub fn media_type(name: &str, head: &[u8]) -> String {
    if let Some(kind) = infer::get(head) {
        return kind.mime_type().to_string();
    }
    if head.contains(&0) {
        return "application/octet-stream".to_string();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("md") => "text/markdown",
        _ => "text/plain",
    }
    .to_string()
}

/// Whether a browser may show it where it is linked, in place of saving it: pictures and documents that hold nothing
/// to run.
pub fn shown_in_place(media_type: &str) -> bool {
    const SHOWN: [&str; 6] =
        ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "application/pdf"];
    SHOWN.contains(&media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_and_names_do_not() {
        for (name, head, kind) in [
            ("a.png", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "image/png"),
            ("a.png", b"<!DOCTYPE html><script>", "text/html"),
            ("a.html", b"%PDF-1.7\n", "application/pdf"),
            ("a.csv", b"a,b\n1,2\n", "text/csv"),
            ("a.csv", b"a\0b", "application/octet-stream"),
            ("a.svg", b"<svg onload=alert(1)>", "image/svg+xml"),
            ("a", b"hello", "text/plain"),
            ("a.zip", b"PK\x03\x04\x14\0\0\0", "application/zip"),
        ] {
            assert_eq!(media_type(name, head), kind, "{name} {head:?}");
        }
        assert!(shown_in_place("image/png"));
        assert!(!shown_in_place("image/svg+xml") && !shown_in_place("text/html"));
    }
}

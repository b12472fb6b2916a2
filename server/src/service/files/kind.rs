//! What a file is, by its own bytes: nobody is believed who says it.

/// Pixels of a picture at most: one that claims more takes all memory of who looks at it.
const MOST_PIXELS: u64 = 40_000_000;

/// The media type of a file that begins with `head`. Its name decides only between kinds of text, which have no mark
/// of their own. What claims to be a picture of too many pixels is none.
pub fn media_type(name: &str, head: &[u8]) -> String {
    if let Some(kind) = infer::get(head) {
        let is_flood = size_of(head).is_some_and(|[width, height]| width * height > MOST_PIXELS);
        let media_type = if is_flood { "application/octet-stream" } else { kind.mime_type() };
        return media_type.to_string();
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

/// Width and height of a picture, as far as its beginning says them.
fn size_of(head: &[u8]) -> Option<[u64; 2]> {
    let big = |at: usize| Some(u64::from(u32::from_be_bytes(bytes(head, at)?)));
    let little = |at: usize| Some(u64::from(u32::from_le_bytes(bytes(head, at)?)));
    let short = |at: usize| Some(u64::from(u16::from_le_bytes(bytes(head, at)?)));
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some([big(16)?, big(20)?]);
    }
    if head.starts_with(b"GIF8") {
        return Some([short(6)?, short(8)?]);
    }
    if head.starts_with(b"BM") {
        // A height below zero counts from above.
        let height = i32::from_le_bytes(bytes(head, 22)?).unsigned_abs();
        return Some([little(18)?, height.into()]);
    }
    if head.starts_with(b"\xff\xd8") {
        return size_of_jpeg(head);
    }
    match (&bytes::<4>(head, 8)?, &bytes::<4>(head, 12)?) {
        (b"WEBP", b"VP8 ") => Some([short(26)? & 0x3fff, short(28)? & 0x3fff]),
        (b"WEBP", b"VP8L") => {
            let both = little(21)?;
            Some([(both & 0x3fff) + 1, ((both >> 14) & 0x3fff) + 1])
        }
        (b"WEBP", b"VP8X") => Some([(little(24)? & 0xff_ffff) + 1, (little(27)? & 0xff_ffff) + 1]),
        _ => None,
    }
}

/// Those that the first frame says; its segments are walked as far as they are here.
fn size_of_jpeg(head: &[u8]) -> Option<[u64; 2]> {
    let number = |at: usize| Some(u16::from_be_bytes(bytes(head, at)?));
    let mut at = 2;
    loop {
        let [0xff, kind] = bytes::<2>(head, at)? else { return None };
        let is_frame = (0xc0..=0xcf).contains(&kind) && !matches!(kind, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            return Some([number(at + 7)?.into(), number(at + 5)?.into()]);
        }
        at += 2 + usize::from(number(at + 2)?).max(2);
    }
}

fn bytes<const N: usize>(head: &[u8], at: usize) -> Option<[u8; N]> {
    head.get(at..at + N)?.try_into().ok()
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

    #[test]
    fn t41_a_picture_that_claims_too_many_pixels_is_none() {
        let png = |width: u32, height: u32| {
            let start = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
            [start.as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
        };
        let gif =
            |side: u16| [b"GIF89a".as_slice(), &side.to_le_bytes(), &side.to_le_bytes(), &[0; 4]].concat();
        let jpeg = |side: u16| {
            let before = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08";
            [before.as_slice(), &side.to_be_bytes(), &side.to_be_bytes()].concat()
        };
        let webp = |side: u32| {
            let [a, b, c, _] = (side - 1).to_le_bytes();
            let start = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0";
            [start.as_slice(), &[a, b, c, a, b, c], &[0; 8]].concat()
        };
        for (small, large) in [
            (png(8_000, 5_000), png(8_000, 5_001)),
            (gif(6_324), gif(6_325)),
            (jpeg(6_324), jpeg(6_325)),
            (webp(6_324), webp(6_325)),
        ] {
            assert!(media_type("a", &small).starts_with("image/"), "{:?}", size_of(&small));
            assert_eq!(media_type("a", &large), "application/octet-stream", "{:?}", size_of(&large));
        }
        assert_eq!(size_of(&png(30_000, 30_000)), Some([30_000, 30_000]));
        assert_eq!(size_of(b"\xff\xd8\xff\xe0\0\x10JFIF"), None, "what is cut off says nothing");
    }
}

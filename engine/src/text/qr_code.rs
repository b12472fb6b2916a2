//! A text as a QR code, drawn as one path of SVG.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// What a reader needs free around the code, in modules.
const QUIET: usize = 4;

/// The picture: black on white in light and dark alike, since that is what cameras read. Nothing for a text that is too long for
/// a code.
pub fn qr_code(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (x, y) = (place % width + QUIET, place / width + QUIET);
            write!(path, "M{x} {y}h1v1h-1z").ok()?;
        }
    }
    let side = width + 2 * QUIET;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_edge() {
        let picture = qr_code("otpauth://totp/A:b?secret=C").unwrap();
        // The corner of the finder pattern stands right behind the quiet edge.
        assert!(picture.contains("d=\"M4 4h1v1h-1zM5 4"), "{picture}");
        assert!(!picture.contains("M3 "), "{picture}");
        assert_eq!(qr_code(&"x".repeat(5_000)), None);
    }
}

//! Codes for cameras and scanners, drawn as one path of SVG in whole numbers.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// What a reader needs free around a code, in modules.
const QUIET: usize = 4;
/// The same beside bars.
const QUIET_BESIDE: usize = 10;
/// Signs of Code 128 at most: more are no line that a scanner reads.
const LONGEST: usize = 80;

/// Widths of bars and gaps of each value of Code 128, from the standard.
const BARS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232",
];
const START_B: usize = 104;
const STOP: &str = "2331112";

/// A text as a QR code; nothing where it is too long for one.
pub(super) fn qr(text: &str) -> Option<String> {
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
    Some(picture(side, side, "xMidYMid", &path))
}

/// A text as bars; nothing where it has signs that Code 128 has not, or is too long.
pub(super) fn code128(text: &str) -> Option<String> {
    if text.is_empty() || text.len() > LONGEST || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    let values: Vec<usize> = text.bytes().map(|byte| usize::from(byte - b' ')).collect();
    let weighed = values.iter().enumerate().map(|(place, value)| (place + 1) * value);
    let check = (START_B + weighed.sum::<usize>()) % 103;
    let mut widths = String::new();
    for value in std::iter::once(START_B).chain(values).chain([check]) {
        widths.push_str(BARS.get(value)?);
    }
    widths.push_str(STOP);
    let (mut x, mut path) = (QUIET_BESIDE, String::new());
    for (place, width) in widths.bytes().enumerate() {
        let width = usize::from(width - b'0');
        if place % 2 == 0 {
            write!(path, "M{x} 0h{width}v1h-{width}z").ok()?;
        }
        x += width;
    }
    Some(picture(x + QUIET_BESIDE, 1, "none", &path))
}

/// Black on white, since that is what cameras read.
fn picture(across: usize, down: usize, fit: &str, path: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {across} {down}\" preserveAspectRatio=\"{fit}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{across}\" height=\"{down}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

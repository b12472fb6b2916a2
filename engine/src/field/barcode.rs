//! `barcode`: what a bar code or a square code says: scanned, typed or pasted. Formats of trade are checked by their digit.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{parse_line, text_json};
use super::{Kind, Operator, Shape, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, half_width};

/// The options of a bar code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Barcode {
    /// Which codes it takes; any without it.
    #[serde(skip_serializing_if = "BarcodeFormat::is_any")]
    pub format: BarcodeFormat,
}

/// The kinds of codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BarcodeFormat {
    #[default]
    Any,
    /// EAN-13, the number of a product in a shop.
    Ean13,
    /// EAN-8, the same for small products.
    Ean8,
    /// UPC-A, the same in North America.
    UpcA,
    /// ITF-14, the number on a carton.
    Itf14,
    /// Code 128: all signs of ASCII.
    Code128,
    /// Code 39: digits, capital letters and a few signs.
    Code39,
    /// A QR code, which holds any text.
    Qr,
}

/// Longest text of a code, in bytes: as long as a text may be that is unique or sorted.
const LONGEST: usize = 500;

impl BarcodeFormat {
    fn is_any(&self) -> bool {
        *self == BarcodeFormat::Any
    }

    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            BarcodeFormat::Any => "any",
            BarcodeFormat::Ean13 => "ean13",
            BarcodeFormat::Ean8 => "ean8",
            BarcodeFormat::UpcA => "upc_a",
            BarcodeFormat::Itf14 => "itf14",
            BarcodeFormat::Code128 => "code128",
            BarcodeFormat::Code39 => "code39",
            BarcodeFormat::Qr => "qr",
        }
    }

    /// How many digits its numbers have, the check digit among them.
    fn digits(self) -> Option<usize> {
        match self {
            BarcodeFormat::Ean13 => Some(13),
            BarcodeFormat::Ean8 => Some(8),
            BarcodeFormat::UpcA => Some(12),
            BarcodeFormat::Itf14 => Some(14),
            BarcodeFormat::Any | BarcodeFormat::Code128 | BarcodeFormat::Code39 | BarcodeFormat::Qr => None,
        }
    }
}

impl Barcode {
    /// # Errors
    /// `not_a_barcode`, `barcode_check`.
    fn read(&self, typed: &str) -> Result<String, Fault> {
        let refused = || Fault::new("", "not_a_barcode").arg("format", self.format.name());
        let code = half_width(typed.trim());
        let code = match self.format.digits() {
            Some(_) => code.chars().filter(|c| !matches!(c, ' ' | '-')).collect(),
            None => code,
        };
        let is_formed = match (self.format, self.format.digits()) {
            (_, Some(digits)) => code.len() == digits && code.bytes().all(|byte| byte.is_ascii_digit()),
            (BarcodeFormat::Code128, None) => code.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            (BarcodeFormat::Code39, None) => code.bytes().all(is_code39),
            _ => true,
        };
        if !is_formed || code.len() > LONGEST {
            return Err(refused());
        }
        if self.format.digits().is_some() && !check_digit_holds(&code) {
            return Err(Fault::new("", "barcode_check"));
        }
        Ok(code)
    }
}

impl Kind for Barcode {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match parse_line(json)? {
            Value::Text(typed) => self.read(&typed).map(Value::Text),
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
        Some(match self.format.digits() {
            Some(digits) => serde_json::json!({"type": "string", "pattern": format!("^[0-9]{{{digits}}}$")}),
            None => serde_json::json!({"type": "string", "maxLength": LONGEST}),
        })
    }
}

fn is_code39(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase() || b"-. $/+%".contains(&byte)
}

/// Whether the last digit is that of GS1: the others count three times and once in turn, three times beside it, and all
/// together make tens.
fn check_digit_holds(digits: &str) -> bool {
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = digits.chars().rev().filter_map(|c| c.to_digit(10)).zip(weights).map(|(d, w)| d * w).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kind(format: &str) -> Barcode {
        serde_json::from_value(json!({ "format": format })).unwrap()
    }

    #[test]
    fn numbers_of_trade_have_their_check_digit() {
        for (format, code) in [
            ("ean13", "6901234567892"),
            ("ean13", "978-7-111-00000-6"),
            ("ean8", "96385074"),
            ("upc_a", "036000291452"),
            ("itf14", "15400141288763"),
        ] {
            let read = kind(format).parse(&json!(code));
            let digits: String = code.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(read, Ok(Value::text(digits)), "{code}");
        }
        assert_eq!(
            kind("ean13").parse(&json!("６９０１２３４５６７８９２")),
            Ok(Value::text("6901234567892"))
        );
        assert_eq!(kind("ean13").parse(&json!("6901234567893")).unwrap_err().code, "barcode_check");
        for wrong in ["690123456789", "69012345678921", "690123456789X"] {
            assert_eq!(kind("ean13").parse(&json!(wrong)).unwrap_err().code, "not_a_barcode", "{wrong}");
        }
    }

    #[test]
    fn other_codes_say_what_their_signs_allow() {
        assert_eq!(kind("any").parse(&json!(" 箱-7 ")), Ok(Value::text("箱-7")));
        assert_eq!(kind("code128").parse(&json!("Box-7 a")), Ok(Value::text("Box-7 a")));
        assert!(kind("code128").parse(&json!("箱")).is_err());
        assert_eq!(kind("code39").parse(&json!("BOX-7")), Ok(Value::text("BOX-7")));
        assert!(kind("code39").parse(&json!("box")).is_err());
        assert!(kind("qr").parse(&json!("a".repeat(501))).is_err());
        assert!(serde_json::from_value::<Barcode>(json!({"format": "aztec"})).is_err());
        assert_eq!(serde_json::to_value(kind("any")).unwrap(), json!({}));
    }
}

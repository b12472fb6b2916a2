//! `text`: one line of text.
//!
//! Stored NFC, without trailing white space and line breaks. Sorted and searched by its folded form, compared by
//! its bytes.

use std::cmp::Ordering;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::pattern::{LONGEST_MATCHED, Pattern};
use super::{Kind, Operator, Shape, email, error_json, id_card, is_blank, phone, text_order, url};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, half_width, nfc, order_by_sound};

/// The options of a text, shared by the kinds that are text with a rule of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Text {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// A regular expression that the whole text must match, which then has at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    /// What the text is: checked, and said to the keyboard of a phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<TextFormat>,
    /// `pinyin` sorts Chinese by sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

impl Text {
    /// Whether lists are sorted by how Chinese sounds, and not by its characters.
    pub fn sorts_by_sound(&self) -> bool {
        self.sort.as_deref() == Some("pinyin")
    }

    /// The characters of a text at most.
    fn longest(&self) -> Option<u32> {
        let matched = self.pattern.as_ref().map(|_| LONGEST_MATCHED);
        self.max_length.into_iter().chain(matched).min()
    }

    /// What is asked of a design beyond what it takes to work; paths are members of the options.
    pub(crate) fn design_faults(&self) -> Faults {
        let Some(pattern) = &self.pattern else { return Faults::new() };
        let too_much = pattern.excess().map(|fault| fault.under("pattern"));
        let too_long = self.max_length.is_some_and(|max| max > LONGEST_MATCHED);
        let too_long = too_long.then(|| Fault::new("max_length", "too_large").arg("max", LONGEST_MATCHED));
        too_much.into_iter().chain(too_long).collect()
    }
}

/// What a text can be that has a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// Anything.
    Plain,
    /// The code of something, such as an article number: anything, without help by the keyboard.
    Code,
    /// The number of a mobile phone in China, with its country or without.
    Mobile,
    /// A telephone number as field kind `phone` takes it.
    Tel,
    Email,
    Url,
    /// As field kind `id_card`.
    IdCard,
    /// The number plate of a car in China, those of electric cars among them.
    Plate,
    /// Six digits.
    Postcode,
}

impl TextFormat {
    /// The fault of a text that is none.
    fn fault(self, text: &str) -> Option<Fault> {
        let refused = |code| Some(Fault::new("", code));
        match self {
            TextFormat::Plain | TextFormat::Code => None,
            TextFormat::Mobile if !MOBILE.holds(text) => refused("not_a_phone"),
            TextFormat::Tel if !phone::is_well_formed(text) => refused("not_a_phone"),
            TextFormat::Email if !email::is_well_formed(text) => refused("not_an_email"),
            TextFormat::Url if url::read(text).is_none() => refused("not_a_url"),
            TextFormat::IdCard => id_card::read(text).err(),
            TextFormat::Plate if !PLATE.holds(text) => refused("pattern"),
            TextFormat::Postcode if !POSTCODE.holds(text) => refused("pattern"),
            TextFormat::Mobile
            | TextFormat::Tel
            | TextFormat::Email
            | TextFormat::Url
            | TextFormat::Plate
            | TextFormat::Postcode => None,
        }
    }

    /// The text as it is kept: half-width signs where the format has no others.
    fn normalised(self, text: String) -> String {
        match self {
            TextFormat::Plain => text,
            TextFormat::Url => url::read(&text).unwrap_or(text),
            TextFormat::IdCard => id_card::read(&text).unwrap_or(text),
            TextFormat::Plate => half_width(text.trim()).to_uppercase().replace(['·', '•', ' '], ""),
            TextFormat::Mobile => half_width(text.trim()).replace([' ', '-'], ""),
            TextFormat::Code | TextFormat::Tel | TextFormat::Email | TextFormat::Postcode => {
                half_width(text.trim())
            }
        }
    }
}

static MOBILE: LazyLock<Pattern> = LazyLock::new(|| Pattern::from(r"(\+?86)?1[3-9][0-9]{9}"));
static PLATE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::from(r"[\x{4e00}-\x{9fa5}][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳使领]"));
static POSTCODE: LazyLock<Pattern> = LazyLock::new(|| Pattern::from("[0-9]{6}"));

/// Longest text of one line.
pub(crate) const MAX_TEXT_BYTES: usize = 64 * 1024;

impl Kind for Text {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        Ok(match (parse_line(json)?, self.format) {
            (Value::Text(text), Some(format)) => Value::Text(format.normalised(text)),
            (value, _) => value,
        })
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        let text = value.as_text().unwrap_or_default();
        let mut faults = check_length(text, self.min_length, self.longest());
        let is_too_long = self.longest().is_some_and(|max| text.chars().nth(max as usize).is_some());
        if let Some(pattern) = &self.pattern
            && !is_too_long
            && !pattern.holds(text)
        {
            faults.push(Fault::new("", "pattern"));
        }
        faults.extend(self.format.and_then(|format| format.fault(text)));
        faults
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.as_text().unwrap_or_default().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        match self.sorts_by_sound() {
            true => order_by_sound(a.as_text().unwrap_or_default(), b.as_text().unwrap_or_default()),
            false => text_order(a, b),
        }
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TEXT
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = check_length_options(self.min_length, self.max_length);
        if let Some(sort) = self.sort.as_ref().filter(|_| !self.sorts_by_sound()) {
            faults.push(Fault::new("sort", "unknown_choice").arg("choice", sort));
        }
        faults.extend(self.pattern.as_ref().and_then(Pattern::fault).map(|fault| fault.under("pattern")));
        faults
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.replace('\n', " "))).ok()
    }
}

/// One line: NFC, no trailing white space, no line break.
pub(crate) fn parse_line(json: &serde_json::Value) -> Result<Value, Fault> {
    if is_blank(json) {
        return Ok(Value::Empty);
    }
    let text = text_of(json)?;
    let line = nfc(text.trim_end());
    if line.contains(['\n', '\r']) {
        return Err(Fault::new("", "wrong_type"));
    }
    within_bytes(line, MAX_TEXT_BYTES)
}

/// One line in half-width signs that has to be well-formed; `refused` where it is not.
pub(crate) fn parse_well_formed(
    json: &serde_json::Value,
    is_well_formed: fn(&str) -> bool,
    refused: Fault,
) -> Result<Value, Fault> {
    match parse_line(json)? {
        Value::Text(text) => {
            let text = half_width(text.trim());
            if is_well_formed(&text) { Ok(Value::Text(text)) } else { Err(refused) }
        }
        empty => Ok(empty),
    }
}

/// The text of a JSON string without characters that no text has (controls but tab and line breaks).
pub(crate) fn text_of(json: &serde_json::Value) -> Result<&str, Fault> {
    let text = json.as_str().ok_or_else(|| Fault::new("", "wrong_type"))?;
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(control) { Err(Fault::new("", "wrong_type")) } else { Ok(text) }
}

pub(crate) fn within_bytes(text: String, max: usize) -> Result<Value, Fault> {
    if text.len() > max {
        return Err(Fault::new("", "too_long").arg("max", max));
    }
    Ok(Value::Text(text))
}

pub(crate) fn text_json(value: &Value) -> serde_json::Value {
    error_json(value)
        .or_else(|| value.as_text().map(|text| serde_json::Value::String(text.to_string())))
        .unwrap_or_default()
}

pub(crate) fn check_length(text: &str, min: Option<u32>, max: Option<u32>) -> Faults {
    let length = text.chars().count() as u64;
    let mut faults = Faults::new();
    if let Some(min) = min
        && length < u64::from(min)
    {
        faults.push(Fault::new("", "too_short").arg("min", min));
    }
    if let Some(max) = max
        && length > u64::from(max)
    {
        faults.push(Fault::new("", "too_long").arg("max", max));
    }
    faults
}

pub(crate) fn check_length_options(min: Option<u32>, max: Option<u32>) -> Faults {
    match (min, max) {
        (Some(min), Some(max)) if min > max => vec![Fault::new("min_length", "min_over_max")],
        _ => Faults::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_is_normalised() {
        let kind = Text::default();
        for (json, expected) in [
            (json!("a  "), Value::text("a")),
            (json!("   "), Value::Empty),
            (json!(null), Value::Empty),
            (json!("e\u{301}"), Value::text("é")),
        ] {
            assert_eq!(kind.parse(&json), Ok(expected));
        }
        for json in [json!(1), json!("a\nb"), json!("a\u{0}"), json!(["a"])] {
            assert!(kind.parse(&json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_format_is_checked_and_kept_in_one_form() {
        let fault = |format: &str, typed: &str| {
            let kind: Text = serde_json::from_value(json!({ "format": format })).unwrap();
            let value = kind.parse(&json!(typed)).unwrap();
            match kind.check(&value).first() {
                Some(fault) => fault.code.to_string(),
                None => value.as_text().unwrap_or_default().to_string(),
            }
        };
        for (format, typed, found) in [
            ("plain", "ＡＢ", "ＡＢ"),
            ("code", "ＡＢ-１", "AB-1"),
            ("mobile", "１３８ 0013 8000", "13800138000"),
            ("mobile", "+86 138-0013-8000", "+8613800138000"),
            ("mobile", "021-55550000", "not_a_phone"),
            ("tel", "０21-55550000", "021-55550000"),
            ("tel", "call me", "not_a_phone"),
            ("email", "ａ@b.cn", "a@b.cn"),
            ("email", "a@b", "not_an_email"),
            ("url", "www.example.com", "https://www.example.com"),
            ("url", "javascript:alert(1)", "not_a_url"),
            ("id_card", "11010519491231002x", "11010519491231002X"),
            ("id_card", "110105194912310021", "id_card_check"),
            ("plate", "粤b·12345", "粤B12345"),
            ("plate", "京AD12345", "京AD12345"),
            ("plate", "12345", "pattern"),
            ("postcode", "５18000", "518000"),
            ("postcode", "5180", "pattern"),
        ] {
            assert_eq!(fault(format, typed), found, "{format} {typed}");
        }
        assert!(serde_json::from_value::<Text>(json!({"format": "colour"})).is_err());
    }

    #[test]
    fn t31_only_so_much_text_is_held_against_a_pattern() {
        let codes = |kind: &Text, text: String| -> Vec<String> {
            kind.check(&Value::text(text)).iter().map(|fault| fault.code.to_string()).collect()
        };
        // What makes engines that go back and forth run for ever runs once here.
        let kind = Text { pattern: Some("(a+)+$".into()), ..Text::default() };
        assert!(codes(&kind, "a".repeat(500)).is_empty());
        assert_eq!(codes(&kind, "a".repeat(499) + "b"), ["pattern"]);
        assert_eq!(codes(&kind, "a".repeat(501)), ["too_long"]);
        assert_eq!(codes(&kind, "a".repeat(60_000) + "b"), ["too_long"]);
        let short = Text { max_length: Some(3), ..kind.clone() };
        assert_eq!(codes(&short, "bbbb".into()), ["too_long"]);
        let long = Text { max_length: Some(501), ..kind };
        assert_eq!(long.design_faults()[0].code, "too_large");
        assert!(long.check_options().is_empty(), "what is in force goes on");
        let much = Text { pattern: Some("([a-z]{1,100}){1,100}x".into()), ..Text::default() };
        assert_eq!(much.design_faults()[0].code, "pattern_too_much");
        assert!(much.check_options().is_empty());
        assert_eq!(codes(&much, "ax".into()), ["pattern"], "until it is mended nothing is taken");
    }

    #[test]
    fn length_and_pattern_are_checked() {
        let kind = Text { max_length: Some(3), pattern: Some("[a-z]+|数+".into()), ..Text::default() };
        assert!(kind.check(&Value::text("abc")).is_empty());
        assert!(kind.check(&Value::text("数数数")).is_empty());
        assert_eq!(kind.check(&Value::text("abcd"))[0].code, "too_long");
        assert_eq!(kind.check(&Value::text("a1"))[0].code, "pattern");
        let broken = Text { pattern: Some("(".into()), ..Text::default() };
        assert_eq!(broken.check_options()[0].code, "bad_pattern");
    }
}

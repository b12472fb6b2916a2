//! `number`: an exact decimal with a scale.
//!
//! On the wire a string with exactly `scale` digits after the point; on input a string or a JSON number. More
//! digits than the scale are refused, never rounded; only a formula's result is rounded.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kind, Operator, Shape, error_json, is_blank, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Decimal, NumberFault, Rounding, Value, fits, half_width, parse_decimal, to_fixed, wire};

/// The options of a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Number {
    /// Digits after the point, 0 to 8; two unless said. The screen shows as many as are said, else those that there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
    #[serde(with = "wire::decimal_option", skip_serializing_if = "Option::is_none")]
    pub min: Option<Decimal>,
    #[serde(with = "wire::decimal_option", skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
    /// How a formula's result is brought to the scale.
    #[serde(skip_serializing_if = "is_default_rounding")]
    pub rounding: Rounding,
    /// Shown after the number: `件`, `kg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether the screen groups digits by thousands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<bool>,
}

pub(crate) const DEFAULT_SCALE: u32 = 2;
pub(crate) const MAX_SCALE: u32 = 8;

pub(crate) fn is_default_scale(scale: &u32) -> bool {
    *scale == DEFAULT_SCALE
}

pub(crate) fn is_default_rounding(rounding: &Rounding) -> bool {
    *rounding == Rounding::default()
}

impl Kind for Number {
    fn shape(&self) -> Shape {
        Shape::Decimal(self.scale())
    }

    fn formula_type(&self) -> Type {
        Type::Number
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_number(&without_unit(json, self.unit.as_deref()), self.scale())
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        number_json(value, self.scale())
    }

    fn check(&self, value: &Value) -> Faults {
        check_range(value, self.min, self.max)
    }

    fn display(&self, value: &Value, _: Language) -> String {
        number_text(value, self.scale())
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        plain_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::ORDERED
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        check_number_options(self.scale(), self.min, self.max)
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.to_string())).ok()
    }
}

impl Number {
    /// Digits after the point of what is stored.
    pub fn scale(&self) -> u32 {
        self.scale.unwrap_or(DEFAULT_SCALE)
    }

    /// With the unit, if it has one.
    pub(super) fn reading(&self, value: &Value) -> String {
        let number = number_text(value, self.scale());
        match self.unit.as_deref().map(str::trim).filter(|unit| !unit.is_empty()) {
            Some(unit) => format!("{number}\u{a0}{unit}"),
            None => number,
        }
    }
}

/// A typed or pasted number without the unit that stands behind it.
pub(crate) fn without_unit<'j>(
    json: &'j serde_json::Value,
    unit: Option<&str>,
) -> Cow<'j, serde_json::Value> {
    let unit = unit.map(|unit| half_width(unit.trim())).filter(|unit| !unit.is_empty());
    let (Some(unit), serde_json::Value::String(typed)) = (unit, json) else { return Cow::Borrowed(json) };
    match half_width(typed.trim()).strip_suffix(&unit) {
        // The unit alone is no number.
        Some(number) if !number.trim().is_empty() => {
            Cow::Owned(serde_json::Value::String(number.trim_end().to_string()))
        }
        _ => Cow::Borrowed(json),
    }
}

/// Reads a decimal that may be stored at `scale` as it is.
pub(crate) fn parse_number(json: &serde_json::Value, scale: u32) -> Result<Value, Fault> {
    if is_blank(json) {
        return Ok(Value::Empty);
    }
    let literal = match json {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => return Err(Fault::new("", "wrong_type")),
    };
    let number = parse_decimal(&literal).map_err(|fault| number_fault(fault, scale))?;
    fits(number, scale).map_err(|fault| number_fault(fault, scale))?;
    Ok(Value::Number(number.normalize()))
}

pub(crate) fn number_fault(fault: NumberFault, scale: u32) -> Fault {
    match fault {
        NumberFault::NotANumber => Fault::new("", "not_a_number"),
        NumberFault::TooPrecise => Fault::new("", "too_precise").arg("scale", scale),
        NumberFault::OutOfRange => Fault::new("", "out_of_range"),
    }
}

pub(crate) fn number_json(value: &Value, scale: u32) -> serde_json::Value {
    error_json(value)
        .or_else(|| value.as_number().map(|number| serde_json::Value::String(to_fixed(number, scale))))
        .unwrap_or_default()
}

pub(crate) fn number_text(value: &Value, scale: u32) -> String {
    value.as_number().map(|number| to_fixed(number, scale)).unwrap_or_default()
}

pub(crate) fn check_range(value: &Value, min: Option<Decimal>, max: Option<Decimal>) -> Faults {
    let Some(number) = value.as_number() else { return Faults::new() };
    let mut faults = Faults::new();
    if let Some(min) = min.filter(|min| number < *min) {
        faults.push(Fault::new("", "too_small").arg("min", min));
    }
    if let Some(max) = max.filter(|max| number > *max) {
        faults.push(Fault::new("", "too_large").arg("max", max));
    }
    faults
}

pub(crate) fn check_number_options(scale: u32, min: Option<Decimal>, max: Option<Decimal>) -> Faults {
    let mut faults = Faults::new();
    if scale > MAX_SCALE {
        faults.push(Fault::new("scale", "too_large").arg("max", MAX_SCALE));
    }
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        faults.push(Fault::new("min", "min_over_max"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_keep_their_digits_or_are_refused() {
        let kind = Number::default();
        for (json, expected) in [
            (json!("12.5"), "12.50"),
            (json!(3), "3.00"),
            (json!("1,234.50"), "1234.50"),
            (json!("0.10"), "0.10"),
        ] {
            let value = kind.parse(&json).unwrap();
            assert_eq!(kind.to_json(&value), json!(expected));
        }
        for (json, code) in [
            (json!("0.125"), "too_precise"),
            (json!("99999999999999999"), "out_of_range"),
            (json!("abc"), "not_a_number"),
            (json!(true), "wrong_type"),
        ] {
            assert_eq!(kind.parse(&json).unwrap_err().code, code, "{json}");
        }
    }

    #[test]
    fn a_number_may_be_pasted_with_its_unit() {
        let kind = Number { unit: Some("ｋｇ".into()), scale: Some(0), ..Number::default() };
        assert_eq!(kind.parse(&json!("１,２００ kg")), Ok(Value::number(1200)));
        assert_eq!(kind.parse(&json!("12")), Ok(Value::number(12)));
        assert_eq!(kind.parse(&json!("kg")).unwrap_err().code, "not_a_number");
        assert_eq!(kind.parse(&json!("12 g")).unwrap_err().code, "not_a_number");
        assert_eq!(kind.reading(&Value::number(12)), "12\u{a0}ｋｇ");
    }

    #[test]
    fn options_are_read_and_written_without_defaults() {
        let kind: Number = serde_json::from_value(json!({"scale": 3, "min": "0"})).unwrap();
        assert_eq!(serde_json::to_value(&kind).unwrap(), json!({"scale": 3, "min": "0"}));
        assert_eq!(kind.check(&Value::number(-1))[0].code, "too_small");
        assert!(serde_json::from_value::<Number>(json!({"digits": 3})).is_err());
        // Two digits that are said are another thing than none, though as many are stored.
        let said: Number = serde_json::from_value(json!({"scale": 2})).unwrap();
        assert_eq!(serde_json::to_value(&said).unwrap(), json!({"scale": 2}));
        assert_eq!((said.shape(), Number::default().scale), (Number::default().shape(), None));
    }
}

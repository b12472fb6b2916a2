//! `money`: a decimal with a currency, fixed or taken from another field.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::currency::{is_currency, may_mean};
use super::number::{
    DEFAULT_SCALE, check_number_options, check_range, is_default_rounding, is_default_scale, number_json,
    number_text, parse_number,
};
use super::{Kind, Operator, Shape, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Decimal, Rounding, Value, half_width, wire};

/// The options of an amount of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Money {
    /// Digits after the point, 0 to 8; unit prices use 6.
    #[serde(skip_serializing_if = "is_default_scale")]
    pub scale: u32,
    /// ISO 4217 code; without it and without `currency_field` the workspace's base currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The field of the record that names the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_field: Option<String>,
    #[serde(with = "wire::decimal_option", skip_serializing_if = "Option::is_none")]
    pub min: Option<Decimal>,
    #[serde(with = "wire::decimal_option", skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
    #[serde(skip_serializing_if = "is_default_rounding")]
    pub rounding: Rounding,
}

impl Default for Money {
    fn default() -> Money {
        Money {
            scale: DEFAULT_SCALE,
            currency: None,
            currency_field: None,
            min: None,
            max: None,
            rounding: Rounding::default(),
        }
    }
}

impl Kind for Money {
    fn shape(&self) -> Shape {
        Shape::Decimal(self.scale)
    }

    fn formula_type(&self) -> Type {
        Type::Number
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match json {
            // A pasted amount may carry its sign.
            serde_json::Value::String(text) => {
                let (amount, named) = taken_apart(text);
                let value = parse_number(&serde_json::Value::String(amount), self.scale)?;
                self.check_currency(&named)?;
                Ok(value)
            }
            other => parse_number(other, self.scale),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        number_json(value, self.scale)
    }

    fn check(&self, value: &Value) -> Faults {
        check_range(value, self.min, self.max)
    }

    fn display(&self, value: &Value, _: Language) -> String {
        number_text(value, self.scale)
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
        let mut faults = check_number_options(self.scale, self.min, self.max);
        if let Some(currency) = &self.currency
            && !is_currency(currency)
        {
            faults.push(Fault::new("currency", "unknown_currency").arg("currency", currency));
        }
        faults
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        self.parse(&serde_json::Value::String(display.to_string())).ok()
    }
}

impl Money {
    /// # Errors
    /// `other_currency` for an amount of another currency than the field's own; where it has none, nothing is known of it.
    fn check_currency(&self, named: &[String]) -> Result<(), Fault> {
        let Some(currency) = &self.currency else { return Ok(()) };
        match named.iter().find(|name| !may_mean(name, currency)) {
            None => Ok(()),
            Some(other) => {
                Err(Fault::new("", "other_currency").arg("currency", currency).arg("found", other))
            }
        }
    }
}

/// The signs of currencies before an amount.
const SIGNS: [char; 5] = ['¥', '￥', '$', '€', '£'];

/// The number in an amount as people write it, and what names its currency: `￥1,234.50`, `-$12`, `12元`, `CNY 12`, `12 USD`.
fn taken_apart(text: &str) -> (String, Vec<String>) {
    let typed = half_width(text);
    let typed = typed.trim();
    let (minus, unsigned) = typed.strip_prefix('-').map_or(("", typed), |rest| ("-", rest.trim_start()));
    let mut named = Vec::new();
    let without_signs = unsigned.trim_start_matches(SIGNS);
    let signs = unsigned.strip_suffix(without_signs).unwrap_or_default();
    named.extend(signs.chars().map(String::from));
    let without_yuan = without_signs.trim_end_matches('元');
    if without_yuan != without_signs {
        named.push("元".to_string());
    }
    let (number, code) = without_code(without_yuan.trim());
    named.extend(code.map(str::to_string));
    (format!("{minus}{}", number.trim()), named)
}

/// An amount without the code of a currency at either end, and that code.
fn without_code(amount: &str) -> (&str, Option<&str>) {
    let is_code = |code: &str| is_currency(code) || code == "RMB";
    if let Some((code, number)) = amount.split_at_checked(3)
        && is_code(code)
    {
        return (number, Some(code));
    }
    match amount.split_at_checked(amount.len().saturating_sub(3)) {
        Some((number, code)) if is_code(code) => (number, Some(code)),
        _ => (amount, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_may_be_pasted_with_their_sign() {
        let kind = Money::default();
        assert_eq!(kind.to_json(&kind.parse(&json!("￥1,234.5")).unwrap()), json!("1234.50"));
        assert_eq!(kind.to_json(&kind.parse(&json!("12元")).unwrap()), json!("12.00"));
        for (typed, wire) in
            [("-$12", "-12.00"), ("CNY 1,234.5", "1234.50"), ("12.5 USD", "12.50"), ("￥１２", "12.00")]
        {
            assert_eq!(kind.to_json(&kind.parse(&json!(typed)).unwrap()), json!(wire), "{typed}");
        }
        assert_eq!(kind.parse(&json!("12 XXL")).unwrap_err().code, "not_a_number");
        assert_eq!(kind.parse(&json!("1.005")).unwrap_err().code, "too_precise");
    }

    #[test]
    fn an_amount_of_another_currency_is_refused_where_the_field_has_one() {
        let of = |code: &str| Money { currency: Some(code.into()), ..Money::default() };
        for (code, typed) in [
            ("CNY", "USD 12"),
            ("CNY", "12 USD"),
            ("CNY", "€5"),
            ("CNY", "$-3"),
            ("CNY", "-$3"),
            ("CNY", "¥5 USD"),
            ("USD", "￥5"),
            ("USD", "5元"),
            ("EUR", "RMB 5"),
            ("EUR", "£5"),
        ] {
            let fault = of(code).parse(&json!(typed)).unwrap_err();
            assert_eq!((&*fault.code, &*fault.args["currency"]), ("other_currency", code), "{typed}");
        }
        for (code, typed) in [
            ("CNY", "￥5"),
            ("CNY", "RMB 5"),
            ("CNY", "5元"),
            ("JPY", "¥5"),
            ("TWD", "$5"),
            ("TWD", "5元"),
            ("HKD", "HKD 5"),
            ("EUR", "€5"),
            ("GBP", "£5"),
        ] {
            assert_eq!(of(code).parse(&json!(typed)), Ok(Value::number(5)), "{code} {typed}");
        }
        assert_eq!(of("CNY").parse(&json!("€x")).unwrap_err().code, "not_a_number");
        assert_eq!(Money::default().parse(&json!("€5")), Ok(Value::number(5)));
    }

    #[test]
    fn a_currency_is_one_of_iso_4217() {
        let faults = |code: &str| Money { currency: Some(code.into()), ..Money::default() }.check_options();
        assert!(faults("CNY").is_empty() && faults("TWD").is_empty());
        for code in ["cny", "RMB", "ABC", ""] {
            assert_eq!(faults(code)[0].code, "unknown_currency", "{code}");
        }
    }
}

//! Decimals in documents and on the wire: read from a string or from the literal digits of a JSON number,
//! written as a string. For `#[serde(with = …)]`.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serializer, de};

use super::parse_decimal;

/// Reads a decimal from JSON text or a JSON number, from its digits and never through a binary float.
pub fn decimal_from_json(json: &serde_json::Value) -> Option<Decimal> {
    match json {
        serde_json::Value::String(text) => parse_decimal(text).ok(),
        serde_json::Value::Number(number) => parse_decimal(&number.to_string()).ok(),
        _ => None,
    }
}

/// For fields of type `Decimal`.
pub mod decimal {
    use super::*;

    pub fn serialize<S: Serializer>(number: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        decimal_from_json(&json).ok_or_else(|| de::Error::custom("not a decimal number"))
    }
}

/// For fields of type `Option<Decimal>`; `null` is `None`.
pub mod decimal_option {
    use super::*;

    pub fn serialize<S: Serializer>(number: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => serializer.collect_str(number),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        if json.is_null() {
            return Ok(None);
        }
        decimal_from_json(&json).map(Some).ok_or_else(|| de::Error::custom("not a decimal number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Holder {
        #[serde(with = "super::decimal")]
        number: Decimal,
    }

    #[test]
    fn digits_survive_from_the_literal() {
        for (json, text) in [
            (r#"{"number":0.1}"#, "0.1"),
            (r#"{"number":1e2}"#, "100"),
            (r#"{"number":"12345678901234567890.12345678"}"#, "12345678901234567890.12345678"),
            (r#"{"number":12345678901234567890.12345678}"#, "12345678901234567890.12345678"),
        ] {
            let holder: Holder = serde_json::from_str(json).unwrap();
            assert_eq!(holder.number.to_string(), text);
            let through_value: Holder = serde_json::from_value(serde_json::from_str(json).unwrap()).unwrap();
            assert_eq!(through_value, holder);
        }
    }
}

//! `date`: a local date. It never moves with a time zone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::moment::{Precision, Writing, check_precision};
use super::{Kind, Operator, Shape, error_json, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{self, Value, format_date, format_month, parse_date, parse_month};

/// The options of the kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Date {
    /// Earliest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Latest, in the wire form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// `day` (default), `month` or `year`: what is finer is cut off, so that the first day is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

const WRITING: Writing<value::Date> = Writing {
    read: parse_date,
    write: format_date,
    value: Value::Date,
    refuse: |path| Fault::new(path, "not_a_date"),
};

impl Date {
    /// As fine as the field keeps it.
    pub(super) fn cut(&self, value: Value) -> Value {
        match (value, self.precision) {
            (Value::Date(date), Some(precision)) => Value::Date(precision.cut_date(date)),
            (value, _) => value,
        }
    }

    /// What is enough for a field that keeps months or years: `2024-09`, `2024年`.
    fn read_coarse(&self, json: &serde_json::Value) -> Option<Value> {
        let text = json.as_str()?.trim();
        let month = || parse_month(text);
        let year = || parse_month(&format!("{}-01", text.trim_end_matches('年')));
        match self.precision? {
            Precision::Month => month().map(Value::Date),
            Precision::Year => month().or_else(year).map(|date| self.cut(Value::Date(date))),
            Precision::Day | Precision::Minute | Precision::Second => None,
        }
    }
}

impl Kind for Date {
    fn shape(&self) -> Shape {
        Shape::Day
    }

    fn formula_type(&self) -> Type {
        Type::Date
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match WRITING.parse(json) {
            Ok(value) => Ok(self.cut(value)),
            Err(fault) => self.read_coarse(json).ok_or(fault),
        }
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        match value {
            Value::Date(moment) => serde_json::Value::String(format_date(*moment)),
            other => error_json(other).unwrap_or_default(),
        }
    }

    fn check(&self, value: &Value) -> Faults {
        match value {
            Value::Date(moment) => WRITING.check(*moment, self.min.as_deref(), self.max.as_deref()),
            _ => Faults::new(),
        }
    }

    fn display(&self, value: &Value, _: Language) -> String {
        let Value::Date(date) = value else { return String::new() };
        match self.precision {
            Some(Precision::Year) => format!("{:04}", date.year()),
            Some(Precision::Month) => format_month(*date),
            _ => format_date(*date),
        }
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        plain_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TIMES
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = WRITING.check_bounds(self.min.as_deref(), self.max.as_deref());
        faults.extend(check_precision(self.precision, &[Precision::Day, Precision::Month, Precision::Year]));
        faults
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        match value {
            Value::Date(date) => Some(self.cut(Value::Date(*date))),
            // An instant's date depends on the zone, which the caller put into `display`.
            _ => {
                let day = serde_json::Value::String(display.get(..10).unwrap_or(display).to_string());
                self.parse(&day).ok().filter(|value| !value.is_empty())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dates_have_one_wire_form() {
        let kind = Date { min: Some("2024-01-01".into()), ..Date::default() };
        let value = kind.parse(&json!("2024/9/9")).unwrap();
        assert_eq!(kind.to_json(&value), json!("2024-09-09"));
        assert_eq!(kind.check(&kind.parse(&json!("2023-12-31")).unwrap())[0].code, "too_small");
        assert_eq!(kind.parse(&json!("2024-13-01")).unwrap_err().code, "not_a_date");
        assert_eq!(kind.parse(&json!(20240909)).unwrap_err().code, "wrong_type");
    }

    #[test]
    fn a_coarse_date_is_its_first_day() {
        let read = |precision, typed: &str| {
            let kind = Date { precision: Some(precision), ..Date::default() };
            let value = kind.parse(&json!(typed)).unwrap();
            (kind.to_json(&value), kind.display(&value, Language::En))
        };
        assert_eq!(read(Precision::Month, "2024/9/9"), (json!("2024-09-01"), "2024-09".to_string()));
        assert_eq!(read(Precision::Month, "2024年9月"), (json!("2024-09-01"), "2024-09".to_string()));
        assert_eq!(read(Precision::Year, "2024年"), (json!("2024-01-01"), "2024".to_string()));
        assert_eq!(read(Precision::Year, "2024-09-09"), (json!("2024-01-01"), "2024".to_string()));
        let wrong = Date { precision: Some(Precision::Minute), ..Date::default() };
        assert_eq!(wrong.check_options()[0].code, "unknown_choice");
        assert_eq!(Date::default().parse(&json!("2024-09")).unwrap_err().code, "not_a_date");
    }
}

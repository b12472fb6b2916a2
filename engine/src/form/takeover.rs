//! What becomes of the values of a field that changes its kind or its options.
//!
//! Who publishes is shown it before it happens, and it happens so: both ask here.

use jiff::tz::TimeZone;

use super::Column;
use super::publish::rounding_of;
use crate::field::{Choice, FieldKind, Shape, options};
use crate::text::Language;
use crate::value::{Rounding, Value, fits, parse_decimal, round};

/// Digits after the point of a field at most.
const MOST_SCALE: u32 = 8;

/// How the values of a field are taken over.
#[derive(Clone, Debug, PartialEq)]
pub struct Takeover {
    before: FieldKind,
    after: FieldKind,
    rounding: Rounding,
    /// Whether the ids of the field stood for something else.
    is_elsewhere: bool,
    /// Whether every value stays.
    keeps_all: bool,
}

/// What a value becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum TakenOver {
    /// It stays what it was, as far as people can see.
    Kept(Value),
    /// It becomes another one: a number is rounded, one choice of several is left.
    Changed(Value),
    /// It has no place in the new field.
    Lost,
}

impl TakenOver {
    /// What is stored from now on.
    pub fn value(self) -> Value {
        match self {
            TakenOver::Kept(value) | TakenOver::Changed(value) => value,
            TakenOver::Lost => Value::Empty,
        }
    }
}

/// Whether a field of this shape stores a value of its own.
fn holds_one(shape: Shape) -> bool {
    !matches!(shape, Shape::Nothing | Shape::Rows)
}

impl Takeover {
    /// Whether values can be taken over into a field of this kind: into one that reads another record, or has rows, they
    /// never are.
    pub fn is_into(kind: &FieldKind) -> bool {
        holds_one(kind.shape())
    }

    /// How the values of a field are taken over; `None` where all of them stay as they are stored.
    pub fn of(before: &Column, after: &Column) -> Option<Takeover> {
        if !holds_one(before.shape) || !holds_one(after.shape) {
            return None;
        }
        let elsewhere = before.target != after.target;
        let takeover = Takeover::new(&before.field.kind, &after.field.kind, elsewhere);
        // A formula that is stored has the shape of what it gives.
        (before.shape != after.shape || takeover.changes_values()).then_some(takeover)
    }

    /// As [`Takeover::of`], between kinds alone: of a link it is known by what name it calls its form.
    pub fn between(before: &FieldKind, after: &FieldKind) -> Option<Takeover> {
        let named = |kind: &FieldKind| kind.options().get("form").cloned();
        let takeover = Takeover::new(before, after, named(before) != named(after));
        (before.shape() != after.shape() || takeover.changes_values()).then_some(takeover)
    }

    /// That of a field whose values all stay.
    pub fn same(kind: &FieldKind) -> Takeover {
        Takeover { keeps_all: true, ..Takeover::new(kind, kind, false) }
    }

    fn new(before: &FieldKind, after: &FieldKind, elsewhere: bool) -> Takeover {
        let (old, new) = (before.reference(), after.reference());
        let is_elsewhere = old.is_some() && new.is_some() && (old != new || elsewhere);
        let (before, rounding) = (before.clone(), rounding_of(after));
        Takeover { before, after: after.clone(), rounding, is_elsewhere, keeps_all: false }
    }

    /// Whether values that are stored alike have to be looked at all the same.
    fn changes_values(&self) -> bool {
        // What nobody sets, such as a serial number, goes on with what is there.
        self.is_elsewhere
            || (self.before.name() != self.after.name() && self.after.is_input())
            || self.loses_choices()
    }

    fn loses_choices(&self) -> bool {
        let allows_other = |kind: &FieldKind| {
            kind.choices_from().is_some() || kind.options().get("allow_other") == Some(&true.into())
        };
        let (before, after) = (self.before.choices(), self.after.choices());
        let is_left = |choice: &Choice| after.iter().any(|left| left.key == choice.key);
        let offers = self.before.name() == self.after.name() && !after.is_empty();
        offers && !allows_other(&self.after) && (allows_other(&self.before) || !before.iter().all(is_left))
    }

    /// What a stored value becomes; days and moments are told apart in this zone.
    pub fn value(&self, value: &Value, zone: &TimeZone) -> TakenOver {
        if value.is_empty() || self.keeps_all {
            return TakenOver::Kept(value.clone());
        }
        let taken = self.taken(value, zone).filter(|taken| !taken.is_empty());
        let shown = |kind: &FieldKind, value: &Value| kind.display(value, Language::ZhCn);
        match taken {
            None => TakenOver::Lost,
            Some(taken) if taken == *value || shown(&self.after, &taken) == shown(&self.before, value) => {
                TakenOver::Kept(taken)
            }
            Some(taken) => TakenOver::Changed(taken),
        }
    }

    fn taken(&self, value: &Value, zone: &TimeZone) -> Option<Value> {
        if self.is_elsewhere {
            return None;
        }
        let (before, after) = (self.before.shape(), self.after.shape());
        let is_many = |shape| matches!(shape, Shape::Keys | Shape::Refs);
        match value {
            // Of several the first is left where there is room for one.
            Value::List(items) if is_many(before) && !is_many(after) && !after.is_text() => {
                let first = items.first()?;
                match (before, after) {
                    (Shape::Refs, Shape::Ref) => Some(first.clone()),
                    _ => self.read(&Value::List(vec![first.clone()]), zone),
                }
            }
            Value::List(items) if before == after && self.before.name() == self.after.name() => {
                let offered = |item: &&Value| {
                    let key = item.as_text();
                    let choices = self.after.choices();
                    choices.is_empty() || choices.iter().any(|choice| Some(choice.key.as_str()) == key)
                };
                Some(Value::List(items.iter().filter(offered).cloned().collect()))
            }
            Value::Ref(_) if before == Shape::Ref && after == Shape::Refs => {
                Some(Value::List(vec![value.clone()]))
            }
            _ => self.read(value, zone),
        }
    }

    fn read(&self, value: &Value, zone: &TimeZone) -> Option<Value> {
        let same_choice = self.before.name() == self.after.name() && !self.after.choices().is_empty();
        if same_choice {
            return self.after.check(value).is_empty().then(|| value.clone());
        }
        let display = self.before.display(value, Language::ZhCn);
        match (value, self.after.shape()) {
            (Value::DateTime(instant), Shape::Day) => {
                let day = Value::Date(instant.to_zoned_datetime(zone.clone()).date());
                self.after.convert_from(&day, &display)
            }
            (Value::Date(day), Shape::Instant) => {
                let midnight = day.to_zoned_datetime(zone.clone()).ok()?;
                Some(Value::DateTime(midnight.timestamp()))
            }
            (_, Shape::Decimal(scale)) => self.number(value, &display, scale),
            _ => self.after.convert_from(value, &display),
        }
    }

    /// A number with more digits than the field has room for is rounded as the field rounds.
    fn number(&self, value: &Value, display: &str, scale: u32) -> Option<Value> {
        let read = value.as_number().or_else(|| parse_decimal(display).ok());
        let with_its_sign = || with_most_digits(&self.after)?.convert_from(value, display)?.as_number();
        let Some(number) = read.or_else(with_its_sign) else {
            return self.after.convert_from(value, display);
        };
        let rounded = round(number, scale, self.rounding);
        fits(rounded, scale).ok()?;
        let taken = Value::Number(rounded.normalize());
        // More stars than there are can't be shown; a number out of its range can, and is told when it is saved.
        let has_room = !matches!(self.after, FieldKind::Rating(_)) || self.after.check(&taken).is_empty();
        has_room.then_some(taken)
    }
}

/// A kind that reads what this one does, such as an amount with the sign of its currency, with as many digits as there may be.
fn with_most_digits(kind: &FieldKind) -> Option<FieldKind> {
    let mut kind = kind.clone();
    match &mut kind {
        FieldKind::Number(number) => number.scale = Some(MOST_SCALE),
        FieldKind::Money(options::Money { scale, .. })
        | FieldKind::Percent(options::Percent { scale, .. }) => *scale = MOST_SCALE,
        _ => return None,
    }
    Some(kind)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(name: &str, options: serde_json::Value) -> FieldKind {
        FieldKind::from_parts(name, options).unwrap()
    }

    fn becomes(before: &FieldKind, after: &FieldKind, json: serde_json::Value) -> TakenOver {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let value = before.parse(&json).unwrap();
        Takeover::between(before, after).map_or(TakenOver::Kept(value.clone()), |it| it.value(&value, &zone))
    }

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    #[test]
    fn what_can_be_read_is_kept_and_the_rest_is_lost() {
        let (text, two) = (kind("text", json!({})), kind("number", json!({"scale": 2})));
        assert_eq!(becomes(&text, &two, json!("12.50")), TakenOver::Kept(number("12.5")));
        assert_eq!(becomes(&text, &two, json!("１２")), TakenOver::Changed(number("12")));
        assert_eq!(becomes(&text, &two, json!("12.345")), TakenOver::Changed(number("12.35")));
        // However many digits there are after the point, and before it as many as the field has room for.
        assert_eq!(becomes(&text, &two, json!("0.1234567891234")), TakenOver::Changed(number("0.12")));
        assert_eq!(
            becomes(&text, &two, json!("12345678901.456")),
            TakenOver::Changed(number("12345678901.46"))
        );
        assert_eq!(becomes(&text, &two, json!("12345678901234567")), TakenOver::Lost);
        for (kind, signed) in [
            (kind("money", json!({"scale": 2})), "¥12.345"),
            (kind("percent", json!({"scale": 2})), "12.345%"),
            (kind("number", json!({"scale": 2, "unit": "kg"})), "12.345 kg"),
        ] {
            assert_eq!(becomes(&text, &kind, json!(signed)), TakenOver::Changed(number("12.35")), "{signed}");
        }
        assert_eq!(becomes(&text, &two, json!("abc")), TakenOver::Lost);
        assert_eq!(becomes(&text, &kind("email", json!({})), json!("abc")), TakenOver::Lost);
        let mail = becomes(&text, &kind("email", json!({})), json!("a@example.com"));
        assert_eq!(mail, TakenOver::Kept(Value::text("a@example.com")));
    }

    #[test]
    fn a_number_with_fewer_digits_is_rounded_as_its_field_rounds() {
        let three = kind("number", json!({"scale": 3}));
        let down = kind("number", json!({"scale": 1, "rounding": "down"}));
        assert_eq!(becomes(&three, &down, json!("1.290")), TakenOver::Changed(number("1.2")));
        assert_eq!(becomes(&three, &kind("money", json!({"scale": 3})), json!("1.5")).value(), number("1.5"));
        assert!(Takeover::between(&three, &kind("number", json!({"scale": 3, "max": "1"}))).is_none());
    }

    #[test]
    fn choices_that_are_taken_out_are_lost_and_others_stay() {
        let choices = |keys: &[&str]| {
            let choices: Vec<_> = keys.iter().map(|key| json!({"key": key, "label": key})).collect();
            json!({ "choices": choices })
        };
        let (one, few) = (kind("select", choices(&["a", "b"])), kind("select", choices(&["a"])));
        assert_eq!(becomes(&one, &few, json!("a")), TakenOver::Kept(Value::text("a")));
        assert_eq!(becomes(&one, &few, json!("b")), TakenOver::Lost);
        assert!(Takeover::between(&few, &one).is_none(), "one more choice changes nothing");
        let (many, less) =
            (kind("multi_select", choices(&["a", "b"])), kind("multi_select", choices(&["a"])));
        let only = |key: &str| Value::List(vec![Value::text(key)]);
        assert_eq!(becomes(&many, &less, json!(["a", "b"])), TakenOver::Changed(only("a")));
        assert_eq!(becomes(&many, &less, json!(["b"])), TakenOver::Lost);
        assert_eq!(becomes(&many, &one, json!(["b", "a"])), TakenOver::Changed(Value::text("a")));
        assert_eq!(becomes(&one, &many, json!("b")), TakenOver::Kept(only("b")));
    }

    #[test]
    fn a_moment_is_the_day_that_it_is_in_the_zone() {
        let (moment, day) = (kind("datetime", json!({})), kind("date", json!({})));
        let taken = becomes(&moment, &day, json!("2026-11-21T20:00:00Z")).value();
        assert_eq!(taken, day.parse(&json!("2026-11-22")).unwrap());
        let back = becomes(&day, &moment, json!("2026-11-22")).value();
        assert_eq!(back, moment.parse(&json!("2026-11-21T16:00:00Z")).unwrap());
    }

    #[test]
    fn ids_of_other_things_are_lost_and_a_number_that_nobody_sets_goes_on() {
        let link = |form: &str| kind("link", json!({ "form": form }));
        let other = Takeover::between(&link("customer"), &link("product")).unwrap();
        let value = Value::Ref(crate::value::Id::from_i64(1).unwrap());
        assert_eq!(other.value(&value, &TimeZone::UTC), TakenOver::Lost);
        assert!(Takeover::between(&link("customer"), &kind("member", json!({}))).is_some());
        let serial = kind("serial", json!({"parts": [{"counter": {"width": 4}}]}));
        assert!(Takeover::between(&kind("text", json!({})), &serial).is_none());
    }
}

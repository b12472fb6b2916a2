//! Values as they stand on paper.

use super::PrintReader;
use crate::field::{FieldKind, Shape};
use crate::formula::Type;
use crate::text::{Language, Texts};
use crate::value::{Date, Id, Timestamp, Value, format_date, format_month};

/// What a text may name besides fields: what the record and its form are called, who prints it and when.
pub const PRINT_NAMES: [&str; 4] = ["$title", "$form", "$printed_at", "$printed_by"];

/// Whether values of a kind can be added up.
pub(super) fn adds_up(kind: &FieldKind) -> bool {
    matches!(kind.formula_type(), Type::Number) && !matches!(kind, FieldKind::Percent(_))
}

/// Whether a value stands at the right of its cell.
pub(super) fn is_number(kind: &FieldKind) -> bool {
    matches!(kind.formula_type(), Type::Number)
}

/// A word of the product's own.
pub(super) fn word(key: &str, language: Language) -> String {
    Texts::of(language).get(key, &Default::default()).unwrap_or_default()
}

/// Several names in one line.
fn listed(names: Vec<String>, language: Language) -> String {
    match language {
        Language::ZhCn | Language::ZhTw => names.join("、"),
        Language::En => names.join(", "),
    }
}

impl PrintReader<'_> {
    /// The value as the reader's language says it; nothing for nothing.
    pub(super) fn text(&self, kind: &FieldKind, value: &Value) -> String {
        match value {
            Value::Empty => String::new(),
            Value::Error(error) => error.code().to_string(),
            Value::Ref(id) => self.named(*id),
            Value::List(items) if kind.shape() == Shape::Refs || kind.reference().is_some() => {
                let names = items.iter().filter_map(Value::as_ref_id).map(|id| self.named(id));
                listed(names.filter(|name| !name.is_empty()).collect(), self.language)
            }
            Value::Date(day) => day_text(kind, *day),
            Value::DateTime(instant) => self.moment(*instant),
            Value::Number(_) => kind.number_text(value, self.language),
            Value::Bool(_) | Value::Text(_) | Value::Time(_) | Value::List(_) | Value::Rows(_) => {
                kind.display(value, self.language)
            }
        }
    }

    /// Without a name it is something that the reader may not see.
    fn named(&self, id: Id) -> String {
        (self.name)(id).unwrap_or_default()
    }

    pub(super) fn moment(&self, instant: Timestamp) -> String {
        instant.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

fn day_text(kind: &FieldKind, day: Date) -> String {
    if matches!(kind, FieldKind::Month(_)) { format_month(day) } else { format_date(day) }
}

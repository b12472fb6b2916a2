//! What readers see at the head of a column.

use engine::condition::{Reach, Unit};
use engine::field::FieldKind;
use engine::form::system_label;
use engine::text::{Language, Texts};
use engine::value::Id;

use crate::service::designs::Designs;

/// What a field is called, seen from a record of `form`; empty where it is gone.
pub fn field_label(designs: &Designs, form: Id, reach: &Reach, language: Language) -> String {
    if reach.field.starts_with('$') {
        let of_form = reach.field == "$id";
        let label = of_form.then(|| designs.forms.get(&last_form(form, reach))).flatten();
        let label = label.and_then(|design| design.sketch.as_ref());
        return match label {
            Some(sketch) => sketch.document.label.get(language).to_string(),
            None => system_label(&reach.field, language),
        };
    }
    let design = designs.forms.get(&last_form(form, reach)).and_then(|design| design.sketch.as_ref());
    let path = if reach.hops.is_empty() { reach.own_path() } else { reach.field.clone() };
    let field = design.and_then(|sketch| sketch.document.field(&path));
    field.map(|field| field.label.get(language).to_string()).unwrap_or_default()
}

/// The form that the field at the end of a path belongs to.
pub fn last_form(form: Id, reach: &Reach) -> Id {
    reach.hops.last().map_or(form, |(_, form)| *form)
}

/// The unit of a field's values: a currency, `%`.
pub fn field_unit(kind: &FieldKind, base_currency: &str) -> Option<String> {
    match &kind.clone().read_as() {
        FieldKind::Money(money) if money.currency_field.is_some() => None,
        FieldKind::Money(money) => Some(money.currency.clone().unwrap_or_else(|| base_currency.to_string())),
        FieldKind::Percent(_) => Some("%".to_string()),
        FieldKind::Number(number) => number.unit.clone(),
        _ => None,
    }
}

/// What a column of periods is called.
pub fn period_label(unit: Unit, language: Language) -> String {
    let name = match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    };
    Texts::of(language).get(&format!("period-{name}"), &Default::default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Money that names no currency is in that of the workspace; where a field of the record says which, there is none for all.
    #[test]
    fn amounts_without_a_currency_are_in_that_of_the_workspace() {
        let unit = |kind: &str, options: Value| {
            let field = json!({"key": "x", "label": "x", "kind": kind, "options": options});
            let field: engine::field::Field = serde_json::from_value(field).unwrap();
            field_unit(&field.kind, "TWD")
        };
        assert_eq!(unit("money", json!({})).as_deref(), Some("TWD"));
        assert_eq!(unit("money", json!({"currency": "EUR"})).as_deref(), Some("EUR"));
        assert_eq!(unit("money", json!({"currency_field": "currency"})), None);
        assert_eq!(unit("percent", json!({})).as_deref(), Some("%"));
        assert_eq!(unit("number", json!({"unit": "kg"})).as_deref(), Some("kg"));
        assert_eq!(unit("text", json!({})), None);
    }
}

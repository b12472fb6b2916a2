//! Where the value of a formula is looked for while it is tried: in its field, or for a default or a check, which give no field
//! its value, in a field of their own beside the others.

use std::sync::Arc;

use engine::field::FieldKind;
use engine::form::{Field, Form, FormDocument, Sketch};
use engine::formula::Type;
use engine::text::Label;
use leptos::prelude::*;
use serde_json::json;

use super::other_forms::around;
use super::state::Designer;
use crate::api::forms;

/// A form with the path of the field whose value is that of the formula.
#[derive(Clone)]
pub struct Trial {
    pub form: Arc<Form>,
    pub path: String,
}

impl Trial {
    /// The formula of the field at `path`, which gives it its value; tracked.
    pub fn in_field(designer: Designer, path: &str) -> Option<Trial> {
        Some(Trial { form: designer.form.get()?, path: path.to_string() })
    }

    /// A formula written for the field at `path`, beside its own value; tracked. Nothing where no field can show what it
    /// gives, and where it may stand in no field, as one by chance.
    pub fn beside(designer: Designer, path: &str, wanted: &Type, formula: &str) -> Option<Trial> {
        let Sketch { id, app, mut document } = designer.sketch();
        let path = add_trial(&mut document, path, wanted, formula)?;
        let form = forms::usable(&Sketch { id, app, document }, &around(designer))?;
        form.column(&path).is_some().then(|| Trial { form: Arc::new(form), path })
    }
}

/// Adds a field with the formula, in the sub-form of the path where that leads into one; gives its path.
fn add_trial(document: &mut FormDocument, path: &str, wanted: &Type, formula: &str) -> Option<String> {
    let result = match wanted {
        Type::Number | Type::Text | Type::Bool | Type::Date | Type::DateTime => wanted.code(),
        Type::Any | Type::Time | Type::Ref | Type::List(_) | Type::Rows => return None,
    };
    if formula.trim().is_empty() {
        return None;
    }
    let kind = FieldKind::from_parts("formula", json!({"formula": formula, "type": result})).ok()?;
    let subform = path.split_once('.').map(|(subform, _)| subform.to_string());
    let at =
        |key: &str| subform.as_ref().map_or_else(|| key.to_string(), |subform| format!("{subform}.{key}"));
    let key = (1..).map(|number| format!("trial_{number}")).find(|key| document.field(&at(key)).is_none())?;
    let field = Field::new(&key, Label::Plain(key.clone()), kind);
    match &subform {
        None => document.fields.push(field),
        Some(subform) => {
            let rows = document.fields.iter_mut().find(|field| field.key == *subform)?;
            let FieldKind::Subform(rows) = &mut rows.kind else { return None };
            rows.fields.push(field);
        }
    }
    Some(at(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> FormDocument {
        let line = json!({"key": "qty", "label": "qty", "kind": "number"});
        let fields = json!([
            {"key": "trial_1", "label": "taken", "kind": "number"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [line]}}]);
        serde_json::from_value(json!({"key": "f", "label": "F", "fields": fields})).unwrap()
    }

    #[test]
    fn a_check_is_tried_in_a_field_of_its_own_and_a_default_of_a_column_in_its_row() {
        let mut with = document();
        assert_eq!(add_trial(&mut with, "", &Type::Bool, "trial_1 > 1").as_deref(), Some("trial_2"));
        assert_eq!(with.field("trial_2").map(|field| field.kind.name()), Some("formula"));
        let of_column = add_trial(&mut with, "lines.qty", &Type::Number, "1 + 1");
        assert_eq!(of_column.as_deref(), Some("lines.trial_1"));
        assert!(with.field("lines.trial_1").is_some());
    }

    #[test]
    fn what_no_field_can_show_is_not_tried() {
        let tried = |wanted: &Type, formula: &str| add_trial(&mut document(), "", wanted, formula);
        assert_eq!(tried(&Type::Ref, "1"), None);
        assert_eq!(tried(&Type::Number, " "), None);
    }
}

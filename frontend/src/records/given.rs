//! What a new record begins with besides its defaults: what its address says, and what is copied from another record.
//!
//! `/new?customer=ID&amount=10` fills in fields by their keys, each as it is typed or pasted; lists are separated by commas.
//! `/new?$copy=ID` takes over what another record of the form holds; with `&$again=INSTANCE` it asks again for what that did.

use engine::field::{Reference, Shape};
use engine::form::{Column, Form};
use engine::value::{Row, Value, Values};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde_json::Value as Json;

use super::open_record;
use crate::api::forms::OpenForm;
use crate::api::{Problem, records};
use crate::fill::{FormState, Titles};

/// The name in the address of the record that is copied. Keys of fields begin with a letter.
pub const COPIED: &str = "$copy";

/// The name in the address of the instance that is asked for again.
pub const AGAIN: &str = "$again";

/// What the address gives: texts by the keys of fields.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub copied: Option<String>,
    pub again: Option<String>,
    fields: Vec<(String, String)>,
}

impl Given {
    /// What stands in the address now.
    pub fn of_address(form: &Form) -> Given {
        let query = use_query_map();
        query.with_untracked(|query| {
            let keys = form.fields().map(|column| column.path.clone());
            let fields = keys.filter_map(|key| query.get(&key).map(|text| (key, text)));
            Given { copied: query.get(COPIED), again: query.get(AGAIN), fields: fields.collect() }
        })
    }

    /// Whether the address gives nothing.
    pub fn is_empty(&self) -> bool {
        self.copied.is_none() && self.fields.is_empty()
    }

    /// Fills it in, as far as its reader may.
    pub fn fill(&self, state: FormState) {
        let rows = state.draft.with_untracked(|draft| {
            let may_edit = |column: &Column| state.may_edit(column);
            rows_of(draft.form(), &self.fields, &may_edit)
        });
        if !rows.is_empty() {
            state.restore(rows);
        }
        for (key, text) in &self.fields {
            let entry = state.draft.with_untracked(|draft| {
                let column = draft.form().column(key).filter(|column| state.may_edit(column))?;
                (column.shape != Shape::Rows).then(|| entry_of(column, text))
            });
            if let Some(entry) = entry {
                state.enter(key, entry);
            }
        }
    }
}

/// The rows of sub-forms that the address gives, as lists of the API.
fn rows_of(form: &Form, fields: &[(String, String)], may_edit: &dyn Fn(&Column) -> bool) -> Values {
    let rows = fields.iter().filter_map(|(key, text)| {
        let column = form.column(key).filter(|column| column.shape == Shape::Rows && may_edit(column))?;
        let rows = serde_json::from_str::<Json>(text).ok().filter(Json::is_array)?;
        Some((column.path.clone(), rows))
    });
    copy_of(form, engine::record::read_values(form, &rows.collect()), may_edit)
}

/// A text of the address as it is entered into a field.
fn entry_of(column: &Column, text: &str) -> Json {
    let as_list = || text.split(',').map(|one| Json::String(one.trim().to_string())).collect();
    match column.shape {
        Shape::Refs if !text.starts_with('[') => as_list(),
        Shape::Refs | Shape::Keys | Shape::Parts => {
            let written = serde_json::from_str::<Json>(text).ok();
            let written = written.filter(|json| json.is_array() || json.is_object());
            written.unwrap_or_else(|| Json::String(text.to_string()))
        }
        _ => Json::String(text.to_string()),
    }
}

/// What a copy of a record of the form begins with.
///
/// # Errors
/// When the record can't be read.
pub async fn copied(form: &OpenForm, record: &str, titles: Titles) -> Result<Values, Problem> {
    let record = open_record(form, record, titles).await?;
    let open = form.editable();
    Ok(copy_of(&form.form, records::values(form, &record), &|column| open.contains(&column.path)))
}

/// The values of a record as far as another one may have the same: what somebody entered, other than what must be unlike in each
/// record, and files, which belong to their record.
pub fn copy_of(form: &Form, values: Values, may_edit: &dyn Fn(&Column) -> bool) -> Values {
    let is_same = |column: &Column| column.field.is_input() && !belongs_to_one(column) && may_edit(column);
    let in_row = |subform: &Column, row: Row| {
        let mut values = row.values;
        values.retain(|key, _| {
            let path = format!("{}.{key}", subform.path);
            form.column(&path).is_some_and(is_same)
        });
        Row { id: None, values }
    };
    let copied = values.into_iter().filter_map(|(key, value)| {
        let column = form.column(&key).filter(|column| is_same(column))?;
        let value = match value {
            Value::Rows(rows) => Value::Rows(rows.into_iter().map(|row| in_row(column, row)).collect()),
            value => value,
        };
        Some((key, value))
    });
    copied.collect()
}

/// Whether there may be more to a record of this form that is entered than a copy begins with.
pub fn lacks_some(form: &Form) -> bool {
    form.all_columns().any(|column| column.field.is_input() && belongs_to_one(column))
}

/// Whether no two records have the same in this field: it is unlike in each, or a file, which belongs to its record.
fn belongs_to_one(column: &Column) -> bool {
    column.field.unique || column.field.kind.reference() == Some(Reference::File)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    fn form() -> Form {
        form_of(json!([
            {"key": "name", "label": "name", "kind": "text"},
            {"key": "code", "label": "code", "kind": "text", "unique": true, "options": {"max_length": 20}},
            {"key": "who", "label": "who", "kind": "members"},
            {"key": "proof", "label": "proof", "kind": "files"},
            {"key": "number", "label": "number", "kind": "serial",
                "options": {"parts": [{"counter": {"width": 4}}]}},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number"},
                {"key": "twice", "label": "twice", "kind": "number", "compute": {"formula": "qty * 2"}}]}}]))
    }

    #[test]
    fn a_copy_holds_what_two_records_may_share() {
        let form = form();
        let id = engine::value::Id::from_i64(9).unwrap().to_string();
        let values = json!({"name": "a", "code": "c-1", "proof": [id], "number": "7",
            "lines": [{"id": id, "qty": "1", "twice": "2"}]});
        let values = engine::record::read_values(&form, values.as_object().unwrap());
        let copy = copy_of(&form, values.clone(), &|_| true);
        let copy = engine::record::values_to_json(&form, &copy, &|path| {
            copy.contains_key(path) || path == "lines.qty"
        });
        assert_eq!(json!(copy), json!({"name": "a", "lines": [{"qty": "1.00"}]}));
        assert!(copy_of(&form, values, &|column| column.path == "code").is_empty());
        assert!(lacks_some(&form));
        let plain = form_of(json!([{"key": "name", "label": "name", "kind": "text"}]));
        assert!(!lacks_some(&plain));
    }

    #[test]
    fn a_text_of_the_address_is_a_list_where_the_field_holds_one() {
        let form = form();
        let entry = |key: &str, text: &str| entry_of(form.column(key).unwrap(), text);
        assert_eq!(entry("name", "a, b"), json!("a, b"));
        assert_eq!(entry("name", "[1]"), json!("[1]"));
        assert_eq!(entry("who", "a, b"), json!(["a", "b"]));
        let rows = |text: &str| rows_of(&form, &[("lines".into(), text.into())], &|_| true);
        assert_eq!(engine::value::get(&rows(r#"[{"qty": "1", "twice": "9"}]"#), "lines").rows().len(), 1);
        assert!(rows("x").is_empty());
    }
}

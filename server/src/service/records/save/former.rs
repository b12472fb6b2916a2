//! Values that a record held before and is to hold again.

use engine::field::Shape;
use engine::form::{Column, Form};
use engine::record::{read_values, values_to_json};
use engine::value::{Row, Timestamp, Value, Values, get};
use store::history::HistoryEntry;
use wire::records::Fields;

use crate::service::records::reused::Reused;

/// What the record held, as far as its writer may set it: the rest stays as it is now, and so does what can't be read any
/// more because its field has changed. A row that comes back is whole again, under its own id.
pub fn values(form: &Form, fields: &Fields, now: &Values, writable: &dyn Fn(&str) -> bool) -> Values {
    let read = read_values(form, fields);
    let mut values = Values::new();
    for column in form.fields() {
        let Some(json) = fields.get(&column.path) else { continue };
        let (was, is) = (get(&read, &column.path), get(now, &column.path));
        let was_empty = json.is_null() || json.as_array().is_some_and(Vec::is_empty);
        if was.is_empty() && !was_empty {
            continue;
        }
        if column.shape == Shape::Rows {
            values.insert(column.path.clone(), rows(form, column, was, is, writable));
        } else if column.field.is_input() && writable(&column.path) {
            values.insert(column.path.clone(), was.clone());
        }
    }
    values
}

fn rows(form: &Form, subform: &Column, was: &Value, is: &Value, writable: &dyn Fn(&str) -> bool) -> Value {
    let found = |rows: &Value, row: &Row| {
        let id = row.id?;
        rows.rows().iter().find(|other| other.id == Some(id)).cloned()
    };
    // A row of now with the cells that it had, as far as they may be set.
    let put_back = |mut row: Row, was: &Row| {
        for column in form.columns_of(&subform.path) {
            let key = &column.field.key;
            if !column.field.is_input() || !writable(&column.path) {
                continue;
            }
            match get(&was.values, key) {
                Value::Empty => row.values.remove(key),
                value => row.values.insert(key.clone(), value.clone()),
            };
        }
        row
    };
    let rows: Vec<Row> = if subform.field.is_input() && writable(&subform.path) {
        let row = |row: &Row| found(is, row).map_or_else(|| row.clone(), |known| put_back(known, row));
        was.rows().iter().map(row).collect()
    } else {
        let row = |row: &Row| match found(was, row) {
            Some(was) => put_back(row.clone(), &was),
            None => row.clone(),
        };
        is.rows().iter().map(row).collect()
    };
    if rows.is_empty() { Value::Empty } else { Value::Rows(rows) }
}

/// The fields of a record, which holds `values`, as they were before some of its versions; the newest comes first. Those that
/// took the place of others since are as they were first.
pub fn fields_before<'e>(
    form: &Form,
    values: &Values,
    versions: impl IntoIterator<Item = &'e HistoryEntry>,
    reused: &Reused,
) -> Fields {
    let mut fields = values_to_json(form, values, &|_| true);
    for version in versions {
        overlay(&mut fields, version.changes.as_deref(), (reused, version.at));
    }
    fields
}

/// Overlays what fields were before a version, in wire form.
fn overlay(fields: &mut Fields, changes: Option<&str>, (reused, at): (&Reused, Timestamp)) {
    let former: Option<Fields> = changes.and_then(|changes| serde_json::from_str(changes).ok());
    for (path, old) in former.into_iter().flatten().filter(|(path, _)| reused.is_same(path, at)) {
        // What is not among the fields is of the system, or gone.
        if let Some(value) = fields.get_mut(&path) {
            let now = std::mem::replace(value, old);
            reused.keep_cells(value, &now, &path, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::form::{Catalogue, FormDocument, Sketch};
    use engine::value::Id;
    use serde_json::{Value as Json, json};

    use super::*;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    fn form() -> Form {
        let document = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            {"key": "name", "label": "n", "kind": "text"},
            {"key": "count", "label": "c", "kind": "number"},
            {"key": "twice", "label": "t", "kind": "number", "compute": {"formula": "count * 2"}},
            {"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
                {"key": "item", "label": "i", "kind": "text"}, {"key": "cost", "label": "c", "kind": "text"}]}}]}));
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document: document.unwrap() };
        Form::publish(Arc::new(sketch), 1, &Alone).unwrap()
    }

    fn fields(json: Json) -> Fields {
        json.as_object().unwrap().clone()
    }

    #[test]
    fn a_row_comes_back_whole_and_closed_cells_stay_as_they_are() {
        let form = form();
        let id = |number: i64| Id::from_i64(number).unwrap().to_string();
        let was = fields(json!({"name": "old", "count": "1.00", "twice": "2.00", "lines": [
            {"id": id(7), "item": "pen", "cost": "1"}, {"id": id(8), "item": "ink", "cost": "2"}]}));
        let now = read_values(
            &form,
            &fields(json!({"name": "new", "count": "3", "lines": [
            {"id": id(8), "item": "INK", "cost": "9"}, {"id": id(9), "item": "cap", "cost": "4"}]})),
        );
        let all = values(&form, &was, &now, &|_| true);
        assert_eq!(
            all.keys().collect::<Vec<_>>(),
            ["count", "lines", "name"],
            "what is computed is computed"
        );
        assert_eq!(all["lines"], read_values(&form, &was)["lines"]);
        let some = values(&form, &was, &now, &|path| path != "lines.cost" && path != "name");
        let rows: Vec<_> = some["lines"].rows().iter().map(|row| row.values.clone()).collect();
        let cell = |text: &str| Value::text(text);
        assert_eq!((&rows[0]["cost"], &rows[1]["cost"]), (&cell("1"), &cell("9")));
        assert_eq!(rows[1]["item"], cell("ink"));
        assert!(!some.contains_key("name"));
        // Who may not add rows puts cells back in those that are there.
        let cells = values(&form, &was, &now, &|path| path == "lines.item");
        let items: Vec<_> = cells["lines"].rows().iter().map(|row| row.values["item"].clone()).collect();
        assert_eq!(items, [cell("ink"), cell("cap")]);
    }

    #[test]
    fn what_was_in_another_field_of_the_key_is_not_put_into_the_one_of_now() {
        let version = |fields: Json| -> FormDocument {
            serde_json::from_value(json!({"key": "f", "label": "F", "fields": fields})).unwrap()
        };
        let name = json!({"key": "name", "label": "n", "kind": "text"});
        let count = json!({"key": "count", "label": "c", "kind": "number"});
        let other = json!({"key": "count", "label": "Pay", "kind": "number"});
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let versions = [
            (at(3), version(json!([name, count]))),
            (at(2), version(json!([name]))),
            (at(1), version(json!([name, other]))),
        ];
        let reused = Reused::among(&versions);
        let mut now = fields(json!({"name": "c", "count": "3.00"}));
        overlay(&mut now, Some(r#"{"count": null}"#), (&reused, at(4)));
        overlay(&mut now, Some(r#"{"name": "a", "count": "900.00"}"#), (&reused, at(1)));
        assert_eq!(now, fields(json!({"name": "a", "count": null})));
    }

    #[test]
    fn what_was_before_is_laid_over_what_is() {
        let mut at = fields(json!({"name": "c", "count": "3.00"}));
        let none = Reused::among(&[]);
        overlay(&mut at, Some(r#"{"name": "b", "$owner": "x", "gone": 1}"#), (&none, Timestamp::UNIX_EPOCH));
        overlay(&mut at, None, (&none, Timestamp::UNIX_EPOCH));
        assert_eq!(at, fields(json!({"name": "b", "count": "3.00"})));
        let unread = values(&form(), &fields(json!({"count": "many"})), &Values::new(), &|_| true);
        assert!(unread.is_empty(), "what can't be read stays as it is");
    }
}

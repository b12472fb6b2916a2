//! What somebody changed of a record: never what was computed, filled in at the start, or only written differently.

use engine::field::Shape;
use engine::form::{Column, Form};
use engine::value::{Row, Value, Values, get};

/// The top-level fields that somebody changed since `start`, and how many changes there are in each: one for a field, one
/// for each row of a sub-form that was added, changed or taken out.
pub fn changes(
    form: &Form,
    start: &Values,
    now: &Values,
    may_edit: &dyn Fn(&Column) -> bool,
) -> Vec<(String, usize)> {
    let count = |column: &Column| {
        let (was, is) = (get(start, &column.path), get(now, &column.path));
        match column.shape {
            Shape::Rows => rows_changed(form, column, was.rows(), is.rows(), may_edit),
            _ => usize::from(may_edit(column) && !same(was, is)),
        }
    };
    form.fields().map(|column| (column.path.clone(), count(column))).filter(|(_, count)| *count > 0).collect()
}

fn rows_changed(
    form: &Form,
    subform: &Column,
    was: &[Row],
    is: &[Row],
    may_edit: &dyn Fn(&Column) -> bool,
) -> usize {
    let columns: Vec<&Column> = form.columns_of(&subform.path).filter(|column| may_edit(column)).collect();
    if columns.is_empty() && !may_edit(subform) {
        return 0;
    }
    let differ = |(was, is): (&Row, &Row)| {
        was.id != is.id
            || columns
                .iter()
                .any(|column| !same(get(&was.values, &column.field.key), get(&is.values, &column.field.key)))
    };
    was.iter().zip(is).filter(|pair| differ(*pair)).count() + was.len().abs_diff(is.len())
}

/// Whether two values say the same: a switch that is off says nothing, like an empty text or list.
pub fn same(a: &Value, b: &Value) -> bool {
    a == b || (says_nothing(a) && says_nothing(b))
}

/// Whether nobody entered anything in a row: it is empty, or it is as it was `added` and can't stay so, because a column
/// that must be filled is empty. A row whose defaults are all that it needs is an entry.
pub fn is_blank(inputs: &[&Column], row: &Row, added: &Row) -> bool {
    let value = |column: &Column| get(&row.values, &column.field.key);
    let is_first = |column: &Column| {
        says_nothing(value(column)) || same(value(column), get(&added.values, &column.field.key))
    };
    let is_empty = inputs.iter().all(|column| says_nothing(value(column)));
    let lacks = inputs.iter().any(|column| column.field.required && says_nothing(value(column)));
    is_empty || (lacks && inputs.iter().all(|column| is_first(column)))
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Empty | Value::Bool(false) => true,
        Value::Text(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Rows(rows) => rows.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::testing::form_of;

    fn form() -> Form {
        form_of(json!([
            {"key": "name", "label": "name", "kind": "text"},
            {"key": "paid", "label": "paid", "kind": "switch"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number"},
                {"key": "twice", "label": "twice", "kind": "number", "compute": {"formula": "qty * 2"}}]}},
            {"key": "total", "label": "total", "kind": "number", "compute": {"formula": "SUM(lines.twice)"}}]))
    }

    fn found(was: Json, is: Json) -> Vec<(String, usize)> {
        let form = form();
        let values = |json: Json| engine::record::read_values(&form, json.as_object().unwrap());
        changes(&form, &values(was), &values(is), &|column| column.field.is_input())
    }

    #[test]
    fn what_is_computed_is_no_change() {
        let was = json!({"lines": [{"qty": "1"}]});
        let is = json!({"lines": [{"qty": "1", "twice": "2"}], "total": "2"});
        assert_eq!(found(was, is), []);
    }

    #[test]
    fn a_switch_that_is_off_was_never_touched() {
        assert_eq!(found(json!({}), json!({"paid": false})), []);
        assert_eq!(found(json!({"paid": true}), json!({"paid": false})), [("paid".to_string(), 1)]);
    }

    #[test]
    fn rows_count_by_themselves() {
        let was = json!({"name": "a", "lines": [{"qty": "1"}, {"qty": "2"}]});
        let is = json!({"name": "b", "lines": [{"qty": "1"}, {"qty": "3"}, {"qty": "4"}]});
        assert_eq!(found(was, is), [("name".to_string(), 1), ("lines".to_string(), 2)]);
    }

    #[test]
    fn a_row_without_an_entry_is_blank() {
        let form = form();
        let inputs: Vec<&Column> =
            form.columns_of("lines").filter(|column| column.field.is_input()).collect();
        let values = json!({"lines": [{"qty": "1"}]});
        let values = engine::record::read_values(&form, values.as_object().unwrap());
        let row = get(&values, "lines").rows()[0].clone();
        assert!(is_blank(&inputs, &Row::default(), &Row::default()));
        assert!(!is_blank(&inputs, &row, &Row::default()));
        // As it was added, and nothing is missing.
        assert!(!is_blank(&inputs, &row, &row));
    }

    #[test]
    fn what_one_may_not_edit_is_no_change_of_ones_own() {
        let form = form();
        let values = |json: Json| engine::record::read_values(&form, json.as_object().unwrap());
        let was = values(json!({"name": "a", "lines": [{"qty": "1"}]}));
        let is = values(json!({"name": "b", "lines": [{"qty": "2"}]}));
        let only_quantity = |column: &Column| column.path == "lines.qty";
        assert_eq!(changes(&form, &was, &is, &only_quantity), [("lines".to_string(), 1)]);
        // Rows may come and go, but what stands in them is not one's own.
        let only_rows = |column: &Column| column.path == "lines";
        assert_eq!(changes(&form, &was, &is, &only_rows), []);
    }
}

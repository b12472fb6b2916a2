//! The columns of a list that nobody has arranged.

use engine::field::{FieldKind, Shape};
use engine::form::{Catalogue, Column, Form};

/// The columns of a grid that nobody chose: the first fields of the form, sub-forms and long texts left out, and after them
/// the first numbers that come later: a list is read for its sums. There are so many that a table which became a form shows
/// all that it had, in its order. None gives way to another, so what is added to a form
/// stands last or not at all, and what was shown before stays. Where records are approved, how far that is stands beside
/// what the record is called. Nothing is said twice: a field that has that state in it takes its place, and the name that a link
/// brings with it stands in the link.
pub fn default_columns(form: &Form, known: &dyn Catalogue, has_flow: bool) -> Vec<String> {
    const FIRST: usize = 30;
    const LATER_NUMBERS: usize = 4;
    let fitting = |column: &&Column| {
        let is_long = matches!(column.shape, Shape::Rows | Shape::LongText | Shape::Markup);
        !is_long && column.field.kind.holds_data() && !is_named_by_link(form, known, &column.path)
    };
    let first = form.fields().filter(fitting).take(FIRST);
    let later = form.fields().filter(fitting).skip(FIRST);
    let numbers = later.filter(|column| matches!(column.shape, Shape::Decimal(_))).take(LATER_NUMBERS);
    let shown: Vec<&Column> = first.chain(numbers).collect();
    let is_told = shown.iter().any(|column| tells_approval(column));
    let mut keys: Vec<String> = shown.into_iter().map(|column| column.path.clone()).collect();
    if has_flow && !is_told {
        keys.insert(keys.len().min(2), "$flow_state".to_string());
    }
    keys
}

/// Whether a choice is computed from the state of the approval: it says the same, and more where goods are sent after it.
pub fn tells_approval(column: &Column) -> bool {
    let mut reads = column.compute.iter().flat_map(|formula| formula.reaches());
    matches!(column.read_kind, FieldKind::Select(_)) && reads.any(|reach| reach.own_path() == "$flow_state")
}

/// Whether a link that is always set fills a field with what the linked record is called, which the link itself shows.
fn is_named_by_link(form: &Form, known: &dyn Catalogue, path: &str) -> bool {
    let names = |column: &Column| {
        let FieldKind::Link(link) = &column.field.kind else { return false };
        let fill = link.fill.iter().find(|fill| fill.to == path);
        let Some((fill, target)) = fill.zip(column.target) else { return false };
        let target = known.form("", &target.to_string());
        let title = target.and_then(|target| target.document.title.clone()).unwrap_or_default();
        title.trim() == format!("{{{}}}", fill.from)
    };
    form.fields().filter(|column| column.field.required).any(names)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};

    use std::sync::Arc;

    use engine::form::{FormDocument, Sketch};
    use engine::value::Id;

    use super::*;
    use crate::api::forms::Related;
    use crate::testing::form_of;

    /// So many texts, and then so many numbers.
    fn fields(texts: usize, numbers: usize) -> Vec<Value> {
        let field = |kind: &str, n: usize| json!({"key": format!("{kind}{n}"), "label": "x", "kind": kind});
        let texts = (1..=texts).map(|n| field("text", n));
        texts.chain((1..=numbers).map(|n| field("number", n))).collect()
    }

    #[test]
    fn numbers_that_come_late_are_shown_and_the_state_of_an_approval_too() {
        let form = form_of(json!(fields(32, 3)));
        let texts = (1..=30).map(|n| format!("text{n}"));
        let wanted: Vec<String> = texts.chain((1..=3).map(|n| format!("number{n}"))).collect();
        let of = |has_flow: bool| default_columns(&form, &Related::default(), has_flow);
        assert_eq!(of(false), wanted);
        let with_state = of(true);
        assert_eq!(with_state[..3], ["text1", "text2", "$flow_state"]);
        assert_eq!(with_state.len(), 34);
    }

    #[test]
    fn a_table_of_twenty_one_columns_is_shown_as_it_was() {
        let mut sheet = fields(10, 3);
        sheet.extend((11..=18).map(|n| json!({"key": format!("text{n}"), "label": "x", "kind": "text"})));
        let keys: Vec<Value> = sheet.iter().map(|field| field["key"].clone()).collect();
        assert_eq!(json!(default_columns(&form_of(json!(sheet)), &Related::default(), false)), json!(keys));
    }

    #[test]
    fn a_field_that_is_added_stands_last_or_not_at_all_and_takes_no_other_away() {
        let computed =
            json!({"key": "added", "label": "x", "kind": "formula", "options": {"formula": "1 + 1"}});
        let text = json!({"key": "added", "label": "x", "kind": "text"});
        for (texts, numbers) in [(3, 1), (10, 3), (30, 0), (28, 4), (32, 3), (32, 4), (2, 36)] {
            for added in [&computed, &text] {
                let mut fields = fields(texts, numbers);
                let of =
                    |fields: &[Value]| default_columns(&form_of(json!(fields)), &Related::default(), false);
                let before = of(&fields);
                fields.push(added.clone());
                let mut after = of(&fields);
                let is_last = after.pop_if(|last| *last == "added").is_some();
                assert_eq!(after, before, "{texts} texts, {numbers} numbers");
                assert!(is_last || texts + numbers >= 30, "{texts} texts, {numbers} numbers");
            }
        }
    }

    #[test]
    fn nothing_is_said_twice() {
        let sketch = |id: i64, document: Value| {
            let document: FormDocument = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: "x".into(), document })
        };
        let buyer = sketch(
            2,
            json!({"key": "buyer", "label": "buyer", "title": "{name}", "fields": [
                {"key": "name", "label": "name", "kind": "text"}, {"key": "phone", "label": "phone", "kind": "text"}]}),
        );
        let states = json!({"choices": [{"key": "draft", "label": "draft"}]});
        let quote = |required: bool, reads: &str| {
            let fill = json!([{"from": "name", "to": "buyer_name"}, {"from": "phone", "to": "phone"}]);
            json!({"key": "quote", "label": "quote", "fields": [
                {"key": "no", "label": "no", "kind": "text"},
                {"key": "buyer", "label": "buyer", "kind": "link", "required": required,
                    "options": {"form": "buyer", "fill": fill}},
                {"key": "buyer_name", "label": "name", "kind": "text"},
                {"key": "phone", "label": "phone", "kind": "text"},
                {"key": "status", "label": "status", "kind": "select", "options": states,
                    "compute": {"formula": format!("IFEMPTY({reads}, \"draft\")")}}]})
        };
        let of = |required: bool, reads: &str| {
            let own = sketch(1, quote(required, reads));
            let known = Related::of(vec![buyer.clone(), own.clone()]);
            default_columns(&Form::publish(own, 1, &known).unwrap(), &known, true)
        };
        assert_eq!(of(true, "$flow_state"), ["no", "buyer", "phone", "status"]);
        // A link may be empty, and a status of its own says something else than the approval does.
        let all = ["no", "buyer", "$flow_state", "buyer_name", "phone", "status"];
        assert_eq!(of(false, "no"), all);
    }

    /// The folder of the packages that come with the product.
    fn templates() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../form-templates")
    }

    /// The rows of a demo by column; texts of more lines are of no column that is looked at.
    fn demo(file: &Path) -> Vec<Vec<String>> {
        let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
        let mut rows = vec![vec![String::new()]];
        let mut is_quoted = false;
        for sign in text.trim_start_matches('\u{feff}').trim_end().chars() {
            let row = rows.last_mut().unwrap();
            match sign {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => row.push(String::new()),
                '\r' => {}
                '\n' if !is_quoted => rows.push(vec![String::new()]),
                other => row.last_mut().unwrap().push(other),
            }
        }
        rows
    }

    /// Whoever opens a list of a template for the first time sees its records, and no rows of blanks.
    #[test]
    fn lists_of_the_templates_begin_with_what_is_filled() {
        const SEEN_AT_ONCE: usize = 5;
        let long = ["subform", "long_text", "rich_text", "note", "divider", "query"].map(Value::from);
        let computed = ["serial", "formula", "rollup", "lookup"].map(Value::from);
        let mut looked_at = 0;
        for package in ["base", "crm", "inventory", "loyalty", "roi"] {
            for form in fs::read_dir(templates().join(package).join("forms")).unwrap() {
                let text = fs::read_to_string(form.unwrap().path()).unwrap();
                let document: Value = serde_json::from_str(&text).unwrap();
                let key = document["key"].as_str().unwrap();
                let rows = demo(&templates().join(package).join(format!("demo/{key}.csv")));
                let Some((heads, rows)) = rows.split_first() else { continue };
                // Rows that go on with a record before have no key.
                let names = heads.iter().position(|head| head == "$key").unwrap();
                let records: Vec<&Vec<String>> = rows.iter().filter(|row| !row[names].is_empty()).collect();
                let fields = document["fields"].as_array().unwrap().iter();
                for field in fields.filter(|field| !long.contains(&field["kind"])).take(SEEN_AT_ONCE) {
                    let is_filled = |link: &Value| {
                        link["options"]["fill"]
                            .as_array()
                            .is_some_and(|fill| fill.iter().any(|line| line["to"] == field["key"]))
                    };
                    let is_given = field.get("compute").or(field.get("default")).is_some()
                        || document["fields"].as_array().unwrap().iter().any(is_filled);
                    if is_given || computed.contains(&field["kind"]) {
                        continue;
                    }
                    let at = heads.iter().position(|head| *head == field["key"]);
                    let at = at.unwrap_or_else(|| panic!("{package}/{key}: {} is empty", field["key"]));
                    let filled = records.iter().filter(|row| !row[at].is_empty()).count();
                    assert!(filled * 4 >= records.len() * 3, "{package}/{key}: {}: {filled}", field["key"]);
                }
                looked_at += 1;
            }
        }
        assert!(looked_at > 15, "{looked_at}");
    }
}

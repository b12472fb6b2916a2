//! The columns of a list that nobody has arranged.

use engine::field::Shape;
use engine::form::{Column, Form};

/// The columns of a grid that nobody chose: the first fields of the form, sub-forms and long texts left out, and after them
/// the first numbers that come later: a list is read for its sums. There are so many that a table which became a form shows
/// all that it had, in its order. None gives way to another, so what is added to a form
/// stands last or not at all, and what was shown before stays. Where records are approved, how far that is stands beside
/// what the record is called.
pub fn default_columns(form: &Form, has_flow: bool) -> Vec<String> {
    const FIRST: usize = 30;
    const LATER_NUMBERS: usize = 4;
    let fitting = |column: &&Column| {
        let is_long = matches!(column.shape, Shape::Rows | Shape::LongText | Shape::Markup);
        !is_long && column.field.kind.holds_data()
    };
    let first = form.fields().filter(fitting).take(FIRST);
    let later = form.fields().filter(fitting).skip(FIRST);
    let numbers = later.filter(|column| matches!(column.shape, Shape::Decimal(_))).take(LATER_NUMBERS);
    let mut keys: Vec<String> = first.chain(numbers).map(|column| column.path.clone()).collect();
    if has_flow {
        keys.insert(keys.len().min(2), "$flow_state".to_string());
    }
    keys
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};

    use super::*;
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
        assert_eq!(default_columns(&form, false), wanted);
        let with_state = default_columns(&form, true);
        assert_eq!(with_state[..3], ["text1", "text2", "$flow_state"]);
        assert_eq!(with_state.len(), 34);
    }

    #[test]
    fn a_table_of_twenty_one_columns_is_shown_as_it_was() {
        let mut sheet = fields(10, 3);
        sheet.extend((11..=18).map(|n| json!({"key": format!("text{n}"), "label": "x", "kind": "text"})));
        let keys: Vec<Value> = sheet.iter().map(|field| field["key"].clone()).collect();
        assert_eq!(json!(default_columns(&form_of(json!(sheet)), false)), json!(keys));
    }

    #[test]
    fn a_field_that_is_added_stands_last_or_not_at_all_and_takes_no_other_away() {
        let computed =
            json!({"key": "added", "label": "x", "kind": "formula", "options": {"formula": "1 + 1"}});
        let text = json!({"key": "added", "label": "x", "kind": "text"});
        for (texts, numbers) in [(3, 1), (10, 3), (30, 0), (28, 4), (32, 3), (32, 4), (2, 36)] {
            for added in [&computed, &text] {
                let mut fields = fields(texts, numbers);
                let before = default_columns(&form_of(json!(fields)), false);
                fields.push(added.clone());
                let mut after = default_columns(&form_of(json!(fields)), false);
                let is_last = after.pop_if(|last| *last == "added").is_some();
                assert_eq!(after, before, "{texts} texts, {numbers} numbers");
                assert!(is_last || texts + numbers >= 30, "{texts} texts, {numbers} numbers");
            }
        }
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

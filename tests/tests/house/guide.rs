//! What the guide says about the product, held against it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::root;

/// The texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The members of a list in a form's document, or none.
fn list<'a>(document: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    document[member].as_array().into_iter().flatten()
}

/// Whether the form has a field with this key, or this column in a sub-form.
fn has_field(form: &Value, key: &str) -> bool {
    let (field, column) = key.split_once('.').map_or((key, None), |(field, column)| (field, Some(column)));
    list(form, "fields").filter(|known| known["key"] == field).any(|known| {
        column.is_none_or(|column| list(&known["options"], "fields").any(|inner| inner["key"] == column))
    })
}

/// The form as its package has it, and what other packages add to it.
fn documents(package: &str, form: &str) -> Vec<Value> {
    let templates = root().join("form-templates");
    let mut files = vec![templates.join(package).join("forms").join(format!("{form}.json"))];
    for folder in fs::read_dir(&templates).unwrap() {
        let extension = folder.unwrap().path().join("extensions").join(package).join(format!("{form}.json"));
        files.extend(extension.is_file().then_some(extension));
    }
    let read = |file: PathBuf| -> Value { serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap() };
    files.into_iter().map(read).collect()
}

#[test]
fn fields_that_the_guide_says_are_left_out_are_in_no_template() {
    let guide = fs::read_to_string(root().join("docs/guide/templates.md")).unwrap();
    let (_, table) = guide.split_once("| field | why it is left out").unwrap();
    let mut told = 0;
    for row in table.lines().filter_map(|line| line.strip_prefix("| `")) {
        let cell = row.split(" |").next().unwrap();
        for path in quoted(&format!("`{cell}")) {
            let parts: Vec<&str> = path.splitn(3, '.').collect();
            let [package, form, key] = parts[..] else { panic!("{path} names no field of a form") };
            let found = documents(package, form).iter().any(|document| has_field(document, key));
            assert!(!found, "{path} is there: the guide need not excuse it any more");
            told += 1;
        }
    }
    assert!(told > 20, "{told}");
}

#[test]
fn a_field_and_a_column_are_found_in_a_form() {
    let order = documents("base", "order");
    let has = |key: &str| order.iter().any(|document| has_field(document, key));
    assert!(has("payable") && has("lines.cogs") && has("member"));
    assert!(!has("lines.paid") && !has("customer.name"));
}

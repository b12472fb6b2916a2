//! What is asked of a form while it is designed, beyond what it takes to work: a form that was put in force before one of
//! these rules came goes on, and hears of it when it is published anew.

use std::collections::BTreeSet;

use super::super::LayoutItem;
use super::Publisher;
use crate::field::{Choice, FieldKind, MAX_ROWS, SerialPart, choices_twice};
use crate::text::{Fault, Label};

/// Longest name of anything, in characters.
const LONGEST_LABEL: usize = 500;
/// Longest explanation: a help, a note, what a check says.
const LONGEST_TEXT: usize = 5_000;
/// Longest pattern of titles.
const LONGEST_TITLE: usize = 1_000;
/// The columns of a row.
const TWELFTHS: u32 = 12;

impl Publisher<'_> {
    pub(super) fn check_design(&mut self) {
        self.check_sets();
        self.check_layout();
        self.check_lengths();
        self.check_kinds();
    }

    /// Sets of unique fields have fields, each once, and no two have the same.
    fn check_sets(&mut self) {
        let mut known: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
        for (place, set) in self.sketch.document.unique.iter().enumerate() {
            let at = format!("/unique/{place}");
            let mut fields = BTreeSet::new();
            for (inner, key) in set.iter().enumerate() {
                if !fields.insert(key.as_str()) {
                    self.faults.push(Fault::new(format!("{at}/{inner}"), "twice"));
                }
            }
            if set.is_empty() {
                self.faults.push(Fault::new(at, "too_few").arg("min", 1));
            } else if !known.insert(fields) {
                self.faults.push(Fault::new(at, "twice"));
            }
        }
    }

    /// Each field stands in the layout once, as wide as a row at most.
    fn check_layout(&mut self) {
        let sketch = self.sketch;
        let mut placed = BTreeSet::new();
        self.check_items(&sketch.document.layout, "/layout", &mut placed);
    }

    fn check_items<'d>(&mut self, items: &'d [LayoutItem], pointer: &str, placed: &mut BTreeSet<&'d str>) {
        for (place, item) in items.iter().enumerate() {
            let at = format!("{pointer}/{place}");
            if let Some(divider) = &item.divider {
                self.check_label(&format!("{at}/divider"), divider, LONGEST_LABEL);
            }
            for (inner, row) in item.row.iter().flatten().enumerate() {
                let at = format!("{at}/row/{inner}");
                if row.width == 0 {
                    self.faults.push(Fault::new(format!("{at}/width"), "too_small").arg("min", 1));
                }
                if row.width > TWELFTHS {
                    self.faults.push(Fault::new(format!("{at}/width"), "too_large").arg("max", TWELFTHS));
                }
                if !placed.insert(row.field.as_str()) {
                    self.faults.push(Fault::new(format!("{at}/field"), "twice"));
                }
            }
            for (inner, tab) in item.tabs.iter().flatten().enumerate() {
                let at = format!("{at}/tabs/{inner}");
                self.check_label(&format!("{at}/label"), &tab.label, LONGEST_LABEL);
                self.check_items(&tab.rows, &format!("{at}/rows"), placed);
            }
        }
    }

    fn check_lengths(&mut self) {
        let sketch = self.sketch;
        let document = &sketch.document;
        self.check_label("/label", &document.label, LONGEST_LABEL);
        if document.title.as_ref().is_some_and(|title| title.chars().count() > LONGEST_TITLE) {
            self.faults.push(Fault::new("/title", "too_long").arg("max", LONGEST_TITLE));
        }
        for (place, validation) in document.validate.iter().enumerate() {
            self.check_label(&format!("/validate/{place}/message"), &validation.message, LONGEST_TEXT);
        }
        for (pointer, _, field) in self.pointers() {
            self.check_label(&format!("{pointer}/label"), &field.label, LONGEST_LABEL);
            for (member, text) in [("help", &field.help), ("placeholder", &field.placeholder)] {
                if let Some(text) = text {
                    self.check_label(&format!("{pointer}/{member}"), text, LONGEST_TEXT);
                }
            }
        }
    }

    fn check_label(&mut self, at: &str, label: &Label, max: usize) {
        if label.texts().iter().any(|text| text.chars().count() > max) {
            self.faults.push(Fault::new(at, "too_long").arg("max", max));
        }
    }

    fn check_choices(&mut self, pointer: &str, choices: &[Choice]) {
        let at = |place: usize| format!("{pointer}/options/choices/{place}/label");
        for (place, choice) in choices.iter().enumerate() {
            self.check_label(&at(place), &choice.label, LONGEST_LABEL);
        }
        for (place, text) in choices_twice(choices) {
            self.faults.push(Fault::new(at(place), "choice_twice").arg("choice", text));
        }
    }

    /// The fields in a number are fields of the record, and not the number itself.
    fn check_parts(&mut self, pointer: &str, parts: &[SerialPart], own: &str) {
        for (place, part) in parts.iter().enumerate() {
            let Some(key) = &part.field else { continue };
            let is_there = !key.contains('.') && self.sketch.document.field(key).is_some();
            if key == own || !is_there {
                let at = format!("{pointer}/options/parts/{place}/field");
                self.faults.push(Fault::new(at, "unknown_field").arg("field", key));
            }
        }
    }

    /// Faults of the options of the field at `pointer`.
    fn check_options(&mut self, pointer: &str, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            let at = format!("{pointer}/options/{}", fault.path.replace('.', "/"));
            self.faults.push(Fault { path: at, ..fault });
        }
    }

    fn check_kinds(&mut self) {
        for (pointer, _, field) in self.pointers() {
            match &field.kind {
                FieldKind::Select(select) => self.check_choices(&pointer, &select.choices),
                FieldKind::MultiSelect(select) => self.check_choices(&pointer, &select.choices),
                FieldKind::Serial(serial) => self.check_parts(&pointer, &serial.parts, &field.key),
                FieldKind::Note(note) => {
                    if let Some(text) = &note.text {
                        self.check_label(&format!("{pointer}/options/text"), text, LONGEST_TEXT);
                    }
                }
                FieldKind::Subform(rows) => {
                    for (member, count) in [("min_rows", rows.min_rows), ("max_rows", rows.max_rows)] {
                        if count.is_some_and(|count| count as usize > MAX_ROWS) {
                            let at = format!("{pointer}/options/{member}");
                            self.faults.push(Fault::new(at, "too_large").arg("max", MAX_ROWS));
                        }
                    }
                }
                FieldKind::Json(json) => self.check_options(&pointer, json.design_fault()),
                FieldKind::Text(text) => self.check_options(&pointer, text.design_faults()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use crate::form::{Catalogue, Form, Sketch};
    use crate::value::Id;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    /// A form with two fields, one of them in rows, and these members besides; with what is wrong with it.
    fn faults(members: Json) -> Vec<String> {
        let mut document = json!({"key": "f", "label": "F", "fields": [
            {"key": "a", "label": "A", "kind": "text"},
            {"key": "b", "label": "B", "kind": "date"}]});
        for (name, value) in members.as_object().unwrap() {
            document[name] = value.clone();
        }
        let document = serde_json::from_value(document).unwrap();
        let sketch = Arc::new(Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document });
        assert!(Form::compile(sketch.clone(), 1, &Alone).is_ok(), "what is in force goes on: {members}");
        let faults = Form::publish(sketch, 1, &Alone).err().unwrap_or_default();
        faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
    }

    #[test]
    fn sets_of_unique_fields_have_fields_each_once() {
        assert!(faults(json!({"unique": [["a"], ["a", "b"]]})).is_empty());
        assert_eq!(faults(json!({"unique": [[]]})), ["/unique/0 too_few"]);
        assert_eq!(faults(json!({"unique": [["a", "a"]]})), ["/unique/0/1 twice"]);
        assert_eq!(faults(json!({"unique": [["a", "b"], ["b", "a"]]})), ["/unique/1 twice"]);
    }

    #[test]
    fn a_field_stands_in_the_layout_once_and_not_wider_than_a_row() {
        let row = |field: &str, width: u32| json!({"row": [{"field": field, "width": width}]});
        assert!(faults(json!({"layout": [row("a", 12), row("b", 1)]})).is_empty());
        assert_eq!(faults(json!({"layout": [row("a", 13)]})), ["/layout/0/row/0/width too_large"]);
        assert_eq!(faults(json!({"layout": [row("a", 0)]})), ["/layout/0/row/0/width too_small"]);
        let tabs = json!({"tabs": [{"label": "T", "rows": [row("b", 6), row("a", 6)]}]});
        assert_eq!(
            faults(json!({"layout": [row("a", 6), tabs]})),
            ["/layout/1/tabs/0/rows/1/row/0/field twice"]
        );
    }

    #[test]
    fn names_and_titles_end_somewhere() {
        let long = "x".repeat(10_000);
        assert_eq!(faults(json!({"label": long})), ["/label too_long"]);
        assert_eq!(faults(json!({"title": "{a} ".repeat(25_000)})), ["/title too_long"]);
        let field = json!({"key": "a", "label": {"en": long, "zh-CN": "a"}, "kind": "select", "help": long,
            "options": {"choices": [{"key": "x", "label": long}]}});
        assert_eq!(
            faults(json!({"fields": [field]})),
            [
                "/fields/0/label too_long",
                "/fields/0/help too_long",
                "/fields/0/options/choices/0/label too_long"
            ]
        );
    }

    #[test]
    fn choices_of_a_field_have_different_texts_in_each_language() {
        let found = |kind: &str, labels: &[Json]| {
            let choice = |(place, label): (usize, &Json)| json!({"key": format!("c{place}"), "label": label});
            let choices: Vec<Json> = labels.iter().enumerate().map(choice).collect();
            faults(
                json!({"fields": [{"key": "s", "label": "S", "kind": kind, "options": {"choices": choices}}]}),
            )
        };
        let twice = |place: u32| format!("/fields/0/options/choices/{place}/label choice_twice");
        assert!(found("select", &[json!("Red"), json!("Green")]).is_empty());
        assert_eq!(found("select", &[json!("Red"), json!("Green"), json!("Red ")]), [twice(2)]);
        assert_eq!(
            found("multi_select", &[json!("Red"), json!("ＲＥＤ"), json!("red")]),
            [twice(1), twice(2)]
        );
        let named = |zh: &str, en: &str| json!({"zh-CN": zh, "en": en});
        assert!(found("select", &[named("事假", "Leave"), named("病假", "Sick leave")]).is_empty());
        assert_eq!(found("select", &[named("事假", "Leave"), named("病假", "Leave")]), [twice(1)]);
    }

    #[test]
    fn rows_have_the_bound_of_all_rows() {
        let rows = |max: u32| {
            let options = json!({"max_rows": max, "fields": [{"key": "n", "label": "N", "kind": "number"}]});
            faults(json!({"fields": [{"key": "r", "label": "R", "kind": "subform", "options": options}]}))
        };
        assert!(rows(1_000).is_empty());
        assert_eq!(rows(5_000), ["/fields/0/options/max_rows too_large"]);
    }

    #[test]
    fn a_number_is_made_of_fields_that_are_there() {
        let number = |field: &str| {
            let parts = json!([{"field": field}, {"text": "-"}, {"counter": {"width": 3}}]);
            let rows = json!({"fields": [{"key": "n", "label": "N", "kind": "number"}]});
            faults(json!({"fields": [{"key": "a", "label": "A", "kind": "text"},
                {"key": "r", "label": "R", "kind": "subform", "options": rows},
                {"key": "no", "label": "No", "kind": "serial", "options": {"parts": parts}}]}))
        };
        assert!(number("a").is_empty());
        for not_there in ["gone", "no", "r.n"] {
            assert_eq!(number(not_there), ["/fields/2/options/parts/0/field unknown_field"], "{not_there}");
        }
    }

    #[test]
    fn a_schema_does_not_refer_to_itself_without_end() {
        let found = |schema: Json| {
            faults(
                json!({"fields": [{"key": "j", "label": "J", "kind": "json", "options": {"schema": schema}}]}),
            )
        };
        assert_eq!(found(json!({"$ref": "#"})), ["/fields/0/options/schema endless_reference"]);
        let mutual = json!({"properties": {"a": {"$ref": "#/$defs/a"}},
            "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}, "c": {"type": "number"}}});
        assert_eq!(found(mutual), ["/fields/0/options/schema/$defs/a endless_reference"]);
        let tree = json!({"properties": {"below": {"items": {"$ref": "#"}}, "kin": {"$ref": "#/$defs/kin"}},
            "$defs": {"kin": {"allOf": [{"$ref": "#/$defs/leaf"}], "properties": {"x": {"$ref": "#/$defs/kin"}}},
                "leaf": {"type": "object"}}});
        assert!(found(tree).is_empty());
    }

    #[test]
    fn t31_a_pattern_that_is_too_much_work_is_refused_where_it_stands() {
        let field = |kind: &str, options: Json| {
            faults(json!({"fields": [{"key": "p", "label": "P", "kind": kind, "options": options}]}))
        };
        let much = "([a-z]{1,100}){1,100}x";
        assert!(field("text", json!({"pattern": "[A-Z]{2}\\d+", "max_length": 500})).is_empty());
        assert_eq!(field("text", json!({ "pattern": much })), ["/fields/0/options/pattern pattern_too_much"]);
        assert_eq!(
            field("text", json!({"pattern": "a+", "max_length": 501})),
            ["/fields/0/options/max_length too_large"]
        );
        let schema = json!({"properties": {"code": {"pattern": much}}});
        assert_eq!(
            field("json", json!({ "schema": schema })),
            ["/fields/0/options/schema/properties/code/pattern pattern_too_much"]
        );
    }

    #[test]
    fn words_that_a_function_does_not_know_are_refused_where_they_stand() {
        let computed = |formula: &str| {
            let field = json!({"key": "c", "label": "C", "kind": "date", "compute": {"formula": formula}});
            faults(json!({"fields": [{"key": "b", "label": "B", "kind": "date"}, field]}))
        };
        for unit in ["month", "周", "D"] {
            assert!(computed(&format!("DATEADD(b, 1, '{unit}')")).is_empty(), "{unit}");
        }
        assert_eq!(computed("DATEADD(b, 1, 'eon')"), ["/fields/1/compute/formula formula_literal"]);
        assert_eq!(computed("STARTOF(b, 'eon')"), ["/fields/1/compute/formula formula_literal"]);
    }
}

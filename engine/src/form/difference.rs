//! What one document of a form says otherwise than an earlier one.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::edit::order::stayed;
use super::{Field, FormDocument, LayoutItem};
use crate::field::FieldKind;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub part: Part,
    pub what: Alteration,
}

/// The part of a form that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is said of the whole.
    Form,
    /// The field or column at a path; what is gone is in the earlier document alone.
    Field(String),
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    Added,
    Removed,
    /// It stands elsewhere in the form.
    Moved,
    /// These members are other ones, as documents call them: `label`, `required`, `options`, of the form `rules`, `layout` …
    Changed(Vec<String>),
}

impl FormDocument {
    /// What this document says otherwise than an earlier one, in the order of the form; what is gone comes last.
    pub fn differences(&self, before: &FormDocument) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut say = |part: Part, what: Alteration| found.push(Difference { part, what });
        let (old, new) = (order(before), order(self));
        let kept: Vec<&str> = new.iter().map(String::as_str).collect();
        let old: Vec<&str> = old.iter().map(String::as_str).filter(|key| kept.contains(key)).collect();
        let stayed: BTreeSet<&str> = stayed(&old, &kept);
        for (path, field) in self.all_fields() {
            let Some(known) = before.field(&path) else {
                // A sub-form that is new tells of its columns too.
                let is_told =
                    path.split_once('.').is_some_and(|(subform, _)| before.field(subform).is_none());
                if !is_told {
                    say(Part::Field(path), Alteration::Added);
                }
                continue;
            };
            let members = changed_members(known, field);
            if !members.is_empty() {
                say(Part::Field(path.clone()), Alteration::Changed(members));
            }
            if !stayed.contains(path.as_str()) {
                say(Part::Field(path), Alteration::Moved);
            }
        }
        let of_form = changed_in_form(before, self);
        if !of_form.is_empty() {
            say(Part::Form, Alteration::Changed(of_form));
        }
        for (path, _) in before.all_fields().filter(|(path, _)| self.field(path).is_none()) {
            let is_told = path.split_once('.').is_some_and(|(subform, _)| self.field(subform).is_none());
            if !is_told {
                say(Part::Field(path), Alteration::Removed);
            }
        }
        found
    }
}

/// The paths of all fields in the order in which people see them, columns behind their sub-form.
fn order(document: &FormDocument) -> Vec<String> {
    let mut keys = Vec::new();
    placed(&document.layout, &mut keys);
    keys.retain(|key| document.field(key).is_some());
    for field in &document.fields {
        if !keys.contains(&field.key) {
            keys.push(field.key.clone());
        }
    }
    let with_columns = |key: String| {
        let columns = document.field(&key).map(Field::columns).unwrap_or_default();
        let columns: Vec<String> = columns.iter().map(|column| format!("{key}.{}", column.key)).collect();
        std::iter::once(key).chain(columns)
    };
    keys.into_iter().flat_map(with_columns).collect()
}

fn placed(items: &[LayoutItem], into: &mut Vec<String>) {
    for item in items {
        for cell in item.row.iter().flatten() {
            if !into.contains(&cell.field) {
                into.push(cell.field.clone());
            }
        }
        for tab in item.tabs.iter().flatten() {
            placed(&tab.rows, into);
        }
    }
}

fn changed_members(before: &Field, after: &Field) -> Vec<String> {
    let (mut old, mut new) = (members(before), members(after));
    // Columns are told one by one.
    let has_rows = |field: &Field| matches!(field.kind, FieldKind::Subform(_));
    let both_have_rows = has_rows(before) && has_rows(after);
    for options in [&mut old, &mut new] {
        if let Some(Json::Object(options)) = options.get_mut("options").filter(|_| both_have_rows) {
            options.remove("fields");
        }
    }
    differing(&old, &new)
}

fn changed_in_form(before: &FormDocument, after: &FormDocument) -> Vec<String> {
    let told = |document: &FormDocument| {
        let mut members = members(document);
        members.remove("fields");
        // Where a field stands is told of the field, how wide it is of the form.
        let layout = heads_and_widths(&document.layout, &|key| {
            before.field(key).is_some() && after.field(key).is_some()
        });
        members.insert("layout".into(), layout);
        members
    };
    differing(&told(before), &told(after))
}

/// The headings of a layout, and the widths of the fields that count.
fn heads_and_widths(layout: &[LayoutItem], counts: &dyn Fn(&str) -> bool) -> Json {
    let (mut heads, mut widths) = (Vec::new(), Map::new());
    read(layout, counts, &mut heads, &mut widths);
    Json::Array(vec![Json::Array(heads), Json::Object(widths)])
}

fn read(
    items: &[LayoutItem],
    counts: &dyn Fn(&str) -> bool,
    heads: &mut Vec<Json>,
    widths: &mut Map<String, Json>,
) {
    for item in items {
        heads.extend(item.divider.iter().filter_map(|title| serde_json::to_value(title).ok()));
        // Whoever stands in no layout takes the whole width.
        for cell in item.row.iter().flatten().filter(|cell| counts(&cell.field) && cell.width != 12) {
            widths.insert(cell.field.clone(), cell.width.into());
        }
        for tab in item.tabs.iter().flatten() {
            heads.extend(serde_json::to_value(&tab.label).ok());
            read(&tab.rows, counts, heads, widths);
        }
    }
}

fn differing(old: &Map<String, Json>, new: &Map<String, Json>) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names.into_iter().filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

fn members(of: &impl serde::Serialize) -> Map<String, Json> {
    match serde_json::to_value(of) {
        Ok(Json::Object(members)) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(key: &str, label: &str) -> Json {
        json!({"key": key, "label": label, "kind": "text"})
    }

    fn form(fields: Json, more: Json) -> FormDocument {
        let mut form = json!({"key": "f", "label": "F", "fields": fields});
        for (member, value) in more.as_object().unwrap() {
            form[member] = value.clone();
        }
        serde_json::from_value(form).unwrap()
    }

    fn told(before: &FormDocument, after: &FormDocument) -> Vec<String> {
        let word = |difference: &Difference| {
            let part = match &difference.part {
                Part::Form => "form",
                Part::Field(path) => path.as_str(),
            };
            let what = match &difference.what {
                Alteration::Added => "added".to_string(),
                Alteration::Removed => "removed".to_string(),
                Alteration::Moved => "moved".to_string(),
                Alteration::Changed(members) => members.join(" "),
            };
            format!("{part}: {what}")
        };
        after.differences(before).iter().map(word).collect()
    }

    #[test]
    fn every_difference_is_named_once() {
        let none = json!({});
        let before = form(json!([field("a", "A"), field("b", "B"), field("c", "C")]), none.clone());
        let after = form(json!([field("a", "A"), field("b", "Bee"), field("d", "D")]), none.clone());
        assert_eq!(told(&before, &after), ["b: label", "d: added", "c: removed"]);
        let turned = form(json!([field("b", "B"), field("c", "C"), field("a", "A")]), none);
        assert_eq!(told(&before, &turned), ["a: moved"]);
        assert!(before.differences(&before).is_empty());
    }

    #[test]
    fn what_is_said_of_the_form_is_told_by_its_members() {
        let fields = json!([field("a", "A"), field("b", "B")]);
        let row = |key: &str, width: u32| json!({"row": [{"field": key, "width": width}]});
        let before = form(fields.clone(), json!({}));
        let laid = form(fields.clone(), json!({"layout": [row("a", 12), row("b", 12)]}));
        assert!(laid.differences(&before).is_empty(), "it looks the same");
        let wide = form(
            fields.clone(),
            json!({"layout": [row("a", 6), {"divider": "D"}, row("b", 12)],
            "title": "{a}", "rules": [{"when": {"all": []}, "show": ["a"]}]}),
        );
        assert_eq!(told(&before, &wide), ["form: layout rules title"]);
    }

    #[test]
    fn columns_are_told_one_by_one() {
        let lines = |columns: Json| json!([{"key": "l", "label": "L", "kind": "subform", "options": {"fields": columns}}]);
        let before = form(lines(json!([field("a", "A"), field("b", "B")])), json!({}));
        let after = form(lines(json!([field("b", "Bee"), field("c", "C")])), json!({}));
        assert_eq!(told(&before, &after), ["l.b: label", "l.c: added", "l.a: removed"]);
        let empty = form(json!([]), json!({}));
        assert_eq!(told(&empty, &after), ["l: added"]);
        assert_eq!(told(&after, &empty), ["l: removed"]);
    }
}

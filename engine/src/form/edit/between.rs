//! The commands that make one document of another: how an earlier version is taken up again, as a step that can be taken
//! back.

use serde_json::{Map, Value as Json};

use super::Edit;
use crate::field::FieldKind;
use crate::form::{Field, FormDocument};

/// The members of the form itself that commands replace.
const OF_FORM: [&str; 6] = ["label", "icon", "title", "unique", "scripts", "settings"];

impl Edit {
    /// The commands that make `to` of `from`. Both are documents of one form: its key and format stay.
    pub fn between(from: &FormDocument, to: &FormDocument) -> Vec<Edit> {
        let mut way = Way { now: from.clone(), edits: Vec::new() };
        way.fields(None, &to.fields);
        way.rules(to);
        let (before, after) = (members(from), members(to));
        for member in OF_FORM {
            let value = after.get(member).cloned().unwrap_or_default();
            if before.get(member).cloned().unwrap_or_default() != value {
                way.go(Edit::SetForm { member: member.to_string(), value });
            }
        }
        if way.now.layout != to.layout {
            way.go(Edit::SetLayout { layout: to.layout.clone() });
        }
        way.edits
    }
}

/// The commands so far, and what they made.
struct Way {
    now: FormDocument,
    edits: Vec<Edit>,
}

impl Way {
    fn go(&mut self, edit: Edit) {
        if edit.apply(&mut self.now).is_ok() {
            self.edits.push(edit);
        }
    }

    fn list(&self, within: Option<&str>) -> &[Field] {
        match within {
            None => &self.now.fields,
            Some(subform) => self.now.field(subform).map(Field::columns).unwrap_or_default(),
        }
    }

    fn fields(&mut self, within: Option<&str>, wanted: &[Field]) {
        let path = |key: &str| within.map_or_else(|| key.to_string(), |subform| format!("{subform}.{key}"));
        let is_gone = |field: &&Field| wanted.iter().all(|kept| kept.key != field.key);
        let gone: Vec<String> = self.list(within).iter().filter(is_gone).map(|it| path(&it.key)).collect();
        for key in gone {
            self.go(Edit::RemoveField { key });
        }
        for (position, field) in wanted.iter().enumerate() {
            let known = self.list(within).iter().enumerate().find(|(_, known)| known.key == field.key);
            let Some((place, known)) = known.map(|(place, known)| (place, known.clone())) else {
                let (within, position) = (within.map(str::to_string), Some(position));
                self.go(Edit::AddField { within, position, at: None, field: Box::new(field.clone()) });
                continue;
            };
            self.field(&path(&field.key), &known, field);
            if place != position {
                self.go(Edit::MoveField { key: path(&field.key), position, at: None });
            }
        }
    }

    fn field(&mut self, path: &str, known: &Field, wanted: &Field) {
        match (&known.kind, &wanted.kind) {
            (FieldKind::Subform(before), FieldKind::Subform(after)) => {
                self.fields(Some(path), &after.fields);
                let rows = [
                    ("options.min_rows", before.min_rows, after.min_rows),
                    ("options.max_rows", before.max_rows, after.max_rows),
                ];
                for (member, before, after) in rows {
                    if before != after {
                        self.set(path, member, after.map(Json::from).unwrap_or_default());
                    }
                }
            }
            (before, after) if before != after => {
                let (kind, options) = (after.name().to_string(), after.options());
                self.go(Edit::SetKind { key: path.to_string(), kind, options });
            }
            _alike => {}
        }
        let (before, after) = (members(known), members(wanted));
        let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
        for member in names.filter(|name| !matches!(name.as_str(), "key" | "kind" | "options")) {
            if before.get(member) != after.get(member) {
                self.set(path, member, after.get(member).cloned().unwrap_or_default());
            }
        }
    }

    fn set(&mut self, path: &str, member: &str, value: Json) {
        self.go(Edit::Set { key: path.to_string(), member: member.to_string(), value });
    }

    fn rules(&mut self, to: &FormDocument) {
        if self.now.rules != to.rules {
            for position in (0..self.now.rules.len()).rev() {
                self.go(Edit::RemoveRule { position });
            }
            for rule in &to.rules {
                self.go(Edit::AddRule { position: None, rule: rule.clone() });
            }
        }
        if self.now.validate != to.validate {
            for position in (0..self.now.validate.len()).rev() {
                self.go(Edit::RemoveValidation { position });
            }
            for validation in &to.validate {
                self.go(Edit::AddValidation { position: None, validation: validation.clone() });
            }
        }
    }
}

/// The members of something as documents have them.
fn members(of: &impl serde::Serialize) -> Map<String, Json> {
    match serde_json::to_value(of) {
        Ok(Json::Object(members)) => members,
        _ => Map::new(),
    }
}

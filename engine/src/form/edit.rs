//! The designer's commands. Each knows its inverse, so undo, redo, autosave, the difference between versions and the
//! HTTP `edits` call are the same thing.
//!
//! A command changes a [`FormDocument`], which need not be publishable in between: an unfinished rule is kept as it is.

mod between;
mod layouts;
pub(super) mod order;
mod rebase;
#[cfg(test)]
mod tests;

pub use rebase::{Names, Rebased, rebase};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::document::{LayoutItem, Row};
use super::{Field, FormDocument, Rule, Validation};
use crate::field::FieldKind;
use crate::text::{Fault, Label};

/// One command of the designer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Puts a field into the form, or a column into the sub-form `within`, before the one at `position` (at the end
    /// without it).
    AddField {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<usize>,
        /// Its place in the layout, where the form has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<At>,
        field: Box<Field>,
    },
    /// Takes out the field or column at a path.
    RemoveField {
        key: String,
    },
    /// Moves a field among its siblings.
    MoveField {
        key: String,
        position: usize,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<At>,
    },
    /// Replaces a member of a field as in documents (`label`, `required`, `options`, `options.scale`, `compute` …);
    /// `null` takes it away.
    Set {
        key: String,
        member: String,
        value: Json,
    },
    /// Makes it a field of another kind, with the options of that.
    SetKind {
        key: String,
        kind: String,
        #[serde(default, skip_serializing_if = "Json::is_null")]
        options: Json,
    },
    /// Replaces a member of the form itself: `label`, `icon`, `title`, `unique`, `scripts`, `settings`.
    SetForm {
        member: String,
        value: Json,
    },
    AddRule {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<usize>,
        rule: Rule,
    },
    RemoveRule {
        position: usize,
    },
    SetRule {
        position: usize,
        rule: Rule,
    },
    AddValidation {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<usize>,
        validation: Validation,
    },
    RemoveValidation {
        position: usize,
    },
    SetValidation {
        position: usize,
        validation: Validation,
    },
    /// Replaces the whole layout.
    SetLayout {
        layout: Vec<LayoutItem>,
    },
}

/// A place in the layout: the row, and the column in it. A row of `null` makes a row of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    pub row: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

impl Edit {
    /// Carries the command out and gives the commands that take it back, in order.
    ///
    /// # Errors
    /// The command does not fit the document: an unknown field, a key used twice, a member that can't be read. The
    /// document is unchanged then.
    pub fn apply(&self, document: &mut FormDocument) -> Result<Vec<Edit>, Fault> {
        let before = document.layout.clone();
        let mut undo = self.change(document)?;
        // A field that is put back gets a place where the form has a layout, also one that had none in it.
        let places = |edit: &Edit| matches!(edit, Edit::AddField { within: None, .. });
        if document.layout != before || (!before.is_empty() && undo.iter().any(places)) {
            undo.push(Edit::SetLayout { layout: before });
        }
        Ok(undo)
    }

    fn change(&self, document: &mut FormDocument) -> Result<Vec<Edit>, Fault> {
        match self {
            Edit::AddField { within, position, at, field } => {
                add_field(document, within.as_deref(), *position, *at, field)
            }
            Edit::RemoveField { key } => remove_field(document, key),
            Edit::MoveField { key, position, at } => move_field(document, key, *position, *at),
            Edit::Set { key, member, value } => set_member(document, key, member, value),
            Edit::SetKind { key, kind, options } => set_kind(document, key, kind, options),
            Edit::SetForm { member, value } => set_form(document, member, value),
            Edit::AddRule { position, rule } => {
                let place = insert(&mut document.rules, *position, rule.clone())?;
                Ok(vec![Edit::RemoveRule { position: place }])
            }
            Edit::RemoveRule { position } => {
                let rule = remove(&mut document.rules, *position)?;
                Ok(vec![Edit::AddRule { position: Some(*position), rule }])
            }
            Edit::SetRule { position, rule } => {
                let old = replace(&mut document.rules, *position, rule.clone())?;
                Ok(vec![Edit::SetRule { position: *position, rule: old }])
            }
            Edit::AddValidation { position, validation } => {
                let place = insert(&mut document.validate, *position, validation.clone())?;
                Ok(vec![Edit::RemoveValidation { position: place }])
            }
            Edit::RemoveValidation { position } => {
                let validation = remove(&mut document.validate, *position)?;
                Ok(vec![Edit::AddValidation { position: Some(*position), validation }])
            }
            Edit::SetValidation { position, validation } => {
                let old = replace(&mut document.validate, *position, validation.clone())?;
                Ok(vec![Edit::SetValidation { position: *position, validation: old }])
            }
            Edit::SetLayout { layout } => {
                document.layout.clone_from(layout);
                Ok(Vec::new())
            }
        }
    }

    /// The field that the command is about, for its name in the undo list.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Edit::AddField { field, .. } => Some(&field.key),
            Edit::RemoveField { key }
            | Edit::MoveField { key, .. }
            | Edit::Set { key, .. }
            | Edit::SetKind { key, .. } => Some(key),
            Edit::SetForm { .. }
            | Edit::AddRule { .. }
            | Edit::RemoveRule { .. }
            | Edit::SetRule { .. }
            | Edit::AddValidation { .. }
            | Edit::RemoveValidation { .. }
            | Edit::SetValidation { .. }
            | Edit::SetLayout { .. } => None,
        }
    }

    /// What the command touches, as words from the whole to the part: `field amount label`.
    pub fn touches(&self) -> String {
        match self {
            Edit::AddField { field, within, .. } => match within {
                Some(subform) => format!("field {subform}.{}", field.key),
                None => format!("field {}", field.key),
            },
            Edit::RemoveField { key } => format!("field {key}"),
            Edit::MoveField { key, .. } => format!("field {key} position"),
            Edit::Set { key, member, .. } => format!("field {key} {member}"),
            Edit::SetKind { key, .. } => format!("field {key} options"),
            Edit::SetForm { member, .. } => format!("form {member}"),
            Edit::AddRule { .. } | Edit::RemoveRule { .. } | Edit::SetRule { .. } => "rules".into(),
            Edit::AddValidation { .. } | Edit::RemoveValidation { .. } | Edit::SetValidation { .. } => {
                "validate".into()
            }
            Edit::SetLayout { .. } => "layout".into(),
        }
    }

    /// Whether two commands that touch these can't change places: one of them touches the other one's whole.
    pub fn collide(touched: &str, other: &str) -> bool {
        let is_part = |part: &str, whole: &str| {
            part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '.']))
        };
        is_part(touched, other) || is_part(other, touched)
    }
}

fn unknown(key: &str) -> Fault {
    Fault::new("key", "unknown_field").arg("field", key)
}

fn out_of_place() -> Fault {
    Fault::new("position", "out_of_range")
}

/// The list that a path's field is in, and the field's own key.
fn siblings<'d>(document: &'d mut FormDocument, path: &str) -> Result<(&'d mut Vec<Field>, String), Fault> {
    match path.split_once('.') {
        None => Ok((&mut document.fields, path.to_string())),
        Some((subform, column)) => Ok((columns(document, subform)?, column.to_string())),
    }
}

fn columns<'d>(document: &'d mut FormDocument, subform: &str) -> Result<&'d mut Vec<Field>, Fault> {
    let field =
        document.fields.iter_mut().find(|field| field.key == subform).ok_or_else(|| unknown(subform))?;
    match &mut field.kind {
        FieldKind::Subform(options) => Ok(&mut options.fields),
        _ => Err(Fault::new("key", "not_a_subform").arg("field", subform)),
    }
}

fn add_field(
    document: &mut FormDocument,
    within: Option<&str>,
    position: Option<usize>,
    at: Option<At>,
    field: &Field,
) -> Result<Vec<Edit>, Fault> {
    let list = match within {
        None => &mut document.fields,
        Some(subform) => columns(document, subform)?,
    };
    if list.iter().any(|known| known.key == field.key) {
        return Err(Fault::new("field.key", "duplicate_key").arg("key", &field.key));
    }
    insert(list, position, field.clone())?;
    let path = within.map_or_else(|| field.key.clone(), |subform| format!("{subform}.{}", field.key));
    if within.is_none() {
        place(document, &field.key, 12, at);
    }
    Ok(vec![Edit::RemoveField { key: path }])
}

fn remove_field(document: &mut FormDocument, path: &str) -> Result<Vec<Edit>, Fault> {
    let (list, key) = siblings(document, path)?;
    let position = list.iter().position(|field| field.key == key).ok_or_else(|| unknown(path))?;
    let field = list.remove(position);
    let within = path.split_once('.').map(|(subform, _)| subform.to_string());
    if within.is_none() {
        take_from_layout(&mut document.layout, &key);
    }
    Ok(vec![Edit::AddField { within, position: Some(position), at: None, field: Box::new(field) }])
}

fn move_field(
    document: &mut FormDocument,
    path: &str,
    position: usize,
    at: Option<At>,
) -> Result<Vec<Edit>, Fault> {
    let (list, key) = siblings(document, path)?;
    let from = list.iter().position(|field| field.key == key).ok_or_else(|| unknown(path))?;
    if position >= list.len() {
        return Err(out_of_place());
    }
    let field = list.remove(from);
    list.insert(position, field);
    if !path.contains('.') && at.is_some() {
        let width = take_from_layout(&mut document.layout, &key).unwrap_or(12);
        place(document, &key, width, at);
    }
    Ok(vec![Edit::MoveField { key: path.to_string(), position: from, at: None }])
}

/// Puts a field into the layout; a form without layout shows its fields in order and gets none.
fn place(document: &mut FormDocument, key: &str, width: u32, at: Option<At>) {
    if document.layout.is_empty() {
        return;
    }
    let item = Row { field: key.to_string(), width };
    let at = at.unwrap_or(At { row: document.layout.len(), column: None });
    let row = at.row.min(document.layout.len());
    if let (Some(column), Some(LayoutItem { row: Some(cells), .. })) =
        (at.column, document.layout.get_mut(row))
    {
        cells.insert(column.min(cells.len()), item);
        return;
    }
    document.layout.insert(row, LayoutItem { row: Some(vec![item]), tabs: None, divider: None });
}

/// Takes a field out of the layout, and the row if it was alone in it; gives the width it had.
fn take_from_layout(items: &mut Vec<LayoutItem>, key: &str) -> Option<u32> {
    let mut width = None;
    for item in items.iter_mut() {
        if let Some(cells) = &mut item.row {
            if let Some(found) = cells.iter().find(|cell| cell.field == key) {
                width = Some(found.width);
            }
            cells.retain(|cell| cell.field != key);
        }
        for tab in item.tabs.iter_mut().flatten() {
            width = take_from_layout(&mut tab.rows, key).or(width);
        }
    }
    items.retain(|item| item.row.as_ref().is_none_or(|cells| !cells.is_empty()));
    width
}

fn set_member(
    document: &mut FormDocument,
    path: &str,
    member: &str,
    value: &Json,
) -> Result<Vec<Edit>, Fault> {
    let (list, key) = siblings(document, path)?;
    let field = list.iter_mut().find(|field| field.key == key).ok_or_else(|| unknown(path))?;
    if member == "key" {
        return Err(Fault::new("member", "not_writable"));
    }
    let mut json = serde_json::to_value(&*field).unwrap_or_default();
    let old = exchange(&mut json, member, value)
        .ok_or_else(|| Fault::new("member", "unknown_field").arg("field", member))?;
    let changed: Field = serde_json::from_value(json)
        .map_err(|error| Fault::new("value", "invalid_options").arg("detail", error))?;
    *field = changed;
    Ok(vec![Edit::Set { key: path.to_string(), member: member.to_string(), value: old }])
}

fn set_kind(document: &mut FormDocument, path: &str, kind: &str, options: &Json) -> Result<Vec<Edit>, Fault> {
    let (list, key) = siblings(document, path)?;
    let field = list.iter_mut().find(|field| field.key == key).ok_or_else(|| unknown(path))?;
    let old = std::mem::replace(&mut field.kind, FieldKind::from_parts(kind, options.clone())?);
    let (kind, options) = (old.name().to_string(), old.options());
    Ok(vec![Edit::SetKind { key: path.to_string(), kind, options }])
}

fn set_form(document: &mut FormDocument, member: &str, value: &Json) -> Result<Vec<Edit>, Fault> {
    if !matches!(member, "label" | "icon" | "title" | "unique" | "scripts" | "settings") {
        return Err(Fault::new("member", "unknown_field").arg("field", member));
    }
    let mut json = serde_json::to_value(&*document).unwrap_or_default();
    let old = exchange(&mut json, member, value).unwrap_or_default();
    *document = serde_json::from_value(json)
        .map_err(|error| Fault::new("value", "invalid_options").arg("detail", error))?;
    Ok(vec![Edit::SetForm { member: member.to_string(), value: old }])
}

/// Replaces the member at a dotted path of a JSON object and gives what was there; `null` takes it away.
fn exchange(json: &mut Json, path: &str, value: &Json) -> Option<Json> {
    let object = json.as_object_mut()?;
    match path.split_once('.') {
        None if value.is_null() => Some(object.remove(path).unwrap_or_default()),
        None => Some(object.insert(path.to_string(), value.clone()).unwrap_or_default()),
        Some((head, rest)) => {
            let inner = object.entry(head).or_insert_with(|| Json::Object(serde_json::Map::new()));
            exchange(inner, rest, value)
        }
    }
}

fn insert<T>(list: &mut Vec<T>, position: Option<usize>, item: T) -> Result<usize, Fault> {
    let place = position.unwrap_or(list.len());
    if place > list.len() {
        return Err(out_of_place());
    }
    list.insert(place, item);
    Ok(place)
}

fn remove<T>(list: &mut Vec<T>, position: usize) -> Result<T, Fault> {
    if position >= list.len() {
        return Err(out_of_place());
    }
    Ok(list.remove(position))
}

fn replace<T>(list: &mut [T], position: usize, item: T) -> Result<T, Fault> {
    list.get_mut(position).map(|place| std::mem::replace(place, item)).ok_or_else(out_of_place)
}

/// A label for a command that has none of its own: the field's.
pub fn field_label(document: &FormDocument, key: &str) -> Option<Label> {
    document.field(key).map(|field| field.label.clone())
}

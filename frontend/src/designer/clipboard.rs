//! Fields that are copied: within a form, into another one, into another app.

use engine::field::FieldKind;
use engine::form::edit::Edit;
use engine::form::{Field, FormDocument};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::canvas::{shown_order, widened};
use super::drag::{Landing, landed};
use crate::browser;

/// Where the browser keeps what was copied, for all its tabs.
const PLACE: &str = "copied-fields";

/// What was copied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Copied {
    /// The app that it is from: what it names of that is named with it elsewhere.
    app: String,
    fields: Vec<Field>,
    /// The widths of the fields in twelfths.
    widths: Vec<u32>,
}

impl Copied {
    /// The fields with these keys, in the order of the form.
    pub fn of(document: &FormDocument, app: &str, keys: &[String]) -> Copied {
        let cells = shown_order(document).into_iter().filter(|cell| keys.contains(&cell.field));
        let found = cells.filter_map(|cell| Some((document.field(&cell.field)?.clone(), cell.width)));
        let (fields, widths) = found.unzip();
        Copied { app: app.to_string(), fields, widths }
    }

    pub fn count(&self) -> usize {
        self.fields.len()
    }

    /// Keeps it for all forms that are designed in this browser.
    pub fn keep(&self) {
        if let Ok(json) = serde_json::to_string(self) {
            browser::remember(PLACE, &json);
        }
    }

    /// What was copied last; nothing where nothing was, or that can't be read any more.
    pub fn kept() -> Option<Copied> {
        let kept: Copied = serde_json::from_str(&browser::remembered(PLACE)?).ok()?;
        (!kept.fields.is_empty()).then_some(kept)
    }

    /// The commands that put it into a form of an app at `landing`, and the keys that the fields have there.
    pub fn pasted(&self, document: &FormDocument, app: &str, landing: &Landing) -> (Vec<Edit>, Vec<String>) {
        let mut now = document.clone();
        let (mut edits, mut keys) = (Vec::new(), Vec::new());
        let mut landing = landing.clone();
        for (field, width) in self.fields.iter().zip(&self.widths) {
            let mut field = if app == self.app { field.clone() } else { named_from(field, &self.app, app) };
            field.key = free_key(&now, &field.key);
            let key = field.key.clone();
            let add = Edit::AddField { within: None, position: None, at: None, field: Box::new(field) };
            let mut own = vec![add];
            if !carry_out(&mut now, &own) {
                continue;
            }
            let mut next = landed(&now, &key, &landing).unwrap_or_default();
            carry_out(&mut now, &next);
            own.append(&mut next);
            if *width != 12 {
                let wide = vec![widened(&now, &key, *width)];
                carry_out(&mut now, &wide);
                own.extend(wide);
            }
            edits.extend(own);
            landing = Landing { beside: Some(key.clone()), after: true, under: None };
            keys.push(key);
        }
        (edits, keys)
    }
}

fn carry_out(document: &mut FormDocument, edits: &[Edit]) -> bool {
    edits.iter().all(|edit| edit.apply(document).is_ok())
}

/// The key itself where it is free, else it with the next number.
fn free_key(document: &FormDocument, key: &str) -> String {
    let is_free = |key: &str| document.field(key).is_none();
    if is_free(key) {
        return key.to_string();
    }
    let stem = key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    let mut numbered = (2..).map(|number| format!("{stem}_{number}"));
    numbered.find(|key| is_free(key)).unwrap_or_default()
}

/// The field as it is written in another app: the forms that it names without their app get it.
fn named_from(field: &Field, from: &str, to: &str) -> Field {
    let Ok(mut json) = serde_json::to_value(field) else { return field.clone() };
    let is_link = |kind: &FieldKind| {
        matches!(kind, FieldKind::Link(_) | FieldKind::Links(_) | FieldKind::Rollup(_) | FieldKind::Query(_))
    };
    if is_link(&field.kind) {
        rename(json.pointer_mut("/options/form"), from, to);
    }
    rename(json.pointer_mut("/options/from/form"), from, to);
    rename(json.pointer_mut("/default/linkage/form"), from, to);
    let columns = field.columns().iter().map(|column| named_from(column, from, to));
    let columns: Vec<Field> = columns.collect();
    if !columns.is_empty()
        && let Some(options) = json.pointer_mut("/options").and_then(Json::as_object_mut)
    {
        options.insert("fields".into(), serde_json::to_value(columns).unwrap_or_default());
    }
    serde_json::from_value(json).unwrap_or_else(|_| field.clone())
}

fn rename(name: Option<&mut Json>, from: &str, to: &str) {
    let Some(Json::String(name)) = name else { return };
    match name.split_once('/') {
        None if !name.is_empty() && name.parse::<i64>().is_err() => *name = format!("{from}/{name}"),
        // What is of the app that it comes to needs no app.
        Some((app, form)) if app == to => *name = form.to_string(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::laid_out;

    fn keys(document: &FormDocument) -> Vec<String> {
        shown_order(document).into_iter().map(|cell| format!("{}{}", cell.field, cell.width)).collect()
    }

    #[test]
    fn copies_stand_where_they_are_put_under_keys_of_their_own() {
        let rows = json!([{"row": [{"field": "a", "width": 6}, {"field": "b", "width": 6}]},
            {"row": [{"field": "c", "width": 12}]}]);
        let mut document = laid_out(rows);
        let copied = Copied::of(&document, "shop", &["b".to_string(), "a".to_string()]);
        assert_eq!(copied.count(), 2);
        let landing = Landing { beside: Some("c".into()), after: true, under: None };
        let (edits, made) = copied.pasted(&document, "shop", &landing);
        assert_eq!(made, ["a_2", "b_2"]);
        let start = document.clone();
        let undo: Vec<Vec<Edit>> = edits.iter().map(|edit| edit.apply(&mut document).unwrap()).collect();
        assert_eq!(keys(&document), ["a6", "b6", "c12", "a_26", "b_26"]);
        for edit in undo.into_iter().rev().flatten() {
            edit.apply(&mut document).unwrap();
        }
        assert_eq!(document, start);
    }

    #[test]
    fn a_link_leads_to_the_same_form_from_another_app() {
        let document: FormDocument = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            {"key": "who", "label": "Who", "kind": "link", "options": {"form": "customer"}},
            {"key": "lines", "label": "L", "kind": "subform", "options": {"fields": [
                {"key": "what", "label": "What", "kind": "link", "options": {"form": "stock/product"}}]}}]}))
        .unwrap();
        let copied = Copied::of(&document, "shop", &["who".to_string(), "lines".to_string()]);
        let target: FormDocument =
            serde_json::from_value(json!({"key": "g", "label": "G", "fields": []})).unwrap();
        let linked = |app: &str| {
            let mut target = target.clone();
            copied
                .pasted(&target, app, &Landing::default())
                .0
                .iter()
                .for_each(|edit| drop(edit.apply(&mut target)));
            let of = |path: &str| target.field(path).unwrap().kind.options()["form"].clone();
            [of("who"), of("lines.what")]
        };
        assert_eq!(linked("shop"), [json!("customer"), json!("stock/product")]);
        assert_eq!(linked("stock"), [json!("shop/customer"), json!("product")]);
        assert_eq!(linked("office"), [json!("shop/customer"), json!("stock/product")]);
    }
}

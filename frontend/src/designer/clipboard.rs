//! Fields that are copied: within a form, into another one, into another app.

use std::collections::BTreeMap;

use engine::form::edit::Edit;
use engine::form::{Field, FormDocument};
use serde::{Deserialize, Serialize};

use super::canvas::{shown_order, widened};
use super::copied_names::{Names, named};
use super::drag::{Landing, landed};
use super::palette::is_column_kind;
use crate::browser;

/// Where the browser keeps what was copied, for all its tabs.
const PLACE: &str = "copied-fields";

/// The width of a whole row, in twelfths.
const FULL: u32 = 12;

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

    /// A column of a sub-form.
    pub fn of_column(document: &FormDocument, app: &str, (subform, column): (&str, &str)) -> Copied {
        let found = document.field(&format!("{subform}.{column}"));
        let fields: Vec<Field> = found.cloned().into_iter().collect();
        Copied { app: app.to_string(), widths: vec![FULL; fields.len()], fields }
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

    /// Whether all of it can be columns of a sub-form.
    pub fn fits_rows(&self) -> bool {
        self.fields.iter().all(|field| is_column_kind(field.kind.name()))
    }

    /// The keys that the fields have where they are put in, in their order; `path` says where a key would stand in the form.
    fn free_keys(&self, document: &FormDocument, path: &dyn Fn(&str) -> String) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for field in &self.fields {
            let is_free =
                |key: &str| document.field(&path(key)).is_none() && keys.iter().all(|taken| taken != key);
            let key = free_key(&field.key, &is_free);
            keys.push(key);
        }
        keys
    }

    /// The fields under these keys, with what they name as it is called in the app `app`.
    fn under(&self, keys: &[String], app: &str) -> Vec<Field> {
        let both = || self.fields.iter().zip(keys);
        let others = both().filter(|(field, key)| field.key != **key);
        let others: BTreeMap<String, String> =
            others.map(|(field, key)| (field.key.clone(), key.clone())).collect();
        let names = Names { apps: (self.app.as_str(), app), keys: &others };
        both().map(|(field, key)| Field { key: key.clone(), ..named(field, &names) }).collect()
    }

    /// The commands that put it into a sub-form, behind one of its columns, and the keys of the new ones.
    pub fn pasted_in_rows(
        &self,
        document: &FormDocument,
        app: &str,
        (subform, beside): (&str, &str),
    ) -> (Vec<Edit>, Vec<String>) {
        let columns = document.field(subform).map(Field::columns).unwrap_or_default();
        let place = columns.iter().position(|column| column.key == beside);
        let place = place.map_or(columns.len(), |place| place + 1);
        let keys = self.free_keys(document, &|key| format!("{subform}.{key}"));
        let add = |(number, field): (usize, Field)| Edit::AddField {
            within: Some(subform.to_string()),
            position: Some(place + number),
            at: None,
            field: Box::new(field),
        };
        let edits = self.under(&keys, app).into_iter().enumerate().map(add).collect();
        (edits, keys)
    }

    /// The commands that put it into a form of an app at `landing`, and the keys that the fields have there. What the fields say of
    /// each other goes with them.
    pub fn pasted(&self, document: &FormDocument, app: &str, landing: &Landing) -> (Vec<Edit>, Vec<String>) {
        let mut now = document.clone();
        let (mut edits, mut keys) = (Vec::new(), Vec::new());
        let mut landing = landing.clone();
        let free = self.free_keys(document, &|key| key.to_string());
        for (field, width) in self.under(&free, app).into_iter().zip(&self.widths) {
            let key = field.key.clone();
            // A total is of columns alone.
            let field = Field { total: None, ..field };
            let add = Edit::AddField { within: None, position: None, at: None, field: Box::new(field) };
            let mut own = vec![add];
            if !carry_out(&mut now, &own) {
                continue;
            }
            let mut next = landed(&now, &key, &landing).unwrap_or_default();
            carry_out(&mut now, &next);
            own.append(&mut next);
            if *width != FULL {
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
fn free_key(key: &str, is_free: &dyn Fn(&str) -> bool) -> String {
    if is_free(key) {
        return key.to_string();
    }
    let stem = key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    let mut numbered = (2..).map(|number| format!("{stem}_{number}"));
    numbered.find(|key| is_free(key)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

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
    fn a_column_is_copied_beside_another_one_and_out_of_its_table() {
        let column = |key: &str| json!({"key": key, "label": key, "kind": "number"});
        let lines = json!({"key": "lines", "label": "L", "kind": "subform",
            "options": {"fields": [column("qty"), column("price")]}});
        let mut document: FormDocument = serde_json::from_value(json!({"key": "f", "label": "F",
            "fields": [lines, {"key": "no", "label": "N", "kind": "serial", "options": {"parts": [{"counter": {"width": 4}}]}}]}))
        .unwrap();
        let copied = Copied::of_column(&document, "shop", ("lines", "qty"));
        assert!(copied.fits_rows());
        let (edits, made) = copied.pasted_in_rows(&document, "shop", ("lines", "qty"));
        assert_eq!(made, ["qty_2"]);
        edits.iter().for_each(|edit| drop(edit.apply(&mut document).unwrap()));
        let keys = |document: &FormDocument| {
            let columns = document.field("lines").unwrap().columns().iter();
            columns.map(|column| column.key.clone()).collect::<Vec<_>>()
        };
        assert_eq!(keys(&document), ["qty", "qty_2", "price"]);
        // Among the fields of the form its own key is free.
        assert_eq!(copied.pasted(&document, "shop", &Landing::default()).1, ["qty"]);
        // A serial number is of the whole record.
        assert!(!Copied::of(&document, "shop", &["no".to_string()]).fits_rows());
    }

    #[test]
    fn what_copied_fields_say_of_each_other_goes_with_them() {
        let number = |key: &str| json!({"key": key, "label": key, "kind": "number"});
        let twice = json!({"key": "formula_1", "label": "Twice", "kind": "formula",
            "options": {"formula": "number_1 * number_2"}});
        let form = |fields: Json| -> FormDocument {
            serde_json::from_value(json!({"key": "f", "label": "F", "fields": fields})).unwrap()
        };
        let from = form(json!([number("number_1"), number("number_2"), twice]));
        let keys = ["number_1", "number_2", "formula_1"].map(str::to_string);
        let copied = Copied::of(&from, "shop", &keys);
        // What they are called there is another number: theirs is not read.
        let mut other = form(json!([number("number_1")]));
        let (edits, made) = copied.pasted(&other, "shop", &Landing::default());
        edits.iter().for_each(|edit| drop(edit.apply(&mut other).unwrap()));
        assert_eq!(made, ["number_2", "number_3", "formula_1"]);
        assert_eq!(other.field("formula_1").unwrap().kind.options()["formula"], "number_2 * number_3");
        // Alone it goes on reading what it read.
        let mut alone = from.clone();
        let (edits, made) = Copied::of(&from, "shop", &keys[2..]).pasted(&from, "shop", &Landing::default());
        edits.iter().for_each(|edit| drop(edit.apply(&mut alone).unwrap()));
        assert_eq!(made, ["formula_2"]);
        assert_eq!(alone.field("formula_2").unwrap().kind.options()["formula"], "number_1 * number_2");
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

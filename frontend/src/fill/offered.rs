//! What a picker asks the server with: which records a link offers may depend on what else is filled. And what it says where
//! it offers none.

use engine::field::Reference;
use engine::form::{Form, split_row};
use engine::value::{Values, get};
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::loaders::Sought;
use super::state::FormState;
use crate::i18n;

impl FormState {
    /// The question of the picker at a path for what was typed.
    pub(super) fn sought(self, path: &str, text: String) -> Sought {
        let with = self.draft.with_untracked(|draft| compared(draft.form(), draft.values(), path));
        Sought { path: path.to_string(), text, with }
    }
}

impl FormState {
    /// Why the picker of a column offers nothing, as the name of a text; nothing where there is no more to say than that.
    pub(super) fn why_nothing(self, column: &str) -> Option<&'static str> {
        let (target, is_narrowed) = self.draft.with_untracked(|draft| {
            let column = draft.form().column(column)?;
            let is_record = column.field.kind.reference() == Some(Reference::Record);
            Some((column.target.filter(|_| is_record)?, column.filter.is_some()))
        })?;
        let may_make = self.loaders.makes.with_value(|makes| makes.contains(&target));
        match self.loaders.viewed.run(target) {
            false => Some("fill-choices-closed"),
            // There may be others that are not for these eyes.
            true if !may_make && !is_narrowed => Some("grid-empty-reader"),
            true => None,
        }
    }
}

/// These words in the reader's language; none where nothing is said.
pub(super) fn nothing_words(why: Option<&'static str>) -> Signal<String> {
    Signal::derive(move || why.map(|why| i18n::lookup(why, &[])).unwrap_or_default())
}

/// What the filter of the link at a path compares with: fields of the record, and of a row the cells, which stand as the first
/// row of their sub-form. Nothing where it compares with nothing of the record.
fn compared(form: &Form, values: &Values, path: &str) -> Option<Map<String, Json>> {
    let (column, row) = split_row(path);
    let reaches = form.column(&column)?.filter.as_ref()?.asker_reaches();
    if reaches.is_empty() {
        return None;
    }
    let (mut told, mut cells) = (Map::new(), Map::new());
    for own in
        reaches.iter().filter(|reach| reach.rows.is_none()).flat_map(|reach| sources(form, reach.own_path()))
    {
        let Some(read) = form.column(&own) else { continue };
        let key = &read.field.key;
        let Some(subform) = read.subform() else {
            told.insert(key.clone(), read.read_kind.to_json(get(values, key)));
            continue;
        };
        let row = row.and_then(|row| get(values, subform).rows().get(row));
        if let Some(row) = row {
            cells.insert(key.clone(), read.read_kind.to_json(get(&row.values, key)));
        }
    }
    if let Some((subform, _)) = column.split_once('.').filter(|_| !cells.is_empty()) {
        told.insert(subform.to_string(), json!([cells]));
    }
    Some(told)
}

/// A field, and the link that it is read through where it is.
fn sources(form: &Form, own: String) -> Vec<String> {
    let through = form.column(&own).and_then(|column| column.reach.as_ref()).map(|reach| reach.own_path());
    std::iter::once(own).chain(through).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::form::Sketch;
    use engine::value::{Id, Row, Value};

    use super::*;
    use crate::api::forms::Related;

    /// A published form `f` that may link to itself.
    fn linked_to_itself(fields: Json) -> Form {
        let document = json!({"key": "f", "label": "f", "fields": fields});
        let document = serde_json::from_value(document).unwrap();
        let sketch = Arc::new(Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document });
        Form::publish(sketch.clone(), 1, &Related::of(vec![sketch])).unwrap()
    }

    #[test]
    fn a_link_is_offered_by_what_else_is_filled_and_in_a_row_by_its_cells() {
        let alike = |field: &str, own: &str| json!({"field": field, "op": "eq", "value": {"field": own}});
        let other = |filter: Json| json!({"form": "f", "filter": filter});
        let form = linked_to_itself(json!([
            {"key": "town", "label": "Town", "kind": "text"},
            {"key": "same", "label": "Same", "kind": "link", "options": other(alike("town", "town"))},
            {"key": "any", "label": "Any", "kind": "link", "options": {"form": "f"}},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
                {"key": "place", "label": "Place", "kind": "text"},
                {"key": "twin", "label": "Twin", "kind": "link", "options": other(json!({"all": [
                    alike("town", "place"), alike("town", "record.town")]}))}]}}]));
        let row =
            |place: &str| Row { id: None, values: Values::from([("place".to_string(), Value::text(place))]) };
        let values = Values::from([
            ("town".to_string(), Value::text("Basel")),
            ("lines".to_string(), Value::Rows(vec![row("Bern"), row("Chur")])),
        ]);
        assert_eq!(compared(&form, &values, "any"), None);
        assert_eq!(compared(&form, &values, "same").map(Json::Object), Some(json!({"town": "Basel"})));
        let told = json!({"town": "Basel", "lines": [{"place": "Chur"}]});
        assert_eq!(compared(&form, &values, "lines.1.twin").map(Json::Object), Some(told));
        // What is empty is said to be.
        let nothing = compared(&form, &Values::new(), "same").map(Json::Object);
        assert_eq!(nothing, Some(json!({"town": null})));
    }
}

//! The titles of what came into a form after its record: what a mapping filled in, what was kept in a draft.

use std::collections::BTreeSet;

use engine::field::FieldKind;
use engine::form::Form;
use engine::value::{Id, Value, Values, get};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::FormState;

/// What a title is asked for: the form of a record, or none for a member, and its id.
pub type Titled = (Option<Id>, Id);

/// The records and members that these values of a form link to.
pub fn linked_in(form: &Form, values: &Values) -> BTreeSet<Titled> {
    let mut found = BTreeSet::new();
    for column in form.all_columns() {
        let of = match (&column.field.kind, &column.read_kind, column.target) {
            (FieldKind::Link(_), _, Some(target)) => Some(target),
            (_, FieldKind::Member(_), _) => None,
            _ => continue,
        };
        let cells: Vec<&Value> = match column.path.split_once('.') {
            Some((subform, key)) => {
                get(values, subform).rows().iter().map(|row| get(&row.values, key)).collect()
            }
            None => vec![get(values, &column.path)],
        };
        let ids = cells.iter().flat_map(|cell| cell.items()).filter_map(|item| item.as_ref_id());
        found.extend(ids.map(|id| (of, id)));
    }
    found
}

impl FormState {
    /// Asks for the titles that are neither known nor came with the record, once for each.
    pub fn learn_titles(self) {
        let linked = self.draft.with_untracked(|draft| linked_in(draft.form(), draft.values()));
        let unknown: Vec<Titled> =
            linked.into_iter().filter(|(_, id)| self.titles.await_unknown(*id)).collect();
        if unknown.is_empty() {
            return;
        }
        spawn_local(async move {
            let ids: Vec<Id> = unknown.iter().map(|(_, id)| *id).collect();
            // The page may be gone by now.
            let Some(answer) = self.loaders.titles.try_run(unknown) else { return };
            let missed = answer.await;
            self.titles.answered(&ids, &missed);
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn what_is_linked_is_found_in_fields_and_rows() {
        let form = form_of(json!([
            {"key": "name", "label": "name", "kind": "text"},
            {"key": "boss", "label": "boss", "kind": "member"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "who", "label": "who", "kind": "member"}]}}]));
        let id = |number: i64| Id::from_i64(number).unwrap();
        let fields = json!({"name": "7", "boss": id(1).to_string(),
            "lines": [{"who": id(2).to_string()}, {}, {"who": id(1).to_string()}]});
        let values = engine::record::read_values(&form, fields.as_object().unwrap());
        assert_eq!(linked_in(&form, &values), BTreeSet::from([(None, id(1)), (None, id(2))]));
    }
}

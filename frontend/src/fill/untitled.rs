//! The titles of what came into a form after its record: what a mapping filled in, what was kept in a draft.

use std::collections::BTreeSet;

use engine::field::Reference;
use engine::form::Form;
use engine::value::{Id, Value, Values, get};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::FormState;

/// What has a title: a record of a form, a member, a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Record(Id),
    Member,
    Department,
}

/// What a title is asked for, and its id.
pub type Titled = (Named, Id);

/// The records, members and departments that these values of a form link to.
pub fn linked_in(form: &Form, values: &Values) -> BTreeSet<Titled> {
    let mut found = BTreeSet::new();
    for column in form.all_columns() {
        let of = match (column.field.kind.reference(), column.read_kind.reference(), column.target) {
            (Some(Reference::Record), _, Some(target)) => Named::Record(target),
            (_, Some(Reference::Member), _) => Named::Member,
            (_, Some(Reference::Department), _) => Named::Department,
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
            {"key": "depts", "label": "depts", "kind": "departments"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "who", "label": "who", "kind": "members"}]}}]));
        let id = |number: i64| Id::from_i64(number).unwrap();
        let fields = json!({"name": "7", "boss": id(1).to_string(), "depts": [id(4).to_string()],
            "lines": [{"who": [id(2).to_string(), id(3).to_string()]}, {}, {"who": [id(1).to_string()]}]});
        let values = engine::record::read_values(&form, fields.as_object().unwrap());
        let members = [1, 2, 3].map(|number| (Named::Member, id(number)));
        let found = members.into_iter().chain([(Named::Department, id(4))]);
        assert_eq!(linked_in(&form, &values), found.collect());
    }
}

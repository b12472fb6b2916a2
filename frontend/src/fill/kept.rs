//! What is kept of a form that is being filled, until it is saved, and how it is filled in again: the values, what was typed and
//! is no value, and what was chosen beside the fields.

use engine::form::Form;
use engine::value::{Values, get};
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use super::state::FormState;

/// Where what was typed and is no value lies among what is kept, by its path. Keys of fields begin with a letter.
const TYPED: &str = "$typed";

impl FormState {
    /// What somebody entered, as it is kept: the fields in their wire form, and the rest under names that no field has.
    pub fn kept_fields(self) -> Map<String, Json> {
        let beside = self.beside.get_untracked();
        with_rest(self.entered_fields(), self.typed_texts(), beside)
    }

    /// Whether what was kept says anything else than what is there.
    pub fn says_more(self, kept: &Map<String, Json>) -> bool {
        let (typed, beside) = rest_of(kept);
        let values = self.draft.with_untracked(|draft| entered(draft.form(), kept));
        let here = self.typed_texts();
        let knows = |path: &str| {
            self.draft.with_untracked(|draft| draft.form().column(&super::column_path(path)).is_some())
        };
        let types_more = typed.iter().any(|one| knows(&one.0) && !here.contains(one));
        let chose_more = !beside.is_empty() && beside != self.beside.get_untracked();
        types_more || chose_more || self.would_change(values)
    }

    /// Fills in what was kept, as far as the form has the fields.
    pub fn take_kept(self, kept: &Map<String, Json>) {
        let (typed, beside) = rest_of(kept);
        let values = self.draft.with_untracked(|draft| entered(draft.form(), kept));
        self.restore(values);
        for (path, text) in typed {
            self.enter(&path, Json::String(text));
        }
        self.beside.set(beside);
    }

    /// What is kept under a name that no field has; tracked.
    pub fn beside(self, name: &str) -> Option<Json> {
        self.beside.with(|beside| beside.get(name).cloned())
    }

    /// Keeps something that was chosen beside the fields with them, under a name that no field has; nothing for what is empty.
    pub fn keep_beside(self, name: &str, chosen: Option<Json>) {
        if self.beside.with_untracked(|beside| beside.get(name) == chosen.as_ref()) {
            return;
        }
        self.beside.update(|beside| match chosen {
            Some(chosen) => drop(beside.insert(name.to_string(), chosen)),
            None => drop(beside.remove(name)),
        });
        self.changes.update(|changes| *changes += 1);
    }
}

/// What somebody entered, as far as the form has the fields. What was emptied is an entry too.
pub fn entered(form: &Form, fields: &Map<String, Json>) -> Values {
    let mut values = engine::record::read_values(form, fields);
    for key in fields.keys().filter(|key| form.column(key).is_some()) {
        let value = get(&values, key).clone();
        values.insert(key.clone(), value);
    }
    values
}

fn with_rest(
    mut fields: Map<String, Json>,
    typed: Vec<(String, String)>,
    beside: Map<String, Json>,
) -> Map<String, Json> {
    if !typed.is_empty() {
        let typed = typed.into_iter().map(|(path, text)| (path, Json::String(text)));
        fields.insert(TYPED.to_string(), Json::Object(typed.collect()));
    }
    fields.extend(beside);
    fields
}

/// What was typed and is no value, by its path; and what was chosen beside the fields.
fn rest_of(kept: &Map<String, Json>) -> (Vec<(String, String)>, Map<String, Json>) {
    let typed = kept.get(TYPED).and_then(Json::as_object).into_iter().flatten();
    let typed = typed.filter_map(|(path, text)| Some((path.clone(), text.as_str()?.to_string())));
    let beside = kept.iter().filter(|(name, _)| name.starts_with('$') && *name != TYPED);
    (typed.collect(), beside.map(|(name, chosen)| (name.clone(), chosen.clone())).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn what_is_no_value_and_what_was_chosen_are_kept_with_the_fields_and_found_again() {
        let object = |json: Json| json.as_object().cloned().unwrap();
        let fields = object(json!({"name": "Acme"}));
        let typed = vec![("amount".to_string(), "12,x".to_string())];
        let beside = object(json!({"$choose": {"boss": ["7"]}}));
        let kept = with_rest(fields.clone(), typed.clone(), beside.clone());
        assert_eq!(rest_of(&kept), (typed, beside));
        // No more than the fields is kept where there is no more.
        assert_eq!(with_rest(fields.clone(), Vec::new(), Map::new()), fields);
        // It is none of the values.
        let form = form_of(json!([
            {"key": "name", "label": "name", "kind": "text"}, {"key": "amount", "label": "amount", "kind": "number"}]));
        let values = entered(&form, &kept);
        assert_eq!(get(&values, "name"), &engine::value::Value::text("Acme"));
        assert!(values.keys().all(|key| !key.starts_with('$')), "{values:?}");
    }
}

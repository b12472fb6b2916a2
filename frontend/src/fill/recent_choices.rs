//! What somebody chose last in a field, which a picker offers before the rest while nothing is searched for.

use engine::value::Id;
use leptos::prelude::*;

use super::state::FormState;
use crate::browser;
use crate::ui::{Choice, Found, SEARCH_FROM};

/// Choices of one field that are remembered.
const KEPT: usize = 5;

fn place(form: Id, column: &str) -> String {
    format!("formwork.chosen.{form}.{column}")
}

fn ids(place: &str) -> Vec<String> {
    let kept = browser::remembered(place).unwrap_or_default();
    kept.split(' ').filter(|id| !id.is_empty()).map(str::to_string).collect()
}

impl FormState {
    /// Remembers in this browser that a thing was chosen in a field or column.
    pub(super) fn note_chosen(self, column: &str, id: &str) {
        let place = place(self.draft.with_untracked(|draft| draft.form().id()), column);
        browser::remember(&place, &with_first(ids(&place), id).join(" "));
    }

    /// What was found, those first that were chosen last.
    pub(super) fn recent_first(self, column: &str, found: Vec<Found>) -> Vec<Found> {
        // The page may be gone by the time of the answer.
        match self.draft.try_with_untracked(|draft| draft.form().id()) {
            Some(form) => ordered(found, &ids(&place(form, column)), |thing| &thing.id),
            None => found,
        }
    }

    /// The choices of a field, those first that were chosen last. Where they are few enough to be seen at once they stay in
    /// their order: there a place is found faster than a word.
    pub(super) fn recent_choices_first(self, column: &str, choices: Vec<Choice>) -> Vec<Choice> {
        if choices.len() < SEARCH_FROM {
            return choices;
        }
        match self.draft.try_with_untracked(|draft| draft.form().id()) {
            Some(form) => ordered(choices, &ids(&place(form, column)), |choice| &choice.key),
            None => choices,
        }
    }
}

fn with_first(mut kept: Vec<String>, id: &str) -> Vec<String> {
    kept.retain(|known| known != id);
    kept.insert(0, id.to_string());
    kept.truncate(KEPT);
    kept
}

fn ordered<T>(mut found: Vec<T>, recent: &[String], id_of: impl Fn(&T) -> &str) -> Vec<T> {
    let turn = |thing: &T| recent.iter().position(|id| *id == id_of(thing)).unwrap_or(usize::MAX);
    found.sort_by_key(turn);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_last_comes_first_and_the_rest_stays_in_its_order() {
        let found = |ids: &[&str]| -> Vec<Found> {
            ids.iter().map(|id| Found { id: (*id).to_string(), ..Found::default() }).collect()
        };
        let kept = with_first(with_first(vec!["a".into()], "c"), "d");
        assert_eq!(kept, ["d", "c", "a"]);
        let ids: Vec<String> = ordered(found(&["a", "b", "c", "e"]), &kept, |thing| &thing.id)
            .into_iter()
            .map(|f| f.id)
            .collect();
        assert_eq!(ids, ["c", "a", "b", "e"]);
        let many = ["1", "2", "3", "4", "5", "6"].iter().fold(Vec::new(), |kept, id| with_first(kept, id));
        assert_eq!(many, ["6", "5", "4", "3", "2"]);
    }
}

//! The filter in words: a chip for each condition, with a cross that takes it away.

use std::sync::Arc;

use engine::condition::Condition;
use engine::form::Form;
use leptos::prelude::*;

use super::state::GridState;
use super::views::{Unsaved, Views};
use crate::conditions::{Words, subjects};
use crate::t;
use crate::ui::Icon;

/// The chips over the grid, and beside them that the open view was changed; nothing where there is neither.
#[component]
pub fn FilterChips(form: Arc<Form>, state: GridState, views: Views) -> impl IntoView {
    let form = StoredValue::new(form);
    let chip = move |(place, part): (usize, Condition)| {
        let Words { subject, rest } = form.with_value(|form| Words::of(&part, &subjects(form)));
        let remove = move |_| {
            let left = state.filter.get_untracked().and_then(|filter| without(filter, place));
            state.set_filter(left.as_ref());
        };
        view! {
            <span class="filter-chip">
                <b>{subject}</b>
                {rest}
                <button type="button" aria-label=t!("ui-remove") on:click=remove><Icon name="close"/></button>
            </span>
        }
    };
    move || {
        let is_changed = state.is_changed.get();
        let filter = state.filter.get();
        (is_changed || filter.is_some()).then(|| {
            let chips = filter.iter().flat_map(parts).enumerate().map(chip).collect_view();
            view! { <div class="chips-bar">{chips}{is_changed.then(|| view! { <Unsaved views=views/> })}</div> }
        })
    }
}

/// The parts that all must hold; a filter of another form is one part.
fn parts(filter: &Condition) -> Vec<Condition> {
    match filter {
        Condition::All(parts) => parts.clone(),
        other => vec![other.clone()],
    }
}

/// The filter without one of its parts; nothing when none is left.
fn without(filter: Condition, place: usize) -> Option<Condition> {
    let mut left = parts(&filter);
    if place < left.len() {
        left.remove(place);
    }
    (!left.is_empty()).then_some(Condition::All(left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::condition::Operator;

    #[test]
    fn taking_parts_away_ends_in_no_filter() {
        let test = |key: &str| Condition::test(key, Operator::Eq, "x");
        let filter = Condition::All(vec![test("a"), test("b")]);
        let left = without(filter, 0);
        assert_eq!(left, Some(Condition::All(vec![test("b")])));
        assert_eq!(left.and_then(|left| without(left, 0)), None);
        assert_eq!(without(Condition::Any(vec![test("a"), test("b")]), 0), None);
    }
}

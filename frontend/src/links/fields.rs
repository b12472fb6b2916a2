//! Which fields a visitor fills in. One that shows records of another form is opened on purpose: whoever has the link can look
//! these up.

use engine::access::{Openness, openness};
use engine::form::{Column, Form};
use leptos::prelude::*;

use crate::i18n;
use crate::t;
use crate::ui::Checkbox;

/// What of a form a link can let visitors fill in. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    offered: StoredValue<Vec<Offered>>,
    pub fields: RwSignal<Vec<String>>,
    pub lookups: RwSignal<Vec<String>>,
}

/// A field that can be filled in by a link.
#[derive(Clone)]
struct Offered {
    key: String,
    label: Signal<String>,
    /// What of it shows records of another form: the field itself, or columns.
    asks: Vec<(String, Signal<String>)>,
    /// Whether it is chosen where nobody says otherwise: without one that must be filled in nobody could answer.
    is_usual: bool,
}

fn offered(form: &Form) -> Vec<Offered> {
    let label = |column: &Column| {
        let label = column.field.label.clone();
        Signal::derive(move || label.get(i18n::language()).to_string())
    };
    let of = |field: &Column| {
        let parts = std::iter::once(field).chain(form.columns_of(&field.path));
        let asks = parts
            .filter(|part| openness(part) == Openness::Lookup)
            .map(|part| (part.path.clone(), label(part)));
        Offered {
            key: field.path.clone(),
            label: label(field),
            asks: asks.collect(),
            is_usual: openness(field) == Openness::Open || field.field.required,
        }
    };
    form.fields().filter(|field| openness(field) != Openness::Closed).map(of).collect()
}

impl Choice {
    /// What is filled in by a new link: all that shows nothing of other forms by itself.
    pub fn of(form: &Form) -> Choice {
        let offered = offered(form);
        let fields = usual(&offered);
        Choice {
            offered: StoredValue::new(offered),
            fields: RwSignal::new(fields),
            lookups: RwSignal::new(Vec::new()),
        }
    }

    /// Takes what a link says, or what is usual.
    pub fn set(self, of: Option<(Vec<String>, Vec<String>)>) {
        let usual = || (self.offered.with_value(|offered| usual(offered)), Vec::new());
        let (fields, lookups) = of.unwrap_or_else(usual);
        self.fields.set(fields);
        self.lookups.set(lookups);
    }

    /// The chosen fields in the order of the form.
    pub fn in_order(self) -> Vec<String> {
        let chosen = self.fields.get_untracked();
        self.offered.with_value(|offered| {
            offered.iter().map(|field| field.key.clone()).filter(|key| chosen.contains(key)).collect()
        })
    }

    /// What was confirmed of the chosen fields.
    pub fn confirmed(self) -> Vec<String> {
        let chosen = self.fields.get_untracked();
        let mut lookups = self.lookups.get_untracked();
        lookups.retain(|path| path.split('.').next().is_some_and(|key| chosen.iter().any(|one| one == key)));
        lookups
    }
}

fn usual(offered: &[Offered]) -> Vec<String> {
    let open = offered.iter().filter(|field| field.is_usual);
    open.map(|field| field.key.clone()).collect()
}

fn turned(list: RwSignal<Vec<String>>, key: &str, on: bool) {
    list.update(|list| {
        list.retain(|known| known != key);
        if on {
            list.push(key.to_string());
        }
    });
}

/// The fields with a box each; below one that shows records of another form, what that means.
#[component]
pub(super) fn FieldChoice(choice: Choice) -> impl IntoView {
    let confirmation = move |(path, label): (String, Signal<String>)| {
        let (shown, path) = (path.clone(), StoredValue::new(path));
        let is_on = Signal::derive(move || choice.lookups.with(|lookups| lookups.contains(&shown)));
        view! {
            <Checkbox checked=is_on on_change=move |on: bool| path.with_value(|path| turned(choice.lookups, path, on))>
                {move || t!("links-lookup", field = label.get())()}
            </Checkbox>
        }
    };
    let line = move |field: Offered| {
        let (shown, key) = (field.key.clone(), StoredValue::new(field.key));
        let is_on = Memo::new(move |_| choice.fields.with(|fields| fields.contains(&shown)));
        let (label, asks) = (field.label, StoredValue::new(field.asks));
        let below = move || {
            let asks = asks.get_value();
            (is_on.get() && !asks.is_empty()).then(|| {
                view! { <div class="stack g1 link-lookups">{asks.into_iter().map(confirmation).collect_view()}</div> }
            })
        };
        view! {
            <Checkbox checked=is_on on_change=move |on: bool| key.with_value(|key| turned(choice.fields, key, on))>{label}</Checkbox>
            {below}
        }
    };
    view! { <div class="stack g1">{choice.offered.get_value().into_iter().map(line).collect_view()}</div> }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn people_are_chosen_by_no_visitor() {
        let form = form_of(json!([
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "boss", "label": "Boss", "kind": "member"},
            {"key": "twice", "label": "Twice", "kind": "formula", "options": {"formula": "1 + 1"}}]));
        let owner = Owner::new();
        owner.with(|| {
            assert_eq!(usual(&offered(&form)), ["name", "twice"]);
            let choice = Choice::of(&form);
            choice.lookups.set(vec!["name".into(), "boss".into()]);
            assert_eq!(
                (choice.in_order(), choice.confirmed()),
                (vec!["name".to_string(), "twice".to_string()], vec!["name".to_string()])
            );
        });
    }
}

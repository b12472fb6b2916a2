//! Whom somebody names for later steps of a flow that leave it to them.

use std::collections::BTreeMap;

use engine::value::Id;
use leptos::prelude::*;
use serde_json::{Value as Json, json};
use wire::flows::StepToChoose;

use crate::api::people;
use crate::fill::FormState;
use crate::ui::{Choice, Field, MultiSelect};
use crate::{i18n, text};

/// Where those who were named lie among what is kept of a form. Keys of fields begin with a letter.
const KEPT: &str = "$choose";

/// A step, with the members that were named for it.
type Named = (StepToChoose, RwSignal<Vec<String>>);

/// The steps for which somebody names the people.
#[derive(Clone, Copy)]
pub struct Choosing(StoredValue<Vec<Named>>);

impl Choosing {
    pub fn of(steps: Vec<StepToChoose>) -> Choosing {
        let steps = steps.into_iter().map(|step| (step, RwSignal::new(Vec::new())));
        Choosing(StoredValue::new(steps.collect()))
    }

    /// Keeps who is named with what is entered into the form, and names them again where that is filled in again.
    pub fn keep_in(self, state: FormState) {
        let steps = self.0.get_value();
        if steps.is_empty() {
            return;
        }
        Effect::new(move |before: Option<()>| {
            let named = steps.iter().map(|(step, named)| (step.step.clone(), named.get()));
            let named: BTreeMap<String, Vec<String>> = named.filter(|(_, named)| !named.is_empty()).collect();
            if before.is_some() {
                state.keep_beside(KEPT, (!named.is_empty()).then(|| json!(named)));
            }
        });
        Effect::new(move || {
            let Some(kept) = state.beside(KEPT) else { return };
            self.0.with_value(|steps| {
                for (step, named) in steps {
                    let again = again(&kept, &step.step);
                    if named.with_untracked(|named| *named != again) {
                        named.set(again);
                    }
                }
            });
        });
    }

    /// Follows whoever is named.
    pub fn track(self) {
        self.0.with_value(|steps| steps.iter().for_each(|(_, named)| named.track()));
    }

    /// Those who were named, by step.
    pub fn chosen(self) -> BTreeMap<String, Vec<String>> {
        self.0.with_value(|steps| {
            let named = steps.iter().map(|(step, named)| (step.step.clone(), named.get_untracked()));
            named.filter(|(_, named)| !named.is_empty()).collect()
        })
    }

    /// The same by their ids.
    pub fn ids(self) -> BTreeMap<String, Vec<Id>> {
        let read = |ids: Vec<String>| ids.iter().filter_map(|id| id.parse().ok()).collect();
        self.chosen().into_iter().map(|(step, ids)| (step, read(ids))).collect()
    }
}

/// Who was named for a step, of what is kept.
fn again(kept: &Json, step: &str) -> Vec<String> {
    let named = kept.get(step).and_then(Json::as_array).into_iter().flatten();
    named.filter_map(|id| id.as_str().map(str::to_string)).collect()
}

/// A choice of members for each step; nothing where there is none.
#[component]
pub fn ChoosePeople(choosing: Choosing) -> impl IntoView {
    let steps = choosing.0.get_value();
    (!steps.is_empty()).then(|| {
        let members = LocalResource::new(|| async { people::members().await.map(|list| list.items) });
        let choices = Signal::derive(move || {
            let members = members.get().and_then(Result::ok).unwrap_or_default();
            let active = members.into_iter().filter(|member| member.state != wire::MemberState::Disabled);
            active.map(|member| Choice::new(member.id.to_string(), member.name)).collect::<Vec<_>>()
        });
        let line = move |(step, named): Named| {
            let name = Signal::derive(move || {
                let step = step.label.get(i18n::language()).to_string();
                text!("flow-choose-people", step = step)
            });
            view! {
                <Field label=name>
                    <MultiSelect choices=choices value=named on_change=move |members| named.set(members) label=name/>
                </Field>
            }
        };
        view! { <div class="stack g3">{steps.into_iter().map(line).collect_view()}</div> }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_named_is_named_again() {
        let kept = json!({"boss": ["7", "9"], "odd": 3});
        assert_eq!(again(&kept, "boss"), ["7", "9"]);
        assert!(again(&kept, "odd").is_empty() && again(&kept, "none").is_empty());
    }
}

//! Whom somebody names for later steps of a flow that leave it to them.

use std::collections::BTreeMap;

use engine::value::Id;
use leptos::prelude::*;
use wire::flows::StepToChoose;

use crate::api::people;
use crate::ui::{Choice, Field, MultiSelect};
use crate::{i18n, text};

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

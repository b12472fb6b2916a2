//! What happens when people take long: the deadlines of a step.

use engine::flow::document::{Deadline, FieldMoment, Reaction, ReturnsTo};
use engine::flow::who::Who;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::moments::MomentOfField;
use super::people::{choices, keys_of, who_of};
use super::settings::Explained;
use super::span::{SpanInput, Unit};
use super::state::FlowDesigner;
use crate::ui::{
    Button, ButtonKind, Choice, ControlSize, Field, IconButton, MultiSelect, Segment, Segmented, Select,
    Switch,
};
use crate::{i18n, t, text};

/// Deadlines of one step at most.
const MOST: usize = 5;

/// What a deadline can do at a step of a kind, as the list calls it.
fn reactions(kind: &str) -> Vec<&'static str> {
    let all =
        ["remind", "auto_approve", "auto_reject", "return_previous", "return_start", "escalate", "transfer"];
    all.into_iter().filter(|word| *word != "auto_reject" || kind == "approve").collect()
}

fn word_of(reaction: &Reaction) -> &'static str {
    match reaction {
        Reaction::Remind(_) => "remind",
        Reaction::AutoApprove => "auto_approve",
        Reaction::AutoReject => "auto_reject",
        Reaction::AutoReturn(ReturnsTo::Previous) => "return_previous",
        Reaction::AutoReturn(ReturnsTo::Start) => "return_start",
        Reaction::Escalate => "escalate",
        Reaction::Transfer(_) => "transfer",
    }
}

fn reaction_of(word: &str) -> Option<Reaction> {
    Some(match word {
        "remind" => Reaction::Remind(Vec::new()),
        "auto_approve" => Reaction::AutoApprove,
        "auto_reject" => Reaction::AutoReject,
        "return_previous" => Reaction::AutoReturn(ReturnsTo::Previous),
        "return_start" => Reaction::AutoReturn(ReturnsTo::Start),
        "escalate" => Reaction::Escalate,
        "transfer" => Reaction::Transfer(Who::Manager(1)),
        _ => return None,
    })
}

/// What a reaction is called.
fn reaction_name(word: &str, kind: &str) -> String {
    // Nobody approves where fields are filled in.
    let word = if word == "auto_approve" && kind == "fill" { "auto_submit" } else { word };
    i18n::lookup(&format!("flows-late-{}", word.replace('_', "-")), &[])
}

fn new_deadline() -> Deadline {
    let reaction = Reaction::Remind(Vec::new());
    Deadline { after: Some("PT24H".to_string()), at: None, working_time: false, reaction }
}

/// The tab with the deadlines of a step.
#[component]
pub fn Deadlines(designer: FlowDesigner, step: String, kind: &'static str) -> impl IntoView {
    let member = designer.member(&step, "deadlines");
    let rules = Memo::new(move |_| serde_json::from_value::<Vec<Deadline>>(member.get()).unwrap_or_default());
    let at = StoredValue::new(step);
    let set = move |rules: Vec<Deadline>| {
        let value =
            if rules.is_empty() { Json::Null } else { serde_json::to_value(rules).unwrap_or_default() };
        at.with_value(|step| designer.set(step, "deadlines", value));
    };
    let add = move |_| {
        let mut all = rules.get_untracked();
        all.push(new_deadline());
        set(all);
    };
    let remove = move |place: usize| {
        let mut all = rules.get_untracked();
        if place < all.len() {
            all.remove(place);
            set(all);
        }
    };
    let put = move |place: usize, rule: Deadline| {
        let mut all = rules.get_untracked();
        if let Some(known) = all.get_mut(place) {
            *known = rule;
            set(all);
        }
    };
    let line = move |place: usize| {
        let rule = Memo::new(move |_| rules.with(|rules| rules.get(place).cloned()));
        view! { <Rule designer=designer kind=kind place=place rule=rule on_change=move |rule| put(place, rule) on_remove=move |()| remove(place)/> }
    };
    let places = move || (0..rules.with(Vec::len)).collect::<Vec<usize>>();
    let is_full = Signal::derive(move || {
        rules.with(|rules| (rules.len() >= MOST).then(t!("flows-deadlines-full", most = MOST)))
    });
    view! {
        <div class="stack g4 prop-top">
            <span class="help">{t!("flows-deadlines-help")}</span>
            <For each=places key=|place| *place children=line/>
            <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" disabled_reason=is_full on_press=add>{t!("flows-add-deadline")}</Button></div>
        </div>
    }
}

/// One deadline.
#[component]
fn Rule(
    designer: FlowDesigner,
    kind: &'static str,
    place: usize,
    rule: Memo<Option<Deadline>>,
    #[prop(into)] on_change: Callback<Deadline>,
    #[prop(into)] on_remove: Callback<()>,
) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Deadline)| {
        if let Some(mut rule) = rule.get_untracked() {
            change(&mut rule);
            on_change.run(rule);
        }
    };
    let of_field = Memo::new(move |_| rule.with(|rule| rule.as_ref().is_some_and(|rule| rule.at.is_some())));
    let after = Signal::derive(move || rule.get().and_then(|rule| rule.after).unwrap_or_default());
    let moment = Signal::derive(move || rule.get().and_then(|rule| rule.at));
    let working = Memo::new(move |_| rule.with(|rule| rule.as_ref().is_some_and(|rule| rule.working_time)));
    let units = Signal::derive(move || match working.get() {
        true => vec![Unit::Minutes, Unit::Hours, Unit::Days],
        false => Unit::ALL.to_vec(),
    });
    let turn = move |to: &'static str| {
        change(&|rule| match to {
            "field" => {
                rule.after = None;
                rule.working_time = false;
                rule.at = Some(FieldMoment { field: String::new(), offset: None });
            }
            _arrival => {
                rule.at = None;
                rule.after = Some("PT24H".to_string());
            }
        });
    };
    let enter = move |after: String| change(&|rule| rule.after = Some(after.clone()));
    let put_moment = move |moment: FieldMoment| change(&|rule| rule.at = Some(moment.clone()));
    let turn_working = move |on: bool| change(&|rule| rule.working_time = on);
    let word = Memo::new(move |_| rule.with(|rule| rule.as_ref().map(|rule| word_of(&rule.reaction))));
    let words = Signal::derive(move || {
        reactions(kind)
            .into_iter()
            .map(|word| Choice::new(word, reaction_name(word, kind)))
            .collect::<Vec<_>>()
    });
    let react = move |word: Option<String>| {
        if let Some(reaction) = word.as_deref().and_then(reaction_of) {
            change(&|rule| rule.reaction = reaction.clone());
        }
    };
    let receiver = Signal::derive(move || {
        let rule = rule.get()?;
        let Reaction::Transfer(who) = &rule.reaction else { return None };
        keys_of(std::slice::from_ref(who)).into_iter().next()
    });
    let receivers = Signal::derive(move || choices(designer));
    let reminded = Signal::derive(move || {
        let others = |rule: &Deadline| match &rule.reaction {
            Reaction::Remind(others) => keys_of(others),
            _ => Vec::new(),
        };
        rule.with(|rule| rule.as_ref().map(others).unwrap_or_default())
    });
    let remind = move |keys: Vec<String>| change(&|rule| rule.reaction = Reaction::Remind(who_of(&keys)));
    let hand = move |key: Option<String>| {
        if let Some(who) = key.and_then(|key| who_of(&[key]).into_iter().next()) {
            change(&|rule| rule.reaction = Reaction::Transfer(who.clone()));
        }
    };
    let segment = |key: &'static str, words: fn() -> String| Segment::new(key, words);
    view! {
        <div class="rule-card stack g3" role="group" aria-label=t!("flows-deadline-number", number = place + 1)>
            <div class="row">
                <b class="strong">{t!("flows-deadline-number", number = place + 1)}</b>
                <span class="push"><IconButton icon="close" label=t!("flows-remove-deadline", number = place + 1) size=ControlSize::Small on_press=move |_| on_remove.run(())/></span>
            </div>
            <Segmented
                segments=vec![segment("arrival", || text!("flows-from-arrival")), segment("field", || text!("flows-from-field"))]
                selected=Signal::derive(move || if of_field.get() { "field" } else { "arrival" }.to_string())
                on_select=turn
                label=Signal::derive(t!("flows-deadline-when"))
            />
            {move || if of_field.get() {
                view! { <MomentOfField designer=designer value=moment on_change=put_moment/> }.into_any()
            } else {
                view! {
                    <SpanInput value=after units=units on_change=enter label=Signal::derive(t!("flows-how-long"))/>
                    <label class="switch-row">
                        <span>{t!("flows-working-time")}</span>
                        <Switch checked=working on_change=turn_working label=Signal::derive(t!("flows-working-time"))/>
                    </label>
                }.into_any()
            }}
            <Explained
                label=Signal::derive(t!("flows-deadline-do"))
                choices=words
                value=Signal::derive(move || word.get().map(str::to_string))
                means=|word| i18n::lookup(&format!("flows-late-help-{word}"), &[])
                on_change=react
            />
            <Show when=move || word.get() == Some("remind")>
                <Field label=t!("flows-deadline-others")>
                    <MultiSelect choices=receivers value=reminded on_change=remind label=Signal::derive(t!("flows-deadline-others"))/>
                </Field>
            </Show>
            <Show when=move || word.get() == Some("transfer")>
                <Field label=t!("flows-deadline-to")>
                    <Select choices=receivers value=receiver on_change=hand/>
                </Field>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_deadline_does_goes_to_the_list_and_back() {
        for word in reactions("approve") {
            assert_eq!(word_of(&reaction_of(word).unwrap()), word);
            assert!(!reaction_name(word, "approve").starts_with("flows-"), "{word}");
        }
        assert!(!reactions("fill").contains(&"auto_reject"), "there is nothing to reject");
        assert_ne!(reaction_name("auto_approve", "fill"), reaction_name("auto_approve", "approve"));
    }
}

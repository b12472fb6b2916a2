//! What holds for the form as a whole: rules that show and require fields, checks before a record is saved, values that may
//! not be there twice together, and its switches.

use std::sync::Arc;

use engine::condition::Condition;
use engine::form::edit::Edit;
use engine::form::{Form, Rule, Validation};
use engine::formula::Type;
use engine::text::Label;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::formula_editor::Written;
use super::formula_field::FormulaField;
use super::properties::{text_in, with_text};
use super::standing::ToldHere;
use super::state::Designer;
use crate::conditions::ConditionBuilder;
use crate::draft_editor::DraftEditor;
use crate::ui::{
    Button, ButtonKind, Choice, ControlSize, Field, Icon, IconButton, MultiSelect, Switch, TextInput,
};
use crate::{i18n, t, text};

/// The fields that people fill, as they can be chosen.
fn inputs(designer: Designer) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let language = i18n::language();
        designer.document.with(|document| {
            let fields = document.fields.iter();
            fields.map(|field| Choice::new(&field.key, field.label.get(language))).collect::<Vec<_>>()
        })
    })
}

/// The fields that a rule shows or requires: those of the form, and the columns of its sub-forms, each with the name of its
/// sub-form before it.
fn ruled(designer: Designer) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let language = i18n::language();
        designer.document.with(|document| {
            let named = |(path, _): (String, _)| {
                let label = document.label_at(&path)?;
                Some(Choice::new(&path, label.get(language)))
            };
            document.all_fields().filter_map(named).collect::<Vec<_>>()
        })
    })
}

/// The draft as it is, as it was last while it can't be used.
fn usable(designer: Designer) -> Memo<Option<Arc<Form>>> {
    Memo::new_with_compare(
        move |before: Option<&Option<Arc<Form>>>| designer.form.get().or_else(|| before.cloned().flatten()),
        |_, _| true,
    )
}

/// What is made of a list where only its length builds it anew: what somebody types in a line stays.
fn folded(
    title: Signal<String>,
    count: Memo<usize>,
    lines: impl Fn(usize) -> AnyView + Send + Sync + 'static,
    add: AnyView,
) -> AnyView {
    let open = count.get_untracked() > 0;
    view! {
        <details class="fold" open=open>
            <summary><Icon name="right"/>{title}</summary>
            <div class="stack g4">
                {move || (0..count.get()).map(&lines).collect_view()}
                <div>{add}</div>
            </div>
        </details>
    }
    .into_any()
}

/// Rules: when a condition holds, fields are shown or required.
#[component]
pub fn RulesPanel(designer: Designer) -> impl IntoView {
    let count = Memo::new(move |_| designer.document.with(|document| document.rules.len()));
    let add = move |_| {
        let rule = Rule { when: Condition::All(Vec::new()), show: Vec::new(), require: Vec::new() };
        designer.run(text!("designer-step-add-rule"), vec![Edit::AddRule { position: None, rule }]);
    };
    let line = move |place: usize| view! { <RuleLine designer=designer place=place/> }.into_any();
    let add = view! {
        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("designer-add-rule")}</Button>
    };
    folded(Signal::derive(t!("designer-rules")), count, line, add.into_any())
}

#[component]
fn RuleLine(designer: Designer, place: usize) -> impl IntoView {
    let now = move || designer.document.with(|document| document.rules.get(place).cloned());
    let start = untrack(now).map(|rule| rule.when).filter(|when| *when != Condition::All(Vec::new()));
    let condition = RwSignal::new(start);
    let set = move |change: &dyn Fn(&mut Rule)| {
        let Some(before) = untrack(now) else { return };
        let mut rule = before.clone();
        change(&mut rule);
        if rule != before {
            designer.run(
                text!("designer-step-rule", number = place + 1),
                vec![Edit::SetRule { position: place, rule }],
            );
        }
    };
    Effect::new(move |before: Option<Option<Condition>>| {
        let now = condition.get();
        if before.is_some_and(|before| before != now) {
            set(&|rule| rule.when = now.clone().unwrap_or(Condition::All(Vec::new())));
        }
        now
    });
    let form = usable(designer);
    let is_known = Memo::new(move |_| form.with(Option::is_some));
    let builder = move || {
        let first = is_known.get().then(|| form.get_untracked()).flatten()?;
        let form = Signal::derive(move || form.get().unwrap_or_else(|| first.clone()));
        Some(view! { <ConditionBuilder form=form condition=condition/> })
    };
    let shown = Signal::derive(move || now().map(|rule| rule.show).unwrap_or_default());
    let required = Signal::derive(move || now().map(|rule| rule.require).unwrap_or_default());
    let set_shown = move |keys: Vec<String>| set(&|rule| rule.show.clone_from(&keys));
    let set_required = move |keys: Vec<String>| set(&|rule| rule.require.clone_from(&keys));
    let remove = move |_| {
        designer.run(
            text!("designer-step-remove-rule", number = place + 1),
            vec![Edit::RemoveRule { position: place }],
        );
    };
    let fields = ruled(designer);
    view! {
        <div class="stack g2 rule" data-rule=place.to_string()>
            <div class="row">
                <b class="medium">{t!("designer-rule", number = place + 1)}</b>
                <span class="push"><IconButton icon="trash" label=Signal::derive(t!("designer-remove-rule")) size=ControlSize::Small on_press=remove/></span>
            </div>
            <ToldHere designer=designer pointer=Signal::derive(move || Some(format!("/rules/{place}")))/>
            {builder}
            <Field label=t!("designer-rule-shows")><MultiSelect choices=fields value=shown on_change=set_shown/></Field>
            <Field label=t!("designer-rule-requires")><MultiSelect choices=fields value=required on_change=set_required/></Field>
        </div>
    }
}

/// Checks: formulas that must not be false when a record is saved.
#[component]
pub fn ChecksPanel(designer: Designer) -> impl IntoView {
    let count = Memo::new(move |_| designer.document.with(|document| document.validate.len()));
    let add = move |_| {
        let taken = |key: &String| {
            designer
                .document
                .with_untracked(|document| document.validate.iter().any(|known| known.key == *key))
        };
        let key = (1..).map(|number| format!("check_{number}")).find(|key| !taken(key)).unwrap_or_default();
        let message = Label::Plain(text!("designer-check-first"));
        let validation = Validation { key, formula: "1 = 1".into(), message };
        designer
            .run(text!("designer-step-add-check"), vec![Edit::AddValidation { position: None, validation }]);
    };
    let line = move |place: usize| view! { <CheckLine designer=designer place=place/> }.into_any();
    let add = view! {
        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("designer-add-check")}</Button>
    };
    folded(Signal::derive(t!("designer-checks")), count, line, add.into_any())
}

#[component]
fn CheckLine(designer: Designer, place: usize) -> impl IntoView {
    let now = move || designer.document.with(|document| document.validate.get(place).cloned());
    let formula = Memo::new(move |_| now().map(|check| check.formula).unwrap_or_default());
    let message = Memo::new(move |_| {
        now().and_then(|check| serde_json::to_value(check.message).ok()).unwrap_or_default()
    });
    let name = move || text!("designer-step-check", number = place + 1);
    let changed = move |change: &dyn Fn(&mut Validation)| {
        let mut validation = untrack(now)?;
        change(&mut validation);
        Some(vec![Edit::SetValidation { position: place, validation }])
    };
    let write = move |written: Written| {
        if let Some(edits) = changed(&|check| check.formula.clone_from(&written.formula)) {
            designer.take_in(name(), edits, &written.typing);
        }
    };
    let say = move |said: String| {
        let label = serde_json::from_value::<Label>(with_text(&message.get_untracked(), said.trim())).ok();
        let Some(label) = label.filter(|_| !said.trim().is_empty()) else { return };
        if let Some(edits) = changed(&|check| check.message = label.clone()) {
            designer.run(name(), edits);
        }
    };
    let remove = move |_| {
        designer.run(
            text!("designer-step-remove-check", number = place + 1),
            vec![Edit::RemoveValidation { position: place }],
        );
    };
    view! {
        <div class="stack g2 rule" data-check=place.to_string()>
            <div class="row">
                <b class="medium">{t!("designer-check", number = place + 1)}</b>
                <span class="push"><IconButton icon="trash" label=Signal::derive(t!("designer-remove-check")) size=ControlSize::Small on_press=remove/></span>
            </div>
            <ToldHere designer=designer pointer=Signal::derive(move || Some(format!("/validate/{place}")))/>
            <Field label=t!("designer-check-holds")>
                <FormulaField designer=designer path=String::new() member="" wanted=Signal::stored(Type::Bool) value=formula on_change=write/>
            </Field>
            <Field label=t!("designer-check-says")><TextInput value=Signal::derive(move || text_in(&message.get())) on_change=say/></Field>
        </div>
    }
}

/// Sets of fields whose values together are there once, and the switches of the form.
#[component]
pub fn FormSwitches(designer: Designer) -> impl IntoView {
    let set = move |member: &str, value: Json| {
        let name = text!("designer-form");
        designer.run(
            super::state::text_of("designer-step-change", &name),
            vec![Edit::SetForm { member: member.to_string(), value }],
        );
    };
    let sets = Memo::new(move |_| designer.document.with(|document| document.unique.clone()));
    let fields = inputs(designer);
    let count = Memo::new(move |_| sets.with(Vec::len));
    let line = move |place: usize| {
        let keys = Signal::derive(move || sets.with(|sets| sets.get(place).cloned()).unwrap_or_default());
        let change = move |keys: Option<Vec<String>>| {
            let mut all = sets.get_untracked();
            match keys {
                Some(keys) if place < all.len() => all.splice(place..=place, [keys]).for_each(drop),
                Some(keys) => all.push(keys),
                None if place < all.len() => drop(all.remove(place)),
                None => {}
            }
            set("unique", if all.is_empty() { Json::Null } else { json!(all) });
        };
        let choose = move |keys: Vec<String>| change(Some(keys));
        view! {
            <div class="row">
                <div class="grow"><MultiSelect choices=fields value=keys on_change=choose label=Signal::derive(t!("designer-unique-together"))/></div>
                <IconButton icon="close" label=Signal::derive(t!("ui-remove")) size=ControlSize::Small on_press=move |_| change(None)/>
            </div>
        }
    };
    let add = move |_| {
        let mut all = sets.get_untracked();
        all.push(Vec::new());
        set("unique", json!(all));
    };
    let settings = Memo::new(move |_| {
        designer.document.with(|document| serde_json::to_value(&document.settings).unwrap_or_default())
    });
    let switch = move |member: &'static str| {
        let on = Signal::derive(move || settings.with(|settings| settings.get(member) == Some(&json!(true))));
        let turn = move |on: bool| {
            let mut all = settings.get_untracked();
            if let Some(all) = all.as_object_mut() {
                all.insert(member.to_string(), json!(on));
            }
            set("settings", all);
        };
        let name = move || i18n::lookup(&format!("designer-setting-{}", member.replace('_', "-")), &[]);
        view! { <label class="switch-row"><span>{name}</span><Switch checked=on on_change=turn/></label> }
    };
    view! {
        <details class="fold" open=sets.with_untracked(|sets| !sets.is_empty())>
            <summary><Icon name="right"/>{t!("designer-unique-together")}</summary>
            <div class="stack g2">
                {move || (0..count.get()).map(line).collect_view()}
                <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("designer-add-unique")}</Button></div>
            </div>
        </details>
        <details class="fold">
            <summary><Icon name="right"/>{t!("designer-settings")}</summary>
            <div class="stack g1">{["drafts", "comments", "restart_on_edit", "lock_approved"].into_iter().map(switch).collect_view()}</div>
        </details>
    }
}

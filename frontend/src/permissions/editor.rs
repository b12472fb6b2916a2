//! A permission group while it is changed.

use std::sync::Arc;

use engine::access::{FieldRight, Operation, PermissionGroup, Who};
use engine::condition::Condition;
use engine::form::{Form, is_key};
use engine::text::Label;
use engine::value::Id;
use leptos::prelude::*;

use crate::conditions::ConditionBuilder;
use crate::i18n;
use crate::t;
use crate::ui::{Button, ButtonKind, Checkbox, ControlSize, Field, Switch, TextInput};

/// The group on the screen.
#[derive(Clone, Copy)]
pub struct Editor {
    pub group: RwSignal<PermissionGroup>,
    /// As it was when it was opened.
    before: StoredValue<PermissionGroup>,
    /// Its id and version; nothing for one that is not stored yet.
    pub stored: StoredValue<Option<(Id, i64)>>,
}

impl Editor {
    pub fn of(group: PermissionGroup, stored: Option<(Id, i64)>) -> Editor {
        let before = StoredValue::new(group.clone());
        Editor { group: RwSignal::new(group), before, stored: StoredValue::new(stored) }
    }

    pub fn change(self, change: impl FnOnce(&mut PermissionGroup)) {
        self.group.update(change);
    }

    /// Whether it differs from what is stored; tracked.
    pub fn is_changed(self) -> bool {
        let is_new = self.stored.with_value(Option::is_none);
        is_new || self.group.with(|group| self.before.with_value(|before| group != before))
    }
}

/// A group with nobody in it and nothing that they may do.
pub fn blank(label: String) -> PermissionGroup {
    PermissionGroup {
        format: 1,
        key: "group".to_string(),
        label: Label::Plain(label),
        who: Who::default(),
        operations: vec![Operation::View],
        fields: [("*".to_string(), FieldRight::Read)].into(),
        rows: None,
        enabled: true,
    }
}

/// This key, or one like it that none of these is.
pub fn free_key(start: &str, taken: &[String]) -> String {
    let start = if is_key(start) { start } else { "group" };
    if !taken.iter().any(|known| known == start) {
        return start.to_string();
    }
    let mut numbered = (2_u32..).map(|number| format!("{start}_{number}"));
    numbered.find(|key| !taken.contains(key)).unwrap_or_default()
}

/// A label with the text for the language on the screen replaced.
fn renamed(label: &Label, text: &str) -> Label {
    match label {
        Label::Plain(_) => Label::Plain(text.to_string()),
        Label::Translated(texts) => {
            let mut texts = texts.clone();
            texts.insert(i18n::language_now(), text.to_string());
            Label::Translated(texts)
        }
    }
}

/// What the group is called, and whether it is in force.
#[component]
pub fn NameCard(editor: Editor) -> impl IntoView {
    let name =
        RwSignal::new(editor.group.with_untracked(|group| group.label.get(i18n::language_now()).to_string()));
    let rename = move |text: String| {
        name.set(text.clone());
        editor.change(|group| group.label = renamed(&group.label, &text));
    };
    let enabled = Signal::derive(move || editor.group.with(|group| group.enabled));
    let turn = move |on: bool| editor.change(|group| group.enabled = on);
    view! {
        <section class="card">
            <div class="card-body row wrap">
                <Field label=t!("permissions-name") class="grow"><TextInput value=name on_change=rename name="label"/></Field>
                <Field label=t!("permissions-enabled")><Switch checked=enabled on_change=turn name="enabled"/></Field>
            </div>
        </section>
    }
}

/// Whether an operation is about flows alone.
fn is_of_flows(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::EditRunning | Operation::ReassignTask | Operation::Terminate | Operation::Reactivate
    )
}

/// What the people of the group may do.
#[component]
pub fn OperationsCard(editor: Editor, has_flow: bool) -> impl IntoView {
    let offered: Vec<Operation> =
        Operation::ALL.into_iter().filter(|operation| has_flow || !is_of_flows(*operation)).collect();
    let all = offered.clone();
    let turn_all = move |_| {
        editor.change(|group| {
            let is_whole = all.iter().all(|operation| group.operations.contains(operation));
            group.operations.retain(|operation| !all.contains(operation));
            if !is_whole {
                group.operations.extend(all.iter().copied());
            }
        });
    };
    let line = move |operation: Operation| {
        let checked =
            Signal::derive(move || editor.group.with(|group| group.operations.contains(&operation)));
        let turn = move |on: bool| {
            editor.change(|group| {
                group.operations.retain(|known| *known != operation);
                if on {
                    group.operations.push(operation);
                }
            });
        };
        let words =
            move || i18n::lookup(&format!("permissions-op-{}", operation.name().replace('_', "-")), &[]);
        view! { <Checkbox checked=checked on_change=turn>{words}</Checkbox> }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("permissions-operations")}</h2>
                <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=turn_all>{t!("permissions-all")}</Button>
            </div>
            <div class="card-body"><div class="perm-ops">{offered.into_iter().map(line).collect_view()}</div></div>
        </section>
    }
}

/// The records that the group is about.
#[component]
pub fn RowsCard(editor: Editor, form: Arc<Form>) -> impl IntoView {
    let condition: RwSignal<Option<Condition>> =
        RwSignal::new(editor.group.with_untracked(|group| group.rows.clone()));
    Effect::new(move |before: Option<()>| {
        let now = condition.get();
        if before.is_some() {
            editor.change(|group| group.rows = now);
        }
    });
    let names_department = Memo::new(move |_| {
        let is_it = |condition: &Condition| condition.tests().iter().any(|test| test.field == "$department");
        condition.with(|condition| condition.as_ref().is_some_and(is_it))
    });
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("permissions-rows")}</h2>
                <span class="note muted">{t!("permissions-rows-text")}</span>
            </div>
            <div class="card-body">
                <ConditionBuilder form=Signal::stored(form) condition=condition/>
                {move || names_department.get().then(|| view! { <p class="note muted">{t!("permissions-department-text")}</p> })}
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_group_takes_no_other_groups_key() {
        let taken = ["view_all".to_string(), "view_all_2".to_string()];
        assert_eq!(free_key("view_all", &taken), "view_all_3");
        assert_eq!(free_key("start", &taken), "start");
        assert_eq!(free_key("查看", &taken), "group");
    }
}

//! A role: what it is called, where it lies, and who has it. What a change of its people means is said before it is made.

use std::collections::BTreeSet;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{PeopleChange, Role, RoleChangeInput, RolePatch};

use super::people_change::Changes;
use super::role_uses::RoleUses;
use super::roles::Known;
use crate::api::{Problem, people};
use crate::ui::{Button, ButtonKind, Choice, Dialog, Field, MultiSelect, Select, TextInput, toast};
use crate::{t, text};

/// The dialog at work.
#[derive(Clone, Copy)]
struct Edit {
    editing: RwSignal<Option<Role>>,
    known: Known,
    open: RwSignal<bool>,
    name: RwSignal<String>,
    group: RwSignal<Option<String>>,
    holders: RwSignal<Vec<String>>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// Whether it is asked about a change before that is made, whether it is that the role is deleted, and what it would mean.
    asking: RwSignal<bool>,
    deletes: RwSignal<bool>,
    told: RwSignal<Option<Result<Vec<PeopleChange>, Problem>>>,
}

impl Edit {
    fn new(editing: RwSignal<Option<Role>>, known: Known) -> Edit {
        Edit {
            editing,
            known,
            open: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            group: RwSignal::new(None),
            holders: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            asking: RwSignal::new(false),
            deletes: RwSignal::new(false),
            told: RwSignal::new(None),
        }
    }

    /// Who has the role, as it was heard last.
    fn stored(self, role: Id) -> Vec<Id> {
        let all = self.known.members.get_untracked().and_then(Result::ok).map(|page| page.items);
        let with = all.unwrap_or_default().into_iter().filter(|member| member.roles.contains(&role));
        with.map(|member| member.id).collect()
    }

    fn begin(self, role: Role) {
        self.holders.set(self.stored(role.id).iter().map(Id::to_string).collect());
        self.group.set(role.group.map(|id| id.to_string()));
        self.name.set(role.name);
        self.problem.set(None);
        self.open.set(true);
    }

    /// Who is to have it; nothing where that stays as it is.
    fn other_people(self, role: Id) -> Option<Vec<Id>> {
        let chosen: BTreeSet<Id> =
            self.holders.with_untracked(|keys| keys.iter().filter_map(|key| key.parse().ok()).collect());
        let stored: BTreeSet<Id> = self.stored(role).into_iter().collect();
        (chosen != stored).then(|| chosen.into_iter().collect())
    }

    /// Says what it means that the role has other people, or is deleted, before that is done. What nobody gains or loses
    /// anything by is saved at once; nothing is deleted so.
    fn ask(self, deletes: bool) {
        let Some(role) = self.editing.get_untracked() else { return };
        let members = if deletes { None } else { self.other_people(role.id) };
        if !deletes && members.is_none() {
            return self.save();
        }
        let input = RoleChangeInput { members };
        self.busy.set(true);
        spawn_local(async move {
            let told = people::role_dry_run(role.id, &input).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            if !deletes && told.as_ref().is_ok_and(Vec::is_empty) {
                return self.save();
            }
            self.told.set(Some(told));
            self.deletes.set(deletes);
            self.asking.set(true);
        });
    }

    fn save(self) {
        let Some(role) = self.editing.get_untracked() else { return };
        let patch = RolePatch {
            name: Some(self.name.get_untracked()),
            group: Some(self.group.get_untracked().and_then(|key| key.parse().ok())),
            members: self.other_people(role.id),
        };
        self.busy.set(true);
        spawn_local(async move { self.finish(people::update_role(role.id, &patch).await.map(drop)) });
    }

    fn delete(self) {
        let Some(role) = self.editing.get_untracked() else { return };
        self.busy.set(true);
        spawn_local(async move { self.finish(people::delete_role(role.id).await) });
    }

    fn finish(self, answer: Result<(), Problem>) {
        if self.busy.try_set(false).is_some() {
            return;
        }
        self.asking.set(false);
        match answer {
            Ok(()) => {
                self.open.set(false);
                self.known.refetch();
            }
            Err(found) => {
                if found.errors.is_empty() {
                    toast::show(found.sentence());
                }
                self.problem.set(Some(found));
            }
        }
    }
}

#[component]
pub(super) fn RoleDialog(editing: RwSignal<Option<Role>>, known: Known) -> impl IntoView {
    let edit = Edit::new(editing, known);
    Effect::new(move || {
        if let Some(role) = editing.get() {
            edit.begin(role);
        }
    });
    Effect::new(move || {
        if !edit.open.get() {
            editing.set(None);
        }
    });
    let foot = move || {
        view! {
            <Button kind=ButtonKind::Danger busy=edit.busy on_press=move |_| edit.ask(true)>{t!("role-delete")}</Button>
            <Button on_press=move |_| edit.open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=edit.busy on_press=move |_| edit.ask(false)>{t!("ui-save")}</Button>
        }
    };
    view! {
        <Dialog open=edit.open title=Signal::derive(t!("role-edit")) asks=true foot=Some(ViewFn::from(foot))>
            <Inputs edit=edit/>
        </Dialog>
        <Question edit=edit/>
    }
}

#[component]
fn Inputs(edit: Edit) -> impl IntoView {
    let Edit { editing, known, name, group, holders, problem, .. } = edit;
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let people = Signal::derive(move || {
        let all = known.all_members().into_iter();
        all.map(|member| Choice::new(member.id.to_string(), member.name).note(member.email))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="stack g4">
            <Field label=t!("role-name") required=true error=fault("name")>
                <TextInput value=name on_input=move |text| name.set(text) name="role-name"/>
            </Field>
            <Field label=t!("role-group") error=fault("group")>
                <Select choices=known.group_choices() value=group on_change=move |key| group.set(key) clearable=true/>
            </Field>
            <Field label=t!("role-members") error=fault("members")>
                <MultiSelect choices=people value=holders on_change=move |keys| holders.set(keys)/>
            </Field>
            {move || editing.get().map(|role| view! { <RoleUses role=role.id/> })}
        </div>
    }
}

/// What a change means, before it is made. It stands over the dialog of the role, so that nothing entered there is gone.
#[component]
fn Question(edit: Edit) -> impl IntoView {
    let Edit { editing, asking, deletes, told, busy, .. } = edit;
    let action = move || {
        match deletes.get() {
        true => view! {
            <Button kind=ButtonKind::Danger busy=busy on_press=move |_| edit.delete()>{t!("role-delete")}</Button>
        }
        .into_any(),
        false => view! {
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| edit.save()>{t!("ui-save")}</Button>
        }
        .into_any(),
    }
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| asking.set(false)>{t!("ui-cancel")}</Button>
            {action}
        }
    };
    let title = Signal::derive(move || {
        let name = editing.get().map(|role| role.name).unwrap_or_default();
        if deletes.get() { text!("role-delete-question", name = name) } else { text!("permissions-change") }
    });
    let uses = move || {
        let role = editing.get().filter(|_| deletes.get());
        role.map(|role| view! { <RoleUses role=role.id/> })
    };
    view! {
        <Dialog open=asking title=title foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                {move || deletes.get().then(|| view! { <p>{t!("role-delete-text")}</p> })}
                {move || told.get().map(|answer| view! { <Changes answer=answer/> })}
                {uses}
            </div>
        </Dialog>
    }
}

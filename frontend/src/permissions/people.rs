//! Whom a group names.

use engine::access::Who;
use engine::value::Id;
use leptos::prelude::*;
use wire::{Department, Member, MemberState, Role};

use super::editor::Editor;
use crate::api::{Problem, people};
use crate::t;
use crate::ui::{Choice, Field, MultiSelect, Switch};

/// The people of the workspace, as they can be named.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub members: Vec<Member>,
    pub roles: Vec<Role>,
    pub departments: Vec<Department>,
}

impl People {
    pub async fn load() -> Result<People, Problem> {
        let (members, roles) = (people::members().await?.items, people::roles().await?.items);
        Ok(People { members, roles, departments: people::departments().await?.items })
    }

    /// Those who can sign in, by id and name.
    pub fn active(&self) -> Vec<Choice> {
        let active = self.members.iter().filter(|member| member.state == MemberState::Active);
        active.map(|member| Choice::new(member.id.to_string(), member.name.clone())).collect()
    }
}

/// The id that a choice stands for.
pub fn chosen(key: Option<String>) -> Option<Id> {
    key.and_then(|key| key.parse().ok())
}

#[component]
pub fn WhoCard(editor: Editor, people: StoredValue<People>) -> impl IntoView {
    let now = Memo::new(move |_| editor.group.with(|group| group.who.clone()));
    let change = move |change: &dyn Fn(&mut Who)| editor.change(|group| change(&mut group.who));
    let members = Signal::stored(people.with_value(People::active));
    let departments = Signal::stored(people.with_value(|people| {
        let all = people.departments.iter();
        all.map(|department| Choice::new(department.id.to_string(), department.name.clone()))
            .collect::<Vec<_>>()
    }));
    let roles = Signal::stored(people.with_value(|people| {
        let all = people.roles.iter();
        all.map(|role| Choice::new(role.key.clone(), role.name.clone())).collect::<Vec<_>>()
    }));
    let set_members = move |ids: Vec<String>| change(&|who| who.members.clone_from(&ids));
    let set_departments = move |ids: Vec<String>| change(&|who| who.departments.clone_from(&ids));
    let set_roles = move |keys: Vec<String>| change(&|who| who.roles.clone_from(&keys));
    let set_everyone = move |on: bool| change(&|who| who.everyone = on);
    let everyone = Signal::derive(move || now.with(|who| who.everyone));
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("permissions-who")}</h2>
                <span class="note muted">{t!("permissions-who-text")}</span>
            </div>
            <div class="card-body stack g3">
                <Field label=t!("permissions-everyone")><Switch checked=everyone on_change=set_everyone/></Field>
                <Show when=move || !everyone.get()>
                    <Field label=t!("permissions-members")>
                        <MultiSelect choices=members value=Signal::derive(move || now.get().members) on_change=set_members/>
                    </Field>
                    <Field label=t!("permissions-departments")>
                        <MultiSelect choices=departments value=Signal::derive(move || now.get().departments) on_change=set_departments/>
                    </Field>
                    <Field label=t!("permissions-roles")>
                        <MultiSelect choices=roles value=Signal::derive(move || now.get().roles) on_change=set_roles/>
                    </Field>
                </Show>
            </div>
        </section>
    }
}

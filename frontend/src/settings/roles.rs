//! The roles of the workspace, in their groups, with those who have them.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{List, Member, Role, RoleGroup, RolePatch};

use super::role_uses::RoleUses;
use crate::api::{Problem, people, session};
use crate::ui::{
    Button, ButtonKind, Choice, ConfirmDialog, ControlSize, Dialog, Empty, Field, IconButton, Loaded,
    MultiSelect, Select, TextInput, toast,
};
use crate::{t, text};

/// Roles, groups and members, each as the server told last.
#[derive(Clone, Copy)]
struct Known {
    roles: LocalResource<Result<List<Role>, Problem>>,
    groups: LocalResource<Result<List<RoleGroup>, Problem>>,
    members: LocalResource<Result<List<Member>, Problem>>,
}

impl Known {
    fn all_groups(self) -> Vec<RoleGroup> {
        self.groups.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default()
    }

    fn all_members(self) -> Vec<Member> {
        self.members.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default()
    }

    fn refetch(self) {
        self.roles.refetch();
        self.groups.refetch();
        self.members.refetch();
    }
}

/// What a name is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    Role,
    Group,
}

#[component]
pub fn RolesPage() -> impl IntoView {
    let known = Known {
        roles: LocalResource::new(people::roles),
        groups: LocalResource::new(people::role_groups),
        members: LocalResource::new(people::members),
    };
    let may_change = Memo::new(|_| session::me().is_some_and(|me| me.member.administrator));
    let naming = RwSignal::new(None::<Naming>);
    let editing = RwSignal::new(None::<Role>);
    let list = move |page: List<Role>| {
        let roles = StoredValue::new(page.items);
        move || {
            let groups = known.all_groups();
            if groups.is_empty() && roles.with_value(Vec::is_empty) {
                let text = Signal::derive(t!("roles-none-text"));
                return view! { <Empty icon="group" title=Signal::derive(t!("roles-none")) text=text/> }
                    .into_any();
            }
            let in_group = |group: Option<Id>| -> Vec<Role> {
                roles.with_value(|roles| roles.iter().filter(|role| role.group == group).cloned().collect())
            };
            let mut sections = Vec::new();
            for group in groups {
                let inside = in_group(Some(group.id));
                sections.push((Some(group), inside));
            }
            let outside = in_group(None);
            if !outside.is_empty() {
                sections.push((None, outside));
            }
            sections
                .into_iter()
                .map(|(group, roles)| view! { <Group group=group roles=roles known=known editing=editing may_change=may_change/> })
                .collect_view()
                .into_any()
        }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("settings-roles")}</h2>
                {move || may_change.get().then(|| view! {
                    <Button size=ControlSize::Small on_press=move |_| naming.set(Some(Naming::Group))>
                        {t!("role-group-add")}
                    </Button>
                    <Button
                        kind=ButtonKind::Primary
                        size=ControlSize::Small
                        icon="plus"
                        on_press=move |_| naming.set(Some(Naming::Role))
                    >
                        {t!("role-add")}
                    </Button>
                })}
            </div>
            <div class="card-body stack g6"><Loaded answer=known.roles view=list/></div>
        </section>
        <NameDialog naming=naming known=known/>
        <RoleDialog editing=editing known=known/>
    }
}

/// A group with its roles.
#[component]
fn Group(
    group: Option<RoleGroup>,
    roles: Vec<Role>,
    known: Known,
    editing: RwSignal<Option<Role>>,
    may_change: Memo<bool>,
) -> impl IntoView {
    let removing = RwSignal::new(false);
    let id = group.as_ref().map(|group| group.id);
    let name = StoredValue::new(group.map(|group| group.name));
    let remove = move |()| {
        let Some(id) = id else { return };
        spawn_local(async move {
            match people::delete_role_group(id).await {
                Ok(()) => known.refetch(),
                Err(problem) => toast::refused(&problem),
            }
        });
        removing.set(false);
    };
    let question = Signal::derive(move || {
        text!("role-group-delete-question", name = name.get_value().unwrap_or_default())
    });
    let heading = move || name.get_value().unwrap_or_else(|| text!("role-group-none"));
    let rows = roles.into_iter().map(|role| {
        let (id, whole) = (role.id, StoredValue::new(role.clone()));
        let people = move || {
            let all = known.all_members().into_iter();
            let with: Vec<Member> = all.filter(|member| member.roles.contains(&id)).collect();
            if with.is_empty() && known.members.get().is_some() {
                return view! { <span class="note muted">{t!("role-nobody")}</span> }.into_any();
            }
            with.into_iter()
                .map(|member| view! { <span class="chip">{member.name}</span> })
                .collect_view()
                .into_any()
        };
        let name = role.name.clone();
        view! {
            <tr data-role=name>
                <td class="title">{role.name}</td>
                <td><span class="row wrap">{people}</span></td>
                <td class="text-right">
                    {move || may_change.get().then(|| view! {
                        <IconButton
                            icon="edit"
                            label=t!("role-edit")
                            size=ControlSize::Small
                            on_press=move |_| editing.set(Some(whole.get_value()))
                        />
                    })}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="stack">
            <div class="row between">
                <h3>{heading}</h3>
                {move || (may_change.get() && id.is_some()).then(|| view! {
                    <IconButton
                        icon="trash"
                        label=t!("role-group-delete")
                        size=ControlSize::Small
                        on_press=move |_| removing.set(true)
                    />
                })}
            </div>
            <div class="sub-scroll"><table class="grid plain auto"><tbody>{rows}</tbody></table></div>
        </div>
        <ConfirmDialog open=removing title=question action=t!("role-group-delete") on_confirm=remove>
            <p>{t!("role-group-delete-text")}</p>
        </ConfirmDialog>
    }
}

/// Asks for the name of something new.
#[component]
fn NameDialog(naming: RwSignal<Option<Naming>>, known: Known) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    Effect::new(move || {
        if naming.get().is_some() {
            name.set(String::new());
            fault.set(None);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            naming.set(None);
        }
    });
    let save = move || {
        let Some(what) = naming.get_untracked() else { return };
        let name = name.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = match what {
                Naming::Role => people::create_role(&name, None).await.map(drop),
                Naming::Group => people::create_role_group(&name).await.map(drop),
            };
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    let _ = open.try_set(false);
                    known.refetch();
                }
                Err(problem) => drop(fault.try_set(Some(problem.sentence()))),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| save()>{t!("ui-save")}</Button>
        }
    };
    let title = Signal::derive(move || match naming.get() {
        Some(Naming::Group) => text!("role-group-add"),
        Some(Naming::Role) | None => text!("role-add"),
    });
    view! {
        <Dialog open=open title=title asks=true foot=Some(ViewFn::from(foot))>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                <Field label=t!("role-name") required=true error=fault>
                    <TextInput value=name on_input=move |text| name.set(text) name="role-name" autofocus=true/>
                </Field>
            </form>
        </Dialog>
    }
}

/// A role: its name, its group, and who has it.
#[component]
fn RoleDialog(editing: RwSignal<Option<Role>>, known: Known) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let group = RwSignal::new(None::<String>);
    let holders = RwSignal::new(Vec::<String>::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    Effect::new(move || {
        let Some(role) = editing.get() else { return };
        let all = known.members.get_untracked().and_then(Result::ok).map(|page| page.items);
        let with = all.unwrap_or_default().into_iter().filter(|member| member.roles.contains(&role.id));
        holders.set(with.map(|member| member.id.to_string()).collect());
        group.set(role.group.map(|id| id.to_string()));
        name.set(role.name);
        problem.set(None);
        open.set(true);
    });
    Effect::new(move || {
        if !open.get() {
            editing.set(None);
        }
    });
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let finish = move |answer: Result<(), Problem>| {
        let _ = busy.try_set(false);
        match answer {
            Ok(()) => {
                let _ = open.try_set(false);
                known.refetch();
            }
            Err(found) => {
                if found.errors.is_empty() {
                    toast::show(found.sentence());
                }
                let _ = problem.try_set(Some(found));
            }
        }
    };
    let save = move |_| {
        let Some(role) = editing.get_untracked() else { return };
        let members = holders.get_untracked().iter().filter_map(|key| key.parse().ok()).collect();
        let patch = RolePatch {
            name: Some(name.get_untracked()),
            group: Some(group.get_untracked().and_then(|key| key.parse().ok())),
            members: Some(members),
        };
        busy.set(true);
        spawn_local(async move { finish(people::update_role(role.id, &patch).await.map(drop)) });
    };
    let delete = move |_| {
        let Some(role) = editing.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move { finish(people::delete_role(role.id).await) });
    };
    let foot = move || {
        view! {
            <Button kind=ButtonKind::Danger busy=busy on_press=delete>{t!("role-delete")}</Button>
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("ui-save")}</Button>
        }
    };
    let groups = Signal::derive(move || {
        let all = known.all_groups().into_iter();
        all.map(|group| Choice::new(group.id.to_string(), group.name)).collect::<Vec<_>>()
    });
    let people = Signal::derive(move || {
        let all = known.all_members().into_iter();
        all.map(|member| Choice::new(member.id.to_string(), member.name).note(member.email))
            .collect::<Vec<_>>()
    });
    view! {
        <Dialog open=open title=Signal::derive(t!("role-edit")) asks=true foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                <Field label=t!("role-name") required=true error=fault("name")>
                    <TextInput value=name on_input=move |text| name.set(text) name="role-name"/>
                </Field>
                <Field label=t!("role-group") error=fault("group")>
                    <Select choices=groups value=group on_change=move |key| group.set(key) clearable=true/>
                </Field>
                <Field label=t!("role-members") error=fault("members")>
                    <MultiSelect choices=people value=holders on_change=move |keys| holders.set(keys)/>
                </Field>
                {move || editing.get().map(|role| view! { <RoleUses role=role.id/> })}
            </div>
        </Dialog>
    }
}

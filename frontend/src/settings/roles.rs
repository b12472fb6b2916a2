//! The roles of the workspace, in their groups, with those who have them.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{List, Member, Role, RoleGroup};

use super::role_dialog::RoleDialog;
use crate::api::{Problem, people, session};
use crate::ui::{
    Button, ButtonKind, Choice, ConfirmDialog, ControlSize, Dialog, Empty, Field, IconButton, Loaded, Select,
    TextInput, toast,
};
use crate::{t, text};

/// Roles, groups and members, each as the server told last.
#[derive(Clone, Copy)]
pub(super) struct Known {
    roles: LocalResource<Result<List<Role>, Problem>>,
    groups: LocalResource<Result<List<RoleGroup>, Problem>>,
    pub(super) members: LocalResource<Result<List<Member>, Problem>>,
}

impl Known {
    fn all_groups(self) -> Vec<RoleGroup> {
        self.groups.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default()
    }

    /// The groups that a role can be put into.
    pub(super) fn group_choices(self) -> Signal<Vec<Choice>> {
        Signal::derive(move || {
            let all = self.all_groups().into_iter();
            all.map(|group| Choice::new(group.id.to_string(), group.name)).collect()
        })
    }

    pub(super) fn all_members(self) -> Vec<Member> {
        self.members.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default()
    }

    pub(super) fn refetch(self) {
        self.roles.refetch();
        self.groups.refetch();
        self.members.refetch();
    }
}

/// What a name is asked for.
#[derive(Clone, PartialEq, Eq)]
enum Naming {
    Role,
    Group,
    /// A group that is there is called otherwise.
    Again(RoleGroup),
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
                .map(|(group, roles)| view! {
                    <Group group=group roles=roles known=known editing=editing naming=naming may_change=may_change/>
                })
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
    naming: RwSignal<Option<Naming>>,
    may_change: Memo<bool>,
) -> impl IntoView {
    let removing = RwSignal::new(false);
    let id = group.as_ref().map(|group| group.id);
    let whole = StoredValue::new(group.clone());
    let rename = move |_| naming.set(whole.get_value().map(Naming::Again));
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
                    <span class="row">
                        <IconButton icon="edit" label=t!("role-group-rename") size=ControlSize::Small on_press=rename/>
                        <IconButton
                            icon="trash"
                            label=t!("role-group-delete")
                            size=ControlSize::Small
                            on_press=move |_| removing.set(true)
                        />
                    </span>
                })}
            </div>
            <div class="sub-scroll"><table class="grid plain auto"><tbody>{rows}</tbody></table></div>
        </div>
        <ConfirmDialog open=removing title=question action=t!("role-group-delete") on_confirm=remove>
            <p>{t!("role-group-delete-text")}</p>
        </ConfirmDialog>
    }
}

/// Asks for the name of something new, or for another one.
#[component]
fn NameDialog(naming: RwSignal<Option<Naming>>, known: Known) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let group = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    Effect::new(move || {
        let Some(what) = naming.get() else { return };
        name.set(if let Naming::Again(group) = what { group.name } else { String::new() });
        group.set(None);
        fault.set(None);
        open.set(true);
    });
    Effect::new(move || {
        if !open.get() {
            naming.set(None);
        }
    });
    let save = move || {
        let Some(what) = naming.get_untracked() else { return };
        let (name, group) = (name.get_untracked(), group.get_untracked());
        busy.set(true);
        spawn_local(async move {
            let answer = match what {
                Naming::Role => {
                    people::create_role(&name, group.and_then(|key| key.parse().ok())).await.map(drop)
                }
                Naming::Group => people::create_role_group(&name).await.map(drop),
                Naming::Again(group) => people::rename_role_group(group.id, &name).await.map(drop),
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
        Some(Naming::Again(_)) => text!("role-group-rename"),
        Some(Naming::Role) | None => text!("role-add"),
    });
    // Without groups there is nothing to choose from.
    let has_group = move || naming.get() == Some(Naming::Role) && !known.all_groups().is_empty();
    view! {
        <Dialog open=open title=title asks=true foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                <Field label=t!("role-name") required=true error=fault>
                    <TextInput value=name on_input=move |text| name.set(text) name="role-name" autofocus=true/>
                </Field>
                {move || has_group().then(|| view! {
                    <Field label=t!("role-group")>
                        <Select choices=known.group_choices() value=group on_change=move |key| group.set(key) clearable=true/>
                    </Field>
                })}
            </form>
        </Dialog>
    }
}

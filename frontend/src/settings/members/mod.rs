//! The people of the workspace: the departments that they are in, and what is done with each of them.

mod departments;
mod disabling;
mod dragging;
mod editing;
mod hand_over;
mod importing;
mod link;
mod row;
mod several;

use engine::value::{Id, fold};
use leptos::prelude::*;
use wire::{Department, List, Member, MemberState, Role};

use super::again::{Again, AgainDialog};
use crate::api::{Problem, people, session};
use crate::ui::{
    Branch, Button, ButtonKind, Choice, ControlSize, Empty, Loaded, SearchBox, Select, Together,
};
use crate::{t, text};

use departments::Departments;
use disabling::DisableDialog;
use editing::{EditDialog, Editing};
use hand_over::HandOverDialog;
use importing::PeopleFromFileDialog;
use link::LinkDialog;
use row::Row;
use several::SeveralDialog;

/// Who and what there is, shared by the list and the dialogs.
#[derive(Clone, Copy)]
struct Known {
    members: LocalResource<Result<List<Member>, Problem>>,
    departments: LocalResource<Result<List<Department>, Problem>>,
    roles: LocalResource<Result<List<Role>, Problem>>,
}

impl Known {
    fn load() -> Known {
        Known {
            members: LocalResource::new(people::members),
            departments: LocalResource::new(people::departments),
            roles: LocalResource::new(people::roles),
        }
    }

    fn all_members(self) -> Vec<Member> {
        self.members.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default()
    }

    fn all_departments(self) -> Vec<Department> {
        self.departments.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default()
    }

    /// Members who are here, but `except`.
    fn member_choices(self, except: Signal<Option<Id>>) -> Signal<Vec<Choice>> {
        Signal::derive(move || {
            let all = self.all_members().into_iter();
            let here =
                all.filter(|member| member.state != MemberState::Disabled && Some(member.id) != except.get());
            here.map(|member| Choice::new(member.id.to_string(), member.name).note(member.email)).collect()
        })
    }

    fn department_choices(self) -> Signal<Vec<Choice>> {
        Signal::derive(move || {
            let all = self.all_departments().into_iter();
            all.map(|department| Choice::new(department.id.to_string(), department.name)).collect()
        })
    }

    /// The departments with what each is part of.
    fn department_branches(self) -> Vec<Branch> {
        let branch = |department: Department| Branch {
            choice: Choice::new(department.id.to_string(), department.name),
            within: department.parent.map(|parent| parent.to_string()),
        };
        self.all_departments().into_iter().map(branch).collect()
    }

    fn role_choices(self) -> Signal<Vec<Choice>> {
        Signal::derive(move || {
            let roles = self.roles.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
            roles.into_iter().map(|role| Choice::new(role.id.to_string(), role.name)).collect()
        })
    }

    fn refetch(self) {
        self.members.refetch();
        self.departments.refetch();
        self.roles.refetch();
    }
}

/// What is being done with a member in a dialog.
#[derive(Clone, Copy)]
struct Doing {
    editing: RwSignal<Option<Editing>>,
    /// Who gets a link: to join, or to choose a new password.
    letting_in: RwSignal<Option<Member>>,
    handing_over: RwSignal<Option<Member>>,
    disabling: RwSignal<Option<Member>>,
    /// What changes how somebody signs in asks who does it.
    again: Again,
}

/// Which of the members are listed.
#[derive(Clone, Copy)]
struct Wanted {
    department: RwSignal<Option<Id>>,
    role: RwSignal<Option<String>>,
    state: RwSignal<Option<String>>,
    /// What is typed to find somebody.
    words: RwSignal<String>,
}

impl Wanted {
    fn everybody() -> Wanted {
        Wanted {
            department: RwSignal::new(None),
            role: RwSignal::new(None),
            state: RwSignal::new(None),
            words: RwSignal::new(String::new()),
        }
    }

    fn among(self, members: Vec<Member>, known: Known) -> Vec<Member> {
        let department = self.department.get();
        let within = department.map(|chosen| departments::with_parts(&known.all_departments(), chosen));
        let (role, state) = (self.role.get(), self.state.get());
        let words = fold(self.words.get().trim());
        let is_sought = |member: &Member| {
            let texts = [Some(&member.name), Some(&member.email), member.title.as_ref()];
            words.is_empty() || texts.into_iter().flatten().any(|text| fold(text).contains(&words))
        };
        let is_within = |member: &Member| {
            within.as_ref().is_none_or(|within| member.departments.iter().any(|id| within.contains(id)))
        };
        let has_role = |member: &Member| {
            role.as_ref().is_none_or(|role| member.roles.iter().any(|id| id.to_string() == *role))
        };
        let is_so = |member: &Member| state.as_deref().is_none_or(|state| state_key(member.state) == state);
        let is_wanted =
            |member: &Member| is_within(member) && is_sought(member) && has_role(member) && is_so(member);
        members.into_iter().filter(is_wanted).collect()
    }
}

#[component]
pub fn MembersPage() -> impl IntoView {
    let known = Known::load();
    let doing = Doing {
        editing: RwSignal::new(None),
        letting_in: RwSignal::new(None),
        handing_over: RwSignal::new(None),
        disabling: RwSignal::new(None),
        again: Again::new(),
    };
    let (importing, adding) = (RwSignal::new(false), RwSignal::new(false));
    let wanted = Wanted::everybody();
    let may_change = Memo::new(|_| session::me().is_some_and(|me| me.member.administrator));
    let on_change = Callback::new(move |()| known.refetch());
    let nobody = move || {
        let text = Signal::derive(move || match may_change.get() {
            true => text!("members-none-add"),
            false => text!("members-none-ask"),
        });
        view! { <Empty icon="members" title=Signal::derive(t!("members-none")) text=text/> }
    };
    let table = move |page: List<Member>| {
        let all = StoredValue::new(page.items);
        move || {
            let members = wanted.among(all.get_value(), known);
            if members.is_empty() {
                return nobody().into_any();
            }
            let rows = members
                .into_iter()
                .map(|member| view! { <Row member=member known=known doing=doing may_change=may_change on_change=on_change/> })
                .collect_view();
            view! {
                <div class="sub-scroll">
                    <table class="grid plain auto">
                        <thead>
                            <tr>
                                <th>{t!("member-name")}</th>
                                <th>{t!("member-email")}</th>
                                <th>{t!("member-departments")}</th>
                                <th>{t!("member-roles")}</th>
                                <th>{t!("member-manager")}</th>
                                <th>{t!("member-state")}</th>
                                <th><span class="sr">{t!("member-actions")}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div class="stack g6">
            <Together>
                <Departments known=known chosen=wanted.department may_change=may_change/>
                <section class="card">
                    <Head wanted=wanted doing=doing may_change=may_change importing=importing adding=adding/>
                    <Filters known=known wanted=wanted/>
                    <Loaded answer=known.members view=table/>
                </section>
            </Together>
        </div>
        <EditDialog doing=doing known=known on_saved=on_change/>
        <LinkDialog letting_in=doing.letting_in/>
        <HandOverDialog handing_over=doing.handing_over known=known on_done=on_change/>
        <DisableDialog doing=doing on_done=on_change/>
        <PeopleFromFileDialog open=importing on_imported=on_change/>
        <AgainDialog again=doing.again/>
        <SeveralDialog open=adding known=known department=wanted.department on_added=on_change/>
    }
}

/// What stands above the list: who is sought, and how members are added.
#[component]
fn Head(
    wanted: Wanted,
    doing: Doing,
    may_change: Memo<bool>,
    importing: RwSignal<bool>,
    adding: RwSignal<bool>,
) -> impl IntoView {
    let add_one = move |_| doing.editing.set(Some(Editing::New(wanted.department.get_untracked())));
    view! {
        <div class="card-head">
            <h2>{t!("settings-members")}</h2>
            <SearchBox
                value=wanted.words
                on_search=move |text| wanted.words.set(text)
                placeholder=Signal::derive(t!("members-search"))
                size=ControlSize::Small
            />
            {move || may_change.get().then(|| view! {
                <Button size=ControlSize::Small icon="import" on_press=move |_| importing.set(true)>
                    {t!("members-import")}
                </Button>
                <Button size=ControlSize::Small icon="members" on_press=move |_| adding.set(true)>
                    {t!("members-several")}
                </Button>
                <Button kind=ButtonKind::Primary size=ControlSize::Small icon="plus" on_press=add_one>
                    {t!("member-add")}
                </Button>
            })}
        </div>
    }
}

/// What a state is called among the choices.
fn state_key(state: MemberState) -> &'static str {
    match state {
        MemberState::Active => "active",
        MemberState::Invited => "invited",
        MemberState::Disabled => "disabled",
    }
}

/// Lists those with a role, or in a state, alone.
#[component]
fn Filters(known: Known, wanted: Wanted) -> impl IntoView {
    let states = Signal::derive(|| {
        vec![
            Choice::new("active", text!("member-active")),
            Choice::new("invited", text!("member-invited")),
            Choice::new("disabled", text!("member-disabled")),
        ]
    });
    view! {
        <div class="filters">
            <Select
                choices=known.role_choices()
                value=wanted.role
                on_change=move |key| wanted.role.set(key)
                clearable=true
                size=ControlSize::Small
                placeholder=t!("members-any-role")
                label=Signal::derive(t!("members-of-role"))
            />
            <Select
                choices=states
                value=wanted.state
                on_change=move |key| wanted.state.set(key)
                clearable=true
                size=ControlSize::Small
                placeholder=t!("members-any-state")
                label=Signal::derive(t!("members-in-state"))
            />
        </div>
    }
}

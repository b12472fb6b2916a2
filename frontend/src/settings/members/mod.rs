//! The people of the workspace: the departments that they are in, and what is done with each of them.

mod departments;
mod dragging;
mod editing;
mod hand_over;
mod importing;
mod invitation;
mod row;

use engine::value::{Id, fold};
use leptos::prelude::*;
use wire::{Department, List, Member, MemberState, Role};

use super::again::{Again, AgainDialog};
use crate::api::{Problem, people, session};
use crate::t;
use crate::ui::{Branch, Button, ButtonKind, Choice, ControlSize, Empty, Loaded, SearchBox, Together};

use departments::Departments;
use editing::{EditDialog, Editing};
use hand_over::HandOverDialog;
use importing::PeopleFromFileDialog;
use invitation::InvitationDialog;
use row::Row;

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
    inviting: RwSignal<Option<Member>>,
    handing_over: RwSignal<Option<Member>>,
    /// What changes how somebody signs in asks who does it.
    again: Again,
}

#[component]
pub fn MembersPage() -> impl IntoView {
    let known = Known::load();
    let doing = Doing {
        editing: RwSignal::new(None),
        inviting: RwSignal::new(None),
        handing_over: RwSignal::new(None),
        again: Again::new(),
    };
    let importing = RwSignal::new(false);
    let department = RwSignal::new(None::<Id>);
    let sought = RwSignal::new(String::new());
    let may_change = Memo::new(|_| session::me().is_some_and(|me| me.member.administrator));
    let on_change = Callback::new(move |()| known.refetch());
    let shown = move |members: Vec<Member>| -> Vec<Member> {
        let within = department.get().map(|chosen| departments::with_parts(&known.all_departments(), chosen));
        let words = fold(sought.get().trim());
        let is_sought = |member: &Member| {
            let texts = [Some(&member.name), Some(&member.email), member.title.as_ref()];
            words.is_empty() || texts.into_iter().flatten().any(|text| fold(text).contains(&words))
        };
        let is_within = |member: &Member| {
            within.as_ref().is_none_or(|within| member.departments.iter().any(|id| within.contains(id)))
        };
        members.into_iter().filter(|member| is_within(member) && is_sought(member)).collect()
    };
    let table = move |page: List<Member>| {
        let all = StoredValue::new(page.items);
        move || {
            let members = shown(all.get_value());
            if members.is_empty() {
                return view! { <Empty icon="members" title=Signal::derive(t!("members-none"))/> }.into_any();
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
                <Departments known=known chosen=department may_change=may_change/>
                <section class="card">
                    <div class="card-head">
                        <h2>{t!("settings-members")}</h2>
                        <SearchBox
                            value=sought
                            on_search=move |text| sought.set(text)
                            placeholder=Signal::derive(t!("members-search"))
                            size=ControlSize::Small
                        />
                        {move || may_change.get().then(|| view! {
                            <Button size=ControlSize::Small icon="import" on_press=move |_| importing.set(true)>
                                {t!("members-import")}
                            </Button>
                            <Button
                                kind=ButtonKind::Primary
                                size=ControlSize::Small
                                icon="plus"
                                on_press=move |_| doing.editing.set(Some(Editing::New(department.get_untracked())))
                            >
                                {t!("member-add")}
                            </Button>
                        })}
                    </div>
                    <Loaded answer=known.members view=table/>
                </section>
            </Together>
        </div>
        <EditDialog doing=doing known=known on_saved=on_change/>
        <InvitationDialog inviting=doing.inviting/>
        <HandOverDialog handing_over=doing.handing_over known=known on_done=on_change/>
        <PeopleFromFileDialog open=importing on_imported=on_change/>
        <AgainDialog again=doing.again/>
    }
}

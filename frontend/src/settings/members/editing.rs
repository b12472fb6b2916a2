//! What is known of a member: a new one, or one who is here.

use std::collections::BTreeSet;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Member, MemberInput, MemberPatch, MemberRolesInput, PeopleChange};

use super::{Doing, Known};
use crate::api::{Problem, people, session};
use crate::settings::again::is_asked_again;
use crate::settings::people_change::ChangesDialog;
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, Dialog, Field, InputType, MultiSelect, Select, TextInput, Tone,
    TreeSelect, toast,
};
use crate::{t, text};

/// What the dialog is about.
#[derive(Clone)]
pub enum Editing {
    /// A new member, in this department.
    New(Option<Id>),
    Member(Member),
}

/// What stands in the dialog.
#[derive(Clone, Copy)]
struct Entered {
    name: RwSignal<String>,
    email: RwSignal<String>,
    title: RwSignal<String>,
    phone: RwSignal<String>,
    departments: RwSignal<Vec<String>>,
    roles: RwSignal<Vec<String>>,
    manager: RwSignal<Option<String>>,
    administrator: RwSignal<bool>,
    /// A first password; without one the member is invited.
    password: RwSignal<String>,
}

impl Entered {
    fn new() -> Entered {
        Entered {
            name: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            title: RwSignal::new(String::new()),
            phone: RwSignal::new(String::new()),
            departments: RwSignal::new(Vec::new()),
            roles: RwSignal::new(Vec::new()),
            manager: RwSignal::new(None),
            administrator: RwSignal::new(false),
            password: RwSignal::new(String::new()),
        }
    }

    fn begin(self, editing: Editing) {
        let keys = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>();
        self.password.set(String::new());
        match editing {
            Editing::New(department) => {
                for text in [self.name, self.email, self.title, self.phone] {
                    text.set(String::new());
                }
                self.departments.set(department.iter().map(Id::to_string).collect());
                self.roles.set(Vec::new());
                self.manager.set(None);
                self.administrator.set(false);
            }
            Editing::Member(member) => {
                self.departments.set(keys(&member.departments));
                self.roles.set(keys(&member.roles));
                self.manager.set(member.manager.map(|id| id.to_string()));
                self.administrator.set(member.administrator);
                self.name.set(member.name);
                self.email.set(member.email);
                self.title.set(member.title.unwrap_or_default());
                self.phone.set(member.phone.unwrap_or_default());
            }
        }
    }

    fn input(self) -> MemberInput {
        MemberInput {
            email: trimmed(self.email),
            name: trimmed(self.name),
            password: Some(self.password.get_untracked()).filter(|password| !password.is_empty()),
            manager: read(self.manager.get_untracked()),
            departments: ids(&self.departments.get_untracked()),
            roles: self.roles.get_untracked(),
            language: None,
            zone: None,
            administrator: self.administrator.get_untracked(),
            title: Some(trimmed(self.title)),
            phone: Some(trimmed(self.phone)),
        }
    }

    fn patch(self) -> MemberPatch {
        MemberPatch {
            email: Some(trimmed(self.email)),
            name: Some(trimmed(self.name)),
            manager: Some(read(self.manager.get_untracked())),
            departments: Some(ids(&self.departments.get_untracked())),
            roles: Some(self.roles.get_untracked()),
            administrator: Some(self.administrator.get_untracked()),
            title: Some(Some(trimmed(self.title))),
            phone: Some(Some(trimmed(self.phone))),
            ..MemberPatch::default()
        }
    }
}

fn trimmed(text: RwSignal<String>) -> String {
    text.get_untracked().trim().to_string()
}

fn read(key: Option<String>) -> Option<Id> {
    key.and_then(|key| key.parse().ok())
}

fn ids(keys: &[String]) -> Vec<Id> {
    keys.iter().filter_map(|key| key.parse().ok()).collect()
}

/// The dialog at work.
#[derive(Clone, Copy)]
struct Edit {
    id: Signal<Option<Id>>,
    entered: Entered,
    doing: Doing,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// Whether it is asked before other roles are saved, and what these would mean.
    asking: RwSignal<bool>,
    told: RwSignal<Option<Result<Vec<PeopleChange>, Problem>>>,
    on_saved: Callback<()>,
}

impl Edit {
    /// The roles that are to be saved, where they are others than the member has.
    fn other_roles(self) -> Option<MemberRolesInput> {
        let roles = self.entered.roles.get_untracked();
        let chosen: BTreeSet<Id> = ids(&roles).into_iter().collect();
        let stored = self.doing.editing.with_untracked(|editing| match editing {
            Some(Editing::Member(member)) => Some(member.roles.iter().copied().collect::<BTreeSet<Id>>()),
            Some(Editing::New(_)) | None => None,
        });
        stored.filter(|stored| *stored != chosen).map(|_| MemberRolesInput { roles })
    }

    /// Says what other roles mean for a member before they are saved; what changes no right is saved at once.
    fn ask(self) {
        let (Some(id), Some(input)) = (self.id.get_untracked(), self.other_roles()) else {
            return self.save();
        };
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let told = people::member_dry_run(id, &input).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            if told.as_ref().is_ok_and(Vec::is_empty) {
                return self.save();
            }
            self.told.set(Some(told));
            self.asking.set(true);
        });
    }

    /// Saves what stands in the dialog; where the server asks anew who does it, after that has been shown.
    fn save(self) {
        let Edit { entered, doing, busy, problem, .. } = self;
        busy.set(true);
        problem.set(None);
        let id = self.id.get_untracked();
        let (input, patch) = (entered.input(), entered.patch());
        spawn_local(async move {
            let answer = match id {
                Some(id) => people::update_member(id, patch).await,
                None => people::create_member(&input).await,
            };
            let _ = busy.try_set(false);
            let _ = self.asking.try_set(false);
            match answer {
                Ok(member) => {
                    let _ = self.open.try_set(false);
                    let _ = self.on_saved.try_run(());
                    toast::show(match id {
                        Some(_) => text!("record-saved"),
                        None => text!("member-added", name = member.name.clone()),
                    });
                    // Who has no password yet gets a link.
                    if id.is_none() && input.password.is_none() {
                        let _ = doing.letting_in.try_set(Some(member));
                    }
                }
                Err(found) if is_asked_again(&found) => {
                    doing.again.meet(&found, Callback::new(move |()| self.save()));
                }
                Err(found) => drop(problem.try_set(Some(found))),
            }
        });
    }
}

#[component]
pub(super) fn EditDialog(doing: Doing, known: Known, on_saved: Callback<()>) -> impl IntoView {
    let editing = doing.editing;
    let open = RwSignal::new(false);
    let entered = Entered::new();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    Effect::new(move || {
        if let Some(editing) = editing.get() {
            entered.begin(editing);
            problem.set(None);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            editing.set(None);
        }
    });
    let id = Signal::derive(move || match editing.get() {
        Some(Editing::Member(member)) => Some(member.id),
        Some(Editing::New(_)) | None => None,
    });
    let (asking, told) = (RwSignal::new(false), RwSignal::new(None));
    let edit = Edit { id, entered, doing, open, busy, problem, asking, told, on_saved };
    let save = move || edit.ask();
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| save()>
                {move || if id.get().is_some() { text!("ui-save") } else { text!("member-add") }}
            </Button>
        }
    };
    let title = Signal::derive(move || match id.get() {
        Some(_) => text!("member-edit"),
        None => text!("member-add"),
    });
    view! {
        <Dialog open=open title=title asks=true foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                <Inputs entered=entered known=known id=id problem=problem/>
            </form>
        </Dialog>
        <ChangesDialog open=asking told=told busy=busy on_confirm=move |()| edit.save()/>
    }
}

#[component]
fn Inputs(
    entered: Entered,
    known: Known,
    id: Signal<Option<Id>>,
    problem: RwSignal<Option<Problem>>,
) -> impl IntoView {
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let is_me = move || id.get().is_some_and(|id| session::me().is_some_and(|me| me.member.id == id));
    let Entered { name, email, title, phone, departments, roles, manager, administrator, password } = entered;
    let password_help = Signal::derive(t!("member-password-help"));
    let new_password = move || {
        view! {
            <Field label=t!("member-password") help=password_help error=fault("password")>
                <TextInput
                    value=password
                    on_input=move |text| password.set(text)
                    name="member-password"
                    autocomplete="off"
                />
            </Field>
        }
    };
    view! {
        {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
        <Field label=t!("member-name") required=true error=fault("name")>
            <TextInput value=name on_input=move |text| name.set(text) name="member-name" autofocus=true/>
        </Field>
        <Field label=t!("member-email") required=true error=fault("email")>
            <TextInput
                value=email
                on_input=move |text| email.set(text)
                kind=InputType::Email
                name="member-email"
            />
        </Field>
        <Field label=t!("member-title") error=fault("title")>
            <TextInput value=title on_input=move |text| title.set(text) name="member-title"/>
        </Field>
        <Field label=t!("member-phone") error=fault("phone")>
            <TextInput value=phone on_input=move |text| phone.set(text) name="member-phone"/>
        </Field>
        <Field label=t!("member-departments") error=fault("departments")>
            <TreeSelect
                branches=Signal::derive(move || known.department_branches())
                value=departments
                on_change=move |keys| departments.set(keys)
                many=true
            />
        </Field>
        <Field label=t!("member-roles") error=fault("roles")>
            <MultiSelect
                choices=known.role_choices()
                value=roles
                on_change=move |keys| roles.set(keys)
                placeholder=t!("member-roles-choose")
            />
        </Field>
        <Field label=t!("member-manager") error=fault("manager")>
            <Select
                choices=known.member_choices(id)
                value=manager
                on_change=move |key| manager.set(key)
                clearable=true
            />
        </Field>
        {move || id.get().is_none().then(new_password)}
        {move || (!is_me()).then(|| view! {
            <Checkbox checked=administrator on_change=move |on| administrator.set(on) name="administrator">
                {t!("member-administrator")}
            </Checkbox>
        })}
    }
}

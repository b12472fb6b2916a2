//! The people of the workspace and their roles.

use leptos::prelude::*;
use leptos::task::spawn_local;

use engine::value::Id;
use wire::{List, Member, MemberInput, MemberState, Role};

use crate::api::{Problem, people, session, sign_in};
use crate::ui::{
    Badge, Button, ButtonKind, Choice, ControlSize, Dialog, Field, InputType, Loaded, MenuButton, MenuItem,
    MultiSelect, Person, Placement, TextInput, Tone, toast,
};
use crate::{browser, t, text};

/// The roles of the workspace, shared by the list and the dialogs.
type Roles = LocalResource<Result<List<Role>, Problem>>;

#[component]
pub fn MembersPage() -> impl IntoView {
    let members = LocalResource::new(people::members);
    let roles: Roles = LocalResource::new(people::roles);
    let adding = RwSignal::new(false);
    let editing = RwSignal::new(None::<Member>);
    let may_change = Memo::new(|_| session::me().is_some_and(|me| me.member.administrator));
    let table = move |page: List<Member>| {
        view! {
            <div class="sub-scroll">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th>{t!("member-name")}</th>
                            <th>{t!("member-email")}</th>
                            <th>{t!("member-roles")}</th>
                            <th>{t!("member-state")}</th>
                            <th><span class="sr">{t!("member-actions")}</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        {page
                            .items
                            .into_iter()
                            .map(|member| view! { <Row member=member roles=roles editing=editing may_change=may_change on_change=move |()| members.refetch()/> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("settings-members")}</h2>
                {move || may_change.get().then(|| view! {
                    <Button kind=ButtonKind::Primary size=ControlSize::Small icon="plus" on_press=move |_| adding.set(true)>
                        {t!("member-add")}
                    </Button>
                })}
            </div>
            <Loaded answer=members view=table/>
        </section>
        <AddDialog open=adding roles=roles on_added=move |()| members.refetch()/>
        <RolesDialog editing=editing roles=roles on_saved=move |()| members.refetch()/>
    }
}

fn role_choices(roles: Roles) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let roles = roles.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        roles.into_iter().map(|role| Choice::new(role.id.to_string(), role.name)).collect()
    })
}

#[component]
fn Row(
    member: Member,
    roles: Roles,
    editing: RwSignal<Option<Member>>,
    may_change: Memo<bool>,
    #[prop(into)] on_change: Callback<()>,
) -> impl IntoView {
    let state = member.state;
    let ids = member.roles.clone();
    let names = move || {
        let all = role_choices(roles).get();
        ids.iter()
            .filter_map(|id| {
                all.iter().find(|role| role.key == id.to_string()).map(|role| role.label.clone())
            })
            .map(|name| view! { <span class="chip o1">{name}</span> })
            .collect_view()
    };
    let id = member.id;
    let set_state = move |state: MemberState| {
        spawn_local(async move {
            match people::set_member_state(id, state).await {
                Ok(_) => on_change.run(()),
                Err(problem) => toast::show(problem.sentence()),
            }
        });
    };
    let reset_second_step = move || {
        spawn_local(async move {
            match sign_in::reset_second_factor(id).await {
                Ok(()) => toast::show(text!("second-step-removed")),
                Err(problem) if problem.status == 404 => toast::show(text!("member-no-second-step")),
                Err(problem) => toast::show(problem.sentence()),
            }
        });
    };
    let whole = StoredValue::new(member.clone());
    let is_me = session::me().is_some_and(|me| me.member.id == member.id);
    let actions = move || {
        view! {
            <MenuButton icon="more" label=t!("member-actions") size=ControlSize::Small placement=Placement::End>
                <MenuItem icon="edit" on_choose=move |()| editing.set(Some(whole.get_value()))>{t!("member-edit-roles")}</MenuItem>
                <MenuItem
                    icon="shield"
                    disabled_reason=Signal::derive(move || is_me.then(|| text!("member-not-yourself")))
                    on_choose=move |()| reset_second_step()
                >
                    {t!("member-reset-second-step")}
                </MenuItem>
                {match state {
                    MemberState::Active | MemberState::Invited => view! {
                        <MenuItem
                            icon="lock"
                            danger=true
                            disabled_reason=Signal::derive(move || is_me.then(|| text!("member-not-yourself")))
                            on_choose=move |()| set_state(MemberState::Disabled)
                        >
                            {t!("member-disable")}
                        </MenuItem>
                    }
                    .into_any(),
                    MemberState::Disabled => view! {
                        <MenuItem icon="ok" on_choose=move |()| set_state(MemberState::Active)>
                            {t!("member-enable")}
                        </MenuItem>
                    }
                    .into_any(),
                }}
            </MenuButton>
        }
    };
    let email = member.email.clone();
    view! {
        <tr data-member=email>
            <td class="title"><Person name=member.name/></td>
            <td>{member.email}</td>
            <td><span class="row wrap">{names}</span></td>
            <td>
                {match state {
                    MemberState::Active => view! { <Badge tone=Tone::Success>{t!("member-active")}</Badge> },
                    MemberState::Invited => view! { <Badge tone=Tone::Info>{t!("member-invited")}</Badge> },
                    MemberState::Disabled => view! { <Badge>{t!("member-disabled")}</Badge> },
                }}
            </td>
            <td class="text-right">{move || may_change.get().then(actions)}</td>
        </tr>
    }
}

/// A new member with a first password, to be handed over by the administrator.
#[component]
fn AddDialog(open: RwSignal<bool>, roles: Roles, #[prop(into)] on_added: Callback<()>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<String>::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let new_role = RwSignal::new(String::new());
    Effect::new(move || {
        if open.get() {
            name.set(String::new());
            email.set(String::new());
            password.set(browser::random_key()[..14].to_string());
            chosen.set(Vec::new());
            problem.set(None);
        }
    });
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let add = move || {
        busy.set(true);
        problem.set(None);
        let new = MemberInput {
            email: email.get_untracked().trim().to_string(),
            name: name.get_untracked().trim().to_string(),
            password: Some(password.get_untracked()).filter(|password| !password.is_empty()),
            manager: None,
            departments: Vec::new(),
            roles: chosen.get_untracked(),
            language: None,
            zone: None,
            administrator: false,
        };
        spawn_local(async move {
            let answer = people::create_member(&new).await;
            busy.set(false);
            match answer {
                Ok(member) => {
                    open.set(false);
                    on_added.run(());
                    toast::show(text!("member-added", name = member.name));
                }
                Err(found) => problem.set(Some(found)),
            }
        });
    };
    let make_role = move |_| {
        let name = new_role.get_untracked().trim().to_string();
        if name.is_empty() {
            return;
        }
        spawn_local(async move {
            match people::create_role(&name).await {
                Ok(role) => {
                    new_role.set(String::new());
                    chosen.update(|chosen| chosen.push(role.id.to_string()));
                    roles.refetch();
                }
                Err(problem) => toast::show(problem.sentence()),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| add()>{t!("member-add")}</Button>
        }
    };
    view! {
        <Dialog open=open title=t!("member-add") foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    add();
                }
            >
                {move || general().map(|sentence| view! { <crate::ui::Banner tone=Tone::Danger>{sentence}</crate::ui::Banner> })}
                <Field label=t!("member-name") required=true error=fault("name")>
                    <TextInput value=name on_input=move |text| name.set(text) name="member-name" autofocus=true/>
                </Field>
                <Field label=t!("member-email") required=true error=fault("email")>
                    <TextInput value=email on_input=move |text| email.set(text) kind=InputType::Email name="member-email"/>
                </Field>
                <Field label=t!("member-password") help=Signal::derive(t!("member-password-help")) error=fault("password")>
                    <TextInput value=password on_input=move |text| password.set(text) name="member-password" autocomplete="off"/>
                </Field>
                <Field label=t!("member-roles") error=fault("roles")>
                    <MultiSelect
                        choices=role_choices(roles)
                        value=chosen
                        on_change=move |keys| chosen.set(keys)
                        placeholder=t!("member-roles-choose")
                    />
                </Field>
                <Field label=t!("member-new-role")>
                    <div class="row">
                        <TextInput value=new_role on_input=move |text| new_role.set(text) name="role-name"/>
                        <Button on_press=make_role>{t!("member-make-role")}</Button>
                    </div>
                </Field>
            </form>
        </Dialog>
    }
}

#[component]
fn RolesDialog(
    editing: RwSignal<Option<Member>>,
    roles: Roles,
    #[prop(into)] on_saved: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(Vec::<String>::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    Effect::new(move || {
        if let Some(member) = editing.get() {
            chosen.set(member.roles.iter().map(Id::to_string).collect());
            fault.set(None);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            editing.set(None);
        }
    });
    let save = move |_| {
        let Some(member) = editing.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = people::set_member_roles(member.id, chosen.get_untracked()).await;
            busy.set(false);
            match answer {
                Ok(_) => {
                    open.set(false);
                    on_saved.run(());
                }
                Err(problem) => fault.set(Some(problem.sentence())),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("ui-save")}</Button>
        }
    };
    let title =
        move || text!("member-roles-of", name = editing.get().map(|member| member.name).unwrap_or_default());
    view! {
        <Dialog open=open title=Signal::derive(title) foot=Some(ViewFn::from(foot))>
            <Field label=t!("member-roles") error=fault>
                <MultiSelect
                    choices=role_choices(roles)
                    value=chosen
                    on_change=move |keys| chosen.set(keys)
                    placeholder=t!("member-roles-choose")
                />
            </Field>
        </Dialog>
    }
}

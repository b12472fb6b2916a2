//! A member in the list, and what can be done with them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Member, MemberState};

use super::editing::Editing;
use super::{Doing, Known};
use crate::api::{people, session, sign_in};
use crate::ui::{Badge, Choice, ControlSize, MenuButton, MenuItem, Person, Placement, Tone, toast};
use crate::{t, text};

#[component]
pub(super) fn Row(
    member: Member,
    known: Known,
    doing: Doing,
    may_change: Memo<bool>,
    on_change: Callback<()>,
) -> impl IntoView {
    let state = member.state;
    let roles: Vec<String> = member.roles.iter().map(|id| id.to_string()).collect();
    let departments: Vec<String> = member.departments.iter().map(|id| id.to_string()).collect();
    let role_names = move || chips(&known.role_choices().get(), &roles, "chip o1");
    let department_names = move || chips(&known.department_choices().get(), &departments, "chip");
    let whole = StoredValue::new(member.clone());
    let actions = move || view! { <Actions whole=whole doing=doing on_change=on_change/> };
    let (email, title) = (member.email.clone(), member.title.clone());
    let (administers, manager) = (member.administrator, member.manager);
    let manager_name = move || {
        let manager = manager?;
        known.members.with(|answer| {
            let all = &answer.as_ref()?.as_ref().ok()?.items;
            all.iter().find(|other| other.id == manager).map(|other| other.name.clone())
        })
    };
    view! {
        <tr data-member=email>
            <td class="title">
                <div class="lines">
                    <span class="row wrap">
                        <Person name=member.name/>
                        {administers.then(|| view! { <Badge tone=Tone::Accent>{t!("member-is-administrator")}</Badge> })}
                    </span>
                    {title.map(|title| view! { <span class="note muted">{title}</span> })}
                </div>
            </td>
            <td>{member.email}</td>
            <td><span class="row wrap">{department_names}</span></td>
            <td><span class="row wrap">{role_names}</span></td>
            <td>{manager_name}</td>
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

/// The names behind some keys, each on a chip.
fn chips(choices: &[Choice], keys: &[String], class: &'static str) -> impl IntoView + use<> {
    let named = keys.iter().filter_map(|key| choices.iter().find(|choice| choice.key == *key));
    let names: Vec<String> = named.map(|choice| choice.label.clone()).collect();
    names.into_iter().map(|name| view! { <span class=class>{name}</span> }).collect_view()
}

#[component]
fn Actions(whole: StoredValue<Member>, doing: Doing, on_change: Callback<()>) -> impl IntoView {
    let (id, state) = whole.with_value(|member| (member.id, member.state));
    let is_me = session::me().is_some_and(|me| me.member.id == id);
    let not_oneself = Signal::derive(move || is_me.then(|| text!("member-not-yourself")));
    let enable = move || {
        spawn_local(async move {
            match people::set_member_state(id, MemberState::Active).await {
                Ok(_) => drop(on_change.try_run(())),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let reset_second_step = move || {
        spawn_local(async move {
            match sign_in::reset_second_factor(id).await {
                Ok(()) => toast::show(text!("second-step-removed")),
                Err(problem) if problem.status == 404 => toast::show(text!("member-no-second-step")),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    view! {
        <MenuButton icon="more" label=t!("member-actions") size=ControlSize::Small placement=Placement::End>
            <MenuItem icon="edit" on_choose=move |()| doing.editing.set(Some(Editing::Member(whole.get_value())))>
                {t!("member-edit")}
            </MenuItem>
            {(state == MemberState::Invited).then(|| view! {
                <MenuItem icon="link" on_choose=move |()| doing.letting_in.set(Some(whole.get_value()))>
                    {t!("member-invite")}
                </MenuItem>
            })}
            {(state == MemberState::Active).then(|| view! {
                <MenuItem
                    icon="link"
                    disabled_reason=not_oneself
                    on_choose=move |()| doing.letting_in.set(Some(whole.get_value()))
                >
                    {t!("member-password-link")}
                </MenuItem>
            })}
            <MenuItem icon="transfer" on_choose=move |()| doing.handing_over.set(Some(whole.get_value()))>
                {t!("member-hand-over")}
            </MenuItem>
            <MenuItem icon="shield" disabled_reason=not_oneself on_choose=move |()| reset_second_step()>
                {t!("member-reset-second-step")}
            </MenuItem>
            {if state == MemberState::Disabled {
                view! {
                    <MenuItem icon="ok" on_choose=move |()| enable()>{t!("member-enable")}</MenuItem>
                }
                .into_any()
            } else {
                view! {
                    <MenuItem
                        icon="lock"
                        danger=true
                        disabled_reason=not_oneself
                        on_choose=move |()| doing.disabling.set(Some(whole.get_value()))
                    >
                        {t!("member-disable")}
                    </MenuItem>
                }
                .into_any()
            }}
        </MenuButton>
    }
}

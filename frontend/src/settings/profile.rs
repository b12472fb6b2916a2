//! What colleagues know of the reader, and what of it the reader says.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::MePatch;

use super::zones::ZoneSelect;
use crate::api::{Problem, people, session};
use crate::ui::{Banner, Button, ButtonKind, Field, TextInput, Tone, toast};
use crate::{i18n, t, text};

/// Name, telephone and zone, and below them what only administrators change.
#[component]
pub fn Profile() -> impl IntoView {
    let member = session::me().map(|me| me.member);
    let of = |read: fn(&wire::Member) -> Option<String>| member.as_ref().and_then(read).unwrap_or_default();
    let name = RwSignal::new(of(|member| Some(member.name.clone())));
    let phone = RwSignal::new(of(|member| member.phone.clone()));
    let zone = RwSignal::new(of(|member| member.zone.clone()));
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        problem.set(None);
        let zone = zone.get_untracked().trim().to_string();
        let patch = MePatch {
            name: Some(name.get_untracked()),
            phone: Some(Some(phone.get_untracked())),
            zone: Some(Some(zone).filter(|zone| !zone.is_empty())),
            ..MePatch::default()
        };
        spawn_local(async move {
            let answer = people::change_me(&patch).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(member) => {
                    i18n::read_moments_in(member.zone.as_deref());
                    session::update_me(|me| me.member = member);
                    toast::show(text!("record-saved"));
                }
                Err(found) => drop(problem.try_set(Some(found))),
            }
        });
    };
    let usual = session::me().map(|me| me.workspace.zone).unwrap_or_default();
    let zone_help = Signal::derive(move || text!("profile-zone-help", zone = usual.clone()));
    view! {
        <section class="card">
            <div class="card-head"><h2>{t!("profile-title")}</h2></div>
            <form class="card-body stack g4" on:submit=submit>
                {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                <Field label=t!("member-name") required=true error=fault("name")>
                    <TextInput value=name on_input=move |text| name.set(text) name="profile-name"/>
                </Field>
                <Field label=t!("member-phone") error=fault("phone")>
                    <TextInput value=phone on_input=move |text| phone.set(text) name="profile-phone"/>
                </Field>
                <Field label=t!("profile-zone") help=zone_help error=fault("zone")>
                    <ZoneSelect value=zone on_change=move |name: String| zone.set(name) clearable=true/>
                </Field>
                <Standing/>
                <div class="row"><Button kind=ButtonKind::Primary submit=true busy=busy>{t!("ui-save")}</Button></div>
            </form>
        </section>
    }
}

/// Title, departments, roles and manager, by name.
#[component]
fn Standing() -> impl IntoView {
    let departments = LocalResource::new(people::departments);
    let roles = LocalResource::new(people::roles);
    let members = LocalResource::new(people::members);
    let lines = move || {
        let member = session::me()?.member;
        let listed =
            |names: Vec<String>| if names.is_empty() { "—".to_string() } else { i18n::listed(names) };
        let all = departments.get()?.ok()?.items;
        let own = all.into_iter().filter(|one| member.departments.contains(&one.id)).map(|one| one.name);
        let departments = listed(own.collect());
        let all = roles.get()?.ok()?.items;
        let own = all.into_iter().filter(|one| member.roles.contains(&one.id)).map(|one| one.name);
        let roles = listed(own.collect());
        let all = members.get()?.ok()?.items;
        let above = all.into_iter().find(|one| Some(one.id) == member.manager).map(|one| one.name);
        let manager = listed(above.into_iter().collect());
        let title = listed(member.title.into_iter().collect());
        Some(view! {
            <table class="grid plain auto">
                <tbody>
                    <tr><td>{t!("member-title")}</td><td>{title}</td></tr>
                    <tr><td>{t!("member-departments")}</td><td>{departments}</td></tr>
                    <tr><td>{t!("member-roles")}</td><td>{roles}</td></tr>
                    <tr><td>{t!("member-manager")}</td><td>{manager}</td></tr>
                </tbody>
            </table>
        })
    };
    view! { {lines} }
}

//! One's own settings: language, theme, password.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{MePatch, PasswordChange, Problem};

use super::choose_language;
use super::profile::Profile;
use crate::api::{people, session, workspace};
use crate::i18n::{self, Language};
use crate::theme::{self, Theme};
use crate::ui::{
    Avatar, AvatarSize, Banner, Button, Field, InputType, Segment, Segmented, TextInput, Tone, toast,
};
use crate::{t, text};

#[component]
pub fn PreferencesPage() -> impl IntoView {
    let language = Language::ALL
        .map(|language| Segment::new(language.tag(), move || i18n::own_name(language).to_string()));
    let themes = vec![
        Segment::new("system", t!("theme-system")).icon("desktop"),
        Segment::new("light", t!("theme-light")).icon("sun"),
        Segment::new("dark", t!("theme-dark")).icon("moon"),
    ];
    let name = Signal::derive(|| session::me().map(|me| me.member.name).unwrap_or_default());
    let email = || session::me().map(|me| me.member.email).unwrap_or_default();
    view! {
        <div class="stack g6">
            <section class="card">
                <div class="card-body row gap-4">
                    <Avatar name=name size=AvatarSize::Huge/>
                    <div class="stack g1 grow"><span class="strong">{name}</span><span class="note muted">{email}</span></div>
                    <Button icon="open" on_press=move |_| crate::shell::sign_out()>{t!("nav-sign-out")}</Button>
                </div>
            </section>
            <section class="card">
                <div class="card-head"><h2>{t!("settings-appearance")}</h2></div>
                <div class="card-body stack g4">
                    <div class="field">
                        <span class="label">{t!("nav-language")}</span>
                        <div>
                            <Segmented
                                segments=language.to_vec()
                                selected=Signal::derive(|| i18n::language().tag().to_string())
                                on_select=|tag: &'static str| {
                                    if let Some(language) = Language::from_tag(tag) {
                                        choose_language(language);
                                    }
                                }
                                label=Signal::derive(|| text!("nav-language"))
                            />
                        </div>
                    </div>
                    <div class="field">
                        <span class="label">{t!("settings-theme")}</span>
                        <div>
                            <Segmented
                                segments=themes
                                selected=Signal::derive(|| theme::theme().name().to_string())
                                on_select=|name: &'static str| {
                                    if let Some(theme) = Theme::from_name(name) {
                                        theme::set_theme(theme);
                                    }
                                }
                                label=Signal::derive(|| text!("settings-theme"))
                            />
                        </div>
                    </div>
                </div>
            </section>
            <Profile/>
            <Password/>
        </div>
    }
}

/// A new password, shown to be one's own by the current one.
#[component]
fn Password() -> impl IntoView {
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let rules = LocalResource::new(workspace::read);
    let help = Signal::derive(move || match rules.get() {
        Some(Ok(rules)) => text!("password-help", min = rules.password.min_length),
        Some(Err(_)) | None => text!("set-up-password-help"),
    });
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let change = PasswordChange { current: current.get_untracked(), new: new.get_untracked() };
        spawn_local(async move {
            let answer = people::change_me(&MePatch { password: Some(change), ..MePatch::default() }).await;
            busy.set(false);
            match answer {
                Ok(_) => {
                    current.set(String::new());
                    new.set(String::new());
                    toast::show(text!("settings-password-changed"));
                }
                Err(found) => problem.set(Some(found)),
            }
        });
    };
    view! {
        <section class="card">
            <div class="card-head"><h2>{t!("settings-password")}</h2></div>
            <form class="card-body stack g4" on:submit=submit>
                {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                <div class="form">
                    <Field label=t!("settings-password-current") class="q2" error=fault("password.current")>
                        <TextInput
                            value=current
                            on_input=move |text| current.set(text)
                            kind=InputType::Password
                            autocomplete="current-password"
                            name="current-password"
                        />
                    </Field>
                    <Field label=t!("settings-password-new") class="q2" help=help error=fault("password")>
                        <TextInput
                            value=new
                            on_input=move |text| new.set(text)
                            kind=InputType::Password
                            autocomplete="new-password"
                            name="new-password"
                        />
                    </Field>
                </div>
                <div class="row"><Button submit=true busy=busy>{t!("settings-password-change")}</Button></div>
            </form>
        </section>
    }
}

//! One's own settings: language and theme.

use leptos::prelude::*;

use super::choose_language;
use crate::api::session;
use crate::i18n::{self, Language};
use crate::theme::{self, Theme};
use crate::ui::{Avatar, AvatarSize, Segment, Segmented};
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
                    <div class="stack g1"><span class="strong">{name}</span><span class="note muted">{email}</span></div>
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
        </div>
    }
}

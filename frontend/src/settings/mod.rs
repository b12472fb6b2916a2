//! Settings: one's own, of what one is told and who stands in, the people of the workspace and their roles, what the
//! workspace says for all of them, and its audit trail.

mod administrators;
mod again;
mod audit;
mod delegations;
mod members;
mod notices;
mod people_change;
mod policy;
mod preferences;
mod profile;
mod role_dialog;
mod role_uses;
mod roles;
mod saving;
mod security;
mod storage;
mod workspace;
mod zones;

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_location;
use wire::MePatch;

use crate::api::{people, session};
use crate::i18n::{self, Language};
use crate::shell::{ShellContext, Top};
use crate::ui::{Crumb, Icon, Skeleton};
use crate::{browser, t, text};

pub use administrators::{AdministratorInputs, Administrators};
pub use audit::AuditPage;
pub use delegations::DelegationsPage;
pub use members::MembersPage;
pub use notices::NoticeSettingsPage;
pub use preferences::PreferencesPage;
pub use roles::RolesPage;
pub use saving::{SavedCard, Saving};
pub use security::SecurityPage;
pub use security::set_up::SecondStepPage;
pub use workspace::WorkspacePage;

/// The frame of the settings pages.
#[component]
pub fn SettingsFrame() -> impl IntoView {
    let shell = ShellContext::expect();
    let administers = Memo::new(|_| session::me().is_some_and(|me| me.member.administrator));
    // Who designs nothing has nothing to take back.
    let has_bin = Memo::new(move |_| shell.administers());
    // On a phone the pages stand below this list: it is whole before they are shown.
    let is_known = Memo::new(move |_| administers.get() || shell.apps.with(Option::is_some));
    // There it is one row, which may be wider than the screen.
    let place = use_location().pathname;
    Effect::new(move || {
        place.track();
        if is_known.get() {
            request_animation_frame(|| browser::bring_into_view(".settings > .tree [aria-current]"));
        }
    });
    view! {
        <Top crumbs=Signal::derive(|| vec![Crumb::here(text!("nav-settings"))])/>
        <main class="page">
            <div class="page-in">
                <Show when=move || is_known.get() fallback=|| view! { <Skeleton lines=8/> }>
                    <div class="settings">
                        <ul class="tree">
                            <li>
                                <A href="/settings" exact=true attr:class="tree-item">
                                    <Icon name="member"/><span>{t!("settings-preferences")}</span>
                                </A>
                            </li>
                            <li>
                                <A href="/settings/security" attr:class="tree-item">
                                    <Icon name="shield"/><span>{t!("settings-security")}</span>
                                </A>
                            </li>
                            <li>
                                <A href="/settings/notices" attr:class="tree-item">
                                    <Icon name="bell"/><span>{t!("settings-notices")}</span>
                                </A>
                            </li>
                            <li>
                                <A href="/settings/delegations" attr:class="tree-item">
                                    <Icon name="transfer"/><span>{t!("settings-delegations")}</span>
                                </A>
                            </li>
                            <li>
                                <A href="/settings/members" attr:class="tree-item">
                                    <Icon name="dept"/><span>{t!("settings-members")}</span>
                                </A>
                            </li>
                            <li>
                                <A href="/settings/roles" attr:class="tree-item">
                                    <Icon name="group"/><span>{t!("settings-roles")}</span>
                                </A>
                            </li>
                            {move || administers.get().then(|| view! {
                                <li>
                                    <A href="/settings/workspace" attr:class="tree-item">
                                        <Icon name="settings"/><span>{t!("settings-workspace")}</span>
                                    </A>
                                </li>
                                <li>
                                    <A href="/settings/audit" attr:class="tree-item">
                                        <Icon name="shield"/><span>{t!("audit-title")}</span>
                                    </A>
                                </li>
                            })}
                            {move || has_bin.get().then(|| view! {
                                <li>
                                    <A href="/settings/bin" attr:class="tree-item">
                                        <Icon name="trash"/><span>{t!("grid-bin")}</span>
                                    </A>
                                </li>
                            })}
                        </ul>
                        <Outlet/>
                    </div>
                </Show>
            </div>
        </main>
    }
}

/// Changes the language of the page, and remembers it with the account of whoever is signed in.
pub fn choose_language(language: Language) {
    i18n::set_language(language);
    if session::is_signed_in() {
        leptos::task::spawn_local(async move {
            let patch = MePatch { language: Some(language), ..MePatch::default() };
            // The page has changed already; an account that can't be changed now keeps its old language.
            if let Ok(member) = people::change_me(&patch).await {
                session::update_me(|me| me.member = member);
            }
        });
    }
}

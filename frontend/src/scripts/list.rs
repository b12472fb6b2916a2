//! The scripts of an app.

use leptos::prelude::*;
use leptos_router::components::A;

use super::forms_named;
use crate::api::scripts;
use crate::records::app_param;
use crate::shell::{ShellContext, Top};
use crate::ui::{Crumb, Empty, Loaded};
use crate::{i18n, t, text};

#[component]
pub fn ScriptsPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let answer = LocalResource::new(move || {
        let app = app.get();
        async move { scripts::all(&app).await }
    });
    let crumbs =
        Signal::derive(move || vec![shell.app_crumb(&app.get()), Crumb::here(text!("scripts-title"))]);
    let list = move |all: Vec<wire::Script>| {
        if all.is_empty() {
            let text = t!("scripts-none-text");
            return view! {
                <div class="card"><Empty icon="bolt" title=t!("scripts-none") text=Signal::derive(text)/></div>
            }
            .into_any();
        }
        let rows = all.into_iter().map(|script| line(shell, &app.get_untracked(), script)).collect_view();
        view! {
            <div class="sub-scroll card">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th>{t!("scripts-key")}</th>
                            <th>{t!("scripts-forms")}</th>
                            <th class="num">{t!("scripts-lines")}</th>
                            <th class="num">{t!("scripts-cases")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <Top crumbs=crumbs>
            <A href=move || format!("/apps/{}/scripts/new", app.get()) attr:class="btn primary">{t!("scripts-new")}</A>
        </Top>
        <main class="page">
            <div class="page-in wide stack g4">
                <p class="note muted">{t!("scripts-text")}</p>
                <Loaded answer=answer view=list/>
            </div>
        </main>
    }
}

fn line(shell: ShellContext, app: &str, script: wire::Script) -> impl IntoView + use<> {
    // A place of its own, so that a script may have any key.
    let href = format!("/apps/{app}/scripts/edit/{}", script.key);
    let (lines, cases) = (script.source.lines().count(), script.cases.len());
    let forms = script.forms;
    let named = move || {
        let names = forms_named(shell, &forms);
        if names.is_empty() { text!("scripts-unbound") } else { i18n::listed(names) }
    };
    view! {
        <tr>
            <td><A href=href attr:class="link"><span class="code" translate="no">{script.key}</span></A></td>
            <td class="muted">{named}</td>
            <td class="num muted">{lines}</td>
            <td class="num muted">{cases}</td>
        </tr>
    }
}

//! The aggregate tables of an app.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use super::{document_of, name_of};
use crate::api::aggregates;
use crate::records::app_param;
use crate::shell::{ShellContext, Top};
use crate::ui::{Button, Crumb, Empty, Loaded, toast};
use crate::{i18n, t, text};

#[component]
pub fn AggregatesPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let may_design = Memo::new(move |_| shell.current_app().is_some_and(|app| app.administrator));
    let busy = RwSignal::new(false);
    // Whether what is kept is what the records say, for every table.
    let check = move |_| {
        busy.set(true);
        let app = app.get_untracked();
        spawn_local(async move {
            let told = match aggregates::verify_all(&app).await {
                Ok(all) => {
                    let wrong: Vec<String> =
                        all.iter().filter(|table| !table.right).map(|table| table.key.clone()).collect();
                    if wrong.is_empty() {
                        text!("aggregates-right", count = all.len())
                    } else {
                        text!("aggregates-wrong", tables = i18n::listed(wrong))
                    }
                }
                Err(problem) => problem.sentence(),
            };
            if busy.try_set(false).is_none() {
                toast::show(told);
            }
        });
    };
    let crumbs =
        Signal::derive(move || vec![shell.app_crumb(&app.get()), Crumb::here(text!("aggregates-title"))]);
    let list = move |tables: Vec<wire::Aggregate>| {
        if tables.is_empty() {
            let text = t!("aggregates-none-text");
            return view! {
                <div class="card"><Empty icon="rollup" title=t!("aggregates-none") text=Signal::derive(text)/></div>
            }
            .into_any();
        }
        let rows = tables.into_iter().map(|table| line(&app.get_untracked(), table)).collect_view();
        view! {
            <div class="sub-scroll card">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th>{t!("aggregates-name")}</th>
                            <th>{t!("aggregates-dimensions")}</th>
                            <th>{t!("aggregates-sources")}</th>
                            <th>{t!("aggregates-limits")}</th>
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
            {move || may_design.get().then(|| view! {
                <Button icon="shield" busy=busy on_press=check>{t!("aggregates-check")}</Button>
                <A href=format!("/apps/{}/aggregates/new", app.get()) attr:class="btn primary">{t!("aggregates-new")}</A>
            })}
        </Top>
        <main class="page">
            <div class="page-in wide stack g4">
                <Loaded answer=shell.aggregates view=list/>
            </div>
        </main>
    }
}

fn line(app: &str, table: wire::Aggregate) -> impl IntoView + use<> {
    let href = format!("/apps/{app}/aggregates/{}", table.id);
    let document = document_of(&table);
    let names = |parts: Vec<String>| i18n::listed(parts);
    let (dimensions, sources, limits) = match document {
        Some(document) => {
            let dimensions = document.dimensions.iter();
            let dimensions = dimensions.map(|known| known.label.get(i18n::language()).to_string()).collect();
            let sources = document.sources.iter().map(|source| source.form.clone()).collect();
            (names(dimensions), names(sources), document.constraints.len())
        }
        None => (String::new(), String::new(), 0),
    };
    let name = name_of(&table);
    view! {
        <tr>
            <td><A href=href attr:class="link">{name}</A></td>
            <td class="muted">{dimensions}</td>
            <td class="muted">{sources}</td>
            <td class="num muted">{limits}</td>
        </tr>
    }
}

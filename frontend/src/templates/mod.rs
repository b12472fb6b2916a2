//! The template centre: pictures of what can be installed, and the installation.

mod categories;
mod clear_demo;
mod contents;
mod install;
mod picture;

use engine::package::Category;
use engine::value::fold;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::templates::{Template, templates};
use crate::shell::{ShellContext, Top};
use crate::ui::{Badge, Button, ButtonKind, Crumb, Empty, Loaded, SearchBox, Tone};
use crate::{i18n, t, text};

use categories::Categories;
use install::InstallDialog;
use picture::Picture;

#[component]
pub fn TemplatesPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let all = LocalResource::new(templates);
    let query = RwSignal::new(String::new());
    let category = RwSignal::new(None::<Category>);
    let chosen = RwSignal::new(None::<Template>);
    // A link may lead to one of them.
    let asked = use_query_map().with_untracked(|query| query.get("show"));
    let asked = StoredValue::new(asked);
    Effect::new(move || {
        let Some(Ok(all)) = all.get() else { return };
        let Some(key) = asked.try_update_value(Option::take).flatten() else { return };
        chosen.set(all.into_iter().find(|template| template.key == key));
    });
    let card = move |template: Template| {
        let key = template.key.clone();
        let name = key.clone();
        let installed = !template.installed.is_empty();
        let (forms, flows, dashboards) = (template.forms, template.flows, template.dashboards);
        let label = template.label.clone();
        let summary = template.summary.clone();
        view! {
            <button type="button" class="card click template" data-template=name on:click=move |_| chosen.set(Some(template.clone()))>
                <div class="pic"><Picture template=key/></div>
                <div class="in">
                    <div class="row between">
                        <h2 class="strong">{move || label.get(i18n::language()).to_string()}</h2>
                        {installed.then(|| view! { <Badge tone=Tone::Success>{t!("template-installed")}</Badge> })}
                    </div>
                    {summary.map(|summary| view! {
                        <p class="small-text soft-text">{move || summary.get(i18n::language()).to_string()}</p>
                    })}
                    <div class="has">
                        <span>{t!("template-forms", count = forms)}</span>
                        {(flows > 0).then(|| view! { <span>{t!("template-flows", count = flows)}</span> })}
                        {(dashboards > 0).then(|| view! { <span>{t!("template-dashboards", count = dashboards)}</span> })}
                    </div>
                </div>
            </button>
        }
    };
    let cards = move |all: Vec<Template>| {
        let wanted = fold(query.get().trim());
        let language = i18n::language();
        let matches = |template: &Template| {
            let summary = template.summary.as_ref().map(|summary| summary.get(language)).unwrap_or_default();
            wanted.is_empty()
                || fold(template.label.get(language)).contains(&wanted)
                || fold(summary).contains(&wanted)
        };
        let is_of = |template: &Template| category.get().is_none_or(|category| category == template.category);
        let shown: Vec<_> = all.into_iter().filter(is_of).filter(matches).collect();
        if shown.is_empty() {
            view! { <Empty icon="gallery" title=t!("ui-nothing-found", query = query.get())/> }.into_any()
        } else {
            view! { <div class="cards-3">{shown.into_iter().map(card).collect_view()}</div> }.into_any()
        }
    };
    let catalogue = move |all: Vec<Template>| {
        let listed = all.clone();
        view! {
            <div class="catalogue">
                <Categories all=all chosen=category/>
                {move || cards(listed.clone())}
            </div>
        }
    };
    let crumbs = || {
        let workspace = crate::api::session::me().map(|me| me.workspace.name).unwrap_or_default();
        vec![Crumb::link(workspace, "/"), Crumb::here(text!("nav-templates"))]
    };
    view! {
        <Top crumbs=Signal::derive(crumbs)>
            {move || shell.may_make_apps().then(|| view! {
                <Button icon="import" class="phone-hide" on_press=move |_| shell.ask_for_app(true)>{t!("home-from-sheet")}</Button>
                <Button kind=ButtonKind::Primary icon="plus" class="phone-hide" on_press=move |_| shell.ask_for_app(false)>{t!("template-blank")}</Button>
            })}
        </Top>
        <main class="page">
            <div class="page-in wide">
                <div class="page-title row wrap">
                    <div class="stack g1 grow">
                        <h1>{t!("template-title")}</h1>
                        <span class="muted">{t!("template-subtitle")}</span>
                    </div>
                    <div class="w-280">
                        <SearchBox value=query on_search=move |text| query.set(text) placeholder=t!("template-search") pause=0/>
                    </div>
                </div>
                <Loaded answer=all view=catalogue/>
            </div>
        </main>
        <InstallDialog
            chosen=chosen
            all=all
            on_installed=move |()| {
                all.refetch();
                shell.apps.refetch();
            }
        />
    }
}

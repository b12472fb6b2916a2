//! A record as a page of its own.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use wire::records::Record;

use super::panel::{History, RecordPanel};
use super::{app_param, form_param};
use crate::api::forms::{self, OpenForm};
use crate::api::records;
use crate::fill::Titles;
use crate::i18n;
use crate::inbox::FlowTimeline;
use crate::shell::{ShellContext, Top};
use crate::t;
use crate::ui::{BesideTabs, Crumb, Loaded};

#[component]
pub fn RecordPage() -> impl IntoView {
    let form = form_param();
    let params = use_params_map();
    let record = Memo::new(move |_| params.with(|params| params.get("record")).unwrap_or_default());
    let titles = Titles::default();
    let opened = LocalResource::new(move || {
        let (form, record) = (form.get(), record.get());
        async move {
            let form = forms::open(&form).await?;
            let query = wire::records::Query {
                filter: Some(engine::condition::Condition::test(
                    "$id",
                    engine::condition::Operator::Eq,
                    record.clone(),
                )),
                limit: Some(1),
                titles: true,
                ..Default::default()
            };
            // The list knows the titles of what the record links to.
            if let Ok(answer) = records::query(form.info.id, &query).await
                && let Some(known) = &answer.titles
            {
                titles.learn(known);
            }
            let record = records::get(form.info.id, &record).await?;
            Ok((form, record))
        }
    });
    view! { <Loaded answer=opened view=move |(form, record)| view! { <Page form=form record=record titles=titles/> }/> }
}

#[component]
fn Page(form: OpenForm, record: Record, titles: Titles) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let navigate = StoredValue::new(use_navigate());
    let label = form.info.label.clone();
    let (id, form_id) = (record.id, form.info.id);
    let title = StoredValue::new((form.clone(), record.clone()));
    let list = move || format!("/apps/{}/forms/{form_id}", app.get());
    let crumbs = Signal::derive(move || {
        let app_name = shell.app(&app.get()).map(|app| app.label.get(i18n::language()).to_string());
        let name = title.with_value(|(form, record)| {
            let values = records::values(form, record);
            engine::record::title(&form.form, &values, i18n::language(), &|_| String::new())
        });
        vec![
            Crumb::link(app_name.unwrap_or_default(), format!("/apps/{}", app.get())),
            Crumb::link(label.get(i18n::language()).to_string(), list()),
            Crumb::here(if name.is_empty() { t!("record-untitled")() } else { name }),
        ]
    });
    let gone = move |()| {
        let to = untrack(list);
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    let rounds = RwSignal::new(0u32);
    let instance = record.system.flow.as_ref().map(|flow| flow.instance.to_string());
    let beside = RwSignal::new(false);
    let in_flow = instance.is_some();
    let side_name = Signal::derive(move || if in_flow { t!("record-way")() } else { t!("record-history")() });
    let history = {
        let form = form.clone();
        move || {
            rounds.track();
            view! { <History form=form.clone() record=id titles=titles/> }
        }
    };
    view! {
        <Top crumbs=crumbs/>
        <div class="record-page" class:shows-side=move || beside.get()>
            <div class="record">
                <BesideTabs beside=beside thing=Signal::derive(t!("record-tab")) side=side_name/>
                <main class="record-body stack g6">
                    <RecordPanel form=form record=record titles=titles on_gone=gone on_saved=move |_| rounds.update(|rounds| *rounds += 1)/>
                </main>
            </div>
            <aside class="side">
                <div class="side-body stack g4">
                    {instance.map(|instance| view! { <FlowTimeline instance=Signal::stored(instance) round=rounds/> })}
                    <h2>{t!("record-history")}</h2>
                    {history}
                </div>
            </aside>
        </div>
    }
}

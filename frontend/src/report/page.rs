//! The page of a report.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::{Map, Value as Json, json};

use super::behind::{BehindDrawer, Question};
use super::chart::ColumnChart;
use super::figure::FigureCard;
use super::table::ReportTable;
use crate::api::reports::{self, Report, Table};
use crate::i18n;
use crate::records::app_param;
use crate::shell::{ShellContext, Top};
use crate::t;
use crate::ui::{Crumb, DateInput, DateInputKind, Loaded};

#[component]
pub fn ReportPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|params| params.get("report")).unwrap_or_default());
    let from = RwSignal::new(String::new());
    let to = RwSignal::new(String::new());
    let chosen = move || {
        let mut chosen = Map::<String, Json>::new();
        for (name, month) in [("from", from.get()), ("to", to.get())] {
            if engine::value::parse_month(&month).is_some() {
                chosen.insert(name.to_string(), json!(month));
            }
        }
        chosen
    };
    let answer = LocalResource::new(move || {
        let (app, key, chosen) = (app.get(), key.get(), chosen());
        // The texts of a report come in the reader's language.
        let _language = i18n::language();
        async move { reports::run(&app, &key, &chosen).await }
    });
    let title = move || match answer.get() {
        Some(Ok(report)) if !report.label.is_empty() => report.label,
        _ => key.get(),
    };
    let crumbs = Signal::derive(move || {
        let name = shell.app(&app.get()).map(|app| app.label.get(i18n::language()).to_string());
        vec![Crumb::link(name.unwrap_or_default(), format!("/apps/{}", app.get())), Crumb::here(title())]
    });
    let question = RwSignal::new(None::<Question>);
    let ask = move |(figure, input): (String, String)| question.set(Some(Question { figure, input }));
    let body = move |report: Report| {
        let figures = report.figures.iter().cloned();
        let figures =
            figures.map(|figure| view! { <FigureCard figure=figure on_records=ask/> }).collect_view();
        let charts = report.tables.iter().filter_map(charted).map(|(table, columns)| {
            let title = table.label.clone();
            view! { <ColumnChart table=table columns=columns title=title/> }
        });
        let charts = charts.collect_view();
        let tables =
            report.tables.iter().cloned().map(|table| view! { <ReportTable table=table/> }).collect_view();
        let as_of = engine::value::parse_timestamp(&report.as_of).map(i18n::date_time).unwrap_or_default();
        view! {
            <div class="dash">{figures}{charts}{tables}</div>
            <p class="note muted">{t!("report-as-of", at = as_of)}" "{report.scope.clone()}</p>
        }
    };
    view! {
        <Top crumbs=crumbs/>
        <div class="filters">
            <label class="row note">{t!("report-from")}<DateInput value=from on_change=move |month| from.set(month) kind=DateInputKind::Month/></label>
            <label class="row note">{t!("report-to")}<DateInput value=to on_change=move |month| to.set(month) kind=DateInputKind::Month/></label>
        </div>
        <div class="data" class:with-drawer=move || question.with(Option::is_some)>
            <main class="page"><div class="page-in wide"><Loaded answer=answer view=body/></div></main>
            {move || question.get().map(|asked| view! {
                <BehindDrawer
                    app=app.get_untracked()
                    report=key.get_untracked()
                    question=asked
                    params=untrack(chosen)
                    on_close=move |()| question.set(None)
                />
            })}
        </div>
    }
}

/// A table is drawn too when its first columns are amounts: what has a percentage as unit is left to the table.
fn charted(table: &Table) -> Option<(Table, Vec<String>)> {
    const MOST: usize = 3;
    let amounts =
        table.columns.iter().skip(1).filter(|column| !matches!(column.unit.as_deref(), Some("%" | "×")));
    let columns: Vec<String> = amounts.map(|column| column.key.clone()).take(MOST).collect();
    (!columns.is_empty() && table.rows.len() > 1).then(|| (table.clone(), columns))
}

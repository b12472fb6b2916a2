//! The page of a report.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use serde_json::{Map, Value as Json, json};
use wire::{BehindInput, Figure, Report, ReportExportInput, ReportFormat, ReportParameter, ReportTable};

use super::address::Address;
use super::behind::{Answer, Asked, Asking, Part, Question};
use super::exporting::{ExportMenu, export};
use super::figure::{FigureCard, Reason, Told, scope_words};
use super::period::{Period, PeriodPicker};
use super::record_filter::{RecordFilter, find};
use super::table::{Cell, reason_of, with_unit};
use super::tables::Tables;
use crate::api::{reports, segment};
use crate::i18n::{self, group_digits};
use crate::records::app_param;
use crate::recycle_bin::{DeleteQuestion, Doomed};
use crate::shell::{ShellContext, Top};
use crate::ui::{
    Button, Crumb, Found, IconButton, Loaded, MenuButton, MenuItem, Placement, Searching, Skeleton,
};
use crate::{recent, t, text};

#[component]
pub fn ReportPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let route = use_params_map();
    let key = Memo::new(move |_| route.with(|route| route.get("report")).unwrap_or_default());
    let address = Address::here();
    let period = Signal::derive(move || {
        let chosen = address.all.get();
        chosen
            .iter()
            .map(|(_, value)| Period::read(value))
            .find(|period| *period != Period::All)
            .unwrap_or_default()
    });
    let params = Memo::new(move |_| chosen(address));
    let answer = LocalResource::new(move || {
        let (app, key, params) = (app.get(), key.get(), params.get());
        // The texts of a report come in the reader's language.
        let _language = i18n::language();
        async move { reports::run(&app, &key, &params).await }
    });
    let title = move || match answer.get() {
        Some(Ok(report)) if !report.label.is_empty() => report.label,
        _ => String::new(),
    };
    let crumbs = Signal::derive(move || vec![shell.app_crumb(&app.get()), Crumb::here(title())]);
    Effect::new(move || {
        let title = title();
        if !title.is_empty() {
            let path = format!("/apps/{}/reports/{}", app.get(), key.get());
            // The list of the app has its name in every language; where it is run from another app its own is known.
            let all = shell.reports.get().and_then(Result::ok).unwrap_or_default();
            match all.into_iter().find(|report| report.key == key.get()) {
                Some(report) => recent::visit(path, Some(report.label), "", "chart"),
                None => recent::visit(path, None, title, "chart"),
            }
        }
    });
    let asked = Asked::nothing();
    asked.goes_with(move || {
        app.track();
        key.track();
        params.track();
        i18n::language()
    });
    // What a number was made of: an input with its records.
    let part_of = move |name: &str, label: String, value: Option<String>, input: BehindInput| {
        let input = BehindInput { app: Some(app.get_untracked()), params: params.get_untracked(), ..input };
        let report = key.get_untracked();
        let ask = move |cursor: Option<String>| -> Asking {
            let (report, input) = (report.clone(), BehindInput { cursor, ..input.clone() });
            Box::pin(async move { reports::behind(&report, &input).await })
        };
        Part {
            key: name.to_string(),
            label,
            value: value.unwrap_or_else(|| "—".to_string()),
            ask: Arc::new(ask),
        }
    };
    let ask = move |(figure, input): (Figure, String)| {
        let inputs = figure.inputs.iter().filter(|(_, value)| value.is_some());
        let parts = inputs.map(|(name, value)| {
            let label = figure.input_labels.get(name).unwrap_or(name).clone();
            let input = BehindInput {
                figure: figure.key.clone(),
                input: Some(name.clone()),
                ..BehindInput::default()
            };
            part_of(name, label, value.as_deref().map(group_digits), input)
        });
        let parts: Vec<Part> = parts.collect();
        let first = parts.iter().position(|part| part.key == input).unwrap_or_default();
        let why = figure.reason.as_deref().map(|code| Reason::of(code, &figure.unseen));
        let told = Told::of(figure.value.as_deref(), figure.unit.as_deref(), why);
        let (title, definition) = (figure.label, figure.definition);
        asked.ask(Question { title, told: Some(told), definition, parts, first });
    };
    let ask_cell = move |table: &ReportTable, cell: Cell, names: &BTreeMap<String, String>| {
        let Cell { row, column, total } = cell;
        let group = table.columns.iter().find(|column| column.group);
        let of_group = group.and_then(|group| row.get(&group.key)?.as_str()).unwrap_or_default();
        let name = group.and_then(|group| row.get("labels")?.get(&group.key)?.as_str()).unwrap_or_default();
        let name = if total { i18n::lookup("report-total", &[]) } else { name.to_string() };
        let inputs = if column.inputs.is_empty() { vec![column.key.clone()] } else { column.inputs.clone() };
        let parts = inputs.into_iter().map(|input| {
            let own = table.columns.iter().find(|column| column.key == input);
            let label = own.map(|own| own.label.clone()).or_else(|| names.get(&input).cloned());
            let value = row.get(&input).and_then(Json::as_str);
            let value = value.map(|value| with_unit(value, own.and_then(|own| own.unit.as_deref())));
            let about = BehindInput {
                // What is no figure is asked about by its inputs alone.
                figure: if column.key.is_empty() { input.clone() } else { column.key.clone() },
                input: Some(input.clone()),
                // The total is of no row.
                table: (!total).then(|| table.key.clone()),
                row: (!total).then(|| of_group.to_string()),
                ..BehindInput::default()
            };
            part_of(&input, label.unwrap_or_else(|| input.clone()), value, about)
        });
        let parts: Vec<Part> = parts.collect();
        let value = row.get(&column.key).and_then(Json::as_str);
        let told = Told::of(value, column.unit.as_deref(), reason_of(&row, &column));
        // All that is drawn at a period has no number of its own.
        let told = Some(told).filter(|_| !column.key.is_empty());
        let title = format!("{name} {}", column.label).trim().to_string();
        asked.ask(Question { title, told, definition: column.definition, parts, first: 0 });
    };
    let exporting = RwSignal::new(false);
    let hand_out = move |format: ReportFormat, table: Option<String>, name: String| {
        let (app, params) = (Some(app.get_untracked()), params.get_untracked());
        export(key.get_untracked(), name, ReportExportInput { app, params, format, table }, exporting);
    };
    let whole = move |format: ReportFormat| hand_out(format, None, untrack(title));
    let body = move |report: Report| {
        let as_of = engine::value::parse_timestamp(&report.as_of).map(i18n::date_time).unwrap_or_default();
        let words = Signal::derive(move || period.with(Period::words));
        let figures = report.figures.iter().cloned().zip(widths(report.figures.len()));
        let figures = figures.map(|(figure, width)| {
            view! { <FigureCard figure=figure width=width on_records=ask as_of=as_of.clone() period=words/> }
        });
        let figures = figures.collect_view();
        let names: BTreeMap<String, String> =
            report.figures.iter().flat_map(|figure| figure.input_labels.clone()).collect();
        let on_export = move |(table, name): (String, String)| hand_out(ReportFormat::Csv, Some(table), name);
        let on_cell = move |(table, cell): (ReportTable, Cell)| ask_cell(&table, cell, &names);
        view! {
            <div class="board-parts">
                <div class="dash">{figures}</div>
                <Tables tables=report.tables.clone() on_cell=on_cell on_export=on_export/>
            </div>
        }
    };
    let scope = move || {
        let report = answer.get()?.ok()?;
        Some(match report.scope == "all" {
            true => text!("report-scope-all"),
            false => scope_words(&report.narrowed),
        })
    };
    let as_of = move || {
        let report = answer.get()?.ok()?;
        let at = engine::value::parse_timestamp(&report.as_of).map(i18n::date_time)?;
        Some(text!("report-as-of", at = at))
    };
    let parameters = Memo::new(move |_| {
        answer.get().and_then(Result::ok).map(|report| report.parameters).unwrap_or_default()
    });
    let is_known = Memo::new(move |_| answer.with(Option::is_some));
    let is_there = Memo::new(move |_| answer.with(|answer| matches!(answer, Some(Ok(_)))));
    let again = move |_| {
        asked.forget();
        answer.refetch();
    };
    let doomed = Signal::derive(move || {
        let report = answer.get().and_then(Result::ok)?;
        let owner = shell.app(&report.app).filter(|owner| owner.administrator)?;
        let path = format!("/reports/{}", segment(&report.key));
        Some(Doomed { name: report.label, path, app: Some(owner.id.to_string()) })
    });
    let deleting = RwSignal::new(false);
    let go = StoredValue::new(use_navigate());
    let deleted = move |()| {
        shell.reports.refetch();
        let to = format!("/apps/{}", app.get_untracked());
        go.with_value(|go| go(&to, Default::default()));
    };
    let delete = move || {
        doomed.with(Option::is_some).then(|| {
            view! {
                <span class="anchor">
                    <MenuButton icon="more" label=Signal::derive(t!("record-more")) placement=Placement::End>
                        <MenuItem icon="trash" danger=true on_choose=move |()| deleting.set(true)>{t!("bin-delete-report")}</MenuItem>
                    </MenuButton>
                </span>
            }
        })
    };
    view! {
        <Top crumbs=crumbs>
            <span class="note muted nowrap phone-hide">{as_of}</span>
            <IconButton icon="refresh" label=t!("report-again") on_press=again/>
            <Button icon="print" class="phone-hide" on_press=move |_| { let _ = window().print(); }>{t!("report-print")}</Button>
            {move || is_there.get().then(|| view! { <ExportMenu on_export=whole/> })}
            {delete}
        </Top>
        // The parameters come with what lies below them: none pushes it down.
        <Show when=move || is_known.get() fallback=|| view! { <div class="card-body"><Skeleton lines=8/></div> }>
            <section class="filters" aria-label=t!("grid-filter")>
                {move || parameters.get().into_iter().map(|parameter| view! { <Parameter parameter=parameter address=address/> }).collect_view()}
                <span class="push note muted nowrap phone-hide">{scope}</span>
            </section>
            <div class="data" class:with-drawer=move || asked.is_open()>
                <main class="page"><div class="page-in wide"><Loaded answer=answer view=body/></div></main>
                <Answer asked=asked/>
            </div>
        </Show>
        <DeleteQuestion open=deleting thing=doomed on_deleted=deleted/>
    }
}

/// The width of each of so many cards: at most four stand in a row, and every row is full.
fn widths(count: usize) -> Vec<&'static str> {
    const MOST: usize = 4;
    let rows = count.div_ceil(MOST).max(1);
    let (least, longer) = (count / rows, count % rows);
    let row = |row: usize| {
        let cards = least + usize::from(row < longer);
        let width = match cards {
            1 => "w24",
            2 => "w12",
            3 => "w8",
            _four => "w6",
        };
        std::iter::repeat_n(width, cards)
    };
    (0..rows).flat_map(row).collect()
}

/// The parameters in the address as the wire has them.
fn chosen(address: Address) -> Map<String, Json> {
    let mut params = Map::new();
    for (name, value) in address.all.get() {
        let json = match Period::read(&value) {
            Period::All => json!(value),
            period => period.json(),
        };
        params.insert(name, json);
    }
    params
}

/// What can be chosen before the report runs.
#[component]
fn Parameter(parameter: ReportParameter, address: Address) -> impl IntoView {
    let key = StoredValue::new(parameter.key.clone());
    let label = parameter.label.clone();
    match (parameter.kind.as_str(), parameter.form) {
        ("period", _) => {
            let now = move || key.with_value(|key| address.get(key)).map(|text| Period::read(&text));
            let value = Signal::derive(move || now().unwrap_or_default());
            let change = move |period: Period| {
                let text = (period != Period::All).then(|| period.written());
                key.with_value(|key| address.set(key, text));
            };
            view! { <PeriodPicker value=value on_change=change/> }.into_any()
        }
        ("link", Some(form)) => {
            let title = parameter.title.clone().unwrap_or_default();
            let search = Callback::new(move |text: String| -> Searching { Box::pin(find(form, text)) });
            let change = move |found: Option<Found>| {
                key.with_value(|key| address.set(key, found.map(|found| found.id)));
            };
            view! { <RecordFilter label=Signal::stored(label) title=Signal::stored(title) search=search on_change=change/> }.into_any()
        }
        _ => ().into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::widths;

    #[test]
    fn rows_of_figures_are_full() {
        assert_eq!(widths(3), ["w8"; 3]);
        assert_eq!(widths(4), ["w6"; 4]);
        assert_eq!(widths(5), ["w8", "w8", "w8", "w12", "w12"]);
        assert_eq!(widths(6), ["w8"; 6]);
        assert!(widths(0).is_empty());
    }
}

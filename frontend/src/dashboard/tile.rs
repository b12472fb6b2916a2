//! A tile: it asks for what it shows by itself, so that a slow one holds up no other.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::components::A;
use serde_json::{Map, Value as Json};
use wire::{Comparison, FigureColumn, TileBehindInput, TileData, TileFrame};

use super::under_figure::{Spark, Target};
use crate::api::dashboards;
use crate::chart::{BarList, ColumnChart, Donut, LineChart, Picture, by_period, unit_text};
use crate::i18n::{self, group_digits};
use crate::report::behind::Question;
use crate::report::figure::{Hover, Reason, Told, big, part_note, scope_words};
use crate::report::table::{Cell, FigureTable, narrowed_in, note_lines, notes, reason_of};
use crate::shell::ShellContext;
use crate::ui::{Empty, Icon, IconSize, Popover, ProblemView, Skeleton};
use crate::{t, text};

/// Heights of a tile's parts, as the style sheet has them.
const ROW: f64 = 28.0;
const GAP: f64 = 16.0;
const HEAD: f64 = 72.0;
const LINE: f64 = 30.0;

type Row = Map<String, Json>;

#[component]
pub fn TileCard(
    dashboard: String,
    frame: TileFrame,
    filters: Memo<Map<String, Json>>,
    /// Counts up when everything is to be asked for anew.
    again: RwSignal<u32>,
    #[prop(into)] on_ask: Callback<Question>,
) -> impl IntoView {
    let [column, row, width, height] = frame.at;
    let is_figure = frame.kind == "figure" && width <= 8;
    let class = if is_figure { "card tile-card figure pos small" } else { "card tile-card" };
    let place = (format!("{} / span {width}", column + 1), format!("{} / span {height}", row + 1));
    let asked = StoredValue::new((dashboard, frame.clone()));
    let answer = LocalResource::new(move || {
        let (dashboard, frame) = asked.get_value();
        let filters = filters.get();
        again.get();
        let _language = i18n::language();
        async move { dashboards::tile(&dashboard, &frame.key, &filters).await }
    });
    let about = move |title: String, told: Option<Told>, row: BTreeMap<String, String>| {
        let (dashboard, frame) = asked.get_value();
        let input = TileBehindInput { filters: filters.get_untracked(), row, ..Default::default() };
        on_ask.run(Question::new(title, told, move |cursor| {
            let (dashboard, tile) = (dashboard.clone(), frame.key.clone());
            let input = TileBehindInput { cursor, ..input.clone() };
            Box::pin(async move { dashboards::behind(&dashboard, &tile, &input).await })
        }));
    };
    let ask = Callback::new(move |(title, told, row): (String, Option<Told>, BTreeMap<String, String>)| {
        about(title, told, row)
    });
    let whole = f64::from(height) * ROW + f64::from(height.saturating_sub(1)) * GAP;
    let inner = whole - HEAD;
    let shown = move || {
        let frame = asked.with_value(|(_, frame)| frame.clone());
        match answer.get() {
            None => view! { <div class="card-body"><Skeleton lines=if is_figure { 2 } else { 4 }/></div> }
                .into_any(),
            Some(Err(problem)) => {
                view! { <div class="card-body"><ProblemView problem=problem/></div> }.into_any()
            }
            Some(Ok(data)) if is_figure => figure(frame, data, ask).into_any(),
            Some(Ok(data)) => body(frame, data, inner, ask),
        }
    };
    view! {
        <section
            class=class
            data-tile=frame.key.clone()
            data-kind=frame.kind.clone()
            style=("--tile-height", format!("{whole}px"))
            style:grid-column=place.0
            style:grid-row=place.1
            aria-busy=move || answer.get().is_none().to_string()
        >
            {(!is_figure).then(|| view! { <Head frame=frame.clone() answer=answer/> })}
            {shown}
        </section>
    }
}

type Ask = Callback<(String, Option<Told>, BTreeMap<String, String>)>;

#[component]
fn Head(frame: TileFrame, answer: LocalResource<Result<TileData, crate::api::Problem>>) -> impl IntoView {
    let shell = ShellContext::expect();
    let label = frame.label.clone();
    let title = move || label.get(i18n::language()).to_string();
    let columns = move || answer.get().and_then(Result::ok).map(|data| data.columns).unwrap_or_default();
    let unit = move || {
        let columns = columns();
        let mut units = columns.iter().filter(|column| !column.group).map(|column| column.unit.clone());
        let first = units.next().flatten().filter(|_| frame.kind != "figure");
        first.filter(|first| units.all(|unit| unit.as_ref() == Some(first))).map(|unit| unit_text(&unit))
    };
    let report = frame.report.clone().map(|report| {
        let app = shell.app_key.get_untracked().unwrap_or_default();
        view! { <A href=format!("/apps/{app}/reports/{report}") attr:class="link note">{t!("dashboard-report")}</A> }
    });
    view! {
        <div class="card-head">
            <h2 class="clip" title=title.clone()>{title.clone()}</h2>
            <span class="push note muted nowrap">{unit}{report}</span>
        </div>
    }
}

/// What a tile with a head shows.
fn body(frame: TileFrame, data: TileData, height: f64, ask: Ask) -> AnyView {
    let measured = |column: &&FigureColumn| !column.group;
    let keys: Vec<String> = data.columns.iter().filter(measured).map(|column| column.key.clone()).collect();
    let first: Vec<&str> = keys.iter().take(1).map(String::as_str).collect();
    let all: Vec<&str> = keys.iter().map(String::as_str).collect();
    if frame.kind == "figure" {
        return figures(&data).into_any();
    }
    if let Some(reason) = all_withheld(&data, &keys) {
        let words = Signal::stored(reason.text());
        return view! { <div class="card-body tile-empty"><Empty icon="lock" title=words/></div> }.into_any();
    }
    if data.rows.is_empty() {
        return view! { <div class="card-body tile-empty"><Empty icon="chart" title=t!("dashboard-nothing")/></div> }.into_any();
    }
    let note = part_note(&narrowed_in(&data.columns));
    let label = frame.label.get(i18n::language()).to_string();
    let pick = frame.has_records.then(|| picker(&data, ask));
    let picture = |shown: &[&str]| Picture::of(&data.columns, &data.rows, shown);
    let periods = by_period(&data.columns, &data.rows);
    let chart = match frame.kind.as_str() {
        "line" | "area" => {
            let filled = frame.kind == "area" || all.len() == 1;
            view! { <LineChart picture=picture(&all) label=label height=height filled=filled on_pick=pick.unwrap_or(nothing())/> }.into_any()
        }
        "bar" | "stacked" if periods || (data.rows.len() <= 6 && all.len() > 1) => {
            view! { <ColumnChart picture=picture(&all) label=label height=height on_pick=pick.unwrap_or(nothing())/> }.into_any()
        }
        "bar" | "stacked" | "funnel" => list(picture(&all), false, frame.kind == "funnel", pick),
        "rank" => {
            // As many as there is room for: a ranking is about the first ones.
            let room = (height / LINE).floor().max(1.0) as usize;
            list(picture(&all).first(room), true, false, pick)
        }
        "pie" => match pick {
            Some(pick) => view! { <Donut picture=picture(&first) label=label on_pick=pick/> }.into_any(),
            None => view! { <Donut picture=picture(&first) label=label/> }.into_any(),
        },
        _other_kind => return table(&frame, data, ask),
    };
    view! { <div class="card-body">{chart}</div>{note} }.into_any()
}

fn nothing() -> Callback<usize> {
    Callback::new(|_| {})
}

fn list(picture: Picture, ranked: bool, coloured: bool, pick: Option<Callback<usize>>) -> AnyView {
    match pick {
        Some(pick) => {
            view! { <BarList picture=picture ranked=ranked coloured=coloured on_pick=pick/> }.into_any()
        }
        None => view! { <BarList picture=picture ranked=ranked coloured=coloured/> }.into_any(),
    }
}

/// The reason where no row has anything that the reader may see; where there is no row at all, that of the total.
fn all_withheld(data: &TileData, keys: &[String]) -> Option<Reason> {
    let first = keys.first()?;
    let column = data.columns.iter().find(|column| column.key == *first)?;
    if data.rows.is_empty() && column.unseen.is_empty() {
        return None;
    }
    let first = reason_of(data.rows.first().or(data.total.as_ref())?, column)?;
    let all = data.rows.iter().all(|row| keys.iter().all(|key| row.get(key).is_some_and(Json::is_null)));
    all.then_some(first)
}

/// A press on a group asks for the records behind it.
fn picker(data: &TileData, ask: Ask) -> Callback<usize> {
    let (columns, rows) = (data.columns.clone(), data.rows.clone());
    Callback::new(move |place: usize| {
        if let Some(row) = rows.get(place) {
            let measure = columns.iter().find(|column| !column.group);
            ask_about(&columns, row, measure, ask);
        }
    })
}

fn ask_about(columns: &[FigureColumn], row: &Row, measure: Option<&FigureColumn>, ask: Ask) {
    let groups = columns.iter().filter(|column| column.group);
    let wanted = groups.map(|column| {
        let value = row.get(&column.key).and_then(Json::as_str).unwrap_or_default();
        (column.key.clone(), value.to_string())
    });
    let told = measure.map(|column| {
        let value = row.get(&column.key).and_then(Json::as_str);
        Told::of(value, column.unit.as_deref(), reason_of(row, column))
    });
    let name = crate::chart::row_name(columns, row);
    let label = measure.map(|column| column.label.clone()).unwrap_or_default();
    ask.run((format!("{name} {label}").trim().to_string(), told, wanted.collect()));
}

fn table(frame: &TileFrame, data: TileData, ask: Ask) -> AnyView {
    let columns = data.columns.clone();
    let on_cell = Callback::new(move |cell: Cell| ask_about(&columns, &cell.row, Some(&cell.column), ask));
    let (shown, all) = (data.rows.len(), data.groups);
    let note = (all > shown as u64).then(|| {
        view! { <p class="note muted table-note">{t!("dashboard-cut", shown = shown, all = all)}</p> }
    });
    let told = note_lines(notes(&data.columns, &data.rows, data.total.as_ref()));
    let total = data.total.filter(|_| shown > 1 && frame.kind == "pivot");
    let grid = if frame.has_records {
        view! { <FigureTable columns=data.columns rows=data.rows total=total on_cell=on_cell/> }.into_any()
    } else {
        view! { <FigureTable columns=data.columns rows=data.rows total=total/> }.into_any()
    };
    view! { <div class="tile-table">{grid}{note}</div>{told} }.into_any()
}

/// One number, the change against the period before, and on asking where it comes from.
fn figure(frame: TileFrame, data: TileData, ask: Ask) -> impl IntoView {
    let hover = Hover::new();
    let row = data.rows.first().cloned().unwrap_or_default();
    let column = data.columns.iter().find(|column| !column.group).cloned().unwrap_or_default();
    let value = row.get(&column.key).and_then(Json::as_str);
    let reason = reason_of(&row, &column);
    let is_part = column.unseen.is_empty() && !column.narrowed.is_empty() && value.is_some();
    // In a word: a small tile has no line left for more, which stands in its details.
    let note = is_part.then(|| {
        let whole = scope_words(&column.narrowed);
        view! { <span class="part-mark" title=whole><Icon name="eye" size=IconSize::Small/>{t!("dashboard-part")}</span> }
    });
    let label = frame.label.clone();
    let title = move || label.get(i18n::language()).to_string();
    let compare = data.compare.iter().find(|compare| compare.key == column.key).cloned();
    let compare = compare.map(|compare| view! { <Change compare=compare/> });
    let target = data.target.clone().map(|target| view! { <Target target=target/> });
    let (points, unit) = (data.spark.clone(), column.unit.clone());
    let as_of = engine::value::parse_timestamp(&data.as_of).map(i18n::date_time).unwrap_or_default();
    let scope = if data.scope == "all" { text!("report-scope-all") } else { scope_words(&column.narrowed) };
    let (records, has_records) = (data.records, frame.has_records && value.is_some());
    let tip = title.clone();
    let named = Signal::derive(title.clone());
    let asked = StoredValue::new((title.clone(), Told::of(value, column.unit.as_deref(), reason.clone())));
    let on_records = move |_| {
        hover.close();
        let (title, told) = asked.with_value(|(title, told)| (title(), told.clone()));
        ask.run((title, Some(told), BTreeMap::new()));
    };
    let definition = column.definition.clone().unwrap_or_else(|| column.label.clone());
    let told = StoredValue::new((definition, scope, as_of));
    let details = move || {
        let (definition, scope, as_of) = told.get_value();
        let records = records.map(|records| {
            view! { <dt>{t!("report-records")}</dt><dd class="num">{i18n::whole(records)}</dd> }
        });
        view! {
            <h2>{asked.with_value(|(title, _)| title())}</h2>
            {asked.with_value(|(_, told)| told.clone()).line()}
            <div class="soft-text">{definition}</div>
            <dl>
                {records}
                <dt>{t!("report-scope")}</dt><dd>{scope}</dd>
                <dt>{t!("report-at")}</dt><dd class="num">{as_of}</dd>
            </dl>
            {has_records.then(|| view! {
                <div class="row gap-top"><button type="button" class="link" on:click=on_records>{t!("report-show-records")}</button></div>
            })}
        }
    };
    let number = big(value, column.unit.as_deref(), reason);
    // The number itself leads to its records.
    let number = if has_records {
        view! { <button type="button" class="number" title=t!("report-show-records") on:click=on_records>{number}</button> }
            .into_any()
    } else {
        number
    };
    view! {
        <div on:pointerenter=move |event| hover.comes(&event) on:pointerleave=move |event| hover.goes(&event)>
            <button type="button" class="name" aria-expanded=move || hover.open.get().to_string() on:click=move |_| hover.turn()>
                <span class="clip" title=tip>{title}</span>
                <Icon name="info" size=IconSize::Small/>
            </button>
            {number}
            {compare}
            {target}
            <Spark points=points unit=unit/>
            {note}
            <Popover open=hover.open class="popover definition" label=named>{details}</Popover>
        </div>
    }
}

/// Up or down against the period before.
#[component]
fn Change(compare: Comparison) -> impl IntoView {
    let previous = compare.previous.as_deref().map(group_digits).unwrap_or_else(|| "—".to_string());
    let year = compare.with == "previous_year";
    let words = move || match year {
        true => text!("dashboard-last-year", value = previous.clone()),
        false => text!("dashboard-before", value = previous.clone()),
    };
    let delta = compare.change.map(|change| {
        let (down, size) = match change.strip_prefix('-') {
            Some(size) => (true, size.to_string()),
            None => (false, change),
        };
        let (class, icon) = if down { ("delta down", "arrow-down") } else { ("delta up", "arrow-up") };
        view! { <span class=class><Icon name=icon/>{format!("{}\u{a0}%", group_digits(&size))}</span> }
    });
    view! { <div class="sub-line">{delta}<span>{words}</span></div> }
}

/// Several numbers side by side.
fn figures(data: &TileData) -> impl IntoView + use<> {
    let row = data.rows.first().cloned().unwrap_or_default();
    let numbers = data.columns.iter().filter(|column| !column.group).map(|column| {
        let value = row.get(&column.key).and_then(Json::as_str);
        let reason = reason_of(&row, column);
        let note = column.unseen.is_empty().then(|| part_note(&column.narrowed)).flatten();
        view! {
            <div class="figure" title=column.definition.clone()>
                <div class="name">{column.label.clone()}</div>
                {big(value, column.unit.as_deref(), reason)}
                {note}
            </div>
        }
    });
    view! { <div class="figure-row">{numbers.collect_view()}</div> }
}

//! The page of a form: its records as a grid, one of them in a drawer.

use std::collections::BTreeMap;

use engine::field::Shape;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use wire::records::{AggregateInput, MeasureInput};

use super::rows::Rows;
use super::state::{GridState, default_columns};
use super::table::GridTable;
use crate::api::forms::{self, OpenForm};
use crate::api::records;
use crate::conditions::ConditionBuilder;
use crate::fill::Titles;
use crate::i18n;
use crate::records::{RecordPanel, app_param, form_param};
use crate::shell::{ShellContext, Top};
use crate::t;
use crate::ui::{
    Button, ButtonKind, Checkbox, ControlSize, Count, Crumb, Drawer, Empty, Icon, IconButton, Loaded,
    Popover, ProblemView,
};

#[component]
pub fn GridPage() -> impl IntoView {
    let form = form_param();
    let opened = LocalResource::new(move || {
        let form = form.get();
        async move { forms::open(&form).await }
    });
    view! { <Loaded answer=opened view=move |form| view! { <Grid form=form/> }/> }
}

#[component]
fn Grid(form: OpenForm) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let state = GridState::from_address();
    let titles = Titles::default();
    let id = form.info.id;
    let rows = Rows::new(id, titles);
    let shared = StoredValue::new(form.clone());
    let columns = Signal::derive(move || {
        shared.with_value(|form| {
            let known = |key: &String| form.form.column(key).is_some();
            let chosen = state.columns.get().map(|keys| keys.into_iter().filter(known).collect::<Vec<_>>());
            chosen.filter(|keys| !keys.is_empty()).unwrap_or_else(|| default_columns(&form.form))
        })
    });
    Effect::new(move || rows.ask(state.filter.get(), state.sort.get(), columns.get()));
    let sums = sums(shared, state, columns, rows);
    let navigate = StoredValue::new(use_navigate());
    let label = form.info.label.clone();
    let base = move || format!("/apps/{}/forms/{id}", app.get());
    let crumbs = Signal::derive(move || {
        let app_name = shell.app(&app.get()).map(|app| app.label.get(i18n::language()).to_string());
        vec![
            Crumb::link(app_name.unwrap_or_default(), format!("/apps/{}", app.get())),
            Crumb::here(label.get(i18n::language()).to_string()),
        ]
    });
    let create = move |_| {
        let to = untrack(|| format!("{}/new", base()));
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    let may_create = form.may("create");
    let may_design = move || shell.app(&app.get()).is_some_and(|app| app.administrator);
    let filtering = RwSignal::new(false);
    let choosing = RwSignal::new(false);
    let form_for_table = form.form.clone();
    let empty = move || rows.count.get().is_some_and(|count| count.value == 0);
    let is_filtered = move || state.filter.with(Option::is_some);
    view! {
        <Top crumbs=crumbs>
            {move || may_design().then(|| view! {
                <a class="btn phone-hide" href=move || format!("{}/design", base())><Icon name="edit"/>{t!("grid-design")}</a>
            })}
            {may_create.then(|| view! {
                <Button kind=ButtonKind::Primary icon="plus" on_press=create>{t!("grid-new")}</Button>
            })}
        </Top>
        <div class="toolbar">
            <span class="push row">
                <span class="anchor">
                    <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="filter" on=Signal::derive(is_filtered) on_press=move |_| filtering.update(|open| *open = !*open)>
                        {t!("grid-filter")}
                        {move || state.filter.get().map(|filter| view! { <Count value=Signal::stored(filter.tests().len() as u64)/> })}
                    </Button>
                    <Popover open=filtering>
                        <FilterPanel form=shared state=state on_done=move |()| filtering.set(false)/>
                    </Popover>
                </span>
                <span class="anchor">
                    <IconButton icon="columns" label=Signal::derive(t!("grid-columns")) size=ControlSize::Small on_press=move |_| choosing.update(|open| *open = !*open)/>
                    <Popover open=choosing>
                        <ColumnChoice form=shared state=state columns=columns/>
                    </Popover>
                </span>
            </span>
        </div>
        <div class="data" class:with-drawer=move || state.record.with(Option::is_some)>
            <div class="data-left">
                {move || rows.problem.get().map(|problem| view! { <ProblemView problem=problem on_retry=move |()| rows.refresh()/> })}
                <Show
                    when=move || !empty()
                    fallback=move || view! {
                        <Empty
                            icon="table"
                            title=Signal::derive(move || if is_filtered() { t!("grid-nothing-found")() } else { t!("grid-empty")() })
                            text=Signal::derive(move || if is_filtered() { String::new() } else { t!("grid-empty-text")() })
                        >
                            {move || is_filtered().then(|| view! {
                                <Button on_press=move |_| state.set_filter(None)>{t!("grid-clear-filter")}</Button>
                            })}
                        </Empty>
                    }
                >
                    <GridTable form=form_for_table.clone() rows=rows state=state titles=titles columns=columns sums=sums/>
                </Show>
                <div class="status-line">
                    {move || rows.count.get().map(|count| {
                        let shown = count.value as i64;
                        if count.exact { t!("grid-count", count = shown)() } else { t!("grid-count-about", count = shown)() }
                    })}
                </div>
            </div>
            {move || state.record.get().map(|record| view! {
                <RecordDrawer form=shared record=record state=state titles=titles rows=rows/>
            })}
        </div>
    }
}

/// The record beside the grid.
#[component]
fn RecordDrawer(
    form: StoredValue<OpenForm>,
    record: String,
    state: GridState,
    titles: Titles,
    rows: Rows,
) -> impl IntoView {
    let app = app_param();
    let id = form.with_value(|form| form.info.id);
    let key = StoredValue::new(record);
    let answer = LocalResource::new(move || {
        let record = key.get_value();
        async move { records::get(id, &record).await }
    });
    let title = Signal::derive(move || {
        let Some(Ok(record)) = answer.get() else { return String::new() };
        form.with_value(|form| {
            let values = records::values(form, &record);
            engine::record::title(&form.form, &values, i18n::language(), &|_| String::new())
        })
    });
    let close = move |()| state.open(None);
    let page = move || {
        let href = format!("/apps/{}/forms/{id}/records/{}", app.get(), key.get_value());
        view! { <a class="btn ghost small" href=href>{t!("grid-open")}</a> }
    };
    view! {
        <Drawer title=title on_close=close actions=page>
            <Loaded answer=answer view=move |record| view! {
                <RecordPanel
                    form=form.get_value()
                    record=record
                    titles=titles
                    on_gone=move |()| { state.open(None); rows.refresh() }
                    on_saved=move |_| rows.refresh()
                />
            }/>
        </Drawer>
    }
}

/// The filter of the grid.
#[component]
fn FilterPanel(
    form: StoredValue<OpenForm>,
    state: GridState,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let edited = RwSignal::new(state.filter.get_untracked());
    let apply = move |_| {
        state.set_filter(edited.get_untracked().as_ref());
        on_done.run(());
    };
    let clear = move |_| {
        state.set_filter(None);
        on_done.run(());
    };
    view! {
        <div class="stack g4">
            <ConditionBuilder form=form.with_value(|form| form.form.clone()) condition=edited/>
            <div class="row">
                <span class="grow"></span>
                <Button on_press=clear>{t!("grid-clear-filter")}</Button>
                <Button kind=ButtonKind::Primary on_press=apply>{t!("grid-filter")}</Button>
            </div>
        </div>
    }
}

/// Which columns are shown.
#[component]
fn ColumnChoice(
    form: StoredValue<OpenForm>,
    state: GridState,
    #[prop(into)] columns: Signal<Vec<String>>,
) -> impl IntoView {
    let all = form.with_value(|form| {
        let fields = form.form.fields().filter(|column| column.shape != Shape::Rows);
        fields.map(|column| (column.path.clone(), column.field.label.clone())).collect::<Vec<_>>()
    });
    let order = StoredValue::new(all.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
    let line = move |(key, label): (String, engine::text::Label)| {
        let (shown, turned) = (key.clone(), key);
        let checked = Signal::derive(move || columns.with(|columns| columns.contains(&shown)));
        let turn = move |on: bool| {
            let mut keys = columns.get_untracked();
            keys.retain(|key| *key != turned);
            if on {
                keys.push(turned.clone());
            }
            order.with_value(|order| keys.sort_by_key(|key| order.iter().position(|known| known == key)));
            state.set_columns(&keys);
        };
        view! { <div><Checkbox checked=checked on_change=turn>{move || label.get(i18n::language()).to_string()}</Checkbox></div> }
    };
    view! { <div class="stack g1">{all.into_iter().map(line).collect_view()}</div> }
}

/// Totals of the money and amount columns, over everything that matches the filter.
fn sums(
    form: StoredValue<OpenForm>,
    state: GridState,
    columns: Signal<Vec<String>>,
    rows: Rows,
) -> Signal<BTreeMap<String, String>> {
    let summed = move || {
        form.with_value(|form| {
            let adds_up = |key: &String| {
                form.form.column(key).is_some_and(|column| {
                    matches!(column.shape, Shape::Decimal(_)) && column.read_kind.name() == "money"
                })
            };
            columns.get().into_iter().filter(adds_up).collect::<Vec<String>>()
        })
    };
    let answer = LocalResource::new(move || {
        let keys = summed();
        let filter = state.filter.get();
        rows.count.track();
        let id = form.with_value(|form| form.info.id);
        async move {
            if keys.is_empty() {
                return BTreeMap::new();
            }
            let measure = |key: &String| MeasureInput {
                key: key.clone(),
                function: Some("sum".to_string()),
                field: Some(key.clone()),
                formula: None,
                scale: None,
            };
            let input =
                AggregateInput { filter, measures: keys.iter().map(measure).collect(), ..Default::default() };
            let sums = records::aggregate(id, &input).await.map(|answer| answer.rows.into_iter().next());
            let values = sums.ok().flatten().map(|row| row.values).unwrap_or_default();
            let shown = values.into_iter().filter_map(|(key, sum)| Some((key, i18n::group_digits(&sum?))));
            shown.collect::<BTreeMap<String, String>>()
        }
    });
    Signal::derive(move || answer.get().unwrap_or_default())
}

//! The table of groups and their rows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine::aggregate::GroupBy;
use engine::field::FieldKind;
use leptos::prelude::*;
use serde_json::Value as Json;
use wire::records::{AggregateInput, GroupBy as AskedGroup, MeasureInput, Record};

use super::super::address::unit_name;
use super::super::chosen::Chosen;
use super::super::column::GridColumn;
use super::super::heads::{HeadWork, head};
use super::super::layout::Placed;
use super::super::lines::Gathered;
use super::super::rows::Rows;
use super::super::sheet::{self, Sheet, SheetFrame, Spot};
use super::super::state::GridState;
use super::super::table::{column_layout, coming_rows, fit_to_seen, foot_cell, least_width, settled};
use super::super::totals::Totals;
use super::super::window::{Window, row_height};
use super::laid::{Item, Laid};
use super::staying::stay_at_record;
use super::value::{called, condition};
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::Titles;
use crate::inbox::FlowBadge;
use crate::records::context;
use crate::ui::{Banner, ChoiceChip, ControlSize, Count, Icon, IconButton, IconSize, Tone};
use crate::{i18n, t, text};

/// Groups at most.
const MOST: u32 = 1_000;
/// The height of the head and of the footer, as in the tokens.
const HEAD: f64 = 36.0;
/// Scrolling must rest so long before rows are asked for.
const REST: Duration = Duration::from_millis(60);
/// Stands among the measures for the number of records; no field is called so.
const NUMBER: &str = "n n";

/// A group.
#[derive(Clone)]
struct Group {
    value: Json,
    count: usize,
    /// Its figures, as they are read.
    sums: BTreeMap<String, String>,
    rows: Rows,
}

impl Group {
    fn key(&self) -> String {
        self.value.to_string()
    }
}

/// What the lines of the table share.
#[derive(Clone, Copy)]
struct Table {
    kind: StoredValue<FieldKind>,
    /// Whether the groups are by the state of the approval.
    is_by_state: bool,
    state: GridState,
    sheet: Sheet,
    /// Whether the reader may edit records of the form, so that those they may not are marked.
    edits: bool,
    titles: Titles,
    columns: Signal<Vec<String>>,
    places: Memo<Vec<Placed>>,
    chosen: Chosen,
    groups: RwSignal<Vec<Group>>,
    closed: RwSignal<BTreeSet<String>>,
    /// The row that the keys act on.
    active: RwSignal<usize>,
}

impl Table {
    fn turn(self, group: &Group) {
        let key = group.key();
        self.closed.update(|closed| {
            if !closed.remove(&key) {
                closed.insert(key);
            }
        });
    }

    fn record(self, group: usize, place: usize) -> Option<Record> {
        self.groups.with(|groups| groups.get(group).and_then(|group| group.rows.at(place)))
    }
}

#[component]
pub fn GroupedTable(
    form: StoredValue<OpenForm>,
    by: GroupBy,
    rows: Rows,
    state: GridState,
    titles: Titles,
    columns: Signal<Vec<String>>,
    totals: Totals,
    chosen: Chosen,
    sheet: Sheet,
    /// Whether the reader may edit records of the form.
    edits: bool,
) -> impl IntoView {
    let Some(column) = form.with_value(|form| GridColumn::of(&form.form, &by.field)) else {
        return ().into_any();
    };
    let id = form.with_value(|form| form.info.id);
    let published = StoredValue::new(form.with_value(|form| form.form.clone()));
    let kind = StoredValue::new(column.kind);
    let by = StoredValue::new(by);
    let answer = LocalResource::new(move || {
        // Whatever was saved may have changed the groups.
        rows.count.track();
        let own = by.with_value(|by| by.field.clone());
        let sort = state.sort.get().into_iter().filter(|sort| sort.field == own).collect();
        let unit = by.with_value(|by| by.unit.map(|unit| unit_name(unit).to_string()));
        let number = MeasureInput {
            key: NUMBER.to_string(),
            function: Some("count".to_string()),
            field: None,
            formula: None,
            scale: None,
        };
        let search = state.searched();
        let input = AggregateInput {
            filter: state.filter.get(),
            q: search.words,
            q_fields: search.fields,
            group: vec![AskedGroup { field: own, unit }],
            measures: std::iter::once(number).chain(totals.measures()).collect(),
            sort,
            limit: Some(MOST),
            permission_group: state.group.get(),
            ..AggregateInput::default()
        };
        async move { records::aggregate(id, &input).await }
    });
    let groups = RwSignal::new(Vec::<Group>::new());
    let members = RwSignal::new(Vec::<Rows>::new());
    let (has_more, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let is_known = RwSignal::new(false);
    // The rows of a group are kept as long as the table is: the list looks again without losing its place. What the table owns
    // must not keep the table itself.
    let owner = StoredValue::new(Owner::current().map(|owner| owner.downgrade()));
    let known = StoredValue::new(BTreeMap::<String, Rows>::new());
    let asked = StoredValue::new(BTreeSet::<String>::new());
    Effect::new(move || {
        let answer = match answer.get() {
            None => return,
            Some(Ok(answer)) => answer,
            Some(Err(refused)) => {
                is_known.set(true);
                return problem.set(Some(refused.sentence()));
            }
        };
        problem.set(None);
        has_more.set(answer.total > answer.rows.len() as u64);
        asked.set_value(BTreeSet::new());
        let group = |row: wire::records::AggregateRow| {
            let value = row.group.into_iter().next()?;
            let count = row.values.get(NUMBER).cloned().flatten()?.parse().ok()?;
            let figures = row.values.into_iter().filter_map(|(key, digits)| Some((key, digits?)));
            let sums = totals.texts(&figures.collect());
            let rows = known.with_value(|known| known.get(&value.to_string()).copied());
            let rows = rows.or_else(|| {
                let owner = owner.with_value(|owner| owner.as_ref()?.upgrade())?;
                let made = owner.with(|| Rows::new(id, titles));
                known.update_value(|known| {
                    known.insert(value.to_string(), made);
                });
                Some(made)
            })?;
            Some(Group { value, count, sums, rows })
        };
        let found: Vec<Group> = answer.rows.into_iter().filter_map(group).collect();
        members.set(found.iter().map(|group| group.rows).collect());
        groups.set(found);
        is_known.set(true);
    });
    let work = HeadWork::new();
    let layout = column_layout(published, columns, state, work);
    let places = settled(layout, work);
    let table = Table {
        kind,
        is_by_state: by.with_value(|by| by.field == "$flow_state"),
        state,
        sheet,
        edits,
        titles,
        columns,
        places,
        chosen,
        groups,
        closed: RwSignal::new(BTreeSet::new()),
        active: RwSignal::new(0),
    };
    let laid = Memo::new(move |_| {
        table.closed.with(|closed| {
            let rows = |group: &Group| if closed.contains(&group.key()) { 0 } else { group.count };
            groups.with(|groups| Laid::new(groups.iter().map(rows)))
        })
    });
    let frame = sheet.frame;
    let (top, height) = (RwSignal::new(0.0f64), RwSignal::new(900.0f64));
    let view = move || Window {
        total: laid.with(Laid::len),
        top: top.get(),
        view: height.get(),
        row: row_height(state.height.get()),
    };
    let window = Memo::new(move |_| view());
    let ask = move |at: usize| {
        let Some(group) = groups.with_untracked(|groups| groups.get(at).cloned()) else { return };
        if asked.try_update_value(|asked| asked.insert(group.key())) != Some(true) {
            return;
        }
        let zone = context(Default::default()).zone;
        let own = by.with_value(|by| kind.with_value(|kind| condition(by, kind, &group.value, &zone)));
        let Some(own) = own else { return };
        let filter = match state.filter.get_untracked() {
            Some(filter) => engine::condition::Condition::All(vec![filter, own]),
            None => own,
        };
        let fields = untrack(|| published.with_value(|form| state.asked_for(form, columns.get_untracked())));
        group.rows.narrow(state.group.get_untracked(), untrack(|| state.searched()));
        group.rows.ask(Some(filter), state.sort.get_untracked(), fields);
    };
    // A group is asked for its rows when it comes to the screen.
    let want = move || {
        let (first, last) = window.get_untracked().rows();
        for (at, from, to) in laid.with_untracked(|laid| laid.rows(first, last)) {
            ask(at);
            if let Some(rows) = members.with_untracked(|members| members.get(at).copied()) {
                rows.want(from, to);
            }
        }
    };
    let ask_untracked = Callback::new(move |at: usize| untrack(|| ask(at)));
    sheet.leave();
    let gathered = Gathered { members, laid, ask: ask_untracked };
    sheet.rows.gather(gathered);
    stay_at_record(sheet, gathered);
    on_cleanup(move || {
        sheet.leave();
        sheet.rows.scatter(members);
    });
    Effect::new(move || {
        let (first, last) = window.get().rows();
        sheet.seen.set(laid.with(|laid| (laid.rows_above(first), laid.rows_above(last))));
    });
    Effect::new(move || {
        groups.track();
        let wanted = window.get();
        // Other columns and another order are other questions.
        let question = (columns.get(), state.sort.get());
        set_timeout(
            move || {
                let is_still = (columns.try_get_untracked(), state.sort.try_get_untracked());
                if window.try_get_untracked() == Some(wanted)
                    && is_still == (Some(question.0), Some(question.1))
                {
                    untrack(want);
                }
            },
            REST,
        );
    });
    Effect::new(move |before: Option<(Vec<String>, Vec<wire::records::SortBy>)>| {
        let now = (columns.get(), state.sort.get());
        if before.is_some_and(|before| before != now) {
            asked.set_value(BTreeSet::new());
        }
        now
    });
    let on_scroll = move |()| {
        if let Some(frame) = frame.get_untracked() {
            top.set(f64::from(frame.scroll_top()));
            height.set(f64::from(frame.client_height()));
            sheet.scrolled.set((frame.scroll_left(), frame.scroll_top()));
        }
    };
    let bring = move |row: usize| {
        let place = laid.with_untracked(|laid| laid.place_of(row));
        // Head and footer lie over the rows.
        let to = place.and_then(|place| window.get_untracked().to_see(place, 2.0 * HEAD));
        if let (Some(frame), Some(to)) = (frame.get_untracked(), to) {
            frame.set_scroll_top(to as i32);
        }
    };
    sheet.bring.set_value(Some(Callback::new(bring)));
    sheet.shift.set_value(None);
    let choose = move |row: usize| {
        if let Some(id) = untrack(|| sheet.rows.id_at(row)) {
            chosen.turn_id(id);
        }
    };
    let page = Signal::derive(move || (height.get() / row_height(state.height.get())) as usize);
    let line = move |place: usize| {
        let item = Memo::new(move |_| laid.with(|laid| laid.at(place)));
        move || match item.get() {
            Some(Item::Head(group)) => {
                let group = groups.with(|groups| groups.get(group).cloned());
                group.map(|group| view! { <GroupHead table=table group=group place=place/> }).into_any()
            }
            Some(Item::Row { group, place: inside }) => {
                view! { <GroupRow table=table group=group inside=inside place=place/> }.into_any()
            }
            None => ().into_any(),
        }
    };
    let places_shown = move || {
        let (first, last) = window.get().rows();
        first..last
    };
    let fit = fit_to_seen(sheet, state);
    let heads = move || {
        let cells = columns.get().into_iter().zip(places.get());
        cells
            .map(|(key, placed)| {
                published.with_value(|form| head(form, &key, placed, (state, columns), work, fit))
            })
            .collect_view()
    };
    let widths = move || {
        let cells = layout.get().into_iter();
        cells.map(|placed| view! { <col style:width=format!("{}px", placed.width)/> }).collect_view()
    };
    let foot = move || {
        let cells = columns.get().into_iter().zip(places.get()).enumerate();
        cells.map(|(at, (key, placed))| foot_cell((at, placed), key, rows, totals)).collect_view()
    };
    let least = move || least_width(&layout.get());
    let (above, below) =
        (move || format!("{}px", window.get().gaps().0), move || format!("{}px", window.get().gaps().1));
    view! {
        {move || problem.get().map(|sentence| view! { <div class="card-body"><Banner tone=Tone::Danger>{sentence}</Banner></div> })}
        {move || has_more.get().then(|| view! { <div class="card-body"><Banner tone=Tone::Warning>{t!("grid-groups-more", count = MOST)}</Banner></div> })}
        <SheetFrame
            sheet=sheet
            state=state
            chosen=chosen
            edits=edits
            page=page
            active=table.active
            layout=layout
            on_choose=choose
            on_scroll=on_scroll
        >
            <table
                class="grid wide-grid"
                role="treegrid"
                aria-rowcount=move || laid.with(Laid::len).to_string()
                aria-multiselectable="true"
                style:min-width=least
            >
                <colgroup><col class="pick"/>{widths}</colgroup>
                <thead><tr role="row"><td class="pick"></td>{heads}</tr></thead>
                <tbody>
                    <tr class="gap" aria-hidden="true" style:height=above></tr>
                    {move || (!is_known.get()).then(|| coming_rows(columns.with(Vec::len)))}
                    <For each=places_shown key=|place| *place children=line/>
                    <tr class="gap" aria-hidden="true" style:height=below></tr>
                </tbody>
                <Show when=move || is_known.get()>
                    <tfoot><tr role="row"><td class="pick"></td>{foot}</tr></tfoot>
                </Show>
            </table>
        </SheetFrame>
    }
    .into_any()
}

/// The head of a group: what its records have in common, how many they are, and their figures.
#[component]
fn GroupHead(table: Table, group: Group, place: usize) -> impl IntoView {
    let key = StoredValue::new(group.key());
    let is_closed = move || key.with_value(|key| table.closed.with(|closed| closed.contains(key)));
    let icon = Signal::derive(move || if is_closed() { "right".to_string() } else { "down".to_string() });
    let turned = group.clone();
    let Group { value, count, sums, .. } = group;
    let sums = StoredValue::new(sums);
    let value = StoredValue::new(value);
    let chip =
        move || value.with_value(|value| table.kind.with_value(|kind| called(kind, value, table.titles)));
    let state = value.with_value(|value| value.as_str().filter(|_| table.is_by_state).map(str::to_string));
    let state = StoredValue::new(state);
    let name = move || match state.get_value() {
        Some(state) => view! { <FlowBadge state=state/> }.into_any(),
        None => view! { <ChoiceChip choice=chip()/> }.into_any(),
    };
    let cells = move || {
        let cells = table.columns.get().into_iter().zip(table.places.get()).enumerate();
        let cell = |(at, (key, placed)): (usize, (String, Placed))| {
            let (class, left) = (placed.class(at > 0), placed.left_edge());
            if at > 0 {
                let sum = sums.with_value(|sums| sums.get(&key).cloned());
                return view! { <td class=class style:left=left>{sum}</td> }.into_any();
            }
            view! {
                <td class=class style:left=left>
                    <span class="row gap-1">{name}<Count value=Signal::stored(count as u64)/></span>
                </td>
            }
            .into_any()
        };
        cells.map(cell).collect_view()
    };
    let turn = move |_| table.turn(&turned);
    view! {
        <tr
            role="row"
            class="group-row"
            prop:ariaLevel="1"
            aria-rowindex=(place + 1).to_string()
            aria-expanded=move || (!is_closed()).to_string()
        >
            <td class="pick">
                <IconButton icon=icon label=Signal::derive(t!("grid-group-turn")) size=ControlSize::Small on_press=turn/>
            </td>
            {cells}
        </tr>
    }
}

/// A row of a group.
#[component]
fn GroupRow(table: Table, group: usize, inside: usize, place: usize) -> impl IntoView {
    let (sheet, chosen) = (table.sheet, table.chosen);
    // Of the lines above, each group up to this one has a head.
    let row = place - (group + 1);
    let record = Memo::new(move |_| table.record(group, inside));
    let id = move || record.with(|record| record.as_ref().map(|record| record.id));
    let is_chosen = move || id().is_some_and(|id| chosen.has(id));
    let is_gone = move || id().is_some_and(|id| sheet.is_gone(id));
    let is_locked = Memo::new(move |_| {
        table.edits && record.with(|record| record.as_ref().is_some_and(|record| !record.may.has("edit")))
    });
    let pick = move |event: leptos::ev::MouseEvent| {
        if let Some(id) = untrack(id).filter(|_| chosen.may) {
            // The row would open.
            event.stop_propagation();
            table.active.set(row);
            chosen.turn_id(id);
        }
    };
    let cells = move || match record.get() {
        Some(record) => {
            let keys = table.columns.get().into_iter().zip(table.places.get()).enumerate();
            keys.map(|(at, (key, placed))| sheet::cell(sheet, &record, &key, Spot::new(row, at), placed))
                .collect_view()
                .into_any()
        }
        None => {
            let columns = table.columns.get().into_iter();
            columns.map(|_| view! { <td><span class="skeleton grow"></span></td> }).collect_view().into_any()
        }
    };
    let number = i18n::whole(inside as u64 + 1);
    view! {
        <tr
            role="row"
            prop:ariaLevel="2"
            aria-rowindex=(place + 1).to_string()
            data-row=row.to_string()
            aria-selected=move || {
                let open = table.state.record.get();
                (open.is_some() && id().map(|id| id.to_string()) == open).then_some("true")
            }
            class:is-hover=move || table.active.get() == row
            class:is-chosen=is_chosen
            class:is-gone=is_gone
        >
            <td
                class="pick"
                class:choosable=chosen.may
                title=move || is_locked.get().then(|| text!("grid-row-locked"))
                on:click=pick
            >
                <span class="number">{inside + 1}</span>
                {chosen.may.then(|| view! {
                    <span class="check">
                        <input type="checkbox" tabindex="-1" aria-label=t!("grid-choose-row", number = number) prop:checked=is_chosen/>
                    </span>
                })}
                {move || is_locked.get().then(|| view! {
                    <Icon name="lock" size=IconSize::Small class="row-lock"/>
                    <span class="sr">{t!("grid-row-locked")}</span>
                })}
            </td>
            {cells}
        </tr>
    }
}

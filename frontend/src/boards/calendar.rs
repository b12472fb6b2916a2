//! Records on the days of a month or a week: dragged to another day, or moved there by Shift and an arrow, their dates are
//! set.

use engine::field::FieldKind;
use engine::value::{Date, Value, format_date, parse_date};
use engine::view::ViewScale;
use jiff::ToSpan;
use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use serde_json::Map;
use wire::records::{Query, Record, SortBy};

use super::days::{between, condition, day_of, later, monday, month_days, shifted};
use super::{Board, Followed, moving};
use crate::api::{Problem, records};
use crate::grid::GridColumn;
use crate::ui::{
    Banner, Button, ButtonKind, ControlSize, IconButton, LoadedUnheld, Segment, Segmented, Tone,
};
use crate::{i18n, t, text};

/// Records that are asked for at once, and altogether.
const PAGE: u32 = 500;
const MOST: usize = 2_000;
/// Records that a day of a month shows; the rest is told by their number.
const SHOWN: usize = 3;

/// What the days of a calendar share.
#[derive(Clone, Copy)]
struct Days {
    board: Board,
    start: StoredValue<String>,
    end: StoredValue<Option<String>>,
    /// The record that is dragged, and the day that it was taken on.
    dragged: RwSignal<Option<(Record, Date)>>,
    /// The day whose records a phone lists.
    chosen: RwSignal<Date>,
    followed: Followed,
}

/// A record on one of its days.
#[derive(Clone, PartialEq)]
struct Entry {
    record: Record,
    /// When on that day it begins, where it has a time.
    time: Option<String>,
    is_first: bool,
}

impl Days {
    fn start(self, record: &Record) -> Value {
        self.start.with_value(|start| self.board.value(record, start))
    }

    fn end(self, record: &Record) -> Value {
        let end = self.end.with_value(|end| end.as_ref().map(|end| self.board.value(record, end)));
        end.unwrap_or_default()
    }

    /// The first and the last day of a record.
    fn of(self, record: &Record) -> Option<(Date, Date)> {
        let first = day_of(&self.start(record))?;
        let last = day_of(&self.end(record)).unwrap_or(first);
        Some((first, last.max(first)))
    }

    /// The records of a day, in their order.
    fn on(self, records: &[Record], day: Date) -> Vec<Entry> {
        let entry = |record: &Record| {
            let (first, last) = self.of(record)?;
            let time = match self.start(record) {
                Value::DateTime(moment) if day == first => Some(i18n::time(moment)),
                _ => None,
            };
            (first <= day && day <= last).then(|| Entry {
                record: record.clone(),
                time,
                is_first: day == first,
            })
        };
        records.iter().filter_map(entry).collect()
    }

    fn may_move(self, record: &Record) -> bool {
        let start = self.start.get_value();
        let end = self.end.get_value().filter(|_| !self.end(record).is_empty());
        let fields: Vec<&str> = std::iter::once(start.as_str()).chain(end.as_deref()).collect();
        self.board.may_set(record, &fields)
    }

    /// Moves a record by so many days.
    fn shift(self, record: &Record, days: i64) {
        if days == 0 || !self.may_move(record) {
            return;
        }
        let mut fields = Map::new();
        let Some(start) = shifted(&self.start(record), days) else { return };
        fields.insert(self.start.get_value(), start);
        if let (Some(end), Some(value)) = (self.end.get_value(), shifted(&self.end(record), days)) {
            fields.insert(end, value);
        }
        let day = day_of(&self.start(record)).map(|day| i18n::day(later(day, days))).unwrap_or_default();
        let told = text!("board-moved", title = self.board.title(record), pile = day);
        moving::save(self.board, record, fields, told);
    }
}

/// All records of some days, up to a limit; whether there are more.
async fn found(board: Board, query: Query) -> Result<(Vec<Record>, bool), Problem> {
    let (mut all, mut query) = (Vec::new(), query);
    loop {
        let answer = records::query(board.id(), &query).await?;
        if let Some(titles) = &answer.titles {
            board.titles.learn(titles);
        }
        all.extend(answer.items);
        match answer.next {
            Some(next) if all.len() < MOST => query.cursor = Some(next),
            next => return Ok((all, next.is_some())),
        }
    }
}

#[component]
pub fn CalendarBoard(board: Board, start: String, end: Option<String>) -> impl IntoView {
    let Some(column) = board.form.with_value(|form| GridColumn::of(&form.form, &start)) else {
        return ().into_any();
    };
    let kind: StoredValue<FieldKind> = StoredValue::new(column.kind);
    let state = board.state;
    let at = Memo::new(move |_| {
        let day = state.at.get().and_then(|text| parse_date(&text));
        day.unwrap_or_else(i18n::today)
    });
    let is_week = Memo::new(move |_| {
        let scale = state.scale.get().and_then(|name| ViewScale::from_name(&name));
        scale.or(state.options().scale) == Some(ViewScale::Week)
    });
    let shown = Memo::new(move |_| match is_week.get() {
        true => (0..7).map(|n| later(monday(at.get()), n)).collect::<Vec<Date>>(),
        false => month_days(at.get()),
    });
    let days = Days {
        board,
        start: StoredValue::new(start),
        end: StoredValue::new(end),
        dragged: RwSignal::new(None),
        chosen: RwSignal::new(at.get_untracked()),
        followed: Followed::new(),
    };
    Effect::new(move || days.chosen.set(at.get()));
    let answer = LocalResource::new(move || {
        board.rows.count.track();
        let (first, after) = shown.with(|shown| {
            let first = shown.first().copied().unwrap_or_else(|| at.get());
            (first, later(first, shown.len() as i64))
        });
        let (start, end) = (days.start.get_value(), days.end.get_value());
        let lies = kind.with_value(|kind| condition((&start, kind), end.as_deref(), first, after));
        let search = state.searched();
        let query = Query {
            filter: lies.map(|lies| board.narrowed(lies)),
            q: search.words,
            q_fields: search.fields,
            sort: vec![SortBy { field: start, desc: false }],
            fields: Some(board.fields()),
            limit: Some(PAGE),
            titles: true,
            permission_group: state.group.get(),
            ..Query::default()
        };
        found(board, query)
    });
    let turn = move |by: i32| {
        let day = at.get_untracked();
        let to = match is_week.get_untracked() {
            true => later(day, i64::from(by) * 7),
            false => day.first_of_month().saturating_add(by.months()),
        };
        state.set_at(&format_date(to));
    };
    let scales = vec![Segment::new("month", t!("board-month")), Segment::new("week", t!("board-week"))];
    let scale = Signal::derive(move || if is_week.get() { "week".to_string() } else { "month".to_string() });
    let is_held = Signal::derive(move || days.dragged.with(Option::is_some));
    let body = move |(records, has_more): (Vec<Record>, bool)| {
        view! { <CalendarDays days=days shown=shown at=at is_week=is_week records=records has_more=has_more/> }
    };
    view! {
        <div class="calendar-bar">
            <b class="grow">{move || i18n::month(at.get())}</b>
            <IconButton icon="left" label=Signal::derive(t!("board-before")) size=ControlSize::Small on_press=move |_| turn(-1)/>
            <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=move |_| state.set_at(&format_date(i18n::today()))>{t!("board-today")}</Button>
            <IconButton icon="right" label=Signal::derive(t!("board-after")) size=ControlSize::Small on_press=move |_| turn(1)/>
            <Segmented segments=scales selected=scale on_select=move |key| state.set_scale(key) label=Signal::derive(t!("board-scale"))/>
        </div>
        <LoadedUnheld answer=answer held=is_held view=body/>
    }
    .into_any()
}

/// The days with their records.
#[component]
fn CalendarDays(
    days: Days,
    shown: Memo<Vec<Date>>,
    at: Memo<Date>,
    is_week: Memo<bool>,
    records: Vec<Record>,
    has_more: bool,
) -> impl IntoView {
    let records = StoredValue::new(records);
    let day = move |day: Date| {
        let entries = records.with_value(|records| days.on(records, day));
        let is_off =
            move || !is_week.get() && (at.get().year(), at.get().month()) != (day.year(), day.month());
        view! { <DayCell days=days day=day entries=entries is_week=is_week.get() off=Signal::derive(is_off)/> }
    };
    let names = move || {
        (1..=7)
            .map(|n| view! { <span>{i18n::lookup(&format!("weekday-short-{n}"), &[])}</span> })
            .collect_view()
    };
    let listed = move || {
        let entries = records.with_value(|records| days.on(records, days.chosen.get()));
        entries
            .into_iter()
            .map(|entry| view! { <EntryChip days=days day=days.chosen.get() entry=entry/> })
            .collect_view()
    };
    view! {
        {has_more.then(|| view! {
            <div class="card-body"><Banner tone=Tone::Warning>{t!("board-more", count = MOST)}</Banner></div>
        })}
        <div class="month" class:week=is_week>
            <div class="month-head" aria-hidden="true">{names}</div>
            <div class="month-days">{move || shown.get().into_iter().map(day).collect_view()}</div>
        </div>
        <div class="day-list phone-only">
            <h2>{move || i18n::day(days.chosen.get())}</h2>
            {listed}
        </div>
    }
}

/// One day.
#[component]
fn DayCell(
    days: Days,
    day: Date,
    entries: Vec<Entry>,
    is_week: bool,
    #[prop(into)] off: Signal<bool>,
) -> impl IntoView {
    let count = entries.len();
    let is_whole = RwSignal::new(is_week);
    let entries = StoredValue::new(entries);
    let over = RwSignal::new(false);
    let hover = move |event: DragEvent| {
        if days.dragged.with_untracked(Option::is_some) {
            event.prevent_default();
            over.set(true);
        }
    };
    let drop_here = move |event: DragEvent| {
        over.set(false);
        if let Some((record, from)) = days.dragged.get_untracked() {
            event.prevent_default();
            days.dragged.set(None);
            days.shift(&record, between(from, day));
        }
    };
    let chips = move || {
        let most = if is_whole.get() { usize::MAX } else { SHOWN };
        let shown: Vec<Entry> = entries.with_value(|entries| entries.iter().take(most).cloned().collect());
        shown.into_iter().map(|entry| view! { <EntryChip days=days day=day entry=entry/> }).collect_view()
    };
    let more = move || {
        let rest = count.saturating_sub(SHOWN);
        (!is_whole.get() && rest > 0).then(|| {
            view! {
                <button type="button" class="link note day-more" on:click=move |_| is_whole.set(true)>
                    {t!("board-rest", count = rest)}
                </button>
            }
        })
    };
    let is_today = day == i18n::today();
    let is_chosen = move || days.chosen.get() == day;
    view! {
        <section
            class="day"
            class:off=off
            class:today=is_today
            class:lands=over
            class:is-chosen=is_chosen
            aria-label=move || i18n::day(day)
            data-day=format_date(day)
            on:dragover=hover
            on:dragleave=move |_| over.set(false)
            on:drop=drop_here
        >
            <button type="button" class="day-number" on:click=move |_| days.chosen.set(day)>
                {day.day()}
                {(count > 0).then(|| view! { <span class="count phone-only">{count}</span> })}
            </button>
            <div class="day-entries">{chips}{more}</div>
        </section>
    }
}

/// A record on a day.
#[component]
fn EntryChip(days: Days, day: Date, entry: Entry) -> impl IntoView {
    let board = days.board;
    let Entry { record, time, is_first } = entry;
    let (id, may_move) = (record.id, days.may_move(&record));
    let title = board.title(&record);
    // Where there is little room the title is told whole when one points.
    let hint = match may_move {
        true => format!("{title}\n{}", text!("board-shift-hint")),
        false => title.clone(),
    };
    let of = StoredValue::new(record);
    let take = move |event: DragEvent| {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &id.to_string());
        }
        days.dragged.set(Some((of.get_value(), day)));
    };
    let on_key = move |event: KeyboardEvent| {
        let by = match (event.key().as_str(), event.shift_key()) {
            ("Enter" | " ", _) => 0,
            ("ArrowRight", true) => 1,
            ("ArrowLeft", true) => -1,
            ("ArrowDown", true) => 7,
            ("ArrowUp", true) => -7,
            _other_key => return,
        };
        event.prevent_default();
        if by == 0 {
            return board.open(id);
        }
        days.followed.follow(id);
        of.with_value(|record| days.shift(record, by));
    };
    let node = NodeRef::<Div>::new();
    if is_first {
        days.followed.attend(id, node);
    }
    view! {
        <div
            node_ref=node
            class="entry"
            class:goes-on=!is_first
            class:is-open=move || board.is_open(id)
            role="button"
            tabindex="0"
            title=hint
            draggable=may_move.then_some("true")
            on:click=move |_| board.open(id)
            on:keydown=on_key
            on:dragstart=take
            on:dragend=move |_| days.dragged.set(None)
        >
            {time.map(|time| view! { <span class="num muted">{time}</span> })}
            <span class="clip">{title}</span>
        </div>
    }
}

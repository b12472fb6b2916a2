//! Bars from one day to another: drawn along the line of time, or moved by Shift and an arrow; at their ends they are made
//! longer or shorter.

use engine::value::{Date, Value, parse_date, parse_timestamp};
use engine::view::ViewScale;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;
use serde_json::Map;
use wasm_bindgen::JsCast;
use wire::records::{AggregateInput, MeasureInput, Record};

use super::days::{between, day_of, later, monday, shifted};
use super::{Board, Followed, moving};
use crate::api::records;
use crate::grid::Window;
use crate::ui::{Button, ButtonKind, ControlSize, Segment, Segmented, unheld};
use crate::{i18n, t, text};

/// The height of a line, and the width of the names, in pixels, as in the style sheet.
const LINE: f64 = 40.0;
const NAMES: f64 = 200.0;
/// Days that are shown before the first and after the last record.
const MARGIN: i64 = 14;
/// Days that are shown at most: a date typed wrong shall not make the line endless.
const MOST_DAYS: i64 = 36_500;

/// How wide a day is.
fn width_of(scale: ViewScale) -> f64 {
    match scale {
        ViewScale::Day => 36.0,
        ViewScale::Week => 14.0,
        ViewScale::Month => 4.0,
    }
}

/// The line of time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    first: Date,
    days: i64,
    /// Pixels of a day.
    day: f64,
}

impl Line {
    /// From the first to the last day of the records, and today.
    fn over(first: Option<Date>, last: Option<Date>, today: Date, day: f64) -> Line {
        let from = first.unwrap_or(today).min(today);
        let to = last.unwrap_or(today).max(today);
        let first = monday(later(from, -MARGIN));
        let days = (between(first, to) + MARGIN).clamp(1, MOST_DAYS);
        Line { first, days, day }
    }

    fn x(self, day: Date) -> f64 {
        between(self.first, day) as f64 * self.day
    }

    fn width(self) -> f64 {
        self.days as f64 * self.day
    }

    /// How far the days have moved along from what was the line before; nothing where they are wider or narrower now.
    fn moved_from(self, before: Line) -> Option<f64> {
        (self.day == before.day).then(|| self.x(before.first))
    }

    /// The days at which a mark stands between two places: the first of each month, and Mondays or every day where there
    /// is room.
    fn marks(self, from: f64, to: f64, scale: ViewScale) -> Vec<(Date, String, bool)> {
        let (first, last) = ((from / self.day) as i64 - 1, (to / self.day) as i64 + 1);
        let days = (first.max(0)..=last.min(self.days)).map(|n| later(self.first, n));
        days.filter_map(|day| match (day.day(), scale) {
            (1, _) => Some((day, i18n::month(day), true)),
            (_, ViewScale::Day) => Some((day, day.day().to_string(), false)),
            (number, ViewScale::Week) if day == monday(day) && number > 3 => {
                Some((day, number.to_string(), false))
            }
            _ => None,
        })
        .collect()
    }
}

/// What the lines of a gantt share.
#[derive(Clone, Copy)]
struct Gantt {
    board: Board,
    start: StoredValue<String>,
    end: StoredValue<String>,
    line: Memo<Line>,
    /// Whether a bar is being drawn: what others do is shown once it is let go.
    is_held: RwSignal<bool>,
    followed: Followed,
}

/// What is drawn of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// Its end alone.
    End,
}

impl Gantt {
    fn values(self, record: &Record) -> (Value, Value) {
        let of = |field: StoredValue<String>| field.with_value(|field| self.board.value(record, field));
        (of(self.start), of(self.end))
    }

    /// The first and the last day of a bar; a record with one of them has a bar of one day.
    fn days(self, record: &Record) -> Option<(Date, Date)> {
        let (start, end) = self.values(record);
        let (start, end) = (day_of(&start), day_of(&end));
        let first = start.or(end)?;
        Some((first, end.unwrap_or(first).max(first)))
    }

    fn may_move(self, record: &Record) -> bool {
        let (start, end) = (self.start.get_value(), self.end.get_value());
        self.board.may_set(record, &[start.as_str(), end.as_str()])
    }

    /// Moves a bar, or its end alone, by so many days. It never ends before it begins.
    fn shift(self, record: &Record, part: Part, days: i64) {
        let Some((first, last)) = self.days(record).filter(|_| self.may_move(record)) else { return };
        let days = if part == Part::End { days.max(between(last, first)) } else { days };
        if days == 0 {
            return;
        }
        let (start, end) = self.values(record);
        let mut fields = Map::new();
        if let (Part::Whole, Some(start)) = (part, shifted(&start, days)) {
            fields.insert(self.start.get_value(), start);
        }
        // A bar whose end was not said is drawn out from its beginning.
        let from = if end.is_empty() && part == Part::End { start } else { end };
        if let Some(end) = shifted(&from, days) {
            fields.insert(self.end.get_value(), end);
        }
        let (first, last) = match part {
            Part::Whole => (later(first, days), later(last, days)),
            Part::End => (first, later(last, days)),
        };
        let span = format!("{} – {}", i18n::date(first), i18n::date(last));
        let told = text!("board-moved", title = self.board.title(record), pile = span);
        moving::save(self.board, record, fields, told);
    }
}

#[component]
pub fn GanttBoard(board: Board, start: String, end: String) -> impl IntoView {
    let (state, rows) = (board.state, board.rows);
    let (start, end) = (StoredValue::new(start), StoredValue::new(end));
    let ends = LocalResource::new(move || {
        rows.count.track();
        let measure = |key: &str, function: &str, field: String| MeasureInput {
            key: key.to_string(),
            function: Some(function.to_string()),
            field: Some(field),
            formula: None,
            scale: None,
        };
        let search = state.searched();
        let input = AggregateInput {
            filter: state.filter.get(),
            q: search.words,
            q_fields: search.fields,
            measures: vec![
                measure("first", "min", start.get_value()),
                measure("last", "max", end.get_value()),
                measure("begins", "max", start.get_value()),
            ],
            permission_group: state.group.get(),
            ..AggregateInput::default()
        };
        let form = board.id();
        async move { records::aggregate(form, &input).await }
    });
    let scale = Memo::new(move |_| {
        let chosen = state.scale.get().and_then(|name| ViewScale::from_name(&name));
        chosen.or(state.options().scale).unwrap_or(ViewScale::Week)
    });
    let is_held = RwSignal::new(false);
    let line = unheld(is_held, move || {
        let row = ends.get().and_then(Result::ok).and_then(|answer| answer.rows.into_iter().next());
        let values = row.map(|row| row.values).unwrap_or_default();
        let day = |key: &str| values.get(key).cloned().flatten().and_then(|text| read_day(&text));
        let last = day("last").max(day("begins"));
        Line::over(day("first"), last, i18n::today(), width_of(scale.get()))
    });
    let gantt = Gantt { board, start, end, line, is_held, followed: Followed::new() };
    let frame = NodeRef::<Div>::new();
    let (top, left) = (RwSignal::new(0.0f64), RwSignal::new(0.0f64));
    let (height, width) = (RwSignal::new(900.0f64), RwSignal::new(1200.0f64));
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            top.set(f64::from(frame.scroll_top()));
            left.set(f64::from(frame.scroll_left()));
            height.set(f64::from(frame.client_height()));
            width.set(f64::from(frame.client_width()));
        }
    };
    let to_today = move || {
        if let Some(frame) = frame.get_untracked() {
            let x = line.get_untracked().x(i18n::today()) - (f64::from(frame.client_width()) - NAMES) / 3.0;
            frame.set_scroll_left(x.max(0.0) as i32);
            measure();
        }
    };
    let along = move |by: f64| {
        if let Some(frame) = frame.get_untracked() {
            frame.set_scroll_left(frame.scroll_left() + by as i32);
            measure();
        }
    };
    let is_known = Memo::new(move |_| ends.get().is_some());
    // One begins with today, once the line has come or another zoom is chosen; where others make it longer, the days that one
    // looks at stay where they are.
    Effect::new(move |before: Option<Option<Line>>| {
        let (now, is_known) = (line.get(), is_known.get());
        let moved = before.flatten().and_then(|before| now.moved_from(before));
        request_animation_frame(move || match moved {
            Some(by) => along(by),
            None => to_today(),
        });
        is_known.then_some(now)
    });
    let total = unheld(is_held, move || rows.len());
    let window =
        Memo::new(move |_| Window { total: total.get(), top: top.get(), view: height.get(), row: LINE });
    Effect::new(move || {
        rows.count.track();
        let (first, last) = window.get().rows();
        if last > first {
            rows.want(first, last);
        }
    });
    let places = move || {
        let (first, last) = window.get().rows();
        first..last
    };
    let row = move |place: usize| {
        let record = unheld(is_held, move || rows.at(place));
        move || record.get().map(|record| view! { <GanttLine gantt=gantt record=record/> })
    };
    let marks = move || {
        let (from, line) = (left.get(), line.get());
        let marks = line.marks(from, from + width.get(), scale.get());
        let mark = |(day, label, is_month): (Date, String, bool)| {
            view! { <span class="mark" class:of-month=is_month style:left=format!("{}px", line.x(day))>{label}</span> }
        };
        marks.into_iter().map(mark).collect_view()
    };
    let today = move || format!("{}px", line.get().x(i18n::today()));
    let whole = move || format!("{}px", NAMES + line.get().width());
    let (above, below) =
        (move || format!("{}px", window.get().gaps().0), move || format!("{}px", window.get().gaps().1));
    let scales = vec![
        Segment::new("day", t!("board-day")),
        Segment::new("week", t!("board-week")),
        Segment::new("month", t!("board-month")),
    ];
    view! {
        <div class="calendar-bar">
            <span class="grow"></span>
            <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=move |_| to_today()>{t!("board-today")}</Button>
            <Segmented
                segments=scales
                selected=Signal::derive(move || scale.get().name().to_string())
                on_select=move |key| state.set_scale(key)
                label=Signal::derive(t!("board-scale"))
            />
        </div>
        <div class="gantt" node_ref=frame on:scroll=move |_| measure()>
            <div class="gantt-all" style:width=whole>
                <div class="gantt-head"><span class="gantt-name"></span><div class="gantt-marks">{marks}</div></div>
                <div style:height=above></div>
                <For each=places key=|place| *place children=row/>
                <div style:height=below></div>
                <span class="gantt-today" aria-hidden="true" style:left=today></span>
            </div>
        </div>
    }
}

/// A day as the server adds up dates and moments.
fn read_day(text: &str) -> Option<Date> {
    let moment = || parse_timestamp(text).and_then(|moment| day_of(&Value::DateTime(moment)));
    parse_date(text).or_else(moment)
}

/// A record with its bar.
#[component]
fn GanttLine(gantt: Gantt, record: Record) -> impl IntoView {
    let board = gantt.board;
    let (id, title) = (record.id, board.title(&record));
    let name = title.clone();
    let days = gantt.days(&record);
    view! {
        <div class="gantt-line" class:is-open=move || board.is_open(id)>
            <button type="button" class="gantt-name clip" title=name.clone() on:click=move |_| board.open(id)>{name.clone()}</button>
            <div class="gantt-track">
                {days.map(|days| view! { <Bar gantt=gantt record=record title=title days=days/> })}
            </div>
        </div>
    }
}

#[component]
fn Bar(gantt: Gantt, record: Record, title: String, days: (Date, Date)) -> impl IntoView {
    let (board, may_move) = (gantt.board, gantt.may_move(&record));
    let (id, of) = (record.id, StoredValue::new(record));
    // What is drawn, where that began, and by how many days so far.
    let drawn = RwSignal::new(None::<(Part, i32)>);
    let by = RwSignal::new(0i64);
    let was_drawn = StoredValue::new(false);
    let (first, last) = days;
    let begin = move |event: PointerEvent, part: Part| {
        let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(target) = target.filter(|_| may_move) {
            event.stop_propagation();
            let _ = target.set_pointer_capture(event.pointer_id());
            was_drawn.set_value(false);
            by.set(0);
            drawn.set(Some((part, event.client_x())));
            gantt.is_held.set(true);
        }
    };
    let draw = move |event: PointerEvent| {
        if let Some((part, from)) = drawn.get_untracked() {
            let days = (f64::from(event.client_x() - from) / gantt.line.get_untracked().day).round() as i64;
            let least = if part == Part::End { between(last, first) } else { i64::MIN };
            by.set(days.max(least));
            if days != 0 {
                was_drawn.set_value(true);
            }
        }
    };
    let finish = move |_: PointerEvent| {
        if let Some((part, _)) = drawn.get_untracked() {
            drawn.set(None);
            of.with_value(|record| gantt.shift(record, part, by.get_untracked()));
            by.set(0);
            gantt.is_held.set(false);
        }
    };
    // Scrolled away, it does not hear that it is let go.
    on_cleanup(move || {
        if drawn.try_with_untracked(Option::is_some) == Some(true) {
            let _ = gantt.is_held.try_set(false);
        }
    });
    let part = move || drawn.get().map(|(part, _)| part);
    let left = move || {
        let moved = if part() == Some(Part::Whole) { by.get() } else { 0 };
        format!("{}px", gantt.line.get().x(later(first, moved)))
    };
    let width = move || {
        let longer = if part() == Some(Part::End) { by.get() } else { 0 };
        let line = gantt.line.get();
        format!("{}px", (between(first, last) + 1 + longer).max(1) as f64 * line.day)
    };
    let press = move |_| {
        // What ends a drag is no press.
        if !was_drawn.get_value() {
            board.open(id);
        }
        was_drawn.set_value(false);
    };
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "Enter" | " " => 0,
            _other_key => return,
        };
        if step != 0 && !event.shift_key() {
            return;
        }
        event.prevent_default();
        let part = if event.ctrl_key() || event.meta_key() { Part::End } else { Part::Whole };
        if step == 0 {
            return board.open(id);
        }
        gantt.followed.follow(id);
        of.with_value(|record| gantt.shift(record, part, step));
    };
    let node = NodeRef::<Div>::new();
    gantt.followed.attend(id, node);
    let span = format!("{title}, {} – {}", i18n::date(first), i18n::date(last));
    let hint = may_move.then(|| text!("board-draw-hint"));
    let edge = may_move.then(|| {
        view! { <span class="bar-edge" aria-hidden="true" on:pointerdown=move |event| begin(event, Part::End) on:pointermove=draw on:pointerup=finish on:pointercancel=finish></span> }
    });
    view! {
        <div
            node_ref=node
            class="bar"
            class:movable=may_move
            class:is-drawn=move || drawn.with(Option::is_some)
            role="button"
            tabindex="0"
            aria-label=span
            title=hint
            style:left=left
            style:width=width
            on:click=press
            on:keydown=on_key
            on:pointerdown=move |event| begin(event, Part::Whole)
            on:pointermove=draw
            on:pointerup=finish
            on:pointercancel=finish
        >
            <span class="clip">{title}</span>
            {edge}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_line_reaches_from_the_first_to_the_last_day_and_over_today() {
        let line = Line::over(Some(day("2026-11-02")), Some(day("2026-12-24")), day("2026-11-28"), 4.0);
        assert_eq!((line.first, line.days), (day("2026-10-19"), 80));
        assert_eq!((line.x(day("2026-10-20")), line.width()), (4.0, 320.0));
        let empty = Line::over(None, None, day("2026-11-28"), 36.0);
        assert!(empty.first < day("2026-11-28") && empty.days > MARGIN);
        let wrong = Line::over(Some(day("0206-11-02")), None, day("2026-11-28"), 36.0);
        assert_eq!(wrong.days, MOST_DAYS);
    }

    #[test]
    fn days_that_one_looks_at_stay_when_the_line_begins_earlier() {
        let line = |first, day_width| Line::over(Some(day(first)), None, day("2026-11-28"), day_width);
        let before = line("2026-11-02", 4.0);
        assert_eq!(line("2026-10-26", 4.0).moved_from(before), Some(28.0));
        assert_eq!(before.moved_from(before), Some(0.0));
        assert_eq!(line("2026-11-02", 14.0).moved_from(before), None, "another zoom");
    }

    #[test]
    fn only_marks_on_the_screen_are_there() {
        let line = Line::over(Some(day("2020-01-01")), Some(day("2030-01-01")), day("2026-11-28"), 36.0);
        let from = line.x(day("2026-11-30"));
        let marks = line.marks(from, from + 36.0 * 3.0, ViewScale::Day);
        assert!(marks.len() <= 6 && marks.iter().any(|(day, _, is_month)| day.day() == 1 && *is_month));
        let months = line.marks(from, from + 36.0 * 90.0, ViewScale::Month);
        assert!(months.iter().all(|(day, _, _)| day.day() == 1) && months.len() >= 3);
    }

    #[test]
    fn days_and_moments_are_read_alike() {
        assert_eq!(read_day("2026-11-28"), Some(day("2026-11-28")));
        assert_eq!(read_day("2026-11-28T10:00:00Z"), Some(day("2026-11-28")));
        assert_eq!(read_day("soon"), None);
    }
}

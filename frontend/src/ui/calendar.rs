//! A month to choose a day from, and a year to choose a month from.

use jiff::ToSpan;
use jiff::civil::Date;
use leptos::ev::KeyboardEvent;
use leptos::html::Table;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{ControlSize, IconButton};
use crate::{i18n, t, text};

/// A month with week numbers, weeks from Monday. Arrows move by day and week, PageUp and PageDown by month.
#[component]
pub fn Calendar(
    #[prop(into)] value: Signal<Option<Date>>,
    /// The last day of a range that begins with `value`.
    #[prop(optional, into)]
    until: Signal<Option<Date>>,
    #[prop(into)] on_pick: Callback<Date>,
) -> impl IntoView {
    let today = i18n::today();
    let at = RwSignal::new(value.get_untracked().unwrap_or(today));
    let table = NodeRef::<Table>::new();
    let turn = move |months: i32| at.update(|at| *at = at.saturating_add(months.months()));
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowLeft" => (-1).days(),
            "ArrowRight" => 1.days(),
            "ArrowUp" => (-7).days(),
            "ArrowDown" => 7.days(),
            "PageUp" => (-1).months(),
            "PageDown" => 1.months(),
            _other_key => return,
        };
        event.prevent_default();
        at.update(|at| *at = at.saturating_add(step));
        request_animation_frame(move || focus_day(table));
    };
    let day = move |day: Date| {
        let off = move || at.with(|at| (at.year(), at.month()) != (day.year(), day.month()));
        let is_end = move || value.get() == Some(day) || until.get() == Some(day);
        let is_between =
            move || value.get().zip(until.get()).is_some_and(|(from, until)| from < day && day < until);
        view! {
            <td class:in=is_between aria-selected=move || is_end().then_some("true")>
                <button
                    type="button"
                    class:off=off
                    class:today=day == today
                    tabindex=move || if at.get() == day { "0" } else { "-1" }
                    aria-label=move || i18n::day(day)
                    on:click=move |_| on_pick.run(day)
                >
                    {day.day()}
                </button>
            </td>
        }
    };
    let week = move |monday: Date| {
        view! {
            <tr>
                <td class="wk">{monday.iso_week_date().week()}</td>
                {(0..7).map(|n| day(monday.saturating_add(n.days()))).collect_view()}
            </tr>
        }
    };
    view! {
        <div class="calendar-head">
            <IconButton icon="left" label=t!("calendar-month-before") size=ControlSize::Small on_press=move |_| turn(-1)/>
            {move || i18n::month(at.get())}
            <IconButton icon="right" label=t!("calendar-month-after") size=ControlSize::Small on_press=move |_| turn(1)/>
        </div>
        <table role="grid" node_ref=table on:keydown=on_key>
            <thead>
                <tr>
                    <th class="wk">{t!("calendar-week")}</th>
                    {weekday_letters().into_iter().map(|letter| view! { <th>{letter}</th> }).collect_view()}
                </tr>
            </thead>
            <tbody>{move || weeks(at.get()).into_iter().map(week).collect_view()}</tbody>
        </table>
    }
}

fn weekday_letters() -> Vec<Signal<String>> {
    vec![
        Signal::derive(t!("weekday-short-1")),
        Signal::derive(t!("weekday-short-2")),
        Signal::derive(t!("weekday-short-3")),
        Signal::derive(t!("weekday-short-4")),
        Signal::derive(t!("weekday-short-5")),
        Signal::derive(t!("weekday-short-6")),
        Signal::derive(t!("weekday-short-7")),
    ]
}

fn focus_day(table: NodeRef<Table>) {
    let button =
        table.get_untracked().and_then(|table| table.query_selector("button[tabindex='0']").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// The Mondays of the weeks that a month touches.
fn weeks(day: Date) -> Vec<Date> {
    let first = day.first_of_month();
    let back = first.weekday().to_monday_zero_offset();
    let mut monday = first.saturating_sub((back as i64).days());
    let mut weeks = Vec::with_capacity(6);
    while monday <= day.last_of_month() {
        weeks.push(monday);
        let next = monday.saturating_add(7.days());
        if next == monday {
            break;
        }
        monday = next;
    }
    weeks
}

/// A year to choose a month from; the value is the month's first day.
#[component]
pub fn MonthGrid(
    #[prop(into)] value: Signal<Option<Date>>,
    #[prop(into)] on_pick: Callback<Date>,
) -> impl IntoView {
    let at = RwSignal::new(value.get_untracked().unwrap_or_else(i18n::today).first_of_month());
    let turn = move |years: i32| at.update(|at| *at = at.saturating_add(years.years()));
    let month = move |number: i8| {
        let this = move || at.with(|at| Date::new(at.year(), number, 1).unwrap_or(*at));
        view! {
            <td aria-selected=move || (value.get().map(|v| v.first_of_month()) == Some(this())).then_some("true")>
                <button type="button" on:click=move |_| on_pick.run(this())>
                    {move || text!("calendar-month", month = number as i64)}
                </button>
            </td>
        }
    };
    view! {
        <div class="calendar-head">
            <IconButton icon="left" label=t!("calendar-year-before") size=ControlSize::Small on_press=move |_| turn(-1)/>
            {move || text!("calendar-year", year = at.get().year().to_string())}
            <IconButton icon="right" label=t!("calendar-year-after") size=ControlSize::Small on_press=move |_| turn(1)/>
        </div>
        <table class="months" role="grid">
            <tbody>
                {(0..4).map(|row| view! { <tr>{(1..=3).map(|n| month(row * 3 + n)).collect_view()}</tr> }).collect_view()}
            </tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_shows_whole_weeks_from_monday() {
        let november = weeks(date(2024, 11, 18));
        assert_eq!(november.first(), Some(&date(2024, 10, 28)));
        assert_eq!(november.last(), Some(&date(2024, 11, 25)));
        assert_eq!(november.len(), 5);
        // Starts on a Monday, has 28 days.
        assert_eq!(weeks(date(2027, 2, 5)).len(), 4);
    }
}

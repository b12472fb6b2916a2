//! Moments: a day with a time of day, typed in one line, or chosen from a calendar and the half hours of a day; on a phone with its
//! own picker.

use engine::value::{
    Date, Time, Timestamp, format_date, format_time, format_timestamp, half_width, parse_local_moment,
    parse_timestamp, parse_typed_time,
};
use jiff::civil::DateTime;
use leptos::prelude::*;

use super::field::FieldContext;
use super::popover::{OPENING_KEYS, opens_box};
use super::{
    Button, ButtonKind, Calendar, CellField, ControlSize, DateInputKind, Icon, Popover, TimeInput, unique_id,
};
use crate::{browser, i18n, t};

/// A moment input, in the reader's zone. `value` and `on_change` speak the wire's form (`2024-11-18T08:00:00Z`; empty for none); a
/// text that is no moment is handed on as typed, so that the engine words the fault.
#[component]
pub fn MomentInput(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    /// Whether it is exact to the second.
    #[prop(optional)]
    seconds: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    /// Read aloud where there is no field around it.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
) -> impl IntoView {
    let native = browser::is_for_fingers();
    let open = RwSignal::new(false);
    let shown = move || value.with(|value| shown(value, seconds, native));
    let take = move |typed: &str| {
        let instant = instant_of(typed);
        on_change.run(instant.map_or_else(|| typed.trim().to_string(), format_timestamp));
        instant
    };
    let enter = move |typed: String| {
        take(&typed);
    };
    let entered = move |event: leptos::ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        // The same moment in other words is written as all are.
        if let Some(instant) = take(&input.value()).filter(|_| !native) {
            input.set_value(&written_here(instant, seconds, ' '));
        }
    };
    view! {
        <div
            class="input moment"
            aria-invalid=FieldContext::invalid(invalid)
            aria-disabled=move || disabled.get().then_some("true")
        >
            <input
                id=FieldContext::id()
                type=if native { "datetime-local" } else { "text" }
                step=(native && seconds).then_some("1")
                aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
                aria-invalid=FieldContext::invalid(invalid)
                aria-label=label
                aria-keyshortcuts=(!native).then_some(OPENING_KEYS)
                autocomplete="off"
                prop:value=shown
                placeholder=if seconds { "YYYY-MM-DD HH:MM:SS" } else { "YYYY-MM-DD HH:MM" }
                disabled=disabled
                on:change=entered
                on:keydown=move |event| {
                    if !native && opens_box(&event) {
                        event.prevent_default();
                        open.set(true);
                        request_animation_frame(|| browser::focus_at(".moment-box:popover-open td [tabindex='0']"));
                    }
                }
            />
            {(!native).then(|| view! {
                <button
                    type="button"
                    tabindex="-1"
                    aria-label=t!("ui-open-calendar")
                    data-tip=t!("ui-open-calendar-key")
                    aria-expanded=move || open.get().to_string()
                    disabled=disabled
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon name="date"/>
                </button>
            })}
        </div>
        <Popover open=open class="popover moment-box">
            <MomentChoice value=value on_enter=enter on_done=move |()| open.set(false)/>
        </Popover>
    }
}

/// The calendar, and below it the time of day.
#[component]
fn MomentChoice(
    value: Signal<String>,
    /// Hears day and time as they are typed.
    #[prop(into)]
    on_enter: Callback<String>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let here = move || value.with(|value| instant_of(value)).map(local);
    let day = Signal::derive(move || here().map(DateTime::date));
    let time = Signal::derive(move || here().map(|here| format_time(here.time())).unwrap_or_default());
    let pick = move |day: Date| {
        let time = untrack(here).map_or(Time::midnight(), DateTime::time);
        on_enter.run(format!("{} {}", format_date(day), format_time(time)));
    };
    let set_time = move |typed: String| {
        let day = untrack(here).map_or_else(i18n::today, DateTime::date);
        let time = if typed.is_empty() { format_time(Time::midnight()) } else { typed };
        on_enter.run(format!("{} {time}", format_date(day)));
    };
    let no_fault = Signal::stored(None::<String>);
    view! {
        <div class="calendar"><Calendar value=day on_pick=pick/></div>
        <div class="row gap-1">
            <CellField id=unique_id("time") error=no_fault required=false>
                <TimeInput value=time on_change=set_time label=Signal::derive(t!("ui-time-of-day"))/>
            </CellField>
            <Button kind=ButtonKind::Primary size=ControlSize::Small on_press=move |_| on_done.run(())>{t!("ui-done")}</Button>
        </div>
    }
}

/// A moment on the clock of the reader.
fn local(instant: Timestamp) -> DateTime {
    instant.to_zoned_datetime(i18n::zone()).datetime()
}

/// How the input shows a moment in its wire form. What is none yet is shown as it was typed; a phone's own picker holds no such.
fn shown(value: &str, seconds: bool, native: bool) -> String {
    match parse_timestamp(value) {
        Some(instant) => written_here(instant, seconds, if native { 'T' } else { ' ' }),
        None if native => String::new(),
        None => value.to_string(),
    }
}

/// A moment in the reader's zone: with the seconds where it is exact to them, or has some.
fn written_here(instant: Timestamp, seconds: bool, between: char) -> String {
    let here = local(instant);
    let time = if seconds || here.second() != 0 { "%H:%M:%S" } else { "%H:%M" };
    format!("{}{between}{}", format_date(here.date()), here.strftime(time))
}

/// The moment that a text means to the reader: with an offset that of the text, else in the reader's zone.
fn instant_of(typed: &str) -> Option<Timestamp> {
    if let Some(instant) = parse_timestamp(typed) {
        return Some(instant);
    }
    let local = read_on(typed, i18n::today())?;
    Some(local.to_zoned_datetime(i18n::zone()).ok()?.timestamp())
}

/// Reads what people type on the day `today`: a day as a date input takes it (`2024/9/9`, `9月9日`, `t`, `+1`) and a time as a
/// time input does (`10:00`, `下午3点`). A day alone begins at midnight; a time alone is one of today.
fn read_on(typed: &str, today: Date) -> Option<DateTime> {
    let plain = half_width(typed).trim().to_string();
    if let Some((day, time)) = parse_local_moment(&plain) {
        return Some(day.to_datetime(time));
    }
    let day_of = |day: &str| DateInputKind::Day.read_on(day, today);
    if let Some(day) = day_of(&plain) {
        return Some(day.to_datetime(Time::midnight()));
    }
    if let Some(time) = parse_typed_time(&plain) {
        return Some(today.to_datetime(time));
    }
    let after_day = plain.find('日').map(|at| at + '日'.len_utf8());
    let end = after_day.or_else(|| plain.find(' '))?;
    let (day, time) = plain.split_at_checked(end)?;
    Some(day_of(day)?.to_datetime(parse_typed_time(time)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_type_and_paste_them() {
        let today = jiff::civil::date(2026, 12, 30);
        let read = |typed: &str| {
            read_on(typed, today).map(|moment| moment.strftime("%Y-%m-%d %H:%M:%S").to_string())
        };
        for (typed, moment) in [
            ("2024-09-09 10:00", "2024-09-09 10:00:00"),
            ("2024/9/9 10:00", "2024-09-09 10:00:00"),
            ("2024-09-09T10:00:07", "2024-09-09 10:00:07"),
            ("２０２４／９／９　１０：００", "2024-09-09 10:00:00"),
            (" 2024.9.9   8:30 ", "2024-09-09 08:30:00"),
            ("20240909 1000", "2024-09-09 10:00:00"),
            ("2024年9月9日 下午3:05", "2024-09-09 15:05:00"),
            ("9月9日下午3点", "2026-09-09 15:00:00"),
            ("9/9 3:05 PM", "2026-09-09 15:05:00"),
            ("t 9:30", "2026-12-30 09:30:00"),
            ("+2 9:30", "2027-01-01 09:30:00"),
            ("2024/9/9", "2024-09-09 00:00:00"),
            ("17:45", "2026-12-30 17:45:00"),
        ] {
            assert_eq!(read(typed).as_deref(), Some(moment), "{typed}");
        }
        for typed in ["", "soon", "2024-13-09 10:00", "2024-09-09 25:00", "2024-09-09 soon"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_moment_keeps_its_seconds_where_it_has_some() {
        i18n::read_moments_in(Some("Asia/Shanghai"));
        let (whole, exact) = ("2026-11-22T08:05:00Z", "2026-11-22T08:05:07Z");
        assert_eq!(shown(whole, false, false), "2026-11-22 16:05");
        assert_eq!(shown(whole, true, false), "2026-11-22 16:05:00");
        assert_eq!(shown(exact, false, true), "2026-11-22T16:05:07");
        assert_eq!((shown("soon", false, false), shown("soon", false, true)), ("soon".into(), String::new()));
        assert_eq!(instant_of("2026/11/22 16:05").map(format_timestamp).as_deref(), Some(whole));
        assert_eq!(instant_of("2026-11-22T10:05:00+02:00").map(format_timestamp).as_deref(), Some(whole));
        i18n::read_moments_in(None);
    }
}

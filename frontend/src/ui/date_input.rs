//! Dates and months: typed, or chosen from a calendar; on a phone with its own picker.

use engine::value::{format_date, format_month, half_width, parse_date, parse_month};
use jiff::civil::Date;
use leptos::prelude::*;

use super::button::{ControlSize, classes};
use super::field::FieldContext;
use super::popover::{OPENING_KEYS, opens_box};
use super::{Calendar, Icon, MonthGrid, Popover};
use crate::{browser, t};

/// What a date input takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateInputKind {
    #[default]
    Day,
    /// A month, held as its first day.
    Month,
}

impl DateInputKind {
    /// The phone's own input for it, which holds what the wire has.
    fn native(self) -> &'static str {
        match self {
            DateInputKind::Day => "date",
            DateInputKind::Month => "month",
        }
    }

    /// Where the keys begin in the calendar, or among the months.
    fn first_control(self) -> &'static str {
        match self {
            DateInputKind::Day => ".calendar:popover-open td [tabindex='0']",
            DateInputKind::Month => ".calendar:popover-open button",
        }
    }

    fn write(self, date: Date) -> String {
        match self {
            DateInputKind::Day => format_date(date),
            DateInputKind::Month => format_month(date),
        }
    }

    /// Reads what people type on the day `today`: as [`Self::read`], and `t` or `今天` for the day itself, `+7` and `-1` for days
    /// from it, `11/8` for a day of this year.
    pub(super) fn read_on(self, typed: &str, today: Date) -> Option<Date> {
        if self != DateInputKind::Day {
            return self.read(typed);
        }
        let plain = half_width(typed).trim().to_lowercase();
        if matches!(plain.as_str(), "t" | "today" | "今天") {
            return Some(today);
        }
        let further = plain.strip_prefix('+').or_else(|| plain.strip_prefix('-').map(|_| plain.as_str()));
        if let Some(days) = further.and_then(|days| days.parse::<i32>().ok()) {
            return today.checked_add(jiff::Span::new().try_days(days).ok()?).ok();
        }
        let of_year = plain.split(['/', '.', '-', '月']).filter(|part| !part.is_empty()).count() == 2;
        let this_year = || self.read(&format!("{}-{}", today.year(), plain.trim_end_matches('日')));
        self.read(typed).or_else(|| of_year.then(this_year).flatten())
    }

    /// Reads `2024/11/8`, `2024.11.8`, `20241108`, full-width digits.
    pub(super) fn read(self, typed: &str) -> Option<Date> {
        let plain = half_width(typed).trim().replace(['/', '.', '年', '月'], "-").replace('日', "");
        let digits: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
        let compact = plain.bytes().all(|b| b.is_ascii_digit());
        match (self, digits.as_slice()) {
            (DateInputKind::Day, [year, month, day]) => {
                parse_date(&format!("{year:0>4}-{month:0>2}-{day:0>2}"))
            }
            (DateInputKind::Day, [all]) if compact && all.len() == 8 => {
                parse_date(&format!("{}-{}-{}", &all[..4], &all[4..6], &all[6..]))
            }
            (DateInputKind::Month, [year, month]) => parse_month(&format!("{year:0>4}-{month:0>2}")),
            (DateInputKind::Month, [all]) if compact && all.len() == 6 => {
                parse_month(&format!("{}-{}", &all[..4], &all[4..]))
            }
            (DateInputKind::Day | DateInputKind::Month, _) => None,
        }
    }
}

/// A date input. `value` and `on_change` speak the wire's form (`2024-11-18`, `2024-11`; empty for none); a
/// text that is no date is handed on as typed, so that the engine words the fault.
#[component]
pub fn DateInput(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(optional)] kind: DateInputKind,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
    #[prop(optional)] size: ControlSize,
    #[prop(optional)] name: Option<&'static str>,
) -> impl IntoView {
    let native = browser::is_for_fingers();
    let open = RwSignal::new(false);
    let chosen = Signal::derive(move || value.with(|value| kind.read(value)));
    let pick = move |date: Date| {
        open.set(false);
        on_change.run(kind.write(date));
    };
    view! {
        <div
            class=classes(&["input", size.class()])
            aria-invalid=FieldContext::invalid(invalid)
            aria-disabled=move || disabled.get().then_some("true")
        >
            <input
                id=FieldContext::id()
                type=if native { kind.native() } else { "text" }
                name=name
                aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
                aria-invalid=FieldContext::invalid(invalid)
                aria-label=label
                autocomplete="off"
                aria-keyshortcuts=(!native).then_some(OPENING_KEYS)
                inputmode="numeric"
                prop:value=value
                placeholder=match kind { DateInputKind::Day => "YYYY-MM-DD", DateInputKind::Month => "YYYY-MM" }
                disabled=disabled
                on:change=move |event| {
                    let typed = event_target_value(&event);
                    let today = crate::i18n::today();
                    on_change.run(kind.read_on(&typed, today).map_or_else(|| typed.trim().to_string(), |date| kind.write(date)));
                }
                on:keydown=move |event| {
                    if !native && opens_box(&event) {
                        event.prevent_default();
                        open.set(true);
                        request_animation_frame(move || browser::focus_at(kind.first_control()));
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
        <Popover open=open class="calendar" label=Signal::derive(t!("ui-open-calendar"))>
            {match kind {
                DateInputKind::Day => view! { <Calendar value=chosen on_pick=pick/> }.into_any(),
                DateInputKind::Month => view! { <MonthGrid value=chosen on_pick=pick/> }.into_any(),
            }}
        </Popover>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_type_them() {
        let day = |typed| DateInputKind::Day.read(typed).map(format_date);
        for typed in ["2024-11-08", "2024/11/8", "2024.11.8", "20241108", "２０２４/１１/８", "2024年11月8日"]
        {
            assert_eq!(day(typed).as_deref(), Some("2024-11-08"), "{typed}");
        }
        let today = jiff::civil::date(2026, 12, 30);
        let on = |typed| DateInputKind::Day.read_on(typed, today).map(format_date);
        for (typed, date) in [
            ("t", "2026-12-30"),
            ("今天", "2026-12-30"),
            ("+3", "2027-01-02"),
            ("-1", "2026-12-29"),
            ("9/1", "2026-09-01"),
            ("9月1日", "2026-09-01"),
            ("2024/11/8", "2024-11-08"),
        ] {
            assert_eq!(on(typed).as_deref(), Some(date), "{typed}");
        }
        assert_eq!((on("13/1"), on("soon"), on("")), (None, None, None));
        assert_eq!(day("2024-13-01"), None);
        assert_eq!(day("soon"), None);
        assert_eq!(DateInputKind::Month.read("2024/3").map(format_month).as_deref(), Some("2024-03"));
    }
}

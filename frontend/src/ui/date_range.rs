//! Two days with all that lie between them: typed, chosen in a calendar by both ends, or by a name such as 「上月」.

use engine::value::format_date;
use jiff::civil::Date;
use leptos::prelude::*;

use super::button::{ControlSize, classes};
use super::field::FieldContext;
use super::popover::{OPENING_KEYS, opens_box};
use super::{Calendar, DateInputKind, Icon, Popover};
use crate::{browser, i18n, t, text};

/// A range that people call by a name.
#[derive(Clone)]
pub struct NamedRange {
    pub name: Signal<String>,
    pub from: Date,
    pub to: Date,
}

/// First and last day as the wire has them; an empty one is open. Who gives the later day first means the same.
#[component]
pub fn DateRange(
    #[prop(into)] value: Signal<[String; 2]>,
    /// Hears both ends; a text that is no date is handed on as typed.
    #[prop(into)]
    on_change: Callback<[String; 2]>,
    /// Offered beside the calendar.
    #[prop(optional)]
    named: Vec<NamedRange>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional)] size: ControlSize,
) -> impl IntoView {
    let native = browser::is_for_fingers();
    let open = RwSignal::new(false);
    let named = StoredValue::new(named);
    let say = move |ends: [String; 2]| on_change.run(in_order(ends));
    let choose = move |ends: [Date; 2]| {
        open.set(false);
        say(ends.map(format_date));
    };
    let input = move |end: usize, label: Signal<String>| {
        let shown = move || value.with(|ends| ends.get(end).cloned().unwrap_or_default());
        let enter = move |event: leptos::ev::Event| {
            let typed = event_target_value(&event);
            let read = DateInputKind::Day.read_on(&typed, i18n::today());
            let mut ends = value.get_untracked();
            if let Some(end) = ends.get_mut(end) {
                *end = read.map_or_else(|| typed.trim().to_string(), format_date);
            }
            say(ends);
        };
        let by_key = move |event: leptos::ev::KeyboardEvent| {
            if opens_box(&event) {
                event.prevent_default();
                open.set(true);
                request_animation_frame(|| browser::focus_at(".range-box:popover-open td [tabindex='0']"));
            }
        };
        view! {
            <input
                type=if native { "date" } else { "text" }
                aria-label=label
                aria-invalid=FieldContext::invalid(invalid)
                aria-keyshortcuts=OPENING_KEYS
                autocomplete="off"
                inputmode="numeric"
                placeholder="YYYY-MM-DD"
                prop:value=shown
                disabled=disabled
                on:change=enter
                on:keydown=by_key
            />
        }
    };
    view! {
        <div
            class=classes(&["input range", size.class()])
            role="group"
            aria-labelledby=FieldContext::label()
            aria-describedby=FieldContext::note()
            aria-invalid=FieldContext::invalid(invalid)
            aria-disabled=move || disabled.get().then_some("true")
        >
            {input(0, Signal::derive(t!("ui-range-from")))}
            <span aria-hidden="true">"–"</span>
            {input(1, Signal::derive(t!("ui-range-to")))}
            <button
                type="button"
                tabindex="-1"
                aria-label=t!("ui-range-choose")
                data-tip=t!("ui-range-choose")
                aria-expanded=move || open.get().to_string()
                disabled=disabled
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon name="date"/>
            </button>
        </div>
        <Popover open=open class="popover range-box" label=Signal::derive(t!("ui-range-choose"))>
            <RangeChoice value=value named=named on_choose=choose/>
        </Popover>
    }
}

/// The named ranges, and the calendar in which two days are pressed, one after the other.
#[component]
fn RangeChoice(
    value: Signal<[String; 2]>,
    named: StoredValue<Vec<NamedRange>>,
    #[prop(into)] on_choose: Callback<[Date; 2]>,
) -> impl IntoView {
    // The end that was pressed first, until the other one is.
    let begun = RwSignal::new(None::<Date>);
    let end = move |end: usize| value.with(|ends| DateInputKind::Day.read(ends.get(end)?));
    let from = Signal::derive(move || begun.get().or_else(|| end(0)));
    let until = Signal::derive(move || if begun.get().is_some() { None } else { end(1) });
    let pick = move |day: Date| match begun.get_untracked() {
        None => begun.set(Some(day)),
        Some(other) => on_choose.run([other.min(day), other.max(day)]),
    };
    let hint = move || match begun.get() {
        None => text!("ui-range-first"),
        Some(_) => text!("ui-range-last"),
    };
    let name = move |range: NamedRange| {
        let NamedRange { name, from, to } = range;
        let is_chosen = move || (end(0), end(1)) == (Some(from), Some(to));
        view! {
            <button
                type="button"
                class="menu-item"
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| on_choose.run([from, to])
            >
                {name}
            </button>
        }
    };
    let names = named.get_value();
    view! {
        {(!names.is_empty()).then(|| view! {
            <div class="range-names" role="group" aria-label=t!("ui-range-names")>{names.into_iter().map(name).collect_view()}</div>
        })}
        <div class="calendar">
            <Calendar value=from until=until on_pick=pick/>
            <p class="note muted" role="status">{hint}</p>
        </div>
    }
}

/// The earlier day first, where both are days.
fn in_order(ends: [String; 2]) -> [String; 2] {
    let [from, to] = &ends;
    let days = DateInputKind::Day.read(from).zip(DateInputKind::Day.read(to));
    let is_turned = days.is_some_and(|(from, to)| from > to);
    let [from, to] = ends;
    if is_turned { [to, from] } else { [from, to] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_days_are_put_in_order_and_anything_else_stays_as_it_is() {
        let ordered = |from: &str, to: &str| in_order([from.to_string(), to.to_string()]).join(" ");
        assert_eq!(ordered("2026-12-31", "2026-10-01"), "2026-10-01 2026-12-31");
        assert_eq!(ordered("2026-10-01", "2026-12-31"), "2026-10-01 2026-12-31");
        assert_eq!(ordered("2026-10-01", ""), "2026-10-01 ");
        assert_eq!(ordered("soon", "2026-10-01"), "soon 2026-10-01");
    }
}

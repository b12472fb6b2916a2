//! Times of day: typed, or chosen from the half hours of a day; on a phone with its own wheel.

use leptos::prelude::*;

use super::field::FieldContext;
use super::popover::{OPENING_KEYS, opens_box};
use super::select::ChoiceList;
use super::{Choice, Icon, Popover};
use crate::{browser, t};

/// A time input. `value` and `on_change` speak the wire's form (`09:30`; empty for none); what else is typed is handed on, and
/// the engine reads it or words the fault.
#[component]
pub fn TimeInput(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] label: Option<Signal<String>>,
) -> impl IntoView {
    let native = browser::is_for_fingers();
    let open = RwSignal::new(false);
    let choices = Signal::derive(half_hours);
    let pick = move |time: String| {
        open.set(false);
        on_change.run(time);
    };
    view! {
        <div
            class="input"
            aria-invalid=FieldContext::invalid(invalid)
            aria-disabled=move || disabled.get().then_some("true")
        >
            <input
                id=FieldContext::id()
                type=if native { "time" } else { "text" }
                aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
                aria-invalid=FieldContext::invalid(invalid)
                aria-label=label
                aria-keyshortcuts=(!native).then_some(OPENING_KEYS)
                autocomplete="off"
                prop:value=value
                placeholder=placeholder
                disabled=disabled
                on:change=move |event| on_change.run(event_target_value(&event).trim().to_string())
                on:keydown=move |event| {
                    if !native && opens_box(&event) {
                        event.prevent_default();
                        open.set(true);
                    }
                }
            />
            {(!native).then(|| view! {
                <button
                    type="button"
                    tabindex="-1"
                    aria-label=t!("ui-open-times")
                    data-tip=t!("ui-open-times-key")
                    aria-expanded=move || open.get().to_string()
                    disabled=disabled
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon name="clock"/>
                </button>
            })}
        </div>
        <Popover open=open match_width=true class="menu" role="group">
            <ChoiceList
                choices=choices
                is_chosen=move |time: String| value.with(|value| *value == time)
                on_choose=pick
            />
        </Popover>
    }
}

/// The half hours of a day, from morning on: what most people mean stands on top.
fn half_hours() -> Vec<Choice> {
    const FIRST: u32 = 8 * 2;
    let time = |half: u32| format!("{:02}:{:02}", half / 2 % 24, half % 2 * 30);
    (FIRST..FIRST + 48).map(|half| Choice::new(time(half), time(half))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_half_hours_once() {
        let times: Vec<String> = half_hours().into_iter().map(|choice| choice.key).collect();
        assert_eq!(times.len(), 48);
        assert_eq!((times[0].as_str(), times[3].as_str(), times[47].as_str()), ("08:00", "09:30", "07:30"));
        assert!(times.contains(&"00:00".to_string()) && times.contains(&"23:30".to_string()));
    }
}

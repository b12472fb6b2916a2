//! Every control in each of its states, one line for a control: what a pointer, the keyboard or a fault makes of it.

use leptos::html::Div;
use leptos::prelude::*;
use serde_json::json;

use super::Section;
use super::read::{self, plain, read};
use crate::ui::{
    Branch, Button, ButtonKind, Cascader, Checkbox, Choice, DateInput, DateRange, Field, FileDrop,
    IconButton, MenuItem, MomentInput, MultiSelect, NumberInput, NumberRange, Radio, Rating, SearchBox,
    Segment, Segmented, Select, Slider, Switch, Tab, Tabs, TextArea, TextInput, TimeInput, TreeSelect,
};
use crate::{t, text};

/// A state of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Rest,
    Hover,
    Focus,
    /// It is pressed just now.
    Active,
    Disabled,
    /// What it holds is wrong.
    Fault,
    /// Something is under way.
    Busy,
    /// It holds nothing.
    Empty,
    /// What it would set is only read.
    ReadOnly,
}

use State::{Active, Busy, Disabled, Empty, Fault, Focus, Hover, ReadOnly, Rest};

impl State {
    fn name(self) -> String {
        match self {
            Rest => text!("gallery-rest"),
            Hover => text!("gallery-hover"),
            Focus => text!("gallery-focus"),
            Active => text!("gallery-active"),
            Disabled => text!("gallery-disabled"),
            Fault => text!("gallery-fault"),
            Busy => text!("gallery-busy"),
            Empty => text!("gallery-empty"),
            ReadOnly => text!("gallery-read-only"),
        }
    }

    /// The class by which a state is seen that only a pointer or the keyboard makes.
    fn class(self) -> Option<&'static str> {
        match self {
            Hover => Some("is-hover"),
            Focus => Some("is-focus"),
            Active => Some("is-active"),
            Rest | Disabled | Fault | Busy | Empty | ReadOnly => None,
        }
    }

    /// Why a control is disabled, where it is.
    fn reason(self) -> Signal<Option<String>> {
        Signal::derive(move || (self == Disabled).then(|| text!("gallery-reason")))
    }

    /// A value, but in the state without one.
    fn or_empty(self, value: &str) -> String {
        if self == Empty { String::new() } else { value.to_string() }
    }
}

/// A control, and how it is shown in a state.
pub(super) struct Control {
    /// The name of its component.
    pub name: &'static str,
    pub states: &'static [State],
    show: fn(State) -> AnyView,
    /// Whether it says itself why it is disabled, and not the field around it.
    says_why: bool,
}

const fn control(name: &'static str, states: &'static [State], show: fn(State) -> AnyView) -> Control {
    Control { name, states, show, says_why: false }
}

const fn telling(name: &'static str, states: &'static [State], show: fn(State) -> AnyView) -> Control {
    Control { name, states, show, says_why: true }
}

/// What is pressed, without more.
const PRESSED: &[State] = &[Rest, Hover, Focus];
/// What can be closed to its reader.
const CLOSABLE: &[State] = &[Rest, Hover, Focus, Disabled];
/// What does something that takes a while.
const DOING: &[State] = &[Rest, Hover, Focus, Active, Disabled, Busy];
/// What takes a value that may be wrong.
const VALUE: &[State] = &[Rest, Hover, Focus, Empty, Disabled, Fault];
/// The same of the value of a field, which may be there to be read alone.
const FIELD: &[State] = &[Rest, Hover, Focus, Empty, Disabled, Fault, ReadOnly];

/// Every control of the design system.
pub(super) const CONTROLS: &[Control] = &[
    telling("Button", DOING, |state| {
        let busy = state == Busy;
        view! { <Button kind=ButtonKind::Primary busy=busy disabled_reason=state.reason()>{t!("ui-save")}</Button> }
            .into_any()
    }),
    telling("IconButton", DOING, |state| {
        let busy = state == Busy;
        view! { <IconButton icon="filter" label=Signal::derive(t!("ui-search")) busy=busy disabled_reason=state.reason()/> }
            .into_any()
    }),
    control("Segmented", PRESSED, |_| {
        let segments = vec![segment("one", 1), segment("two", 2)];
        view! { <Segmented segments=segments selected="one" on_select=|_| () label=Signal::derive(t!("gallery-segmented"))/> }
            .into_any()
    }),
    control("Tabs", PRESSED, |_| {
        let tabs = vec![tab("one", 1), tab("two", 2)];
        view! { <Tabs tabs=tabs selected="one" on_select=|_| () label=Signal::derive(t!("gallery-places"))/> }
            .into_any()
    }),
    telling("MenuItem", CLOSABLE, |state| {
        view! {
            <div class="menu" role="menu">
                <MenuItem icon="edit" disabled_reason=state.reason() on_choose=|()| ()>{t!("ui-save")}</MenuItem>
            </div>
        }
        .into_any()
    }),
    control("TextInput", &[Rest, Hover, Focus, Empty, Disabled, Fault, Busy, ReadOnly], |state| {
        if state == ReadOnly {
            return read("text", plain, json!("Hemu Home"));
        }
        let (disabled, invalid, busy) = (state == Disabled, state == Fault, state == Busy);
        let value = state.or_empty("Hemu Home");
        view! { <TextInput value=value disabled=disabled invalid=invalid busy=busy label=Signal::derive(t!("new-app-name"))/> }
            .into_any()
    }),
    control("TextArea", FIELD, |state| {
        if state == ReadOnly {
            return read("long_text", plain, json!("Hemu Home"));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = state.or_empty("Hemu Home");
        view! { <TextArea value=value rows=2 disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-area"))/> }
            .into_any()
    }),
    control("SearchBox", &[Rest, Hover, Focus, Empty], |state| {
        let value = state.or_empty("Hemu");
        view! { <SearchBox value=value on_search=|_| () placeholder=Signal::derive(t!("ui-search"))/> }
            .into_any()
    }),
    control("NumberInput", FIELD, |state| {
        if state == ReadOnly {
            return read("number", || json!({"scale": 2}), json!("448698.00"));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = state.or_empty("448698.00");
        view! { <NumberInput value=value disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-number"))/> }
            .into_any()
    }),
    control("NumberRange", VALUE, |state| {
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = Signal::stored([state.or_empty("10"), state.or_empty("25")]);
        view! { <NumberRange value=value on_input=|_| () disabled=disabled invalid=invalid/> }.into_any()
    }),
    control("DateInput", FIELD, |state| {
        if state == ReadOnly {
            return read("date", plain, json!("2024-11-18"));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = state.or_empty("2024-11-18");
        view! { <DateInput value=value on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-day"))/> }
            .into_any()
    }),
    control("DateRange", VALUE, |state| {
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = Signal::stored([state.or_empty("2024-11-18"), state.or_empty("2024-11-22")]);
        view! { <DateRange value=value on_change=|_| () disabled=disabled invalid=invalid/> }.into_any()
    }),
    control("TimeInput", FIELD, |state| {
        if state == ReadOnly {
            return read("time", plain, json!("09:30"));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = state.or_empty("09:30");
        view! { <TimeInput value=value on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-time"))/> }
            .into_any()
    }),
    control("MomentInput", FIELD, |state| {
        if state == ReadOnly {
            return read("datetime", plain, json!("2024-11-18T08:05:00Z"));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = state.or_empty("2024-11-18T08:05:00Z");
        view! { <MomentInput value=value on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-moment"))/> }
            .into_any()
    }),
    control("Select", FIELD, |state| {
        if state == ReadOnly {
            return read("select", read::choices, json!("2"));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = Signal::stored((state != Empty).then(|| "2".to_string()));
        view! { <Select choices=choices() value=value on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-selects"))/> }
            .into_any()
    }),
    control("MultiSelect", FIELD, |state| {
        if state == ReadOnly {
            return read("multi_select", read::choices, json!(["1", "2"]));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value =
            Signal::stored(if state == Empty { Vec::new() } else { vec!["1".to_string(), "2".to_string()] });
        view! { <MultiSelect choices=choices() value=value on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-selects"))/> }
            .into_any()
    }),
    control("TreeSelect", VALUE, |state| {
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = Signal::stored(if state == Empty { Vec::new() } else { vec!["2".to_string()] });
        view! { <TreeSelect branches=branches() value=value on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-tree"))/> }
            .into_any()
    }),
    control("Cascader", FIELD, |state| {
        if state == ReadOnly {
            return read("cascader", read::levels, json!("2"));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = Signal::stored((state != Empty).then(|| "2".to_string()));
        view! { <Cascader branches=branches() value=value on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-cascade"))/> }
            .into_any()
    }),
    control("Checkbox", CLOSABLE, |state| {
        view! { <Checkbox checked=true disabled=state == Disabled on_change=|_| ()>{t!("gallery-on")}</Checkbox> }.into_any()
    }),
    control("Radio", CLOSABLE, |state| {
        let name = format!("gallery-{state:?}");
        view! { <Radio name=name checked=true disabled=state == Disabled on_choose=|()| ()>{t!("gallery-on")}</Radio> }.into_any()
    }),
    control("Switch", &[Rest, Hover, Focus, Disabled, ReadOnly], |state| {
        if state == ReadOnly {
            return read("switch", plain, json!(true));
        }
        view! { <Switch checked=true disabled=state == Disabled on_change=|_| () label=Signal::derive(t!("gallery-on"))/> }.into_any()
    }),
    control("Slider", CLOSABLE, |state| {
        view! { <Slider value=40u32 range=(0, 100, 5) disabled=state == Disabled on_input=|_| () label=Signal::derive(t!("gallery-slider"))/> }
            .into_any()
    }),
    control("Rating", FIELD, |state| {
        if state == ReadOnly {
            return read("rating", plain, json!(3));
        }
        let (disabled, invalid) = (state == Disabled, state == Fault);
        let value = Signal::stored((state != Empty).then_some(3u32));
        view! { <Rating value=value max=5 on_change=|_| () disabled=disabled invalid=invalid label=Signal::derive(t!("gallery-state"))/> }
            .into_any()
    }),
    control("FileDrop", CLOSABLE, |state| {
        view! { <FileDrop text=Signal::derive(t!("gallery-drop")) disabled=state == Disabled on_files=|_| ()/> }.into_any()
    }),
];

fn option(number: u32) -> String {
    text!("gallery-option", number = number)
}

fn segment(key: &'static str, number: u32) -> Segment {
    Segment::new(key, move || option(number))
}

fn tab(key: &'static str, number: u32) -> Tab {
    Tab::new(key, move || option(number))
}

fn choices() -> Signal<Vec<Choice>> {
    Signal::derive(|| (1..=3).map(|number: u32| Choice::new(number.to_string(), option(number))).collect())
}

fn branches() -> Signal<Vec<Branch>> {
    Signal::derive(|| {
        let branch = |number: u32| Branch {
            choice: Choice::new(number.to_string(), option(number)),
            within: (number > 1).then(|| "1".to_string()),
        };
        (1..=3).map(branch).collect()
    })
}

#[component]
pub fn States() -> impl IntoView {
    let line = |control: &'static Control| {
        let looks = control.states.iter().map(|state| view! { <Look control=control state=*state/> });
        view! { <h3 translate="no">{control.name}</h3><div class="demo">{looks.collect_view()}</div> }
    };
    view! { <Section title=t!("gallery-states")>{CONTROLS.iter().map(line).collect_view()}</Section> }
}

/// A control in one state, with its name below; where it is wrong or disabled, in a field that says why.
#[component]
fn Look(control: &'static Control, state: State) -> impl IntoView {
    let cell = NodeRef::<Div>::new();
    cell.on_load(move |cell| {
        request_animation_frame(move || mark(&cell, state));
    });
    let name = Signal::derive(move || state.name());
    let wrong = Signal::derive(move || (state == Fault).then(|| text!("gallery-sentence")));
    let shown = match state == Fault || (state == Disabled && !control.says_why) {
        true => view! {
            <Field label=name error=wrong help=Signal::derive(t!("gallery-reason"))>{(control.show)(state)}</Field>
        }
        .into_any(),
        false => view! { {(control.show)(state)} <span class="cap">{name}</span> }.into_any(),
    };
    view! { <div node_ref=cell class="cell w-200">{shown}</div> }
}

/// Gives the control the class of a state that nobody makes here.
fn mark(cell: &web_sys::Element, state: State) {
    const MARKED: &str =
        ".btn, .input, .menu-item, .drop, .segmented button, [role=tab], [role=radio], input, textarea";
    let Some(class) = state.class() else { return };
    if let Ok(Some(control)) = cell.query_selector(MARKED) {
        control.set_class_name(&format!("{} {class}", control.class_name()));
    }
}

//! What lies over the grid in boxes: the filter, the choice of columns.

use std::time::Duration;

use engine::value::fold;
use engine::view::RowHeight;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::column::{GridColumn, choosable};
use super::layout::{NARROWEST, WIDEST, moved, usual_width};
use super::state::GridState;
use crate::api::forms::OpenForm;
use crate::conditions::{ConditionLines, Lines};
use crate::i18n;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Checkbox, ControlSize, IconButton, MenuButton, MenuItem, NumberInput, SEARCH_FROM,
    SearchBox,
};

/// How long an input takes to read a key.
const TAKEN: Duration = Duration::from_millis(30);

/// The filter of the grid.
#[component]
pub fn FilterPanel(
    form: StoredValue<OpenForm>,
    state: GridState,
    /// What is typed. It outlives the box: who closes it before applying finds it again.
    lines: Lines,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let apply = move || {
        let condition = untrack(|| lines.condition());
        if state.filter.get_untracked() != condition {
            state.set_filter(condition.as_ref());
        }
        on_done.run(());
    };
    // Whoever opens the filter wants a condition.
    lines.begin();
    let something = move || state.filter.with(Option::is_some) || !lines.is_blank();
    let open = StoredValue::new(());
    let clear = move |_| {
        lines.set(None);
        state.set_filter(None);
        on_done.run(());
    };
    // What was typed becomes a value only once the input has taken the key too.
    // The box may have been closed in the meantime.
    let apply_soon = move || {
        set_timeout(
            move || {
                if open.try_get_value().is_some() {
                    apply();
                }
            },
            TAKEN,
        );
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() || event.default_prevented() {
            return;
        }
        match event.key().as_str() {
            "Enter" if is_value(&event) => apply_soon(),
            // Who closes the box keeps what is whole; a line that is not stays in the box.
            "Escape" => {
                event.prevent_default();
                leave_input(&event);
                apply_soon();
            }
            _other_key => {}
        }
    };
    view! {
        <div class="stack g4 filter-panel" on:keydown=on_key>
            <ConditionLines form=form.with_value(|form| form.form.clone()) lines=lines/>
            <div class="row">
                <span class="grow"></span>
                <Show when=something><Button on_press=clear>{t!("grid-clear-filter")}</Button></Show>
                <Button kind=ButtonKind::Primary on_press=move |_| apply()>{t!("grid-filter")}</Button>
            </div>
        </div>
    }
}

/// Gives the focus to the button that applies: an input takes what was typed then, and the focus stays in the box.
fn leave_input(event: &leptos::ev::KeyboardEvent) {
    let control = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let panel = control.and_then(|control| control.closest(".filter-panel").ok().flatten());
    let button =
        panel.and_then(|panel| panel.query_selector(":scope > .row > .btn:last-of-type").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// Whether the key comes from an input for a value, and not from a search in a list of choices.
fn is_value(event: &leptos::ev::KeyboardEvent) -> bool {
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.is_some_and(|input| matches!(input.closest(".menu, .calendar"), Ok(None)))
}

/// What a column is called, in the reader's language.
fn name_of(form: StoredValue<OpenForm>, key: &str) -> String {
    let column = form.with_value(|form| GridColumn::of(&form.form, key));
    column.map(|column| column.label).unwrap_or_default()
}

/// Whether a column's name has what is searched for in it, without regard to case and width.
fn is_found(name: &str, query: &str) -> bool {
    fold(name).contains(&fold(query.trim()))
}

/// Which columns are shown, in which order, and which of them stay.
#[component]
pub fn ColumnChoice(
    form: StoredValue<OpenForm>,
    state: GridState,
    #[prop(into)] columns: Signal<Vec<String>>,
) -> impl IntoView {
    let all = form.with_value(|form| choosable(&form.form, form.info.flow.is_some()));
    let order = StoredValue::new(all.clone());
    let query = RwSignal::new(String::new());
    let in_order = Memo::new(move |_| {
        let mut keys = columns.get();
        order.with_value(|order| {
            let left_out: Vec<String> = order.iter().filter(|key| !keys.contains(key)).cloned().collect();
            keys.extend(left_out);
        });
        keys.retain(|key| state.shows(key));
        keys
    });
    let line = move |key: String| {
        let (shown, named, turned) = (key.clone(), key.clone(), key.clone());
        let label = Signal::derive(move || name_of(form, &named));
        let left_out = move || !query.with(|query| is_found(&label.get(), query));
        let checked = Signal::derive(move || columns.with(|columns| columns.contains(&shown)));
        let turn = move |on: bool| {
            let keys = order.with_value(|order| turned_to(columns.get_untracked(), order, &turned, on));
            state.set_columns(&keys);
        };
        let tools = move || {
            checked
                .get()
                .then(|| view! { <ColumnPlace form=form key=key.clone() state=state columns=columns/> })
        };
        view! {
            <div hidden=left_out>
                <div class="row between">
                    <Checkbox checked=checked on_change=turn>{label}</Checkbox>
                    {tools}
                </div>
            </div>
        }
    };
    let nothing = move || {
        let query = query.get();
        let found = in_order.with(|keys| keys.iter().any(|key| is_found(&name_of(form, key), &query)));
        (!found).then(|| view! { <span class="muted">{t!("ui-nothing-found", query = query)}</span> })
    };
    let is_long = all.len() >= SEARCH_FROM;
    let height = format!("calc({} * var(--h-control))", all.len());
    view! {
        <div class="stack g1 column-choice">
            {is_long.then(|| view! {
                <SearchBox
                    value=query
                    on_search=move |text| query.set(text)
                    placeholder=t!("ui-search")
                    size=ControlSize::Small
                    pause=0
                    autofocus=true
                />
            })}
            <div class="column-lines" style:height=height>
                <For each=move || in_order.get() key=|key| key.clone() children=line/>
                {nothing}
            </div>
        </div>
    }
}

/// How wide a shown column is, where it stands among the others, and whether it stays.
#[component]
fn ColumnPlace(
    form: StoredValue<OpenForm>,
    key: String,
    state: GridState,
    columns: Signal<Vec<String>>,
) -> impl IntoView {
    let key = StoredValue::new(key);
    let place =
        move || columns.with(|columns| key.with_value(|key| columns.iter().position(|column| column == key)));
    let step = move |by: isize| {
        let keys = columns.get_untracked();
        let to = untrack(place).and_then(|place| place.checked_add_signed(by));
        if let Some(to) = to {
            state.set_columns(&key.with_value(|key| moved(&keys, key, to)));
        }
    };
    let stays = Signal::derive(move || place().is_some_and(|place| place < state.frozen.get()));
    let freeze = move |_| {
        let Some(place) = untrack(place) else { return };
        // Those before it stay as well.
        state.set_frozen(if stays.get_untracked() { place } else { place + 1 });
    };
    let width = Signal::derive(move || {
        let own = key.with_value(|key| state.widths.with(|widths| widths.get(key).copied()));
        let usual = || {
            let is_first = place() == Some(0);
            form.with_value(|form| key.with_value(|key| usual_width(&form.form, key, is_first)))
        };
        own.unwrap_or_else(usual).to_string()
    });
    let draw = move |typed: String| {
        if let Some(width) = width_typed(&typed) {
            key.with_value(|key| state.set_width(key, width));
        }
    };
    view! {
        <span class="row phone-hide">
            <NumberInput value=width on_change=draw label=Signal::derive(t!("grid-column-width")) size=ControlSize::Small ungrouped=true/>
            <IconButton icon="freeze" label=Signal::derive(t!("grid-freeze")) size=ControlSize::Small pressed=stays on_press=freeze/>
            <IconButton icon="up" label=Signal::derive(t!("grid-column-up")) size=ControlSize::Small on_press=move |_| step(-1)/>
            <IconButton icon="down" label=Signal::derive(t!("grid-column-down")) size=ControlSize::Small on_press=move |_| step(1)/>
        </span>
    }
}

/// The width that was typed, within what a view can say; as wide as is usual where it was emptied. Nothing where it is no
/// whole number of pixels.
fn width_typed(text: &str) -> Option<Option<u32>> {
    if text.is_empty() {
        return Some(None);
    }
    let width: u32 = text.parse().ok()?;
    Some(Some(width.clamp(NARROWEST, WIDEST)))
}

/// The shown columns with one more or less. Where they stand in the order of the form, so does a new one; otherwise it
/// stands last.
fn turned_to(mut keys: Vec<String>, order: &[String], key: &str, on: bool) -> Vec<String> {
    let place = |key: &String| order.iter().position(|known| known == key);
    let is_sorted = keys.is_sorted_by_key(place);
    keys.retain(|known| known != key);
    if on {
        keys.push(key.to_string());
    }
    if is_sorted {
        keys.sort_by_key(place);
    }
    keys
}

/// How high the rows are.
#[component]
pub fn HeightChoice(state: GridState) -> impl IntoView {
    let item = move |height: RowHeight| {
        let checked = Signal::derive(move || state.height.get() == height);
        let name = move || i18n::lookup(&format!("grid-height-{}", height.name()), &[]);
        view! { <MenuItem checked=checked on_choose=move |()| state.set_height(height)>{name}</MenuItem> }
    };
    view! {
        <span class="anchor phone-hide">
            <MenuButton icon="rows" label=Signal::derive(t!("grid-height")) size=ControlSize::Small>
                {RowHeight::ALL.map(item).collect_view()}
            </MenuButton>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_is_shown_again_finds_its_place() {
        let order = ["a", "b", "c", "d"].map(str::to_string);
        let turn = |keys: &[&str], key: &str, on: bool| {
            turned_to(keys.iter().map(|key| (*key).to_string()).collect(), &order, key, on)
        };
        assert_eq!(turn(&["a", "d"], "b", true), ["a", "b", "d"]);
        assert_eq!(turn(&["d", "a"], "b", true), ["d", "a", "b"]);
        assert_eq!(turn(&["d", "a"], "d", false), ["a"]);
    }

    #[test]
    fn a_width_is_typed_within_its_limits_or_taken_away() {
        assert_eq!(width_typed("240"), Some(Some(240)));
        assert_eq!((width_typed("3"), width_typed("99999")), (Some(Some(NARROWEST)), Some(Some(WIDEST))));
        assert_eq!((width_typed(""), width_typed("wide"), width_typed("-5")), (Some(None), None, None));
    }

    #[test]
    fn a_column_is_found_by_a_part_of_its_name_in_any_case_and_width() {
        assert!(
            is_found("Unit price", "PRICE ") && is_found("单价（元）", "单价") && is_found("Ｑty", "qty")
        );
        assert!(is_found("Day", "") && !is_found("Day", "month"));
    }
}

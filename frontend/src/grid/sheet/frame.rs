//! What the table is scrolled in: it hears the keys, the mouse and the clipboard for the cells inside.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

use super::editor::CellEditor;
use super::pointer::{is_own, spot_at};
use super::{Selection, Sheet, Size, Spot};
use crate::browser;
use crate::grid::chosen::Chosen;
use crate::grid::layout::Placed;
use crate::grid::state::GridState;

#[component]
pub fn SheetFrame(
    sheet: Sheet,
    state: GridState,
    chosen: Chosen,
    /// Whether the reader may edit records of the form.
    edits: bool,
    /// How many rows are seen at once.
    #[prop(into)]
    page: Signal<usize>,
    /// The row that the keys act on.
    active: RwSignal<usize>,
    layout: Memo<Vec<Placed>>,
    /// Chooses the record of a row, or no longer.
    #[prop(into)]
    on_choose: Callback<usize>,
    #[prop(into)] on_scroll: Callback<()>,
    children: Children,
) -> impl IntoView {
    Effect::new(move || active.set(sheet.selection.with(|selection| selection.active.row)));
    // Fewer rows or columns leave no cell to be at.
    Effect::new(move || {
        let size = Size { rows: sheet.rows.len(), columns: sheet.columns.with(Vec::len) };
        sheet.selection.update(|selection| *selection = selection.within(size));
    });
    let top = stay_where_left(sheet);
    let open = move |row: usize| {
        state.open(untrack(|| sheet.rows.at(row)).map(|record| record.id.to_string()));
    };
    let choose_all = move || {
        let size = sheet.size();
        sheet.roams.set(true);
        let last = Spot::new(size.rows.saturating_sub(1), size.columns.saturating_sub(1));
        sheet.selection.set(Selection::at(Spot::default()).to(last));
        if chosen.may {
            chosen.choose_all();
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        // A button in the head presses itself, and an input over a cell hears its own keys.
        if !is_of_cells(&event, sheet) {
            return;
        }
        let is_typing = sheet.editing.with_untracked(Option::is_some);
        let command = event.ctrl_key() || event.meta_key();
        let heard = if is_typing {
            sheet.on_key_typed(&event)
        } else {
            match event.key().as_str() {
                " " if chosen.may && !command => {
                    on_choose.run(active.get_untracked());
                    true
                }
                "a" if command => {
                    choose_all();
                    true
                }
                "Escape" if chosen.may && untrack(|| chosen.any()) => {
                    chosen.clear();
                    true
                }
                "Enter" if command || !edits => {
                    open(active.get_untracked());
                    true
                }
                _other_key => sheet.on_key(&event, page.get_untracked()),
            }
        };
        if heard {
            event.stop_propagation();
            // What an input method makes is left to it.
            if !event.is_composing() {
                event.prevent_default();
            }
        }
    };
    // Who edits nothing here reads: a press anywhere opens the record. Others open it by its name.
    let on_click = move |event: leptos::ev::MouseEvent| {
        let spot = spot_at(&event).filter(|_| !is_own(&event));
        let spot = spot.filter(|spot| !edits || spot.column == 0);
        if let Some(spot) = spot.filter(|_| untrack(|| sheet.selection.get().is_single())) {
            open(spot.row);
        }
    };
    let on_copy = move |event: web_sys::ClipboardEvent| {
        if is_of_cells(&event, sheet) && sheet.copy(&event) {
            event.prevent_default();
        }
    };
    let on_cut = move |event: web_sys::ClipboardEvent| {
        if is_of_cells(&event, sheet) && sheet.cut(&event) {
            event.prevent_default();
        }
    };
    let on_paste = move |event: web_sys::ClipboardEvent| {
        if is_of_cells(&event, sheet) && sheet.paste(&event) {
            event.prevent_default();
        }
    };
    let take_focus = move |event: leptos::ev::FocusEvent| {
        if event.target() == event.current_target() {
            sheet.focus();
        }
    };
    // While the input inside has the focus, the way back by Tab leads past the table.
    let is_inside = RwSignal::new(false);
    let is_choosing = move || chosen.choosing.get() || chosen.any();
    view! {
        <div
            class="grid-box sheet"
            class:choosing=is_choosing
            data-height=move || state.height.get().name()
            node_ref=sheet.frame
            tabindex=move || if is_inside.get() { "-1" } else { "0" }
            on:scroll=move |_| {
                top.set_value(sheet.frame.get_untracked().map_or(0, |frame| frame.scroll_top()));
                on_scroll.run(());
            }
            on:keydown=on_key
            on:focus=take_focus
            on:focusin=move |_| is_inside.set(true)
            on:focusout=move |_| is_inside.set(false)
            on:copy=on_copy
            on:cut=on_cut
            on:paste=on_paste
            on:pointerdown=move |event| sheet.on_pointer_down(&event)
            on:pointermove=move |event| sheet.on_pointer_move(&event)
            on:click=on_click
            on:dblclick=move |event| sheet.on_double_click(&event)
        >
            <CellEditor sheet=sheet layout=layout/>
            {children()}
        </div>
    }
}

/// Whoever comes back to the list finds it scrolled as they left it. How far it is scrolled is put into what is given.
fn stay_where_left(sheet: Sheet) -> StoredValue<i32> {
    let path = use_location().pathname.get_untracked();
    let before = StoredValue::new(browser::scrolled_before(&path));
    let top = StoredValue::new(0);
    Effect::new(move || {
        // Before rows are there, nothing can be scrolled.
        if sheet.rows.len() == 0 {
            return;
        }
        if let Some(before) = before.try_update_value(Option::take).flatten() {
            request_animation_frame(move || {
                if let Some(frame) = sheet.frame.try_get_untracked().flatten() {
                    frame.set_scroll_top(before);
                }
            });
        }
    });
    on_cleanup(move || browser::remember_scrolled(&path, top.try_get_value().unwrap_or_default()));
    top
}

/// Whether an event is about the cells: from the table itself, or from the input that the keys go to.
fn is_of_cells(event: &web_sys::Event, sheet: Sheet) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_input = |target: &web_sys::Element| {
        sheet.input.get_untracked().is_some_and(|input| target.is_same_node(Some(input.as_ref())))
    };
    event.target() == event.current_target() || target.as_ref().is_some_and(is_input)
}

//! The heads of the columns: pressed they sort, dragged they change places, at their edges columns are drawn wider.

use engine::form::Form;
use leptos::ev::{DragEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::column::GridColumn;
use super::layout::{NARROWEST, Placed, WIDEST, moved};
use super::state::GridState;
use crate::t;
use crate::ui::{Icon, IconSize};

/// What is being done with the heads.
#[derive(Clone, Copy)]
pub struct HeadWork {
    /// A column whose edge is drawn, and how wide it is at the moment.
    pub drawn: RwSignal<Option<(String, u32)>>,
    /// Where it began.
    from: StoredValue<(i32, u32)>,
    /// The column that is dragged to another place, and the one that it lies over.
    dragged: RwSignal<Option<String>>,
    over: RwSignal<Option<String>>,
}

impl HeadWork {
    pub fn new() -> HeadWork {
        HeadWork {
            drawn: RwSignal::new(None),
            from: StoredValue::new((0, 0)),
            dragged: RwSignal::new(None),
            over: RwSignal::new(None),
        }
    }

    fn begin(self, key: &str, width: u32, event: &PointerEvent) {
        event.stop_propagation();
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(edge) = target {
            let _ = edge.set_pointer_capture(event.pointer_id());
        }
        self.from.set_value((event.client_x(), width));
        self.drawn.set(Some((key.to_string(), width)));
    }

    fn draw(self, event: &PointerEvent) {
        let (x, width) = self.from.get_value();
        if self.drawn.with_untracked(Option::is_some) {
            let wide = i64::from(width) + i64::from(event.client_x() - x);
            let wide = u32::try_from(wide.max(0)).unwrap_or(NARROWEST).clamp(NARROWEST, WIDEST);
            self.drawn.update(|drawn| {
                if let Some((_, width)) = drawn {
                    *width = wide;
                }
            });
        }
    }

    fn end(self, state: GridState) {
        if let Some((key, width)) = self.drawn.get_untracked() {
            // A mere press changes nothing.
            if width != self.from.get_value().1 {
                state.set_width(&key, Some(width));
            }
            self.drawn.set(None);
        }
    }

    fn take(self, key: &str, event: &DragEvent) {
        if self.drawn.with_untracked(Option::is_some) {
            return event.prevent_default();
        }
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", key);
        }
        self.dragged.set(Some(key.to_string()));
    }

    fn let_go(self) {
        self.dragged.set(None);
        self.over.set(None);
    }
}

/// The head of one column. `fit` makes a column as wide as what is in it.
pub fn head(
    form: &Form,
    key: &str,
    placed: Placed,
    (state, columns): (GridState, Signal<Vec<String>>),
    work: HeadWork,
    fit: Callback<String>,
) -> AnyView {
    let Some(column) = GridColumn::of(form, key) else { return view! { <th></th> }.into_any() };
    let (icon, name) = (column.icon.clone(), column.label.clone());
    let class = placed.class(column.is_number());
    let key = StoredValue::new(key.to_string());
    let own = move |held: &Option<String>| key.with_value(|key| held.as_ref() == Some(key));
    let order = Memo::new(move |_| {
        let by = key.get_value();
        state.sort.with(|sort| sort.iter().find(|sort| sort.field == by).map(|sort| sort.desc))
    });
    let press = move |event: leptos::ev::MouseEvent| {
        key.with_value(|key| state.turn_sort(key, event.shift_key()));
    };
    let press_key = move |event: leptos::ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            key.with_value(|key| state.turn_sort(key, event.shift_key()));
        }
    };
    let hover = move |event: DragEvent| {
        if work.dragged.with_untracked(Option::is_some) {
            event.prevent_default();
            work.over.set(Some(key.get_value()));
        }
    };
    let drop_here = move |event: DragEvent| {
        let Some(dragged) = work.dragged.get_untracked() else { return };
        event.prevent_default();
        work.let_go();
        let columns = columns.get_untracked();
        let to = key.with_value(|key| columns.iter().position(|column| column == key));
        if let Some(to) = to {
            state.set_columns(&moved(&columns, &dragged, to));
        }
    };
    let (begin, fits) = (
        move |event: PointerEvent| key.with_value(|key| work.begin(key, placed.width, &event)),
        move |event: leptos::ev::MouseEvent| {
            event.stop_propagation();
            fit.run(key.get_value());
        },
    );
    let take = move |event: DragEvent| key.with_value(|key| work.take(key, &event));
    let sorted = move || order.get().map(|desc| if desc { "descending" } else { "ascending" });
    view! {
        <th
            class=class
            class:lands=move || work.over.with(own) && !work.dragged.with(own)
            style:left=placed.left_edge()
            aria-sort=sorted
            draggable="true"
            on:dragstart=take
            on:dragover=hover
            on:drop=drop_here
            on:dragend=move |_| work.let_go()
        >
            // Firefox drags nothing by a button in it.
            <div role="button" tabindex="0" class="th" title=t!("grid-sort-hint") on:click=press on:keydown=press_key>
                <Icon name=icon size=IconSize::Small/>
                <span class="clip">{name}</span>
                {move || order.get().map(|desc| view! { <Icon name=if desc { "arrow-down" } else { "arrow-up" } size=IconSize::Small/> })}
            </div>
            <span
                class="col-edge"
                aria-hidden="true"
                title=t!("grid-width-hint")
                on:pointerdown=begin
                on:pointermove=move |event| work.draw(&event)
                on:pointerup=move |_| work.end(state)
                on:pointercancel=move |_| work.end(state)
                on:click=move |event| event.stop_propagation()
                on:dblclick=fits
            ></span>
        </th>
    }
    .into_any()
}

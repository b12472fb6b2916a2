//! The sort of the grid in a box: the columns that it goes by, the first one before the others. On a phone there are no
//! heads to press.

use leptos::prelude::*;
use wire::records::SortBy;

use super::column::{GridColumn, choosable};
use super::state::GridState;
use crate::api::forms::OpenForm;
use crate::t;
use crate::ui::{Choice, ControlSize, IconButton, Segment, Segmented, Select};

/// Columns that a list is sorted by at most; the server takes no more.
const MOST: usize = 10;

#[component]
pub fn SortPanel(form: StoredValue<OpenForm>, state: GridState) -> impl IntoView {
    let all = form.with_value(|form| choosable(&form.form, form.info.flow.is_some()));
    let label_of = move |key: &str| {
        let column = form.with_value(|form| GridColumn::of(&form.form, key));
        column.map(|column| column.label).unwrap_or_default()
    };
    // A column stands in the sort once.
    let free = Signal::derive(move || {
        let sort = state.sort.get();
        let is_free = |key: &&String| state.shows(key) && !sort.iter().any(|by| by.field == **key);
        all.iter().filter(is_free).map(|key| Choice::new(key, label_of(key))).collect::<Vec<_>>()
    });
    let add = move |key: Option<String>| {
        let Some(field) = key else { return };
        let mut sort = state.sort.get_untracked();
        sort.push(SortBy { field, desc: false });
        state.set_sort(&sort);
    };
    let fields = move || state.sort.get().into_iter().map(|by| by.field).collect::<Vec<_>>();
    let line = move |field: String| {
        let (named, shown, turned) = (field.clone(), field.clone(), field.clone());
        let name = Signal::derive(move || label_of(&named));
        let order = Signal::derive(move || {
            let desc = state.sort.with(|sort| sort.iter().any(|by| by.field == shown && by.desc));
            if desc { "desc".to_string() } else { "asc".to_string() }
        });
        let turn = move |key: &'static str| {
            let mut sort = state.sort.get_untracked();
            sort.iter_mut().filter(|by| by.field == turned).for_each(|by| by.desc = key == "desc");
            state.set_sort(&sort);
        };
        let remove = move |_| {
            let mut sort = state.sort.get_untracked();
            sort.retain(|by| by.field != field);
            state.set_sort(&sort);
        };
        view! {
            <div class="row">
                <span class="grow clip" title=name>{name}</span>
                <Segmented
                    segments=vec![
                        Segment::new("asc", t!("grid-sort-up")).icon("arrow-up"),
                        Segment::new("desc", t!("grid-sort-down")).icon("arrow-down"),
                    ]
                    selected=order
                    on_select=turn
                    label=name
                />
                <IconButton icon="close" label=Signal::derive(t!("ui-remove")) size=ControlSize::Small on_press=remove/>
            </div>
        }
    };
    let has_room = move || state.sort.with(Vec::len) < MOST;
    view! {
        <div class="stack g2 sort-panel">
            <For each=fields key=|field| field.clone() children=line/>
            <Show when=has_room>
                <Select
                    choices=free
                    value=Signal::stored(None::<String>)
                    on_change=add
                    label=Signal::derive(t!("grid-sort-by"))
                    placeholder=Signal::derive(t!("grid-sort-by"))
                />
            </Show>
        </div>
    }
}

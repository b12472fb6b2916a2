//! What lies over the grid in boxes: the filter, the choice of columns.

use engine::field::Shape;
use leptos::prelude::*;

use super::state::GridState;
use crate::api::forms::OpenForm;
use crate::conditions::ConditionBuilder;
use crate::i18n;
use crate::t;
use crate::ui::{Button, ButtonKind, Checkbox};

/// The filter of the grid.
#[component]
pub fn FilterPanel(
    form: StoredValue<OpenForm>,
    state: GridState,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let edited = RwSignal::new(state.filter.get_untracked());
    let apply = move |_| {
        state.set_filter(edited.get_untracked().as_ref());
        on_done.run(());
    };
    let clear = move |_| {
        state.set_filter(None);
        on_done.run(());
    };
    view! {
        <div class="stack g4 filter-panel">
            <ConditionBuilder form=form.with_value(|form| form.form.clone()) condition=edited/>
            <div class="row">
                <span class="grow"></span>
                <Button on_press=clear>{t!("grid-clear-filter")}</Button>
                <Button kind=ButtonKind::Primary on_press=apply>{t!("grid-filter")}</Button>
            </div>
        </div>
    }
}

/// Which columns are shown.
#[component]
pub fn ColumnChoice(
    form: StoredValue<OpenForm>,
    state: GridState,
    #[prop(into)] columns: Signal<Vec<String>>,
) -> impl IntoView {
    let all = form.with_value(|form| {
        let fields = form.form.fields().filter(|column| column.shape != Shape::Rows);
        fields.map(|column| (column.path.clone(), column.field.label.clone())).collect::<Vec<_>>()
    });
    let order = StoredValue::new(all.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
    let line = move |(key, label): (String, engine::text::Label)| {
        let (shown, turned) = (key.clone(), key);
        let checked = Signal::derive(move || columns.with(|columns| columns.contains(&shown)));
        let turn = move |on: bool| {
            let mut keys = columns.get_untracked();
            keys.retain(|key| *key != turned);
            if on {
                keys.push(turned.clone());
            }
            order.with_value(|order| keys.sort_by_key(|key| order.iter().position(|known| known == key)));
            state.set_columns(&keys);
        };
        view! { <div><Checkbox checked=checked on_change=turn>{move || label.get(i18n::language()).to_string()}</Checkbox></div> }
    };
    view! { <div class="stack g1 column-choice">{all.into_iter().map(line).collect_view()}</div> }
}

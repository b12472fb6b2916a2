//! The record beside the grid, and the way to the records above and below it.

use leptos::prelude::*;

use super::rows::Rows;
use super::state::GridState;
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::Titles;
use crate::i18n;
use crate::records::{RecordPanel, app_param};
use crate::t;
use crate::ui::{ControlSize, Drawer, Icon, IconButton, Loaded};

#[component]
pub fn RecordDrawer(
    form: StoredValue<OpenForm>,
    record: String,
    state: GridState,
    titles: Titles,
    rows: Rows,
) -> impl IntoView {
    let app = app_param();
    let id = form.with_value(|form| form.info.id);
    let key = StoredValue::new(record);
    let answer = LocalResource::new(move || {
        let record = key.get_value();
        async move { records::get(id, &record).await }
    });
    let title = Signal::derive(move || {
        let Some(Ok(record)) = answer.get() else { return String::new() };
        form.with_value(|form| {
            let values = records::values(form, &record);
            engine::record::title(&form.form, &values, i18n::language(), &|_| String::new())
        })
    });
    let close = move |()| state.open(None);
    let beside = move |step: isize| {
        let place = key.with_value(|key| rows.place_of(key))?;
        rows.at(place.checked_add_signed(step)?).map(|record| record.id.to_string())
    };
    let walk = move |step: isize| {
        if let Some(record) = untrack(|| beside(step)) {
            state.open(Some(record));
        }
    };
    let nowhere = move |step: isize, reason: fn() -> String| {
        Signal::derive(move || beside(step).is_none().then(reason))
    };
    let actions = move || {
        let page = format!("/apps/{}/forms/{id}/records/{}", app.get(), key.get_value());
        view! {
            <IconButton icon="up" label=Signal::derive(t!("grid-record-before")) size=ControlSize::Small
                disabled_reason=nowhere(-1, || t!("grid-no-record-before")()) on_press=move |_| walk(-1)/>
            <IconButton icon="down" label=Signal::derive(t!("grid-record-after")) size=ControlSize::Small
                disabled_reason=nowhere(1, || t!("grid-no-record-after")()) on_press=move |_| walk(1)/>
            <a class="btn ghost icon-only small" href=page aria-label=t!("grid-open") title=t!("grid-open")><Icon name="open"/></a>
        }
    };
    view! {
        <Drawer title=title on_close=close actions=actions>
            <Loaded answer=answer view=move |record| view! {
                <RecordPanel
                    form=form.get_value()
                    record=record
                    titles=titles
                    on_gone=move |()| { state.open(None); rows.refresh() }
                    on_saved=move |_| rows.refresh()
                />
            }/>
        </Drawer>
    }
}

//! The choice of what rows are gathered by.

use engine::aggregate::GroupBy;
use engine::condition::Unit;
use leptos::prelude::*;

use super::super::address::{UNITS, unit_name, unit_named};
use super::super::column::GridColumn;
use super::super::state::GridState;
use super::value::{has_units, offered};
use crate::api::forms::OpenForm;
use crate::i18n;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize, Field, Popover, Segment, Segmented, Select};

#[component]
pub fn GroupRows(form: StoredValue<OpenForm>, state: GridState) -> impl IntoView {
    let open = RwSignal::new(false);
    let is_on = Signal::derive(move || state.by.with(Option::is_some));
    view! {
        <span class="anchor phone-hide">
            <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="group" on=is_on expanded=open on_press=move |_| open.update(|open| *open = !*open)>
                {t!("grid-by")}
            </Button>
            <Popover open=open label=Signal::derive(t!("grid-by"))><Choices form=form state=state/></Popover>
        </span>
    }
}

#[component]
fn Choices(form: StoredValue<OpenForm>, state: GridState) -> impl IntoView {
    let fields = Signal::derive(move || {
        let offered = form.with_value(|form| offered(&form.form, form.info.flow.is_some()));
        offered.into_iter().filter(|choice| state.shows(&choice.key)).collect::<Vec<_>>()
    });
    let units_of = move |field: &str| {
        let column = form.with_value(|form| GridColumn::of(&form.form, field));
        column.is_some_and(|column| has_units(&column.kind))
    };
    let field = Signal::derive(move || state.by.with(|by| by.as_ref().map(|by| by.field.clone())));
    let choose = move |key: Option<String>| {
        let by = key.map(|field| {
            let unit = units_of(&field).then_some(Unit::Month);
            GroupBy { field, unit }
        });
        state.set_by(by.as_ref());
    };
    let unit = Memo::new(move |_| state.by.with(|by| by.as_ref().and_then(|by| by.unit)));
    let turn = move |name: &'static str| {
        let by = state.by.get_untracked();
        let by = by.map(|by| GroupBy { unit: unit_named(name), ..by });
        state.set_by(by.as_ref());
    };
    let segments = move || {
        let segment = |unit: Unit| {
            let name = move || i18n::lookup(&format!("grid-unit-{}", unit_name(unit)), &[]);
            Segment::new(unit_name(unit), name)
        };
        UNITS.into_iter().map(segment).collect::<Vec<_>>()
    };
    let selected = Signal::derive(move || unit.get().map(unit_name).unwrap_or_default().to_string());
    view! {
        <div class="stack g4 sort-panel">
            <Field label=t!("grid-by-field")>
                <Select choices=fields value=field on_change=choose clearable=true/>
            </Field>
            <Show when=move || unit.get().is_some()>
                <Segmented segments=segments() selected=selected on_select=turn label=Signal::derive(t!("grid-by-unit"))/>
            </Show>
        </div>
    }
}

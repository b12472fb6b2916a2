//! The form itself: rows, tabs and dividers of the layout, each field with its label, rules live.

use engine::field::FieldKind;
use engine::form::{Column, LayoutItem, LayoutRow, Tab};
use leptos::prelude::*;

use super::faults::anchor;
use super::input::FieldInput;
use super::state::FormState;
use crate::i18n;
use crate::t;
use crate::ui::{Field, Icon, IconSize};

/// The fields of a form in their layout.
#[component]
pub fn LiveForm(state: FormState) -> impl IntoView {
    let (layout, keys) = state.draft.with_untracked(|draft| {
        let document = &draft.form().sketch.document;
        let keys: Vec<String> = draft.form().fields().map(|column| column.path.clone()).collect();
        (document.layout.clone(), keys)
    });
    if layout.is_empty() {
        let fields =
            keys.into_iter().map(|key| field(state, LayoutRow { field: key, width: 12 })).collect_view();
        return view! { <div class="form">{fields}</div> }.into_any();
    }
    let placed = placed_fields(&layout);
    let rest = keys.into_iter().filter(|key| !placed.contains(key));
    let rest = rest.map(|key| field(state, LayoutRow { field: key, width: 12 })).collect_view();
    view! { <div class="form">{items(state, layout)}{rest}</div> }.into_any()
}

/// Fields that the layout names; the others follow at the end, so that none is ever lost from sight.
fn placed_fields(items: &[LayoutItem]) -> Vec<String> {
    items
        .iter()
        .flat_map(|item| {
            let row = item.row.iter().flatten().map(|cell| cell.field.clone());
            let tabs = item.tabs.iter().flatten().flat_map(|tab| placed_fields(&tab.rows));
            row.chain(tabs).collect::<Vec<_>>()
        })
        .collect()
}

fn items(state: FormState, items: Vec<LayoutItem>) -> AnyView {
    items
        .into_iter()
        .map(|item| {
            let cells = item.row.into_iter().flatten().map(|cell| field(state, cell)).collect_view();
            let tabs = item.tabs.map(|tabs| tabbed(state, tabs));
            let divider = item.divider.map(|label| {
                view! { <h3 class="q4 section-title">{move || label.get(i18n::language()).to_string()}</h3> }
            });
            view! { {divider}{cells}{tabs} }
        })
        .collect_view()
        .into_any()
}

fn tabbed(state: FormState, tabs: Vec<Tab>) -> AnyView {
    let chosen = RwSignal::new(0usize);
    let heads = tabs
        .iter()
        .enumerate()
        .map(|(place, tab)| {
            let label = tab.label.clone();
            view! {
                <button
                    type="button"
                    role="tab"
                    aria-selected=move || (chosen.get() == place).to_string()
                    on:click=move |_| chosen.set(place)
                >
                    {move || label.get(i18n::language()).to_string()}
                </button>
            }
        })
        .collect_view();
    let panes = tabs
        .into_iter()
        .enumerate()
        .map(|(place, tab)| {
            let hidden = move || chosen.get() != place;
            view! { <div class="form q4" role="tabpanel" hidden=hidden>{items(state, tab.rows)}</div> }
        })
        .collect_view();
    view! { <div class="tabs q4" role="tablist">{heads}</div>{panes} }.into_any()
}

fn field(state: FormState, cell: LayoutRow) -> AnyView {
    let path = cell.field;
    let found = state.draft.with_untracked(|draft| {
        draft.form().column(&path).map(|column| {
            (column.field.label.clone(), column.field.help.clone(), state.may_edit(column), computed(column))
        })
    });
    let Some((label, help, editable, computed)) = found else { return ().into_any() };
    let aside = ViewFn::from(move || computed.then(|| view! { <ComputedMark/> }));
    let hidden = state.is_hidden(path.clone());
    let required = state.is_required(path.clone(), None);
    let error = state.fault_at(path.clone());
    let quarters = (cell.width.clamp(1, 12)).div_ceil(3);
    let shown = StoredValue::new(path);
    let label = Signal::derive(move || label.get(i18n::language()).to_string());
    let help = Signal::derive(move || {
        help.as_ref().map(|help| help.get(i18n::language()).to_string()).unwrap_or_default()
    });
    view! {
        <Show when=move || !hidden.get()>
            <Field
                label=label
                required=Signal::derive(move || editable && required.get())
                help=help
                error=error
                aside=aside.clone()
                class=format!("q{quarters}")
            >
                <div id=anchor(&shown.get_value()) class="contents">
                    <FieldInput state=state path=shown.get_value() column=shown.get_value()/>
                </div>
            </Field>
        </Show>
    }
    .into_any()
}

/// Whether a formula gives the value, so that nobody looks for a way to set it.
pub fn computed(column: &Column) -> bool {
    column.compute.is_some() || matches!(column.field.kind, FieldKind::Formula(_) | FieldKind::Rollup(_))
}

/// The mark of a field that a formula gives.
#[component]
pub fn ComputedMark() -> impl IntoView {
    view! {
        <span class="computed" title=t!("fill-computed")>
            <Icon name="formula" size=IconSize::Tiny/>
            <span class="sr">{t!("fill-computed")}</span>
        </span>
    }
}

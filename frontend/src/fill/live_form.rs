//! The form itself: rows, tabs and dividers of the layout, each field with its label, rules live.

use std::collections::BTreeSet;

use engine::field::FieldKind;
use engine::form::{Column, Form, LayoutItem, LayoutRow, Tab};
use engine::text::Label;
use leptos::prelude::*;

use super::faults::anchor;
use super::input::FieldInput;
use super::layout::{NoteText, SectionTitle};
use super::state::FormState;
use crate::i18n;
use crate::t;
use crate::ui::{Field, Icon, IconSize, wait_for};

/// The fields of a form in their layout.
#[component]
pub fn LiveForm(state: FormState) -> impl IntoView {
    let arranged = state.draft.with_untracked(|draft| arrangement(draft.form()));
    // What it is given at the beginning may bring rows and fields with it.
    wait_for(move || state.is_whole());
    view! { <div class="form">{items(state, arranged)}</div> }
}

/// The layout of a form, with every field in it: those that it does not name follow at the end, so that none is ever lost from
/// sight.
pub(super) fn arrangement(form: &Form) -> Vec<LayoutItem> {
    // What stands on a tab that is a field stands nowhere else.
    let tabbed = tabbed_fields(form.fields());
    let mut document = form.sketch.document.clone();
    if !tabbed.is_empty() {
        document.retain_in_layout(&|field| !tabbed.contains(field));
    }
    let mut arranged = document.layout;
    let placed = placed_fields(&arranged);
    let keys = form.fields().map(|column| column.path.clone());
    arranged.extend(keys.filter(|key| !tabbed.contains(key) && !placed.contains(key)).map(alone));
    arranged
}

/// A field on a row of its own.
pub(super) fn alone(key: String) -> LayoutItem {
    LayoutItem { row: Some(vec![LayoutRow { field: key, width: 12 }]), tabs: None, divider: None }
}

/// The fields that stand on tabs that are fields themselves.
fn tabbed_fields<'c>(columns: impl Iterator<Item = &'c Column>) -> BTreeSet<String> {
    let tabs = columns.filter_map(|column| match &column.field.kind {
        FieldKind::Tabs(tabs) => Some(&tabs.tabs),
        _ => None,
    });
    tabs.flatten().flat_map(|tab| tab.fields.iter().cloned()).collect()
}

/// Fields that the layout names.
pub(super) fn placed_fields(items: &[LayoutItem]) -> Vec<String> {
    items
        .iter()
        .flat_map(|item| {
            let row = item.row.iter().flatten().map(|cell| cell.field.clone());
            let tabs = item.tabs.iter().flatten().flat_map(|tab| placed_fields(&tab.rows));
            row.chain(tabs).collect::<Vec<_>>()
        })
        .collect()
}

pub(super) fn items(state: FormState, items: Vec<LayoutItem>) -> AnyView {
    items
        .into_iter()
        .map(|item| {
            let cells = item.row.into_iter().flatten().map(|cell| field(state, cell)).collect_view();
            let tabs = item.tabs.map(|tabs| tabbed(state, tabs));
            let divider = item.divider.map(|label| view! { <SectionTitle label=label/> });
            view! { {divider}{cells}{tabs} }
        })
        .collect_view()
        .into_any()
}

fn tabbed(state: FormState, tabs: Vec<Tab>) -> AnyView {
    let tabs = tabs.into_iter().map(|tab| (tab.label, items(state, tab.rows)));
    panes(tabs.collect())
}

/// Pages one behind the other, each under its label.
fn panes(tabs: Vec<(Label, AnyView)>) -> AnyView {
    let chosen = RwSignal::new(0usize);
    let heads = tabs
        .iter()
        .enumerate()
        .map(|(place, (label, _))| {
            let label = label.clone();
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
        .map(|(place, (_, inside))| {
            let hidden = move || chosen.get() != place;
            view! { <div class="form q4" role="tabpanel" hidden=hidden>{inside}</div> }
        })
        .collect_view();
    view! { <div class="tabs q4" role="tablist">{heads}</div>{panes} }.into_any()
}

/// A part of the layout that is a field; nothing for a field that holds something.
fn part(state: FormState, path: &str, width: u32) -> Option<AnyView> {
    let (kind, label) = state.draft.with_untracked(|draft| {
        let column = draft.form().column(path)?;
        Some((column.field.kind.clone(), column.field.label.clone()))
    })?;
    let (inside, quarters) = match kind {
        FieldKind::Divider(_) => (view! { <SectionTitle label=label/> }.into_any(), 4),
        FieldKind::Note(note) => {
            (view! { <NoteText text=note.text/> }.into_any(), width.clamp(1, 12).div_ceil(3))
        }
        FieldKind::Tabs(tabs) => {
            let pages = tabs.tabs.into_iter().map(|tab| {
                let fields =
                    tab.fields.into_iter().map(|key| field(state, LayoutRow { field: key, width: 12 }));
                (tab.label, fields.collect_view().into_any())
            });
            (panes(pages.collect()), 4)
        }
        _ => return None,
    };
    let hidden = state.is_hidden(path.to_string());
    let class = format!("q{quarters} part");
    Some(view! { <div class=class hidden=move || hidden.get()>{inside}</div> }.into_any())
}

fn field(state: FormState, cell: LayoutRow) -> AnyView {
    if let Some(part) = part(state, &cell.field, cell.width) {
        return part;
    }
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
    let former = state.former_at(path.clone());
    let quarters = (cell.width.clamp(1, 12)).div_ceil(3);
    let shown = StoredValue::new(path);
    let is_marked = move || shown.with_value(|path| state.marked.with(|marked| marked.contains(path)));
    let mark = move || is_marked().then_some("change");
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
                warning=former
                aside=aside.clone()
                class=format!("q{quarters}")
            >
                <div id=anchor(&shown.get_value()) class="contents" data-mark=mark>
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

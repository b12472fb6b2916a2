//! The form on the canvas as its layout has it: fields in rows, sections under their titles, tabs one at a time.

use engine::form::{LayoutItem, Tab};
use engine::text::Label;
use leptos::html::Div;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::canvas::{slot, slot_tool};
use super::drag::{self, Landing};
use super::headings::{Heading, places_of};
use super::layout_parts::tab_name;
use super::properties::{text_in, with_text};
use super::state::{Designer, Selected, text_of};
use crate::draft_editor::DraftEditor;
use crate::fill::FormState;
use crate::ui::{Button, ButtonKind, ControlSize, Field, IconButton, TextInput, Tile, unique_id, walk_tabs};
use crate::{i18n, t};

/// What is drawn on the canvas: the form, as it is tried out.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub designer: Designer,
    pub state: Option<FormState>,
}

/// Opens the tabs that what is selected stands in, whoever selects it.
pub fn open_tabs_of_selected(designer: Designer) {
    Effect::new(move || {
        let places = match designer.selected.get() {
            Selected::Form => return,
            Selected::Heading(heading) => heading.places().to_vec(),
            Selected::Field(path) => {
                let key = path.split('.').next().unwrap_or_default();
                let places = designer.document.with_untracked(|document| places_of(&document.layout, key));
                places.unwrap_or_default()
            }
        };
        let ways = (1..places.len()).step_by(2);
        let found: Vec<_> =
            ways.filter_map(|at| Some((places.get(..at)?.to_vec(), *places.get(at)?))).collect();
        if !found.is_empty() {
            designer.open_tabs.update(|open| open.extend(found));
        }
    });
}

/// The items of the form, or of the tab at these places.
pub fn items(sheet: Sheet, items: Vec<LayoutItem>, within: &[usize]) -> AnyView {
    let item = |(place, item): (usize, LayoutItem)| {
        let own = Heading::at(within, place);
        let cells = item.row.into_iter().flatten().map(|cell| slot(sheet.designer, sheet.state, cell));
        let cells = cells.collect_view();
        let tabs = item.tabs.map(|tabs| tabbed(sheet, tabs, own.places()));
        let title = item.divider.map(|label| section_title(sheet.designer, own, label));
        view! { {title}{cells}{tabs} }
    };
    items.into_iter().enumerate().map(item).collect_view().into_any()
}

fn is_selected(designer: Designer, heading: StoredValue<Heading>) -> Memo<bool> {
    Memo::new(move |_| {
        designer.selected.with(|selected| match selected {
            Selected::Heading(selected) => heading.with_value(|own| own == selected),
            Selected::Form | Selected::Field(_) => false,
        })
    })
}

/// The title of a section, which can be selected as fields can.
fn section_title(designer: Designer, heading: Heading, label: Label) -> AnyView {
    let heading = StoredValue::new(heading);
    let selected = is_selected(designer, heading);
    let select = move || {
        if !selected.get_untracked() {
            designer.selected.set(Selected::Heading(heading.get_value()));
        }
    };
    let tool = move |icon: &'static str, label: fn() -> String, act: fn(Designer, &Heading)| {
        slot_tool(icon, label, move || act(designer, &heading.get_value()))
    };
    let name = label.clone();
    view! {
        <div
            class="slot heading"
            role="group"
            tabindex="0"
            aria-label=move || name.get(i18n::language()).to_string()
            aria-current=move || selected.get().then_some("true")
            on:click=move |event| {
                event.stop_propagation();
                select();
            }
            on:focusin=move |_| select()
        >
            <Show when=move || selected.get()>
                <div class="slot-tools">
                    {tool("arrow-up", || t!("designer-move-up")(), |designer, heading| move_by(designer, heading, -1))}
                    {tool("arrow-down", || t!("designer-move-down")(), |designer, heading| move_by(designer, heading, 1))}
                    {tool("trash", || t!("designer-remove-section")(), remove)}
                </div>
            </Show>
            <h2 class="section-title">{move || label.get(i18n::language()).to_string()}</h2>
        </div>
    }
    .into_any()
}

/// Tabs as in the form; a press opens one and selects its head.
fn tabbed(sheet: Sheet, tabs: Vec<Tab>, item: &[usize]) -> AnyView {
    let last = tabs.len().saturating_sub(1);
    let places = item.to_vec();
    let shown = Memo::new(move |_| {
        let chosen = sheet.designer.open_tabs.with(|open| open.get(&places).copied());
        chosen.unwrap_or_default().min(last)
    });
    let row = NodeRef::<Div>::new();
    let name = unique_id("tabs");
    let ids = |place: usize| (format!("{name}-{place}"), format!("{name}-{place}-pane"));
    let head = |(place, tab): (usize, &Tab)| {
        let heading = StoredValue::new(Heading::at(item, place));
        let selected = is_selected(sheet.designer, heading);
        let label = tab.label.clone();
        let (id, pane) = ids(place);
        view! {
            <button
                type="button"
                role="tab"
                id=id
                aria-controls=pane
                tabindex=move || if shown.get() == place { "0" } else { "-1" }
                class:chosen=move || selected.get()
                aria-selected=move || (shown.get() == place).to_string()
                on:click=move |event| {
                    event.stop_propagation();
                    sheet.designer.selected.set(Selected::Heading(heading.get_value()));
                }
            >
                {move || label.get(i18n::language()).to_string()}
            </button>
        }
    };
    let heads = tabs.iter().enumerate().map(head).collect_view();
    let pane = |(place, tab): (usize, Tab)| {
        let heading = Heading::at(item, place);
        let inside = if tab.rows.is_empty() {
            empty_tab(sheet.designer, heading)
        } else {
            items(sheet, tab.rows, heading.places())
        };
        let hidden = move || shown.get() != place;
        let (head, id) = ids(place);
        view! { <div class="form q4" role="tabpanel" id=id aria-labelledby=head hidden=hidden>{inside}</div> }
    };
    let panes = tabs.into_iter().enumerate().map(pane).collect_view();
    let walk = move |event: leptos::ev::KeyboardEvent| {
        if let Some(row) = row.get_untracked() {
            walk_tabs(&row, &event);
        }
    };
    view! { <div node_ref=row class="tabs q4" role="tablist" on:keydown=walk>{heads}</div>{panes} }.into_any()
}

/// A tab without fields: what is dragged here, or pressed while it is selected, comes into it.
fn empty_tab(designer: Designer, heading: Heading) -> AnyView {
    let heading = StoredValue::new(heading);
    let landing = move || Landing::under(heading.get_value());
    let lands = move || designer.landing.with(|now| *now == Some(landing()));
    view! {
        <div
            class="q4 tab-empty"
            class:landing=lands
            on:dragover=move |event| drag::over(designer, landing(), &event)
            on:click=move |event| {
                event.stop_propagation();
                designer.selected.set(Selected::Heading(heading.get_value()));
            }
        >
            {t!("designer-tab-empty")}
        </div>
    }
    .into_any()
}

fn name_of(designer: Designer, heading: &Heading) -> String {
    let label = designer.document.with_untracked(|document| heading.label(document));
    label.map(|label| label.get(i18n::language_now()).to_string()).unwrap_or_default()
}

/// Moves a heading, as one step; it stays selected.
fn move_by(designer: Designer, heading: &Heading, by: isize) {
    let moved = designer.document.with_untracked(|document| heading.moved(document, by));
    let Some((edit, now)) = moved else { return };
    if designer.run(text_of("designer-step-move", &name_of(designer, heading)), vec![edit]) {
        designer.selected.set(Selected::Heading(now));
    }
}

/// Adds a tab after the one of a heading, as one step, and selects it.
fn add_tab(designer: Designer, heading: &Heading) {
    let made = designer.document.with_untracked(|document| heading.with_another(document, tab_name));
    let Some((edit, new)) = made else { return };
    if designer.run(text_of("designer-step-add", &untrack(t!("designer-tab"))), vec![edit]) {
        designer.selected.set(Selected::Heading(new));
    }
}

/// Takes the title of a section or a tab out, as one step; its fields stay.
fn remove(designer: Designer, heading: &Heading) {
    let Some(edit) = designer.document.with_untracked(|document| heading.removed(document)) else { return };
    let name = name_of(designer, heading);
    designer.selected.set(Selected::Form);
    designer.run(text_of("designer-step-remove", &name), vec![edit]);
}

/// What is said about a heading that is selected.
#[component]
pub fn HeadingProperties(designer: Designer, heading: Heading) -> impl IntoView {
    let is_tab = heading.is_tab();
    let heading = StoredValue::new(heading);
    let label = Memo::new(move |_| {
        let label = designer.document.with(|document| heading.with_value(|heading| heading.label(document)));
        label.and_then(|label| serde_json::to_value(label).ok()).unwrap_or(Json::Null)
    });
    let rename = move |text: String| {
        let text = text.trim();
        let renamed = serde_json::from_value::<Label>(with_text(&label.get_untracked(), text)).ok();
        let Some(renamed) = renamed.filter(|_| !text.is_empty()) else { return };
        let edit = designer
            .document
            .with_untracked(|document| heading.with_value(|heading| heading.renamed(document, renamed)));
        if let Some(edit) = edit {
            let name = heading.with_value(|heading| name_of(designer, heading));
            designer.run(text_of("designer-step-change", &name), vec![edit]);
        }
    };
    let go = move |by| move_by(designer, &heading.get_value(), by);
    let icon = if is_tab { "tabs" } else { "section" };
    let kind = move || if is_tab { t!("designer-tab")() } else { t!("designer-section")() };
    let take_out = move || if is_tab { t!("designer-remove-tab")() } else { t!("designer-remove-section")() };
    view! {
        <div class="stack g4 prop-top">
            <div class="row">
                <Tile icon=icon.to_string() colour=1 size="s"/>
                <span class="medium">{kind}</span>
                <span class="push row">
                    <IconButton icon="arrow-up" label=Signal::derive(t!("designer-move-up")) size=ControlSize::Small on_press=move |_| go(-1)/>
                    <IconButton icon="arrow-down" label=Signal::derive(t!("designer-move-down")) size=ControlSize::Small on_press=move |_| go(1)/>
                    <IconButton icon="trash" label=Signal::derive(take_out) size=ControlSize::Small on_press=move |_| remove(designer, &heading.get_value())/>
                </span>
            </div>
            <Field label=t!("designer-label")><TextInput value=Signal::derive(move || text_in(&label.get())) on_change=rename name="heading-label"/></Field>
            {is_tab.then(|| view! {
                <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=move |_| add_tab(designer, &heading.get_value())>{t!("designer-add-tab")}</Button></div>
            })}
        </div>
    }
}

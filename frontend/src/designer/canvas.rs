//! The form as it will be, live: each field in a slot that can be selected, moved, made wider and taken out.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::field::{FieldKind, FillMode};
use engine::form::edit::Edit;
use engine::form::{Form, FormDocument, LayoutItem, LayoutRow};
use engine::record::Draft;
use engine::value::Values;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::column_heads::{self, AddColumn, column_tools, is_column_selected};
use super::drag::{self, Dragged, Landing};
use super::edge::{Edge, quarters_of};
use super::link_fill::{BroughtBadge, brought_by};
use super::removal::remove;
use super::rule_badge::{RuleBadge, rule_of};
use super::sections::{Sheet, items, open_tabs_of_selected};
use super::several::{choose, duplicate, is_chosen};
use super::standing::{at_fields, standing};
use super::state::{Designer, Selected, text_of};
use crate::draft_editor::DraftEditor;
use crate::fill::{FieldInput, FormState, Titles};
use crate::records::{context, loaders_of_draft};
use crate::ui::{Badge, Button, ButtonKind, Empty, Field, Icon, IconSize, Tone};
use crate::{i18n, t};

/// The fields in the order in which the form shows them, with their widths in twelfths.
pub fn shown_order(document: &FormDocument) -> Vec<LayoutRow> {
    let mut found = Vec::new();
    placed(&document.layout, &mut found);
    found.retain(|cell| document.fields.iter().any(|field| field.key == cell.field));
    for field in &document.fields {
        if found.iter().all(|cell| cell.field != field.key) {
            found.push(LayoutRow { field: field.key.clone(), width: 12 });
        }
    }
    found
}

fn placed(items: &[LayoutItem], into: &mut Vec<LayoutRow>) {
    for item in items {
        into.extend(item.row.iter().flatten().cloned());
        for tab in item.tabs.iter().flatten() {
            placed(&tab.rows, into);
        }
    }
}

/// Carries out `change` on every cell of a layout.
fn each_cell(items: &mut [LayoutItem], change: &mut dyn FnMut(&mut LayoutRow)) {
    for item in items {
        item.row.iter_mut().flatten().for_each(&mut *change);
        for tab in item.tabs.iter_mut().flatten() {
            each_cell(&mut tab.rows, change);
        }
    }
}

/// A layout that names every field: the form's own, and what it leaves out in rows at the end.
pub fn whole_layout(document: &FormDocument) -> Vec<LayoutItem> {
    let mut layout = document.layout.clone();
    let mut named = Vec::new();
    placed(&layout, &mut named);
    for field in &document.fields {
        if named.iter().all(|cell| cell.field != field.key) {
            let row = vec![LayoutRow { field: field.key.clone(), width: 12 }];
            layout.push(LayoutItem { row: Some(row), tabs: None, divider: None });
        }
    }
    layout
}

/// The commands that move a field one place on (`by` 1) or back (-1) as people see the order.
pub fn moved(document: &FormDocument, path: &str, by: isize) -> Option<Vec<Edit>> {
    let step = |place: usize, length: usize| place.checked_add_signed(by).filter(|to| *to < length);
    if let Some((subform, key)) = path.split_once('.') {
        let columns = document.field(subform)?.columns();
        let from = columns.iter().position(|column| column.key == key)?;
        let position = step(from, columns.len())?;
        return Some(vec![Edit::MoveField { key: path.to_string(), position, at: None }]);
    }
    if document.layout.is_empty() {
        let from = document.fields.iter().position(|field| field.key == path)?;
        let position = step(from, document.fields.len())?;
        return Some(vec![Edit::MoveField { key: path.to_string(), position, at: None }]);
    }
    let order = shown_order(document);
    let from = order.iter().position(|cell| cell.field == path)?;
    let other = order.get(step(from, order.len())?)?.field.clone();
    let mut layout = whole_layout(document);
    let own = order.get(from)?.clone();
    let width = order.iter().find(|cell| cell.field == other)?.width;
    each_cell(&mut layout, &mut |cell| {
        if cell.field == own.field {
            *cell = LayoutRow { field: other.clone(), width };
        } else if cell.field == other {
            *cell = own.clone();
        }
    });
    Some(vec![Edit::SetLayout { layout }])
}

/// The command that gives a field another width.
pub fn widened(document: &FormDocument, key: &str, width: u32) -> Edit {
    let mut layout = whole_layout(document);
    each_cell(&mut layout, &mut |cell| {
        if cell.field == key {
            cell.width = width;
        }
    });
    Edit::SetLayout { layout }
}

/// Moves the field at a path, as one step.
pub fn move_by(designer: Designer, path: &str, by: isize) {
    let edits = designer.document.with_untracked(|document| moved(document, path, by));
    if let Some(edits) = edits {
        let label = untrack(|| designer.label(path));
        designer.run(text_of("designer-step-move", &label), edits);
    }
}

/// What is wrong at the fields of the canvas, by their keys.
#[derive(Clone, Copy)]
struct WrongFields(Memo<BTreeMap<String, String>>);

/// The canvas. What was filled in to try the form stays while it is changed.
#[component]
pub fn Canvas(designer: Designer) -> impl IntoView {
    let tried = StoredValue::new(Values::default());
    let titles = Titles::default();
    open_tabs_of_selected(designer);
    provide_context(column_heads::frame(designer));
    provide_context(WrongFields(Memo::new(move |_| at_fields(standing(designer)))));
    // The canvas around it selects the form itself.
    let first = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        designer.add("text", None);
    };
    let slots = move || {
        let form = designer.form.get();
        let state = form.map(|form| try_out(designer, form, titles, tried));
        let layout = designer.document.with_untracked(whole_layout);
        if layout.is_empty() {
            return view! {
                <Empty icon="form" title=t!("designer-empty") text=Signal::derive(t!("designer-empty-text"))>
                    <Button kind=ButtonKind::Primary icon="plus" on_press=first>
                        {t!("designer-empty-first")}
                    </Button>
                </Empty>
            }
            .into_any();
        }
        let items = items(Sheet { designer, state }, layout, &[]);
        view! { <div class="form" on:dragover=move |event| drag::stay(designer, &event)>{items}</div> }
            .into_any()
    };
    let title = move || designer.document.with(|document| document.label.get(i18n::language()).to_string());
    view! {
        <div
            class="canvas"
            on:click=move |_| designer.selected.set(Selected::Form)
            on:dragover=move |event| drag::over(designer, Landing::default(), &event)
            on:drop=move |event| drag::drop_here(designer, &event)
        >
            <div class="paper" class:landing=move || designer.landing.with(|landing| *landing == Some(Landing::default()))>
                <div class="paper-title"><h1>{title}</h1></div>
                {slots}
            </div>
        </div>
    }
}

/// The form being filled for a try, with what was tried before.
fn try_out(designer: Designer, form: Arc<Form>, titles: Titles, tried: StoredValue<Values>) -> FormState {
    let mut draft = Draft::new(form.clone(), context(designer.params.get()));
    let known: BTreeMap<_, _> = tried
        .get_value()
        .into_iter()
        .filter(|(key, _)| form.column(key).is_some_and(|column| column.field.is_input()))
        .collect();
    if !known.is_empty() {
        let mut values = draft.values().clone();
        values.extend(known);
        draft.apply(values);
    }
    let known = Arc::new(untrack(|| designer.catalogue()));
    let state = FormState::new(draft, loaders_of_draft(designer.id, form, known, titles), titles);
    state.learn_titles();
    Effect::new(move |before: Option<u32>| {
        let changes = state.changes.get();
        if before.is_some() {
            tried.set_value(state.draft.with_untracked(|draft| draft.values().clone()));
        }
        changes
    });
    Effect::new(move || designer.on_canvas.set(state.draft.with(|draft| draft.values().clone())));
    state
}

/// A button beside what is selected on the canvas.
pub fn slot_tool(icon: &'static str, label: fn() -> String, act: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button
            type="button"
            aria-label=label
            title=label
            on:click=move |event| {
                event.stop_propagation();
                act();
            }
        >
            <Icon name=icon size=IconSize::Small/>
        </button>
    }
}

/// A field in its place.
pub fn slot(designer: Designer, state: Option<FormState>, cell: LayoutRow) -> AnyView {
    let key = StoredValue::new(cell.field);
    let found = designer.document.with_untracked(|document| {
        key.with_value(|key| {
            document.field(key).map(|field| (field.label.clone(), field.help.clone(), field.clone()))
        })
    });
    let Some((label, help, field)) = found else { return ().into_any() };
    let selected = Memo::new(move |_| {
        let top = |path: &String| key.with_value(|key| path.split('.').next() == Some(key.as_str()));
        designer.selected.with(|selected| matches!(selected, Selected::Field(path) if top(path)))
    });
    let besides = Memo::new(move |_| key.with_value(|key| is_chosen(designer, key)));
    let quarters = quarters_of(cell.width);
    // The width that it would have while its edge is drawn.
    let drawn = RwSignal::new(None::<u32>);
    let class = if quarters < 4 { format!("slot q{quarters}") } else { "slot".to_string() };
    let usable = state.filter(|state| {
        state.draft.with_untracked(|draft| key.with_value(|key| draft.form().column(key).is_some()))
    });
    let hidden = usable.map(|state| state.is_hidden(key.get_value()));
    let hidden = Signal::derive(move || hidden.is_some_and(|hidden| hidden.get()));
    let rule = designer.document.with_untracked(|document| key.with_value(|key| rule_of(document, key)));
    let computed = field.compute.is_some() || field.kind.name() == "formula";
    let brought = match &field.kind {
        FieldKind::Lookup(_) => Some(FillMode::Live),
        _ => designer.document.with_untracked(|document| brought_by(document, &field.key)),
    };
    let required = field.required;
    let has_columns = matches!(field.kind, FieldKind::Subform(_));
    let of_column = move || is_column_selected(designer);
    // The mouse is over it. A finger rests nowhere: it shows the tools by selecting.
    let pointed = RwSignal::new(false);
    let point = move |event: leptos::ev::PointerEvent| pointed.set(event.pointer_type() != "touch");
    let is_at_hand = move || pointed.get() && designer.dragged.with(Option::is_none);
    let has_tools = move || selected.get() || is_at_hand();
    let shows_column = Memo::new(move |_| selected.get() && of_column());
    let all_wrong = use_context::<WrongFields>();
    let wrong = Memo::new(move |_| {
        let WrongFields(all) = all_wrong?;
        key.with_value(|key| all.with(|all| all.get(key).cloned()))
    });
    let dot = move || {
        let message = wrong.get()?;
        Some(view! { <span class="fault-dot" role="img" aria-label=message.clone() data-tip=message></span> })
    };
    // Made inside its field, from which it takes its id.
    let control = move || match usable {
        Some(state) => {
            let path = key.get_value();
            view! { <FieldInput state=state path=path.clone() column=path/> }.into_any()
        }
        // What it leads to may be on its way: its place is as tall as it will be.
        None => (move || match designer.knows_others.get() {
            true => view! { <Badge tone=Tone::Warning>{t!("designer-unfinished")}</Badge> }.into_any(),
            false => view! { <span class="input"><span class="skeleton grow"></span></span> }.into_any(),
        })
        .into_any(),
    };
    let tool = move |icon: &'static str, label: fn() -> String, act: fn(Designer, &str)| {
        slot_tool(icon, label, move || key.with_value(|key| act(designer, key)))
    };
    let place = NodeRef::<leptos::html::Div>::new();
    // Firefox marks no text with the mouse inside of what can be dragged.
    let movable = RwSignal::new(true);
    let narrow = quarters < 4;
    let landing = move |event: &leptos::ev::DragEvent| Landing {
        beside: Some(key.get_value()),
        after: past_middle(place, narrow, event),
        under: None,
    };
    // `before` or `after` while something would land there.
    let lands = move || {
        designer.landing.with(|landing| {
            let here = landing
                .as_ref()
                .filter(|landing| key.with_value(|key| landing.beside.as_deref() == Some(key.as_str())));
            here.map(|landing| if landing.after { "after" } else { "before" })
        })
    };
    let is_dragged = move || {
        designer.dragged.with(
            |dragged| matches!(dragged, Some(Dragged::Field(field)) if key.with_value(|key| key == field)),
        )
    };
    view! {
        <div
            node_ref=place
            class=class
            data-slot=key.get_value()
            class:gap=is_dragged
            style:grid-column=move || drawn.get().map(|quarters| format!("span {}", quarters * 3))
            draggable=move || movable.get().to_string()
            on:mousedown=move |event| {
                // The focus stays where it is while fields are chosen.
                if chooses(&event) {
                    event.prevent_default();
                }
                movable.set(!is_in_text(&event));
            }
            data-lands=lands
            data-narrow=narrow.then_some("true")
            on:dragstart=move |event| {
                // Text that was marked in an input is dragged as text.
                if is_slot(&event) {
                    drag::start(designer, Dragged::Field(key.get_value()), &event);
                }
            }
            on:dragend=move |_| drag::end(designer)
            on:dragover=move |event| drag::over(designer, landing(&event), &event)
            on:drop=move |event| drag::drop_here(designer, &event)
            aria-current=move || (selected.get() || besides.get()).then_some("true")
            on:click=move |event| {
                event.stop_propagation();
                if chooses(&event) {
                    return key.with_value(|key| choose(designer, key, event.shift_key()));
                }
                designer.more.set(Default::default());
                // Beside its rows it is the sub-form itself that is meant, and none of its columns.
                let is_meant = untrack(of_column) && !is_in_rows(&event);
                if !selected.get_untracked() || is_meant {
                    designer.selected.set(Selected::Field(key.get_value()));
                }
            }
            on:focusin=move |_| {
                if !selected.get_untracked() {
                    designer.selected.set(Selected::Field(key.get_value()));
                }
            }
            on:pointerenter=point
            on:pointerleave=move |_| pointed.set(false)
        >
            {dot}
            <Show when=has_tools>
                <div class="slot-tools" data-pointed=move || (!selected.get()).then_some("true")>
                    {move || if shows_column.get() {
                        column_tools(designer).into_any()
                    } else {
                        view! {
                            {tool("arrow-up", || t!("designer-move-up")(), |designer, key| move_by(designer, key, -1))}
                            {tool("arrow-down", || t!("designer-move-down")(), |designer, key| move_by(designer, key, 1))}
                            {tool("copy", || t!("designer-duplicate")(), duplicate)}
                            {tool("trash", || t!("designer-remove")(), remove)}
                        }.into_any()
                    }}
                </div>
            </Show>
            <Show when=move || selected.get()>
                <Edge designer=designer key=key.get_value() now=quarters drawn=drawn/>
            </Show>
            <Field
                label=Signal::derive(move || label.get(i18n::language()).to_string())
                required=required
                help=Signal::derive(move || help.as_ref().map(|help| help.get(i18n::language()).to_string()).unwrap_or_default())
                aside=ViewFn::from(move || view! {
                    {rule.map(|(part, place)| view! {
                        <RuleBadge designer=designer path=key.get_value() part=part place=place hidden=hidden/>
                    })}
                    {brought.map(|mode| view! { <BroughtBadge mode=mode/> })}
                    {computed.then(|| view! { <span class="rule-badge fx"><Icon name="formula"/>{t!("designer-kind-formula")}</span> })}
                })
            >
                {control()}
            </Field>
            // The column that is added is selected: what was pressed is gone by then, and would count as the sub-form itself.
            {has_columns.then(|| view! {
                <div class="add-column" on:click=|event| event.stop_propagation()>
                    <AddColumn designer=designer subform=key.get_value()/>
                </div>
            })}
        </div>
    }
    .into_any()
}

/// Whether the pointer is past the middle of a slot: to the right in one beside others, below in a whole row.
pub fn past_middle(place: NodeRef<leptos::html::Div>, narrow: bool, event: &leptos::ev::DragEvent) -> bool {
    let Some(slot) = place.get_untracked() else { return false };
    let edges = slot.get_bounding_client_rect();
    if narrow {
        f64::from(event.client_x()) > edges.left() + edges.width() / 2.0
    } else {
        f64::from(event.client_y()) > edges.top() + edges.height() / 2.0
    }
}

/// Whether a press chooses a field besides others.
fn chooses(event: &leptos::ev::MouseEvent) -> bool {
    event.shift_key() || event.ctrl_key() || event.meta_key()
}

/// Whether it is the slot itself that is dragged, and nothing in it.
fn is_slot(event: &leptos::ev::DragEvent) -> bool {
    target_of(event).is_some_and(|target| target.has_attribute("draggable"))
}

/// Whether it is in the rows of a sub-form, or at its heads.
fn is_in_rows(event: &leptos::ev::MouseEvent) -> bool {
    target_of(event).is_some_and(|target| target.closest(".sub, .add-column").ok().flatten().is_some())
}

/// Whether the pointer is where text is written.
fn is_in_text(event: &leptos::ev::MouseEvent) -> bool {
    let place = target_of(event)
        .and_then(|target| target.closest("input, textarea, select, [contenteditable]").ok().flatten());
    place.is_some()
}

fn target_of(event: &web_sys::Event) -> Option<web_sys::Element> {
    event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::laid_out;

    fn order(document: &FormDocument) -> String {
        shown_order(document).into_iter().map(|cell| format!("{}{} ", cell.field, cell.width)).collect()
    }

    #[test]
    fn a_field_moves_as_the_order_is_seen() {
        let rows = json!([{"row": [{"field": "c", "width": 6}, {"field": "a", "width": 3}]}]);
        for (layout, start, after) in
            [(json!([]), "a12 b12 c12 ", "b12 a12 c12 "), (rows, "c6 a3 b12 ", "c6 b12 a3 ")]
        {
            let mut document = laid_out(layout);
            assert_eq!(order(&document), start);
            for edit in moved(&document, "a", 1).unwrap() {
                edit.apply(&mut document).unwrap();
            }
            assert_eq!(order(&document), after);
        }
        assert!(moved(&laid_out(json!([])), "a", -1).is_none());
        assert!(moved(&laid_out(json!([])), "c", 1).is_none());
    }

    #[test]
    fn a_width_is_kept_in_the_layout() {
        let mut document = laid_out(json!([]));
        widened(&document, "b", 6).apply(&mut document).unwrap();
        assert_eq!(order(&document), "a12 b6 c12 ");
    }
}

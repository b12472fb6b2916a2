//! The input of a field's own kind over a cell: a calendar, a list with boxes, pictures, a text of many lines.

use engine::field::FieldKind;
use engine::record::Draft;
use engine::value::{Value, Values, get};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wire::records::Record;

use super::entry::{Entered, checked};
use super::pointer::{Lies, px};
use super::{Editing, Sheet, Wrong};
use crate::api::records;
use crate::fill::{FieldInput, FormState};
use crate::records::{context, editable, given, loaders};
use crate::ui::{CellField, unique_id};
use crate::{browser, i18n};

/// The box with the input. It has a form of its own around the one field, so that what is offered depends on the rest of the
/// record as everywhere.
#[component]
pub fn Pictured(sheet: Sheet, editing: Editing, lies: Signal<Lies>) -> impl IntoView {
    let form = sheet.form.get_value();
    let Editing { record, key, .. } = editing;
    let mut shown = record.clone();
    shown.fields.insert(key.clone(), sheet.held(&record, &key));
    let stored = records::values(&form, &shown);
    let given = given(&form, &record, &stored);
    let draft = Draft::open(form.form.clone(), context(form.params()), stored, given);
    let state = FormState::new(draft, loaders(&form, sheet.titles), sheet.titles);
    state.editable.set_value(Some(editable(&form, &record)));
    state.record.set_value(Some(record.id));
    state.load_links();
    learn_the_rest(state, &record);

    let (typed, value) = (state.typed(key.clone()), state.value(key.clone()));
    let fault = state.fault_at(key.clone());
    let frame = NodeRef::<Div>::new();
    let at = StoredValue::new((record, key.clone()));
    let finish = Callback::new(move |()| {
        // An input that tells only of what is finished tells of it now.
        let active =
            document().active_element().and_then(|active| active.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(active) = active.filter(|active| holds(frame, active)) {
            let _ = active.blur();
        }
        let (typed, value) = (typed.get_untracked(), value.get_untracked());
        let why = fault.get_untracked();
        let (record, key) = at.get_value();
        sheet.close();
        let wrong = |typed: String, reason: String| {
            let wrong = Wrong { record: record.id, column: key.clone(), typed, reason };
            sheet.change(Vec::new(), vec![wrong]);
        };
        if let Some(typed) = typed {
            return wrong(typed, why.unwrap_or_default());
        }
        match sheet.with_column(&key, |column| (checked(column, &value), column.read_kind.to_json(&value))) {
            Some((Entered::Value(now), _)) => sheet.change_one(&record, &key, now),
            Some((Entered::Wrong(reason), shown)) => {
                let typed = shown.as_str().map_or_else(|| shown.to_string(), str::to_string);
                wrong(typed, reason);
            }
            Some((Entered::Names(_), _)) | None => {}
        }
    });
    sheet.finishing.set_value(Some(finish));
    on_cleanup(move || sheet.finishing.set_value(None));

    // Where one choice is all there is to make, making it stores it.
    if sheet.with_column(&key, |column| is_one_choice(&column.field.kind)) == Some(true) {
        Effect::new(move |before: Option<Value>| {
            let now = value.get();
            if before.is_some_and(|before| before != now) && sheet.editing.with_untracked(Option::is_some) {
                untrack(|| finish.run(()));
                sheet.focus();
            }
            now
        });
    }
    // A press anywhere else stores it.
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_elsewhere = target.is_some_and(|target| target.is_connected() && !holds(frame, &target));
        if is_elsewhere && sheet.editing.with_untracked(Option::is_some) {
            finish.run(());
        }
    });
    on_cleanup(move || outside.remove());
    let leave = move |event: leptos::ev::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Element>().ok());
        if to.is_some_and(|to| !holds(frame, &to)) && sheet.editing.with_untracked(Option::is_some) {
            finish.run(());
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        // None of these keys is the table's or the page's.
        event.stop_propagation();
        if event.is_composing() || event.default_prevented() || is_floating(&event) {
            return;
        }
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Escape" => sheet.cancel(),
            "Enter" if command || is_one_line(&event) => {
                finish.run(());
                sheet.step(1, 0);
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let id = unique_id("cell-box");
    let opens = id.clone();
    request_animation_frame(move || {
        browser::focus_inside(&opens);
    });
    let field = unique_id("cell");
    let label = sheet.with_column(&key, |column| column.field.label.get(i18n::language()).to_string());
    view! {
        <div node_ref=frame id=id class="cell-box" role="group" style:left=move || px(lies.get().left) style:top=move || px(lies.get().top) style:min-width=move || px(lies.get().width) on:keydown=on_key on:focusout=leave>
            <label class="sr" for=field.clone()>{label.unwrap_or_default()}</label>
            <CellField id=field error=fault required=Signal::stored(false)>
                <FieldInput state=state path=key.clone() column=key/>
            </CellField>
        </div>
    }
}

/// Reads what the list does not show of the record: what is offered may depend on it.
fn learn_the_rest(state: FormState, record: &Record) {
    let form = state.draft.with_untracked(|draft| draft.form().clone());
    let (id, known) = (record.id, record.fields.keys().cloned().collect::<Vec<String>>());
    spawn_local(async move {
        let Ok(whole) = records::get(form.sketch.id, &id.to_string()).await else { return };
        let all = engine::record::read_values(&form, &whole.fields);
        let rest: Values = form
            .fields()
            .filter(|column| !known.contains(&column.path) && column.field.is_input())
            .map(|column| (column.path.clone(), get(&all, &column.path).clone()))
            .collect();
        let _ = state.draft.try_update(|draft| draft.apply(rest));
    });
}

fn is_one_choice(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Link(_)
            | FieldKind::Member(_)
            | FieldKind::Department(_)
            | FieldKind::Select(_)
            | FieldKind::Rating(_)
            | FieldKind::Date(_)
            | FieldKind::Month(_)
    )
}

fn holds(frame: NodeRef<Div>, element: &web_sys::Element) -> bool {
    frame.try_get_untracked().flatten().is_some_and(|frame| frame.contains(Some(element.as_ref())))
}

/// Whether an event comes out of a list or calendar over the input.
fn is_floating(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("[popover], dialog").ok().flatten().is_some())
}

/// Whether it comes from an input of one line, which Enter finishes.
fn is_one_line(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    target.is_some_and(|input| input.type_() != "file")
}

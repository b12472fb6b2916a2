//! What the parts of a form say that are fields and hold nothing: notes, and tabs with the fields that stand on them.

use engine::field::FieldKind;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::layout_parts::tab_name;
use super::properties::{text_in, with_text};
use super::state::Designer;
use crate::ui::{
    Button, ButtonKind, Choice, ControlSize, Field, IconButton, MultiSelect, TextArea, TextInput,
};
use crate::{i18n, t};

/// The words of a note.
#[component]
pub fn NoteOptions(designer: Designer, path: String) -> impl IntoView {
    let text = designer.member(&path, "options.text");
    let at = StoredValue::new(path);
    let set = move |said: String| {
        let value = match said.trim() {
            "" => Json::Null,
            said => with_text(&text.get_untracked(), said),
        };
        at.with_value(|path| designer.set(path, "options.text", value));
    };
    view! {
        <Field label=t!("designer-note-text")>
            <TextArea value=Signal::derive(move || text_in(&text.get())) on_change=set rows=5 name="note-text"/>
        </Field>
    }
}

/// The tabs of a field of tabs, each with its fields.
#[component]
pub fn TabsOptions(designer: Designer, path: String) -> impl IntoView {
    let stored = designer.member(&path, "options.tabs");
    let tabs = move || stored.get().as_array().cloned().unwrap_or_default();
    let at = StoredValue::new(path);
    let change = move |change: &dyn Fn(&mut Vec<Json>)| {
        let mut all = untrack(tabs);
        change(&mut all);
        at.with_value(|path| designer.set(path, "options.tabs", Json::Array(all)));
    };
    let add = move |_| {
        change(&|all| {
            let label = tab_name(all.len() + 1);
            all.push(json!({ "label": label }));
        });
    };
    let fields = Signal::derive(move || {
        let language = i18n::language();
        designer.document.with(|document| {
            let placed = document.fields.iter().filter(|field| !matches!(field.kind, FieldKind::Tabs(_)));
            placed.map(|field| Choice::new(&field.key, field.label.get(language))).collect::<Vec<_>>()
        })
    });
    // A line stays while its tab changes, so that what has the focus keeps it.
    let count = Memo::new(move |_| tabs().len());
    let line = move |place: usize| {
        let tab = Memo::new(move |_| tabs().get(place).cloned().unwrap_or_default());
        let label = Signal::derive(move || tab.with(|tab| tab.get("label").map(text_in)).unwrap_or_default());
        let rename = move |text: String| {
            change(&|all| {
                if let Some(tab) = all.get_mut(place).filter(|_| !text.trim().is_empty()) {
                    tab["label"] = with_text(&tab["label"], text.trim());
                }
            });
        };
        let chosen = Signal::derive(move || {
            let chosen = tab.with(|tab| tab.get("fields").and_then(Json::as_array).cloned());
            let keys = chosen.iter().flatten().filter_map(Json::as_str);
            keys.map(str::to_string).collect::<Vec<String>>()
        });
        let choose = move |keys: Vec<String>| {
            change(&|all| {
                if let Some(tab) = all.get_mut(place) {
                    tab["fields"] = json!(keys);
                }
            });
        };
        view! {
            <div class="stack g1">
                <div class="row">
                    <TextInput value=label on_change=rename class="grow" label=Signal::derive(t!("designer-label"))/>
                    <IconButton
                        icon="close"
                        label=Signal::derive(t!("ui-remove"))
                        size=ControlSize::Small
                        on_press=move |_| change(&|all| if place < all.len() { drop(all.remove(place)) })
                    />
                </div>
                <MultiSelect choices=fields value=chosen on_change=choose label=Signal::derive(t!("designer-tab-fields"))/>
            </div>
        }
    };
    view! {
        <Field label=t!("designer-kind-tabs")>
            <div class="stack g2">
                {move || (0..count.get()).map(line).collect_view()}
                <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("designer-add-tab")}</Button></div>
            </div>
        </Field>
    }
}

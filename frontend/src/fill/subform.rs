//! The sub-form table: keyboard like a spreadsheet, paste from one, totals.

use engine::field::{FieldKind, Shape};
use engine::value::{Decimal, get};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::faults::anchor;
use super::input::FieldInput;
use super::state::FormState;
use crate::i18n;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize, IconButton};

/// One column as the table shows it.
#[derive(Clone)]
struct Head {
    key: String,
    path: String,
    label: engine::text::Label,
    numeric: bool,
    editable: bool,
    required: bool,
    scale: Option<u32>,
}

/// The rows of a sub-form.
#[component]
pub fn SubformTable(state: FormState, subform: String, editable: bool) -> impl IntoView {
    let heads = state.draft.with_untracked(|draft| {
        draft
            .form()
            .columns_of(&subform)
            .map(|column| {
                let scale = match column.read_kind.shape() {
                    Shape::Decimal(scale) => Some(scale),
                    _ => None,
                };
                let summed = !matches!(column.field.kind, FieldKind::Percent(_));
                Head {
                    key: column.field.key.clone(),
                    path: column.path.clone(),
                    label: column.field.label.clone(),
                    numeric: scale.is_some(),
                    editable: editable && state.may_edit(column),
                    required: column.field.required,
                    scale: scale.filter(|_| summed),
                }
            })
            .collect::<Vec<Head>>()
    });
    let heads = StoredValue::new(heads);
    let subform = StoredValue::new(subform);
    let count = Memo::new(move |_| {
        state.draft.with(|draft| subform.with_value(|key| get(draft.values(), key).rows().len()))
    });
    let table = NodeRef::<leptos::html::Div>::new();
    let add = move || subform.with_value(|subform| state.add_row(subform));
    let focus = move |row: usize, column: &str| {
        let id = subform.with_value(|subform| anchor(&format!("{subform}.{row}.{column}")));
        request_animation_frame(move || crate::browser::focus_inside(&id));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent, row: usize, key: String| {
        let last_row = row + 1 == count.get_untracked();
        let last_column = heads
            .with_value(|heads| heads.iter().rfind(|head| head.editable).is_some_and(|head| head.key == key));
        let first =
            heads.with_value(|heads| heads.iter().find(|head| head.editable).map(|head| head.key.clone()));
        match event.key().as_str() {
            "Tab" if last_row && last_column && !event.shift_key() => {
                event.prevent_default();
                add();
                if let Some(first) = first {
                    focus(row + 1, &first);
                }
            }
            "Enter" | "ArrowDown" if plain_input(&event) => {
                event.prevent_default();
                if last_row && event.key() == "Enter" {
                    add();
                }
                if !last_row || event.key() == "Enter" {
                    focus(row + 1, &key);
                }
            }
            "ArrowUp" if row > 0 && plain_input(&event) => {
                event.prevent_default();
                focus(row - 1, &key);
            }
            _other_key => {}
        }
    };
    let on_paste = move |event: leptos::ev::ClipboardEvent, row: usize, key: String| {
        let Some(text) = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()) else {
            return;
        };
        if !text.contains(['\t', '\n']) {
            return;
        }
        event.prevent_default();
        let columns: Vec<String> = heads.with_value(|heads| {
            heads.iter().filter(|head| head.editable).map(|head| head.key.clone()).collect()
        });
        let at = columns.iter().position(|column| *column == key).unwrap_or_default();
        subform.with_value(|subform| state.paste(subform, row, at, &columns, &text));
    };
    let cell = move |row: usize, head: Head| {
        let path = subform.with_value(|subform| format!("{subform}.{row}.{}", head.key));
        let fault = state.fault_at(path.clone());
        let class =
            [if head.editable { "edit" } else { "calc" }, if head.numeric { "num" } else { "" }].join(" ");
        let (for_keys, for_paste) = (head.key.clone(), head.key.clone());
        let label = head.label.clone();
        view! {
            <td
                class=class
                class:bad=move || fault.get().is_some()
                id=anchor(&path)
                title=move || fault.get()
                data-label=move || label.get(i18n::language()).to_string()
                on:keydown=move |event| on_key(event, row, for_keys.clone())
                on:paste=move |event| on_paste(event, row, for_paste.clone())
            >
                <FieldInput state=state path=path.clone() column=head.path.clone()/>
            </td>
        }
    };
    let line = move |row: usize| {
        let cells =
            heads.with_value(|heads| heads.iter().cloned().map(|head| cell(row, head)).collect_view());
        let remove = move |_| subform.with_value(|subform| state.remove_row(subform, row));
        view! {
            <tr>
                <td class="rownum">{row + 1}</td>
                {cells}
                {editable.then(|| view! {
                    <td class="act">
                        <IconButton icon="close" label=Signal::derive(t!("fill-remove-row")) size=ControlSize::Small on_press=remove/>
                    </td>
                })}
            </tr>
        }
    };
    let total = move |head: Head| {
        let sum = Memo::new(move |_| {
            let scale = head.scale?;
            state.draft.with(|draft| {
                let rows = subform.with_value(|key| get(draft.values(), key).rows().to_vec());
                let numbers = rows.iter().filter_map(|row| get(&row.values, &head.key).as_number());
                let sum = numbers.map(Some).reduce(|a, b| a?.checked_add(b?)).flatten();
                sum.map(|sum: Decimal| i18n::group_digits(&engine::value::to_fixed(sum, scale)))
            })
        });
        view! { <td class="num">{move || sum.get()}</td> }
    };
    view! {
        <div class="sub" node_ref=table>
            <div class="sub-scroll">
                <table class="grid">
                    <thead>
                        <tr>
                            <th class="rownum">"#"</th>
                            {heads.with_value(|heads| heads.iter().map(|head| view! {
                                <th class=if head.numeric { "num" } else { "" }>
                                    {let label = head.label.clone(); move || label.get(i18n::language()).to_string()}
                                    {head.required.then(|| view! { <span class="req" aria-hidden="true">"*"</span> })}
                                </th>
                            }).collect_view())}
                            {editable.then(|| view! { <th></th> })}
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || 0..count.get() key=|row| *row children=line/>
                    </tbody>
                    {move || (count.get() > 0).then(|| view! {
                        <tfoot>
                            <tr>
                                <td></td>
                                {heads.with_value(|heads| heads.iter().cloned().map(total).collect_view())}
                                {editable.then(|| view! { <td></td> })}
                            </tr>
                        </tfoot>
                    })}
                </table>
            </div>
            {editable.then(|| view! {
                <div class="sub-foot">
                    <Button kind=ButtonKind::Ghost icon="plus" size=ControlSize::Small on_press=move |_| add()>{t!("fill-add-row")}</Button>
                    <span class="end">{t!("fill-paste-hint")}</span>
                </div>
            })}
        </div>
    }
}

/// Whether the key comes from a one-line input, where up and down have no meaning of their own.
fn plain_input(event: &leptos::ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    target.is_some_and(|input| !matches!(input.type_().as_str(), "checkbox" | "datetime-local"))
}

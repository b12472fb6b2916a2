//! The sub-form table: edited in place, keyboard like a spreadsheet, paste from one, totals. On a phone its rows are cards.

use std::collections::BTreeSet;

use engine::field::FieldKind;
use engine::value::{Decimal, get};
use leptos::prelude::*;

use super::faults::anchor;
use super::head_frame::HeadFrame;
use super::input::{FieldInput, cell_reading};
use super::live_form::ComputedMark;
use super::row_menu::{Chosen, ChosenRows, RowMenu};
use super::sheet_columns::{Head, WIDE, heads};
use super::sheet_keys::{
    add_id, cell_id, copy_by_key, edited, focus, focus_later, move_by_key, number_id, paste, removing_id,
    walk,
};
use super::state::FormState;
use crate::ui::{
    Button, ButtonKind, CellField, ControlSize, IconButton, ScanButton, classes, label_of, toast, unique_id,
};
use crate::{i18n, t, text};

/// The widths of the number of the row and of its buttons, in px.
const NARROW: u32 = 36;

/// The rows of a sub-form.
#[component]
pub fn SubformTable(
    state: FormState,
    subform: String,
    /// Whether rows may be added, moved and taken out. Their cells have rights of their own.
    editable: bool,
) -> impl IntoView {
    let heads = StoredValue::new(heads(state, &subform));
    let has_inputs = editable || heads.with_value(|heads| heads.iter().any(|head| head.editable));
    let name = state
        .draft
        .with_untracked(|draft| draft.form().column(&subform).map(|column| column.field.label.clone()));
    let name = Signal::derive(move || {
        name.as_ref().map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
    });
    let subform = StoredValue::new(subform);
    let count = Memo::new(move |_| {
        state.draft.with(|draft| subform.with_value(|key| get(draft.values(), key).rows().len()))
    });
    let add = move || {
        let place = count.get_untracked();
        let name = subform.get_value();
        state.add_row(&name);
        if let Some(first) = heads.with_value(|heads| edited(state, heads, &name, place, false)) {
            focus(cell_id(&name, place, &first));
        }
    };
    // The first column of bar codes that can be filled: each code that is read makes a row.
    let scanned = StoredValue::new(heads.with_value(|heads| {
        state.draft.with_untracked(|draft| {
            let holds_code = |head: &&Head| {
                let column = draft.form().column(&head.path);
                head.editable
                    && column.is_some_and(|column| matches!(column.field.kind, FieldKind::Barcode(_)))
            };
            heads.iter().find(holds_code).map(|head| head.key.clone())
        })
    }));
    let chosen: Chosen = RwSignal::default();
    let line = move |row: usize| {
        view! { <Line state=state subform=subform heads=heads row=row count=count chosen=chosen editable=editable/> }
    };
    let widths = heads.with_value(|heads| {
        heads
            .iter()
            .map(|head| view! { <col style:width=head.width.filter(|_| has_inputs).map(|width| format!("{width}px"))/> })
            .collect_view()
    });
    // What is only read is as wide as what is in it, and needs no scrolling for a long name.
    let least = heads.with_value(|heads| {
        let columns: u32 = heads.iter().map(|head| head.width.unwrap_or(WIDE)).sum();
        let narrow = if editable { 2 * NARROW } else { NARROW };
        if has_inputs { columns + narrow } else { 0 }
    });
    let table = if has_inputs { "grid rows-to-cards" } else { "grid auto rows-to-cards" };
    let narrow = format!("{NARROW}px");
    let top = heads.with_value(|heads| heads.iter().cloned().map(head).collect_view());
    view! {
        <div class="sub" role="group" aria-label=name>
            // What can be scrolled is reached by the keyboard, also where there is nothing in it to press.
            <div class="sub-scroll" tabindex=move || (!editable || count.get() == 0).then_some("0")>
                <table class=table style:min-width=format!("{least}px")>
                    <colgroup>
                        <col style:width=narrow.clone()/>
                        {widths}
                        {editable.then(|| view! { <col style:width=narrow/> })}
                    </colgroup>
                    <thead>
                        <tr>
                            <th class="pick">"#"</th>
                            {top}
                            {editable.then(|| view! { <th class="pick"><span class="sr">{t!("ui-actions")}</span></th> })}
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || 0..count.get() key=|row| *row children=line/>
                    </tbody>
                    <Foot state=state subform=subform heads=heads count=count editable=editable/>
                </table>
            </div>
            {move || (!editable && count.get() == 0).then(|| view! { <div class="sub-foot muted">{t!("fill-no-rows")}</div> })}
            {editable.then(|| view! {
                <ChosenRows state=state subform=subform count=count chosen=chosen/>
                <div class="sub-foot" id=subform.with_value(|subform| add_id(subform))>
                    <Button kind=ButtonKind::Ghost icon="plus" size=ControlSize::Small on_press=move |_| add()>{t!("fill-add-row")}</Button>
                    {scanned.get_value().map(|column| view! {
                        <ScanButton
                            on_code=move |code: String| subform.with_value(|subform| state.add_scanned(subform, &column, code))
                            many=true
                            label=Signal::derive(t!("fill-scan-rows"))
                        />
                    })}
                    <span class="end key-hint">{t!("fill-paste-hint")}</span>
                </div>
            })}
        </div>
    }
}

fn head(head: Head) -> impl IntoView {
    let label = head.label;
    let name = view! {
        <span>
            {head.computed.then(|| view! { <ComputedMark/> })}
            <span class="clip">{move || label.get(i18n::language()).to_string()}</span>
            {(head.required && head.editable).then(|| view! { <span class="bad-text" aria-hidden="true">"*"</span> })}
        </span>
    };
    let name = HeadFrame::framed(&head.path, name.into_any());
    view! { <th class=if head.numeric { "num" } else { "" }>{name}</th> }
}

/// One row.
#[component]
fn Line(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    row: usize,
    count: Memo<usize>,
    chosen: Chosen,
    editable: bool,
) -> impl IntoView {
    let cells = heads
        .with_value(|heads| heads.clone())
        .into_iter()
        .map(|head| view! { <Cell state=state subform=subform heads=heads head=head row=row count=count/> })
        .collect_view();
    let remove = move || {
        chosen.set(BTreeSet::new());
        let name = subform.get_value();
        let Some(taken) = state.remove_row(&name, row) else { return };
        // The keys stay here: at the row that came to this place, or at the last one.
        focus_later(match count.get_untracked().checked_sub(1) {
            Some(last) => removing_id(&name, row.min(last)),
            None => add_id(&name),
        });
        let put_back = move || state.restore_row(&name, taken.clone());
        state.offers(toast::show_with(text!("fill-row-removed", row = row + 1), text!("ui-undo"), put_back));
    };
    let walk_beside = move |event: leptos::ev::KeyboardEvent| {
        let name = subform.get_value();
        let to = match event.key().as_str() {
            "ArrowLeft" => {
                let last = heads.with_value(|heads| edited(state, heads, &name, row, true));
                last.map(|last| cell_id(&name, row, &last))
            }
            "ArrowUp" => row.checked_sub(1).map(|above| removing_id(&name, above)),
            "ArrowDown" if row + 1 < count.get_untracked() => Some(removing_id(&name, row + 1)),
            _other_key => None,
        };
        if let Some(to) = to {
            event.prevent_default();
            focus(to);
        }
    };
    let by_key = move |event: leptos::ev::KeyboardEvent| {
        if editable {
            move_by_key(state, subform, heads, count, &event, row);
            copy_by_key(state, subform, heads, &event, row);
        }
    };
    view! {
        <tr class:is-chosen=move || chosen.with(|chosen| chosen.contains(&row)) on:keydown:capture=by_key>
            <td class="pick card-number" id=editable.then(|| subform.with_value(|subform| number_id(subform, row)))>
                {if editable {
                    view! { <RowMenu state=state subform=subform row=row count=count chosen=chosen on_remove=move |()| remove()/> }.into_any()
                } else {
                    (row + 1).into_any()
                }}
            </td>
            {cells}
            {editable.then(|| view! {
                <td
                    class="pick act"
                    id=subform.with_value(|subform| removing_id(subform, row))
                    on:keydown=walk_beside
                >
                    <IconButton
                        icon="close"
                        label=Signal::derive(t!("fill-remove-row"))
                        size=ControlSize::Small
                        skipped=true
                        on_press=move |_| remove()
                    />
                </td>
            })}
        </tr>
    }
}

/// One cell: an input without a frame, or the value as text.
#[component]
fn Cell(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    head: Head,
    row: usize,
    count: Memo<usize>,
) -> impl IntoView {
    let path = subform.with_value(|subform| format!("{subform}.{row}.{}", head.key));
    let fault = state.fault_at(path.clone());
    let kind = if head.editable {
        "edit"
    } else if head.computed {
        "calc"
    } else {
        ""
    };
    let class = classes(&[kind, if head.numeric { "num" } else { "" }, head.place]);
    let label = head.label.clone();
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let key = StoredValue::new(head.key.clone());
    let ruled = head.ruled;
    let hidden = ruled.then(|| state.is_hidden(path.clone()));
    let is_hidden = move || hidden.is_some_and(|hidden| hidden.get());
    let shown = StoredValue::new((path.clone(), head));
    let content = move || {
        // What a rule hides can't be set in this row; the others keep their place.
        if is_hidden() {
            return view! { <span class="sr">{t!("fill-cell-hidden")}</span> }.into_any();
        }
        let (path, head) = shown.get_value();
        if !head.editable {
            let shown = state.draft.with_untracked(|draft| {
                draft.form().column(&head.path).map(|column| cell_reading(state, &path, column))
            });
            return shown.map(|shown| shown()).into_any();
        }
        let required = state.is_required(head.path.clone(), Some(row));
        let id = unique_id("cell");
        view! {
            <label class="card-label" class:required=move || required.get() id=label_of(&id) for=id.clone()>
                {name}
                <span class="sr">" "{t!("fill-row", row = row + 1)}</span>
            </label>
            <CellField id=id error=fault required=required>
                <FieldInput state=state path=path.clone() column=head.path.clone()/>
            </CellField>
        }
        .into_any()
    };
    // Most cells are always there: they need nobody who looks out for a rule.
    let content = if ruled { content.into_any() } else { content() };
    view! {
        <td
            class=class
            class:not-shown=is_hidden
            class:bad=move || fault.get().is_some()
            id=anchor(&path)
            title=move || fault.get()
            data-label=name
            on:keydown=move |event| key.with_value(|key| walk(state, subform, heads, count, &event, row, key))
            on:paste=move |event| key.with_value(|key| paste(state, subform, heads, &event, row, key))
        >
            {content}
            {move || fault.get().map(|fault| view! { <span class="error phone-only">{fault}</span> })}
        </td>
    }
}

/// The totals, where a column has one.
#[component]
fn Foot(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    count: Memo<usize>,
    editable: bool,
) -> impl IntoView {
    let has_totals = heads.with_value(|heads| heads.iter().any(|head| head.total.is_some()));
    let total = move |(place, head): (usize, Head)| {
        let Some(scale) = head.total else {
            return view! { <td>{(place == 0).then(|| view! { <span>{t!("fill-total")}</span> })}</td> }
                .into_any();
        };
        let column = subform.with_value(|key| format!("{key}.{}", head.key));
        let is_undetermined = state.has_undetermined(column);
        let sum = Memo::new(move |_| {
            if is_undetermined.get() {
                return Some("—".to_string());
            }
            state.draft.with(|draft| {
                let rows = subform.with_value(|key| get(draft.values(), key).rows().to_vec());
                let numbers = rows.iter().filter_map(|row| get(&row.values, &head.key).as_number());
                let sum = numbers.map(Some).reduce(|a, b| a?.checked_add(b?)).flatten();
                sum.map(|sum: Decimal| i18n::group_digits(&engine::value::to_fixed(sum, scale)))
            })
        });
        let label = head.label;
        let name = move || label.get(i18n::language()).to_string();
        view! { <td class=classes(&["num", head.place]) data-label=name>{move || sum.get()}</td> }.into_any()
    };
    move || {
        (has_totals && count.get() > 0).then(|| {
            let cells =
                heads.with_value(|heads| heads.clone()).into_iter().enumerate().map(total).collect_view();
            view! {
                <tfoot>
                    <tr>
                        <td class="pick"></td>
                        {cells}
                        {editable.then(|| view! { <td class="pick"></td> })}
                    </tr>
                </tfoot>
            }
        })
    }
}

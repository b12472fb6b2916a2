//! The sub-form table: edited in place, keyboard like a spreadsheet, paste from one, totals. On a phone its rows are cards.

use engine::field::{FieldKind, Shape};
use engine::form::{Column, Form};
use engine::value::{Decimal, get};
use leptos::prelude::*;

use super::faults::anchor;
use super::input::{FieldInput, cell_reading};
use super::live_form::{ComputedMark, computed};
use super::sheet_keys::{
    add_id, cell_id, edited, focus, focus_later, move_by_key, number_id, paste, removing_id, walk,
};
use super::state::FormState;
use crate::ui::{
    Button, ButtonKind, CellField, ControlSize, IconButton, Menu, MenuItem, classes, toast, unique_id,
};
use crate::{i18n, t, text};

/// The widths of the number of the row and of its buttons.
const NARROW: u32 = 36;
/// The least width of a column that takes what is left.
const WIDE: u32 = 172;

/// One column as the table shows it.
#[derive(Clone)]
pub struct Head {
    pub(super) key: String,
    path: String,
    label: engine::text::Label,
    numeric: bool,
    pub(super) editable: bool,
    required: bool,
    computed: bool,
    /// In px; none for a column that takes what is left.
    width: Option<u32>,
    /// The scale of the column's total; none where a total says nothing.
    total: Option<u32>,
    /// Its place on a card: the title, the figure at the right, or nothing special.
    place: &'static str,
}

impl Head {
    fn of(column: &Column, editable: bool) -> Head {
        Head {
            key: column.field.key.clone(),
            path: column.path.clone(),
            label: column.field.label.clone(),
            numeric: matches!(column.read_kind.shape(), Shape::Decimal(_)),
            editable,
            required: column.field.required,
            computed: computed(column),
            width: width_of(column, editable).map(|width| width.max(name_width(column))),
            total: total_scale(column),
            place: "",
        }
    }
}

fn heads(state: FormState, subform: &str) -> Vec<Head> {
    let mut heads: Vec<Head> = state.draft.with_untracked(|draft| {
        let columns = draft.form().columns_of(subform);
        columns.map(|column| Head::of(column, state.may_edit(column))).collect()
    });
    // Some column must take the room that is left, or the narrow ones would.
    if heads.iter().all(|head| head.width.is_some())
        && let Some(first) = heads.first_mut()
    {
        first.width = None;
    }
    if let Some(title) = heads.iter_mut().find(|head| head.width.is_none()) {
        title.place = "card-title";
    }
    let figure = state.draft.with_untracked(|draft| figure_of(draft.form(), &heads));
    if let Some(place) = figure
        && let Some(figure) = heads.get_mut(place)
    {
        figure.place = "card-figure";
    }
    heads
}

/// The column whose amount stands for a row: the first one that the record itself goes on to use, such as what is charged,
/// not what it costs; else one that is computed, else any that adds up.
fn figure_of(form: &Form, heads: &[Head]) -> Option<usize> {
    let mut used = form
        .fields()
        .filter_map(|column| column.compute.as_ref())
        .flat_map(|formula| formula.reaches())
        .map(|reach| reach.own_path());
    let adds_up =
        |wanted: &dyn Fn(&Head) -> bool| heads.iter().position(|head| head.total.is_some() && wanted(head));
    used.find_map(|path| adds_up(&|head| head.path == path))
        .or_else(|| adds_up(&|head| head.computed))
        .or_else(|| adds_up(&|_| true))
}

/// The width of a column by what is in it; none for one that takes what is left. What is only read needs less.
fn width_of(column: &Column, editable: bool) -> Option<u32> {
    let room = |read: u32, edited: u32| Some(if editable { edited } else { read });
    match column.read_kind.shape() {
        Shape::Bool => room(64, 72),
        Shape::Decimal(_) if column.read_kind.name() == "percent" => room(80, 88),
        Shape::Decimal(_) if column.read_kind.name() == "money" => room(104, 116),
        Shape::Decimal(_) => room(80, 96),
        Shape::Day => room(104, 136),
        Shape::Instant => room(144, 192),
        Shape::Key => room(108, 132),
        Shape::TimeOfDay => room(80, 104),
        Shape::Ref if column.read_kind.name() == "member" => room(120, 144),
        Shape::Ref
        | Shape::Text
        | Shape::LongText
        | Shape::Markup
        | Shape::Parts
        | Shape::Keys
        | Shape::Refs
        | Shape::Nothing
        | Shape::Rows => None,
    }
}

/// The width that the name of a column needs, up to a limit, so that a short figure doesn't cut it.
fn name_width(column: &Column) -> u32 {
    const MOST: u32 = 160;
    // The padding, and the signs of what is computed and of what is required.
    let around = 22 + if computed(column) { 19 } else { 0 } + if column.field.required { 10 } else { 0 };
    let name = column.field.label.get(i18n::language_now());
    let text: u32 = name.chars().map(|sign| if sign.is_ascii() { 7 } else { 13 }).sum();
    (text + around).min(MOST)
}

/// The scale of a column's total. Only amounts add up: money, other than prices of a unit, which keep more decimals
/// than money has; and numbers that a formula gives. Quantities of different things, rates and percentages don't.
fn total_scale(column: &Column) -> Option<u32> {
    let Shape::Decimal(scale) = column.read_kind.shape() else { return None };
    let adds_up = match &column.read_kind {
        FieldKind::Money(money) => computed(column) || money.scale <= 2,
        FieldKind::Number(_) => computed(column),
        _ => false,
    };
    adds_up.then_some(scale)
}

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
        subform.with_value(|subform| state.add_row(subform));
        if let Some(first) = heads.with_value(|heads| edited(heads, false)) {
            focus(subform.with_value(|subform| cell_id(subform, place, &first)));
        }
    };
    let line = move |row: usize| view! { <Line state=state subform=subform heads=heads row=row count=count editable=editable/> };
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
                <div class="sub-foot" id=subform.with_value(|subform| add_id(subform))>
                    <Button kind=ButtonKind::Ghost icon="plus" size=ControlSize::Small on_press=move |_| add()>{t!("fill-add-row")}</Button>
                    <span class="end key-hint">{t!("fill-paste-hint")}</span>
                </div>
            })}
        </div>
    }
}

fn head(head: Head) -> impl IntoView {
    let label = head.label;
    view! {
        <th class=if head.numeric { "num" } else { "" }>
            <span>
                {head.computed.then(|| view! { <ComputedMark/> })}
                <span class="clip">{move || label.get(i18n::language()).to_string()}</span>
                {(head.required && head.editable).then(|| view! { <span class="bad-text" aria-hidden="true">"*"</span> })}
            </span>
        </th>
    }
}

/// One row.
#[component]
fn Line(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    row: usize,
    count: Memo<usize>,
    editable: bool,
) -> impl IntoView {
    let cells = heads
        .with_value(|heads| heads.clone())
        .into_iter()
        .map(|head| view! { <Cell state=state subform=subform heads=heads head=head row=row count=count/> })
        .collect_view();
    let remove = move || {
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
                heads.with_value(|heads| edited(heads, true)).map(|last| cell_id(&name, row, &last))
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
    view! {
        <tr on:keydown:capture=move |event| if editable { move_by_key(state, subform, heads, count, &event, row) }>
            <td class="pick card-number" id=editable.then(|| subform.with_value(|subform| number_id(subform, row)))>
                {if editable {
                    view! { <RowMenu state=state subform=subform row=row count=count on_remove=move |()| remove()/> }.into_any()
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

/// The number of a row, and what can be done with the row. Without a keyboard there is no other way to move it.
#[component]
fn RowMenu(
    state: FormState,
    subform: StoredValue<String>,
    row: usize,
    count: Memo<usize>,
    #[prop(into)] on_remove: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    // A table has many rows and few menus are opened: each is made when it is first asked for.
    let made = RwSignal::new(false);
    let turn = move |_| {
        made.set(true);
        open.update(|open| *open = !*open);
    };
    let move_to = move |to: usize| {
        subform.with_value(|subform| {
            state.move_row(subform, row, to);
            focus_later(number_id(subform, to));
        });
    };
    let menu = move || {
        view! {
            <Menu open=open>
                {row.checked_sub(1).map(|above| view! {
                    <MenuItem icon="arrow-up" key="Alt ↑" on_choose=move |()| move_to(above)>{t!("fill-row-up")}</MenuItem>
                })}
                {move || (row + 1 < count.get()).then(|| view! {
                    <MenuItem icon="arrow-down" key="Alt ↓" on_choose=move |()| move_to(row + 1)>{t!("fill-row-down")}</MenuItem>
                })}
                <MenuItem icon="trash" on_choose=on_remove>{t!("fill-remove-row")}</MenuItem>
            </Menu>
        }
    };
    view! {
        <button
            type="button"
            class="row-number"
            tabindex="-1"
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-label=t!("fill-row-menu", row = row + 1)
            title=t!("fill-row-menu", row = row + 1)
            on:click=turn
        >
            {row + 1}
        </button>
        {move || made.get().then(menu)}
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
    let content = if head.editable {
        let required = state.is_required(head.path.clone(), Some(row));
        let id = unique_id("cell");
        let (at, column) = (path.clone(), head.path.clone());
        view! {
            <label class="card-label" class:required=move || required.get() for=id.clone()>
                {name}
                <span class="sr">" "{t!("fill-row", row = row + 1)}</span>
            </label>
            <CellField id=id error=fault required=required>
                <FieldInput state=state path=at column=column/>
            </CellField>
        }
        .into_any()
    } else {
        let shown = state.draft.with_untracked(|draft| {
            draft.form().column(&head.path).map(|column| cell_reading(state, &path, column))
        });
        shown.map(|shown| shown()).into_any()
    };
    view! {
        <td
            class=class
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
        let sum = Memo::new(move |_| {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn a_row_stands_for_what_the_record_adds_up() {
        let figure = |fields: serde_json::Value| {
            let form = form_of(fields);
            let heads: Vec<Head> = form.columns_of("lines").map(|column| Head::of(column, false)).collect();
            figure_of(&form, &heads).map(|place| heads[place].key.clone())
        };
        let lines = json!({"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            {"key": "freight", "label": "freight", "kind": "money"},
            {"key": "cost", "label": "cost", "kind": "money", "compute": {"formula": "freight * 2"}},
            {"key": "amount", "label": "amount", "kind": "money", "compute": {"formula": "freight * 3"}}]}});
        let sum = |key: &str, of: &str| {
            let formula = format!("SUM(lines.{of})");
            json!({"key": key, "label": key, "kind": "money", "compute": {"formula": formula}})
        };
        let of = |fields: serde_json::Value| figure(fields).unwrap_or_default();
        assert_eq!(of(json!([lines, sum("total", "amount"), sum("costs", "cost")])), "amount");
        assert_eq!(of(json!([lines])), "cost");
        let plain = json!({"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "qty", "kind": "number"},
            {"key": "freight", "label": "freight", "kind": "money"}]}});
        assert_eq!(of(json!([plain])), "freight");
    }

    #[test]
    fn only_amounts_add_up() {
        let form = form_of(json!([
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number", "options": {"scale": 3}},
                {"key": "price", "label": "price", "kind": "money", "options": {"scale": 6}},
                {"key": "off", "label": "off", "kind": "percent"},
                {"key": "freight", "label": "freight", "kind": "money"},
                {"key": "amount", "label": "amount", "kind": "money", "compute": {"formula": "qty * price"}},
                {"key": "weight", "label": "weight", "kind": "number", "compute": {"formula": "qty * 2"}}]}}]));
        let added: Vec<&str> = form
            .columns_of("lines")
            .filter(|column| total_scale(column).is_some())
            .map(|column| column.field.key.as_str())
            .collect();
        assert_eq!(added, ["freight", "amount", "weight"]);
        let width =
            |key: &str| form.columns_of("lines").find(|column| column.field.key == key).map(name_width);
        // Seven px a letter, and the sign of what is computed.
        assert_eq!(width("qty"), Some(43));
        assert_eq!(width("amount"), Some(83));
    }
}

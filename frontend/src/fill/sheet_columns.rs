//! The columns of a sub-form table: how wide each is, what adds up, and what stands for a row on a card.

use engine::field::{FieldKind, Shape};
use engine::form::{Column, Form};
use leptos::prelude::*;

use super::live_form::computed;
use super::state::FormState;
use crate::i18n;

/// The least width of a column that takes what is left, in px.
pub const WIDE: u32 = 172;

/// One column as the table shows it.
#[derive(Clone)]
pub struct Head {
    pub(super) key: String,
    pub(super) path: String,
    pub(super) label: engine::text::Label,
    pub(super) numeric: bool,
    pub(super) editable: bool,
    pub(super) required: bool,
    pub(super) computed: bool,
    /// Whether a rule decides in which rows it is shown.
    pub(super) ruled: bool,
    /// In px; none for a column that takes what is left.
    pub(super) width: Option<u32>,
    /// The scale of the column's total; none where a total says nothing.
    pub(super) total: Option<u32>,
    /// Its place on a card: the title, the figure at the right, or nothing special.
    pub(super) place: &'static str,
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
            ruled: column.visible_when.is_some(),
            width: width_of(column, editable).map(|width| width.max(name_width(column))),
            total: total_scale(column),
            place: "",
        }
    }
}

/// The columns of a sub-form, in their order.
pub fn heads(state: FormState, subform: &str) -> Vec<Head> {
    let mut heads: Vec<Head> = state.draft.with_untracked(|draft| {
        let columns = draft.form().columns_of(subform);
        let shown = |column: &Column| draft.form().rules.iter().any(|rule| rule.show.contains(&column.path));
        let head = |column: &Column| {
            let head = Head::of(column, state.may_edit(column));
            Head { ruled: head.ruled || shown(column), ..head }
        };
        columns.map(head).collect()
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

/// The scale of a column's total, where it has one: as its designer says, and else where its values add up.
fn total_scale(column: &Column) -> Option<u32> {
    let Shape::Decimal(scale) = column.read_kind.shape() else { return None };
    has_total(column).then_some(scale)
}

/// Whether the total of a column of numbers stands below the rows. Where nobody says so that of amounts does: of money, other
/// than prices of a unit, which keep more decimals than money has; and of numbers that a formula gives. Quantities of
/// different things, rates and percentages don't add up.
pub fn has_total(column: &Column) -> bool {
    let adds_up = || match &column.read_kind {
        FieldKind::Money(money) => computed(column) || money.scale <= 2,
        FieldKind::Number(_) => computed(column),
        _ => false,
    };
    column.field.total.unwrap_or_else(adds_up)
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
                {"key": "weight", "label": "weight", "kind": "number", "compute": {"formula": "qty * 2"}},
                {"key": "pieces", "label": "pieces", "kind": "number", "total": true},
                {"key": "fee", "label": "fee", "kind": "money", "total": false},
                {"key": "note", "label": "note", "kind": "text", "total": true}]}}]));
        let added: Vec<&str> = form
            .columns_of("lines")
            .filter(|column| total_scale(column).is_some())
            .map(|column| column.field.key.as_str())
            .collect();
        assert_eq!(added, ["freight", "amount", "weight", "pieces"], "as it is said, and else what adds up");
        let width =
            |key: &str| form.columns_of("lines").find(|column| column.field.key == key).map(name_width);
        // Seven px a letter, and the sign of what is computed.
        assert_eq!(width("qty"), Some(43));
        assert_eq!(width("amount"), Some(83));
    }
}

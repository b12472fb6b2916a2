//! What the grid shows: filter, sort, columns; all of it in the address.

use std::collections::BTreeMap;

use engine::condition::Condition;
use engine::field::Shape;
use engine::form::{Column, Form};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use wire::records::SortBy;

use crate::records::Leaving;

/// The state of a grid, read from and written to the address.
#[derive(Clone, Copy)]
pub struct GridState {
    pub filter: Memo<Option<Condition>>,
    pub sort: Memo<Vec<SortBy>>,
    /// The shown columns, if they were chosen.
    pub columns: Memo<Option<Vec<String>>>,
    /// What the footer shows, by column, where it was chosen.
    pub totals: Memo<BTreeMap<String, Total>>,
    /// The permission group whose records alone are shown, if one was chosen.
    pub group: Memo<Option<String>>,
    /// The record in the drawer.
    pub record: Memo<Option<String>>,
    write: Callback<(&'static str, Option<String>)>,
    /// What is entered in the drawer and not saved.
    leaving: Leaving,
}

impl GridState {
    pub fn from_address() -> GridState {
        let query = use_query_map();
        let navigate = StoredValue::new(use_navigate());
        let of = move |name: &'static str| {
            move || query.with(|query| query.get(name)).filter(|text| !text.is_empty())
        };
        let filter = of("filter");
        let sort = of("sort");
        let columns = of("columns");
        let totals = of("totals");
        let (group, record) = (of("group"), of("record"));
        let write = Callback::new(move |(name, value): (&'static str, Option<String>)| {
            let mut parts = Vec::new();
            for known in ["filter", "sort", "columns", "totals", "group", "record"] {
                let text = if known == name { value.clone() } else { untrack(of(known)) };
                if let Some(text) = text {
                    parts.push(format!("{known}={}", crate::api::segment(&text)));
                }
            }
            let to = format!("?{}", parts.join("&"));
            navigate.with_value(|navigate| navigate(&to, Default::default()));
        });
        GridState {
            filter: Memo::new(move |_| serde_json::from_str(&filter()?).ok()),
            sort: Memo::new(move |_| sort().map(|text| read_sort(&text)).unwrap_or_default()),
            columns: Memo::new(move |_| columns().map(|text| text.split(',').map(str::to_string).collect())),
            totals: Memo::new(move |_| totals().map(|text| read_totals(&text)).unwrap_or_default()),
            group: Memo::new(move |_| group()),
            record: Memo::new(move |_| record()),
            write,
            leaving: Leaving::new(),
        }
    }

    pub fn set_filter(self, filter: Option<&Condition>) {
        let text = filter.and_then(|filter| serde_json::to_string(filter).ok());
        self.write.run(("filter", text));
    }

    /// Shows what one permission group alone lets its people see; without one everything.
    pub fn set_group(self, key: Option<String>) {
        self.write.run(("group", key));
    }

    pub fn set_columns(self, columns: &[String]) {
        self.write.run(("columns", Some(columns.join(",")).filter(|text| !text.is_empty())));
    }

    /// What the footer shows for a column from now on.
    pub fn set_total(self, field: &str, total: Total) {
        let mut totals = self.totals.get_untracked();
        totals.insert(field.to_string(), total);
        let parts = totals.iter().map(|(field, total)| format!("{field}:{}", total.name()));
        self.write.run(("totals", Some(parts.collect::<Vec<_>>().join(","))));
    }

    /// Shows a record in the drawer, or none; what is unsaved there is asked for first.
    pub fn open(self, record: Option<String>) {
        if self.record.get_untracked() != record {
            self.leaving.then(move || self.write.run(("record", record.clone())));
        }
    }

    /// Closes the drawer because its record is gone: there is nothing to keep.
    pub fn close(self) {
        self.write.run(("record", None));
    }

    /// What the record in the drawer must be asked for before another takes its place.
    pub fn leaving(self) -> Leaving {
        self.leaving
    }

    /// A press on a column's head: ascending, descending, not at all. `more` keeps the other columns of the sort.
    pub fn turn_sort(self, field: &str, more: bool) {
        self.set_sort(&turned(self.sort.get_untracked(), field, more));
    }

    pub fn set_sort(self, sort: &[SortBy]) {
        let part = |by: &SortBy| format!("{}{}", if by.desc { "-" } else { "" }, by.field);
        let text = sort.iter().map(part).collect::<Vec<_>>().join(",");
        self.write.run(("sort", Some(text).filter(|text| !text.is_empty())));
    }
}

/// The sort after a press on the head of `field`.
fn turned(mut sort: Vec<SortBy>, field: &str, more: bool) -> Vec<SortBy> {
    if !more {
        sort.retain(|by| by.field == field);
    }
    match sort.iter_mut().find(|by| by.field == field) {
        None => sort.push(SortBy { field: field.to_string(), desc: false }),
        Some(by) if !by.desc => by.desc = true,
        Some(_) => sort.retain(|by| by.field != field),
    }
    sort
}

/// What is computed over all rows of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    Nothing,
    Sum,
    Average,
    Least,
    Most,
}

impl Total {
    pub const ALL: [Total; 5] = [Total::Nothing, Total::Sum, Total::Average, Total::Least, Total::Most];

    /// As in the address, and as the server calls the function.
    pub fn name(self) -> &'static str {
        match self {
            Total::Nothing => "none",
            Total::Sum => "sum",
            Total::Average => "avg",
            Total::Least => "min",
            Total::Most => "max",
        }
    }

    fn from_name(name: &str) -> Option<Total> {
        Total::ALL.into_iter().find(|total| total.name() == name)
    }
}

/// `amount:sum,qty:avg`
fn read_totals(text: &str) -> BTreeMap<String, Total> {
    let part = |part: &str| {
        let (field, name) = part.rsplit_once(':')?;
        Some((field.to_string(), Total::from_name(name)?))
    };
    text.split(',').filter_map(part).collect()
}

/// `-date,amount`
fn read_sort(text: &str) -> Vec<SortBy> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_prefix('-') {
            Some(field) => SortBy { field: field.to_string(), desc: true },
            None => SortBy { field: part.to_string(), desc: false },
        })
        .collect()
}

/// The columns of a grid that nobody chose: the first fields of the form, sub-forms and long texts left out, and after them
/// the first numbers that come later: a list is read for its sums. None gives way to another, so what is added to a form
/// stands last or not at all, and what was shown before stays. Where records are approved, how far that is stands beside
/// what the record is called.
pub fn default_columns(form: &Form, has_flow: bool) -> Vec<String> {
    const FIRST: usize = 14;
    const LATER_NUMBERS: usize = 4;
    let fitting = |column: &&Column| {
        let is_long = matches!(column.shape, Shape::Rows | Shape::LongText | Shape::Markup);
        !is_long && column.field.kind.holds_data()
    };
    let first = form.fields().filter(fitting).take(FIRST);
    let later = form.fields().filter(fitting).skip(FIRST);
    let numbers = later.filter(|column| matches!(column.shape, Shape::Decimal(_))).take(LATER_NUMBERS);
    let mut keys: Vec<String> = first.chain(numbers).map(|column| column.path.clone()).collect();
    if has_flow {
        keys.insert(keys.len().min(2), "$flow_state".to_string());
    }
    keys
}

/// The width of a column by what is in it.
pub fn width_of(shape: Shape, title: bool) -> u32 {
    match shape {
        _ if title => 220,
        Shape::Bool => 80,
        Shape::Decimal(_) => 128,
        Shape::Day => 116,
        Shape::Instant => 152,
        Shape::Key => 140,
        Shape::Ref => 160,
        Shape::Nothing
        | Shape::Text
        | Shape::LongText
        | Shape::Markup
        | Shape::Parts
        | Shape::TimeOfDay
        | Shape::Keys
        | Shape::Refs
        | Shape::Rows => 160,
    }
}

/// The width that a head needs to show its label, up to a limit: one long label shall not push the others away.
pub fn head_width(label: &str) -> u32 {
    const MOST: u32 = 240;
    // The kind's icon, the gap and the padding.
    const AROUND: u32 = 44;
    let text: u32 = label.chars().map(|sign| if sign.is_ascii() { 7 } else { 13 }).sum();
    (text + AROUND).min(MOST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    /// So many texts, and then so many numbers.
    fn fields(texts: usize, numbers: usize) -> Vec<serde_json::Value> {
        let field = |kind: &str, n: usize| json!({"key": format!("{kind}{n}"), "label": "x", "kind": kind});
        let texts = (1..=texts).map(|n| field("text", n));
        texts.chain((1..=numbers).map(|n| field("number", n))).collect()
    }

    #[test]
    fn numbers_that_come_late_are_shown_and_the_state_of_an_approval_too() {
        let form = form_of(json!(fields(16, 3)));
        let texts = (1..=14).map(|n| format!("text{n}"));
        let wanted: Vec<String> = texts.chain((1..=3).map(|n| format!("number{n}"))).collect();
        assert_eq!(default_columns(&form, false), wanted);
        let with_state = default_columns(&form, true);
        assert_eq!(with_state[..3], ["text1", "text2", "$flow_state"]);
        assert_eq!(with_state.len(), 18);
    }

    #[test]
    fn a_field_that_is_added_stands_last_or_not_at_all_and_takes_no_other_away() {
        let computed =
            json!({"key": "added", "label": "x", "kind": "formula", "options": {"formula": "1 + 1"}});
        let text = json!({"key": "added", "label": "x", "kind": "text"});
        for (texts, numbers) in [(3, 1), (10, 3), (14, 0), (12, 4), (16, 3), (16, 4), (2, 20)] {
            for added in [&computed, &text] {
                let mut fields = fields(texts, numbers);
                let before = default_columns(&form_of(json!(fields)), false);
                fields.push(added.clone());
                let mut after = default_columns(&form_of(json!(fields)), false);
                let is_last = after.pop_if(|last| *last == "added").is_some();
                assert_eq!(after, before, "{texts} texts, {numbers} numbers");
                assert!(is_last || texts + numbers >= 14, "{texts} texts, {numbers} numbers");
            }
        }
    }

    #[test]
    fn a_head_is_as_wide_as_its_label_up_to_a_limit() {
        assert!(head_width("数量") < head_width("最小订购量"));
        assert_eq!(head_width(&"long ".repeat(40)), 240);
    }

    #[test]
    fn pressing_a_head_turns_its_sort_and_with_shift_keeps_the_others() {
        let press = |sort: &str, field: &str, more: bool| {
            let sort = turned(read_sort(sort), field, more);
            sort.iter()
                .map(|by| format!("{}{}", if by.desc { "-" } else { "" }, by.field))
                .collect::<Vec<_>>()
                .join(",")
        };
        assert_eq!(press("", "a", false), "a");
        assert_eq!(press("a", "a", false), "-a");
        assert_eq!(press("-a", "a", false), "");
        assert_eq!(press("-a,b", "c", false), "c");
        assert_eq!(press("-a,b", "b", true), "-a,-b");
        assert_eq!(press("-a,-b", "b", true), "-a");
    }

    #[test]
    fn totals_are_read_from_the_address() {
        let totals = read_totals("amount:sum,qty:avg,note:what,:");
        let wanted = [("amount".to_string(), Total::Sum), ("qty".to_string(), Total::Average)];
        assert_eq!(totals, BTreeMap::from(wanted));
    }

    #[test]
    fn a_sort_is_read_from_the_address() {
        let sort = read_sort("-date,amount,");
        assert_eq!(sort.len(), 2);
        assert!(sort[0].desc && sort[0].field == "date" && !sort[1].desc);
    }
}

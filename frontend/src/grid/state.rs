//! What the grid shows: the open view, and what the address says besides of filter, sort, columns.

use std::collections::{BTreeMap, BTreeSet};

use engine::aggregate::GroupBy;
use engine::condition::Condition;
use engine::field::{Shape, SortRule};
use engine::form::Form;
use engine::value::Id;
use engine::view::{RowHeight, ViewDocument, ViewKind, ViewOptions, ViewSum};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use wire::records::SortBy;
use wire::{NamedGroup, View};

use super::address::{
    FROZEN, NOTHING, SHOWN, columns_of, read_group, read_sort, read_totals, read_widths, text_of,
    written_frozen, written_group, written_height, written_sort, written_totals, written_widths,
};
use super::column::asked_for;
use crate::api::records::Searched;
use crate::records::Leaving;

/// Everything that the address says; what is not among it is dropped by the first change.
const KNOWN: [&str; 14] = [
    "view", "filter", "q", "sort", "columns", "widths", "frozen", "totals", "by", "height", "group", "at",
    "scale", "record",
];

/// Parts of the address that become other ones, or go.
type Changes = Vec<(&'static str, Option<String>)>;

/// The state of a grid, read from and written to the address.
#[derive(Clone, Copy)]
pub struct GridState {
    /// The saved views of the form, once they are known.
    pub views: RwSignal<Option<Vec<View>>>,
    /// The open one.
    pub view: Memo<Option<View>>,
    /// Whether the address names a view, known or not.
    pub names_view: Memo<bool>,
    /// Whether it differs from what the open view says.
    pub is_changed: Memo<bool>,
    pub filter: Memo<Option<Condition>>,
    /// The words that are searched for.
    pub search: Memo<Option<String>>,
    pub sort: Memo<Vec<SortBy>>,
    /// The shown columns, if they were chosen.
    pub columns: Memo<Option<Vec<String>>>,
    /// The widths of columns that were drawn wider or narrower.
    pub widths: Memo<BTreeMap<String, u32>>,
    /// How many of the first columns stay where the others are scrolled.
    pub frozen: Memo<usize>,
    /// What the footer shows, by column, where it was chosen.
    pub totals: Memo<BTreeMap<String, Total>>,
    /// What the rows are gathered by.
    pub by: Memo<Option<GroupBy>>,
    pub height: Memo<RowHeight>,
    /// The permission group whose records alone are shown, if one was chosen.
    pub group: Memo<Option<String>>,
    /// The fields that the chosen group does not show, though another one does: nothing is asked of them.
    hidden: Memo<BTreeSet<String>>,
    /// The day that a calendar or a gantt is turned to.
    pub at: Memo<Option<String>>,
    /// How much time these show at once, where the reader chose it.
    pub scale: Memo<Option<String>>,
    /// The record in the drawer.
    pub record: Memo<Option<String>>,
    /// What the address says of the list, without the record in the drawer.
    pub address: Memo<String>,
    /// The columns that are shown: a search looks into them.
    shown: StoredValue<Option<Signal<Vec<String>>>>,
    write: Callback<Changes>,
    /// The same without another step on the browser's way back.
    rewrite: Callback<Changes>,
    /// What is entered in the drawer and not saved.
    leaving: Leaving,
}

impl GridState {
    /// The groups are those that the list can be narrowed to.
    pub fn from_address(groups: Vec<NamedGroup>) -> GridState {
        let query = use_query_map();
        let navigate = StoredValue::new(use_navigate());
        let of = move |name: &'static str| {
            move || query.with(|query| query.get(name)).filter(|text| !text.is_empty())
        };
        let views = RwSignal::new(None::<Vec<View>>);
        let named = of("view");
        let view = Memo::new(move |_| {
            let id = named()?;
            views.with(|views| views.as_ref()?.iter().find(|view| view.id.to_string() == id).cloned())
        });
        let shown = move |name: &'static str| {
            let said = of(name);
            move || match said() {
                Some(text) if text == NOTHING => None,
                Some(text) => Some(text),
                None => view.with(|view| text_of(&view.as_ref()?.document(), name)),
            }
        };
        let (filter, sort, columns) = (shown("filter"), shown("sort"), shown("columns"));
        let (widths, frozen, totals) = (shown("widths"), shown("frozen"), shown("totals"));
        let (by, height) = (shown("by"), shown("height"));
        let group = Memo::new(move |_| of("group")());
        let hidden = Memo::new(move |_| hidden_by(&groups, group.get().as_deref()));
        let address_with = move |changes: &Changes| {
            let mut parts = Vec::new();
            for known in KNOWN {
                let changed = changes.iter().find(|(name, _)| *name == known);
                let text = changed.map_or_else(|| untrack(of(known)), |(_, value)| value.clone());
                if let Some(text) = text {
                    parts.push(format!("{known}={}", crate::api::segment(&text)));
                }
            }
            format!("?{}", parts.join("&"))
        };
        let write = Callback::new(move |changes: Changes| {
            let to = address_with(&changes);
            navigate.with_value(|navigate| navigate(&to, Default::default()));
        });
        let rewrite = Callback::new(move |changes: Changes| {
            let in_place = NavigateOptions { replace: true, ..Default::default() };
            let to = address_with(&changes);
            navigate.with_value(|navigate| navigate(&to, in_place.clone()));
        });
        GridState {
            views,
            view,
            names_view: Memo::new(move |_| named().is_some()),
            is_changed: Memo::new(move |_| {
                view.with(Option::is_some) && SHOWN.iter().any(|name| of(name)().is_some())
            }),
            filter: Memo::new(move |_| serde_json::from_str(&filter()?).ok()),
            search: Memo::new(move |_| of("q")()),
            sort: Memo::new(move |_| {
                let mut sort = sort().map(|text| read_sort(&text)).unwrap_or_default();
                hidden.with(|hidden| sort.retain(|by| !is_of(hidden, &by.field)));
                sort
            }),
            columns: Memo::new(move |_| columns().map(|text| text.split(',').map(str::to_string).collect())),
            widths: Memo::new(move |_| widths().map(|text| read_widths(&text)).unwrap_or_default()),
            frozen: Memo::new(move |_| frozen().and_then(|text| text.parse().ok()).unwrap_or(FROZEN)),
            totals: Memo::new(move |_| totals().map(|text| read_totals(&text)).unwrap_or_default()),
            by: Memo::new(move |_| {
                read_group(&by()?).filter(|by| hidden.with(|hidden| !is_of(hidden, &by.field)))
            }),
            height: Memo::new(move |_| {
                height().and_then(|text| RowHeight::from_name(&text)).unwrap_or_default()
            }),
            group,
            hidden,
            at: Memo::new(move |_| of("at")()),
            scale: Memo::new(move |_| of("scale")()),
            record: Memo::new(move |_| of("record")()),
            address: Memo::new(move |_| {
                let said = |name: &'static str| {
                    let text = of(name)()?;
                    Some(format!("{name}={}", crate::api::segment(&text)))
                };
                let of_list = KNOWN.into_iter().filter(|name| *name != "record");
                of_list.filter_map(said).collect::<Vec<_>>().join("&")
            }),
            shown: StoredValue::new(None),
            write,
            rewrite,
            leaving: Leaving::new(),
        }
    }

    /// A search looks into these columns from now on.
    pub fn look_into(self, columns: Signal<Vec<String>>) {
        self.shown.set_value(Some(columns));
    }

    /// What is searched for, as the server is asked for it; tracked.
    pub fn searched(self) -> Searched {
        let Some(words) = self.search.get() else { return Searched::default() };
        let fields = self.shown.get_value().map(|columns| {
            columns.with(|columns| columns.iter().filter(|key| !key.starts_with('$')).cloned().collect())
        });
        Searched { words: Some(words), fields }
    }

    /// As what the records are shown.
    pub fn kind(self) -> ViewKind {
        self.view.with(|view| view.as_ref().map(|view| view.kind)).unwrap_or_default()
    }

    /// Whether it is known what is to be shown: no view is named, or the one that is has come and can be opened.
    pub fn is_ready(self) -> bool {
        !self.names_view.get()
            || self.view.with(|view| view.as_ref().is_some_and(|view| view.faults.is_empty()))
    }

    /// The order of the records: bars of a gantt stand in the order of their beginnings unless another is chosen.
    pub fn order(self) -> Vec<SortBy> {
        let sort = self.sort.get();
        if !sort.is_empty() || self.kind() != ViewKind::Gantt {
            return sort;
        }
        let start = self.view.with(|view| view.as_ref().and_then(|view| view.options.start.clone()));
        start.map(|field| SortBy { field, desc: false }).into_iter().collect()
    }

    /// What the open view needs.
    pub fn options(self) -> ViewOptions {
        self.view.with(|view| view.as_ref().map(|view| view.options.clone())).unwrap_or_default()
    }

    /// The fields that the open view is arranged by.
    pub fn arranged_by(self) -> Vec<String> {
        self.options().fields().map(|(_, field)| field.clone()).collect()
    }

    /// Whether the chosen permission group shows a field, where one is chosen; tracked.
    pub fn shows(self, field: &str) -> bool {
        self.hidden.with(|hidden| !is_of(hidden, field))
    }

    /// What is asked for to show these columns, as far as the chosen group shows it; tracked.
    pub fn asked_for(self, form: &Form, columns: Vec<String>) -> Vec<String> {
        let mut fields = asked_for(form, columns, self.arranged_by());
        fields.retain(|field| self.shows(field));
        fields
    }

    /// Opens a view, or all records, as they are without what was changed by the way.
    pub fn open_view(self, view: Option<Id>) {
        self.leaving.then(move || {
            let mut changes: Changes = SHOWN.iter().map(|name| (*name, None)).collect();
            changes.extend([("q", None), ("at", None), ("scale", None), ("record", None)]);
            changes.push(("view", view.map(|view| view.to_string())));
            self.write.run(changes);
        });
    }

    /// The address says this as well, as if it had from the beginning.
    pub fn take_up(self, parts: Changes) {
        self.rewrite.run(parts);
    }

    /// What is shown is what the open view says again.
    pub fn settle(self) {
        self.write.run(SHOWN.iter().map(|name| (*name, None)).collect());
    }

    /// What is on the screen as the document of a view that is called and arranged as `like`.
    pub fn document(self, like: ViewDocument, columns: &[String]) -> ViewDocument {
        let sort =
            self.sort.get_untracked().into_iter().map(|by| SortRule { field: by.field, desc: by.desc });
        let totals = self.totals.get_untracked().into_iter();
        let sums = totals.filter_map(|(field, total)| Some((field, ViewSum::from_name(total.name())?)));
        ViewDocument {
            columns: columns_of(columns, &self.widths.get_untracked(), self.frozen.get_untracked()),
            filter: self.filter.get_untracked(),
            sort: sort.collect(),
            group: self.by.get_untracked().into_iter().collect(),
            sums: sums.collect(),
            row_height: self.height.get_untracked(),
            ..like
        }
    }

    /// Shows something from now on; where the open view says the same, it is the view that says it.
    fn put(self, name: &'static str, wanted: Option<String>) {
        let of_view = self.view.with_untracked(|view| text_of(&view.as_ref()?.document(), name));
        let text = match (wanted, of_view) {
            (wanted, of_view) if wanted == of_view => None,
            (None, Some(_)) => Some(NOTHING.to_string()),
            (wanted, _) => wanted,
        };
        self.write.run(vec![(name, text)]);
    }

    pub fn set_filter(self, filter: Option<&Condition>) {
        self.put("filter", filter.and_then(|filter| serde_json::to_string(filter).ok()));
    }

    /// Searches for words, or no longer. What is typed on is no further step on the browser's way back.
    pub fn set_search(self, words: &str) {
        let words = Some(words.trim().to_string()).filter(|words| !words.is_empty());
        let before = self.search.get_untracked();
        if words == before {
            return;
        }
        let write = if before.is_some() && words.is_some() { self.rewrite } else { self.write };
        write.run(vec![("q", words)]);
    }

    /// Shows what one permission group alone lets its people see; without one everything.
    pub fn set_group(self, key: Option<String>) {
        self.write.run(vec![("group", key)]);
    }

    pub fn set_columns(self, columns: &[String]) {
        self.put("columns", Some(columns.join(",")).filter(|text| !text.is_empty()));
    }

    /// How wide a column is from now on; as wide as is usual without a width.
    pub fn set_width(self, field: &str, width: Option<u32>) {
        let mut widths = self.widths.get_untracked();
        match width {
            Some(width) => drop(widths.insert(field.to_string(), width)),
            None => drop(widths.remove(field)),
        }
        self.put("widths", Some(written_widths(&widths)).filter(|text| !text.is_empty()));
    }

    pub fn set_frozen(self, frozen: usize) {
        // A view without columns of its own says nothing of them.
        self.put("frozen", written_frozen(frozen).or_else(|| self.says_frozen().then(|| frozen.to_string())));
    }

    fn says_frozen(self) -> bool {
        self.view.with_untracked(|view| {
            view.as_ref().is_some_and(|view| text_of(&view.document(), "frozen").is_some())
        })
    }

    pub fn set_by(self, by: Option<&GroupBy>) {
        self.put("by", by.map(written_group));
    }

    pub fn set_height(self, height: RowHeight) {
        let usual = self
            .view
            .with_untracked(|view| view.as_ref().is_some_and(|view| view.row_height != RowHeight::default()));
        self.put("height", written_height(height).or_else(|| usual.then(|| height.name().to_string())));
    }

    /// Turns a calendar or a gantt to a day.
    pub fn set_at(self, day: &str) {
        self.write.run(vec![("at", Some(day.to_string()))]);
    }

    pub fn set_scale(self, scale: &str) {
        self.write.run(vec![("scale", Some(scale.to_string()))]);
    }

    /// What the footer shows for a column from now on.
    pub fn set_total(self, field: &str, total: Total) {
        let mut totals = self.totals.get_untracked();
        totals.insert(field.to_string(), total);
        self.put("totals", Some(written_totals(&totals)));
    }

    /// Shows a record in the drawer, or none; what is unsaved there is asked for first.
    pub fn open(self, record: Option<String>) {
        if self.record.get_untracked() != record {
            self.leaving.then(move || self.write.run(vec![("record", record.clone())]));
        }
    }

    /// Closes the drawer because its record is gone: there is nothing to keep.
    pub fn close(self) {
        self.write.run(vec![("record", None)]);
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
        self.put("sort", Some(written_sort(sort)).filter(|text| !text.is_empty()));
    }
}

/// The fields that one of the groups does not show.
fn hidden_by(groups: &[NamedGroup], group: Option<&str>) -> BTreeSet<String> {
    let chosen = groups.iter().find(|known| Some(known.key.as_str()) == group);
    chosen.map(|chosen| chosen.hidden.iter().cloned().collect()).unwrap_or_default()
}

/// Whether a path names one of these fields, or leads through one.
fn is_of(fields: &BTreeSet<String>, path: &str) -> bool {
    fields.contains(path) || path.split_once('.').is_some_and(|(own, _)| fields.contains(own))
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
    /// How many are filled.
    Count,
}

impl Total {
    pub const ALL: [Total; 6] =
        [Total::Nothing, Total::Sum, Total::Average, Total::Least, Total::Most, Total::Count];

    /// As in the address, and as the server calls the function.
    pub fn name(self) -> &'static str {
        match self {
            Total::Nothing => "none",
            Total::Sum => "sum",
            Total::Average => "avg",
            Total::Least => "min",
            Total::Most => "max",
            Total::Count => "count",
        }
    }

    pub fn from_name(name: &str) -> Option<Total> {
        Total::ALL.into_iter().find(|total| total.name() == name)
    }
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

/// About how wide a text is in a table, in pixels.
pub fn text_width(text: &str) -> u32 {
    text.chars().map(|sign| if sign.is_ascii() { 7 } else { 13 }).sum()
}

/// The width that a head needs to show its label, up to a limit: one long label shall not push the others away.
pub fn head_width(label: &str) -> u32 {
    const MOST: u32 = 240;
    // The kind's icon, the gap and the padding.
    const AROUND: u32 = 44;
    (text_width(label) + AROUND).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_hides_its_fields_and_what_lies_behind_them() {
        let group = |key: &str, hidden: &[&str]| NamedGroup {
            key: key.to_string(),
            label: key.into(),
            hidden: hidden.iter().map(|path| (*path).to_string()).collect(),
        };
        let groups = [group("all", &[]), group("some", &["amount", "customer", "lines.cost"])];
        let hides = |chosen: Option<&str>, path: &str| is_of(&hidden_by(&groups, chosen), path);
        for path in ["amount", "customer.name", "lines.cost"] {
            assert!(hides(Some("some"), path), "{path}");
            assert!(!hides(Some("all"), path) && !hides(None, path) && !hides(Some("gone"), path), "{path}");
        }
        assert!(
            !hides(Some("some"), "name") && !hides(Some("some"), "lines") && !hides(Some("some"), "$owner")
        );
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
}

//! The view as a document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aggregate::GroupBy;
use crate::condition::Condition;
use crate::field::SortRule;
use crate::form::Uses;
use crate::text::Label;

/// How records of a form are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewDocument {
    pub key: String,
    pub label: Label,
    #[serde(default)]
    pub kind: ViewKind,
    /// What is shown of each record, in this order; the form's first fields where it is empty.
    #[serde(default)]
    pub columns: Vec<ViewColumn>,
    #[serde(default)]
    pub filter: Option<Condition>,
    #[serde(default)]
    pub sort: Vec<SortRule>,
    /// What rows of a table are gathered by.
    #[serde(default)]
    pub group: Vec<GroupBy>,
    /// What is computed over the numbers of a column, by its path.
    #[serde(default)]
    pub sums: BTreeMap<String, ViewSum>,
    #[serde(default)]
    pub row_height: RowHeight,
    #[serde(default)]
    pub scope: ViewScope,
    #[serde(default)]
    pub options: ViewOptions,
}

impl ViewDocument {
    /// Whether the view names the field.
    pub fn uses(&self, uses: &Uses<'_>) -> bool {
        let columns = self.columns.iter().map(|column| &column.field);
        let sorted = self.sort.iter().map(|by| &by.field);
        let grouped = self.group.iter().map(|by| &by.field);
        let options = self.options.fields().map(|(_, field)| field);
        let mut named = columns.chain(sorted).chain(grouped).chain(self.sums.keys()).chain(options);
        named.any(|path| uses.path(path)) || self.filter.as_ref().is_some_and(|filter| uses.condition(filter))
    }
}

/// As what records are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewKind {
    #[default]
    Table,
    /// Cards in columns by a choice, a switch or a member.
    Kanban,
    Calendar,
    /// Cards with a picture.
    Gallery,
    /// Bars from one day to another.
    Gantt,
}

impl ViewKind {
    pub const ALL: [ViewKind; 5] =
        [ViewKind::Table, ViewKind::Kanban, ViewKind::Calendar, ViewKind::Gallery, ViewKind::Gantt];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            ViewKind::Table => "table",
            ViewKind::Kanban => "kanban",
            ViewKind::Calendar => "calendar",
            ViewKind::Gallery => "gallery",
            ViewKind::Gantt => "gantt",
        }
    }

    pub fn from_name(name: &str) -> Option<ViewKind> {
        ViewKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A field that is shown, and how wide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewColumn {
    pub field: String,
    /// In pixels; by what is in it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Whether it stays where the others are scrolled. Those that stay are the first without a gap.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub frozen: bool,
}

impl ViewColumn {
    pub fn of(field: impl Into<String>) -> ViewColumn {
        ViewColumn { field: field.into(), width: None, frozen: false }
    }
}

/// What is computed over the numbers of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewSum {
    None,
    Sum,
    Avg,
    Min,
    Max,
    /// How many are filled.
    Count,
}

impl ViewSum {
    pub const ALL: [ViewSum; 6] =
        [ViewSum::None, ViewSum::Sum, ViewSum::Avg, ViewSum::Min, ViewSum::Max, ViewSum::Count];

    /// The name in documents, and of the function over records.
    pub fn name(self) -> &'static str {
        match self {
            ViewSum::None => "none",
            ViewSum::Sum => "sum",
            ViewSum::Avg => "avg",
            ViewSum::Min => "min",
            ViewSum::Max => "max",
            ViewSum::Count => "count",
        }
    }

    pub fn from_name(name: &str) -> Option<ViewSum> {
        ViewSum::ALL.into_iter().find(|sum| sum.name() == name)
    }
}

/// How much room a row of a table has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowHeight {
    Compact,
    #[default]
    Comfortable,
    Tall,
}

impl RowHeight {
    pub const ALL: [RowHeight; 3] = [RowHeight::Compact, RowHeight::Comfortable, RowHeight::Tall];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            RowHeight::Compact => "compact",
            RowHeight::Comfortable => "comfortable",
            RowHeight::Tall => "tall",
        }
    }

    pub fn from_name(name: &str) -> Option<RowHeight> {
        RowHeight::ALL.into_iter().find(|height| height.name() == name)
    }
}

/// Whose a view is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewScope {
    /// Seen by its owner alone.
    #[default]
    Own,
    /// Seen by everybody who sees records of the form.
    Shared,
    /// Shared, and kept from changes by others.
    Locked,
}

/// What the kinds of views need besides: each takes what is its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ViewOptions {
    /// The field whose values are the columns of a kanban.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day or moment at which a record stands in a calendar, or its bar begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The last day, or the moment at which it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// The pictures of which a card in a gallery shows the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    /// How much time is seen at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<ViewScale>,
}

impl ViewOptions {
    /// The fields that are named, each with the member that names it.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let members = [("by", &self.by), ("start", &self.start), ("end", &self.end), ("cover", &self.cover)];
        members.into_iter().filter_map(|(name, field)| Some((name, field.as_ref()?)))
    }
}

/// How much time a calendar or a gantt shows at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewScale {
    Day,
    Week,
    Month,
}

impl ViewScale {
    pub const ALL: [ViewScale; 3] = [ViewScale::Day, ViewScale::Week, ViewScale::Month];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            ViewScale::Day => "day",
            ViewScale::Week => "week",
            ViewScale::Month => "month",
        }
    }

    pub fn from_name(name: &str) -> Option<ViewScale> {
        ViewScale::ALL.into_iter().find(|scale| scale.name() == name)
    }
}

//! Saved views.

use std::collections::BTreeMap;

use engine::aggregate::GroupBy;
use engine::condition::Condition;
use engine::field::SortRule;
use engine::text::Label;
use engine::value::Id;
use engine::view::{RowHeight, ViewColumn, ViewDocument, ViewKind, ViewOptions, ViewScope, ViewSum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Person, ProblemError};

/// A saved view of a form as the caller has it: the View document of documents.md without what they may not see and what
/// the form no longer has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct View {
    #[schema(value_type = String)]
    pub id: Id,
    pub version: i64,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    #[schema(value_type = String)]
    pub kind: ViewKind,
    #[schema(value_type = Vec<Object>)]
    pub columns: Vec<ViewColumn>,
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Condition>,
    #[schema(value_type = Vec<Object>)]
    pub sort: Vec<SortRule>,
    #[schema(value_type = Vec<Object>)]
    pub group: Vec<GroupBy>,
    #[schema(value_type = Object)]
    pub sums: BTreeMap<String, ViewSum>,
    #[schema(value_type = String)]
    pub row_height: RowHeight,
    #[schema(value_type = String)]
    pub scope: ViewScope,
    #[schema(value_type = Object)]
    pub options: ViewOptions,
    pub owner: Person,
    /// Whether the caller may change and delete it.
    pub may_change: bool,
    /// Whether the caller may share and lock it.
    pub may_share: bool,
    /// Why it can't be opened, where it names what is gone or closed to the caller.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ProblemError>,
}

impl View {
    /// Its document.
    pub fn document(&self) -> ViewDocument {
        ViewDocument {
            key: self.key.clone(),
            label: self.label.clone(),
            kind: self.kind,
            columns: self.columns.clone(),
            filter: self.filter.clone(),
            sort: self.sort.clone(),
            group: self.group.clone(),
            sums: self.sums.clone(),
            row_height: self.row_height,
            scope: self.scope,
            options: self.options.clone(),
        }
    }
}

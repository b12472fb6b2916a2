//! What the server answers to the queries of reports and tiles.

use std::collections::{BTreeMap, BTreeSet};

use super::publish::DataMeasure;
use crate::aggregate::AggregateFn;
use crate::value::{Id, Value};

/// The reason of a figure that reads what its viewer may not.
pub const NOT_READABLE: &str = "NOT_READABLE";
/// The reason of a figure that reads records of which its viewer may see a part, where none is in that part. That there is
/// no cost, or that it is 0, is nothing that such a viewer could know.
pub const NONE_VISIBLE: &str = "NONE_VISIBLE";
/// The reason of a figure that reads a form which is not there.
pub const SOURCE_NOT_INSTALLED: &str = "SOURCE_NOT_INSTALLED";
/// The reason of a figure that reads a gain of which nothing was entered anywhere in what is looked at.
pub(super) const GAIN_MISSING: &str = "GAIN_MISSING";
/// The reason of a figure for which nothing better is known.
pub(super) const INSUFFICIENT_DATA: &str = "INSUFFICIENT_DATA";

/// One row of a query: the group's values in the order of the query's groups, and its measures.
#[derive(Clone, Debug)]
pub struct DataRow {
    pub group: Vec<Value>,
    pub values: BTreeMap<String, Value>,
    /// How many records are behind it.
    pub records: u64,
}

/// How much of what a query asks about its viewer may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    #[default]
    All,
    /// Some of the records, or not everything of them.
    Part,
    Nothing,
}

/// What a query found, and which of its measures the viewer may not read.
#[derive(Clone, Debug, Default)]
pub struct DataAnswer {
    pub rows: Vec<DataRow>,
    pub withheld: BTreeSet<String>,
    pub sight: Sight,
}

impl DataAnswer {
    /// An answer to somebody who may read none of these measures.
    pub fn withheld(measures: &[DataMeasure], sight: Sight) -> DataAnswer {
        let withheld = measures.iter().map(|measure| measure.key.clone()).collect();
        DataAnswer { rows: Vec::new(), withheld, sight }
    }

    /// Whether nothing is known of a measure to a viewer who may see a part of the records: none is in that part. How many
    /// they see is known all the same.
    pub(super) fn shows_none(&self, measure: &DataMeasure) -> bool {
        let counts = matches!(measure.function, AggregateFn::Count | AggregateFn::Distinct);
        self.sight == Sight::Part && self.rows.is_empty() && !counts && !self.withheld.contains(&measure.key)
    }

    /// Whether the viewer sees no record of what a measure is about.
    pub fn hides(&self, measure: &DataMeasure) -> bool {
        self.sight == Sight::Nothing || self.shows_none(measure)
    }

    /// Whether any row has a value of this measure.
    pub(super) fn has(&self, measure: &str) -> bool {
        self.rows.iter().any(|row| row.values.get(measure).is_some_and(|value| !value.is_empty()))
    }
}

impl From<Vec<DataRow>> for DataAnswer {
    fn from(rows: Vec<DataRow>) -> DataAnswer {
        DataAnswer { rows, ..DataAnswer::default() }
    }
}

/// How the records and people that groups stand for are called, as far as the viewer may know it.
pub type Titles = BTreeMap<Id, String>;

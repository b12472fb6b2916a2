//! What the server answers to the queries of reports and tiles.

use std::collections::{BTreeMap, BTreeSet};

use crate::value::{Id, Value};

/// The reason of a figure that reads what its viewer may not.
pub const NOT_READABLE: &str = "NOT_READABLE";
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

/// What a query found, and which of its measures the viewer may not read.
#[derive(Clone, Debug, Default)]
pub struct DataAnswer {
    pub rows: Vec<DataRow>,
    pub withheld: BTreeSet<String>,
}

impl DataAnswer {
    /// Whether any row has a value of this measure.
    pub(super) fn has(&self, measure: &str) -> bool {
        self.rows.iter().any(|row| row.values.get(measure).is_some_and(|value| !value.is_empty()))
    }
}

impl From<Vec<DataRow>> for DataAnswer {
    fn from(rows: Vec<DataRow>) -> DataAnswer {
        DataAnswer { rows, withheld: BTreeSet::new() }
    }
}

/// How the records and people that groups stand for are called, as far as the viewer may know it.
pub type Titles = BTreeMap<Id, String>;

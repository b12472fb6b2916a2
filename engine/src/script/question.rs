//! What a script asks of the records around it, and who answers.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::Seen;
use crate::criteria::Condition;
use crate::value::{Decimal, Id, Value};

/// Reads and writes for a script, in the transaction of its save.
pub trait Host: Send + Sync {
    /// # Errors
    /// The script ends here; why is known to the host.
    fn ask(&self, question: Question) -> Result<Told, Stopped>;

    /// What a script says besides: somebody who tries it out listens, and in a save nobody does.
    fn hear(&self, _said: Said) {}
}

/// What a script says besides what it asks. Lines and columns are counted from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// `log`
    Logged { line: usize, text: String },
    /// Where it ended before its end.
    Ended { line: usize, column: usize },
}

/// The host goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// Something to be read or written. Forms are named as in documents, fields are in wire form.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    Get {
        form: String,
        id: Id,
    },
    /// At most `limit` records, sorted as it says, else by their ids.
    Find {
        form: String,
        which: Which,
        sort: Vec<SortBy>,
        limit: usize,
    },
    Count {
        form: String,
        which: Which,
    },
    Sum {
        form: String,
        which: Which,
        field: String,
    },
    /// Groups of an aggregate table, as they were before this save: sorted as it says, else by their dimensions.
    Groups {
        table: String,
        which: Which,
        sort: Vec<SortBy>,
        limit: usize,
    },
    /// What lies behind a link dimension of a table: `product.reorder_point`, from the record that the group has there.
    Behind {
        table: String,
        id: Id,
        path: String,
    },
    Create {
        form: String,
        fields: Map<String, Json>,
        /// Whether the form's flow starts with it, if it has one.
        start_flow: bool,
    },
    Update {
        form: String,
        id: Id,
        fields: Map<String, Json>,
    },
    Remove {
        form: String,
        id: Id,
    },
}

/// Which records.
#[derive(Clone, Debug, PartialEq)]
pub struct Which {
    pub condition: Condition,
    /// The fields that have to be equal to a value, where that is all that is asked: the lock is taken on these.
    pub equal: BTreeMap<String, Json>,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortBy {
    pub field: String,
    pub descending: bool,
}

/// The answer.
#[derive(Clone, Debug)]
pub enum Told {
    /// To `Get` none or one; to `Groups` rows of a table.
    Records(Vec<Seen>),
    Number(Decimal),
    /// To `Behind`.
    Value(Value),
    Made(Id),
    Done,
}

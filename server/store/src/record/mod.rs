//! Records: reading them by id and writing them. Asking for many by condition is the business of `query`.
//!
//! What a record may be is decided before it comes here (`engine::record`); what somebody may see of it after it
//! left (`engine::access`). The store keeps it exactly.

mod former;
mod read;
mod write;

#[cfg(test)]
mod foreseen_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use engine::value::{Id, Timestamp, Value, Values};

pub use former::{Former, former};
pub use read::{Hold, fitting, get, get_many, hold, known_to, lock, system, walk};
pub(crate) use read::{attach_rows, read_record, scoped, select_fields, selected};
pub use write::{Change, insert, purge, update};

/// A record as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub id: Id,
    pub version: i64,
    /// By field key; what is empty is absent, but for switches.
    pub values: Values,
    pub system: System,
    /// The figures of rollups that are kept beside it, by field key; empty ones too. They are no values of its own: a
    /// write leaves them as they are.
    pub figures: Values,
    /// In a list: how many rows each sub-form has, where not all of them are here.
    pub row_counts: BTreeMap<String, u64>,
}

/// What every record has besides its fields (semantics.md 14).
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    pub created_at: Timestamp,
    pub created_by: Option<Id>,
    pub updated_at: Timestamp,
    pub updated_by: Option<Id>,
    pub owner: Option<Id>,
    pub department: Option<Id>,
    pub collaborators: Vec<Id>,
    /// One of `engine::form::FLOW_STATES`.
    pub flow_state: Option<String>,
    /// The flow instance that it is, or was last, part of.
    pub instance: Option<Id>,
    pub voided_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
}

/// The state of a record that was never submitted.
pub const DRAFT: &str = "draft";

impl System {
    /// Those of a record that `who` makes now.
    pub fn new(now: Timestamp, who: Option<Id>) -> System {
        System {
            created_at: now,
            created_by: who,
            updated_at: now,
            updated_by: who,
            owner: who,
            department: None,
            collaborators: Vec::new(),
            flow_state: None,
            instance: None,
            voided_at: None,
            deleted_at: None,
        }
    }

    pub fn is_draft(&self) -> bool {
        self.flow_state.as_deref() == Some(DRAFT)
    }

    /// Whether it is among the records that lists and aggregates know.
    pub fn is_live(&self) -> bool {
        self.deleted_at.is_none() && !self.is_draft()
    }
}

impl Record {
    /// The value of a field, or of a system field by its name with `$`.
    pub fn value(&self, field: &str) -> Value {
        let instant = |at: Option<Timestamp>| at.map_or(Value::Empty, Value::DateTime);
        let reference = |id: Option<Id>| id.map_or(Value::Empty, Value::Ref);
        match field {
            "$id" => Value::Ref(self.id),
            "$version" => Value::number(self.version),
            "$created_at" => Value::DateTime(self.system.created_at),
            "$created_by" => reference(self.system.created_by),
            "$updated_at" => Value::DateTime(self.system.updated_at),
            "$updated_by" => reference(self.system.updated_by),
            "$owner" => reference(self.system.owner),
            "$department" => reference(self.system.department),
            "$collaborators" if self.system.collaborators.is_empty() => Value::Empty,
            "$collaborators" => {
                Value::List(self.system.collaborators.iter().copied().map(Value::Ref).collect())
            }
            "$flow_state" => self.system.flow_state.clone().map_or(Value::Empty, Value::Text),
            "$voided_at" => instant(self.system.voided_at),
            "$deleted_at" => instant(self.system.deleted_at),
            _ => self.values.get(field).or_else(|| self.figures.get(field)).cloned().unwrap_or_default(),
        }
    }
}

/// Gives ids to the rows that have none yet.
pub fn give_row_ids(values: &mut Values) {
    for value in values.values_mut() {
        if let Value::Rows(rows) = value {
            for row in rows {
                row.id.get_or_insert_with(crate::ids::next);
            }
        }
    }
}

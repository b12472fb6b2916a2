//! Aggregate tables: designing, reading and verifying them. The save keeps them.

mod anew;
mod as_of;
mod change;
mod design;
mod explain;
mod follow;
mod labels;
mod read;
mod rebuild;
mod verify;

use std::collections::BTreeMap;

use engine::aggregate::Aggregate;
use engine::value::Value;
use serde_json::Value as Json;

pub use anew::count_anew;
pub use as_of::{rows_as_of, start_as_of};
pub use change::{delete, replace};
pub use design::{create, insert, list, restore_in};
pub use explain::records;
pub use follow::follow_form;
pub use read::{Part, may_read_group, read, rows};
pub use verify::{verify, verify_app, verify_where};

/// The dimensions of a group as the wire has them; periods by their names.
pub fn group_view(aggregate: &Aggregate, group: &[Value]) -> BTreeMap<String, Json> {
    aggregate
        .dimensions
        .iter()
        .zip(group)
        .map(|(dimension, value)| {
            let json = match (dimension.unit, value) {
                (Some(unit), Value::Date(day)) => Json::String(unit.name(*day)),
                (_, value) => dimension.kind.to_json(value),
            };
            (dimension.key.clone(), json)
        })
        .collect()
}

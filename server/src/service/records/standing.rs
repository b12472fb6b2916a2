//! What the caller may do with each of the records that they see, told beforehand as the save would decide it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use engine::access::{FieldRight, Operation};
use engine::condition::{Reach, Source};
use engine::field::Shape;
use engine::value::{Id, Value};
use store::Reader;
use store::record::{Record, System};
use wire::records::RecordMay;

use super::{FieldRights, Order};
use crate::service::Refusal;

/// What groups let the caller do with one record.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub fields: FieldRights,
    /// The same as the wire has it.
    pub may: RecordMay,
}

/// The operation that a change of a record's fields is: while its flow goes on, one of its own.
pub fn edit_of(system: &System) -> Operation {
    match system.flow_state.as_deref() {
        Some("running" | "withdrawn") => Operation::EditRunning,
        _ => Operation::Edit,
    }
}

/// A stored record whose rows of groups look at nothing but its own fields.
struct Stored<'r>(&'r Record);

impl Source for Stored<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.0.value(&reach.field)
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}

impl Order {
    /// What groups let the caller do with each of these whole records, by record. What the groups' rows read through
    /// links is loaded for all records at once, whoever asks.
    pub async fn standings(
        &self,
        db: &mut Reader,
        records: &[Record],
    ) -> Result<BTreeMap<Id, Standing>, Refusal> {
        if let Some(standings) = self.standings_of_page(records, None) {
            return Ok(standings);
        }
        let around = self.around(db, records, &[]).await?;
        let standing = |record: &Record| self.standing(record, &self.draft_of(record, &around).source(None));
        Ok(records.iter().map(|record| (record.id, standing(record))).collect())
    }

    /// The same of records that hold but the fields `held`, or all that are not sub-forms without it; nothing where the
    /// groups' rows look at more than that.
    pub fn standings_of_page(
        &self,
        records: &[Record],
        held: Option<&[String]>,
    ) -> Option<BTreeMap<Id, Standing>> {
        let holds = |reach: &Reach| {
            let is_there =
                held.is_none_or(|held| reach.field.starts_with('$') || held.contains(&reach.field));
            is_there && self.is_stored(reach)
        };
        let standing = |record: &Record| (record.id, self.standing(record, &Stored(record)));
        self.access.row_reads().iter().all(holds).then(|| records.iter().map(standing).collect())
    }

    /// These fields, and those of the records that the rows of the caller's groups look at.
    pub(super) fn with_row_reads(&self, fields: &[String]) -> Vec<String> {
        let mut held = fields.to_vec();
        for reach in self.access.row_reads() {
            if self.is_stored(&reach) && !held.contains(&reach.field) {
                held.push(reach.field);
            }
        }
        held
    }

    /// What the caller may do with a record where groups allow the same on all that can be seen.
    pub fn may_alike(&self, record: &Record) -> RecordMay {
        let may = |operation| self.access.may(operation);
        RecordMay { operations: self.told(record, &may), fields: BTreeMap::new() }
    }

    fn standing(&self, record: &Record, source: &dyn Source) -> Standing {
        let allowed = self.access.on(source, &self.context);
        // Their own draft is theirs, whatever rows it will lie in.
        let is_own_draft = self.is_own_draft(record);
        let right = |path: &str| if is_own_draft { self.access.right(path) } else { allowed.right(path) };
        let columns = self.compiled.form.all_columns();
        let fields: FieldRights = columns.map(|column| (column.path.clone(), right(&column.path))).collect();
        let operations = self.told(record, &|operation| allowed.may(operation));
        let less = match operations.iter().any(|name| name == "edit") {
            true => self.less_than_elsewhere(&fields),
            false => BTreeMap::new(),
        };
        Standing { fields, may: RecordMay { operations, fields: less } }
    }

    /// The rights that are lower than the highest over all records.
    fn less_than_elsewhere(&self, fields: &FieldRights) -> BTreeMap<String, String> {
        let lower = fields.iter().filter(|(path, right)| **right < self.access.right(path));
        let word = |right: &FieldRight| if *right == FieldRight::None { "none" } else { "read" };
        lower.map(|(path, right)| (path.clone(), word(right).to_string())).collect()
    }

    /// What may be done with the record in the state that it is in, by the names of the documents.
    fn told(&self, record: &Record, may: &dyn Fn(Operation) -> bool) -> Vec<Cow<'static, str>> {
        let system = &record.system;
        if self.is_own_draft(record) {
            let theirs: &[&'static str] = match self.access.may(Operation::Create) {
                true => &["create", "edit", "delete"],
                false => &[],
            };
            return theirs.iter().map(|name| Cow::Borrowed(*name)).collect();
        }
        let edit = edit_of(system);
        // What is void stays as it is.
        let is_kept = system.voided_at.is_none();
        let is_there = system.deleted_at.is_none() && is_kept;
        let can_be_voided = is_there && system.is_live() && self.compiled.form.can_be_voided();
        // So does what was approved, where the form locks it; whose it is may change, and it comes back from the bin.
        let is_locked = self.compiled.form.locks(system.flow_state.as_deref());
        let is_open = !is_locked || system.deleted_at.is_some();
        let is_going = is_there && edit == Operation::EditRunning;
        let asked = [
            (is_there && system.is_draft(), Operation::Create, "create"),
            (is_there && is_open, edit, "edit"),
            (is_kept && is_open, Operation::Delete, "delete"),
            (can_be_voided, Operation::Void, "void"),
            (is_there, Operation::ChangeOwner, "change_owner"),
            (is_going, Operation::Terminate, "terminate"),
            (is_going, Operation::ReassignTask, "reassign_task"),
        ];
        let allowed = asked.into_iter().filter(|(applies, operation, _)| *applies && may(*operation));
        allowed.map(|(_, _, name)| Cow::Borrowed(name)).collect()
    }

    fn is_own_draft(&self, record: &Record) -> bool {
        record.system.is_draft() && record.system.created_by == Some(self.caller.id())
    }

    /// Whether a path leads to a field that stands in the record itself.
    fn is_stored(&self, reach: &Reach) -> bool {
        let column = || self.compiled.form.column(&reach.field);
        reach.hops.is_empty()
            && reach.subform().is_none()
            && (reach.field.starts_with('$')
                || column().is_some_and(|column| column.shape != Shape::Rows && !column.is_live()))
    }
}

//! Permission groups, and what they let somebody see and do (semantics.md 16).
//!
//! Groups add up, record by record: an operation on a record, or the reading or editing of a field of it, is allowed
//! if some group that names the member allows it and the group's rows match the record. Who may nothing, sees nothing.
//!
//! An [`Access`] is needed to touch records at all. System work must say why: [`Access::system`].

mod allowed;
mod difference;
mod document;
mod explain;
mod linked;
mod predefined;
mod public;
mod warnings;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use allowed::Allowed;
pub use difference::{Difference, Right};
pub use document::{FieldRight, Operation, PermissionGroup, Who};
pub use explain::{Answer, Asked, Candidate, Finding, Part, Reason, What, explain};
pub use predefined::predefined;
pub use public::{Openness, looked_up, openness, public_faults, public_rights, usual_fields};
pub use warnings::warnings;
pub use words::{Line, Teller};

use crate::condition::computed::computed_of;
use crate::condition::{Checked, CheckedOperand, CheckedTest, Operator, Reach, Source};
use crate::context::Context;
use crate::form::{Catalogue, Form};
use crate::text::Faults;
use crate::value::Id;

/// What somebody may do with the records of one form.
#[derive(Clone, Debug)]
pub struct Access {
    authority: Authority,
    /// What is closed of the forms that links lead to; see [`Access::seeing`].
    linked: BTreeMap<Id, Access>,
}

#[derive(Clone, Debug)]
enum Authority {
    /// The product itself, for a stated reason.
    System(Cow<'static, str>),
    /// An administrator of the app.
    Administrator,
    /// What groups grant; nobody in no group.
    Granted(Vec<Grant>),
}

/// One permission group, compiled for one form. Copies share what it grants: each request has one.
#[derive(Clone, Debug)]
pub struct Grant(Arc<Granted>);

#[derive(Debug)]
struct Granted {
    key: String,
    operations: BTreeSet<Operation>,
    fields: BTreeMap<String, FieldRight>,
    rows: Checked,
}

impl Grant {
    /// The same with one operation more.
    fn with(&self, operation: Operation) -> Grant {
        let mut operations = self.0.operations.clone();
        operations.insert(operation);
        Grant(Arc::new(Granted {
            key: self.0.key.clone(),
            operations,
            fields: self.0.fields.clone(),
            rows: self.0.rows.clone(),
        }))
    }

    /// Compiles a group against the form it is for.
    ///
    /// # Errors
    /// Faults of its row condition and of field names that the form does not have.
    pub fn new(group: &PermissionGroup, form: &Form, catalogue: &dyn Catalogue) -> Result<Grant, Faults> {
        let rows = match &group.rows {
            None => Checked::always(),
            Some(condition) => form.check(condition, catalogue).map_err(|faults| {
                faults
                    .into_iter()
                    .map(|fault| crate::text::Fault { path: "/rows".into(), ..fault })
                    .collect::<Faults>()
            })?,
        };
        let unknown: Faults = group
            .fields
            .keys()
            .filter(|path| *path != "*" && form.column(path).is_none())
            .map(|path| {
                crate::text::Fault::new(format!("/fields/{path}"), "unknown_field").arg("field", path)
            })
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let operations = group.operations.iter().copied().collect();
        let (key, fields) = (group.key.clone(), group.fields.clone());
        Ok(Grant(Arc::new(Granted { key, operations, fields, rows })))
    }

    /// The key of the group.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The records that it is about.
    fn rows(&self) -> &Checked {
        &self.0.rows
    }

    /// Whether the group allows the operation on some record.
    pub fn may(&self, operation: Operation) -> bool {
        self.0.operations.contains(&operation)
    }

    /// The group's right on a field or column.
    pub fn right(&self, path: &str) -> FieldRight {
        document::right_in(&self.0.fields, path)
    }
}

impl From<Authority> for Access {
    fn from(authority: Authority) -> Access {
        Access { authority, linked: BTreeMap::new() }
    }
}

impl Access {
    /// Everything, for work that nobody asked for by name. The reason ends up in the audit.
    pub fn system(reason: impl Into<Cow<'static, str>>) -> Access {
        Authority::System(reason.into()).into()
    }

    /// Everything in the app.
    pub fn administrator() -> Access {
        Authority::Administrator.into()
    }

    /// What the groups of a member grant together.
    pub fn granted(grants: Vec<Grant>) -> Access {
        Authority::Granted(grants).into()
    }

    fn grants(&self) -> Option<&[Grant]> {
        match &self.authority {
            Authority::System(_) | Authority::Administrator => None,
            Authority::Granted(grants) => Some(grants),
        }
    }

    /// Why the product acts by itself, if it does.
    pub fn system_reason(&self) -> Option<&str> {
        match &self.authority {
            Authority::System(reason) => Some(reason),
            Authority::Administrator | Authority::Granted(_) => None,
        }
    }

    /// Whether nothing is closed: the store need not look at rows or fields.
    pub fn is_unrestricted(&self) -> bool {
        self.grants().is_none()
    }

    /// Whether the operation is allowed on some record at all.
    pub fn may(&self, operation: Operation) -> bool {
        self.grants().is_none_or(|grants| grants.iter().any(|grant| grant.may(operation)))
    }

    /// The condition that a record must meet for the operation; `None` where it is never allowed.
    pub fn rows(&self, operation: Operation) -> Option<Checked> {
        let Some(grants) = self.grants() else { return Some(Checked::always()) };
        either(grants.iter().filter(|grant| grant.may(operation)))
    }

    /// Whether the operation is allowed on this record.
    pub fn may_on(&self, operation: Operation, record: &dyn Source, context: &Context) -> bool {
        self.on(record, context).may(operation)
    }

    /// Whether a group that allows the operation on this record lets the change take it out of the group's rows.
    pub fn may_leave(&self, operation: Operation, record: &dyn Source, context: &Context) -> bool {
        let lets = |grant: &Grant| {
            grant.may(operation) && grant.may(Operation::MayLeave) && grant.rows().holds(record, context)
        };
        self.grants().is_none_or(|grants| grants.iter().any(lets))
    }

    /// The right on a field of this record.
    pub fn right_on(&self, path: &str, record: &dyn Source, context: &Context) -> FieldRight {
        self.on(record, context).right(path)
    }

    /// The highest right on a field over all records: what a new record's form shows, and whether the field exists for
    /// the person at all.
    pub fn right(&self, path: &str) -> FieldRight {
        let Some(grants) = self.grants() else { return FieldRight::Edit };
        grants.iter().map(|grant| grant.right(path)).max().unwrap_or(FieldRight::None)
    }

    /// Whether the field is readable on every visible record, or on none, so that a list needs no look at each record. A
    /// group that shows no records still opens the fields of those in its rows that another one shows.
    pub fn is_uniform(&self, path: &str) -> bool {
        self.is_open(path) || self.right(path) < FieldRight::Read
    }

    /// The paths through links that the rows of the groups read. Whoever holds rows against a record in memory makes
    /// these linked records known to it first: one that is not known reads as empty.
    pub fn link_reads(&self) -> Vec<Reach> {
        let grants = self.grants().unwrap_or_default();
        let reaches: BTreeSet<Reach> = grants.iter().flat_map(|grant| grant.rows().reaches()).collect();
        reaches.into_iter().filter(|reach| !reach.hops.is_empty()).collect()
    }

    /// The condition under which a field of a record is readable.
    pub fn readable_rows(&self, path: &str) -> Checked {
        let Some(grants) = self.grants() else { return Checked::always() };
        either(grants.iter().filter(|grant| grant.right(path) >= FieldRight::Read))
            .unwrap_or(Checked::Any(Vec::new()))
    }

    /// A filter as this person may ask it: a field reads as empty on records where it is not readable.
    pub fn guard(&self, condition: Checked) -> Checked {
        if self.is_all_open() {
            return condition;
        }
        match condition {
            Checked::All(parts) => Checked::All(parts.into_iter().map(|part| self.guard(part)).collect()),
            Checked::Any(parts) => Checked::Any(parts.into_iter().map(|part| self.guard(part)).collect()),
            Checked::Not(part) => Checked::Not(Box::new(self.guard(*part))),
            Checked::Test(test) => self.guard_test(*test),
        }
    }

    fn guard_test(&self, test: CheckedTest) -> Checked {
        let mut closed = vec![self.readable_at(&test.reach)];
        if let CheckedOperand::Field(reach, _) = &test.operand {
            closed.push(self.readable_at(reach));
        }
        // A list that goes by a live formula goes by what that reads.
        if test.reach.hops.is_empty() && test.reach.subform().is_none() {
            let read = computed_of(&test.kind);
            closed.extend(read.iter().map(|field| self.readable_at(&Reach::own(field))));
        }
        closed.retain(|readable| *readable != Checked::always());
        let on_empty = match test.op {
            Operator::Ne
            | Operator::NotIn
            | Operator::NotContains
            | Operator::HasNone
            | Operator::IsEmpty => Checked::always(),
            Operator::Eq
            | Operator::Gt
            | Operator::Gte
            | Operator::Lt
            | Operator::Lte
            | Operator::Between
            | Operator::In
            | Operator::Contains
            | Operator::StartsWith
            | Operator::EndsWith
            | Operator::NotEmpty
            | Operator::HasAny
            | Operator::HasAll
            | Operator::Within => Checked::Any(Vec::new()),
        };
        if closed.is_empty() {
            return Checked::Test(Box::new(test));
        }
        let readable = Checked::All(closed);
        let tested = Checked::All(vec![readable.clone(), Checked::Test(Box::new(test))]);
        let hidden = Checked::All(vec![Checked::Not(Box::new(readable)), on_empty]);
        Checked::Any(vec![tested, hidden])
    }

    /// Whether the field is readable on every record that can be seen.
    fn is_open(&self, path: &str) -> bool {
        let Some(grants) = self.grants() else { return true };
        let viewing: Vec<_> = grants.iter().filter(|grant| grant.may(Operation::View)).collect();
        !viewing.is_empty() && viewing.iter().all(|grant| grant.right(path) >= FieldRight::Read)
    }
}

/// The rows of any of the groups; `None` without a group.
fn either<'g>(grants: impl Iterator<Item = &'g Grant>) -> Option<Checked> {
    let mut rows: Vec<Checked> = grants.map(|grant| grant.rows().clone()).collect();
    if rows.contains(&Checked::always()) {
        return Some(Checked::always());
    }
    match rows.len() {
        0 => None,
        1 => rows.pop(),
        _ => Some(Checked::Any(rows)),
    }
}

#[cfg(test)]
mod explain_tests;
#[cfg(test)]
mod tests;

//! Why somebody may or may not do something with a record: group by group, down to the comparison that decides.
//!
//! It says the same as [`Access`](super::Access), which is what counts: a test holds the two against each other.

use super::{FieldRight, Grant, Operation, PermissionGroup};
use crate::condition::{Checked, CheckedTest, Source};
use crate::context::Context;
use crate::value::Value;

/// What is asked about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// Whether something may be done with it.
    Operation(Operation),
    /// Whether a field or column of it may be read, or edited.
    Field(&'a str, FieldRight),
}

/// A group of the form, and whether it is about the person.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'c> {
    pub group: &'c PermissionGroup,
    /// Nothing where it no longer fits the form: then it grants nothing.
    pub grant: Option<&'c Grant>,
    /// Whether its `who` names the person.
    pub is_named: bool,
}

/// What a group has to do with the answer. The order is that in which people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It allows it.
    Allows,
    /// It would, but the record does not lie in its rows.
    OutsideRows,
    /// It names the person and does not have the operation.
    LacksOperation,
    /// It names the person and gives less of the field.
    LacksField(FieldRight),
    /// It no longer fits the form.
    Broken,
    /// It is switched off.
    Disabled,
    /// It does not name the person.
    NotNamed,
}

/// One group with what was found.
#[derive(Clone, Debug)]
pub struct Reason<'c> {
    pub group: &'c PermissionGroup,
    pub finding: Finding,
    /// Its rows held against the record, where it names the person; nothing for one about all records.
    pub rows: Option<Part>,
}

/// The answer: whether it is allowed, and what each group has to do with it.
#[derive(Clone, Debug)]
pub struct Answer<'c> {
    pub is_allowed: bool,
    pub reasons: Vec<Reason<'c>>,
}

/// A part of the rows of a group, held against a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub holds: bool,
    pub what: What,
}

/// What the part is.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    All(Vec<Part>),
    Any(Vec<Part>),
    Not(Box<Part>),
    /// A comparison, and what it found in the record: one value, or one for each row.
    Test(Box<CheckedTest>, Vec<Value>),
}

/// What each group of the form has to do with the question, those that allow it first.
pub fn explain<'c>(
    candidates: &[Candidate<'c>],
    asked: Asked<'_>,
    record: &dyn Source,
    context: &Context,
) -> Answer<'c> {
    let mut reasons: Vec<Reason<'c>> =
        candidates.iter().map(|candidate| candidate.reason(asked, record, context)).collect();
    reasons.sort_by_key(|reason| reason.finding);
    Answer { is_allowed: reasons.iter().any(|reason| reason.finding == Finding::Allows), reasons }
}

impl<'c> Candidate<'c> {
    fn reason(&self, asked: Asked<'_>, record: &dyn Source, context: &Context) -> Reason<'c> {
        let group = self.group;
        let without_rows = |finding| Reason { group, finding, rows: None };
        if !group.enabled {
            return without_rows(Finding::Disabled);
        }
        if !self.is_named {
            return without_rows(Finding::NotNamed);
        }
        let Some(grant) = self.grant else { return without_rows(Finding::Broken) };
        let rows = Part::of(grant.rows(), record, context);
        let finding = match asked {
            Asked::Operation(operation) if !grant.may(operation) => Finding::LacksOperation,
            Asked::Field(path, right) if grant.right(path) < right => Finding::LacksField(grant.right(path)),
            Asked::Operation(_) | Asked::Field(..) if rows.holds => Finding::Allows,
            Asked::Operation(_) | Asked::Field(..) => Finding::OutsideRows,
        };
        let rows = (*grant.rows() != Checked::always()).then_some(rows);
        Reason { group, finding, rows }
    }
}

impl Part {
    /// A condition held against a record, part by part.
    pub fn of(condition: &Checked, record: &dyn Source, context: &Context) -> Part {
        let each = |parts: &[Checked]| parts.iter().map(|part| Part::of(part, record, context)).collect();
        let what = match condition {
            Checked::All(parts) => What::All(each(parts)),
            Checked::Any(parts) => What::Any(each(parts)),
            Checked::Not(part) => What::Not(Box::new(Part::of(part, record, context))),
            Checked::Test(test) => {
                let found = match test.reach.rows {
                    Some(_) => record.row_values(&test.reach),
                    None => vec![record.value(&test.reach)],
                };
                What::Test(test.clone(), found)
            }
        };
        Part { holds: condition.holds(record, context), what }
    }

    /// Whether a part of this one made it what it is: of all, those that fail where it fails; of any, those that hold
    /// where it holds.
    pub fn is_decided_by(&self, part: &Part) -> bool {
        match &self.what {
            What::All(_) | What::Any(_) => part.holds == self.holds,
            What::Not(_) => true,
            What::Test(..) => false,
        }
    }

    /// The parts inside.
    pub fn parts(&self) -> &[Part] {
        match &self.what {
            What::All(parts) | What::Any(parts) => parts,
            What::Not(part) => std::slice::from_ref(part),
            What::Test(..) => &[],
        }
    }
}

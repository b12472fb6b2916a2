//! What changes for somebody when their groups change: which records they gain and lose, for each thing that can be done
//! with them and for each field.

use super::{Access, FieldRight, Operation, either};
use crate::condition::Checked;

/// Something that is gained or lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    Operation(Operation),
    /// Reading, or editing, a field or column of records that may be viewed, or edited.
    Field(String, FieldRight),
}

/// A right that is not the same before and after, with the records that it is about; `None` where it is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub right: Right,
    pub before: Option<Checked>,
    pub after: Option<Checked>,
}

impl Difference {
    /// The records on which the right is gained; `None` where there are none for sure.
    pub fn gained(&self) -> Option<Checked> {
        beyond(self.after.as_ref(), self.before.as_ref())
    }

    /// The records on which it is lost.
    pub fn lost(&self) -> Option<Checked> {
        beyond(self.before.as_ref(), self.after.as_ref())
    }

    /// Whether it is about records that are there. Of those that are yet to be made none can be counted.
    pub fn is_of_records(&self) -> bool {
        !matches!(self.right, Right::Operation(Operation::Create | Operation::Import))
    }
}

/// The records in the one and not in the other.
fn beyond(these: Option<&Checked>, those: Option<&Checked>) -> Option<Checked> {
    let these = these?.clone();
    match those {
        None => Some(these),
        Some(those) if *those == Checked::always() || *those == these => None,
        Some(those) => Some(these.and(Checked::Not(Box::new(those.clone())))),
    }
}

impl Access {
    /// What is gained and lost where this becomes `after`, over all operations and these fields and columns.
    pub fn differences<'p>(
        &self,
        after: &Access,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut compare = |right: Right, before: Option<Checked>, after: Option<Checked>| {
            if before != after {
                found.push(Difference { right, before, after });
            }
        };
        for operation in Operation::ALL {
            compare(Right::Operation(operation), self.rows(operation), after.rows(operation));
        }
        for path in paths {
            for right in [FieldRight::Read, FieldRight::Edit] {
                let of = |access: &Access| access.field_rows(path, right);
                compare(Right::Field(path.to_string(), right), of(self), of(after));
            }
        }
        found
    }

    /// The records of which the field may be read, or edited: those that may be viewed, or edited, and on which a group
    /// opens it.
    fn field_rows(&self, path: &str, right: FieldRight) -> Option<Checked> {
        let operation = if right == FieldRight::Edit { Operation::Edit } else { Operation::View };
        let rows = self.rows(operation)?;
        let Some(grants) = self.grants() else { return Some(rows) };
        let open = either(grants.iter().filter(|grant| grant.right(path) >= right))?;
        Some(if rows == open { rows } else { rows.and(open) })
    }
}

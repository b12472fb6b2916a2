//! What an index could do for a condition.

use engine::condition::{Checked, CheckedOperand, CheckedTest, Operator, Reach};
use engine::field::Shape;

use super::locate::{Reading, part_of};
use crate::table::{Part, Table};

/// The comparisons that every record of the answer must meet and that look at columns of the record itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    /// Compared with one value.
    pub(super) equal: Vec<Part>,
    /// Compared with bounds, or several values.
    pub(super) other: Vec<Part>,
    /// Whether there is nothing else in the condition: an index with these columns can answer it alone.
    pub(super) complete: bool,
    /// Whether one of the equal ones leaves few records: a link, a unique text.
    pub(super) selective: bool,
}

impl Terms {
    pub(super) fn of(condition: &Checked, table: &Table) -> Terms {
        let mut terms = Terms { complete: true, ..Terms::default() };
        terms.add(condition, table);
        terms
    }

    fn add(&mut self, condition: &Checked, table: &Table) {
        match condition {
            Checked::All(parts) => parts.iter().for_each(|part| self.add(part, table)),
            Checked::Test(test) => self.add_test(test, table),
            Checked::Any(_) | Checked::Not(_) => self.complete = false,
        }
    }

    fn add_test(&mut self, test: &CheckedTest, table: &Table) {
        let part = own_part(&test.reach, table, Reading::Stored);
        let Some(part) = part.filter(|_| !matches!(test.operand, CheckedOperand::Field(..))) else {
            self.complete = false;
            return;
        };
        match (test.op, &test.operand) {
            (Operator::Eq, CheckedOperand::Relative(..)) => self.other.push(part),
            (Operator::Eq, _) => {
                self.selective |= matches!(test.shape(), Shape::Ref | Shape::Text | Shape::Parts);
                self.equal.push(part);
            }
            (Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte, _)
            | (Operator::Between | Operator::Within | Operator::In, _)
            | (Operator::IsEmpty | Operator::NotEmpty | Operator::Ne | Operator::NotIn, _) => {
                self.other.push(part);
            }
            _ => self.complete = false,
        }
    }

    /// The columns of an index that answers the condition alone, equal ones first; `None` where none can.
    pub(super) fn covering(&self) -> Option<Vec<Part>> {
        self.complete.then(|| self.equal.iter().chain(&self.other).cloned().collect())
    }
}

/// The column of the record itself that a path names, if it is one, with texts looked at so.
pub(super) fn own_part(reach: &Reach, table: &Table, reading: Reading) -> Option<Part> {
    if !reach.hops.is_empty() || reach.subform().is_some() {
        return None;
    }
    if reach.field == "$created_at" {
        return Some(Part::CreatedAt);
    }
    let column = table.column(&reach.field)?;
    match column.shape {
        Shape::LongText | Shape::Markup | Shape::Rows | Shape::Nothing | Shape::Keys | Shape::Refs => None,
        // Reads as off where it was never set: the column as it is answers nothing.
        Shape::Bool => None,
        _ => Some(part_of(column, reading)),
    }
}

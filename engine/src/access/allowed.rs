//! What is allowed on one record: groups add up over those whose rows it lies in.

use super::{Access, FieldRight, Grant, Operation};
use crate::condition::{Checked, Reach, Source};
use crate::context::Context;

/// What an [`Access`] allows on one record, whose place in the rows of its groups was looked at once.
#[derive(Clone, Debug)]
pub struct Allowed<'a> {
    /// The groups in whose rows the record lies; none where nothing is closed.
    grants: Option<Vec<&'a Grant>>,
}

impl Allowed<'_> {
    /// Whether the operation is allowed on the record.
    pub fn may(&self, operation: Operation) -> bool {
        let Some(grants) = &self.grants else { return true };
        grants.iter().any(|grant| grant.may(operation))
    }

    /// The right on a field of the record.
    pub fn right(&self, path: &str) -> FieldRight {
        let Some(grants) = &self.grants else { return FieldRight::Edit };
        grants.iter().map(|grant| grant.right(path)).max().unwrap_or(FieldRight::None)
    }
}

impl Access {
    /// What is allowed on this record.
    pub fn on(&self, record: &dyn Source, context: &Context) -> Allowed<'_> {
        let holds = |grant: &&Grant| grant.rows().holds(record, context);
        Allowed { grants: self.grants().map(|grants| grants.iter().filter(holds).collect()) }
    }

    /// Whether what is allowed may differ from record to record.
    pub fn depends_on_record(&self) -> bool {
        self.grants().unwrap_or_default().iter().any(|grant| *grant.rows() != Checked::always())
    }

    /// Whether the same is allowed on every record that can be seen: nobody need look at each. So it is where all groups
    /// that show records show the same rows, and the others are about those or about all.
    pub fn is_alike_where_seen(&self) -> bool {
        let grants = self.grants().unwrap_or_default();
        let mut narrow = grants.iter().map(|grant| grant.rows()).filter(|rows| **rows != Checked::always());
        let Some(first) = narrow.next() else { return true };
        let mut showing = grants.iter().filter(|grant| grant.may(Operation::View));
        narrow.all(|rows| rows == first) && showing.all(|grant| grant.rows() == first)
    }

    /// What those groups show that allow an operation: who may do something with a record may view it.
    #[must_use]
    pub fn showing(&self, operation: Operation) -> Access {
        let Some(grants) = self.grants() else { return self.clone() };
        let grants = grants
            .iter()
            .filter(|grant| grant.may(operation))
            .map(|grant| grant.with(Operation::View))
            .collect();
        Access::granted(grants).seeing(self.linked.clone())
    }

    /// The same rights, where who may do something with a record views it: what is shown of records that come by
    /// [`Access::showing`] is read by this, since whether a field is alike on all that is seen depends on what is seen.
    #[must_use]
    pub fn viewing(&self, operation: Operation) -> Access {
        let Some(grants) = self.grants() else { return self.clone() };
        let viewing = |grant: &Grant| match grant.may(operation) {
            true => grant.with(Operation::View),
            false => grant.clone(),
        };
        Access::granted(grants.iter().map(viewing).collect()).seeing(self.linked.clone())
    }

    /// Every path that the rows of the groups read, through links or not.
    pub fn row_reads(&self) -> Vec<Reach> {
        self.grants().unwrap_or_default().iter().flat_map(|grant| grant.rows().reaches()).collect()
    }
}

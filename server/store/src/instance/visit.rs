//! Stays at the steps of flows: where requests wait, and for how long.

use engine::value::{Id, Timestamp};

use crate::connection::{Sql, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{MOST_ROWS, keyed, stored};

keyed! {
    /// How a stay goes on, or ended.
    pub enum VisitState {
        Active = "active",
        Passed = "passed",
        /// The request was sent back from here, by a return or a rejection.
        Returned = "returned",
        /// The request was rejected here, which ended it.
        Rejected = "rejected",
        /// What happened elsewhere ended it.
        Cancelled = "cancelled",
    }
}

stored! {
    /// One stay of an instance at a step. A step that is passed in the moment in which it is reached has none.
    pub struct StepVisit in "step_visit" by (workspace: Id, instance: Id, visit: i64) {
        pub form: Id,
        /// The version of the flow that the instance ran then.
        pub flow_version: i64,
        /// The key of the step in that version.
        pub step: String,
        pub state: VisitState,
        pub entered_at: Timestamp,
        pub left_at: Option<Timestamp>,
    }
}

impl StepVisit {
    /// Stores stays, new ones and such as have changed.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn put_all(tx: &mut Tx, rows: &[StepVisit]) -> Result<()> {
        for chunk in rows.chunks(MOST_ROWS) {
            let marks = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; chunk.len()].join(", ");
            let sql = format!(
                "INSERT INTO step_visit \
                 (workspace, instance, visit, form, flow_version, step, state, entered_at, left_at) \
                 VALUES {marks} ON CONFLICT (workspace, instance, visit) DO UPDATE SET \
                 flow_version = excluded.flow_version, step = excluded.step, state = excluded.state, \
                 entered_at = excluded.entered_at, left_at = excluded.left_at"
            );
            let mut values = Vec::new();
            for row in chunk {
                values.extend(args![row.workspace, row.instance, row.visit, row.form, row.flow_version]);
                values.extend(args![&row.step, row.state, row.entered_at, row.left_at]);
            }
            tx.execute(Sql::Template(sql), values).await?;
        }
        Ok(())
    }
}

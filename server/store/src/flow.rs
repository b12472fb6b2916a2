//! Flows of forms: a draft, the active version, and those before.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct FlowRow in "flow" by (workspace: Id, form: Id) {
        /// The version that new instances run; 0 for none.
        pub active: i64,
        /// The document that is being worked on.
        pub draft: String,
        /// Raised with every change: the draft's ETag.
        pub draft_version: i64,
    }
}

stored! {
    /// A flow as it was published. Never changed: running instances stay on theirs.
    pub struct FlowVersion in "flow_version" by (workspace: Id, form: Id, version: i64) {
        pub document: String,
        pub published_at: Timestamp,
        pub published_by: Option<Id>,
        /// Set once it was deleted: it is offered nowhere, and there for the requests that went by it.
        pub deleted_at: Option<Timestamp>,
    }
}

impl FlowRow {
    /// As `find`, keeping others from changing it until the transaction ends.
    pub async fn lock(tx: &mut Tx, workspace: Id, form: Id) -> Result<Option<FlowRow>> {
        let tail = format!("WHERE workspace = ? AND form = ?{}", tx.dialect().row_lock(false));
        FlowRow::one(tx, &tail, args![workspace, form]).await
    }

    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<FlowRow>> {
        FlowRow::all(db, "WHERE workspace = ? ORDER BY form", args![workspace]).await
    }
}

impl FlowVersion {
    /// The active ones of all forms.
    pub async fn in_force(db: &mut Reader, workspace: Id) -> Result<Vec<FlowVersion>> {
        let tail = "WHERE workspace = ? AND (form, version) IN \
                    (SELECT form, active FROM flow WHERE workspace = ?)";
        FlowVersion::all(db, tail, args![workspace, workspace]).await
    }

    /// Those that were not deleted, newest first.
    pub async fn list(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<FlowVersion>> {
        let tail = "WHERE workspace = ? AND form = ? AND deleted_at IS NULL ORDER BY version DESC";
        FlowVersion::all(db, tail, args![workspace, form]).await
    }

    /// Every one that requests went by or go by, newest first.
    pub async fn every(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<FlowVersion>> {
        let tail = "WHERE workspace = ? AND form = ? ORDER BY version DESC";
        FlowVersion::all(db, tail, args![workspace, form]).await
    }

    /// One that was not deleted.
    pub async fn offered(
        db: &mut Reader,
        workspace: Id,
        form: Id,
        version: i64,
    ) -> Result<Option<FlowVersion>> {
        let found = FlowVersion::find(db, workspace, form, version).await?;
        Ok(found.filter(|found| found.deleted_at.is_none()))
    }
}

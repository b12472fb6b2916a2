//! Files that people attached. Their bytes lie outside the database, under their hash.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct File in "file" by (workspace: Id, id: Id) {
        pub name: String,
        pub size: i64,

        pub media_type: String,
        /// Of its bytes, in hexadecimal.
        pub sha256: String,
        pub created_at: Timestamp,
        pub created_by: Option<Id>,
        /// The record that holds it, once one does: who may see that field of it may see the file.
        pub form: Option<Id>,
        pub record: Option<Id>,
        pub field: Option<String>,
    }
}

impl File {
    /// Those of `ids` that exist, in no order.
    pub async fn find_all(db: &mut Reader, workspace: Id, ids: &[Id]) -> Result<Vec<File>> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(File::find(db, workspace, *id).await?);
        }
        Ok(found)
    }

    /// Notes the record and the field that hold a file. False where another record or another field holds it already.
    pub async fn attach(
        tx: &mut Tx,
        workspace: Id,
        id: Id,
        form: Id,
        record: Id,
        field: &str,
    ) -> Result<bool> {
        let sql = "UPDATE file SET form = ?, record = ?, field = ? \
                   WHERE workspace = ? AND id = ? \
                   AND (record IS NULL OR (form = ? AND record = ? AND field = ?))";
        let values = args![form, record, field, workspace, id, form, record, field];
        Ok(tx.execute(sql, values).await? > 0)
    }

    /// Whether bytes with this hash are still needed.
    pub async fn is_used(db: &mut Reader, sha256: &str) -> Result<bool> {
        let row = db.fetch_optional("SELECT 1 FROM file WHERE sha256 = ? LIMIT 1", args![sha256]).await?;
        Ok(row.is_some())
    }
}

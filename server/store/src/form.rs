//! Forms: their drafts and published versions. What their records lie in is the business of `table`.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct FormRow in "form" by (workspace: Id, id: Id) {
        pub app: Id,
        pub key: String,
        /// The number of its record table; see [`next_number`].
        pub number: i64,
        /// A label as JSON, of the draft.
        pub label: String,
        pub icon: Option<String>,
        /// The published version; 0 before the first.
        pub version: i64,
        /// The document that is being worked on.
        pub draft: String,
        /// The version that the draft started from.
        pub draft_base: i64,
        /// Edits in the draft since then.
        pub draft_edits: i64,
        /// Raised with every edit: the draft's ETag.
        pub draft_version: i64,
        pub created_at: Timestamp,
        /// Set while it lies in the recycle bin.
        pub deleted_at: Option<Timestamp>,
    }
}

stored! {
    /// A definition as it was published. Never changed, but for its key where the form comes back from the bin under another one.
    pub struct FormVersion in "form_version" by (workspace: Id, form: Id, version: i64) {
        pub document: String,
        pub published_at: Timestamp,
        pub published_by: Option<Id>,
    }
}

impl FormRow {
    /// The forms of an app that are not in the bin, by id.
    pub async fn of_app(db: &mut Reader, workspace: Id, app: Id) -> Result<Vec<FormRow>> {
        let tail = "WHERE workspace = ? AND app = ? AND deleted_at IS NULL ORDER BY id";
        FormRow::all(db, tail, args![workspace, app]).await
    }

    /// All forms of a workspace that are not in the bin, by id.
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<FormRow>> {
        FormRow::all(db, "WHERE workspace = ? AND deleted_at IS NULL ORDER BY id", args![workspace]).await
    }

    /// Every form of an app, those in the recycle bin too.
    pub async fn all_of_app(db: &mut Reader, workspace: Id, app: Id) -> Result<Vec<FormRow>> {
        FormRow::all(db, "WHERE workspace = ? AND app = ? ORDER BY id", args![workspace, app]).await
    }

    pub async fn by_key(db: &mut Reader, workspace: Id, app: Id, key: &str) -> Result<Option<FormRow>> {
        let tail = "WHERE workspace = ? AND app = ? AND key = ? AND deleted_at IS NULL";
        FormRow::one(db, tail, args![workspace, app, key]).await
    }

    /// The published version of a form that is not in the bin, which nobody changes until the transaction ends: a
    /// save asks for it, so that no form is published in the midst of it.
    pub async fn hold_version(tx: &mut Tx, workspace: Id, id: Id) -> Result<Option<i64>> {
        let lock = tx.dialect().row_lock(true);
        let sql =
            format!("SELECT version FROM form WHERE workspace = ? AND id = ? AND deleted_at IS NULL{lock}");
        let row = tx.fetch_optional(Sql::Template(sql), args![workspace, id]).await?;
        row.map(|row| row.get(0)).transpose()
    }

    /// As `find`, keeping others from changing it until the transaction ends.
    pub async fn lock(tx: &mut Tx, workspace: Id, id: Id, shared: bool) -> Result<Option<FormRow>> {
        let lock = tx.dialect().row_lock(shared);
        let tail = format!("WHERE workspace = ? AND id = ?{lock}");
        FormRow::one(tx, &tail, args![workspace, id]).await
    }
}

impl FormVersion {
    /// Those in force, of all forms that are not in the bin.
    pub async fn in_force(db: &mut Reader, workspace: Id) -> Result<Vec<FormVersion>> {
        let tail = "WHERE workspace = ? AND (form, version) IN \
                    (SELECT id, version FROM form WHERE workspace = ? AND deleted_at IS NULL)";
        FormVersion::all(db, tail, args![workspace, workspace]).await
    }

    /// Newest first.
    pub async fn list(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<FormVersion>> {
        let tail = "WHERE workspace = ? AND form = ? ORDER BY version DESC";
        FormVersion::all(db, tail, args![workspace, form]).await
    }
}

/// The next number of the sequence `name`: `form` for record tables, `aggregate` for theirs.
pub async fn next_number(tx: &mut Tx, name: &str) -> Result<i64> {
    let sql = "INSERT INTO number_sequence (name, last) VALUES (?, 1) \
               ON CONFLICT (name) DO UPDATE SET last = number_sequence.last + 1 RETURNING last";
    tx.fetch_one(sql, args![name]).await?.get(0)
}

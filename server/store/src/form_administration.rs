//! Who administers a form without administering its app.

use engine::value::Id;

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct FormAdministration in "form_administration" by (workspace: Id, form: Id) {
        /// A JSON array, as of an app.
        pub admins: String,
        pub version: i64,
    }
}

impl FormAdministration {
    /// All of a workspace.
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<FormAdministration>> {
        FormAdministration::all(db, "WHERE workspace = ? ORDER BY form", args![workspace]).await
    }
}

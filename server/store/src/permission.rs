//! Permission groups of forms.

use engine::value::Id;

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct PermissionGroup in "permission_group" by (workspace: Id, id: Id) {
        pub form: Id,
        pub key: String,
        pub document: String,
        pub version: i64,
    }
}

impl PermissionGroup {
    pub async fn of_form(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<PermissionGroup>> {
        PermissionGroup::all(db, "WHERE workspace = ? AND form = ? ORDER BY id", args![workspace, form]).await
    }

    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<PermissionGroup>> {
        PermissionGroup::all(db, "WHERE workspace = ? ORDER BY form, id", args![workspace]).await
    }
}

//! Apps: forms, dashboards and people's rights that belong together.

use engine::value::{Id, Timestamp};

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct App in "app" by (workspace: Id, id: Id) {
        pub key: String,
        /// A label as JSON.
        pub label: String,
        pub icon: Option<String>,
        /// Who administers it: a JSON array.
        pub admins: String,
        pub created_at: Timestamp,
        /// Set while it lies in the recycle bin.
        pub deleted_at: Option<Timestamp>,
        pub version: i64,
    }
}

impl App {
    /// Those that are not in the bin, by id.
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<App>> {
        App::all(db, "WHERE workspace = ? AND deleted_at IS NULL ORDER BY id", args![workspace]).await
    }

    /// Those in the recycle bin, the last deleted first.
    pub async fn deleted(db: &mut Reader, workspace: Id) -> Result<Vec<App>> {
        let tail = "WHERE workspace = ? AND deleted_at IS NOT NULL ORDER BY deleted_at DESC, id";
        App::all(db, tail, args![workspace]).await
    }

    pub async fn by_key(db: &mut Reader, workspace: Id, key: &str) -> Result<Option<App>> {
        App::one(db, "WHERE workspace = ? AND key = ? AND deleted_at IS NULL", args![workspace, key]).await
    }
}

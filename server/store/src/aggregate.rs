//! Aggregate tables as they are designed. Their groups are the business of `groups`.

use engine::value::Id;

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct AggregateRow in "aggregate" by (workspace: Id, id: Id) {
        pub app: Id,
        pub key: String,
        /// The number of the table with its groups.
        pub number: i64,
        pub document: String,
        pub version: i64,
    }
}

impl AggregateRow {
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<AggregateRow>> {
        AggregateRow::all(db, "WHERE workspace = ? ORDER BY id", args![workspace]).await
    }

    pub async fn of_app(db: &mut Reader, workspace: Id, app: Id) -> Result<Vec<AggregateRow>> {
        AggregateRow::all(db, "WHERE workspace = ? AND app = ? ORDER BY id", args![workspace, app]).await
    }

    pub async fn by_key(db: &mut Reader, workspace: Id, app: Id, key: &str) -> Result<Option<AggregateRow>> {
        AggregateRow::one(db, "WHERE workspace = ? AND app = ? AND key = ?", args![workspace, app, key]).await
    }
}

//! What people say about a record.

use engine::value::{Id, Timestamp};

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Comment in "comment" by (workspace: Id, id: Id) {
        pub form: Id,
        pub record: Id,
        pub at: Timestamp,
        pub who: Id,
        pub text: String,
        /// JSON arrays of ids.
        pub mentions: String,
        pub files: String,
        /// When its writer changed it.
        pub edited_at: Option<Timestamp>,
    }
}

impl Comment {
    /// Newest first, from before `before` on.
    pub async fn of_record(
        db: &mut Reader,
        workspace: Id,
        form: Id,
        record: Id,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<Comment>> {
        let tail = "WHERE workspace = ? AND form = ? AND record = ? AND id < ? ORDER BY id DESC LIMIT ?";
        let before = before.map_or(i64::MAX, Id::as_i64);
        Comment::all(db, tail, args![workspace, form, record, before, limit]).await
    }
}

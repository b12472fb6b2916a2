//! Saved views of a form's records.

use engine::value::Id;

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::{keyed, stored};

keyed! {
    pub enum ViewScope {
        /// Seen by its owner alone.
        Own = "own",
        Shared = "shared",
        /// Shared, and kept from changes by others than its owner.
        Locked = "locked",
    }
}

stored! {
    pub struct SavedView in "saved_view" by (workspace: Id, id: Id) {
        pub form: Id,
        pub owner: Id,
        pub key: String,
        pub scope: ViewScope,
        pub document: String,
        pub version: i64,
    }
}

impl SavedView {
    /// What `member` sees of a form's views: their own, and those that are shared.
    pub async fn of_form(db: &mut Reader, workspace: Id, form: Id, member: Id) -> Result<Vec<SavedView>> {
        let tail = "WHERE workspace = ? AND form = ? AND (owner = ? OR scope <> 'own') ORDER BY id";
        SavedView::all(db, tail, args![workspace, form, member]).await
    }

    /// All views of a form, whoever they belong to.
    pub async fn all_of_form(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<SavedView>> {
        SavedView::all(db, "WHERE workspace = ? AND form = ? ORDER BY id", args![workspace, form]).await
    }
}

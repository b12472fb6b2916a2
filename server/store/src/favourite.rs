//! What members want at hand.

use engine::value::Id;

use crate::connection::{Reader, Sql};
use crate::error::Result;
use crate::row::args;
use crate::stored::{keyed, stored};

keyed! {
    pub enum FavouriteKind {
        App = "app",
        Form = "form",
        Dashboard = "dashboard",
        Report = "report",
    }
}

stored! {
    pub struct Favourite in "favourite" by (workspace: Id, id: Id) {
        pub member: Id,
        pub kind: FavouriteKind,
        /// The app that it is opened in.
        pub app: Id,
        /// Its id; a report's key.
        pub target: String,
    }
}

impl Favourite {
    /// Those of a member, oldest first.
    pub async fn of_member(db: &mut Reader, workspace: Id, member: Id) -> Result<Vec<Favourite>> {
        Favourite::all(db, "WHERE workspace = ? AND member = ? ORDER BY id", args![workspace, member]).await
    }

    /// How many members have a thing at hand, in one app or any.
    pub async fn count(
        db: &mut Reader,
        workspace: Id,
        kind: FavouriteKind,
        app: Option<Id>,
        target: &str,
    ) -> Result<i64> {
        let (condition, values) = match app {
            Some(app) => (" AND app = ?", args![workspace, kind, target, app]),
            None => ("", args![workspace, kind, target]),
        };
        let sql = format!(
            "SELECT count(*) FROM favourite WHERE workspace = ? AND kind = ? AND target = ?{condition}"
        );
        db.fetch_one(Sql::Template(sql), values).await?.get(0)
    }
}

//! Workspaces: who shares data with whom. An installation has one unless more are made on purpose.

use engine::text::Language;
use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::form::next_number;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Workspace in "workspace" by (id: Id) {
        pub name: String,
        /// What plain labels are written in, and what people get who chose nothing.
        pub language: Language,
        /// IANA name of the zone in which dates are counted.
        pub zone: String,
        /// ISO 4217 code of the base currency.
        pub currency: String,
        pub created_at: Timestamp,
    }
}

impl Workspace {
    /// Keeps others from making the first workspace until the transaction ends.
    pub async fn hold(tx: &mut Tx) -> Result<()> {
        // Its row is locked; the number itself is for nothing.
        next_number(tx, "workspace").await.map(drop)
    }

    /// All workspaces, oldest first.
    pub async fn list(db: &mut Reader) -> Result<Vec<Workspace>> {
        Workspace::all(db, "ORDER BY id", args![]).await
    }
}

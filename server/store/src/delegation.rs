//! Members who decide in the place of others for a while.

use engine::value::{Id, Timestamp};

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Delegation in "delegation" by (workspace: Id, id: Id) {
        /// In whose place …
        pub giver: Id,
        /// … who decides.
        pub receiver: Id,
        pub starts_at: Option<Timestamp>,
        /// The first moment at which it is over.
        pub ends_at: Option<Timestamp>,
        /// The forms whose flows it is for, as JSON; all where none is named.
        pub forms: String,
        pub created_by: Id,
        pub created_at: Timestamp,
    }
}

impl Delegation {
    /// All of a workspace, oldest first.
    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<Delegation>> {
        Delegation::all(db, "WHERE workspace = ? ORDER BY id", args![workspace]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn delegations_are_read_in_the_order_in_which_they_were_made() {
        on_both(async |store| {
            let [first, second] = [Some(at(5)), None].map(|starts_at| Delegation {
                workspace: ws(),
                id: ids::next(),
                giver: ids::next(),
                receiver: ids::next(),
                starts_at,
                ends_at: Some(at(9)),
                forms: "[]".into(),
                created_by: ids::next(),
                created_at: at(0),
            });
            let rows = [second.clone(), first.clone()];
            let gone = second.id;
            let done: Result<bool, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Delegation::insert_all(tx, &rows).await?;
                        Delegation::delete(tx, ws(), ids::next()).await
                    })
                })
                .await;
            assert_eq!(done, Ok(false));
            let mut db = store.read().await.unwrap();
            assert_eq!(Delegation::list(&mut db, ws()).await.unwrap(), [first.clone(), second]);
            drop(db);
            let done: Result<bool, Error> = store
                .write(move |tx| Box::pin(async move { Delegation::delete(tx, ws(), gone).await }))
                .await;
            assert_eq!(done, Ok(true));
            let mut db = store.read().await.unwrap();
            assert_eq!(Delegation::list(&mut db, ws()).await.unwrap(), [first]);
        })
        .await;
    }
}

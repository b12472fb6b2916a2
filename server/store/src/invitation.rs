//! Invitations: links by which a member joins. The link is known by its hash alone.

use engine::value::{Id, Timestamp};

use crate::connection::Tx;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Invitation in "invitation" by (hash: String) {
        pub workspace: Id,
        pub member: Id,
        /// The member's address when it was made.
        pub email: String,
        pub created_by: Id,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub used_at: Option<Timestamp>,
    }
}

impl Invitation {
    /// Uses it; whether nobody has before.
    pub async fn redeem(tx: &mut Tx, hash: &str, at: Timestamp) -> Result<bool> {
        let sql = "UPDATE invitation SET used_at = ? WHERE hash = ? AND used_at IS NULL";
        Ok(tx.execute(sql, args![at, hash]).await? > 0)
    }

    /// Removes those of a member that nobody has used; answers how many.
    pub async fn revoke(tx: &mut Tx, workspace: Id, member: Id) -> Result<u64> {
        let sql = "DELETE FROM invitation WHERE workspace = ? AND member = ? AND used_at IS NULL";
        tx.execute(sql, args![workspace, member]).await
    }

    /// Removes those whose time has long been over; answers how many.
    pub async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64> {
        tx.execute("DELETE FROM invitation WHERE expires_at <= ?", args![before]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_invitation_is_used_once_and_only_those_that_nobody_used_are_revoked() {
        on_both(async |store| {
            let who = ids::next();
            let done: Result<(bool, bool, u64, u64), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        for hash in ["a", "b", "c"] {
                            let invitation = Invitation {
                                hash: hash.into(),
                                workspace: ws(),
                                member: who,
                                email: "a@b".into(),
                                created_by: who,
                                created_at: at(0),
                                expires_at: at(10),
                                used_at: None,
                            };
                            invitation.insert(tx).await?;
                        }
                        let first = Invitation::redeem(tx, "a", at(1)).await?;
                        let second = Invitation::redeem(tx, "a", at(2)).await?;
                        let revoked = Invitation::revoke(tx, ws(), who).await?;
                        Ok((first, second, revoked, Invitation::purge(tx, at(10)).await?))
                    })
                })
                .await;
            assert_eq!(done, Ok((true, false, 2, 1)));
        })
        .await;
    }
}

//! Second steps of signing in: what an authenticator shares with us, and the codes for who has lost it.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct SecondFactor in "second_factor" by (workspace: Id, member: Id) {
        /// Sealed by who stores it.
        pub secret: String,
        /// Since when it is asked for; absent while it is being set up.
        pub confirmed_at: Option<Timestamp>,
        /// The last time step whose code was used.
        pub last_step: i64,
    }
}

impl SecondFactor {
    /// The members from whom it is asked.
    pub async fn members(db: &mut Reader, workspace: Id) -> Result<Vec<Id>> {
        let sql = "SELECT member FROM second_factor WHERE workspace = ? AND confirmed_at IS NOT NULL";
        let rows = db.fetch_all(sql, args![workspace]).await?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// All of them, of all workspaces.
    pub async fn everywhere(db: &mut Reader) -> Result<Vec<SecondFactor>> {
        SecondFactor::all(db, "ORDER BY workspace, member", args![]).await
    }

    /// Removes all of them, with all recovery codes; gives how many members had one.
    pub async fn forget_everywhere(tx: &mut Tx) -> Result<u64> {
        tx.execute("DELETE FROM recovery_code", args![]).await?;
        tx.execute("DELETE FROM second_factor", args![]).await
    }

    /// Uses up the code of a time step; false where it, or a later one, was used before.
    pub async fn use_step(tx: &mut Tx, workspace: Id, member: Id, step: i64) -> Result<bool> {
        let sql =
            "UPDATE second_factor SET last_step = ? WHERE workspace = ? AND member = ? AND last_step < ?";
        Ok(tx.execute(sql, args![step, workspace, member, step]).await? > 0)
    }
}

stored! {
    pub struct RecoveryCode in "recovery_code" by (workspace: Id, member: Id, hash: String) {}
}

impl RecoveryCode {
    /// How many a member has left.
    pub async fn count(db: &mut Reader, workspace: Id, member: Id) -> Result<i64> {
        let sql = "SELECT count(*) FROM recovery_code WHERE workspace = ? AND member = ?";
        db.fetch_one(sql, args![workspace, member]).await?.get(0)
    }

    /// Removes all of a member.
    pub async fn forget(tx: &mut Tx, workspace: Id, member: Id) -> Result<u64> {
        tx.execute("DELETE FROM recovery_code WHERE workspace = ? AND member = ?", args![workspace, member])
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_code_of_a_step_is_used_once() {
        on_both(async |store| {
            let who = ids::next();
            let used: Result<(Vec<bool>, bool, bool), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let factor = SecondFactor {
                            workspace: ws(),
                            member: who,
                            secret: "sealed".to_string(),
                            confirmed_at: Some(at(0)),
                            last_step: 0,
                        };
                        factor.insert(tx).await?;
                        let mut steps = Vec::new();
                        for step in [5, 5, 4, 6] {
                            steps.push(SecondFactor::use_step(tx, ws(), who, step).await?);
                        }
                        RecoveryCode { workspace: ws(), member: who, hash: "a".to_string() }
                            .insert(tx)
                            .await?;
                        let first = RecoveryCode::delete(tx, ws(), who, "a".to_string()).await?;
                        Ok((steps, first, RecoveryCode::delete(tx, ws(), who, "a".to_string()).await?))
                    })
                })
                .await;
            assert_eq!(used, Ok((vec![true, false, false, true], true, false)));
            let mut db = store.read().await.unwrap();
            assert_eq!(SecondFactor::members(&mut db, ws()).await.unwrap(), [who]);
        })
        .await;
    }
}

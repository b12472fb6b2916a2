//! Answers kept for requests that may be sent again (semantics.md 8).

use engine::value::{Id, Timestamp};

use crate::connection::Tx;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct Idempotency in "idempotency" by (workspace: Id, principal: Id, route: String, key: String) {
        /// Of the request's body: the same key with another body is a mistake.
        pub body_hash: String,
        pub status: i64,
        pub answer: String,
        pub created_at: Timestamp,
    }
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Never seen: do the work, and keep its answer in the same transaction.
    New,
    /// Done before: this is the answer.
    Answered(Idempotency),
    /// Used before for another body.
    Reused,
    /// The first request is still running.
    InProgress,
}

impl Idempotency {
    /// Looks a key up and, where several servers write at once, keeps others off it until the transaction ends.
    pub async fn claim(
        tx: &mut Tx,
        workspace: Id,
        principal: Id,
        route: &str,
        key: &str,
        body_hash: &str,
    ) -> Result<Claim> {
        if tx.dialect() == Dialect::Postgres {
            let sql = "SELECT CAST(pg_try_advisory_xact_lock(hashtextextended(?, ?)) AS INTEGER)";
            let name = format!("{route} {key}");
            let seed = workspace.as_i64() ^ principal.as_i64();
            if !tx.fetch_one(sql, args![name, seed]).await?.get::<bool>(0)? {
                return Ok(Claim::InProgress);
            }
        }
        let found = Idempotency::find(tx, workspace, principal, route.to_string(), key.to_string()).await?;
        Ok(match found {
            None => Claim::New,
            Some(kept) if kept.body_hash == body_hash => Claim::Answered(kept),
            Some(_) => Claim::Reused,
        })
    }

    /// Forgets what is older than `before`.
    pub async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64> {
        tx.execute("DELETE FROM idempotency WHERE created_at < ?", args![before]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_key_gives_its_first_answer_again() {
        on_both(async |store| {
            let principal = ids::next();
            let seen: Result<Vec<Claim>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let mut seen =
                            vec![Idempotency::claim(tx, ws(), principal, "POST /r", "k", "h").await?];
                        let kept = Idempotency {
                            workspace: ws(),
                            principal,
                            route: "POST /r".into(),
                            key: "k".into(),
                            body_hash: "h".into(),
                            status: 201,
                            answer: "{}".into(),
                            created_at: at(0),
                        };
                        kept.insert(tx).await?;
                        seen.push(Idempotency::claim(tx, ws(), principal, "POST /r", "k", "h").await?);
                        seen.push(Idempotency::claim(tx, ws(), principal, "POST /r", "k", "other").await?);
                        Idempotency::purge(tx, at(1)).await?;
                        seen.push(Idempotency::claim(tx, ws(), principal, "POST /r", "k", "other").await?);
                        Ok(seen)
                    })
                })
                .await;
            let seen = seen.unwrap();
            assert!(
                matches!(seen[..], [Claim::New, Claim::Answered(_), Claim::Reused, Claim::New]),
                "{seen:?}"
            );
        })
        .await;
    }
}

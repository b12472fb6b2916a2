//! Signed-in browsers. The cookie is known by its hash alone.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{keyed, stored};

keyed! {
    /// How a session was opened.
    pub enum Method {
        Password = "password",
        /// By an identity provider, which asks for second steps itself.
        Provider = "provider",
    }
}

stored! {
    pub struct Session in "session" by (hash: String) {
        pub workspace: Id,
        pub member: Id,
        pub created_at: Timestamp,
        pub seen_at: Timestamp,
        pub expires_at: Timestamp,
        pub ip: Option<String>,
        pub agent: Option<String>,
        pub method: Method,
        /// When its owner last showed who they are.
        pub confirmed_at: Timestamp,
    }
}

impl Session {
    /// Those of a member that have not ended, the last used first.
    pub async fn list(db: &mut Reader, workspace: Id, member: Id, now: Timestamp) -> Result<Vec<Session>> {
        let tail = "WHERE workspace = ? AND member = ? AND expires_at > ? ORDER BY seen_at DESC, hash";
        Session::all(db, tail, args![workspace, member, now]).await
    }

    /// Notes that its owner has shown who they are.
    pub async fn confirm(tx: &mut Tx, hash: &str, at: Timestamp) -> Result<()> {
        let sql = "UPDATE session SET confirmed_at = ? WHERE hash = ?";
        tx.execute(sql, args![at, hash]).await.map(drop)
    }

    /// Notes that it was used, and when it ends unless it is used again.
    pub async fn touch(tx: &mut Tx, hash: &str, seen_at: Timestamp, expires_at: Timestamp) -> Result<()> {
        let sql = "UPDATE session SET seen_at = ?, expires_at = ? WHERE hash = ?";
        tx.execute(sql, args![seen_at, expires_at, hash]).await.map(drop)
    }

    /// Ends all sessions of a member but `except`: after a new password, or when they leave.
    pub async fn end_all(tx: &mut Tx, workspace: Id, member: Id, except: Option<&str>) -> Result<u64> {
        let sql = "DELETE FROM session WHERE workspace = ? AND member = ? AND hash <> ?";
        tx.execute(sql, args![workspace, member, except.unwrap_or_default()]).await
    }

    /// Leaves a member only their `keep` newest sessions.
    pub async fn trim(tx: &mut Tx, workspace: Id, member: Id, keep: i64) -> Result<u64> {
        let sql = "DELETE FROM session WHERE workspace = ? AND member = ? AND hash NOT IN \
                   (SELECT hash FROM session WHERE workspace = ? AND member = ? ORDER BY seen_at DESC LIMIT ?)";
        tx.execute(sql, args![workspace, member, workspace, member, keep]).await
    }

    /// Removes what has expired; answers how many.
    pub async fn purge(tx: &mut Tx, now: Timestamp) -> Result<u64> {
        tx.execute("DELETE FROM session WHERE expires_at <= ?", args![now]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_member_keeps_the_newest_sessions() {
        on_both(async |store| {
            let who = ids::next();
            let left: Result<(u64, u64, u64), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        for number in 0..5 {
                            let session = Session {
                                hash: number.to_string(),
                                workspace: ws(),
                                member: who,
                                created_at: at(0),
                                seen_at: at(number),
                                expires_at: at(100 + number),
                                ip: None,
                                agent: None,
                                method: Method::Password,
                                confirmed_at: at(0),
                            };
                            session.insert(tx).await?;
                        }
                        Session::touch(tx, "0", at(50), at(150)).await?;
                        Ok((
                            Session::trim(tx, ws(), who, 3).await?,
                            Session::purge(tx, at(103)).await?,
                            Session::end_all(tx, ws(), who, Some("0")).await?,
                        ))
                    })
                })
                .await;
            assert_eq!(left, Ok((2, 1, 1)));
        })
        .await;
    }
}

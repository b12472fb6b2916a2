//! Which instances of flows have to be looked at when: the scheduler's list.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{MOST_ROWS, stored};

stored! {
    /// An instance that waits for a moment.
    pub struct Due in "flow_due" by (workspace: Id, instance: Id) {
        pub due_at: Timestamp,
        /// Until when a server has taken it; afterwards another may.
        pub taken_until: Option<Timestamp>,
    }
}

impl Due {
    /// Notes the moment at which an instance has to be looked at next; none takes it off the list. Nobody has taken it from
    /// then on.
    pub async fn set(tx: &mut Tx, workspace: Id, instance: Id, at: Option<Timestamp>) -> Result<()> {
        let Some(at) = at else { return Due::delete(tx, workspace, instance).await.map(drop) };
        let sql = "INSERT INTO flow_due (workspace, instance, due_at, taken_until) VALUES (?, ?, ?, NULL) \
                   ON CONFLICT (workspace, instance) DO UPDATE SET due_at = excluded.due_at, taken_until = NULL";
        tx.execute(sql, args![workspace, instance, at]).await.map(drop)
    }

    /// Up to `limit` of those that are due, what fell due first before the others, whoever has taken them.
    pub async fn list(db: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<Due>> {
        let tail = "WHERE due_at <= ? ORDER BY due_at, workspace, instance LIMIT ?";
        Due::all(db, tail, args![now, limit]).await
    }

    /// Takes up to `limit` of those that are due and that nobody has, what fell due first before the others: until `until`
    /// no other server gets them.
    pub async fn take(tx: &mut Tx, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Due>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!(
            "WHERE due_at <= ? AND (taken_until IS NULL OR taken_until < ?) \
             ORDER BY due_at, workspace, instance LIMIT ?{lock}"
        );
        let mut taken = Due::all(tx, &tail, args![now, now, limit]).await?;
        for some in taken.chunks(MOST_ROWS) {
            let marks = vec!["(?, ?)"; some.len()].join(", ");
            let sql = format!(
                "UPDATE flow_due SET taken_until = ? WHERE (workspace, instance) IN (VALUES {marks})"
            );
            let keys = some.iter().flat_map(|due| args![due.workspace, due.instance]);
            tx.execute(Sql::Template(sql), args![until].into_iter().chain(keys).collect()).await?;
        }
        taken.iter_mut().for_each(|due| due.taken_until = Some(until));
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_due_is_taken_by_one_server_until_its_time_is_over() {
        on_both(async |store| {
            let [late, later, early] = [ids::next(), ids::next(), ids::next()];
            let found: Result<Vec<Vec<Id>>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        for (instance, moment) in [(late, 5), (later, 9), (early, 50)] {
                            Due::set(tx, ws(), instance, Some(at(moment))).await?;
                        }
                        // One moment of an instance takes the place of another.
                        Due::set(tx, ws(), late, Some(at(6))).await?;
                        let mut found = Vec::new();
                        found.push(Due::take(tx, at(10), at(40), 1).await?);
                        found.push(Due::take(tx, at(10), at(40), 9).await?);
                        found.push(Due::take(tx, at(11), at(40), 9).await?);
                        found.push(Due::list(tx, at(11), 9).await?);
                        found.push(Due::take(tx, at(41), at(80), 9).await?);
                        Due::set(tx, ws(), late, None).await?;
                        Due::set(tx, ws(), later, Some(at(12))).await?;
                        found.push(Due::take(tx, at(42), at(80), 9).await?);
                        let instances = |some: Vec<Due>| some.into_iter().map(|due| due.instance).collect();
                        Ok(found.into_iter().map(instances).collect())
                    })
                })
                .await;
            let expected =
                [vec![late], vec![later], vec![], vec![late, later], vec![late, later], vec![later]];
            assert_eq!(found, Ok(expected.to_vec()));
        })
        .await;
    }

    /// A server whose clock is an hour ahead looks at it too early; by any other it is not late for that.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn k7_what_a_clock_ahead_has_taken_and_put_back_comes_at_its_time() {
        on_both(async |store| {
            let one = ids::next();
            let found: Result<Vec<usize>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Due::set(tx, ws(), one, Some(at(50))).await?;
                        let ahead = Due::take(tx, at(3_600), at(3_660), 9).await?;
                        let meanwhile = Due::take(tx, at(51), at(111), 9).await?;
                        Due::set(tx, ws(), one, Some(at(60))).await?;
                        let early = Due::take(tx, at(59), at(119), 9).await?;
                        let in_time = Due::take(tx, at(61), at(121), 9).await?;
                        Ok(vec![ahead.len(), meanwhile.len(), early.len(), in_time.len()])
                    })
                })
                .await;
            assert_eq!(found, Ok(vec![1, 0, 0, 1]));
        })
        .await;
    }
}

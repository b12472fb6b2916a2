//! Calls of flows to other systems, from the transaction that writes them to their last answer.

use engine::value::{Id, Timestamp};

use crate::call_receiver::CallReceiver;
use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

/// It is still to be sent, or to be tried again.
pub const WAITING: &str = "waiting";
/// The other system has taken it.
pub const SENT: &str = "sent";
/// It is tried no more, unless somebody says so.
pub const DEAD: &str = "dead";
/// It waits until the calls of its step are switched on again.
pub const HELD: &str = "held";

stored! {
    pub struct FlowCall in "flow_call" by (workspace: Id, id: Id) {
        pub app: Id,
        pub form: Id,
        pub record: Id,
        pub instance: Id,
        /// The stay at its step.
        pub visit: i64,
        pub step: String,
        pub method: String,
        pub url: String,
        pub host: String,
        /// As JSON, without what a secret adds.
        pub headers: String,
        pub body: Option<String>,
        /// The name of the secret of the app.
        pub secret: Option<String>,
        pub state: String,
        pub attempts: i64,
        pub created_at: Timestamp,
        /// When to try (again).
        pub due_at: Timestamp,
        pub tried_at: Option<Timestamp>,
        pub status: Option<i64>,
        /// The beginning of the last answer, or why there is none.
        pub answer: Option<String>,
    }
}

impl FlowCall {
    /// Whether one is to be sent now.
    pub async fn is_due(db: &mut Reader, now: Timestamp) -> Result<bool> {
        let sql = "SELECT 1 FROM flow_call WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT 1";
        Ok(db.fetch_optional(sql, args![now]).await?.is_some())
    }

    /// Takes up to `limit` calls that are due, and puts them off until `until`: who took one settles it when it is answered, and
    /// if that never happens it comes again. A call waits for those about the same record that go to the same host before it, and
    /// is held back where those of its step are switched off.
    pub async fn take(tx: &mut Tx, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<FlowCall>> {
        let lock = tx.dialect().skip_locked();
        let tail = format!("WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?{lock}");
        let mut due = FlowCall::all(tx, &tail, args![now, limit]).await?;
        due.sort_by_key(|call| call.id);
        let mut taken = Vec::new();
        for mut call in due {
            if CallReceiver::is_off(tx, call.workspace, call.form, &call.step).await? {
                call.state = HELD.to_string();
                call.update(tx).await?;
                continue;
            }
            match call.earlier(tx).await? {
                // It comes when that one is through, or has been tried again.
                Some(earlier) => {
                    call.due_at = earlier.due_at.max(until);
                    call.update(tx).await?;
                }
                None => {
                    call.due_at = until;
                    call.attempts += 1;
                    call.tried_at = Some(now);
                    call.update(tx).await?;
                    taken.push(call);
                }
            }
        }
        Ok(taken)
    }

    /// The last call about the same record that goes to the same host before it, and is not through.
    async fn earlier(&self, db: &mut Reader) -> Result<Option<FlowCall>> {
        let tail = "WHERE workspace = ? AND record = ? AND host = ? AND state = 'waiting' AND id < ? \
                    ORDER BY id DESC LIMIT 1";
        FlowCall::one(db, tail, args![self.workspace, self.record, &self.host, self.id]).await
    }

    /// Has those come now that have waited for a call which is through.
    pub async fn let_next(&self, tx: &mut Tx, now: Timestamp) -> Result<u64> {
        let sql = "UPDATE flow_call SET due_at = ? WHERE workspace = ? AND record = ? AND host = ? \
                   AND state = 'waiting' AND attempts = 0 AND due_at > ?";
        tx.execute(sql, args![now, self.workspace, self.record, &self.host, now]).await
    }

    /// Has all calls of a step come now that were held back.
    pub async fn let_held(tx: &mut Tx, workspace: Id, form: Id, step: &str, now: Timestamp) -> Result<u64> {
        let sql = "UPDATE flow_call SET state = 'waiting', attempts = 0, due_at = ? \
                   WHERE workspace = ? AND form = ? AND step = ? AND state = 'held'";
        tx.execute(sql, args![now, workspace, form, step]).await
    }

    /// When the newest call of an app but so many was written, and what was answered to it.
    pub async fn newest_but(
        db: &mut Reader,
        (workspace, app): (Id, Id),
        others: i64,
    ) -> Result<Option<(Timestamp, Option<String>)>> {
        let sql = "SELECT created_at, answer FROM flow_call WHERE workspace = ? AND app = ? \
                   ORDER BY id DESC LIMIT 1 OFFSET ?";
        let row = db.fetch_optional(sql, args![workspace, app, others]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// Those of an app, newest first, from before `before`; of one state alone where it is given.
    pub async fn of_app(
        db: &mut Reader,
        (workspace, app): (Id, Id),
        state: Option<&str>,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<FlowCall>> {
        let before = before.map_or(i64::MAX, Id::as_i64);
        match state {
            Some(state) => {
                let tail =
                    "WHERE workspace = ? AND app = ? AND id < ? AND state = ? ORDER BY id DESC LIMIT ?";
                FlowCall::all(db, tail, args![workspace, app, before, state, limit]).await
            }
            None => {
                let tail = "WHERE workspace = ? AND app = ? AND id < ? ORDER BY id DESC LIMIT ?";
                FlowCall::all(db, tail, args![workspace, app, before, limit]).await
            }
        }
    }

    /// Those of an instance, in their order.
    pub async fn of_instance(db: &mut Reader, workspace: Id, instance: Id) -> Result<Vec<FlowCall>> {
        let tail = "WHERE workspace = ? AND instance = ? ORDER BY id";
        FlowCall::all(db, tail, args![workspace, instance]).await
    }

    /// Removes up to `limit` calls that were written before a moment and wait no more.
    pub async fn purge(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
        let sql = "DELETE FROM flow_call WHERE (workspace, id) IN (SELECT workspace, id FROM flow_call \
                   WHERE created_at < ? AND state <> 'waiting' ORDER BY created_at LIMIT ?)";
        tx.execute(sql, args![before, limit]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    fn call(record: Id, host: &str) -> FlowCall {
        FlowCall {
            workspace: ws(),
            id: ids::next(),
            app: ids::next(),
            form: ids::next(),
            record,
            instance: ids::next(),
            visit: 1,
            step: "tell".into(),
            method: "POST".into(),
            url: format!("https://{host}/"),
            host: host.into(),
            headers: "[]".into(),
            body: Some("{}".into()),
            secret: None,
            state: WAITING.into(),
            attempts: 0,
            created_at: at(0),
            due_at: at(0),
            tried_at: None,
            status: None,
            answer: None,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn calls_come_in_the_order_of_their_record_and_host_until_they_are_settled() {
        on_both(async |store| {
            let (one, two) = (ids::next(), ids::next());
            let calls = [call(one, "a"), call(one, "a"), call(one, "b"), call(two, "a")];
            let stored = calls.clone();
            let done: Result<Vec<Vec<Id>>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        FlowCall::insert_all(tx, &stored).await?;
                        assert!(FlowCall::is_due(tx, at(0)).await?);
                        let ids = |taken: &[FlowCall]| taken.iter().map(|call| call.id).collect::<Vec<_>>();
                        let first = FlowCall::take(tx, at(1), at(60), 9).await?;
                        let again = FlowCall::take(tx, at(2), at(60), 9).await?;
                        // Nobody has settled them: they come again, with the same numbers.
                        let late = FlowCall::take(tx, at(61), at(120), 9).await?;
                        assert!(late.iter().all(|call| call.attempts == 2));
                        let mut through =
                            late.first().cloned().ok_or(Error::NotFound { what: "flow_call" })?;
                        through.state = SENT.into();
                        through.update(tx).await?;
                        through.let_next(tx, at(62)).await?;
                        let next = FlowCall::take(tx, at(62), at(120), 9).await?;
                        Ok(vec![ids(&first), ids(&again), ids(&late), ids(&next)])
                    })
                })
                .await;
            let [a, b, c, d] = calls.map(|call| call.id);
            assert_eq!(done.unwrap(), [vec![a, c, d], Vec::new(), vec![a, c, d], vec![b]]);
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn calls_of_a_step_that_is_switched_off_are_held_until_it_is_on() {
        on_both(async |store| {
            let (one, two) = (call(ids::next(), "a"), call(ids::next(), "a"));
            let other = FlowCall { step: "ask".into(), form: one.form, ..two.clone() };
            let (held, stored) = (one.clone(), [one.clone(), other.clone()]);
            let done: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        FlowCall::insert_all(tx, &stored).await?;
                        let (workspace, form, step) = (held.workspace, held.form, held.step.clone());
                        let off = CallReceiver { workspace, form, step, failures: 100, off_at: Some(at(0)) };
                        off.insert(tx).await?;
                        let taken = FlowCall::take(tx, at(1), at(60), 9).await?;
                        assert_eq!(taken.iter().map(|call| call.id).collect::<Vec<_>>(), [other.id]);
                        let known = FlowCall::find(tx, ws(), held.id).await?;
                        assert_eq!(known.map(|call| (call.state, call.attempts)), Some((HELD.into(), 0)));
                        CallReceiver::delete(tx, ws(), form, held.step.clone()).await?;
                        assert_eq!(FlowCall::let_held(tx, ws(), form, &held.step, at(2)).await?, 1);
                        let taken = FlowCall::take(tx, at(2), at(60), 9).await?;
                        assert_eq!(taken.iter().map(|call| call.id).collect::<Vec<_>>(), [held.id]);
                        let place = (ws(), held.app);
                        let newest = FlowCall::newest_but(tx, place, 0).await?;
                        assert_eq!(newest, Some((at(0), None)));
                        assert_eq!(FlowCall::newest_but(tx, place, 1).await?, None);
                        Ok(())
                    })
                })
                .await;
            done.unwrap();
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn calls_are_listed_by_app_and_instance_and_forgotten_when_they_are_through() {
        on_both(async |store| {
            let (record, app) = (ids::next(), ids::next());
            let rows = [call(record, "a"), call(record, "a")].map(|call| FlowCall { app, ..call });
            let dead = FlowCall { state: DEAD.into(), ..rows[0].clone() };
            let stored = [dead.clone(), rows[1].clone()];
            let gone: Result<u64, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        FlowCall::insert_all(tx, &stored).await?;
                        let all = FlowCall::of_app(tx, (ws(), app), None, None, 9).await?;
                        assert_eq!(all.len(), 2);
                        let some = FlowCall::of_app(tx, (ws(), app), Some(DEAD), None, 9).await?;
                        assert_eq!(some, stored[..1]);
                        let before = FlowCall::of_app(tx, (ws(), app), None, Some(all[0].id), 9).await?;
                        assert_eq!(before.len(), 1);
                        let own = FlowCall::of_instance(tx, ws(), stored[1].instance).await?;
                        assert_eq!(own, stored[1..]);
                        FlowCall::purge(tx, at(1), 9).await
                    })
                })
                .await;
            assert_eq!(gone, Ok(1), "what waits stays");
        })
        .await;
    }
}

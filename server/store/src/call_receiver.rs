//! Who takes the calls of steps of flows, as long as these fail: how often in a row, and since when none is sent any more.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct CallReceiver in "call_receiver" by (workspace: Id, form: Id, step: String) {
        /// Calls that have failed in a row.
        pub failures: i64,
        /// Since when calls of the step are held back.
        pub off_at: Option<Timestamp>,
    }
}

impl CallReceiver {
    /// Counts one more failure of a step's calls, and gives how it stands; others wait until the transaction ends.
    pub async fn fail(tx: &mut Tx, workspace: Id, form: Id, step: &str) -> Result<Option<CallReceiver>> {
        let sql = "INSERT INTO call_receiver (workspace, form, step, failures) VALUES (?, ?, ?, ?) \
                   ON CONFLICT (workspace, form, step) DO UPDATE SET failures = call_receiver.failures + 1";
        tx.execute(sql, args![workspace, form, step, 1_i64]).await?;
        CallReceiver::find(tx, workspace, form, step.to_string()).await
    }

    /// Whether calls of a step are held back.
    pub async fn is_off(db: &mut Reader, workspace: Id, form: Id, step: &str) -> Result<bool> {
        let found = CallReceiver::find(db, workspace, form, step.to_string()).await?;
        Ok(found.is_some_and(|receiver| receiver.off_at.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn failures_in_a_row_are_counted_for_each_step() {
        on_both(async |store| {
            let form = ids::next();
            let done: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        for failures in 1..=3 {
                            let told = CallReceiver::fail(tx, ws(), form, "tell").await?;
                            assert_eq!(told.map(|receiver| receiver.failures), Some(failures));
                        }
                        let other = CallReceiver::fail(tx, ws(), form, "ask").await?;
                        assert_eq!(other.map(|receiver| receiver.failures), Some(1));
                        assert!(!CallReceiver::is_off(tx, ws(), form, "tell").await?);
                        let off = CallReceiver {
                            workspace: ws(),
                            form,
                            step: "tell".into(),
                            failures: 3,
                            off_at: Some(at(1)),
                        };
                        off.update(tx).await?;
                        assert!(CallReceiver::is_off(tx, ws(), form, "tell").await?);
                        assert!(CallReceiver::delete(tx, ws(), form, "tell".into()).await?);
                        assert!(!CallReceiver::is_off(tx, ws(), form, "tell").await?);
                        Ok(())
                    })
                })
                .await;
            done.unwrap();
        })
        .await;
    }
}

//! What becomes of a transaction that PostgreSQL breaks off, because it and another wait for each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Barrier;

use super::{named, names};
use crate::Error;
use crate::testing::on_both;

/// What PostgreSQL says to the one that it breaks off.
const DEADLOCK: &str = "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$";

fn lock(number: u32) -> String {
    format!("SELECT pg_advisory_xact_lock({number})")
}

/// The one that is broken off is run again, once the other is through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_that_wait_for_each_other_both_succeed() {
    on_both(async |store| {
        if !store.is_shared() {
            return;
        }
        let (runs, both) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(2)));
        let crossing = [[1, 2], [2, 1]].map(|[first, second]| {
            let (store, runs, both) = (store.clone(), runs.clone(), both.clone());
            let has_met = Arc::new(AtomicBool::new(false));
            tokio::spawn(async move {
                let done: Result<(), Error> = store
                    .write(move |tx| {
                        Box::pin(async move {
                            runs.fetch_add(1, Ordering::Relaxed);
                            tx.batch(lock(first)).await?;
                            named("through").insert(tx).await?;
                            // Each has the lock that the other wants; who is run again comes later.
                            if !has_met.swap(true, Ordering::Relaxed) {
                                both.wait().await;
                            }
                            tx.batch(lock(second)).await
                        })
                    })
                    .await;
                done
            })
        });
        for one in crossing {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
        assert_eq!(names(store).await, ["through", "through"]);
        assert_eq!(runs.load(Ordering::Relaxed), 3, "one of them once more");
    })
    .await;
}

/// Five times once more, and not for ever; of what was broken off nothing stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_meets_a_deadlock_each_time_is_told_that_the_database_is_busy() {
    on_both(async |store| {
        if !store.is_shared() {
            return;
        }
        let after = async |deadlocks: usize| {
            let runs = Arc::new(AtomicUsize::new(0));
            let counted = runs.clone();
            let done: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let before = counted.fetch_add(1, Ordering::Relaxed);
                        named("kept").insert(tx).await?;
                        if before < deadlocks { tx.batch(DEADLOCK).await } else { Ok(()) }
                    })
                })
                .await;
            (done, runs.load(Ordering::Relaxed))
        };
        assert_eq!(after(5).await, (Ok(()), 6));
        assert_eq!(names(store).await, ["kept"]);
        assert_eq!(after(usize::MAX).await, (Err(Error::Busy), 6));
        assert_eq!(names(store).await, ["kept"]);
    })
    .await;
}

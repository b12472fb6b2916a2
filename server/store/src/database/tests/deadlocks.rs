//! What becomes of a transaction that PostgreSQL breaks off, because it and another wait for each other, or it for another for too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

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

/// Who waits for a lock for longer than one statement may is run again, while there is hope; the one who has it is not disturbed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_a_lock_is_run_again_until_it_is_free() {
    on_both(async |store| {
        if !store.is_shared() {
            return;
        }
        let (begun, wait) = tokio::sync::oneshot::channel::<()>();
        let begun = Arc::new(std::sync::Mutex::new(Some(begun)));
        let holder = store.clone();
        let first = tokio::spawn(async move {
            let done: Result<(), Error> = holder
                .write(move |tx| {
                    let begun = begun.clone();
                    Box::pin(async move {
                        tx.batch(lock(3)).await?;
                        if let Some(begun) = begun.lock().unwrap().take() {
                            begun.send(()).unwrap();
                        }
                        tokio::time::sleep(Duration::from_millis(2500)).await;
                        Ok(())
                    })
                })
                .await;
            done
        });
        wait.await.unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let second: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    counted.fetch_add(1, Ordering::Relaxed);
                    named("waited").insert(tx).await?;
                    tx.batch(lock(3)).await
                })
            })
            .await;
        assert_eq!((second, first.await.unwrap()), (Ok(()), Ok(())));
        assert_eq!(runs.load(Ordering::Relaxed), 2, "what took two seconds was given up, and run once more");
        assert_eq!(names(store).await, ["waited"]);
    })
    .await;
}

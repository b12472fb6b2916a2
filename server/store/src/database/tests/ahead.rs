//! What is put ahead, and what a refusal in a group costs the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{named, names};
use crate::Error;
use crate::connection::Sql;
use crate::testing::on_both;
use crate::workspace::Workspace;

/// What is put ahead goes with the next statement, is there when that is read, and is undone with its job.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_ahead_belongs_to_its_transaction() {
    on_both(async |store| {
        let done: Result<usize, Error> = store
            .write(|tx| {
                Box::pin(async move {
                    Workspace::insert_ahead(tx, &[named("a"), named("b")]).await?;
                    Ok(Workspace::list(tx).await?.len())
                })
            })
            .await;
        assert_eq!(done, Ok(2));
        let refused: Result<(), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    Workspace::insert_ahead(tx, &[named("c")]).await?;
                    Err(Error::NotFound { what: "patience" })
                })
            })
            .await;
        assert!(refused.is_err());
        // The last of a transaction goes with its commit.
        let last: Result<(), Error> =
            store.write(|tx| Box::pin(async move { Workspace::insert_ahead(tx, &[named("d")]).await })).await;
        assert_eq!(last, Ok(()));
        let mut stored = names(store).await;
        stored.sort();
        assert_eq!(stored, ["a", "b", "d"]);
    })
    .await;
}

/// A statement that was put ahead and fails takes its own job along, and no other of the group.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_of_what_was_put_ahead_meets_its_own_job() {
    crate::testing::on_sqlite(async |store| {
        let slow = store.clone();
        let slow = tokio::spawn(async move {
            let done: Result<(), Error> = slow
                .write(|_| {
                    Box::pin(async {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                        Ok(())
                    })
                })
                .await;
            done
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let jobs: Vec<_> = (0..6)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let new = named(&number.to_string());
                    // The fourth names one workspace twice.
                    let rows = if number == 3 { vec![new.clone(), new] } else { vec![new] };
                    let done: Result<(), Error> = store
                        .write(|tx| Box::pin(async move { Workspace::insert_ahead(tx, &rows).await }))
                        .await;
                    (number, done)
                })
            })
            .collect();
        slow.await.unwrap().unwrap();
        for job in jobs {
            let (number, done) = job.await.unwrap();
            assert_eq!(done.is_ok(), number != 3, "{number}: {done:?}");
        }
        let mut stored = names(store).await;
        stored.sort();
        assert_eq!(stored, ["0", "1", "2", "4", "5"]);
    })
    .await;
}

/// Who refuses after having read, or put something ahead, takes nothing of others along, and nobody runs again for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_that_wrote_nothing_makes_nobody_run_again() {
    crate::testing::on_sqlite(async |store| {
        let slow = store.clone();
        let slow = tokio::spawn(async move {
            let done: Result<(), Error> = slow
                .write(|_| {
                    Box::pin(async {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                        Ok(())
                    })
                })
                .await;
            done
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let runs = Arc::new(AtomicUsize::new(0));
        let jobs: Vec<_> = (0..9)
            .map(|number| {
                let (store, runs) = (store.clone(), runs.clone());
                tokio::spawn(async move {
                    let done: Result<(), Error> = store
                        .write(move |tx| {
                            Box::pin(async move {
                                runs.fetch_add(1, Ordering::Relaxed);
                                if number % 3 == 1 {
                                    Workspace::list(tx).await?;
                                }
                                Workspace::insert_ahead(tx, &[named(&number.to_string())]).await?;
                                match number % 3 {
                                    0 => Ok(()),
                                    _ => Err(Error::NotFound { what: "patience" }),
                                }
                            })
                        })
                        .await;
                    (number, done)
                })
            })
            .collect();
        slow.await.unwrap().unwrap();
        for job in jobs {
            let (number, done) = job.await.unwrap();
            assert_eq!(done.is_ok(), number % 3 == 0, "{number}: {done:?}");
        }
        assert_eq!(runs.load(Ordering::Relaxed), 9);
        let mut stored = names(store).await;
        stored.sort();
        assert_eq!(stored, ["0", "3", "6"]);
    })
    .await;
}

/// After a job that wrote and refused, the next ones get savepoints: what one of them wrote goes, and nobody runs again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_refusal_that_wrote_jobs_are_guarded() {
    crate::testing::on_sqlite(async |store| {
        let mut counted = Vec::new();
        for round in 0..2 {
            let slow = store.clone();
            let slow = tokio::spawn(async move {
                let done: Result<(), Error> = slow
                    .write(|_| {
                        Box::pin(async {
                            tokio::time::sleep(Duration::from_millis(200)).await;
                            Ok(())
                        })
                    })
                    .await;
                done
            });
            tokio::time::sleep(Duration::from_millis(50)).await;
            let runs = Arc::new(AtomicUsize::new(0));
            let jobs: Vec<_> = (0..6)
                .map(|number| {
                    let (store, runs) = (store.clone(), runs.clone());
                    tokio::spawn(async move {
                        let done: Result<(), Error> = store
                            .write(move |tx| {
                                Box::pin(async move {
                                    runs.fetch_add(1, Ordering::Relaxed);
                                    named(&format!("{round} {number}")).insert(tx).await?;
                                    match number {
                                        3 => Err(Error::NotFound { what: "patience" }),
                                        _ => Ok(()),
                                    }
                                })
                            })
                            .await;
                        (number, done)
                    })
                })
                .collect();
            slow.await.unwrap().unwrap();
            for job in jobs {
                let (number, done) = job.await.unwrap();
                assert_eq!(done.is_ok(), number != 3, "{number}: {done:?}");
            }
            counted.push(runs.load(Ordering::Relaxed));
        }
        assert!(counted[0] > 6, "the first time its group runs one by one: {counted:?}");
        assert_eq!(counted[1], 6, "the second time it has a savepoint");
        let stored = names(store).await;
        assert_eq!(stored.len(), 10);
        assert!(stored.iter().all(|name| !name.ends_with(" 3")));
    })
    .await;
}

/// Statements that go together are kept prepared; where the table of one has gone, it is refused, and the next write works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_has_gone_is_an_error_and_not_the_end() {
    crate::testing::on_sqlite(async |store| {
        let ask = async |table: &'static str| -> Result<usize, Error> {
            let asked = store.write(move |tx| {
                Box::pin(async move {
                    // The beginning of the transaction goes with this one: the next turn has the same text wherever it is.
                    tx.fetch_all("SELECT 1", Vec::new()).await?;
                    Workspace::insert_ahead(tx, &[named("kept")]).await?;
                    let rows = tx.fetch_all(Sql::from(format!("SELECT a FROM {table}")), Vec::new()).await?;
                    Ok(rows.len())
                })
            });
            tokio::time::timeout(Duration::from_secs(20), asked).await.expect("the writer is gone")
        };
        let batch = async |sql: &'static str, keep: bool| -> Result<(), Error> {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.batch(sql.to_owned()).await?;
                        if keep { Ok(()) } else { Err(Error::NotFound { what: "patience" }) }
                    })
                })
                .await
        };
        batch("CREATE TABLE gone (a INTEGER)", true).await.unwrap();
        for _ in 0..3 {
            assert_eq!(ask("gone").await, Ok(0));
        }
        batch("DROP TABLE gone", true).await.unwrap();
        for _ in 0..3 {
            assert!(ask("gone").await.is_err());
        }
        // What was defined and undone is gone too.
        assert!(batch("CREATE TABLE gone (a INTEGER)", false).await.is_err());
        assert!(ask("gone").await.is_err());
        // So is what was defined, used and could not be committed.
        let refused: Result<(), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    let sql = "CREATE TABLE gone (a INTEGER REFERENCES gone_too (a) DEFERRABLE INITIALLY DEFERRED); \
                        CREATE TABLE gone_too (a INTEGER PRIMARY KEY); INSERT INTO gone VALUES (1)";
                    tx.batch(sql.to_owned()).await?;
                    for _ in 0..3 {
                        Workspace::insert_ahead(tx, &[named("kept")]).await?;
                        tx.fetch_all(Sql::from("SELECT a FROM gone".to_owned()), Vec::new()).await?;
                    }
                    Ok(())
                })
            })
            .await;
        assert!(refused.is_err());
        assert!(ask("gone").await.is_err());
        batch("CREATE TABLE gone (a INTEGER)", true).await.unwrap();
        assert_eq!(ask("gone").await, Ok(0));
        assert_eq!(names(store).await.len(), 4);
    })
    .await;
}

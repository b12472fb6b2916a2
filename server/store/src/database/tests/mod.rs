//! What a transaction promises, on both databases.

mod ahead;
mod deadlocks;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::text::Language;
use engine::value::{Id, Timestamp};
use tokio::sync::Notify;

use crate::testing::on_both;
use crate::workspace::Workspace;
use crate::{Error, Store};

fn named(name: &str) -> Workspace {
    Workspace {
        id: crate::ids::next(),
        name: name.to_string(),
        language: Language::En,
        zone: "Asia/Shanghai".to_string(),
        currency: "CNY".to_string(),
        created_at: Timestamp::from_second(1_790_000_000).unwrap(),
    }
}

async fn insert(store: &Store, new: Workspace) -> Result<(), Error> {
    store.write(move |tx| Box::pin(async move { new.insert(tx).await })).await
}

async fn names(store: &Store) -> Vec<String> {
    let mut db = store.read().await.unwrap();
    Workspace::list(&mut db).await.unwrap().into_iter().map(|workspace| workspace.name).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_is_read_back() {
    on_both(async |store| {
        let new = named("甲公司");
        insert(store, new.clone()).await.unwrap();
        let mut db = store.read().await.unwrap();
        assert_eq!(Workspace::find(&mut db, new.id).await.unwrap(), Some(new));
        assert_eq!(Workspace::find(&mut db, Id::compose(1, 1)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_leaves_nothing_behind() {
    on_both(async |store| {
        let called = Arc::new(AtomicUsize::new(0));
        let count = called.clone();
        let refused: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    named("a").insert(tx).await?;
                    tx.on_commit(move || _ = count.fetch_add(1, Ordering::Relaxed));
                    Err(Error::NotFound { what: "patience" })
                })
            })
            .await;
        assert_eq!(refused, Err(Error::NotFound { what: "patience" }));
        assert_eq!(names(store).await, Vec::<String>::new());
        assert_eq!(called.load(Ordering::Relaxed), 0);
    })
    .await;
}

/// A failed statement dooms its transaction even when the work goes on as if nothing were wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_swallowed_error_is_not_committed() {
    on_both(async |store| {
        let first = named("a");
        insert(store, first.clone()).await.unwrap();
        let again = first.clone();
        let outcome: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    let _ = again.insert(tx).await;
                    let _ = named("b").insert(tx).await;
                    Ok(())
                })
            })
            .await;
        assert_eq!(outcome, Err(Error::Conflict { table: "workspace".into(), columns: vec!["id".into()] }));
        assert_eq!(names(store).await, ["a"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nested_refusal_undoes_its_own_part_alone() {
    on_both(async |store| {
        let first = named("a");
        let clash: Result<Result<(), Error>, Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    first.insert(tx).await?;
                    let again = first.clone();
                    let inner = tx
                        .nested(|tx| {
                            Box::pin(async move {
                                named("b").insert(tx).await?;
                                again.insert(tx).await
                            })
                        })
                        .await?;
                    named("c").insert(tx).await?;
                    Ok(inner)
                })
            })
            .await;
        assert!(matches!(clash, Ok(Err(Error::Conflict { .. }))), "{clash:?}");
        assert_eq!(names(store).await, ["a", "c"]);
    })
    .await;
}

/// What is only tried leaves nothing behind, and nobody who shares its transaction runs again for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_tried_is_undone_and_disturbs_nobody() {
    on_both(async |store| {
        let runs = Arc::new(AtomicUsize::new(0));
        let jobs = (0..100).map(|number: usize| {
            let (store, runs) = (store.clone(), runs.clone());
            tokio::spawn(async move {
                let outcome: Result<usize, Error> = store
                    .write(move |tx| {
                        Box::pin(async move {
                            runs.fetch_add(1, Ordering::Relaxed);
                            named("kept").insert(tx).await?;
                            let tried: Result<usize, Error> = tx
                                .tried(move |tx| {
                                    Box::pin(async move {
                                        named("tried").insert(tx).await?;
                                        Ok(number)
                                    })
                                })
                                .await?;
                            tried
                        })
                    })
                    .await;
                outcome
            })
        });
        for (number, job) in jobs.collect::<Vec<_>>().into_iter().enumerate() {
            assert_eq!(job.await.unwrap(), Ok(number));
        }
        assert_eq!(runs.load(Ordering::Relaxed), 100);
        let stored = names(store).await;
        assert!(stored.len() == 100 && stored.iter().all(|name| name == "kept"), "{stored:?}");
    })
    .await;
}

/// Many at once share commits; one that is refused and one that panics take no other along.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_of_a_group_do_not_touch_each_other() {
    on_both(async |store| {
        let called = Arc::new(AtomicUsize::new(0));
        let jobs = (0..200).map(|number| {
            let (store, called) = (store.clone(), called.clone());
            tokio::spawn(async move {
                let outcome: Result<usize, Error> = store
                    .write(move |tx| {
                        Box::pin(async move {
                            named(&number.to_string()).insert(tx).await?;
                            tx.on_commit(move || _ = called.fetch_add(1, Ordering::Relaxed));
                            match number % 10 {
                                3 => Err(Error::NotFound { what: "luck" }),
                                7 => panic!("on purpose"),
                                _ => Ok(number),
                            }
                        })
                    })
                    .await;
                (number, outcome)
            })
        });
        for job in jobs.collect::<Vec<_>>() {
            match job.await.unwrap() {
                (number, Ok(answer)) => assert_eq!(number, answer),
                (number, Err(Error::NotFound { .. })) => assert_eq!(number % 10, 3),
                (number, Err(Error::Panicked(_))) => assert_eq!(number % 10, 7),
                (_, Err(other)) => panic!("{other}"),
            }
        }
        let stored = names(store).await;
        assert_eq!(stored.len(), 160);
        assert_eq!(called.load(Ordering::Relaxed), 160);
        assert!(stored.iter().all(|name| !name.ends_with('3') && !name.ends_with('7')));
    })
    .await;
}

/// Finding F1 of the reliability page, K10: callers that go away cancel nothing and lose nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c05_a_caller_that_goes_away_cancels_nothing() {
    on_both(async |store| {
        let mut acknowledged = 0;
        for number in 0..200 {
            let aborted = tokio::spawn(insert_owned(store.clone(), format!("aborted {number}")));
            tokio::task::yield_now().await;
            aborted.abort();
            insert(store, named("kept")).await.unwrap();
            acknowledged += 1;
        }
        let kept = names(store).await.into_iter().filter(|name| name == "kept").count();
        assert_eq!(kept, acknowledged);
    })
    .await;
}

async fn insert_owned(store: Store, name: String) {
    let _ = insert(&store, named(&name)).await;
}

/// The same in the midst of a transaction: what has begun is carried to its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_caller_began_is_done_when_they_are_gone() {
    on_both(async |store| {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let caller = tokio::spawn(insert_when_told(store.clone(), begun.clone(), go_on.clone()));
        begun.notified().await;
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        go_on.notify_one();
        for _ in 0..500 {
            if !names(store).await.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(names(store).await, ["begun"]);
    })
    .await;
}

async fn insert_when_told(store: Store, begun: Arc<Notify>, go_on: Arc<Notify>) {
    let done: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(async move {
                named("begun").insert(tx).await?;
                begun.notify_one();
                go_on.notified().await;
                Ok(())
            })
        })
        .await;
    done.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_cannot_write() {
    on_both(async |store| {
        let mut db = store.read().await.unwrap();
        assert!(db.batch("DELETE FROM workspace").await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_store_refuses() {
    on_both(async |store| {
        let other = store.clone();
        other.close().await;
        assert!(matches!(insert(store, named("late")).await, Err(Error::Unavailable(_))));
        assert!(matches!(store.read().await, Err(Error::Unavailable(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_byte_is_found() {
    let folder = std::env::temp_dir().join(format!("formwork_test_damage_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("formwork.db");
    let settings = crate::Settings::new(crate::Database::Sqlite(path.clone()));
    let store = Store::open(&settings).await.unwrap();
    let marked = b"the one that is damaged";
    for number in 0..200 {
        let name =
            if number == 150 { String::from_utf8_lossy(marked).into_owned() } else { number.to_string() };
        insert(&store, named(&name)).await.unwrap();
    }
    assert_eq!(store.damage().await, Ok(Vec::new()));
    store.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    // A workspace in the middle of a page, where nothing else would notice. A page that was split may hold a copy of it
    // that is no longer in use, so every one is damaged.
    let places: Vec<usize> = (40..bytes.len()).filter(|at| bytes[*at..].starts_with(marked)).collect();
    assert!(!places.is_empty());
    for place in places {
        bytes[place - 40..place].fill(0xff);
    }
    std::fs::write(&path, bytes).unwrap();
    let found = match Store::open(&settings).await {
        Err(_) => true,
        Ok(store) => store.damage().await.map_or(true, |lines| !lines.is_empty()),
    };
    assert!(found);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A database that a newer program has migrated is left alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_and_a_changed_migration_are_refused() {
    for change in [
        "INSERT INTO schema_migration (number, name, checksum) VALUES (999, 'later', 'x')",
        "UPDATE schema_migration SET checksum = 'other' WHERE number = 1",
    ] {
        let folder =
            std::env::temp_dir().join(format!("formwork_test_newer_{}_{}", std::process::id(), change.len()));
        std::fs::create_dir_all(&folder).unwrap();
        let settings = crate::Settings::new(crate::Database::Sqlite(folder.join("formwork.db")));
        let store = Store::open(&settings).await.unwrap();
        let done: Result<(), Error> =
            store.write(move |tx| Box::pin(async move { tx.batch(change).await })).await;
        done.unwrap();
        store.close().await;
        assert!(matches!(Store::open(&settings).await, Err(Error::Incompatible(_))));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// Semantics page, section 8: the jobs of a group that can't be committed run once more, each alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_fails_to_commit_runs_again_one_by_one() {
    crate::testing::on_sqlite(async |store| {
        let made: Result<(), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    tx.batch(
                        "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent INTEGER \
                         REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
                    )
                    .await
                })
            })
            .await;
        made.unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        // A slow job holds the writer until the others wait together.
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
        let jobs: Vec<_> = (0..10)
            .map(|number| {
                let (store, runs) = (store.clone(), runs.clone());
                tokio::spawn(async move {
                    let done: Result<(), Error> = store
                        .write(move |tx| {
                            Box::pin(async move {
                                runs.fetch_add(1, Ordering::Relaxed);
                                named(&number.to_string()).insert(tx).await?;
                                if number == 4 {
                                    // Accepted now, refused by the commit.
                                    tx.execute("INSERT INTO child (parent) VALUES (1)", Vec::new()).await?;
                                }
                                Ok(())
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
            assert_eq!(done.is_ok(), number != 4, "{number}: {done:?}");
        }
        let stored = names(store).await;
        assert_eq!(stored.len(), 9);
        assert!(!stored.contains(&"4".to_string()));
        assert!(runs.load(Ordering::Relaxed) > 10, "nothing ran again");
    })
    .await;
}

/// A question that would take for ever is given up, and the connection goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t67_a_question_without_end_is_given_up() {
    on_both(async |store| {
        let mut db = store.read().await.unwrap();
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let started = std::time::Instant::now();
        assert_eq!(db.fetch_all(endless, Vec::new()).await.err(), Some(Error::Busy));
        assert!(started.elapsed() < Duration::from_secs(20));
        assert!(Workspace::list(&mut db).await.is_ok());
    })
    .await;
}

/// Reliability page, K6: servers that start together on a new database migrate it once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c29_servers_that_start_together_migrate_once() {
    let Some((settings, drop_database)) = crate::testing::new_postgres().await else { return };
    let opening: Vec<_> = (0..4)
        .map(|_| {
            let settings = settings.clone();
            tokio::spawn(async move { Store::open(&settings).await })
        })
        .collect();
    for opened in opening {
        opened.await.unwrap().unwrap().close().await;
    }
    drop_database.await;
}

/// A question that nobody waits for any more stops, and the next gets a connection that is free.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_was_given_up_holds_up_nobody() {
    crate::testing::on_sqlite(async |store| {
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        for _ in 0..20 {
            let mut db = store.read().await.unwrap();
            let patience = Duration::from_millis(20);
            assert!(tokio::time::timeout(patience, db.fetch_all(endless, Vec::new())).await.is_err());
            drop(db);
            let started = std::time::Instant::now();
            let mut db = store.read().await.unwrap();
            Workspace::list(&mut db).await.unwrap();
            assert!(started.elapsed() < Duration::from_secs(3));
        }
    })
    .await;
}

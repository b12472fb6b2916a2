//! Trails that were broken on purpose.

use super::*;
use crate::testing::{at, on_both, ws};
use crate::{Error, Store, ids};

fn audit(action: &str, second: i64) -> AuditEntry {
    let entry = AuditEntry {
        workspace: ws(),
        id: ids::next(),
        at: at(second),
        who: None,
        on_behalf_of: None,
        action: action.into(),
        object_kind: action.split('.').next().unwrap().into(),
        object: Some(ids::next()),
        label: Some("a".into()),
        path: Some("api".into()),
        ip: None,
        changes: None,
        request: Some("r-1".into()),
        hash: Vec::new(),
        seq: None,
        chain: None,
    };
    entry.hashed()
}

async fn put(store: &Store, entries: Vec<AuditEntry>) {
    let done: Result<(), Error> =
        store.write(move |tx| Box::pin(async move { AuditEntry::insert_all(tx, &entries).await })).await;
    done.unwrap();
}

async fn seal(store: &Store) -> usize {
    let sealed: Result<usize, Error> =
        store.write(|tx| Box::pin(async move { AuditEntry::seal(tx, ws(), 100).await })).await;
    sealed.unwrap()
}

async fn run(store: &Store, sql: &'static str) -> Result<(), Error> {
    store.write(move |tx| Box::pin(async move { tx.batch(sql).await })).await
}

async fn verified(store: &Store) -> Result<i64, (i64, Wrong)> {
    verified_of(store, ws()).await
}

async fn verified_of(store: &Store, workspace: Id) -> Result<i64, (i64, Wrong)> {
    let outcome = AuditEntry::verify(&mut store.read().await.unwrap(), workspace).await.unwrap();
    outcome.map(|head| head.seq).map_err(|wrong| (wrong.seq, wrong.wrong))
}

/// As somebody does who may change the schema.
async fn without_triggers(store: &Store, sql: &'static str) {
    let off = match store.is_shared() {
        true => "ALTER TABLE audit DISABLE TRIGGER USER",
        false => {
            "DROP TRIGGER IF EXISTS audit_stays; DROP TRIGGER IF EXISTS audit_is_sealed_once; \
             DROP TRIGGER IF EXISTS audit_is_not_replaced"
        }
    };
    run(store, off).await.unwrap();
    run(store, sql).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_sealed_in_their_order() {
    on_both(async |store| {
        put(store, (0..3).map(|_| audit("record.create", 0)).collect()).await;
        let mut db = store.read().await.unwrap();
        assert_eq!(AuditEntry::unsealed(&mut db).await.unwrap(), [ws()]);
        assert_eq!(AuditEntry::unsealed_since(&mut db, ws(), at(0)).await, Ok(0));
        assert_eq!(AuditEntry::unsealed_since(&mut db, ws(), at(60)).await, Ok(3));
        drop(db);
        let first: Result<usize, Error> =
            store.write(|tx| Box::pin(async move { AuditEntry::seal(tx, ws(), 2).await })).await;
        assert_eq!((first, seal(store).await, seal(store).await), (Ok(2), 1, 0));
        assert_eq!(verified(store).await, Ok(3));
        assert!(AuditEntry::unsealed(&mut store.read().await.unwrap()).await.unwrap().is_empty());
    })
    .await;
}

/// However long the trail is, only what has no seal is looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_is_not_looked_at_again() {
    on_both(async |store| {
        put(store, (0..2).map(|_| audit("record.create", 0)).collect()).await;
        if store.is_shared() {
            return;
        }
        for (columns, tail) in [("id, hash", "ORDER BY id LIMIT ?"), ("count(*)", "AND at < ?")] {
            let sql = open(Dialect::Sqlite, columns, tail);
            let mut db = store.read().await.unwrap();
            let plan = db.fetch_all(format!("EXPLAIN QUERY PLAN {sql}"), args![ws(), 9]).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|row| row.get(3).unwrap()).collect();
            assert_eq!(steps, ["SEARCH audit USING INDEX audit_open (workspace=?)"], "{sql}");
        }
    })
    .await;
}

/// The database refuses every change but the seal, whoever asks for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trail_takes_no_change() {
    on_both(async |store| {
        put(store, (0..3).map(|_| audit("record.create", 0)).collect()).await;
        seal(store).await;
        put(store, vec![audit("record.update", 1)]).await;
        let mut tries = vec![
            "UPDATE audit SET label = 'forged' WHERE seq = 1",
            "UPDATE audit SET seq = 99 WHERE seq = 1",
            "UPDATE audit SET chain = hash WHERE seq = 1",
            "UPDATE audit SET seq = NULL, chain = NULL WHERE seq = 1",
            "UPDATE audit SET label = 'forged' WHERE seq IS NULL",
            "UPDATE audit SET label = 'forged', seq = 4, chain = hash WHERE seq IS NULL",
            "UPDATE audit SET request = 'forged', seq = 4, chain = hash WHERE seq IS NULL",
            "UPDATE audit SET who = 5, seq = 4, chain = hash WHERE seq IS NULL",
            "DELETE FROM audit WHERE seq = 2",
            "DELETE FROM audit",
        ];
        if store.is_shared() {
            tries.push("TRUNCATE audit");
        } else {
            tries.push("INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1");
            tries.push("REPLACE INTO audit SELECT * FROM audit WHERE seq IS NULL");
        }
        for sql in tries {
            let refused = run(store, sql).await;
            let Err(Error::Failed(words)) = refused else { panic!("{sql}: {refused:?}") };
            assert!(words.contains("append-only"), "{sql}: {words}");
        }
        seal(store).await;
        assert_eq!(verified(store).await, Ok(4));
    })
    .await;
}

/// What somebody with all rights on the database does to it is found all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_audit_entry_is_found() {
    let tampers = [
        ("UPDATE audit SET label = 'forged' WHERE seq = 2", (2, Wrong::Content)),
        ("UPDATE audit SET at = at + 1 WHERE seq = 3", (3, Wrong::Content)),
        ("UPDATE audit SET who = 77 WHERE seq = 1", (1, Wrong::Content)),
        ("UPDATE audit SET action = 'record.purge' WHERE seq = 4", (4, Wrong::Content)),
        ("UPDATE audit SET request = 'r-2' WHERE seq = 4", (4, Wrong::Content)),
        ("UPDATE audit SET hash = chain WHERE seq = 2", (2, Wrong::Content)),
        ("UPDATE audit SET chain = hash WHERE seq = 2", (2, Wrong::Chain)),
        ("UPDATE audit SET seq = 9 WHERE seq = 4", (4, Wrong::Missing)),
        ("DELETE FROM audit WHERE seq = 1", (1, Wrong::Missing)),
        ("DELETE FROM audit WHERE seq = 3", (3, Wrong::Missing)),
        ("DELETE FROM audit WHERE seq = 4", (4, Wrong::Missing)),
        ("DELETE FROM audit WHERE seq > 0", (1, Wrong::Missing)),
        ("DELETE FROM audit_head WHERE seq > 0", (5, Wrong::Missing)),
        (
            "UPDATE audit_head SET chain = (SELECT hash FROM audit WHERE audit.seq = 1 \
             AND audit.workspace = audit_head.workspace) WHERE seq = 4",
            (4, Wrong::Chain),
        ),
    ];
    on_both(async |store| {
        without_triggers(store, "DELETE FROM audit WHERE seq = 0").await;
        for (place, (sql, expected)) in tampers.iter().enumerate() {
            // Each in a workspace of its own.
            let workspace = Id::compose(1_600_000_000_000, 1_000 + place as u32);
            let entries = (0..4).map(|second| AuditEntry { workspace, ..audit("record.create", second) });
            put(store, entries.map(AuditEntry::hashed).collect()).await;
            let sealed: Result<usize, Error> = store
                .write(move |tx| Box::pin(async move { AuditEntry::seal(tx, workspace, 100).await }))
                .await;
            assert_eq!((sealed, verified_of(store, workspace).await), (Ok(4), Ok(4)));
            let sql = format!("{sql} AND workspace = {}", workspace.as_i64());
            let done: Result<(), Error> = store
                .write(move |tx| {
                    let sql = sql.clone();
                    Box::pin(async move { tx.batch(sql).await })
                })
                .await;
            done.unwrap();
            assert_eq!(verified_of(store, workspace).await, Err(*expected), "{place}");
        }
    })
    .await;
}

/// While an installation is upgraded server by server, one that knows no heads seals beside one that does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_goes_on_where_an_earlier_version_ended() {
    on_both(async |store| {
        put(store, (0..2).map(|second| audit("record.create", second)).collect()).await;
        seal(store).await;
        put(store, vec![audit("record.update", 2)]).await;
        seal(store).await;
        run(store, "UPDATE audit_head SET seq = 2, chain = (SELECT chain FROM audit WHERE seq = 2)")
            .await
            .unwrap();
        assert_eq!(verified(store).await, Ok(3));
        put(store, vec![audit("record.update", 3)]).await;
        assert_eq!((seal(store).await, verified(store).await), (1, Ok(4)));
    })
    .await;
}

/// What was there before the seal was put on is held to its own hash.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_changed_before_its_seal_is_found() {
    on_both(async |store| {
        put(store, (0..2).map(|second| audit("record.create", second)).collect()).await;
        without_triggers(store, "UPDATE audit SET label = 'forged'").await;
        seal(store).await;
        assert_eq!(verified(store).await, Err((1, Wrong::Content)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_found_by_what_is_asked_for() {
    on_both(async |store| {
        let someone = ids::next();
        // Their ids say when they were written, and these say that it was now.
        let now = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap();
        let mut entries: Vec<AuditEntry> =
            ["record.create", "member.create", "record.update", "form.export", "member.update"]
                .iter()
                .map(|action| AuditEntry { at: now, ..audit(action, 0) })
                .collect();
        entries[1].who = Some(someone);
        entries[2].on_behalf_of = Some(someone);
        entries[3].ip = Some("192.0.2.1".into());
        entries[4].path = Some("web".into());
        let object = entries[3].object;
        put(store, entries.into_iter().map(AuditEntry::hashed).collect()).await;
        let found = async |filter: AuditFilter| {
            let mut db = store.read().await.unwrap();
            let list = AuditEntry::list(&mut db, ws(), &filter, None, 10).await.unwrap();
            list.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
        };
        let text = |text: &str| Some(text.to_string());
        let none = AuditFilter::default;
        assert_eq!(found(none()).await.len(), 5);
        assert_eq!(
            found(AuditFilter { kind: text("member"), ..none() }).await,
            ["member.update", "member.create"]
        );
        assert_eq!(
            found(AuditFilter { kind: text("record"), ..none() }).await,
            ["record.update", "record.create"]
        );
        assert_eq!(found(AuditFilter { action: text("form.export"), ..none() }).await, ["form.export"]);
        assert_eq!(found(AuditFilter { action: text("record.create"), ..none() }).await, ["record.create"]);
        assert_eq!(
            found(AuditFilter { who: Some(someone), ..none() }).await,
            ["record.update", "member.create"]
        );
        assert_eq!(found(AuditFilter { object, ..none() }).await, ["form.export"]);
        assert_eq!(found(AuditFilter { ip: text("192.0.2.1"), ..none() }).await, ["form.export"]);
        assert_eq!(found(AuditFilter { path: text("web"), ..none() }).await, ["member.update"]);
        let hour = jiff::SignedDuration::from_hours(1);
        assert_eq!(found(AuditFilter { from: Some(now), to: Some(now + hour), ..none() }).await.len(), 5);
        assert!(found(AuditFilter { from: Some(now + hour), ..none() }).await.is_empty());
        assert!(found(AuditFilter { to: Some(now), ..none() }).await.is_empty());
        let other = AuditFilter { kind: text("member"), who: Some(ids::next()), ..none() };
        assert!(found(other).await.is_empty());

        let mut db = store.read().await.unwrap();
        let first = AuditEntry::list(&mut db, ws(), &none(), None, 2).await.unwrap();
        let second = AuditEntry::list(&mut db, ws(), &none(), Some(first[1].id), 10).await.unwrap();
        assert_eq!((first.len(), second.len()), (2, 3));
    })
    .await;
}

//! What is asked again and again walks over no table that grows: what the server looks for without being asked, and what
//! people's inboxes ask at every look.

use engine::value::Id;

use crate::audit::AuditEntry;
use crate::bin::purge_traces;
use crate::due::Due;
use crate::file::File;
use crate::flow_call::FlowCall;
use crate::flow_message::FlowMessage;
use crate::idempotency::Idempotency;
use crate::instance::{
    Instance, InstanceState, LogEntry, StartedQuery, Task, TaskFilter, TaskList, TaskQuery,
};
use crate::invitation::Invitation;
use crate::job::Job;
use crate::mail::Mail;
use crate::notice::Notice;
use crate::outbox::OutboxEntry;
use crate::password_reset::PasswordReset;
use crate::row::args;
use crate::session::Session;
use crate::testing::{Plan, Watch, at, on_both, on_sqlite, ws};
use crate::{Error, Store};

/// Enough that PostgreSQL would not rather read all of them.
const ROWS: i64 = 20_000;
/// Of those that everything belongs to.
const MEMBERS: i64 = 200;
/// Tables that grow as long as people work.
const GROWING: [&str; 19] = [
    "audit",
    "comment",
    "file",
    "flow_call",
    "flow_due",
    "flow_message",
    "history",
    "idempotency",
    "instance",
    "instance_log",
    "invitation",
    "job",
    "mail",
    "notice",
    "outbox",
    "password_reset",
    "session",
    "step_visit",
    "task",
];
/// Indexes that hold no more than what waits to be done.
const WAITING: [&str; 8] = [
    "audit_open",
    "flow_call_ahead",
    "flow_call_due",
    "job_open",
    "notice_mail",
    "notice_letter",
    "file_untaken",
    "file_untaken_since",
];

fn id(number: i64) -> Id {
    Id::from_i64(number).unwrap()
}

/// So many rows in a table; `i` counts them.
fn rows(table: &str, columns: &str, values: &str) -> String {
    format!(
        "INSERT INTO {table} (workspace, {columns}) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         SELECT {}, {values} FROM n; ",
        ws().as_i64()
    )
}

/// A workspace in which people have worked for a while. Little of it is due.
async fn fill(store: &Store) {
    let (early, late) = (at(0).as_microsecond(), at(1_000_000).as_microsecond());
    let hash = if store.is_shared() { "CAST('x' AS BYTEA)" } else { "x'00'" };
    let member = format!("100 + i % {MEMBERS}");
    let mut sql = [
        rows("audit", "id, at, action, object_kind, hash", &format!("i, {early}, 'a', 'record', {hash}")),
        format!("UPDATE audit SET seq = id, chain = hash WHERE id < {}; ", ROWS - 5),
        rows(
            "comment",
            "id, form, record, at, who, text, mentions, files",
            &format!("i, 7, i, {early}, 100, 't', '[]', '[]'"),
        ),
        rows(
            "file",
            "id, name, size, media_type, sha256, created_at, form, record, field",
            &format!("i, 'n', 1, 't', CAST(i AS TEXT), {early}, 7, i, 'f'"),
        ),
        rows(
            "flow_call",
            "id, app, form, record, instance, visit, step, method, url, host, headers, state, attempts, \
             created_at, due_at",
            &format!(
                "i, 1 + i % 10, 7, i, i, 1, 's', 'POST', 'u', 'h', '[]', \
                 CASE WHEN i % 500 = 0 THEN 'waiting' ELSE 'sent' END, 1, {late}, {early}"
            ),
        ),
        rows("flow_due", "instance, due_at", &format!("i, {late}")),
        rows(
            "flow_message",
            "id, instance, step, title, body, texts, at",
            &format!("i, i, 's', 't', 'b', '{{}}', {late}"),
        ),
        rows("history", "form, record, version, at, path", &format!("7, i, 1, {early}, 'web'")),
        rows(
            "idempotency",
            "principal, route, key, body_hash, status, answer, created_at",
            &format!("{member}, 'POST', CAST(i AS TEXT), 'h', 201, '{{}}', {late}"),
        ),
        rows(
            "instance",
            "id, form, record, flow_version, state, marking, title, submitter, started_at, ended_at, version",
            &format!(
                "i, 7 + i % 10, i, 1 + i % 3, 'running', '{{}}', 't', {member}, {early}, \
                 CASE WHEN i % 4 > 0 THEN {late} END, 1"
            ),
        ),
        rows("instance_log", "instance, seq, at, event", &format!("i, 0, {early}, '{{}}'")),
        rows(
            "invitation",
            "hash, member, email, created_by, created_at, expires_at",
            &format!("CAST(i AS TEXT), {member}, 'e', 100, {early}, {late}"),
        ),
        rows(
            "job",
            "id, kind, state, done, errors, input, created_by, created_at, updated_at, cancelled",
            &format!("i, 'import', 'done', 1, 0, '{{}}', {member}, {early}, {early}, 0"),
        ),
        rows("mail", "id, sealed, due_at, expires_at, attempts", &format!("i, 'x', {late}, {late}, 0")),
        rows(
            "notice",
            "id, member, kind, at, form, record, task, listed, read_at, mail_at",
            &format!(
                "i, {member}, 'task', {late}, 7, i, i, 1, CASE WHEN i % 20 > 0 THEN {early} END, \
                 CASE WHEN i % 500 = 0 THEN {early} END"
            ),
        ),
    ]
    .concat();
    // Half of the outbox is due, and of a kind that is taken by nobody.
    sql += &rows(
        "outbox",
        "id, kind, payload, created_at, due_at, attempts",
        &format!(
            "i, CASE WHEN i % 2 = 0 THEN 'record' ELSE 'hook' END, '{{}}', {early}, \
             CASE WHEN i % 2 = 0 THEN {late} ELSE {early} END, 0"
        ),
    );
    sql += &rows("password_reset", "hash, member, expires_at", &format!("CAST(i AS TEXT), {member}, {late}"));
    sql += &rows(
        "session",
        "hash, member, created_at, seen_at, expires_at",
        &format!("CAST(i AS TEXT), {member}, {early}, {early}, {late}"),
    );
    sql += &rows(
        "step_visit",
        "instance, visit, form, flow_version, step, state, entered_at",
        &format!("i, 0, 7, 1, 'boss', 'active', {early}"),
    );
    sql += &rows(
        "task",
        "id, instance, form, record, step, kind, assignee, state, arrived_at, decided_at",
        &format!(
            "i, i / 2, 7 + i % 10, i, 'boss', CASE WHEN i % 9 = 0 THEN 'cc' ELSE 'approve' END, {member}, \
             CASE WHEN i % 4 = 0 THEN 'open' ELSE 'done' END, {early}, CASE WHEN i % 4 > 0 THEN {late} END"
        ),
    );
    sql += &format!(
        "UPDATE flow_due SET due_at = {early} WHERE instance <= 5; \
         UPDATE mail SET due_at = {early} WHERE id <= 5; "
    );
    if store.is_shared() {
        // As autovacuum does in time.
        sql += "ANALYZE";
    }
    let done: Result<(), Error> = store.write(move |tx| Box::pin(async move { tx.batch(sql).await })).await;
    done.unwrap();
}

/// What the server does every second, every ten minutes or every hour.
async fn look_after(store: &Store) {
    let (now, until) = (at(10), at(20));
    let mut db = store.read().await.unwrap();
    AuditEntry::unsealed(&mut db).await.unwrap();
    // Word of records is taken from the front of the table, whole: it has no index.
    for kind in ["hook", "flow", "comment"] {
        OutboxEntry::is_due(&mut db, kind, now).await.unwrap();
    }
    assert_eq!(Mail::is_due(&mut db, now).await, Ok(true));
    assert_eq!(Notice::is_mail_due(&mut db, now).await, Ok(true));
    Notice::mail_due(&mut db, now, 100).await.unwrap();
    Notice::for_mail(&mut db, (ws(), id(100)), now, 100).await.unwrap();
    assert_eq!(Due::list(&mut db, now, 500).await.unwrap().len(), 5);
    assert_eq!(FlowCall::is_due(&mut db, now).await, Ok(true));
    drop(db);
    let done: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(async move {
                AuditEntry::seal(tx, ws(), 200).await?;
                let taken = OutboxEntry::take(tx, "hook", now, until, 5).await?;
                OutboxEntry::delete_all(tx, &taken).await?;
                Mail::take(tx, now, until, 20).await?;
                for call in FlowCall::take(tx, now, until, 3).await? {
                    call.let_next(tx, now).await?;
                }
                FlowCall::purge(tx, now, 200).await?;
                FlowMessage::purge(tx, now, 200).await?;
                Mail::purge(tx, now).await?;
                Notice::mailed(tx, ws(), &[id(500), id(1_000)]).await?;
                Notice::put_off_mail(tx, (ws(), id(100)), "task", None).await?;
                Notice::settle(tx, ws(), id(20), None, now).await?;
                Notice::purge(tx, now, 200).await?;
                Job::abandon(tx, &["import"], now, true, "{}").await?;
                Job::take_over(tx, &["import"], now, until, true).await?;
                Due::take(tx, now, until, 500).await?;
                Due::set(tx, ws(), id(3), None).await?;
                Session::purge(tx, now).await?;
                Invitation::purge(tx, now).await?;
                PasswordReset::purge(tx, now).await?;
                Idempotency::purge(tx, now).await?;
                File::forget_untaken(tx, now, None, 50).await?;
                File::forget_untaken(tx, now, Some("$visitor"), 50).await?;
                purge_traces(tx, ws(), id(7), &[id(40)]).await.map(drop)
            })
        })
        .await;
    done.unwrap();
}

/// What a look into the inbox asks, and moving and handing over what goes on.
async fn look_in(store: &Store) {
    let (me, mut db) = (id(120), store.read().await.unwrap());
    let db = &mut db;
    for list in [TaskList::ToDo, TaskList::Handled, TaskList::Copies] {
        let query = TaskQuery { workspace: ws(), member: me, list, filter: TaskFilter::default() };
        query.page(db, None, None, 51).await.unwrap();
        query.count(db).await.unwrap();
        query.count_by_form(db).await.unwrap();
        let late = TaskFilter { due_before: Some(at(5)), ..TaskFilter::default() };
        TaskQuery { filter: late, ..query }.count(db).await.unwrap();
        let of_app = TaskFilter { app: Some(id(3)), ..TaskFilter::default() };
        let of_app = TaskQuery { filter: of_app, ..query };
        of_app.page(db, None, None, 51).await.unwrap();
        of_app.count(db).await.unwrap();
        of_app.count_by_form(db).await.unwrap();
    }
    let started = StartedQuery { workspace: ws(), member: me, app: None, form: None, state: None };
    assert!(!started.page(db, None, 51).await.unwrap().is_empty());
    started.count(db).await.unwrap();
    let running = StartedQuery { state: Some(InstanceState::Running), ..started };
    running.count_with_age(db, at(5)).await.unwrap();
    let of_app = StartedQuery { app: Some(id(3)), ..started };
    of_app.page(db, None, 51).await.unwrap();
    of_app.count(db).await.unwrap();
    assert!(!Notice::of_member(db, (ws(), me), false, None, 51).await.unwrap().is_empty());
    Notice::of_member(db, (ws(), me), true, None, 51).await.unwrap();
    Notice::count_unread(db, ws(), me).await.unwrap();
    Task::of_instance(db, ws(), id(9)).await.unwrap();
    Task::open_of_instance(db, ws(), id(9)).await.unwrap();
    Task::open_of_instances(db, ws(), &[id(9), id(10), id(11)]).await.unwrap();
    Task::concerns(db, ws(), id(9), me).await.unwrap();
    Task::count_waiting_for(db, ws(), me).await.unwrap();
    Task::instances_waiting_for(db, ws(), me, None, 51).await.unwrap();
    Instance::of_record(db, ws(), id(9), id(12)).await.unwrap();
    Instance::going(db, ws(), id(9), (1, 3), None, 51).await.unwrap();
    LogEntry::of_instance(db, ws(), id(9)).await.unwrap();
    Job::under_way(db, ws(), me).await.unwrap();
    Job::open_of_member(db, ws(), me, "import").await.unwrap();
    assert_eq!(Job::of_member(db, ws(), me, 50).await.unwrap().len(), 50);
    assert_eq!(Job::that_made(db, ws(), me, id(9)).await, Ok(None));
    FlowCall::of_instance(db, ws(), id(9)).await.unwrap();
    FlowCall::of_app(db, (ws(), id(3)), None, None, 51).await.unwrap();
    FlowMessage::with_ids(db, ws(), &[id(9), id(10)]).await.unwrap();
}

/// Asserts that no statement of `work` walks over what grows, and that there were at least so many.
async fn hold(store: &Store, least: usize, work: impl Future<Output = ()>) {
    let seen = Watch::during(store, work).await;
    assert!(seen.len() >= least, "{} statements", seen.len());
    let mut db = store.read().await.unwrap();
    for statement in seen {
        let sql = statement.0.clone();
        if sql.starts_with("INSERT") {
            continue;
        }
        let plan = Plan::without_running(&mut db, statement).await;
        // One row for each workspace, though their names begin like those of the trail and of the files.
        let is_one = |walked: &str| walked == "audit_head" || walked.starts_with("file_room");
        let grows = |walked: &String| !is_one(walked) && GROWING.iter().any(|table| walked.contains(table));
        let walks: Vec<String> = plan.walks().into_iter().filter(grows).collect();
        let is_few = walks.iter().all(|walked| WAITING.contains(&walked.as_str()));
        assert!(is_few, "{sql} walks over {walks:?}: {}", plan.words);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_done_periodically_walks_over_what_grows() {
    on_both(async |store| {
        fill(store).await;
        hold(store, 34, look_after(store)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_into_the_inbox_walks_over_nothing_that_grows() {
    on_both(async |store| {
        fill(store).await;
        hold(store, 28, look_in(store)).await;
    })
    .await;
}

/// However many jobs others have begun: those of a member come from an index in their order, and what is under way from another
/// that holds nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_jobs_of_a_member_are_found_by_their_index() {
    on_both(async |store| {
        fill(store).await;
        let seen = Watch::during(store, async {
            let mut db = store.read().await.unwrap();
            Job::of_member(&mut db, ws(), id(120), 50).await.unwrap();
            Job::that_made(&mut db, ws(), id(120), id(9)).await.unwrap();
            Job::open_of_member(&mut db, ws(), id(120), "import").await.unwrap();
        });
        for statement in seen.await {
            let sql = statement.0.clone();
            let plan = Plan::of(store, statement).await;
            // PostgreSQL may as well sort the few of a member, or look among them for those that are under way.
            let is_right = if sql.contains("LIMIT") {
                plan.uses("job_of_member") && (store.is_shared() || !plan.sorts())
            } else {
                plan.uses("job_open") || (store.is_shared() && plan.uses("job_of_member"))
            };
            assert!(is_right, "{sql}: {}", plan.words);
        }
    })
    .await;
}

/// A walk is told from a search, on both databases: else the tests above would hold of anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_is_noticed() {
    on_both(async |store| {
        fill(store).await;
        let mut db = store.read().await.unwrap();
        for (sql, walked) in [
            ("SELECT id FROM mail WHERE sealed = 'y'", "mail"),
            ("SELECT count(*) FROM task WHERE step = 'x'", "task"),
        ] {
            let statement = (sql.to_string(), sea_query::Values(args![]));
            let plan = Plan::without_running(&mut db, statement).await;
            assert!(plan.walks().iter().any(|name| name.contains(walked)), "{sql}: {}", plan.words);
        }
    })
    .await;
}

/// SQLite is told of every index of a table or of none: it takes one that it was told nothing of for a very good one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_index_of_a_table_that_grows_is_known_to_the_planner() {
    on_sqlite(async |store| {
        let mut db = store.read().await.unwrap();
        let sql = "SELECT s.tbl, l.name, l.origin, \
                   (SELECT count(*) FROM pragma_index_info(l.name)), \
                   coalesce((SELECT stat FROM sqlite_stat1 t WHERE t.tbl = s.tbl AND t.idx IN \
                             (l.name, CASE l.origin WHEN 'pk' THEN s.tbl END)), '') \
                   FROM (SELECT DISTINCT tbl FROM sqlite_stat1) s JOIN pragma_index_list(s.tbl) l";
        let mut count = 0;
        for row in db.fetch_all(sql, args![]).await.unwrap() {
            let (table, index): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            let (columns, figures): (i64, String) = (row.get(3).unwrap(), row.get(4).unwrap());
            let numbers: Vec<i64> = figures.split(' ').filter_map(|number| number.parse().ok()).collect();
            assert_eq!(numbers.len() as i64, columns + 1, "{table}, {index}: {figures:?}");
            assert!(numbers.is_sorted_by(|a, b| a >= b), "{table}, {index}: {figures:?}");
            count += 1;
        }
        assert!(count > 35, "{count}");
    })
    .await;
}

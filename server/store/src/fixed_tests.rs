//! The tables with fixed columns: every statement runs on both databases, and the rules they carry hold.

use engine::text::Language;
use engine::value::{Id, Timestamp};

use crate::aggregate::AggregateRow;
use crate::app::App;
use crate::audit::AuditEntry;
use crate::comment::Comment;
use crate::department::Department;
use crate::document::{AppDocument, DocumentKind, PackageInstall};
use crate::file::File;
use crate::flow::{FlowRow, FlowVersion};
use crate::form::{FormRow, FormVersion, next_number};
use crate::history::HistoryEntry;
use crate::idempotency::{Claim, Idempotency};
use crate::ids;
use crate::instance::{Instance, InstanceState, LogEntry, Task, TaskKind, TaskState};
use crate::job::{Job, JobState};
use crate::member::{Member, MemberState};
use crate::outbox::OutboxEntry;
use crate::permission::PermissionGroup;
use crate::role::Role;
use crate::serial::Counter;
use crate::session::Session;
use crate::testing::on_both;
use crate::token::Token;
use crate::view::{SavedView, ViewScope};
use crate::workspace::Workspace;
use crate::{Error, Store, setting};

const WORKSPACE: i64 = 77;

fn ws() -> Id {
    Id::from_i64(WORKSPACE).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

/// Stores a row, reads it back, stores it anew, deletes it.
macro_rules! round_trip {
    ($store:expr, $type:ident { $($member:ident : $value:expr),* $(,)? }, ($($key:ident),*)) => {{
        let row = $type { $($member: $value),* };
        let stored = row.clone();
        let write: Result<(), Error> = $store.write(move |tx| Box::pin(async move {
            row.insert(tx).await?;
            row.update(tx).await
        })).await;
        write.unwrap();
        let mut db = $store.read().await.unwrap();
        let found = $type::find(&mut db, $(stored.$key.clone()),*).await.unwrap();
        drop(db);
        assert_eq!(found.as_ref(), Some(&stored));
        let gone: Result<bool, Error> = $store.write(move |tx| Box::pin(async move {
            $type::delete(tx, $(stored.$key.clone()),*).await
        })).await;
        assert_eq!(gone, Ok(true));
    }};
}

fn member(email: &str) -> Member {
    Member {
        workspace: ws(),
        id: ids::next(),
        email: email.into(),
        name: "王芳".into(),
        password_hash: None,
        state: MemberState::Active,
        administrator: false,
        manager: Some(ids::next()),
        language: Some(Language::ZhTw),
        zone: None,
        created_at: at(0),
        version: 1,
    }
}

async fn insert_member(store: &Store, member: &Member) -> Result<(), Error> {
    let member = member.clone();
    store.write(move |tx| Box::pin(async move { member.insert(tx).await })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_are_and_design_is_read_back() {
    on_both(async |store| {
        let (form, app) = (ids::next(), ids::next());
        round_trip!(
            store,
            Workspace {
                id: ws(),
                name: "甲".into(),
                language: Language::En,
                zone: "Asia/Taipei".into(),
                currency: "TWD".into(),
                created_at: at(0)
            },
            (id)
        );
        round_trip!(
            store,
            Department {
                workspace: ws(),
                id: ids::next(),
                name: "研发".into(),
                parent: None,
                head: Some(ids::next()),
                version: 1
            },
            (workspace, id)
        );
        round_trip!(
            store,
            Role { workspace: ws(), id: ids::next(), key: "fin".into(), name: "财务".into(), version: 3 },
            (workspace, id)
        );
        round_trip!(
            store,
            Session {
                hash: "ab".into(),
                workspace: ws(),
                member: ids::next(),
                created_at: at(0),
                seen_at: at(1),
                expires_at: at(2),
                ip: None,
                agent: Some("x".into())
            },
            (hash)
        );
        round_trip!(
            store,
            Token {
                workspace: ws(),
                id: ids::next(),
                hash: "cd".into(),
                member: ids::next(),
                name: "n".into(),
                scopes: "[]".into(),
                created_at: at(0),
                expires_at: None,
                seen_at: None
            },
            (workspace, id)
        );
        round_trip!(
            store,
            App {
                workspace: ws(),
                id: app,
                key: "crm".into(),
                label: "\"CRM\"".into(),
                icon: None,
                admins: "[]".into(),
                created_at: at(0),
                deleted_at: None,
                version: 1
            },
            (workspace, id)
        );
        round_trip!(
            store,
            FormRow {
                workspace: ws(),
                id: form,
                app: app,
                key: "order".into(),
                number: 1,
                label: "\"订单\"".into(),
                icon: None,
                version: 0,
                draft: "{}".into(),
                draft_base: 0,
                draft_edits: 0,
                draft_version: 1,
                created_at: at(0),
                deleted_at: None
            },
            (workspace, id)
        );
        round_trip!(
            store,
            FormVersion {
                workspace: ws(),
                form: form,
                version: 1,
                document: "{}".into(),
                published_at: at(0),
                published_by: None
            },
            (workspace, form, version)
        );
        round_trip!(
            store,
            FlowRow { workspace: ws(), form: form, active: 0, draft: "{}".into(), draft_version: 1 },
            (workspace, form)
        );
        round_trip!(
            store,
            FlowVersion {
                workspace: ws(),
                form: form,
                version: 1,
                document: "{}".into(),
                published_at: at(0),
                published_by: None
            },
            (workspace, form, version)
        );
        round_trip!(
            store,
            PermissionGroup {
                workspace: ws(),
                id: ids::next(),
                form: form,
                key: "sales".into(),
                document: "{}".into(),
                version: 1
            },
            (workspace, id)
        );
        round_trip!(
            store,
            AggregateRow {
                workspace: ws(),
                id: ids::next(),
                app: app,
                key: "stock".into(),
                number: 4,
                document: "{}".into(),
                version: 1
            },
            (workspace, id)
        );
        round_trip!(
            store,
            AppDocument {
                workspace: ws(),
                id: ids::next(),
                app: app,
                kind: DocumentKind::Report,
                key: "roi.yearly".into(),
                document: "{}".into(),
                version: 1
            },
            (workspace, id)
        );
        round_trip!(
            store,
            PackageInstall {
                workspace: ws(),
                key: "base".into(),
                app: app,
                version: "1.0".into(),
                parameters: "{}".into(),
                package: "{}".into(),
                installed_at: at(0),
                installed_by: None
            },
            (workspace, key)
        );
        round_trip!(
            store,
            SavedView {
                workspace: ws(),
                id: ids::next(),
                form: form,
                owner: ids::next(),
                key: "v".into(),
                scope: ViewScope::Own,
                document: "{}".into(),
                version: 1
            },
            (workspace, id)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_is_read_back() {
    on_both(async |store| {
        let (form, record) = (ids::next(), ids::next());
        round_trip!(
            store,
            File {
                workspace: ws(),
                id: ids::next(),
                name: "a.pdf".into(),
                size: 5,
                media_type: "application/pdf".into(),
                sha256: "00".into(),
                created_at: at(0),
                created_by: None,
                form: None,
                record: None,
                field: None
            },
            (workspace, id)
        );
        round_trip!(
            store,
            Job {
                workspace: ws(),
                id: ids::next(),
                kind: "import".into(),
                state: JobState::Queued,
                done: 0,
                total: None,
                errors: 0,
                input: "{}".into(),
                result: None,
                problem: None,
                created_by: None,
                created_at: at(0),
                updated_at: at(0),
                leased_until: None,
                cancelled: false
            },
            (workspace, id)
        );
        round_trip!(
            store,
            HistoryEntry {
                workspace: ws(),
                form: form,
                record: record,
                version: 1,
                at: at(0),
                who: None,
                on_behalf_of: None,
                path: "api".into(),
                batch: None,
                changes: None
            },
            (workspace, form, record, version)
        );
        round_trip!(
            store,
            Instance {
                workspace: ws(),
                id: ids::next(),
                form: form,
                record: record,
                flow_version: 1,
                state: InstanceState::Running,
                marking: "{}".into(),
                title: "t".into(),
                submitter: None,
                started_at: at(0),
                ended_at: None,
                version: 1
            },
            (workspace, id)
        );
        round_trip!(
            store,
            Task {
                workspace: ws(),
                id: ids::next(),
                instance: ids::next(),
                form: form,
                record: record,
                step: "mgr".into(),
                kind: TaskKind::Approve,
                assignee: None,
                on_behalf_of: None,
                state: TaskState::Open,
                decision: None,
                arrived_at: at(0),
                due_at: None,
                decided_at: None,
                kept: None
            },
            (workspace, id)
        );
        round_trip!(
            store,
            LogEntry {
                workspace: ws(),
                instance: ids::next(),
                seq: 1,
                at: at(0),
                who: None,
                on_behalf_of: None,
                event: "{}".into()
            },
            (workspace, instance, seq)
        );
        round_trip!(
            store,
            Comment {
                workspace: ws(),
                id: ids::next(),
                form: form,
                record: record,
                at: at(0),
                who: ids::next(),
                text: "好".into(),
                mentions: "[]".into(),
                files: "[]".into()
            },
            (workspace, id)
        );
        let mut db = store.read().await.unwrap();
        let member = ids::next();
        for cc in [true, false] {
            let none = Task::of_member(&mut db, ws(), member, TaskState::Done, cc, None, 5).await.unwrap();
            assert!(none.is_empty());
        }
        assert!(Instance::started_by(&mut db, ws(), member, None, 5).await.unwrap().is_empty());
        assert!(Comment::of_record(&mut db, ws(), form, record, None, 5).await.unwrap().is_empty());
        assert!(HistoryEntry::of_record(&mut db, ws(), form, record, None, 5).await.unwrap().is_empty());
        assert!(!Task::concerns(&mut db, ws(), record, member).await.unwrap());
        assert_eq!(Task::count_open(&mut db, ws(), member).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_taken_once_in_a_workspace() {
    on_both(async |store| {
        let first = member("a@example.com");
        insert_member(store, &first).await.unwrap();
        let clash = insert_member(store, &member("a@example.com")).await;
        let columns = vec!["workspace".to_string(), "email".to_string()];
        assert_eq!(clash, Err(Error::Conflict { table: "member".into(), columns }));
        let mut db = store.read().await.unwrap();
        assert_eq!(Member::by_email(&mut db, "A@Example.com").await.unwrap(), [first]);
        assert_eq!(Member::count(&mut db).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_are_in_departments_and_roles() {
    on_both(async |store| {
        let (department, role, people) = (ids::next(), ids::next(), [ids::next(), ids::next()]);
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    Department::set_members(tx, ws(), department, &people).await?;
                    Department::set_of_member(tx, ws(), people[0], &[]).await?;
                    Role::set_of_member(tx, ws(), people[1], &[role, role]).await?;
                    Role::set_members(tx, ws(), role, &people).await
                })
            })
            .await;
        done.unwrap();
        let mut db = store.read().await.unwrap();
        assert_eq!(Department::memberships(&mut db, ws()).await.unwrap(), [(department, people[1])]);
        assert_eq!(Department::of_member(&mut db, ws(), people[1]).await.unwrap(), [department]);
        assert_eq!(Role::memberships(&mut db, ws()).await.unwrap(), [(role, people[0]), (role, people[1])]);
        assert_eq!(Role::of_member(&mut db, ws(), people[0]).await.unwrap(), [role]);
    })
    .await;
}

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serial_numbers_have_no_gaps_and_no_doubles() {
    on_both(async |store| {
        let form = ids::next();
        let tasks: Vec<_> = (0..60)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let counter = Counter {
                        workspace: ws(),
                        form,
                        field: "no".into(),
                        period: "2026".into(),
                        scope: String::new(),
                    };
                    let taken: Result<i64, Error> = store
                        .write(move |tx| {
                            let counter = counter.clone();
                            Box::pin(async move {
                                let taken = counter.take(tx, 1).await?;
                                if number % 3 == 0 { Err(Error::Busy) } else { Ok(taken) }
                            })
                        })
                        .await;
                    taken
                })
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            numbers.extend(task.await.unwrap());
        }
        numbers.sort();
        assert_eq!(numbers, (1..=40).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_raised_counter_goes_on_after_the_highest() {
    on_both(async |store| {
        let taken: Result<(i64, i64), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    let counter = Counter {
                        workspace: ws(),
                        form: ids::next(),
                        field: "no".into(),
                        period: String::new(),
                        scope: "东".into(),
                    };
                    counter.raise(tx, 41).await?;
                    counter.raise(tx, 7).await?;
                    Ok((counter.take(tx, 3).await?, counter.take(tx, 1).await?))
                })
            })
            .await;
        assert_eq!(taken, Ok((42, 45)));
        let numbers: Result<(i64, i64, i64), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    let first = next_number(tx, "form").await?;
                    Ok((first, next_number(tx, "form").await?, next_number(tx, "aggregate").await?))
                })
            })
            .await;
        assert_eq!(numbers, Ok((1, 2, 1)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_gives_its_first_answer_again() {
    on_both(async |store| {
        let principal = ids::next();
        let seen: Result<Vec<Claim>, Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    let mut seen = vec![Idempotency::claim(tx, ws(), principal, "POST /r", "k", "h").await?];
                    let kept = Idempotency {
                        workspace: ws(),
                        principal,
                        route: "POST /r".into(),
                        key: "k".into(),
                        body_hash: "h".into(),
                        status: 201,
                        answer: "{}".into(),
                        created_at: at(0),
                    };
                    kept.insert(tx).await?;
                    seen.push(Idempotency::claim(tx, ws(), principal, "POST /r", "k", "h").await?);
                    seen.push(Idempotency::claim(tx, ws(), principal, "POST /r", "k", "other").await?);
                    Idempotency::purge(tx, at(1)).await?;
                    seen.push(Idempotency::claim(tx, ws(), principal, "POST /r", "k", "other").await?);
                    Ok(seen)
                })
            })
            .await;
        let seen = seen.unwrap();
        assert!(matches!(seen[..], [Claim::New, Claim::Answered(_), Claim::Reused, Claim::New]), "{seen:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_from_the_outbox_comes_again_unless_it_is_done() {
    on_both(async |store| {
        let taken: Result<Vec<usize>, Error> = store
            .write(|tx| {
                Box::pin(async move {
                    let entry = |number| OutboxEntry {
                        workspace: ws(),
                        id: ids::next(),
                        kind: "hook".into(),
                        payload: "{}".into(),
                        created_at: at(0),
                        due_at: at(number),
                        attempts: 0,
                    };
                    OutboxEntry::insert_all(tx, &[0, 1, 2].map(entry)).await?;
                    assert!(OutboxEntry::is_due(tx, at(0)).await?);
                    let first = OutboxEntry::take(tx, at(1), at(60), 10).await?;
                    let again = OutboxEntry::take(tx, at(1), at(60), 10).await?;
                    OutboxEntry::delete_all(tx, &first[..1]).await?;
                    let late = OutboxEntry::take(tx, at(61), at(90), 10).await?;
                    assert_eq!(late.iter().map(|entry| entry.attempts).sum::<i64>(), 3);
                    Ok(vec![first.len(), again.len(), late.len()])
                })
            })
            .await;
        assert_eq!(taken, Ok(vec![2, 0, 2]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_taken_by_one_server_at_a_time() {
    on_both(async |store| {
        let states: Result<Vec<bool>, Error> = store
            .write(|tx| {
                Box::pin(async move {
                    let job = Job {
                        workspace: ws(),
                        id: ids::next(),
                        kind: "import".into(),
                        state: JobState::Queued,
                        done: 0,
                        total: None,
                        errors: 0,
                        input: "{}".into(),
                        result: None,
                        problem: None,
                        created_by: None,
                        created_at: at(0),
                        updated_at: at(0),
                        leased_until: None,
                        cancelled: false,
                    };
                    job.insert(tx).await?;
                    let first = Job::take(tx, at(1), at(10)).await?;
                    let second = Job::take(tx, at(2), at(10)).await?;
                    let stop = job.progress(tx, at(3), at(12)).await?;
                    Job::cancel(tx, ws(), job.id).await?;
                    let stop_later = job.progress(tx, at(4), at(12)).await?;
                    let after_a_crash = Job::take(tx, at(13), at(20)).await?;
                    Ok(vec![first.is_some(), second.is_some(), stop, stop_later, after_a_crash.is_some()])
                })
            })
            .await;
        assert_eq!(states, Ok(vec![true, false, false, true, true]));
    })
    .await;
}

fn audit(label: &str) -> AuditEntry {
    let entry = AuditEntry {
        workspace: ws(),
        id: ids::next(),
        at: at(0),
        who: None,
        on_behalf_of: None,
        action: "record.create".into(),
        object_kind: "record".into(),
        object: Some(ids::next()),
        label: Some(label.into()),
        path: Some("api".into()),
        ip: None,
        changes: None,
        hash: Vec::new(),
        seq: None,
        chain: None,
    };
    entry.hashed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_audit_entry_is_found() {
    on_both(async |store| {
        let sealed: Result<usize, Error> = store
            .write(|tx| {
                Box::pin(async move {
                    for label in ["a", "b", "c"] {
                        audit(label).insert(tx).await?;
                    }
                    assert_eq!(AuditEntry::unsealed(tx).await?, [ws()]);
                    let first = AuditEntry::seal(tx, ws(), 2).await?;
                    Ok(first + AuditEntry::seal(tx, ws(), 100).await?)
                })
            })
            .await;
        assert_eq!(sealed, Ok(3));
        let mut db = store.read().await.unwrap();
        assert_eq!(AuditEntry::verify(&mut db, ws()).await, Ok(3));
        assert!(AuditEntry::unsealed(&mut db).await.unwrap().is_empty());
        let list = AuditEntry::list(&mut db, ws(), None, 10).await.unwrap();
        drop(db);
        let mut changed = list[1].clone();
        changed.label = Some("forged".into());
        let done: Result<(), Error> =
            store.write(move |tx| Box::pin(async move { changed.update(tx).await })).await;
        done.unwrap();
        let mut db = store.read().await.unwrap();
        assert!(matches!(AuditEntry::verify(&mut db, ws()).await, Err(Error::Corrupt { .. })));
    })
    .await;
}

/// Finders that no other story asks: their statements run on both databases, and find what is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn designs_are_found_by_their_places() {
    on_both(async |store| {
        let (form, app, who) = (ids::next(), ids::next(), ids::next());
        let found: Result<Vec<usize>, Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    let row = FormRow {
                        workspace: ws(),
                        id: form,
                        app,
                        key: "order".into(),
                        number: 1,
                        label: "{}".into(),
                        icon: None,
                        version: 3,
                        draft: "{}".into(),
                        draft_base: 0,
                        draft_edits: 0,
                        draft_version: 1,
                        created_at: at(0),
                        deleted_at: None,
                    };
                    row.insert(tx).await?;
                    member("m@example.com").insert(tx).await?;
                    assert_eq!(FormRow::hold_version(tx, ws(), form).await?, Some(3));
                    assert_eq!(FormRow::hold_version(tx, ws(), app).await?, None);
                    Ok(vec![
                        FormRow::of_app(tx, ws(), app).await?.len(),
                        FormRow::list(tx, ws()).await?.len(),
                        FormRow::by_key(tx, ws(), app, "order").await?.iter().len(),
                        FormRow::lock(tx, ws(), form, false).await?.iter().len(),
                        Member::list(tx, ws()).await?.len(),
                        FormVersion::list(tx, ws(), form).await?.len(),
                        FlowRow::list(tx, ws()).await?.len(),
                        FlowVersion::list(tx, ws(), form).await?.len(),
                        PermissionGroup::of_form(tx, ws(), form).await?.len(),
                        PermissionGroup::list(tx, ws()).await?.len(),
                        AggregateRow::list(tx, ws()).await?.len(),
                        AggregateRow::of_app(tx, ws(), app).await?.len(),
                        AggregateRow::by_key(tx, ws(), app, "x").await?.iter().len(),
                        AppDocument::of_app(tx, ws(), app, DocumentKind::Report).await?.len(),
                        AppDocument::list(tx, ws(), DocumentKind::Report).await?.len(),
                        AppDocument::by_key(tx, ws(), app, DocumentKind::Report, "x").await?.iter().len(),
                        PackageInstall::list(tx, ws()).await?.len(),
                        PackageInstall::of_app(tx, ws(), app).await?.iter().len(),
                        SavedView::of_form(tx, ws(), form, who).await?.len(),
                        App::list(tx, ws()).await?.len(),
                        App::by_key(tx, ws(), "crm").await?.iter().len(),
                        Role::list(tx, ws()).await?.len(),
                        Role::by_key(tx, ws(), "x").await?.iter().len(),
                        Department::list(tx, ws()).await?.len(),
                        Member::reporting_to(tx, ws(), who).await?.len(),
                        Token::by_hash(tx, "x").await?.iter().len(),
                        Token::list(tx, ws(), who).await?.len(),
                        Instance::of_record(tx, ws(), form, who).await?.len(),
                        Instance::lock(tx, ws(), who).await?.iter().len(),
                        Task::of_instance(tx, ws(), who).await?.len(),
                        Task::open_of_instance(tx, ws(), who).await?.len(),
                        LogEntry::of_instance(tx, ws(), who).await?.len(),
                        Job::of_member(tx, ws(), who, 5).await?.len(),
                        File::find_all(tx, ws(), &[who]).await?.len(),
                        usize::from(File::attach(tx, ws(), who, form, who, "f").await?),
                        usize::from(File::is_used(tx, "00").await?),
                        Token::touch(tx, ws(), who, at(0)).await.map(|()| 0)?,
                    ])
                })
            })
            .await;
        let found = found.unwrap();
        assert_eq!(found[..5], [1, 1, 1, 1, 1]);
        assert!(found[5..].iter().all(|count| *count == 0), "{found:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_kept() {
    on_both(async |store| {
        let done: Result<bool, Error> = store
            .write(|tx| {
                Box::pin(async move {
                    setting::set(tx, "setup", "1").await?;
                    setting::set(tx, "setup", "2").await?;
                    setting::remove(tx, "nothing").await
                })
            })
            .await;
        assert_eq!(done, Ok(false));
        let mut db = store.read().await.unwrap();
        assert_eq!(setting::get(&mut db, "setup").await.unwrap().as_deref(), Some("2"));
    })
    .await;
}

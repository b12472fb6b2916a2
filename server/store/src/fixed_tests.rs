//! The tables with fixed columns: every statement runs on both databases, and the rules they carry hold.

use engine::text::Language;

use crate::aggregate::AggregateRow;
use crate::app::App;
use crate::app_tree::AppTree;
use crate::comment::Comment;
use crate::department::Department;
use crate::document::{AppDocument, DocumentKind, PackageInstall};
use crate::favourite::{Favourite, FavouriteKind};
use crate::file::File;
use crate::flow::{FlowRow, FlowVersion};
use crate::form::{FormRow, FormVersion};
use crate::history::HistoryEntry;
use crate::ids;
use crate::instance::{
    Instance, InstanceState, LogEntry, StartedQuery, Task, TaskFilter, TaskKind, TaskList, TaskQuery,
    TaskState,
};
use crate::job::Job;
use crate::member::{Member, MemberState};
use crate::notice::{Notice, NoticeSettings};
use crate::permission::PermissionGroup;
use crate::phrase::Phrase;
use crate::role::Role;
use crate::role_group::RoleGroup;
use crate::session::{Method, Session};
use crate::testing::{at, on_both, queued_job, ws};
use crate::token::Token;
use crate::view::{SavedView, ViewScope};
use crate::workspace::Workspace;
use crate::workspace_settings::WorkspaceSettings;
use crate::{Error, Store};

/// Stores a row, reads it back, stores it anew, deletes it.
macro_rules! round_trip {
    ($store:expr, $type:ident { $($member:ident : $value:expr),* $(,)? }, ($($key:ident),*)) => {
        round_trip!($store, $type = $type { $($member: $value),* }, ($($key),*))
    };
    ($store:expr, $type:ident = $row:expr, ($($key:ident),*)) => {{
        let row = $row;
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
        title: Some("财务经理".into()),
        phone: None,
        successor: Some(ids::next()),
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
            Role {
                workspace: ws(),
                id: ids::next(),
                key: "fin".into(),
                name: "财务".into(),
                role_group: Some(ids::next()),
                version: 3
            },
            (workspace, id)
        );
        round_trip!(
            store,
            RoleGroup { workspace: ws(), id: ids::next(), name: "职能".into(), version: 2 },
            (workspace, id)
        );
        round_trip!(
            store,
            WorkspaceSettings {
                workspace: ws(),
                languages: "[]".into(),
                calendar: "{}".into(),
                password_length: 12,
                session_minutes: 60,
                session_days: 1,
                sessions: 2,
                version: 1
            },
            (workspace)
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
                agent: Some("x".into()),
                method: Method::Provider,
                confirmed_at: at(1)
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
            AppTree { workspace: ws(), app: app, entries: "[]".into(), version: 1 },
            (workspace, app)
        );
        round_trip!(
            store,
            Favourite {
                workspace: ws(),
                id: ids::next(),
                member: ids::next(),
                kind: FavouriteKind::Report,
                app: app,
                target: "roi.yearly".into()
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
        round_trip!(store, Job = queued_job(), (workspace, id));
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
                changes: None,
                reason: None
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
                version: 1,
                parent: Some(ids::next())
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
                event: "{}".into(),
                attached: None
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
                files: "[]".into(),
                edited_at: Some(at(1))
            },
            (workspace, id)
        );
        round_trip!(
            store,
            Phrase { workspace: ws(), id: ids::next(), member: ids::next(), text: "同意".into() },
            (workspace, id)
        );
        round_trip!(
            store,
            Notice {
                workspace: ws(),
                id: ids::next(),
                member: ids::next(),
                kind: "outcome".into(),
                at: at(0),
                form: form,
                record: record,
                instance: Some(ids::next()),
                task: Some(ids::next()),
                step: None,
                who: Some(ids::next()),
                outcome: Some("approved".into()),
                listed: false,
                read_at: Some(at(1)),
                mail_at: None
            },
            (workspace, id)
        );
        round_trip!(
            store,
            NoticeSettings {
                workspace: ws(),
                member: ids::next(),
                channels: "{}".into(),
                daily_at: 480,
                version: 1
            },
            (workspace, member)
        );
        let mut db = store.read().await.unwrap();
        let member = ids::next();
        assert!(Phrase::of_member(&mut db, ws(), member).await.unwrap().is_empty());
        for list in [TaskList::ToDo, TaskList::Handled, TaskList::Copies] {
            let tasks = TaskQuery { workspace: ws(), member, list, filter: TaskFilter::default() };
            assert!(tasks.page(&mut db, None, None, 5).await.unwrap().is_empty());
            assert_eq!(tasks.count(&mut db).await.unwrap(), 0);
        }
        let started = StartedQuery { workspace: ws(), member, form: None, state: None };
        assert!(started.page(&mut db, None, 5).await.unwrap().is_empty());
        assert!(Comment::of_record(&mut db, ws(), form, record, None, 5).await.unwrap().is_empty());
        assert!(HistoryEntry::of_record(&mut db, ws(), form, record, None, 5).await.unwrap().is_empty());
        assert!(!Task::concerns(&mut db, ws(), record, member).await.unwrap());
        assert_eq!(started.count(&mut db).await.unwrap(), 0);
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
                        Task::open_of_instances(tx, ws(), &[who, form]).await?.len(),
                        Instance::states(tx, ws(), &[who, form]).await?.len(),
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

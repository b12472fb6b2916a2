//! The tables with fixed columns: every statement runs on both databases, and the rules they carry hold.

use engine::text::Language;

use crate::Error;
use crate::aggregate::AggregateRow;
use crate::app::App;
use crate::app_order::AppOrder;
use crate::app_tree::AppTree;
use crate::awaited_owner::AwaitedOwner;
use crate::bin_line::{BinKind, BinLine};
use crate::call_receiver::CallReceiver;
use crate::comment::Comment;
use crate::department::Department;
use crate::document::{AppDocument, DocumentKind, PackageInstall};
use crate::favourite::{Favourite, FavouriteKind};
use crate::file::File;
use crate::file_room::FileRoom;
use crate::flow::{FlowRow, FlowVersion};
use crate::form::{FormRow, FormVersion};
use crate::history::HistoryEntry;
use crate::ids;
use crate::instance::{
    Instance, InstanceState, LogEntry, StartedQuery, Task, TaskFilter, TaskKind, TaskList, TaskQuery,
    TaskState,
};
use crate::job::Job;
use crate::notice::{Notice, NoticeSettings};
use crate::permission::PermissionGroup;
use crate::phrase::Phrase;
use crate::print_template::PrintTemplate;
use crate::put_away::PutAway;
use crate::role::Role;
use crate::role_group::RoleGroup;
use crate::session::{Method, Session};
use crate::testing::{at, on_both, queued_job, ws};
use crate::token::Token;
use crate::view::{SavedView, ViewScope};
use crate::workspace::Workspace;
use crate::workspace_settings::WorkspaceSettings;

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
                app_makers: "administrators".into(),
                named_at_sign_in: true,
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
                published_by: None,
                deleted_at: Some(at(1))
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
            AppOrder { workspace: ws(), member: ids::next(), apps: "[]".into() },
            (workspace, member)
        );
        round_trip!(
            store,
            PutAway { workspace: ws(), member: ids::next(), hints: "[]".into() },
            (workspace, member)
        );
        round_trip!(
            store,
            AwaitedOwner { workspace: ws(), role: "REP".into(), record: ids::next(), form: ids::next() },
            (workspace, role, record)
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
            BinLine {
                workspace: ws(),
                id: ids::next(),
                kind: BinKind::Report,
                app: app,
                form: None,
                key: "roi.yearly".into(),
                label: "{}".into(),
                searched: "roi.yearly".into(),
                document: Some("{}".into()),
                version: 1,
                deleted_at: at(0),
                deleted_by: None
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
        round_trip!(
            store,
            PrintTemplate {
                workspace: ws(),
                id: ids::next(),
                form: form,
                key: "t".into(),
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
            CallReceiver {
                workspace: ws(),
                form: form,
                step: "tell".into(),
                failures: 5,
                off_at: Some(at(2))
            },
            (workspace, form, step)
        );
        round_trip!(store, FileRoom { workspace: ws(), bytes: 5 }, (workspace));
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
                parent: Some(ids::next()),
                hops: 2
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
                message: Some(ids::next()),
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
        let started = StartedQuery { workspace: ws(), member, app: None, form: None, state: None };
        assert!(started.page(&mut db, None, 5).await.unwrap().is_empty());
        assert!(Comment::of_record(&mut db, ws(), form, record, None, 5).await.unwrap().is_empty());
        assert!(HistoryEntry::of_record(&mut db, ws(), form, record, None, 5).await.unwrap().is_empty());
        assert!(!Task::concerns(&mut db, ws(), record, member).await.unwrap());
        assert_eq!(started.count(&mut db).await.unwrap(), 0);
    })
    .await;
}

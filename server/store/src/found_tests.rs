//! The tables with fixed columns: their rows are found by what they are found by, and what is unique about them stays so.

use engine::text::Language;

use crate::aggregate::AggregateRow;
use crate::app::App;
use crate::department::Department;
use crate::document::{AppDocument, DocumentKind, PackageInstall};
use crate::file::File;
use crate::flow::{FlowRow, FlowVersion};
use crate::form::{FormRow, FormVersion};
use crate::ids;
use crate::instance::{Instance, LogEntry, Task};
use crate::job::Job;
use crate::member::{Member, MemberState};
use crate::permission::PermissionGroup;
use crate::print_template::PrintTemplate;
use crate::role::Role;
use crate::testing::{at, on_both, ws};
use crate::token::Token;
use crate::view::SavedView;
use crate::{Error, Store};

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
                        FlowVersion::every(tx, ws(), form).await?.len(),
                        FlowVersion::offered(tx, ws(), form, 1).await?.iter().len(),
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
                        PrintTemplate::of_form(tx, ws(), form).await?.len(),
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

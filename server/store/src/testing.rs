//! Databases for tests: each story runs on SQLite, and on PostgreSQL where there is one.

mod plan;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use engine::access::Access;
use engine::context::Context;
use engine::field::Shape;
use engine::form::{Catalogue, Form, FormDocument, Sketch};
use engine::value::{Id, Timestamp, Value};

use crate::form::{FormRow, next_number};
use crate::job::{Job, JobState};
use crate::record::{Record, System};
use crate::table::{self, FormRef};
use crate::{Database, Error, Settings, Store, ids};

pub(crate) use plan::{Plan, Watch};

/// The URL of a PostgreSQL in which a test may make databases.
const URL: &str = "FORMWORK_TEST_POSTGRES";
/// Set where its absence is a fault and not a choice.
const REQUIRED: &str = "FORMWORK_REQUIRE_POSTGRES";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Runs `story` on an empty store of each database.
pub(crate) async fn on_both(story: impl AsyncFn(&Store)) {
    on_sqlite(&story).await;
    if let Some((settings, drop_database)) = new_postgres().await {
        let store = Store::open(&settings).await.unwrap();
        story(&store).await;
        store.close().await;
        drop_database.await;
    }
}

/// An empty PostgreSQL database, and what removes it; `None` where there is no server to be had.
pub(crate) async fn new_postgres() -> Option<(Settings, impl Future<Output = ()>)> {
    let Ok(url) = std::env::var(URL) else {
        assert!(std::env::var(REQUIRED).is_err(), "{URL} is not set, but {REQUIRED} is");
        return None;
    };
    let name = unique_name();
    let (server, _) = url.rsplit_once('/').unwrap();
    let mut settings = Settings::new(Database::Postgres(format!("{server}/{name}")));
    settings.readers = 4;
    settings.writers = 8;
    // Two hundred at once wait longer for a connection on a machine that does other things too.
    settings.acquire_timeout = Duration::from_secs(60);
    execute(&url, format!("CREATE DATABASE {name}")).await;
    Some((settings, async move { execute(&url, format!("DROP DATABASE {name} WITH (FORCE)")).await }))
}

/// Runs `story` on an empty SQLite store alone: for what only SQLite has.
pub(crate) async fn on_sqlite(story: impl AsyncFn(&Store)) {
    let folder = new_folder();
    let settings = Settings::new(Database::Sqlite(folder.join("formwork.db")));
    let store = Store::open(&settings).await.unwrap();
    story(&store).await;
    store.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

/// An empty folder that nobody else has.
pub(crate) fn new_folder() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(unique_name());
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs statements on a PostgreSQL database by its URL, outside any transaction of a store.
pub(crate) async fn execute(url: &str, sql: String) {
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

fn unique_name() -> String {
    format!("formwork_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A published form in an app of its own workspace.
pub(crate) struct TestForms {
    pub(crate) workspace: Id,
    pub(crate) forms: BTreeMap<String, Arc<Form>>,
    sketches: BTreeMap<String, Arc<Sketch>>,
}

impl Catalogue for TestForms {
    fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
        self.sketches.get(name).cloned()
    }
}

impl TestForms {
    pub(crate) fn new() -> TestForms {
        TestForms { workspace: ids::next(), forms: BTreeMap::new(), sketches: BTreeMap::new() }
    }

    /// Publishes a form, again as its next version where it is known.
    pub(crate) async fn publish(&mut self, store: &Store, json: serde_json::Value) -> Arc<Form> {
        let document: FormDocument = serde_json::from_value(json).unwrap();
        let key = document.key.clone();
        let before = self.forms.get(&key);
        let id = before.map_or_else(ids::next, |form| form.id());
        let version = before.map_or(1, |form| form.version + 1);
        let sketch = Arc::new(Sketch { id, app: "test".into(), document });
        self.sketches.insert(key.clone(), sketch.clone());
        let form = Arc::new(Form::publish(sketch, version, self).unwrap());
        let (workspace, published, before) = (self.workspace, form.clone(), before.cloned());
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    let now = Timestamp::from_second(1_790_000_000).unwrap();
                    let row = FormRow::find(tx, workspace, id).await?;
                    let is_new = row.is_none();
                    let number = match &row {
                        Some(row) => row.number,
                        None => next_number(tx, "form").await?,
                    };
                    let row = FormRow {
                        workspace,
                        id,
                        app: id,
                        key: published.key().to_string(),
                        number,
                        label: "{}".into(),
                        icon: None,
                        version: i64::from(published.version),
                        draft: "{}".into(),
                        draft_base: 0,
                        draft_edits: 0,
                        draft_version: 1,
                        created_at: now,
                        deleted_at: None,
                    };
                    if is_new {
                        row.insert(tx).await?
                    } else {
                        row.update(tx).await?
                    }
                    table::publish(tx, workspace, &published, before.as_deref(), now).await.map(drop)
                })
            })
            .await;
        done.unwrap();
        self.forms.insert(key, form.clone());
        form
    }

    pub(crate) fn form_ref(&self, key: &str) -> FormRef {
        let form = &self.forms[key];
        FormRef { workspace: self.workspace, form: form.id(), version: form.version.into() }
    }

    /// A new record from its fields in wire form.
    pub(crate) fn record(&self, key: &str, fields: serde_json::Value) -> Record {
        let form = &self.forms[key];
        let mut values = engine::record::read_values(form, fields.as_object().unwrap());
        for column in form.fields().filter(|column| column.shape == Shape::Bool) {
            values.entry(column.path.clone()).or_insert(Value::Bool(false));
        }
        crate::record::give_row_ids(&mut values);
        let now = Timestamp::from_second(1_790_000_000).unwrap();
        let system = System::new(now, None);
        Record {
            id: ids::next(),
            version: 1,
            values,
            system,
            figures: Default::default(),
            row_counts: BTreeMap::new(),
        }
    }
}

/// Stores new records.
pub(crate) async fn insert(store: &Store, form: FormRef, records: &[Record]) -> Result<(), Error> {
    let records = records.to_vec();
    store
        .write(move |tx| {
            Box::pin(async move { crate::record::insert(tx, &Access::system("test"), form, &records).await })
        })
        .await
}

/// Stores a changed record.
pub(crate) async fn update(store: &Store, form: FormRef, old: &Record, new: &Record) -> Result<(), Error> {
    let (old, new) = (old.clone(), new.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                let change = [crate::record::Change { old: &old, new: &new }];
                crate::record::update(tx, &Access::system("test"), form, &change).await
            })
        })
        .await
}

pub(crate) fn context() -> Context {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    Context::system(Timestamp::from_second(1_790_000_000).unwrap(), zone)
}

/// A workspace for tables that know no forms.
pub(crate) fn ws() -> Id {
    Id::compose(1_600_000_000_000, 77)
}

/// A job that nobody has begun.
pub(crate) fn queued_job() -> Job {
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
        cancelled: false,
        place: None,
        step: 0,
        batch: None,
        undone_by: None,
    }
}

/// An instant, so many seconds after some beginning.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

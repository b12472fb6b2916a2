//! Databases that were broken on purpose, and what is found.

use std::sync::Arc;

use engine::aggregate::Aggregate;
use serde_json::json;

use super::catalogue::Catalogue;
use super::expected::Expected;
use super::{Difference, Of, differences};
use crate::aggregate::AggregateRow;
use crate::groups::GroupTable;
use crate::testing::{TestForms, new_folder, on_both};
use crate::{Database, Error, Settings, Store, ids};

async fn run(store: &Store, sql: &'static str) {
    let done: Result<(), Error> = store.write(move |tx| Box::pin(async move { tx.batch(sql).await })).await;
    done.unwrap();
}

async fn found(store: &Store) -> Vec<Difference> {
    differences(&mut store.read().await.unwrap()).await.unwrap()
}

/// A form with a column of every sort: `t1` with `c1` to `c4`, rows in `t1_r5` or another, depending on their order; and an
/// aggregate table with measures of every sort.
async fn orders(store: &Store) {
    let mut forms = TestForms::new();
    let choices = json!({"choices": [{"key": "a", "label": "a"}]});
    let columns = [
        json!({"key": "item", "label": "i", "kind": "text"}),
        json!({"key": "marks", "label": "m", "kind": "multi_select", "options": choices}),
    ];
    let fields = json!([
        {"key": "code", "label": "c", "kind": "text", "unique": true},
        {"key": "amount", "label": "a", "kind": "number"},
        {"key": "day", "label": "d", "kind": "date"},
        {"key": "tags", "label": "t", "kind": "multi_select", "options": choices},
        {"key": "lines", "label": "l", "kind": "subform", "options": {"fields": columns}},
        {"key": "who", "label": "w", "kind": "text", "options": {"sort": "pinyin"}},
    ]);
    let form = forms.publish(store, json!({"key": "orders", "label": "o", "fields": fields})).await;
    let document = json!({"key": "sales", "label": "s", "dimensions": [{"key": "code", "label": "c"}],
        "sources": [{"form": "orders", "group": {"code": "code"}, "measures": {
            "sum": {"fn": "sum", "field": "amount"}, "mean": {"fn": "avg", "field": "amount"},
            "most": {"fn": "max", "field": "amount"}, "days": {"fn": "distinct", "field": "day"}}}]});
    let row = AggregateRow {
        workspace: forms.workspace,
        id: ids::next(),
        app: ids::next(),
        key: "sales".to_string(),
        number: 1,
        document: document.to_string(),
        version: 1,
    };
    let document = serde_json::from_value(document).unwrap();
    let aggregate = Arc::new(Aggregate::publish(document, &|_| Some(form.clone()), &forms).unwrap());
    let done: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(async move {
                row.insert(tx).await?;
                GroupTable { workspace: row.workspace, number: 1, aggregate: &aggregate }.create(tx).await
            })
        })
        .await;
    done.unwrap();
}

/// What the texts of the migrations are taken to make is what they make, and what a form is taken to need is what
/// publishing makes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sound_database_has_what_is_expected_and_nothing_else() {
    on_both(async |store| {
        orders(store).await;
        let mut db = store.read().await.unwrap();
        let expected = Expected::read(&mut db).await.unwrap();
        let catalogue = Catalogue::read(&mut db).await.unwrap();
        let missing = expected.missing_in(&catalogue);
        assert!(missing.is_empty(), "{missing:?}");
        let is_ours = |name: &&String| !name.starts_with("sqlite_");
        let tables: Vec<_> = catalogue.tables.keys().filter(is_ours).collect();
        assert_eq!(tables, expected.tables.keys().collect::<Vec<_>>());
        for (table, columns) in &expected.tables {
            let there = &catalogue.tables[table];
            assert!(there.keys().eq(columns.keys()), "{table}: {there:?}, not {columns:?}");
            // What the dimensions of an aggregate table are its document does not tell.
            let differs = |(name, of): &(&String, &Option<Of>)| of.is_some() && there[*name] != **of;
            assert_eq!(columns.iter().find(differs), None, "{table}");
            let untold: Vec<_> =
                columns.iter().filter(|(_, of)| of.is_none()).map(|(name, _)| name).collect();
            assert!(untold.is_empty() || (table == "a1" && untold == ["d0"]), "{table}: {untold:?}");
        }
        // Keys have indexes that nobody named.
        let is_named = |name: &&String| is_ours(name) && !name.ends_with("_pkey");
        let indexes: Vec<_> = catalogue.indexes.iter().filter(is_named).collect();
        assert_eq!(indexes, expected.indexes.iter().collect::<Vec<_>>());
        drop(db);
        assert_eq!(store.check().await, Ok(()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_named() {
    on_both(async |store| {
        orders(store).await;
        run(store, "DROP INDEX audit_open").await;
        assert_eq!(found(store).await, [Difference::Index("audit_open".into())]);
        assert_eq!(store.check().await, Ok(()), "slow, and nothing is lost");

        run(store, "ALTER TABLE t1 DROP COLUMN voided_at").await;
        run(store, "ALTER TABLE history DROP COLUMN on_behalf_of").await;
        run(store, "DROP TABLE t1_m0").await;
        let names: Vec<String> = found(store).await.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            [
                "the column history.on_behalf_of is missing",
                "the column t1.voided_at is missing",
                "the table t1_m0 is missing",
                "the index audit_open is missing",
                "the index t1_m0_value is missing",
            ]
        );
        let refused = store.check().await;
        let Err(Error::Incompatible(words)) = refused else { panic!("{refused:?}") };
        assert!(words.contains("history.on_behalf_of is missing (and 2 more)"), "{words}");
    })
    .await;
}

/// Without them a measure could not be told after a value was taken away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_of_an_aggregate_table_is_named() {
    on_both(async |store| {
        orders(store).await;
        run(store, "DROP INDEX a1v_order").await;
        assert_eq!(found(store).await, [Difference::Index("a1v_order".into())]);
        run(store, "ALTER TABLE a1 DROP COLUMN d0").await;
        run(store, "DROP TABLE a1v").await;
        let names: Vec<String> = found(store).await.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            ["the column a1.d0 is missing", "the table a1v is missing", "the index a1v_order is missing"]
        );
        assert!(matches!(store.check().await, Err(Error::Incompatible(_))));
    })
    .await;
}

/// Without it two records could have the same value.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_whose_unique_index_is_gone_is_refused() {
    on_both(async |store| {
        orders(store).await;
        let mut db = store.read().await.unwrap();
        let indexes = Expected::read(&mut db).await.unwrap().indexes;
        let unique = indexes.into_iter().find(|name| name.starts_with("t1__")).unwrap();
        drop(db);
        let drop_it = format!("DROP INDEX {unique}");
        let done: Result<(), Error> = store
            .write(move |tx| {
                let drop_it = drop_it.clone();
                Box::pin(async move { tx.batch(drop_it).await })
            })
            .await;
        done.unwrap();
        assert!(matches!(store.check().await, Err(Error::Incompatible(words)) if words.contains(&unique)));
    })
    .await;
}

/// A column that came back as another type would take values and give others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_of_another_type_is_told() {
    on_both(async |store| {
        orders(store).await;
        run(store, "ALTER TABLE t1 DROP COLUMN voided_at").await;
        run(store, "ALTER TABLE t1 ADD COLUMN voided_at TEXT").await;
        assert_eq!(found(store).await, [Difference::Type("t1.voided_at".into())]);
    })
    .await;
}

/// A newer program's database is refused before anything of it is changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_is_left_as_it_is() {
    let folder = new_folder();
    let settings = Settings::new(Database::Sqlite(folder.join("formwork.db")));
    let store = Store::open(&settings).await.unwrap();
    run(&store, "DELETE FROM schema_migration WHERE number = 8; DROP INDEX task_handled").await;
    run(&store, "INSERT INTO schema_migration (number, name, checksum) VALUES (9000, 'later', 'x')").await;
    store.close().await;
    let refused = Store::open(&settings).await.err();
    assert!(matches!(&refused, Some(Error::Incompatible(words)) if words.contains("9000")), "{refused:?}");
    // The step that it lacks was not taken.
    let path = folder.join("formwork.db");
    let connection = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = sqlx::ConnectOptions::connect(&connection).await.unwrap();
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'task_handled'";
    let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    assert_eq!(count, 0);
    drop(connection);
    std::fs::remove_dir_all(&folder).unwrap();
}

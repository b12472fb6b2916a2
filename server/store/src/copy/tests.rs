//! Databases that are copied, there and back.

use std::collections::BTreeMap;

use engine::access::Access;
use engine::value::{Id, Value};
use serde_json::{Value as Json, json};

use super::{Digest, Target, slice, tables};
use crate::audit::AuditEntry;
use crate::figure::{self, Change, Changes};
use crate::record::{Record, get_many};
use crate::testing::{TestForms, at, context, insert, new_folder, new_postgres};
use crate::{Database, Error, Settings, Store, ids, schema, setting};

/// More settings than are read at once.
const SETTINGS: i64 = 5_003;

fn rollup(key: &str, function: &str, field: Option<&str>) -> Json {
    let mut options = json!({"form": "orders", "link": "customer", "fn": function});
    if let Some(field) = field {
        options["field"] = json!(field);
    }
    json!({"key": key, "label": key, "kind": "rollup", "options": options})
}

fn customers(rollups: &[Json]) -> Json {
    let mut fields =
        vec![json!({"key": "name", "label": "n", "kind": "text", "options": {"sort": "pinyin"}})];
    fields.extend(rollups.iter().cloned());
    json!({"key": "customers", "label": "c", "fields": fields})
}

fn orders(with_note: bool) -> Json {
    let choices = json!({"choices": [{"key": "a,b", "label": "A"}, {"key": "乙", "label": "B"}]});
    let mut fields = vec![
        json!({"key": "code", "label": "c", "kind": "text", "unique": true}),
        json!({"key": "customer", "label": "k", "kind": "link", "options": {"form": "customers"}}),
        json!({"key": "amount", "label": "a", "kind": "number"}),
        json!({"key": "price", "label": "p", "kind": "money", "options": {"scale": 6, "currency": "CNY"}}),
        json!({"key": "day", "label": "d", "kind": "date"}),
        json!({"key": "at", "label": "t", "kind": "datetime"}),
        json!({"key": "paid", "label": "s", "kind": "switch"}),
        json!({"key": "tags", "label": "m", "kind": "multi_select", "options": choices}),
        json!({"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "i", "kind": "text"},
            {"key": "qty", "label": "q", "kind": "number", "options": {"scale": 3}},
            {"key": "marks", "label": "m", "kind": "multi_select", "options": choices}]}}),
    ];
    if with_note {
        fields.push(json!({"key": "note", "label": "n", "kind": "long_text"}));
    }
    json!({"key": "orders", "label": "o", "fields": fields})
}

/// A database with something of every sort, and the ids of its customers and orders.
async fn fill(store: &Store) -> (TestForms, Vec<Id>, Vec<Id>) {
    let mut forms = TestForms::new();
    forms.publish(store, customers(&[])).await;
    forms.publish(store, orders(true)).await;
    let rollups = [
        rollup("orders", "count", None),
        rollup("total", "sum", Some("amount")),
        rollup("mean", "avg", Some("amount")),
        rollup("least", "min", Some("amount")),
        rollup("latest", "max", Some("day")),
        rollup("first", "first", Some("code")),
        rollup("kinds", "distinct", Some("code")),
    ];
    forms.publish(store, customers(&rollups)).await;
    let customers: Vec<Record> =
        ["张三", "Ａnna", ""].map(|name| forms.record("customers", json!({"name": name}))).into();
    insert(store, forms.form_ref("customers"), &customers).await.unwrap();
    let customer = customers[0].id;
    let orders: Vec<Record> = [
        json!({"code": "É'\"?;", "customer": customer.to_string(), "amount": "1234567890123456.78", "price": "-0.000001",
            "day": "1969-12-31", "at": "1000-01-02T03:04:05.678901Z", "paid": true, "tags": ["a,b", "乙"],
            "note": "第一行\n第二行",
            "lines": [{"item": "笔", "qty": "1.5", "marks": ["乙"]}, {"item": "", "qty": "-2"}, {}]}),
        json!({"code": "two", "day": "9999-12-31", "amount": "0"}),
        json!({}),
    ]
    .map(|fields| forms.record("orders", fields))
    .into();
    insert(store, forms.form_ref("orders"), &orders).await.unwrap();
    count(store, &forms, customer, orders[0].id).await;
    // The note is put aside, with its value.
    forms.publish(store, self::orders(false)).await;
    put_beside(store).await;
    let ids = |records: &[Record]| records.iter().map(|record| record.id).collect();
    (forms, ids(&customers), ids(&orders))
}

/// Figures of a customer: a sum that SQLite's column can't hold, and values that are told apart.
async fn count(store: &Store, forms: &TestForms, customer: Id, order: Id) {
    let change = |value: Value, times| vec![Change { source: order, value, times }];
    let number = |text: &str| Value::Number(text.parse().unwrap());
    let day = Value::Date(engine::value::Date::new(2026, 9, 21).unwrap());
    let fields = BTreeMap::from([
        ("orders".to_string(), change(Value::Empty, 3)),
        ("total".to_string(), change(number("9999999999999999.99"), 500)),
        ("mean".to_string(), change(number("0.01"), 3)),
        ("least".to_string(), change(number("-3.25"), 2)),
        ("latest".to_string(), change(day, 1)),
        ("first".to_string(), change(Value::text("a"), 1)),
        ("kinds".to_string(), change(Value::Text("长".repeat(2_000)), 1)),
    ]);
    let (form, changes) = (forms.form_ref("customers"), Changes::from([(customer, fields)]));
    let added: Result<(), Error> =
        store.write(move |tx| Box::pin(async move { figure::add(tx, form, &changes).await })).await;
    added.unwrap();
}

/// Sealed entries of the audit trail and one that has no seal yet, and many settings.
async fn put_beside(store: &Store) {
    let workspace = crate::testing::ws();
    let entry = |second| {
        let entry = AuditEntry {
            workspace,
            id: ids::next(),
            at: at(second),
            who: None,
            on_behalf_of: None,
            action: "record.create".into(),
            object_kind: "record".into(),
            object: Some(ids::next()),
            label: Some("名".into()),
            path: None,
            ip: None,
            changes: Some("{}".into()),
            request: None,
            hash: Vec::new(),
            seq: None,
            chain: None,
        };
        entry.hashed()
    };
    let (sealed, open) = (vec![entry(1), entry(2), entry(3)], vec![entry(4)]);
    let done: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(async move {
                AuditEntry::insert_all(tx, &sealed).await?;
                AuditEntry::seal(tx, workspace, 100).await?;
                AuditEntry::insert_all(tx, &open).await?;
                for number in 0..SETTINGS {
                    setting::set(tx, &format!("Of many {number}"), "一").await?;
                }
                Ok(())
            })
        })
        .await;
    done.unwrap();
}

/// What each table of a database comes to.
async fn digests(store: &Store) -> BTreeMap<String, Digest> {
    let all = tables(&mut store.read().await.unwrap()).await.unwrap();
    let mut digests = BTreeMap::new();
    for table in &all {
        digests.insert(table.name().to_string(), slice::digest(store, table).await.unwrap());
    }
    digests
}

/// Copies everything, and opens what came of it.
async fn copied(source: &Store, settings: &Settings) -> Store {
    let target = Target::open(settings).await.unwrap();
    target.make_tables(source).await.unwrap();
    let all = tables(&mut source.read().await.unwrap()).await.unwrap();
    for table in &all {
        target.fill(source, table).await.unwrap();
        let (there, here) = target.compare(source, table).await.unwrap();
        assert_eq!(there, here, "{}", table.name());
    }
    target.make_indexes().await.unwrap();
    assert_eq!(Store::open(settings).await.err(), Some(Error::Unproved));
    target.proved().await.unwrap();
    target.store().close().await;
    Store::open(settings).await.unwrap()
}

async fn records(store: &Store, forms: &TestForms, key: &str, ids: &[Id]) -> BTreeMap<Id, Record> {
    let mut db = store.read().await.unwrap();
    get_many(&mut db, &Access::system("test"), forms.form_ref(key), ids, &context()).await.unwrap()
}

async fn is_sound(store: &Store) {
    let differences = schema::differences(&mut store.read().await.unwrap()).await.unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    let trail = AuditEntry::verify(&mut store.read().await.unwrap(), crate::testing::ws()).await.unwrap();
    assert_eq!(trail.map(|head| head.seq).map_err(|wrong| wrong.seq), Ok(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_from_one_database_to_the_other_and_back_is_what_it_was() {
    let folder = new_folder();
    let sqlite = |name: &str| Settings::new(Database::Sqlite(folder.join(name)));
    let source = Store::open(&sqlite("source.db")).await.unwrap();
    let (forms, customers, orders) = fill(&source).await;
    let known = (
        records(&source, &forms, "customers", &customers).await,
        records(&source, &forms, "orders", &orders).await,
    );
    let was = digests(&source).await;
    assert_eq!(was["setting"].rows, SETTINGS as u64);
    assert!(was["t1_m0"].rows == 0 && was["t2"].rows == 3 && was.contains_key("audit"));

    let postgres = new_postgres().await;
    let there = match &postgres {
        Some((settings, _)) => settings.clone(),
        None => sqlite("there.db"),
    };
    let mut from = source.clone();
    for settings in [there, sqlite("back.db")] {
        let copy = copied(&from, &settings).await;
        assert_eq!(digests(&copy).await, was);
        let read = (
            records(&copy, &forms, "customers", &customers).await,
            records(&copy, &forms, "orders", &orders).await,
        );
        assert_eq!(read, known);
        is_sound(&copy).await;
        from.close().await;
        from = copy;
    }
    // It goes on as what it was copied from: the note comes back with its value, and sealed entries stay.
    let mut forms = forms;
    forms.publish(&from, self::orders(true)).await;
    let order = records(&from, &forms, "orders", &orders).await.remove(&orders[0]).unwrap();
    assert_eq!(order.values["note"], Value::text("第一行\n第二行"));
    from.close().await;
    if let Some((_, drop_database)) = postgres {
        drop_database.await;
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A copy that broke off is served by nobody, and begun anew by the next run: what the first has made is gone, and the first
/// can write no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_broke_off_is_begun_anew() {
    let folder = new_folder();
    let sqlite = |name: &str| Settings::new(Database::Sqlite(folder.join(name)));
    let source = Store::open(&sqlite("source.db")).await.unwrap();
    fill(&source).await;
    let postgres = new_postgres().await;
    let mut targets = vec![sqlite("target.db")];
    targets.extend(postgres.as_ref().map(|(settings, _)| settings.clone()));
    for settings in targets {
        let first = Target::open(&settings).await.unwrap();
        first.make_tables(&source).await.unwrap();
        let all = tables(&mut source.read().await.unwrap()).await.unwrap();
        for table in &all {
            first.fill(&source, table).await.unwrap();
        }
        assert_eq!(Store::open(&settings).await.err(), Some(Error::Unproved));
        // On PostgreSQL the first is seen to be connected yet, and that is told before.
        let is_seen = matches!(settings.database, Database::Postgres(_));
        let told = if is_seen { Error::InUse } else { Error::Unproved };
        assert_eq!(Store::open_to_keep(&settings).await.err(), Some(told));

        let second = copied(&source, &settings).await;
        assert_eq!(digests(&second).await, digests(&source).await);
        let table = all.iter().find(|table| table.name() == "setting").unwrap();
        assert_eq!(first.fill(&source, table).await, Err(Error::InUse));
        assert_eq!(first.proved().await, Err(Error::InUse));
        first.store().close().await;
        second.close().await;
    }
    source.close().await;
    if let Some((_, drop_database)) = postgres {
        drop_database.await;
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// What holds something is not filled, and stays as it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_holds_something_is_not_filled() {
    let folder = new_folder();
    let postgres = new_postgres().await;
    let mut targets = vec![Settings::new(Database::Sqlite(folder.join("target.db")))];
    targets.extend(postgres.as_ref().map(|(settings, _)| settings.clone()));
    for settings in targets {
        let store = Store::open(&settings).await.unwrap();
        let made: Result<(), Error> =
            store.write(|tx| Box::pin(async move { setting::set(tx, "a", "1").await })).await;
        made.unwrap();
        store.close().await;
        let refused = Target::open(&settings).await.err();
        assert!(matches!(refused, Some(Error::NotEmpty { .. })), "{refused:?}");
        let store = Store::open(&settings).await.unwrap();
        let kept = setting::get(&mut store.read().await.unwrap(), "a").await;
        assert_eq!(kept, Ok(Some("1".to_string())));
        store.close().await;
    }
    if let Some((_, drop_database)) = postgres {
        drop_database.await;
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A database that is to be left as it is takes nothing, and is not brought up to date.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_kept_is_not_changed() {
    let folder = new_folder();
    let postgres = new_postgres().await;
    let mut all = vec![Settings::new(Database::Sqlite(folder.join("kept.db")))];
    all.extend(postgres.as_ref().map(|(settings, _)| settings.clone()));
    for settings in all {
        let store = Store::open(&settings).await.unwrap();
        if store.is_shared() {
            assert_eq!(Store::open_to_keep(&settings).await.err(), Some(Error::InUse));
        }
        store.close().await;

        let kept = Store::open_to_keep(&settings).await.unwrap();
        let written: Result<(), Error> =
            kept.write(|tx| Box::pin(async move { setting::set(tx, "a", "1").await })).await;
        assert!(written.is_err());
        kept.close().await;

        let store = Store::open(&settings).await.unwrap();
        assert_eq!(setting::get(&mut store.read().await.unwrap(), "a").await, Ok(None));
        let older = "DROP TABLE put_away; DELETE FROM schema_migration WHERE number = 39";
        let made: Result<(), Error> =
            store.write(move |tx| Box::pin(async move { tx.batch(older).await })).await;
        made.unwrap();
        store.close().await;
        assert_eq!(Store::open_to_keep(&settings).await.err(), Some(Error::NotCurrent { step: 39 }));
    }
    let missing = Settings::new(Database::Sqlite(folder.join("missing.db")));
    assert!(Store::open_to_keep(&missing).await.is_err());
    assert!(!folder.join("missing.db").exists());
    if let Some((_, drop_database)) = postgres {
        drop_database.await;
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

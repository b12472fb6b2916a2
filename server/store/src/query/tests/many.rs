//! Many records, made by the database itself.

use engine::condition::{Checked, Condition};
use engine::value::Id;
use serde_json::{Value as Json, json};

use crate::dialect::Dialect;
use crate::query::Sort;
use crate::table::{FormRef, Part, Wish};
use crate::testing::TestForms;
use crate::{Error, Store};

/// Orders, of which each has a customer out of two thousand and an owner out of five hundred; one in ten is new.
pub(super) struct Many {
    pub(super) forms: TestForms,
}

impl Many {
    pub(super) async fn new(store: &Store, count: u64) -> Many {
        let mut forms = TestForms::new();
        let name = json!({"key": "name", "label": "n", "kind": "text"});
        forms.publish(store, json!({"key": "customers", "label": "c", "fields": [name]})).await;
        let choices = json!({"choices": [{"key": "new", "label": "n"}, {"key": "old", "label": "o"}]});
        let fields = json!([
            {"key": "code", "label": "c", "kind": "text", "unique": true},
            {"key": "title", "label": "t", "kind": "text"},
            {"key": "amount", "label": "a", "kind": "number"},
            {"key": "day", "label": "d", "kind": "date"},
            {"key": "status", "label": "s", "kind": "select", "options": choices},
            {"key": "who", "label": "w", "kind": "member"},
            {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customers"}}]);
        forms.publish(store, json!({"key": "orders", "label": "o", "fields": fields})).await;
        let many = Many { forms };
        many.fill(store, count).await;
        many
    }

    pub(super) fn form_ref(&self) -> FormRef {
        self.forms.form_ref("orders")
    }

    async fn fill(&self, store: &Store, count: u64) {
        let mut db = store.read().await.unwrap();
        let table = db.table(self.form_ref()).await.unwrap();
        let amount = match db.dialect() {
            Dialect::Sqlite => "i * 7919 % 100000",
            Dialect::Postgres => "CAST(i * 7919 % 100000 AS NUMERIC) / 100",
        };
        drop(db);
        let column = |path: &str| table.column(path).unwrap().name();
        let fields = ["code", "title", "amount", "day", "status", "who", "customer"].map(column);
        let workspace = self.forms.workspace.as_i64();
        // Ids as they are made: milliseconds above, digits without order below.
        let sql = format!(
            "INSERT INTO {} (id, workspace, version, live, created_at, updated_at, {}) \
             WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             SELECT 800000000000000000 + i * 4194304 + i * 7919 % 4194304, {workspace}, 1, 1, \
             1790000000000000 + i, 1790000000000000 + i, 'C' || i, 'title ' || (i * 7919 % 60000), {amount}, \
             20000 + i * 31 % 700, CASE i % 10 WHEN 0 THEN 'new' ELSE 'old' END, 1000 + i % 500, \
             5000 + i % 2000 FROM n",
            table.name(),
            fields.join(", ")
        );
        let done: Result<(), Error> = store
            .write(move |tx| {
                let sql = sql.clone();
                Box::pin(async move { tx.batch(sql).await })
            })
            .await;
        done.unwrap();
    }

    /// Makes an index as observation does.
    pub(super) async fn make_index(&self, store: &Store, paths: &[&str]) {
        let form = self.form_ref();
        let mut db = store.read().await.unwrap();
        let table = db.table(form).await.unwrap();
        drop(db);
        let part = |path: &&str| -> Part {
            let reach = engine::condition::Reach::own(path);
            crate::query::terms::own_part(&reach, &table, crate::query::locate::Reading::Folded).unwrap()
        };
        let wish =
            Wish { workspace: form.workspace, form: form.form, parts: paths.iter().map(part).collect() };
        let done: Result<(), Error> =
            store.write(move |tx| Box::pin(async move { tx.make_index(wish).await })).await;
        done.unwrap();
    }

    pub(super) fn check(&self, condition: Json) -> Checked {
        let condition: Condition = serde_json::from_value(condition).unwrap();
        self.forms.forms["orders"].check(&condition, &self.forms).unwrap()
    }

    pub(super) fn by(&self, path: &str, descending: bool) -> Vec<Sort> {
        let (reach, kind) = self.forms.forms["orders"].find(path, &self.forms).unwrap();
        vec![Sort { reach, kind, descending }]
    }
}

/// The id that is stored as this number.
pub(super) fn id(number: i64) -> String {
    Id::from_i64(number).unwrap().to_string()
}

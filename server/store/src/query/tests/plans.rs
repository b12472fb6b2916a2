//! How the databases find what the commonest lists ask for: by an index, in its order, as far as the page reaches.
//!
//! What must hold is said once for both: no whole table is read, and nothing is sorted but the page itself.

use engine::access::Access;
use engine::condition::Checked;
use serde_json::{Value as Json, json};

use super::asking;
use super::many::{Many, id};
use crate::dialect::Dialect;
use crate::query::beginning::statement;
use crate::query::page::first_statement;
use crate::query::{Beginning, By, Count, From, HowMany, Query, Shelf, count, page};
use crate::table::searchable;
use crate::testing::{Plan, context, execute, new_postgres, on_sqlite};
use crate::{Database, Error, Store};

/// Enough that PostgreSQL would not rather read all of them.
const RECORDS: u64 = 60_000;

/// What is asked, and which index answers it.
struct Shape {
    name: &'static str,
    query: Query,
    /// Of the columns that it is named by.
    index: &'static [&'static str],
}

impl Many {
    /// The commonest lists. Indexes are there as observation makes them.
    async fn shapes(&self, store: &Store) -> Vec<Shape> {
        for paths in [
            &["day"][..],
            &["status", "day"][..],
            &["status", "amount"][..],
            &["who", "$created_at"][..],
            &["title"][..],
        ] {
            self.make_index(store, paths).await;
        }
        let newest = || self.by("$created_at", true);
        let list = |filter: Checked, sort| Query { sort, limit: 50, fields: None, ..asking(filter) };
        let all = Checked::always;
        let (first, access) = (list(all(), newest()), Access::system("test"));
        let mut db = store.read().await.unwrap();
        let next = page(&mut db, &access, self.form_ref(), &first, &context()).await.unwrap().next.unwrap();
        drop(db);
        let is_new = json!({"field": "status", "op": "eq", "value": "new"});
        let and = |more: Json| self.check(json!({"all": [is_new, more]}));
        let amount = json!({"field": "amount", "op": "gte", "value": 500});
        let spring = json!({"field": "day", "op": "between", "value": ["2025-03-01", "2025-03-31"]});
        let whose = json!({"field": "who", "op": "eq", "value": id(1007)});
        let customer = json!({"field": "customer", "op": "eq", "value": id(5011)});
        let code = json!({"field": "code", "op": "eq", "value": "C4711"});
        let shape = |name, query, index: &'static [&'static str]| Shape { name, query, index };
        vec![
            shape("the newest", list(all(), newest()), &["created"]),
            shape("the next page", Query { from: From::After(next), ..list(all(), newest()) }, &["created"]),
            shape("by a date", list(all(), self.by("day", true)), &["day"]),
            shape("by a date, upwards", list(all(), self.by("day", false)), &["day"]),
            shape(
                "of a state, by a date",
                list(self.check(is_new.clone()), self.by("day", true)),
                &["status", "day"],
            ),
            shape(
                "of a state and a size, by a date",
                list(and(amount), self.by("day", true)),
                &["status", "day"],
            ),
            shape("of a month, by the date", list(self.check(spring), self.by("day", true)), &["day"]),
            shape("mine, the newest", list(self.check(whose), newest()), &["who", "created"]),
            shape("of a customer, the newest", list(self.check(customer), newest()), &["customer"]),
            shape("by a title", list(all(), self.by("title", false)), &["title*"]),
            shape("one by its code", list(self.check(code), newest()), &["code!"]),
            shape(
                "far down",
                Query { from: From::Offset(48_000), ..list(all(), self.by("day", true)) },
                &["day"],
            ),
        ]
    }

    /// What a picker searches by: how titles begin, and codes.
    async fn make_searchable(&self, store: &Store) {
        let form = self.form_ref();
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    let (titles, shown) = (["title".to_string()], ["code".to_string()]);
                    searchable(tx, form.workspace, form.form, &titles, &shown).await
                })
            })
            .await;
        done.unwrap();
    }

    /// However many records begin so, what a picker shows of them is the first part of a range of an index.
    async fn pickers_hold(&self, store: &Store) {
        let access = Access::system("test");
        for (field, text, index) in [("title", "title 1", "title*"), ("code", "c47", "code*")] {
            let filter = Checked::always();
            let wanted = Beginning { filter, field, by: By::Text, text, limit: 20 };
            let mut db = store.read().await.unwrap();
            let statement = statement(&mut db, &access, self.form_ref(), &wanted, &context()).await;
            drop(db);
            let plan = Plan::of(store, statement).await;
            let index = self.index_named(store, &[index]).await;
            assert!(!plan.reads_all() && plan.uses(&index), "{field}, by {index}: {}", plan.words);
            // The few of a code may be put in order; the many of a title are not.
            assert!(field == "code" || !plan.sorts(), "{field}: {}", plan.words);
        }
    }

    /// The name of the index over these columns: `created` is the creation time, `title*` folded, `code!` unique.
    async fn index_named(&self, store: &Store, parts: &[&str]) -> String {
        let mut db = store.read().await.unwrap();
        let table = db.table(self.form_ref()).await.unwrap();
        let number = |path: &str| table.column(path).unwrap().number;
        let mut name = table.name();
        for part in parts {
            name += &match part.strip_suffix(['*', '!']) {
                _ if *part == "created" => "_created".to_string(),
                Some(path) if part.ends_with('*') => format!("_f{}", number(path)),
                Some(path) => format!("__c{}", number(path)),
                None => format!("_c{}", number(part)),
            };
        }
        name
    }
}

async fn hold(store: &Store, settle: impl AsyncFn()) {
    let many = Many::new(store, RECORDS).await;
    let shapes = many.shapes(store).await;
    many.make_searchable(store).await;
    settle().await;
    let (access, form, context) = (Access::system("test"), many.form_ref(), context());
    for Shape { name, query, index } in shapes {
        let mut db = store.read().await.unwrap();
        let statement = first_statement(&mut db, &access, form, &query, &context).await;
        drop(db);
        let plan = Plan::of(store, statement).await;
        assert!(!plan.reads_all(), "{name}: {}", plan.words);
        let index = many.index_named(store, index).await;
        assert!(plan.uses(&index), "{name}, by {index}: {}", plan.words);
        match query.from {
            // Only ids are read of what is skipped; the page itself is put in order.
            From::Offset(_) => assert!(plan.is_covered(), "{name}: {}", plan.words),
            From::Start | From::After(_) => {
                // A few records of one customer, or one by its code, may be put in order.
                let few = name.contains("customer") || name.contains("code");
                assert!(few || !plan.sorts(), "{name}: {}", plan.words);
            }
        }
    }
    many.pickers_hold(store).await;
    // How many there are of a state and a size: from the index alone.
    let filter = many.check(json!({"all": [{"field": "status", "op": "eq", "value": "new"},
                                           {"field": "amount", "op": "gte", "value": 900}]}));
    let mut db = store.read().await.unwrap();
    let asked = HowMany::new(&mut db, &access, form, Shelf::Live, &filter, &context).await.unwrap();
    let statement = asked.statement(db.dialect());
    drop(db);
    let plan = Plan::of(store, statement).await;
    let index = many.index_named(store, &["status", "amount"]).await;
    assert!(!plan.reads_all() && plan.uses(&index) && plan.is_covered(), "{}", plan.words);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commonest_lists_are_answered_by_an_index_on_sqlite() {
    on_sqlite(async |store| hold(store, async || {}).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commonest_lists_are_answered_by_an_index_on_postgres() {
    let Some((settings, drop_database)) = new_postgres().await else { return };
    let Database::Postgres(url) = settings.database.clone() else { panic!("this is PostgreSQL") };
    let store = Store::open(&settings).await.unwrap();
    // As autovacuum does in time: figures for the planner, and pages that an index alone can answer for.
    hold(&store, async || execute(&url, "VACUUM (ANALYZE) t2".to_string()).await).await;
    store.close().await;
    drop_database.await;
}

/// With indexes on the filter alone there is none in the order of the sort: what matches is looked up, or everything is walked
/// in order, whichever leaves less to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_best_index_the_next_best_is_taken() {
    on_sqlite(async |store| {
        let many = Many::new(store, 100).await;
        many.make_index(store, &["status", "amount"]).await;
        many.make_index(store, &["day"]).await;
        let filter = many.check(json!({"all": [{"field": "status", "op": "eq", "value": "new"},
                                               {"field": "amount", "op": "gte", "value": 500}]}));
        let query = Query { sort: many.by("day", true), fields: None, ..asking(filter) };
        let (access, form, context) = (Access::system("test"), many.form_ref(), context());
        let mut db = store.read().await.unwrap();
        let statement = first_statement(&mut db, &access, form, &query, &context).await;
        drop(db);
        let plan = Plan::of(store, statement).await;
        // Left alone, SQLite takes the index on the filter and sorts.
        let day = many.index_named(store, &["day"]).await;
        assert!(plan.uses(&day) && !plan.sorts(), "{}", plan.words);
    })
    .await;
}

/// An estimate of a large form looks at a thousand records, wherever they are, and misses by little; what was counted is told
/// again until something of the form changes.
async fn estimates_hold(store: &Store) {
    let many = Many::new(store, RECORDS).await;
    let (access, form, context) = (Access::system("test"), many.form_ref(), context());
    let is_new = many.check(json!({"field": "status", "op": "eq", "value": "new"}));
    let late = many.check(json!({"field": "day", "op": "gte", "value": "2025-07-01"}));
    let mut db = store.read().await.unwrap();
    for (filter, expected) in [(Checked::always(), 60_000), (is_new.clone(), 6_000), (late, 36_857)] {
        let about =
            count(&mut db, &access, form, Shelf::Live, &filter, Count::Estimate, &context).await.unwrap();
        assert!(!about.exact);
        // Five times the deviation that a sample of a thousand has.
        let off = about.value.abs_diff(expected);
        assert!(off * 100 <= expected * 50, "{about:?}, and there are about {expected}");
        let sure = count(&mut db, &access, form, Shelf::Live, &filter, Count::Exact, &context).await.unwrap();
        assert!(sure.exact && sure.value.abs_diff(expected) < 1_000, "{sure:?}");
        if db.dialect() == Dialect::Postgres {
            // What other databases of the server commit meanwhile has it counted anew.
            continue;
        }
        let again =
            count(&mut db, &access, form, Shelf::Live, &filter, Count::Estimate, &context).await.unwrap();
        assert_eq!(again, sure);
    }
    drop(db);
    let fresh = many.forms.record("orders", json!({"status": "new", "code": "fresh"}));
    crate::testing::insert(store, form, &[fresh]).await.unwrap();
    let mut db = store.read().await.unwrap();
    let after = count(&mut db, &access, form, Shelf::Live, &is_new, Count::Exact, &context).await.unwrap();
    assert_eq!(after.value, 6_001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn estimates_miss_by_little_and_counts_are_told_again_while_they_hold() {
    crate::testing::on_both(estimates_hold).await;
}

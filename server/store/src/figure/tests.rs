//! Whatever is counted in and out, a figure is what counting from the start gives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::Access;
use engine::aggregate::{Figure, Part};
use engine::condition::{Condition, Reach, Source};
use engine::form::Form;
use engine::value::{Decimal, Id, Rounding, Value, Values, get, round};
use serde_json::{Value as Json, json};

use super::{Change, Changes, add, reset};
use crate::query::{From, Function, GroupBy, Groups, Measure, Query, Shelf, Sort, groups, page};
use crate::record::{Record, get_many, purge};
use crate::testing::{TestForms, context, insert, on_both, update};
use crate::{Error, Store};

const AMOUNTS: [&str; 6] = ["0", "-3.25", "12.5", "12.50", "9999999999999999.99", "0.01"];
const DAYS: [&str; 4] = ["2026-01-05", "2025-12-31", "1969-12-31", "2026-09-21"];
const TITLES: [&str; 5] = ["甲", "ＡＢ", "ab", "Straße", "b"];

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn some<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        (self.roll(5) > 0).then(|| from[self.roll(from.len())])
    }
}

/// A stored record as figures read it.
struct Stored<'r>(&'r Record);

impl Source for Stored<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.0.value(&reach.field)
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        let rows = get(&self.0.values, reach.rows.as_deref().unwrap_or_default()).rows();
        rows.iter().map(|row| get(&row.values, &reach.field).clone()).collect()
    }
}

fn rollup(key: &str, function: &str, field: Option<&str>) -> Json {
    let mut options = json!({"form": "orders", "link": "customer", "fn": function});
    if let Some(field) = field {
        options["field"] = json!(field);
    }
    json!({"key": key, "label": key, "kind": "rollup", "options": options})
}

fn customers(rollups: &[Json]) -> Json {
    let mut fields = vec![json!({"key": "name", "label": "名", "kind": "text"})];
    fields.extend(rollups.iter().cloned());
    json!({"key": "customers", "label": "客户", "fields": fields})
}

async fn world(store: &Store) -> (TestForms, Arc<Form>, Vec<Figure>) {
    let mut forms = TestForms::new();
    forms.publish(store, customers(&[])).await;
    let orders = forms
        .publish(
            store,
            json!({"key": "orders", "label": "订单", "fields": [
                {"key": "customer", "label": "客", "kind": "link", "options": {"form": "customers"}},
                {"key": "title", "label": "题", "kind": "text"},
                {"key": "amount", "label": "额", "kind": "number"},
                {"key": "day", "label": "日", "kind": "date"},
                {"key": "open", "label": "开", "kind": "switch"},
                {"key": "lines", "label": "行", "kind": "subform", "options": {"fields": [
                    {"key": "qty", "label": "量", "kind": "number", "options": {"scale": 0}}]}}]}),
        )
        .await;
    let mut open = rollup("open", "sum", Some("amount"));
    open["options"]["filter"] = json!({"field": "open", "op": "eq", "value": true});
    let rollups = [
        rollup("orders", "count", None),
        rollup("days", "count", Some("day")),
        rollup("total", "sum", Some("amount")),
        rollup("mean", "avg", Some("amount")),
        rollup("least", "min", Some("amount")),
        rollup("latest", "max", Some("day")),
        rollup("kinds", "distinct", Some("title")),
        rollup("first", "first", Some("title")),
        rollup("last", "last", Some("title")),
        rollup("pieces", "sum", Some("lines.qty")),
        open,
    ];
    let shown = forms.publish(store, customers(&rollups)).await;
    let figures = shown.fields().filter_map(|column| Figure::of(&shown, column, &orders, &forms));
    let figures: Vec<Figure> = figures.collect();
    assert_eq!(figures.len(), rollups.len(), "all of them are kept");
    (forms, shown, figures)
}

fn order(dice: &mut Dice, customers: &[Record]) -> Json {
    let mut fields = json!({"open": dice.roll(2) == 0});
    let ids: Vec<Id> = customers.iter().map(|customer| customer.id).collect();
    if let Some(id) = dice.some(&ids) {
        fields["customer"] = json!(id.to_string());
    }
    for (key, values) in [("title", &TITLES[..]), ("amount", &AMOUNTS[..]), ("day", &DAYS[..])] {
        if let Some(value) = dice.some(values) {
            fields[key] = json!(value);
        }
    }
    let lines: Vec<Json> = (0..dice.roll(3)).map(|n| json!({"qty": n})).collect();
    fields["lines"] = json!(lines);
    fields
}

/// Notes that a record counts, or no longer does.
fn count(figures: &[Figure], record: &Record, times: i64, changes: &mut Changes) {
    for figure in figures {
        for Part { target, value } in figure.parts(&Stored(record), &context()) {
            let of_record = changes.entry(target).or_default().entry(figure.path.clone()).or_default();
            of_record.push(Change { source: record.id, value, times });
        }
    }
}

async fn write(store: &Store, forms: &TestForms, changes: Changes) {
    let form = forms.form_ref("customers");
    let done: Result<(), Error> =
        store.write(move |tx| Box::pin(async move { add(tx, form, &changes).await })).await;
    done.unwrap();
}

/// What the orders of a customer give, counted from the start.
fn expected(orders: &[Record], customer: Id) -> Values {
    let own: Vec<&Record> =
        orders.iter().filter(|order| order.value("customer") == Value::Ref(customer)).collect();
    let amounts = |own: &[&Record]| -> Vec<Decimal> {
        own.iter().filter_map(|order| order.value("amount").as_number()).collect()
    };
    let sum = |numbers: &[Decimal]| Value::Number(numbers.iter().sum());
    let all = amounts(&own);
    let open: Vec<&Record> =
        own.iter().copied().filter(|order| order.value("open") == Value::Bool(true)).collect();
    let mean = match all.len() {
        0 => Value::Empty,
        count => {
            let sum: Decimal = all.iter().sum();
            Value::Number(round(sum / Decimal::from(count), 6, Rounding::HalfUp))
        }
    };
    let days: Vec<_> = own.iter().filter_map(|order| order.value("day").as_date()).collect();
    let titles: BTreeSet<String> =
        own.iter().filter_map(|order| order.value("title").as_text().map(str::to_string)).collect();
    let pieces: Vec<Decimal> = own
        .iter()
        .flat_map(|order| get(&order.values, "lines").rows().to_vec())
        .filter_map(|row| get(&row.values, "qty").as_number())
        .collect();
    let title = |order: Option<&&Record>| order.map(|order| order.value("title")).unwrap_or_default();
    [
        ("orders", Value::number(own.len() as i64)),
        ("days", Value::number(days.len() as i64)),
        ("total", sum(&all)),
        ("mean", mean),
        ("least", all.iter().min().copied().map_or(Value::Empty, Value::Number)),
        ("latest", days.iter().max().copied().map_or(Value::Empty, Value::Date)),
        ("kinds", Value::number(titles.len() as i64)),
        ("first", title(own.iter().min_by_key(|order| order.id))),
        ("last", title(own.iter().max_by_key(|order| order.id))),
        ("pieces", sum(&pieces)),
        ("open", sum(&amounts(&open))),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_string(), value))
    .collect()
}

async fn check(store: &Store, forms: &TestForms, customers: &[Record], orders: &[Record], when: &str) {
    let ids: Vec<Id> = customers.iter().map(|customer| customer.id).collect();
    let mut db = store.read().await.unwrap();
    let (access, form) = (Access::system("test"), forms.form_ref("customers"));
    let found = get_many(&mut db, &access, form, &ids, &context()).await.unwrap();
    for customer in customers {
        let kept = &found[&customer.id];
        assert_eq!(kept.figures, expected(orders, customer.id), "{when}");
        assert_eq!((kept.version, &kept.values), (customer.version, &customer.values), "{when}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_counted_in_and_out_figures_are_right() {
    let told = std::env::var("FORMWORK_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = told.unwrap_or_else(|| getrandom::u64().unwrap());
    eprintln!("FORMWORK_SEED={seed} gives this run again");
    on_both(async |store| {
        let (forms, _, figures) = world(store).await;
        let mut dice = Dice(seed);
        let customers: Vec<Record> =
            (0..4).map(|n| forms.record("customers", json!({"name": n.to_string()}))).collect();
        insert(store, forms.form_ref("customers"), &customers).await.unwrap();
        let mut orders: Vec<Record> = Vec::new();
        for step in 0..120 {
            let mut changes = Changes::new();
            // Several records in one save, too.
            for _ in 0..1 + dice.roll(3) {
                match dice.roll(5) {
                    0 if !orders.is_empty() => {
                        let gone = orders.swap_remove(dice.roll(orders.len()));
                        count(&figures, &gone, -1, &mut changes);
                    }
                    1 | 2 if !orders.is_empty() => {
                        let place = dice.roll(orders.len());
                        let fresh = forms.record("orders", order(&mut dice, &customers));
                        let new = Record { id: orders[place].id, ..fresh };
                        count(&figures, &orders[place], -1, &mut changes);
                        count(&figures, &new, 1, &mut changes);
                        orders[place] = new;
                    }
                    _ => {
                        let new = forms.record("orders", order(&mut dice, &customers));
                        count(&figures, &new, 1, &mut changes);
                        orders.push(new);
                    }
                }
            }
            write(store, &forms, changes).await;
            if step % 10 == 9 {
                check(store, &forms, &customers, &orders, &format!("seed {seed}, step {step}")).await;
            }
        }
        // A save of the record itself leaves its figures alone, and one that is counted anew comes to the same.
        let renamed = Record { version: 2, values: Values::new(), ..customers[0].clone() };
        update(store, forms.form_ref("customers"), &customers[0], &renamed).await.unwrap();
        let mut all = customers.clone();
        all[0] = renamed;
        check(store, &forms, &all, &orders, "after a save").await;
        let form = forms.form_ref("customers");
        let paths: Vec<String> = figures.iter().map(|figure| figure.path.clone()).collect();
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    for path in &paths {
                        reset(tx, form, path).await?;
                    }
                    Ok(())
                })
            })
            .await;
        done.unwrap();
        check(store, &forms, &all, &[], "after a reset").await;
        let mut changes = Changes::new();
        orders.iter().for_each(|order| count(&figures, order, 1, &mut changes));
        write(store, &forms, changes).await;
        check(store, &forms, &all, &orders, &format!("seed {seed}, anew")).await;
    })
    .await;
}

/// Lists are filtered, sorted and grouped by figures, also through a link, as by any other number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_go_by_figures() {
    on_both(async |store| {
        let (forms, shown, figures) = world(store).await;
        let mut dice = Dice(11);
        let customers: Vec<Record> =
            (0..12).map(|n| forms.record("customers", json!({"name": n.to_string()}))).collect();
        let orders: Vec<Record> =
            (0..40).map(|_| forms.record("orders", order(&mut dice, &customers))).collect();
        insert(store, forms.form_ref("customers"), &customers).await.unwrap();
        insert(store, forms.form_ref("orders"), &orders).await.unwrap();
        let mut changes = Changes::new();
        orders.iter().for_each(|order| count(&figures, order, 1, &mut changes));
        write(store, &forms, changes).await;
        let figures: BTreeMap<Id, Values> =
            customers.iter().map(|customer| (customer.id, expected(&orders, customer.id))).collect();
        let figure = |id: Id, path: &str| get(&figures[&id], path).clone();
        let ask = |form: &Arc<Form>, filter: Json, sort: Option<(&str, bool)>| Query {
            shelf: Shelf::Live,
            filter: form.check(&serde_json::from_value::<Condition>(filter).unwrap(), &forms).unwrap(),
            sort: sort
                .map(|(path, descending)| {
                    let (reach, kind) = form.find(path, &forms).unwrap();
                    Sort { reach, kind, descending }
                })
                .into_iter()
                .collect(),
            limit: 100,
            from: From::Start,
            fields: None,
        };
        let (access, context) = (Access::system("test"), context());
        let mut db = store.read().await.unwrap();

        let none = json!({"all": []});
        for (path, descending) in [("total", true), ("total", false), ("latest", true), ("least", false)] {
            let query = ask(&shown, none.clone(), Some((path, descending)));
            let found = page(&mut db, &access, forms.form_ref("customers"), &query, &context).await.unwrap();
            let values: Vec<Value> = found.records.iter().map(|record| figure(record.id, path)).collect();
            let filled = values.iter().take_while(|value| !value.is_empty()).count();
            assert!(values[filled..].iter().all(Value::is_empty), "{path}: what is empty comes last");
            let in_order = values[..filled].windows(2).all(|two| {
                let order = two[0].compare(&two[1]).unwrap();
                if descending { order.is_ge() } else { order.is_le() }
            });
            assert!(in_order && values.len() == customers.len(), "{path}: {values:?}");
        }
        for (filter, holds) in [
            (json!({"field": "orders", "op": "gt", "value": 3}), "orders"),
            (json!({"field": "total", "op": "gt", "value": "12.5"}), "total"),
        ] {
            let query = ask(&shown, filter.clone(), None);
            let found = page(&mut db, &access, forms.form_ref("customers"), &query, &context).await.unwrap();
            let bound = Value::Number(if holds == "orders" { "3" } else { "12.5" }.parse().unwrap());
            let expected = customers.iter().filter(|customer| {
                figure(customer.id, holds).compare(&bound).is_some_and(std::cmp::Ordering::is_gt)
            });
            let expected: BTreeSet<Id> = expected.map(|customer| customer.id).collect();
            let found: BTreeSet<Id> = found.records.iter().map(|record| record.id).collect();
            assert_eq!(found, expected, "{filter}");
            assert!(!expected.is_empty() && expected.len() < customers.len());
        }
        let query = ask(&shown, json!({"field": "first", "op": "contains", "value": "ab"}), None);
        let found = page(&mut db, &access, forms.form_ref("customers"), &query, &context).await.unwrap();
        let folded = |id: Id| engine::value::fold(figure(id, "first").as_text().unwrap_or_default());
        assert_eq!(
            found.records.len(),
            customers.iter().filter(|customer| folded(customer.id).contains("ab")).count()
        );

        // Through a link, and as a group.
        let form = forms.forms["orders"].clone();
        let query = ask(&form, json!({"field": "customer.orders", "op": "gte", "value": 4}), None);
        let found = page(&mut db, &access, forms.form_ref("orders"), &query, &context).await.unwrap();
        let of = |order: &&Record| order.value("customer").as_ref_id().map(|id| figure(id, "orders"));
        let four = Value::number(4);
        let many = |order: &&Record| of(order).is_some_and(|n| n.compare(&four).is_some_and(|o| o.is_ge()));
        assert_eq!(found.records.len(), orders.iter().filter(many).count());
        let (reach, kind) = shown.find("orders", &forms).unwrap();
        let total = shown.find("total", &forms).unwrap();
        let wanted = Groups {
            shelf: Shelf::Live,
            filter: engine::condition::Checked::always(),
            group: vec![GroupBy { reach, kind, unit: None }],
            measures: vec![Measure { function: Function::Count, of: Some(total) }],
        };
        let grouped = groups(&mut db, &access, forms.form_ref("customers"), &wanted, &context).await.unwrap();
        let kinds: BTreeSet<String> =
            customers.iter().map(|customer| format!("{:?}", figure(customer.id, "orders"))).collect();
        assert_eq!(grouped.len(), kinds.len());
        assert_eq!(grouped.iter().map(|group| group.records).sum::<u64>(), customers.len() as u64);
    })
    .await;
}

/// A sum beyond the whole numbers of SQLite is read to the last digit, and what belongs to a record goes with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_have_no_end_and_nothing_is_left_of_what_is_purged() {
    on_both(async |store| {
        let (forms, _, figures) = world(store).await;
        let customer = forms.record("customers", json!({"name": "大"}));
        let form = forms.form_ref("customers");
        insert(store, form, std::slice::from_ref(&customer)).await.unwrap();
        let fields =
            json!({"customer": customer.id.to_string(), "amount": "9999999999999999.99", "title": "a"});
        let orders: Vec<Record> = (0..20).map(|_| forms.record("orders", fields.clone())).collect();
        let mut changes = Changes::new();
        orders.iter().for_each(|order| count(&figures, order, 1, &mut changes));
        write(store, &forms, changes).await;
        let mut db = store.read().await.unwrap();
        let access = Access::system("test");
        let found = get_many(&mut db, &access, form, &[customer.id], &context()).await.unwrap();
        assert_eq!(
            found[&customer.id].value("total"),
            Value::Number("199999999999999999.80".parse().unwrap())
        );
        assert_eq!(
            found[&customer.id].value("mean"),
            Value::Number("9999999999999999.990000".parse().unwrap())
        );
        drop(db);
        let id = customer.id;
        let left: Result<i64, Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    purge(tx, &Access::system("test"), form, &[id]).await?;
                    let table = tx.table(form).await?;
                    let column = table.column("first").unwrap();
                    let sql = format!("SELECT count(*) FROM {}", table.aside_name(column));
                    tx.fetch_one(sql, Vec::new()).await?.get(0)
                })
            })
            .await;
        assert_eq!(left.unwrap(), 0);
    })
    .await;
}

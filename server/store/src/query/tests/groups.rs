//! Groups and their sums.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Access;
use engine::condition::{Checked, Source, Unit};
use engine::value::Value;
use serde_json::json;

use super::world::{Dice, World, customers};
use crate::query::{Function, GroupBy, Groups, Measure, Shelf, groups};
use crate::testing::{TestForms, context, insert, on_both};

/// Groups as they must be, added up in memory.
fn grouped(
    world: &World,
    paths: &[(&str, Option<Unit>)],
    of: &str,
) -> BTreeMap<String, (i64, engine::value::Decimal)> {
    let mut all = BTreeMap::new();
    for record in &world.orders {
        let group: Vec<Value> = paths
            .iter()
            .map(|(path, unit)| {
                let reach = world.form().find(path, &world.forms).unwrap().0;
                match (world.source(record).value(&reach), unit) {
                    (Value::Date(day), Some(unit)) => Value::Date(unit.start(day)),
                    (Value::DateTime(at), Some(unit)) => Value::Date(unit.start(world.context.date_of(at))),
                    (value, _) => value,
                }
            })
            .collect();
        let entry = all.entry(format!("{group:?}")).or_insert((0, engine::value::Decimal::ZERO));
        entry.0 += 1;
        entry.1 += record.value(of).as_number().unwrap_or_default();
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_add_up_exactly() {
    on_both(async |store| {
        // Amounts go up to eighteen digits: their sum is beyond a 64-bit number.
        let world = World::new(store, &mut Dice(6), 400).await;
        let mut db = store.read().await.unwrap();
        let access = Access::system("test");
        let cases: [&[(&str, Option<Unit>)]; 7] = [
            &[],
            &[("status", None)],
            &[("status", None), ("paid", None)],
            &[("day", Some(Unit::Month))],
            &[("at", Some(Unit::Day)), ("customer.tier", None)],
            &[("at", Some(Unit::Year))],
            &[("customer.vip", None)],
        ];
        for paths in cases {
            let by = paths.iter().map(|(path, unit)| {
                let (reach, kind) = world.form().find(path, &world.forms).unwrap();
                GroupBy { reach, kind, unit: *unit }
            });
            let measure = |function, path: &str| {
                let of = world.form().find(path, &world.forms).unwrap();
                Measure { function, of: Some(of) }
            };
            let wanted = Groups {
                shelf: Shelf::Live,
                filter: Checked::always(),
                group: by.collect(),
                measures: vec![
                    Measure { function: Function::Count, of: None },
                    measure(Function::Sum, "amount"),
                    measure(Function::Max, "day"),
                    measure(Function::Distinct, "title"),
                    measure(Function::Sum, "lines.n"),
                ],
            };
            let found = groups(&mut db, &access, world.form_ref(), &wanted, &world.context).await.unwrap();
            let expected = grouped(&world, paths, "amount");
            assert_eq!(found.len(), expected.len(), "{paths:?}");
            let mut lines = engine::value::Decimal::ZERO;
            for group in &found {
                let (count, sum) = &expected[&format!("{:?}", group.group)];
                assert_eq!(group.values[0], Value::number(*count), "{paths:?}");
                assert_eq!(group.values[1], Value::Number(*sum), "{paths:?} {:?}", group.group);
                assert_eq!(group.records, *count as u64);
                lines += group.values[4].as_number().unwrap();
            }
            let rows = world.orders.iter().flat_map(|order| order.value("lines").rows().to_vec());
            let all: engine::value::Decimal =
                rows.filter_map(|row| engine::value::get(&row.values, "n").as_number()).sum();
            assert_eq!(lines, all, "{paths:?}");
            if paths.is_empty() {
                assert_eq!(found[0].values[2], Value::Date("2026-09-22".parse().unwrap()));
                let titles: BTreeSet<String> = world
                    .orders
                    .iter()
                    .filter_map(|order| order.value("title").as_text().map(str::to_string))
                    .collect();
                assert_eq!(found[0].values[3], Value::number(titles.len() as i64));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn averages_have_four_more_digits_and_nothing_gives_nothing() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, customers()).await;
        let form = forms.form_ref("customers");
        let find = |path: &str| forms.forms["customers"].find(path, &forms).unwrap();
        let wanted = Groups {
            shelf: Shelf::Live,
            filter: Checked::always(),
            group: Vec::new(),
            measures: [Function::Avg, Function::Min, Function::Sum, Function::Count]
                .map(|function| Measure { function, of: Some(find("score")) })
                .to_vec(),
        };
        let mut db = store.read().await.unwrap();
        let access = Access::system("test");
        let empty = groups(&mut db, &access, form, &wanted, &context()).await.unwrap();
        assert_eq!(empty[0].values, [Value::Empty, Value::Empty, Value::number(0), Value::number(0)]);
        drop(db);
        let scores = [json!({"score": "1"}), json!({"score": "1"}), json!({"score": "2"}), json!({})];
        insert(store, form, &scores.map(|fields| forms.record("customers", fields))).await.unwrap();
        let mut db = store.read().await.unwrap();
        let found = groups(&mut db, &access, form, &wanted, &context()).await.unwrap();
        let number = |text: &str| Value::Number(text.parse().unwrap());
        assert_eq!(found[0].values, [number("1.333333"), number("1"), number("4"), number("3")]);
        // Every value of a many-valued field counts in its own group.
        let tags = [json!({"labels": ["x", "y"]}), json!({"labels": ["x"]})];
        drop(db);
        insert(store, form, &tags.map(|fields| forms.record("customers", fields))).await.unwrap();
        let (reach, kind) = find("labels");
        let wanted =
            Groups { group: vec![GroupBy { reach, kind, unit: None }], measures: Vec::new(), ..wanted };
        let mut db = store.read().await.unwrap();
        let found = groups(&mut db, &access, form, &wanted, &context()).await.unwrap();
        let counts: BTreeMap<String, u64> =
            found.iter().map(|group| (format!("{:?}", group.group[0]), group.records)).collect();
        let expected = [("Empty", 4), ("Text(\"x\")", 2), ("Text(\"y\")", 1)];
        assert_eq!(counts, expected.map(|(key, count)| (key.to_string(), count)).into());
    })
    .await;
}

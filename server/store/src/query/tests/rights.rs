//! What is closed to somebody is closed in every question.

use std::collections::BTreeSet;

use engine::access::{Access, Grant};
use engine::condition::Checked;
use engine::value::{Id, Value};
use serde_json::{Value as Json, json};

use super::world::{Dice, World};
use super::{asking, sort};
use crate::query::{Count, Function, Groups, Measure, Query, Shelf, count, groups, page};
use crate::record::Record;
use crate::testing::on_both;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_fields_and_rows_stay_closed_in_every_question() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(5), 50).await;
        let (form, context) = (world.form_ref(), &world.context);
        let grant = |json: Json| {
            Grant::new(&serde_json::from_value(json).unwrap(), world.form(), &world.forms).unwrap()
        };
        // Everything is seen, but amounts only of paid orders.
        let access = Access::granted(vec![
            grant(json!({"key": "a", "label": "a", "operations": ["view"],
                         "fields": {"*": "read", "amount": "none"},
                         "rows": {"field": "status", "op": "ne", "value": "old"}})),
            grant(json!({"key": "b", "label": "b", "operations": ["view"], "fields": {"*": "read"},
                         "rows": {"all": [{"field": "paid", "op": "eq", "value": true},
                                          {"field": "status", "op": "ne", "value": "old"}]}})),
        ]);
        let seen: Vec<&Record> =
            world.orders.iter().filter(|order| order.value("status") != Value::text("old")).collect();
        let amount = |record: &Record| match record.value("paid") {
            Value::Bool(true) => record.value("amount"),
            _ => Value::Empty,
        };
        let mut db = store.read().await.unwrap();
        let filter = world.check(&json!({"field": "amount", "op": "gte", "value": "0"}));
        let query = Query { sort: vec![sort(&world, "amount", true)], ..asking(filter.clone()) };
        let found = page(&mut db, &access, form, &query, context).await.unwrap();
        let zero = Value::number(0);
        let expected: BTreeSet<Id> = seen
            .iter()
            .filter(|order| amount(order).compare(&zero).is_some_and(std::cmp::Ordering::is_ge))
            .map(|order| order.id)
            .collect();
        assert_eq!(found.records.iter().map(|record| record.id).collect::<BTreeSet<_>>(), expected);
        let counted =
            count(&mut db, &access, form, Shelf::Live, &filter, Count::Exact, context).await.unwrap();
        assert_eq!(counted.value, expected.len() as u64);
        // A sort must not tell what is closed: those records come last, by id.
        let query = Query { sort: vec![sort(&world, "amount", false)], ..asking(Checked::always()) };
        let found = page(&mut db, &access, form, &query, context).await.unwrap();
        let tail: Vec<Id> = found
            .records
            .iter()
            .skip_while(|record| {
                !amount(world.orders.iter().find(|order| order.id == record.id).unwrap()).is_empty()
            })
            .map(|record| record.id)
            .collect();
        assert!(tail.is_sorted() && !tail.is_empty());
        assert_eq!(tail.len(), seen.iter().filter(|order| amount(order).is_empty()).count());
        // A sum leaves them out, and so does a group.
        let (reach, kind) = world.form().find("amount", &world.forms).unwrap();
        let wanted = Groups {
            shelf: Shelf::Live,
            filter: Checked::always(),
            group: Vec::new(),
            measures: vec![Measure { function: Function::Sum, of: Some((reach, kind)) }],
        };
        let sums = groups(&mut db, &access, form, &wanted, context).await.unwrap();
        let expected: engine::value::Decimal =
            seen.iter().filter_map(|order| amount(order).as_number()).sum();
        assert_eq!(sums[0].values, [Value::Number(expected)]);
        // One record is not to be had by its id either.
        let hidden = world.orders.iter().find(|order| order.value("status") == Value::text("old")).unwrap();
        assert_eq!(crate::record::get(&mut db, &access, form, hidden.id, context).await.unwrap(), None);
        let nobody = Access::granted(Vec::new());
        assert!(page(&mut db, &nobody, form, &query, context).await.unwrap().records.is_empty());
    })
    .await;
}

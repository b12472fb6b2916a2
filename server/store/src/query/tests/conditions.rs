//! What a condition finds is what it finds in memory.

use std::collections::BTreeSet;

use engine::condition::Checked;
use engine::value::{Id, Value};
use serde_json::json;

use super::world::{Dice, World, seed_of_this_run};
use super::{asking, ids, sort};
use crate::query::Query;
use crate::record::Record;
use crate::testing::on_both;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t26_conditions_hold_in_sql_where_they_hold_in_memory() {
    let cases = std::env::var("FORMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400);
    let seed = seed_of_this_run();
    on_both(async |store| {
        let mut dice = Dice(seed);
        let world = World::new(store, &mut dice, 60).await;
        let mut held = 0;
        for case in 0..cases {
            let json = world.condition(&mut dice, 3);
            let condition = world.check(&json);
            let expected: BTreeSet<Id> = world
                .orders
                .iter()
                .filter(|record| condition.holds(&world.source(record), &world.context))
                .map(|record| record.id)
                .collect();
            // With a sort that has an index the same condition is written otherwise.
            let sort = if case % 2 == 0 { Vec::new() } else { vec![sort(&world, "$created_at", true)] };
            let query = Query { sort, ..asking(condition) };
            let found: BTreeSet<Id> = ids(store, &world, &query).await.into_iter().collect();
            held += expected.len();
            if found != expected {
                let wrong = world
                    .orders
                    .iter()
                    .find(|order| found.contains(&order.id) != expected.contains(&order.id));
                panic!(
                    "seed {seed}, case {case}: {json}\nfound {} of {}: {wrong:#?}",
                    found.len(),
                    expected.len()
                );
            }
        }
        // The cases mean something only if they neither hold everywhere nor nowhere.
        let share = held * 100 / (cases * world.orders.len());
        assert!((10..=90).contains(&share), "{share} % of the tests held with seed {seed}");
    })
    .await;
}

/// The period of a report's parameter: two ends, either of which may be open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn periods_hold_in_sql_where_they_hold_in_memory() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(7), 60).await;
        let mut sizes = BTreeSet::new();
        for field in ["day", "at"] {
            let values = world.orders.iter().map(|record| record.value(field));
            let days = values.filter_map(|value| match value {
                Value::Date(day) => Some(day),
                Value::DateTime(instant) => Some(world.context.date_of(instant)),
                _ => None,
            });
            let days: BTreeSet<_> = days.collect();
            let days: Vec<Value> = days.into_iter().map(Value::Date).chain([Value::Empty]).collect();
            for from in days.iter().step_by(3) {
                for to in days.iter().rev().step_by(4) {
                    let asked = world.check(&json!({"not": {"not":
                        {"field": field, "op": "within", "value": {"param": "when"}}}}));
                    let ends = Value::List(vec![from.clone(), to.clone()]);
                    let period = asked.with_params(&|_| Some(ends.clone())).unwrap();
                    for condition in [period.clone(), Checked::Not(Box::new(period))] {
                        let held = |record: &&Record| condition.holds(&world.source(record), &world.context);
                        let expected: BTreeSet<Id> =
                            world.orders.iter().filter(held).map(|record| record.id).collect();
                        let found = ids(store, &world, &asking(condition.clone())).await;
                        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{field} {ends:?}");
                        sizes.insert(expected.len());
                    }
                }
            }
        }
        assert!(sizes.len() > 5, "{sizes:?}");
    })
    .await;
}

//! What a condition finds is what it finds in memory.

use std::collections::{BTreeMap, BTreeSet};

use engine::condition::Checked;
use engine::value::{Id, Value};
use sea_query::{CaseStatement, Expr, Query as Sql};
use serde_json::json;

use super::world::{Dice, World, seed_of_this_run};
use super::{asking, ids, sort};
use crate::Store;
use crate::query::condition::Conditions;
use crate::query::page::on_shelf;
use crate::query::{Query, Shelf};
use crate::record::Record;
use crate::row::Row;
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

/// How many conditions go in one question.
const TOGETHER: usize = 40;

/// As above, for very many conditions: each of a few records says of forty at once which of them hold.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t26_very_many_conditions_hold_in_sql_where_they_hold_in_memory() {
    let cases = std::env::var("FORMWORK_CONDITION_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases: usize = cases.unwrap_or(20_000);
    let seed = seed_of_this_run();
    on_both(async |store| {
        let mut dice = Dice(seed);
        let world = World::new(store, &mut dice, 24).await;
        let mut held = 0;
        for _ in 0..cases.div_ceil(TOGETHER) {
            let asked: Vec<_> = (0..TOGETHER).map(|_| world.condition(&mut dice, 3)).collect();
            let checked: Vec<Checked> = asked.iter().map(|json| world.check(json)).collect();
            let found = said_by_each(store, &world, &checked).await;
            for order in &world.orders {
                for (place, condition) in checked.iter().enumerate() {
                    let holds = condition.holds(&world.source(order), &world.context);
                    held += usize::from(holds);
                    assert_eq!(found[&order.id][place], holds, "seed {seed}: {}\n{order:#?}", asked[place]);
                }
            }
        }
        let asked = cases.div_ceil(TOGETHER) * TOGETHER * world.orders.len();
        let share = held * 100 / asked;
        assert!((10..=90).contains(&share), "{share} % of the tests held with seed {seed}");
    })
    .await;
}

/// Which of the conditions the database says to hold, for each order.
async fn said_by_each(store: &Store, world: &World, checked: &[Checked]) -> BTreeMap<Id, Vec<bool>> {
    let mut db = store.read().await.unwrap();
    let table = db.table(world.form_ref()).await.unwrap();
    let all: Vec<&Checked> = checked.iter().collect();
    let conditions = Conditions::load(&mut db, table.clone(), &all, &world.context).await.unwrap();
    let mut select = Sql::select();
    select.expr(Expr::col(("t", "id"))).from_as(table.name(), "t");
    for condition in checked {
        let (yes, no) = (Expr::cust("CAST(1 AS BIGINT)"), Expr::cust("CAST(0 AS BIGINT)"));
        let said: Expr =
            CaseStatement::new().case(conditions.holds(condition).unwrap(), yes).finally(no).into();
        select.expr(said);
    }
    select.and_where(on_shelf(&conditions, Shelf::Live));
    let rows = db.select(&select).await.unwrap();
    let said = |row: &Row| (1..=checked.len()).map(|place| row.get::<bool>(place).unwrap()).collect();
    rows.iter().map(|row| (row.get(0).unwrap(), said(row))).collect()
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

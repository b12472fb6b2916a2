//! Lists: their order, their pages, what they show of rows.

use engine::access::Access;
use engine::condition::{Checked, Source};
use engine::value::{Id, Value};
use serde_json::{Value as Json, json};

use super::world::{Dice, World, customers, orders};
use super::{asking, ids, sort};
use crate::Error;
use crate::query::{From, Query, Sort, page};
use crate::record::Record;
use crate::testing::{TestForms, context, insert, on_both};

/// The order that a list must have, from the kinds alone.
fn sorted(world: &World, sorts: &[Sort]) -> Vec<Id> {
    let mut records: Vec<&Record> = world.orders.iter().collect();
    records.sort_by(|a, b| {
        for sort in sorts {
            let (x, y) = (world.source(a).value(&sort.reach), world.source(b).value(&sort.reach));
            let order = match (x.is_empty(), y.is_empty()) {
                (true, true) => std::cmp::Ordering::Equal,
                (true, false) => std::cmp::Ordering::Greater,
                (false, true) => std::cmp::Ordering::Less,
                (false, false) => {
                    let folded = |value: &Value| match value {
                        Value::Text(text) => Value::text(engine::value::fold(text)),
                        other => other.clone(),
                    };
                    let order = sort.kind.order(&folded(&x), &folded(&y));
                    if sort.descending { order.reverse() } else { order }
                }
            };
            if order.is_ne() {
                return order;
            }
        }
        let order = a.id.cmp(&b.id);
        if sorts.last().is_some_and(|sort| sort.descending) { order.reverse() } else { order }
    });
    records.iter().map(|record| record.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_follow_each_other_without_gaps_or_doubles() {
    on_both(async |store| {
        let mut dice = Dice(2);
        let world = World::new(store, &mut dice, 70).await;
        let paths = [
            "title",
            "amount",
            "fine",
            "day",
            "at",
            "paid",
            "status",
            "name",
            "customer.name",
            "customer.score",
            "customer.vip",
            "customer.parent.name",
            "customer.parent.score",
            "customer.$created_at",
            "$created_at",
            "$owner",
            "$id",
            "$version",
            "customer.tier",
        ];
        for case in 0..40 {
            let count = dice.roll(4);
            let sorts: Vec<Sort> =
                (0..count).map(|_| sort(&world, dice.pick::<&str>(&paths), dice.roll(2) == 0)).collect();
            let expected = sorted(&world, &sorts);
            let limit = 1 + dice.roll(30) as u32;
            let mut query = Query { sort: sorts, limit, ..asking(Checked::always()) };
            let mut walked = Vec::new();
            for _ in 0..=expected.len() {
                let mut db = store.read().await.unwrap();
                let access = Access::system("test");
                let part = page(&mut db, &access, world.form_ref(), &query, &world.context).await.unwrap();
                walked.extend(part.records.iter().map(|record| record.id));
                // A cursor survives the way to the client and back.
                let next = part.next.map(|next| serde_json::to_string(&next).unwrap());
                match next {
                    Some(next) => query.from = From::After(serde_json::from_str(&next).unwrap()),
                    None => break,
                }
            }
            assert_eq!(walked, expected, "case {case}: {:?}", query.sort);
            let skip = dice.roll(expected.len() + 3);
            query.from = From::Offset(skip as u64);
            let jumped: Vec<Id> = expected.iter().skip(skip).take(limit as usize).copied().collect();
            assert_eq!(
                ids(store, &world, &query).await,
                jumped,
                "case {case}, offset {skip}: {:?}",
                query.sort
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_asked_is_refused() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(3), 1).await;
        for path in ["note", "tags", "lines.n"] {
            let query = Query { sort: vec![sort(&world, path, false)], ..asking(Checked::always()) };
            let mut db = store.read().await.unwrap();
            let refused =
                page(&mut db, &Access::system("test"), world.form_ref(), &query, &world.context).await;
            assert!(matches!(refused, Err(Error::NotAskable { .. })), "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_shows_the_first_rows_and_their_true_number() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, customers()).await;
        forms.publish(store, orders()).await;
        let lines: Vec<Json> = (0..33).map(|n| json!({"n": n})).collect();
        let long = forms.record("orders", json!({"title": "长", "lines": lines}));
        let short = forms.record("orders", json!({"title": "短", "lines": [{"n": 1}]}));
        let form = forms.form_ref("orders");
        insert(store, form, &[long.clone(), short.clone()]).await.unwrap();
        let mut db = store.read().await.unwrap();
        let fields = Some(vec!["lines".to_string()]);
        let query = Query { fields, ..asking(Checked::always()) };
        let page = page(&mut db, &Access::system("test"), form, &query, &context()).await.unwrap();
        let [first, second] = &page.records[..] else { panic!() };
        assert_eq!((first.value("lines").rows().len(), first.row_counts.get("lines")), (20, Some(&33)));
        assert_eq!((second.value("lines").rows().len(), second.row_counts.get("lines")), (1, None));
        assert!(!first.values.contains_key("title"));
    })
    .await;
}

//! Groups as the databases keep them.

use std::sync::Arc;

use engine::aggregate::{Counted, delta};
use serde_json::json;

use super::*;
use crate::testing::{TestForms, on_both};
use crate::{Store, ids};

async fn stock(store: &Store) -> (TestForms, Arc<Aggregate>) {
    let mut forms = TestForms::new();
    forms
        .publish(
            store,
            json!({"key": "product", "label": "品", "fields": [
        {"key": "name", "label": "名", "kind": "text"}]}),
        )
        .await;
    let moves = forms
        .publish(
            store,
            json!({"key": "moves", "label": "流水", "fields": [
        {"key": "product", "label": "品", "kind": "link", "options": {"form": "product"}},
        {"key": "day", "label": "日", "kind": "date"},
        {"key": "gift", "label": "赠", "kind": "switch"},
        {"key": "qty", "label": "数", "kind": "number", "options": {"scale": 3}}]}),
        )
        .await;
    let document = serde_json::from_value(json!({"key": "stock", "label": "库存",
        "dimensions": [{"key": "product", "label": "品"}, {"key": "month", "label": "月"}],
        "sources": [{"form": "moves",
            "group": {"product": "product", "month": {"field": "day", "unit": "month"}},
            "measures": {"on_hand": {"fn": "sum", "field": "qty"}, "moves": {"fn": "count"}}}]}))
    .unwrap();
    let aggregate = Aggregate::publish(document, &|_| Some(moves.clone()), &forms).unwrap();
    (forms, Arc::new(aggregate))
}

fn one(aggregate: &Aggregate, product: Id, qty: &str, count: i64) -> Contributions {
    let group = vec![Value::Ref(product), Value::Date("2026-11-01".parse().unwrap())];
    let sums = aggregate
        .base
        .iter()
        .map(|measure| if measure.key == "moves" { count.into() } else { qty.parse().unwrap() })
        .collect();
    [(aggregate.key_of(&group), Contribution { group, count, sums, values: Default::default() })].into()
}

async fn add(
    store: &Store,
    workspace: Id,
    aggregate: &Arc<Aggregate>,
    delta: Contributions,
) -> Result<Vec<ChangedGroup>, Error> {
    let aggregate = aggregate.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                GroupTable { workspace, number: 1, aggregate: &aggregate }.add(tx, &delta).await
            })
        })
        .await
}

/// What is kept, with figures that are those of the sums and values beside them.
async fn kept(table: &GroupTable<'_>, db: &mut Reader) -> Contributions {
    let all = table.all(db).await.unwrap();
    for (stored, contribution) in &all {
        assert_eq!(stored.figures, table.aggregate.figures(contribution), "{stored:?}");
    }
    all.into_iter().map(|(stored, contribution)| (stored.key, contribution)).collect()
}

async fn create(store: &Store, workspace: Id, aggregate: &Arc<Aggregate>) {
    let aggregate = aggregate.clone();
    let done: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(
                async move { GroupTable { workspace, number: 1, aggregate: &aggregate }.create(tx).await },
            )
        })
        .await;
    done.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deltas_add_up_beyond_sixty_four_bits_and_empty_groups_go() {
    on_both(async |store| {
        let (forms, aggregate) = stock(store).await;
        let (workspace, product) = (forms.workspace, ids::next());
        create(store, workspace, &aggregate).await;
        let most = one(&aggregate, product, "999999999999999.999", 1);
        let mut all = Contributions::new();
        for _ in 0..20 {
            let stored = add(store, workspace, &aggregate, most.clone()).await.unwrap();
            assert_eq!(stored.len(), 1);
            let less = one(&aggregate, product, "-999999999999999.999", -1);
            all = delta(&less, &all).unwrap();
        }
        let table = GroupTable { workspace, number: 1, aggregate: &aggregate };
        let mut db = store.read().await.unwrap();
        assert_eq!(kept(&table, &mut db).await, all);
        let key = all.keys().next().unwrap();
        let group = table.get(&mut db, key).await.unwrap().unwrap();
        assert!(group.sums.contains(&"19999999999999999.980".parse().unwrap()), "{group:?}");
        drop(db);
        let back = delta(&all, &Contributions::new()).unwrap();
        add(store, workspace, &aggregate, back).await.unwrap();
        let mut db = store.read().await.unwrap();
        assert!(table.all(&mut db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_replaces_every_group() {
    on_both(async |store| {
        let (forms, aggregate) = stock(store).await;
        create(store, forms.workspace, &aggregate).await;
        add(store, forms.workspace, &aggregate, one(&aggregate, ids::next(), "1", 1)).await.unwrap();
        let mut groups = Contributions::new();
        for number in 0..130 {
            groups.extend(one(&aggregate, ids::next(), &format!("-{number}.5"), 1));
        }
        let (built, workspace) = (groups.clone(), forms.workspace);
        let shared = aggregate.clone();
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    GroupTable { workspace, number: 1, aggregate: &shared }.replace(tx, &built).await
                })
            })
            .await;
        done.unwrap();
        let table = GroupTable { workspace, number: 1, aggregate: &aggregate };
        let mut db = store.read().await.unwrap();
        assert_eq!(kept(&table, &mut db).await, groups);
    })
    .await;
}

/// Reliability page, C5: of 40 takes from 25 units at once, exactly 25 succeed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stock_is_never_oversold() {
    on_both(async |store| {
        let (forms, aggregate) = stock(store).await;
        let (workspace, product) = (forms.workspace, ids::next());
        create(store, workspace, &aggregate).await;
        add(store, workspace, &aggregate, one(&aggregate, product, "25", 1)).await.unwrap();
        let takes: Vec<_> = (0..40)
            .map(|_| {
                let (store, aggregate) = (store.clone(), aggregate.clone());
                tokio::spawn(async move {
                    let take = one(&aggregate, product, "-1", 1);
                    let done: Result<(), Error> = store
                        .write(move |tx| {
                            Box::pin(async move {
                                let table = GroupTable { workspace, number: 1, aggregate: &aggregate };
                                let stored = table.add(tx, &take).await?;
                                let short = stored[0].after.sums.iter().any(Decimal::is_sign_negative);
                                if short { Err(Error::NotFound { what: "stock" }) } else { Ok(()) }
                            })
                        })
                        .await;
                    done
                })
            })
            .collect();
        let mut taken = 0;
        for take in takes {
            match take.await.unwrap() {
                Ok(()) => taken += 1,
                Err(error) => assert_eq!(error, Error::NotFound { what: "stock" }),
            }
        }
        assert_eq!(taken, 25);
    })
    .await;
}

/// A table with a measure of every function, by what is not there and what is less than nothing.
async fn prices(store: &Store) -> (TestForms, Arc<Aggregate>) {
    let mut forms = TestForms::new();
    let sale = forms
        .publish(
            store,
            json!({"key": "sale", "label": "售", "fields": [
        {"key": "shop", "label": "店", "kind": "text"},
        {"key": "who", "label": "谁", "kind": "text"},
        {"key": "price", "label": "价", "kind": "number", "options": {"scale": 2}}]}),
        )
        .await;
    let of = |function: &str| json!({"fn": function, "field": "price"});
    let document = serde_json::from_value(json!({"key": "prices", "label": "价",
        "dimensions": [{"key": "shop", "label": "店"}],
        "sources": [{"form": "sale", "group": {"shop": "shop"}, "measures": {
            "a_sum": of("sum"), "b_average": of("avg"), "c_least": of("min"), "d_most": of("max"),
            "e_who": {"fn": "distinct", "field": "who"}, "f_count": {"fn": "count"}}}]}))
    .unwrap();
    let aggregate = Aggregate::publish(document, &|_| Some(sale.clone()), &forms).unwrap();
    (forms, Arc::new(aggregate))
}

/// One sale: of a shop, by somebody, at a price.
fn sale(aggregate: &Aggregate, shop: &str, who: &str, price: Option<&str>) -> Contributions {
    let group = vec![Value::text(shop)];
    let number: Option<Decimal> = price.map(|price| price.parse().unwrap());
    let sums = vec![
        number.unwrap_or_default(),
        number.unwrap_or_default(),
        i64::from(number.is_some()).into(),
        Decimal::ONE,
    ];
    let least_and_most = number
        .into_iter()
        .flat_map(|number| [2, 3].map(|place| ((place, Counted::Number(number.normalize())), 1_i64)));
    let values = least_and_most.chain([((4, Counted::Text(format!("\"{who}\""))), 1)]).collect();
    [(aggregate.key_of(&group), Contribution { group, count: 1, sums, values })].into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn least_greatest_and_different_values_come_back_when_others_go() {
    on_both(async |store| {
        let (forms, aggregate) = prices(store).await;
        let workspace = forms.workspace;
        create(store, workspace, &aggregate).await;
        let table = GroupTable { workspace, number: 1, aggregate: &aggregate };
        let sales = [
            sale(&aggregate, "A", "ann", Some("-4.50")),
            sale(&aggregate, "A", "ann", Some("10")),
            sale(&aggregate, "A", "bob", Some("10.00")),
            sale(&aggregate, "A", "cid", None),
            sale(&aggregate, "B", "ann", Some("999999999999999.99")),
            sale(&aggregate, "B", "ann", Some("-999999999999999.99")),
        ];
        let text = |figure: Option<Decimal>| figure.map_or("-".to_string(), |n| n.normalize().to_string());
        let figures = async |key: &str| {
            let mut db = store.read().await.unwrap();
            let group = table.get(&mut db, key).await.unwrap();
            group.map(|group| group.figures.into_iter().map(text).collect::<Vec<String>>())
        };
        let mut all = Contributions::new();
        for one in &sales {
            add(store, workspace, &aggregate, one.clone()).await.unwrap();
            engine::aggregate::add(&mut all, one).unwrap();
        }
        assert_eq!(kept(&table, &mut store.read().await.unwrap()).await, all);
        let (a, b) = ("[\"A\"]", "[\"B\"]");
        assert_eq!(figures(a).await.unwrap(), ["15.5", "5.166667", "-4.5", "10", "3", "4"]);
        assert_eq!(
            figures(b).await.unwrap(),
            ["0", "0", "-999999999999999.99", "999999999999999.99", "1", "2"]
        );
        for (taken, left) in [
            (0, ["20", "10", "10", "10", "3", "3"]),
            (2, ["10", "10", "10", "10", "2", "2"]),
            (1, ["0", "-", "-", "-", "1", "1"]),
        ] {
            let less = delta(&sales[taken], &Contributions::new()).unwrap();
            let before = figures(a).await.unwrap();
            let changed = add(store, workspace, &aggregate, less.clone()).await.unwrap();
            assert_eq!(changed[0].before.iter().copied().map(text).collect::<Vec<_>>(), before);
            engine::aggregate::add(&mut all, &less).unwrap();
            assert_eq!(figures(a).await.unwrap(), left);
        }
        assert_eq!(kept(&table, &mut store.read().await.unwrap()).await, all);
        add(store, workspace, &aggregate, delta(&sales[3], &Contributions::new()).unwrap()).await.unwrap();
        assert_eq!(figures(a).await, None, "nothing contributes to it");

        // A rebuild puts the same in place of everything.
        let shared = aggregate.clone();
        let mut built = Contributions::new();
        for one in &sales {
            engine::aggregate::add(&mut built, one).unwrap();
        }
        let groups = built.clone();
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    GroupTable { workspace, number: 1, aggregate: &shared }.replace(tx, &groups).await
                })
            })
            .await;
        done.unwrap();
        assert_eq!(kept(&table, &mut store.read().await.unwrap()).await, built);
        assert_eq!(figures(a).await.unwrap(), ["15.5", "5.166667", "-4.5", "10", "3", "4"]);
    })
    .await;
}

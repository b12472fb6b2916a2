//! A random day of postings, voidings, deletions and returns: balances are always what the receipts that count add up to, and
//! when all of them are void there is nothing left.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::dice::{cases, seed_of_this_run};
use tests::workspace::{id_of, items};
use tests::{Dice, on_both_shared};

use super::Depot;

const ITEMS: [&str; 3] = ["chair", "lamp", "table"];

/// What is on hand by the receipts that count.
async fn by_receipts(depot: &Depot) -> BTreeMap<String, i64> {
    let filter = json!({"field": "$voided_at", "op": "is_empty"});
    let asked = json!({"filter": filter, "group": [{"field": "item"}], "measures": [{"key": "qty", "fn": "sum", "field": "qty"}]});
    add_up(&depot.receipts.add_up(&depot.admin, asked).await.ok())
}

/// What is on hand by the lines of the ledger.
async fn by_entries(depot: &Depot) -> BTreeMap<String, i64> {
    let asked =
        json!({"group": [{"field": "item"}], "measures": [{"key": "qty", "fn": "sum", "field": "qty"}]});
    add_up(&depot.entries.add_up(&depot.admin, asked).await.ok())
}

fn add_up(answer: &Value) -> BTreeMap<String, i64> {
    let rows = answer["rows"].as_array().unwrap().iter();
    let rows = rows.map(|row| {
        let qty = row["values"]["qty"].as_str().unwrap_or("0").parse().unwrap();
        (row["group"][0].as_str().unwrap().to_owned(), qty)
    });
    rows.filter(|(_, qty)| *qty != 0).collect()
}

async fn by_balances(depot: &Depot) -> BTreeMap<String, i64> {
    let found = depot.stock.query(&depot.admin, json!({})).await.ok();
    let balances = items(&found).iter().map(|record| {
        let fields = &record["fields"];
        (fields["item"].as_str().unwrap().to_owned(), fields["on_hand"].as_str().unwrap().parse().unwrap())
    });
    balances.filter(|(_, qty): &(String, i64)| *qty != 0).collect()
}

async fn agree(depot: &Depot, when: &str) {
    let balances = by_balances(depot).await;
    assert_eq!(balances, by_receipts(depot).await, "{when}");
    assert_eq!(balances, by_entries(depot).await, "{when}");
    assert!(balances.values().all(|qty| *qty > 0), "{when}: {balances:?}");
}

#[tokio::test]
async fn voiding_restores_the_balances_whatever_happened_before() {
    let seed = seed_of_this_run();
    on_both_shared(async |workspace| {
        let mut dice = Dice::new(seed);
        let depot = Depot::build(&workspace).await;
        let (mut live, mut binned): (Vec<String>, Vec<String>) = Default::default();
        for step in 0..cases(60) {
            let what = dice.roll(10);
            match what {
                0..=4 => {
                    let qty = dice.roll(9) as i64 - 3;
                    let fields = json!({"item": dice.pick(&ITEMS), "qty": qty});
                    let made = depot.receipts.create(&depot.admin, fields).await;
                    match made.status {
                        201 => live.push(id_of(&made.body)),
                        _ => drop(made.refused(409, "too_few")),
                    }
                }
                5 | 6 => {
                    let Some(id) = dice.take(&mut live) else { continue };
                    let voided = depot.void(&json!({"id": id})).await;
                    if voided.status != 200 {
                        voided.refused(409, "already_gone");
                        live.push(id);
                    }
                }
                7 | 8 => {
                    let Some(id) = dice.take(&mut live) else { continue };
                    let gone = depot.admin.delete(&depot.receipts.path(&format!("/records/{id}")), 1).await;
                    match gone.status {
                        204 => binned.push(id),
                        _ => {
                            // Of one that came back the version is another.
                            assert!(["already_gone", "stale"].contains(&gone.body["code"].as_str().unwrap()));
                            live.push(id);
                        }
                    }
                }
                _ => {
                    let Some(id) = dice.take(&mut binned) else { continue };
                    let path = depot.receipts.path(&format!("/records/{id}/restore"));
                    let back = depot.admin.post(&path, json!({})).await;
                    match back.status {
                        200 => live.push(id),
                        _ => {
                            back.refused(409, "too_few");
                            binned.push(id);
                        }
                    }
                }
            }
            if step % 10 == 9 {
                agree(&depot, &format!("after step {step}")).await;
            }
        }
        agree(&depot, "at the end of the day").await;
        // Those that took pieces first, so that those that brought them can be taken back.
        let mut tried = 0;
        while let Some(id) = dice.take(&mut live) {
            let voided = depot.void(&json!({"id": id})).await;
            if voided.status != 200 {
                voided.refused(409, "already_gone");
                live.push(id);
            }
            tried += 1;
            assert!(tried < 10_000, "what is left can't be taken back");
        }
        agree(&depot, "when all is void").await;
        assert_eq!(by_balances(&depot).await, BTreeMap::new());
    })
    .await;
}

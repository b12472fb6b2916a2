//! Values and numbers that are there once.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::design::{form, number, serial, text};
use tests::on_both_shared;
use tests::workspace::faults;

#[tokio::test]
async fn a_unique_value_is_there_once_whoever_comes_first() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(
                form("order", [text("code").unique(), text("from"), text("to")])
                    .with("unique", json!([["from", "to"]])),
            )
            .await;
        let first = order.add(json!({"code": "A", "from": "x", "to": "y"})).await;
        let clash = order.create(admin, json!({"code": "A"})).await.refused(409, "not_unique");
        assert_eq!(faults(&clash), ["fields.code: not_unique"]);
        order.create(admin, json!({"from": "x", "to": "y"})).await.refused(409, "not_unique");
        order.add(json!({"code": "B", "from": "x", "to": "z"})).await;
        // Empty values clash with nothing; letters of another case are other letters.
        order.add(json!({"from": "x"})).await;
        order.add(json!({"from": "x"})).await;
        order.add(json!({"code": "a"})).await;

        // The bin holds no value, and restoring asks for it back.
        admin.delete(&order.at(&first), 1).await.with_status(204);
        let second = order.add(json!({"code": "A"})).await;
        let restore = format!("{}/restore", order.at(&first));
        admin.post(&restore, json!({})).await.refused(409, "not_unique");
        admin.delete(&order.at(&second), 1).await.with_status(204);
        admin.post(&restore, json!({})).await.ok();

        // Of many at once one is made.
        let race = (0..8).map(|_| order.create(admin, json!({"code": "RACE"})));
        let mut statuses: Vec<_> =
            tests::together(race).await.into_iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    })
    .await;
}

#[tokio::test]
async fn two_records_swap_a_unique_value_in_one_change() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("code").unique()])).await;
        let (a, b) = (order.add(json!({"code": "A"})).await, order.add(json!({"code": "B"})).await);
        let swap = json!({"update": [
            {"id": a["id"], "version": 1, "fields": {"code": "B"}}, {"id": b["id"], "version": 1, "fields": {"code": "A"}},
        ]});
        admin.post(&order.path("/records/bulk"), swap).await.ok();
        assert_eq!(order.read(admin, &a).await.ok()["fields"]["code"], "B");
        assert_eq!(order.read(admin, &b).await.ok()["fields"]["code"], "A");
    })
    .await;
}

#[tokio::test]
async fn t75_serial_numbers_have_no_gap_and_are_never_given_twice() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [serial("no", "SO-"), number("amount", 0).option("max", "100")])).await;
        let writers = (0..24).map(|n| {
            // Every fourth is refused, and takes no number.
            let amount = if n % 4 == 0 { 101 } else { n };
            order.create(admin, json!({"amount": amount}))
        });
        let answers = tests::together(writers).await;
        let given: BTreeSet<String> = answers
            .into_iter()
            .filter(|answer| answer.status == 201)
            .map(|answer| answer.body["fields"]["no"].as_str().unwrap().to_owned())
            .collect();
        let expected: BTreeSet<String> = (1..=18).map(|n| format!("SO-{n:04}")).collect();
        assert_eq!(given, expected);

        // Deleting gives no number back; a draft has none until it is submitted.
        let last = order.add(json!({"amount": 1})).await;
        assert_eq!(last["fields"]["no"], "SO-0019");
        admin.delete(&order.at(&last), 1).await.with_status(204);
        let draft = admin.post(&order.path("/records"), json!({"fields": {"amount": 2}, "draft": true})).await.created();
        assert_eq!(draft["fields"]["no"], Value::Null);
        assert_eq!(order.add(json!({"amount": 1})).await["fields"]["no"], "SO-0020");
        let submitted = admin.post(&format!("{}/submit", order.at(&draft)), json!({})).await.ok();
        assert_eq!(submitted["fields"]["no"], "SO-0021");
        // Nobody sets one.
        let set = order.create(admin, json!({"no": "SO-9999"})).await.refused(422, "not_writable");
        assert_eq!(faults(&set), ["fields.no: not_writable"]);
        let rows: Vec<_> = (0..3).map(|n| json!({"amount": n})).collect();
        let many = order.add_all(rows).await;
        let numbers = order.query(admin, json!({"filter": {"field": "no", "op": "gte", "value": "SO-0022"}, "sort": [{"field": "no"}]})).await;
        assert_eq!((many.len(), numbers.status), (3, 422), "a serial has no order but its text's");
    })
    .await;
}

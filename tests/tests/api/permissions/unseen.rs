//! Links to records that their writer does not see.

use serde_json::{Value, json};
use tests::design::{form, group, link, number, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of};
use tests::{Form, Person, Workspace};

/// Customers, of whom `mei` sees those in the north, and orders whose rules look at what a customer is.
async fn orders(workspace: &Workspace) -> (Form, Form, Person) {
    let app = workspace.app("Sales").await;
    let customer = [text("name"), text("region"), text("tier"), number("credit", 0)];
    let customer = app.form(form("customer", customer)).await;
    let golden = || test("customer.tier", "eq", "gold");
    let order = [
        link("customer", "customer"),
        number("amount", 0),
        text("reason").with("visible_when", golden()),
        text("proof").with("required_when", golden()),
    ];
    let limit = json!([{"key": "limit", "formula": "amount <= customer.credit", "message": "Too much"}]);
    let order = app.form(form("order", order).with("validate", limit)).await;
    let mei = workspace.person("mei").await;
    let north = test("region", "eq", "north");
    customer.allow(group("reps", &[&mei.id]).may(&["view"]).rows(north)).await;
    order.allow(group("reps", &[&mei.id])).await;
    (customer, order, mei)
}

#[tokio::test]
async fn a_refused_link_tells_nothing_of_the_record_that_it_leads_to() {
    on_both_shared(async |workspace| {
        let (customer, order, mei) = orders(&workspace).await;
        let add = async |region: &str, tier: &str, credit: i64| {
            customer.add(json!({"name": "C", "region": region, "tier": tier, "credit": credit})).await
        };
        let (golden, poor) = (add("south", "gold", 100).await, add("south", "iron", 1).await);
        let near = add("north", "iron", 100).await;
        let made = order.create(&mei, json!({"customer": near["id"], "amount": 1})).await.created();
        let others = [json!({"amount": 50}), json!({"amount": 500}), json!({"amount": 50, "reason": "x"})];
        for unseen in [id_of(&golden), id_of(&poor), UNKNOWN.to_owned()] {
            for more in &others {
                let mut fields = more.clone();
                fields["customer"] = json!(unseen);
                let created = order.create(&mei, fields.clone()).await;
                let changed = order.edit(&mei, &made, fields.clone()).await;
                for answer in [created, changed] {
                    let told = faults(&answer.refused(422, "validation"));
                    assert_eq!(told, ["fields.customer: dead_link"], "{fields}");
                }
                let rows = json!({"create": [{"fields": fields}, {"fields": fields}]});
                let bulk = mei.post(&order.path("/records/bulk"), rows).await.refused(422, "validation");
                let expected = [0, 1].map(|row| format!("create.{row}.fields.customer: dead_link"));
                assert_eq!(faults(&bulk), expected, "{fields}");
            }
        }
        // A customer whom they see is told of.
        let told = order.create(&mei, json!({"customer": near["id"], "amount": 500})).await;
        assert_eq!(told.refused(422, "validation")["errors"][0]["message"], "Too much");
        let told = order.create(&mei, json!({"customer": near["id"], "amount": 5, "reason": "x"})).await;
        told.refused(422, "not_writable");
        let golden = add("north", "gold", 100).await;
        let told = order.create(&mei, json!({"customer": golden["id"], "amount": 5})).await;
        assert_eq!(faults(&told.refused(422, "validation")), ["fields.proof: required"]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_submitted_with_links_that_its_writer_still_sees() {
    on_both_shared(async |workspace| {
        let (customer, order, mei) = orders(&workspace).await;
        let ann = json!({"name": "Ann", "region": "north", "tier": "gold", "credit": 10});
        let ann = customer.add(ann).await;
        let fields = json!({"customer": ann["id"], "amount": 500, "proof": "p", "reason": "r"});
        let draft = json!({"fields": fields, "draft": true});
        let draft = mei.post(&order.path("/records"), draft).await.created();
        let submit = async |fields: Value| {
            mei.post(&format!("{}/submit", order.at(&draft)), json!({"fields": fields})).await
        };
        let ann = customer.edit(&workspace.admin, &ann, json!({"region": "south"})).await.ok();
        for amount in [5, 500] {
            let told = submit(json!({"amount": amount})).await.refused(422, "validation");
            assert_eq!(faults(&told), ["fields.customer: dead_link"], "{amount}");
        }
        let kept: Value = order.read(&mei, &draft).await.ok();
        assert_eq!(
            (&kept["system"]["flow_state"], &kept["fields"]["amount"]),
            (&json!("draft"), &json!("500"))
        );
        customer.edit(&workspace.admin, &ann, json!({"region": "north"})).await.ok();
        assert_eq!(submit(json!({"amount": 5})).await.ok()["fields"]["customer"], ann["id"]);
    })
    .await;
}

//! What the people of a flow may link a request to.

use serde_json::{Value, json};
use tests::design::{approve, form, group, link, number, test, text};
use tests::on_both_shared;
use tests::workspace::faults;

use super::{act, task};

/// A step of a flow opens fields of the request, not the records of other forms that they lead to.
#[tokio::test]
async fn a_request_is_linked_at_its_steps_to_what_its_people_can_see() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Sales").await;
        let fields = [text("name"), text("region"), number("credit", 2)];
        let customer = app.form(form("customer", fields).with("title", "{name}")).await;
        let fill = json!([{"from": "credit", "to": "credit", "mode": "snapshot"}]);
        let quote = [
            link("customer", "customer").option("fill", fill),
            link("second", "customer"),
            number("credit", 2),
            text("note"),
        ];
        let quote = app.form(form("quote", quote)).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        let north = test("region", "eq", "north");
        customer.allow(group("reps", &[&mei.id, &boss.id]).may(&["view"]).rows(north)).await;
        quote.allow(group("reps", &[&mei.id])).await;
        let may_link = json!({"fields": {"*": "read", "customer": "edit", "second": "edit", "note": "edit"}});
        quote.flow(json!([approve("boss", &[&boss.id], may_link)])).await;
        let near = customer.add(json!({"name": "Near", "region": "north", "credit": 5})).await;
        let far = customer.add(json!({"name": "Far", "region": "south", "credit": 77})).await;

        let asked = quote.create(&mei, json!({"customer": near["id"]})).await.created();
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        mei.post(&format!("{instance}/withdraw"), json!({})).await.ok();
        let start = task(&mei).await;
        for field in ["customer", "second"] {
            let unseen = act(&mei, &start, "submit", json!({"fields": {(field): far["id"]}})).await;
            let told = faults(&unseen.refused(422, "validation"));
            assert_eq!(told, [format!("fields.{field}: dead_link")], "when it is submitted again");
        }
        assert_eq!(quote.read(&workspace.admin, &asked).await.ok()["fields"]["credit"], "5.00");

        // A link that stands stays, whoever has lost sight of what it leads to.
        let moved = json!({"region": "south"});
        let near = customer.edit(&workspace.admin, &near, moved).await.ok();
        act(&mei, &start, "submit", json!({"fields": {"note": "As before"}})).await.ok();
        let decision = task(&boss).await;
        let unseen = act(&boss, &decision, "approve", json!({"fields": {"second": far["id"]}})).await;
        assert_eq!(faults(&unseen.refused(422, "validation")), ["fields.second: dead_link"], "at a step");
        let seen = customer.add(json!({"name": "Seen", "region": "north"})).await;
        let fields = json!({"second": seen["id"], "note": "Agreed"});
        act(&boss, &decision, "approve", json!({"fields": fields})).await.ok();
        let approved = quote.read(&workspace.admin, &asked).await.ok();
        let links: Vec<&Value> = ["customer", "second"].iter().map(|key| &approved["fields"][*key]).collect();
        assert_eq!(links, [&near["id"], &seen["id"]]);
    })
    .await;
}

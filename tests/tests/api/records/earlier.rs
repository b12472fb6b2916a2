//! What was before comes back: the values of an earlier version, and what a deletion took along.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{form, group, link, number, subform, test, text};
use tests::workspace::{faults, items, version_of};
use tests::{App, Client, Form, on_both_shared};

async fn back_to(form: &Form, who: &Client, record: &Value, version: i64) -> tests::Answer {
    back_from(form, who, record, version, Some("*")).await
}

/// Says which version it began with.
async fn back_from(
    form: &Form,
    who: &Client,
    record: &Value,
    version: i64,
    seen: Option<&str>,
) -> tests::Answer {
    let mut request = who.request(Method::POST, &format!("{}/restore", form.at(record)));
    if let Some(seen) = seen {
        request = request.header("if-match", seen);
    }
    who.send(request.json(&json!({ "version": version }))).await
}

#[tokio::test]
async fn going_back_says_from_which_version() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let note = workspace.form(form("note", [text("name")])).await;
        let first = note.add(json!({"name": "a"})).await;
        let second = note.edit(admin, &first, json!({"name": "b"})).await.ok();
        let third = note.edit(admin, &second, json!({"name": "c"})).await.ok();
        back_from(&note, admin, &first, 1, None).await.refused(428, "if_match_required");
        let stale = back_from(&note, admin, &first, 1, Some("\"2\"")).await;
        assert_eq!(stale.status, 412, "{}", stale.body);
        assert_eq!(
            note.read(admin, &first).await.ok()["fields"],
            third["fields"],
            "nothing was written over"
        );
        let back = back_from(&note, admin, &first, 1, Some("\"3\"")).await.ok();
        assert_eq!((version_of(&back), &back["fields"]["name"]), (4, &json!("a")));
        // Out of the recycle bin there is nothing to write over.
        admin.delete(&note.at(&first), 4).await.with_status(204);
        admin.post(&format!("{}/restore", note.at(&first)), json!({})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn an_earlier_version_comes_back_with_its_rows_as_a_new_one() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form(
                "order",
                [
                    text("name").required(),
                    number("amount", 2),
                    subform("lines", [text("item"), number("cost", 2)]),
                    number("total", 2).computed("sum(lines.cost)"),
                ],
            ))
            .await;
        let lines = json!([{"item": "pen", "cost": 1}, {"item": "ink", "cost": 2}]);
        let first = order.add(json!({"name": "old", "amount": 1, "lines": lines})).await;
        let ink = &first["fields"]["lines"][1]["id"];
        let changed = json!({"name": "new", "amount": 2, "lines": [{"id": ink, "item": "INK"}, {"item": "cap", "cost": 9}]});
        let second = order.edit(admin, &first, changed).await.ok();
        assert_eq!(second["fields"]["total"], "11.00");
        let history = admin.get(&format!("{}/history", order.at(&first))).await.ok();
        assert!(items(&history)[0]["changes"]["lines"].is_object(), "rows are told of too: {history}");

        let third = back_to(&order, admin, &first, 1).await.ok();
        assert_eq!((version_of(&third), &third["fields"]), (3, &first["fields"]), "the rows have their ids again");
        let history = admin.get(&format!("{}/history", order.at(&first))).await.ok();
        let last = &items(&history)[0];
        assert_eq!((&last["path"], &last["changes"]["name"]), (&json!("restore"), &json!({"old": "new", "new": "old"})));
        let same = back_to(&order, admin, &first, 1).await.ok();
        assert_eq!(version_of(&same), 3, "what is there already is no change");
        for unknown in [0, 9, -1] {
            let refused = back_to(&order, admin, &first, unknown).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["version: unknown_version"]);
        }

        // It is a save like any other: what people may not set stays, and what is wrong by now is refused.
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let eve = workspace.person("eve").await;
        order.allow(group("some", &[&mei.id]).may(&["view", "edit"]).field("amount", "read")).await;
        order.allow(group("readers", &[&tom.id]).may(&["view"])).await;
        order.allow(group("nothing", &[&eve.id]).rows(test("name", "eq", "none"))).await;
        back_to(&order, &tom, &first, 2).await.refused(403, "forbidden");
        back_to(&order, &eve, &first, 2).await.refused(404, "not_found");
        back_to(&order, &eve, &first, 9).await.refused(404, "not_found");
        let fourth = back_to(&order, &mei, &first, 2).await.ok();
        assert_eq!((&fourth["fields"]["name"], &fourth["fields"]["amount"]), (&json!("new"), &json!("1.00")));
        assert_eq!(fourth["fields"]["lines"][0]["item"], "INK");
        order.extend(json!([{"do": "set", "key": "name", "member": "unique", "value": true}])).await;
        order.add(json!({"name": "old"})).await;
        back_to(&order, admin, &first, 1).await.refused(409, "not_unique");
    })
    .await;
}

/// Customers, what belongs to them and goes with them, and notes that only name them.
async fn customers(app: &App) -> (Form, Form, Form) {
    let customer = app.form(form("customer", [text("name")])).await;
    let contract =
        form("contract", [link("customer", "customer").option("on_target_delete", "cascade"), text("terms")]);
    let contract = app.form(contract).await;
    let note = form(
        "note",
        [
            text("text"),
            link("customer", "customer").option("on_target_delete", "clear"),
            link("contract", "contract").option("on_target_delete", "clear"),
            subform(
                "lines",
                [link("customer", "customer").option("on_target_delete", "clear"), number("n", 0)],
            ),
        ],
    );
    (customer, contract, app.form(note).await)
}

#[tokio::test]
async fn what_a_deletion_took_along_comes_back_with_the_record() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (customer, contract, note) = customers(&workspace.app("Sales").await).await;
        let (ann, bob) =
            (customer.add(json!({"name": "Ann"})).await, customer.add(json!({"name": "Bob"})).await);
        let signed = contract.add(json!({"customer": ann["id"], "terms": "all"})).await;
        let ended = contract.add(json!({"customer": ann["id"], "terms": "none"})).await;
        admin.delete(&contract.at(&ended), 1).await.with_status(204);
        let lines = json!([{"customer": ann["id"], "n": 1}, {"customer": bob["id"], "n": 2}]);
        let kept = json!({"text": "x", "customer": ann["id"], "contract": signed["id"], "lines": lines});
        let kept = note.add(kept).await;
        let moved = note.add(json!({"text": "y", "customer": ann["id"]})).await;

        admin.delete(&customer.at(&ann), 1).await.with_status(204);
        contract.read(admin, &signed).await.refused(404, "not_found");
        let cleared = note.read(admin, &kept).await.ok();
        assert_eq!(
            (&cleared["fields"]["customer"], &cleared["fields"]["contract"]),
            (&Value::Null, &Value::Null)
        );
        // Somebody has made up their mind about this one meanwhile.
        let seen = note.read(admin, &moved).await.ok();
        note.edit(admin, &seen, json!({"customer": bob["id"]})).await.ok();

        admin.post(&format!("{}/restore", customer.at(&ann)), json!({})).await.ok();
        assert_eq!(contract.read(admin, &signed).await.ok()["fields"], signed["fields"]);
        contract.read(admin, &ended).await.refused(404, "not_found");
        assert_eq!(note.read(admin, &kept).await.ok()["fields"], kept["fields"]);
        assert_eq!(note.read(admin, &moved).await.ok()["fields"]["customer"], bob["id"]);
        let history = admin.get(&format!("{}/history", note.at(&kept))).await.ok();
        assert_eq!(items(&history)[0]["changes"]["customer"], json!({"old": null, "new": ann["id"]}));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_come_back_is_counted() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let of = link("customer", "customer").option("on_target_delete", "cascade");
        let contract = app.form(form("contract", [of, text("code").unique()])).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        contract.add(json!({"customer": ann["id"], "code": "A"})).await;
        contract.add(json!({"customer": ann["id"], "code": "B"})).await;
        admin.delete(&customer.at(&ann), 1).await.with_status(204);
        // Somebody took the code of one of them meanwhile.
        contract.add(json!({"code": "A"})).await;
        let back = admin.post(&format!("{}/restore", customer.at(&ann)), json!({})).await.ok();
        assert_eq!(back["left_behind"], 1, "{back}");
        let bob = customer.add(json!({"name": "Bob"})).await;
        admin.delete(&customer.at(&bob), 1).await.with_status(204);
        let many = json!({"ids": [bob["id"]]});
        let back = admin.post(&customer.path("/records/restore"), many).await.ok();
        assert!(back["results"][0].get("left_behind").is_none(), "{back}");
    })
    .await;
}

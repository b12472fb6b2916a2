//! What becomes of what another system sends.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, link, select, text};
use tests::workspace::{faults, id_of, items};
use tests::{Sender, on_both_shared, together};

use super::{deliveries, map, order, orders, records, upsert};

/// The same key again changes the record that has it, and what it holds already changes nothing.
#[tokio::test]
async fn t64_what_has_the_same_key_is_one_record() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let hook = form.hook(upsert()).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let made = shop.send(order("A-1", "Ann")).await.with_status(200);
        assert_eq!(made["outcome"], "created");
        let changed = shop.send(order("A-1", "Bea")).await.with_status(200);
        assert_eq!(changed, json!({"record": made["record"], "outcome": "updated"}));
        let same = shop.send(order("A-1", "Bea")).await.with_status(200);
        assert_eq!(same["outcome"], "unchanged");
        let all = records(&form).await;
        assert_eq!(all.len(), 1);
        let fields = &all[0]["fields"];
        assert_eq!((&fields["name"], &fields["amount"]), (&json!("Bea"), &json!("12.50")));
        // A default is there, and so is a number; what the message says besides goes nowhere.
        assert_eq!((&fields["state"], &fields["no"].is_string()), (&json!("new"), &true));
        // Of two at once that make the same order one makes it, and the other changes it.
        let twice = ["Cat", "Dan", "Eve", "Fay"].map(|who| shop.send(order("A-2", who)));
        let outcomes: Vec<Value> = together(twice)
            .await
            .into_iter()
            .map(|answer| answer.with_status(200)["outcome"].clone())
            .collect();
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == "created").count(), 1, "{outcomes:?}");
        assert_eq!(records(&form).await.len(), 2);
        // What a number names is what its digits name.
        let numbered = json!({"order": {"id": 1042, "who": "Gus"}});
        shop.send(numbered).await.ok();
        assert!(records(&form).await.iter().any(|record| record["fields"]["code"] == "1042"));
    })
    .await;
}

/// Rows of a sub-form, and records of another form by what they are known as there.
#[tokio::test]
async fn rows_come_with_their_record_and_links_by_a_unique_field() {
    on_both_shared(async |workspace| {
        let (form, customers) = orders(&workspace).await;
        let acme = customers.add(json!({"code": "C-7", "name": "ACME", "state": "there"})).await;
        let shop = Sender::of(&workspace.admin, &form.hook(upsert()).await);
        let mut message = order("A-1", "Ann");
        message["order"]["customer"] = json!("C-7");
        message["items"] = json!([{"sku": "S1", "n": 2, "note": "not for us"}, {"sku": 55}]);
        shop.send(message.clone()).await.ok();
        let fields = records(&form).await[0]["fields"].clone();
        assert!(fields["customer"].to_string().contains(&id_of(&acme)), "{fields}");
        let record = records(&form).await[0].clone();
        let whole = form.read(&workspace.admin, &record).await.ok();
        let lines = whole["fields"]["lines"].as_array().unwrap();
        let cells = |line: &Value| (line["sku"].clone(), line["qty"].clone(), line["note"].clone());
        assert_eq!(cells(&lines[0]), (json!("S1"), json!("2"), Value::Null));
        assert_eq!(cells(&lines[1]), (json!("55"), Value::Null, Value::Null));

        message["order"]["id"] = json!("A-2");
        message["order"]["customer"] = json!("C-8");
        message["items"] = json!([{"sku": "S1", "n": "many"}, {"n": 1}]);
        // What is missing is told first: of what is not there nothing is known.
        let refused = shop.send(message.clone()).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/items/1/sku: member_missing"]);
        message["items"] = json!([{"sku": "S1", "n": 1}]);
        let refused = shop.send(message.clone()).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/order/customer: no_record_with_key"]);
        customers.add(json!({"code": "C-9", "name": "Former", "state": "gone"})).await;
        message["order"]["customer"] = json!("C-9");
        let refused = shop.send(message.clone()).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/order/customer: not_offered"]);
        message["order"]["customer"] = Value::Null;
        message["items"] = json!([{"sku": "S1", "n": "many"}]);
        let refused = shop.send(message).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/items/0/n: not_a_number"]);
        assert_eq!(records(&form).await.len(), 1);
    })
    .await;
}

/// A fault is told where the message has what it is about, to the sender and to those who look after the hook.
#[tokio::test]
async fn what_is_refused_is_told_by_code_and_pointer() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let hook = form.hook(upsert()).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let mut message = order("A-1", "Ann");
        message["order"]["total"] = json!("1000.01");
        let refused = shop.send_as("one", message.clone()).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/order/total: too_large"]);
        message["order"] = json!({"who": null});
        let refused = shop.send(message.clone()).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/order/id: member_missing"]);
        shop.send(json!([1])).await.refused(422, "validation");
        let mut raw = shop.signed(("raw", &tests::sender::seconds(0)), &json!({})).build().unwrap();
        raw.headers_mut().insert("content-type", "text/plain".parse().unwrap());
        shop.who.execute(raw).await.refused(415, "unsupported_media_type");
        shop.send_as("one", order("A-1", "Ann")).await.ok();

        let list = workspace.admin.get(&format!("{}/deliveries", form.hook_path(&hook))).await.ok();
        let newest = &items(&list)[0];
        assert_eq!((&newest["outcome"], &newest["message"]), (&json!("created"), &json!("one")));
        assert!(newest["record"].is_string() && newest["address"].is_string(), "{newest}");
        let oldest = items(&list).last().unwrap();
        assert_eq!((&oldest["outcome"], &oldest["code"]), (&json!("refused"), &json!("validation")));
        let error = &oldest["errors"][0];
        assert_eq!((&error["path"], &error["code"]), (&json!("/order/total"), &json!("too_large")));
        assert!(!error["message"].as_str().unwrap().is_empty(), "{error}");
        // What a message said is not kept.
        assert!(!list.to_string().contains("1000.01"), "{list}");

        // An update makes nothing.
        let update = json!({"name": "Stock", "mode": "update", "key": "code", "map": map()});
        let update = Sender::of(&workspace.admin, &form.hook(update).await);
        let refused = update.send(order("A-9", "Ann")).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/order/id: no_record_with_key"]);
        assert_eq!(update.send(order("A-1", "Bea")).await.ok()["outcome"], "updated");
        // A hook that makes each time runs into what has to be different.
        let create = Sender::of(&workspace.admin, &form.hook(json!({"name": "New", "map": map()})).await);
        let refused = create.send(order("A-1", "Ann")).await.refused(409, "not_unique");
        assert_eq!(faults(&refused), ["/order/id: not_unique"]);
        assert_eq!(records(&form).await.len(), 1);
    })
    .await;
}

/// For senders that can't sign: the secret comes along, and a name, where there is one, counts all the same.
#[tokio::test]
async fn t64_a_sender_that_can_not_sign_brings_the_secret() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let mut bearer = upsert();
        bearer["proof"] = json!("bearer");
        let hook = form.hook(bearer).await;
        let till = Sender::of(&workspace.admin, &hook);
        assert_eq!(till.bring(order("A-1", "Ann")).await.ok()["outcome"], "created");
        assert_eq!(till.bring(order("A-1", "Ann")).await.ok()["outcome"], "unchanged");
        let wrong = Sender { secret: "wrong".to_owned(), ..till.clone() };
        wrong.bring(order("A-2", "Ann")).await.refused(401, "wrong_secret");
        till.who.send(till.unproven(&order("A-2", "Ann"))).await.refused(401, "wrong_secret");
        let named = || {
            let request = till.unproven(&order("A-3", "Ann")).header("webhook-id", "third");
            till.who.send(request.header("authorization", format!("Bearer {}", till.secret)))
        };
        let first = named().await.ok();
        assert_eq!(named().await.ok(), first);
        let outcomes = deliveries(&form, &hook).await;
        assert_eq!(outcomes[0].0, "repeated", "{outcomes:?}");
    })
    .await;
}

/// A record that comes starts the flow of its form, unless the hook says no; what runs is not changed from outside.
#[tokio::test]
async fn a_message_starts_the_flow_and_its_people_decide() {
    on_both_shared(async |workspace| {
        let boss = workspace.person("boss").await;
        let asked = workspace.form(form("asked", [text("code").unique(), text("what")])).await;
        asked.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let map = json!([{"from": "/code", "to": "code"}, {"from": "/what", "to": "what"}]);
        let document = json!({"name": "Shop", "mode": "upsert", "key": "code", "map": map});
        let shop = Sender::of(&workspace.admin, &asked.hook(document.clone()).await);
        shop.send(json!({"code": "A", "what": "chairs"})).await.ok();
        let todo = boss.get("/tasks?box=todo").await.ok();
        assert_eq!(items(&todo).len(), 1, "{todo}");
        shop.send(json!({"code": "A", "what": "tables"})).await.refused(403, "forbidden");
        let mut quiet = document;
        quiet["start_flow"] = json!(false);
        let quiet = Sender::of(&workspace.admin, &asked.hook(quiet).await);
        quiet.send(json!({"code": "B", "what": "lamps"})).await.ok();
        assert_eq!(items(&boss.get("/tasks?box=todo").await.ok()).len(), 1);
    })
    .await;
}

/// What a hook names and the form has no more is left out of nothing in silence.
#[tokio::test]
async fn a_hook_whose_form_has_changed_says_so() {
    on_both_shared(async |workspace| {
        let form = workspace.form(form("kept", [text("code"), text("what")])).await;
        let map = json!([{"from": "/code", "to": "code"}, {"from": "/what", "to": "what"}]);
        let hook = form.hook(json!({"name": "Shop", "map": map})).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let mut less = tests::design::form("kept", [text("code")]).document();
        less["format"] = json!(1);
        workspace.admin.put(&form.path("/draft"), "*", less).await.ok();
        workspace.admin.post(&form.path("/publish"), json!({})).await.ok();
        shop.send(json!({"code": "A", "what": "chairs"})).await.refused(409, "hook_broken");
        assert_eq!(deliveries(&form, &hook).await, [("refused".to_owned(), "hook_broken".to_owned())]);
        // It can be named and switched off as it is, and mended.
        let path = form.hook_path(&hook);
        workspace.admin.patch(&path, 1, json!({"on": false})).await.ok();
        let mended = json!({"on": true, "map": [{"from": "/code", "to": "code"}]});
        workspace.admin.patch(&path, 2, mended).await.ok();
        shop.send(json!({"code": "A", "what": "chairs"})).await.ok();
    })
    .await;
}

/// Why something was refused is kept, and not what was sent.
#[tokio::test]
async fn what_a_message_said_is_told_to_its_sender_and_not_kept() {
    on_both_shared(async |workspace| {
        let tags = Field::new("tags", "multi_select").option("choices", json!([{"key": "x", "label": "X"}]));
        let note = workspace.form(form("note", [text("name"), select("kind", &["a", "b"]), tags])).await;
        let map = json!([{"from": "/kind", "to": "kind"}, {"from": "/tags", "to": "tags", "optional": true}]);
        let hook = note.hook(json!({"name": "Desk", "map": map})).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let message = json!({"kind": "canary-kind", "tags": ["canary-tag"]});
        let told = shop.send(message).await.refused(422, "validation");
        assert!(told.to_string().contains("canary-kind"), "{told}");
        let kept = workspace.admin.get(&format!("{}/deliveries", note.hook_path(&hook))).await.ok();
        let codes: Vec<&Value> =
            items(&kept)[0]["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
        assert!(codes.len() == 2 && codes.iter().all(|code| **code == "unknown_choice"), "{kept}");
        assert!(!kept.to_string().contains("canary"), "{kept}");
    })
    .await;
}

/// A form that links lead to is gone with its app: the address is there all the same, and its sender is told so.
#[tokio::test]
async fn a_hook_whose_linked_form_is_gone_says_that_it_has_to_be_looked_at() {
    on_both_shared(async |workspace| {
        let (crm, shop) = (workspace.app("Away").await, workspace.app("Left behind").await);
        let customers = crm.form(form("customer", [text("code").unique(), text("name")])).await;
        customers.add(json!({"code": "C-1", "name": "ACME"})).await;
        let of = link("customer", &format!("{}/customer", crm.key)).option("on_target_delete", "clear");
        let orders = shop.form(form("order", [text("name"), of])).await;
        let map = json!([{"from": "/who", "to": "name"},
            {"from": "/customer", "to": "customer", "by": "code", "optional": true}]);
        let hook = orders.hook(json!({"name": "Web shop", "map": map})).await;
        let sender = Sender::of(&workspace.admin, &hook);
        sender.send(json!({"who": "Ann", "customer": "C-1"})).await.ok();
        // An app stays while a form links into it: this one was away when it went.
        for app in [&shop, &crm] {
            workspace.admin.delete(&app.path(""), 1).await.with_status(204);
        }
        workspace.admin.post(&shop.path("/restore"), json!({})).await.ok();
        for message in [json!({"who": "Bea", "customer": "C-1"}), json!({"who": "Bea"})] {
            sender.send(message).await.refused(409, "hook_broken");
        }
        let told = deliveries(&orders, &hook).await;
        assert_eq!(told[0], ("refused".to_owned(), "hook_broken".to_owned()));
        assert_eq!(told.len(), 3);
    })
    .await;
}

//! What administrators of a form make of its hooks.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{group, text};
use tests::workspace::{UNKNOWN, faults, id_of, items, version_of};
use tests::{Sender, Workspace, on_both, on_both_shared};

use super::{deliveries, map, order, orders, records, upsert};

#[tokio::test]
async fn a_hook_names_what_can_be_filled_in_and_says_what_it_can_not() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let hook = form.hook(upsert()).await;
        assert_eq!(
            (&hook["on"], &hook["proof"], &hook["secrets"]),
            (&json!(true), &json!("sign"), &json!(1))
        );
        assert!(hook["secret"].as_str().unwrap().starts_with("whsec_"), "{hook}");
        let url = hook["url"].as_str().unwrap();
        assert!(url.ends_with(&format!("/api/v1/hooks/{}", hook["token"].as_str().unwrap())), "{url}");
        assert_eq!((&hook["unfilled"], &hook["taken_at"]), (&json!([]), &Value::Null));
        let bearer = form
            .hook(json!({"name": "Till", "proof": "bearer", "map": [{"from": "/a", "to": "name"}]}))
            .await;
        assert!(!bearer["secret"].as_str().unwrap().starts_with("whsec_"), "{bearer}");
        assert_eq!(bearer["unfilled"], json!(["code"]));
        let one = |from: &str, to: &str| json!([{"from": from, "to": to}]);
        for (wrong, told) in [
            (json!({"name": "", "map": one("/a", "name")}), vec!["name: required"]),
            (json!({"name": "x", "map": []}), vec!["map: required"]),
            (json!({"name": "x", "map": one("a", "name")}), vec!["map.0.from: bad_pointer"]),
            (json!({"name": "x", "map": one("/a", "no")}), vec!["map.0.to: not_mappable"]),
            (json!({"name": "x", "map": one("/a", "paper")}), vec!["map.0.to: not_mappable"]),
            (json!({"name": "x", "map": one("/a", "lines")}), vec!["map.0.to: columns_not_mapped"]),
            (json!({"name": "x", "map": one("/a", "lines.sku")}), vec!["map.0.to: subform_not_mapped"]),
            (json!({"name": "x", "mode": "update", "map": one("/a", "code")}), vec!["key: required"]),
            (
                json!({"name": "x", "mode": "upsert", "key": "name", "map": one("/a", "name")}),
                vec!["key: key_not_unique"],
            ),
            (
                json!({"name": "x", "mode": "upsert", "key": "code", "map": one("/a", "name")}),
                vec!["key: key_not_mapped"],
            ),
            (json!({"name": "x", "key": "code", "map": one("/a", "code")}), vec!["key: key_without_update"]),
            (
                json!({"name": "x", "map": [{"from": "/a", "to": "customer", "by": "name"}]}),
                vec!["map.0.by: key_not_unique"],
            ),
        ] {
            let refused = workspace.admin.post(&form.path("/hooks"), wrong.clone()).await;
            assert_eq!(
                (refused.status, faults(&refused.body)),
                (422, told.iter().map(|one| (*one).to_owned()).collect()),
                "{wrong}"
            );
        }
        let gone = json!({"name": "x", "map": one("/a", "gone")});
        workspace.admin.post(&form.path("/hooks"), gone).await.refused(422, "unknown_field");
        let draft =
            json!({"key": "sketch", "label": "Sketch", "draft": true, "fields": [text("name").value()]});
        let app = workspace.app("Drafts").await;
        let draft = workspace.admin.post(&app.path("/forms"), draft).await.created();
        let path = format!("/forms/{}/hooks", id_of(&draft));
        let hook = json!({"name": "x", "map": one("/a", "name")});
        workspace.admin.post(&path, hook).await.refused(409, "form_not_published");
    })
    .await;
}

#[tokio::test]
async fn only_those_who_administer_the_form_know_of_its_hooks() {
    on_both_shared(async |workspace| {
        let (form, customers) = orders(&workspace).await;
        let hook = form.hook(upsert()).await;
        let (mei, fay) = (workspace.person("mei").await, workspace.person("fay").await);
        form.allow(group("all", &[&mei.id]).may(&["view", "create", "edit", "delete"])).await;
        let path = form.hook_path(&hook);
        mei.get(&form.path("/hooks")).await.refused(403, "forbidden");
        mei.get(&format!("{path}/deliveries")).await.refused(403, "forbidden");
        mei.post(&form.path("/hooks"), upsert()).await.refused(403, "forbidden");
        mei.patch(&path, 1, json!({"on": false})).await.refused(403, "forbidden");
        mei.delete(&path, 1).await.refused(403, "forbidden");
        let admins = json!({"admins": [{"members": [fay.id]}]});
        workspace.admin.put(&form.path("/admins"), "*", admins).await.ok();
        let listed = fay.get(&form.path("/hooks")).await.ok();
        let first = &items(&listed)[0];
        assert_eq!((id_of(first), &first["token"]), (id_of(&hook), &hook["token"]));
        // The secret is told once, and to nobody again.
        assert_eq!(first["secret"], Value::Null);
        assert!(!listed.to_string().contains(hook["secret"].as_str().unwrap()));
        // Beside another form it is not there.
        let elsewhere = customers.hook_path(&hook);
        workspace.admin.patch(&elsewhere, 1, json!({"on": false})).await.refused(404, "not_found");
        workspace.admin.get(&format!("{elsewhere}/deliveries")).await.refused(404, "not_found");
        let unknown = form.path(&format!("/hooks/{UNKNOWN}"));
        workspace.admin.patch(&unknown, 1, json!({})).await.refused(404, "not_found");
        let without = workspace.admin.request(Method::PATCH, &path).json(&json!({"on": false}));
        workspace.admin.send(without).await.refused(428, "if_match_required");
    })
    .await;
}

#[tokio::test]
async fn t64_a_hook_is_switched_off_changed_and_removed_at_once() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let (admin, hook) = (&workspace.admin, form.hook(upsert()).await);
        let (path, shop) = (form.hook_path(&hook), Sender::of(&workspace.admin, &hook));
        shop.send(order("A-1", "Ann")).await.ok();

        let off = admin.patch(&path, 1, json!({"on": false})).await.ok();
        assert_eq!((version_of(&off), &off["on"]), (2, &json!(false)));
        shop.send_as("waits", order("A-2", "Bea")).await.refused(409, "hook_off");
        admin.patch(&path, 1, json!({"on": true})).await.refused(412, "stale");
        admin.patch(&path, 2, json!({"on": true})).await.ok();
        // What was refused may come again under its name.
        shop.send_as("waits", order("A-2", "Bea")).await.ok();

        // Another place of the name, from now on.
        let mut other = map();
        other[1]["from"] = json!("/order/called");
        admin.patch(&path, 3, json!({"map": other})).await.ok();
        let refused = shop.send(order("A-3", "Cat")).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/order/called: member_missing"]);
        admin.patch(&path, 4, json!({"map": []})).await.refused(422, "validation");

        // A form in the bin takes nothing, and its hooks come back with it.
        admin.delete(&form.path(""), 1).await.ok();
        let mut message = order("A-3", "Cat");
        message["order"]["called"] = json!("Cat");
        shop.send(message.clone()).await.refused(409, "hook_off");
        admin.post(&form.path("/restore"), json!({})).await.ok();
        shop.send(message.clone()).await.ok();

        admin.delete(&path, 4).await.with_status(204);
        shop.send(message).await.refused(404, "not_found");
        assert_eq!(items(&admin.get(&form.path("/hooks")).await.ok()).len(), 0);
        admin.get(&format!("{path}/deliveries")).await.refused(404, "not_found");
        assert_eq!(records(&form).await.len(), 3);
    })
    .await;
}

/// A new secret stands beside the one before until that is ended, or another one is made.
#[tokio::test]
async fn t64_two_secrets_are_good_while_a_sender_changes_to_the_new_one() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let (admin, hook) = (&workspace.admin, form.hook(upsert()).await);
        let path = form.hook_path(&hook);
        let first = Sender::of(admin, &hook);
        let secret = async |method: Method, version: u32| {
            let request = admin.request(method, &format!("{path}/secret"));
            admin.send(request.header("if-match", format!("\"{version}\""))).await
        };
        let renewed = secret(Method::POST, 1).await.ok();
        let second = Sender::of(admin, &renewed);
        assert_eq!((&renewed["secrets"], &renewed["token"]), (&json!(2), &hook["token"]));
        assert_ne!(first.secret, second.secret);
        for (n, sender) in [&first, &second].into_iter().enumerate() {
            sender.send(order(&format!("A-{n}"), "Ann")).await.ok();
        }
        secret(Method::DELETE, 1).await.refused(412, "stale");
        let ended = secret(Method::DELETE, 2).await.ok();
        assert_eq!((&ended["secrets"], &ended["secret"]), (&json!(1), &Value::Null));
        first.send(order("A-3", "Ann")).await.refused(401, "bad_signature");
        second.send(order("A-3", "Ann")).await.ok();
        // Of three only the newest two.
        let third = Sender::of(admin, &secret(Method::POST, 3).await.ok());
        let fourth = Sender::of(admin, &secret(Method::POST, 4).await.ok());
        second.send(order("A-4", "Ann")).await.refused(401, "bad_signature");
        for sender in [&third, &fourth] {
            sender.send(order("A-4", "Ann")).await.ok();
        }
        assert_eq!(records(&form).await.len(), 4);
        let refused =
            deliveries(&form, &hook).await.iter().filter(|(_, code)| code == "bad_signature").count();
        assert_eq!(refused, 2);
    })
    .await;
}

/// What came by a hook is told to be of it; word of the trail holds neither the token nor a secret.
#[tokio::test]
async fn history_and_trail_tell_which_hook_a_record_came_by() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let (form, _) = orders(&workspace).await;
        let (admin, hook) = (&workspace.admin, form.hook(upsert()).await);
        let shop = Sender::of(admin, &hook);
        shop.send(order("A-1", "Ann")).await.ok();
        let list = form.query(admin, json!({"titles": true})).await.ok();
        let record = items(&list)[0].clone();
        let system = &record["system"];
        assert_eq!((&system["created_by"], &system["owner"]), (&hook["id"], &Value::Null));
        let named =
            list["titles"].as_object().unwrap().values().any(|names| names[id_of(&hook)] == "Web shop");
        assert!(named, "{list}");
        admin.delete(&form.hook_path(&hook), 1).await.with_status(204);
        let history = admin.get(&format!("{}/history", form.at(&record))).await.ok();
        let first = &items(&history)[0];
        assert_eq!((&first["path"], &first["who"]), (&json!("hook"), &hook["id"]));
        let trail = admin.get("/audit?limit=100").await.ok();
        let entry = items(&trail).iter().find(|entry| entry["action"] == "record.create").unwrap();
        assert_eq!(
            (&entry["who"], &entry["who_name"], &entry["path"]),
            (&hook["id"], &json!("Web shop"), &json!("hook"))
        );
        for action in ["hook.create", "hook.delete"] {
            assert!(items(&trail).iter().any(|entry| entry["action"] == action), "{action}: {trail}");
        }
        let told = trail.to_string();
        assert!(!told.contains(&shop.token) && !told.contains(&shop.secret), "{trail}");
    })
    .await;
}

/// L25: as many hooks of a form, and as long a name, as it says, and not one more.
#[tokio::test]
async fn a_form_has_fifty_hooks_at_most() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let path = form.path("/hooks");
        let hook = |name: &str| json!({"name": name, "map": [{"from": "/a", "to": "name"}]});
        let long = "x".repeat(201);
        let refused = workspace.admin.post(&path, hook(&long)).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["name: too_long"]);
        let first = form.hook(hook(&long[1..])).await;
        for n in 1..50 {
            form.hook(hook(&format!("{n}"))).await;
        }
        let refused = workspace.admin.post(&path, hook("more")).await.refused(422, "validation");
        assert_eq!(faults(&refused), [": too_many"]);
        workspace.admin.delete(&form.hook_path(&first), 1).await.with_status(204);
        form.hook(hook("more")).await;
        workspace.admin.post(&path, hook("one more")).await.refused(422, "validation");
    })
    .await;
}

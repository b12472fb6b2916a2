//! The recycle bin: what was deleted comes back as it was, or goes for good.

use serde_json::{Value, json};
use tests::design::{Field, form, group, link, text};
use tests::workspace::{App, UNKNOWN, faults, id_of, items, values_of};
use tests::{Client, Server, Workspace, on_both, on_both_shared};

use crate::bin_of_designs::{dashboard, restore};

/// What somebody finds in the bin of this kind, with this id.
pub async fn binned(who: &Client, kind: &str, id: &str) -> Option<Value> {
    let bin = who.get(&format!("/bin?kind={kind}&limit=500")).await.ok();
    items(&bin).iter().find(|one| one["id"] == id).cloned()
}

#[tokio::test]
async fn a_form_is_deleted_where_nothing_needs_it_and_comes_back_as_it_was() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let order = app.form(form("order", [link("customer", "customer"), text("note")])).await;
        let mei = workspace.person("mei").await;
        order.allow(group("all", &[&mei.id])).await;
        customer.allow(group("all", &[&mei.id])).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        let made = order.add(json!({"customer": ann["id"], "note": "x"})).await;

        mei.delete(&order.path(""), 1).await.refused(403, "forbidden");
        let refused = admin.delete(&customer.path(""), 1).await.refused(409, "form_in_use");
        assert!(refused["detail"].as_str().unwrap_or_default().contains("order"), "{refused}");
        customer.read(admin, &ann).await.ok();
        admin.post(&order.path("/restore"), json!({})).await.refused(404, "not_found");
        admin.post(&order.path("/purge"), json!({})).await.refused(404, "not_found");

        admin.delete(&order.path(""), 1).await.with_status(204);
        admin.get(&order.path("")).await.refused(404, "not_found");
        order.read(&mei, &made).await.refused(404, "not_found");
        let listed = binned(admin, "form", &order.id).await.unwrap();
        assert_eq!(
            (&listed["key"], &listed["label"], &listed["app"]),
            (&json!("order"), &json!("order"), &json!(app.id))
        );
        assert!(listed["purged_at"].as_str() > listed["deleted_at"].as_str(), "{listed}");
        assert_eq!(binned(&mei, "form", &order.id).await, None);
        for what in ["restore", "purge"] {
            mei.post(&order.path(&format!("/{what}")), json!({})).await.refused(404, "not_found");
            admin.post(&format!("/forms/{UNKNOWN}/{what}"), json!({})).await.refused(404, "not_found");
        }

        let back = admin.post(&order.path("/restore"), json!({})).await.ok();
        assert_eq!(back["id"], order.id.as_str());
        assert_eq!(order.read(&mei, &made).await.ok()["fields"], made["fields"], "its groups are there too");
        assert_eq!(binned(admin, "form", &order.id).await, None);

        // Another has its name by now; what it links to is gone.
        admin.delete(&order.path(""), 1).await.with_status(204);
        let second = app.form(form("order", [text("note")])).await;
        let taken = admin.post(&order.path("/restore"), json!({})).await.refused(409, "key_taken");
        assert_eq!(
            (faults(&taken), &taken["free_key"]),
            (vec!["key: not_unique".to_owned()], &json!("order_2"))
        );
        admin.delete(&second.path(""), 1).await.with_status(204);
        admin.delete(&customer.path(""), 1).await.with_status(204);
        let broken = admin.post(&order.path("/restore"), json!({})).await.refused(409, "form_broken");
        assert!(!faults(&broken).is_empty(), "who designs it is told what is missing: {broken}");
        admin.post(&customer.path("/restore"), json!({})).await.ok();
        admin.post(&order.path("/restore"), json!({})).await.ok();
        assert_eq!(order.read(admin, &made).await.ok()["fields"]["customer"], ann["id"]);

        let purged = admin.job(admin.post(&second.path("/purge"), json!({})).await).await;
        assert_eq!((&purged["state"], &purged["result"]["records"]), (&json!("done"), &json!(0)), "{purged}");
        admin.delete(&order.path(""), 1).await.with_status(204);
        let purged = admin.job(admin.post(&order.path("/purge"), json!({})).await).await;
        assert_eq!((&purged["state"], &purged["result"]["records"]), (&json!("done"), &json!(1)), "{purged}");
        assert_eq!(binned(admin, "form", &order.id).await, None);
        admin.post(&order.path("/restore"), json!({})).await.refused(404, "not_found");
        let third = app.form(form("order", [text("note")])).await;
        assert!(items(&third.query(admin, json!({})).await.ok()).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_added_up_with_others_is_not_taken_from_under_its_table() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Stock").await;
        let number = |key: &str| Field::new(key, "number");
        let (received, shipped) =
            (app.form(form("received", [number("n")])).await, app.form(form("shipped", [number("n")])).await);
        let source = |form: &str| {
            json!({"form": form, "group": {"by": "$owner"}, "measures": {form: {"fn": "sum", "field": "n"}}})
        };
        app.aggregate(json!({
            "format": 1, "key": "both", "label": "Both", "dimensions": [{"key": "by", "label": "By"}],
            "sources": [source("received"), source("shipped")], "measures": [], "constraints": [],
        }))
        .await;
        workspace.admin.delete(&received.path(""), 1).await.refused(409, "aggregate_in_use");
        shipped.add(json!({"n": 1})).await;
    })
    .await;
}

#[tokio::test]
async fn an_app_comes_back_with_its_forms_or_goes_with_them() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Office of the bin").await;
        let note = app.form(form("note", [text("name")])).await;
        let made = note.add(json!({"name": "a"})).await;
        let gone = app.form(form("gone", [text("name")])).await;
        admin.delete(&gone.path(""), 1).await.with_status(204);
        admin.delete(&app.path(""), 1).await.with_status(204);
        admin.get(&note.path("")).await.refused(404, "not_found");
        assert_eq!(binned(admin, "app", &app.id).await.unwrap()["key"], app.key.as_str());
        assert_eq!(binned(admin, "form", &gone.id).await, None, "it comes back with its app first");
        admin.post(&gone.path("/restore"), json!({})).await.refused(404, "not_found");
        let mei = workspace.person("mei").await;
        for what in ["restore", "purge"] {
            mei.post(&app.path(&format!("/{what}")), json!({})).await.refused(404, "not_found");
        }

        let other = admin.post("/apps", json!({"label": "Other", "key": app.key})).await.created();
        let taken = admin.post(&app.path("/restore"), json!({})).await.refused(409, "key_taken");
        assert_eq!(faults(&taken), ["key: not_unique"]);
        admin.delete(&format!("/apps/{}", id_of(&other)), 1).await.with_status(204);
        admin.post(&app.path("/restore"), json!({})).await.ok();
        assert_eq!(note.read(admin, &made).await.ok()["fields"], made["fields"]);
        assert!(binned(admin, "form", &gone.id).await.is_some());

        admin.delete(&app.path(""), 3).await.with_status(204);
        let purged = admin.job(admin.post(&app.path("/purge"), json!({})).await).await;
        assert_eq!((&purged["state"], &purged["result"]["records"]), (&json!("done"), &json!(1)), "{purged}");
        assert_eq!(binned(admin, "app", &app.id).await, None);
        admin.post(&app.path("/restore"), json!({})).await.refused(404, "not_found");
    })
    .await;
}

/// Those who use an app are told before it goes: who may not know of them, without what they are called.
#[tokio::test]
async fn an_app_is_not_taken_from_under_the_forms_of_others() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (crm, shop) = (workspace.app("Customers").await, workspace.app("Shop").await);
        let customer = crm.form(form("customer", [text("name")])).await;
        let of = link("of", &format!("{}/customer", crm.key));
        let order = shop.form(form("order", [text("note"), of])).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        let made = order.add(json!({"note": "x", "of": ann["id"]})).await;
        let tom = workspace.person("tom").await;
        admin.patch(&crm.path(""), 1, json!({"admins": [{"members": [tom.id]}]})).await.ok();
        let detail = |told: &Value| told["detail"].as_str().unwrap().to_owned();
        let refused = admin.delete(&crm.path(""), 2).await.refused(409, "app_in_use");
        assert!(detail(&refused).contains("Shop: order"), "{refused}");
        let refused = tom.delete(&crm.path(""), 2).await.refused(409, "app_in_use");
        assert!(!refused.to_string().contains("Shop") && !refused.to_string().contains("order"), "{refused}");
        assert!(detail(&refused).contains('1'), "{refused}");
        assert_eq!((&refused["uses"], &refused["unseen"]), (&json!([]), &json!(1)));
        // Who may use one of two is told of that one.
        let visit =
            shop.form(form("visit", [text("note"), link("at", &format!("{}/customer", crm.key))])).await;
        visit.allow(group("all", &[&tom.id])).await;
        let refused = tom.delete(&crm.path(""), 2).await.refused(409, "app_in_use");
        assert!(detail(&refused).contains("Shop: visit and 1 more"), "{refused}");
        assert!(!refused.to_string().contains("order"), "{refused}");
        assert_eq!((&refused["uses"][0]["id"], &refused["unseen"]), (&json!(visit.id), &json!(1)));
        admin.delete(&visit.path(""), 1).await.with_status(204);
        customer.read(admin, &ann).await.ok();
        assert_eq!(binned(admin, "app", &crm.id).await, None);

        // What uses it goes first, and both come back.
        for app in [&shop, &crm] {
            admin.delete(&app.path(""), 1).await.with_status(204);
        }
        for app in [&crm, &shop] {
            admin.post(&app.path("/restore"), json!({})).await.ok();
        }
        assert_eq!(order.read(admin, &made).await.ok()["fields"], made["fields"]);
        order.extend(json!([{"do": "remove_field", "key": "of"}])).await;
        admin.delete(&crm.path(""), 1).await.with_status(204);
        order.read(admin, &made).await.ok();
    })
    .await;
}

/// The same of a form, whether it is to go or to change; of a form that one may not know of not even what is wrong with it then.
#[tokio::test]
async fn a_form_is_not_taken_from_under_forms_that_one_may_not_know_of() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (crm, shop) = (workspace.app("Known").await, workspace.app("Closed").await);
        let customer = crm.form(form("customer", [text("name"), text("tier")])).await;
        let of = link("of", &format!("{}/customer", crm.key));
        shop.form(form("secret_order", [of, text("secret_tier").computed("of.tier")])).await;
        let tom = workspace.person("tom").await;
        admin.patch(&crm.path(""), 1, json!({"admins": [{"members": [tom.id]}]})).await.ok();
        let base = tom.get(&customer.path("/draft")).await.ok()["base"].clone();
        let edits = json!({"base": base, "edits": [{"do": "remove_field", "key": "tier"}]});
        tom.post(&customer.path("/draft/edits"), edits).await.ok();
        let publish = customer.path("/publish");
        for (language, told) in
            [("en", "1 thing that"), ("zh-CN", "你看不到的 1 项"), ("zh-TW", "你看不到的 1 項")]
        {
            let tom = tom.speaking(language);
            for refused in [tom.delete(&customer.path(""), 1).await, tom.post(&publish, json!({})).await] {
                let refused = refused.refused(409, "form_in_use");
                assert!(refused["detail"].as_str().unwrap().contains(told), "{refused}");
                let (uses, unseen) = (&refused["uses"], &refused["unseen"]);
                assert_eq!(
                    (uses, unseen, &refused["errors"]),
                    (&json!([]), &json!(1), &json!([])),
                    "{refused}"
                );
                assert!(!refused.to_string().contains("secret"), "{refused}");
            }
        }
        let refused = admin.post(&publish, json!({})).await.refused(409, "form_in_use");
        assert!(refused["detail"].as_str().unwrap().contains("Closed: secret_order"), "{refused}");
        assert_eq!((&refused["uses"][0]["object"], &refused["unseen"]), (&json!("form"), &json!(0)));
    })
    .await;
}

#[tokio::test]
async fn an_app_stays_while_a_table_of_another_counts_its_forms_beside_others() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (near, far) = (workspace.app("Near").await, workspace.app("Far").await);
        let number = |key: &str| Field::new(key, "number");
        near.form(form("shipped", [number("n")])).await;
        far.form(form("received", [number("n")])).await;
        let source = |form: &str, key: &str| {
            json!({"form": form, "group": {"by": "$owner"}, "measures": {key: {"fn": "sum", "field": "n"}}})
        };
        near.aggregate(json!({
            "format": 1, "key": "both", "label": "Both", "dimensions": [{"key": "by", "label": "By"}],
            "sources": [source("shipped", "out"), source(&format!("{}/received", far.key), "come")],
            "measures": [], "constraints": [],
        }))
        .await;
        let refused = admin.delete(&far.path(""), 1).await.refused(409, "app_in_use");
        assert!(refused["detail"].as_str().unwrap().contains("Near: Both"), "{refused}");
        admin.delete(&near.path(""), 1).await.with_status(204);
        admin.delete(&far.path(""), 1).await.with_status(204);
    })
    .await;
}

/// Were they all held by each other, none of them could ever go.
#[tokio::test]
async fn of_apps_that_link_to_each_other_each_may_go_first() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let apps = [
            workspace.app("One gone").await,
            workspace.app("Two gone").await,
            workspace.app("Three gone").await,
        ];
        let [one, two, three] = &apps;
        let thing = one.form(form("thing", [text("name")])).await;
        let to = |app: &App| link("to", &format!("{}/thing", app.key));
        two.form(form("thing", [to(one)])).await;
        three.form(form("thing", [to(two)])).await;
        thing.extend(json!([{"do": "add_field", "field": to(three).value()}])).await;
        let made = thing.add(json!({"name": "a"})).await;
        for app in &apps {
            admin.delete(&app.path(""), 1).await.with_status(204);
            admin.post(&app.path("/restore"), json!({})).await.ok();
            thing.read(admin, &made).await.ok();
        }
        // One to which they do not link keeps the one to which it links.
        let own = workspace.app("Own").await;
        own.form(form("note", [to(two)])).await;
        admin.delete(&two.path(""), 1).await.refused(409, "app_in_use");
        admin.delete(&three.path(""), 1).await.with_status(204);
    })
    .await;
}

/// An app is back with what is whole; a form that names what is still gone rests, which its designers are told, and is mended by them.
#[tokio::test]
async fn an_app_comes_back_with_forms_that_rest_until_what_they_name_is_back() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (crm, shop) = (workspace.app("Named by others").await, workspace.app("Coming back").await);
        crm.form(form("customer", [text("name")])).await;
        let of = link("of", &format!("{}/customer", crm.key));
        let linked = shop.form(form("linked", [text("name")])).await;
        let order = shop.form(form("order", [text("note"), of, link("by", "linked")])).await;
        let whole = shop.form(form("whole", [text("note")])).await;
        let made = order.add(json!({"note": "x"})).await;
        let mei = workspace.person("mei").await;
        for form in [&order, &whole] {
            form.allow(group("all", &[&mei.id])).await;
            form.flow(json!([{"key": "check", "label": "Check", "kind": "approve", "who": [{"members": [mei.id]}]}]))
                .await;
        }
        let put_away = async || {
            for app in [&shop, &crm] {
                admin.delete(&app.path(""), 1).await.with_status(204);
            }
        };
        let forms = async |who: &Client| -> Vec<(String, String)> {
            let listed = who.get(&shop.path("/forms")).await.ok();
            let told = |form: &Value, member: &str| form[member].as_str().unwrap().to_owned();
            items(&listed).iter().map(|form| (told(form, "key"), told(form, "state"))).collect()
        };
        let told = |key: &str, state: &str| (key.to_owned(), state.to_owned());
        put_away().await;
        let resting = json!([{"id": order.id, "key": "order", "label": "order"}]);
        let back = restore(admin, json!([{"id": shop.id}])).await;
        assert_eq!(back, [json!({"id": shop.id, "key": shop.key, "resting": resting})]);

        // What is whole works, and the rest stands in nobody's way.
        whole.create(&mei, json!({"note": "x"})).await.created();
        order.read(admin, &made).await.refused(409, "form_broken");
        let listed = [told("linked", "published"), told("order", "resting"), told("whole", "published")];
        assert_eq!(forms(admin).await, listed);
        assert_eq!(forms(&mei).await, [told("whole", "published")]);
        let startable = mei.get("/tasks/startable").await.ok();
        let startable: Vec<&Value> = items(&startable).iter().map(|one| &one["form"]).collect();
        assert_eq!(startable, [&json!(whole.id)]);
        // Records of other forms are deleted; of one that it links to they stay until it says what is to become of its own.
        let free = whole.add(json!({"note": "y"})).await;
        admin.delete(&whole.at(&free), 1).await.with_status(204);
        let kept = linked.add(json!({"name": "z"})).await;
        admin.delete(&linked.at(&kept), 1).await.refused(409, "form_broken");
        let draft = admin.get(&order.path("/draft")).await.ok();
        assert!(draft["problems"][0]["path"].as_str().unwrap().starts_with("/fields/1"), "{draft}");

        // Asked for with what it stands on, in whatever order, nothing rests.
        let back = restore(admin, json!([{"id": crm.id}])).await;
        assert_eq!(back, [json!({"id": crm.id, "key": crm.key})]);
        order.read(&mei, &made).await.ok();
        put_away().await;
        let back = restore(admin, json!([{"id": shop.id}, {"id": crm.id}])).await;
        assert_eq!(back.iter().filter(|one| one["resting"].is_array()).count(), 0, "{back:?}");

        // Who designs it may take out what is gone.
        put_away().await;
        restore(admin, json!([{"id": shop.id}])).await;
        order.extend(json!([{"do": "remove_field", "key": "of"}])).await;
        assert_eq!(order.read(&mei, &made).await.ok()["fields"]["note"], "x");
        assert_eq!(forms(&mei).await, [told("order", "published"), told("whole", "published")]);
    })
    .await;
}

/// What a design names that does not fit any more is for those who design it: others see neither closed fields nor other apps in it.
#[tokio::test]
async fn t02_who_uses_what_rests_is_not_told_what_it_names() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (crm, shop) = (workspace.app("Canary of the bin").await, workspace.app("Open of the bin").await);
        crm.form(form("canary_there", [text("name")])).await;
        let of = link("canary_of", &format!("{}/canary_there", crm.key));
        let order = shop.form(form("order", [text("note"), of])).await;
        let sale = shop.form(form("sale", [text("note"), Field::new("canary_sum", "number")])).await;
        let mei = workspace.person("mei").await;
        order.allow(group("all", &[&mei.id]).field("canary_of", "none")).await;
        let mut board = dashboard("board", json!("sale"), "canary_sum");
        board["read"] = json!({"members": [mei.id]});
        let board = id_of(&admin.post(&shop.path("/dashboards"), board).await.created());
        let made = order.add(json!({"note": "x"})).await;
        for app in [&shop, &crm] {
            admin.delete(&app.path(""), 1).await.with_status(204);
        }
        restore(admin, json!([{"id": shop.id}])).await;
        admin.delete(&sale.path(""), 1).await.with_status(204);
        let answers = [
            (mei.get(&order.path("")).await, "form_broken"),
            (order.read(&mei, &made).await, "form_broken"),
            (order.query(&mei, json!({})).await, "form_broken"),
            (order.create(&mei, json!({"note": "x"})).await, "form_broken"),
            (mei.get(&format!("/dashboards/{board}")).await, "dashboard_broken"),
        ];
        for (answer, code) in answers {
            let told = answer.refused(409, code);
            assert_eq!(told["errors"], json!([]), "{told}");
            assert!(!told.to_string().contains("anary"), "{told}");
        }
    })
    .await;
}

/// How many files lie in the data folder.
fn files_of(server: &Server) -> usize {
    let folders =
        std::fs::read_dir(server.data().join("files")).unwrap().map(|folder| folder.unwrap().path());
    let count = |folder: std::path::PathBuf| std::fs::read_dir(folder).unwrap().count();
    folders.filter(|folder| folder.file_name().unwrap() != "incoming").map(count).sum()
}

#[tokio::test]
async fn a_purged_record_is_gone_with_its_history_and_its_files() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let note = workspace.form(form("note", [text("name"), Field::new("papers", "files")])).await;
        note.allow(group("all", &[&mei.id])).await;
        let file = admin.upload("a.txt", "text/plain", b"hello".to_vec()).await;
        let first = note.add(json!({"name": "a", "papers": [file]})).await;
        let (second, live) = (note.add(json!({"name": "b"})).await, note.add(json!({"name": "c"})).await);
        for one in [&first, &second] {
            admin.delete(&note.at(one), 1).await.with_status(204);
        }
        assert_eq!(files_of(server), 1);
        let path = note.path("/records/purge");
        mei.post(&path, json!({"all": true})).await.refused(403, "forbidden");
        for neither in [json!({}), json!({"ids": [first["id"]], "all": true})] {
            let refused = admin.post(&path, neither).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["ids: ids_or_all"]);
        }

        // What is not in the bin is not purged, whoever names it.
        let named = json!({"ids": [first["id"], live["id"], UNKNOWN]});
        let purged = admin.job(admin.post(&path, named).await).await;
        assert_eq!((&purged["state"], &purged["result"]["records"]), (&json!("done"), &json!(1)), "{purged}");
        note.read(admin, &live).await.ok();
        admin.post(&format!("{}/restore", note.at(&first)), json!({})).await.refused(404, "not_found");
        admin.get(&format!("{}/history", note.at(&first))).await.refused(404, "not_found");
        admin.get(&format!("/files/{file}")).await.refused(404, "not_found");
        assert_eq!(files_of(server), 0);
        let bin = note.query(admin, json!({"deleted": true})).await.ok();
        assert_eq!(items(&bin).iter().map(id_of).collect::<Vec<_>>(), [id_of(&second)]);
        let purged = admin.job(admin.post(&path, json!({"all": true})).await).await;
        assert_eq!(purged["result"]["records"], 1, "{purged}");
        assert!(items(&note.query(admin, json!({"deleted": true})).await.ok()).is_empty());
    })
    .await;
}

#[tokio::test]
async fn many_records_come_back_in_one_request_each_by_itself() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Back").await;
        let note = app.form(form("note", [text("name").unique()])).await;
        let mei = workspace.person("mei").await;
        note.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        let mut ids = note.add_all(["a", "b", "c"].map(|name| json!({"name": name}))).await;
        let path = note.path("/records/restore");
        let deleted =
            admin.post(&note.path("/records/bulk"), json!({"delete": ids, "atomic": false})).await.ok();
        assert_eq!(deleted["results"].as_array().map(Vec::len), Some(3), "{deleted}");
        // Another has the name of the second by now; the last was never there.
        note.add(json!({"name": "b"})).await;
        ids.push(UNKNOWN.to_string());
        let back = admin.post(&path, json!({"ids": ids})).await.ok();
        let results = back["results"].as_array().unwrap();
        assert_eq!(results[0]["id"], ids[0].as_str(), "{back}");
        assert_eq!(results[1]["problem"]["code"], "not_unique", "{back}");
        assert_eq!(results[2]["id"], ids[2].as_str(), "{back}");
        assert_eq!(results[3]["problem"]["code"], "not_found", "{back}");
        let there = note.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        assert_eq!(values_of(&there, "name"), ["a", "b", "c"]);

        let twice = admin.post(&path, json!({"ids": [(ids[1]), (ids[1])]})).await.refused(422, "validation");
        assert_eq!(faults(&twice), ["ids.1: twice"]);
        let many: Vec<String> = (0..5_001).map(|_| UNKNOWN.to_string()).collect();
        let many = admin.post(&path, json!({"ids": many})).await.refused(422, "validation");
        assert_eq!(faults(&many), ["ids: too_many"]);
        // Who may not delete brings nothing back.
        let closed = mei.post(&path, json!({"ids": [(ids[1])]})).await.ok();
        assert!(closed["results"][0]["problem"].is_object(), "{closed}");
    })
    .await;
}

#[tokio::test]
async fn how_long_things_lie_in_the_bin_is_said_by_administrators() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        assert_eq!(mei.get("/retention").await.ok()["days"], 30);
        mei.put("/retention", "*", json!({"days": 7})).await.refused(403, "forbidden");
        for (days, code) in [(0, "too_small"), (4_000, "too_large")] {
            let refused =
                admin.put("/retention", "*", json!({"days": days})).await.refused(422, "validation");
            assert_eq!(faults(&refused), [format!("days: {code}")]);
        }
        let app = workspace.app("Office").await;
        admin.delete(&app.path(""), 1).await.with_status(204);
        let usual = binned(admin, "app", &app.id).await.unwrap();
        admin.put("/retention", "*", json!({"days": 7})).await.ok();
        assert_eq!(admin.get("/bin").await.ok()["days"], 7);
        let sooner = binned(admin, "app", &app.id).await.unwrap();
        assert!(sooner["purged_at"].as_str() < usual["purged_at"].as_str(), "{sooner} {usual}");
    })
    .await;
}

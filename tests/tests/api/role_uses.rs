//! What a role may do, and where: every place that names it is told to those who administer the workspace.

use serde_json::{Value, json};
use tests::design::{Field, form, number, text};
use tests::workspace::{UNKNOWN, id_of, items};
use tests::{on_both, on_both_shared};

use crate::bin_of_designs::{dashboard, packed, restore};

/// An aggregate table of a form with a text and an amount.
fn table(form: &str, what: &str, amount: &str, read: Value) -> Value {
    json!({"format": 1, "key": "sold", "label": "Sold", "dimensions": [{"key": "what", "label": "What"}],
        "sources": [{"form": form, "group": {"what": what}, "measures": {"n": {"fn": "sum", "field": amount}}}],
        "read": read})
}

fn board(key: &str, form: &str, amount: &str, read: Value) -> Value {
    let mut page = dashboard(key, json!(form), amount);
    page["read"] = read;
    page
}

#[tokio::test]
async fn a_role_tells_which_groups_steps_and_administrators_name_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let role = admin.post("/roles", json!({"key": "cashier", "name": "Cashier"})).await.created();
        let path = format!("/roles/{}/uses", id_of(&role));
        assert!(items(&admin.get(&path).await.ok()).is_empty(), "nothing names it yet");

        let app = workspace.app("Till").await;
        admin.patch(&format!("/apps/{}", app.id), 1, json!({"admins": [{"roles": ["cashier"]}]})).await.ok();
        let host = Field::new("host", "member").option("within", json!(["cashier"]));
        let order = app.form(form("order", [text("name"), number("amount", 0), host])).await;
        let group = |key: &str, enabled: bool, who: Value| {
            json!({"format": 1, "key": key, "label": format!("The {key}"), "who": who,
                "operations": ["view", "create"], "fields": {"*": "edit"}, "rows": null, "enabled": enabled})
        };
        for (key, enabled, who) in [
            ("tellers", true, json!({"roles": ["cashier"]})),
            ("night", false, json!({"roles": [role["id"]]})),
            ("others", true, json!({"everyone": true})),
        ] {
            admin.post(&order.path("/permissions"), group(key, enabled, who)).await.created();
        }
        let approve = |key: &str, who: Value| {
            json!({"kind": "approve", "key": key, "label": format!("Step {key}"), "who": who})
        };
        let block = json!({"kind": "parallel", "key": "both", "label": "Both", "arms": [
            {"key": "one", "label": "One", "steps": [approve("within", json!([{"managers_up_to": {"role": "cashier"}}]))]},
            {"key": "two", "label": "Two", "steps": [approve("other", json!([{"submitter": true}]))]}]});
        order.flow(json!([approve("first", json!([{"roles": ["cashier"]}])), block])).await;
        admin.put(&order.path("/admins"), "*", json!({"admins": [{"roles": ["cashier"]}]})).await.ok();

        let read = json!({"roles": ["cashier"]});
        let page = board("board", "order", "amount", read);
        let page = admin.post(&app.path("/dashboards"), page).await.created();
        app.aggregate(table("order", "name", "amount", json!({"roles": [role["id"]]}))).await;

        let told = admin.get(&path).await.ok();
        let uses = items(&told);
        let said = |place: &Value| {
            let label = place["label"].as_str().unwrap_or_default();
            (place["kind"].as_str().unwrap().to_owned(), label.to_owned(), place["enabled"] == true)
        };
        let mut all: Vec<_> = uses.iter().map(said).collect();
        all.sort();
        let wanted = [
            ("app_administration", "", true),
            ("dashboard", "The board", true),
            ("form_administration", "", true),
            ("group", "The night", false),
            ("group", "The tellers", true),
            ("member_field", "host", true),
            ("step", "Step first", true),
            ("step", "Step within", true),
            ("table", "Sold", true),
        ];
        assert_eq!(all, wanted.map(|(kind, label, enabled)| (kind.to_owned(), label.to_owned(), enabled)));
        let tellers = uses.iter().find(|place| place["label"] == "The tellers").unwrap();
        assert_eq!(tellers["operations"], json!(["view", "create"]));
        assert_eq!((&tellers["app"], &tellers["form"]), (&json!(app.id), &json!(order.id)));
        let of = |kind: &str| uses.iter().find(|place| place["kind"] == kind).unwrap();
        assert_eq!((&of("dashboard")["target"], &of("dashboard")["form"]), (&page["id"], &Value::Null));
        assert_eq!(of("member_field")["form"], json!(order.id));

        // It is no business of others, and of what is not there nothing is told.
        let mei = workspace.person("mei").await;
        mei.get(&path).await.refused(403, "forbidden");
        admin.get(&format!("/roles/{UNKNOWN}/uses")).await.refused(404, "not_found");
    })
    .await;
}

/// A change of a role is told before it is made, form by form, and who administers with it.
#[tokio::test]
async fn a_dry_run_of_a_role_says_who_would_gain_and_lose_what() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let role = json!({"key": "dry_reps", "name": "Reps", "members": [mei.id]});
        let role = admin.post("/roles", role).await.created();
        let path = format!("/roles/{}/dry-run", id_of(&role));
        let deleted = json!({});
        assert!(items(&admin.post(&path, deleted.clone()).await.ok()).is_empty(), "nothing names it yet");

        let app = workspace.app("Sales").await;
        let deal = app.form(form("deal", [text("name")])).await;
        let other = app.form(form("other", [text("name")])).await;
        let group = json!({"format": 1, "key": "reps", "label": "Reps", "who": {"roles": ["dry_reps"]},
            "operations": ["view", "create"], "fields": {"*": "edit"}, "rows": null, "enabled": true});
        admin.post(&deal.path("/permissions"), group).await.created();
        admin.put(&other.path("/admins"), "*", json!({"admins": [{"roles": ["dry_reps"]}]})).await.ok();

        let told = admin.post(&path, deleted).await.ok();
        let of = |form: &str| items(&told).iter().find(|change| change["form"] == form).cloned().unwrap();
        let lost = of(&deal.id);
        assert_eq!((&lost["app"], &lost["form_label"]), (&json!(app.id), &json!("deal")));
        let members = lost["rights"]["members"].as_array().unwrap();
        assert_eq!((members.len(), &members[0]["member"]["id"]), (1, &json!(mei.id)));
        let operations = |rights: &Value| -> Vec<String> {
            let names = rights.as_array().unwrap().iter().filter_map(|right| right["operation"].as_str());
            names.map(str::to_owned).collect()
        };
        assert_eq!(operations(&members[0]["losses"]), ["view", "create"]);
        assert_eq!(members[0]["gains"], json!([]));
        assert_eq!(of(&other.id)["administer_no_more"][0]["id"], json!(mei.id));

        // Tom in place of Mei.
        let told = admin.post(&path, json!({"members": [tom.id]})).await.ok();
        let change = items(&told).iter().find(|change| change["form"] == deal.id.as_str()).cloned().unwrap();
        let members = change["rights"]["members"].as_array().unwrap();
        let of = |id: &str| members.iter().find(|member| member["member"]["id"] == id).unwrap();
        assert_eq!(operations(&of(&tom.id)["gains"]), ["view", "create"]);
        assert_eq!(operations(&of(&mei.id)["losses"]), ["view", "create"]);
        // The same people again: nothing changes, and nothing did.
        assert!(items(&admin.post(&path, json!({"members": [mei.id]})).await.ok()).is_empty());
        assert_eq!(mei.get("/me").await.ok()["roles"], json!([role["id"]]));

        // A member who would have another role.
        let of_tom = format!("/members/{}/dry-run", tom.id);
        let told = admin.post(&of_tom, json!({"roles": ["dry_reps"]})).await.ok();
        let change = items(&told).iter().find(|change| change["form"] == deal.id.as_str()).cloned().unwrap();
        let member = &change["rights"]["members"][0];
        assert_eq!(member["member"]["id"], json!(tom.id));
        assert_eq!(operations(&member["gains"]), ["view", "create"]);
        assert!(items(&admin.post(&of_tom, json!({"roles": []})).await.ok()).is_empty());
        admin.post(&of_tom, json!({"roles": ["nobody_has_it"]})).await.refused(422, "validation");
        mei.post(&of_tom, json!({"roles": []})).await.refused(403, "forbidden");

        admin.post(&path, json!({"members": [UNKNOWN]})).await.refused(422, "validation");
        admin.post(&format!("/roles/{UNKNOWN}/dry-run"), json!({})).await.refused(404, "not_found");
        mei.post(&path, json!({})).await.refused(403, "forbidden");
    })
    .await;
}

/// What is left of a role's name would keep its groups from being saved, and give its rights to the next role with its key.
#[tokio::test]
async fn a_role_that_is_deleted_is_named_no_more() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let role = json!({"key": "fleeting", "name": "Gone", "members": [mei.id]});
        let role = admin.post("/roles", role).await.created();
        let app = workspace.app("Shop").await;
        let sale = app.form(form("sale", [text("name")])).await;
        let group = |who: Value| {
            json!({"format": 1, "key": "shop", "label": "Shop", "who": who,
                "operations": ["view"], "fields": {"*": "read"}, "rows": null, "enabled": true})
        };
        let who = json!({"roles": ["fleeting"], "members": [tom.id]});
        let made = admin.post(&sale.path("/permissions"), group(who)).await.created();
        let admins = json!({"admins": [{"roles": [role["id"]]}]});
        admin.put(&sale.path("/admins"), "*", admins.clone()).await.ok();
        admin.patch(&format!("/apps/{}", app.id), 1, admins).await.ok();

        admin.delete(&format!("/roles/{}", id_of(&role)), 1).await.with_status(204);
        let stored = admin.get(&sale.path("/permissions")).await.ok();
        let group = &items(&stored)[0];
        assert_eq!(group["document"]["who"], json!({"members": [tom.id]}));
        let whole = sale.path(&format!("/permissions/{}", id_of(&made)));
        admin.put(&whole, "*", group["document"].clone()).await.ok();
        assert_eq!(admin.get(&sale.path("/admins")).await.ok()["admins"], json!([]));
        assert_eq!(admin.get(&format!("/apps/{}", app.id)).await.ok()["admins"], json!([]));
        // Another role with its key inherits nothing.
        let next = json!({"key": "fleeting", "name": "Next", "members": [mei.id]});
        admin.post("/roles", next).await.created();
        mei.get(&sale.path("")).await.refused(404, "not_found");
    })
    .await;
}

/// Readers of a dashboard, a report or a table, of what is there and of what lies in the bin: none of it is open to the next role
/// with the key, and what only the role read is open to nobody in its place.
#[tokio::test]
async fn a_role_that_is_deleted_reads_nothing_any_more() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let read = json!({"roles": ["steward"]});
        let visit = json!({"format": 1, "key": "visit", "label": "Visit", "fields": [
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 0}}]});
        let report = json!({"format": 1, "key": "club.visits", "label": "Visits", "read": read,
            "data": [{"key": "all", "form": "visit", "group": {}, "measures": {"n": {"fn": "count"}}}],
            "figures": [{"key": "N", "label": "Visits", "formula": "n", "scale": 0}]});
        let package = packed([
            ("package.json", json!({"format": 1, "key": "club", "version": "1.0.0", "label": "Club"})),
            ("roles.json", json!([{"key": "steward", "label": "Steward"}])),
            ("forms/visit.json", visit),
            ("reports/visits.json", report),
        ]);
        let file = admin.upload("package.zip", "application/zip", package).await;
        let job = admin.job(admin.post("/apps/import", json!({"file": file})).await).await;
        assert_eq!(job["state"], "done", "{job}");
        let roles = admin.get("/roles").await.ok();
        let role = items(&roles).iter().find(|role| role["key"] == "steward").cloned().unwrap();
        let mei = server.member(&admin, "mei@example.com", &["steward"]).await;
        let tom = server.member(&admin, "tom@example.com", &[]).await;
        let (mei_id, tom_id) =
            (mei.get("/me").await.ok()["id"].clone(), tom.get("/me").await.ok()["id"].clone());
        let forms = admin.get("/apps/club/forms").await.ok();
        let group = json!({"format": 1, "key": "all", "label": "All", "who": {"everyone": true},
            "operations": ["view"], "fields": {"*": "read"}, "rows": null, "enabled": true});
        admin.post(&format!("/forms/{}/permissions", id_of(&items(&forms)[0])), group).await.created();

        let both = json!({"roles": ["steward"], "members": [tom_id]});
        let pages = [("alone", read.clone()), ("shared", both), ("gone", json!({"roles": [role["id"]]}))];
        let mut paths = Vec::new();
        for (key, read) in pages {
            let page = board(key, "visit", "amount", read);
            let page = admin.post("/apps/club/dashboards", page).await.created();
            paths.push(format!("/dashboards/{}", id_of(&page)));
        }
        let made =
            admin.post("/apps/club/aggregates", table("visit", "name", "amount", read)).await.created();
        paths.push(format!("/aggregates/{}", id_of(&made)));
        let run = async || mei.post("/reports/club.visits/run", json!({"app": "club"})).await;
        run().await.ok();
        for path in &paths {
            mei.get(path).await.ok();
        }
        let told = admin.get(&format!("/roles/{}/uses", id_of(&role))).await.ok();
        let told = items(&told).iter().find(|place| place["kind"] == "report").cloned().unwrap();
        assert_eq!((&told["target"], &told["label"]), (&json!("club.visits"), &json!("Visits")));

        admin.delete(&paths[2], 1).await.with_status(204);
        admin.delete(&format!("/roles/{}", id_of(&role)), 1).await.with_status(204);
        let next = json!({"key": "steward", "name": "Next", "members": [mei_id]});
        admin.post("/roles", next).await.created();
        let gone = paths[2].trim_start_matches("/dashboards/");
        let back = restore(&admin, json!([{"id": gone}])).await;
        assert_eq!(back[0]["key"], "gone", "{back:?}");
        for path in &paths {
            mei.get(path).await.refused(404, "not_found");
        }
        run().await.refused(404, "not_found");
        // Who is named beside it reads on, and nobody else.
        tom.get(&paths[1]).await.ok();
        tom.get(&paths[0]).await.refused(404, "not_found");
        let alone = admin.get(&paths[0]).await.ok();
        assert_eq!((&alone["document"]["read"], &alone["version"]), (&Value::Null, &json!(2)), "{alone}");
        let told = admin.get("/audit?action=report.update").await.ok();
        let changes = &told["items"][0]["changes"]["read"];
        assert_eq!(changes, &json!({"old": {"roles": ["steward"]}, "new": null}), "{told}");
    })
    .await;
}

/// An app in the bin comes back without the role among its administrators, and so does a form of it.
#[tokio::test]
async fn what_lies_in_the_bin_is_not_administered_by_a_role_that_went_meanwhile() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let role = json!({"key": "keeper", "name": "Keeper", "members": [mei.id]});
        let role = admin.post("/roles", role).await.created();
        let app = workspace.app("Cellar").await;
        let wine = app.form(form("wine", [text("name")])).await;
        let admins = json!({"admins": [{"roles": ["keeper"]}]});
        admin.put(&wine.path("/admins"), "*", admins.clone()).await.ok();
        admin.patch(&app.path(""), 1, admins).await.ok();
        admin.delete(&app.path(""), 2).await.with_status(204);

        admin.delete(&format!("/roles/{}", id_of(&role)), 1).await.with_status(204);
        let next = json!({"key": "keeper", "name": "Next", "members": [mei.id]});
        admin.post("/roles", next).await.created();
        admin.post(&app.path("/restore"), json!({})).await.ok();
        assert_eq!(admin.get(&app.path("")).await.ok()["admins"], json!([]));
        assert_eq!(admin.get(&wine.path("/admins")).await.ok()["admins"], json!([]));
        mei.get(&wine.path("")).await.refused(404, "not_found");
    })
    .await;
}

//! How far a right reaches, and where it ends.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{approve, date, form, group, link, number, test, text};
use tests::workspace::{faults, id_of, items};
use tests::{Client, on_both_shared};

#[tokio::test]
async fn a_record_leaves_only_the_rows_of_a_group_that_lets_it_go() {
    on_both_shared(async |workspace| {
        let order = workspace.form(form("order", [text("name"), text("region")])).await;
        let mei = workspace.person("mei").await;
        let rows = |region: &str| test("region", "eq", region);
        order.allow(group("mine", &[&mei.id]).may(&["view", "edit"]).rows(rows("mine"))).await;
        // It may let records of other rows go, and others of these rows, but it allows no edit of them.
        order.allow(group("other", &[&mei.id]).may(&["view", "edit", "may_leave"]).rows(rows("other"))).await;
        order.allow(group("look", &[&mei.id]).may(&["view", "may_leave"]).rows(rows("mine"))).await;
        let mine = order.add(json!({"name": "a", "region": "mine"})).await;
        let other = order.add(json!({"name": "b", "region": "other"})).await;
        order.edit(&mei, &mine, json!({"region": "gone"})).await.refused(403, "outside_your_rows");
        order.edit(&mei, &other, json!({"region": "gone"})).await.ok();
        order.read(&mei, &other).await.refused(404, "not_found");
        // From one's own rows into one's own rows is no leaving.
        order.edit(&mei, &mine, json!({"region": "other"})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_form_computes_only_so_much() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Sums").await;
        let start = || std::iter::once(number("a0", 0));
        let wide = |key: &str, count: usize| {
            form(key, start().chain((1..=count).map(|n| number(&format!("a{n}"), 0).computed("a0 + 1"))))
        };
        let high = |key: &str, count: usize| {
            let above = |n: usize| number(&format!("a{n}"), 0).computed(&format!("a{} + 1", n - 1));
            form(key, start().chain((1..=count).map(above)))
        };
        app.form(wide("wide", 200)).await;
        let refused = app.refused_form(wide("wider", 201)).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/fields: too_many_formulas"]);
        let tower = app.form(high("high", 20)).await;
        assert_eq!(tower.add(json!({"a0": 1})).await["fields"]["a20"], "21");
        let refused = app.refused_form(high("higher", 21)).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/fields/21: chain_too_long"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_sees_a_request_comments_on_it() {
    on_both_shared(async |workspace| {
        let request = workspace.form(form("request", [text("what")])).await;
        let (mei, one) = (workspace.person("mei").await, workspace.person("one").await);
        let (tom, eve) = (workspace.person("tom").await, workspace.person("eve").await);
        request.allow(group("askers", &[&mei.id]).may(&["create"])).await;
        request.allow(group("lookers", &[&tom.id]).may(&["view"])).await;
        request.allow(group("talkers", &[&eve.id]).may(&["view", "comment"])).await;
        request.flow(json!([approve("boss", &[&one.id], json!({}))])).await;
        let asked = request.create(&mei, json!({"what": "Chairs"})).await.created();
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let comment = json!({"text": "Which?"});
        let stranger = workspace.person("ida").await;
        stranger.post(&format!("{instance}/comment"), comment.clone()).await.refused(404, "not_found");
        // Comments on records are what a group lets.
        let thread = format!("{}/comments", request.at(&asked));
        tom.post(&thread, comment.clone()).await.refused(403, "forbidden");
        eve.post(&thread, comment.clone()).await.created();
        for speaker in [&mei, &one, &tom, &eve] {
            speaker.post(&format!("{instance}/comment"), comment.clone()).await.ok();
        }
        workspace.admin.post(&format!("{instance}/comment"), comment).await.ok();
    })
    .await;
}

#[tokio::test]
async fn two_rows_of_an_upsert_have_one_key_however_it_is_written() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let price = workspace.form(form("price", [number("level", 2), date("day"), text("note")])).await;
        let bulk = price.path("/records/bulk");
        let row = |level: Value, day: &str, note: &str| json!({"fields": {"level": level, "day": day, "note": note}});
        let upsert = |rows: Value| json!({"upsert": {"key": ["level", "day"], "rows": rows}});
        let twice = upsert(json!([
            row(json!(1), "2026-01-02", "a"),
            row(json!("2"), "2026-01-02", "b"),
            row(json!("1.00"), "2026/1/2", "c"),
        ]));
        let refused = admin.post(&bulk, twice).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["upsert.rows.2: twice"]);
        let once = upsert(json!([row(json!(1), "2026-01-02", "a"), row(json!("2"), "2026-01-02", "b")]));
        admin.post(&bulk, once).await.ok();
        admin.post(&bulk, upsert(json!([row(json!("1.0"), "2026.1.2", "again")]))).await.ok();
        let all = price.query(admin, json!({"sort": [{"field": "level"}]})).await.ok();
        assert_eq!((items(&all).len(), &items(&all)[0]["fields"]["note"]), (2, &json!("again")));
    })
    .await;
}

/// The rows of a tile, as somebody sees them.
async fn rows(who: &Client, tile: &str) -> String {
    who.post(tile, json!({})).await.ok()["rows"].to_string()
}

#[tokio::test]
async fn groups_of_an_aggregate_table_tell_no_more_of_linked_records_than_they_do() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Store").await;
        let product = app.form(form("product", [text("name"), number("cost", 0)])).await;
        let receipt = app.form(form("receipt", [link("product", "product"), number("qty", 0)])).await;
        let mei = workspace.person("mei").await;
        let readers = json!({"members": [mei.id]});
        let source = json!({"form": "receipt", "group": {"product": "product"},
            "measures": {"received": {"fn": "sum", "field": "qty"}}});
        app.aggregate(json!({"format": 1, "key": "stock", "label": "Stock", "sources": [source],
            "dimensions": [{"key": "product", "label": "Product"}], "read": readers}))
        .await;
        for (name, cost, qty) in [("Chair", 777, 1), ("Throne", 888, 2)] {
            let made = product.add(json!({"name": name, "cost": cost})).await;
            receipt.add(json!({"product": made["id"], "qty": qty})).await;
        }
        let shown = group("readers", &[&mei.id]).may(&["view"]).field("cost", "none");
        product.allow(shown.rows(test("name", "eq", "Chair"))).await;
        let tile = |key: &str, group: Value, field: &str| {
            json!({"key": key, "label": key, "at": [0, 0, 6, 3], "kind": "bar", "source": {"aggregate": "stock"},
                "group": [group], "measures": [{"key": "sum", "fn": "sum", "field": field}]})
        };
        let tiles = [
            tile("names", json!({"field": "product.name"}), "received"),
            tile("costs", json!({"field": "product"}), "product.cost"),
        ];
        let page = json!({"format": 1, "key": "stock", "label": "Stock", "read": readers, "tiles": tiles});
        let page = id_of(&workspace.admin.post(&app.path("/dashboards"), page).await.created());
        let names = format!("/dashboards/{page}/tiles/names/data");
        let (all, hers) = (rows(&workspace.admin, &names).await, rows(&mei, &names).await);
        assert!(all.contains("Chair") && all.contains("Throne"), "{all}");
        assert!(hers.contains("Chair") && !hers.contains("Throne"), "{hers}");
        let costs = format!("/dashboards/{page}/tiles/costs/data");
        let (all, hers) = (rows(&workspace.admin, &costs).await, rows(&mei, &costs).await);
        assert!(all.contains("777") && all.contains("888"), "{all}");
        assert!(!hers.contains("777") && !hers.contains("888"), "{hers}");
    })
    .await;
}

/// Everybody reads them over and over: in lists, with the designs that lie in memory, in the trail.
#[tokio::test]
async fn what_things_are_called_is_only_so_long_and_a_member_has_only_so_many_tokens() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let long = "x".repeat(1_000);
        let form = workspace.form(form("order", [text("name")])).await;
        let mut named = group("all", &[&mei.id]).document();
        named["label"] = json!({"en": long});
        let made = mei.post("/apps", json!({"label": "Mine"})).await.created();
        let app = format!("/apps/{}", id_of(&made));
        for (answer, path) in [
            (mei.post("/apps", json!({"label": long})).await, "label"),
            (mei.post("/apps", json!({"label": "x", "icon": long})).await, "icon"),
            (mei.patch(&app, 1, json!({"label": {"en": "x", "zh-CN": long}})).await, "label"),
            (mei.patch(&app, 1, json!({"icon": long})).await, "icon"),
            (mei.post("/tokens", json!({"name": long, "scopes": []})).await, "name"),
            (admin.post("/departments", json!({"name": long})).await, "name"),
            (admin.post("/roles", json!({"name": long})).await, "name"),
            (admin.post(&form.path("/permissions"), named).await, "/label"),
        ] {
            let found = faults(&answer.refused(422, "validation"));
            assert_eq!(found, [format!("{path}: too_long")]);
        }
        let token = || mei.post("/tokens", json!({"name": "t", "scopes": ["read"]}));
        for _ in 0..100 {
            token().await.created();
        }
        assert_eq!(faults(&token().await.refused(422, "validation")), [": too_many"]);
        let kept = mei.get("/tokens").await.ok();
        let ended = format!("/tokens/{}", id_of(&items(&kept)[0]));
        mei.send(mei.request(Method::DELETE, &ended)).await.with_status(204);
        token().await.created();
    })
    .await;
}

//! T23: what a public form offers of another one is what was confirmed, and nobody takes that form away with it.

use serde_json::{Value, json};
use tests::design::{form, link, select, subform, test, text};
use tests::workspace::{faults, items};
use tests::{Form, Visit, Workspace, on_both, on_both_shared};

/// A form that links to shops, whose codes are nobody's business.
async fn shops(workspace: &Workspace) -> (Form, Form) {
    let app = workspace.app("Shops").await;
    let fields = [text("name"), text("city"), text("code"), select("state", &["open", "shut"])];
    let shop = app.form(form("shop", fields).with("title", "{name}")).await;
    let to_open = |key: &str| {
        link(key, "shop").option("display", json!(["city"])).option("filter", test("state", "eq", "open"))
    };
    let line = subform("lines", [text("what"), to_open("from")]);
    let near = link("near", "shop").option("filter", test("city", "eq", "Taipei"));
    let ask = app.form(form("ask", [text("name"), to_open("shop"), line, near])).await;
    shop.add_all((0..40).map(|n| {
        json!({"name": format!("Shop {n:02}"), "city": "Taipei", "code": format!("secret-{n}"), "state": "open"})
    }))
    .await;
    shop.add(json!({"name": "Shop shut", "city": "Tainan", "code": "secret-x", "state": "shut"})).await;
    (shop, ask)
}

#[tokio::test]
async fn t23_a_lookup_shows_what_was_confirmed_and_twenty_of_it() {
    on_both_shared(async |workspace| {
        let (shop, ask) = shops(&workspace).await;
        let unconfirmed = json!({"name": "Box", "fields": ["name", "shop"]});
        let refused = workspace.admin.post(&ask.path("/links"), unconfirmed).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.1: not_confirmed"]);
        let made = json!({"name": "Box", "fields": ["name", "shop", "lines"], "lookups": ["shop"]});
        let visit = Visit::open(&workspace.admin.stranger(), &ask.public(made).await).await;
        assert_eq!(visit.form["lookups"], json!(["shop"]));
        // A column that was not confirmed is not there.
        let said = visit.form.to_string();
        assert!(
            !said.contains("\"from\"") && !said.contains("secret") && !said.contains("\"code\""),
            "{said}"
        );

        let found = visit.choices("shop", "Shop").await.ok();
        assert_eq!(items(&found).len(), 20);
        for item in items(&found) {
            assert_eq!(item["fields"], json!({"city": "Taipei"}), "{item}");
            assert!(item["title"].as_str().unwrap().starts_with("Shop"), "{item}");
        }
        assert!(!found.to_string().contains("secret"));
        // What it shuts out, what it is not called by, and what means more to a database than to people.
        for typed in ["shut", "secret-1", "%%", "__", "Tainan"] {
            assert_eq!(items(&visit.choices("shop", typed).await.ok()).len(), 0, "{typed}");
        }
        for typed in ["", " ", "S", "%"] {
            let refused = visit.choices("shop", typed).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["q: too_short"], "{typed}");
        }
        for field in ["lines.from", "name", "$owner", "$created_by", "gone"] {
            visit.choices(field, "Shop").await.refused(404, "not_found");
        }
        let more = visit.request(reqwest::Method::GET, "/fields/shop/options?q=Shop&offset=20");
        visit.who.send(more).await.refused(422, "unknown_member");
        let without = visit.who.get(&visit.path("/fields/shop/options?q=Shop")).await;
        without.refused(410, "ticket_expired");

        let chosen = items(&found)[0]["id"].clone();
        let all = shop.query(&workspace.admin, json!({"filter": test("state", "eq", "shut")})).await.ok();
        let shut = items(&all)[0]["id"].clone();
        let refused = visit.answer(json!({"name": "Ann", "shop": shut})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.shop: not_offered"]);
        visit.send(json!({"name": "Ann", "shop": "0sbqd00000001"})).await.refused(422, "validation");
        visit.send(json!({"name": "Ann", "shop": chosen})).await.created();
        let records = ask.query(&workspace.admin, json!({})).await.ok();
        assert_eq!(items(&records)[0]["fields"]["shop"], chosen);
    })
    .await;
}

/// A link that leads to one record tells its visitors nothing of it, and neither may they name another.
#[tokio::test]
async fn what_a_link_leads_to_is_set_and_not_shown() {
    on_both_shared(async |workspace| {
        let (shop, ask) = shops(&workspace).await;
        let found = shop.query(&workspace.admin, json!({"filter": test("name", "eq", "Shop 07")})).await.ok();
        let seventh = items(&found)[0]["id"].clone();
        // Each field lets other ones through, and both lead to the same.
        let values = json!({"shop": seventh, "near": seventh});
        let made = json!({"name": "Box", "fields": ["name"], "values": values});
        let visit = Visit::open(&workspace.admin.stranger(), &ask.public(made).await).await;
        assert!(!visit.form.to_string().contains("Shop 07"), "{}", visit.form);
        assert_eq!(visit.form["values"], json!({}));
        visit.answer(json!({"name": "Ann", "shop": null})).await.refused(422, "unknown_field");
        visit.send(json!({"name": "Ann"})).await.created();
        let records = ask.query(&workspace.admin, json!({})).await.ok();
        let fields = &items(&records)[0]["fields"];
        assert_eq!((&fields["shop"], &fields["near"]), (&seventh, &seventh));
    })
    .await;
}

/// Half a minute's questions, and no more in it.
#[tokio::test]
async fn t23_a_form_is_not_taken_away_question_by_question() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let (_, ask) = shops(&workspace).await;
        let made = json!({"name": "Box", "fields": ["name", "shop"], "lookups": ["shop"]});
        let visit = Visit::open(&workspace.admin.stranger(), &ask.public(made).await).await;
        let mut refused: Vec<Value> = Vec::new();
        for n in 0..40 {
            let answer = visit.choices("shop", &format!("Shop {n:02}")).await;
            if answer.status == 429 {
                assert!(answer.headers.contains_key("retry-after"));
                refused.push(answer.body);
            }
        }
        assert_eq!(refused.len(), 10);
    })
    .await;
}

//! Links that lead far: into other apps, over two forms, and what becomes of them where many records go at once.

use serde_json::{Value, json};
use tests::design::{Field, form, group, link, number, subform, test, text};
use tests::workspace::{items, values_of, version_of};
use tests::{App, Form, on_both_shared};

fn lookup(key: &str, link: &str, field: &str) -> Field {
    Field::new(key, "lookup").option("link", link).option("field", field)
}

#[tokio::test]
async fn a_link_into_another_app_shows_no_more_than_that_app_does() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (people, sales) = (workspace.app("People").await, workspace.app("Sales").await);
        let customer =
            people.form(form("customer", [text("name"), text("tier")]).with("title", "{name}")).await;
        let there = format!("{}/customer", people.key);
        let order = [
            link("customer", &there).option("display", json!(["tier"])),
            text("no"),
            lookup("tier", "customer", "tier"),
        ];
        let order = sales.form(form("order", order)).await;
        let ann = customer.add(json!({"name": "Ann", "tier": "gold"})).await;
        let bob = customer.add(json!({"name": "Bob", "tier": "iron"})).await;
        for (no, of) in [("1", &ann), ("2", &bob), ("3", &ann)] {
            order.add(json!({"no": no, "customer": of["id"]})).await;
        }
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id])).await;

        // Unseen: the id alone.
        let by_no = json!({"sort": [{"field": "no"}], "titles": true});
        let seen = order.query(&mei, by_no.clone()).await.ok();
        for (record, of) in items(&seen).iter().zip([&ann, &bob, &ann]) {
            assert_eq!((&record["fields"]["customer"], &record["fields"]["tier"]), (&of["id"], &Value::Null));
        }
        assert!(!seen.to_string().contains("Ann") && !seen.to_string().contains("gold"), "{seen}");
        for query in [
            json!({"filter": test("customer.tier", "eq", "gold")}),
            json!({"filter": test("tier", "eq", "gold")}),
            json!({"sort": [{"field": "customer.name"}]}),
            json!({"sort": [{"field": "tier"}]}),
        ] {
            order.query(&mei, query).await.refused(422, "unknown_field");
        }
        let options = order.path("/fields/customer/options?q=a");
        assert!(items(&mei.get(&options).await.ok()).is_empty());

        // Seen in part: what is closed is empty, in lists and in what they go by.
        customer.allow(group("some", &[&mei.id]).may(&["view"]).rows(test("name", "eq", "Ann"))).await;
        let seen = order.query(&mei, by_no).await.ok();
        assert_eq!(values_of(&seen, "tier"), ["gold", "", "gold"]);
        assert_eq!(seen["titles"][&customer.id].as_object().unwrap().len(), 1, "{seen}");
        let iron = order.query(&mei, json!({"filter": test("tier", "eq", "iron")})).await.ok();
        assert!(items(&iron).is_empty());
        let sorted = json!({"sort": [{"field": "customer.name", "desc": true}, {"field": "no"}]});
        let sorted = order.query(&mei, sorted).await.ok();
        assert_eq!(values_of(&sorted, "no"), ["1", "3", "2"], "Bob would come first");
        let offered = mei.get(&options).await.ok();
        assert_eq!(items(&offered).len(), 1);
        assert_eq!(items(&offered)[0]["fields"]["tier"], "gold");
        let all = json!({"sort": [{"field": "customer.name", "desc": true}, {"field": "no"}]});
        assert_eq!(values_of(&order.query(admin, all).await.ok(), "no"), ["2", "1", "3"]);
    })
    .await;
}

#[tokio::test]
async fn lists_go_by_what_is_two_links_away() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Regions").await;
        let region = app.form(form("region", [text("name"), number("rank", 0)])).await;
        let city = app
            .form(form("city", [text("name"), link("region", "region"), lookup("rank", "region", "rank")]))
            .await;
        let shop = [
            text("name"),
            link("city", "city"),
            lookup("rank", "city", "rank"),
            subform("visits", [link("city", "city"), lookup("rank", "city", "rank")]),
        ];
        let shop = app.form(form("shop", shop)).await;
        let regions = region
            .add_all([("south", 2), ("north", 1)].map(|(name, rank)| json!({"name": name, "rank": rank})))
            .await;
        let cities = [("A", 0), ("B", 1)].map(|(name, at)| json!({"name": name, "region": regions[at]}));
        let cities = city.add_all(cities).await;
        let shops = [("one", Some(0)), ("two", Some(1)), ("three", None), ("four", Some(0))];
        let visits = |at: Option<usize>| at.map_or(json!([]), |at| json!([{"city": cities[1 - at]}]));
        let shops = shops.map(
            |(name, at)| json!({"name": name, "city": at.map(|at| cities[at].clone()), "visits": visits(at)}),
        );
        shop.add_all(shops).await;
        let names = async |query: Value| {
            let page = shop.query(admin, query).await.ok();
            values_of(&page, "name").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        for field in ["city.region.rank", "city.rank", "rank"] {
            let sorted = json!({"sort": [{"field": field}, {"field": "name"}]});
            assert_eq!(names(sorted).await, ["two", "four", "one", "three"], "{field}");
            let south = json!({"filter": test(field, "gte", 2), "sort": [{"field": "name"}]});
            assert_eq!(names(south).await, ["four", "one"], "{field}");
            let other = json!({"filter": {"not": test(field, "gte", 2)}, "sort": [{"field": "name"}]});
            assert_eq!(names(other).await, ["three", "two"], "{field}");
        }
        let visited = json!({"filter": {"field": "visits.rank", "op": "eq", "value": 1, "match": "any"},
            "sort": [{"field": "name"}]});
        assert_eq!(names(visited).await, ["four", "one"]);
        // A change two links away is followed at once, and pages go on from it.
        let list = region.query(admin, json!({"filter": test("name", "eq", "north")})).await.ok();
        region.edit(admin, &items(&list)[0], json!({"rank": 3})).await.ok();
        let page = json!({"sort": [{"field": "rank", "desc": true}, {"field": "name"}], "limit": 2});
        let first = shop.query(admin, page).await.ok();
        assert_eq!(values_of(&first, "name"), ["two", "four"]);
        let rest = json!({"sort": [{"field": "rank", "desc": true}, {"field": "name"}], "limit": 2,
            "cursor": first["next"]});
        assert_eq!(names(rest).await, ["one", "three"]);
    })
    .await;
}

async fn linked(app: &App, policy: &str) -> (Form, Form) {
    let target = app.form(form(&format!("target_{policy}"), [text("name")])).await;
    let to = link("to", &format!("target_{policy}")).option("on_target_delete", policy);
    (target, app.form(form(&format!("from_{policy}"), [to, text("note")])).await)
}

#[tokio::test]
async fn what_many_deletions_bring_about_is_what_each_does() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Many").await;
        let bulk = async |form: &Form, ids: &[String], atomic: bool| {
            admin.post(&form.path("/records/bulk"), json!({"delete": ids, "atomic": atomic})).await
        };
        let left = async |form: &Form| items(&form.query(admin, json!({})).await.ok()).len();
        for policy in ["restrict", "cascade", "clear"] {
            let (target, from) = linked(&app, policy).await;
            let targets = target.add_all(["a", "b", "c"].map(|name| json!({"name": name}))).await;
            from.add_all([0, 0, 1].map(|at| json!({"to": targets[at], "note": "n"}))).await;
            let answer = bulk(&target, &targets, true).await;
            match policy {
                "restrict" => {
                    answer.refused(409, "linked");
                    assert_eq!((left(&target).await, left(&from).await), (3, 3));
                    // Each for itself: what nothing links to goes.
                    let each = bulk(&target, &targets, false).await.ok();
                    let results = each["results"].as_array().unwrap();
                    let refused = results.iter().filter(|one| one["problem"]["code"] == "linked").count();
                    assert_eq!((refused, left(&target).await, left(&from).await), (2, 2, 3), "{each}");
                    // With what links to them gone, they may go, and come back without it.
                    let all = from.query(admin, json!({})).await.ok();
                    let ids: Vec<String> =
                        items(&all).iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
                    bulk(&from, &ids, true).await.ok();
                    bulk(&target, &targets[..2], true).await.ok();
                    let restore = |form: &Form, id: &str| form.path(&format!("/records/{id}/restore"));
                    let told = admin.post(&restore(&from, &ids[0]), json!({})).await;
                    told.refused(422, "validation");
                    admin.post(&restore(&target, &targets[0]), json!({})).await.ok();
                    assert_eq!((left(&target).await, left(&from).await), (1, 0));
                }
                "cascade" => {
                    answer.ok();
                    assert_eq!((left(&target).await, left(&from).await), (0, 0));
                }
                _ => {
                    answer.ok();
                    let stay = from.query(admin, json!({})).await.ok();
                    assert_eq!(items(&stay).len(), 3);
                    let is_free = |record: &Value| {
                        record["fields"]["to"].is_null()
                            && record["fields"]["note"] == "n"
                            && version_of(record) == 2
                    };
                    assert!(items(&stay).iter().all(is_free), "{stay}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn several_links_fill_what_is_theirs_and_nothing_else() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Fills").await;
        let customer = app.form(form("customer", [text("name"), text("city"), number("discount", 2)])).await;
        let product = app.form(form("product", [text("name"), number("price", 2), text("unit")])).await;
        let snapshot = |from: &str, to: &str| json!({"from": from, "to": to, "mode": "snapshot"});
        let live = |from: &str, to: &str| json!({"from": from, "to": to, "mode": "live"});
        let order = [
            link("customer", "customer")
                .option(
                    "fill",
                    json!([
                        snapshot("city", "ship_to"),
                        snapshot("discount", "discount"),
                        live("name", "called")
                    ]),
                )
                .option("create", true),
            text("ship_to"),
            number("discount", 2),
            lookup("called", "customer", "name"),
            link("payer", "customer").option("fill", json!([snapshot("city", "bill_to")])),
            text("bill_to"),
            subform(
                "lines",
                [
                    link("product", "product")
                        .option("fill", json!([snapshot("price", "price"), live("unit", "unit")])),
                    number("price", 2),
                    lookup("unit", "product", "unit"),
                    number("qty", 0),
                    number("amount", 2).computed("price * qty"),
                ],
            ),
        ];
        let order = app.form(form("order", order)).await;
        let ann = customer.add(json!({"name": "Ann", "city": "Xi'an", "discount": 5})).await;
        let bob = customer.add(json!({"name": "Bob", "city": "Jinan"})).await;
        let pen = product.add(json!({"name": "Pen", "price": "2.50", "unit": "pc"})).await;
        // What was entered stands; what was not is copied.
        let sent = json!({"customer": ann["id"], "payer": bob["id"], "ship_to": "Dalian",
            "lines": [{"product": pen["id"], "qty": 2}, {"product": pen["id"], "qty": 1, "price": "2"}]});
        let made = order.add(sent).await;
        let fields = ["ship_to", "discount", "called", "bill_to"].map(|key| &made["fields"][key]);
        assert_eq!(fields, ["Dalian", "5.00", "Ann", "Jinan"]);
        let line = |record: &Value, at: usize| {
            ["price", "unit", "amount"]
                .map(|key| record["fields"]["lines"][at][key].as_str().unwrap_or("").to_owned())
        };
        assert_eq!(
            (line(&made, 0), line(&made, 1)),
            (["2.50", "pc", "5.00"].map(str::to_owned), ["2.00", "pc", "2.00"].map(str::to_owned))
        );
        // Another payer fills its own field alone, and a live column is never written.
        let paid = order.edit(admin, &made, json!({"payer": ann["id"]})).await.ok();
        let fields = ["ship_to", "bill_to", "called"].map(|key| &paid["fields"][key]);
        assert_eq!(fields, ["Dalian", "Xi'an", "Ann"]);
        let refused = order.edit(admin, &paid, json!({"called": "Eve"})).await;
        refused.refused(422, "not_writable");
        customer.edit(admin, &ann, json!({"name": "Anna", "city": "Wuhan"})).await.ok();
        product.edit(admin, &pen, json!({"price": 9, "unit": "box"})).await.ok();
        let now = order.read(admin, &made).await.ok();
        assert_eq!(line(&now, 0), ["2.50", "box", "5.00"].map(str::to_owned));
        assert_eq!((&now["fields"]["called"], &now["fields"]["bill_to"]), (&json!("Anna"), &json!("Xi'an")));
        // A link that is emptied takes along what it filled.
        let none = order.edit(admin, &now, json!({"customer": null})).await.ok();
        assert_eq!((&none["fields"]["ship_to"], &none["fields"]["called"]), (&Value::Null, &Value::Null));
        // The picker may offer to make a new one: whoever may do that does it in the other form.
        let design = admin.get(&order.path("")).await.ok();
        assert_eq!(design["definition"]["fields"][0]["options"]["create"], true);
    })
    .await;
}

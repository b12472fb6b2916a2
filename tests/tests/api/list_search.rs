//! The search of a list: what it finds, of which the list's figures are, and what it finds for nobody.

use serde_json::{Value, json};
use tests::design::{form, group, link, number, select, serial, test, text};
use tests::workspace::{faults, items, values_of};
use tests::{Client, Form, Workspace, on_both, on_both_shared};

/// Customers, and orders that link to them: a number, a name, a note and a colour.
async fn orders(workspace: &Workspace) -> Form {
    let app = workspace.app("Shop").await;
    let customer = app.form(form("customer", [text("name")])).await;
    let customers = customer.add_all(["Acme", "重庆长安"].map(|name| json!({"name": name}))).await;
    let colours =
        json!([{"key": "r", "label": {"zh-CN": "红色", "en": "Crimson"}}, {"key": "g", "label": "Green"}]);
    let fields = [
        serial("no", "SO-"),
        text("name"),
        text("note"),
        select("colour", &["r", "g"]).option("choices", colours),
        link("customer", "customer"),
        number("amount", 2),
    ];
    let order = app.form(form("order", fields).with("title", "{name}")).await;
    order
        .add(
            json!({"name": "张三丰", "note": "urgent", "colour": "r", "customer": customers[0], "amount": 1}),
        )
        .await;
    order
        .add(
            json!({"name": "Desk", "note": "by 张三", "colour": "g", "customer": customers[1], "amount": 20}),
        )
        .await;
    order.add(json!({"name": "Chair", "note": "100% wood", "colour": "g", "amount": 300})).await;
    order
}

async fn found(who: &Client, order: &Form, mut asked: Value) -> Vec<String> {
    asked["sort"] = json!([{"field": "amount"}]);
    let list = order.query(who, asked).await.ok();
    values_of(&list, "amount").into_iter().map(str::to_owned).collect()
}

const FIRST: &str = "1.00";
const SECOND: &str = "20.00";
const THIRD: &str = "300.00";

#[tokio::test]
async fn a_list_is_searched_by_title_number_shown_texts_and_pinyin() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        for (words, expected) in [
            ("张三", &[FIRST, SECOND][..]),
            ("三丰", &[FIRST]),
            ("zsf", &[FIRST]),
            ("Zhang San", &[FIRST]),
            ("so-0002", &[SECOND]),
            ("0003", &[THIRD]),
            ("URGENT", &[FIRST]),
            ("crims", &[FIRST]),
            ("红", &[FIRST]),
            ("green", &[SECOND, THIRD]),
            ("acme", &[FIRST]),
            ("wood chair", &[THIRD]),
            ("0% w", &[THIRD]),
            ("%", &[THIRD]),
            ("300", &[]),
            ("nothing of this", &[]),
            ("  ", &[FIRST, SECOND, THIRD]),
        ] {
            assert_eq!(found(admin, &order, json!({"q": words})).await, expected, "{words}");
        }
        // In the fields that are shown, and always in the title and the number.
        let shown = json!({"q": "张三", "q_fields": ["amount", "colour", "$created_at"]});
        assert_eq!(found(admin, &order, shown).await, [FIRST]);
        assert_eq!(found(admin, &order, json!({"q": "SO-0002", "q_fields": []})).await, [SECOND]);
        assert_eq!(found(admin, &order, json!({"q": "urgent", "q_fields": ["name"]})).await, [""; 0]);
        // Besides a filter.
        let red = json!({"q": "张三", "filter": test("colour", "eq", "g")});
        assert_eq!(found(admin, &order, red).await, [SECOND]);
        // A change is followed.
        let list = order.query(admin, json!({"q": "zsf"})).await.ok();
        order.edit(admin, &items(&list)[0], json!({"name": "李四"})).await.ok();
        assert_eq!(found(admin, &order, json!({"q": "zsf"})).await, [""; 0]);
        assert_eq!(found(admin, &order, json!({"q": "lisi"})).await, [FIRST]);

        let refused = order.query(admin, json!({"q": "x".repeat(501)})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["q: too_long"]);
        let refused = order.query(admin, json!({"q_fields": ["name", "gone"]})).await;
        assert_eq!(faults(&refused.refused(422, "unknown_field")), ["q_fields.1: unknown_field"]);
        let list = admin.get(&order.path("/records?q=desk&q_fields=name,note&count=exact")).await.ok();
        assert_eq!((items(&list).len(), &list["count"]["value"]), (1, &json!(1)));
    })
    .await;
}

#[tokio::test]
async fn counts_sums_pages_and_changes_are_of_what_was_searched_for() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let page = json!({"q": "green", "limit": 1, "count": "exact", "sort": [{"field": "amount"}]});
        let first = order.query(admin, page.clone()).await.ok();
        assert_eq!(first["count"], json!({"value": 2, "exact": true}));
        let mut next = page;
        next["cursor"] = first["next"].clone();
        let second = order.query(admin, next.clone()).await.ok();
        assert_eq!(values_of(&second, "amount"), [THIRD]);
        next["q"] = json!("crimson");
        let refused = order.query(admin, next).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["cursor: bad_cursor"]);

        let sum = json!([{"key": "sum", "fn": "sum", "field": "amount"}]);
        let sums = order.add_up(admin, json!({"q": "green", "measures": sum})).await.ok();
        assert_eq!(sums["rows"][0]["values"]["sum"], "320.00");
        let by_colour = json!({"q": "张三", "group": [{"field": "colour"}], "measures": sum});
        assert_eq!(order.add_up(admin, by_colour).await.ok()["total"], 2);

        let input = json!({"q": "zsf", "set": {"note": "done"}});
        let done = admin.job(admin.post(&order.path("/bulk-edit"), input).await).await;
        assert_eq!(done["result"]["changed"], 1, "{done}");
        assert_eq!(found(admin, &order, json!({"q": "done"})).await, [FIRST]);
        let input = json!({"q": "green", "format": "csv", "fields": ["amount"]});
        let exported = admin.job(admin.post(&order.path("/export"), input).await).await;
        assert_eq!(exported["result"]["records"], 2, "{exported}");
    })
    .await;
}

#[tokio::test]
async fn what_one_may_not_see_is_not_searched() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        let some = group("some", &[&mei.id]).may(&["view"]).field("note", "none");
        order.allow(some.rows(test("colour", "eq", "g"))).await;
        for (words, expected) in [
            ("green", &[SECOND, THIRD][..]),
            ("zsf", &[]),
            ("SO-0001", &[]),
            ("wood", &[]),
            ("张三", &[]),
            // The customers are not theirs to see.
            ("重庆", &[]),
        ] {
            let asked = json!({"q": words, "fields": ["amount"]});
            assert_eq!(found(&mei, &order, asked).await, expected, "{words}");
        }
        let refused = order.query(&mei, json!({"q": "x", "q_fields": ["note"]})).await;
        assert_eq!(faults(&refused.refused(422, "unknown_field")), ["q_fields.0: unknown_field"]);
        let sum = json!([{"key": "n", "fn": "count"}]);
        let counted = order.add_up(&mei, json!({"q": "wood", "measures": sum})).await.ok();
        assert_eq!(counted["rows"][0]["values"]["n"].as_str().unwrap_or("0"), "0");
        // One who may read the name on some records alone finds it there alone.
        let named = group("named", &[&mei.id]).may(&["view"]).field("*", "none").field("amount", "read");
        order.allow(named).await;
        assert_eq!(found(&mei, &order, json!({"q": "zsf"})).await, [""; 0]);
        assert_eq!(found(&mei, &order, json!({"q": "desk"})).await, [SECOND]);
    })
    .await;
}

/// The search over everything finds a record by its number and by how its title sounds.
#[tokio::test]
async fn records_are_found_from_anywhere_by_number_and_pinyin() {
    // In a workspace of its own: it is searched through as a whole.
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = orders(&workspace).await;
        let records = async |who: &Client, words: &str| {
            let hits = who.get(&format!("/search?q={words}")).await.ok();
            let records = items(&hits).iter().filter(|hit| hit["kind"] == "record").cloned();
            records.map(|hit| hit["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for (words, expected) in [
            ("SO-0002", &["Desk"][..]),
            ("zsf", &["张三丰"]),
            ("zhangsan", &["张三丰"]),
            ("cqca", &["重庆长安"]),
            ("urgent", &[]),
        ] {
            assert_eq!(records(&workspace.admin, words).await, expected, "{words}");
        }
        let mei = workspace.person("mei").await;
        order.allow(group("some", &[&mei.id]).may(&["view"]).field("no", "none").field("name", "none")).await;
        for words in ["SO-0002", "zsf", "Desk"] {
            assert!(records(&mei, words).await.is_empty(), "{words}");
        }
    })
    .await;
}

//! Records on paper: who makes templates, who prints by them, and that nobody reads on paper what is closed to them.

use data_encoding::BASE64;
use serde_json::{Value, json};
use tests::client::Answer;
use tests::design::{Field, approve, form, group, link, number, subform, test, text};
use tests::workspace::{faults, id_of, items, version_of};
use tests::{Client, Form, Workspace, on_both_shared};

/// Orders of customers, with lines.
async fn orders(workspace: &Workspace) -> (Form, Form) {
    let app = workspace.app("Sales").await;
    let customer = form("customer", [text("name"), text("phone")]).with("title", "{name}");
    let customers = app.form(customer).await;
    let order = [
        text("no"),
        link("customer", "customer"),
        number("amount", 2),
        text("secret"),
        Field::new("photo", "images"),
        subform("lines", [text("item"), number("qty", 1), number("cost", 2)]),
    ];
    (app.form(form("order", order).with("title", "{no}")).await, customers)
}

fn template(key: &str) -> Value {
    json!({"key": key, "label": {"en": "Order sheet", "zh-CN": "订单", "zh-TW": "訂單"}, "blocks": [
        {"kind": "heading", "text": "Order {no} of {customer.name}, {customer.phone}"},
        {"kind": "fields", "fields": ["no", "customer", "amount", "secret", "photo", "$created_by"]},
        {"kind": "rows", "subform": "lines", "fields": ["item", "qty", "cost"], "totals": ["qty", "cost"]},
        {"kind": "code"}, {"kind": "opinions", "text": "Approvals"}]})
}

async fn sheet(who: &Client, order: &Form, records: &[&Value]) -> Answer {
    let ids: Vec<String> = records.iter().map(|record| id_of(record)).collect();
    who.get(&order.path(&format!("/prints/sheet?records={}", ids.join(",")))).await
}

fn html(answer: Answer) -> String {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.bytes));
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    String::from_utf8(answer.bytes).unwrap()
}

#[tokio::test]
async fn records_are_printed_one_after_the_other_with_their_rows_and_totals() {
    on_both_shared(async |workspace| {
        let (admin, (order, customers)) = (&workspace.admin, orders(&workspace).await);
        let acme = customers.add(json!({"name": "Acme <b>", "phone": "12345"})).await;
        let line = |item: &str, qty: &str, cost: &str| json!({"item": item, "qty": qty, "cost": cost});
        let first = order
            .add(json!({"no": "A-1", "customer": id_of(&acme), "amount": "1234.5", "secret": "s",
                "lines": [line("Pen", "0.1", "1000.10"), line("Ink", "0.2", "0.20")]}))
            .await;
        let second = order.add(json!({"no": "<script>alert(1)</script>"})).await;
        admin.post(&order.path("/prints"), template("sheet")).await.created();
        let printed = sheet(admin, &order, &[&second, &first]).await;
        let policy = printed.headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        let printed = html(printed);
        assert_eq!(printed.matches("<article class=\"sheet\">").count(), 2);
        assert!(printed.contains("Order A-1 of Acme &lt;b&gt;, 12345"), "{printed}");
        assert!(
            printed.contains("1,234.50") && printed.contains(">0.3<") && printed.contains(">1,000.30<"),
            "{printed}"
        );
        assert!(printed.contains("&lt;script&gt;") && !printed.contains("<script"), "{printed}");
        // They come in the order in which they were asked for.
        assert!(printed.find("&lt;script&gt;").unwrap() < printed.find("A-1").unwrap());
        let chinese = html(sheet(&admin.speaking("zh-CN"), &order, &[&first]).await);
        assert!(chinese.contains("<title>订单</title>") && chinese.contains("合计"), "{chinese}");

        let refused = async |query: &str, code: &str| {
            let answer = admin.get(&order.path(&format!("/prints/sheet{query}"))).await;
            assert_eq!((answer.status, faults(&answer.body)), (422, vec![code.to_owned()]));
        };
        refused("", "records: required").await;
        refused("?records=x", "records.0: not_an_id").await;
        let nothing = format!("/prints/other?records={}", id_of(&first));
        admin.get(&order.path(&nothing)).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn t02_t04_t35_what_is_closed_to_whoever_prints_stands_on_no_paper() {
    on_both_shared(async |workspace| {
        let (admin, (order, customers)) = (&workspace.admin, orders(&workspace).await);
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let hidden = customers.add(json!({"name": "CANARY Ltd", "phone": "CANARY-1"})).await;
        let own = order
            .add(json!({"no": "A-1", "customer": id_of(&hidden), "secret": "CANARY-2", "lines": [{"item": "Pen", "cost": "77.77"}]}))
            .await;
        let other = order.add(json!({"no": "A-2", "amount": "1"})).await;
        let rows = test("no", "eq", "A-1");
        let readers = group("readers", &[&mei.id]).may(&["view", "print"]).field("secret", "none");
        order.allow(readers.field("lines.cost", "none").rows(rows)).await;
        order.allow(group("lookers", &[&tom.id]).may(&["view"])).await;
        admin.post(&order.path("/prints"), template("sheet")).await.created();

        let printed = html(sheet(&mei, &order, &[&own]).await);
        assert!(printed.contains("Order A-1 of , </h1>"), "{printed}");
        for canary in ["CANARY", "77.77", "secret", ">cost<"] {
            assert!(!printed.contains(canary), "{canary}: {printed}");
        }
        // What they do not see they do not print, and neither does who only looks.
        sheet(&mei, &order, &[&own, &other]).await.refused(404, "not_found");
        sheet(&tom, &order, &[&own]).await.refused(403, "forbidden");
        tom.get(&order.path("/prints")).await.refused(403, "forbidden");
        // A template names fields that its readers may not know of: they see what it is called.
        let list = mei.get(&order.path("/prints")).await.ok();
        assert_eq!(items(&list)[0]["key"], "sheet");
        assert!(!list.to_string().contains("secret"), "{list}");
        let list = admin.get(&order.path("/prints")).await.ok();
        assert_eq!(items(&list)[0]["document"]["blocks"][0]["kind"], "heading");
        workspace.person("bo").await.get(&order.path("/prints")).await.refused(404, "not_found");
    })
    .await;
}

/// A formula whose reader may not see all that it reads says nothing: neither what it gives, nor a sum of 0 that is not so, nor whether
/// there is anything.
#[tokio::test]
async fn t04_a_formula_on_paper_says_nothing_over_what_is_closed_to_its_reader() {
    on_both_shared(async |workspace| {
        let (admin, (order, _)) = (&workspace.admin, orders(&workspace).await);
        let mei = workspace.person("mei").await;
        let readers = group("readers", &[&mei.id]).may(&["view", "print"]).field("secret", "none");
        order.allow(readers.field("lines.cost", "none")).await;
        let text = "cost {= SUM(lines.cost)}; both {= SUM(lines.qty) + SUM(lines.cost)}; is \
                    {= IF(ISEMPTY(secret), \"none\", \"some\")}; secret {= secret}; pieces {= SUM(lines.qty)}; \
                    amount {= IF(ISEMPTY(amount), \"none\", \"some\")}.";
        let blocks = json!([{"kind": "text", "text": text}]);
        admin.post(&order.path("/prints"), json!({"key": "sheet", "label": "x", "blocks": blocks})).await.created();
        let lines = json!([{"item": "Pen", "qty": "2.5", "cost": "77.77"}, {"item": "Ink", "qty": "1"}]);
        let full = order.add(json!({"no": "A-1", "secret": "CANARY", "lines": lines})).await;
        let bare = order.add(json!({"no": "A-2", "lines": [{"item": "Pen", "qty": "3.5"}]})).await;
        for record in [&full, &bare] {
            let printed = html(sheet(&mei, &order, &[record]).await);
            let closed = "cost ; both ; is ; secret ; pieces 3.5; amount none.";
            assert!(printed.contains(closed), "{printed}");
        }
        let printed = html(sheet(admin, &order, &[&full]).await);
        let open = "cost 77.77; both 81.27; is some; secret CANARY; pieces 3.5; amount none.";
        assert!(printed.contains(open), "{printed}");
    })
    .await;
}

#[tokio::test]
async fn templates_are_made_by_who_designs_the_form_and_one_is_offered_first() {
    on_both_shared(async |workspace| {
        let (admin, (order, _)) = (&workspace.admin, orders(&workspace).await);
        let mei = workspace.person("mei").await;
        order.allow(group("all", &[&mei.id]).may(&["view", "print", "edit"])).await;
        let path = order.path("/prints");
        mei.post(&path, template("mine")).await.refused(403, "forbidden");
        let made = admin.post(&path, template("sheet")).await.created();
        admin.post(&path, template("sheet")).await.refused(409, "print_taken");
        let named = admin.post(&path, json!({"label": "Small note", "is_default": true})).await.created();
        assert_eq!((&named["key"], &named["is_default"]), (&json!("small_note"), &json!(true)));
        let at = format!("/prints/{}", id_of(&made));
        mei.put(&at, "\"1\"", template("sheet")).await.refused(403, "forbidden");

        let mut first = template("sheet");
        first["is_default"] = json!(true);
        let changed = admin.put(&at, "\"1\"", first.clone()).await.ok();
        assert_eq!(version_of(&changed), 2);
        admin.put(&at, "\"1\"", first).await.refused(412, "stale");
        let list = mei.get(&path).await.ok();
        let firsts: Vec<(&Value, &Value)> =
            items(&list).iter().map(|one| (&one["key"], &one["is_default"])).collect();
        assert_eq!(firsts, [(&json!("sheet"), &json!(true)), (&json!("small_note"), &json!(false))]);
        admin.put(&at, "\"2\"", template("other")).await.refused(422, "validation");

        let refused = async |blocks: Value, code: &str| {
            let answer = admin.post(&path, json!({"label": "x", "blocks": blocks})).await;
            assert_eq!((answer.status, faults(&answer.body)), (422, vec![code.to_owned()]));
        };
        refused(json!([{"kind": "text", "text": "{gone}"}]), "/blocks/0/text: unknown_field").await;
        refused(json!([{"kind": "fields", "fields": ["lines"]}]), "/blocks/0/fields/0: not_for_print").await;
        refused(json!([{"kind": "image", "data": "http://127.0.0.1/x"}]), "/blocks/0/data: no_picture").await;
        refused(json!([{"kind": "text", "text": "x", "html": "<b>"}]), "/blocks/0/html: unknown_member")
            .await;

        mei.delete(&at, 2).await.refused(403, "forbidden");
        admin.delete(&at, 2).await.with_status(204);
        assert_eq!(items(&mei.get(&path).await.ok()).len(), 1);
        // A field that a template names is told to be used by it.
        admin.post(&path, template("sheet")).await.created();
        let used = admin.get(&order.path("/fields/amount/dependents")).await.ok();
        assert!(items(&used).iter().any(|one| one["object"] == "print"), "{used}");
    })
    .await;
}

#[tokio::test]
async fn opinions_and_pictures_are_in_the_document_itself() {
    on_both_shared(async |workspace| {
        let (admin, (order, _)) = (&workspace.admin, orders(&workspace).await);
        let boss = workspace.person("boss").await;
        order.flow(json!([approve("check", &[&boss.id], json!({"label": "Check"}))])).await;
        let picture = png();
        let photo = admin.upload("photo.png", "image/png", picture.clone()).await;
        let record = order.add(json!({"no": "A-1", "photo": [photo]})).await;
        let todo = boss.get("/tasks?box=todo").await.ok();
        let task = id_of(&items(&todo)[0]);
        boss.post(&format!("/tasks/{task}/approve"), json!({"opinion": "Fine <i>"})).await.ok();
        admin.post(&order.path("/prints"), template("sheet")).await.created();
        let printed = html(sheet(admin, &order, &[&record]).await);
        for wanted in ["Approvals", "Check", "boss", "Approved", "Fine &lt;i&gt;"] {
            assert!(printed.contains(wanted), "{wanted}: {printed}");
        }
        assert!(
            printed.contains(&format!("src=\"data:image/png;base64,{}\"", BASE64.encode(&picture))),
            "{printed}"
        );
        assert!(printed.contains("<svg"), "the address of the record as a code");
        assert!(!printed.contains("/api/v1/files") && !printed.contains("src=\"http"), "{printed}");
    })
    .await;
}

/// A picture of one point.
fn png() -> Vec<u8> {
    const POINT: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    BASE64.decode(POINT.as_bytes()).unwrap()
}

#[tokio::test]
async fn the_forms_of_the_templates_come_with_print_templates() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let input = json!({"locale": "en", "demo": true});
        let crm = admin.job(admin.post("/templates/crm/install", input.clone()).await).await;
        let stock = admin.job(admin.post("/templates/inventory/install", input).await).await;
        for (job, form, key, says) in [
            (&crm, "quotation", "quotation", "Quoted by"),
            (&stock, "purchase_order", "purchase_order", "Confirmed by the supplier"),
            (&stock, "shipment", "delivery_note", "Received by"),
        ] {
            let form = job["result"]["forms"][form].as_str().unwrap().to_owned();
            let list = admin.get(&format!("/forms/{form}/prints")).await.ok();
            assert_eq!(
                (&items(&list)[0]["key"], &items(&list)[0]["is_default"]),
                (&json!(key), &json!(true))
            );
            let records = admin.get(&format!("/forms/{form}/records?limit=2")).await.ok();
            let ids: Vec<String> = items(&records).iter().map(id_of).collect();
            assert_eq!(ids.len(), 2);
            let path = format!("/forms/{form}/prints/{key}?records={}", ids.join(","));
            let printed = html(admin.get(&path).await);
            assert!(printed.contains(says) && printed.contains("Total"), "{printed}");
        }
    })
    .await;
}

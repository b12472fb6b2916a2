//! Records that link to records: what is copied, what is read through the link, and what becomes of a dead target.

use serde_json::{Value, json};
use tests::design::{Field, date, form, formula, group, link, number, subform, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of, version_of};
use tests::{App, Form, Workspace};

/// Customers, and orders of them with what is copied and what is read through the link.
async fn customers_and_orders(workspace: &Workspace) -> (Form, Form) {
    let app = workspace.app("Sales").await;
    let customer = form("customer", [text("name").required(), text("tier"), number("discount", 2)]);
    let customer = app.form(customer.with("title", "{name}")).await;
    let lookup =
        |key: &str, field: &str| Field::new(key, "lookup").option("link", "customer").option("field", field);
    let fill = json!([
        {"from": "discount", "to": "discount", "mode": "snapshot"},
        {"from": "tier", "to": "tier", "mode": "live"},
    ]);
    let order = form(
        "order",
        [
            link("customer", "customer").option("fill", fill),
            number("discount", 2),
            number("amount", 2),
            lookup("tier", "tier"),
            lookup("name", "name"),
            number("net", 2).computed("amount - customer.discount"),
        ],
    );
    (customer, app.form(order).await)
}

#[tokio::test]
async fn a_link_copies_what_is_a_snapshot_and_reads_what_is_live() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (customer, order) = customers_and_orders(&workspace).await;
        let ann = customer.add(json!({"name": "Ann", "tier": "gold", "discount": "5"})).await;
        let made = order.add(json!({"customer": ann["id"], "amount": 100})).await;
        assert_eq!(made["fields"], json!({
            "customer": ann["id"], "discount": "5.00", "tier": "gold", "amount": "100.00", "name": "Ann", "net": "95.00",
        }));
        customer.edit(admin, &ann, json!({"name": "Anna", "tier": "silver", "discount": "7"})).await.ok();
        let now = order.read(admin, &made).await.ok();
        assert_eq!((&now["fields"]["discount"], &now["fields"]["net"]), (&json!("5.00"), &json!("95.00")), "copied at the save");
        assert_eq!((&now["fields"]["tier"], &now["fields"]["name"]), (&json!("silver"), &json!("Anna")), "read through the link");
        assert_eq!(version_of(&now), 1);

        // What is live is a lookup of that link, and no field that could be written.
        let live = |to: &str| {
            let fill = json!([{"from": "tier", "to": to, "mode": "live"}]);
            form("other", [link("customer", &customer.id).option("fill", fill), text("note"),
                Field::new("name", "lookup").option("link", "customer").option("field", "name")])
        };
        let elsewhere = workspace.app("Else").await;
        for to in ["note", "name"] {
            let refused = elsewhere.refused_form(live(to)).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["/fields/0/options/fill/0/mode: not_a_lookup"], "{to}");
        }

        // Live values are found and sorted by, and so is what a path names.
        customer.add(json!({"name": "Bob", "tier": "gold"})).await;
        for filter in [test("tier", "eq", "silver"), test("name", "eq", "Anna"), test("customer.tier", "eq", "silver")] {
            let found = order.query(admin, json!({"filter": filter, "titles": true})).await.ok();
            assert_eq!(values_of(&found, "name"), ["Anna"], "{filter}");
            assert_eq!(found["titles"][&customer.id][id_of(&ann)], "Anna");
        }
        let none = order.query(admin, json!({"filter": test("customer.tier", "eq", "gold")})).await.ok();
        assert!(items(&none).is_empty());
        // Another customer, another copy.
        let bob = customer.add(json!({"name": "Bea", "tier": "iron", "discount": "1"})).await;
        let moved = order.edit(admin, &now, json!({"customer": bob["id"]})).await.ok();
        assert_eq!((&moved["fields"]["discount"], &moved["fields"]["net"]), (&json!("1.00"), &json!("99.00")));
    })
    .await;
}

#[tokio::test]
async fn a_link_leads_to_a_living_record_that_the_writer_can_see() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let (customer, order) = customers_and_orders(&workspace).await;
        let dead = |answer: tests::Answer| faults(&answer.refused(422, "validation"));
        assert_eq!(
            dead(order.create(admin, json!({"customer": UNKNOWN})).await),
            ["fields.customer: dead_link"]
        );
        assert_eq!(
            dead(order.create(admin, json!({"customer": "Ann"})).await),
            ["fields.customer: not_an_id"]
        );
        let ann = customer.add(json!({"name": "Ann"})).await;
        let made = order.add(json!({"amount": 1})).await;
        assert_eq!(
            dead(order.create(admin, json!({"customer": made["id"]})).await),
            ["fields.customer: dead_link"],
            "of another form"
        );

        order.allow(group("clerks", &[&mei.id])).await;
        assert_eq!(
            dead(order.create(&mei, json!({"customer": ann["id"]})).await),
            ["fields.customer: dead_link"]
        );
        assert!(items(&mei.get(&order.path("/fields/customer/options")).await.ok()).is_empty());
        // Without the right to see it, a reader gets its id alone.
        let linked = order.add(json!({"customer": ann["id"]})).await;
        let seen = order.read(&mei, &linked).await.ok();
        assert_eq!((&seen["fields"]["customer"], &seen["fields"]["name"]), (&ann["id"], &Value::Null));
        let titled = order.query(&mei, json!({"titles": true})).await.ok();
        assert!(
            titled["titles"].get(&customer.id).is_none_or(|titles| titles.as_object().unwrap().is_empty()),
            "{titled}"
        );
        order
            .query(&mei, json!({"filter": test("customer.name", "eq", "Ann")}))
            .await
            .refused(422, "unknown_field");
        customer.allow(group("readers", &[&mei.id]).rows(test("name", "eq", "Ann"))).await;
        order.create(&mei, json!({"customer": ann["id"]})).await.created();
        assert_eq!(order.read(&mei, &linked).await.ok()["fields"]["name"], "Ann");
    })
    .await;
}

/// An order as the shop's: its customer brings the currency, which decides the rate; products bring the prices of rows.
async fn orders_that_links_fill(workspace: &Workspace) -> (Form, Form, Form) {
    let app = workspace.app("Shop").await;
    let customer = app.form(form("customer", [text("name"), text("currency")])).await;
    let product = app.form(form("product", [text("name"), number("price", 2)])).await;
    let fill = |from: &str, to: &str| json!([{"from": from, "to": to, "mode": "snapshot"}]);
    let lines = [
        link("product", "product").required().option("fill", fill("price", "unit_price")),
        number("unit_price", 2).required(),
        number("qty", 0).required(),
        number("amount", 2).computed("qty * unit_price"),
    ];
    let order = [
        link("customer", "customer").required().option("fill", fill("currency", "currency")),
        text("currency").required(),
        number("rate", 4).required().default_to("IF(currency = \"CNY\", 1, EMPTY())"),
        date("day").required(),
        subform("lines", lines),
    ];
    let order = app.form(form("order", order)).await;
    (customer, product, order)
}

#[tokio::test]
async fn a_dead_link_is_told_itself_and_not_as_what_it_would_have_filled() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (customer, product, order) = orders_that_links_fill(&workspace).await;
        let ann = customer.add(json!({"name": "Ann", "currency": "CNY"})).await;
        let pen = product.add(json!({"name": "Pen", "price": "2.50"})).await;
        let told =
            async |fields: Value| faults(&order.create(admin, fields).await.refused(422, "validation"));
        let row = |product: &Value| json!({"product": product, "qty": 1});

        let dead = json!({"customer": UNKNOWN, "day": "2026-01-05", "lines": [row(&pen["id"])]});
        assert_eq!(told(dead).await, ["fields.customer: dead_link"]);
        let dead = json!({
            "customer": ann["id"], "day": "2026-01-05", "lines": [row(&pen["id"]), row(&json!(UNKNOWN))],
        });
        assert_eq!(told(dead).await, ["fields.lines.1.product: dead_link"]);
        // What is missing for another reason is told beside it: the day, a quantity, the price of a row without product.
        let dead = json!({
            "customer": UNKNOWN, "lines": [row(&json!(UNKNOWN)), {"qty": 1}, {"product": pen["id"]}],
        });
        let found = told(dead).await;
        assert_eq!(found[..2], ["fields.customer: dead_link", "fields.lines.0.product: dead_link"]);
        let mut others = found[2..].to_vec();
        others.sort();
        assert_eq!(
            others,
            [
                "fields.day: required",
                "fields.lines.1.product: required",
                "fields.lines.1.unit_price: required",
                "fields.lines.2.qty: required",
            ]
        );

        let good = json!({"customer": ann["id"], "day": "2026-01-05", "lines": [row(&pen["id"])]});
        let made = order.create(admin, good).await.created();
        assert_eq!(
            (&made["fields"]["rate"], &made["fields"]["lines"][0]["amount"]),
            (&json!("1.0000"), &json!("2.50"))
        );
        // A change too: the customer that is gone takes its currency along.
        let gone = customer.add(json!({"name": "Gone", "currency": "EUR"})).await;
        admin.delete(&customer.at(&gone), 1).await.with_status(204);
        let changed = order.edit(admin, &made, json!({"customer": gone["id"]})).await;
        assert_eq!(faults(&changed.refused(422, "validation")), ["fields.customer: dead_link"]);
    })
    .await;
}

async fn linked_with(app: &App, policy: &str) -> (Form, Form) {
    let target = app.form(form(&format!("target_{policy}"), [text("name")])).await;
    let to = format!("target_{policy}");
    let from = form(
        &format!("from_{policy}"),
        [
            link("to", &to).option("on_target_delete", policy),
            text("note"),
            subform("lines", [link("to", &to).option("on_target_delete", policy), number("n", 0)]),
        ],
    );
    (target, app.form(from).await)
}

#[tokio::test]
async fn deleting_a_target_is_refused_goes_on_or_empties_the_link() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Links").await;

        let (target, from) = linked_with(&app, "restrict").await;
        let one = target.add(json!({"name": "one"})).await;
        let record = from.add(json!({"to": one["id"]})).await;
        admin.delete(&target.at(&one), 1).await.refused(409, "linked");
        target.read(admin, &one).await.ok();
        admin.delete(&from.at(&record), 1).await.with_status(204);
        admin.delete(&target.at(&one), 1).await.with_status(204);

        let (target, from) = linked_with(&app, "clear").await;
        let (one, two) = (target.add(json!({"name": "one"})).await, target.add(json!({"name": "two"})).await);
        let lines = json!([{"to": one["id"], "n": 1}, {"to": two["id"], "n": 2}]);
        let record = from.add(json!({"to": one["id"], "note": "stays", "lines": lines})).await;
        admin.delete(&target.at(&one), 1).await.with_status(204);
        let cleared = from.read(admin, &record).await.ok();
        assert_eq!((&cleared["fields"]["to"], &cleared["fields"]["note"]), (&Value::Null, &json!("stays")));
        assert_eq!(
            (&cleared["fields"]["lines"][0]["to"], &cleared["fields"]["lines"][1]["to"]),
            (&Value::Null, &two["id"])
        );
        assert!(version_of(&cleared) > 1, "it changed, and its history says so");

        let (target, from) = linked_with(&app, "cascade").await;
        let one = target.add(json!({"name": "one"})).await;
        let record = from.add(json!({"to": one["id"]})).await;
        admin.delete(&target.at(&one), 1).await.with_status(204);
        from.read(admin, &record).await.refused(404, "not_found");
        assert_eq!(items(&from.query(admin, json!({"deleted": true})).await.ok()).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rollup_adds_up_what_links_here_and_a_formula_goes_on_from_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let customer = form("customer", [text("name")]);
        let made = app.form(customer).await;
        let order =
            app.form(form("order", [link("customer", "customer"), number("amount", 2), text("state")])).await;
        let rollup = |key: &str, function: &str| {
            let field = Field::new(key, "rollup")
                .option("form", "order")
                .option("link", "customer")
                .option("fn", function);
            if function == "count" { field } else { field.option("field", "amount") }
        };
        let open = rollup("open", "sum").option("filter", test("state", "eq", "open"));
        let fields = [
            rollup("orders", "count"),
            rollup("total", "sum"),
            rollup("largest", "max"),
            open,
            formula("average", "total / orders"),
        ];
        made.extend(fields.iter().map(|field| json!({"do": "add_field", "field": field.value()})).collect())
            .await;

        let (ann, bob) = (made.add(json!({"name": "Ann"})).await, made.add(json!({"name": "Bob"})).await);
        let first = order.add(json!({"customer": ann["id"], "amount": "10.50", "state": "open"})).await;
        order.add(json!({"customer": ann["id"], "amount": "2.25", "state": "done"})).await;
        let seen = made.read(admin, &ann).await.ok();
        let fields = &seen["fields"];
        assert_eq!(
            [&fields["orders"], &fields["total"], &fields["largest"], &fields["open"], &fields["average"]],
            ["2", "12.75", "10.50", "10.50", "6.38"]
        );
        assert_eq!(made.read(admin, &bob).await.ok()["fields"]["orders"], "0");
        admin.delete(&order.at(&first), 1).await.with_status(204);
        let list = made.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        assert_eq!(
            (values_of(&list, "orders"), values_of(&list, "total")),
            (vec!["1", "0"], vec!["2.25", "0.00"])
        );
        assert_eq!(version_of(&items(&list)[0]), 1, "rollups raise no version");
    })
    .await;
}

#[tokio::test]
async fn rollups_are_read_through_lookups_and_lookups_by_rollups() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let product = app.form(form("product", [text("name"), number("price", 2)])).await;
        let customer = app.form(form("customer", [text("name")])).await;
        let lookup = |key: &str, link: &str, field: &str| {
            Field::new(key, "lookup").option("link", link).option("field", field)
        };
        let order = app
            .form(form(
                "order",
                [
                    link("customer", "customer"),
                    link("product", "product"),
                    number("amount", 2),
                    lookup("price", "product", "price"),
                ],
            ))
            .await;
        let add = |field: Field| json!({"do": "add_field", "field": field.value()});
        let rollup = |key: &str, function: &str, field: &str| {
            let field = Field::new(key, "rollup").option("form", "order").option("field", field);
            add(field.option("link", "customer").option("fn", function))
        };
        customer
            .extend(json!([
                rollup("total", "sum", "amount"),
                rollup("prices", "sum", "price"),
                rollup("first_price", "first", "price"),
                rollup("last_price", "last", "product.price"),
            ]))
            .await;
        let share = formula("share", "amount / customer.total");
        order.extend(json!([add(lookup("spent", "customer", "total")), add(share)])).await;

        let cheap = product.add(json!({"name": "Chair", "price": "10.10"})).await;
        let dear = product.add(json!({"name": "Table", "price": "99.90"})).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        let one = order.add(json!({"customer": ann["id"], "product": cheap["id"], "amount": "10.50"})).await;
        order.add(json!({"customer": ann["id"], "product": dear["id"], "amount": "10.50"})).await;
        let seen = customer.read(admin, &ann).await.ok();
        let fields = ["total", "prices", "first_price", "last_price"].map(|key| &seen["fields"][key]);
        assert_eq!(fields, ["21.00", "110.00", "10.10", "99.90"]);
        let seen = order.read(admin, &one).await.ok();
        assert_eq!(
            [&seen["fields"]["spent"], &seen["fields"]["share"]],
            ["21.00", "0.50"],
            "as the sum is shown"
        );
        let listed = order.query(admin, json!({"sort": [{"field": "$id"}]})).await.ok();
        assert_eq!(values_of(&listed, "spent"), ["21.00", "21.00"]);
        // What the browser computes with knows the sum as a number, too.
        let opened = admin.get(&format!("/forms/{}", order.id)).await.ok();
        let related = opened["related"].as_array().unwrap();
        let there = related.iter().find(|related| related["id"] == customer.id.as_str()).unwrap();
        let told = there["definition"]["fields"].as_array().unwrap();
        let total = told.iter().find(|field| field["key"] == "total").unwrap();
        assert_eq!((&total["kind"], &total["options"]["form"]), (&json!("number"), &Value::Null), "{total}");
        let lookups = lookup("again", "customer", "prices");
        order.extend(json!([add(lookups)])).await;
        assert_eq!(order.read(admin, &one).await.ok()["fields"]["again"], "110.00");
    })
    .await;
}

#[tokio::test]
async fn t23_the_picker_offers_what_may_be_chosen() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let product =
            app.form(form("product", [text("name"), text("sku"), Field::new("active", "switch")])).await;
        let line = link("product", "product")
            .option("display", json!(["sku"]))
            .option("filter", test("active", "eq", true));
        let order = app
            .form(form("order", [line.clone(), subform("lines", [line]), Field::new("seller", "member")]))
            .await;
        for (name, sku, active) in
            [("Chair", "C-1", true), ("Table", "T-1", true), ("Chaise longue", "C-2", false)]
        {
            product.add(json!({"name": name, "sku": sku, "active": active})).await;
        }
        let offered = async |field: &str, q: &str| {
            let list = admin.get(&order.path(&format!("/fields/{field}/options?q={q}"))).await.ok();
            items(&list).iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(offered("product", "cha").await, ["Chair"]);
        assert_eq!(offered("lines.product", "t-1").await, ["Table"]);
        assert_eq!(offered("product", "").await.len(), 2);
        let mei = workspace.person("mei").await;
        let people = admin.get(&order.path(&format!("/fields/seller/options?q={}", mei.email))).await.ok();
        assert_eq!(items(&people)[0]["id"], mei.id.as_str());
        admin.get(&order.path("/fields/nothing/options")).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn the_picker_does_not_miss_what_is_called_just_as_typed() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let product = form("product", [text("code"), text("name")]).with("title", "{code} {name}");
        let product = app.form(product).await;
        let order = link("product", "product").option("display", json!(["name"]));
        let order = app.form(form("order", [order, Field::new("seller", "member")])).await;
        // Older ones first, then younger ones: none of the two orders alone finds what is between them.
        let many = |from: usize| {
            (from..from + 25).flat_map(|n| {
                [
                    json!({"code": format!("P-{n}"), "name": format!("Big Chair {n}")}),
                    json!({"code": format!("Q-{n}"), "name": format!("Chair {n}")}),
                ]
            })
        };
        product.add_all(many(100)).await;
        product.add(json!({"code": "X-1", "name": "Chair"})).await;
        product.add_all(many(200)).await;
        let offered = async |q: &str| {
            let path = order.path("/fields/product/options");
            let list = admin.get(&format!("{path}?q={q}")).await.ok();
            items(&list).iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for typed in ["Chair", "chair", "%20CHAIR%20", "X-1", "x-1%20chair"] {
            let offered = offered(typed).await;
            assert_eq!(offered.first().map(String::as_str), Some("X-1 Chair"), "{typed}: {offered:?}");
        }
        let chairs = offered("chair").await;
        assert_eq!(chairs.len(), 20);
        assert!(chairs.iter().all(|title| !title.contains("Big")), "those that begin with it: {chairs:?}");
        let big = offered("big%20chair%20224").await;
        assert_eq!(big, ["P-224 Big Chair 224"]);

        // Of many people of one name, too.
        for n in 0..21 {
            let member =
                json!({"email": format!("ann{n}@picker.example"), "name": format!("Aa Pick Ann {n}")});
            admin.post("/members", member).await.created();
        }
        let member = json!({"email": "ann@picker.example", "name": "Pick Ann"});
        let ann = admin.post("/members", member).await.created();
        let path = order.path("/fields/seller/options?q=pick%20ann");
        let offered = admin.get(&path).await.ok();
        assert_eq!(items(&offered).len(), 20);
        assert_eq!(items(&offered)[0]["id"], ann["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_record_comes_back_only_with_what_it_links_to() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Bin").await;
        let (target, from) = linked_with(&app, "clear").await;
        let (ann, bob) = (target.add(json!({"name": "Ann"})).await, target.add(json!({"name": "Bob"})).await);
        let made = from.add(json!({"to": ann["id"], "lines": [{"to": bob["id"], "n": 1}]})).await;
        admin.delete(&from.at(&made), 1).await.with_status(204);
        for gone in [&ann, &bob] {
            admin.delete(&target.at(gone), 1).await.with_status(204);
        }
        let restore = format!("{}/restore", from.at(&made));
        let told = faults(&admin.post(&restore, json!({})).await.refused(422, "validation"));
        assert_eq!(told.len(), 2, "{told:?}");
        for path in ["fields.to", "fields.lines.0.to"] {
            assert!(told.contains(&format!("{path}: dead_link")), "{told:?}");
        }
        for gone in [&ann, &bob] {
            admin.post(&format!("{}/restore", target.at(gone)), json!({})).await.ok();
        }
        assert_eq!(admin.post(&restore, json!({})).await.ok()["fields"]["to"], ann["id"]);
    })
    .await;
}

/// A field that is added to a form when what it links to is there.
async fn add_link(form: &Form, key: &str, to: &str, policy: &str) {
    let field = link(key, to).option("on_target_delete", policy);
    form.extend(json!([{"do": "add_field", "field": field.value()}])).await;
}

#[tokio::test]
async fn deletions_that_lead_far_or_back_come_to_an_end() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Circles").await;
        let there = |name: &str| json!({"filter": test("name", "starts_with", name)});
        let left = async |form: &Form, name: &str| items(&form.query(admin, there(name)).await.ok()).len();

        // Each goes with the one above it, two hundred times.
        let folder = app.form(form("folder", [text("name")])).await;
        add_link(&folder, "above", "folder", "cascade").await;
        let top = folder.add(json!({"name": "folder"})).await;
        let mut above = top["id"].clone();
        for _ in 0..200 {
            above = folder.add(json!({"name": "folder", "above": above})).await["id"].clone();
        }
        admin.delete(&folder.at(&top), 1).await.with_status(204);
        assert_eq!(left(&folder, "folder").await, 0);

        // Two that go with each other, and one that goes with itself.
        let (one, two) =
            (app.form(form("one", [text("name")])).await, app.form(form("two", [text("name")])).await);
        add_link(&one, "two", "two", "cascade").await;
        add_link(&two, "one", "one", "cascade").await;
        let first = one.add(json!({"name": "pair"})).await;
        let second = two.add(json!({"name": "pair", "one": first["id"]})).await;
        one.edit(admin, &first, json!({"two": second["id"]})).await.ok();
        admin.delete(&one.at(&first), 2).await.with_status(204);
        assert_eq!((left(&one, "pair").await, left(&two, "pair").await), (0, 0));

        // One that goes with the other, which would lose its link to it: it need not, nor does it stand in the way.
        for policy in ["clear", "restrict"] {
            let head = app.form(form(&format!("head_{policy}"), [text("name")])).await;
            let part = app.form(form(&format!("part_{policy}"), [text("name")])).await;
            add_link(&part, "head", &format!("head_{policy}"), "cascade").await;
            add_link(&head, "best", &format!("part_{policy}"), policy).await;
            let whole = head.add(json!({"name": "whole"})).await;
            let best = part.add(json!({"name": "best", "head": whole["id"]})).await;
            head.edit(admin, &whole, json!({"best": best["id"]})).await.ok();
            admin.delete(&head.at(&whole), 2).await.with_status(204);
            assert_eq!((left(&head, "whole").await, left(&part, "best").await), (0, 0), "{policy}");
            let bin = items(&head.query(admin, json!({"deleted": true})).await.ok()).clone();
            assert_eq!(version_of(&bin[0]), 3, "{policy}: it was deleted, and nothing else");
        }
    })
    .await;
}

//! Lists of other records in a field: read when they are shown, by what the record holds, with the eyes of whoever looks.

use serde_json::{Value, json};
use tests::design::{Field, form, group, link, number, subform, test, text};
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of, version_of};
use tests::{Answer, App, Client, Form, Person, on_both_shared};

/// The condition that a field of the listed records is what a field of the record holds.
fn alike(there: &str, operator: &str, here: &str) -> Value {
    test(there, operator, json!({"field": here}))
}

fn listing(key: &str, filter: Value) -> Field {
    Field::new(key, "query").option("form", "order").option("filter", filter)
}

/// Orders of buyers, and a form whose records list those of theirs.
async fn orders(app: &App, of_buyer: impl IntoIterator<Item = Field>) -> (Form, Form) {
    let order = form(
        "order",
        [
            text("no"),
            text("buyer"),
            number("amount", 2),
            Field::new("keeper", "member"),
            Field::new("dept", "department"),
            subform("lines", [text("sku"), number("qty", 0)]),
        ],
    );
    let order = app.form(order.with("title", "{no}")).await;
    let buyer = [text("name"), Field::new("boss", "member"), Field::new("unit", "department")];
    let buyer = app.form(form("buyer", buyer.into_iter().chain(of_buyer))).await;
    (order, buyer)
}

async fn three_orders(order: &Form) -> Vec<String> {
    order
        .add_all([
            json!({"no": "A-1", "buyer": "Ann", "amount": 10, "lines": [{"sku": "pen", "qty": 2}]}),
            json!({"no": "A-2", "buyer": "Ann", "amount": 30}),
            json!({"no": "B-1", "buyer": "Bob", "amount": 20}),
        ])
        .await
}

fn at(buyer: &Form, record: &Value, field: &str) -> String {
    format!("{}/fields/{field}", buyer.at(record))
}

async fn listed(who: &Client, path: &str) -> String {
    let list = who.get(path).await.ok();
    values_of(&list, "no").join(" ")
}

#[tokio::test]
async fn a_record_lists_the_records_that_its_own_values_name() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Lists").await;
        let big = json!({"all": [alike("buyer", "eq", "name"), test("amount", "gte", 20)]});
        let (order, buyer) = orders(
            &app,
            [
                listing("orders", alike("buyer", "eq", "name"))
                    .option("columns", json!(["no", "amount", "lines"]))
                    .option("sort", json!([{"field": "amount", "desc": true}])),
                listing("big", big),
                listing("all", json!({"all": []}))
                    .option("limit", 2)
                    .option("sort", json!([{"field": "no"}])),
            ],
        )
        .await;
        let ids = three_orders(&order).await;
        let ann = buyer.add(json!({"name": "Ann"})).await;
        assert!(ann["fields"].get("orders").is_none(), "a list is not stored");

        let list = admin.get(&at(&buyer, &ann, "orders")).await.ok();
        assert_eq!(values_of(&list, "no"), ["A-2", "A-1"]);
        let first = &items(&list)[1];
        assert_eq!((&first["id"], &first["fields"]["amount"]), (&json!(ids[0]), &json!("10.00")));
        assert_eq!(first["fields"]["lines"][0]["sku"], "pen");
        assert!(first["fields"].get("buyer").is_none(), "its columns alone");
        assert_eq!((&list["next"], list.get("count")), (&Value::Null, None));
        assert_eq!(list["titles"][&order.id][&ids[0]], "A-1", "what a listed record is called");
        assert_eq!(listed(admin, &at(&buyer, &ann, "big")).await, "A-2", "without columns what it is called");

        // By pages, counted when that is asked for.
        let all = at(&buyer, &ann, "all");
        let page = admin.get(&format!("{all}?count=exact")).await.ok();
        assert_eq!(
            (values_of(&page, "no").join(" "), &page["count"]["value"]),
            ("A-1 A-2".into(), &json!(3))
        );
        let next = page["next"].as_str().unwrap();
        assert_eq!(listed(admin, &format!("{all}?cursor={next}")).await, "B-1");
        assert_eq!(listed(admin, &format!("{all}?limit=3")).await, "A-1 A-2 B-1");
        admin.get(&format!("{all}?limit=501")).await.refused(422, "validation");
        admin.get(&format!("{all}?cursor=x")).await.refused(422, "validation");
        // A page belongs to the list that gave it.
        let elsewhere = format!("{}?cursor={next}", at(&buyer, &ann, "orders"));
        admin.get(&elsewhere).await.refused(422, "validation");

        // It follows what the record and the others become.
        order.add(json!({"no": "A-3", "buyer": "Ann", "amount": 25})).await;
        assert_eq!(listed(admin, &at(&buyer, &ann, "orders")).await, "A-2 A-3 A-1");
        let bob = buyer.edit(admin, &ann, json!({"name": "Bob"})).await.ok();
        assert_eq!(listed(admin, &at(&buyer, &bob, "orders")).await, "B-1");
        let nobody = buyer.edit(admin, &bob, json!({"name": null})).await.ok();
        assert_eq!(listed(admin, &at(&buyer, &nobody, "orders")).await, "", "an empty value is nobody's");
    })
    .await;
}

#[tokio::test]
async fn people_and_departments_of_the_record_choose_what_is_listed() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let app = workspace.app("Lists").await;
        let (order, buyer) = orders(
            &app,
            [
                listing("kept", alike("keeper", "eq", "boss")),
                listing("ours", alike("dept", "within", "unit")),
                listing("mine", test("keeper", "eq", json!({"var": "me"}))),
                listing("by_maker", alike("$owner", "eq", "$owner")),
            ],
        )
        .await;
        let sales = admin.post("/departments", json!({"name": "Sales"})).await.created();
        let north =
            admin.post("/departments", json!({"name": "North", "parent": sales["id"]})).await.created();
        order.add(json!({"no": "1", "keeper": mei.id, "dept": north["id"]})).await;
        order.add(json!({"no": "2"})).await;
        let made = buyer.add(json!({"name": "a", "boss": mei.id, "unit": sales["id"]})).await;
        assert_eq!(listed(admin, &at(&buyer, &made, "kept")).await, "1");
        assert_eq!(listed(admin, &at(&buyer, &made, "ours")).await, "1", "with the parts of the department");
        assert_eq!(listed(admin, &at(&buyer, &made, "mine")).await, "");
        assert_eq!(listed(admin, &at(&buyer, &made, "by_maker")).await, "2 1", "the newest first");
        for form in [&order, &buyer] {
            form.allow(group("all", &[&mei.id])).await;
        }
        assert_eq!(listed(&mei, &at(&buyer, &made, "mine")).await, "1", "me is who looks");
        let moved = buyer.edit(admin, &made, json!({"unit": north["id"], "boss": null})).await.ok();
        assert_eq!(listed(admin, &at(&buyer, &moved, "ours")).await, "1");
        assert_eq!(listed(admin, &at(&buyer, &moved, "kept")).await, "");
    })
    .await;
}

#[tokio::test]
async fn a_list_shows_what_whoever_looks_may_see_and_tells_nothing_of_the_rest() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let [mei, lin, kim]: [Person; 3] =
            [workspace.person("mei").await, workspace.person("lin").await, workspace.person("kim").await];
        let app = workspace.app("Lists").await;
        let columns = json!(["no", "amount"]);
        let (order, buyer) = orders(
            &app,
            [
                listing("orders", alike("buyer", "eq", "name")).option("columns", columns),
                listing("all", json!({"all": []})),
            ],
        )
        .await;
        three_orders(&order).await;
        let ann = buyer.add(json!({"name": "Ann"})).await;
        order.allow(group("few", &[&mei.id]).rows(test("no", "ne", "A-2")).field("amount", "none")).await;
        order.allow(group("every", &[&lin.id])).await;
        buyer.allow(group("all", &[&mei.id, &kim.id])).await;
        buyer.allow(group("blind", &[&lin.id]).field("name", "none").field("all", "none")).await;

        let orders = at(&buyer, &ann, "orders");
        let seen = mei.get(&format!("{orders}?count=exact")).await.ok();
        assert_eq!((values_of(&seen, "no"), &seen["count"]["value"]), (vec!["A-1"], &json!(1)));
        assert!(items(&seen)[0]["fields"].get("amount").is_none(), "a column that is closed to them");
        // Whoever sees no record of the other form finds an empty list.
        assert_eq!(items(&kim.get(&orders).await.ok()).len(), 0);
        // What the list is chosen by is closed: it is as if it were empty, or the list would tell it.
        assert_eq!(listed(&lin, &orders).await, "");
        lin.get(&at(&buyer, &ann, "all")).await.refused(404, "not_found");
        let stranger = workspace.person("ned").await;
        stranger.get(&orders).await.refused(404, "not_found");
        admin.stranger().get(&orders).await.refused(401, "sign_in_required");
        for field in ["name", "nothing", "$owner", "orders.no"] {
            admin.get(&at(&buyer, &ann, field)).await.refused(404, "not_found");
        }
        admin.get(&buyer.path(&format!("/records/{UNKNOWN}/fields/orders"))).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_list_is_no_value_to_write_find_or_compute_with() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Lists").await;
        let (order, buyer) = orders(&app, [listing("orders", alike("buyer", "eq", "name"))]).await;
        let made = buyer.add(json!({"name": "Ann"})).await;
        for value in [json!([]), json!("x"), json!([UNKNOWN])] {
            let refused = buyer.create(admin, json!({"orders": value})).await.refused(422, "not_writable");
            assert_eq!(faults(&refused), ["fields.orders: not_writable"]);
        }
        let history = admin.get(&format!("{}/history", buyer.at(&made))).await.ok();
        assert!(items(&history)[0]["changes"].get("orders").is_none());
        let list = buyer.query(admin, json!({"titles": true})).await.ok();
        assert!(items(&list)[0]["fields"].get("orders").is_none());
        buyer
            .query(admin, json!({"filter": {"field": "orders", "op": "is_empty"}}))
            .await
            .refused(422, "validation");
        buyer.query(admin, json!({"sort": [{"field": "orders"}]})).await.refused(422, "not_sortable");
        assert_eq!(version_of(&made), 1);

        let elsewhere = workspace.app("Else").await;
        let refused = async |fields: Vec<Field>| {
            let answer = elsewhere.refused_form(form("bad", fields)).await;
            faults(&answer.with_status(422))
        };
        let list = |filter: Value| {
            Field::new("list", "query").option("form", json!(order.id)).option("filter", filter)
        };
        let list_of =
            |option: &str, value: Value| vec![text("name"), list(json!({"all": []})).option(option, value)];
        assert_eq!(refused(vec![Field::new("list", "query")]).await, ["/fields/0/options/form: required"]);
        assert_eq!(
            refused(list_of("form", json!("nowhere"))).await,
            ["/fields/1/options/form: unknown_form"]
        );
        assert_eq!(refused(list_of("limit", json!(101))).await, ["/fields/1/options/limit: too_large"]);
        assert_eq!(
            refused(list_of("columns", json!(["no", "gone"]))).await,
            ["/fields/1/options/columns/1: unknown_field"]
        );
        assert_eq!(
            refused(list_of("sort", json!([{"field": "lines"}]))).await,
            ["/fields/1/options/sort/0/field: bad_operand"]
        );
        let by = |there: &str, here: &str| vec![text("name"), list(alike(there, "eq", here))];
        assert_eq!(refused(by("buyer", "gone")).await, ["/fields/1/options/filter: unknown_field"]);
        assert_eq!(refused(by("gone", "name")).await, ["/fields/1/options/filter: unknown_field"]);
        assert_eq!(refused(by("amount", "name")).await, ["/fields/1/options/filter: bad_operand"]);
        let column = subform("rows", [text("a"), list(json!({"all": []}))]);
        assert_eq!(refused(vec![column]).await, ["/fields/0/options/fields/1/kind: not_a_column"]);
        let sort = json!([{"field": "no", "desc": true}]);
        let by_link = list(alike("buyer", "eq", "main.buyer")).option("sort", sort);
        let linked = form("fine", [text("name"), link("main", &order.id), by_link]);
        let fine = elsewhere.form(linked).await;
        // What a link of the record leads to can be compared with as well.
        let ids = three_orders(&order).await;
        let record = fine.add(json!({"main": ids[0]})).await;
        let list = admin.get(&format!("{}/fields/list?limit=1", fine.at(&record))).await.ok();
        assert_eq!((values_of(&list, "no"), list["next"].is_null()), (vec!["A-2"], false));
        assert_eq!(id_of(&items(&list)[0]), ids[1]);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_forms_ask_keeps_what_they_read() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Asked").await;
        app.form(form("moved", [text("sku"), number("qty", 3), number("price", 2)])).await;
        let table = |measures: Value| {
            json!({"key": "stock", "label": "Stock", "dimensions": [{"key": "sku", "label": "Sku"}],
                "sources": [{"form": "moved", "group": {"sku": "sku"}, "measures": measures}]})
        };
        let sum = |field: &str| json!({"fn": "sum", "field": field});
        let all = json!({"on_hand": sum("qty"), "worth": sum("price"), "moves": {"fn": "count"}});
        let path = format!("/aggregates/{}", app.aggregate(table(all)).await);
        let asked = json!({"aggregate": "stock"});
        let list = Field::new("list", "query")
            .option("form", asked.clone())
            .option("columns", json!(["sku", "on_hand"]));
        app.form(form("shelf", [text("name"), list])).await;
        let worth = json!({"form": asked, "field": "worth", "filter": alike("sku", "eq", "sku")});
        let worth = number("worth", 2).with("default", json!({"linkage": worth}));
        app.form(form("offer", [text("sku"), worth])).await;

        let refused = |answer: Answer, form: &str| {
            let told = answer.refused(409, "aggregate_asked");
            assert!(told["detail"].as_str().unwrap().contains(form), "{told}");
        };
        refused(admin.put(&path, "*", table(json!({"worth": sum("price")}))).await, "shelf");
        refused(admin.put(&path, "*", table(json!({"on_hand": sum("qty")}))).await, "offer");
        admin.delete(&path, 1).await.refused(409, "aggregate_asked");
        // What was refused left nothing behind; what nobody asks for may go.
        let items = admin.get(&format!("{path}/rows")).await.ok()["items"].clone();
        assert_eq!(items, json!([]));
        admin.put(&path, "*", table(json!({"on_hand": sum("qty"), "worth": sum("price")}))).await.ok();
    })
    .await;
}

#[tokio::test]
async fn the_groups_of_a_table_are_listed_and_give_defaults_to_who_may_read_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, lin) = (workspace.person("mei").await, workspace.person("lin").await);
        let app = workspace.app("Tables").await;
        let product = app.form(form("product", [text("name"), text("family")]).with("title", "{name}")).await;
        let names = [("Pen", "office"), ("Ink", "office"), ("Saw", "tools")];
        let products = names.map(|(name, family)| json!({"name": name, "family": family}));
        let [pen, ink, saw] = product.add_all(products).await.try_into().unwrap();
        let moved = app.form(form("moved", [link("product", "product"), number("qty", 3)])).await;
        moved
            .add_all([
                json!({"product": pen, "qty": 5}),
                json!({"product": pen, "qty": -2}),
                json!({"product": ink, "qty": 9}),
                json!({"product": saw, "qty": 1}),
            ])
            .await;
        app.aggregate(json!({"key": "stock", "label": "Stock", "dimensions": [{"key": "product", "label": "Product"}],
            "sources": [{"form": "moved", "group": {"product": "product"}, "measures": {
                "on_hand": {"fn": "sum", "field": "qty"}, "moves": {"fn": "count"}}}],
            "measures": [{"key": "double", "formula": "on_hand * 2", "scale": 1}],
            "read": {"members": [mei.id]}}))
            .await;
        let table = json!({"aggregate": "stock"});
        let on_hand = json!({"form": table, "field": "on_hand", "filter": alike("product", "eq", "product")});
        let fields = [
            text("family"),
            link("product", "product"),
            number("left", 1).with("default", json!({"linkage": on_hand})),
            Field::new("stock", "query")
                .option("form", table.clone())
                .option("filter", alike("product.family", "eq", "family"))
                .option("columns", json!(["product", "on_hand", "double"]))
                .option("sort", json!([{"field": "on_hand", "desc": true}])),
            Field::new("all", "query").option("form", table.clone()).option("sort", json!([{"field": "product.name"}])),
        ];
        let order = app.form(form("order", fields)).await;
        for form in [&order, &product] {
            form.allow(group("all", &[&mei.id, &lin.id])).await;
        }
        let made = order.create(&mei, json!({"family": "office", "product": pen})).await.created();
        assert_eq!(made["fields"]["left"], "3.0");
        let of_lin = order.create(&lin, json!({"family": "office", "product": pen})).await.created();
        assert_eq!(of_lin["fields"]["left"], Value::Null, "the table is closed to them");

        let list = mei.get(&at(&order, &made, "stock")).await.ok();
        let group = |product: &str, on_hand: &str, double: &str| {
            json!({"fields": {"product": product, "on_hand": on_hand, "double": double}})
        };
        assert_eq!(list["items"], json!([group(&ink, "9.000", "18.0"), group(&pen, "3.000", "6.0")]));
        assert_eq!(list["titles"][&product.id], json!({&ink: "Ink", &pen: "Pen"}));
        assert!(items(&lin.get(&at(&order, &made, "stock")).await.ok()).is_empty());
        let all = at(&order, &made, "all");
        let first = admin.get(&format!("{all}?limit=2&count=exact")).await.ok();
        let named = |list: &Value| {
            items(list).iter().map(|item| item["fields"]["product"].clone()).collect::<Vec<_>>()
        };
        assert_eq!((named(&first), &first["count"]["value"]), (vec![json!(ink), json!(pen)], &json!(3)));
        assert_eq!(items(&first)[0]["fields"]["moves"], "1", "without columns all there is");
        let next = first["next"].as_str().unwrap();
        let rest = admin.get(&format!("{all}?limit=2&cursor={next}")).await.ok();
        assert_eq!((named(&rest), &rest["next"]), (vec![json!(saw)], &Value::Null));
        // It follows the table, and the default does not.
        moved.add(json!({"product": pen, "qty": 10})).await;
        let now = mei.get(&at(&order, &made, "stock")).await.ok();
        assert_eq!(named(&now), [json!(pen), json!(ink)]);
        assert_eq!(order.read(admin, &made).await.ok()["fields"]["left"], "3.0");

        // Who opens the form gets what the table holds described, where they may read it.
        let described = async |who: &Client| {
            let form = who.get(&order.path("")).await.ok();
            let related = form["related"].as_array().unwrap().clone();
            let tables = related.iter().filter(|one| one["app"] == json!(format!("{}/aggregates", app.key)));
            let keys = |table: &Value| {
                let fields = table["definition"]["fields"].as_array().unwrap();
                fields.iter().map(|field| field["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
            };
            tables.map(keys).collect::<Vec<_>>()
        };
        assert_eq!(described(&mei).await, ["product moves on_hand double"]);
        assert_eq!(described(&lin).await, [""; 0]);
        let unknown = Field::new("list", "query").option("form", json!({"aggregate": "none"}));
        let refused = app.refused_form(form("bad", [text("name"), unknown])).await.with_status(422);
        assert_eq!(faults(&refused), ["/fields/1/options/form: unknown_form"]);
    })
    .await;
}

//! Aggregate tables: what is kept by every save, and limits that hold however many come at once.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, formula, group, link, number, subform, test, text};
use tests::workspace::{UNKNOWN, faults, id_of, items};
use tests::{App, Client, Form, Workspace, on_both_shared, together};

/// Receipts bring pieces of a product in, shipments take them out, and there are never fewer than none.
struct Warehouse {
    app: App,
    products: Form,
    receipt: Form,
    shipment: Form,
    stock: String,
    product: Value,
}

fn counted(source: &str, measure: &str) -> Value {
    let approved =
        json!({"any": [test("$flow_state", "eq", "approved"), {"field": "$flow_state", "op": "is_empty"}]});
    json!({"form": source, "rows": "lines", "filter": approved, "group": {"product": "lines.product"},
        "measures": {measure: {"fn": "sum", "field": "lines.qty"}}})
}

fn stock() -> Value {
    json!({
        "format": 1, "key": "stock", "label": "Stock", "dimensions": [{"key": "product", "label": "Product"}],
        "sources": [counted("receipt", "received"), counted("shipment", "shipped")],
        "measures": [{"key": "on_hand", "label": "On hand", "formula": "received - shipped", "scale": 0}],
        "constraints": [{"key": "never_below_zero", "check": test("on_hand", "gte", "0"), "message": "Not enough stock"}],
    })
}

impl Warehouse {
    async fn build(workspace: &Workspace, pieces: i64) -> Self {
        Self::build_with(workspace, pieces, stock()).await
    }

    async fn build_with(workspace: &Workspace, pieces: i64, table: Value) -> Self {
        let app = workspace.app("Warehouse").await;
        let products = app.form(form("product", [text("name")])).await;
        let lines = || subform("lines", [link("product", "product"), number("qty", 0).option("min", "1")]);
        let receipt = app.form(form("receipt", [text("note"), lines()])).await;
        let shipment = app.form(form("shipment", [text("note"), lines()])).await;
        let stock = app.aggregate(table).await;
        let product = products.add(json!({"name": "Chair"})).await;
        receipt.add(json!({"lines": [{"product": product["id"], "qty": pieces}]})).await;
        Self { app, products, receipt, shipment, stock, product }
    }

    fn lines(&self, qty: i64) -> Value {
        json!({"lines": [{"product": self.product["id"], "qty": qty}]})
    }

    /// What somebody is told who ships more than there is.
    async fn overdrawn_by(&self, who: &Client) -> Value {
        self.shipment.create(who, self.lines(9)).await.refused(409, "constraint")
    }

    async fn row(&self) -> Value {
        let rows = self.shipment.admin.get(&format!("/aggregates/{}/rows", self.stock)).await.ok();
        items(&rows)[0]["values"].clone()
    }

    /// What is kept is what a rebuild from all records gives.
    async fn verify(&self) {
        let verified =
            self.shipment.admin.post(&format!("/aggregates/{}/verify", self.stock), json!({})).await.ok();
        assert_eq!(verified["right"], true, "{verified}");
    }
}

#[tokio::test]
async fn the_last_pieces_go_to_exactly_as_many_as_there_are() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 10).await;
        let shipment = &warehouse.shipment;
        let admin = &shipment.admin;
        // Sixteen take one each, eight take two each in one go of a bulk: whatever the order, nothing is oversold.
        let single = (0..16).map(|_| async { (1, shipment.create(admin, warehouse.lines(1)).await) });
        let bulk = (0..8).map(|_| async {
            let rows = json!({"create": [{"fields": warehouse.lines(1)}, {"fields": warehouse.lines(1)}]});
            (2, admin.post(&shipment.path("/records/bulk"), rows).await)
        });
        let (singles, bulks) = tokio::join!(together(single), together(bulk));
        let mut taken = 0;
        for (pieces, answer) in singles.into_iter().chain(bulks) {
            if answer.status < 300 {
                taken += pieces;
            } else {
                let problem = answer.refused(409, "constraint");
                assert_eq!(problem["constraint"], "never_below_zero");
                assert!(problem["detail"].as_str().unwrap().contains("Not enough stock"), "{problem}");
            }
        }
        // While pieces were left nobody who wanted one went without.
        let left = 10 - taken;
        assert!((0..=1).contains(&left), "{left} left");
        assert_eq!(warehouse.row().await["on_hand"], left.to_string());
        warehouse.verify().await;
    })
    .await;
}

#[tokio::test]
async fn forty_singles_for_ten_pieces_are_ten_shipments() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 10).await;
        let shipment = &warehouse.shipment;
        let answers = together((0..40).map(|_| shipment.create(&shipment.admin, warehouse.lines(1)))).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)));
        assert_eq!(made, 10);
        assert_eq!(warehouse.row().await, json!({"received": "10", "shipped": "10", "on_hand": "0"}));
        assert_eq!(items(&shipment.query(&shipment.admin, json!({})).await.ok()).len(), 10);
        warehouse.verify().await;
    })
    .await;
}

#[tokio::test]
async fn approvals_at_once_take_no_more_than_there_is() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 5).await;
        let boss = workspace.person("boss").await;
        let shipment = &warehouse.shipment;
        shipment.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        // Asked for more than there is; nothing counts before it is approved.
        for _ in 0..16 {
            shipment.create(&shipment.admin, warehouse.lines(1)).await.created();
        }
        assert_eq!(warehouse.row().await["on_hand"], "5");
        let tasks = boss.get("/tasks?box=todo&limit=100").await.ok();
        let approvals = items(&tasks).iter().map(|task| {
            let path = format!("/tasks/{}/approve", id_of(task));
            let boss = &boss;
            async move { boss.post(&path, json!({})).await }
        });
        let answers = together(approvals).await;
        let (good, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!((good.len(), refused.len()), (5, 11));
        for answer in refused {
            answer.refused(409, "constraint");
        }
        assert_eq!(warehouse.row().await["on_hand"], "0");
        // Who was refused still has the task, and can approve when there is more.
        let waiting = boss.get("/tasks?box=todo&limit=100").await.ok();
        assert_eq!(items(&waiting).len(), 11);
        warehouse.receipt.add(warehouse.lines(1)).await;
        let path = format!("/tasks/{}/approve", id_of(&items(&waiting)[0]));
        boss.post(&path, json!({})).await.ok();
        warehouse.verify().await;
    })
    .await;
}

#[tokio::test]
async fn every_way_to_change_a_record_keeps_the_table() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 10).await;
        let (shipment, admin) = (&warehouse.shipment, &workspace.admin);
        let made = shipment.add(warehouse.lines(4)).await;
        let on_hand = async || warehouse.row().await["on_hand"].as_str().unwrap().to_owned();
        assert_eq!(on_hand().await, "6");
        let more = shipment.edit(admin, &made, warehouse.lines(10)).await.ok();
        assert_eq!(on_hand().await, "0");
        let too_many = shipment.edit(admin, &more, warehouse.lines(11)).await.refused(409, "constraint");
        assert_eq!((&too_many["group"]["product"], &too_many["value"]), (&warehouse.product["id"], &json!("-1")));
        assert_eq!(shipment.read(admin, &made).await.ok()["fields"]["lines"][0]["qty"], "10");
        admin.delete(&shipment.at(&made), 2).await.with_status(204);
        assert_eq!(on_hand().await, "10");
        let other = shipment.add(warehouse.lines(1)).await;
        admin.post(&format!("{}/restore", shipment.at(&made)), json!({})).await.refused(409, "constraint");
        admin.delete(&shipment.at(&other), 1).await.with_status(204);
        admin.post(&format!("{}/restore", shipment.at(&made)), json!({})).await.ok();
        assert_eq!(on_hand().await, "0");
        // The receipt can't go while its pieces are shipped.
        let receipt = items(&warehouse.receipt.query(admin, json!({})).await.ok())[0].clone();
        admin.delete(&warehouse.receipt.at(&receipt), 1).await.refused(409, "constraint");

        // A draft takes nothing; of a bulk the row is named.
        let draft = admin.post(&shipment.path("/records"), json!({"fields": warehouse.lines(3), "draft": true})).await.created();
        assert_eq!(on_hand().await, "0");
        admin.post(&format!("{}/submit", shipment.at(&draft)), json!({})).await.refused(409, "constraint");
        warehouse.receipt.add(warehouse.lines(2)).await;
        let rows = json!({"create": [{"fields": warehouse.lines(2)}, {"fields": {"note": "nothing"}}, {"fields": warehouse.lines(1)}]});
        let refused = admin.post(&shipment.path("/records/bulk"), rows.clone()).await.refused(409, "constraint");
        assert!(faults(&refused)[0].starts_with("create.2"), "{refused}");
        assert_eq!(on_hand().await, "2");
        let mut each = rows;
        each["atomic"] = json!(false);
        let each = admin.post(&shipment.path("/records/bulk"), each).await.ok();
        let done: Vec<_> = each["results"].as_array().unwrap().iter().map(|result| result["problem"]["code"].as_str().unwrap_or("done")).collect();
        assert_eq!(done, ["done", "done", "constraint"]);
        warehouse.verify().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_table_holds_is_for_those_who_may_read_it() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 1).await;
        let mei = workspace.person("mei").await;
        let shipment = &warehouse.shipment;
        shipment.allow(group("clerks", &[&mei.id])).await;
        mei.get(&format!("/aggregates/{}/rows", warehouse.stock)).await.refused(404, "not_found");
        assert!(items(&mei.get(&warehouse.app.path("/aggregates")).await.ok()).is_empty());
        mei.post(&format!("/aggregates/{}/verify", warehouse.stock), json!({})).await.with_status(404);
        let product = &warehouse.product["id"];
        // The product itself is not hers to see either.
        shipment
            .create(&mei, json!({"lines": [{"product": product, "qty": 2}]}))
            .await
            .refused(422, "validation");
        let mut seen = stock();
        seen["key"] = json!("seen");
        seen["read"] = json!({"members": [mei.id]});
        let id = warehouse.app.aggregate(seen).await;
        let rows = mei.get(&format!("/aggregates/{id}/rows")).await.ok();
        assert_eq!(items(&rows)[0]["values"]["on_hand"], "1");
        mei.get("/aggregates/0sbqd00000001/rows").await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_leads_to_the_cells_that_count_for_the_group() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 6).await;
        let (shipment, receipt, products) = (&warehouse.shipment, &warehouse.receipt, &warehouse.products);
        let (admin, chair) = (&workspace.admin, &warehouse.product);
        let table = products.add(json!({"name": "Table"})).await;
        let line = |product: &Value, qty: i64| json!({"product": product["id"], "qty": qty});
        let received = receipt.add(warehouse.lines(4)).await;
        receipt.add(json!({"lines": [line(&table, 5)]})).await;

        // Of three lines the two that take chairs, of which there are too few; the label says which.
        let lines = json!({"lines": [line(chair, 6), line(&table, 1), line(chair, 5)]});
        let refused = shipment.create(admin, lines.clone()).await.refused(409, "constraint");
        assert_eq!(faults(&refused), ["fields.lines.0.qty: constraint", "fields.lines.2.qty: constraint"]);
        assert_eq!(refused["errors"][1]["label"], "lines 3 · qty");
        let bulk = json!({"create": [{"fields": {"lines": [line(&table, 1)]}}, {"fields": lines}]});
        let refused = admin.post(&shipment.path("/records/bulk"), bulk).await.refused(409, "constraint");
        let places = ["create.1.fields.lines.0.qty: constraint", "create.1.fields.lines.2.qty: constraint"];
        assert_eq!(faults(&refused), places);

        // What is short of every product is told at once, each with its own numbers.
        let lines = json!({"lines": [line(&table, 6), line(chair, 11)]});
        let refused = shipment.create(admin, lines).await.refused(409, "constraint");
        let mut places = faults(&refused);
        places.sort_unstable();
        assert_eq!(places, ["fields.lines.0.qty: constraint", "fields.lines.1.qty: constraint"]);
        for error in refused["errors"].as_array().unwrap() {
            let of_table = error["path"] == "fields.lines.0.qty";
            let said = if of_table { "Table: On hand is 5" } else { "Chair: On hand is 10" };
            assert!(error["message"].as_str().unwrap().contains(said), "{refused}");
        }

        // A receipt whose chairs are shipped: a line that is lowered is named, of one that is taken out its table.
        shipment.add(warehouse.lines(10)).await;
        let lowered = receipt.edit(admin, &received, warehouse.lines(3)).await;
        assert_eq!(faults(&lowered.refused(409, "constraint")), ["fields.lines.0.qty: constraint"]);
        let taken_out = receipt.edit(admin, &received, json!({"lines": [line(&table, 1)]})).await;
        assert_eq!(faults(&taken_out.refused(409, "constraint")), ["fields.lines: constraint"]);
        // A request that says nothing of fields has none to lead to.
        let deleted = admin.delete(&receipt.at(&received), 1).await.refused(409, "constraint");
        assert_eq!(faults(&deleted), [": constraint"]);

        // A draft counts once it is submitted.
        let draft = json!({"fields": {"lines": [line(&table, 1), line(chair, 1)]}, "draft": true});
        let draft = admin.post(&shipment.path("/records"), draft).await.created();
        let submitted = admin.post(&format!("{}/submit", shipment.at(&draft)), json!({})).await;
        assert_eq!(faults(&submitted.refused(409, "constraint")), ["fields.lines.1.qty: constraint"]);

        // Who does not see what is added up is led to what they see of it.
        let mei = workspace.person("mei").await;
        products.allow(group("lookers", &[&mei.id]).may(&["view"])).await;
        shipment.allow(group("clerks", &[&mei.id]).field("lines.qty", "none")).await;
        let made = shipment.add(json!({"lines": [line(&table, 2)]})).await;
        let other = json!({"lines": [{"id": made["fields"]["lines"][0]["id"], "product": chair["id"]}]});
        let refused = shipment.edit(&mei, &made, other).await.refused(409, "constraint");
        assert_eq!(faults(&refused), ["fields.lines.0.product: constraint"]);
        warehouse.verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_says_nothing_of_fields_is_led_to_none() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Office").await;
        let boss = workspace.person("boss").await;
        let request = app.form(form("request", [text("what"), number("amount", 0)])).await;
        let hidden = json!({"fields": {"*": "read", "amount": "hidden"}});
        request.flow(json!([approve("boss", &[&boss.id], hidden)])).await;
        app.aggregate(json!({
            "format": 1, "key": "waiting", "label": "Waiting", "dimensions": [{"key": "what", "label": "What"}],
            "sources": [{"form": "request", "filter": test("$flow_state", "eq", "running"), "group": {"what": "what"},
                "measures": {"amount": {"fn": "sum", "field": "amount"}}}],
            "constraints": [{"key": "enough", "check": test("amount", "gte", "5"), "message": "Too little waits"}],
        }))
        .await;
        request.add(json!({"what": "Chairs", "amount": 5})).await;
        let tasks = boss.get("/tasks?box=todo").await.ok();
        let path = format!("/tasks/{}/reject", id_of(&items(&tasks)[0]));
        // The amount counts no more, and who decides does not see it.
        let refused = boss.post(&path, json!({"opinion": "Too many"})).await.refused(409, "constraint");
        assert_eq!(faults(&refused), [": constraint"]);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_names_the_group_and_its_numbers_to_those_who_may_see_them() {
    on_both_shared(async |workspace| {
        let [reader, stranger, blind] = [
            workspace.person("reader").await,
            workspace.person("stranger").await,
            workspace.person("blind").await,
        ];
        let mut table = stock();
        table["read"] = json!({"members": [reader.id, blind.id]});
        let warehouse = Warehouse::build_with(&workspace, 10, table).await;
        let (shipment, products) = (&warehouse.shipment, &warehouse.products);
        shipment.allow(group("clerks", &[&reader.id, &stranger.id, &blind.id])).await;
        products.allow(group("lookers", &[&reader.id, &stranger.id]).may(&["view"])).await;
        products.allow(group("blind", &[&blind.id]).may(&["view"]).field("name", "none")).await;
        shipment.add(warehouse.lines(3)).await;

        let product = warehouse.product["id"].as_str().unwrap();
        let full = "Not enough stock (Chair: On hand is 7 and would be -2)";
        for who in [&workspace.admin, &*reader] {
            let problem = warehouse.overdrawn_by(who).await;
            assert_eq!(problem["errors"][0]["message"], full);
            assert_eq!(problem["detail"], format!("lines 1 · qty: {full}"));
            assert_eq!((&problem["before"], &problem["value"]), (&json!("7"), &json!("-2")));
            assert_eq!(problem["titles"][product], "Chair");
        }
        let chinese = warehouse.overdrawn_by(&reader.speaking("zh-TW")).await;
        assert_eq!(chinese["errors"][0]["message"], "Not enough stock（Chair：On hand目前是 7，將變為 -2）");
        // Whoever sees the table but not what the product is called learns the numbers alone.
        let nameless = warehouse.overdrawn_by(&blind).await;
        assert_eq!(nameless["errors"][0]["message"], "Not enough stock (On hand is 7 and would be -2)");
        assert_eq!(nameless["titles"], json!({}));
        // Whoever does not see the table learns nothing of what is in it.
        let closed = warehouse.overdrawn_by(&stranger).await;
        assert_eq!(closed["errors"][0]["message"], "Not enough stock");
        for member in ["group", "titles", "before", "value"] {
            assert!(closed.get(member).is_none(), "{closed}");
        }

        // A table may be open in part.
        let mut narrow = stock();
        narrow["read"] = json!({"members": [reader.id]});
        narrow["rows"] = test("product", "eq", UNKNOWN);
        let other = Warehouse::build_with(&workspace, 1, narrow).await;
        other.shipment.allow(group("clerks", &[&reader.id])).await;
        other.products.allow(group("lookers", &[&reader.id]).may(&["view"])).await;
        let hidden = other.overdrawn_by(&reader).await;
        assert_eq!(hidden["errors"][0]["message"], "Not enough stock");
        assert!(hidden.get("group").is_none(), "{hidden}");
        assert_eq!(other.overdrawn_by(&workspace.admin).await["before"], "1");
    })
    .await;
}

async fn refused(app: &App, admin: &Client, document: Value, status: u16, code: &str) -> Value {
    admin.post(&app.path("/aggregates"), document).await.refused(status, code)
}

#[tokio::test]
async fn a_new_table_counts_what_is_there_and_a_broken_one_is_refused() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 3).await;
        let (app, admin) = (&warehouse.app, &workspace.admin);
        warehouse.shipment.add(warehouse.lines(2)).await;
        let again = refused(app, admin, stock(), 409, "aggregate_taken").await;
        assert_eq!(faults(&again), ["/key: not_unique"]);
        let mut strict = stock();
        strict["key"] = json!("strict");
        strict["constraints"][0]["check"]["value"] = json!("2");
        let broken = refused(app, admin, strict.clone(), 409, "constraint").await;
        assert_eq!(broken["groups"][0]["product"], warehouse.product["id"]);
        strict["constraints"] = json!([]);
        let id = app.aggregate(strict).await;
        let rows = admin.get(&format!("/aggregates/{id}/rows")).await.ok();
        assert_eq!(items(&rows)[0]["values"]["on_hand"], "1");

        let mut unknown = stock();
        unknown["key"] = json!("unknown");
        unknown["sources"][0]["measures"]["received"]["field"] = json!("lines.gone");
        let told = refused(app, admin, unknown, 422, "unknown_field").await;
        assert!(faults(&told)[0].starts_with("/sources/0/measures/received"), "{told}");
        let mut timely = stock();
        timely["key"] = json!("timely");
        timely["sources"][0]["filter"] =
            json!({"field": "$created_at", "op": "eq", "value": {"relative": "today"}});
        let told = admin.post(&app.path("/aggregates"), timely).await.refused(422, "validation");
        assert!(faults(&told)[0].contains("time_dependent"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_published_anew_keeps_its_tables_right_or_is_refused() {
    on_both_shared(async |workspace| {
        let warehouse = Warehouse::build(&workspace, 10).await;
        let (shipment, admin) = (&warehouse.shipment, &workspace.admin);
        shipment.add(warehouse.lines(4)).await;
        let publish = async |edits: Value| {
            let base = admin.get(&shipment.path("/draft")).await.ok()["base"].clone();
            admin.post(&shipment.path("/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
            admin.post(&shipment.path("/publish"), json!({})).await
        };
        // What counts has parts from now on; what was counted stays what it was.
        let set = |member: &str, value: Value| json!({"do": "set", "key": "lines.qty", "member": member, "value": value});
        publish(json!([set("options.scale", json!(2)), set("options.min", json!("0.01"))])).await.ok();
        assert_eq!(warehouse.row().await["on_hand"], "6");
        shipment.add(json!({"lines": [{"product": warehouse.product["id"], "qty": "0.5"}]})).await;
        assert_eq!(warehouse.row().await["shipped"], "4.50");
        warehouse.verify().await;

        // Without what it counts the table would stop every shipment.
        let removed = publish(json!([{"do": "remove_field", "key": "lines"}])).await;
        let told = removed.refused(409, "aggregate_in_use");
        assert!(faults(&told)[0].starts_with(": "), "{told}");
        shipment.add(warehouse.lines(1)).await;
        warehouse.verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_filter_reads_what_the_record_itself_holds_and_nothing_that_changes_without_it() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Sales").await;
        app.form(form("customer", [text("name"), text("tier")])).await;
        let seen = Field::new("seen", "lookup").option("link", "customer").option("field", "tier");
        let fields = [text("note"), text("tier"), link("customer", "customer"), number("qty", 0), seen];
        app.form(form("order", fields.into_iter().chain([formula("age", "YEAR(TODAY()) - qty")]))).await;
        let filtered = |filter: Value| {
            json!({"format": 1, "key": "sold", "label": "Sold", "dimensions": [{"key": "tier", "label": "Tier"}],
                "sources": [{"form": "order", "filter": filter, "group": {"tier": "tier"},
                    "measures": {"qty": {"fn": "sum", "field": "qty"}}}]})
        };
        for (filter, code) in [
            (test("customer.tier", "eq", "gold"), "through_link"),
            (json!({"field": "note", "op": "eq", "value": {"field": "customer.tier"}}), "through_link"),
            (json!({"any": [test("qty", "gt", "1"), {"not": test("customer.tier", "eq", "gold")}]}), "through_link"),
            (test("seen", "eq", "gold"), "through_link"),
            (test("age", "gt", "1"), "not_stored"),
            (json!({"field": "note", "op": "eq", "value": {"param": "mark"}}), "not_allowed_here"),
        ] {
            let told = workspace.admin.post(&app.path("/aggregates"), filtered(filter)).await;
            assert_eq!(faults(&told.refused(422, "validation")), [format!("/sources/0/filter: {code}")]);
        }
        let own = json!({"field": "note", "op": "eq", "value": {"field": "tier"}});
        app.aggregate(filtered(own)).await;
    })
    .await;
}

#[tokio::test]
async fn a_table_counts_only_forms_that_its_maker_administers() {
    on_both_shared(async |workspace| {
        let pay = workspace.form(form("pay", [text("name"), number("salary", 2)])).await;
        pay.add(json!({"name": "Ada", "salary": "1000"})).await;
        let mei = workspace.person("mei").await;
        let own = mei.post("/apps", json!({"label": "Mine"})).await.created();
        let path = format!("/apps/{}/aggregates", id_of(&own));
        let over = |source: &str| {
            json!({"format": 1, "key": "pay", "label": "Pay",
                "dimensions": [{"key": "name", "label": "Name"}],
                "sources": [{"form": source, "group": {"name": "name"},
                    "measures": {"sum": {"fn": "sum", "field": "salary"}}}]})
        };
        // What may be read is not yet anybody's to add up and to constrain.
        pay.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        for source in [pay.id.as_str(), "0sbqd00000001"] {
            let told = mei.post(&path, over(source)).await.refused(422, "validation");
            assert_eq!(faults(&told), ["/sources/0/form: unknown_form"]);
        }
        workspace.admin.post(&path, over(&pay.id)).await.created();
    })
    .await;
}

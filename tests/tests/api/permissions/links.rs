//! What links between records open and keep closed.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, group, link, number, select, test, text};
use tests::on_both_shared;
use tests::workspace::{id_of, items, values_of, version_of};
use tests::{Client, Form, Workspace};

/// Customers, and visits to them with a cost that not everybody sees.
async fn visits(workspace: &Workspace) -> (Form, Form) {
    let app = workspace.app("Visits").await;
    let customer = app.form(form("customer", [text("name"), select("region", &["north", "south"])])).await;
    let visit = app.form(form("visit", [text("name"), link("cust", "customer"), number("cost", 2)])).await;
    (customer, visit)
}

#[tokio::test]
async fn rows_through_a_link_hold_for_every_write() {
    on_both_shared(async |workspace| {
        let (customer, visit) = visits(&workspace).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        customer.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        customer.allow(group("keepers", &[&tom.id])).await;
        visit.allow(group("north", &[&mei.id]).rows(test("cust.region", "eq", "north"))).await;
        visit.allow(group("own", &[&tom.id]).rows(test("cust.$owner", "eq", json!({"var": "me"})))).await;
        let north = customer.add(json!({"name": "n", "region": "north"})).await;
        let south = customer.add(json!({"name": "s", "region": "south"})).await;
        let near = visit.add(json!({"name": "near", "cust": north["id"]})).await;
        let far = visit.add(json!({"name": "far", "cust": south["id"]})).await;

        let near = visit.edit(&mei, &near, json!({"name": "nearer"})).await.ok();
        visit.edit(&mei, &far, json!({"name": "x"})).await.refused(404, "not_found");
        visit.edit(&mei, &near, json!({"cust": south["id"]})).await.refused(403, "outside_your_rows");
        visit.create(&mei, json!({"cust": south["id"]})).await.refused(403, "outside_your_rows");
        visit.create(&mei, json!({"cust": north["id"]})).await.created();

        mei.delete(&visit.at(&far), 1).await.refused(404, "not_found");
        mei.delete(&visit.at(&near), version_of(&near)).await.with_status(204);
        visit.admin.delete(&visit.at(&far), 1).await.with_status(204);
        let restore = |record: &Value| format!("{}/restore", visit.at(record));
        mei.post(&restore(&near), json!({})).await.ok();
        mei.post(&restore(&far), json!({})).await.refused(404, "not_found");

        // A system field of the linked record.
        let his = customer.create(&tom, json!({"name": "t", "region": "south"})).await.created();
        let made = visit.create(&tom, json!({"name": "his", "cust": his["id"]})).await.created();
        let made = visit.edit(&tom, &made, json!({"name": "still his"})).await.ok();
        visit.edit(&tom, &made, json!({"cust": south["id"]})).await.refused(403, "outside_your_rows");
    })
    .await;
}

#[tokio::test]
async fn a_row_that_shuts_records_out_through_a_link_lets_the_others_be_written() {
    on_both_shared(async |workspace| {
        let (customer, visit) = visits(&workspace).await;
        let mei = workspace.person("mei").await;
        customer.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        visit.allow(group("all", &[&mei.id]).may(&["view"])).await;
        let rest = group("rest", &[&mei.id]).may(&["view", "edit", "create"]);
        visit.allow(rest.rows(test("cust.region", "ne", "south"))).await;
        let north = customer.add(json!({"region": "north"})).await;
        let south = customer.add(json!({"region": "south"})).await;
        let near = visit.add(json!({"name": "near", "cust": north["id"]})).await;
        let far = visit.add(json!({"name": "far", "cust": south["id"]})).await;
        visit.edit(&mei, &near, json!({"name": "x"})).await.ok();
        visit.edit(&mei, &far, json!({"name": "x"})).await.refused(403, "forbidden");
        visit.create(&mei, json!({"cust": south["id"]})).await.refused(403, "outside_your_rows");
    })
    .await;
}

#[tokio::test]
async fn a_linked_record_opens_fields_in_lists_single_reads_and_trials() {
    on_both_shared(async |workspace| {
        let (customer, visit) = visits(&workspace).await;
        let mei = workspace.person("mei").await;
        let all = group("all", &[&mei.id]).may(&["view"]).field("*", "read").field("cost", "none");
        visit.allow(all).await;
        let north = group("north", &[&mei.id]).may(&["view", "edit"]);
        visit.allow(north.rows(test("cust.region", "eq", "north"))).await;
        let north = customer.add(json!({"region": "north"})).await;
        let south = customer.add(json!({"region": "south"})).await;
        visit.add(json!({"name": "a", "cust": north["id"], "cost": 1})).await;
        visit.add(json!({"name": "b", "cust": south["id"], "cost": 1})).await;
        visit.add(json!({"name": "c", "cost": 1})).await;
        let list = visit.query(&mei, json!({"sort": [{"field": "name"}]})).await.ok();
        let shows = |record: &Value| record["fields"].get("cost").is_some();
        assert_eq!(items(&list).iter().map(shows).collect::<Vec<_>>(), [true, false, false]);
        // A list without the link shows no less and no more.
        let costs = json!({"fields": ["cost"], "sort": [{"field": "name"}]});
        let costs = visit.query(&mei, costs).await.ok();
        assert_eq!(items(&costs).iter().map(shows).collect::<Vec<_>>(), [true, false, false]);
        for (record, is_open) in items(&list).iter().zip([true, false, false]) {
            assert_eq!(shows(&visit.read(&mei, record).await.ok()), is_open);
            let trial = json!({"record": {}, "id": record["id"]});
            let tried = mei.post(&visit.path("/evaluate"), trial).await.ok();
            assert_eq!(tried["values"].get("cost").is_some(), is_open, "{tried}");
            assert_eq!(tried["visible"].get("cost").is_some(), is_open, "{tried}");
        }
        visit.edit(&mei, &items(&list)[0], json!({"cost": 2})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn paths_through_links_show_no_more_than_the_linked_records_do() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Shop").await;
        let customer = [text("name"), select("region", &["north", "south"]), number("credit", 0)];
        let customer = app.form(form("customer", customer)).await;
        let rows = [("Nora", "north"), ("Sam", "south")]
            .map(|(name, region)| json!({"name": name, "region": region, "credit": 7}));
        let customers = customer.add_all(rows).await;
        let seen_credit = Field::new("credit", "lookup").option("link", "customer").option("field", "credit");
        let order = app.form(form("order", [text("no"), link("customer", "customer"), seen_credit])).await;
        order
            .add_all(
                [("1", 0), ("2", 1), ("3", 1)].map(|(no, at)| json!({"no": no, "customer": customers[at]})),
            )
            .await;
        let mei = workspace.person("mei").await;
        order.allow(group("all", &[&mei.id])).await;
        let north = test("region", "eq", "north");
        customer.allow(group("north", &[&mei.id]).rows(north).field("credit", "none")).await;

        let found = async |filter: Value| {
            let page = order.query(&mei, json!({"filter": filter, "sort": [{"field": "no"}]})).await.ok();
            values_of(&page, "no").concat()
        };
        assert_eq!(found(test("customer.name", "eq", "Nora")).await, "1");
        assert_eq!(found(test("customer.name", "eq", "Sam")).await, "");
        assert_eq!(found(json!({"field": "customer.name", "op": "is_empty"})).await, "23");
        let by_name =
            json!({"group": [{"field": "customer.name"}], "measures": [{"key": "n", "fn": "count"}]});
        let groups = order.add_up(&mei, by_name.clone()).await.ok().to_string();
        assert!(groups.contains("Nora") && !groups.contains("Sam"), "{groups}");
        assert!(order.add_up(admin, by_name).await.ok().to_string().contains("Sam"));
        order.query(&mei, json!({"sort": [{"field": "customer.name"}]})).await.ok();
        let closed = order.query(&mei, json!({"filter": test("customer.credit", "eq", 7)})).await;
        closed.refused(422, "unknown_field");
        let page = order.query(&mei, json!({"sort": [{"field": "no"}]})).await.ok();
        assert_eq!(items(&page)[0]["fields"]["credit"], Value::Null);
        let page = order.query(admin, json!({"sort": [{"field": "no"}]})).await.ok();
        assert_eq!(items(&page)[0]["fields"]["credit"], "7");
    })
    .await;
}

#[tokio::test]
async fn t04_a_form_of_ones_own_reads_nothing_that_its_maker_may_not() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Pay").await;
        let pay = app.form(form("pay", [text("name"), number("cost", 0)])).await;
        pay.add(json!({"name": "Bob", "cost": 12345})).await;
        let mei = workspace.person("mei").await;
        pay.allow(group("names", &[&mei.id]).may(&["view"]).field("*", "read").field("cost", "none")).await;
        let own = mei.post("/apps", json!({"label": "Own"})).await.created();
        let target = format!("{}/pay", app.key);
        let linked = link("of", &target).option("on_target_delete", "clear");
        let make = async |key: &str, more: Field| {
            let document = form(key, [text("note"), linked.clone(), more]);
            mei.post(&format!("/apps/{}/forms", id_of(&own)), document.document()).await
        };
        make("a", number("copy", 0).computed("of.cost")).await.refused(422, "unknown_field");
        let lookup = Field::new("seen", "lookup").option("link", "of").option("field", "cost");
        make("b", lookup).await.refused(422, "unknown_field");
        let titled = form("t", [text("note"), linked.clone()]).with("title", "{of.cost}").document();
        let titled = mei.post(&format!("/apps/{}/forms", id_of(&own)), titled).await;
        titled.refused(422, "unknown_field");
        let made = make("c", text("copy").computed("of.name")).await.created();
        // Neither by who sees which rows, nor by the way or the name of a flow.
        let made = format!("/forms/{}", id_of(&made));
        let rows = group("rich", &[&mei.id]).rows(test("of.cost", "gt", 100)).document();
        mei.post(&format!("{made}/permissions"), rows).await.refused(403, "reads_hidden_field");
        let rows = group("bob", &[&mei.id]).rows(test("of.name", "eq", "Bob")).document();
        mei.post(&format!("{made}/permissions"), rows).await.created();
        let step = approve("boss", &[&mei.id], json!({}));
        let flow = json!({"format": 1, "label": "Flow", "title": "{of.cost}", "steps": [step]});
        mei.put(&format!("{made}/flow/draft"), "*", flow).await.ok();
        mei.post(&format!("{made}/flow/publish"), json!({})).await.refused(403, "reads_hidden_field");
    })
    .await;
}

/// What is kept or decided follows every record, whoever looks; so it would go on telling of one that its maker sees no more.
#[tokio::test]
async fn a_design_keeps_and_decides_by_nothing_of_records_that_its_maker_does_not_see() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Pay").await;
        let person = app.form(form("person", [text("name"), select("region", &["north", "south"])])).await;
        let ann = person.add(json!({"name": "Ann", "region": "north"})).await;
        let mei = workspace.person("mei").await;
        let north = group("north", &[&mei.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        let own = mei.post("/apps", json!({"label": "Own"})).await.created();
        let target = format!("{}/person", app.key);
        let linked = link("of", &target).option("on_target_delete", "clear");
        let seen = Field::new("seen", "lookup").option("link", "of").option("field", "name");
        let make = async |key: &str, more: Field| {
            let document = form(key, [text("note"), linked.clone(), seen.clone(), more]).document();
            mei.post(&format!("/apps/{}/forms", id_of(&own)), document).await
        };
        for (key, more) in [
            ("a", text("copy").computed("of.name")),
            ("b", text("copy").computed("seen")),
            ("c", text("copy").default_to("of.name")),
            ("d", text("copy").with("visible_when", test("of.name", "eq", "Ann"))),
            ("e", text("copy").with("required_when", test("of.name", "eq", "Ann"))),
        ] {
            make(key, more).await.refused(403, "reads_hidden_records");
        }
        let script = json!({"key": "mark", "source": "let a = 1;"});
        mei.post(&format!("/apps/{}/scripts", id_of(&own)), script).await.created();
        let bound = json!([{"on": "submit", "when": test("of.name", "eq", "Ann"), "script": "mark"}]);
        let document = form("s", [text("note"), linked.clone()]).with("scripts", bound).document();
        let made = mei.post(&format!("/apps/{}/forms", id_of(&own)), document).await;
        made.refused(403, "reads_hidden_records");
        // What she shows, she shows with the eyes of who looks.
        let live = Field::new("live", "formula").option("formula", "of.name & '!'").option("type", "text");
        let made = format!("/forms/{}", id_of(&make("f", live).await.created()));
        let rows = group("ann", &[&mei.id]).rows(test("of.name", "ne", "Zoe")).document();
        let document = json!({"document": rows});
        for (path, body) in [("", &rows), ("/preview", &document), ("/dry-run", &document)] {
            let answer = mei.post(&format!("{made}/permissions{path}"), body.clone()).await;
            answer.refused(403, "reads_hidden_records");
        }
        let by_way_of = group("live", &[&mei.id]).rows(test("live", "eq", "Ann!")).document();
        let answer = mei.post(&format!("{made}/permissions"), by_way_of).await;
        answer.refused(403, "reads_hidden_records");
        let boss = approve("boss", &[&mei.id], json!({}));
        let arm = json!({"key": "ann", "label": "Ann", "when": test("of.name", "eq", "Ann"), "steps": [boss]});
        let branch = json!({"kind": "branch", "key": "who", "label": "who", "mode": "exclusive", "arms": [arm],
            "default": {"steps": []}});
        let mut by_way_of = branch.clone();
        by_way_of["arms"][0]["when"] = test("live", "eq", "Ann!");
        let flow = |title: &str, step: &Value| json!({"format": 1, "label": "Flow", "title": title, "steps": [step]});
        for flow in [flow("{label}", &branch), flow("{label}", &by_way_of), flow("{of.name}", &boss)] {
            mei.put(&format!("{made}/flow/draft"), "*", flow).await.ok();
            let published = mei.post(&format!("{made}/flow/publish"), json!({})).await;
            published.refused(403, "reads_hidden_records");
        }

        // Why somebody sees a record tells nothing of what it links to, either.
        let record = mei.post(&format!("{made}/records"), json!({"fields": {"of": ann["id"]}})).await.created();
        assert_eq!(record["fields"]["seen"], "Ann");
        workspace.admin.post(&format!("{made}/permissions"), rows).await.created();
        person.edit(&workspace.admin, &ann, json!({"name": "Anna", "region": "south"})).await.ok();
        let record = format!("{made}/records/{}", id_of(&record));
        let edited = mei.patch(&record, 1, json!({"fields": {"note": "x"}})).await.ok();
        let explained = mei.get(&format!("{record}/explain?member={}", mei.id)).await.ok();
        assert!(!format!("{edited} {explained}").contains("Anna"), "{edited} {explained}");
    })
    .await;
}

#[tokio::test]
async fn a_record_is_called_by_what_its_reader_may_read() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Names").await;
        let patient = form("patient", [text("no"), text("illness")]).with("title", "{no} {illness}");
        let patient = app.form(patient).await;
        let visit = form("visit", [text("note"), link("who", "patient"), link("secret", "patient")]);
        let visit = app.form(visit).await;
        let mei = workspace.person("mei").await;
        patient.allow(group("clerks", &[&mei.id]).may(&["view"]).field("illness", "none")).await;
        visit.allow(group("clerks", &[&mei.id]).may(&["view"]).field("secret", "none")).await;
        let one = patient.add(json!({"no": "P1", "illness": "gout"})).await;
        let two = patient.add(json!({"no": "P2", "illness": "flu"})).await;
        visit.add(json!({"note": "n", "who": one["id"], "secret": two["id"]})).await;

        let titles = visit.query(&mei, json!({"titles": true})).await.ok()["titles"][&patient.id].clone();
        assert_eq!(titles, json!({(id_of(&one)): "P1"}));
        let options = mei.get(&visit.path("/fields/who/options?q=P1")).await.ok();
        assert_eq!((items(&options).len(), &items(&options)[0]["title"]), (1, &json!("P1")));
        let whole = visit.query(&workspace.admin, json!({"titles": true})).await.ok();
        assert_eq!(whole["titles"][&patient.id], json!({(id_of(&one)): "P1 gout", (id_of(&two)): "P2 flu"}));
    })
    .await;
}

/// A request has a name that is kept. Who sees the request reads of it what they may see of the records that it links to.
#[tokio::test]
async fn a_request_is_called_by_what_its_reader_may_see_behind_links() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Names").await;
        let patient = app.form(form("patient", [text("name"), select("region", &["north", "south"])])).await;
        let stay = form("stay", [text("note"), link("who", "patient")]).with("title", "{note} {who.name}");
        let stay = app.form(stay).await;
        let (mei, ana) = (workspace.person("mei").await, workspace.person("ana").await);
        stay.flow(json!([approve("boss", &[&ana.id], json!({}))])).await;
        stay.allow(group("clerks", &[&mei.id]).may(&["view", "create"])).await;
        let north = group("north", &[&mei.id]).may(&["view"]).rows(test("region", "eq", "north"));
        patient.allow(north).await;
        let ann = patient.add(json!({"name": "Ann", "region": "north"})).await;
        let made = stay.create(&mei, json!({"note": "A1", "who": ann["id"]})).await.created();
        let instance = format!("/instances/{}", id_of(&made["instance"]));
        let title = async |who: &Client| who.get(&instance).await.ok()["title"].clone();
        assert_eq!(title(admin).await, "stay A1 Ann");
        assert_eq!(title(&mei).await, "stay A1 Ann");
        // Who decides sees that there is somebody, and not who; so does the submitter, once that is closed to them.
        assert_eq!(title(&ana).await, "stay A1");
        let todo = ana.get("/tasks?box=todo").await.ok();
        assert_eq!(items(&todo)[0]["title"], "stay A1");
        patient.edit(admin, &ann, json!({"region": "south"})).await.ok();
        assert_eq!(title(&mei).await, "stay A1");
        let started = mei.get("/tasks?box=started").await.ok();
        assert_eq!(items(&started)[0]["title"], "stay A1");
        // And who administers this form alone.
        let eva = workspace.person("eva").await;
        let admins = json!({"admins": [{"members": [eva.id]}]});
        admin.put(&stay.path("/admins"), "*", admins).await.ok();
        let counted = stay.path("/flow/figures/requests?which=running");
        let named = async |who: &Client| items(&who.get(&counted).await.ok())[0]["title"].clone();
        assert_eq!(named(admin).await, "stay A1 Ann");
        assert_eq!(named(&eva).await, "stay A1");
    })
    .await;
}

#[tokio::test]
async fn a_figure_over_what_links_here_is_the_same_for_all_who_may_read_it() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Sales").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let order = [link("customer", "customer"), select("state", &["open", "done"]), number("amount", 2)];
        let order = app.form(form("order", order)).await;
        let rollup = |key: &str, function: &str| {
            let field = Field::new(key, "rollup").option("form", "order").option("link", "customer");
            if function == "count" {
                field.option("fn", function)
            } else {
                field.option("fn", function).option("field", "amount")
            }
        };
        let figures = ["first", "last", "sum", "count"];
        let rollups = figures.map(|fun| json!({"do": "add_field", "field": rollup(fun, fun).value()}));
        customer.extend(json!(rollups)).await;
        let double = Field::new("double", "formula").option("formula", "sum * 2").option("type", "number");
        customer.extend(json!([{"do": "add_field", "field": double.value()}])).await;
        let mei = workspace.person("mei").await;
        customer.allow(group("readers", &[&mei.id]).may(&["view"]).field("last", "none")).await;
        // She reads one of the orders, and none of the amounts.
        let done = test("state", "eq", "done");
        order.allow(group("some", &[&mei.id]).may(&["view"]).rows(done).field("amount", "none")).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        for (state, amount) in [("open", 10), ("done", 20)] {
            order.add(json!({"customer": ann["id"], "state": state, "amount": amount})).await;
        }
        let shown = async |who: &Client| {
            let seen = customer.read(who, &ann).await.ok();
            let listed = items(&customer.query(who, json!({})).await.ok())[0]["fields"].clone();
            assert_eq!(listed, seen["fields"]);
            json!(["first", "last", "sum", "count", "double"].map(|field| seen["fields"][field].clone()))
        };
        assert_eq!(shown(&workspace.admin).await, json!(["10.00", "20.00", "30.00", "2", "60.00000000"]));
        assert_eq!(shown(&mei).await, json!(["10.00", null, "30.00", "2", "60.00000000"]));
        // What kind of figures they are she is told, and nothing of what is counted.
        let design = mei.get(&customer.path("")).await.ok();
        let fields = design["definition"]["fields"].as_array().unwrap();
        let keys: Vec<_> = fields.iter().map(|field| field["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["name", "first", "sum", "count", "double"]);
        let said = design.to_string();
        assert!(!said.contains("amount"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn a_figure_over_what_links_here_is_made_by_those_who_administer_what_it_counts() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let own = mei.post("/apps", json!({"label": "Own"})).await.created();
        let task = form("task", [text("name"), link("part_of", "task")]).document();
        let task = mei.post(&format!("/apps/{}/forms", id_of(&own)), task).await.created();
        let target = format!("{}/task", own["key"].as_str().unwrap());
        let app = workspace.app("Pay").await;
        let person = app.form(form("person", [text("name"), number("cost", 0), link("task", &target)])).await;
        // She reads all fields of the people who are hers, which are none.
        let hers = json!({"field": "$owner", "op": "eq", "value": {"var": "me"}});
        person.allow(group("own", &[&mei.id]).may(&["view"]).field("*", "read").rows(hers)).await;
        let figure = |key: &str, form: &str, link: &str| {
            Field::new(key, "rollup").option("form", form).option("link", link)
        };
        let counted = format!("{}/person", app.key);
        let task = format!("/forms/{}", id_of(&task));
        let edit = async |edits: Value| {
            let base = mei.get(&format!("{task}/draft")).await.ok()["base"].clone();
            mei.post(&format!("{task}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
        };
        let publish = async || mei.post(&format!("{task}/publish"), json!({})).await;
        for field in [
            figure("sum", &counted, "task").option("fn", "sum").option("field", "cost"),
            figure("rich", &counted, "task").option("fn", "count").option("filter", test("cost", "gt", 100)),
            figure("people", &counted, "task").option("fn", "count"),
        ] {
            let field = field.value();
            edit(json!([{"do": "add_field", "field": field}])).await;
            publish().await.refused(403, "reads_hidden_field");
            edit(json!([{"do": "remove_field", "key": field["key"]}])).await;
        }
        // Her own form counts itself, and what comes into it together with the figure.
        let hours = number("hours", 0).value();
        let parts = figure("parts", "task", "part_of").option("fn", "sum").option("field", "hours").value();
        edit(json!([{"do": "add_field", "field": hours}, {"do": "add_field", "field": parts}])).await;
        publish().await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_figure_keeps_its_place_where_one_column_of_it_is_closed() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Shop").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let rows = Field::new("lines", "subform");
        let rows = rows.option("fields", json!([number("cost", 2).value(), number("qty", 0).value()]));
        let order = app.form(form("order", [link("customer", "customer"), rows])).await;
        let figure = Field::new("cost", "rollup").option("form", "order").option("link", "customer");
        let figure = figure.option("fn", "sum").option("field", "lines.cost");
        customer.extend(json!([{"do": "add_field", "field": figure.value()}])).await;
        let mei = workspace.person("mei").await;
        customer.allow(group("readers", &[&mei.id]).may(&["view"]).field("*", "read")).await;
        order.allow(group("readers", &[&mei.id]).may(&["view"]).field("lines.cost", "none")).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        order
            .add(json!({"customer": ann["id"], "lines": [{"cost": "2.50", "qty": 1}, {"cost": 3, "qty": 1}]}))
            .await;
        let design = mei.get(&customer.path("")).await.ok();
        let fields = design["definition"]["fields"].as_array().unwrap();
        assert_eq!(fields.len(), 2, "{design}");
        assert_eq!(customer.read(&mei, &ann).await.ok()["fields"]["cost"], "5.50");
    })
    .await;
}

#[tokio::test]
async fn a_new_record_computes_with_the_figures_over_nothing() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Credit").await;
        let customer = app.form(form("customer", [text("name"), number("credit", 2)])).await;
        let order = [link("customer", "customer"), number("amount", 2)];
        app.form(form("order", order)).await;
        let spent = Field::new("spent", "rollup").option("form", "order").option("link", "customer");
        let spent = spent.option("fn", "sum").option("field", "amount");
        let left = Field::new("left", "formula").option("formula", "credit - spent");
        let left = left.option("type", "number").option("scale", 2);
        let edits = [spent, left].map(|field| json!({"do": "add_field", "field": field.value()}));
        customer.extend(json!(edits)).await;
        let ann = customer.add(json!({"name": "Ann", "credit": 100})).await;
        assert_eq!((&ann["fields"]["spent"], &ann["fields"]["left"]), (&json!("0.00"), &json!("100.00")));
        let draft = json!({"record": {"name": "Bob", "credit": 50}});
        let draft = workspace.admin.post(&customer.path("/evaluate"), draft).await.ok();
        assert_eq!(draft["values"]["left"], "50.00", "{draft}");
    })
    .await;
}

#[tokio::test]
async fn a_figure_over_what_became_live_says_so_and_nothing_else_breaks() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Work").await;
        let job = app.form(form("job", [text("name")])).await;
        let double =
            Field::new("double", "formula").option("formula", "1 + DAY(TODAY())").option("type", "number");
        let step = app.form(form("step", [link("job", "job"), number("n", 0), double])).await;
        let sum = Field::new("sum", "rollup").option("form", "step").option("link", "job");
        let sum = sum.option("fn", "sum").option("field", "double");
        job.extend(json!([{"do": "add_field", "field": sum.value()}])).await;
        let one = job.add(json!({"name": "One"})).await;
        step.add(json!({"job": one["id"], "n": 1})).await;
        let seen = job.read(&workspace.admin, &one).await.ok();
        assert_eq!(
            (&seen["fields"]["name"], &seen["fields"]["sum"]),
            (&json!("One"), &json!({"error": "#REF!"}))
        );
    })
    .await;
}

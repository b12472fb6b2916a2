//! Permission groups: who does what with which records and fields, on every way to them.

use serde_json::{Value, json};
use tests::design::{Field, form, group, link, number, select, subform, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of, version_of};
use tests::{Form, Workspace};

/// Orders of two regions with a cost that not everybody sees.
async fn orders(workspace: &Workspace) -> Form {
    let order = workspace
        .form(form(
            "order",
            [
                text("name"),
                select("region", &["north", "south"]),
                number("amount", 2),
                number("cost", 2),
                subform("lines", [text("item"), number("price", 2)]),
            ],
        ))
        .await;
    let row = |n: i64| {
        let region = if n % 2 == 0 { "north" } else { "south" };
        json!({"name": format!("o{n}"), "region": region, "amount": n * 10, "cost": n, "lines": [{"item": "a", "price": n}]})
    };
    order.add_all((1..=6).map(row)).await;
    order
}

#[tokio::test]
async fn a_form_without_groups_is_its_administrators_alone() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        let some = items(&order.query(&workspace.admin, json!({})).await.ok())[0].clone();
        for path in
            ["", "/records", "/schema", "/draft", "/permissions", "/fields/name/options", "/flow/draft"]
        {
            mei.get(&order.path(path)).await.refused(404, "not_found");
        }
        for path in ["/records", "/records/query", "/records/bulk", "/evaluate", "/publish"] {
            let body = match path {
                "/records/bulk" => json!({"delete": [some["id"]]}),
                "/evaluate" => json!({"record": {}}),
                _ => json!({}),
            };
            mei.post(&order.path(path), body).await.refused(404, "not_found");
        }
        mei.post(&order.path("/aggregate"), json!({"measures": [{"key": "n", "fn": "count"}]}))
            .await
            .refused(404, "not_found");
        order.read(&mei, &some).await.refused(404, "not_found");
        mei.delete(&order.at(&some), 1).await.refused(404, "not_found");
        mei.get(&format!("{}/history", order.at(&some))).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn operations_are_what_a_group_allows() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        let some = items(&order.query(&mei, json!({})).await.ok())[0].clone();
        assert_eq!(order.read(&mei, &some).await.ok()["fields"]["name"], some["fields"]["name"]);
        order.create(&mei, json!({"name": "x"})).await.refused(403, "forbidden");
        order.edit(&mei, &some, json!({"name": "x"})).await.refused(403, "forbidden");
        mei.delete(&order.at(&some), 1).await.refused(403, "forbidden");
        order.query(&mei, json!({"deleted": true})).await.refused(403, "forbidden");
        mei.post(&order.path("/records/bulk"), json!({"create": [{"fields": {"name": "x"}}]}))
            .await
            .refused(403, "forbidden");
        mei.get(&order.path("/draft")).await.refused(403, "forbidden");
        mei.post(&order.path("/permissions"), group("own", &[&mei.id]).document())
            .await
            .refused(403, "forbidden");
        let may = mei.get(&order.path("")).await.ok()["may"].clone();
        assert_eq!(may["operations"], json!(["view"]));

        // Who may only create sees nothing, not even what they made.
        let tom = workspace.person("tom").await;
        order.allow(group("senders", &[&tom.id]).may(&["create"])).await;
        let made = order.create(&tom, json!({"name": "sent"})).await.created();
        order.read(&tom, &made).await.refused(404, "not_found");
        order.query(&tom, json!({})).await.refused(403, "forbidden");
        order
            .add_up(&tom, json!({"measures": [{"key": "n", "fn": "count"}]}))
            .await
            .refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn rows_hold_in_lists_counts_sums_history_and_single_reads() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order.allow(group("north", &[&mei.id]).rows(test("region", "eq", "north"))).await;
        let list = order.query(&mei, json!({"sort": [{"field": "name"}], "count": "exact"})).await.ok();
        assert_eq!((values_of(&list, "name"), &list["count"]["value"]), (vec!["o2", "o4", "o6"], &json!(3)));
        let none = order.query(&mei, json!({"filter": test("region", "eq", "south"), "count": "exact"})).await.ok();
        assert_eq!((items(&none).len(), &none["count"]["value"]), (0, &json!(0)));
        let summed = order.add_up(&mei, json!({"group": [{"field": "region"}], "measures": [{"key": "sum", "fn": "sum", "field": "amount"}]})).await.ok();
        assert_eq!(summed["rows"], json!([{"group": ["north"], "values": {"sum": "120.00"}}]));

        let all = order.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let (south, north) = (items(&all)[0].clone(), items(&all)[1].clone());
        order.read(&mei, &south).await.refused(404, "not_found");
        order.edit(&mei, &south, json!({"amount": 1})).await.refused(404, "not_found");
        mei.delete(&order.at(&south), 1).await.refused(404, "not_found");
        mei.get(&format!("{}/history", order.at(&south))).await.refused(404, "not_found");
        mei.post(&order.path("/evaluate"), json!({"record": {}, "id": south["id"]})).await.refused(404, "not_found");
        let bulk = json!({"update": [{"id": south["id"], "fields": {"amount": 1}}]});
        mei.post(&order.path("/records/bulk"), bulk).await.refused(404, "not_found");
        // The stranger's record answers as one that never was.
        let never = mei.get(&order.path("/records/0sbqd00000001")).await.refused(404, "not_found");
        let hidden = order.read(&mei, &south).await.refused(404, "not_found");
        assert_eq!((&never["title"], &never["detail"]), (&hidden["title"], &hidden["detail"]));

        // After a change the record lies in one's rows.
        order.create(&mei, json!({"region": "south"})).await.refused(403, "outside_your_rows");
        order.create(&mei, json!({"region": "north"})).await.created();
        order.edit(&mei, &north, json!({"region": "south"})).await.refused(403, "outside_your_rows");
        assert_eq!(order.read(admin, &north).await.ok()["fields"]["region"], "north");
        let leaving = group("leaving", &[&mei.id]).may(&["view", "edit", "may_leave"]).rows(test("region", "eq", "north"));
        order.allow(leaving).await;
        order.edit(&mei, &north, json!({"region": "south"})).await.ok();
        order.read(&mei, &north).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_hidden_field_is_nowhere_to_be_found() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order
            .allow(
                group("clerks", &[&mei.id])
                    .field("cost", "none")
                    .field("amount", "read")
                    .field("lines.price", "none"),
            )
            .await;
        let list = order.query(&mei, json!({"fields": ["name", "lines"]})).await.ok();
        assert!(!list.to_string().contains("price"), "{list}");
        let some = items(&order.query(&mei, json!({})).await.ok())[0].clone();
        let seen = order.read(&mei, &some).await.ok();
        assert!(
            seen["fields"].get("cost").is_none() && seen["fields"]["lines"][0].get("price").is_none(),
            "{seen}"
        );
        assert_eq!(seen["fields"]["lines"][0]["item"], "a");

        let unknown =
            async |query: Value| faults(&order.query(&mei, query).await.refused(422, "unknown_field"));
        assert_eq!(unknown(json!({"filter": test("cost", "gt", 1)})).await, ["filter: unknown_field"]);
        assert_eq!(unknown(json!({"filter": test("lines.price", "gt", 1)})).await, ["filter: unknown_field"]);
        assert_eq!(
            unknown(json!({"filter": test("amount", "gt", json!({"field": "cost"}))})).await,
            ["filter: unknown_field"]
        );
        assert_eq!(unknown(json!({"sort": [{"field": "cost"}]})).await, ["sort.0: unknown_field"]);
        assert_eq!(unknown(json!({"fields": ["cost"]})).await, ["fields.0: unknown_field"]);
        for measures in [
            json!([{"key": "s", "fn": "sum", "field": "cost"}]),
            json!([{"key": "s", "fn": "max", "field": "cost"}]),
        ] {
            order.add_up(&mei, json!({"measures": measures})).await.refused(422, "unknown_field");
        }
        let grouped = json!({"group": [{"field": "cost"}], "measures": [{"key": "n", "fn": "count"}]});
        order.add_up(&mei, grouped).await.refused(422, "unknown_field");

        // Writing it is refused like a field that does not exist; a readable one like one that can't be set.
        let hidden = order.edit(&mei, &seen, json!({"cost": 1})).await.refused(422, "unknown_field");
        assert_eq!(faults(&hidden), ["fields.cost: unknown_field"]);
        let never = order.edit(&mei, &seen, json!({"nothing": 1})).await.refused(422, "unknown_field");
        assert_eq!(hidden["title"], never["title"]);
        let readable = order.edit(&mei, &seen, json!({"amount": 1})).await.refused(422, "not_writable");
        assert_eq!(faults(&readable), ["fields.amount: not_writable"]);
        order.edit(&mei, &seen, json!({"amount": seen["fields"]["amount"], "name": "renamed"})).await.ok();
        let whole = order.read(admin, &seen).await.ok();
        assert_eq!(
            (&whole["fields"]["name"], whole["fields"]["cost"].is_string()),
            (&json!("renamed"), true)
        );
        // What stays hidden stays stored, rows of a sub-form included.
        let rows = json!({"lines": [{"id": seen["fields"]["lines"][0]["id"], "item": "b"}, {"item": "c"}]});
        order.edit(&mei, &whole, rows).await.ok();
        let whole = order.read(admin, &seen).await.ok();
        assert!(whole["fields"]["lines"][0]["price"].is_string(), "{whole}");
        // Its changes are in nobody's history who may not see it.
        order.edit(admin, &whole, json!({"cost": 77})).await.ok();
        let history = mei.get(&format!("{}/history", order.at(&seen))).await.ok();
        assert!(!history.to_string().contains("cost") && !history.to_string().contains("price"), "{history}");
        let evaluated =
            mei.post(&order.path("/evaluate"), json!({"record": {}, "id": seen["id"]})).await.ok();
        assert!(!evaluated.to_string().contains("cost"), "{evaluated}");
    })
    .await;
}

#[tokio::test]
async fn groups_add_up_record_by_record() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        // North is hers to edit without its cost; south she reads, with it.
        let north = group("north", &[&mei.id]).field("cost", "none").rows(test("region", "eq", "north"));
        let south = group("south", &[&mei.id]).may(&["view"]).field("*", "read").rows(test("region", "eq", "south"));
        order.allow(north).await;
        order.allow(south).await;
        let list = order.query(&mei, json!({"sort": [{"field": "name"}]})).await.ok();
        let costs: Vec<_> = items(&list).iter().map(|record| record["fields"].get("cost").is_some()).collect();
        assert_eq!(costs, [true, false, true, false, true, false]);
        // Where it is not readable it counts as empty.
        let found = order.query(&mei, json!({"filter": test("cost", "gt", 0), "count": "exact"})).await.ok();
        assert_eq!(found["count"]["value"], 3);
        let empty = order.query(&mei, json!({"filter": {"field": "cost", "op": "is_empty"}, "count": "exact"})).await.ok();
        assert_eq!(empty["count"]["value"], 3);
        let summed = order.add_up(&mei, json!({"measures": [{"key": "sum", "fn": "sum", "field": "cost"}, {"key": "n", "fn": "count"}]})).await.ok();
        assert_eq!(summed["rows"][0]["values"], json!({"sum": "9.00", "n": "6"}));
        let by_cost = order.query(&mei, json!({"sort": [{"field": "cost", "desc": true}], "limit": 4})).await.ok();
        assert_eq!(values_of(&by_cost, "name")[..3], ["o5", "o3", "o1"]);
        let rest = order.query(&mei, json!({"sort": [{"field": "cost", "desc": true}], "limit": 4, "cursor": by_cost["next"]})).await.ok();
        assert_eq!(items(&by_cost).len() + items(&rest).len(), 6);

        let (o1, o2) = (&items(&list)[0], &items(&list)[1]);
        order.edit(&mei, o1, json!({"name": "x"})).await.refused(403, "forbidden");
        let o2 = &order.edit(&mei, o2, json!({"name": "x"})).await.ok();
        order.edit(&mei, o2, json!({"cost": 1})).await.refused(422, "unknown_field");

        // What one group alone would show.
        let alone = order.query(&mei, json!({"permission_group": "south", "count": "exact"})).await.ok();
        assert_eq!(alone["count"]["value"], 3);
        let other = order.query(&mei, json!({"permission_group": "nothing"})).await.refused(422, "validation");
        assert_eq!(faults(&other), ["permission_group: unknown_group"]);

        // A group that is switched off gives nothing.
        let groups = admin.get(&order.path("/permissions")).await.ok();
        let south = items(&groups).iter().find(|group| group["document"]["key"] == "south").unwrap();
        let mut document = south["document"].clone();
        document["enabled"] = json!(false);
        let path = order.path(&format!("/permissions/{}", id_of(south)));
        admin.put(&path, "\"9\"", document.clone()).await.refused(412, "stale");
        admin.put(&path, "\"1\"", document).await.ok();
        assert_eq!(items(&order.query(&mei, json!({})).await.ok()).len(), 3);
        admin.delete(&path, 2).await.with_status(204);
        assert_eq!(items(&admin.get(&order.path("/permissions")).await.ok()).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn rows_may_depend_on_who_looks() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let own = group("own", &[&mei.id, &tom.id]).rows(test("$owner", "eq", json!({"var": "me"})));
        order.allow(own).await;
        let made = order.create(&mei, json!({"name": "mine"})).await.created();
        order.read(&mei, &made).await.ok();
        order.read(&tom, &made).await.refused(404, "not_found");
        assert_eq!(values_of(&order.query(&mei, json!({})).await.ok(), "name"), ["mine"]);
        assert!(items(&order.query(&tom, json!({})).await.ok()).is_empty());
    })
    .await;
}

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
async fn a_group_that_shows_no_records_does_not_open_the_fields_of_others() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id]).may(&["view"]).field("cost", "none")).await;
        let makers = group("makers", &[&mei.id]).may(&["create", "edit"]);
        order.allow(makers.rows(test("name", "eq", "nowhere"))).await;
        let list = order.query(&mei, json!({})).await.ok();
        assert_eq!(items(&list).len(), 6);
        assert!(!list.to_string().contains("cost"), "{list}");
        let some = &items(&list)[0];
        let seen = order.read(&mei, some).await.ok();
        assert!(seen["fields"].get("cost").is_none(), "{seen}");
        let trial = json!({"record": {}, "id": some["id"]});
        let tried = mei.post(&order.path("/evaluate"), trial).await.ok();
        assert!(!tried.to_string().contains("cost"), "{tried}");
        let sent = json!({"record": {"cost": 5}, "id": some["id"]});
        let tried = mei.post(&order.path("/evaluate"), sent).await.ok();
        assert!(tried["values"].get("cost").is_none(), "{tried}");
        // What it makes is its own to see.
        let made = order.create(&mei, json!({"name": "nowhere", "cost": 5})).await.created();
        assert_eq!(order.read(&mei, &made).await.ok()["fields"]["cost"], "5.00");
    })
    .await;
}

#[tokio::test]
async fn people_belong_to_a_group_by_role_and_department_and_no_longer_than_that() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        let key = format!("clerk_{}", mei.id);
        let role = admin.post("/roles", json!({"key": key, "name": "Clerk"})).await.created();
        let mut document = group("by_role", &[]).document();
        document["who"] = json!({"roles": [key]});
        admin.post(&order.path("/permissions"), document).await.created();
        mei.get(&order.path("")).await.refused(404, "not_found");
        admin.patch(&format!("/roles/{}", id_of(&role)), 1, json!({"members": [mei.id]})).await.ok();
        assert_eq!(items(&order.query(&mei, json!({})).await.ok()).len(), 6);
        admin.patch(&format!("/roles/{}", id_of(&role)), 2, json!({"members": []})).await.ok();
        order.query(&mei, json!({})).await.refused(404, "not_found");

        let department =
            admin.post("/departments", json!({"name": "North", "members": [mei.id]})).await.created();
        let mut document = group("by_department", &[]).may(&["view"]).document();
        document["who"] = json!({"departments": [department["id"]]});
        admin.post(&order.path("/permissions"), document).await.created();
        assert_eq!(items(&order.query(&mei, json!({})).await.ok()).len(), 6);
    })
    .await;
}

#[tokio::test]
async fn a_group_that_names_what_is_not_there_is_refused() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let refused = async |document: Value, code: &str| {
            faults(&admin.post(&order.path("/permissions"), document).await.refused(422, code))
        };
        assert_eq!(
            refused(group("g", &[UNKNOWN]).document(), "validation").await,
            ["/who/members: not_an_id"]
        );
        assert_eq!(refused(group("No Key", &[]).document(), "validation").await, ["/key: invalid_key"]);
        let field = refused(group("g", &[]).field("gone", "read").document(), "unknown_field").await;
        assert!(field[0].starts_with("/fields"), "{field:?}");
        let rows = refused(group("g", &[]).rows(test("gone", "eq", 1)).document(), "unknown_field").await;
        assert!(rows[0].starts_with("/rows"), "{rows:?}");
        assert_eq!(refused(group("g", &[]).may(&["fly"]).document(), "validation").await.len(), 1);
        let mut strange = group("g", &[]).document();
        strange["colour"] = json!("red");
        assert_eq!(refused(strange, "unknown_member").await, ["/colour: unknown_member"]);
        order.allow(group("g", &[])).await;
        admin.post(&order.path("/permissions"), group("g", &[]).document()).await.refused(409, "group_taken");
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
async fn a_form_of_ones_own_reads_nothing_that_its_maker_may_not() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Pay").await;
        let pay = app.form(form("pay", [text("name"), number("cost", 0)])).await;
        pay.add(json!({"name": "Bob", "cost": 12345})).await;
        let mei = workspace.person("mei").await;
        pay.allow(group("names", &[&mei.id]).may(&["view"]).field("*", "read").field("cost", "none")).await;
        let own = mei.post("/apps", json!({"label": "Own"})).await.created();
        let target = format!("{}/pay", app.key);
        let linked = link("of", &target);
        let make = async |key: &str, more: Field| {
            let document = form(key, [text("note"), linked.clone(), more]);
            mei.post(&format!("/apps/{}/forms", id_of(&own)), document.document()).await
        };
        make("a", number("copy", 0).computed("of.cost")).await.refused(403, "reads_hidden_field");
        let lookup = Field::new("seen", "lookup").option("link", "of").option("field", "cost");
        make("b", lookup).await.refused(403, "reads_hidden_field");
        let titled = form("t", [text("note"), linked.clone()]).with("title", "{of.cost}").document();
        let titled = mei.post(&format!("/apps/{}/forms", id_of(&own)), titled).await;
        titled.refused(403, "reads_hidden_field");
        let made = make("c", text("copy").computed("of.name")).await.created();
        // Neither by who sees which rows, nor by the way or the name of a flow.
        let made = format!("/forms/{}", id_of(&made));
        let rows = group("rich", &[&mei.id]).rows(test("of.cost", "gt", 100)).document();
        mei.post(&format!("{made}/permissions"), rows).await.refused(403, "reads_hidden_field");
        let rows = group("bob", &[&mei.id]).rows(test("of.name", "eq", "Bob")).document();
        mei.post(&format!("{made}/permissions"), rows).await.created();
        let step = tests::design::approve("boss", &[&mei.id], json!({}));
        let flow = json!({"format": 1, "label": "Flow", "title": "{of.cost}", "steps": [step]});
        mei.put(&format!("{made}/flow/draft"), "*", flow).await.ok();
        mei.post(&format!("{made}/flow/publish"), json!({})).await.refused(403, "reads_hidden_field");
    })
    .await;
}

#[tokio::test]
async fn a_version_tells_nothing_of_a_record_that_one_may_not_see() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order.allow(group("north", &[&mei.id]).rows(test("region", "eq", "north"))).await;
        let south = order.add(json!({"name": "secret", "region": "south"})).await;
        let draft = json!({"fields": {"name": "unfinished", "region": "north"}, "draft": true});
        let draft = workspace.admin.post(&order.path("/records"), draft).await.created();
        for hidden in [&south, &draft] {
            let path = order.at(hidden);
            mei.patch(&path, 9, json!({"fields": {"name": "x"}})).await.refused(404, "not_found");
            mei.delete(&path, 9).await.refused(404, "not_found");
        }
        // A hidden record and one that never was get the same answer, also as a row of many.
        let told = async |id: &Value| {
            let bulk = json!({"delete": [id]});
            let mut told = mei.post(&order.path("/records/bulk"), bulk).await.refused(404, "not_found");
            told["request_id"] = json!(null);
            told
        };
        let unknown = told(&json!(UNKNOWN)).await;
        assert_eq!(told(&south["id"]).await, unknown);
        assert_eq!(told(&draft["id"]).await, unknown);
        let update = json!({"update": [{"id": south["id"], "version": 9, "fields": {"name": "x"}}]});
        mei.post(&order.path("/records/bulk"), update).await.refused(404, "not_found");
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

#[tokio::test]
async fn records_behind_a_number_tell_no_more_than_the_number() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Pay").await;
        let fields = [text("name"), text("kind"), number("salary", 0)];
        let pay = app.form(form("pay", fields).with("title", "{name} {salary}")).await;
        pay.add_all([
            json!({"name": "Ada", "kind": "a", "salary": 900}),
            json!({"name": "Bob", "kind": "b", "salary": 100}),
        ])
        .await;
        let mei = workspace.person("mei").await;
        let readers = group("readers", &[&mei.id]).may(&["view"]);
        pay.allow(readers.field("salary", "none").field("kind", "none")).await;
        let tile = |key: &str, more: Value| {
            let mut tile = json!({"key": key, "label": key, "at": [0, 0, 6, 3], "kind": "figure",
                "source": "pay", "measures": [{"key": "n", "fn": "count"}]});
            for (member, value) in more.as_object().unwrap() {
                tile[member] = value.clone();
            }
            tile
        };
        let tiles = [
            tile("all", json!({})),
            tile("rich", json!({"filter": test("salary", "gt", "500")})),
            tile("kinds", json!({"kind": "bar", "group": [{"field": "kind"}]})),
        ];
        let readers = json!({"members": [mei.id]});
        let page = json!({"format": 1, "key": "pay", "label": "Pay", "read": readers, "tiles": tiles});
        let page = workspace.admin.post(&app.path("/dashboards"), page).await.created();
        let behind = |key: &str| format!("/dashboards/{}/tiles/{key}/records", id_of(&page));
        for closed in ["rich", "kinds"] {
            mei.post(&behind(closed), json!({})).await.refused(403, "forbidden");
            workspace.admin.post(&behind(closed), json!({})).await.ok();
        }
        mei.post(&behind("kinds"), json!({"row": {"kind": "a"}})).await.refused(403, "forbidden");
        let all = mei.post(&behind("all"), json!({})).await.ok();
        assert_eq!(items(&all).len(), 2);
        let titles = all["titles"].as_object().unwrap().values();
        let titles: Vec<&str> = titles.map(|title| title.as_str().unwrap()).collect();
        assert!(titles.contains(&"Ada") && titles.contains(&"Bob"), "{titles:?}");
    })
    .await;
}

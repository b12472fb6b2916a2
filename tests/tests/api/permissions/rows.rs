//! Which records somebody has to do with.

use serde_json::{Value, json};
use tests::design::{group, test};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of};

use super::orders;

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

//! Administrators are told why somebody may or may not do something, what a group shows, and what a change of it means.

use serde_json::{Value, json};
use tests::design::{approve, form, group, number, test, text};
use tests::workspace::{faults, id_of, items, values_of};
use tests::{Workspace, on_both_shared};

use super::orders;

/// The answer about an operation or a right on a field.
fn answer<'a>(explained: &'a Value, member: &str, name: &str) -> &'a Value {
    let answers = explained["answers"].as_array().unwrap();
    answers.iter().find(|answer| answer[member] == name).unwrap_or_else(|| panic!("{name}: {explained}"))
}

fn finding<'a>(answer: &'a Value, key: &str) -> &'a Value {
    let groups = answer["groups"].as_array().unwrap();
    groups.iter().find(|group| group["key"] == key).unwrap_or_else(|| panic!("{key}: {answer}"))
}

/// What a member gains or loses, as `name: records`.
fn changes(list: &Value) -> Vec<String> {
    let name = |change: &Value| match change["operation"].as_str() {
        Some(operation) => operation.to_owned(),
        None => format!("{} {}", change["right"].as_str().unwrap(), change["field"].as_str().unwrap()),
    };
    let count = |change: &Value| match change["records"]["value"].as_u64() {
        Some(count) => format!(": {count}"),
        None => String::new(),
    };
    list.as_array().unwrap().iter().map(|change| format!("{}{}", name(change), count(change))).collect()
}

#[tokio::test]
async fn why_somebody_may_or_may_not_is_told_by_group_and_part_of_its_condition() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let rich = json!({"all": [test("region", "eq", "north"), test("amount", "gt", 30)]});
        order.allow(group("rich", &[&mei.id]).field("cost", "read").rows(rich)).await;
        order
            .allow(group("readers", &[&mei.id]).may(&["view"]).field("*", "read").field("cost", "none"))
            .await;
        let list = order.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let (o2, o4) = (&items(&list)[1], &items(&list)[3]);
        let path =
            |record: &Value, rest: &str| format!("{}/explain?member={}{rest}", order.at(record), mei.id);

        let explained = admin.get(&path(o2, "")).await.ok();
        assert_eq!(explained["member"], json!({"id": mei.id, "name": "mei"}));
        let view = answer(&explained, "operation", "view");
        assert_eq!((&view["allowed"], &view["text"]), (&json!(true), &json!("mei may view records.")));
        assert_eq!(finding(view, "readers")["finding"], "allows");
        assert_eq!(finding(view, "rich")["finding"], "outside_rows");
        let edit = answer(&explained, "operation", "edit");
        assert_eq!(edit["allowed"], false);
        assert_eq!(finding(edit, "readers")["finding"], "lacks_operation");
        let rows = finding(edit, "rich")["rows"].as_array().unwrap();
        let told: Vec<_> = rows.iter().map(|line| (line["holds"] == true, line["decides"] == true)).collect();
        assert_eq!(told, [(false, true), (true, false), (false, true)], "{rows:?}");
        let amount = &rows[2];
        assert_eq!(
            (&amount["text"], &amount["found"]),
            (&json!("“amount” is above 30.00"), &json!("the record has 20.00"))
        );
        // The same as what really happens.
        order.edit(&mei, o2, json!({"name": "x"})).await.refused(403, "forbidden");

        let cost = admin.get(&path(o4, "&field=cost")).await.ok();
        assert_eq!(answer(&cost, "right", "read")["allowed"], true);
        let change = answer(&cost, "right", "edit");
        assert_eq!(
            (&change["allowed"], &finding(change, "rich")["finding"]),
            (&json!(false), &json!("lacks_field"))
        );
        let hidden = admin.get(&path(o2, "&field=cost")).await.ok();
        assert_eq!(answer(&hidden, "right", "read")["allowed"], false);
        assert!(order.read(&mei, o2).await.ok()["fields"].get("cost").is_none());
        assert!(order.read(&mei, o4).await.ok()["fields"].get("cost").is_some());

        // In the reader's language, and for those whom no group names.
        let chinese = admin.speaking("zh-CN").get(&path(o2, "&operation=edit")).await.ok();
        assert_eq!(answer(&chinese, "operation", "edit")["text"], "mei不可以修改记录。");
        let taiwan = admin.speaking("zh-TW").get(&path(o2, "&operation=edit")).await.ok();
        assert_eq!(answer(&taiwan, "operation", "edit")["text"], "mei不可以修改資料。");
        let nobody = admin.get(&format!("{}/explain?member={}", order.at(o2), tom.id)).await.ok();
        let notes = answer(&nobody, "operation", "view")["notes"].to_string();
        assert!(notes.contains("in no active group"), "{notes}");
        let own = admin.get(&format!("{}/explain", order.at(o2))).await.ok();
        assert_eq!(answer(&own, "operation", "delete")["allowed"], true);

        mei.get(&path(o2, "")).await.refused(403, "forbidden");
        tom.get(&path(o2, "")).await.refused(404, "not_found");
        let unknown = admin.get(&path(o2, "&field=nothing")).await.refused(422, "unknown_field");
        assert_eq!(faults(&unknown), ["field: unknown_field"]);
        admin.get(&order.path("/records/0sbqd00000001/explain")).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn what_a_flow_opens_and_a_draft_hides_is_told_too() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let request = workspace.form(form("request", [text("name"), number("cost", 2)])).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        request.allow(group("makers", &[&mei.id]).may(&["create", "view", "edit"])).await;
        request
            .flow(json!([approve("boss", &[&boss.id], json!({"fields": {"*": "read", "cost": "hidden"}}))]))
            .await;
        let asked = request.create(&mei, json!({"name": "chairs", "cost": 5})).await.created();
        let of = |member: &str| {
            format!("{}/explain?member={member}&operation=view&field=name", request.at(&asked))
        };
        let told = admin.get(&of(&boss.id)).await.ok();
        let view = answer(&told, "operation", "view");
        assert_eq!(view["allowed"], true);
        assert!(view["notes"].to_string().contains("takes part in the flow"), "{view}");
        assert_eq!(answer(&told, "right", "read")["allowed"], true);
        let cost =
            admin.get(&format!("{}/explain?member={}&field=cost", request.at(&asked), boss.id)).await.ok();
        assert_eq!(answer(&cost, "right", "read")["allowed"], false);
        // Who may edit may not while the flow runs.
        let edit =
            admin.get(&format!("{}/explain?member={}&operation=edit", request.at(&asked), mei.id)).await.ok();
        let edit = answer(&edit, "operation", "edit");
        assert_eq!(edit["allowed"], false);
        assert!(edit["notes"].to_string().contains("while it runs"), "{edit}");
        let now = request.read(&mei, &asked).await.ok();
        request.edit(&mei, &now, json!({"name": "x"})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn what_a_group_would_show_is_counted_before_it_is_stored() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let north =
            group("north", &[&mei.id]).may(&["view", "edit"]).field("cost", "none").field("name", "read");
        let north = north.rows(test("region", "eq", "north"));
        let preview = order.path("/permissions/preview");
        let seen = admin.post(&preview, json!({"document": north.document()})).await.ok();
        let counts = |seen: &Value| {
            ["records", "view", "edit", "delete"].map(|name| seen[name]["value"].as_u64().unwrap())
        };
        assert_eq!(counts(&seen), [6, 3, 3, 0]);
        assert_eq!((&seen["members"], &seen["seen_by"]["name"]), (&json!(1), &json!("mei")));
        assert_eq!(
            (&seen["fields"], &seen["readable"], &seen["editable"]),
            (&json!(5), &json!(4), &json!(3))
        );
        assert_eq!(seen["depends_on_member"], false);
        let sample = seen["sample"].as_array().unwrap();
        assert_eq!(sample.len(), 3);
        assert!(sample.iter().all(|record| record["fields"]["region"] == "north"));
        assert!(sample.iter().all(|record| record["fields"].get("cost").is_none()));
        // Nothing was stored.
        assert!(items(&admin.get(&order.path("/permissions")).await.ok()).is_empty());
        order.query(&mei, json!({})).await.refused(404, "not_found");

        // Rows that move with whoever looks are counted as one of the group, or as whom one asks for.
        let own = group("own", &[&mei.id, &tom.id]).rows(test("$owner", "eq", json!({"var": "me"})));
        order.allow(own.clone()).await;
        order.create(&tom, json!({"name": "his"})).await.created();
        let of = async |member: &str| {
            let asked = json!({"document": own.document(), "member": member});
            admin.post(&preview, asked).await.ok()
        };
        let (hers, his) = (of(&mei.id).await, of(&tom.id).await);
        assert_eq!((counts(&hers)[1], counts(&his)[1]), (0, 1));
        assert_eq!(hers["depends_on_member"], true);
        mei.post(&preview, json!({"document": own.document()})).await.refused(403, "forbidden");
        let wrong = group("bad", &[]).rows(test("nothing", "eq", 1)).document();
        admin.post(&preview, json!({"document": wrong})).await.refused(422, "unknown_field");
    })
    .await;
}

#[tokio::test]
async fn departments_and_subordinates_are_rows_that_move_with_whoever_looks() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let note = workspace.form(form("note", [text("name")])).await;
        let (ann, ben, cat) =
            (workspace.person("ann").await, workspace.person("ben").await, workspace.person("cat").await);
        let whole = admin.post("/departments", json!({"name": "Whole", "members": [ann.id]})).await.created();
        let part = json!({"name": "Part", "parent": whole["id"], "members": [ben.id]});
        admin.post("/departments", part).await.created();
        let report = json!({"manager": ann.id});
        admin
            .send(
                admin
                    .request(reqwest::Method::PATCH, &format!("/members/{}", cat.id))
                    .header("if-match", "*")
                    .json(&report),
            )
            .await
            .ok();
        note.allow(group("makers", &[&ann.id, &ben.id, &cat.id]).may(&["create"])).await;
        for (who, name) in [(&ann, "anns"), (&ben, "bens"), (&cat, "cats")] {
            note.create(who, json!({"name": name})).await.created();
        }
        let groups = [
            ("me", json!({"var": "me"}), "eq", "$owner", vec!["anns"]),
            ("mine", json!({"var": "my_departments"}), "in", "$department", vec!["anns", "bens"]),
            ("own", json!({"var": "my_own_departments"}), "in", "$department", vec!["anns"]),
            ("below", json!({"var": "my_subordinates"}), "in", "$owner", vec!["cats"]),
        ];
        for (key, value, operator, field, wanted) in groups {
            note.allow(group(key, &[&ann.id]).may(&["view"]).rows(test(field, operator, value))).await;
            let asked = json!({"permission_group": key, "sort": [{"field": "name"}]});
            assert_eq!(values_of(&note.query(&ann, asked).await.ok(), "name"), wanted, "{key}");
        }
        // The switch of a list offers the groups that show records, and sums follow it.
        let seen = ann.get(&note.path("")).await.ok();
        let offered: Vec<_> =
            seen["groups"].as_array().unwrap().iter().map(|group| group["key"].clone()).collect();
        assert_eq!(offered, ["me", "mine", "own", "below"]);
        let counted = json!({"measures": [{"key": "n", "fn": "count"}], "permission_group": "mine"});
        assert_eq!(note.add_up(&ann, counted).await.ok()["rows"][0]["values"]["n"], "2");
        let foreign = json!({"measures": [{"key": "n", "fn": "count"}], "permission_group": "makers"});
        note.add_up(&ben, foreign).await.refused(403, "forbidden");
        assert!(ben.get(&note.path("")).await.ok().get("groups").is_none());
    })
    .await;
}

#[tokio::test]
async fn who_chooses_a_group_is_told_which_of_their_fields_it_hides() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let order = workspace.form(form("order", [text("name"), number("cost", 2), text("secret")])).await;
        order.allow(group("all", &[&mei.id]).may(&["view"]).field("secret", "none")).await;
        order
            .allow(
                group("some", &[&mei.id])
                    .may(&["view"])
                    .field("*", "read")
                    .field("cost", "none")
                    .field("secret", "none"),
            )
            .await;
        let seen = mei.get(&order.path("")).await.ok();
        let hidden: Vec<_> =
            seen["groups"].as_array().unwrap().iter().map(|group| group["hidden"].clone()).collect();
        // What no group shows them is not told.
        assert_eq!(hidden, [Value::Null, json!(["cost"])]);
        order.query(&mei, json!({"permission_group": "all", "fields": ["name", "cost"]})).await.ok();
        let named = json!({"permission_group": "some", "fields": ["name", "cost"]});
        order.query(&mei, named).await.refused(422, "unknown_field");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_says_who_would_gain_and_lose_what() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let north = group("north", &[&mei.id]).may(&["view", "edit"]).field("cost", "none");
        order.allow(north.clone().rows(test("region", "eq", "north"))).await;
        let stored = admin.get(&order.path("/permissions")).await.ok();
        let id = id_of(&items(&stored)[0]);
        let dry_run = order.path("/permissions/dry-run");
        let of = |change: &Value, who: &str| -> (Vec<String>, Vec<String>) {
            let members = change["members"].as_array().unwrap();
            let found = members.iter().find(|member| member["member"]["id"] == who);
            let found = found.unwrap_or_else(|| panic!("{change}"));
            (changes(&found["gains"]), changes(&found["losses"]))
        };

        // Wider rows, one more person, no more editing, the cost to be read.
        let next = group("north", &[&mei.id, &tom.id]).may(&["view", "create"]).field("*", "read");
        let change = json!({"id": id, "document": next.rows(test("amount", "lte", 40)).document()});
        let told = admin.post(&dry_run, change).await.ok();
        let (gains, losses) = of(&told, &mei.id);
        assert!(gains.contains(&"view: 2".to_owned()) && gains.contains(&"create".to_owned()), "{gains:?}");
        assert!(gains.contains(&"read cost: 4".to_owned()), "{gains:?}");
        assert!(
            losses.contains(&"edit: 3".to_owned()) && losses.contains(&"view: 1".to_owned()),
            "{losses:?}"
        );
        let (gains, losses) = of(&told, &tom.id);
        assert!(gains.contains(&"view: 4".to_owned()) && losses.is_empty(), "{gains:?} {losses:?}");
        assert_eq!(items(&order.query(&mei, json!({})).await.ok()).len(), 3, "nothing was changed");

        // Who administers the form may do all of it anyway: they are told of by their number.
        let all = json!({"document": {"format": 1, "key": "all", "label": "All", "who": {"everyone": true},
            "operations": ["view"], "fields": {"*": "read"}}});
        let told = admin.post(&dry_run, all).await.ok();
        let (bound, administrators) = (told["members"].as_array().unwrap(), told["administrators"].as_u64());
        assert!(administrators >= Some(1), "{told}");
        let me = &admin.get("/me").await.ok()["id"];
        assert!(bound.iter().all(|member| member["member"]["id"] != *me), "{told}");
        // Where no record is there yet, what can be done at all from then on is told all the same.
        let empty = workspace.form(form("empty", [text("name")])).await;
        let first = json!({"document": group("first", &[&mei.id]).may(&["view"]).document()});
        let (gains, losses) = of(&admin.post(&empty.path("/permissions/dry-run"), first).await.ok(), &mei.id);
        assert_eq!((gains, losses), (vec!["view: 0".to_owned()], Vec::new()));

        // Taken away, switched off, and the same again.
        let (gains, losses) = of(&admin.post(&dry_run, json!({"id": id})).await.ok(), &mei.id);
        assert!(gains.is_empty() && losses.contains(&"view: 3".to_owned()), "{gains:?} {losses:?}");
        let mut off = items(&stored)[0]["document"].clone();
        let same = json!({"id": id, "document": off});
        let told = admin.post(&dry_run, same).await.ok();
        assert_eq!((&told["members"], &told["unchanged"]), (&json!([]), &json!(1)));
        off["enabled"] = json!(false);
        let (_, losses) = of(&admin.post(&dry_run, json!({"id": id, "document": off})).await.ok(), &mei.id);
        assert!(losses.contains(&"edit: 3".to_owned()), "{losses:?}");
        // Another group that gives the same takes the loss away.
        order.allow(group("all", &[&mei.id])).await;
        let told = admin.post(&dry_run, json!({"id": id})).await.ok();
        assert_eq!(told["members"], json!([]));

        mei.post(&dry_run, json!({"id": id})).await.refused(403, "forbidden");
        let nothing = admin.post(&dry_run, json!({})).await.refused(422, "validation");
        assert_eq!(faults(&nothing), ["document: required"]);
    })
    .await;
}

/// What somebody in a predefined group alone may do: operations of the form, and how many of the records are seen.
async fn as_offered(workspace: &Workspace, document: &Value) -> (Vec<String>, u64) {
    let order = orders(workspace).await;
    let mei = workspace.person("mei").await;
    let mut document = document.clone();
    document["who"] = json!({"members": [mei.id]});
    workspace.admin.post(&order.path("/permissions"), document).await.created();
    let form = mei.get(&order.path("")).await.ok();
    let operations =
        form["may"]["operations"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
    let list = order.query(&mei, json!({"count": "exact"})).await;
    (operations.collect(), list.body["count"]["value"].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn there_are_groups_to_begin_with() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let note = workspace.form(form("note", [text("name")])).await;
        let offered = admin.get(&note.path("/permissions/predefined")).await.ok();
        let keys: Vec<_> = items(&offered).iter().map(|group| group["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["add_only", "manage_own", "add_and_view_all", "manage_all", "view_all"]);
        for group in items(&offered) {
            for language in ["zh-CN", "zh-TW", "en"] {
                assert!(group["label"][language].as_str().is_some_and(|label| !label.is_empty()), "{group}");
            }
        }
        assert_eq!(as_offered(&workspace, &items(&offered)[0]).await, (vec!["create".to_owned()], 0));
        assert_eq!(as_offered(&workspace, &items(&offered)[1]).await.1, 0);
        let (operations, seen) = as_offered(&workspace, &items(&offered)[2]).await;
        assert!(operations.contains(&"create".to_owned()) && !operations.contains(&"edit".to_owned()));
        assert_eq!(seen, 6);
        assert_eq!(as_offered(&workspace, &items(&offered)[3]).await.1, 6);
        let me = id_of(&admin.get("/me").await.ok());
        note.flow(json!([approve("boss", &[&me], json!({}))])).await;
        let offered = admin.get(&note.path("/permissions/predefined")).await.ok();
        let keys: Vec<_> = items(&offered).iter().map(|group| group["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["start", "view_all", "manage_all"]);
    })
    .await;
}

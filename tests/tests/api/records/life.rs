//! From the first save to the recycle bin and back; drafts; owners.

use serde_json::{Value, json};
use tests::design::{form, group, number, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of, version_of};

#[tokio::test]
async fn a_draft_in_the_bin_is_there_for_its_maker_alone() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Office").await;
        let note = app.form(form("note", [text("name")])).await;
        let (mei, bob) = (workspace.person("mei").await, workspace.person("bob").await);
        note.allow(group("all", &[&mei.id, &bob.id]).may(&["view", "create", "delete"])).await;
        let draft =
            bob.post(&note.path("/records"), json!({"fields": {"name": "mine"}, "draft": true})).await;
        let draft = draft.created();
        let sent = note.create(&bob, json!({"name": "sent"})).await.created();
        for record in [&draft, &sent] {
            bob.delete(&note.at(record), version_of(record)).await;
        }
        let bin = async |who: &tests::Client| {
            let bin = note.query(who, json!({"deleted": true, "count": "exact"})).await.ok();
            let names: Vec<_> = items(&bin).iter().map(|record| record["fields"]["name"].clone()).collect();
            (names.len(), bin["count"]["value"].clone())
        };
        assert_eq!(bin(&bob).await, (2, json!(2)));
        assert_eq!(bin(&mei).await, (1, json!(1)));
    })
    .await;
}

#[tokio::test]
async fn a_record_is_made_read_changed_deleted_and_restored() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name").required(), number("amount", 2)])).await;
        let me = id_of(&admin.get("/me").await.ok());
        let answer = order.create(admin, json!({"name": "  Ann  ", "amount": 12.5})).await;
        assert_eq!(answer.headers["etag"], "\"1\"");
        let made = answer.created();
        assert_eq!(made["fields"], json!({"name": "  Ann", "amount": "12.50"}));
        let system = &made["system"];
        assert_eq!(
            (&system["created_by"], &system["owner"], &system["flow_state"]),
            (&json!(me), &json!(me), &Value::Null)
        );
        assert_eq!(order.read(admin, &made).await.ok()["fields"], made["fields"]);

        let changed = order.edit(admin, &made, json!({"amount": "13"})).await.ok();
        assert_eq!((version_of(&changed), &changed["fields"]["amount"]), (2, &json!("13.00")));
        // Setting what is there already is no change.
        let same = order.edit(admin, &changed, json!({"amount": 13})).await.ok();
        assert_eq!(version_of(&same), 2);

        admin.delete(&order.at(&made), 2).await.with_status(204);
        order.read(admin, &made).await.refused(404, "not_found");
        assert!(items(&order.query(admin, json!({})).await.ok()).is_empty());
        let bin = order.query(admin, json!({"deleted": true})).await.ok();
        assert_eq!(items(&bin)[0]["id"], made["id"]);
        order.edit(admin, &changed, json!({"amount": 1})).await.refused(404, "not_found");
        let back = admin.post(&format!("{}/restore", order.at(&made)), json!({})).await.ok();
        assert_eq!(back["fields"]["amount"], "13.00");
        assert_eq!(order.read(admin, &made).await.ok()["fields"]["name"], "  Ann");
        admin.post(&format!("{}/restore", order.at(&made)), json!({})).await.refused(404, "not_found");

        let history = admin.get(&format!("{}/history", order.at(&made))).await.ok();
        let told = items(&history);
        let versions: Vec<_> = told.iter().map(version_of).collect();
        assert_eq!(versions, [4, 3, 2, 1]);
        assert_eq!(told[2]["changes"], json!({"amount": {"old": "12.50", "new": "13.00"}}));
        assert_eq!(told[3]["changes"]["name"], json!({"old": null, "new": "  Ann"}));
        assert!(told.iter().all(|entry| entry["who"] == me.as_str()));
    })
    .await;
}

#[tokio::test]
async fn the_bin_shows_who_may_delete_what_they_may_take_back() {
    on_both_shared(async |workspace| {
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let note = workspace.form(form("note", [text("name"), text("place")])).await;
        note.allow(group("north", &[&mei.id]).rows(test("place", "eq", "north"))).await;
        note.allow(group("readers", &[&tom.id]).may(&["view"])).await;
        for (name, place) in [("a", "north"), ("b", "south"), ("c", "north")] {
            let made = note.add(json!({"name": name, "place": place})).await;
            let who = if name == "c" { &*mei } else { &workspace.admin };
            who.delete(&note.at(&made), 1).await.with_status(204);
        }
        let asked =
            json!({"deleted": true, "titles": true, "sort": [{"field": "$deleted_at", "desc": true}]});
        let bin = note.query(&mei, asked.clone()).await.ok();
        assert_eq!(values_of(&bin, "name"), ["c", "a"]);
        for record in items(&bin) {
            assert_eq!(record["may"]["operations"], json!(["delete"]));
            assert!(record["system"]["deleted_at"].is_string(), "{record}");
        }
        // Who touched a record in the bin last has deleted it, and is named.
        assert_eq!(items(&bin)[0]["system"]["updated_by"], mei.id.as_str());
        assert_eq!(bin["titles"]["member"][&mei.id], "mei");
        note.query(&tom, asked).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn ones_own_drafts_are_listed_and_nobody_elses() {
    on_both_shared(async |workspace| {
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let note = workspace.form(form("note", [text("name"), number("qty", 0), text("secret")])).await;
        let rows = test("qty", "gt", "0");
        note.allow(group("north", &[&mei.id]).field("secret", "none").rows(rows)).await;
        note.allow(group("makers", &[&tom.id]).may(&["create"])).await;
        let store = async |who: &tests::Client, name: &str, qty: i64| {
            let draft = json!({"fields": {"name": name, "qty": qty}, "draft": true});
            who.post(&note.path("/records"), draft).await.created()
        };
        for (name, qty) in [("a", 2), ("b", 1), ("c", 3)] {
            store(&mei, name, qty).await;
        }
        let toms = store(&tom, "t", 1).await;
        store(&workspace.admin, "mine", 1).await;
        note.add(json!({"name": "north"})).await;
        let listed = async |who: &tests::Client, more: Value| {
            let mut asked =
                json!({"drafts": true, "count": "exact", "sort": [{"field": "qty", "desc": false}]});
            asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            note.query(who, asked).await.ok()
        };
        let all = listed(&mei, json!({})).await;
        assert_eq!(values_of(&all, "name"), ["b", "a", "c"]);
        assert_eq!(all["count"], json!({"value": 3, "exact": true}));
        assert!(items(&all)[0]["fields"].get("secret").is_none(), "{all}");
        assert_eq!(items(&all)[0]["may"]["operations"], json!(["create", "edit", "delete"]));
        let page = listed(&mei, json!({"limit": 2})).await;
        let rest = listed(&mei, json!({"limit": 2, "cursor": page["next"]})).await;
        assert_eq!(values_of(&rest, "name"), ["c"]);
        note.query(&mei, json!({"sort": [{"field": "qty", "desc": false}], "cursor": page["next"]}))
            .await
            .refused(422, "validation");
        // Who makes records and sees none sees what they keep for later.
        assert_eq!(values_of(&listed(&tom, json!({})).await, "name"), ["t"]);
        note.query(&tom, json!({})).await.refused(403, "forbidden");
        assert_eq!(values_of(&listed(&workspace.admin, json!({})).await, "name"), ["mine"]);
        let by_address = tom.get(&note.path("/records?drafts=true")).await.ok();
        assert_eq!(items(&by_address)[0]["id"], toms["id"]);
        let both = note.query(&mei, json!({"drafts": true, "deleted": true})).await;
        assert_eq!(faults(&both.refused(422, "validation")), ["drafts: deleted_or_drafts"]);
        let secret = json!({"drafts": true, "filter": test("secret", "eq", "x")});
        note.query(&mei, secret).await.refused(422, "unknown_field");
        tom.post(&format!("{}/submit", note.at(&toms)), json!({})).await.ok();
        assert!(items(&listed(&tom, json!({})).await).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_unchecked_and_its_creators_alone() {
    on_both_shared(async |workspace| {
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let order = workspace.form(form("order", [text("code").required().unique(), number("qty", 0)])).await;
        order.allow(group("clerks", &[&mei.id, &tom.id])).await;
        let draft = |fields: Value| json!({"fields": fields, "draft": true});
        let post =
            async |who: &tests::Client, fields: Value| who.post(&order.path("/records"), draft(fields)).await;
        let made = post(&mei, json!({"qty": 1})).await.created();
        assert_eq!(made["system"]["flow_state"], "draft");
        post(&mei, json!({"qty": "many"})).await.refused(422, "validation");
        order.read(&tom, &made).await.refused(404, "not_found");
        order.edit(&tom, &made, json!({"qty": 2})).await.refused(404, "not_found");
        assert!(items(&order.query(&tom, json!({})).await.ok()).is_empty());
        let counted = order.add_up(&tom, json!({"measures": [{"key": "n", "fn": "count"}]})).await.ok();
        assert_eq!(counted["rows"][0]["values"]["n"], "0");
        order.read(&workspace.admin, &made).await.ok();

        let submit = format!("{}/submit", order.at(&made));
        tom.post(&submit, json!({})).await.refused(404, "not_found");
        assert_eq!(
            faults(&mei.post(&submit, json!({})).await.refused(422, "validation")),
            ["fields.code: required"]
        );
        // A draft holds no unique value.
        let twin = post(&mei, json!({"code": "A"})).await.created();
        order.add(json!({"code": "A"})).await;
        mei.post(&format!("{}/submit", order.at(&twin)), json!({})).await.refused(409, "not_unique");
        let submitted = mei.post(&submit, json!({"fields": {"code": "B"}})).await.ok();
        assert_eq!(submitted["system"]["flow_state"], Value::Null);
        order.read(&tom, &made).await.ok();
        mei.post(&submit, json!({})).await.refused(409, "not_a_draft");
    })
    .await;
}

/// A record lies in the department in which its owner was when it became theirs, unless another one is named.
#[tokio::test]
async fn a_record_lies_in_the_department_of_whom_it_is_given_to() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom, kim) =
            (workspace.person("mei").await, workspace.person("tom").await, workspace.person("kim").await);
        let department = async |name: &str, members: Value| {
            id_of(&admin.post("/departments", json!({"name": name, "members": members})).await.created())
        };
        let (north, south) =
            (department("North", json!([mei.id])).await, department("South", json!([tom.id])).await);
        let order = workspace.form(form("order", [text("name")])).await;
        order.allow(group("clerks", &[&mei.id])).await;
        let made = order.create(&mei, json!({"name": "x"})).await.created();
        assert_eq!(made["system"]["department"], json!(north));
        let give = async |version: i64, system: Value| {
            let given = admin.patch(&order.at(&made), version, json!({"system": system})).await.ok();
            given["system"]["department"].clone()
        };
        assert_eq!(give(1, json!({"owner": tom.id})).await, json!(south));
        assert_eq!(give(2, json!({"owner": mei.id, "department": south})).await, json!(south));
        assert_eq!(give(3, json!({"owner": kim.id})).await, Value::Null, "who is in none takes it out");
        // For somebody else from the beginning.
        let input = json!({"fields": {"name": "y"}, "system": {"owner": tom.id}});
        let theirs = admin.post(&order.path("/records"), input).await.created();
        assert_eq!(theirs["system"]["department"], json!(south));
        // Where they go later it does not follow.
        admin.patch(&format!("/departments/{south}"), 1, json!({"members": []})).await.ok();
        let still = order.read(admin, &theirs).await.ok();
        assert_eq!(still["system"]["department"], json!(south));
    })
    .await;
}

#[tokio::test]
async fn only_who_may_changes_the_owner() {
    on_both_shared(async |workspace| {
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let order = workspace.form(form("order", [text("name")])).await;
        order.allow(group("clerks", &[&mei.id])).await;
        let made = order.create(&mei, json!({"name": "x"})).await.created();
        let to_tom = json!({"system": {"owner": tom.id}});
        mei.patch(&order.at(&made), 1, to_tom.clone()).await.refused(403, "forbidden");
        let changed = workspace.admin.patch(&order.at(&made), 1, to_tom).await.ok();
        assert_eq!((&changed["system"]["owner"], version_of(&changed)), (&json!(tom.id), 2));
        let unknown = json!({"system": {"owner": UNKNOWN}});
        let refused = workspace.admin.patch(&order.at(&made), 2, unknown).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["system.owner: not_an_id"]);
        let fixed = json!({"system": {"created_by": tom.id}});
        workspace.admin.patch(&order.at(&made), 2, fixed).await.refused(422, "unknown_member");
    })
    .await;
}

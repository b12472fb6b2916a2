//! Who holds a unique value and since when, and how serial numbers are counted (semantics.md 6).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::design::{Field, approve, form, group, number, text};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{faults, id_of, items, version_of};
use tests::{Database, Form, Server, Workspace, on_both_shared};

use crate::import::{import, upload};

fn serial(parts: Value) -> Field {
    Field::new("no", "serial").option("parts", parts)
}

async fn numbers(form: &Form) -> Vec<String> {
    let found = form.query(&form.admin, json!({"limit": 500, "sort": [{"field": "$id"}]})).await.ok();
    let text = |record: &Value| record["fields"]["no"].as_str().unwrap_or_default().to_owned();
    items(&found).iter().map(text).collect()
}

#[tokio::test]
async fn several_fields_are_unique_together_and_only_where_all_are_filled() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let fields = [text("name").unique(), text("from"), text("to"), number("day", 0)];
        let trip = workspace.form(form("trip", fields).with("unique", json!([["from", "to"], ["to", "day"]]))).await;
        let trip_of = |from: Value, to: &str, day: i64| json!({"from": from, "to": to, "day": day});
        trip.add(trip_of(json!("A"), "B", 1)).await;
        // Of each pair one alone may be there again.
        trip.add(trip_of(json!("A"), "C", 1)).await;
        trip.add(trip_of(json!("C"), "B", 2)).await;
        let told = trip.create(admin, trip_of(json!("A"), "B", 3)).await.refused(409, "not_unique");
        assert_eq!(faults(&told), ["fields.from: not_unique", "fields.to: not_unique"]);
        let told = trip.create(admin, trip_of(json!("D"), "B", 1)).await.refused(409, "not_unique");
        let named: BTreeSet<String> = faults(&told).into_iter().collect();
        assert_eq!(named, BTreeSet::from(["fields.to", "fields.day"].map(|field| format!("{field}: not_unique"))));
        // What is empty clashes with nothing.
        trip.add(trip_of(Value::Null, "B", 4)).await;
        trip.add(trip_of(Value::Null, "B", 5)).await;
        trip.add(json!({"name": null})).await;
        trip.add(json!({"name": "  "})).await;
        // In a bulk that is all or none the row is named, whether it clashes with a stored one or with one beside it.
        let rows = json!({"create": [{"fields": {"name": "x"}}, {"fields": trip_of(json!("A"), "B", 9)}]});
        let told = admin.post(&trip.path("/records/bulk"), rows).await.refused(409, "not_unique");
        assert!(faults(&told).iter().all(|fault| fault.ends_with(": not_unique")), "{told}");
        let rows = json!({"create": [{"fields": {"name": "x"}}, {"fields": {"name": "y"}}, {"fields": {"name": "x"}}]});
        let told = admin.post(&trip.path("/records/bulk"), rows).await.refused(409, "not_unique");
        assert_eq!(faults(&told), ["create.2.fields.name: not_unique"]);
        // Longer than what is kept for comparing, it is refused and not cut.
        let long = trip.create(admin, json!({"name": "x".repeat(501)})).await.refused(422, "validation");
        assert_eq!(faults(&long), ["fields.name: too_long"]);
        trip.add(json!({"name": "x".repeat(500)})).await;
    })
    .await;
}

#[tokio::test]
async fn values_go_round_in_one_change_set() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let fields = [text("code").unique(), text("from"), text("to")];
        let order = workspace.form(form("order", fields).with("unique", json!([["from", "to"]]))).await;
        let mut made = Vec::new();
        for n in 0..3 {
            made.push(order.add(json!({"code": format!("c{n}"), "from": "f", "to": format!("t{n}")})).await);
        }
        let turned: Vec<Value> = made
            .iter()
            .enumerate()
            .map(|(n, record)| {
                let next = (n + 1) % 3;
                json!({"id": record["id"], "version": 1, "fields": {"code": format!("c{next}"), "to": format!("t{next}")}})
            })
            .collect();
        admin.post(&order.path("/records/bulk"), json!({"update": turned})).await.ok();
        for (n, record) in made.iter().enumerate() {
            let next = (n + 1) % 3;
            let now = order.read(admin, record).await.ok();
            assert_eq!((&now["fields"]["code"], &now["fields"]["to"]), (&json!(format!("c{next}")), &json!(format!("t{next}"))));
        }
        // One that goes away in the same change set makes room for another.
        let one_by_one = json!({"update": [
            {"id": made[0]["id"], "fields": {"code": "c2"}}, {"id": made[1]["id"], "fields": {"code": "c9"}}]});
        admin.post(&order.path("/records/bulk"), one_by_one).await.ok();
    })
    .await;
}

#[tokio::test]
async fn who_was_ever_submitted_keeps_its_value_and_who_was_not_holds_none() {
    on_both_shared(async |workspace| {
        let (admin, boss) = (&workspace.admin, workspace.person("boss").await);
        let fields = [text("code").unique(), serial(json!([{"text": "N"}, {"counter": {"width": 2}}]))];
        let request = workspace.form(form("request", fields)).await;
        request.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let draft = |code: &str| json!({"fields": {"code": code}, "draft": true});
        let clash = async |code: &str| {
            let told = request.create(admin, json!({"code": code})).await.refused(409, "not_unique");
            assert_eq!(faults(&told), ["fields.code: not_unique"]);
        };

        // Two drafts of one code, and a record that has it: drafts hold nothing, until they are submitted.
        let first = admin.post(&request.path("/records"), draft("A")).await.created();
        let second = admin.post(&request.path("/records"), draft("A")).await.created();
        assert_eq!((&first["fields"]["no"], &second["fields"]["no"]), (&Value::Null, &Value::Null));
        let submitted = admin.post(&format!("{}/submit", request.at(&first)), json!({})).await.ok();
        assert_eq!(submitted["fields"]["no"], "N01");
        let told = admin
            .post(&format!("{}/submit", request.at(&second)), json!({}))
            .await
            .refused(409, "not_unique");
        assert_eq!(faults(&told), ["fields.code: not_unique"]);
        assert_eq!(
            request.read(admin, &second).await.ok()["fields"]["no"],
            Value::Null,
            "a refused submit takes no number"
        );

        // Running, rejected and withdrawn it keeps code and number.
        clash("A").await;
        let task = id_of(&items(&boss.get("/tasks?box=todo").await.ok())[0]);
        boss.post(&format!("/tasks/{task}/reject"), json!({"opinion": "no"})).await.ok();
        assert_eq!(request.read(admin, &first).await.ok()["system"]["flow_state"], "rejected");
        clash("A").await;
        let other = request.add(json!({"code": "B"})).await;
        let instance = other["instance"]["id"].as_str().unwrap();
        admin.post(&format!("/instances/{instance}/withdraw"), json!({})).await.ok();
        let withdrawn = request.read(admin, &other).await.ok();
        assert_eq!(
            (&withdrawn["system"]["flow_state"], &withdrawn["fields"]["no"]),
            (&json!("withdrawn"), &json!("N02"))
        );
        clash("B").await;

        // In the bin it holds nothing; whoever comes back asks for it again, and keeps the number.
        let seen = request.read(admin, &first).await.ok();
        admin.delete(&request.at(&first), version_of(&seen)).await.with_status(204);
        let third = request.add(json!({"code": "A"})).await;
        assert_eq!(third["fields"]["no"], "N03", "the bin frees no number");
        let restore = format!("{}/restore", request.at(&first));
        let told = admin.post(&restore, json!({})).await.refused(409, "not_unique");
        assert_eq!(faults(&told), ["fields.code: not_unique"]);
        let seen = request.read(admin, &third).await.ok();
        admin.delete(&request.at(&third), version_of(&seen)).await.with_status(204);
        assert_eq!(admin.post(&restore, json!({})).await.ok()["fields"]["no"], "N01");
        assert_eq!(request.add(json!({"code": "C"})).await["fields"]["no"], "N04");
    })
    .await;
}

#[tokio::test]
async fn whoever_does_not_see_the_record_is_told_of_the_clash_all_the_same() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let order = workspace.form(form("order", [text("code").unique(), text("note")])).await;
        let own = json!({"field": "$owner", "op": "eq", "value": {"var": "me"}});
        order.allow(group("own", &[&mei.id]).rows(own)).await;
        order.add(json!({"code": "A", "note": "closed"})).await;
        let told = order.create(&mei, json!({"code": "A"})).await.refused(409, "not_unique");
        assert_eq!(faults(&told), ["fields.code: not_unique"]);
        assert!(!told.to_string().contains("closed"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn each_value_of_a_scope_counts_for_itself_and_any_other_part_does_not() {
    on_both_shared(async |workspace| {
        let scoped = json!([{"field": "region", "scope": true}, {"text": "-"}, {"counter": {"width": 3}}]);
        let plain = json!([{"field": "region"}, {"text": "-"}, {"counter": {"width": 1}}]);
        let app = workspace.app("Counting").await;
        for (key, parts, expected) in [
            ("scoped", scoped, ["BJ-001", "SH-001", "BJ-002", "-001", "SH-002", "-002"]),
            ("plain", plain, ["BJ-1", "SH-2", "BJ-3", "-4", "SH-5", "-6"]),
        ] {
            let order = app.form(form(key, [text("region"), serial(parts)])).await;
            for region in [json!("BJ"), json!("SH"), json!("BJ"), json!(null), json!("SH"), json!("")] {
                order.add(json!({"region": region})).await;
            }
            assert_eq!(numbers(&order).await, expected);
            // Moving to another region later changes no number.
            let found =
                order.query(&workspace.admin, json!({"limit": 1, "sort": [{"field": "$id"}]})).await.ok();
            let first = items(&found)[0].clone();
            let moved = order.edit(&workspace.admin, &first, json!({"region": "GZ"})).await.ok();
            assert_eq!(moved["fields"]["no"], expected[0]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_choice_that_is_called_otherwise_goes_on_counting_and_no_number_is_given_twice() {
    on_both_shared(async |workspace| {
        let scoped = json!([{"field": "region", "scope": true}, {"text": "-"}, {"counter": {"width": 3}}]);
        let choices =
            |east: &str, west: &str| json!([{"key": "e", "label": east}, {"key": "w", "label": west}]);
        let region = Field::new("region", "select").option("choices", choices("East", "West"));
        let order = workspace.form(form("order", [region, serial(scoped)])).await;
        let number = async |region: &str| order.add(json!({"region": region})).await["fields"]["no"].clone();
        let rename = async |east: &str, west: &str| {
            let member = "options.choices";
            order
                .extend(
                    json!([{"do": "set", "key": "region", "member": member, "value": choices(east, west)}]),
                )
                .await;
        };
        assert_eq!(
            (number("e").await, number("e").await, number("w").await),
            (json!("East-001"), json!("East-002"), json!("West-001"))
        );
        rename("Orient", "West").await;
        assert_eq!((number("e").await, number("w").await), (json!("Orient-003"), json!("West-002")));
        // The name of one becomes that of the other, whose number 2 there is already.
        rename("West", "Orient").await;
        assert_eq!((number("e").await, number("w").await), (json!("West-004"), json!("Orient-004")));
        rename("East", "West").await;
        assert_eq!((number("e").await, number("w").await), (json!("East-005"), json!("West-005")));
    })
    .await;
}

#[tokio::test]
async fn a_bulk_and_an_import_take_numbers_in_their_order_and_give_back_what_is_refused() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let parts = json!([{"text": "SO-"}, {"counter": {"width": 2}}]);
        let order = workspace.form(form("order", [serial(parts), number("qty", 0).option("min", "1")])).await;
        let rows = |quantities: &[i64]| -> Vec<Value> {
            quantities.iter().map(|qty| json!({"fields": {"qty": qty}})).collect()
        };
        let path = order.path("/records/bulk");
        admin.post(&path, json!({"create": rows(&[1, 2])})).await.ok();
        admin.post(&path, json!({"create": rows(&[1, 0])})).await.refused(422, "validation");
        admin.post(&path, json!({"create": rows(&[3, 0, 4]), "atomic": false})).await.ok();
        let file = upload(admin, "qty\n5\n0\n6\n").await;
        let job = import(admin, &order.id, json!({"file": file, "mapping": {"qty": "qty"}})).await;
        assert_eq!(job["result"]["created"], 2, "{job}");
        let expected: Vec<String> = (1..=6).map(|n| format!("SO-{n:02}")).collect();
        assert_eq!(numbers(&order).await, expected);
        // A dry run takes none either.
        let file = upload(admin, "qty\n7\n").await;
        import(admin, &order.id, json!({"file": file, "mapping": {"qty": "qty"}, "dry_run": true})).await;
        assert_eq!(order.add(json!({"qty": 8})).await["fields"]["no"], "SO-07");
    })
    .await;
}

#[tokio::test]
async fn numbers_that_an_administrator_brings_move_the_counter_of_their_period_alone() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let parts = json!([{"date": "%Y%m%d"}, {"text": "-"}, {"counter": {"width": 3, "reset": "day"}}]);
        let order = workspace.form(form("order", [serial(parts), text("what")])).await;
        let first = order.add(json!({"what": "today"})).await["fields"]["no"].as_str().unwrap().to_owned();
        let (day, count) = first.split_once('-').unwrap();
        assert_eq!(count, "001");
        let file = upload(admin, &format!("no,what\n20200101-041,old\n{day}-1007,brought\n,new\n")).await;
        let mapping = json!({"no": "no", "what": "what"});
        let job = import(admin, &order.id, json!({"file": file, "mapping": mapping})).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(3), &json!(0)), "{job}");
        let next = order.add(json!({"what": "next"})).await["fields"]["no"].as_str().unwrap().to_owned();
        // Unless midnight has passed since, in which case the day is another one and begins anew.
        if next.starts_with(day) {
            let given: BTreeSet<String> = numbers(&order).await.into_iter().collect();
            let expected = [
                "20200101-041".to_owned(),
                first.clone(),
                format!("{day}-1007"),
                format!("{day}-1008"),
                format!("{day}-1009"),
            ];
            assert_eq!(given, BTreeSet::from(expected));
        } else {
            assert!(next.ends_with("-001"), "{next}");
        }
    })
    .await;
}

#[tokio::test]
async fn days_of_numbers_are_those_of_the_workspace() {
    // Twenty-five hours apart it is never the same day.
    let mut days = Vec::new();
    for zone in ["Pacific/Pago_Pago", "Pacific/Kiritimati"] {
        let server = Server::start(Database::Sqlite).await;
        let code = server.set_up_code().await;
        let email = "ada@example.com";
        let setup =
            json!({"code": code, "email": email, "name": "Ada", "password": ADMIN_PASSWORD, "zone": zone});
        server.client().post("/setup", setup).await.ok();
        let workspace = Workspace { admin: server.sign_in(email, ADMIN_PASSWORD).await };
        let parts = json!([{"date": "%Y-%m-%d"}, {"text": "/"}, {"counter": {"width": 1, "reset": "day"}}]);
        let day = Field::new("day", "date").default_to("TODAY()");
        let order = workspace.form(form("order", [serial(parts), day])).await;
        let made = order.add(json!({})).await;
        let (told, count) = made["fields"]["no"].as_str().unwrap().split_once('/').unwrap();
        assert_eq!((count, Some(told)), ("1", made["fields"]["day"].as_str()));
        days.push(told.to_owned());
        server.close().await;
    }
    assert!(days[0] < days[1], "{days:?}");
}

/// What lies in the bin, what is gone for good, and what came back keep their numbers.
#[tokio::test]
async fn neither_the_bin_nor_a_purge_nor_a_restore_frees_a_number() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form(
                "order",
                [serial(json!([{"text": "P-"}, {"counter": {"width": 4}}])), text("code").unique()],
            ))
            .await;
        let mut made = Vec::new();
        for code in ["a", "b", "c"] {
            made.push(order.add(json!({ "code": code })).await);
        }
        let purge = async || {
            let job = admin.post(&order.path("/records/purge"), json!({"all": true})).await;
            admin.job(job).await["result"]["records"].clone()
        };
        // The highest of them, and then all.
        admin.delete(&order.at(&made[2]), 1).await.with_status(204);
        assert_eq!(order.add(json!({"code": "d"})).await["fields"]["no"], "P-0004");
        assert_eq!(purge().await, 1);
        let fifth = order.add(json!({"code": "c"})).await;
        assert_eq!(fifth["fields"]["no"], "P-0005");
        admin.delete(&order.at(&fifth), 1).await.with_status(204);
        let back = admin.post(&format!("{}/restore", order.at(&fifth)), json!({})).await.ok();
        assert_eq!(back["fields"]["no"], "P-0005");
        for record in numbered(&order).await {
            admin.delete(&order.at(&record), version_of(&record)).await.with_status(204);
        }
        assert_eq!(purge().await, 4);
        assert!(numbered(&order).await.is_empty());
        assert_eq!(order.add(json!({"code": "a"})).await["fields"]["no"], "P-0006");
    })
    .await;
}

async fn numbered(form: &Form) -> Vec<Value> {
    let page = form.query(&form.admin, json!({"limit": 100})).await.ok();
    items(&page).to_vec()
}

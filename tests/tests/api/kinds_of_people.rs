//! Members and departments in fields: who can be chosen, how they are called, found, imported, and what becomes of them.

use serde_json::{Value, json};
use tests::design::{Field, form, group, subform, test, text};
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of, version_of};
use tests::{Form, Person, Workspace, on_both_shared};

/// A department with these members, as a part of another one.
async fn department(workspace: &Workspace, name: &str, parent: Option<&str>, members: &[&str]) -> String {
    let input = json!({"name": name, "parent": parent, "members": members});
    id_of(&workspace.admin.post("/departments", input).await.created())
}

/// Sales with its part North, in which Mei is; Lin is in Stores.
struct World {
    mei: Person,
    lin: Person,
    sales: String,
    north: String,
    stores: String,
    form: Form,
}

async fn world(workspace: &Workspace) -> World {
    let (mei, lin) = (workspace.person("mei").await, workspace.person("lin").await);
    let sales = department(workspace, "Sales", None, &[]).await;
    let north = department(workspace, "North", Some(&sales), &[&mei.id]).await;
    let stores = department(workspace, "Stores", None, &[&lin.id]).await;
    let form = workspace
        .form(form(
            "plan",
            [
                text("name"),
                Field::new("who", "member"),
                Field::new("team", "members").option("default_me", true),
                Field::new("dept", "department").option("default_me", true),
                Field::new("units", "departments"),
                subform("rows", [Field::new("crew", "members"), Field::new("unit", "department")]),
            ],
        ))
        .await;
    World { mei, lin, sales, north, stores, form }
}

#[tokio::test]
async fn several_people_and_departments_are_kept_in_order_and_called_by_their_names() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let World { mei, lin, sales, north, stores, form } = world(&workspace).await;
        let fields = json!({"name": "a", "who": mei.id, "team": [lin.id, mei.id], "dept": north,
            "units": [stores, sales], "rows": [{"crew": [mei.id], "unit": sales}, {"crew": [], "unit": north}]});
        let made = form.add(fields.clone()).await;
        for (key, value) in fields.as_object().unwrap() {
            if key != "rows" {
                assert_eq!(&made["fields"][key], value, "{key}");
            }
        }
        assert_eq!(made["fields"]["rows"][0]["crew"], json!([mei.id]));
        assert_eq!(made["fields"]["rows"][1]["crew"], Value::Null, "an empty list is empty");
        let list = form
            .query(admin, json!({"titles": true, "fields": ["team", "units", "dept", "rows"]}))
            .await
            .ok();
        let titles = &list["titles"];
        assert_eq!((&titles["member"][&mei.id], &titles["member"][&lin.id]), (&json!("mei"), &json!("lin")));
        assert_eq!(
            [&titles["department"][&sales], &titles["department"][&north], &titles["department"][&stores]],
            [&json!("Sales"), &json!("North"), &json!("Stores")]
        );

        let refused = async |fields: Value| {
            let answer = form.create(admin, fields).await.refused(422, "validation");
            faults(&answer)
        };
        let once = form.add(json!({"team": [mei.id, lin.id, mei.id]})).await;
        assert_eq!(once["fields"]["team"], json!([mei.id, lin.id]), "each once, in the order given");
        assert_eq!(refused(json!({"team": [UNKNOWN]})).await, ["fields.team: not_an_id"]);
        assert_eq!(
            refused(json!({"team": [sales]})).await,
            ["fields.team: not_an_id"],
            "a department is no member"
        );
        assert_eq!(refused(json!({"dept": mei.id})).await, ["fields.dept: not_an_id"], "nor the other way");
        assert_eq!(refused(json!({"units": {"id": sales}})).await, ["fields.units: wrong_type"]);
        assert_eq!(refused(json!({"rows": [{"unit": UNKNOWN}]})).await, ["fields.rows.0.unit: not_an_id"]);
        let many: Vec<&str> = std::iter::repeat_n(UNKNOWN, 501).collect();
        assert_eq!(refused(json!({"team": many})).await, ["fields.team: too_many"]);

        // History tells who came and who went.
        let changed = form.edit(admin, &made, json!({"team": [mei.id], "units": null})).await.ok();
        assert_eq!(version_of(&changed), 2);
        let history = admin.get(&format!("{}/history", form.at(&made))).await.ok();
        let changes = &history["items"][0]["changes"];
        assert_eq!(changes["team"], json!({"old": [lin.id, mei.id], "new": [mei.id]}));
        assert_eq!(changes["units"], json!({"old": [stores, sales], "new": null}));
    })
    .await;
}

#[tokio::test]
async fn a_new_record_begins_with_who_makes_it_unless_they_say_otherwise() {
    on_both_shared(async |workspace| {
        let World { mei, north, stores, form, .. } = world(&workspace).await;
        form.allow(group("all", &[&mei.id])).await;
        let made = form.create(&mei, json!({"name": "a"})).await.created();
        assert_eq!((&made["fields"]["team"], &made["fields"]["dept"]), (&json!([mei.id]), &json!(north)));
        let other = form.create(&mei, json!({"team": [], "dept": stores})).await.created();
        assert_eq!((&other["fields"]["team"], &other["fields"]["dept"]), (&Value::Null, &json!(stores)));
        // Whoever is in no department has none.
        let made = form.add(json!({})).await;
        assert_eq!(made["fields"]["dept"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn records_are_found_by_their_people_and_by_departments_with_their_parts() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let World { mei, lin, sales, north, stores, form } = world(&workspace).await;
        form.add(json!({"name": "a", "team": [mei.id, lin.id], "dept": north, "units": [north]})).await;
        form.add(json!({"name": "b", "team": [lin.id], "dept": sales, "units": [stores, sales]})).await;
        form.add(json!({"name": "c", "team": [], "dept": null, "rows": [{"unit": north, "crew": [mei.id]}]}))
            .await;
        let found = async |who: &tests::Client, filter: Value| {
            let query = json!({"filter": filter, "sort": [{"field": "name"}]});
            let list = form.query(who, query).await.ok();
            values_of(&list, "name").join("")
        };
        for (filter, expected) in [
            (test("team", "has_any", json!([mei.id])), "a"),
            (test("team", "has_all", json!([mei.id, lin.id])), "a"),
            (test("team", "has_none", json!([mei.id])), "bc"),
            (json!({"field": "team", "op": "is_empty"}), "c"),
            (test("dept", "eq", json!(sales)), "b"),
            (test("dept", "in", json!([sales, north])), "ab"),
            (test("dept", "within", json!(sales)), "ab"),
            (test("dept", "within", json!([north, stores])), "a"),
            (json!({"not": test("dept", "within", json!(sales))}), "c"),
            (test("units", "within", json!(sales)), "ab"),
            (test("units", "within", json!([stores])), "b"),
            (test("rows.unit", "within", json!(sales)), "c"),
            (test("rows.crew", "has_any", json!([mei.id])), "c"),
        ] {
            assert_eq!(found(admin, filter.clone()).await, expected, "{filter}");
        }
        form.allow(group("all", &[&mei.id])).await;
        assert_eq!(found(&mei, test("dept", "within", json!({"var": "my_departments"}))).await, "a");
        assert_eq!(found(&mei, test("dept", "eq", json!(sales))).await, "b");
        let owned = test("$department", "within", json!(sales));
        assert_eq!(found(&mei, owned).await, "", "the administrator who made them is in no department");
        for (filter, code) in [
            (test("dept", "within", json!({"relative": "today"})), "bad_operand"),
            (test("dept", "gt", json!(sales)), "unknown_operator"),
            (test("team", "eq", json!(mei.id)), "unknown_operator"),
            (test("who", "within", json!(sales)), "unknown_operator"),
        ] {
            let refused = form.query(admin, json!({"filter": filter})).await.refused(422, "validation");
            assert_eq!(faults(&refused), [format!("filter: {code}")]);
        }
        form.query(admin, json!({"sort": [{"field": "team"}]})).await.refused(422, "not_sortable");
        let by_department = json!({"group": [{"field": "dept"}], "measures": [{"key": "n", "fn": "count"}]});
        let counted = form.add_up(admin, by_department).await.ok();
        assert_eq!(counted["rows"].as_array().unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_group_and_rules_read_departments_with_their_parts() {
    on_both_shared(async |workspace| {
        let World { mei, sales, north, stores, .. } = world(&workspace).await;
        let design = form(
            "task",
            [
                text("name"),
                Field::new("dept", "department"),
                text("reason").with("visible_when", test("dept", "within", json!(sales))),
            ],
        );
        let tasks = workspace.form(design).await;
        tasks
            .allow(group("own", &[&mei.id]).rows(test("dept", "within", json!({"var": "my_departments"}))))
            .await;
        let ours = tasks.add(json!({"name": "ours", "dept": north, "reason": "x"})).await;
        let theirs = tasks.add(json!({"name": "theirs", "dept": stores})).await;
        tasks.read(&mei, &ours).await.ok();
        tasks.read(&mei, &theirs).await.refused(404, "not_found");
        let hidden = tasks.create(&workspace.admin, json!({"dept": stores, "reason": "x"})).await;
        assert_eq!(faults(&hidden.refused(422, "not_writable")), ["fields.reason: not_writable"]);
        let moved = tasks.edit(&mei, &ours, json!({"dept": stores})).await;
        moved.refused(403, "outside_your_rows");
    })
    .await;
}

#[tokio::test]
async fn a_field_says_who_and_what_can_be_chosen() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let World { mei, lin, sales, north, stores, .. } = world(&workspace).await;
        let role = format!("role_{}", &mei.id[6..]);
        admin.post("/roles", json!({"key": role, "name": "Keeper", "members": [lin.id]})).await.created();
        let app = workspace.app("Ranges").await;
        let fields = [
            Field::new("seller", "member").option("within", json!([sales])),
            Field::new("keepers", "members").option("within", json!([role])),
            Field::new("one", "member").option("within", json!([mei.id])),
            Field::new("mine", "members").option("within", json!(["$my_departments"])),
            Field::new("dept", "department").option("within", json!([sales])),
        ];
        let plan = app.form(form("plan", fields)).await;
        plan.allow(group("all", &[&mei.id, &lin.id])).await;
        let offered = async |who: &tests::Client, field: &str| {
            let list = who.get(&plan.path(&format!("/fields/{field}/options"))).await.ok();
            items(&list).iter().map(id_of).collect::<Vec<_>>()
        };
        assert_eq!(offered(admin, "seller").await, [mei.id.as_str()], "those in its parts too");
        assert_eq!(offered(admin, "keepers").await, [lin.id.as_str()]);
        assert_eq!(offered(admin, "one").await, [mei.id.as_str()]);
        assert_eq!(offered(admin, "mine").await, [""; 0]);
        assert_eq!(offered(&lin, "mine").await, [lin.id.as_str()]);
        assert_eq!(offered(admin, "dept").await, [north.clone(), sales.clone()]);
        let search = admin.get(&plan.path("/fields/dept/options?q=nor")).await.ok();
        assert_eq!(items(&search)[0]["title"], "North");

        plan.create(&lin, json!({"seller": mei.id, "keepers": [lin.id], "mine": [lin.id], "dept": north}))
            .await
            .created();
        for (field, value) in [
            ("seller", json!(lin.id)),
            ("keepers", json!([lin.id, mei.id])),
            ("one", json!(lin.id)),
            ("mine", json!([mei.id])),
            ("dept", json!(stores)),
        ] {
            let refused = plan.create(&lin, json!({field: value})).await.refused(422, "validation");
            assert_eq!(faults(&refused), [format!("fields.{field}: not_within")]);
        }
        // What stays may stay, whoever saves it.
        let made = plan.create(&lin, json!({"mine": [lin.id]})).await.created();
        plan.edit(&mei, &made, json!({"mine": [lin.id], "dept": sales})).await.ok();

        let nobody = form("bad", [Field::new("who", "member").option("within", json!(["none_has_it"]))]);
        let refused = app.refused_form(nobody).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/fields/0/options/within/0: not_an_id"]);
    })
    .await;
}

#[tokio::test]
async fn who_has_left_and_what_is_gone_stays_where_it_was_and_comes_nowhere_anew() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let World { mei, lin, north, stores, form, .. } = world(&workspace).await;
        let made = form
            .add(json!({"name": "a", "team": [mei.id, lin.id], "dept": stores, "units": [north, stores]}))
            .await;
        admin.delete(&format!("/members/{}", lin.id), 1).await.ok();
        admin.delete(&format!("/departments/{stores}"), 1).await.with_status(204);
        let offered = admin.get(&form.path("/fields/team/options")).await.ok();
        assert!(items(&offered).iter().all(|one| one["id"] != json!(lin.id)));
        // The record can be changed beside them, and they be taken out.
        let changed = form.edit(admin, &made, json!({"name": "b", "team": [lin.id, mei.id]})).await.ok();
        assert_eq!(changed["fields"]["team"], json!([lin.id, mei.id]));
        let changed = form.edit(admin, &changed, json!({"units": [north]})).await.ok();
        let again =
            form.edit(admin, &changed, json!({"units": [north, stores]})).await.refused(422, "validation");
        assert_eq!(faults(&again), ["fields.units: not_an_id"]);
        let anew =
            form.create(admin, json!({"team": [lin.id], "dept": stores})).await.refused(422, "validation");
        let mut told = faults(&anew);
        told.sort();
        assert_eq!(told, ["fields.dept: not_an_id", "fields.team: not_an_id"]);
        let list = form.query(admin, json!({"titles": true})).await.ok();
        assert_eq!(list["titles"]["member"][&lin.id], "lin", "who has left is still called by name");
        assert!(list["titles"]["department"].get(&stores).is_none());
    })
    .await;
}

#[tokio::test]
async fn a_file_names_people_and_departments() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let World { mei, lin, form, .. } = world(&workspace).await;
        // Names are not unique in a shared workspace; addresses are, and so are these departments.
        let east = format!("East {}", &mei.id[6..]);
        let west = format!("West {}", &mei.id[6..]);
        let (east_id, west_id) =
            (department(&workspace, &east, None, &[]).await, department(&workspace, &west, None, &[]).await);
        let csv = format!(
            "name,team,dept,units\na,{};{},{east},\"{west}、{}\"\nb,{},nowhere,\nc,,,\n",
            mei.email.to_uppercase(),
            lin.email,
            east.to_lowercase(),
            lin.id
        );
        let file = admin.upload("plan.csv", "text/csv", csv.into_bytes()).await;
        let mapping = json!({"name": "name", "team": "team", "dept": "dept", "units": "units"});
        let input = json!({"file": file, "mapping": mapping, "mode": "create", "key": [], "dry_run": false});
        let job = admin.job(admin.post(&form.path("/import"), input).await).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(2), &json!(1)), "{job}");
        let list = form.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let first = &items(&list)[0]["fields"];
        assert_eq!((&first["team"], &first["dept"]), (&json!([mei.id, lin.id]), &json!(east_id)));
        assert_eq!(first["units"], json!([west_id, east_id]));
        let last = &items(&list)[1]["fields"];
        assert_eq!((&last["name"], &last["units"]), (&json!("c"), &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn departments_lead_to_those_who_decide() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let World { mei, lin, north, form, .. } = world(&workspace).await;
        admin.patch(&format!("/departments/{north}"), 1, json!({"head": lin.id})).await.ok();
        form.allow(group("all", &[&mei.id])).await;
        form.flow(json!([
            {"key": "head", "label": "head", "kind": "approve", "who": [{"head_of_field": "dept"}], "policy": "any"},
            {"key": "team", "label": "team", "kind": "approve", "who": [{"field": "team"}], "policy": "all"}]))
            .await;
        form.create(&mei, json!({"name": "a", "dept": north, "team": [mei.id, lin.id]})).await.created();
        let todo = async |who: &Person| {
            let tasks = who.get("/tasks?box=todo").await.ok();
            let mine = items(&tasks).iter().filter(|task| task["form"] == json!(form.id));
            mine.map(|task| (id_of(task), task["step"].as_str().unwrap().to_string())).collect::<Vec<_>>()
        };
        let head = todo(&lin).await;
        assert_eq!(head.iter().map(|(_, step)| step.as_str()).collect::<Vec<_>>(), ["head"]);
        lin.post(&format!("/tasks/{}/approve", head[0].0), json!({})).await.ok();
        assert_eq!((todo(&lin).await.len(), todo(&mei).await.len()), (1, 1), "everybody of the field");
    })
    .await;
}

//! Several linked records in one field: chosen, called, found, filled from, and what becomes of them when one is deleted.

use serde_json::{Value, json};
use tests::design::{Field, form, group, link, select, subform, test, text};
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of, version_of};
use tests::{App, Form, Workspace, on_both_shared};

async fn partners(app: &App) -> Form {
    let fields =
        [text("name").required(), select("trade", &["wood", "steel"]), Field::new("owner", "member")];
    app.form(form("partner", fields).with("title", "{name}")).await
}

fn links(key: &str) -> Field {
    Field::new(key, "links").option("form", "partner")
}

async fn both(workspace: &Workspace, deal: impl IntoIterator<Item = Field>) -> (Form, Form) {
    let app = workspace.app("Deals").await;
    (partners(&app).await, app.form(form("deal", deal)).await)
}

#[tokio::test]
async fn several_records_are_linked_in_order_and_called_by_their_titles() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (partner, deal) =
            both(&workspace, [text("name"), links("with"), subform("rows", [links("by"), text("what")])])
                .await;
        let [ann, bob] =
            partner.add_all(["Ann", "Bob"].map(|name| json!({"name": name}))).await.try_into().unwrap();
        let made =
            deal.add(json!({"name": "a", "with": [bob, ann], "rows": [{"by": [ann], "what": "x"}]})).await;
        assert_eq!(made["fields"]["with"], json!([bob, ann]));
        assert_eq!(made["fields"]["rows"][0]["by"], json!([ann]));
        deal.add(json!({"name": "b", "with": [ann]})).await;
        deal.add(json!({"name": "c"})).await;
        let list = deal.query(admin, json!({"titles": true})).await.ok();
        assert_eq!(list["titles"][&partner.id], json!({&ann: "Ann", &bob: "Bob"}));
        let found = async |filter: Value| {
            let query = json!({"filter": filter, "sort": [{"field": "name"}]});
            let list = deal.query(admin, query).await.ok();
            values_of(&list, "name").join("")
        };
        assert_eq!(found(test("with", "has_any", json!([ann]))).await, "ab");
        assert_eq!(found(test("with", "has_all", json!([ann, bob]))).await, "a");
        assert_eq!(found(test("with", "has_none", json!([bob]))).await, "bc");
        assert_eq!(found(json!({"field": "with", "op": "is_empty"})).await, "c");
        assert_eq!(found(test("rows.by", "has_any", json!([ann]))).await, "a");
        let options = admin.get(&deal.path("/fields/with/options?q=an")).await.ok();
        assert_eq!(items(&options).iter().map(|one| one["title"].clone()).collect::<Vec<_>>(), ["Ann"]);

        let refused = async |value: Value| {
            faults(&deal.create(admin, json!({"with": value})).await.refused(422, "validation"))
        };
        assert_eq!(refused(json!([ann, UNKNOWN])).await, ["fields.with: dead_link"]);
        assert_eq!(refused(json!([id_of(&made)])).await, ["fields.with: dead_link"], "of another form");
        let once = deal.create(admin, json!({"with": [bob, ann, bob]})).await.created();
        assert_eq!(once["fields"]["with"], json!([bob, ann]), "each once, in the order given");
        assert_eq!(refused(json!([1])).await, ["fields.with: wrong_type"]);
        // Nothing is read through several links.
        let through = deal.query(admin, json!({"filter": test("with.name", "eq", "Ann")})).await;
        assert_eq!(faults(&through.refused(422, "validation")), ["filter: not_a_link"]);
        deal.query(admin, json!({"sort": [{"field": "with"}]})).await.refused(422, "not_sortable");
    })
    .await;
}

#[tokio::test]
async fn whoever_does_not_see_a_linked_record_names_none_and_reads_ids_alone() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let (partner, deal) = both(&workspace, [text("name"), links("with")]).await;
        let [ann, bob] =
            partner.add_all(["Ann", "Bob"].map(|name| json!({"name": name}))).await.try_into().unwrap();
        partner.allow(group("some", &[&mei.id]).rows(test("name", "eq", "Ann"))).await;
        deal.allow(group("all", &[&mei.id])).await;
        let linked = deal.add(json!({"name": "a", "with": [ann, bob]})).await;
        let seen = deal.query(&mei, json!({"titles": true})).await.ok();
        assert_eq!(items(&seen)[0]["fields"]["with"], json!([ann, bob]));
        assert_eq!(seen["titles"][&partner.id], json!({&ann: "Ann"}));
        let refused = deal.create(&mei, json!({"with": [ann, bob]})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.with: dead_link"]);
        // What is there already may stay, and what they see be taken out.
        let kept = deal.edit(&mei, &linked, json!({"with": [bob]})).await.ok();
        assert_eq!(kept["fields"]["with"], json!([bob]));
    })
    .await;
}

#[tokio::test]
async fn what_the_linked_records_hold_is_gathered_when_they_are_chosen() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let fill = json!([{"from": "trade", "to": "trades"}, {"from": "owner", "to": "team"}]);
        let trades = json!([{"key": "wood", "label": "wood"}, {"key": "steel", "label": "steel"}]);
        let (partner, deal) = both(
            &workspace,
            [
                links("with").option("fill", fill),
                Field::new("trades", "multi_select").option("choices", trades),
                Field::new("team", "members"),
            ],
        )
        .await;
        let rows = [("Ann", "steel"), ("Bob", "wood"), ("Cid", "wood")];
        let rows = rows.map(|(name, trade)| json!({"name": name, "trade": trade, "owner": mei.id}));
        let [ann, bob, cid] = partner.add_all(rows).await.try_into().unwrap();
        let made = deal.add(json!({"with": [bob, cid]})).await;
        assert_eq!(
            (&made["fields"]["trades"], &made["fields"]["team"]),
            (&json!(["wood"]), &json!([mei.id]))
        );
        let changed = deal.edit(admin, &made, json!({"with": [bob, ann]})).await.ok();
        assert_eq!(changed["fields"]["trades"], json!(["wood", "steel"]));
        // It is a copy, and what is entered beside it is taken.
        partner
            .admin
            .patch(&partner.path(&format!("/records/{ann}")), 1, json!({"fields": {"trade": "wood"}}))
            .await
            .ok();
        assert_eq!(deal.read(admin, &changed).await.ok()["fields"]["trades"], json!(["wood", "steel"]));
        let own = deal.edit(admin, &changed, json!({"with": [ann], "trades": ["steel"]})).await.ok();
        assert_eq!(own["fields"]["trades"], json!(["steel"]));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_record_is_kept_taken_along_or_dropped_from_the_list() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Policies").await;
        let partner = partners(&app).await;
        let with = |policy: &str| links("with").option("on_target_delete", policy);
        let strict = app.form(form("strict", [text("name"), with("restrict")])).await;
        let along = app.form(form("along", [text("name"), with("cascade")])).await;
        let loose = app
            .form(form(
                "loose",
                [text("name"), with("clear"), subform("rows", [with("clear"), text("what")])],
            ))
            .await;
        let names = ["Ann", "Bob", "Cid"];
        let [ann, bob, cid] =
            partner.add_all(names.map(|name| json!({"name": name}))).await.try_into().unwrap();
        let remove = async |id: &str| admin.delete(&partner.path(&format!("/records/{id}")), 1).await;

        let held = strict.add(json!({"with": [ann, bob]})).await;
        remove(&bob).await.refused(409, "linked");
        strict.edit(admin, &held, json!({"with": [ann]})).await.ok();

        let taken = along.add(json!({"with": [bob, cid]})).await;
        let rows = json!([{"with": [bob], "what": "x"}, {"with": [cid, bob], "what": "y"}]);
        let dropped = loose.add(json!({"with": [bob, cid], "rows": rows})).await;
        remove(&bob).await.with_status(204);
        along.read(admin, &taken).await.refused(404, "not_found");
        let now = loose.read(admin, &dropped).await.ok();
        assert_eq!((&now["fields"]["with"], version_of(&now)), (&json!([cid]), 2));
        assert_eq!(
            (&now["fields"]["rows"][0]["with"], &now["fields"]["rows"][1]["with"]),
            (&Value::Null, &json!([cid]))
        );
        remove(&cid).await.with_status(204);
        assert_eq!(loose.read(admin, &dropped).await.ok()["fields"]["with"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_file_names_several_records_in_one_cell() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (partner, deal) = both(&workspace, [text("name"), links("with")]).await;
        let [ann, bob] =
            partner.add_all(["Ann", "Bob"].map(|name| json!({"name": name}))).await.try_into().unwrap();
        let csv = format!("name,with\na,Bob;Ann\nb,\"Ann, Zoe\"\nc,\nd,{ann}\n");
        let file = admin.upload("deals.csv", "text/csv", csv.into_bytes()).await;
        let mapping = json!({"name": "name", "with": "with"});
        let input = json!({"file": file, "mapping": mapping, "mode": "create", "key": [], "dry_run": false});
        let job = admin.job(admin.post(&deal.path("/import"), input).await).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(3), &json!(1)), "{job}");
        let list = deal.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let found: Vec<&Value> = items(&list).iter().map(|record| &record["fields"]["with"]).collect();
        assert_eq!(found, [&json!([bob, ann]), &Value::Null, &json!([ann])]);
    })
    .await;
}

#[tokio::test]
async fn a_link_becomes_a_list_of_one_when_its_field_is_made_to_hold_several() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (partner, deal) = both(&workspace, [text("name"), link("with", "partner")]).await;
        let ann = partner.add(json!({"name": "Ann"})).await;
        let made = deal.add(json!({"with": ann["id"]})).await;
        let edits = json!([{"do": "set", "key": "with", "member": "kind", "value": "links"}]);
        deal.extend(edits).await;
        assert_eq!(deal.read(admin, &made).await.ok()["fields"]["with"], json!([ann["id"]]));
    })
    .await;
}

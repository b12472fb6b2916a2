//! What somebody learns of the forms of others by designing one of their own: no more than they may use and read there.

use serde_json::{Value, json};
use tests::design::{Field, form, formula, group, link, number, select, test, text};
use tests::workspace::{faults, id_of};
use tests::{App, Client, on_both_shared};

/// An app of this member's own, and its forms' path.
async fn own_forms(who: &Client) -> String {
    let own = who.post("/apps", json!({"label": "Own"})).await.created();
    format!("/apps/{}/forms", id_of(&own))
}

/// Staff with what they cost, and patients of whom nobody hears.
async fn clinic(app: &App) -> (String, String) {
    app.form(form("staff", [text("name"), number("cost", 0)])).await;
    app.form(form("patient", [text("name")])).await;
    (format!("{}/staff", app.key), format!("{}/patient", app.key))
}

#[tokio::test]
async fn a_form_that_one_may_not_use_is_none() {
    on_both_shared(async |workspace| {
        let (_, patient) = clinic(&workspace.app("Clinic").await).await;
        let mei = workspace.person("mei").await;
        let forms = own_forms(&mei).await;
        let told = async |target: &str| {
            let linked = link("of", target).option("on_target_delete", "clear");
            let linked = linked.option("display", json!(["nope"])).option("filter", test("name", "gt", 1));
            let chosen = Field::new("way", "select").option("from", json!({"form": target, "field": "nope"}));
            let listed =
                Field::new("list", "query").option("form", target).option("columns", json!(["nope"]));
            let fields = [text("note"), linked, chosen, listed];
            let refusal = mei.post(&forms, form("mine", fields).document()).await.refused(422, "validation");
            faults(&refusal)
        };
        let unknown = ["/fields/1/options/form", "/fields/2/options/from/form", "/fields/3/options/form"];
        let unknown = unknown.map(|path| format!("{path}: unknown_form"));
        assert_eq!(told(&patient).await, unknown);
        assert_eq!(told("clinic/nothing").await, unknown);
        // Nor does a draft tell.
        let mut draft = form("mine", [text("note"), link("of", &patient)]).document();
        draft["draft"] = json!(true);
        let draft = mei.post(&forms, draft).await.created();
        let draft = mei.get(&format!("/forms/{}/draft", id_of(&draft))).await.ok();
        assert_eq!(draft["problems"][0]["code"], "unknown_form", "{draft}");
    })
    .await;
}

#[tokio::test]
async fn a_field_that_one_may_not_read_is_none() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Clinic").await;
        let staff = app.form(form("staff", [text("name"), number("cost", 0)])).await;
        let mei = workspace.person("mei").await;
        staff.allow(group("all", &[&mei.id]).may(&["view"]).field("cost", "none")).await;
        let forms = own_forms(&mei).await;
        let told = async |field: &str| {
            let linked = || link("of", &staff.id).option("on_target_delete", "clear");
            let shown = linked().option("display", json!([field]));
            let narrowed = linked().option("filter", test(field, "contains", "1"));
            let listed = Field::new("list", "query").option("form", staff.id.clone());
            let listed = listed.option("columns", json!([field])).option("sort", json!([{"field": field}]));
            let by_name = json!({"field": "name", "op": "eq", "value": {"field": "note"}});
            let given = |filter: Value, of: &str| {
                let linkage = json!({"form": staff.id, "filter": filter, "field": of});
                text("given").with("default", json!({"linkage": linkage}))
            };
            let alike = json!({"field": field, "op": "eq", "value": {"field": "note"}});
            let mut all = Vec::new();
            for field in [shown, narrowed, listed, given(by_name, field), given(alike, "name")] {
                let document = form("mine", [text("note"), field]).document();
                all.extend(faults(&mei.post(&forms, document).await.refused(422, "unknown_field")));
            }
            all
        };
        let unknown = [
            "options/display/0",
            "options/filter",
            "options/columns/0",
            "options/sort/0/field",
            "default/linkage/field",
            "default/linkage/filter",
        ];
        let mut unknown = unknown.map(|path| format!("/fields/1/{path}: unknown_field"));
        unknown.sort();
        for field in ["cost", "nope"] {
            let mut told = told(field).await;
            told.sort();
            assert_eq!(told, unknown, "{field}");
        }
        let shown =
            link("of", &staff.id).option("on_target_delete", "clear").option("display", json!(["name"]));
        mei.post(&forms, form("mine", [text("note"), shown]).document()).await.created();
    })
    .await;
}

#[tokio::test]
async fn nobody_keeps_the_records_of_others_from_being_deleted() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Clinic").await;
        let staff = app.form(form("staff", [text("name")])).await;
        let mei = workspace.person("mei").await;
        staff.allow(group("all", &[&mei.id]).may(&["view"])).await;
        let forms = own_forms(&mei).await;
        let design = |policy: &str| {
            let linked = link("of", &staff.id).option("on_target_delete", policy);
            form("mine", [text("note"), linked]).document()
        };
        for policy in ["restrict", "cascade"] {
            let told = mei.post(&forms, design(policy)).await.refused(422, "validation");
            assert_eq!(faults(&told), ["/fields/1/options/on_target_delete: target_not_administered"]);
        }
        let made = mei.post(&forms, design("clear")).await.created();
        let one = staff.add(json!({"name": "Ann"})).await;
        let records = format!("/forms/{}/records", id_of(&made));
        mei.post(&records, json!({"fields": {"note": "n", "of": one["id"]}})).await.created();
        workspace.admin.delete(&staff.at(&one), 1).await.with_status(204);

        // Who administers what is linked to may.
        let admins = json!({"admins": [{"members": [mei.id]}]});
        workspace.admin.put(&staff.path("/admins"), "*", admins).await.ok();
        let mut restricted = design("restrict");
        restricted["key"] = json!("second");
        mei.post(&forms, restricted).await.created();
    })
    .await;
}

#[tokio::test]
async fn what_somebody_else_has_put_in_force_stays() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Clinic").await;
        let (_, patient) = clinic(&app).await;
        let mei = workspace.person("mei").await;
        let forms = own_forms(&mei).await;
        let mine = id_of(&mei.post(&forms, form("mine", [text("note")]).document()).await.created());
        app.form(form("visit", [text("name"), link("of", &mine)])).await;
        let mine = format!("/forms/{mine}");
        let change = async |who: &Client, edits: Value| {
            let base = who.get(&format!("{mine}/draft")).await.ok()["base"].clone();
            who.post(&format!("{mine}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
            who.post(&format!("{mine}/publish"), json!({})).await
        };
        let linked = link("of", &patient).option("display", json!(["name"]));
        change(&workspace.admin, json!([{"do": "add_field", "field": linked.value()}])).await.ok();
        change(&mei, json!([{"do": "add_field", "field": text("more").value()}])).await.ok();
        let visits = Field::new("visits", "rollup").option("form", format!("{}/visit", app.key));
        let visits = visits.option("link", "of").option("fn", "count");
        change(&workspace.admin, json!([{"do": "add_field", "field": visits.value()}])).await.ok();
        // What is there already may be computed with, though not what it is made of.
        let twice = formula("twice", "visits * 2").value();
        change(&mei, json!([{"do": "add_field", "field": twice}])).await.ok();
        let other = link("also", &patient).option("on_target_delete", "clear");
        let told = change(&mei, json!([{"do": "add_field", "field": other.value()}])).await;
        assert_eq!(faults(&told.refused(422, "validation")), ["/fields/5/options/form: unknown_form"]);
    })
    .await;
}

/// What a draft is told that stands in no way: each place with its code.
async fn worth_a_look(who: &Client, form: &str) -> Vec<String> {
    let draft = who.get(&format!("/forms/{form}/draft")).await.ok();
    assert_eq!(draft["problems"], json!([]), "{draft}");
    let warnings = draft["warnings"].as_array().unwrap().iter();
    let told = |one: &Value| format!("{}: {}", one["path"].as_str().unwrap(), one["code"].as_str().unwrap());
    warnings.map(told).collect()
}

#[tokio::test]
async fn what_is_worth_a_look_is_told_and_stops_nothing() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Clinic").await;
        let staff = app.form(form("staff", [number("cost", 0)])).await;
        let one = select("way", &["only"]);
        let visit = form("visit", [text("note"), one, link("of", &staff.id), number("fee", 0).required()]);
        let visit = app.form(visit).await;
        let itself = ["/fields/1/options/choices: one_choice", "/fields/2/options/form: link_without_title"];
        // Without a group nobody but administrators use it, and they may everything.
        assert_eq!(worth_a_look(&workspace.admin, &visit.id).await, itself);
        let mei = workspace.person("mei").await;
        visit
            .allow(
                group("all", &[&mei.id]).may(&["view", "create"]).field("note", "none").field("fee", "read"),
            )
            .await;
        let told = worth_a_look(&workspace.admin, &visit.id).await;
        assert_eq!(told[..2], itself);
        assert_eq!(told[2..], ["/fields/0: hidden_from_all", "/fields/3/required: required_not_editable"]);
        workspace.admin.post(&visit.path("/publish"), json!({})).await.ok();

        // Of a form that somebody does not administer they are not told how it could be better.
        staff.allow(group("all", &[&mei.id]).may(&["view"])).await;
        let forms = own_forms(&mei).await;
        let linked = link("of", &staff.id).option("on_target_delete", "clear");
        let mine = mei.post(&forms, form("mine", [text("note"), linked]).document()).await.created();
        assert_eq!(worth_a_look(&mei, &id_of(&mine)).await, [""; 0]);
    })
    .await;
}

//! When scripts run, and on which condition.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, link, number, test, text};
use tests::workspace::{id_of, items};
use tests::{Form, Workspace, on_both_shared};

use super::Depot;

/// A form whose scripts write down what happens, by its first letter.
async fn diary(depot: &Depot, key: &str, flow: Option<&str>) -> Form {
    for (event, letter) in [("submit", "s"), ("approve", "a"), ("change", "c"), ("void", "v")] {
        let source = format!("record.diary = (record.diary ?? \"\") + \"{letter}\";");
        depot.script(&format!("note_{event}"), &source).await;
    }
    depot.script("note_delete", "create(\"entry\", #{item: record.name, qty: 1});").await;
    let mut bound: Vec<Value> = ["submit", "approve", "void", "delete"]
        .map(|event| json!({"on": event, "script": format!("note_{event}")}))
        .to_vec();
    bound.push(json!({"on": "change", "when": test("amount", "gt", "10"), "script": "note_change"}));
    let fields = [text("name"), number("amount", 0), text("diary").with("by_script", true)];
    let form = depot.app.form(form(key, fields).with("scripts", bound)).await;
    if let Some(boss) = flow {
        form.flow(json!([approve("boss", &[boss], json!({}))])).await;
    }
    form
}

async fn diary_of(form: &Form, record: &Value) -> String {
    let record = form.read(&form.admin, record).await.ok();
    record["fields"]["diary"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn scripts_run_at_what_they_are_bound_to_and_where_their_condition_holds() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let form = diary(&depot, "plain", None).await;
        let draft = json!({"fields": {"name": "one", "amount": "1"}, "draft": true});
        let draft = depot.admin.post(&form.path("/records"), draft).await.created();
        assert_eq!(diary_of(&form, &draft).await, "", "a draft is nothing that happened");
        let one = depot.admin.post(&format!("{}/submit", form.at(&draft)), json!({})).await.ok();
        assert_eq!(diary_of(&form, &one).await, "s");
        let one = form.edit(&depot.admin, &one, json!({"amount": "2"})).await.ok();
        assert_eq!(diary_of(&form, &one).await, "s", "2 is not more than 10");
        let one = form.edit(&depot.admin, &one, json!({"amount": "11"})).await.ok();
        let one = form.edit(&depot.admin, &one, json!({"amount": "11"})).await.ok();
        assert_eq!(diary_of(&form, &one).await, "sc", "what stays as it was is no change");
        let path = format!("{}/void", form.at(&one));
        let one = depot.admin.post(&path, json!({"reason": "twice"})).await.ok();
        assert_eq!(one["fields"]["diary"], "scv");

        let two = form.add(json!({"name": "two", "amount": "1"})).await;
        depot.admin.delete(&form.at(&two), 1).await.with_status(204);
        assert_eq!(depot.count(&depot.entries).await, 1);
        // What its deletion took back is done again when it comes back.
        depot.admin.post(&format!("{}/restore", form.at(&two)), json!({})).await.ok();
        assert_eq!(diary_of(&form, &two).await, "ss");
    })
    .await;
}

#[tokio::test]
async fn an_approval_runs_its_script_in_the_save_of_the_decision() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let boss = workspace.person("boss").await;
        let form = diary(&depot, "approved", Some(&boss.id)).await;
        let one = form.add(json!({"name": "one", "amount": "1"})).await;
        assert_eq!(diary_of(&form, &one).await, "s");
        let todo = boss.get("/tasks?box=todo").await.ok();
        let task = items(&todo).iter().find(|task| task["record"] == one["id"]).map(id_of).unwrap();
        // What the script refuses refuses the decision.
        depot.script("note_approve", "refuse(\"not_today\");").await;
        boss.post(&format!("/tasks/{task}/approve"), json!({})).await.refused(409, "not_today");
        depot.script("note_approve", "record.diary = record.diary + \"a\";").await;
        boss.post(&format!("/tasks/{task}/approve"), json!({})).await.ok();
        assert_eq!(diary_of(&form, &one).await, "sa");
        let state = form.read(&depot.admin, &one).await.ok()["system"]["flow_state"].clone();
        assert_eq!(state, "approved");
    })
    .await;
}

#[tokio::test]
async fn a_condition_reads_what_the_record_links_to_and_what_links_to_it() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let customer = depot.app.form(form("customer", [text("level")])).await;
        depot.script("mark", "record.marked = true;").await;
        let marked = || Field::new("marked", "switch").with("by_script", true);
        let bound = json!([{"on": "submit", "when": test("of.level", "eq", "gold"), "script": "mark"}]);
        let fields = [text("name"), link("of", "customer"), marked()];
        let order = depot.app.form(form("order", fields).with("scripts", bound)).await;
        for level in ["gold", "tin"] {
            let of = customer.add(json!({"level": level})).await;
            let made = order.add(json!({"name": "x", "of": of["id"]})).await;
            assert_eq!(made["fields"]["marked"] == true, level == "gold", "{made}");
        }
        // Nothing else in the form reads how many there are.
        let counted = json!({"form": "order", "link": "of", "fn": "count"});
        let mut orders = Field::new("orders", "rollup");
        for (name, value) in counted.as_object().unwrap() {
            orders = orders.option(name, value.clone());
        }
        let bound = json!([{"on": "change", "when": test("orders", "gt", "0"), "script": "mark"}]);
        customer
            .extend(json!([
                {"do": "add_field", "field": orders.value()},
                {"do": "add_field", "field": marked().value()},
                {"do": "set_form", "member": "scripts", "value": bound},
            ]))
            .await;
        let none = customer.add(json!({"level": "new"})).await;
        let none = customer.edit(&depot.admin, &none, json!({"level": "tin"})).await.ok();
        assert_ne!(none["fields"]["marked"], true, "{none}");
        order.add(json!({"name": "y", "of": none["id"]})).await;
        let one = customer.edit(&depot.admin, &none, json!({"level": "gold"})).await.ok();
        assert_eq!(one["fields"]["marked"], true, "{one}");
    })
    .await;
}

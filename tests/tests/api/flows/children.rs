//! Flows that start flows of other forms.

use serde_json::{Value, json};
use tests::design::{approve, form, group, number, subform, test, text};
use tests::workspace::{faults, id_of, items};
use tests::{Form, Person, Workspace, on_both_shared};

use super::{act, lines, task, todo, until};

/// Projects, whose flows order things.
struct Projects {
    project: Form,
    order: Form,
    mei: Person,
    boss: Person,
    last: Person,
}

impl Projects {
    async fn build(workspace: &Workspace) -> Projects {
        let app = workspace.app("Projects").await;
        let order = form("order", [text("what").required(), number("sum", 2), text("answer")]);
        let order = app.form(order.with("title", "{what}")).await;
        let lines = subform("lines", [text("item"), number("price", 2), text("said")]);
        let project =
            app.form(form("project", [text("name"), number("budget", 2), text("reply"), lines])).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        let last = workspace.person("last").await;
        project.allow(group("all", &[&mei.id])).await;
        order.flow(json!([approve("boss", &[&boss.id], json!({"fields": {"answer": "edit"}}))])).await;
        Projects { project, order, mei, boss, last }
    }

    fn buy(&self, more: Value) -> Value {
        let mut step =
            json!({"kind": "subflow", "key": "buy", "label": "Buy", "form": "order", "wait": true});
        for (member, value) in more.as_object().unwrap() {
            step[member] = value.clone();
        }
        step
    }

    async fn instance(&self, record: &Value) -> Value {
        let path = format!("/instances/{}", record["instance"]["id"].as_str().unwrap());
        self.project.admin.get(&path).await.ok()
    }

    async fn orders(&self) -> Vec<Value> {
        items(&self.order.query(&self.order.admin, json!({"limit": 100})).await.ok()).clone()
    }
}

#[tokio::test]
async fn a_flow_that_is_waited_for_takes_fields_along_and_gives_some_back() {
    on_both_shared(async |workspace| {
        let p = Projects::build(&workspace).await;
        let maps = json!({"map_in": {"what": "name", "sum": "budget"}, "map_out": {"reply": "answer"}});
        let arm = json!({"key": "no", "label": "No", "when": test("steps.buy.outcome", "eq", "rejected"), "steps": []});
        let branch = json!({"kind": "branch", "key": "way", "label": "Way", "mode": "exclusive", "arms": [arm],
            "default": {"steps": [approve("last", &[&p.last.id], json!({}))]}});
        p.project.flow(json!([p.buy(maps), branch])).await;
        let asked = p.project.create(&p.mei, json!({"name": "Chairs", "budget": 50})).await.created();
        assert_eq!((&asked["instance"]["state"], &asked["instance"]["steps"]), (&json!("running"), &json!([])));
        let order = p.orders().await.remove(0);
        assert_eq!((&order["fields"]["what"], &order["fields"]["sum"]), (&json!("Chairs"), &json!("50.00")));
        assert_eq!(order["system"]["created_by"], json!(p.mei.id), "on behalf of who has asked for the parent");
        let told = p.instance(&asked).await;
        let child = told["waits"][0]["instance"].as_str().unwrap();
        let page = told["waits"][0]["link"].as_str().unwrap();
        assert!(page.ends_with(&format!("/forms/{}/records/{}", p.order.id, id_of(&order))), "{page}");
        // Who asked for the parent has asked for the child.
        let child = p.mei.get(&format!("/instances/{child}")).await.ok();
        assert_eq!(child["parent"], asked["instance"]["id"]);

        act(&p.boss, &task(&p.boss).await, "approve", json!({"fields": {"answer": "Yes"}})).await.ok();
        assert_eq!(p.instance(&asked).await["steps"], json!(["last"]));
        assert_eq!(p.project.read(&p.mei, &asked).await.ok()["fields"]["reply"], "Yes");
        // Nobody acted on the parent; its log tells all the same what came back.
        let told = p.instance(&asked).await;
        let ends = lines(&told, "subflow_end");
        assert_eq!(ends.len(), 1, "{told}");
        assert_eq!((&ends[0]["who"], &ends[0]["changes"]["reply"]), (&Value::Null, &json!({"old": null, "new": "Yes"})));
        act(&p.last, &task(&p.last).await, "approve", json!({})).await.ok();
        assert_eq!(p.instance(&asked).await["state"], "approved");

        // It goes on whatever the outcome, which its branches read.
        let asked = p.project.create(&p.mei, json!({"name": "Tables"})).await.created();
        act(&p.boss, &task(&p.boss).await, "reject", json!({})).await.ok();
        assert_eq!(p.instance(&asked).await["state"], "approved");
        assert!(todo(&p.last).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn one_flow_starts_for_each_row_and_gives_back_to_its_row() {
    on_both_shared(async |workspace| {
        let p = Projects::build(&workspace).await;
        let maps = json!({"for_each": "lines", "map_in": {"what": "lines.item", "sum": "lines.price"},
            "map_out": {"lines.said": "answer"}});
        p.project.flow(json!([p.buy(maps)])).await;
        let lines = json!([{"item": "A", "price": 1}, {"item": "B", "price": 2}, {"item": "C", "price": 3}]);
        let asked = p.project.create(&p.mei, json!({"name": "x", "lines": lines})).await.created();
        let waiting = items(&p.boss.get("/tasks?box=todo").await.ok()).clone();
        assert_eq!(waiting.len(), 3);
        for item in &waiting {
            assert_eq!(p.instance(&asked).await["state"], "running");
            let what = item["title"].as_str().unwrap().split_whitespace().last().unwrap().to_owned();
            let said = json!({"fields": {"answer": format!("{what} it is")}});
            act(&p.boss, item["id"].as_str().unwrap(), "approve", said).await.ok();
        }
        assert_eq!(p.instance(&asked).await["state"], "approved");
        let rows = p.project.read(&p.mei, &asked).await.ok()["fields"]["lines"].clone();
        let said: Vec<&str> =
            rows.as_array().unwrap().iter().map(|row| row["said"].as_str().unwrap()).collect();
        assert_eq!(said, ["A it is", "B it is", "C it is"]);
        // Without rows there is nothing to wait for.
        let asked = p.project.create(&p.mei, json!({"name": "y"})).await.created();
        assert_eq!(asked["instance"]["state"], "approved");
    })
    .await;
}

#[tokio::test]
async fn ending_the_parent_ends_what_it_waits_for_and_nothing_else() {
    on_both_shared(async |workspace| {
        let p = Projects::build(&workspace).await;
        let maps = json!({"map_in": {"what": "name"}});
        let mut loose = p.buy(maps.clone());
        (loose["key"], loose["wait"]) = (json!("loose"), json!(false));
        p.project.flow(json!([loose, p.buy(maps)])).await;
        let asked = p.project.create(&p.mei, json!({"name": "Chairs"})).await.created();
        assert_eq!(todo(&p.boss).await.len(), 2);
        let path = format!("/instances/{}/terminate", asked["instance"]["id"].as_str().unwrap());
        p.project.admin.post(&path, json!({})).await.ok();
        assert_eq!(todo(&p.boss).await.len(), 1, "the one that nobody waits for goes on");
        let mut states: Vec<String> = p
            .orders()
            .await
            .iter()
            .map(|order| order["system"]["flow_state"].as_str().unwrap().to_owned())
            .collect();
        states.sort();
        assert_eq!(states, ["running", "terminated"]);
        // A child whose record is deleted has ended.
        let asked = p.project.create(&p.mei, json!({"name": "Tables"})).await.created();
        for order in p.orders().await {
            if order["fields"]["what"] == "Tables" {
                p.order
                    .admin
                    .delete(&p.order.at(&order), order["version"].as_i64().unwrap())
                    .await
                    .with_status(204);
            }
        }
        until("the parent goes on", async || p.instance(&asked).await["state"] == "approved").await;
    })
    .await;
}

#[tokio::test]
async fn what_a_flow_can_not_start_with_refuses_what_has_led_there() {
    on_both_shared(async |workspace| {
        let p = Projects::build(&workspace).await;
        p.project.flow(json!([p.buy(json!({"map_in": {"what": "name"}}))])).await;
        let refused =
            p.project.create(&p.project.admin, json!({"budget": 1})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["steps.buy.fields.what: required"]);
        // Who does not know the other form is told no more than where it stands.
        let refused = p.project.create(&p.mei, json!({"budget": 1})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["steps.buy: required"]);
        let projects = p.project.query(&p.project.admin, json!({})).await.ok();
        assert!(items(&projects).is_empty() && p.orders().await.is_empty(), "nothing is half-done");
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_a_flow_whose_form_is_gone_for_good_goes_on() {
    on_both_shared(async |workspace| {
        let p = Projects::build(&workspace).await;
        let admin = &workspace.admin;
        let last = || approve("last", &[&p.last.id], json!({}));
        p.project.flow(json!([p.buy(json!({"map_in": {"what": "name"}})), last()])).await;
        let asked = p.project.create(&p.mei, json!({"name": "Chairs"})).await.created();
        assert_eq!(todo(&p.boss).await.len(), 1);
        // New requests order nothing any more, so that nothing keeps the form; what runs still waits.
        p.project.flow(json!([last()])).await;
        admin.delete(&p.order.path(""), 1).await.with_status(204);
        assert_eq!(p.instance(&asked).await["steps"], json!([]));
        let purged = admin.job(admin.post(&p.order.path("/purge"), json!({})).await).await;
        assert_eq!(purged["state"], "done", "{purged}");
        let now = p.instance(&asked).await;
        assert_eq!((&now["state"], &now["steps"]), (&json!("running"), &json!(["last"])), "{now}");
    })
    .await;
}

//! Flows that change records by themselves.

use serde_json::{Value, json};
use tests::design::{approve, form, group, link, number, test, text};
use tests::workspace::{faults, id_of, items};
use tests::{App, Form, Person, Workspace, on_both_shared};

use super::{act, task, todo};

/// Orders of customers.
struct Shop {
    app: App,
    customer: Form,
    order: Form,
    mei: Person,
    boss: Person,
}

fn action(key: &str, action: Value) -> Value {
    json!({"kind": "action", "key": key, "label": key, "action": action})
}

impl Shop {
    async fn build(workspace: &Workspace) -> Shop {
        let app = workspace.app("Shop").await;
        let customer = form("customer", [text("name").unique(), number("spent", 2).option("max", "100")]);
        let customer = app.form(customer.with("title", "{name}")).await;
        let fields = [link("customer", "customer"), number("amount", 2), text("code"), text("status")];
        let order = app.form(form("order", fields)).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        order.allow(group("all", &[&mei.id])).await;
        customer.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        Shop { app, customer, order, mei, boss }
    }

    async fn named(&self, name: &str) -> Vec<Value> {
        let query = json!({"filter": test("name", "eq", name)});
        items(&self.customer.query(&self.customer.admin, query).await.ok()).clone()
    }
}

#[tokio::test]
async fn an_action_changes_its_record_and_others_in_the_transaction_of_the_decision() {
    on_both_shared(async |workspace| {
        let s = Shop::build(&workspace).await;
        let spent = json!({"kind": "update", "record": "customer",
            "set": {"spent": {"formula": "customer.spent + amount"}}});
        let arm = json!({"key": "booked", "label": "Booked", "when": test("status", "eq", "booked"),
            "steps": [approve("last", &[&s.boss.id], json!({}))]});
        let branch = json!({"kind": "branch", "key": "way", "label": "Way", "mode": "exclusive", "arms": [arm],
            "default": {"steps": []}});
        s.order
            .flow(json!([
                approve("boss", &[&s.boss.id], json!({"fields": {"code": "edit", "status": "edit"}})),
                action("mark", json!({"kind": "set", "set": {"status": "booked"}})),
                action("book", spent),
                branch,
            ]))
            .await;
        let customer = s.customer.add(json!({"name": "Ada", "spent": 10})).await;
        let fields = |amount: i64| json!({"customer": customer["id"], "amount": amount});
        let asked = s.order.create(&s.mei, fields(5)).await.created();
        let entered = json!({"fields": {"code": "A1", "status": "seen"}});
        let told = act(&s.boss, &task(&s.boss).await, "approve", entered).await.ok();
        // A branch after an action reads what it wrote.
        assert_eq!(told["steps"], json!(["last"]));
        assert_eq!(s.order.read(&s.mei, &asked).await.ok()["fields"]["status"], "booked");
        let seen = s.customer.read(&workspace.admin, &customer).await.ok();
        assert_eq!(seen["fields"]["spent"], "15.00");
        // The log tells what the decision and the action made of it together, once.
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let log = workspace.admin.get(&instance).await.ok()["log"].as_array().unwrap().clone();
        let changes = |field: &str| -> Vec<(Value, Value)> {
            let lines = log.iter().filter(|line| line["changes"].get(field).is_some());
            lines.map(|line| (line["action"].clone(), line["changes"][field].clone())).collect()
        };
        let by_approval = |new: &str| vec![(json!("approve"), json!({"old": null, "new": new}))];
        assert_eq!(changes("code"), by_approval("A1"));
        assert_eq!(changes("status"), by_approval("booked"));
        let history = format!("{}/history", s.customer.at(&customer));
        let history = items(&workspace.admin.get(&history).await.ok())[0].clone();
        assert_eq!(
            (&history["path"], &history["who"], &history["on_behalf_of"]),
            (&json!("flow"), &Value::Null, &json!(s.boss.id))
        );
        act(&s.boss, &task(&s.boss).await, "approve", json!({})).await.ok();

        // What an action is refused refuses the decision, and nothing of it stays.
        let asked = s.order.create(&s.mei, fields(90)).await.created();
        let decision = task(&s.boss).await;
        let refused = act(&s.boss, &decision, "approve", json!({})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["steps.book: too_large"], "the boss knows nothing of customers");
        assert_eq!(task(&s.boss).await, decision);
        assert_eq!(s.order.read(&s.mei, &asked).await.ok()["fields"]["status"], Value::Null);
        let seen = s.customer.read(&workspace.admin, &customer).await.ok();
        assert_eq!(seen["fields"]["spent"], "15.00");
    })
    .await;
}

#[tokio::test]
async fn an_action_makes_finds_and_deletes_records() {
    on_both_shared(async |workspace| {
        let s = Shop::build(&workspace).await;
        let name = json!({"formula": "code"});
        let upsert = json!({"kind": "upsert", "form": "customer", "key": ["name"],
            "set": {"name": name, "spent": {"formula": "amount"}}});
        s.order.flow(json!([action("keep", upsert)])).await;
        for (amount, expected) in [(1, "1.00"), (2, "2.00")] {
            let asked = s.order.create(&s.mei, json!({"code": "Bo", "amount": amount})).await.created();
            assert_eq!(asked["instance"]["state"], "approved");
            let found = s.named("Bo").await;
            assert_eq!(found.len(), 1);
            assert_eq!(found[0]["fields"]["spent"], expected);
        }
        s.customer.add(json!({"name": "Cy"})).await;
        let by_code = json!({"field": "name", "op": "eq", "value": {"param": "code"}});
        let delete = json!({"kind": "delete", "form": "customer", "filter": by_code, "if_none": "fail"});
        s.order.flow(json!([action("forget", delete)])).await;
        s.order.create(&s.mei, json!({"code": "Bo"})).await.created();
        assert!(s.named("Bo").await.is_empty());
        assert_eq!(s.named("Cy").await.len(), 1);
        // Nothing to compare with finds nothing, and not everything.
        let none = s.order.create(&s.mei, json!({"amount": 1})).await.refused(409, "nothing_found");
        assert_eq!(none["step"], "forget");
        assert_eq!(s.named("Cy").await.len(), 1);

        // A record that is made starts its form's flow, unless the action says no.
        s.customer.flow(json!([approve("check", &[&s.boss.id], json!({}))])).await;
        let create = |more: bool| {
            let set = json!({"name": {"formula": "code"}});
            json!([action(
                "new",
                json!({"kind": "create", "form": "customer", "set": set, "start_flow": more})
            )])
        };
        s.order.flow(create(false)).await;
        s.order.create(&s.mei, json!({"code": "Di"})).await.created();
        assert!(todo(&s.boss).await.is_empty());
        s.order.flow(create(true)).await;
        s.order.create(&s.mei, json!({"code": "Ed"})).await.created();
        assert_eq!(todo(&s.boss).await.len(), 1);
        let made = s.named("Ed").await;
        assert_eq!(made[0]["system"]["flow_state"], "running");
    })
    .await;
}

/// What the field offers is asked with all that the record says: whoever has led the flow there knows nothing of visits.
#[tokio::test]
async fn a_link_that_an_action_sets_leads_to_what_its_field_offers() {
    on_both_shared(async |workspace| {
        let s = Shop::build(&workspace).await;
        let contact = s.app.form(form("contact", [text("name"), link("customer", "customer")])).await;
        let of_customer = json!({"field": "customer", "op": "eq", "value": {"field": "customer"}});
        let contacts = link("contact", "contact").option("filter", of_customer);
        let visit = s.app.form(form("visit", [link("customer", "customer"), contacts])).await;
        let customers = s.customer.add_all(["Ada", "Bo"].map(|name| json!({"name": name}))).await;
        let met = contact.add(json!({"name": "Cy", "customer": customers[0]})).await;
        let create = |customer: &str| {
            let set = json!({"customer": customer, "contact": met["id"]});
            json!([action("visit", json!({"kind": "create", "form": "visit", "set": set}))])
        };
        s.order.flow(create(&customers[0])).await;
        s.order.create(&s.mei, json!({"code": "one"})).await.created();
        let visits = visit.query(&workspace.admin, json!({})).await.ok();
        assert_eq!(items(&visits)[0]["fields"]["contact"], met["id"]);

        s.order.flow(create(&customers[1])).await;
        let refused = s.order.create(&s.mei, json!({"code": "two"})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["steps.visit: not_offered"]);
    })
    .await;
}

#[tokio::test]
async fn t65_flows_that_start_each_other_without_end_are_stopped() {
    on_both_shared(async |workspace| {
        let s = Shop::build(&workspace).await;
        let make =
            |form: &str| action("make", json!({"kind": "create", "form": form, "set": {"code": "again"}}));
        let other = s.app.form(form("other", [text("code")])).await;
        other.flow(json!([make("order")])).await;
        s.order.flow(json!([make("other")])).await;
        s.order.create(&s.mei, json!({"code": "once"})).await.refused(409, "flow_chain_too_long");
        let orders = s.order.query(&workspace.admin, json!({})).await.ok();
        assert!(items(&orders).is_empty(), "nothing is half-done");
    })
    .await;
}

#[tokio::test]
async fn t65_flows_start_each_other_eight_deep_and_no_deeper() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Chain").await;
        let mut chain = Vec::new();
        for number in 0..=10 {
            chain.push(app.form(form(&format!("part{number}"), [text("code")])).await);
        }
        let make = |next: usize| {
            let form = format!("part{next}");
            action("make", json!({"kind": "create", "form": form, "set": {"code": "on"}}))
        };
        for (number, part) in chain.iter().take(9).enumerate() {
            part.flow(json!([make(number + 1)])).await;
        }
        let begin = async || chain[0].create(&workspace.admin, json!({"code": "once"})).await;
        let reached = async || items(&chain[9].query(&workspace.admin, json!({})).await.ok()).len();
        begin().await.created();
        assert_eq!(reached().await, 1, "the first, and eight that were started by the one before them");
        chain[9].flow(json!([make(10)])).await;
        begin().await.refused(409, "flow_chain_too_long");
        assert_eq!(reached().await, 1, "nothing is half-done");
    })
    .await;
}

#[tokio::test]
async fn an_action_changes_five_hundred_records_and_not_one_more() {
    on_both_shared(async |workspace| {
        let s = Shop::build(&workspace).await;
        let mark = json!({"kind": "update", "form": "customer", "filter": test("spent", "lt", 50), "set": {"spent": 60}});
        s.order.flow(json!([action("mark", mark)])).await;
        s.customer.add_all((0..501).map(|n| json!({"name": format!("C{n}"), "spent": 1}))).await;
        let refused = s.order.create(&s.mei, json!({"code": "all"})).await.refused(409, "action_too_large");
        assert_eq!(refused["step"], "mark");
        let first = s.named("C0").await;
        assert_eq!(first[0]["fields"]["spent"], "1.00", "nothing is half-done");
        s.customer.edit(&workspace.admin, &first[0], json!({"spent": 70})).await.ok();
        s.order.create(&s.mei, json!({"code": "all"})).await.created();
        let left = s.customer.query(&workspace.admin, json!({"filter": test("spent", "lt", 60)})).await.ok();
        assert!(items(&left).is_empty(), "{left}");
    })
    .await;
}

#[tokio::test]
async fn a_flow_writes_only_where_its_designer_administers() {
    on_both_shared(async |workspace| {
        let s = Shop::build(&workspace).await;
        let app = s.mei.post("/apps", json!({"label": "Mei's"})).await.created();
        let document = form("note", [text("what")]).document();
        let note = s.mei.post(&format!("/apps/{}/forms", id_of(&app)), document).await.created();
        let path = format!("/forms/{}/flow", id_of(&note));
        let target = json!({"kind": "create", "form": s.customer.id, "set": {"name": "Me"}});
        let flow = json!({"format": 1, "label": "Flow", "steps": [action("make", target)]});
        s.mei.put(&format!("{path}/draft"), "*", flow).await.ok();
        s.mei.post(&format!("{path}/publish"), json!({})).await.refused(403, "writes_elsewhere");
        workspace.admin.post(&format!("{path}/publish"), json!({})).await.ok();
    })
    .await;
}

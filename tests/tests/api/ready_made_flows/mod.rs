//! The flows that come with the product: each is walked along its main ways by the people whom it asks.

mod payment_plan;
mod taken;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{id_of, items};
use tests::{Client, Server, on_both};

/// Who takes part, by name; one person for each role, and a representative with a manager and a manager's manager.
struct People {
    admin: Client,
    by_name: BTreeMap<&'static str, (String, Client)>,
    forms: BTreeMap<String, String>,
    team: String,
}

/// A request on its way: who asks what of which form, and who is to be asked at which step, in order.
struct Way {
    form: &'static str,
    by: &'static str,
    fields: Value,
    asked: &'static [(&'static str, &'static str)],
}

fn way(
    form: &'static str,
    by: &'static str,
    fields: Value,
    asked: &'static [(&'static str, &'static str)],
) -> Way {
    Way { form, by, fields, asked }
}

impl People {
    async fn install(server: &Server) -> People {
        let admin = server.set_up().await;
        let mut forms = BTreeMap::new();
        for template in ["office", "crm", "inventory"] {
            let started = admin
                .post(&format!("/templates/{template}/install"), json!({"locale": "en", "demo": false}))
                .await;
            let job = admin.job(started).await;
            assert_eq!(job["state"], "done", "{job}");
            for (key, id) in job["result"]["forms"].as_object().unwrap() {
                forms.insert(key.clone(), id.as_str().unwrap().to_owned());
            }
        }
        let team = admin.post("/departments", json!({"name": "Team"})).await.created();
        let mut people = People { admin: admin.clone(), by_name: BTreeMap::new(), forms, team: id_of(&team) };
        people.join(server, "above", None, json!([])).await;
        let above = people.id("above").to_owned();
        people.join(server, "lead", Some(&above), json!([])).await;
        let lead = people.id("lead").to_owned();
        people.join(server, "rep", Some(&lead), json!([])).await;
        let roles = ["MGR", "DIR", "GM", "FIN", "LEGAL", "HR", "IT", "OFFICE", "CSMGR", "PUR"];
        for role in roles {
            people.join(server, role, None, json!([role])).await;
        }
        people.by_name.insert("admin", (String::new(), admin));
        people
    }

    async fn join(&mut self, server: &Server, name: &'static str, manager: Option<&str>, roles: Value) {
        let email = format!("{}@flows.example", name.to_lowercase());
        let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD,
            "manager": manager, "roles": roles});
        let member = self.admin.post("/members", member).await.created();
        let client = server.sign_in(&email, ADMIN_PASSWORD).await;
        self.by_name.insert(name, (id_of(&member), client));
    }

    fn id(&self, name: &str) -> &str {
        &self.by_name[name].0
    }

    fn client(&self, name: &str) -> &Client {
        &self.by_name[name].1
    }

    /// The task that a request has for somebody.
    async fn task(&self, name: &str, record: &str) -> Value {
        let waiting = self.client(name).get("/tasks?box=todo").await.ok();
        let found = items(&waiting).iter().find(|task| task["record"] == record);
        found.unwrap_or_else(|| panic!("{name} is not asked about {record}: {waiting}")).clone()
    }

    /// Does what the task at a step asks for.
    async fn decide(&self, name: &str, record: &str, step: &str) {
        let task = self.task(name, record).await;
        assert_eq!(task["step"], step, "{name}");
        let is_approval = task["actions"].as_array().unwrap().contains(&json!("approve"));
        assert_eq!(task["due"].is_string(), is_approval, "an approval is due: {task}");
        let fields = match step {
            "pay" => json!({"paid_on": "2026-12-24"}),
            "it" => json!({"account": "new@flows.example"}),
            "office" => json!({"workplace": "2-14"}),
            "lead" => json!({"plan": "Meets everybody"}),
            _ => json!({}),
        };
        let body = match is_approval {
            true => json!({"opinion": "Fine"}),
            false => json!({"fields": fields}),
        };
        let action = if is_approval { "approve" } else { "submit" };
        self.client(name).post(&format!("/tasks/{}/{action}", id_of(&task)), body).await.ok();
    }

    /// Walks a way to its end; answers the record and its request. With `sent_back` the first who is asked rejects it once, and it is submitted
    /// again.
    async fn walk(&self, way: &Way, sent_back: bool) -> (String, String) {
        let what = format!("{} {}", way.form, way.fields);
        let form = &self.forms[way.form];
        let mut fields = way.fields.clone();
        if way.form == "contract" {
            let file = self.client(way.by).upload("contract.txt", "text/plain", b"Contract".to_vec()).await;
            fields["files"] = json!([file]);
        }
        let path = format!("/forms/{form}/records");
        let record = self.client(way.by).post(&path, json!({"fields": fields})).await.created();
        let (id, instance) = (id_of(&record), record["instance"]["id"].as_str().unwrap().to_owned());
        if let Some((step, name)) = way.asked.first().filter(|_| sent_back) {
            let task = self.task(name, &id).await;
            assert_eq!(task["step"], *step, "{what}");
            let no = json!({"opinion": "Not like this"});
            self.client(name).post(&format!("/tasks/{}/reject", id_of(&task)), no).await.ok();
            let again = self.task(way.by, &id).await;
            assert_eq!(again["step"], "start", "{what}");
            self.client(way.by).post(&format!("/tasks/{}/submit", id_of(&again)), json!({})).await.ok();
        }
        for (step, name) in way.asked {
            self.decide(name, &id, step).await;
        }
        let ended = self.admin.get(&format!("/instances/{instance}")).await.ok();
        assert_eq!(ended["state"], "approved", "{what}");
        // Nobody else was asked on the way.
        let tasks = ended["tasks"].as_array().unwrap();
        let decided = tasks.iter().filter(|task| task["decision"] != Value::Null).count();
        let twice = if sent_back { 2 } else { 0 };
        assert_eq!(decided, way.asked.len() + twice, "{what} {tasks:?}");
        let open = tasks.iter().filter(|task| task["state"] == "open").count();
        assert_eq!(open, 0, "{what}");
        (id, instance)
    }
}

fn leave(days: &str) -> Value {
    json!({"kind": "annual", "from": "2026-12-01", "to": "2026-12-31", "days": days, "reason": "Family"})
}

fn expense(amount: &str, over_budget: bool) -> Value {
    let line = json!({"day": "2026-11-20", "category": "travel", "amount": amount});
    json!({"reason": "Visit", "lines": [line], "over_budget": over_budget})
}

fn contract(amount: &str, standard: bool, days: u32) -> Value {
    json!({"name": "Supply", "partner": "Oak Ltd", "amount": amount, "standard_terms": standard,
        "payment_days": days, "starts": "2026-12-01"})
}

fn refund(amount: &str) -> Value {
    json!({"customer": "Lin", "order_no": "SO-1", "cash_refund": amount, "cause": "quality", "reason": "Broken"})
}

impl People {
    fn budget(&self, old: &str, new: &str) -> Value {
        json!({"team": self.team, "item": "Travel", "period": "2026-12", "old_amount": old, "new_amount": new,
            "reason": "More visits"})
    }

    fn onboarding(&self, salary: &str) -> Value {
        json!({"name": "Ana", "team": self.team, "position": "Clerk", "starts": "2027-01-04",
            "lead": self.id("lead"), "salary": salary})
    }

    async fn add(&self, form: &str, fields: Value) -> String {
        let path = format!("/forms/{form}/records");
        id_of(&self.admin.post(&path, json!({"fields": fields})).await.created())
    }
}

/// `[FIN+DIR]` of domain.md 1.3: what is over budget needs both, in whichever order, and either sends it back for both.
#[tokio::test]
async fn finance_and_the_director_both_decide_what_is_over_budget() {
    on_both(async |server| {
        let people = People::install(server).await;
        let path = format!("/forms/{}/records", people.forms["expense"]);
        let fields = json!({"fields": expense("500", true)});
        let record = people.client("rep").post(&path, fields).await.created();
        let (id, instance) = (id_of(&record), record["instance"]["id"].as_str().unwrap().to_owned());
        let steps = async || {
            let told = people.admin.get(&format!("/instances/{instance}")).await.ok();
            let steps = told["steps"].as_array().unwrap().iter();
            steps.map(|step| step.as_str().unwrap().to_owned()).collect::<BTreeSet<String>>()
        };
        let are = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
        people.decide("lead", &id, "manager").await;
        assert_eq!(steps().await, are(&["finance_joint", "director_joint"]));
        people.decide("FIN", &id, "finance_joint").await;
        assert_eq!(steps().await, are(&["director_joint"]), "one of both is not enough");
        let task = people.task("DIR", &id).await;
        let no = json!({"opinion": "Not this year"});
        people.client("DIR").post(&format!("/tasks/{}/reject", id_of(&task)), no).await.ok();
        assert_eq!(steps().await, are(&["start"]));
        let again = people.task("rep", &id).await;
        people.client("rep").post(&format!("/tasks/{}/submit", id_of(&again)), json!({})).await.ok();
        people.decide("lead", &id, "manager").await;
        assert_eq!(steps().await, are(&["finance_joint", "director_joint"]), "both are asked anew");
        people.decide("DIR", &id, "director_joint").await;
        assert_eq!(steps().await, are(&["finance_joint"]));
        people.decide("FIN", &id, "finance_joint").await;
        assert_eq!(steps().await, are(&["pay"]));
    })
    .await;
}

#[tokio::test]
async fn office_flows_ask_whom_days_and_amounts_call_for() {
    on_both(async |server| {
        let people = People::install(server).await;
        let ways = [
            way("leave", "rep", leave("3"), &[("manager", "lead")]),
            way("leave", "rep", leave("3.5"), &[("manager", "lead"), ("head", "above")]),
            way(
                "leave",
                "rep",
                leave("10.5"),
                &[("manager", "lead"), ("head_long", "above"), ("general_manager", "GM")],
            ),
            way("expense", "rep", expense("1000", false), &[("manager", "lead"), ("pay", "FIN")]),
            way(
                "expense",
                "rep",
                expense("1000.01", false),
                &[("manager", "lead"), ("finance", "FIN"), ("pay", "FIN")],
            ),
            way(
                "expense",
                "rep",
                expense("500", true),
                &[("manager", "lead"), ("finance_joint", "FIN"), ("director_joint", "DIR"), ("pay", "FIN")],
            ),
            way(
                "expense",
                "rep",
                expense("10000.01", true),
                &[
                    ("manager", "lead"),
                    ("director_joint", "DIR"),
                    ("finance_joint", "FIN"),
                    ("general_manager", "GM"),
                    ("pay", "FIN"),
                ],
            ),
            way(
                "expense",
                "rep",
                expense("10000.01", false),
                &[("manager", "lead"), ("finance", "FIN"), ("general_manager", "GM"), ("pay", "FIN")],
            ),
            way("contract", "rep", contract("99999.99", true, 60), &[("manager", "lead")]),
            way(
                "contract",
                "rep",
                contract("100000", true, 60),
                &[("manager", "lead"), ("legal", "LEGAL"), ("finance", "FIN")],
            ),
            way(
                "contract",
                "rep",
                contract("10", false, 30),
                &[("manager", "lead"), ("finance", "FIN"), ("legal", "LEGAL")],
            ),
            way(
                "contract",
                "rep",
                contract("10", true, 61),
                &[("manager", "lead"), ("legal", "LEGAL"), ("finance", "FIN")],
            ),
            way(
                "contract",
                "rep",
                contract("200000", true, 30),
                &[("manager", "lead"), ("legal", "LEGAL"), ("finance", "FIN"), ("director", "DIR")],
            ),
            way(
                "contract",
                "rep",
                contract("500000", true, 30),
                &[
                    ("manager", "lead"),
                    ("legal", "LEGAL"),
                    ("finance", "FIN"),
                    ("director", "DIR"),
                    ("general_manager", "GM"),
                ],
            ),
            way("refund", "admin", refund("5000"), &[("service_manager", "CSMGR"), ("pay", "FIN")]),
            way(
                "refund",
                "admin",
                refund("5000.01"),
                &[("service_manager", "CSMGR"), ("finance", "FIN"), ("pay", "FIN")],
            ),
            way("budget", "admin", people.budget("100", "110"), &[("finance", "FIN")]),
            way(
                "budget",
                "admin",
                people.budget("100", "110.01"),
                &[("finance", "FIN"), ("general_manager", "GM")],
            ),
            way(
                "budget",
                "admin",
                people.budget("100", "89"),
                &[("finance", "FIN"), ("general_manager", "GM")],
            ),
            way("budget", "admin", people.budget("0", "5"), &[("finance", "FIN"), ("general_manager", "GM")]),
            way(
                "onboarding",
                "admin",
                people.onboarding("30000"),
                &[("hr", "HR"), ("it", "IT"), ("office", "OFFICE"), ("lead", "lead")],
            ),
            way(
                "onboarding",
                "admin",
                people.onboarding("30000.01"),
                &[
                    ("hr", "HR"),
                    ("general_manager", "GM"),
                    ("lead", "lead"),
                    ("office", "OFFICE"),
                    ("it", "IT"),
                ],
            ),
        ];
        let mut before = "";
        for way in &ways {
            // The first of each form is sent back once.
            people.walk(way, way.form != before).await;
            before = way.form;
        }
    })
    .await;
}

/// The documents of all ready-made flows, each with where it lies.
fn documents() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows");
    let mut found = Vec::new();
    for package in std::fs::read_dir(root).unwrap() {
        for flow in std::fs::read_dir(package.unwrap().path().join("flows")).unwrap() {
            let path = flow.unwrap().path();
            let document = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            found.push((path.display().to_string(), document));
        }
    }
    found
}

/// domain.md 0.8: a reminder after 24 hours of working time, and the manager of who is asked after 48.
#[test]
fn every_approval_of_a_ready_made_flow_is_reminded_of_and_goes_to_a_manager() {
    let usual = json!([
        {"after": "PT24H", "working_time": true, "do": "remind"},
        {"after": "PT48H", "working_time": true, "do": "escalate"}
    ]);
    let mut found = 0;
    for (path, document) in documents() {
        for step in approvals(&document["steps"]) {
            assert_eq!(step["deadlines"], usual, "{path} {}", step["key"]);
            found += 1;
        }
    }
    assert!(found >= 25, "{found}");
}

/// domain.md 0.8: whoever asks does not approve it too, and nobody approves twice in a row; such a step passes by itself.
#[test]
fn in_a_ready_made_flow_ones_own_step_and_the_next_of_the_same_person_pass_by_themselves() {
    let documents = documents();
    assert!(documents.len() >= 9, "{}", documents.len());
    for (path, document) in documents {
        let settings = (&document["self_approval"], &document["auto_pass"]);
        assert_eq!(settings, (&json!("auto_approve"), &json!("consecutive")), "{path}");
    }
}

/// The approve steps among some steps, and in the arms of blocks among them.
fn approvals(steps: &Value) -> Vec<&Value> {
    let steps = steps.as_array().into_iter().flatten();
    steps
        .flat_map(|step| {
            let arms = step["arms"].as_array().into_iter().flatten();
            let arms = arms.chain(step.get("default")).flat_map(|arm| approvals(&arm["steps"]));
            let own = Some(step).filter(|step| step["kind"] == "approve");
            own.into_iter().chain(arms).collect::<Vec<&Value>>()
        })
        .collect()
}

#[tokio::test]
async fn discounts_and_purchases_ask_whom_margins_and_amounts_call_for() {
    on_both(async |server| {
        let people = People::install(server).await;
        let product = json!({"sku": "T1", "name": "Table", "category": "furniture", "list_price": "100",
            "standard_cost": "60"});
        let product = people.add("base.product", product).await;
        let customer = people.add("base.customer", json!({"name": "Lin", "source": "ad"})).await;
        let supplier = people.add(&people.forms["supplier"], json!({"name": "Oak", "active": true})).await;
        let warehouse = people
            .add(&people.forms["warehouse"], json!({"code": "W1", "name": "Main", "active": true}))
            .await;
        let quoted = |qty: &str, price: &str, discount: &str| {
            json!({"customer": customer, "lines": [{"product": product, "qty": qty, "unit_price": price,
                "discount_pct": discount}]})
        };
        let bought = |cost: &str| {
            json!({"supplier": supplier, "warehouse": warehouse,
                "lines": [{"product": product, "qty": "1", "unit_cost": cost}]})
        };
        let ways = [
            way("quotation", "admin", quoted("1", "100", "5"), &[]),
            way("quotation", "admin", quoted("1", "100", "6"), &[("manager", "MGR")]),
            way("quotation", "admin", quoted("1", "74", "0"), &[("manager", "MGR")]),
            way("quotation", "admin", quoted("1", "120", "16"), &[("manager", "MGR"), ("director", "DIR")]),
            way(
                "quotation",
                "admin",
                quoted("1", "200", "31"),
                &[("manager", "MGR"), ("director_joint", "DIR"), ("finance_joint", "FIN")],
            ),
            way(
                "quotation",
                "admin",
                quoted("1", "66", "0"),
                &[("manager", "MGR"), ("finance_joint", "FIN"), ("director_joint", "DIR")],
            ),
            way("quotation", "admin", quoted("1000", "100", "0"), &[("manager", "MGR")]),
            way("quotation", "admin", quoted("3000", "100", "0"), &[("manager", "MGR"), ("director", "DIR")]),
            way(
                "quotation",
                "admin",
                quoted("10000", "100", "0"),
                &[("manager", "MGR"), ("director", "DIR"), ("general_manager", "GM")],
            ),
            way("purchase_order", "admin", bought("9999.99"), &[("purchasing", "PUR")]),
            way("purchase_order", "admin", bought("10000"), &[("purchasing", "PUR"), ("finance", "FIN")]),
            way(
                "purchase_order",
                "admin",
                bought("100000"),
                &[("purchasing", "PUR"), ("finance_large", "FIN"), ("general_manager", "GM")],
            ),
        ];
        for (place, way) in ways.iter().enumerate() {
            // One discount and one purchase are sent back once.
            people.walk(way, [1, 9].contains(&place)).await;
        }
    })
    .await;
}

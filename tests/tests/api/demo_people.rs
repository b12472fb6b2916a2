//! To whom the records of a demo belong: the people in the roles that its files name, those who come later, too.

use std::time::Duration;

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{id_of, items, version_of};
use tests::{Client, Server, on_both};

/// How long it may take until those who came later have what is theirs.
const PATIENCE: u32 = 120;

/// The template of customers and sales with its demo.
struct Crm {
    admin: Client,
    installed: Value,
}

impl Crm {
    async fn install(admin: &Client) -> Crm {
        let input = json!({"locale": "en", "demo": true});
        let job = admin.job(admin.post("/templates/crm/install", input).await).await;
        assert_eq!(job["state"], "done", "{job}");
        Crm { admin: admin.clone(), installed: job["result"].clone() }
    }

    fn own(&self, form: &str) -> String {
        self.installed["forms"][form].as_str().unwrap().to_owned()
    }

    async fn base(&self, form: &str) -> String {
        let app = self.installed["packages"]["base"].as_str().unwrap();
        let forms = self.admin.get(&format!("/apps/{app}/forms")).await.ok();
        id_of(items(&forms).iter().find(|one| one["key"] == form).unwrap())
    }
}

/// Somebody in a role, whom nobody leads.
async fn person(server: &Server, admin: &Client, email: &str, role: &str) -> Client {
    let member =
        json!({"email": email, "name": email, "password": ADMIN_PASSWORD, "roles": [role], "language": "en"});
    admin.post("/members", member).await.created();
    server.sign_in(email, ADMIN_PASSWORD).await
}

async fn count(who: &Client, form: &str) -> u64 {
    let asked = json!({"count": "exact", "limit": 1});
    let answer = who.post(&format!("/forms/{form}/records/query"), asked).await.ok();
    answer["count"]["value"].as_u64().unwrap()
}

#[tokio::test]
async fn demo_records_belong_to_the_people_in_their_roles_and_what_belongs_together_to_one() {
    on_both(async |server| {
        let admin = server.set_up().await;
        for role in ["REP", "MGR"] {
            admin.post("/roles", json!({"key": role, "name": role})).await.created();
        }
        let reps = [
            person(server, &admin, "ray@example.com", "REP").await,
            person(server, &admin, "rita@example.com", "REP").await,
        ];
        let manager = person(server, &admin, "mia@example.com", "MGR").await;
        let crm = Crm::install(&admin).await;
        let (customers, quotations) = (crm.base("customer").await, crm.own("quotation"));
        let mut all = 0;
        for rep in &reps {
            let own = count(rep, &customers).await;
            assert!(own > 50, "{own} customers");
            all += own;
            // Nothing that somebody owns leads to what is closed to them.
            for form in [crm.own("opportunity"), crm.own("contact"), crm.own("follow_up"), quotations.clone()]
            {
                let asked = json!({"limit": 500, "titles": true});
                let answer = rep.post(&format!("/forms/{form}/records/query"), asked).await.ok();
                let titles = &answer["titles"][&customers];
                assert!(!items(&answer).is_empty(), "{form}");
                for record in items(&answer) {
                    let customer = record["fields"]["customer"].as_str().unwrap();
                    assert!(titles[customer].is_string(), "{record}");
                }
            }
        }
        assert_eq!(all, 173, "each customer of the representatives is one's");
        who_decides_reads_whom_it_is_about(&crm, &reps[0], &manager).await;
    })
    .await;
}

/// A representative quotes for a customer of theirs. The manager, whose own customers are others, may not open that one.
async fn who_decides_reads_whom_it_is_about(crm: &Crm, rep: &Client, manager: &Client) {
    let (customers, quotations) = (crm.base("customer").await, crm.own("quotation"));
    let offered = rep.get(&format!("/forms/{quotations}/fields/customer/options?q=")).await.ok();
    let customer = items(&offered)[0].clone();
    let products = rep.get(&format!("/forms/{}/records?limit=1", crm.base("product").await)).await.ok();
    let line =
        json!({"product": items(&products)[0]["id"], "qty": "10", "unit_price": "100", "discount_pct": "12"});
    let quoted = json!({"fields": {"customer": customer["id"], "lines": [line]}});
    let made = rep.post(&format!("/forms/{quotations}/records"), quoted).await.created();
    assert_eq!(made["fields"]["customer_name"], customer["title"]);

    let todo = manager.get("/tasks?box=todo").await.ok();
    let task = items(&todo).iter().find(|task| task["record"] == made["id"]).expect("the manager is asked");
    let name = customer["title"].as_str().unwrap();
    assert!(task["title"].as_str().unwrap().contains(name), "{task}");
    let seen = manager.get(&format!("/forms/{quotations}/records/{}", id_of(&made))).await.ok();
    assert_eq!(seen["fields"]["customer_name"], customer["title"]);
    let address = format!("/forms/{customers}/records/{}", customer["id"].as_str().unwrap());
    manager.get(&address).await.refused(404, "not_found");
    // It is what was quoted for: nobody writes another name over it.
    let other = json!({"fields": {"customer": customer["id"], "customer_name": "Other", "lines": [line]}});
    rep.post(&format!("/forms/{quotations}/records"), other).await.refused(422, "not_writable");
}

/// What groups show by department they show of a demo, too.
#[tokio::test]
async fn demo_records_lie_in_the_departments_of_their_people() {
    on_both(async |server| {
        let admin = server.set_up().await;
        admin.post("/roles", json!({"key": "REP", "name": "REP"})).await.created();
        let join = async |email: &str, role: &str| {
            let department = admin.post("/departments", json!({"name": email})).await.created();
            let member = json!({"email": email, "name": email, "password": ADMIN_PASSWORD, "roles": [role],
                "departments": [department["id"]], "language": "en"});
            admin.post("/members", member).await.created();
            (server.sign_in(email, ADMIN_PASSWORD).await, department["id"].clone())
        };
        let (rep, north) = join("ray@example.com", "REP").await;
        let crm = Crm::install(&admin).await;
        let customers = crm.base("customer").await;
        let of = async |who: &Client, department: &Value| {
            let filter = json!({"field": "$department", "op": "eq", "value": department});
            let asked = json!({"count": "exact", "limit": 1, "filter": filter});
            let answer = who.post(&format!("/forms/{customers}/records/query"), asked).await.ok();
            answer["count"]["value"].as_u64().unwrap()
        };
        let own = of(&rep, &north).await;
        assert!(own > 50, "{own} customers");
        let opportunities = crm.own("opportunity");
        let first = rep.get(&format!("/forms/{opportunities}/records?limit=1")).await.ok();
        assert_eq!(items(&first)[0]["system"]["department"], north);
    })
    .await;
}

#[tokio::test]
async fn demo_records_wait_for_the_first_in_their_role() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let crm = Crm::install(&admin).await;
        let customers = crm.base("customer").await;
        let name = "Qingchuan Care Centre (Fuzhou)";
        let asked = json!({"filter": {"field": "name", "op": "eq", "value": name}});
        let found = admin.post(&format!("/forms/{customers}/records/query"), asked).await.ok();
        let known = items(&found)[0].clone();
        let address = format!("/forms/{customers}/records/{}", id_of(&known));
        let kept = json!({"fields": {"remark": "mine"}});
        let kept = admin.patch(&address, version_of(&known), kept).await.ok();

        let rep = person(server, &admin, "ray@example.com", "REP").await;
        let (opportunities, mut turns) = (crm.own("opportunity"), 0);
        while count(&rep, &customers).await < 172 || count(&rep, &opportunities).await < 99 {
            turns += 1;
            assert!(turns < PATIENCE, "{} customers", count(&rep, &customers).await);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        // What the administrator has worked on stays with them, and nothing looks as if somebody had changed it.
        assert_eq!(count(&rep, &customers).await, 172);
        let now = admin.get(&address).await.ok();
        assert_eq!(now["system"]["owner"], kept["system"]["owner"]);
        assert_eq!(admin.get("/templates/crm/demo").await.ok()["changed"], 1);
        // The next one in the role takes nothing away.
        let next = person(server, &admin, "rita@example.com", "REP").await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!((count(&next, &customers).await, count(&rep, &customers).await), (0, 172));
    })
    .await;
}

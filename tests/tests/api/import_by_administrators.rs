//! What only who administers an app may bring in with a file: serial numbers, and records that are approved already.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Client, design, on_both};

use crate::import::{app, form, import, records, upload};

/// Requests with a number, a flow, and a table that counts approved ones alone.
async fn requests(admin: &Client) -> (String, String) {
    let app = app(admin).await;
    let definition = json!({"key": "request", "label": "Request", "fields": [
        {"key": "no", "label": {"en": "No", "zh-CN": "编号"}, "kind": "serial", "options": {"parts": [
            {"text": "RQ-"}, {"counter": {"width": 4}}]}},
        {"key": "what", "label": "What", "kind": "text", "required": true},
        {"key": "amount", "label": "Amount", "kind": "number"}]});
    let form = form(admin, &app, definition).await;
    let me = admin.get("/me").await.ok();
    let steps = json!([design::approve("boss", &[me["id"].as_str().unwrap()], json!({}))]);
    let flow = json!({"format": 1, "label": "Flow", "steps": steps});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    let approved = json!({"field": "$flow_state", "op": "eq", "value": "approved"});
    let spent = json!({"key": "spent", "label": "Spent", "dimensions": [{"key": "what", "label": "What"}],
        "sources": [{"form": "request", "filter": approved, "group": {"what": "what"},
                     "measures": {"amount": {"fn": "sum", "field": "amount"}}}],
        "constraints": [{"key": "limit", "check": {"field": "amount", "op": "lte", "value": "100"}, "message": "Too much"}]});
    let table = admin.post(&format!("/apps/{app}/aggregates"), spent).await.created();
    (form, table["id"].as_str().unwrap().to_string())
}

fn mapping() -> Value {
    json!({"No": "no", "What": "what", "Amount": "amount", "State": "$flow_state"})
}

fn told(job: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let faults = job["result"]["faults"].as_array().unwrap().iter();
    faults
        .map(|fault| (fault["line"].as_u64().unwrap(), text(&fault["path"]), text(&fault["code"])))
        .collect()
}

#[tokio::test]
async fn an_administrator_brings_numbers_and_approved_records_and_counters_go_on_after_them() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let (form, table) = requests(&admin).await;
        let file = upload(
            &admin,
            "No,What,Amount,State\nRQ-0041,Desk,60,approved\nRQ-0007,Chair,5,\nOLD/3,Lamp,9,已通过\n,Shelf,1,\n\
             RQ-0007,Twice,1,\nRQ-0050,Desk,50,approved\nRQ-0051,Odd,1,running\n",
        )
        .await;
        let preview = admin.post(&format!("/forms/{form}/import/preview"), json!({"file": file})).await.ok();
        assert_eq!(preview["administers"], true);
        let input = |dry_run: bool| json!({"file": file, "mapping": mapping(), "dry_run": dry_run});
        import(&admin, &form, input(true)).await;
        let job = import(&admin, &form, input(false)).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(4), &json!(3)), "{job}");
        let mut faults = told(&job);
        faults.sort_unstable();
        assert_eq!(faults, [
            (6, "no".to_string(), "not_unique".to_string()),
            (7, "amount".to_string(), "constraint".to_string()),
            (8, "$flow_state".to_string(), "only_approved".to_string()),
        ]);
        let made: Vec<(String, String, Value)> = records(&admin, &form)
            .await
            .iter()
            .map(|record| {
                let text = |key: &str| record["fields"][key].as_str().unwrap().to_string();
                (text("no"), text("what"), record["system"]["flow_state"].clone())
            })
            .collect();
        // The refused row of the number 50 raised no counter: its save was undone.
        assert_eq!(made, [
            ("RQ-0041".to_string(), "Desk".to_string(), json!("approved")),
            ("RQ-0007".to_string(), "Chair".to_string(), Value::Null),
            ("OLD/3".to_string(), "Lamp".to_string(), json!("approved")),
            ("RQ-0042".to_string(), "Shelf".to_string(), Value::Null),
        ]);
        let rows = admin.get(&format!("/aggregates/{table}/rows")).await.ok();
        let sum = |what: &str| {
            let rows = rows["items"].as_array().unwrap();
            rows.iter().find(|row| row["group"]["what"] == what).map(|row| row["values"]["amount"].clone())
        };
        assert_eq!((sum("Desk"), sum("Chair")), (Some(json!("60.00")), None));

        let next = admin.post(&format!("/forms/{form}/records"), json!({"fields": {"what": "Next"}})).await.created();
        assert_eq!(next["fields"]["no"], "RQ-0043");

        // The number of a record that lies in the bin is not given again either.
        let chair = &records(&admin, &form).await[1];
        let path = format!("/forms/{form}/records/{}", chair["id"].as_str().unwrap());
        assert!(admin.delete(&path, 1).await.status < 300);
        let again = upload(&admin, "No,What\nRQ-0007,Again\n").await;
        let job = import(&admin, &form, json!({"file": again, "mapping": {"No": "no", "What": "what"}})).await;
        assert_eq!(told(&job), [(2, "no".to_string(), "not_unique".to_string())], "{job}");
    })
    .await;
}

#[tokio::test]
async fn others_give_no_numbers_and_approve_nothing_but_find_records_by_their_numbers() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let (form, _) = requests(&admin).await;
        let file = upload(&admin, "What\nDesk\n").await;
        import(&admin, &form, json!({"file": file, "mapping": {"What": "what"}})).await;
        admin.post("/roles", json!({"key": "clerk", "name": "Clerk"})).await.created();
        let group = json!({"key": "clerks", "label": "Clerks", "who": {"roles": ["clerk"]},
            "operations": ["view", "create", "edit", "import"], "fields": {"*": "edit"}});
        admin.post(&format!("/forms/{form}/permissions"), group).await.created();
        let clerk = server.member(&admin, "clerk@example.com", &["clerk"]).await;
        let file = upload(&clerk, "No,What,State\nRQ-0001,Chair,approved\nRQ-0009,Lamp,\n").await;
        let preview = clerk.post(&format!("/forms/{form}/import/preview"), json!({"file": file})).await.ok();
        assert_eq!(preview["administers"], false);
        let path = format!("/forms/{form}/import");
        for (header, key) in [("No", "no"), ("State", "$flow_state")] {
            let input = json!({"file": file, "mapping": {header: key, "What": "what"}});
            let refusal = clerk.post(&path, input).await.refused(422, "validation");
            assert_eq!(refusal["errors"][0]["code"], "not_importable", "{key}");
        }
        let by_number = |mode: &str| {
            json!({"file": file, "mapping": {"No": "no", "What": "what"}, "mode": mode, "key": ["no"]})
        };
        let job = import(&clerk, &form, by_number("update")).await;
        assert_eq!((&job["result"]["updated"], &job["result"]["failed"]), (&json!(1), &json!(1)), "{job}");
        assert_eq!(told(&job)[0].2, "no_record_with_key");
        let job = import(&clerk, &form, by_number("upsert")).await;
        assert_eq!(told(&job), [(3, "no".to_string(), "not_writable".to_string())], "{job}");
        // Approved is what a new record comes in as; one that is there goes the way of its flow.
        let state = json!({"file": file, "mapping": {"No": "no", "State": "$flow_state"}, "mode": "update", "key": ["no"]});
        admin.post(&path, state).await.refused(422, "validation");
        let made = records(&admin, &form).await;
        assert_eq!((made.len(), &made[0]["fields"]["what"]), (1, &json!("Chair")));
    })
    .await;
}

#[tokio::test]
async fn a_number_that_does_not_fit_its_records_fields_is_given_to_no_other() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let definition = json!({"key": "order", "label": "Order", "fields": [
            {"key": "region", "label": "Region", "kind": "text"},
            {"key": "no", "label": "No", "kind": "serial", "options": {"parts": [
                {"field": "region", "scope": true}, {"text": "-"}, {"counter": {"width": 3}}]}}]});
        let form = form(&admin, &app, definition).await;
        // It moved to another region after it had got its number.
        let file = upload(&admin, "No,Region\nSH-002,BJ\n").await;
        let mapping = json!({"No": "no", "Region": "region"});
        import(&admin, &form, json!({"file": file, "mapping": mapping})).await;
        for (region, number) in [("SH", "SH-003"), ("BJ", "BJ-001"), ("SH", "SH-004")] {
            let fields = json!({"fields": {"region": region}});
            let made = admin.post(&format!("/forms/{form}/records"), fields).await.created();
            assert_eq!(made["fields"]["no"], number);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_imports_at_once_that_bring_the_same_numbers_one_gets_each() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let definition = json!({"key": "order", "label": "Order", "fields": [
            {"key": "what", "label": "What", "kind": "text"},
            {"key": "no", "label": "No", "kind": "serial", "options": {"parts": [
                {"text": "SO-"}, {"counter": {"width": 4}}]}}]});
        let form = form(&admin, &app, definition).await;
        let email = "second@example.com";
        let member =
            json!({"email": email, "name": "Bea", "password": ADMIN_PASSWORD, "administrator": true});
        admin.post("/members", member).await.created();
        let other = server.sign_in(email, ADMIN_PASSWORD).await;
        // Numbers as this form makes them, and others that no counter stands for.
        let brought = |who: &str| {
            let lines = (1..=60).flat_map(|n| [format!("SO-{n:04},{who}\n"), format!("OLD/{n},{who}\n")]);
            std::iter::once("No,What\n".to_string()).chain(lines).collect::<String>()
        };
        let (ours, theirs) =
            (upload(&admin, &brought("ours")).await, upload(&other, &brought("theirs")).await);
        let input = |file: String| json!({"file": file, "mapping": {"No": "no", "What": "what"}});
        let (one, two) =
            tokio::join!(import(&admin, &form, input(ours)), import(&other, &form, input(theirs)));
        let figure = |job: &Value, name: &str| job["result"][name].as_u64().unwrap();
        for job in [&one, &two] {
            assert_eq!(figure(job, "created") + figure(job, "failed"), 120, "{job}");
            for (_, path, code) in told(job) {
                assert_eq!((path.as_str(), code.as_str()), ("no", "not_unique"), "{job}");
            }
        }
        assert_eq!(figure(&one, "created") + figure(&two, "created"), 120, "{one} {two}");
        let made = records(&admin, &form).await;
        let numbers: std::collections::BTreeSet<&str> =
            made.iter().map(|record| record["fields"]["no"].as_str().unwrap()).collect();
        assert_eq!((made.len(), numbers.len()), (120, 120));
        let next = admin.post(&format!("/forms/{form}/records"), json!({"fields": {}})).await.created();
        assert_eq!(next["fields"]["no"], "SO-0061");
    })
    .await;
}

//! Rules of the templates that reach from one record into others, on every way in that a request has.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{faults, id_of, items, version_of};
use tests::{Client, on_both};

/// A template that is installed without records, and the paths of the records of its forms and of those that it brings along.
struct Template {
    admin: Client,
    installed: Value,
}

impl Template {
    async fn install(admin: &Client, key: &str) -> Self {
        let job = admin.post(&format!("/templates/{key}/install"), json!({"demo": false})).await;
        let job = admin.job(job).await;
        assert_eq!(job["state"], "done", "{job}");
        Self { admin: admin.clone(), installed: job["result"].clone() }
    }

    fn own(&self, form: &str) -> String {
        format!("/forms/{}/records", self.installed["forms"][form].as_str().unwrap())
    }

    async fn of(&self, package: &str, form: &str) -> String {
        let app = self.installed["packages"][package].as_str().unwrap();
        let forms = self.admin.get(&format!("/apps/{app}/forms")).await.ok();
        let form = items(&forms).iter().find(|one| one["key"] == form).unwrap();
        format!("/forms/{}/records", form["id"].as_str().unwrap())
    }

    async fn add(&self, records: &str, fields: Value) -> Value {
        self.admin.post(records, json!({"fields": fields})).await.created()
    }
}

#[tokio::test]
async fn a_customer_has_one_primary_contact_whoever_becomes_it() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let crm = Template::install(&admin, "crm").await;
        let (customers, contacts) = (crm.of("base", "customer").await, crm.own("contact"));
        let customer = crm.add(&customers, json!({"name": "Acme", "source": "ad"})).await["id"].clone();
        let other = crm.add(&customers, json!({"name": "Other", "source": "ad"})).await["id"].clone();
        let contact = async |name: &str, of: &Value, primary: bool| {
            crm.add(&contacts, json!({"customer": of, "name": name, "primary": primary})).await
        };
        let primaries = async || {
            let filter = json!({"field": "primary", "op": "eq", "value": true});
            let asked = json!({"filter": filter, "sort": [{"field": "name"}]});
            let found = admin.post(&format!("{contacts}/query"), asked).await.ok();
            let names =
                items(&found).iter().map(|record| record["fields"]["name"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        let at = |record: &Value| format!("{contacts}/{}", id_of(record));
        contact("Ann", &customer, true).await;
        contact("Zoe", &other, true).await;
        let cleo = contact("Cleo", &customer, false).await;
        assert_eq!(primaries().await, ["Ann", "Zoe"]);
        // A new one takes the mark, and so does one that is changed.
        let bob = contact("Bob", &customer, true).await;
        assert_eq!(primaries().await, ["Bob", "Zoe"]);
        let marked = json!({"fields": {"primary": true}});
        let cleo = admin.patch(&at(&cleo), version_of(&cleo), marked).await.ok();
        assert_eq!(primaries().await, ["Cleo", "Zoe"]);
        // Where it goes, the first one that there was is it; where it comes back, it has the mark again.
        admin.delete(&at(&cleo), version_of(&cleo)).await.with_status(204);
        assert_eq!(primaries().await, ["Ann", "Zoe"]);
        admin.post(&format!("{}/restore", at(&cleo)), json!({})).await.ok();
        assert_eq!(primaries().await, ["Cleo", "Zoe"]);
        // What became of Bob stands in his history, as the script's.
        let history = admin.get(&format!("{}/history", at(&bob))).await.ok();
        let newest = &items(&history)[0];
        assert_eq!(
            (&newest["path"], &newest["changes"]["primary"]["new"]),
            (&json!("script"), &json!(false))
        );
        // Two at once can't both be it.
        let two = ["Dan", "Eve"]
            .map(|name| json!({"fields": {"customer": customer, "name": name, "primary": true}}));
        let bulk = admin.post(&format!("{contacts}/bulk"), json!({"create": two})).await;
        bulk.refused(409, "script_own_record");
        assert_eq!(primaries().await, ["Cleo", "Zoe"]);
    })
    .await;
}

#[tokio::test]
async fn two_customers_do_not_have_the_same_name_however_it_is_written() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let crm = Template::install(&admin, "crm").await;
        let customers = crm.of("base", "customer").await;
        crm.add(&customers, json!({"name": "ACME Trading", "source": "ad"})).await;
        let again = json!({"fields": {"name": "ａｃｍｅ　 trading", "source": "ad"}});
        let again = admin.post(&customers, again).await.refused(409, "not_unique");
        assert_eq!(faults(&again), ["fields.name_key: not_unique"]);
        crm.add(&customers, json!({"name": "ACME Trading East", "source": "ad"})).await;
    })
    .await;
}

#[tokio::test]
async fn a_quantity_with_more_decimals_than_its_product_is_refused() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let inventory = Template::install(&admin, "inventory").await;
        let of = async |form: &str| inventory.of("base", form).await;
        let (products, orders) = (of("product").await, of("order").await);
        let product = async |sku: &str, scale: u32| {
            let fields = json!({"sku": sku, "name": sku, "category": "furniture", "list_price": "10",
                "standard_cost": "6", "qty_scale": scale});
            inventory.add(&products, fields).await["id"].clone()
        };
        let (whole, tenths) = (product("WHOLE", 0).await, product("TENTHS", 1).await);
        let customer = json!({"name": "Acme", "source": "ad"});
        let customer = inventory.add(&of("customer").await, customer).await["id"].clone();
        let order = async |lines: &[(&Value, &str)]| {
            let lines = lines
                .iter()
                .map(|(product, qty)| json!({"product": product, "qty": qty, "unit_price": "10"}));
            let fields = json!({"customer": customer, "lines": lines.collect::<Vec<_>>()});
            admin.post(&orders, json!({"fields": fields})).await
        };
        order(&[(&whole, "2"), (&tenths, "2.5")]).await.created();
        for lines in [[(&whole, "2.5"), (&tenths, "2.5")], [(&whole, "2"), (&tenths, "2.55")]] {
            let refused = order(&lines).await.refused(422, "validation");
            assert_eq!(refused["errors"][0]["args"]["key"], "qty_decimals", "{refused}");
        }
        // A transfer has no other rule about its lines: stock is the last that is asked.
        let warehouses = inventory.own("warehouse");
        let [from, to] = ["SH01", "GZ01"].map(|code| json!({"code": code, "name": code}));
        let from = inventory.add(&warehouses, from).await["id"].clone();
        let to = inventory.add(&warehouses, to).await["id"].clone();
        let moved = json!({"from": from, "to": to, "lines": [{"product": whole, "qty": "0.5"}]});
        let refused = admin.post(&inventory.own("transfer"), json!({"fields": moved})).await;
        assert_eq!(refused.refused(422, "validation")["errors"][0]["args"]["key"], "qty_decimals");
    })
    .await;
}

#[tokio::test]
async fn the_hours_of_a_member_are_booked_as_salary_or_as_time() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let person = async |name: &str| {
            let member = json!({"email": format!("{name}@example.com"), "name": name, "password": ADMIN_PASSWORD});
            admin.post("/members", member).await.created()["id"].clone()
        };
        let (mei, tom) = (person("mei").await, person("tom").await);
        let roi = Template::install(&admin, "roi").await;
        let program = json!({"name": "Care", "kind": "loyalty", "start": "2026-01-01", "goals": ["nps"],
            "baseline_start": "2025-01-01", "baseline_end": "2026-01-01"});
        let program = roi.add(&roi.own("program"), program).await["id"].clone();
        let costs = roi.own("cost_entry");
        let salary = |of: &Value, month: &str, share: u32| {
            json!({"fields": {"program": program, "month": month, "category": "people", "item": "salary", "amount": "9000",
                "member": of, "allocation_pct": share}})
        };
        let time = |of: &Value, month: &str| {
            json!({"fields": {"program": program, "month": month, "category": "time", "item": "handling", "quantity": "8",
                "unit_rate": "50", "amount": "400", "member": of}})
        };
        admin.post(&costs, salary(&mei, "2026-01", 100)).await.created();
        let refused = admin.post(&costs, time(&mei, "2026-01")).await.refused(409, "duplicate");
        let told = refused["errors"][0]["message"].as_str().unwrap();
        assert!(told.contains("salary") && told.contains("2026-01"), "{told}");
        // Another month, another member, or a part of the salary leaves hours to be booked.
        admin.post(&costs, time(&mei, "2026-02")).await.created();
        admin.post(&costs, time(&tom, "2026-01")).await.created();
        let part = admin.post(&costs, salary(&tom, "2026-01", 50)).await.created();
        let at = format!("{costs}/{}", id_of(&part));
        let whole = json!({"fields": {"allocation_pct": 100}});
        admin.patch(&at, version_of(&part), whole).await.refused(409, "duplicate");
        admin.post(&costs, salary(&mei, "2026-02", 100)).await.refused(409, "duplicate");
        // Whose it is need not be said.
        admin.post(&costs, time(&Value::Null, "2026-01")).await.created();
    })
    .await;
}

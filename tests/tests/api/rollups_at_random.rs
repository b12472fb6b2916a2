//! Rollups through a random day of work: whatever is done in whatever order, by whichever way, each shows what adding up
//! from the start gives, and so do lists that go by them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::design::{Field, approve, date, form, link, number, select, subform, test, text};
use tests::dice::{cases, seed_of_this_run};
use tests::workspace::{faults, id_of, items, version_of};
use tests::{Answer, Client, Dice, Form, Person, Workspace, on_both_shared};

const KINDS: [&str; 2] = ["gold", "iron"];
const DAYS: [&str; 3] = ["2026-01-05", "2025-12-31", "2026-02-14"];

/// A shop, and what is known of it to choose the next step from.
struct Work {
    dice: Dice,
    admin: Client,
    boss: Person,
    customers: Form,
    products: Form,
    orders: Form,
    /// Ids and names.
    customer_ids: Vec<(String, String)>,
    product_ids: Vec<String>,
    live: Vec<String>,
    drafts: Vec<String>,
    binned: Vec<String>,
    /// The kind that one of the rollups counts.
    counted: &'static str,
    /// Digits of an amount.
    scale: usize,
    named: usize,
    told: BTreeMap<(&'static str, String), usize>,
}

fn rollup(key: &str, link: &str, function: &str, field: Option<&str>) -> Field {
    let rollup = Field::new(key, "rollup").option("form", "order").option("link", link);
    let rollup = rollup.option("fn", function);
    match field {
        Some(field) => rollup.option("field", field),
        None => rollup,
    }
}

fn add(field: Field) -> Value {
    json!({"do": "add_field", "field": field.value()})
}

impl Work {
    async fn begin(workspace: &Workspace, dice: Dice) -> Self {
        let app = workspace.app("Shop").await;
        let customers = app.form(form("customer", [text("name")]).with("title", "{name}")).await;
        let products = app.form(form("product", [text("name")])).await;
        let lines = [link("product", "product"), number("qty", 0)];
        let fields = [
            link("customer", "customer").option("on_target_delete", "clear"),
            number("amount", 2),
            date("day"),
            select("kind", &KINDS),
            text("note"),
            subform("lines", lines),
        ];
        let orders = app.form(form("order", fields)).await;
        let boss = workspace.person("boss").await;
        orders.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        // One record is there before the figures are, and counts all the same.
        let ids = customers.add_all(["Ann", "Bob", "Cid"].map(|name| json!({"name": name}))).await;
        let first = orders.add(json!({"customer": ids[0], "amount": "7.25", "kind": "gold"})).await;
        customers
            .extend(json!([
                add(rollup("orders", "customer", "count", None)),
                add(rollup("total", "customer", "sum", Some("amount"))),
                add(rollup("mean", "customer", "avg", Some("amount"))),
                add(rollup("least", "customer", "min", Some("amount"))),
                add(rollup("latest", "customer", "max", Some("day"))),
                add(rollup("kinds", "customer", "distinct", Some("kind"))),
                add(rollup("first", "customer", "first", Some("note"))),
                add(rollup("last", "customer", "last", Some("note"))),
                add(rollup("pieces", "customer", "sum", Some("lines.qty"))),
                add(rollup("picked", "customer", "count", None).option("filter", test("kind", "eq", "gold"))),
                add(rollup("approved", "customer", "sum", Some("amount"))
                    .option("filter", test("$flow_state", "eq", "approved"))),
            ]))
            .await;
        products.extend(json!([add(rollup("sold", "lines.product", "sum", Some("lines.qty")))])).await;
        let product_ids = products.add_all(["Chair", "Table"].map(|name| json!({"name": name}))).await;
        let names = ["Ann", "Bob", "Cid"].map(str::to_owned);
        Self {
            dice,
            admin: workspace.admin.clone(),
            boss,
            customers,
            products,
            orders,
            customer_ids: ids.into_iter().zip(names).collect(),
            product_ids,
            live: vec![id_of(&first)],
            drafts: Vec::new(),
            binned: Vec::new(),
            counted: "gold",
            scale: 2,
            named: 0,
            told: BTreeMap::new(),
        }
    }

    async fn step(&mut self) {
        match self.dice.roll(20) {
            0..=4 => self.create().await,
            5..=8 => self.edit().await,
            9 => self.delete().await,
            10 => self.restore().await,
            11 => self.draft().await,
            12 => self.submit().await,
            13 | 14 => self.decide().await,
            15 | 16 => self.bulk().await,
            17 => self.import().await,
            18 => self.remove_a_customer().await,
            _ => self.publish().await,
        }
    }

    /// Notes what became of a step: it is accepted, or refused because what it links to is gone.
    #[track_caller]
    fn accepted(&mut self, step: &'static str, answer: &Answer) -> bool {
        let accepted = (200..300).contains(&answer.status);
        let is_dead = || {
            answer.status == 422 && faults(&answer.body).iter().all(|fault| fault.ends_with(": dead_link"))
        };
        assert!(accepted || is_dead(), "{step}: {} {}", answer.status, answer.body);
        let code = if accepted { "accepted" } else { "dead_link" };
        *self.told.entry((step, code.to_owned())).or_default() += 1;
        accepted
    }

    fn amount(&mut self) -> Value {
        match self.dice.roll(6) {
            0 => Value::Null,
            1 => json!("-3.5"),
            2 => json!("9999999999999.99"),
            _ => json!(format!("{}.{:02}", self.dice.roll(40), self.dice.roll(100))),
        }
    }

    fn fields(&mut self) -> Value {
        let customer = match self.dice.roll(6) {
            0 => Value::Null,
            _ => json!(self.dice.pick(&self.customer_ids).0),
        };
        let mut some =
            |from: &[&str]| if self.dice.roll(4) == 0 { Value::Null } else { json!(self.dice.pick(from)) };
        let (day, kind, note) = (some(&DAYS), some(&KINDS), some(&["a", "B", "丙"]));
        let lines: Vec<_> = (0..self.dice.roll(3))
            .map(|_| json!({"product": self.dice.pick(&self.product_ids), "qty": self.dice.roll(5)}))
            .collect();
        json!({
            "customer": customer, "amount": self.amount(), "day": day, "kind": kind, "note": note, "lines": lines,
        })
    }

    fn path(&self, id: &str) -> String {
        self.orders.path(&format!("/records/{id}"))
    }

    async fn create(&mut self) {
        let fields = self.fields();
        let answer = self.orders.create(&self.admin, fields).await;
        if self.accepted("create", &answer) {
            self.live.push(id_of(&answer.body));
        }
    }

    /// One field becomes another: the customer above all, so that the record moves from one figure to another.
    async fn edit(&mut self) {
        if self.live.is_empty() {
            return;
        }
        let id = self.dice.pick(&self.live).clone();
        let path = self.path(&id);
        let version = version_of(&self.admin.get(&path).await.ok());
        let all = self.fields();
        let member = *self.dice.pick(&["customer", "customer", "amount", "day", "kind", "note", "lines"]);
        let answer = self.admin.patch(&path, version, json!({"fields": {member: all[member]}})).await;
        self.accepted("edit", &answer);
    }

    async fn delete(&mut self) {
        let Some(id) = self.dice.take(&mut self.live) else { return };
        let path = self.path(&id);
        let version = version_of(&self.admin.get(&path).await.ok());
        let answer = self.admin.delete(&path, version).await;
        assert!(self.accepted("delete", &answer));
        self.binned.push(id);
    }

    async fn restore(&mut self) {
        let Some(id) = self.dice.take(&mut self.binned) else { return };
        let answer = self.admin.post(&format!("{}/restore", self.path(&id)), json!({})).await;
        if self.accepted("restore", &answer) { self.live.push(id) } else { self.binned.push(id) }
    }

    async fn draft(&mut self) {
        let draft = json!({"fields": self.fields(), "draft": true});
        let answer = self.admin.post(&self.orders.path("/records"), draft).await;
        if self.accepted("draft", &answer) {
            self.drafts.push(id_of(&answer.body));
        }
    }

    async fn submit(&mut self) {
        let Some(id) = self.dice.take(&mut self.drafts) else { return };
        let answer = self.admin.post(&format!("{}/submit", self.path(&id)), json!({})).await;
        if self.accepted("submit", &answer) { self.live.push(id) } else { self.drafts.push(id) }
    }

    async fn decide(&mut self) {
        let waiting = self.boss.get("/tasks?box=todo&limit=100").await.ok();
        if items(&waiting).is_empty() {
            return;
        }
        let task = id_of(self.dice.pick(items(&waiting)));
        let action = *self.dice.pick(&["approve", "approve", "reject"]);
        let answer = self.boss.post(&format!("/tasks/{task}/{action}"), json!({"opinion": "so"})).await;
        self.accepted(action, &answer);
    }

    /// Several in one go, of which two may belong to the same customer.
    async fn bulk(&mut self) {
        let mut known = Vec::new();
        for _ in 0..2 {
            known.extend(self.dice.take(&mut self.live));
        }
        let verb = if known.is_empty() { "create" } else { *self.dice.pick(&["create", "update", "delete"]) };
        let rows: Vec<_> = match verb {
            "create" => (0..3).map(|_| json!({"fields": self.fields()})).collect(),
            "update" => known.iter().map(|id| json!({"id": id, "fields": self.fields()})).collect(),
            _ => known.iter().map(|id| json!(id)).collect(),
        };
        let asked = json!({verb: rows, "atomic": self.dice.roll(2) == 0});
        let answer = self.admin.post(&self.orders.path("/records/bulk"), asked).await;
        let done = self.accepted("bulk", &answer);
        match verb {
            "delete" if done => self.binned.extend(known),
            _ => self.live.extend(known),
        }
        if verb == "create" && done {
            let results = answer.body["results"].as_array().unwrap();
            self.live.extend(results.iter().map(id_of));
        }
    }

    async fn import(&mut self) {
        let mut csv = "customer,amount,kind,note\n".to_owned();
        for _ in 0..3 {
            let name = self.dice.pick(&self.customer_ids).1.clone();
            let (kind, amount) = (*self.dice.pick(&KINDS), self.dice.roll(50));
            csv.push_str(&format!("{name},{amount}.5,{kind},i\n"));
        }
        let file = self.admin.upload("orders.csv", "text/csv", csv.into_bytes()).await;
        let mapping = json!({"customer": "customer", "amount": "amount", "kind": "kind", "note": "note"});
        let input = json!({"file": file, "mapping": mapping, "mode": "create"});
        let started = self.admin.post(&self.orders.path("/import"), input).await;
        let job = self.admin.job(started).await;
        assert_eq!(job["result"]["created"], 3, "{job}");
        *self.told.entry(("import", "accepted".to_owned())).or_default() += 1;
        let newest = json!({"sort": [{"field": "$id", "desc": true}], "limit": 3});
        let newest = self.orders.query(&self.admin, newest).await.ok();
        self.live.extend(items(&newest).iter().map(id_of));
    }

    /// Its orders lose it, and stay.
    async fn remove_a_customer(&mut self) {
        let place = self.dice.roll(self.customer_ids.len());
        let (id, _) = self.customer_ids.swap_remove(place);
        let path = self.customers.path(&format!("/records/{id}"));
        let version = version_of(&self.admin.get(&path).await.ok());
        let answer = self.admin.delete(&path, version).await;
        assert!(self.accepted("remove", &answer));
        self.named += 1;
        let name = format!("New {}", self.named);
        let made = self.customers.add(json!({"name": name})).await;
        self.customer_ids.push((id_of(&made), name));
    }

    /// A rollup counts others, or what is counted is stored in another way.
    async fn publish(&mut self) {
        if self.scale == 2 && self.dice.roll(3) == 0 {
            self.scale = 3;
            self.orders
                .extend(json!([{"do": "set", "key": "amount", "member": "options.scale", "value": 3}]))
                .await;
        } else {
            self.counted = if self.counted == "gold" { "iron" } else { "gold" };
            let filter = test("kind", "eq", self.counted);
            self.customers
                .extend(json!([{"do": "set", "key": "picked", "member": "options.filter", "value": filter}]))
                .await;
        }
    }

    /// The orders as they are, page after page: after a long day there are more of them than one page has.
    async fn all_orders(&self) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let mut asked = json!({"sort": [{"field": "$id"}], "limit": 500,
                "fields": ["customer", "amount", "day", "kind", "note", "lines"]});
            if !cursor.is_null() {
                asked["cursor"] = cursor;
            }
            let page = self.orders.query(&self.admin, asked).await.ok();
            all.extend(items(&page).iter().cloned());
            cursor = page["next"].clone();
            if cursor.is_null() {
                return all;
            }
        }
    }

    /// Every figure is what adding up the orders gives, and lists go by it.
    async fn check(&self, when: &str) {
        let orders = &self.all_orders().await;
        let list = json!({"sort": [{"field": "total", "desc": true}], "limit": 500});
        let customers = self.customers.query(&self.admin, list).await.ok();
        let mut totals = Vec::new();
        for customer in items(&customers) {
            let mut shown = customer["fields"].clone();
            shown.as_object_mut().unwrap().remove("name");
            let expected = self.expected(orders, &id_of(customer));
            assert_eq!(shown, expected, "{when}: {}\n{:#?}", customer["fields"]["name"], self.told);
            assert_eq!(customer["version"], 1, "{when}: figures raise no version");
            totals.push(thousandths(&shown["total"]).unwrap());
        }
        assert!(totals.is_sorted_by(|a, b| a >= b), "{when}: {totals:?}");
        let bound = json!({"filter": test("total", "gt", "20"), "limit": 500});
        let above = self.customers.query(&self.admin, bound).await.ok();
        let expected = totals.iter().filter(|total| **total > 20_000).count();
        assert_eq!(items(&above).len(), expected, "{when}: {totals:?}");
        for product in &self.product_ids {
            let seen = self.admin.get(&self.products.path(&format!("/records/{product}"))).await.ok();
            let lines = orders.iter().flat_map(|order| order["fields"]["lines"].as_array().unwrap());
            let sold = lines.filter(|line| line["product"] == product.as_str());
            let sold: i64 =
                sold.filter_map(|line| line["qty"].as_str()).map(|n| n.parse::<i64>().unwrap()).sum();
            assert_eq!(seen["fields"]["sold"], sold.to_string(), "{when}");
        }
    }

    fn expected(&self, orders: &[Value], customer: &str) -> Value {
        let own: Vec<&Value> =
            orders.iter().filter(|order| order["fields"]["customer"] == customer).collect();
        let numbers = |orders: &[&Value]| -> Vec<i128> {
            orders.iter().filter_map(|order| thousandths(&order["fields"]["amount"])).collect()
        };
        let texts = |key: &str| -> Vec<&str> {
            own.iter().filter_map(|order| order["fields"][key].as_str()).collect()
        };
        let approved: Vec<&Value> =
            own.iter().copied().filter(|order| order["system"]["flow_state"] == "approved").collect();
        let amounts = numbers(&own);
        let sum: i128 = amounts.iter().sum();
        let pieces = own.iter().flat_map(|order| order["fields"]["lines"].as_array().unwrap());
        let pieces: i64 =
            pieces.filter_map(|line| line["qty"].as_str()).map(|qty| qty.parse::<i64>().unwrap()).sum();
        let kinds: BTreeSet<&str> = texts("kind").into_iter().collect();
        let note =
            |order: Option<&&Value>| order.map_or(Value::Null, |order| order["fields"]["note"].clone());
        json!({
            "orders": own.len().to_string(),
            "total": digits(sum, self.scale),
            "mean": if amounts.is_empty() { Value::Null } else { json!(mean(sum, amounts.len(), self.scale + 4)) },
            "least": amounts.iter().min().map(|least| digits(*least, self.scale)),
            "latest": texts("day").into_iter().max(),
            "kinds": kinds.len().to_string(),
            "first": note(own.first()),
            "last": note(own.last()),
            "pieces": pieces.to_string(),
            "picked": texts("kind").into_iter().filter(|kind| *kind == self.counted).count().to_string(),
            "approved": digits(numbers(&approved).iter().sum(), self.scale),
        })
    }

    fn count(&self, step: &str) -> usize {
        let known = self.told.iter().filter(|((known, code), _)| *known == step && code == "accepted");
        known.map(|(_, count)| count).sum()
    }
}

/// A number of the API in thousandths; none where it is empty.
fn thousandths(number: &Value) -> Option<i128> {
    let number = number.as_str()?;
    let (whole, parts) = number.split_once('.').unwrap_or((number, ""));
    Some(format!("{whole}{parts:0<3}").parse().unwrap())
}

/// Thousandths with so many digits after the point, at least two.
fn digits(thousandths: i128, scale: usize) -> String {
    fixed(thousandths / 10i128.pow(3 - scale as u32), scale)
}

/// A number counted in its last digit.
fn fixed(units: i128, scale: usize) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let one = 10u128.pow(scale as u32);
    let units = units.unsigned_abs();
    format!("{sign}{}.{:0scale$}", units / one, units % one)
}

/// An average, rounded half away from zero.
fn mean(thousandths: i128, count: usize, scale: usize) -> String {
    let count = count as i128;
    let units = thousandths * 10i128.pow(scale as u32 - 3);
    let rounded = (units.abs() * 2 + count) / (count * 2) * units.signum();
    fixed(rounded, scale)
}

#[tokio::test]
async fn whatever_is_done_rollups_are_what_adding_up_gives() {
    const BETWEEN_CHECKS: usize = 10;
    let (seed, steps) = (seed_of_this_run(), cases(110));
    on_both_shared(async |workspace| {
        let mut work = Work::begin(&workspace, Dice::new(seed)).await;
        work.check("at the beginning").await;
        for step in 1..=steps {
            work.step().await;
            if step % BETWEEN_CHECKS == 0 {
                work.check(&format!("after {step} steps with seed {seed}")).await;
            }
        }
        work.check(&format!("at the end of {steps} steps with seed {seed}")).await;
        assert!(work.count("edit") + work.count("bulk") > steps / 10, "{:#?}", work.told);
    })
    .await;
}

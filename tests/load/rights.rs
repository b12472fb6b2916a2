//! What a row rule costs: a page of 50 records of very many, by a member whose group shows what belongs to their department and the
//! departments below it, held against the same page of somebody who sees everything and asks for just these departments.
//!
//! Started by `cargo xtask bench --without-frontend -- rights`, apart from the other figures: making a million records takes longer
//! than all of those.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use tests::Database;

use crate::client::{Connection, Request, replay};
use crate::formwork::{Formwork, of_data, token_of};
use crate::place::Place;
use crate::subject::Subject;
use crate::workload::{self, BATCH, PAGE, STATUSES};
use crate::{WARM_UP, median, say};

/// What the rule may add.
const MOST: f64 = 1.10;
/// Departments of the first level, and of the second below each.
const HEADS: u64 = 10;
const BELOW: u64 = 9;
const PASSWORD: &str = "Bench-pass-1-long";

#[derive(Args)]
pub struct Options {
    /// Records of the form
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Where the records are: sqlite or postgres
    #[arg(long, default_value = "sqlite", value_parser = crate::place::named)]
    database: Database,
    /// Length of one measured load
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,
    /// Loads of each kind; the middle one counts
    #[arg(long, default_value_t = 5)]
    repeats: usize,
    /// Fail where the rule adds more than it may
    #[arg(long)]
    check: bool,
}

/// Whether the figure holds, or need not.
pub async fn measure(options: &Options) -> bool {
    let folder = tempfile::Builder::new().prefix("formwork-bench-").tempdir().unwrap();
    let place = Place::new(options.database, folder.path(), "formwork").await;
    let mut world = World::make(&place, options.rows).await;
    world.check_answers().await;
    // Nothing else goes on while it is measured.
    place.settle().await;
    let (by_rule, by_filter, of_all) = (world.by_rule(), world.by_filter(), world.of_all());
    let mut took = [const { Vec::new() }; 3];
    let time = Duration::from_secs_f64(options.seconds);
    say("the page by rule, by filter, and of all");
    for request in [&by_rule, &by_filter, &of_all] {
        world.load(request, WARM_UP).await;
    }
    for _ in 0..options.repeats {
        for (request, took) in [&by_rule, &by_filter, &of_all].into_iter().zip(&mut took) {
            took.push(world.load(request, time).await);
        }
    }
    let ratios = |place: usize| median(took[0].iter().zip(&took[place]).map(|(a, b)| a / b).collect());
    let (added, to_all) = (ratios(1), ratios(2));
    let [rule, filter, all] = took.map(median);
    println!(
        "\n| page of {PAGE} of {} records on {:?} | ms | by rule / this |\n|---|---|---|",
        options.rows, options.database
    );
    println!("| by a rule over two levels of departments | {rule:.2} | |");
    println!("| the same page, asked for by who sees all | {filter:.2} | {added:.2} (≤ {MOST}) |");
    println!("| the first page of all records | {all:.2} | {to_all:.2} |");
    !options.check || added <= MOST
}

/// A form whose records belong to departments, and a member who sees those of some.
struct World {
    formwork: Formwork,
    form: String,
    /// Of the member.
    member: String,
    /// The department that they head, and those below it.
    theirs: Vec<String>,
}

impl World {
    async fn make(place: &Place, rows: u64) -> World {
        say("people and departments");
        let mut formwork = Formwork::start(place).await;
        let mut connection = formwork.server().connection().await;
        let me = json!({"email": "head@example.com", "name": "Head", "password": PASSWORD});
        let member = id(&formwork.call(&mut connection, "POST", "/members", Some(me)).await);
        let mut departments = Vec::new();
        for head in 0..HEADS {
            let members = if head == 0 { vec![member.clone()] } else { Vec::new() };
            let top = json!({"name": format!("Department {head}"), "members": members});
            let top = id(&formwork.call(&mut connection, "POST", "/departments", Some(top)).await);
            departments.push(top.clone());
            for below in 0..BELOW {
                let part = json!({"name": format!("Department {head}.{below}"), "parent": top});
                departments
                    .push(id(&formwork.call(&mut connection, "POST", "/departments", Some(part)).await));
            }
        }
        let app =
            id(&formwork.call(&mut connection, "POST", "/apps", Some(json!({"label": "Rights"}))).await);
        let forms = format!("/apps/{app}/forms");
        let form = id(&formwork.call(&mut connection, "POST", &forms, Some(design())).await);
        let group = json!({"format": 1, "key": "heads", "label": "Heads", "who": {"members": [member]},
            "operations": ["view"], "fields": {"*": "read"},
            "rows": {"field": "department", "op": "in", "value": {"var": "my_departments"}}});
        formwork.call(&mut connection, "POST", &format!("/forms/{form}/permissions"), Some(group)).await;
        say("its records");
        let bulk = format!("/forms/{form}/records/bulk");
        for first in (1..=rows).step_by(BATCH as usize) {
            let batch = records(first..(first + BATCH).min(rows + 1), &departments);
            formwork.call(&mut connection, "POST", &bulk, Some(batch)).await;
        }
        let theirs = departments.into_iter().take(1 + BELOW as usize).collect();
        let member = token_of(&of_data(place), "head@example.com");
        World { formwork, form, member, theirs }
    }

    /// The newest of the member's.
    fn by_rule(&self) -> Arc<Vec<Request>> {
        let headers = format!("content-type: application/json\r\nauthorization: Bearer {}\r\n", self.member);
        let path = format!("/api/v1{}", self.path());
        let body = asked(None).to_string();
        Arc::new(vec![Request::new("POST", &path, &headers, Some(body.as_bytes()))])
    }

    /// The same, for an administrator who asks for these departments.
    fn by_filter(&self) -> Arc<Vec<Request>> {
        let filter = json!({"field": "department", "op": "in", "value": self.theirs});
        Arc::new(vec![self.formwork.request("POST", &self.path(), Some(asked(Some(filter))))])
    }

    fn of_all(&self) -> Arc<Vec<Request>> {
        Arc::new(vec![self.formwork.request("POST", &self.path(), Some(asked(None)))])
    }

    fn path(&self) -> String {
        format!("/forms/{}/records/query", self.form)
    }

    /// A wrong answer is no fast answer.
    async fn check_answers(&mut self) {
        let mut connection = self.formwork.server().connection().await;
        let by_rule = page(&mut connection, &self.by_rule()[0]).await;
        let by_filter = page(&mut connection, &self.by_filter()[0]).await;
        assert_eq!(by_rule.len() as u64, PAGE);
        assert_eq!(by_rule, by_filter, "the rule shows what it says");
        let of_all = page(&mut connection, &self.of_all()[0]).await;
        assert_ne!(of_all, by_rule, "and no more");
    }

    /// Milliseconds of an answer, in the middle.
    async fn load(&mut self, requests: &Arc<Vec<Request>>, time: Duration) -> f64 {
        let load = replay(self.formwork.server().port, requests, 1, time).await;
        assert_eq!(load.failed, 0, "answers that were no success");
        load.p50_ms
    }
}

/// Where [`Formwork::start`] has its data.
fn asked(filter: Option<Value>) -> Value {
    let mut asked = json!({"sort": [{"field": "order_date", "desc": true}], "limit": PAGE});
    if let Some(filter) = filter {
        asked["filter"] = filter;
    }
    asked
}

/// The ids of the records of an answer.
async fn page(connection: &mut Connection, request: &Request) -> Vec<String> {
    let answer = connection.ask(request).await.unwrap().json();
    answer["items"].as_array().unwrap().iter().map(id).collect()
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap_or_else(|| panic!("{made} has no id")).to_string()
}

fn design() -> Value {
    let choices: Vec<Value> = STATUSES.iter().map(|key| json!({"key": key, "label": key})).collect();
    json!({"key": "orders", "label": "Orders", "title": "{title}", "fields": [
        {"key": "title", "label": "title", "kind": "text"},
        {"key": "amount", "label": "amount", "kind": "number", "options": {"scale": 2}},
        {"key": "order_date", "label": "order_date", "kind": "date"},
        {"key": "status", "label": "status", "kind": "select", "options": {"choices": choices}},
        {"key": "department", "label": "department", "kind": "department"}]})
}

/// The departments take turns.
fn records(numbers: std::ops::Range<u64>, departments: &[String]) -> Value {
    let record = |number: u64| {
        let order = workload::Order::new(number);
        let department = &departments[(number % departments.len() as u64) as usize];
        json!({"fields": {"title": order.title, "amount": order.amount(), "order_date": order.date,
            "status": order.status, "department": department}})
    };
    json!({"create": numbers.map(record).collect::<Vec<_>>(), "atomic": true})
}

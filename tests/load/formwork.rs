//! The product, asked through its public API with a token.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Connection, Request};
use crate::place::Place;
use crate::server::Server;
use crate::subject::Subject;
use crate::workload::{self, CSV_COLUMNS, CUSTOMERS, List, Order, PAGE, STATUSES, TAGS};

const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "Bench-pass-1-long";
/// Where files go whose rows are to become records.
const UPLOAD: &str = "/api/v1/files?for=import";

pub struct Formwork {
    server: Server,
    headers: String,
    owner: String,
    form: String,
    customers: Vec<String>,
    orders: Vec<String>,
}

impl Formwork {
    /// Starts it on an empty database with an administrator, and makes both forms and the customers.
    pub async fn start(place: &Place) -> Formwork {
        let mut formwork = Formwork::empty(place).await;
        formwork.make_forms().await;
        formwork
    }

    /// As [`Formwork::start`], with more options of `formwork serve`.
    pub async fn start_with(place: &Place, options: &[&str]) -> Formwork {
        let mut formwork = Formwork::empty_with(place, options).await;
        formwork.make_forms().await;
        formwork
    }

    /// Starts it on an empty database with an administrator.
    pub async fn empty(place: &Place) -> Formwork {
        Formwork::empty_with(place, &[]).await
    }

    /// As [`Formwork::start_with`], started by another program, which is told what stands behind its name.
    pub async fn start_by(place: &Place, by: &[&str], options: &[&str]) -> Formwork {
        let mut formwork = Formwork::empty_by(place, by, options).await;
        formwork.make_forms().await;
        formwork
    }

    async fn empty_with(place: &Place, options: &[&str]) -> Formwork {
        Formwork::empty_by(place, &[], options).await
    }

    async fn empty_by(place: &Place, by: &[&str], options: &[&str]) -> Formwork {
        let of_data = of_data(place);
        admin(&of_data);
        let token = token_of(&of_data, EMAIL);
        let headers = format!("content-type: application/json\r\nauthorization: Bearer {token}\r\n");
        let me = Request::new("GET", "/api/v1/me", &headers, None);
        let serve = ["serve", "--listen", "127.0.0.1:PORT"].map(str::to_owned);
        let options = options.iter().map(|option| (*option).to_owned());
        // Whoever starts it is the program, and it is the first thing that is told.
        let mut words: Vec<String> = by.iter().map(|word| (*word).to_owned()).collect();
        words.push(text_of(&tests::server::binary()));
        let program = PathBuf::from(words.remove(0));
        let serve = words.into_iter().chain(serve).chain(of_data).chain(options).collect();
        let server = Server::start(program, serve, place.folder(), me).await;
        Formwork {
            server,
            headers,
            owner: String::new(),
            form: String::new(),
            customers: Vec::new(),
            orders: Vec::new(),
        }
    }

    async fn make_forms(&mut self) {
        let mut connection = self.server.connection().await;
        let me = self.call(&mut connection, "GET", "/me", None).await;
        self.owner = text(&me["id"]);
        let app =
            text(&self.call(&mut connection, "POST", "/apps", Some(json!({"label": "Bench"}))).await["id"]);
        let customers = json!({"key": "customers", "label": "Customers", "title": "{name}",
                               "fields": [{"key": "name", "label": "name", "kind": "text"}]});
        let forms = format!("/apps/{app}/forms");
        let customers = text(&self.call(&mut connection, "POST", &forms, Some(customers)).await["id"]);
        let orders = json!({"key": "orders", "label": "Orders", "title": "{serial_no}", "fields": fields()});
        self.form = text(&self.call(&mut connection, "POST", &forms, Some(orders)).await["id"]);
        let all: Vec<Value> =
            (1..=CUSTOMERS).map(|number| json!({"fields": {"name": workload::customer(number)}})).collect();
        let bulk = format!("/forms/{customers}/records/bulk");
        let made =
            self.call(&mut connection, "POST", &bulk, Some(json!({"create": all, "atomic": true}))).await;
        self.customers = made["results"].as_array().unwrap().iter().map(|made| text(&made["id"])).collect();
    }

    /// Rows a second of a csv file, from its upload until the job is done.
    pub async fn import(&self, numbers: std::ops::Range<u64>) -> f64 {
        let rows = numbers.end - numbers.start;
        let file = workload::csv(numbers);
        let mut connection = self.server.connection().await;
        let started = Instant::now();
        let uploaded = connection.ask(&self.upload(&file)).await.unwrap();
        let mapping: Value =
            CSV_COLUMNS.iter().map(|column| ((*column).to_string(), json!(column))).collect();
        let import = json!({"file": uploaded.json()["id"], "mode": "create", "mapping": mapping});
        let path = format!("/forms/{}/import", self.form);
        let job = self.call(&mut connection, "POST", &path, Some(import)).await;
        self.ended(&mut connection, &job, |_| {}).await;
        rows as f64 / started.elapsed().as_secs_f64()
    }

    /// Waits for a job that was started, telling how far it is from time to time, and gives it.
    pub async fn ended(
        &self,
        connection: &mut Connection,
        started: &Value,
        mut tell: impl FnMut(&Value),
    ) -> Value {
        let path = format!("/jobs/{}", text(&started["job"]));
        loop {
            let job = self.call(connection, "GET", &path, None).await;
            match job["state"].as_str() {
                Some("queued" | "running") => {
                    tell(&job);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                _ => {
                    assert_eq!(job["state"], "done", "{job}");
                    return job;
                }
            }
        }
    }

    fn upload(&self, file: &str) -> Request {
        Request::new("POST", UPLOAD, &self.headers_of_csv(), Some(file.as_bytes()))
    }

    /// Sends a csv file from the disk, and gives its id.
    pub async fn send(&self, connection: &mut Connection, file: &Path) -> String {
        let uploaded = connection.send(UPLOAD, &self.headers_of_csv(), file).await.unwrap().json();
        text(&uploaded["id"])
    }

    fn headers_of_csv(&self) -> String {
        let authorization = self.headers.lines().nth(1).unwrap();
        format!(
            "{authorization}\r\ncontent-type: text/csv\r\ncontent-disposition: attachment; filename=\"orders.csv\"\r\n"
        )
    }

    /// Resident memory of the server and of the processes that it has started.
    pub fn memory_with_children_mb(&self) -> f64 {
        self.server.memory_with_children_mb()
    }

    /// Compressed bytes of the page and what it asks for at once.
    pub async fn first_load(&self) -> usize {
        let mut connection = self.server.connection().await;
        let compressed = async |connection: &mut Connection, path: &str| {
            let answer =
                connection.ask(&Request::new("GET", path, "accept-encoding: br\r\n", None)).await.unwrap();
            if answer.status == 200 { answer.body.len() } else { 0 }
        };
        let page = connection.ask(&Request::new("GET", "/", "", None)).await.unwrap();
        let page = String::from_utf8_lossy(&page.body).into_owned();
        let mut paths: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
        paths.iter_mut().for_each(|path| *path = path.split('#').next().unwrap());
        paths.sort_unstable();
        paths.dedup();
        let mut bytes = compressed(&mut connection, "/").await;
        for path in paths {
            bytes += compressed(&mut connection, path).await;
        }
        bytes
    }

    /// A request of the API, and the body of its success.
    pub async fn call(
        &self,
        connection: &mut Connection,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Value {
        connection.ask(&self.request(method, path, body)).await.unwrap().json()
    }

    /// A request of the API, with its token.
    pub fn request(&self, method: &str, path: &str, body: Option<Value>) -> Request {
        let body = body.map(|body| body.to_string());
        let body = body.as_ref().map(|body| body.as_bytes());
        Request::new(method, &format!("/api/v1{path}"), &self.headers, body)
    }

    /// The id of the form of orders.
    pub fn form(&self) -> &str {
        &self.form
    }

    /// What became of an order, the newest change first.
    pub fn history(&self, number: u64) -> Request {
        self.records("GET", &format!("/{}/history", self.id(number)), None)
    }

    fn records(&self, method: &str, rest: &str, body: Option<Value>) -> Request {
        self.request(method, &format!("/forms/{}/records{rest}", self.form), body)
    }

    fn input(&self, order: &Order) -> Value {
        json!({"fields": {
            "serial_no": order.serial_no,
            "title": order.title,
            "amount": order.amount(),
            "quantity": order.quantity,
            "order_date": order.date,
            "status": order.status,
            "tags": order.tags,
            "paid": order.paid,
            "customer": self.customers[order.customer as usize - 1],
            "owner": self.owner,
            "phone": order.phone,
            "note": order.note,
        }})
    }

    fn id(&self, number: u64) -> &str {
        &self.orders[number as usize - 1]
    }
}

impl Subject for Formwork {
    fn server(&mut self) -> &mut Server {
        &mut self.server
    }

    fn create(&self, order: &Order) -> Request {
        self.records("POST", "", Some(self.input(order)))
    }

    fn bulk(&self, orders: &[Order]) -> Request {
        let all: Vec<Value> = orders.iter().map(|order| self.input(order)).collect();
        self.records("POST", "/bulk", Some(json!({"create": all, "atomic": true})))
    }

    fn loaded(&mut self, answer: &Value) {
        self.orders.extend(answer["results"].as_array().unwrap().iter().map(|made| text(&made["id"])));
    }

    fn list(&self, list: &List) -> Request {
        let filter = list.filter.map(|(status, cents)| {
            let least = format!("{}.{:02}", cents / 100, cents % 100);
            let filter = json!({"all": [{"field": "status", "op": "eq", "value": status},
                                        {"field": "amount", "op": "gte", "value": least}]});
            format!("&filter={}", escaped(&filter.to_string()))
        });
        let filter = filter.unwrap_or_default();
        let from = list.offset;
        self.records(
            "GET",
            &format!("?sort=-order_date&limit={PAGE}&offset={from}&count=exact{filter}"),
            None,
        )
    }

    fn read_list(&self, answer: &Value) -> (u64, Vec<String>) {
        let dates =
            answer["items"].as_array().unwrap().iter().map(|item| text(&item["fields"]["order_date"]));
        let count = &answer["count"]["value"];
        (count.as_u64().unwrap(), dates.collect())
    }

    fn get(&self, number: u64) -> Request {
        self.records("GET", &format!("/{}", self.id(number)), None)
    }

    fn update(&self, number: u64, note: &str) -> Request {
        let headers = format!("{}if-match: *\r\n", self.headers);
        let path = format!("/api/v1/forms/{}/records/{}", self.form, self.id(number));
        let body = json!({"fields": {"note": note}}).to_string();
        Request::new("PATCH", &path, &headers, Some(body.as_bytes()))
    }

    fn sum(&self) -> Request {
        let wanted = json!({"group": [{"field": "status"}],
                            "measures": [{"key": "total", "fn": "sum", "field": "amount"}]});
        self.request("POST", &format!("/forms/{}/aggregate", self.form), Some(wanted))
    }

    fn read_sum(&self, answer: &Value) -> Vec<(String, i64)> {
        let rows = answer["rows"].as_array().unwrap().iter();
        rows.map(|row| {
            let total = text(&row["values"]["total"]);
            let (whole, part) = total.split_once('.').unwrap_or((&total, "00"));
            (text(&row["group"][0]), format!("{whole}{part:0<2}").parse().unwrap())
        })
        .collect()
    }
}

fn fields() -> Vec<Value> {
    let choices = |keys: &[&str]| {
        let all: Vec<Value> = keys.iter().map(|key| json!({"key": key, "label": key})).collect();
        json!({"choices": all})
    };
    let field = |key: &str, kind: &str, options: Value| json!({"key": key, "label": key, "kind": kind, "options": options});
    vec![
        field("serial_no", "text", json!({"max_length": 40})),
        field("title", "text", json!({})),
        field("amount", "number", json!({"scale": 2})),
        field("quantity", "number", json!({"scale": 0})),
        field("order_date", "date", json!({})),
        field("status", "select", choices(&STATUSES)),
        field("tags", "multi_select", choices(&TAGS)),
        field("paid", "switch", json!({})),
        field("customer", "link", json!({"form": "customers", "display": ["name"]})),
        field("owner", "member", json!({})),
        field("phone", "text", json!({})),
        field("note", "long_text", json!({})),
    ]
}

fn admin(of_data: &[String]) {
    let mut create = Command::new(tests::server::binary())
        .args(["admin", "create", "--email", EMAIL, "--name", "Bench", "--password-stdin"])
        .args(of_data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    create.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(create.wait().unwrap().success());
}

/// How the terminal is told where the data is.
pub fn of_data(place: &Place) -> Vec<String> {
    let mut told = vec!["--data".to_owned(), text_of(&place.folder().join("data"))];
    told.extend(place.url().into_iter().flat_map(|url| ["--database".to_owned(), url.to_owned()]));
    told
}

/// A token for a member, by the terminal; `of_data` says where the data is.
pub fn token_of(of_data: &[String], email: &str) -> String {
    let create = ["token", "create", "--email", email, "--name", "bench"];
    let made = Command::new(tests::server::binary()).args(create).args(of_data).output().unwrap();
    let printed = String::from_utf8_lossy(&made.stdout).into_owned();
    printed.split_whitespace().find(|word| word.starts_with("fwk_")).expect("a token is printed").to_string()
}

fn text_of(path: &Path) -> String {
    path.display().to_string()
}

/// A value that is a text.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_string()
}

/// A text as a part of a query.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

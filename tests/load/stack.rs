//! The least that a server of our libraries can do for the orders form: axum, sqlx, SQLite in WAL mode with
//! synchronous=FULL, and one writer that commits whatever waits as one transaction. No sign-in, no rights, no checks,
//! no history: a limit to hold the product against, run as a process of its own. `postgres::stack` is the same on
//! PostgreSQL.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path as At, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Column, Connection, Row, SqliteConnection, TypeInfo, ValueRef};
use tokio::sync::{mpsc, oneshot};

use crate::client::Request;
use crate::place::Place;
use crate::server::Server;
use crate::subject::Subject;
use crate::workload::{self, CUSTOMERS, List, Order, PAGE};

const COLUMNS: [&str; 12] = [
    "serial_no",
    "title",
    "amount",
    "quantity",
    "order_date",
    "status",
    "tags",
    "paid",
    "customer",
    "owner",
    "phone",
    "note",
];
const SHOWN: &str = "select o.*, c.name as customer_name from orders o";
const JOINED: &str = "left join customers c on c.id = o.customer";
const NEWEST_FIRST: &str = "order by o.order_date desc, o.id desc";
const SCHEMA: &str = "
    create table if not exists customers (id integer primary key, name text not null);
    create table if not exists orders (id integer primary key, serial_no text, title text, amount integer,
        quantity integer, order_date text, status text, tags text, paid integer, customer integer, owner text,
        phone text, note text);
    create index if not exists by_status_amount on orders(status, amount);
    create index if not exists by_status_date on orders(status, order_date, id);
    create index if not exists by_date on orders(order_date, id);";

/// The running bare server, and how it is asked.
pub struct Stack(Server);

impl Stack {
    pub async fn start(place: &Place) -> Stack {
        let program = std::env::current_exe().unwrap();
        let folder = place.folder();
        let database =
            place.url().map_or_else(|| folder.join("stack.db").display().to_string(), str::to_owned);
        let arguments = ["serve-stack".into(), "--port".into(), "PORT".into(), "--database".into(), database];
        Stack(
            Server::start(
                program,
                arguments.to_vec(),
                folder,
                Request::new("GET", "/orders?limit=1", "", None),
            )
            .await,
        )
    }
}

impl Subject for Stack {
    fn server(&mut self) -> &mut Server {
        &mut self.0
    }

    fn create(&self, order: &Order) -> Request {
        post("/orders", &record(order))
    }

    fn bulk(&self, orders: &[Order]) -> Request {
        post("/orders", &orders.iter().map(record).collect())
    }

    fn loaded(&mut self, _: &Value) {}

    fn list(&self, list: &List) -> Request {
        let filter =
            list.filter.map(|(status, cents)| format!("&status={status}&cents={cents}")).unwrap_or_default();
        Request::new("GET", &format!("/orders?limit={PAGE}&offset={}{filter}", list.offset), "", None)
    }

    fn read_list(&self, answer: &Value) -> (u64, Vec<String>) {
        let dates = answer["rows"].as_array().unwrap().iter();
        (answer["total"].as_u64().unwrap(), dates.map(|row| text(&row["order_date"])).collect())
    }

    fn get(&self, number: u64) -> Request {
        Request::new("GET", &format!("/orders/{number}"), "", None)
    }

    fn update(&self, number: u64, note: &str) -> Request {
        let body = json!({"note": note}).to_string();
        let headers = "content-type: application/json\r\n";
        Request::new("PATCH", &format!("/orders/{number}"), headers, Some(body.as_bytes()))
    }

    fn sum(&self) -> Request {
        Request::new("GET", "/sums", "", None)
    }

    fn read_sum(&self, answer: &Value) -> Vec<(String, i64)> {
        let sums = answer.as_object().unwrap().iter();
        sums.map(|(status, cents)| (status.clone(), cents.as_i64().unwrap())).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_string()
}

fn post(path: &str, body: &Value) -> Request {
    Request::new("POST", path, "content-type: application/json\r\n", Some(body.to_string().as_bytes()))
}

fn record(order: &Order) -> Value {
    let cells = [
        json!(order.serial_no),
        json!(order.title),
        json!(order.cents),
        json!(order.quantity),
        json!(order.date),
        json!(order.status),
        json!(serde_json::to_string(&order.tags).unwrap()),
        json!(order.paid),
        json!(order.customer),
        json!("bench@example.com"),
        json!(order.phone),
        json!(order.note),
    ];
    COLUMNS.iter().map(ToString::to_string).zip(cells).collect::<Map<_, _>>().into()
}

enum Change {
    Insert(Vec<Value>),
    Note(i64, Value),
}

type Job = (Change, oneshot::Sender<i64>);

#[derive(Clone)]
struct Shared {
    readers: SqlitePool,
    writer: mpsc::Sender<Job>,
}

/// Serves until the process is ended.
pub async fn serve(port: u16, database: &str) {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(SCHEMA).execute(&mut connection).await.unwrap();
    let known: i64 =
        sqlx::query_scalar("select count(*) from customers").fetch_one(&mut connection).await.unwrap();
    for number in known as u64..CUSTOMERS {
        let insert =
            sqlx::query("insert into customers(name) values (?)").bind(workload::customer(number + 1));
        insert.execute(&mut connection).await.unwrap();
    }
    let (writer, jobs) = mpsc::channel(1024);
    tokio::spawn(write(connection, jobs));
    let readers =
        SqlitePoolOptions::new().max_connections(2).connect_with(options.read_only(true)).await.unwrap();
    let app = Router::new()
        .route("/orders", get(list).post(create))
        .route("/orders/{id}", get(one).patch(update))
        .route("/sums", get(sums))
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(Shared { readers, writer });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}

/// Everything that waits when the last commit is done goes into the next one.
async fn write(mut connection: SqliteConnection, mut jobs: mpsc::Receiver<Job>) {
    let insert = format!("insert into orders({}) values ({})", COLUMNS.join(","), ["?"; 12].join(","));
    let insert: Arc<str> = insert.into();
    let mut waiting = Vec::new();
    while jobs.recv_many(&mut waiting, 256).await > 0 {
        let mut transaction = connection.begin().await.unwrap();
        let mut done = Vec::new();
        for (change, answer) in waiting.drain(..) {
            let mut last = 0;
            match change {
                Change::Insert(orders) => {
                    for order in &orders {
                        let query = sqlx::query(AssertSqlSafe(insert.clone()));
                        let query = COLUMNS.iter().fold(query, |query, name| bind(query, &order[*name]));
                        last = query.execute(&mut *transaction).await.unwrap().last_insert_rowid();
                    }
                }
                Change::Note(id, note) => {
                    let query = sqlx::query("update orders set note = ? where id = ?");
                    bind(query, &note).bind(id).execute(&mut *transaction).await.unwrap();
                    last = id;
                }
            }
            done.push((answer, last));
        }
        transaction.commit().await.unwrap();
        for (answer, id) in done {
            // Who has hung up does not wait for it.
            let _ = answer.send(id);
        }
    }
}

type SqliteQuery<'q> = sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments>;

fn bind<'q>(query: SqliteQuery<'q>, value: &Value) -> SqliteQuery<'q> {
    match value {
        Value::Number(number) => query.bind(number.as_i64().unwrap()),
        Value::String(text) => query.bind(text.clone()),
        Value::Bool(flag) => query.bind(*flag),
        Value::Null => query.bind(None::<i64>),
        other => query.bind(other.to_string()),
    }
}

async fn change(shared: &Shared, change: Change) -> Json<Value> {
    let (answer, done) = oneshot::channel();
    shared.writer.send((change, answer)).await.unwrap();
    Json(json!({ "id": done.await.unwrap() }))
}

async fn create(State(shared): State<Shared>, Json(body): Json<Value>) -> Json<Value> {
    let orders = if let Value::Array(orders) = body { orders } else { vec![body] };
    change(&shared, Change::Insert(orders)).await
}

async fn update(State(shared): State<Shared>, At(id): At<i64>, Json(mut body): Json<Value>) -> Json<Value> {
    change(&shared, Change::Note(id, body["note"].take())).await
}

async fn one(State(shared): State<Shared>, At(id): At<i64>) -> Json<Value> {
    let sql = format!("{SHOWN} {JOINED} where o.id = ?");
    Json(row(&sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_one(&shared.readers).await.unwrap()))
}

async fn list(State(shared): State<Shared>, Query(wanted): Query<Map<String, Value>>) -> Json<Value> {
    let number =
        |name: &str| wanted.get(name).and_then(Value::as_str).and_then(|text| text.parse::<i64>().ok());
    let (limit, offset) = (number("limit").unwrap_or(50), number("offset").unwrap_or(0));
    let (rows, total): (Vec<SqliteRow>, i64) = if let Some(status) =
        wanted.get("status").and_then(Value::as_str)
    {
        let cents = number("cents").unwrap_or(0);
        let condition = "where o.status = ? and o.amount >= ?";
        let page = format!("{SHOWN} indexed by by_status_date {JOINED} {condition} {NEWEST_FIRST} limit ?");
        let count = format!("select count(*) from orders o {condition}");
        let page = sqlx::query(AssertSqlSafe(page)).bind(status).bind(cents).bind(limit);
        let page = page.fetch_all(&shared.readers).await;
        let total = sqlx::query_scalar(AssertSqlSafe(count)).bind(status).bind(cents);
        (page.unwrap(), total.fetch_one(&shared.readers).await.unwrap())
    } else {
        let ids = format!("select id from orders o {NEWEST_FIRST} limit ? offset ?");
        let page = format!("{SHOWN} {JOINED} where o.id in ({ids}) {NEWEST_FIRST}");
        let page = sqlx::query(AssertSqlSafe(page)).bind(limit).bind(offset).fetch_all(&shared.readers).await;
        let total = sqlx::query_scalar("select count(*) from orders").fetch_one(&shared.readers).await;
        (page.unwrap(), total.unwrap())
    };
    Json(json!({ "total": total, "rows": rows.iter().map(row).collect::<Vec<_>>() }))
}

async fn sums(State(shared): State<Shared>) -> Json<Value> {
    let sql = "select status, sum(amount) from orders group by status";
    let rows = sqlx::query_as::<_, (String, i64)>(sql).fetch_all(&shared.readers).await.unwrap();
    Json(rows.into_iter().map(|(status, cents)| (status, json!(cents))).collect::<Map<_, _>>().into())
}

fn row(row: &SqliteRow) -> Value {
    let value = |column: &sqlx::sqlite::SqliteColumn| {
        let raw = row.try_get_raw(column.ordinal()).unwrap();
        match raw.type_info().name() {
            _ if raw.is_null() => Value::Null,
            "INTEGER" => row.get::<i64, _>(column.ordinal()).into(),
            _ => row.get::<String, _>(column.ordinal()).into(),
        }
    };
    Value::Object(row.columns().iter().map(|column| (column.name().to_owned(), value(column))).collect())
}

//! The least that a server of our libraries can do for the orders form on PostgreSQL: axum, sqlx, a pool of connections. It
//! answers what the bare server on SQLite answers, and each change is committed by itself.

use axum::extract::{DefaultBodyLimit, Path as At, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use sqlx::postgres::{PgColumn, PgPool, PgPoolOptions, PgRow};
use sqlx::{AssertSqlSafe, Column, Row, TypeInfo, ValueRef};

use super::orders::{
    Asked, COUNT, COUNT_FILTERED, SCHEMA, SUMS, UPDATE, insert_customers, insert_many, insert_one,
    one as one_sql, page_at, page_filtered,
};

/// As many as two cores keep busy while some wait for the disk.
const CONNECTIONS: u32 = 16;

/// Serves until the process is ended.
pub async fn serve(port: u16, database: &str) {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect(database).await.unwrap();
    sqlx::raw_sql(SCHEMA).execute(&pool).await.unwrap();
    let known: i64 = sqlx::query_scalar("select count(*) from customers").fetch_one(&pool).await.unwrap();
    if known == 0 {
        insert_customers().execute(&pool).await.unwrap();
    }
    let app = Router::new()
        .route("/orders", get(list).post(create))
        .route("/orders/{id}", get(one).patch(update))
        .route("/sums", get(sums))
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}

fn asked<'q>(statement: String) -> Asked<'q> {
    sqlx::query(AssertSqlSafe(statement))
}

async fn create(State(pool): State<PgPool>, Json(body): Json<Value>) -> Json<Value> {
    let insert = match &body {
        Value::Array(orders) => many(orders),
        order => single(order),
    };
    let made = insert.execute(&pool).await.unwrap().rows_affected();
    Json(json!({ "made": made }))
}

fn single<'q>(order: &Value) -> Asked<'q> {
    asked(insert_one())
        .bind(text(order, "serial_no"))
        .bind(text(order, "title"))
        .bind(number(order, "amount"))
        .bind(number(order, "quantity"))
        .bind(text(order, "order_date"))
        .bind(text(order, "status"))
        .bind(text(order, "tags"))
        .bind(order["paid"] == true)
        .bind(number(order, "customer"))
        .bind(text(order, "phone"))
        .bind(text(order, "note"))
}

fn many<'q>(orders: &[Value]) -> Asked<'q> {
    let texts = |name: &str| orders.iter().map(|order| text(order, name)).collect::<Vec<String>>();
    let numbers = |name: &str| orders.iter().map(|order| number(order, name)).collect::<Vec<i64>>();
    asked(insert_many())
        .bind(texts("serial_no"))
        .bind(texts("title"))
        .bind(numbers("amount"))
        .bind(numbers("quantity"))
        .bind(texts("order_date"))
        .bind(texts("status"))
        .bind(texts("tags"))
        .bind(orders.iter().map(|order| order["paid"] == true).collect::<Vec<bool>>())
        .bind(numbers("customer"))
        .bind(texts("phone"))
        .bind(texts("note"))
}

fn text(order: &Value, name: &str) -> String {
    order[name].as_str().unwrap().to_owned()
}

fn number(order: &Value, name: &str) -> i64 {
    order[name].as_i64().unwrap()
}

async fn update(State(pool): State<PgPool>, At(id): At<i64>, Json(body): Json<Value>) -> Json<Value> {
    sqlx::query(UPDATE).bind(text(&body, "note")).bind(id).execute(&pool).await.unwrap();
    Json(json!({ "id": id }))
}

async fn one(State(pool): State<PgPool>, At(id): At<i64>) -> Json<Value> {
    Json(row(&asked(one_sql()).bind(id).fetch_one(&pool).await.unwrap()))
}

async fn list(State(pool): State<PgPool>, Query(wanted): Query<Map<String, Value>>) -> Json<Value> {
    let number =
        |name: &str| wanted.get(name).and_then(Value::as_str).and_then(|text| text.parse::<i64>().ok());
    // A page has as many records as the benchmark asks for; the start of the server asks for one.
    let filtered = wanted.get("status").and_then(Value::as_str);
    let (rows, total): (Vec<PgRow>, i64) = if let Some(status) = filtered {
        let cents = number("cents").unwrap_or(0);
        let page = asked(page_filtered()).bind(status).bind(cents).fetch_all(&pool).await;
        let total = sqlx::query_scalar(COUNT_FILTERED).bind(status).bind(cents).fetch_one(&pool).await;
        (page.unwrap(), total.unwrap())
    } else {
        let page = asked(page_at()).bind(number("offset").unwrap_or(0)).fetch_all(&pool).await;
        let total = sqlx::query_scalar(COUNT).fetch_one(&pool).await;
        (page.unwrap(), total.unwrap())
    };
    Json(json!({ "total": total, "rows": rows.iter().map(row).collect::<Vec<_>>() }))
}

async fn sums(State(pool): State<PgPool>) -> Json<Value> {
    let rows = sqlx::query_as::<_, (String, i64)>(SUMS).fetch_all(&pool).await.unwrap();
    Json(rows.into_iter().map(|(status, cents)| (status, json!(cents))).collect::<Map<_, _>>().into())
}

fn row(row: &PgRow) -> Value {
    let value = |column: &PgColumn| {
        let raw = row.try_get_raw(column.ordinal()).unwrap();
        let kind = raw.type_info().name().to_owned();
        match kind.as_str() {
            _ if raw.is_null() => Value::Null,
            "INT8" => row.get::<i64, _>(column.ordinal()).into(),
            "BOOL" => row.get::<bool, _>(column.ordinal()).into(),
            _ => row.get::<String, _>(column.ordinal()).into(),
        }
    };
    Value::Object(row.columns().iter().map(|column| (column.name().to_owned(), value(column))).collect())
}

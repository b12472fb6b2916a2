//! What is asked of a database, and how it goes about answering.

use std::sync::Mutex;

use sea_query::{Value, Values};
use serde_json::Value as Json;

use crate::dialect::Dialect;
use crate::{Reader, Store};

/// A statement in the words of its database, with its values.
pub(crate) type Statement = (String, Values);

/// Keeps the statements of a store while somebody looks on.
#[derive(Default)]
pub(crate) struct Watch(Mutex<Option<Vec<Statement>>>);

impl Watch {
    pub(crate) fn saw(&self, sql: &str, values: &[Value]) {
        if let Some(seen) = self.0.lock().unwrap().as_mut() {
            seen.push((sql.to_string(), Values(values.to_vec())));
        }
    }

    /// What is asked of a store during `work`, but for what others ask meanwhile by statements of their own.
    pub(crate) async fn during(store: &Store, work: impl Future<Output = ()>) -> Vec<Statement> {
        let tables = store.read().await.unwrap().tables.clone();
        *tables.watch.0.lock().unwrap() = Some(Vec::new());
        work.await;
        tables.watch.0.lock().unwrap().take().unwrap()
    }
}

/// A plan in the database's own words.
pub(crate) struct Plan {
    dialect: Dialect,
    pub(crate) words: String,
}

impl Plan {
    /// The plan of something that is asked for now.
    pub(crate) async fn of(store: &Store, statement: Statement) -> Plan {
        let mut db = store.read().await.unwrap();
        // A connection learns of a new index when it runs a statement, and explaining one is not running it: a reader
        // that was opened before the index was made would tell the plan of that time.
        let (sql, values) = statement.clone();
        db.fetch_all(sql, values.0).await.unwrap();
        Plan::without_running(&mut db, statement).await
    }

    /// The plan of something that may change what is stored.
    pub(crate) async fn without_running(db: &mut Reader, (sql, values): Statement) -> Plan {
        let (explain, place) = match db.dialect() {
            Dialect::Sqlite => ("EXPLAIN QUERY PLAN", 3),
            Dialect::Postgres => ("EXPLAIN (FORMAT JSON)", 0),
        };
        let explain = format!("{explain} {sql} -- {}", crate::ids::next());
        let rows = db.fetch_all(explain, values.0).await.unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.get(place).unwrap()).collect();
        Plan { dialect: db.dialect(), words: steps.join("\n") }
    }

    /// Whether a whole table is read, and not its index alone.
    pub(crate) fn reads_all(&self) -> bool {
        match self.dialect {
            Dialect::Sqlite => {
                self.words.lines().any(|step| step.starts_with("SCAN t") && !step.contains("INDEX"))
            }
            Dialect::Postgres => self.words.contains("\"Seq Scan\""),
        }
    }

    pub(crate) fn sorts(&self) -> bool {
        match self.dialect {
            Dialect::Sqlite => self.words.contains("FOR ORDER BY"),
            Dialect::Postgres => self.words.contains("Sort\""),
        }
    }

    pub(crate) fn uses(&self, index: &str) -> bool {
        match self.dialect {
            Dialect::Sqlite => self.words.lines().any(|step| index_of(step) == Some(index)),
            Dialect::Postgres => self.words.contains(&format!("\"Index Name\": \"{index}\"")),
        }
    }

    /// Whether the table itself is left alone.
    pub(crate) fn is_covered(&self) -> bool {
        match self.dialect {
            Dialect::Sqlite => self.words.contains("COVERING INDEX"),
            Dialect::Postgres => self.words.contains("\"Index Only Scan\""),
        }
    }

    /// What it walks over from end to end, or from end to end of a workspace: indexes by their names, and tables by theirs.
    pub(crate) fn walks(&self) -> Vec<String> {
        match self.dialect {
            Dialect::Sqlite => self.words.lines().filter_map(walked).collect(),
            Dialect::Postgres => {
                let mut walks = Vec::new();
                gather_walks(&serde_json::from_str(&self.words).unwrap(), &mut walks);
                walks
            }
        }
    }
}

/// The index that a step of SQLite's uses.
fn index_of(step: &str) -> Option<&str> {
    step.split_once(" INDEX ")?.1.split(' ').next()
}

/// What a step of SQLite's walks over: `SCAN task`, `SEARCH notice USING PRIMARY KEY (workspace=?)`.
fn walked(step: &str) -> Option<String> {
    let is_whole = step.starts_with("SCAN ") || step.ends_with("(workspace=?)");
    let table = step.split(' ').nth(1)?;
    is_whole.then(|| index_of(step).unwrap_or(table).to_string())
}

/// The same for a plan of PostgreSQL's, node by node.
fn gather_walks(part: &Json, walks: &mut Vec<String>) {
    match part {
        Json::Array(parts) => parts.iter().for_each(|part| gather_walks(part, walks)),
        Json::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Json::as_str);
            let condition = text("Index Cond").unwrap_or_default();
            let is_narrow = condition.contains(" AND ") || !condition.contains("(workspace = ");
            match text("Node Type") {
                Some("Seq Scan") => walks.extend(text("Relation Name").map(str::to_string)),
                Some("Index Scan" | "Index Only Scan" | "Bitmap Index Scan")
                    if condition.is_empty() || !is_narrow =>
                {
                    walks.extend(text("Index Name").map(str::to_string));
                }
                _ => {}
            }
            members.values().for_each(|part| gather_walks(part, walks));
        }
        _ => {}
    }
}

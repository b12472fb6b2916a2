//! Statements for PostgreSQL whose outcome nobody waits for: they wait for the next one, and go as one with it or before it.
//!
//! Each statement is a way to the server and back, and a save leaves five rows behind in as many tables. Statements that only
//! insert, and read nothing of each other, are one statement to PostgreSQL: `WITH s0 AS (INSERT …), s1 AS (INSERT …) INSERT …`.

use sea_query::Value;

/// Values of all that waits; more gain nothing.
const MOST_VALUES: usize = 500;
/// Values of one that waits: a larger one is worth a way of its own, and would be another text each time.
const LARGEST: usize = 200;

/// What waits, each with `?` for its values.
#[derive(Default)]
pub(crate) struct Together {
    statements: Vec<String>,
    values: Vec<Value>,
}

impl Together {
    /// Whether a statement may wait for others at all. One that changes a row that is there reads what was before, and two of
    /// them in one would not see each other.
    pub(crate) fn takes(sql: &str, values: &[Value]) -> bool {
        sql.starts_with("INSERT INTO ") && !sql.contains(" ON CONFLICT ") && values.len() <= LARGEST
    }

    /// Whether there is room for a statement with so many values beside what waits.
    pub(crate) fn has_room(&self, values: usize) -> bool {
        self.values.len() + values <= MOST_VALUES
    }

    pub(crate) fn put(&mut self, sql: String, values: Vec<Value>) {
        self.statements.push(sql);
        self.values.extend(values);
    }

    pub(crate) fn forget(&mut self) {
        *self = Together::default();
    }

    /// What waits as one statement, with its values; `None` where nothing does.
    pub(crate) fn take(&mut self) -> Option<(String, Vec<Value>)> {
        let Together { mut statements, values } = std::mem::take(self);
        let last = statements.pop()?;
        let parts: Vec<String> =
            statements.iter().enumerate().map(|(place, sql)| format!("s{place} AS ({sql})")).collect();
        let with = if parts.is_empty() { String::new() } else { format!("WITH {} ", parts.join(", ")) };
        Some((format!("{with}{last}"), values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_inserts_are_one_statement() {
        let mut together = Together::default();
        assert!(together.take().is_none());
        together.put("INSERT INTO a (x) VALUES (?)".into(), vec![1i64.into()]);
        assert_eq!(together.take(), Some(("INSERT INTO a (x) VALUES (?)".into(), vec![1i64.into()])));
        together.put("INSERT INTO a (x) VALUES (?)".into(), vec![1i64.into()]);
        together.put("INSERT INTO b (x, y) VALUES (?, ?)".into(), vec![2i64.into(), 3i64.into()]);
        let (sql, values) = together.take().unwrap();
        assert_eq!(sql, "WITH s0 AS (INSERT INTO a (x) VALUES (?)) INSERT INTO b (x, y) VALUES (?, ?)");
        assert_eq!(values, [1i64.into(), 2i64.into(), 3i64.into()]);
        together.put("INSERT INTO a (x) VALUES (?)".into(), vec![1i64.into()]);
        together.forget();
        assert!(together.take().is_none());
    }

    #[test]
    fn what_reads_or_is_large_waits_for_nothing() {
        assert!(!Together::takes("UPDATE a SET x = ?", &[]));
        let counts = "INSERT INTO a (x, n) VALUES (?, ?) ON CONFLICT (x) DO UPDATE SET n = a.n + excluded.n";
        assert!(!Together::takes(counts, &[]));
        assert!(!Together::takes("INSERT INTO a (x) VALUES (?)", &vec![Value::from(1i64); LARGEST + 1]));
        let mut together = Together::default();
        together.put("INSERT INTO a (x) VALUES (?)".into(), vec![Value::from(1i64); 400]);
        assert!(together.has_room(100) && !together.has_room(101));
    }
}

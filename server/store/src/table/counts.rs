//! What is known of how many records forms have, so that nobody counts the same twice.
//!
//! Every statement that writes records of a form raises what its data is known by, once it is committed. A count holds for as
//! long as that is the same. Where other servers write too, PostgreSQL's own snapshot says whether anything was committed in
//! between.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::args;

/// A form with no more records is counted whenever that is asked.
pub(crate) const SMALL: u64 = 10_000;
/// Counts that are kept; with more, all are forgotten.
const MOST_KEPT: usize = 2_000;
/// What was looked at so long ago is looked at again where other servers write, whose changes are not heard of.
const AGE: Duration = Duration::from_secs(60);
/// A sample is taken anew when so many hundredths of a form have changed since.
const DRIFT: u64 = 10;

#[derive(Default)]
pub(crate) struct Counts(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Records of each table that were written since this process began, at most.
    written: HashMap<i64, u64>,
    exact: HashMap<String, (String, u64)>,
    sizes: HashMap<i64, Size>,
    samples: HashMap<i64, Arc<Sample>>,
}

/// How large a form was when somebody looked.
#[derive(Clone, Copy)]
struct Size {
    /// `None` for a large one.
    small: Option<u64>,
    written: u64,
    looked: Instant,
}

/// Some records of a large form, taken without regard to what is in them: what part of them meets a condition, about the same
/// part of all does.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) total: u64,
    pub(crate) taken: u64,
    /// Their ids, with commas between.
    pub(crate) ids: String,
    written: u64,
    looked: Instant,
}

impl Sample {
    pub(crate) fn new(total: u64, ids: &[i64], written: u64) -> Sample {
        let taken = ids.len() as u64;
        let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        Sample { total, taken, ids, written, looked: Instant::now() }
    }
}

impl Counts {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records of these tables were written, at most so many, and that is committed.
    pub(crate) fn written(&self, tables: &BTreeMap<i64, u64>) {
        let mut known = self.lock();
        for (table, count) in tables {
            *known.written.entry(*table).or_default() += count;
        }
    }

    /// How many records of a table were written so far.
    pub(crate) fn written_in(&self, table: i64) -> u64 {
        self.lock().written.get(&table).copied().unwrap_or(0)
    }

    fn stamp(&self, tables: &[i64]) -> String {
        let known = self.lock();
        let of = |table: &i64| known.written.get(table).copied().unwrap_or(0).to_string();
        tables.iter().map(of).collect::<Vec<_>>().join(" ")
    }

    /// What came of a question when the data had this stamp.
    pub(crate) fn exact(&self, question: &str, stamp: &str) -> Option<u64> {
        self.lock().exact.get(question).filter(|(kept, _)| kept == stamp).map(|(_, count)| *count)
    }

    pub(crate) fn keep(&self, question: String, stamp: String, count: u64) {
        let mut known = self.lock();
        if known.exact.len() >= MOST_KEPT && !known.exact.contains_key(&question) {
            known.exact.clear();
        }
        known.exact.insert(question, (stamp, count));
    }

    /// Whether a form has more records than are counted whenever that is asked, as far as it is known.
    pub(crate) fn is_large(&self, table: i64, shared: bool) -> Option<bool> {
        let known = self.lock();
        let size = known.sizes.get(&table)?;
        let since = known.written.get(&table).copied().unwrap_or(0) - size.written;
        let is_old = shared && size.looked.elapsed() > AGE;
        match size.small {
            Some(small) => (small + since <= SMALL && !is_old).then_some(false),
            None => (since < SMALL / 2 && !is_old).then_some(true),
        }
    }

    /// How many records a form has; `None` for a large one.
    pub(crate) fn note_size(&self, table: i64, small: Option<u64>, written: u64) {
        self.lock().sizes.insert(table, Size { small, written, looked: Instant::now() });
    }

    pub(crate) fn sample(&self, table: i64, shared: bool) -> Option<Arc<Sample>> {
        let known = self.lock();
        let sample = known.samples.get(&table)?;
        let since = known.written.get(&table).copied().unwrap_or(0) - sample.written;
        let is_old = shared && sample.looked.elapsed() > AGE * 10;
        (since * 100 < sample.total * DRIFT && !is_old).then(|| sample.clone())
    }

    pub(crate) fn keep_sample(&self, table: i64, sample: Arc<Sample>) {
        self.lock().samples.insert(table, sample);
    }
}

impl Reader {
    /// Notes which tables of records statements write, by their beginnings.
    pub(crate) fn note_written(&mut self, sql: &str) {
        for statement in sql.split(';') {
            if let Some((table, records)) = written_by(statement.trim_start()) {
                *self.written.entry(table).or_default() += records;
                self.foreseen.changed();
            }
        }
    }

    /// What the data of these tables is known by now: while it is the same, so is the data. `None` inside a transaction, which
    /// sees what nobody else does, and for one who sees a moment that has passed.
    pub(crate) async fn stamp(&mut self, tables: &[i64]) -> Result<Option<String>> {
        if self.is_writing || self.frozen {
            return Ok(None);
        }
        Ok(Some(match self.dialect() {
            Dialect::Sqlite => self.tables.counts.stamp(tables),
            Dialect::Postgres => {
                self.fetch_one("SELECT CAST(pg_current_snapshot() AS TEXT)", args![]).await?.get(0)?
            }
        }))
    }
}

/// The number of the form's table that a statement writes, and how many records that is at most: new ones come, and old ones
/// go, up to fifty in a statement, but for a few that are rare and large.
fn written_by(sql: &str) -> Option<(i64, u64)> {
    const SEVERAL: u64 = 50;
    let (rest, records) = if let Some(rest) = sql.strip_prefix("UPDATE t") {
        (rest, 1)
    } else {
        let rest = sql.strip_prefix("INSERT INTO t").or_else(|| sql.strip_prefix("DELETE FROM t"))?;
        (rest, SEVERAL)
    };
    let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    Some((rest.get(..digits)?.parse().ok()?, records))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_tells_whose_records_it_writes() {
        assert_eq!(written_by("INSERT INTO t12 (id) VALUES (?)"), Some((12, 50)));
        assert_eq!(written_by("UPDATE t7_r3 SET position = ?"), Some((7, 1)));
        assert_eq!(written_by("DELETE FROM t7_m0 WHERE record = ?"), Some((7, 50)));
        for other in [
            "UPDATE task SET state = ?",
            "INSERT INTO token (id) VALUES (?)",
            "SELECT 1 FROM t1",
            "DELETE FROM t",
        ] {
            assert_eq!(written_by(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_known_holds_until_enough_has_changed() {
        let counts = Counts::default();
        assert_eq!(counts.is_large(1, false), None);
        counts.note_size(1, Some(9_000), 0);
        assert_eq!(counts.is_large(1, false), Some(false));
        counts.written(&BTreeMap::from([(1, 1_001)]));
        assert_eq!(counts.is_large(1, false), None, "it may have grown");
        counts.note_size(1, None, counts.written_in(1));
        counts.keep_sample(1, Arc::new(Sample::new(20_000, &[1, 2, 3], counts.written_in(1))));
        counts.written(&BTreeMap::from([(1, 1_999), (2, 5)]));
        assert_eq!(counts.is_large(1, false), Some(true));
        assert_eq!(counts.sample(1, false).map(|sample| sample.ids.clone()).as_deref(), Some("1,2,3"));
        counts.written(&BTreeMap::from([(1, 1)]));
        assert!(counts.sample(1, false).is_none(), "a tenth has changed");
        assert_eq!(counts.stamp(&[1, 2]), "3001 5");
        counts.keep("q".into(), "3001 5".into(), 7);
        assert_eq!((counts.exact("q", "3001 5"), counts.exact("q", "3002 5")), (Some(7), None));
    }
}

//! How many records there are.
//!
//! Small forms are counted. Of large ones a count that still holds is told again; any other takes as long as the records are
//! many, so whoever does not want to wait for it gets an estimate from a sample.

use std::sync::Arc;
use std::time::Instant;

use engine::access::{Access, Operation};
use engine::condition::Checked;
use engine::context::Context;
use sea_query::{Expr, ExprTrait, Func, JoinType, Query as Sql, SelectStatement, Values};

use super::Shelf;
use super::condition::Conditions;
use super::page::on_shelf;
use super::terms::Terms;
use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::table::{FormRef, Part, SMALL, Sample, Table};

/// How exactly it must be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exact for small forms, and where it is known; otherwise from a sample.
    Estimate,
    Exact,
}

/// An answer to "how many".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub value: u64,
    pub exact: bool,
}

/// Records of a sample, about.
const SAMPLE: u64 = 1_000;
/// Records of a sample that meet a condition, below which they say little of how many do in all.
const FEW: u64 = 30;

/// A question "how many", put together once and asked in one way or another.
#[derive(Clone)]
pub struct HowMany(Option<Arc<Asked>>);

struct Asked {
    table: Arc<Table>,
    /// The tables that the answer depends on.
    tables: Vec<i64>,
    holds: Expr,
    /// The index that would answer it alone.
    covering: Option<Vec<Part>>,
    on_live: bool,
}

/// How many records meet `filter` and may be viewed.
pub async fn count(
    db: &mut Reader,
    access: &Access,
    form: FormRef,
    shelf: Shelf,
    filter: &Checked,
    how: Count,
    context: &Context,
) -> Result<Counted> {
    let asked = HowMany::new(db, access, form, shelf, filter, context).await?;
    match how {
        Count::Exact => Ok(Counted { value: asked.exact(db).await?, exact: true }),
        Count::Estimate => asked.estimate(db).await,
    }
}

impl HowMany {
    /// How many records meet `filter` and may be viewed with `access`. Nothing is counted yet.
    ///
    /// # Errors
    /// [`crate::Error::NotAskable`] for what can't be filtered in the database.
    pub async fn new(
        db: &mut Reader,
        access: &Access,
        form: FormRef,
        shelf: Shelf,
        filter: &Checked,
        context: &Context,
    ) -> Result<HowMany> {
        let Some(visible) = access.rows(Operation::View) else { return Ok(HowMany(None)) };
        let table = db.table(form).await?;
        let filter = visible.and(access.guard(filter.clone()));
        let conditions = Conditions::load(db, table.clone(), &[&filter], context).await?;
        let mut tables = vec![table.number];
        tables.extend(conditions.linked.values().map(|table| table.number));
        tables.sort_unstable();
        tables.dedup();
        let holds = on_shelf(&conditions, shelf).and(conditions.holds(&filter)?);
        let on_live = shelf == Shelf::Live;
        let covering = Terms::of(&filter, &table).covering().filter(|_| on_live);
        Ok(HowMany(Some(Arc::new(Asked { table, tables, holds, covering, on_live }))))
    }

    /// The exact number where it is known without counting.
    pub async fn known(&self, db: &mut Reader) -> Result<Option<u64>> {
        let Some(asked) = &self.0 else { return Ok(Some(0)) };
        let Some(stamp) = db.stamp(&asked.tables).await? else { return Ok(None) };
        let (question, ..) = asked.statement(db.dialect());
        Ok(db.tables.counts.exact(&question, &stamp))
    }

    /// Whether counting may take as long as the records are many.
    pub async fn is_large(&self, db: &mut Reader) -> Result<bool> {
        match &self.0 {
            // Drafts and the bin are looked through by nobody who waits for a list.
            Some(asked) if asked.on_live => asked.is_large(db).await,
            Some(_) | None => Ok(false),
        }
    }

    /// The exact number, counted unless it is known.
    pub async fn exact(&self, db: &mut Reader) -> Result<u64> {
        match &self.0 {
            Some(asked) => asked.exact(db).await,
            None => Ok(0),
        }
    }

    /// The exact number of a small form or where it is known, else about how many.
    pub async fn estimate(&self, db: &mut Reader) -> Result<Counted> {
        let exact = |value| Counted { value, exact: true };
        let Some(asked) = &self.0 else { return Ok(exact(0)) };
        if let Some(known) = self.known(db).await? {
            return Ok(exact(known));
        }
        if !self.is_large(db).await? {
            return Ok(exact(asked.exact(db).await?));
        }
        let sample = asked.sample(db).await?;
        let found = asked.found_in(db, &sample).await?;
        let answered = asked.covering.as_ref().is_some_and(|parts| asked.table.has_index(parts));
        if found < FEW && answered {
            // Few, and they stand together in an index.
            return Ok(exact(asked.exact(db).await?));
        }
        let value =
            u128::from(Ord::max(found, 1)) * u128::from(sample.total) / u128::from(Ord::max(sample.taken, 1));
        Ok(Counted { value: u64::try_from(value).unwrap_or(u64::MAX), exact: false })
    }
}

#[cfg(test)]
impl HowMany {
    /// The statement that counts: for tests that ask how the database answers it.
    pub(super) fn statement(&self, dialect: Dialect) -> (String, Values) {
        let (_, sql, values) = self.0.as_ref().unwrap().statement(dialect);
        (sql, values)
    }
}

impl Asked {
    /// The statement that counts, with the question that its answer is kept under.
    fn statement(&self, dialect: Dialect) -> (String, String, Values) {
        let mut select = Sql::select();
        select.expr(Expr::cust("count(*)")).from_as(self.table.name(), "t").and_where(self.holds.clone());
        let (sql, values) = dialect.select(&select);
        (format!("{sql}\n{:?}", values.0), sql, values)
    }

    async fn exact(&self, db: &mut Reader) -> Result<u64> {
        let (question, sql, values) = self.statement(db.dialect());
        // Before it is counted: what is committed meanwhile makes the answer one of before.
        let stamp = db.stamp(&self.tables).await?;
        if let Some(known) = stamp.as_deref().and_then(|stamp| db.tables.counts.exact(&question, stamp)) {
            return Ok(known);
        }
        let started = Instant::now();
        let count: i64 = db.fetch_one(sql, values.0).await?.get(0)?;
        if let Some(wish) = self.covering.clone() {
            db.tables.observer.note(&self.table, wish, started.elapsed());
        }
        let count = count as u64;
        if let Some(stamp) = stamp {
            db.tables.counts.keep(question, stamp, count);
        }
        Ok(count)
    }

    async fn is_large(&self, db: &mut Reader) -> Result<bool> {
        let number = self.table.number;
        if let Some(known) = db.tables.counts.is_large(number, db.is_shared()) {
            return Ok(known);
        }
        let written = db.tables.counts.written_in(number);
        let (name, live) = (self.table.name(), self.live(db.dialect()));
        let most = SMALL + 1;
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {name} WHERE {live} LIMIT {most}) AS found");
        let count = db.fetch_one(sql, Vec::new()).await?.get::<i64>(0)? as u64;
        let small = Some(count).filter(|count| *count <= SMALL);
        db.tables.counts.note_size(number, small, written);
        Ok(small.is_none())
    }

    /// Some records of the form, chosen by the last digits of their ids, which are random; from the index alone.
    async fn sample(&self, db: &mut Reader) -> Result<Arc<Sample>> {
        let number = self.table.number;
        if let Some(known) = db.tables.counts.sample(number, db.is_shared()) {
            return Ok(known);
        }
        let written = db.tables.counts.written_in(number);
        let (name, live) = (self.table.name(), self.live(db.dialect()));
        let total = db.fetch_one(format!("SELECT count(*) FROM {name} WHERE {live}"), Vec::new()).await?;
        let total = total.get::<i64>(0)? as u64;
        // Odd, so that it has nothing in common with how ids are made up.
        let step = (total / SAMPLE) | 1;
        let (rest, most) = (total % step, SAMPLE * 4);
        let sql = format!("SELECT id FROM {name} WHERE {live} AND id % {step} = {rest} LIMIT {most}");
        let rows = db.fetch_all(sql, Vec::new()).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
        let sample = Arc::new(Sample::new(total, &ids, written));
        db.tables.counts.keep_sample(number, sample.clone());
        Ok(sample)
    }

    /// How many of a sample meet the condition: each is looked up by its id, whatever indexes there are.
    async fn found_in(&self, db: &mut Reader, sample: &Sample) -> Result<u64> {
        let select = self.in_sample(db.dialect(), sample);
        let rows = db.select(&select).await?;
        rows.first().map_or(Ok(0), |row| row.get::<i64>(0).map(|count| count as u64))
    }

    fn in_sample(&self, dialect: Dialect, sample: &Sample) -> SelectStatement {
        let mut select = Sql::select();
        select.expr(Expr::cust("count(*)"));
        match dialect {
            Dialect::Sqlite => {
                // SQLite takes the tables of a cross join in the order in which they stand.
                let ids = Func::cust("json_each").arg(format!("[{}]", sample.ids));
                select
                    .from_function(ids, "s")
                    .join_as(JoinType::CrossJoin, self.table.name(), "t", Expr::cust("1"))
                    .and_where(Expr::col(("t", "id")).eq(Expr::col(("s", "value"))));
            }
            Dialect::Postgres => {
                let ids = "t.id = ANY(CAST(string_to_array($1, ',') AS _int8))";
                select
                    .from_as(self.table.name(), "t")
                    .and_where(Expr::cust_with_values(ids, [sample.ids.as_str()]));
            }
        }
        select.and_where(self.holds.clone());
        select
    }

    /// The condition that records are neither drafts nor in the bin.
    fn live(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::Sqlite => "live = 1".to_string(),
            Dialect::Postgres => format!("workspace = {} AND live = 1", self.table.workspace.as_i64()),
        }
    }
}

//! A connection while somebody works with it: [`Reader`], and [`Tx`] within a transaction that writes.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use engine::value::Id;
use futures::TryStreamExt;
use futures::future::BoxFuture;
use sea_query::{SelectStatement, Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::Connection as _;
use sqlx::{AssertSqlSafe, Executor};

use crate::database::{Foreseen, Lent, Pooled, Together, Writing};
use crate::dialect::Dialect;
use crate::error::{Error, Result, Verdict};
use crate::row::Row;
use crate::table::{Table, Tables};

pub(crate) enum Handle {
    SqliteReader(Lent),
    SqliteWriter(Box<Writing>),
    Postgres(Pooled),
}

/// The text of a statement: fixed, with `?`, or built for this database at run time.
pub(crate) enum Sql {
    Fixed(&'static str),
    /// Put together from fixed parts, with `?`.
    Template(String),
    Built(String),
    /// As this database writes it.
    Written(Cow<'static, str>),
}

impl Sql {
    fn text(self, dialect: Dialect) -> Cow<'static, str> {
        match self {
            Sql::Fixed(text) => dialect.placeholders(text),
            Sql::Template(text) => dialect.placeholders(text),
            Sql::Built(text) => text.into(),
            Sql::Written(text) => text,
        }
    }
}

impl Sql {
    /// The text with `?` for each value, where it is not yet that of one database.
    fn template(&self) -> Option<&str> {
        match self {
            Sql::Fixed(text) => Some(text),
            Sql::Template(text) => Some(text),
            Sql::Built(_) | Sql::Written(_) => None,
        }
    }
}

impl From<&'static str> for Sql {
    fn from(sql: &'static str) -> Sql {
        Sql::Fixed(sql)
    }
}

impl From<String> for Sql {
    fn from(sql: String) -> Sql {
        Sql::Built(sql)
    }
}

/// A connection that reads. Each statement sees what was committed when it started.
pub struct Reader {
    handle: Handle,
    /// The first statement that failed. A transaction in which one did is never committed: PostgreSQL would
    /// roll it back without a word, and both databases are to behave alike.
    failure: Option<Failure>,
    /// Tables that were looked up, shared by the whole store.
    pub(crate) tables: Arc<Tables>,
    /// Tables that this transaction has changed; nobody else sees them before it is committed.
    pub(crate) changed_tables: HashMap<Id, Arc<Table>>,
    /// Whether this is a transaction, which sees what it has written itself.
    pub(crate) is_writing: bool,
    /// How many records of which tables the work at hand has written, at most.
    pub(crate) written: BTreeMap<i64, u64>,
    /// What goes to PostgreSQL before the next statement.
    together: Together,
    /// Whether it sees one moment, and so perhaps tables as they are no more.
    pub(crate) frozen: bool,
    /// What waiting jobs will ask for.
    pub(crate) foreseen: Foreseen,
}

/// A statement that failed, and what that means for its transaction.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) verdict: Verdict,
}

/// A transaction that writes. It ends with the closure it was given to: see [`crate::Store::write`].
pub struct Tx {
    reader: Reader,
    on_commit: Vec<OnCommit>,
    /// Whether a setting was changed since the transaction began.
    changed_settings: bool,
}

pub(crate) type OnCommit = Box<dyn FnOnce() + Send>;

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

/// Runs one sqlx call on whichever connection there is, and notes what an error means for the transaction.
macro_rules! run {
    ($self:ident, $sql:ident, $args:ident, $call:ident) => {{
        let text = $sql.text($self.dialect());
        #[cfg(test)]
        $self.tables.watch.saw(&text, &$args);
        let values = |values| SqlxValues(Values(values));
        let outcome = match &mut $self.handle {
            Handle::SqliteReader(lent) => match lent.begin() {
                Ok(connection) => {
                    let query = sqlx::query_with(AssertSqlSafe(text), values($args));
                    let outcome = query.$call(connection).await;
                    lent.ended(&outcome);
                    outcome.map(Either::Sqlite)
                }
                Err(closed) => Err(closed),
            },
            Handle::SqliteWriter(writing) => {
                let writes = !text.starts_with("SELECT");
                let (connection, text, all) = writing.turn(text, $args, writes);
                sqlx::query_with(AssertSqlSafe(text), values(all)).$call(connection).await.map(Either::Sqlite)
            }
            Handle::Postgres(connection) => sqlx::query_with(AssertSqlSafe(text), values($args))
                .$call(&mut **connection)
                .await
                .map(Either::Postgres),
        };
        outcome.map_err(|error| $self.judge(error))
    }};
}

/// The longest of the words that a transaction is made of: `ROLLBACK TO job; RELEASE job`.
const LONGEST_WORD: usize = 80;

/// How many rows the last of several statements touched.
async fn touched_by_last(
    mut statements: futures::stream::BoxStream<'_, sqlx::Result<sqlx::sqlite::SqliteQueryResult>>,
) -> sqlx::Result<u64> {
    let mut touched = 0;
    while let Some(done) = statements.try_next().await? {
        touched = done.rows_affected();
    }
    Ok(touched)
}

enum Either<A, B> {
    Sqlite(A),
    Postgres(B),
}

impl Reader {
    pub(crate) fn new(handle: Handle, tables: Arc<Tables>) -> Reader {
        Reader {
            handle,
            failure: None,
            tables,
            changed_tables: HashMap::new(),
            is_writing: false,
            written: BTreeMap::new(),
            together: Together::default(),
            frozen: false,
            foreseen: Foreseen::default(),
        }
    }

    /// Whether other servers may write to the same database.
    pub(crate) fn is_shared(&self) -> bool {
        self.dialect() == Dialect::Postgres
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.handle {
            Handle::SqliteReader(..) | Handle::SqliteWriter(_) => Dialect::Sqlite,
            Handle::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) async fn fetch_all(&mut self, sql: impl Into<Sql>, args: Vec<Value>) -> Result<Vec<Row>> {
        let sql = sql.into();
        self.send_ahead().await?;
        Ok(match run!(self, sql, args, fetch_all)? {
            Either::Sqlite(rows) => rows.into_iter().map(Row::Sqlite).collect(),
            Either::Postgres(rows) => rows.into_iter().map(Row::Postgres).collect(),
        })
    }

    pub(crate) async fn fetch_optional(
        &mut self,
        sql: impl Into<Sql>,
        args: Vec<Value>,
    ) -> Result<Option<Row>> {
        let sql = sql.into();
        self.send_ahead().await?;
        Ok(match run!(self, sql, args, fetch_optional)? {
            Either::Sqlite(row) => row.map(Row::Sqlite),
            Either::Postgres(row) => row.map(Row::Postgres),
        })
    }

    /// The one row that such a statement always gives.
    pub(crate) async fn fetch_one(&mut self, sql: impl Into<Sql>, args: Vec<Value>) -> Result<Row> {
        let row = self.fetch_optional(sql, args).await?;
        row.ok_or(Error::NotFound { what: "a row" })
    }

    /// Runs a SELECT that was put together for this database.
    pub(crate) async fn select(&mut self, statement: &SelectStatement) -> Result<Vec<Row>> {
        let (sql, Values(values)) = self.dialect().select(statement);
        self.fetch_all(sql, values).await
    }

    /// Runs statements without values, several in one text. Not for anything that comes from outside.
    pub(crate) async fn batch(&mut self, sql: impl Into<Cow<'static, str>>) -> Result<()> {
        let sql = sql.into();
        self.note_written(&sql);
        self.send_ahead().await?;
        let outcome = match &mut self.handle {
            Handle::SqliteReader(lent) => match lent.begin() {
                Ok(connection) => {
                    let outcome = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop);
                    lent.ended(&outcome);
                    outcome
                }
                Err(closed) => Err(closed),
            },
            Handle::SqliteWriter(writing) => {
                // The words of a transaction come again and again; what defines tables comes once.
                let is_word = matches!(&sql, Cow::Borrowed(word) if word.len() <= LONGEST_WORD);
                if !is_word {
                    self.foreseen.forget();
                }
                let (is_stale, commits) = (writing.makes_stale(&sql), sql == "COMMIT");
                let (connection, sql, values) = writing.turn(sql, Vec::new(), true);
                let outcome = if is_word || !values.is_empty() {
                    let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(Values(values)));
                    query.execute(&mut *connection).await.map(drop)
                } else {
                    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.map(drop)
                };
                let outcome = match is_stale {
                    true => outcome.and(connection.clear_cached_statements().await),
                    false => outcome,
                };
                if commits && outcome.is_ok() {
                    writing.committed();
                }
                outcome
            }
            Handle::Postgres(connection) => {
                connection.sends(&sql);
                let outcome =
                    sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut **connection).await.map(drop);
                if outcome.is_ok() {
                    connection.has_done(&sql);
                }
                outcome
            }
        };
        outcome.map_err(|error| self.judge(error))
    }

    /// Gives PostgreSQL what waits for the next statement.
    async fn send_ahead(&mut self) -> Result<()> {
        let Handle::Postgres(connection) = &mut self.handle else { return Ok(()) };
        let Some((sql, values)) = self.together.take() else { return Ok(()) };
        let text = Dialect::Postgres.placeholders(sql);
        let query = sqlx::query_with(AssertSqlSafe(text), SqlxValues(Values(values)));
        let outcome = query.execute(&mut **connection).await.map(drop);
        outcome.map_err(|error| self.judge(error))
    }

    /// From here on every statement sees what was committed at one moment, until [`Reader::thaw`]; others write meanwhile.
    /// Not inside a transaction that writes.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn freeze(&mut self) -> Result<()> {
        let begin = match &mut self.handle {
            Handle::SqliteReader(lent) => {
                lent.freeze(true);
                "BEGIN"
            }
            Handle::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Handle::SqliteWriter(_) => return Err(Error::Failed("a writer is no reader".into())),
        };
        self.frozen = true;
        self.batch(begin).await
    }

    /// Sees again what was committed last.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn thaw(&mut self) -> Result<()> {
        self.batch("COMMIT").await?;
        if let Handle::SqliteReader(lent) = &mut self.handle {
            lent.freeze(false);
        }
        self.frozen = false;
        Ok(())
    }

    fn judge(&mut self, error: sqlx::Error) -> Error {
        let (mut error, verdict) = Error::from_driver(error);
        if let Error::TooLong { tables, .. } = &mut error {
            tables.extend(self.written.keys());
        }
        self.failure.get_or_insert_with(|| Failure { error: error.clone(), verdict });
        error
    }

    /// Has the whole transaction run again from its beginning: what it stands on has become another meanwhile. The error
    /// ends the work.
    pub(crate) fn run_again(&mut self) -> Error {
        let (error, verdict) = (Error::Busy, Verdict::Again);
        self.failure.get_or_insert_with(|| Failure { error: error.clone(), verdict });
        error
    }

    pub(crate) fn put_failure(&mut self, failure: Failure) {
        self.failure = Some(failure);
    }

    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }
}

impl Tx {
    pub(crate) fn new(handle: Handle, tables: Arc<Tables>) -> Tx {
        let reader = Reader { is_writing: true, ..Reader::new(handle, tables) };
        Tx { reader, on_commit: Vec::new(), changed_settings: false }
    }

    /// Runs a statement; answers how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: impl Into<Sql>, args: Vec<Value>) -> Result<u64> {
        let text = sql.into().text(self.dialect());
        #[cfg(test)]
        self.tables.watch.saw(&text, &args);
        self.note_written(&text);
        self.send_ahead().await?;
        let reader = &mut self.reader;
        let query = |text, values| sqlx::query_with(AssertSqlSafe(text), SqlxValues(Values(values)));
        let outcome = match &mut reader.handle {
            Handle::SqliteReader(..) => Err(sqlx::Error::InvalidArgument("a reader writes nothing".into())),
            Handle::SqliteWriter(writing) => {
                let (connection, text, values) = writing.turn(text, args, true);
                touched_by_last(connection.execute_many(query(text, values))).await
            }
            Handle::Postgres(connection) => {
                let query = sqlx::query_with(AssertSqlSafe(text), SqlxValues(Values(args)));
                query.execute(&mut **connection).await.map(|done| done.rows_affected())
            }
        };
        outcome.map_err(|error| reader.judge(error))
    }

    /// Runs a statement whose outcome nobody waits for: on SQLite together with the one after it, on PostgreSQL, where it
    /// only inserts, with others like it. Not for one that might be refused, since that ends the whole transaction.
    pub(crate) async fn execute_ahead(&mut self, sql: impl Into<Sql>, args: Vec<Value>) -> Result<()> {
        let sql = sql.into();
        if let (Handle::Postgres(_), Some(text)) = (&self.reader.handle, sql.template())
            && Together::takes(text, &args)
        {
            let text = text.to_string();
            self.note_written(&text);
            if !self.reader.together.has_room(args.len()) {
                self.send_ahead().await?;
            }
            self.reader.together.put(text, args);
            return Ok(());
        }
        let text = sql.text(self.dialect());
        self.note_written(&text);
        if let Handle::SqliteWriter(writing) = &mut self.reader.handle
            && writing.put_ahead(&text, &args)
        {
            return Ok(());
        }
        self.execute(Sql::Written(text), args).await.map(drop)
    }

    /// Drops what waits for the next statement, with the work that it belonged to.
    pub(crate) fn forget_ahead(&mut self) {
        self.reader.foreseen.forget();
        self.reader.together.forget();
        if let Handle::SqliteWriter(writing) = &mut self.reader.handle {
            writing.forget();
        }
    }

    /// A job begins: what waits for the next statement is of those before it.
    pub(crate) fn begin_job(&mut self) {
        if let Handle::SqliteWriter(writing) = &mut self.reader.handle {
            writing.begin_job();
        }
    }

    /// Drops what the job at hand has put ahead; false where that does not undo all that it has written.
    pub(crate) fn drop_job(&mut self) -> bool {
        self.reader.foreseen.writes(None);
        match &mut self.reader.handle {
            Handle::SqliteWriter(writing) => writing.drop_job(),
            Handle::SqliteReader(..) | Handle::Postgres(_) => false,
        }
    }

    /// As [`Tx::execute`], where exactly one row must be there.
    pub(crate) async fn execute_one(
        &mut self,
        what: &'static str,
        sql: impl Into<Sql>,
        args: Vec<Value>,
    ) -> Result<()> {
        match self.execute(sql, args).await? {
            0 => Err(Error::NotFound { what }),
            _ => Ok(()),
        }
    }

    /// Has `work` done after the commit and before anybody gets an answer: caches are changed and events sent
    /// in this way, so that nobody sees what was not stored. Dropped with a transaction that fails.
    pub fn on_commit(&mut self, work: impl FnOnce() + Send + 'static) {
        self.on_commit.push(Box::new(work));
    }

    /// Runs `work` so that its refusal undoes what it wrote and nothing before it: `Ok(Err(…))`.
    ///
    /// # Errors
    /// When the whole transaction can't go on.
    pub async fn nested<T, E, F>(&mut self, work: F) -> Result<Result<T, E>>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
    {
        let put_off = self.on_commit.len();
        self.batch("SAVEPOINT nested").await?;
        let outcome = work(self).await;
        let failure = self.take_failure();
        if let Some(failure) = failure
            && (outcome.is_ok() || !matches!(failure.error, Error::Conflict { .. } | Error::Failed(_)))
        {
            let error = failure.error.clone();
            self.reader.failure = Some(failure);
            return Err(error);
        }
        if outcome.is_ok() {
            self.batch("RELEASE SAVEPOINT nested").await?;
        } else {
            self.on_commit.truncate(put_off);
            self.forget_ahead();
            self.batch("ROLLBACK TO SAVEPOINT nested; RELEASE SAVEPOINT nested").await?;
        }
        Ok(outcome)
    }

    /// Runs `work` and undoes what it wrote, whatever it gives. For what is only tried: to refuse the whole transaction would
    /// have everybody who shares it run again.
    ///
    /// # Errors
    /// When the whole transaction can't go on.
    pub async fn tried<T, E, F>(&mut self, work: F) -> Result<Result<T, E>>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let Err(outcome) =
            self.nested(|tx| Box::pin(async move { Err::<Infallible, _>(work(tx).await) })).await?;
        Ok(outcome)
    }

    /// Whether a setting was changed in the open transaction, by this piece of work or by one that is committed with
    /// it: what was known of settings before need not hold here, though nothing is committed yet.
    pub fn has_changed_settings(&self) -> bool {
        self.changed_settings
    }

    pub(crate) fn note_changed_setting(&mut self) {
        self.changed_settings = true;
    }

    /// A new transaction begins: everything that was changed before is committed or undone.
    pub(crate) fn begun(&mut self) {
        self.changed_settings = false;
        self.reader.foreseen.forget();
    }

    /// Ends one piece of work: what it has put off until the commit.
    pub(crate) fn take_on_commit(&mut self) -> Vec<OnCommit> {
        self.changed_tables.clear();
        let written = std::mem::take(&mut self.reader.written);
        if !written.is_empty() {
            let tables = self.tables.clone();
            self.on_commit(move || tables.counts.written(&written));
        }
        std::mem::take(&mut self.on_commit)
    }
}

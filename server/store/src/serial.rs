//! Counters of serial numbers (semantics.md 6).

use engine::value::Id;

use crate::connection::Tx;
use crate::error::Result;
use crate::row::args;

/// Which counter: one for each form, field, reset period and value of the scope part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counter {
    pub workspace: Id,
    pub form: Id,
    pub field: String,
    /// `""` if it never starts again, else the year, month or day it counts in.
    pub period: String,
    pub scope: String,
}

impl Counter {
    /// Takes the next `count` numbers; answers the first. Others wait for this transaction to end, so that
    /// committed numbers have no gaps.
    pub async fn take(&self, tx: &mut Tx, count: i64) -> Result<i64> {
        let sql = "INSERT INTO serial_counter (workspace, form, field, period, scope, last) \
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, form, field, period, scope) \
                   DO UPDATE SET last = serial_counter.last + excluded.last RETURNING last";
        let values = args![self.workspace, self.form, &self.field, &self.period, &self.scope, count];
        let last: i64 = tx.fetch_one(sql, values).await?.get(0)?;
        Ok(last - count + 1)
    }

    /// Makes it go on after `number`, where that is higher: an import may bring numbers of its own.
    pub async fn raise(&self, tx: &mut Tx, number: i64) -> Result<()> {
        let sql = "INSERT INTO serial_counter (workspace, form, field, period, scope, last) \
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, form, field, period, scope) \
                   DO UPDATE SET last = excluded.last WHERE serial_counter.last < excluded.last";
        let values = args![self.workspace, self.form, &self.field, &self.period, &self.scope, number];
        tx.execute(sql, values).await.map(drop)
    }
}

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

    /// Makes it go on after where another one of the same field is, where that is higher.
    pub async fn follow(&self, tx: &mut Tx, other: &Counter) -> Result<()> {
        let sql = "INSERT INTO serial_counter (workspace, form, field, period, scope, last) \
                   SELECT workspace, form, field, period, ?, last FROM serial_counter \
                   WHERE workspace = ? AND form = ? AND field = ? AND period = ? AND scope = ? \
                   ON CONFLICT (workspace, form, field, period, scope) \
                   DO UPDATE SET last = excluded.last WHERE serial_counter.last < excluded.last";
        let values =
            args![&self.scope, other.workspace, other.form, &other.field, &other.period, &other.scope];
        tx.execute(sql, values).await.map(drop)
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

/// Where those who bring numbers of their own stand in line; no counter counts in this period.
const BROUGHT: &str = "brought";

/// Lets nobody else bring numbers of their own to a field until this transaction ends: of two who bring the same one, the
/// second sees that it is taken, however the number is made. To be held before counters are raised.
pub async fn hold_brought(tx: &mut Tx, workspace: Id, form: Id, field: &str) -> Result<()> {
    let (field, period) = (field.to_string(), BROUGHT.to_string());
    // A row that is not changed is locked all the same.
    Counter { workspace, form, field, period, scope: String::new() }.raise(tx, 0).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::next_number;
    use crate::testing::{on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn serial_numbers_have_no_gaps_and_no_doubles() {
        on_both(async |store| {
            let form = ids::next();
            let tasks: Vec<_> = (0..60)
                .map(|number| {
                    let store = store.clone();
                    tokio::spawn(async move {
                        let counter = Counter {
                            workspace: ws(),
                            form,
                            field: "no".into(),
                            period: "2026".into(),
                            scope: String::new(),
                        };
                        let taken: Result<i64, Error> = store
                            .write(move |tx| {
                                let counter = counter.clone();
                                Box::pin(async move {
                                    let taken = counter.take(tx, 1).await?;
                                    if number % 3 == 0 { Err(Error::Busy) } else { Ok(taken) }
                                })
                            })
                            .await;
                        taken
                    })
                })
                .collect();
            let mut numbers = Vec::new();
            for task in tasks {
                numbers.extend(task.await.unwrap());
            }
            numbers.sort();
            assert_eq!(numbers, (1..=40).collect::<Vec<i64>>());
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_raised_counter_goes_on_after_the_highest() {
        on_both(async |store| {
            let taken: Result<(i64, i64), Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        let counter = Counter {
                            workspace: ws(),
                            form: ids::next(),
                            field: "no".into(),
                            period: String::new(),
                            scope: "东".into(),
                        };
                        counter.raise(tx, 41).await?;
                        counter.raise(tx, 7).await?;
                        Ok((counter.take(tx, 3).await?, counter.take(tx, 1).await?))
                    })
                })
                .await;
            assert_eq!(taken, Ok((42, 45)));
            let followed: Result<(i64, i64, i64), Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        let of = |form, scope: &str| Counter {
                            workspace: ws(),
                            form,
                            field: "no".into(),
                            period: "2026".into(),
                            scope: scope.into(),
                        };
                        let form = ids::next();
                        let (text, choice) = (of(form, "East"), of(form, "\u{1e}e"));
                        // Of one that there is not there is nothing to follow.
                        choice.follow(tx, &text).await?;
                        let first = choice.take(tx, 1).await?;
                        text.raise(tx, 9).await?;
                        choice.follow(tx, &text).await?;
                        let behind = choice.take(tx, 1).await?;
                        choice.follow(tx, &text).await?;
                        Ok((first, behind, choice.take(tx, 1).await?))
                    })
                })
                .await;
            assert_eq!(followed, Ok((1, 10, 11)));
            let numbers: Result<(i64, i64, i64), Error> = store
                .write(|tx| {
                    Box::pin(async move {
                        let first = next_number(tx, "form").await?;
                        Ok((first, next_number(tx, "form").await?, next_number(tx, "aggregate").await?))
                    })
                })
                .await;
            assert_eq!(numbers, Ok((1, 2, 1)));
        })
        .await;
    }
}

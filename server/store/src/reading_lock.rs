//! What a script looks for is kept from changing until its save ends: whoever looks for records by some fields, and whoever
//! writes a record with those values, stand in one line (semantics.md 8).

use std::collections::BTreeSet;

use engine::value::Id;

use crate::connection::Tx;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::args;

/// Lines of one form and one set of fields. Values share them, so that a save of thousands of records asks the database for
/// no more locks than it has room for.
const LINES: u64 = 256;

/// One line, in the order in which they are taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    form: Id,
    /// The fields that are looked at, in the order of their names; none for the whole form.
    fields: Vec<String>,
    number: u64,
}

impl Line {
    /// The line of records that have these values, in wire form, in these fields.
    pub fn of(form: Id, fields: &[String], values: &[String]) -> Line {
        let bytes = values.iter().flat_map(|value| value.bytes().chain([0xff]));
        Line { form, fields: fields.to_vec(), number: hash(bytes) % LINES }
    }
}

/// FNV-1a: the same on every server.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Stands in these lines until the transaction ends. Where one alone writes, there is nobody to wait for.
///
/// # Errors
/// [`crate::Error::Busy`] where others stand there for too long.
pub async fn hold(tx: &mut Tx, workspace: Id, lines: &BTreeSet<Line>) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    for Line { form, fields, number } in lines {
        let name = format!("script {form} {} {number}", fields.join(","));
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended(?, ?))";
        tx.execute(sql, args![name, workspace]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{on_both, ws};
    use crate::{Error, ids};

    fn line(form: Id, value: &str) -> Line {
        Line::of(form, &["product".to_string()], &[value.to_string()])
    }

    #[test]
    fn equal_values_stand_in_one_line_and_parts_are_told_apart() {
        let form = ids::next();
        assert_eq!(line(form, "1"), line(form, "1"));
        let fields = ["a".to_string(), "b".to_string()];
        let pair = |a: &str, b: &str| Line::of(form, &fields, &[a.to_string(), b.to_string()]);
        assert_ne!(pair("1", "23"), pair("12", "3"));
        let numbers: BTreeSet<u64> = (0..2_000).map(|n| line(form, &n.to_string()).number).collect();
        assert!(numbers.len() > 200 && numbers.iter().all(|number| *number < LINES));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_waits_for_the_other_and_not_for_those_in_another_line() {
        on_both(async |store| {
            if !store.is_shared() {
                return;
            }
            let form = ids::next();
            let (begun, wait) = tokio::sync::oneshot::channel::<()>();
            let begun = std::sync::Arc::new(std::sync::Mutex::new(Some(begun)));
            let holder = store.clone();
            let first = tokio::spawn(async move {
                let held: Result<(), Error> = holder
                    .write(move |tx| {
                        let begun = begun.clone();
                        Box::pin(async move {
                            hold(tx, ws(), &BTreeSet::from([line(form, "1")])).await?;
                            if let Some(begun) = begun.lock().unwrap().take() {
                                begun.send(()).unwrap();
                            }
                            tokio::time::sleep(Duration::from_millis(400)).await;
                            Ok(())
                        })
                    })
                    .await;
                held.unwrap();
            });
            wait.await.unwrap();
            let waited = async |value: &'static str| {
                let started = std::time::Instant::now();
                let held: Result<(), Error> = store
                    .write(move |tx| {
                        Box::pin(async move { hold(tx, ws(), &BTreeSet::from([line(form, value)])).await })
                    })
                    .await;
                held.unwrap();
                started.elapsed()
            };
            assert!(waited("2").await < Duration::from_millis(300));
            assert!(waited("1").await > Duration::from_millis(50));
            first.await.unwrap();
        })
        .await;
    }
}

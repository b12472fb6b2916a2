//! Saves that wait for the writer read their records together, and each sees what those before it have left.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::access::Access;
use engine::value::{Decimal, Id, Value, get};
use serde_json::json;

use super::{Change, get_many, lock, update};
use crate::table::FormRef;
use crate::testing::{TestForms, context, insert, on_both};
use crate::{Error, Store, Tx, Wanted};

const RECORDS: usize = 5;
const SAVES: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Done,
    /// Refused after it has read.
    RefusedEarly,
    /// Refused after it has written.
    RefusedLate,
}

impl Ending {
    fn of(save: usize) -> Ending {
        match save {
            // All of them together once before the first savepoint, and among those that have one.
            13 | 40 => Ending::RefusedLate,
            _ if save.is_multiple_of(4) => Ending::RefusedEarly,
            _ => Ending::Done,
        }
    }
}

/// Counts one up, with the count in a many-valued field and in the rows too.
async fn count_up(tx: &mut Tx, form: FormRef, id: Id, ending: Ending) -> Result<(), Error> {
    let refused = Err(Error::NotFound { what: "patience" });
    let access = Access::system("test");
    let found = lock(tx, &access, form, &[id]).await?;
    let old = found.get(&id).ok_or(Error::NotFound { what: "the record" })?;
    if ending == Ending::RefusedEarly {
        return refused;
    }
    let mut new = old.clone();
    new.version += 1;
    let tag = if new.version % 2 == 0 { "even" } else { "odd" };
    new.values.insert("count".into(), Value::number(Decimal::from(new.version)));
    new.values.insert("tags".into(), Value::List(vec![Value::text(tag)]));
    if let Some(Value::Rows(rows)) = new.values.get_mut("lines") {
        let row = rows.first_mut().ok_or(Error::NotFound { what: "the row" })?;
        row.values.insert("item".into(), Value::text(new.version.to_string()));
    }
    update(tx, &access, form, &[Change { old, new: &new }]).await?;
    if ending == Ending::RefusedLate { refused } else { Ok(()) }
}

/// Holds the writer, so that what comes meanwhile is worked on together.
async fn hold_up(store: Store) {
    let held: Result<(), Error> = store
        .write(|_| {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(200)).await;
                Ok(())
            })
        })
        .await;
    held.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saves_that_wait_together_see_each_other() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        let form = json!({"key": "all", "label": "all", "fields": [
            {"key": "count", "label": "c", "kind": "number"},
            {"key": "tags", "label": "t", "kind": "multi_select", "options": {"choices": [
                {"key": "even", "label": "e"}, {"key": "odd", "label": "o"}]}},
            {"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
                {"key": "item", "label": "i", "kind": "text"}]}}]});
        forms.publish(store, form).await;
        let form = forms.form_ref("all");
        let row = json!({"count": "1", "lines": [{"item": "1"}]});
        let records: Vec<_> = (0..RECORDS).map(|_| forms.record("all", row.clone())).collect();
        insert(store, form, &records).await.unwrap();
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();

        let holding = tokio::spawn(hold_up(store.clone()));
        tokio::time::sleep(Duration::from_millis(50)).await;
        let saves: Vec<_> = (0..SAVES)
            .map(|save| {
                let (store, id) = (store.clone(), ids[save * 7 % RECORDS]);
                tokio::spawn(async move {
                    let wanted = Some(Wanted { form, record: id });
                    let done: Result<(), Error> = store
                        .write_wanting(wanted, move |tx| {
                            Box::pin(async move { count_up(tx, form, id, Ending::of(save)).await })
                        })
                        .await;
                    (save, id, done)
                })
            })
            .collect();
        holding.await.unwrap();
        let mut counts: BTreeMap<Id, i64> = ids.iter().map(|id| (*id, 1)).collect();
        for save in saves {
            let (save, id, done) = save.await.unwrap();
            assert_eq!(done.is_ok(), Ending::of(save) == Ending::Done, "{save}: {done:?}");
            *counts.get_mut(&id).unwrap() += i64::from(done.is_ok());
        }
        let mut db = store.read().await.unwrap();
        let found = get_many(&mut db, &Access::system("test"), form, &ids, &context()).await.unwrap();
        for (id, count) in counts {
            let record = &found[&id];
            assert_eq!(record.version, count);
            assert_eq!(*get(&record.values, "count"), Value::number(Decimal::from(count)));
            let tag = if count % 2 == 0 { "even" } else { "odd" };
            if count > 1 {
                assert_eq!(get(&record.values, "tags").items(), [Value::text(tag)]);
            }
            let item = get(&record.values, "lines").rows()[0].values["item"].clone();
            assert_eq!(item, Value::text(count.to_string()));
        }
    })
    .await;
}

/// Each of many saves that wait costs no turn of its own to read its record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_that_are_waited_for_are_read_together() {
    crate::testing::on_sqlite(async |store| {
        let mut forms = TestForms::new();
        let form = json!({"key": "all", "label": "all", "fields": [
            {"key": "count", "label": "c", "kind": "number"}, {"key": "tags", "label": "t", "kind": "text"},
            {"key": "lines", "label": "l", "kind": "text"}]});
        forms.publish(store, form).await;
        let form = forms.form_ref("all");
        let records: Vec<_> = (0..12).map(|_| forms.record("all", json!({"count": "1"}))).collect();
        insert(store, form, &records).await.unwrap();
        let access = Access::system("test");
        let holding = tokio::spawn(hold_up(store.clone()));
        tokio::time::sleep(Duration::from_millis(50)).await;
        let before = store.turns();
        let saves: Vec<_> = records
            .iter()
            .map(|record| {
                let (store, id, access) = (store.clone(), record.id, access.clone());
                tokio::spawn(async move {
                    let wanted = Some(Wanted { form, record: id });
                    let done: Result<(), Error> = store
                        .write_wanting(wanted, move |tx| {
                            Box::pin(async move {
                                let found = lock(tx, &access, form, &[id]).await?;
                                let old = &found[&id];
                                let mut new = old.clone();
                                new.version += 1;
                                update(tx, &access, form, &[Change { old, new: &new }]).await
                            })
                        })
                        .await;
                    done
                })
            })
            .collect();
        holding.await.unwrap();
        for save in saves {
            save.await.unwrap().unwrap();
        }
        let turns = store.turns() - before;
        assert!(turns <= 6, "{turns} turns for twelve saves");
    })
    .await;
}

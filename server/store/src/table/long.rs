//! Texts that are longer than an index of PostgreSQL takes: the index gives way, and never the text.
//!
//! A row of a B-tree has at most 2,704 bytes there; SQLite knows no such limit. What is unique is short by a rule of the
//! engine. All other indexes on texts are there to answer faster: one that a text does not fit into is removed, and the
//! save that brought the text runs again.

use super::index::{parts, unique_columns};
use super::{Part, Table, Wish};
use crate::connection::{Reader, Sql, Tx};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::args;

/// Bytes that the texts in one row of an index may have together: what PostgreSQL takes, less what else stands there.
const MOST_BYTES: usize = 2_400;

/// Whether an index on these parts could hold what the records have today. Reads all of them, as making it does.
pub(super) async fn has_room(db: &mut Reader, table: &Table, parts: &[Part]) -> Result<bool> {
    if db.dialect() == Dialect::Sqlite {
        return Ok(true);
    }
    let texts = parts.iter().filter(|part| part.is_text(table));
    let lengths: Vec<String> =
        texts.map(|part| format!("coalesce(octet_length({}), 0)", part.sql())).collect();
    if lengths.is_empty() {
        return Ok(true);
    }
    let sql = format!(
        "SELECT 1 FROM {} WHERE workspace = ? AND live = 1 AND {} > {MOST_BYTES} LIMIT 1",
        table.name(),
        lengths.join(" + ")
    );
    Ok(db.fetch_optional(Sql::Template(sql), args![table.workspace]).await?.is_none())
}

/// Removes the index that a text did not fit into, or all that hold texts of the tables with these numbers, where the
/// database does not say which it was. What is unique stays.
pub(crate) async fn make_way(tx: &mut Tx, named: Option<&str>, numbers: &[i64]) -> Result<()> {
    let all = "SELECT i.workspace, i.form, i.name, f.number FROM form_index i \
               JOIN form f ON f.workspace = i.workspace AND f.id = i.form";
    for row in tx.fetch_all(all, args![]).await? {
        let (name, number): (String, i64) = (row.get(2)?, row.get(3)?);
        let is_meant = named.map_or_else(|| numbers.contains(&number), |named| named == name);
        let Some(parts) = parts(&name).filter(|_| is_meant && unique_columns(&name).is_none()) else {
            continue;
        };
        let table = tx.linked_table(row.get(0)?, row.get(1)?).await?;
        if !parts.iter().any(|part| part.is_text(&table)) {
            continue;
        }
        let sql = "DELETE FROM form_index WHERE workspace = ? AND form = ? AND name = ?";
        tx.execute(sql, args![table.workspace, table.form, &name]).await?;
        tx.batch(format!("DROP INDEX IF EXISTS {name}")).await?;
        tracing::warn!(index = name, "an index is removed: a text does not fit into it");
        let wish = Wish { workspace: table.workspace, form: table.form, parts };
        tx.tables.observer.refuse(wish);
        tx.table_changed(table.workspace, table.form).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use engine::access::Access;
    use engine::condition::Checked;
    use serde_json::json;

    use crate::query::{Beginning, By, From, Query, Shelf, Sort, beginning, page};
    use crate::record::{Record, get};
    use crate::table::{Part, searchable};
    use crate::testing::{TestForms, context, insert, on_both, update};
    use crate::{Error, Store};

    /// Letters that no database makes shorter.
    fn letters(count: usize) -> String {
        const ALPHABET: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz.-";
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(ALPHABET[(state >> 33) as usize % ALPHABET.len()])
        };
        (0..count).map(|_| next()).collect()
    }

    async fn make_searchable(store: &Store, forms: &TestForms) {
        let form = forms.form_ref("notes");
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    let (titles, shown) = (["name".to_string()], ["other".to_string()]);
                    searchable(tx, form.workspace, form.form, &titles, &shown).await
                })
            })
            .await;
        done.unwrap();
    }

    /// A text may be as long as its field lets it, whatever indexes there are; it is found and sorted as before.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_text_that_is_longer_than_an_index_takes_is_stored_all_the_same() {
        on_both(async |store| {
            let mut forms = TestForms::new();
            let fields = json!([
                {"key": "name", "label": "n", "kind": "text"}, {"key": "other", "label": "o", "kind": "text"}]);
            forms.publish(store, json!({"key": "notes", "label": "n", "fields": fields})).await;
            let form = forms.form_ref("notes");
            make_searchable(store, &forms).await;
            let records: Vec<Record> = [4_000, 60_000, 10]
                .map(|length| forms.record("notes", json!({"name": letters(length), "other": "short"})))
                .into();
            for record in &records {
                insert(store, form, std::slice::from_ref(record)).await.unwrap();
            }
            // Of one that is so much too long the database does not say which index it does not fit into.
            let mut longer = Record { version: 2, ..records[2].clone() };
            longer.values.insert("other".into(), engine::value::Value::text(letters(20_000)));
            update(store, form, &records[2], &longer).await.unwrap();

            // None is made again, neither by publishing nor by use.
            make_searchable(store, &forms).await;
            let mut db = store.read().await.unwrap();
            let table = db.table(form).await.unwrap();
            let folded = vec![Part::Folded(table.column("name").unwrap().number)];
            for _ in 0..100 {
                db.tables.observer.note(&table, folded.clone(), Duration::from_millis(4));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            let is_there = db.table(form).await.unwrap().has_index(&folded);
            assert_eq!(is_there, db.dialect() == crate::dialect::Dialect::Sqlite);

            let access = Access::system("test");
            for record in [&records[0], &records[1], &longer] {
                let found = get(&mut db, &access, form, record.id, &context()).await.unwrap().unwrap();
                assert_eq!(found.values, record.values);
            }
            let typed = &letters(9)[..8];
            let wanted =
                Beginning { filter: Checked::always(), field: "name", by: By::Text, text: typed, limit: 20 };
            let found = beginning(&mut db, &access, form, &wanted, &context()).await.unwrap();
            assert_eq!(found.len(), 3, "all begin alike");
            let (reach, kind) = forms.forms["notes"].find("name", &forms).unwrap();
            let query = Query {
                shelf: Shelf::Live,
                filter: Checked::always(),
                sort: vec![Sort { reach, kind, descending: false }],
                limit: 10,
                from: From::Start,
                fields: None,
            };
            let sorted = page(&mut db, &access, form, &query, &context()).await.unwrap();
            let ids: Vec<_> = sorted.records.iter().map(|record| record.id).collect();
            assert_eq!(ids, [records[2].id, records[0].id, records[1].id], "the shortest beginning comes first");
            let differences = crate::schema::differences(&mut db).await.unwrap();
            assert!(differences.is_empty(), "{differences:?}");
        })
        .await;
    }
}

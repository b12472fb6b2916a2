//! The recycle bin: what has lain in it for too long, and what goes with it when it is purged.

use engine::value::{Id, Timestamp};

use crate::bin_line::{BinKind, BinLine};
use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::file_room::FileRoom;
use crate::groups;
use crate::inbound_hook::InboundHook;
use crate::public_link::PublicLink;
use crate::row::args;
use crate::table::{self, FormRef};

/// Records of a form that were deleted before a moment, in the order of their ids; any records at all without one.
///
/// # Errors
/// When the database can't be read.
pub async fn records(
    db: &mut Reader,
    form: FormRef,
    deleted_before: Option<Timestamp>,
    limit: i64,
) -> Result<Vec<Id>> {
    let table = db.table(form).await?;
    let name = table.name();
    let (condition, mut values) = match deleted_before {
        Some(moment) => (" AND deleted_at < ?", args![table.workspace, moment]),
        None => ("", args![table.workspace]),
    };
    values.extend(args![limit]);
    let sql = format!("SELECT id FROM {name} WHERE workspace = ?{condition} ORDER BY id LIMIT ?");
    let rows = db.fetch_all(Sql::Template(sql), values).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Removes for good what belongs to records that are purged: their history and comments, their approvals, their files.
/// Gives the hashes of the files' bytes, which other files may have too.
///
/// # Errors
/// When the database can't be written.
pub async fn purge_traces(tx: &mut Tx, workspace: Id, form: Id, records: &[Id]) -> Result<Vec<String>> {
    let (mut hashes, mut freed) = (Vec::new(), 0);
    for record in records {
        for table in ["task", "flow_due", "flow_call", "flow_message", "instance_log", "step_visit"] {
            // The workspace is said twice: a question that depends on the row outside is asked for every row.
            let sql = format!(
                "DELETE FROM {table} WHERE workspace = ? AND instance IN \
                 (SELECT id FROM instance WHERE workspace = ? AND form = ? AND record = ?)"
            );
            tx.execute(Sql::Template(sql), args![workspace, workspace, form, *record]).await?;
        }
        for sql in [
            "DELETE FROM history WHERE workspace = ? AND form = ? AND record = ?",
            "DELETE FROM comment WHERE workspace = ? AND form = ? AND record = ?",
            "DELETE FROM kept_entry WHERE workspace = ? AND form = ? AND record = ?",
            "DELETE FROM instance WHERE workspace = ? AND form = ? AND record = ?",
        ] {
            tx.execute(sql, args![workspace, form, *record]).await?;
        }
        let sql = "DELETE FROM file WHERE workspace = ? AND form = ? AND record = ? RETURNING sha256, size";
        for row in tx.fetch_all(sql, args![workspace, form, *record]).await? {
            hashes.push(row.get(0)?);
            freed += row.get::<i64>(1)?;
        }
    }
    FileRoom::give_back(tx, workspace, freed).await?;
    Ok(hashes)
}

/// Removes a form without records for good: its tables, its versions, its flow, its groups, views and print templates.
///
/// # Errors
/// When the database can't be written.
pub async fn purge_form(tx: &mut Tx, workspace: Id, form: Id) -> Result<()> {
    table::drop_tables(tx, workspace, form).await?;
    for sql in [
        "DELETE FROM form_version WHERE workspace = ? AND form = ?",
        "DELETE FROM flow WHERE workspace = ? AND form = ?",
        "DELETE FROM flow_version WHERE workspace = ? AND form = ?",
        "DELETE FROM permission_group WHERE workspace = ? AND form = ?",
        "DELETE FROM saved_view WHERE workspace = ? AND form = ?",
        "DELETE FROM print_template WHERE workspace = ? AND form = ?",
        "DELETE FROM kept_entry WHERE workspace = ? AND form = ?",
        "DELETE FROM call_receiver WHERE workspace = ? AND form = ?",
        "DELETE FROM serial_counter WHERE workspace = ? AND form = ?",
        "DELETE FROM bin_line WHERE workspace = ? AND form = ?",
        "DELETE FROM bin_line WHERE workspace = ? AND id = ?",
        "DELETE FROM form WHERE workspace = ? AND id = ?",
    ] {
        tx.execute(sql, args![workspace, form]).await?;
    }
    let sql = "DELETE FROM favourite WHERE workspace = ? AND kind = 'form' AND target = ?";
    tx.execute(sql, args![workspace, form.to_string()]).await?;
    InboundHook::forget_form(tx, workspace, form).await?;
    PublicLink::forget_form(tx, workspace, form).await
}

/// Removes an app without forms for good, with its documents and aggregate tables.
///
/// # Errors
/// When the database can't be written.
pub async fn purge_app(tx: &mut Tx, workspace: Id, app: Id) -> Result<()> {
    let sql = "SELECT number FROM aggregate WHERE workspace = ? AND app = ?";
    for row in tx.fetch_all(sql, args![workspace, app]).await? {
        groups::drop_table(tx, row.get(0)?).await?;
    }
    for sql in [
        "DELETE FROM aggregate WHERE workspace = ? AND app = ?",
        "DELETE FROM app_document WHERE workspace = ? AND app = ?",
        "DELETE FROM app_secret WHERE workspace = ? AND app = ?",
        "DELETE FROM package_install WHERE workspace = ? AND app = ?",
        "DELETE FROM app_tree WHERE workspace = ? AND app = ?",
        "DELETE FROM favourite WHERE workspace = ? AND app = ?",
        "DELETE FROM bin_line WHERE workspace = ? AND app = ?",
        "DELETE FROM app WHERE workspace = ? AND id = ?",
    ] {
        tx.execute(sql, args![workspace, app]).await?;
    }
    Ok(())
}

/// Removes for good a line of the bin that holds the thing itself, with what members keep of it at hand.
///
/// # Errors
/// When the database can't be written.
pub async fn purge_line(tx: &mut Tx, line: &BinLine) -> Result<()> {
    let BinLine { workspace, id, kind, app, .. } = line;
    match kind {
        BinKind::Dashboard => {
            let sql = "DELETE FROM favourite WHERE workspace = ? AND kind = 'dashboard' AND target = ?";
            tx.execute(sql, args![*workspace, id.to_string()]).await?;
        }
        BinKind::Report => {
            // Another one may be called so by now.
            let sql = "DELETE FROM favourite WHERE workspace = ? AND kind = 'report' AND app = ? AND target = ? \
                       AND NOT EXISTS (SELECT 1 FROM app_document WHERE workspace = ? AND app = ? \
                       AND kind = 'report' AND key = ?)";
            let (key, of_app) = (&line.key, args![*workspace, *app, &line.key]);
            let mut values = args![*workspace, *app, key];
            values.extend(of_app);
            tx.execute(sql, values).await?;
        }
        BinKind::FlowVersion => {
            // Requests that went by it are shown by it.
            let sql = "DELETE FROM flow_version WHERE workspace = ? AND form = ? AND version = ? \
                       AND deleted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM instance \
                       WHERE workspace = ? AND form = ? AND flow_version = ?)";
            let form = line.form;
            let values = args![*workspace, form, line.version, *workspace, form, line.version];
            tx.execute(sql, values).await?;
        }
        BinKind::App | BinKind::Form | BinKind::Aggregate | BinKind::FlowDraft => {}
    }
    BinLine::delete(tx, *workspace, *id).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use engine::access::Access;
    use serde_json::json;

    use super::*;
    use crate::history::HistoryEntry;
    use crate::record;
    use crate::testing::{TestForms, context, insert, on_both};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_purge_takes_what_belongs_to_a_record_and_nothing_else() {
        on_both(async |store| {
            let mut forms = TestForms::new();
            let document = json!({"key": "note", "label": "n", "fields": [
                {"key": "name", "label": "n", "kind": "text"},
                {"key": "tags", "label": "t", "kind": "multi_select", "options": {"choices": [
                    {"key": "a", "label": "a"}]}}]});
            forms.publish(store, document.clone()).await;
            let form = forms.form_ref("note");
            let mut records =
                ["gone", "stays"].map(|name| forms.record("note", json!({"name": name, "tags": ["a"]})));
            let [gone, _] = &mut records;
            gone.system.deleted_at = Some(gone.system.created_at);
            insert(store, form, &records).await.unwrap();
            let [gone, stays] = records.map(|record| record.id);
            // The tags are put aside: what lies in them goes too.
            let mut without = document.clone();
            without["fields"].as_array_mut().unwrap().pop();
            forms.publish(store, without).await;
            let form = forms.form_ref("note");
            let later = crate::testing::at(3_600);
            let found: Result<(Vec<Id>, Vec<u64>), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        for id in [gone, stays] {
                            let entry = HistoryEntry {
                                workspace: form.workspace,
                                form: form.form,
                                record: id,
                                version: 1,
                                at: later,
                                who: None,
                                on_behalf_of: None,
                                path: "api".into(),
                                batch: None,
                                changes: None,
                                reason: None,
                            };
                            entry.insert(tx).await?;
                        }
                        let found = records_of(tx, form, later).await?;
                        record::purge(tx, &Access::system("test"), form, &found).await?;
                        purge_traces(tx, form.workspace, form.form, &found).await?;
                        let aside = table::put_aside(tx, form.workspace, form.form).await?;
                        Ok((found, aside.iter().map(|aside| aside.values).collect()))
                    })
                })
                .await;
            assert_eq!(found, Ok((vec![gone], vec![1])));
            let mut db = store.read().await.unwrap();
            for (id, left) in [(gone, 0), (stays, 1)] {
                let history = HistoryEntry::of_record(&mut db, form.workspace, form.form, id, None, 9).await;
                assert_eq!(history.unwrap().len(), left);
                let access = Access::system("test");
                let record = record::get(&mut db, &access, form, id, &context()).await.unwrap();
                assert_eq!(record.is_some(), left > 0);
            }
        })
        .await;
    }

    async fn records_of(db: &mut Reader, form: FormRef, before: Timestamp) -> Result<Vec<Id>> {
        assert!(records(db, form, None, 10).await?.len() > 1);
        records(db, form, Some(before), 10).await
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_put_aside_is_purged_for_good_and_a_form_with_all_that_is_its_own() {
        on_both(async |store| {
            let mut forms = TestForms::new();
            let text = |key: &str| json!({"key": key, "label": key, "kind": "text"});
            let rows = json!({"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [text("item")]}});
            let note = |fields: serde_json::Value| json!({"key": "note", "label": "n", "fields": fields});
            forms.publish(store, note(json!([text("name"), text("code"), rows]))).await;
            let lines = json!([{"item": "x"}]);
            let record = forms.record("note", json!({"name": "a", "code": "c", "lines": lines}));
            insert(store, forms.form_ref("note"), std::slice::from_ref(&record)).await.unwrap();
            forms.publish(store, note(json!([text("name")]))).await;
            let form = forms.form_ref("note");
            let purged: Result<Vec<String>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let aside = table::put_aside(tx, form.workspace, form.form).await?;
                        let expired = table::expired(tx, form.workspace, crate::testing::at(9)).await?;
                        assert_eq!(expired.len(), aside.len());
                        let numbers: Vec<i64> = aside.iter().map(|aside| aside.number).collect();
                        table::purge_aside(tx, form.workspace, form.form, &numbers).await?;
                        assert!(table::put_aside(tx, form.workspace, form.form).await?.is_empty());
                        Ok(aside.into_iter().map(|aside| aside.path).collect())
                    })
                })
                .await;
            let mut purged = purged.unwrap();
            purged.sort();
            assert_eq!(purged, ["code", "lines", "lines.item"]);
            // A field of that name begins anew.
            forms.publish(store, note(json!([text("name"), text("code"), rows]))).await;
            let form = forms.form_ref("note");
            let mut db = store.read().await.unwrap();
            let access = Access::system("test");
            let found = record::get(&mut db, &access, form, record.id, &context()).await.unwrap().unwrap();
            assert_eq!(found.values.keys().collect::<Vec<_>>(), ["name"]);
            drop(db);
            let app = ids::next();
            let gone: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        purge_form(tx, form.workspace, form.form).await?;
                        purge_app(tx, form.workspace, app).await?;
                        assert!(table::put_aside(tx, form.workspace, form.form).await?.is_empty());
                        Ok(())
                    })
                })
                .await;
            gone.unwrap();
        })
        .await;
    }
}

//! Tables of forms that were published by an earlier version of the product get what this one keeps in them.

use std::collections::BTreeSet;

use engine::context::Context;
use engine::value::Id;
use store::form::FormRow;
use store::workspace::Workspace;
use store::{Tx, setting};

use super::settle_search;
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::{Installation, Refusal, clock, figures};

/// Left by the migration that asks for it.
const DUE: &str = "tables_to_settle";

/// Settles the tables of all forms where that is due, a form at a time: whoever is stopped in between goes on when it
/// starts again.
///
/// # Errors
/// When the database can't be read or written.
pub async fn settle(installation: &Installation) -> Result<(), Refusal> {
    let mut db = installation.store.read().await?;
    if setting::get(&mut db, DUE).await?.is_none() {
        return Ok(());
    }
    let workspaces = Workspace::list(&mut db).await?;
    drop(db);
    for workspace in workspaces {
        let designs = installation.designs.get(&installation.store, workspace.id).await?;
        for form in designs.forms.keys().copied() {
            let workspace = workspace.clone();
            let settled = installation
                .write(move |tx| Box::pin(async move { settle_form(tx, &workspace, form).await }))
                .await?;
            if let Some(key) = settled {
                tracing::info!(form = key, "the tables of a form are settled");
            }
        }
    }
    installation
        .write(|tx| Box::pin(async move { setting::remove(tx, DUE).await.map(drop).map_err(Refusal::from) }))
        .await
}

/// Answers the form's key, where it has tables and works.
async fn settle_form(tx: &mut Tx, workspace: &Workspace, form: Id) -> Result<Option<String>, Refusal> {
    if FormRow::lock(tx, workspace.id, form, false).await?.is_none_or(|row| row.version == 0) {
        return Ok(None);
    }
    let designs = Designs::load(tx, workspace.id).await?;
    let Ok(compiled) = designs.published(form).and_then(|design| designs.compiled(design)) else {
        return Ok(None);
    };
    let now = clock::now();
    store::table::publish(tx, workspace.id, &compiled.form, None, now).await?;
    let kept = compiled.form.fields().filter(|column| column.kept.is_some());
    let fields: BTreeSet<String> = kept.map(|column| column.path.clone()).collect();
    if !fields.is_empty() {
        let zone = jiff::tz::TimeZone::get(&workspace.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        figures::rebuild(tx, &designs, form, &fields, &Context::system(now, zone)).await?;
    }
    settle_search(tx, &designs, &BTreeSet::from([form])).await?;
    Ok(Some(compiled.form.key().to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::figure::{Change, Changes};
    use store::table::FormRef;

    use super::*;
    use crate::service::forms::{draft, publish};
    use crate::service::records::read;
    use crate::service::testing::{app, create, form, on_an_installation};

    /// Whatever stood in a table, it is right once it is settled, and that is done once.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn figures_are_made_anew_where_tables_are_settled() {
        on_an_installation("settle", async |installation, caller| {
            let app = app(installation, caller).await;
            let name = json!([{"key": "name", "label": "n", "kind": "text"}]);
            let customers = json!({"key": "customers", "label": "c", "fields": name});
            let customers = form(installation, caller, &app, customers).await;
            let orders = json!({"key": "orders", "label": "o", "fields": [
                {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customers"}}]});
            let orders = form(installation, caller, &app, orders).await;
            let count = json!({"key": "count", "label": "n", "kind": "rollup",
                "options": {"form": "orders", "link": "customer", "fn": "count"}});
            let edits = json!({"base": 2, "edits": [{"do": "add_field", "field": count}]});
            let edits = serde_json::from_value(edits).unwrap();
            draft::edit(installation, caller, None, customers.clone(), edits).await.unwrap();
            publish::publish(installation, caller, None, customers.clone()).await.unwrap();
            let customer = create(installation, caller, &customers, json!({"name": "Ada"}), None).await;
            for _ in 0..2 {
                create(installation, caller, &orders, json!({"customer": customer}), None).await;
            }
            let wrong = Change { source: customer, value: Default::default(), times: 40 };
            let wrong: Changes = [(customer, [("count".to_string(), vec![wrong])].into())].into();
            let table =
                FormRef { workspace: caller.workspace_id(), form: customers.parse().unwrap(), version: 2 };
            let spoil = installation.write(move |tx| {
                Box::pin(async move {
                    store::figure::add(tx, table, &wrong).await?;
                    setting::set(tx, DUE, "all").await?;
                    Ok(())
                })
            });
            spoil.await.unwrap();
            let shown = async || {
                let seen = read::read(installation, caller, &customers, customer).await.unwrap();
                seen.fields["count"].clone()
            };
            assert_eq!(shown().await, "42");
            settle(installation).await.unwrap();
            assert_eq!(shown().await, "2");
            let mut db = installation.store.read().await.unwrap();
            assert_eq!(setting::get(&mut db, DUE).await.unwrap(), None);
        })
        .await;
    }
}

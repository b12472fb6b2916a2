//! Figures that count different texts. PostgreSQL tells long ones apart by their hashes, and SQLite by themselves: who comes
//! from there has them counted anew, as nobody knows a text by its hash.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::context::Context;
use engine::field::RollupFn;
use engine::form::Column;
use jiff::tz::TimeZone;
use store::copy::Target;
use store::workspace::Workspace;

use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::{Refusal, clock, figures};

/// Counts those of a copy anew where it is one of SQLite.
///
/// # Errors
/// When it can't be written.
pub async fn count_anew(target: &Target) -> Result<(), Refusal> {
    let store = target.store();
    if store.is_shared() {
        return Ok(());
    }
    let workspaces = Workspace::list(&mut store.read().await?).await?;
    for workspace in workspaces {
        let designs = Arc::new(Designs::load(&mut store.read().await?, workspace.id).await?);
        let zone = TimeZone::get(&workspace.zone).unwrap_or(TimeZone::UTC);
        let context = Context::system(clock::now(), zone);
        for design in designs.forms.values().filter(|design| design.sketch.is_some()) {
            let Ok(compiled) = designs.compiled(design) else { continue };
            let form = compiled.form.id();
            let fields: BTreeSet<String> =
                compiled.form.fields().filter(is_meant).map(|column| column.path.clone()).collect();
            if fields.is_empty() {
                continue;
            }
            let (designs, context) = (designs.clone(), context.clone());
            store
                .write::<(), Refusal, _>(move |tx| {
                    Box::pin(async move { figures::rebuild(tx, &designs, form, &fields, &context).await })
                })
                .await?;
        }
    }
    Ok(())
}

fn is_meant(column: &&Column) -> bool {
    column.kept.is_some_and(|kept| kept.function == RollupFn::Distinct && kept.counted.is_text())
}

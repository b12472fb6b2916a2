//! With whose eyes the tiles of a dashboard are read: its reader's, or everybody's where an administrator has marked it so
//! (semantics.md 4). Who reads the page itself is said by its document all the same.

use std::borrow::Cow;

use engine::report::{DashboardDocument, RunAs};
use engine::value::Id;
use serde_json::json;
use store::Tx;
use store::document::AppDocument;

use crate::service::Refusal;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::designs::{DashboardDesign, Designs};
use crate::service::people::Caller;

/// Who looks at what the tiles of a dashboard count, where `caller` reads it.
pub fn eyes<'c>(design: &DashboardDesign, caller: &'c Caller) -> Cow<'c, Caller> {
    match design.document.run_as {
        RunAs::Viewer => Cow::Borrowed(caller),
        RunAs::All => Cow::Owned(caller.seeing_all()),
    }
}

/// Whether its readers look at what lies behind its tiles: of what counts all records nobody does.
pub fn leads_further(design: &DashboardDesign) -> bool {
    design.document.run_as == RunAs::Viewer
}

/// Whether `caller` may put a page before its readers, by making it or by taking it out of the bin: one that counts all records
/// shows them what they may not see, and so is for those who see everything.
pub fn may_put_up(caller: &Caller, document: &DashboardDocument) -> bool {
    document.run_as == RunAs::Viewer || caller.is_administrator()
}

/// Takes the mark from those pages of an app that counted all records, where the app is taken out of the bin by somebody who
/// may not mark them so: they are there again, and show each reader what that one may see.
///
/// # Errors
/// When the database can't be written.
pub async fn come_back(tx: &mut Tx, caller: &Caller, designs: &Designs, app: Id) -> Result<(), Refusal> {
    let pages = designs.dashboards.values().filter(|design| design.row.app == app);
    let marked: Vec<&DashboardDesign> =
        pages.filter(|design| !may_put_up(caller, &design.document)).collect();
    take_mark(tx, caller, &marked).await
}

/// Takes the mark from those pages that counted all records and did not fit their forms, where a change of somebody who may not mark
/// them so makes them fit: what they would count now has been looked at by nobody who sees everything. Whether there were any.
///
/// # Errors
/// When the database can't be written.
pub async fn come_whole(tx: &mut Tx, caller: &Caller, was: &Designs, now: &Designs) -> Result<bool, Refusal> {
    let rested = |design: &&DashboardDesign| {
        was.dashboards.get(&design.row.id).is_some_and(|before| was.dashboard(before).is_err())
    };
    let pages = now.dashboards.values().filter(|design| !may_put_up(caller, &design.document));
    let marked: Vec<&DashboardDesign> =
        pages.filter(rested).filter(|design| now.dashboard(design).is_ok()).collect();
    take_mark(tx, caller, &marked).await?;
    Ok(!marked.is_empty())
}

async fn take_mark(tx: &mut Tx, caller: &Caller, marked: &[&DashboardDesign]) -> Result<(), Refusal> {
    for design in marked {
        let document = DashboardDocument { run_as: RunAs::Viewer, ..design.document.clone() };
        let old = &design.row;
        let row = AppDocument { document: to_json(&document)?, version: old.version + 1, ..old.clone() };
        row.update(tx).await?;
        let changes = Some(json!({"run_as": {"old": design.document.run_as, "new": document.run_as}}));
        let note = Note { action: "dashboard.update", object: Some(row.id), label: Some(&row.key), changes };
        audit::note(tx, caller, note).await?;
    }
    Ok(())
}

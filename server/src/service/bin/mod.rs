//! The recycle bin: what was deleted lies there for some time and can be taken back, and then goes for good.
//!
//! Records are deleted and restored by the save ([`super::records`]), fields by the draft of their form
//! ([`super::forms::removed`]); apps and forms here.

mod apps;
mod forms;
mod purge;

use engine::value::{Id, Timestamp, format_timestamp};
use serde_json::json;
use store::app::App;
use store::form::FormRow;
use store::{Reader, Tx, setting};
use wire::{Bin, BinnedApp, BinnedForm};

use super::apps::label;
use super::audit::{self, Note};
use super::designs::administers;
use super::people::Caller;
use super::{Installation, Refusal};

pub use apps::restore as restore_app;
pub use forms::{delete as delete_form, restore as restore_form};
pub use purge::{app as purge_app, expired as purge_expired, form as purge_form, records as purge_records};

/// For how many days what was deleted lies in the bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    days: u32,
}

/// Where nobody said anything else (semantics.md 12).
const USUAL_DAYS: u32 = 30;
const MOST_DAYS: u32 = 3_650;

impl Retention {
    /// # Errors
    /// When the database can't be read.
    pub async fn of(db: &mut Reader, workspace: Id) -> Result<Retention, Refusal> {
        let days = setting::get(db, &name(workspace)).await?.and_then(|days| days.parse().ok());
        Ok(Retention { days: days.unwrap_or(USUAL_DAYS) })
    }

    /// When what was deleted at a moment goes for good.
    pub fn ends(self, deleted_at: Timestamp) -> Timestamp {
        deleted_at.checked_add(self.span()).unwrap_or(Timestamp::MAX)
    }

    /// What was deleted before this moment goes for good now.
    pub fn before(self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.span()).unwrap_or(Timestamp::MIN)
    }

    fn span(self) -> jiff::SignedDuration {
        jiff::SignedDuration::from_hours(i64::from(self.days) * 24)
    }
}

fn name(workspace: Id) -> String {
    format!("retention:{workspace}")
}

/// For how many days the workspace keeps what was deleted.
///
/// # Errors
/// When the database can't be read.
pub async fn retention(installation: &Installation, caller: &Caller) -> Result<wire::Retention, Refusal> {
    let mut db = installation.store.read().await?;
    let Retention { days } = Retention::of(&mut db, caller.workspace_id()).await?;
    Ok(wire::Retention { days })
}

/// Says for how many days the workspace keeps what was deleted.
///
/// # Errors
/// Not a number of days that can be.
pub async fn set_retention(
    installation: &Installation,
    caller: &Caller,
    wire::Retention { days }: wire::Retention,
) -> Result<wire::Retention, Refusal> {
    if days == 0 {
        return Err(Refusal::invalid(vec![engine::text::Fault::new("days", "too_small").arg("min", 1)]));
    }
    if days > MOST_DAYS {
        let fault = engine::text::Fault::new("days", "too_large").arg("max", MOST_DAYS);
        return Err(Refusal::invalid(vec![fault]));
    }
    let actor = caller.clone();
    let set = installation.write(move |tx| {
        Box::pin(async move {
            let old = Retention::of(tx, actor.workspace_id()).await?.days;
            setting::set(tx, &name(actor.workspace_id()), &days.to_string()).await?;
            let changes = Some(json!({"days": {"old": old, "new": days}}));
            let note = Note { action: "workspace.retention", object: None, label: None, changes };
            audit::note(tx, &actor, note).await
        })
    });
    set.await?;
    Ok(wire::Retention { days })
}

/// The apps and forms in the bin that the caller administers.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Bin, Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let mut db = installation.store.read().await?;
    let retention = Retention::of(&mut db, workspace).await?;
    let mut bin = Bin { days: retention.days, ..Bin::default() };
    for app in App::deleted(&mut db, workspace).await? {
        let Some(at) = app.deleted_at.filter(|_| administers(caller, &app)) else { continue };
        let (deleted_at, purged_at) = (format_timestamp(at), format_timestamp(retention.ends(at)));
        bin.apps.push(BinnedApp {
            id: app.id,
            label: label(&app.label),
            key: app.key,
            deleted_at,
            purged_at,
        });
    }
    for form in FormRow::deleted(&mut db, workspace).await? {
        let theirs = designs.apps.get(&form.app).is_some_and(|app| administers(caller, app));
        let Some(at) = form.deleted_at.filter(|_| theirs) else { continue };
        let (deleted_at, purged_at) = (format_timestamp(at), format_timestamp(retention.ends(at)));
        let (id, app, label, key) = (form.id, form.app, label(&form.label), form.key);
        bin.forms.push(BinnedForm { id, app, key, label, deleted_at, purged_at });
    }
    Ok(bin)
}

/// The form in the bin with this id, kept from others, for one who administers its app.
async fn binned(tx: &mut Tx, caller: &Caller, id: Id) -> Result<FormRow, Refusal> {
    let workspace = caller.workspace_id();
    let row = FormRow::lock(tx, workspace, id, false).await?;
    let row = row.filter(|row| row.deleted_at.is_some()).ok_or_else(Refusal::missing)?;
    let app = App::find(tx, workspace, row.app).await?;
    let theirs = app.is_some_and(|app| app.deleted_at.is_none() && administers(caller, &app));
    if theirs { Ok(row) } else { Err(Refusal::missing()) }
}

/// The app in the bin with this id, for one who administers it.
async fn binned_app(db: &mut Reader, caller: &Caller, id: Id) -> Result<App, Refusal> {
    let app = App::find(db, caller.workspace_id(), id).await?;
    app.filter(|app| app.deleted_at.is_some() && administers(caller, app)).ok_or_else(Refusal::missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_deleted_goes_after_its_days() {
        let (retention, at) = (Retention { days: 2 }, Timestamp::from_second(1_000_000).unwrap());
        assert_eq!(retention.ends(at).as_second() - at.as_second(), 2 * 86_400);
        assert_eq!(retention.before(retention.ends(at)), at);
        assert_eq!(Retention { days: MOST_DAYS }.ends(Timestamp::MAX), Timestamp::MAX);
    }
}

//! The recycle bin: what was deleted lies there for some time and can be taken back, and then goes for good.
//!
//! Records are deleted and restored by the save ([`super::records`]), fields by the draft of their form
//! ([`super::forms::removed`]); all else that people design has a line in the bin ([`line`]) and goes the ways of this folder.

mod apps;
mod documents;
mod forms;
mod line;
mod list;
mod many;
mod purge;
pub mod uses;

use engine::value::{Id, Timestamp};
use serde_json::json;
use store::{Reader, setting};

use super::audit::{self, Note};
use super::people::Caller;
use super::{Installation, Refusal};

pub use apps::{may_go as app_may_go, put_app, restore as restore_app};
pub use documents::{delete_dashboard, delete_report, with_key};
pub use forms::{delete as delete_form, restore as restore_form};
pub use line::{Binning, key_taken, noun, put};
pub use list::{Asked, list};
pub use many::{purge, restore};
pub use purge::{app as purge_app, expired as purge_expired, form as purge_form, records as purge_records};
pub use uses::counted;

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

//! The one save: every way in which records change is this, in one transaction (semantics.md 1).
//!
//! Each step is a file of its own, and they stand here in their order: [`ahead`] → [`identify`] → [`authorise`] → [`prepare`] →
//! flow → [`serials`] → [`persist`] → [`scripts`] → [`aggregates`] → [`figures`] → [`traces`] (audit, outbox, events). What flows
//! have to carry out because of it follows in the same transaction ([`flows::follow`]). The answer is kept under the
//! idempotency key by the one who opened the transaction.

pub mod aggregates;
mod ahead;
mod authorise;
mod breach;
#[cfg(test)]
mod cost;
pub mod figures;
mod flow;
pub mod former;
mod identify;
mod offered;
mod persist;
mod prepare;
mod references;
mod scripts;
mod serials;
mod targets;
mod traces;

use std::sync::Arc;

use engine::flow::document::START;
use engine::flow::{Actor, Chosen, Command, Flow, State};
use engine::record::{Draft, Linked};
use engine::text::Faults;
use engine::value::{Id, Values};
use store::Tx;
use store::instance::Instance;
use store::record::Record;
use wire::records::{Fields, SystemInput};

use super::Order;
use crate::service::faults::labelled;
use crate::service::flows::Moved;
use crate::service::{Cause, Refusal, flows};

pub use identify::is_known;
pub use targets::linked_from_outside;

/// What is to happen to one record.
#[derive(Clone, Debug)]
pub enum Change {
    Create(Create),
    Update {
        id: Id,
        version: Option<i64>,
        fields: Fields,
        system: Option<SystemInput>,
    },
    /// A stored draft is submitted.
    Submit {
        id: Id,
        version: Option<i64>,
        fields: Fields,
        /// People for steps that let the submitter choose.
        chosen: Chosen,
    },
    Delete {
        id: Id,
        version: Option<i64>,
    },
    Restore {
        id: Id,
    },
    /// It stays, and what its scripts have done is taken back.
    Void {
        id: Id,
        reason: String,
    },
    /// Somebody acts on the record's flow.
    Act(Box<Act>),
    /// Links to records that are deleted become empty; nobody's rights are asked.
    Unlink {
        id: Id,
        fields: Values,
    },
}

/// A new record.
#[derive(Clone, Debug, Default)]
pub struct Create {
    /// Given by who has to know it beforehand.
    pub id: Option<Id>,
    pub fields: Fields,
    pub system: Option<SystemInput>,
    pub draft: bool,
    pub start_flow: Option<bool>,
    /// People for steps that let the submitter choose.
    pub chosen: Chosen,
    /// Opening data and demo records may come as approved.
    pub flow_state: Option<String>,
    /// Whether serial numbers may be given: an administrator's import.
    pub gives_serials: bool,
    /// The step of another flow that starts this one's.
    pub origin: Option<Origin>,
}

/// What a flow that another one starts is called, and by whom it is started.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub instance: Id,
    /// The instance whose step starts it.
    pub parent: Id,
}

/// An action on a flow, with the fields that it changes.
#[derive(Clone, Debug)]
pub struct Act {
    pub instance: Instance,
    pub state: State,
    pub flow: Arc<Flow>,
    pub command: Command,
    pub actor: Actor,
    pub record: Id,
    /// The step whose rights on fields apply; none where the action leaves the record's fields alone, or the flow itself
    /// sets them.
    pub step: Option<String>,
    pub fields: Fields,
    /// Whether the flow itself sets fields, whatever anybody may do with them.
    pub maps: bool,
}

impl Act {
    /// Whether the record's own fields may change.
    fn is_edit(&self) -> bool {
        self.step.is_some() || self.maps
    }
}

/// What became of one record.
#[derive(Clone, Debug)]
pub struct Saved {
    pub record: Record,
    /// What happened to its flow.
    pub moved: Option<Moved>,
}

/// One record on its way through the steps.
struct Item {
    /// What stands before the paths of its faults: `create.17`, or nothing.
    place: String,
    change: Change,
    /// As it is stored, locked; absent for a new one.
    old: Option<Record>,
    /// As it will be stored.
    new: Record,
    /// What computes it.
    draft: Draft,
    linked: Linked,
    /// The records that it links to anew, as far as they were looked for.
    seen: references::Seen,
    /// Whether the edit may take the record out of the rows of the group that allows it.
    may_leave: bool,
    moved: Option<Moved>,
}

impl Item {
    /// Whether it is checked and computed as something submitted.
    fn is_submitted(&self) -> bool {
        !self.new.system.is_draft()
    }

    /// Whether the record's own fields may change.
    fn is_edit(&self) -> bool {
        match &self.change {
            Change::Create(_) | Change::Update { .. } | Change::Submit { .. } | Change::Unlink { .. } => true,
            Change::Act(act) => act.is_edit(),
            Change::Delete { .. } | Change::Restore { .. } | Change::Void { .. } => false,
        }
    }

    /// Whether a request that came back to its start is submitted again: as the first time, what the start and what
    /// groups allow both apply.
    fn is_resubmitted(&self) -> bool {
        matches!(&self.change, Change::Act(act) if act.step.as_deref() == Some(START))
    }

    /// Whether this save is the first in which it counts.
    fn becomes_live(&self) -> bool {
        self.new.system.is_live() && self.old.as_ref().is_none_or(|old| old.system.is_draft())
    }

    /// Puts the item's place before the paths of `faults`.
    fn placed(&self, faults: Faults) -> Faults {
        faults.into_iter().map(|fault| fault.under(&self.place)).collect()
    }

    /// A refusal of this item, seen from outside; its faults name their fields.
    fn refuse(&self, order: &Order, refusal: Refusal) -> Refusal {
        // A hidden record is told of as one that does not exist.
        let is_about_it = matches!(refusal.cause, Cause::Missing | Cause::Stale);
        if is_about_it && refusal.faults.is_empty() {
            return identify::at(&self.place, refusal);
        }
        let named = |path: &str| prepare::may_be_named(order, self, path);
        let faults = labelled(&order.compiled.form, refusal.faults, &named);
        Refusal { faults: self.placed(faults), ..refusal }
    }
}

/// Saves changes of records of one form, all or none.
///
/// # Errors
/// Why the first one is refused, or, for faults of validation, everything that is wrong with all of them.
pub async fn save(tx: &mut Tx, order: &Order, changes: Vec<Change>) -> Result<Vec<Saved>, Refusal> {
    let places = vec![String::new(); changes.len()];
    save_at(tx, order, changes.into_iter().zip(places).map(|(change, place)| (place, change)).collect()).await
}

/// As [`save`], where each change has a place in a larger request.
///
/// # Errors
/// As [`save`]; paths of faults begin with the place.
pub async fn save_at(
    tx: &mut Tx,
    order: &Order,
    changes: Vec<(String, Change)>,
) -> Result<Vec<Saved>, Refusal> {
    let mut saved = save_all(tx, order, changes).await?;
    flows::follow(tx, order, &mut saved).await?;
    Ok(saved)
}

/// As [`save`] for one change, without what flows have to carry out because of it: that is the caller's.
///
/// # Errors
/// As [`save`].
pub async fn save_alone(tx: &mut Tx, order: &Order, change: Change) -> Result<Vec<Saved>, Refusal> {
    save_all(tx, order, vec![(String::new(), change)]).await
}

async fn save_all(tx: &mut Tx, order: &Order, changes: Vec<(String, Change)>) -> Result<Vec<Saved>, Refusal> {
    let mut ahead = ahead::Ahead::look(tx, order, &changes).await?;
    let mut items = identify::identify(tx, order, changes, &ahead.linked).await?;
    ahead.count(tx, order, &items).await?;
    let mut faults = Faults::new();
    for item in &mut items {
        let checked = async {
            authorise::before(order, item)?;
            item.may_leave = authorise::may_leave(order, item);
            identify::check_version(tx, order, item).await?;
            let wrong = prepare::prepare(tx, order, item, &mut ahead).await?;
            let unfit = references::check(tx, order, item, &ahead).await?;
            references::tell(order, unfit, wrong)?;
            authorise::after(order, item)
        };
        match checked.await {
            Ok(()) => {}
            // Faults of all records are told at once; anything else stops the save.
            Err(refusal) if refusal.cause == Cause::Invalid => {
                faults.extend(item.refuse(order, refusal).faults);
            }
            Err(refusal) => return Err(item.refuse(order, refusal)),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    for item in &mut items {
        let moved = flow::decide(tx, order, item).await;
        moved.map_err(|refusal| item.refuse(order, refusal))?;
    }
    serials::number(tx, order, &mut items).await?;
    prepare::ask_again(tx, order, &mut items, &mut ahead).await?;
    for item in &mut items {
        let finished = prepare::finish(order, item);
        finished.map_err(|refusal| item.refuse(order, refusal))?;
        let told = flow::tell(tx, order, item).await;
        told.map_err(|refusal| item.refuse(order, refusal))?;
    }
    targets::release(tx, order, &items).await?;
    scripts::hold(tx, order, &items).await?;
    persist::persist(tx, order, &mut items).await?;
    scripts::run(tx, order, &mut items, &mut ahead).await?;
    persist::remember(tx, order, &items).await?;
    let designs = aggregates::designs_in_force(tx, order).await?;
    aggregates::keep(tx, order, &designs, &items).await?;
    figures::keep(tx, order, &designs, &mut items).await?;
    traces::leave(tx, order, &items).await?;
    if let Some(trial) = &order.trial {
        items.iter().for_each(|item| trial.see(order, item.old.as_ref(), &item.new));
    }
    Ok(items.into_iter().map(|item| Saved { record: item.new, moved: item.moved }).collect())
}

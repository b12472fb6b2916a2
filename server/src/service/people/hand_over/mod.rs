//! Handing over what a member has: their records, the tasks that wait for them, and the places where they are named. A job,
//! whose result is the report of what went over and what did not.
//!
//! The places come first, together with leaving where that is asked for: from then on nothing new comes to the member. Then
//! the records, form by form, in slices with room for people's saves between them; then the tasks, flow by flow, by the rules
//! of flows: to who takes over, or to an administrator where these can't have one.
//!
//! Where a member is disabled and nobody is named, it is the tasks alone that go over.

mod holdings;
mod places;
mod records;
mod tasks;

use engine::access::Access;
use engine::text::Fault;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::Tx;
use store::instance::Task;
use store::member::{Member, MemberState};
use store::query::Cursor;

use super::{Caller, members};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::jobs::{self, Beginning, Going, start_kept};
use crate::service::once::Key;
use crate::service::records::failing::{count_reason, reason};
use crate::service::{Installation, Refusal};

pub use holdings::holdings;

/// What its jobs are called.
pub const KIND: &str = "hand_over";

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    member: Id,
    /// What was asked for; nothing where the member was disabled, and their tasks can't wait for them.
    asked: Option<wire::HandOver>,
}

/// What a job does next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Places,
    Records,
    Tasks,
    Done,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    stage: Stage,
    /// The form whose records go over; those before it are done.
    form: Option<Id>,
    /// After its last record that was looked at.
    after: Option<Cursor>,
    /// The last instance of a flow that was looked at.
    instance: Option<Id>,
    /// Records and tasks that were looked at.
    looked: u64,
    report: wire::HandedOver,
}

impl Place {
    /// Counts why something stays with the member.
    fn refuse(&mut self, refusal: &Refusal, caller: &Caller) {
        count_reason(&mut self.report.reasons, reason(refusal, caller.language()));
    }
}

/// Begins a hand-over.
///
/// # Errors
/// Not found; faults of what was given; `not_yourself` and `last_administrator` where the member is to leave.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    member: Id,
    input: wire::HandOver,
) -> Result<Answer, Refusal> {
    let from = caller.people.members.get(&member).ok_or_else(Refusal::missing)?;
    let to = caller.people.members.get(&input.to);
    if to.filter(|to| to.state == MemberState::Active && to.id != member).is_none() {
        return Err(Refusal::invalid(vec![Fault::new("to", "not_an_id")]));
    }
    if input.disable {
        if member == caller.id() {
            return Err(Refusal::conflict("not_yourself"));
        }
        let gone = Member { state: MemberState::Disabled, ..(**from).clone() };
        members::keep_an_administrator(&caller.people, &gone)?;
    }
    let work = serde_json::to_value(Work { member, asked: Some(input) }).map_err(Refusal::internal)?;
    start_kept(installation, caller, key, KIND, work, |_, _| Box::pin(async { Ok(()) })).await
}

/// Begins to hand over what waits for a member who is disabled in this transaction, once it is committed.
///
/// # Errors
/// When it can't be stored.
pub async fn begin(
    tx: &mut Tx,
    installation: &Installation,
    caller: &Caller,
    runtime: tokio::runtime::Handle,
    member: Id,
) -> Result<(), Refusal> {
    let work = serde_json::to_value(Work { member, asked: None }).map_err(Refusal::internal)?;
    let begins = Beginning { kind: KIND, work, place: None, saves: false, installation, caller, runtime };
    begins.store(tx).await.map(drop)
}

/// Goes on with a hand-over to its end.
pub fn work(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (work, place) = (going.input()?, going.place()?);
        Run { going, work, place }.through().await
    })
}

/// A hand-over on its way.
struct Run {
    going: Going,
    work: Work,
    place: Place,
}

impl Run {
    /// Who hands over, as long as they may.
    async fn administrator(&self) -> Result<Caller, Refusal> {
        let caller = self.going.caller().await?;
        if caller.is_administrator() { Ok(caller) } else { Err(Refusal::forbidden("forbidden")) }
    }

    async fn through(mut self) -> Result<Json, Refusal> {
        let caller = self.administrator().await?;
        let left = self.left(&caller).await?;
        self.going.handle.go_on(self.place.looked + left, self.place.looked, 0);
        if self.place.stage == Stage::Places {
            self.places(&caller).await?;
        }
        if self.place.stage == Stage::Records {
            self.records().await?;
        }
        if self.place.stage == Stage::Tasks {
            self.tasks().await?;
        }
        self.finish(caller).await
    }

    /// How many records and tasks there are to hand over.
    async fn left(&self, caller: &Caller) -> Result<u64, Refusal> {
        let (installation, member) = (&self.going.installation, self.work.member);
        if self.work.asked.is_some() {
            let held = holdings(installation, caller, member).await?;
            return Ok(held.tasks + held.records.iter().map(|records| records.count).sum::<u64>());
        }
        let mut db = installation.store.read().await?;
        let tasks = Task::count_waiting_for(&mut db, caller.workspace_id(), member).await?;
        Ok(u64::try_from(tasks).unwrap_or_default())
    }

    /// Leaving, and what names the member.
    async fn places(&mut self, caller: &Caller) -> Result<(), Refusal> {
        let member = self.work.member;
        let Some(input) = self.work.asked.clone() else {
            self.place.stage = Stage::Tasks;
            self.place.report.disabled = true;
            return Ok(());
        };
        if input.disable {
            members::disable_after(&self.going.installation, caller, member, input.to).await?;
        }
        let (parts, actor) = (self.going.installation.clone(), caller.clone());
        let (job, step) = (self.going.job, self.going.step());
        let handed = self.going.installation.write(move |tx| {
            Box::pin(async move {
                let mut report = wire::HandedOver {
                    to: Some(input.to),
                    disabled: input.disable,
                    ..wire::HandedOver::default()
                };
                if input.places {
                    let (from_to, administration) = ((member, input.to), input.administration);
                    places::hand_over(&parts, tx, &actor, from_to, administration, &mut report).await?;
                }
                let place = Place { stage: Stage::Records, report, ..Place::default() };
                jobs::reached(tx, (actor.workspace_id(), job), step, &place).await?;
                Ok(place)
            })
        });
        self.place = handed.await?;
        self.going.stepped();
        Ok(())
    }

    /// The end is noted with the report.
    async fn finish(self, caller: Caller) -> Result<Json, Refusal> {
        let report = serde_json::to_value(&self.place.report).map_err(Refusal::internal)?;
        let (member, changes) = (self.work.member, json!({"report": report}));
        let name = caller.people.name(member).to_string();
        self.going
            .installation
            .write(move |tx| {
                Box::pin(async move {
                    let (object, label) = (Some(member), Some(name.as_str()));
                    let note = Note { action: "member.hand_over", object, label, changes: Some(changes) };
                    audit::note(tx, &caller, note).await
                })
            })
            .await?;
        Ok(report)
    }
}

/// The access of work over everything that a member has.
fn everything() -> Access {
    Access::system("what a member has is handed over")
}

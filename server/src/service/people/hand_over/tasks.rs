//! The tasks that wait for a member are given to somebody else.

use engine::flow::Command;
use engine::value::Id;
use store::Tx;
use store::instance::Task;

use super::{Place, Run, Stage};
use crate::service::flows::reassign::reassign;
use crate::service::flows::tasks::order_of;
use crate::service::jobs::{self, Pace};
use crate::service::people::Caller;
use crate::service::records::failing::is_of_all;
use crate::service::{Installation, Refusal};

impl Run {
    /// Hands over the tasks, from the flow that was reached on. Nothing waits for somebody who leaves, whatever was asked for.
    pub(super) async fn tasks(&mut self) -> Result<(), Refusal> {
        let asked = self.work.asked.clone();
        let goes = asked.as_ref().is_none_or(|asked| asked.tasks || asked.disable);
        let mut pace = Pace::default();
        while goes && self.place.stage == Stage::Tasks {
            let part = Part {
                installation: self.going.installation.clone(),
                caller: self.administrator().await?,
                place: self.place.clone(),
                member: self.work.member,
                to: asked.as_ref().map(|asked| asked.to),
                job: self.going.job,
                step: self.going.step(),
                most: pace.begin(),
            };
            let most = part.most;
            let (place, found) = jobs::patiently(|| part.clone().save()).await?;
            pace.end(found);
            let looked = usize::try_from(place.looked - self.place.looked).unwrap_or(usize::MAX);
            self.place = place;
            self.going.stepped();
            if self.going.handle.advance(looked).is_err() {
                self.going.handle.cut_short();
                self.place.stage = Stage::Done;
            } else if found < most {
                break;
            }
        }
        Ok(())
    }
}

/// Everything that the transaction of a slice needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    place: Place,
    member: Id,
    to: Option<Id>,
    job: Id,
    step: i64,
    most: usize,
}

impl Part {
    /// How far the job is after it, and how many instances there were.
    async fn save(self) -> Result<(Place, usize), Refusal> {
        let installation = self.installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    let (workspace, job, step) = (self.caller.workspace_id(), self.job, self.step);
                    let (place, found) = self.instances(tx).await?;
                    jobs::reached(tx, (workspace, job), step, &place).await?;
                    Ok((place, found))
                })
            })
            .await
    }

    async fn instances(self, tx: &mut Tx) -> Result<(Place, usize), Refusal> {
        let Part { installation, caller, mut place, member, to, most, .. } = self;
        place.stage = Stage::Tasks;
        let (workspace, limit) = (caller.workspace_id(), i64::try_from(most).unwrap_or(i64::MAX));
        let next = Task::instances_waiting_for(tx, workspace, member, place.instance, limit).await?;
        let found = next.len();
        for (instance, form) in next {
            place.instance = Some(instance);
            let given = given(&installation, tx, &caller, (instance, form), (member, to)).await?;
            match given {
                Ok(count) => {
                    place.looked += count;
                    place.report.tasks += count;
                }
                Err(refusal) => {
                    let open = Task::open_of_instance(tx, workspace, instance).await?;
                    let stay = open.iter().filter(|task| task.assignee == Some(member)).count();
                    let stay = u64::try_from(stay).unwrap_or_default();
                    place.looked += stay;
                    place.report.tasks_failed += stay;
                    place.refuse(&refusal, &caller);
                }
            }
        }
        Ok((place, found))
    }
}

/// Gives what waits for a member in one instance to somebody else; how many tasks that were. A refusal undoes nothing else.
async fn given(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (instance, form): (Id, Id),
    (member, to): (Id, Option<Id>),
) -> Result<Result<u64, Refusal>, Refusal> {
    let (installation, caller) = (installation.clone(), caller.clone());
    let outcome = tx
        .nested(move |tx| {
            Box::pin(async move {
                let order = order_of(&installation, &caller, form).await?.newest(tx).await?;
                reassign(tx, &order, instance, member, Command::HandOver { member, to }).await
            })
        })
        .await?;
    match outcome {
        Err(refusal) if is_of_all(&refusal) => Err(refusal),
        outcome => Ok(outcome),
    }
}

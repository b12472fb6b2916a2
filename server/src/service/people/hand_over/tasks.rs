//! The tasks that wait for a member are given to somebody else.

use engine::flow::Command;
use engine::value::Id;
use store::Tx;
use store::instance::{Instance, Task};

use super::{Place, Run, Stage};
use crate::service::designs::stored;
use crate::service::flows;
use crate::service::flows::tasks::order_of;
use crate::service::jobs;
use crate::service::people::Caller;
use crate::service::records::failing::is_of_all;
use crate::service::records::save::{Act, Change, save};
use crate::service::{Installation, Refusal};

/// Tasks that are looked up at one time.
const PAGE: i64 = 100;

impl Run {
    /// Hands over the tasks, from the one that was reached on.
    pub(super) async fn tasks(&mut self) -> Result<(), Refusal> {
        while self.work.input.tasks && self.place.stage == Stage::Tasks {
            let caller = self.going.caller().await?;
            let (workspace, member) = (caller.workspace_id(), self.work.member);
            let tasks = {
                let mut db = self.going.installation.store.read().await?;
                Task::waiting_for(&mut db, workspace, member, self.place.task, PAGE).await?
            };
            if tasks.is_empty() {
                break;
            }
            for task in tasks {
                self.task(task).await?;
                if self.going.handle.advance(1).is_err() {
                    self.going.handle.cut_short();
                    self.place.stage = Stage::Done;
                    break;
                }
            }
        }
        Ok(())
    }

    async fn task(&mut self, task: Task) -> Result<(), Refusal> {
        let part = Part {
            installation: self.going.installation.clone(),
            caller: self.going.caller().await?,
            place: self.place.clone(),
            to: self.work.input.to,
            job: self.going.job,
            step: self.going.step(),
            task,
        };
        self.place = jobs::patiently(|| part.clone().save()).await?;
        self.going.stepped();
        Ok(())
    }
}

/// Everything that the transaction of a task needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    place: Place,
    to: Id,
    job: Id,
    step: i64,
    task: Task,
}

impl Part {
    async fn save(self) -> Result<Place, Refusal> {
        let installation = self.installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    let Part { installation, caller, mut place, to, job, step, task } = self;
                    place.task = Some(task.id);
                    place.looked += 1;
                    match given(&installation, tx, &caller, &task, to).await? {
                        None => place.report.tasks += 1,
                        Some(refusal) => {
                            place.report.tasks_failed += 1;
                            place.refuse(&refusal, &caller);
                        }
                    }
                    jobs::reached(tx, (caller.workspace_id(), job), step, &place).await?;
                    Ok(place)
                })
            })
            .await
    }
}

/// Gives a task to somebody; a refusal undoes nothing else.
async fn given(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    task: &Task,
    to: Id,
) -> Result<Option<Refusal>, Refusal> {
    let (installation, caller, task) = (installation.clone(), caller.clone(), task.clone());
    let outcome = tx
        .nested(|tx| Box::pin(async move { reassign(&installation, tx, &caller, &task, to).await }))
        .await?;
    match outcome {
        Ok(()) => Ok(None),
        Err(refusal) if is_of_all(&refusal) => Err(refusal),
        Err(refusal) => Ok(Some(refusal)),
    }
}

async fn reassign(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    task: &Task,
    to: Id,
) -> Result<(), Refusal> {
    let order = order_of(installation, caller, task.form).await?.newest(tx).await?;
    store::record::lock(tx, &super::everything(), order.table(), &[task.record]).await?;
    let instance = Instance::lock(tx, caller.workspace_id(), task.instance).await?;
    let instance = instance.ok_or_else(Refusal::missing)?;
    let act = Act {
        record: instance.record,
        step: None,
        fields: Default::default(),
        state: stored("instance", &instance.marking)?,
        flow: flows::version(tx, &order, instance.flow_version).await?,
        instance,
        command: Command::Reassign { task: task.id, to },
    };
    save(tx, &order, vec![Change::Act(Box::new(act))]).await.map(drop)
}

//! The records that a member owns get another owner.

use std::sync::Arc;

use engine::value::Id;
use store::Tx;
use store::query::{self, Query, Shelf};
use wire::records::{Fields, SystemInput};

use super::holdings::owned_by;
use super::{Place, Run, Stage};
use crate::service::apps::label;
use crate::service::jobs::{self, Pace};
use crate::service::people::Caller;
use crate::service::records::failing::is_of_all;
use crate::service::records::save::{Change, save};
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal};

/// Everything that the transaction of a slice needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    /// From whom, and to whom.
    hands: (Id, Id),
    place: Place,
    form: Id,
    job: Id,
    batch: Id,
    step: i64,
    most: usize,
}

impl Run {
    /// Hands over the records of all forms, from the one that was reached on.
    pub(super) async fn records(&mut self) -> Result<(), Refusal> {
        if let Some(to) = self.work.asked.as_ref().filter(|asked| asked.records).map(|asked| asked.to) {
            let caller = self.administrator().await?;
            let parts = self.going.installation.clone();
            let designs = parts.designs.get(&parts.store, caller.workspace_id()).await?;
            let published = designs.forms.values().filter(|design| design.sketch.is_some());
            let forms: Vec<Id> = published.map(|design| design.row.id).collect();
            for form in forms {
                let is_left = self.place.form.is_none_or(|reached| reached <= form);
                if is_left && self.place.stage == Stage::Records {
                    self.records_of(form, to).await?;
                }
            }
        }
        if self.place.stage == Stage::Records {
            self.place.stage = Stage::Tasks;
        }
        Ok(())
    }

    async fn records_of(&mut self, form: Id, to: Id) -> Result<(), Refusal> {
        if self.place.form != Some(form) {
            (self.place.form, self.place.after) = (Some(form), None);
        }
        let mut pace = Pace::default();
        loop {
            let part = Part {
                installation: self.going.installation.clone(),
                caller: self.administrator().await?,
                hands: (self.work.member, to),
                place: self.place.clone(),
                form,
                job: self.going.job,
                batch: self.going.batch,
                step: self.going.step(),
                most: pace.begin(),
            };
            let (place, is_last) = match jobs::patiently(|| part.clone().save()).await {
                // The form has gone meanwhile, with its records.
                Err(refusal) if refusal.cause == Cause::Missing => return Ok(()),
                saved => saved?,
            };
            let looked = usize::try_from(place.looked - self.place.looked).unwrap_or(usize::MAX);
            pace.end(looked);
            self.place = place;
            self.going.stepped();
            if self.going.handle.advance(looked).is_err() {
                self.going.handle.cut_short();
                self.place.stage = Stage::Done;
                return Ok(());
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

impl Part {
    async fn save(self) -> Result<(Place, bool), Refusal> {
        let installation = self.installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    let (workspace, job, step) = (self.caller.workspace_id(), self.job, self.step);
                    let (place, is_last) = self.records(tx).await?;
                    jobs::reached(tx, (workspace, job), step, &place).await?;
                    Ok((place, is_last))
                })
            })
            .await
    }

    async fn records(self, tx: &mut Tx) -> Result<(Place, bool), Refusal> {
        let Part { installation, caller, hands: (member, to), mut place, form, batch, most, .. } = self;
        let order = Order::to_write(&installation, tx, &caller, &form.to_string(), Path::BulkEdit).await?;
        let order = Arc::new(Order { batch: Some(batch), ..order });
        let asked = Query {
            shelf: Shelf::Live,
            filter: owned_by(&order, member)?,
            sort: Vec::new(),
            limit: u32::try_from(most).unwrap_or(u32::MAX),
            from: place.after.take().map_or(query::From::Start, query::From::After),
            fields: Some(Vec::new()),
        };
        let access = super::everything();
        let page = query::page(tx, &access, order.table(), &asked, &order.context).await?;
        let (mut moved, mut failed) = (0, 0);
        for record in &page.records {
            place.looked += 1;
            match given(tx, &order, record.id, to).await? {
                None => moved += 1,
                Some(refusal) => {
                    failed += 1;
                    place.refuse(&refusal, &caller);
                }
            }
        }
        if moved + failed > 0 {
            let known = place.report.records.iter_mut().find(|handed| handed.form == form);
            match known {
                Some(handed) => {
                    (handed.moved, handed.failed) = (handed.moved + moved, handed.failed + failed)
                }
                None => {
                    let label = label(&order.design()?.row.label);
                    place.report.records.push(wire::HandedRecords { form, label, moved, failed });
                }
            }
        }
        place.after = page.next.clone();
        Ok((place, page.next.is_none()))
    }
}

/// Gives a record to somebody; a refusal undoes nothing else.
async fn given(tx: &mut Tx, order: &Arc<Order>, id: Id, to: Id) -> Result<Option<Refusal>, Refusal> {
    let order = order.clone();
    let outcome = tx
        .nested(|tx| {
            Box::pin(async move {
                let system = Some(SystemInput { owner: Some(to), ..SystemInput::default() });
                let fields = Fields::new();
                save(tx, &order, vec![Change::Update { id, version: None, fields, system }]).await
            })
        })
        .await?;
    match outcome {
        Ok(_) => Ok(None),
        Err(refusal) if is_of_all(&refusal) => Err(refusal),
        Err(refusal) => Ok(Some(refusal)),
    }
}

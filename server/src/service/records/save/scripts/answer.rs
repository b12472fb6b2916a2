//! What a script reads and writes: over all records, in the transaction of its save, and by the same save as any other write.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::Access;
use engine::condition::{Checked, Reach};
use engine::form::{Catalogue, system_kind};
use engine::script::{Names, Question, Seen, SortBy, Told, Which};
use engine::value::{Decimal, Id, Value};
use futures::future::BoxFuture;
use store::Tx;
use store::query::{From, Function, Groups, Measure, Query, Shelf, Sort};
use store::record::Record;

use super::bridge::Asker;
use super::{Change, lines, names, seen};
use crate::service::Refusal;
use crate::service::records::Order;
use crate::service::records::live::not_void;
use crate::service::records::save::{Create, save};

/// Records that are read together: their weight is looked at before the next ones, and where it is great there are fewer.
const FEW: usize = 8;
const MANY: usize = 100;
/// Bytes that they should come to, as they are estimated.
const TOGETHER: u64 = 2 << 20;
/// Why all records are looked at.
pub(super) const WHY: &str = "a transaction script works over all records";

impl Asker<'_> {
    /// # Errors
    /// What the save or the database refuses, what a budget no longer allows, what a script asks wrongly.
    pub(super) fn answer<'t>(
        &'t self,
        tx: &'t mut Tx,
        question: Question,
    ) -> BoxFuture<'t, Result<Told, Refusal>> {
        Box::pin(async move {
            let Some(trial) = self.order.trial.clone() else { return self.found(tx, question).await };
            let place = trial.ask(self.order, self.app, &question);
            let told = self.found(tx, question).await?;
            trial.tell(place, &told);
            Ok(told)
        })
    }

    fn found<'t>(&'t self, tx: &'t mut Tx, question: Question) -> BoxFuture<'t, Result<Told, Refusal>> {
        Box::pin(async move {
            match question {
                Question::Get { form, id } => {
                    let there = self.there(tx, &form).await?;
                    let found = self.locked(tx, &there, &[id], &|record| record.system.is_live()).await?;
                    Ok(Told::Records(found))
                }
                Question::Find { form, which, sort, limit } => {
                    let there = self.there(tx, &form).await?;
                    self.find(tx, &there, &which, &sort, limit).await
                }
                Question::Count { form, which } => {
                    let there = self.there(tx, &form).await?;
                    let measure = Measure { function: Function::Count, of: None };
                    self.measure(tx, &there, &which, measure).await
                }
                Question::Sum { form, which, field } => {
                    let there = self.there(tx, &form).await?;
                    let found = there.compiled.form.find(&field, &*there.designs);
                    let of = found.map_err(|fault| self.failed_by(vec![fault]))?;
                    let measure = Measure { function: Function::Sum, of: Some(of) };
                    self.measure(tx, &there, &which, measure).await
                }
                Question::Groups { table, which, sort, limit } => {
                    self.groups(tx, &table, &which, &sort, limit).await
                }
                Question::Behind { table, id, path } => {
                    self.behind(tx, &table, id, &path).await.map(Told::Value)
                }
                Question::Create { form, fields, start_flow } => {
                    let there = self.there(tx, &form).await?;
                    let start_flow = Some(start_flow);
                    let change = Change::Create(Create { fields, start_flow, ..Create::default() });
                    let made = self.write(tx, &there, change).await?;
                    made.map(Told::Made).ok_or_else(|| Refusal::internal("nothing was made"))
                }
                Question::Update { form, id, fields } => {
                    let there = self.there(tx, &form).await?;
                    let change = Change::Update { id, version: None, fields, system: None };
                    self.write(tx, &there, change).await.map(|_| Told::Done)
                }
                Question::Remove { form, id } => {
                    let there = self.there(tx, &form).await?;
                    self.write(tx, &there, Change::Delete { id, version: None }).await.map(|_| Told::Done)
                }
            }
        })
    }

    /// The form that the script means by a name.
    pub(super) async fn there(&self, tx: &mut Tx, name: &str) -> Result<Order, Refusal> {
        let designs = &self.order.designs;
        let form = Catalogue::form(&**designs, designs.app_key(self.app), name);
        let form = form.ok_or_else(|| self.wrong(format!("there is no form “{name}”")))?.id;
        let there = self.order.of_script(tx, form, self.within.clone()).await;
        there.map_err(|refusal| self.of_script(refusal))
    }

    async fn write(&self, tx: &mut Tx, there: &Order, change: Change) -> Result<Option<Id>, Refusal> {
        let saved = save(tx, there, vec![change]).await.map_err(|refusal| self.of_script(refusal))?;
        Ok(saved.first().map(|saved| saved.record.id))
    }

    fn checked(&self, there: &Order, which: &Which) -> Result<Checked, Refusal> {
        let checked = there.compiled.form.check(&which.condition, &*there.designs);
        Ok(checked.map_err(|faults| self.failed_by(faults))?.and(not_void()?))
    }

    async fn find(
        &self,
        tx: &mut Tx,
        there: &Order,
        which: &Which,
        sort: &[SortBy],
        limit: usize,
    ) -> Result<Told, Refusal> {
        let filter = self.checked(there, which)?;
        lines::hold_where(tx, there, &which.equal).await?;
        let query = Query {
            shelf: Shelf::Live,
            filter,
            sort: self.sorted(there, sort)?,
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
            from: From::Start,
            fields: Some(Vec::new()),
        };
        let page =
            store::query::page(tx, &Access::system(WHY), there.table(), &query, &there.context).await?;
        let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
        let counts = |record: &Record| record.system.is_live() && record.system.voided_at.is_none();
        self.locked(tx, there, &ids, &counts).await.map(Told::Records)
    }

    /// By their ids where the script does not say otherwise, so that scripts that meet in them wait for each other and
    /// seldom in a circle.
    fn sorted(&self, there: &Order, sort: &[SortBy]) -> Result<Vec<Sort>, Refusal> {
        if sort.is_empty() {
            let kind = system_kind("$id").ok_or_else(Refusal::missing)?;
            return Ok(vec![Sort { reach: Reach::own("$id"), kind, descending: false }]);
        }
        let by = |by: &SortBy| {
            let found = there.compiled.form.find(&by.field, &*there.designs);
            let (reach, kind) = found.map_err(|fault| self.failed_by(vec![fault]))?;
            Ok(Sort { reach, kind, descending: by.descending })
        };
        sort.iter().map(by).collect()
    }

    /// These records, kept from others until the transaction ends, in the order of `ids`.
    pub(super) async fn locked(
        &self,
        tx: &mut Tx,
        there: &Order,
        ids: &[Id],
        counts: &(dyn Fn(&Record) -> bool + Sync),
    ) -> Result<Vec<Seen>, Refusal> {
        let names: Arc<Names> = Arc::new(names(&there.compiled.form));
        // Locks are taken in the order of ids, whatever order the script reads them in.
        let mut sorted = ids.to_vec();
        sorted.sort();
        let mut found = BTreeMap::new();
        let (mut left, mut bytes) = (sorted.as_slice(), 0);
        while !left.is_empty() {
            let (chunk, rest) = left.split_at(together(sorted.len() - left.len(), bytes).min(left.len()));
            left = rest;
            let records = store::record::lock(tx, &Access::system(WHY), there.table(), chunk).await?;
            for record in records.values().filter(|record| counts(record)) {
                let seen = seen(record, &names);
                bytes += seen.bytes();
                let read = self.within.budget.read(1, seen.bytes());
                read.map_err(|limit| self.limit(limit))?;
                found.insert(record.id, seen);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    async fn measure(
        &self,
        tx: &mut Tx,
        there: &Order,
        which: &Which,
        measure: Measure,
    ) -> Result<Told, Refusal> {
        let filter = self.checked(there, which)?;
        lines::hold_where(tx, there, &which.equal).await?;
        let groups = Groups { shelf: Shelf::Live, filter, group: Vec::new(), measures: vec![measure] };
        let found =
            store::query::groups(tx, &Access::system(WHY), there.table(), &groups, &there.context).await?;
        let value = found.into_iter().next().and_then(|group| group.values.into_iter().next());
        Ok(Told::Number(value.as_ref().and_then(Value::as_number).unwrap_or(Decimal::ZERO)))
    }
}

/// How many records are read next, where so many came to so many bytes.
fn together(read: usize, bytes: u64) -> usize {
    let fits = TOGETHER.saturating_mul(read as u64).checked_div(bytes);
    fits.map_or(FEW, |fits| usize::try_from(fits).unwrap_or(MANY).clamp(FEW, MANY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_records_are_read_a_few_at_a_time() {
        assert_eq!(together(0, 0), FEW);
        assert_eq!(together(8, 8 << 10), MANY);
        assert_eq!(together(8, 8 * (100 << 10)), 20);
        assert_eq!(together(8, 8 << 20), FEW);
    }
}

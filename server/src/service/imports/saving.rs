//! Rows of a slice that are saved one after another, each with what those before it have made.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::flow::Status;
use engine::import::RECORD_ID;
use engine::text::{Fault, Faults};
use engine::value::Id;
use futures::future::BoxFuture;
use serde_json::Value as Json;
use store::Tx;
use wire::ImportMode;
use wire::records::Fields;

use super::attached::attach;
use super::cells::Line;
use super::earlier::Earlier;
use super::links::Links;
use super::own::{Own, title_of};
use super::plan::Plan;
use super::slice::{Import, Marks, Outcome};
use crate::service::records::Order;
use crate::service::records::keys::{find_by_key, key_values, name_of};
use crate::service::records::save::{Change, Create, Saved, save};
use crate::service::records::unique::{Name, name, unique_values};
use crate::service::{Cause, Refusal};

/// In a dry run a record that a row names is made again with the one that it names itself, and so on, so far up.
const DEEPEST: usize = 8;

/// A slice whose rows are saved one after another.
pub struct Saving {
    order: Arc<Order>,
    plan: Arc<Plan>,
    links: Links,
    /// What rows name of the form itself.
    own: Option<Own>,
    /// What earlier slices of a dry run would have made, and of that what was made again for this one.
    earlier: Option<Earlier>,
    again: BTreeSet<usize>,
}

impl Saving {
    /// # Errors
    /// When the database can't be read.
    pub async fn of(
        tx: &mut Tx,
        order: &Arc<Order>,
        import: &Import,
        lines: &[Line],
    ) -> Result<Saving, Refusal> {
        let Import { plan, links, earlier, .. } = import;
        // A dry run notes what its records are called for later slices too.
        let names_own = lines.iter().any(|line| !line.titles.is_empty());
        let needs_own = names_own || (earlier.is_some() && plan.names_own());
        let mut own = needs_own.then(|| Own::new(order, links));
        if let Some(own) = &mut own {
            own.look(tx, lines).await?;
        }
        Ok(Saving {
            order: order.clone(),
            plan: plan.clone(),
            links: links.clone(),
            own,
            earlier: earlier.clone(),
            again: BTreeSet::new(),
        })
    }

    /// Saves one row; its refusal undoes nothing else.
    ///
    /// # Errors
    /// What is not about the row but about everything.
    pub async fn row(&mut self, tx: &mut Tx, line: Line) -> Result<Outcome, Refusal> {
        self.row_at(tx, line, 0).await
    }

    async fn row_at(&mut self, tx: &mut Tx, mut line: Line, depth: usize) -> Result<Outcome, Refusal> {
        if depth < DEEPEST {
            let named = self.named(&line);
            self.make_again(tx, named, depth).await?;
        } else {
            line.titles.clear();
        }
        if let Some(own) = &mut self.own {
            own.put(tx, &mut line).await?;
        }
        if !line.faults.is_empty() {
            return Ok(Outcome::Failed(in_fields(std::mem::take(&mut line.faults))));
        }
        let key = self.key_of(&line);
        let known = self.earlier.as_ref().zip(key).and_then(|(earlier, key)| earlier.of_key(&key));
        self.make_again(tx, known.into_iter().collect(), depth).await?;
        let (mut outcome, saved) = self.alone(tx, line).await?;
        if let (Some(own), Some(id)) = (&mut self.own, saved) {
            let title = own.saw(tx, id).await?;
            if let (Some(marks), Some(title)) = (outcome.marks(), title) {
                marks.titles.push(name(&title));
            }
        }
        if let Some(marks) = outcome.marks() {
            marks.key = key;
        }
        Ok(outcome)
    }

    /// The records of earlier slices that a row names.
    fn named(&self, line: &Line) -> Vec<usize> {
        let Some(earlier) = &self.earlier else { return Vec::new() };
        line.titles.iter().flat_map(|title| earlier.of_title(&title.title)).collect()
    }

    /// By what a row finds its record in a dry run, where it says that.
    fn key_of(&self, line: &Line) -> Option<Name> {
        if self.earlier.is_none() || !self.plan.finds_records() {
            return None;
        }
        let values = key_values(&self.order, "", &self.plan.key, &with_record(line)).ok()?;
        Some(name(&name_of(&values).ok()?))
    }

    /// Makes records of earlier slices again, each once. What is wrong with their rows was told.
    fn make_again<'s>(
        &'s mut self,
        tx: &'s mut Tx,
        numbers: Vec<usize>,
        depth: usize,
    ) -> BoxFuture<'s, Result<(), Refusal>> {
        Box::pin(async move {
            for number in numbers {
                let Some(earlier) = self.earlier.clone().filter(|_| self.again.insert(number)) else {
                    continue;
                };
                for row in earlier.rows(number) {
                    let mut line = [row.values()];
                    self.links.find(tx, &self.order, &mut line).await?;
                    attach(tx, &self.order, &self.plan, &mut line).await?;
                    let [line] = line;
                    self.row_at(tx, line, depth + 1).await?;
                }
            }
            Ok(())
        })
    }

    /// Saves a row; gives its record with what became of it.
    async fn alone(&self, tx: &mut Tx, line: Line) -> Result<(Outcome, Option<Id>), Refusal> {
        let (order, plan) = (self.order.clone(), self.plan.clone());
        let names_own = self.own.is_some();
        let outcome = tx
            .nested(|tx| Box::pin(async move { decided(tx, &order, &plan, &line, names_own).await }))
            .await?;
        match outcome {
            Ok((outcome, id)) => Ok((outcome, Some(id))),
            Err(refusal) if is_of_all(&refusal) => Err(refusal),
            Err(refusal) => Ok((Outcome::Failed(refusal), None)),
        }
    }
}

async fn decided(
    tx: &mut Tx,
    order: &Order,
    plan: &Plan,
    line: &Line,
    names_own: bool,
) -> Result<(Outcome, Id), Refusal> {
    let found = match plan.mode {
        ImportMode::Create => None,
        ImportMode::Update | ImportMode::Upsert => {
            find_by_key(tx, order, "", &plan.key, &with_record(line)).await.map_err(without_place)?
        }
    };
    let mut marks = match found {
        Some((id, _)) if plan.dry_run => marks_of(tx, order, id, names_own).await?,
        Some(_) | None => Marks::default(),
    };
    let (change, before) = match found {
        Some((id, version)) => {
            let mut fields = line.fields.clone();
            fields.extend(line.blank.iter().map(|key| (key.clone(), Json::Null)));
            (Change::Update { id, version: None, fields, system: None }, Some(version))
        }
        None if plan.mode == ImportMode::Update => return Err(Refusal::fault("", "no_record_with_key")),
        None => (Change::Create(create(line, plan)), None),
    };
    let saved = save(tx, order, vec![change]).await?;
    let saved = saved.first().ok_or_else(|| Refusal::new(Cause::Internal, "internal"))?;
    let outcome = match before {
        None => created(order, plan, saved),
        Some(version) if version == saved.record.version => Outcome::Unchanged,
        Some(_) => {
            if plan.dry_run {
                marks.unique = unique_values(&order.compiled.form, &saved.record.values);
            }
            Outcome::Updated(marks)
        }
    };
    Ok((outcome, saved.record.id))
}

/// What a record gives up that is about to be changed in a dry run, and what it is called until then.
async fn marks_of(tx: &mut Tx, order: &Order, id: Id, names_own: bool) -> Result<Marks, Refusal> {
    let mut marks = Marks::default();
    let before = store::record::get(tx, &order.access, order.table(), id, &order.context).await?;
    if let Some(before) = before {
        let values = unique_values(&order.compiled.form, &before.values);
        marks.freed.extend(values.into_iter().map(|value| value.name));
    }
    if names_own && let Some(title) = title_of(tx, order, id).await? {
        marks.titles.push(name(&title));
    }
    Ok(marks)
}

/// The fields of a row, with the id of its record where the file says so.
fn with_record(line: &Line) -> Fields {
    let mut named = line.fields.clone();
    named.extend(line.record.clone().map(|record| (RECORD_ID.to_string(), Json::String(record))));
    named
}

/// Paths of a bulk begin with its place; here there is none.
fn without_place(refusal: Refusal) -> Refusal {
    let bare = |fault: Fault| Fault { path: fault.path.trim_start_matches('.').to_string(), ..fault };
    Refusal { faults: refusal.faults.into_iter().map(bare).collect(), ..refusal }
}

/// Faults of a row, by the fields that it fills.
pub fn in_fields(faults: Faults) -> Refusal {
    Refusal::invalid(faults.into_iter().map(|fault| fault.under("fields")).collect())
}

/// A blank cell of a new record says nothing: the field's default applies.
pub fn create(line: &Line, plan: &Plan) -> Create {
    Create {
        fields: line.fields.clone(),
        start_flow: Some(plan.start_flow),
        flow_state: line.approved.then(|| Status::Approved.key().to_string()),
        gives_serials: plan.gives_serials(),
        ..Create::default()
    }
}

/// Whether a refusal is not about the row but about everything.
pub fn is_of_all(refusal: &Refusal) -> bool {
    matches!(refusal.cause, Cause::Internal | Cause::Busy | Cause::DiskFull)
}

/// What became of a row that made a record.
pub fn created(order: &Order, plan: &Plan, saved: &Saved) -> Outcome {
    let mut marks = Marks::default();
    if plan.dry_run {
        marks.unique = unique_values(&order.compiled.form, &saved.record.values);
    }
    Outcome::Created(marks)
}

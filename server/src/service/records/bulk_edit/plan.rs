//! What a bulk edit is to do, checked against the form and the rights of who edits.

use engine::access::{Access, FieldRight};
use engine::condition::{Checked, Reach};
use engine::field::Shape;
use engine::form::Compiled;
use engine::formula::Budget;
use engine::record::{Draft, Linked, landed};
use engine::text::{Fault, Faults};
use engine::value::{Id, Value, Values};
use serde_json::Value as Json;
use store::query::Shelf;
use store::{Reader, Tx};
use wire::bulk_edit::BulkEditInput;
use wire::records::Fields;

use crate::service::Refusal;
use crate::service::records::{Eyes, Order, Search, system_values};

/// What is to become of every record.
pub struct Plan {
    pub filter: Checked,
    /// How the records are looked for: as who edits sees them, through one permission group alone where one is named.
    pub seen: Order,
    /// The same for all.
    values: Fields,
    /// By what each record holds.
    formulas: Vec<(String, Compiled)>,
}

impl Plan {
    /// # Errors
    /// Faults of the filter at `filter`, of the group at `permission_group`, of what is set at `set.FIELD`.
    pub fn new(order: &Order, input: &BulkEditInput) -> Result<Plan, Refusal> {
        if input.recompute != input.set.is_empty() {
            return Err(Refusal::fault("set", "set_or_recompute"));
        }
        let seen = order.clone().by_group(input.permission_group.as_deref())?;
        seen.check_search(&Search::new(input.q.as_ref(), input.q_fields.as_ref()))?;
        let filter = seen.filter(input.filter.as_ref(), "filter")?;
        let mut plan = Plan { filter, seen, values: Fields::new(), formulas: Vec::new() };
        let mut faults = Faults::new();
        for (key, json) in &input.set {
            if let Err(fault) = plan.add(order, key, json)? {
                faults.push(fault.under(key).under("set"));
            }
        }
        if faults.is_empty() { Ok(plan) } else { Err(Refusal::invalid(faults)) }
    }

    /// The same of the records that are searched for.
    ///
    /// # Errors
    /// As [`Plan::new`]; when the database can't be read.
    pub async fn found(order: &Order, db: &mut Reader, input: &BulkEditInput) -> Result<Plan, Refusal> {
        let plan = Plan::new(order, input)?;
        let search = Search::new(input.q.as_ref(), input.q_fields.as_ref());
        let found = plan.seen.searched(db, Shelf::Live, &search).await?;
        Ok(Plan { filter: plan.filter.and(found), ..plan })
    }

    fn add(&mut self, order: &Order, key: &str, json: &Json) -> Result<Result<(), Fault>, Refusal> {
        let form = &order.compiled.form;
        let right = order.access.right(key);
        let column = form.column(key).filter(|column| column.subform().is_none());
        let Some(column) = column.filter(|_| right >= FieldRight::Read) else {
            return Ok(Err(Fault::new("", "unknown_field").arg("field", key)));
        };
        if !column.field.is_input() || right < FieldRight::Edit || column.shape == Shape::Rows {
            return Ok(Err(Fault::new("", "not_writable")));
        }
        let Some(source) = formula_in(json) else {
            let read = column.parse(json);
            if read.is_ok() {
                self.values.insert(key.to_string(), json.clone());
            }
            return Ok(read.map(drop));
        };
        let wanted = column.field.kind.formula_type();
        let formula = match order.as_seen(|seen| seen.formula(source, &wanted))? {
            Ok(formula) => formula,
            Err(fault) => return Ok(Err(fault.under("formula"))),
        };
        self.formulas.push((key.to_string(), formula));
        Ok(Ok(()))
    }

    /// What one record is to hold. Formulas read it as it is, and what it links to with the eyes of who edits.
    ///
    /// # Errors
    /// Not found; what a formula can't compute, at the field that it is for.
    pub async fn fields(&self, tx: &mut Tx, order: &Order, id: Id) -> Result<Fields, Refusal> {
        if self.formulas.is_empty() {
            return Ok(self.values.clone());
        }
        let access = Access::system("a record that is changed by what it holds");
        let record = store::record::lock(tx, &access, order.table(), &[id]).await?.remove(&id);
        let record = record.ok_or_else(Refusal::missing)?;
        let reaches = || self.formulas.iter().flat_map(|(_, formula)| formula.reaches());
        let reads: Vec<Reach> = reaches().filter(|reach| !reach.hops.is_empty()).cloned().collect();
        let mut linked = Linked::default();
        let values = std::iter::once(&record.values);
        order.load_reads(tx, values, &reads, &mut linked, Eyes::Viewer).await?;
        let mut given = system_values(&record);
        let is_live = |reach: &Reach| {
            order.compiled.form.column(&reach.own_path()).is_some_and(|column| column.is_live())
        };
        if order.compiled.form.needs_rollups() || reaches().any(is_live) {
            let mut rollups = order.rollups(tx, std::slice::from_ref(&record)).await?;
            given.extend(rollups.remove(&id).unwrap_or_default());
        }
        self.computed(order, linked, record.values, given)
    }

    fn computed(
        &self,
        order: &Order,
        linked: Linked,
        stored: Values,
        given: Values,
    ) -> Result<Fields, Refusal> {
        let form = order.compiled.form.clone();
        let draft = Draft::edit(form.clone(), order.context.clone(), linked, stored, given);
        let source = draft.source(None);
        let mut budget = Budget::for_record();
        let mut fields = self.values.clone();
        let mut faults = Faults::new();
        for (key, formula) in &self.formulas {
            let at = format!("fields.{key}");
            let closed = |reach: &Reach| {
                let path = reach.own_path();
                !path.starts_with('$')
                    && order.access.right_on(&path, &source, &order.context) < FieldRight::Read
            };
            if formula.reaches().any(closed) {
                faults.push(Fault::new(at, "reads_closed_field"));
                continue;
            }
            let Some(column) = form.column(key) else { continue };
            match landed(formula.evaluate(&source, &order.context, &mut budget), column) {
                Value::Error(error) => faults.push(Fault::not_computed(at, error)),
                value => drop(fields.insert(key.clone(), column.field.kind.to_json(&value))),
            }
        }
        if faults.is_empty() { Ok(fields) } else { Err(Refusal::invalid(faults)) }
    }
}

/// The formula of `{"formula": "…"}`.
fn formula_in(json: &Json) -> Option<&str> {
    let members = json.as_object().filter(|members| members.len() == 1)?;
    members.get("formula")?.as_str()
}

//! One grouped query, seen with the viewer's eyes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::Operation;
use engine::aggregate::AggregateFn;
use engine::condition::{Checked, CheckedOperand, Reach};
use engine::field::Reference;
use engine::report::{DataAnswer, DataGroup, DataMeasure, DataRow, Sight, Titles};
use engine::value::{Id, Value};
use store::Reader;
use store::query::{Function, GroupBy, Groups, Measure, Shelf};

use super::names::last_form;
use crate::service::designs::Designs;
use crate::service::people::{Caller, Directory};
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal};

/// Who looks, and at which designs.
#[derive(Clone)]
pub struct Viewer<'v> {
    pub installation: &'v Installation,
    pub caller: &'v Caller,
    pub designs: Arc<Designs>,
}

/// What is asked of the records of a form.
pub struct Query<'q> {
    pub form: Id,
    /// Its parameters have their values.
    pub filter: Checked,
    pub group: &'q [DataGroup],
    pub measures: &'q [DataMeasure],
}

impl Viewer<'_> {
    /// The viewer at work with the records of a form.
    pub fn order(&self, form: Id) -> Result<Order, Refusal> {
        Order::known(self.installation, self.caller, self.designs.clone(), form, Path::of(self.caller))
    }

    /// Runs a query. What the viewer may not read is withheld: a single measure, or all of them where the filter or the
    /// groups look at a closed field.
    pub async fn ask(&self, db: &mut Reader, query: &Query<'_>) -> Result<DataAnswer, Refusal> {
        let order = self.order(query.form)?;
        let rows = order.access.rows(Operation::View);
        let Some(rows) = rows else {
            return Ok(DataAnswer::withheld(query.measures, Sight::Nothing));
        };
        if !may_look(&order, &query.filter, query.group)? {
            return Ok(DataAnswer::withheld(query.measures, Sight::Part));
        }
        let sight = if rows == Checked::always() { Sight::All } else { Sight::Part };
        let mut asked = Asked::default();
        for measure in query.measures {
            match &measure.of {
                Some((reach, _)) if !order.may_ask(reach)? => asked.withheld.insert(measure.key.clone()),
                _ => asked.add(measure),
            };
        }
        let group = query.group.iter().map(|by| GroupBy {
            reach: by.reach.clone(),
            kind: by.kind.clone(),
            unit: by.unit,
        });
        let groups = Groups {
            shelf: Shelf::Live,
            filter: query.filter.clone(),
            group: group.collect(),
            measures: asked.stored,
        };
        let found = store::query::groups(db, &order.access, order.table(), &groups, &order.context).await?;
        let rows = found
            .into_iter()
            // Without groups there is a row even where there is no record.
            .filter(|found| found.records > 0)
            .map(|found| DataRow {
                group: found.group,
                values: asked.names.iter().map(|name| name.value(&found.values)).collect(),
                records: found.records,
            })
            .collect();
        Ok(DataAnswer { rows, withheld: asked.withheld, sight })
    }
}

impl Viewer<'_> {
    /// What a form is called, where the viewer may know that it is there: they may do something with its records.
    pub fn form_label(&self, form: Id) -> Option<&str> {
        let design =
            self.designs.forms.get(&form).filter(|design| self.designs.may_use(design, self.caller))?;
        Some(design.sketch.as_ref()?.document.label.get(self.caller.language()))
    }

    /// Whether the viewer may know of the field that a path from a form leads to. What is closed to them has no name, no
    /// unit and no choices in an answer either.
    pub fn knows(&self, form: Id, reach: &Reach) -> Result<bool, Refusal> {
        let order = self.order(form)?;
        let views = order.access.may(Operation::View)
            && order.access_to(last_form(form, reach))?.may(Operation::View);
        Ok(views && order.may_ask(reach)?)
    }

    /// Whether every measure of a query would be withheld.
    pub fn is_closed(&self, query: &Query<'_>) -> Result<bool, Refusal> {
        let order = self.order(query.form)?;
        if !order.access.may(Operation::View) || !may_look(&order, &query.filter, query.group)? {
            return Ok(true);
        }
        for measure in query.measures {
            match &measure.of {
                Some((reach, _)) if !order.may_ask(reach)? => {}
                Some(_) | None => return Ok(false),
            }
        }
        Ok(!query.measures.is_empty())
    }
}

/// Whether the viewer may look at everything that decides which records count, and where.
pub fn may_look(order: &Order, filter: &Checked, group: &[DataGroup]) -> Result<bool, Refusal> {
    let tests = filter.tests();
    let operands = tests.iter().filter_map(|test| match &test.operand {
        CheckedOperand::Field(reach, _) => Some(reach),
        _ => None,
    });
    let filtered = tests.iter().map(|test| &test.reach).chain(operands);
    for reach in filtered.chain(group.iter().map(|by| &by.reach)) {
        if !order.may_ask(reach)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The measures as the store is asked for them.
#[derive(Default)]
struct Asked {
    stored: Vec<Measure>,
    names: Vec<Name>,
    withheld: BTreeSet<String>,
}

/// Where a measure's value stands in the store's answer.
struct Name {
    key: String,
    place: usize,
    /// Where the number of added values stands: a sum of none is empty.
    count: Option<usize>,
}

impl Asked {
    fn add(&mut self, measure: &DataMeasure) -> bool {
        let function = match measure.function {
            AggregateFn::Sum => Function::Sum,
            AggregateFn::Count => Function::Count,
            AggregateFn::Avg => Function::Avg,
            AggregateFn::Min => Function::Min,
            AggregateFn::Max => Function::Max,
            AggregateFn::Distinct => Function::Distinct,
        };
        let place = self.push(function, measure.of.clone());
        let count = (function == Function::Sum).then(|| self.push(Function::Count, measure.of.clone()));
        self.names.push(Name { key: measure.key.clone(), place, count });
        true
    }

    fn push(&mut self, function: Function, of: Option<(Reach, engine::field::FieldKind)>) -> usize {
        self.stored.push(Measure { function, of });
        self.stored.len() - 1
    }
}

impl Name {
    fn value(&self, values: &[Value]) -> (String, Value) {
        let number = |place: usize| values.get(place).and_then(Value::as_number);
        let is_none = self.count.is_some_and(|place| number(place).is_none_or(|count| count.is_zero()));
        let value = values.get(self.place).filter(|_| !is_none);
        (self.key.clone(), value.cloned().unwrap_or_default())
    }
}

/// What the records and people that rows are grouped by are called, as far as the viewer may know it. `target` is the
/// form that a group's values are records of.
pub async fn find_titles(
    order: &Order,
    db: &mut Reader,
    groups: &[(&DataGroup, Option<Id>)],
    rows: &[DataRow],
    titles: &mut Titles,
) -> Result<(), Refusal> {
    for (place, (by, target)) in groups.iter().enumerate() {
        let ids = rows.iter().filter_map(|row| row.group.get(place)?.as_ref_id());
        let ids: BTreeSet<Id> = ids.filter(|id| !titles.contains_key(id)).collect();
        match (by.kind.reference(), target) {
            (Some(Reference::Record), Some(target)) => {
                let ids: Vec<Id> = ids.into_iter().collect();
                let found: BTreeMap<String, String> = order.titles_in(db, *target, &ids).await?;
                titles.extend(found.into_iter().filter_map(|(id, title)| Some((id.parse().ok()?, title))));
            }
            (Some(Reference::Member | Reference::Department), _) => {
                titles.extend(people_named(&order.caller.people, ids));
            }
            (Some(Reference::Record | Reference::File) | None, _) => {}
        }
    }
    Ok(())
}

/// What these members and departments are called.
pub fn people_named(people: &Directory, ids: BTreeSet<Id>) -> impl Iterator<Item = (Id, String)> {
    ids.into_iter().map(|id| {
        let department = people.departments.get(&id).map(|department| department.name.clone());
        (id, department.unwrap_or_else(|| people.name(id).to_string()))
    })
}

impl Order {
    /// The form whose records a path's values are.
    pub fn target_of(&self, reach: &Reach) -> Option<Id> {
        let form = last_form(self.form, reach);
        if reach.field == "$id" {
            return Some(form);
        }
        let compiled = self.designs.compiled(self.designs.published(form).ok()?).ok()?;
        let path = if reach.hops.is_empty() { reach.own_path() } else { reach.field.clone() };
        // A choice that another form gives is a text.
        compiled.form.column(&path).filter(|column| column.field.kind.choices_from().is_none())?.target
    }
}

//! How a save is refused that would break the constraint of an aggregate table: what of the group its caller may know.

use std::collections::BTreeMap;

use engine::aggregate::{Aggregate, Breach, Constraint};
use engine::field::Reference;
use engine::text::Fault;
use engine::value::{Decimal, Id, Value, to_fixed};
use serde_json::json;
use store::Reader;
use store::groups::StoredGroup;

use crate::service::Refusal;
use crate::service::aggregates::{group_view, may_read_group};
use crate::service::designs::AggregateDesign;
use crate::service::records::Order;

/// A group as a save would leave it.
pub(super) struct BrokenGroup<'b> {
    pub design: &'b AggregateDesign,
    pub aggregate: &'b Aggregate,
    pub constraint: &'b Constraint,
    pub group: &'b StoredGroup,
    /// Its base measures as they were.
    pub before: &'b [Option<Decimal>],
    pub measures: &'b BTreeMap<String, Value>,
}

impl BrokenGroup<'_> {
    /// The refusal. The group, what it holds and what it would hold are for those who may read it in the table; of
    /// records and people only the titles that the caller sees anyway.
    ///
    /// # Errors
    /// Where the rights can't be looked up.
    pub async fn refusal(&self, db: &mut Reader, order: &Order) -> Result<Refusal, Refusal> {
        let (aggregate, constraint) = (self.aggregate, self.constraint);
        let fault = Fault::new("", "constraint").arg("constraint", &constraint.key);
        let refusal = Refusal::conflict("constraint").member("constraint", json!(constraint.key));
        let group = &self.group.group;
        if !may_read_group(order, self.design, aggregate, group)? {
            return Ok(Refusal { faults: vec![fault.message(constraint.message.clone())], ..refusal });
        }
        let titles = titles(db, order, aggregate, group).await?;
        let before = aggregate.measures(self.before, group, &order.context);
        let breach = Breach { aggregate, constraint, group, before: &before, after: self.measures };
        let number = |measures: &BTreeMap<String, Value>| {
            let (key, scale) = breach.measure()?;
            measures.get(key)?.as_number().map(|number| to_fixed(number, scale))
        };
        let labels: BTreeMap<String, &String> =
            titles.iter().map(|(id, title)| (id.to_string(), title)).collect();
        let refusal = refusal
            .member("group", json!(group_view(aggregate, group)))
            .member("titles", json!(labels))
            .member("before", json!(number(&before)))
            .member("value", json!(number(self.measures)));
        Ok(Refusal { faults: vec![fault.message(breach.message(&titles))], ..refusal })
    }
}

/// What the records and people of a group are called, as far as the caller may know it.
async fn titles(
    db: &mut Reader,
    order: &Order,
    aggregate: &Aggregate,
    group: &[Value],
) -> Result<BTreeMap<Id, String>, Refusal> {
    let mut titles = BTreeMap::new();
    for (dimension, value) in aggregate.dimensions.iter().zip(group) {
        let Some(id) = value.as_ref_id() else { continue };
        let title = match (dimension.kind.reference(), dimension.target) {
            (Some(Reference::Record), Some(form)) => {
                order.titles_in(db, form, &[id]).await?.into_values().next()
            }
            (Some(Reference::Member), _) => Some(order.caller.people.name(id).to_string()),
            (Some(Reference::Department), _) => Some(order.caller.people.department_name(id).to_string()),
            (Some(Reference::Record | Reference::File) | None, _) => None,
        };
        titles.extend(title.filter(|title| !title.is_empty()).map(|title| (id, title)));
    }
    Ok(titles)
}

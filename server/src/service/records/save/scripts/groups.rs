//! What a script reads of aggregate tables: their groups as they are, in the transaction of its save, over all records. What
//! the save itself adds to a table is added after its scripts.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::Access;
use engine::aggregate::{Aggregate, GroupSource};
use engine::condition::{Checked, CheckedOperand, Fields, Reach, Source};
use engine::record::Linked;
use engine::script::{Names, Seen, SortBy, Told, Which};
use engine::value::{Id, Value, Values};
use store::Tx;
use store::groups::{GroupTable, StoredGroup};

use super::answer::WHY;
use super::bridge::Asker;
use super::lines::{dimension_value, hold_groups};
use crate::service::Refusal;
use crate::service::designs::AggregateDesign;
use crate::service::records::system_values;

/// Groups that are read in one go.
const PAGE: i64 = 500;

/// A table that a script asks.
struct Asked<'a> {
    /// As the script calls it.
    name: &'a str,
    design: &'a AggregateDesign,
    aggregate: Arc<Aggregate>,
    filter: Checked,
    /// What it is filtered and sorted by.
    reaches: Vec<Reach>,
    sort: Vec<(Reach, bool)>,
    names: Arc<Names>,
}

/// A group that was found, and what it is sorted by.
type Found = (Vec<Value>, Seen);

impl Asker<'_> {
    pub(super) async fn groups(
        &self,
        tx: &mut Tx,
        name: &str,
        which: &Which,
        sort: &[SortBy],
        limit: usize,
    ) -> Result<Told, Refusal> {
        let asked = self.asked(name, which, sort)?;
        hold_groups(tx, self.order, asked.design.row.id, &asked.aggregate, &which.equal).await?;
        let mut linked = Linked::default();
        let mut found: Vec<Found> = Vec::new();
        if let Some(key) = key_of(&asked.aggregate, which) {
            if let Some(group) = self.table_of(&asked).get(tx, &key).await? {
                self.take(tx, &asked, group, &mut linked, &mut found).await?;
            }
        } else {
            self.scan(tx, &asked, limit, &mut linked, &mut found).await?;
        }
        found.sort_by(|(a, _), (b, _)| in_order(&asked.sort, a, b));
        Ok(Told::Records(found.into_iter().take(limit).map(|(_, seen)| seen).collect()))
    }

    /// Looks through a whole table, in the order of its dimensions; where nothing is sorted, no further than needed.
    async fn scan(
        &self,
        tx: &mut Tx,
        asked: &Asked<'_>,
        limit: usize,
        linked: &mut Linked,
        found: &mut Vec<Found>,
    ) -> Result<(), Refusal> {
        let mut after: Option<String> = None;
        loop {
            let page = self.table_of(asked).page(tx, after.as_deref(), PAGE).await?;
            let is_last = (page.len() as i64) < PAGE;
            after = page.last().map(|group| group.key.clone());
            for group in page {
                if asked.sort.is_empty() && found.len() >= limit {
                    return Ok(());
                }
                self.within.budget.step(1).map_err(|limit| self.limit(limit))?;
                self.take(tx, asked, group, linked, found).await?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Takes a group among those that were found, if it meets the condition.
    async fn take(
        &self,
        tx: &mut Tx,
        asked: &Asked<'_>,
        group: StoredGroup,
        linked: &mut Linked,
        found: &mut Vec<Found>,
    ) -> Result<(), Refusal> {
        let context = &self.order.context;
        let values = asked.aggregate.measures(&group.figures, &group.group, context);
        for reach in &asked.reaches {
            while let Some((form, id)) = (GroupSource { values: &values, linked }).missing(reach) {
                let behind = self.record_behind(tx, form, id).await?;
                linked.insert(form, id, behind);
            }
        }
        let source = GroupSource { values: &values, linked };
        if !asked.filter.holds(&source, context) {
            return Ok(());
        }
        let by = asked.sort.iter().map(|(reach, _)| source.value(reach)).collect();
        let seen = Seen::group(asked.name, values.into_iter().collect(), asked.names.clone());
        self.within.budget.read(1, seen.bytes()).map_err(|limit| self.limit(limit))?;
        found.push((by, seen));
        Ok(())
    }

    /// What lies behind a link dimension of a table, from the record that it holds.
    pub(super) async fn behind(&self, tx: &mut Tx, name: &str, id: Id, path: &str) -> Result<Value, Refusal> {
        let (_, aggregate) = self.table(name)?;
        let designs = self.order.designs.clone();
        let found = aggregate.walked(&*designs).find(path);
        let (reach, _) = found.map_err(|fault| self.failed_by(vec![fault]))?;
        let Some((dimension, _)) = reach.hops.first() else { return Ok(Value::Empty) };
        let values = BTreeMap::from([(dimension.clone(), Value::Ref(id))]);
        let mut linked = Linked::default();
        while let Some((form, id)) = (GroupSource { values: &values, linked: &linked }).missing(&reach) {
            let behind = self.record_behind(tx, form, id).await?;
            linked.insert(form, id, behind);
        }
        Ok(GroupSource { values: &values, linked: &linked }.value(&reach))
    }

    /// What a record holds that a dimension leads to, kept from changing; nothing where it is gone.
    async fn record_behind(&self, tx: &mut Tx, form: Id, id: Id) -> Result<Values, Refusal> {
        let there = self.there(tx, &form.to_string()).await?;
        let records = store::record::lock(tx, &Access::system(WHY), there.table(), &[id]).await?;
        let record = records.into_values().find(|record| record.system.is_live());
        self.within.budget.read(1, 0).map_err(|limit| self.limit(limit))?;
        Ok(record.map_or_else(Values::new, |record| {
            let mut values = system_values(&record);
            values.extend(record.figures);
            values.extend(record.values);
            values
        }))
    }

    /// The table that the script means by a name.
    fn table(&self, name: &str) -> Result<(&AggregateDesign, Arc<Aggregate>), Refusal> {
        let design = self.order.designs.table_in(self.app, name);
        let design = design.ok_or_else(|| self.wrong(format!("there is no aggregate table “{name}”")))?;
        Ok((design, self.order.designs.aggregate(design)?))
    }

    fn table_of<'a>(&self, asked: &'a Asked<'_>) -> GroupTable<'a> {
        let workspace = self.order.caller.workspace_id();
        GroupTable { workspace, number: asked.design.row.number, aggregate: &asked.aggregate }
    }

    fn asked<'a>(&'a self, name: &'a str, which: &Which, sort: &[SortBy]) -> Result<Asked<'a>, Refusal> {
        let (design, aggregate) = self.table(name)?;
        let designs = self.order.designs.clone();
        let (filter, sort) = {
            let fields = aggregate.walked(&*designs);
            let filter = Checked::new(&which.condition, &fields).map_err(|faults| self.failed_by(faults))?;
            let by = |by: &SortBy| {
                let found = fields.find(&by.field);
                let (reach, _) = found.map_err(|fault| self.failed_by(vec![fault]))?;
                Ok::<_, Refusal>((reach, by.descending))
            };
            (filter, sort.iter().map(by).collect::<Result<Vec<_>, Refusal>>()?)
        };
        let compared = filter.tests().into_iter().filter_map(|test| match &test.operand {
            CheckedOperand::Field(reach, _) => Some(reach.clone()),
            _ => None,
        });
        let tested = filter.tests().into_iter().map(|test| test.reach.clone());
        let sorted = sort.iter().map(|(reach, _)| reach.clone());
        let reaches = tested.chain(compared).chain(sorted).filter(|reach| !reach.hops.is_empty()).collect();
        let dimensions = aggregate.dimensions.iter().map(|dimension| dimension.key.clone());
        let base = aggregate.base.iter().map(|measure| measure.key.clone());
        let derived = aggregate.derived.iter().map(|measure| measure.key.clone());
        let names: Arc<Names> = Arc::new(dimensions.chain(base).chain(derived).collect());
        Ok(Asked { name, design, aggregate, filter, reaches, sort, names })
    }
}

/// The key of the one group that is asked for, where every dimension is said to be equal to something.
fn key_of(aggregate: &Aggregate, which: &Which) -> Option<String> {
    let all = aggregate.dimensions.iter();
    let group: Option<Vec<Value>> = all
        .map(|dimension| which.equal.get(&dimension.key).map(|json| dimension_value(dimension, json)))
        .collect();
    group
        .filter(|group| group.len() == which.equal.len() && !group.iter().any(Value::is_empty))
        .map(|group| aggregate.key_of(&group))
}

/// What is empty stands at the end in both directions; equals stay in the order of their dimensions.
fn in_order(sort: &[(Reach, bool)], a: &[Value], b: &[Value]) -> Ordering {
    let pairs = sort.iter().zip(a.iter().zip(b));
    let mut orders = pairs.map(|((_, descending), (a, b))| match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let order = a.compare(b).unwrap_or(Ordering::Equal);
            if *descending { order.reverse() } else { order }
        }
    });
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_stands_at_the_end_in_both_directions() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let sorted = |descending: bool| {
            let by = [(Reach::own("n"), descending)];
            let mut all = vec![vec![Value::Empty], vec![number("2")], vec![number("10")]];
            all.sort_by(|a, b| in_order(&by, a, b));
            all
        };
        assert_eq!(sorted(false), [vec![number("2")], vec![number("10")], vec![Value::Empty]]);
        assert_eq!(sorted(true), [vec![number("10")], vec![number("2")], vec![Value::Empty]]);
    }
}

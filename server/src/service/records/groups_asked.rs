//! The groups of aggregate tables, asked by lists and defaults as records are.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use engine::condition::{Checked, Reach};
use engine::field::{FieldKind, Reference};
use engine::form::{Catalogue, CheckedQuery, CheckedSort, Field, Question};
use engine::report::{DataGroup, Titles};
use engine::value::{Id, Value, Values, get};
use store::Reader;
use wire::records::{Count, CountMode, ListAnswer, ListItem};

use super::Order;
use super::aggregate::ordered;
use super::asking::Page;
use crate::service::reports::Viewer;
use crate::service::{Refusal, dashboards};

/// What was found in a table.
#[derive(Default)]
pub struct FoundGroups {
    /// The dimensions and measures of each group, by their keys.
    pub groups: Vec<Values>,
    /// What the records and people among the dimensions are called.
    titles: Titles,
    fields: Vec<Field>,
}

impl Order {
    /// The groups of a table that meet a condition, in the order of the question; those that whoever asks may see.
    ///
    /// # Errors
    /// When the table no longer fits its forms.
    pub async fn groups_asked(
        &self,
        db: &mut Reader,
        table: Id,
        question: &Question,
        filter: &Checked,
    ) -> Result<FoundGroups, Refusal> {
        // One that is gone has no groups.
        let Some(design) = self.designs.aggregates.get(&table) else { return Ok(FoundGroups::default()) };
        let Some(sketch) = Catalogue::table(&*self.designs, "", &table.to_string()) else {
            return Ok(FoundGroups::default());
        };
        let aggregate = self.designs.aggregate(design)?;
        let fields = sketch.document.fields.clone();
        let read = |key: &str, reach: Reach, kind: &FieldKind| DataGroup {
            key: key.to_string(),
            reach,
            kind: kind.clone(),
            unit: None,
        };
        let own = fields.iter().map(|field| read(&field.key, Reach::own(&field.key), &field.kind));
        let sorted = question.sort.iter().map(|by| read("", by.reach.clone(), &by.kind));
        let paths: Vec<DataGroup> = own.chain(sorted).collect();
        let viewer =
            Viewer { installation: &self.installation, caller: &self.caller, designs: self.designs.clone() };
        let (mut rows, titles) =
            dashboards::values_at(&viewer, db, (design, aggregate), filter, &paths).await?;
        // Without a rule they stand in the order of their dimensions.
        rows.sort_by(|a, b| in_order(&question.sort, sort_values(a, &fields), sort_values(b, &fields)));
        let keyed = |row: Vec<Value>| -> Values {
            let keys = fields.iter().map(|field| field.key.clone());
            keys.zip(row).filter(|(_, value)| !value.is_empty()).collect()
        };
        let groups = rows.into_iter().map(keyed).collect();
        Ok(FoundGroups { groups, titles, fields })
    }

    /// A page of a list of groups.
    pub async fn list_groups(
        &self,
        db: &mut Reader,
        (table, query): (Id, &CheckedQuery),
        filter: Checked,
        page: &Page<'_>,
    ) -> Result<ListAnswer, Refusal> {
        let seal = &self.installation.seal;
        let start: usize = match page.cursor {
            None => 0,
            Some(cursor) => {
                let place = seal.open(cursor, page.bound).and_then(|place| place.parse().ok());
                place.ok_or_else(|| Refusal::fault("cursor", "bad_cursor"))?
            }
        };
        let found = self.groups_asked(db, table, &query.question, &filter).await?;
        let is_shown = |field: &&Field| query.columns.is_empty() || query.columns.contains(&field.key);
        let columns: Vec<&Field> = found.fields.iter().filter(is_shown).collect();
        let (total, limit) = (found.groups.len(), page.limit as usize);
        let shown: Vec<&Values> = found.groups.iter().skip(start).take(limit).collect();
        let item = |values: &&Values| {
            let cells = columns.iter().map(|field| {
                let value = field.kind.to_json(get(values, &field.key));
                (field.key.clone(), value)
            });
            ListItem { id: None, fields: cells.collect(), system: None }
        };
        let end = start.saturating_add(limit);
        let next = (end < total).then(|| seal.close(&end.to_string(), page.bound)).transpose()?;
        let count = match page.count {
            CountMode::None => None,
            CountMode::Estimate | CountMode::Exact => Some(Count { value: total as u64, exact: true }),
        };
        let titles = titles_of(&columns, &shown, &found.titles);
        Ok(ListAnswer { items: shown.iter().map(item).collect(), next, count, titles })
    }
}

/// What a row is sorted by: it stands behind the fields.
fn sort_values<'r>(row: &'r [Value], fields: &[Field]) -> &'r [Value] {
    row.get(fields.len()..).unwrap_or_default()
}

fn in_order(sort: &[CheckedSort], a: &[Value], b: &[Value]) -> Ordering {
    let pairs = sort.iter().zip(a.iter().zip(b));
    let mut orders = pairs.map(|(by, (a, b))| ordered(Some(a), Some(b), Some(&by.kind), by.descending));
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The titles of what stands in some columns, by form, `member` or `department`.
fn titles_of(
    columns: &[&Field],
    shown: &[&Values],
    known: &Titles,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut titles: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for field in columns {
        let of = match field.kind.reference() {
            Some(Reference::Member) => "member",
            Some(Reference::Department) => "department",
            Some(Reference::Record) => field.kind.as_link().map_or("", |link| link.form.as_str()),
            Some(Reference::File) | None => continue,
        };
        for id in shown.iter().filter_map(|values| get(values, &field.key).as_ref_id()) {
            if let Some(title) = known.get(&id) {
                titles.entry(of.to_string()).or_default().insert(id.to_string(), title.clone());
            }
        }
    }
    titles
}

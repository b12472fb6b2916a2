//! Which records make a number of an aggregate table.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::{Access, FieldRight, Operation};
use engine::aggregate::{Aggregate, Contribution};
use engine::formula::{Name, Names, Type, to_labels};
use engine::text::{Fault, Language};
use engine::value::{Id, Value, format_timestamp, to_fixed};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::groups::GroupTable;
use store::query::{Cursor, From, Query, Shelf, Sort};
use store::record::Record;
use wire::{AggregateBehind, AggregateBehindInput, ContributingRecord};

use super::read::{Dimensions, readable, rows_filter};
use super::rebuild::too_large;
use crate::service::designs::{Designs, context};
use crate::service::people::Caller;
use crate::service::people::secret::hex;
use crate::service::records::query::checked_limit;
use crate::service::records::save::aggregates::Stored;
use crate::service::records::{Order, Path};
use crate::service::reports::period_named;
use crate::service::{Installation, Refusal, clock};

/// Records that are looked at once, and how often for one page: between those that the caller may see there may be many
/// others.
const PAGE: usize = 100;
const MOST_LOOKS: usize = 50;

/// Where the next page begins.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// Among the forms that count.
    form: usize,
    after: Option<Cursor>,
}

/// The records that make a measure of a group, the newest of each form first, as far as the caller may see them: by the
/// rows of their groups, and only where they may read everything that decides whether and for how much a record counts.
/// The others are counted.
///
/// # Errors
/// Not found for who may not read the group; faults of what was asked.
pub async fn records(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    input: &AggregateBehindInput,
) -> Result<AggregateBehind, Refusal> {
    let limit = checked_limit(input.limit)? as usize;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let (design, aggregate) = readable(&designs, id, caller)?;
    let group = read_group(&aggregate, &input.group)?;
    let context = context(caller, clock::now());
    let rows = rows_filter(&designs, design.row.app, &aggregate, caller)?;
    if !rows.holds(&Dimensions(&aggregate, &group), &context) {
        return Err(Refusal::missing());
    }
    let unknown = || Fault::new("measure", "unknown_field").arg("field", &input.measure);
    let places = aggregate.made_of(&input.measure).ok_or_else(|| Refusal::invalid(vec![unknown()]))?;
    let key = aggregate.key_of(&group);
    let table =
        GroupTable { workspace: caller.workspace_id(), number: design.row.number, aggregate: &aggregate };
    let stored = table.get(&mut installation.store.read().await?, &key).await?;
    let value = stored.and_then(|stored| {
        let measures = aggregate.measures(&stored.figures, &stored.group, &context);
        text_of(&aggregate, &measures, &input.measure)
    });
    let asked = Asked { aggregate: &aggregate, measure: &input.measure, places: &places, group: &group, key };
    let bound = bound_to(caller, id, input)?;
    let begin = match &input.cursor {
        None => Place { form: 0, after: None },
        Some(cursor) => {
            let bad = || Refusal::fault("cursor", "bad_cursor");
            let text = installation.seal.open(cursor, &bound).ok_or_else(bad)?;
            serde_json::from_str(&text).map_err(|_| bad())?
        }
    };
    let mut looking = Looking { asked: &asked, limit, items: Vec::new(), hidden: 0, looks: 0 };
    let next = looking.look(installation, caller, &designs, begin).await?;
    let next = match next {
        None => None,
        Some(place) => {
            let text = serde_json::to_string(&place).map_err(Refusal::internal)?;
            Some(installation.seal.close(&text, &bound)?)
        }
    };
    let language = caller.language();
    Ok(AggregateBehind {
        label: label_of(&aggregate, &input.measure, language),
        value,
        formula: formula_of(&aggregate, &input.measure, language),
        adds_up: aggregate.adds_up(&input.measure),
        items: looking.items,
        hidden: looking.hidden,
        next,
    })
}

/// What is asked about.
struct Asked<'a> {
    aggregate: &'a Aggregate,
    measure: &'a str,
    /// Of the base measures that it is made of.
    places: &'a [usize],
    group: &'a [Value],
    key: String,
}

/// One page as far as it was found.
struct Looking<'a> {
    asked: &'a Asked<'a>,
    limit: usize,
    items: Vec<ContributingRecord>,
    hidden: u64,
    looks: usize,
}

impl Looking<'_> {
    /// Fills the page; says where the next one begins.
    async fn look(
        &mut self,
        installation: &Installation,
        caller: &Caller,
        designs: &Arc<Designs>,
        begin: Place,
    ) -> Result<Option<Place>, Refusal> {
        let forms = self.asked.aggregate.forms_of(self.asked.places);
        let mut after = begin.after;
        for (place, form) in forms.into_iter().enumerate().skip(begin.form) {
            let order = Order::known(installation, caller, designs.clone(), form, Path::of(caller))?;
            loop {
                if self.items.len() >= self.limit || self.looks >= MOST_LOOKS {
                    return Ok(Some(Place { form: place, after }));
                }
                self.looks += 1;
                let wanted = PAGE.min(self.limit - self.items.len());
                after = self.look_once(&order, wanted, after.take()).await?;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(None)
    }

    /// Looks at some records that may count; answers where to go on.
    async fn look_once(
        &mut self,
        order: &Order,
        wanted: usize,
        after: Option<Cursor>,
    ) -> Result<Option<Cursor>, Refusal> {
        let Asked { aggregate, places, group, .. } = *self.asked;
        let all = Access::system("what makes a number of an aggregate table");
        let (reach, kind) = order.compiled.form.find("$created_at", &*order.designs).map_err(of_path)?;
        let query = Query {
            shelf: Shelf::Live,
            filter: aggregate.candidates(places, order.form, group),
            sort: vec![Sort { reach, kind, descending: true }],
            limit: u32::try_from(wanted).map_err(Refusal::internal)?,
            from: after.map_or(From::Start, From::After),
            fields: Some(Vec::new()),
        };
        let mut db = order.reader().await?;
        let page = store::query::page(&mut db, &all, order.table(), &query, &order.context).await?;
        let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
        let mut whole = store::record::get_many(&mut db, &all, order.table(), &ids, &order.context).await?;
        let mut counting: Vec<(Record, Contribution)> = Vec::new();
        for id in ids {
            let Some(record) = whole.remove(&id) else { continue };
            if let Some(part) = self.part_of(order, &record)? {
                counting.push((record, part));
            }
        }
        let seen = self.seen_by(&mut db, order, &counting).await?;
        let records: Vec<Record> = seen.iter().map(|(record, _)| record.clone()).collect();
        let titles = order.seen_titles(&mut db, &records).await?;
        self.hidden += (counting.len() - seen.len()) as u64;
        for ((record, part), title) in seen.iter().zip(titles) {
            self.items.push(self.item(order, record, part, title));
        }
        Ok(page.next)
    }

    /// What a record gives to the group, if it really counts for it.
    fn part_of(&self, order: &Order, record: &Record) -> Result<Option<Contribution>, Refusal> {
        if !record.system.is_live() || record.system.voided_at.is_some() {
            return Ok(None);
        }
        let Asked { aggregate, places, .. } = *self.asked;
        let all = aggregate.contributions_to(places, order.form, &Stored(record), &order.context);
        Ok(all.ok_or_else(too_large)?.remove(&self.asked.key))
    }

    /// Those that the caller may see, as the caller sees them.
    async fn seen_by(
        &self,
        db: &mut store::Reader,
        order: &Order,
        counting: &[(Record, Contribution)],
    ) -> Result<Vec<(Record, Contribution)>, Refusal> {
        if !order.access.may(Operation::View) || !self.may_look(order) {
            return Ok(Vec::new());
        }
        let ids: Vec<Id> = counting.iter().map(|(record, _)| record.id).collect();
        let seen = store::record::get_many(db, &order.access, order.table(), &ids, &order.context).await?;
        Ok(counting.iter().filter(|(record, _)| seen.contains_key(&record.id)).cloned().collect())
    }

    /// Whether the caller may read, on every record, all that decides whether one counts and for how much.
    fn may_look(&self, order: &Order) -> bool {
        let access = &order.access;
        let sources = self.asked.aggregate.sources.iter();
        let feeding = sources.filter(|source| source.form == order.form && source.feeds(self.asked.places));
        let mut reaches = feeding.flat_map(|source| source.reaches());
        reaches.all(|reach| {
            let path = reach.own_path();
            path.starts_with('$') || (access.right(&path) >= FieldRight::Read && access.is_uniform(&path))
        })
    }

    fn item(&self, order: &Order, record: &Record, part: &Contribution, title: String) -> ContributingRecord {
        let Asked { aggregate, measure, places, .. } = *self.asked;
        let language = order.caller.language();
        let measures = aggregate.measures_alone(part, &order.context);
        let is_base = aggregate.base.iter().any(|known| known.key == *measure);
        let contribution =
            (is_base || aggregate.adds_up(measure)).then(|| text_of(aggregate, &measures, measure)).flatten();
        let feeds = |place: usize| {
            aggregate.sources.iter().any(|source| source.form == order.form && source.feeds(&[place]))
        };
        let base =
            places.iter().filter(|place| feeds(**place)).filter_map(|place| aggregate.base.get(*place));
        let parts = base.map(|known| {
            (label_of(aggregate, &known.key, language), text_of(aggregate, &measures, &known.key))
        });
        let sketch = &order.compiled.form.sketch;
        ContributingRecord {
            id: record.id,
            form: order.form,
            app: sketch.app.clone(),
            form_label: sketch.document.label.get(language).to_string(),
            title,
            created_at: format_timestamp(record.system.created_at),
            contribution,
            parts: parts.collect(),
        }
    }
}

/// A group as `rows` gives it.
fn read_group(aggregate: &Aggregate, given: &BTreeMap<String, Json>) -> Result<Vec<Value>, Refusal> {
    let mut faults = Vec::new();
    let known = |name: &String| aggregate.dimensions.iter().any(|dimension| dimension.key == *name);
    for name in given.keys().filter(|name| !known(name)) {
        faults.push(Fault::new(format!("group.{name}"), "unknown_field").arg("field", name));
    }
    let mut group = Vec::new();
    for dimension in &aggregate.dimensions {
        let at = format!("group.{}", dimension.key);
        let json = given.get(&dimension.key).unwrap_or(&Json::Null);
        let value = match (dimension.unit, json.as_str()) {
            (Some(unit), Some(name)) => period_named(unit, name).map(|(first, _)| Value::Date(first)),
            (Some(_), None) => None,
            (None, _) => dimension.kind.parse_wire(json).ok(),
        };
        match value {
            Some(value) if !value.is_empty() => group.push(value),
            Some(_) | None => faults.push(Fault::new(at, "bad_operand").arg("field", &dimension.key)),
        }
    }
    if faults.is_empty() { Ok(group) } else { Err(Refusal::invalid(faults)) }
}

/// What a cursor is bound to: who asks, and about what.
fn bound_to(caller: &Caller, id: Id, input: &AggregateBehindInput) -> Result<String, Refusal> {
    let asked = serde_json::to_vec(&(&input.group, &input.measure)).map_err(Refusal::internal)?;
    Ok(format!("made of {id} {} {}", caller.id(), hex(&Sha256::digest(asked))))
}

fn of_path(fault: Fault) -> Refusal {
    Refusal::invalid(vec![fault])
}

/// A measure with the digits that it has.
fn text_of(aggregate: &Aggregate, measures: &BTreeMap<String, Value>, key: &str) -> Option<String> {
    let number = measures.get(key)?.as_number()?;
    Some(to_fixed(number, aggregate.scale_of(key)?))
}

fn label_of(aggregate: &Aggregate, key: &str, language: Language) -> String {
    aggregate.label_of(key).map_or_else(|| key.to_string(), |label| label.get(language).to_string())
}

/// How a computed measure is computed, as people say it.
fn formula_of(aggregate: &Aggregate, measure: &str, language: Language) -> Option<String> {
    let derived = aggregate.document.measures.iter().find(|known| known.key == measure)?;
    Some(to_labels(&derived.formula, &Called { aggregate, language }))
}

/// What measures and dimensions are called in a formula.
struct Called<'a> {
    aggregate: &'a Aggregate,
    language: Language,
}

impl Names for Called<'_> {
    fn members(&self, path: &[&str]) -> Vec<Name> {
        if !path.is_empty() {
            return Vec::new();
        }
        let Called { aggregate, language } = *self;
        let dimensions = aggregate.dimensions.iter().map(|known| &known.key);
        let base = aggregate.base.iter().map(|known| &known.key);
        let derived = aggregate.derived.iter().map(|known| &known.key);
        let all = dimensions.chain(base).chain(derived);
        all.map(|key| Name::new(key, label_of(aggregate, key, language), Type::Number)).collect()
    }
}

//! What a record shows that is not stored in it: linked records, rollups, live formulas.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::{Access, FieldRight};
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::context::Context;
use engine::field::{FieldKind, RollupFn, Shape, options};
use engine::form::{Column, Form, SYSTEM_FIELDS, WhenHidden};
use engine::formula::Answers;
use engine::record::{Draft, Linked, missing_on_paths};
use engine::value::{ErrorValue, Id, Value, Values};
use store::Reader;
use store::query::{Function, GroupBy, Groups, Measure, Shelf};
use store::record::Record;

use super::Order;
use crate::service::Refusal;

/// With whose eyes linked records are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// What is stored, and which way a flow goes, must not depend on who saves. What the rows of the saver's groups
    /// read is looked at too.
    System,
    /// What is shown is what the viewer may see.
    Viewer,
}

/// What stored records read that is not stored in them, for many of them at once, whoever asks.
#[derive(Default)]
pub struct Around {
    linked: Linked,
    rollups: BTreeMap<Id, Values>,
}

/// Why a rollup reads every record.
const ROLLUP: &str = "a rollup counts all records";

/// How many steps of links are followed while values settle.
const ROUNDS: usize = 6;

impl Order {
    fn access_with(&self, form: Id, eyes: Eyes) -> Result<Access, Refusal> {
        match eyes {
            Eyes::System => Ok(Access::system("computing")),
            Eyes::Viewer => self.access_to(form),
        }
    }

    /// Whether a save reads linked records, for its values or for the rows of the saver's groups.
    pub fn reads_links(&self) -> bool {
        !self.compiled.form.link_reads().is_empty() || !self.access.link_reads().is_empty()
    }

    /// Loads the linked records that computing `values` reads and `linked` has not, and those they lead to. True when
    /// something was loaded.
    pub async fn load_links<'v>(
        &self,
        db: &mut Reader,
        values: impl Iterator<Item = &'v Values> + Clone,
        linked: &mut Linked,
        eyes: Eyes,
    ) -> Result<bool, Refusal> {
        self.load_reads(db, values, &[], linked, eyes).await
    }

    /// As [`Order::load_links`], with what the paths `more` lead to, such as those that a flow reads.
    pub async fn load_reads<'v>(
        &self,
        db: &mut Reader,
        values: impl Iterator<Item = &'v Values> + Clone,
        more: &[Reach],
        linked: &mut Linked,
        eyes: Eyes,
    ) -> Result<bool, Refusal> {
        let mut reads: Vec<Reach> = self.compiled.form.link_reads().to_vec();
        reads.extend_from_slice(more);
        if eyes == Eyes::System {
            reads.extend(self.access.link_reads());
        }
        let mut loaded = false;
        for _ in 0..ROUNDS {
            let missing: BTreeSet<(Id, Id)> =
                values.clone().flat_map(|values| missing_on_paths(&reads, values, linked)).collect();
            if missing.is_empty() {
                break;
            }
            loaded = true;
            let mut by_form: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
            for (target, id) in missing {
                by_form.entry(target).or_default().push(id);
            }
            for (target, ids) in by_form {
                let access = self.access_with(target, eyes)?;
                let there = self.designs.compiled(self.designs.published(target)?)?.form.clone();
                let table = self.table_of(target)?;
                let mut found = store::record::get_many(db, &access, table, &ids, &self.context).await?;
                found.retain(|_, record| record.system.deleted_at.is_none());
                let records: Vec<&Record> = found.values().collect();
                let mut counted = self.linked_rollups(db, target, &records, &reads).await?;
                for id in ids {
                    let rollups = counted.remove(&id).unwrap_or_default();
                    let record = found.remove(&id);
                    let seen = record.map(|record| readable(record, rollups, &there, &access, &self.context));
                    linked.insert(target, id, seen.unwrap_or_default());
                }
            }
        }
        Ok(loaded)
    }

    /// What these stored records, their rows and the paths `more` read beyond themselves.
    pub async fn around(
        &self,
        db: &mut Reader,
        records: &[Record],
        more: &[Reach],
    ) -> Result<Around, Refusal> {
        let mut linked = Linked::default();
        let values = records.iter().map(|record| &record.values);
        self.load_reads(db, values, more, &mut linked, Eyes::System).await?;
        let mut rollups = BTreeMap::new();
        if self.compiled.form.needs_rollups() {
            rollups = self.rollups(db, records).await?;
        }
        Ok(Around { linked, rollups })
    }

    /// These fields, and those of the records that the live ones among them, and the rows of the caller's groups, are made of.
    pub fn with_reads(&self, fields: &[String]) -> Vec<String> {
        let mut held = self.with_row_reads(fields);
        let is_wanted = |column: &Column| {
            let own = column.subform().unwrap_or(&column.path);
            fields.iter().any(|field| field == own)
        };
        for path in self.compiled.form.live_reads(&is_wanted) {
            if !path.contains('.') && !held.contains(&path) {
                held.push(path);
            }
        }
        held
    }

    /// One of these records, as rules, rows and flows read it.
    pub fn draft_of(&self, record: &Record, around: &Around) -> Draft {
        let mut given = system_values(record);
        given.extend(record.figures.clone());
        given.extend(around.rollups.get(&record.id).cloned().unwrap_or_default());
        let (form, context) = (self.compiled.form.clone(), self.context.clone());
        Draft::edit(form, context, around.linked.clone(), record.values.clone(), given)
    }

    /// The values of a record that it shows: stored ones, and live ones as this caller sees them.
    pub async fn shown(
        &self,
        db: &mut Reader,
        records: &[Record],
        only: Option<&[String]>,
    ) -> Result<Vec<Values>, Refusal> {
        let form = &self.compiled.form;
        let wanted = |column: &&Column| {
            column.is_live()
                && column.field.kind.holds_data()
                && only.is_none_or(|only| {
                    only.iter().any(|path| *path == column.path || column.subform() == Some(path))
                })
        };
        let live: Vec<&Column> = form.all_columns().filter(wanted).collect();
        if live.iter().all(|column| is_beside(column, records)) {
            return Ok(records.iter().map(|record| with_figures(record, &live)).collect());
        }
        let mut linked = Linked::default();
        self.load_links(db, records.iter().map(|record| &record.values), &mut linked, Eyes::Viewer).await?;
        let needed = form.live_reads(&|column| wanted(&column));
        let every: Vec<&Record> = records.iter().collect();
        let mut rollups = self.rollups_of(db, &every, Some(&needed)).await?;
        let mut draft_of = |record: &Record| {
            let mut given = system_values(record);
            given.extend(rollups.remove(&record.id).unwrap_or_default());
            Draft::edit(form.clone(), self.context.clone(), linked.clone(), record.values.clone(), given)
        };
        let live = |record: &Record, draft: &Draft| with_live(form, &record.values, draft.values());
        if form.figures().next().is_none() {
            return Ok(records.iter().map(|record| live(record, &draft_of(record))).collect());
        }
        // What they ask of other records is asked for all of them together.
        let mut drafts: Vec<Draft> = records.iter().map(draft_of).collect();
        let mut asking: Vec<&mut Draft> = drafts.iter_mut().collect();
        self.answer_all(db, &mut asking, &mut Answers::default()).await?;
        Ok(records.iter().zip(&drafts).map(|(record, draft)| live(record, draft)).collect())
    }

    /// The rollups of records, by record: those that are kept, and the others as they are at this moment. They count every
    /// record that links here, whoever asks: who reads the figure is said by the right on the field that shows it, and a
    /// figure that each reader saw differently would be no figure. Where a condition names whoever asks, it is theirs all
    /// the same.
    pub async fn rollups(
        &self,
        db: &mut Reader,
        records: &[Record],
    ) -> Result<BTreeMap<Id, Values>, Refusal> {
        let records: Vec<&Record> = records.iter().collect();
        self.rollups_of(db, &records, None).await
    }

    /// The rollups of linked records that `reads` lead to, by record.
    async fn linked_rollups(
        &self,
        db: &mut Reader,
        target: Id,
        records: &[&Record],
        reads: &[Reach],
    ) -> Result<BTreeMap<Id, Values>, Refusal> {
        let form = self.designs.compiled(self.designs.published(target)?)?.form;
        let leads = |column: &Column| {
            let ends = |reach: &Reach| {
                reach.field == column.path && reach.hops.last().is_some_and(|(_, form)| *form == target)
            };
            matches!(column.field.kind, FieldKind::Rollup(_)) && reads.iter().any(ends)
        };
        let wanted = form.fields().filter(|column| leads(column)).map(|column| column.path.clone());
        let wanted: BTreeSet<String> = wanted.collect();
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.with_form(target, self.path)?.rollups_of(db, records, Some(&wanted)).await
    }

    /// As [`Order::rollups`], of these fields where they are named.
    async fn rollups_of(
        &self,
        db: &mut Reader,
        records: &[&Record],
        wanted: Option<&BTreeSet<String>>,
    ) -> Result<BTreeMap<Id, Values>, Refusal> {
        let mut all: BTreeMap<Id, Values> = BTreeMap::new();
        for column in self.compiled.form.fields() {
            if wanted.is_some_and(|wanted| !wanted.contains(&column.path)) {
                continue;
            }
            let FieldKind::Rollup(rollup) = &column.field.kind else { continue };
            let Some(target) = column.target else { continue };
            let is_computed = |record: &&&Record| !record.figures.contains_key(&column.path);
            let computed: Vec<Id> = records.iter().filter(is_computed).map(|record| record.id).collect();
            let found = match computed.is_empty() {
                true => BTreeMap::new(),
                false => self.rollup(db, column, rollup, target, &computed).await?,
            };
            for record in records {
                let value = record.figures.get(&column.path).or_else(|| found.get(&record.id)).cloned();
                let empty = || column.over_nothing().unwrap_or_default();
                all.entry(record.id).or_default().insert(column.path.clone(), value.unwrap_or_else(empty));
            }
        }
        Ok(all)
    }

    async fn rollup(
        &self,
        db: &mut Reader,
        column: &Column,
        rollup: &options::Rollup,
        target: Id,
        ids: &[Id],
    ) -> Result<BTreeMap<Id, Value>, Refusal> {
        let compiled = self.designs.compiled(self.designs.published(target)?)?;
        let (link, kind) = compiled
            .form
            .find(&rollup.link, &*self.designs)
            .map_err(|fault| Refusal::invalid(vec![fault]))?;
        let here = among(link.clone(), kind.clone(), ids);
        let filter = column.filter.clone().unwrap_or_else(Checked::always).and(not_void()?).and(here);
        let of = match &rollup.field {
            None => None,
            Some(path) => Some(
                compiled.form.find(path, &*self.designs).map_err(|fault| Refusal::invalid(vec![fault]))?,
            ),
        };
        let function = match rollup.function {
            RollupFn::Count => Function::Count,
            RollupFn::Sum => Function::Sum,
            RollupFn::Avg => Function::Avg,
            RollupFn::Min => Function::Min,
            RollupFn::Max => Function::Max,
            RollupFn::Distinct => Function::Distinct,
            RollupFn::First | RollupFn::Last => {
                return self.first_or_last(db, rollup, target, filter, ids).await;
            }
        };
        let groups = Groups {
            shelf: Shelf::Live,
            filter,
            group: vec![GroupBy { reach: link, kind, unit: None }],
            measures: vec![Measure { function, of }],
        };
        let (access, table) = (Access::system(ROLLUP), self.table_of(target)?);
        let found = match store::query::groups(db, &access, table, &groups, &self.context).await {
            // What it counts has become live since it was published: there is nothing stored to add up.
            Err(store::Error::NotAskable { .. }) => return Ok(all_of(ids, Value::Error(ErrorValue::Ref))),
            found => found?,
        };
        Ok(found
            .into_iter()
            .filter_map(|group| {
                Some((group.group.first()?.as_ref_id()?, group.values.into_iter().next().unwrap_or_default()))
            })
            .collect())
    }

    /// The value in the oldest or newest record that links here.
    async fn first_or_last(
        &self,
        db: &mut Reader,
        rollup: &options::Rollup,
        target: Id,
        filter: Checked,
        ids: &[Id],
    ) -> Result<BTreeMap<Id, Value>, Refusal> {
        let newest = rollup.function == RollupFn::Last;
        let access = Access::system(ROLLUP);
        let field = rollup.field.as_deref().unwrap_or_default();
        let sort = store::query::Sort {
            reach: Reach::own("$id"),
            kind: engine::form::system_kind("$id").ok_or_else(Refusal::missing)?,
            descending: newest,
        };
        let mut found = BTreeMap::new();
        for id in ids {
            let compiled = self.designs.compiled(self.designs.published(target)?)?;
            let (link, kind) = compiled
                .form
                .find(&rollup.link, &*self.designs)
                .map_err(|fault| Refusal::invalid(vec![fault]))?;
            let (reach, _) =
                compiled.form.find(field, &*self.designs).map_err(|fault| Refusal::invalid(vec![fault]))?;
            if compiled.form.column(&reach.own_path()).is_some_and(Column::is_live) {
                return Ok(all_of(ids, Value::Error(ErrorValue::Ref)));
            }
            let query = store::query::Query {
                shelf: Shelf::Live,
                filter: filter.clone().and(among(link, kind, &[*id])),
                sort: vec![sort.clone()],
                limit: 1,
                from: store::query::From::Start,
                fields: None,
            };
            let table = self.table_of(target)?;
            let page = match store::query::page(db, &access, table, &query, &self.context).await {
                Err(store::Error::NotAskable { .. }) => {
                    return Ok(all_of(ids, Value::Error(ErrorValue::Ref)));
                }
                page => page?,
            };
            let Some(record) = page.records.first() else { continue };
            found.insert(*id, self.read_along(db, record, &reach).await?);
        }
        Ok(found)
    }

    /// What a record has at the end of a path: its own value, or that of the record which its links lead to. Rows have
    /// many.
    async fn read_along(&self, db: &mut Reader, record: &Record, reach: &Reach) -> Result<Value, Refusal> {
        if reach.subform().is_some() {
            return Ok(Value::Empty);
        }
        let mut at = record.value(&reach.own_path());
        for (place, (_, form)) in reach.hops.iter().enumerate() {
            let Some(id) = at.as_ref_id() else { return Ok(Value::Empty) };
            let (access, table) = (Access::system(ROLLUP), self.table_of(*form)?);
            let mut found = store::record::get_many(db, &access, table, &[id], &self.context).await?;
            let found = found.remove(&id).filter(|record| record.system.deleted_at.is_none());
            let Some(found) = found else { return Ok(Value::Empty) };
            let next = reach.hops.get(place + 1).map_or(&reach.field, |(link, _)| link);
            at = found.value(next);
        }
        Ok(at)
    }
}

/// The same value for each.
fn all_of(ids: &[Id], value: Value) -> BTreeMap<Id, Value> {
    ids.iter().map(|id| (*id, value.clone())).collect()
}

/// What is void counts in no aggregate (semantics.md 15).
pub fn not_void() -> Result<Checked, Refusal> {
    Ok(Checked::Test(Box::new(CheckedTest {
        reach: Reach::own("$voided_at"),
        kind: engine::form::system_kind("$voided_at").ok_or_else(Refusal::missing)?,
        op: Operator::IsEmpty,
        operand: CheckedOperand::Nothing,
        matching: Match::Any,
    })))
}

/// Whether a field is a figure that is kept beside all of these records, and shown as it is whatever rules hide.
fn is_beside(column: &Column, records: &[Record]) -> bool {
    column.kept.is_some()
        && column.field.hidden_policy() == WhenHidden::Recompute
        && records.iter().all(|record| record.figures.contains_key(&column.path))
}

/// A record's values with these figures of it.
fn with_figures(record: &Record, figures: &[&Column]) -> Values {
    let mut values = record.values.clone();
    let kept = figures.iter().filter_map(|column| record.figures.get_key_value(&column.path));
    values.extend(kept.map(|(path, figure)| (path.clone(), figure.clone())));
    values
}

/// A link whose value is one of `ids`, or that has one of them among several.
pub fn among(link: Reach, kind: FieldKind, ids: &[Id]) -> Checked {
    in_list(link, kind, ids.iter().copied().map(Value::Ref).collect())
}

/// A field whose value is one of `values`, or that has one of them among several.
pub fn in_list(reach: Reach, kind: FieldKind, values: Vec<Value>) -> Checked {
    let operand = CheckedOperand::List(values);
    let op = if kind.shape() == Shape::Refs { Operator::HasAny } else { Operator::In };
    Checked::Test(Box::new(CheckedTest { reach, kind, op, operand, matching: Match::Any }))
}

/// A record's fields and system fields, as formulas of other records read them: those that this access opens.
fn readable(record: Record, rollups: Values, form: &Arc<Form>, access: &Access, context: &Context) -> Values {
    let mut values = system_values(&record);
    let mut given = values.clone();
    given.extend(record.figures);
    given.extend(rollups.clone());
    let mut own = record.values;
    own.extend(rollups);
    if !access.is_unrestricted() {
        let draft = Draft::edit(form.clone(), context.clone(), Linked::default(), own.clone(), given);
        let source = draft.source(None);
        own.retain(|path, _| access.right_on(path, &source, context) >= FieldRight::Read);
    }
    values.extend(own);
    values
}

/// The system fields by name.
pub fn system_values(record: &Record) -> Values {
    SYSTEM_FIELDS.iter().map(|name| ((*name).to_string(), record.value(name))).collect()
}

/// The stored values with the live ones of `computed`, in rows too.
fn with_live(form: &Arc<Form>, stored: &Values, computed: &Values) -> Values {
    let mut values = stored.clone();
    for column in form.fields() {
        let Some(value) = computed.get(&column.path) else { continue };
        if column.is_live() {
            values.insert(column.path.clone(), value.clone());
        } else if let (Some(Value::Rows(rows)), Value::Rows(live_rows)) =
            (values.get_mut(&column.path), value)
        {
            for (row, live) in rows.iter_mut().zip(live_rows) {
                for inner in form.columns_of(&column.path).filter(|inner| inner.is_live()) {
                    let key = &inner.field.key;
                    row.values.extend(live.values.get(key).map(|value| (key.clone(), value.clone())));
                }
            }
        }
    }
    values
}

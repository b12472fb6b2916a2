//! An aggregate table, checked against the forms that it reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{AggregateDocument, AggregateFn, GroupBy, SourceRule};
use crate::condition::{Checked, CheckedOperand, Condition, Fields, Reach, Source, Unit};
use crate::context::Context;
use crate::field::{FieldKind, Shape, options};
use crate::form::{Catalogue, Compiled, Form, Surroundings};
use crate::formula::{Budget, Resolved, Scope, Type};
use crate::text::{Fault, Faults, Label};
use crate::value::{Decimal, Id, Rounding, Value, round};

/// An aggregate table that can be kept.
#[derive(Debug)]
pub struct Aggregate {
    pub document: AggregateDocument,
    pub dimensions: Vec<CheckedDimension>,
    /// What is stored for each group, besides the number of contributions.
    pub base: Vec<BaseMeasure>,
    /// What is computed from it when read.
    pub derived: Vec<DerivedMeasure>,
    pub constraints: Vec<Constraint>,
    pub sources: Vec<CheckedSource>,
}

/// A dimension with the kind of its values.
#[derive(Clone, Debug)]
pub struct CheckedDimension {
    pub key: String,
    pub label: Label,
    pub kind: FieldKind,
    /// For a link: the form that it leads to.
    pub target: Option<Id>,
    /// Dates are kept as the first day of the unit.
    pub unit: Option<Unit>,
}

/// A stored sum or count.
#[derive(Clone, Debug)]
pub struct BaseMeasure {
    pub key: String,
    pub label: Option<Label>,
    pub scale: u32,
}

/// A measure with its formula.
#[derive(Debug)]
pub struct DerivedMeasure {
    pub key: String,
    pub label: Option<Label>,
    pub scale: u32,
    pub formula: Compiled,
}

/// A constraint with its condition typed.
#[derive(Debug)]
pub struct Constraint {
    pub key: String,
    pub check: Checked,
    pub message: Label,
}

/// A source with its paths resolved.
#[derive(Debug)]
pub struct CheckedSource {
    pub form: Id,
    pub rows: Option<String>,
    pub filter: Checked,
    /// One for each dimension, in their order.
    pub group: Vec<(Reach, Option<Unit>)>,
    /// Place in the base measures, function, and what is added.
    pub measures: Vec<(usize, AggregateFn, Option<Reach>)>,
}

impl CheckedSource {
    /// What it adds up, and then what it groups by.
    pub(super) fn counted(&self) -> impl Iterator<Item = &Reach> {
        let measured = self.measures.iter().filter_map(|(_, _, reach)| reach.as_ref());
        measured.chain(self.group.iter().map(|(reach, _)| reach))
    }

    /// Where it reads.
    fn reaches(&self) -> Vec<&Reach> {
        let tests = self.filter.tests();
        let compared = tests.iter().copied().filter_map(|test| match &test.operand {
            CheckedOperand::Field(reach, _) => Some(reach),
            _ => None,
        });
        let measured = self.measures.iter().filter_map(|(_, _, reach)| reach.as_ref());
        let filtered = tests.iter().copied().map(|test| &test.reach).chain(compared);
        filtered.chain(self.group.iter().map(|(reach, _)| reach)).chain(measured).collect()
    }
}

impl Aggregate {
    /// Checks a document. `form` gives the published form for a name.
    ///
    /// # Errors
    /// Everything wrong with it, with JSON pointers.
    pub fn publish(
        document: AggregateDocument,
        form: &dyn Fn(&str) -> Option<Arc<Form>>,
        catalogue: &dyn Catalogue,
    ) -> Result<Aggregate, Faults> {
        let mut faults = Faults::new();
        if document.dimensions.is_empty() {
            faults.push(Fault::new("/dimensions", "required"));
        }
        let mut dimensions: Vec<Option<CheckedDimension>> = vec![None; document.dimensions.len()];
        let mut base: Vec<BaseMeasure> = Vec::new();
        let mut sources = Vec::new();
        for (place, rule) in document.sources.iter().enumerate() {
            let at = format!("/sources/{place}");
            match form(&rule.form) {
                None => faults.push(Fault::new(format!("{at}/form"), "unknown_form").arg("form", &rule.form)),
                Some(form) => {
                    let mut reading = SourceReading {
                        rule,
                        form: &form,
                        catalogue,
                        at: &at,
                        document: &document,
                        dimensions: &mut dimensions,
                        base: &mut base,
                        faults: &mut faults,
                    };
                    sources.push(reading.read());
                }
            }
        }
        if document.sources.is_empty() {
            faults.push(Fault::new("/sources", "required"));
        }
        let known: Vec<CheckedDimension> = dimensions.iter().flatten().cloned().collect();
        if known.len() < dimensions.len() && faults.is_empty() {
            faults.push(Fault::new("/dimensions", "required"));
        }
        let mut names = Names { dimensions: &known, numbers: BTreeMap::new() };
        names.numbers.extend(base.iter().map(|measure| (measure.key.clone(), measure.scale)));
        let mut derived = Vec::new();
        for (place, measure) in document.measures.iter().enumerate() {
            match Compiled::over(&measure.formula, &names, &Type::Number, &|path| {
                Fields::find(&names, path).map(|found| found.0)
            }) {
                Ok(formula) => {
                    names.numbers.insert(measure.key.clone(), measure.scale);
                    let (key, label, scale) = (measure.key.clone(), measure.label.clone(), measure.scale);
                    derived.push(DerivedMeasure { key, label, scale, formula });
                }
                Err(fault) => faults.push(Fault { path: format!("/measures/{place}/formula"), ..fault }),
            }
        }
        let mut constraints = Vec::new();
        for (place, rule) in document.constraints.iter().enumerate() {
            match Checked::new(&rule.check, &names) {
                Ok(check) if check.depends_on_moment_or_viewer() => {
                    faults.push(Fault::new(format!("/constraints/{place}/check"), "time_dependent"));
                }
                Ok(check) => constraints.push(Constraint {
                    key: rule.key.clone(),
                    check,
                    message: rule.message.clone(),
                }),
                Err(found) => faults.extend(
                    found
                        .into_iter()
                        .map(|fault| Fault { path: format!("/constraints/{place}/check"), ..fault }),
                ),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Aggregate { dimensions: known, base, derived, constraints, sources, document })
    }

    /// All measures of a group, stored and derived, from its stored ones (in the order of `base`).
    pub fn measures(
        &self,
        stored: &[Decimal],
        group: &[Value],
        context: &Context,
    ) -> BTreeMap<String, Value> {
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for (dimension, value) in self.dimensions.iter().zip(group) {
            values.insert(dimension.key.clone(), value.clone());
        }
        for (measure, number) in self.base.iter().zip(stored) {
            values.insert(measure.key.clone(), Value::Number(*number));
        }
        let mut budget = Budget::for_record();
        for measure in &self.derived {
            let value = match measure.formula.evaluate(&GroupReader(&values), context, &mut budget) {
                Value::Number(number) => Value::Number(round(number, measure.scale, Rounding::HalfUp)),
                other => other,
            };
            values.insert(measure.key.clone(), value);
        }
        values
    }

    /// A condition over dimensions and measures, typed.
    ///
    /// # Errors
    /// Everything wrong with it.
    pub fn check(&self, condition: &Condition) -> Result<Checked, Faults> {
        Checked::new(condition, &self.names())
    }

    fn names(&self) -> Names<'_> {
        let derived = self.derived.iter().map(|measure| (measure.key.clone(), measure.scale));
        let base = self.base.iter().map(|measure| (measure.key.clone(), measure.scale));
        Names { dimensions: &self.dimensions, numbers: base.chain(derived).collect() }
    }

    /// What readers of the table can name: dimensions, measures, and fields of the records that link dimensions lead
    /// to (`product.reorder_point`).
    pub fn walked<'a>(&'a self, catalogue: &'a dyn Catalogue) -> impl Fields + 'a {
        Walked { names: self.names(), catalogue }
    }

    /// What a dimension or measure is called.
    pub fn label_of(&self, key: &str) -> Option<&Label> {
        let dimension = self.dimensions.iter().find(|known| known.key == key).map(|known| &known.label);
        let base = || self.base.iter().find(|known| known.key == key)?.label.as_ref();
        let derived = || self.derived.iter().find(|known| known.key == key)?.label.as_ref();
        dimension.or_else(base).or_else(derived)
    }

    /// The digits after the point of a measure.
    pub fn scale_of(&self, measure: &str) -> Option<u32> {
        let base = self.base.iter().map(|known| (&known.key, known.scale));
        let mut all = base.chain(self.derived.iter().map(|known| (&known.key, known.scale)));
        all.find(|(key, _)| *key == measure).map(|(_, scale)| scale)
    }

    /// Whether records of a form that is published anew count as before: every field that the table reads is stored in
    /// the same way.
    pub fn counts_alike(&self, before: &Form, after: &Form) -> bool {
        let sources = self.sources.iter().filter(|source| source.form == after.id());
        let mut reaches = sources.flat_map(CheckedSource::reaches);
        let shape = |form: &Form, reach: &Reach| form.column(&reach.own_path()).map(|column| column.shape);
        reaches.all(|reach| shape(before, reach) == shape(after, reach))
    }

    /// The first constraint that a group with these measures breaks. Only a comparison that is false breaks one; an
    /// empty measure does not.
    pub fn broken_constraint(
        &self,
        measures: &BTreeMap<String, Value>,
        context: &Context,
    ) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| {
            let known = constraint.check.tests().iter().all(|test| {
                measures
                    .get(&test.reach.field)
                    .is_some_and(|value| !value.is_empty() && !matches!(value, Value::Error(_)))
            });
            known && !constraint.check.holds(&GroupReader(measures), context)
        })
    }
}

struct GroupReader<'a>(&'a BTreeMap<String, Value>);

impl Source for GroupReader<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.0.get(&reach.field).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}

/// Dimensions and measures as conditions and formulas see them.
struct Names<'a> {
    dimensions: &'a [CheckedDimension],
    /// Measures with their scales.
    numbers: BTreeMap<String, u32>,
}

impl Fields for Names<'_> {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        if let Some(dimension) = self.dimensions.iter().find(|dimension| dimension.key == path) {
            return Ok((Reach::own(path), dimension.kind.clone()));
        }
        let scale =
            *self.numbers.get(path).ok_or_else(|| Fault::new("", "unknown_field").arg("field", path))?;
        let scale = scale.min(8);
        Ok((Reach::own(path), FieldKind::Number(options::Number { scale, ..options::Number::default() })))
    }
}

/// [`Names`], and what lies behind link dimensions.
struct Walked<'a> {
    names: Names<'a>,
    catalogue: &'a dyn Catalogue,
}

impl Fields for Walked<'_> {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        let Some((first, rest)) = path.split_once('.') else { return self.names.find(path) };
        let dimension = self.names.dimensions.iter().find(|dimension| dimension.key == first);
        let dimension = dimension.ok_or_else(|| Fault::new("", "unknown_field").arg("field", path))?;
        let target = dimension.target.ok_or_else(|| Fault::new("", "not_a_link").arg("field", first))?;
        let sketch = self.catalogue.form("", &target.to_string());
        let sketch = sketch.ok_or_else(|| Fault::new("", "unknown_form").arg("form", target))?;
        let there = Surroundings { sketch: &sketch, catalogue: self.catalogue, row_of: None };
        let (mut reach, field) = there.resolve(rest)?;
        // What may be computed on reading has no value here, and rows have many.
        let is_live = matches!(field.kind, FieldKind::Formula(_) | FieldKind::Rollup(_));
        if is_live || reach.rows.is_some() {
            return Err(Fault::new("", "not_stored").arg("field", path));
        }
        reach.hops.insert(0, (first.to_string(), target));
        Ok((reach, field.kind))
    }
}

impl Scope for Names<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let [name] = path else { return None };
        let (_, kind) = self.find(name).ok()?;
        Some(Resolved { ty: kind.formula_type(), live: false })
    }
}

/// Reading one source rule.
struct SourceReading<'a> {
    rule: &'a SourceRule,
    form: &'a Form,
    catalogue: &'a dyn Catalogue,
    at: &'a str,
    document: &'a AggregateDocument,
    dimensions: &'a mut Vec<Option<CheckedDimension>>,
    base: &'a mut Vec<BaseMeasure>,
    faults: &'a mut Faults,
}

impl SourceReading<'_> {
    fn read(&mut self) -> CheckedSource {
        if let Some(rows) = &self.rule.rows
            && self.form.column(rows).is_none_or(|column| column.shape != Shape::Rows)
        {
            self.fault("rows", Fault::new("", "not_a_subform").arg("field", rows));
        }
        let filter = match &self.rule.filter {
            None => Checked::always(),
            Some(condition) => match self.form.check(condition, self.catalogue) {
                Ok(checked) => {
                    if let Some(fault) = self.changes_without_save(&checked) {
                        self.fault("filter", fault);
                    }
                    checked
                }
                Err(found) => {
                    found.into_iter().for_each(|fault| self.fault("filter", fault));
                    Checked::always()
                }
            },
        };
        CheckedSource {
            form: self.form.id(),
            rows: self.rule.rows.clone(),
            filter,
            group: self.group(),
            measures: self.measures(),
        }
    }

    /// Why the outcome of a filter may change although nobody saves the record, if it may: nothing would tell the table.
    fn changes_without_save(&self, filter: &Checked) -> Option<Fault> {
        if filter.depends_on_moment_or_viewer() {
            return Some(Fault::new("", "time_dependent"));
        }
        filter.tests().into_iter().find_map(|test| {
            let compared = match &test.operand {
                CheckedOperand::Field(reach, _) => Some(reach),
                CheckedOperand::Param(_) => {
                    return Some(Fault::new("", "not_allowed_here").arg("what", "param"));
                }
                CheckedOperand::Nothing
                | CheckedOperand::Value(_)
                | CheckedOperand::List(_)
                | CheckedOperand::Var(_)
                | CheckedOperand::Asker(..)
                | CheckedOperand::Relative(..) => None,
            };
            std::iter::once(&test.reach).chain(compared).find_map(|reach| self.not_its_own(reach))
        })
    }

    /// Why a path can't be kept, if it can't: what another record says, and what is computed on reading, is not stored
    /// in this one.
    fn not_its_own(&self, reach: &Reach) -> Option<Fault> {
        let links = reach.hops.iter().map(|(link, _)| link.as_str());
        let path: Vec<&str> =
            reach.subform().into_iter().chain(links).chain([reach.field.as_str()]).collect();
        if !reach.hops.is_empty() {
            return Some(Fault::new("", "through_link").arg("field", path.join(".")));
        }
        let is_live = self.form.column(&reach.own_path()).is_some_and(|column| column.is_live());
        is_live.then(|| Fault::new("", "not_stored").arg("field", path.join(".")))
    }

    fn fault(&mut self, member: &str, fault: Fault) {
        self.faults.push(Fault { path: format!("{}/{member}", self.at), ..fault });
    }

    /// A path of the record, or of the walked rows; stored, and not through a link.
    fn path(&mut self, member: &str, path: &str) -> Option<(Reach, FieldKind, Option<Id>)> {
        let found = self.form.find(path, self.catalogue);
        let (reach, kind) = match found {
            Ok(found) => found,
            Err(fault) => {
                self.fault(member, fault);
                return None;
            }
        };
        let rows_fit = reach.rows.is_none() || reach.rows == self.rule.rows;
        let unfit = (!rows_fit).then(|| Fault::new("", "not_stored").arg("field", path));
        if let Some(fault) = unfit.or_else(|| self.not_its_own(&reach)) {
            self.fault(member, fault);
            return None;
        }
        let column = self.form.column(&reach.own_path());
        Some((reach, kind, column.and_then(|column| column.target)))
    }

    fn group(&mut self) -> Vec<(Reach, Option<Unit>)> {
        let mut group = Vec::new();
        for (place, dimension) in self.document.dimensions.iter().enumerate() {
            let member = format!("group/{}", dimension.key);
            let Some(GroupBy { field, unit }) = self.rule.group.get(&dimension.key) else {
                self.fault(&member, Fault::new("", "required"));
                continue;
            };
            let Some((reach, kind, target)) = self.path(&member, field) else { continue };
            if unit.is_some() && !matches!(kind.shape(), Shape::Day | Shape::Instant) {
                self.fault(&member, Fault::new("", "bad_operand").arg("field", field));
            }
            if matches!(kind.shape(), Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText) {
                self.fault(&member, Fault::new("", "bad_operand").arg("field", field));
            }
            let kind = if unit.is_some() { FieldKind::Date(options::Date::default()) } else { kind };
            let (key, label) = (dimension.key.clone(), dimension.label.clone());
            if let Some(dimension) = self.dimensions.get_mut(place) {
                dimension.get_or_insert(CheckedDimension { key, label, kind, target, unit: *unit });
            }
            group.push((reach, *unit));
        }
        let unknown: Vec<String> = self
            .rule
            .group
            .keys()
            .filter(|key| !self.document.dimensions.iter().any(|dimension| dimension.key == **key))
            .cloned()
            .collect();
        for key in unknown {
            self.fault(&format!("group/{key}"), Fault::new("", "unknown_field").arg("field", key));
        }
        group
    }

    fn measures(&mut self) -> Vec<(usize, AggregateFn, Option<Reach>)> {
        let mut measures = Vec::new();
        for (key, measure) in &self.rule.measures {
            let member = format!("measures/{key}");
            let (reach, scale) = match (measure.function, &measure.field) {
                (AggregateFn::Count, _) => (None, 0),
                (AggregateFn::Sum, Some(field)) => match self.path(&member, field) {
                    Some((reach, kind, _)) => match kind.shape() {
                        Shape::Decimal(scale) => (Some(reach), scale),
                        _ => {
                            self.fault(&member, Fault::new("", "bad_operand").arg("field", field));
                            continue;
                        }
                    },
                    None => continue,
                },
                (AggregateFn::Sum, None) => {
                    self.fault(&member, Fault::new("", "required"));
                    continue;
                }
                (AggregateFn::Avg | AggregateFn::Min | AggregateFn::Max | AggregateFn::Distinct, _) => {
                    self.fault(&format!("{member}/fn"), Fault::new("", "not_allowed_here").arg("what", "fn"));
                    continue;
                }
            };
            let known = self.base.iter_mut().enumerate().find(|(_, known)| known.key == *key);
            let place = match known {
                Some((place, known)) => {
                    known.scale = known.scale.max(scale);
                    known.label = known.label.take().or_else(|| measure.label.clone());
                    place
                }
                None => {
                    self.base.push(BaseMeasure { key: key.clone(), label: measure.label.clone(), scale });
                    self.base.len() - 1
                }
            };
            measures.push((place, measure.function, reach));
        }
        measures
    }
}

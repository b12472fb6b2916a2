//! A source of an aggregate table, checked against its form.

use super::document::{AggregateDocument, AggregateFn, GroupBy, SourceMeasure, SourceRule};
use super::publish::{BaseMeasure, CheckedDimension, Kept};
use crate::condition::{Checked, CheckedOperand, Reach, Unit};
use crate::field::{FieldKind, Shape, options};
use crate::form::{Catalogue, Form};
use crate::text::{Fault, Faults};
use crate::value::Id;

/// Digits that an average has more than what it is the average of.
pub(super) const MORE_OF_AVERAGE: u32 = 4;

/// A source with its paths resolved.
#[derive(Debug)]
pub struct CheckedSource {
    pub form: Id,
    pub rows: Option<String>,
    pub filter: Checked,
    /// One for each dimension, in their order.
    pub group: Vec<CheckedGroup>,
    pub measures: Vec<CheckedMeasure>,
}

/// What gives a dimension of a source.
#[derive(Debug)]
pub struct CheckedGroup {
    pub reach: Reach,
    /// The kind of the field itself.
    pub kind: FieldKind,
    pub unit: Option<Unit>,
}

/// What a source adds to a measure.
#[derive(Debug)]
pub struct CheckedMeasure {
    /// Its place in the base measures.
    pub place: usize,
    pub function: AggregateFn,
    /// What is looked at, and its kind; absent where records or rows themselves are counted.
    pub of: Option<(Reach, FieldKind)>,
}

impl CheckedMeasure {
    fn reach(&self) -> Option<&Reach> {
        self.of.as_ref().map(|(reach, _)| reach)
    }
}

impl CheckedSource {
    /// Whether it feeds one of the base measures at these places.
    pub fn feeds(&self, places: &[usize]) -> bool {
        self.measures.iter().any(|measure| places.contains(&measure.place))
    }

    /// What it adds up, and then what it groups by.
    pub fn counted(&self) -> impl Iterator<Item = &Reach> {
        let measured = self.measures.iter().filter_map(CheckedMeasure::reach);
        measured.chain(self.group.iter().map(|by| &by.reach))
    }

    /// Where it reads.
    pub fn reaches(&self) -> Vec<&Reach> {
        let tests = self.filter.tests();
        let compared = tests.iter().copied().filter_map(|test| match &test.operand {
            CheckedOperand::Field(reach, _) => Some(reach),
            _ => None,
        });
        let measured = self.measures.iter().filter_map(CheckedMeasure::reach);
        let filtered = tests.iter().copied().map(|test| &test.reach).chain(compared);
        filtered.chain(self.group.iter().map(|by| &by.reach)).chain(measured).collect()
    }
}

/// Reading one source rule.
pub(super) struct SourceReading<'a> {
    pub rule: &'a SourceRule,
    pub form: &'a Form,
    pub catalogue: &'a dyn Catalogue,
    pub at: &'a str,
    pub document: &'a AggregateDocument,
    pub dimensions: &'a mut Vec<Option<CheckedDimension>>,
    pub base: &'a mut Vec<BaseMeasure>,
    pub faults: &'a mut Faults,
}

impl SourceReading<'_> {
    pub fn read(&mut self) -> CheckedSource {
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
        let target = match reach.own_path().as_str() {
            "$id" => Some(self.form.id()),
            own => {
                // A choice that another form gives is a text.
                let column =
                    self.form.column(own).filter(|column| column.field.kind.choices_from().is_none());
                column.and_then(|column| column.target)
            }
        };
        Some((reach, kind, target))
    }

    fn group(&mut self) -> Vec<CheckedGroup> {
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
            if is_many(kind.shape()) {
                self.fault(&member, Fault::new("", "bad_operand").arg("field", field));
            }
            let (key, label) = (dimension.key.clone(), dimension.label.clone());
            let of_dimension = match unit {
                Some(_) => FieldKind::Date(options::Date::default()),
                None => kind.clone(),
            };
            let found = CheckedDimension { key, label, kind: of_dimension, target, unit: *unit };
            let known =
                self.dimensions.get_mut(place).map(|known| known.get_or_insert_with(|| found.clone()));
            let is_other = known.is_some_and(|known| !is_alike(known, &found));
            if is_other {
                self.fault(&member, Fault::new("", "other_dimension").arg("field", field));
            }
            group.push(CheckedGroup { reach, kind, unit: *unit });
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

    fn measures(&mut self) -> Vec<CheckedMeasure> {
        let mut measures = Vec::new();
        for (key, measure) in &self.rule.measures {
            let member = format!("measures/{key}");
            let Some((of, kept, scale)) = self.measured(&member, measure) else { continue };
            let place = self.base.iter().position(|known| known.key == *key).unwrap_or(self.base.len());
            match self.base.get_mut(place) {
                None => {
                    let (key, label) = (key.clone(), measure.label.clone());
                    self.base.push(BaseMeasure { key, label, scale, kept });
                }
                Some(known) if known.kept == kept => {
                    known.scale = known.scale.max(scale);
                    known.label = known.label.take().or_else(|| measure.label.clone());
                }
                // Sums and counts add up; any other function goes on over several sources as itself alone.
                Some(_) => {
                    let fault = Fault::new("", "other_function").arg("measure", key);
                    self.fault(&format!("{member}/fn"), fault);
                    continue;
                }
            }
            measures.push(CheckedMeasure { place, function: measure.function, of });
        }
        measures
    }

    /// What a measure looks at, how it is kept, and its digits after the point.
    fn measured(&mut self, member: &str, measure: &SourceMeasure) -> Option<Measured> {
        let found = match &measure.field {
            None if measure.function == AggregateFn::Count => return Some((None, Kept::Sum, 0)),
            None => {
                self.fault(member, Fault::new("", "required"));
                return None;
            }
            Some(field) => (field, self.path(member, field)?),
        };
        let (field, (reach, kind, _)) = found;
        let scale = match kind.shape() {
            Shape::Decimal(scale) => Some(scale),
            _ => None,
        };
        let scale = match measure.function {
            AggregateFn::Count => Some(0),
            AggregateFn::Distinct => (!is_many(kind.shape())).then_some(0),
            AggregateFn::Sum | AggregateFn::Min | AggregateFn::Max => scale,
            AggregateFn::Avg => scale.map(|scale| scale + MORE_OF_AVERAGE),
        };
        let Some(scale) = scale else {
            self.fault(member, Fault::new("", "bad_operand").arg("field", field));
            return None;
        };
        Some((Some((reach, kind)), Kept::of(measure.function), scale))
    }
}

/// What a measure looks at (nothing for a count of records), how it is kept, and its digits after the point.
type Measured = (Option<(Reach, FieldKind)>, Kept, u32);

/// Whether a value of this shape is none that groups could be told apart by, or that could be counted once.
fn is_many(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText | Shape::Markup | Shape::Nothing
    )
}

/// Whether two sources tell their groups apart by the same thing: equal values are one group.
fn is_alike(one: &CheckedDimension, other: &CheckedDimension) -> bool {
    let texts = |shape: Shape| matches!(shape, Shape::Text | Shape::Key);
    let (shape, another) = (one.kind.shape(), other.kind.shape());
    let same_shape = shape == another || (texts(shape) && texts(another));
    same_shape
        && period(one) == period(other)
        && one.target == other.target
        && one.kind.reference() == other.kind.reference()
}

/// What a dimension's days are the first of. A month that was entered is the month of a date.
fn period(dimension: &CheckedDimension) -> Option<Unit> {
    dimension.unit.or(match dimension.kind {
        FieldKind::Month(_) => Some(Unit::Month),
        FieldKind::Date(_) => Some(Unit::Day),
        _ => None,
    })
}

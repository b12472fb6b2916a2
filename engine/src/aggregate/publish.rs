//! An aggregate table, checked against the forms that it reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::document::{AggregateDocument, AggregateFn};
use super::explain::adds_up;
use super::source::{CheckedSource, SourceReading};
use crate::condition::{Checked, Condition, Fields, Reach, Unit};
use crate::field::{FieldKind, options};
use crate::form::{Catalogue, Compiled, Form, Surroundings, Takeover, is_key};
use crate::formula::{Resolved, Scope, Type};
use crate::text::{Fault, Faults, Label};
use crate::value::Id;

/// Sources of one table at most.
const MAX_SOURCES: usize = 50;
/// Digits after the point of a computed measure at most.
const MAX_SCALE: u32 = 8;

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

/// A measure that is stored.
#[derive(Clone, Debug)]
pub struct BaseMeasure {
    pub key: String,
    pub label: Option<Label>,
    /// Digits after the point of what readers see; of an average four more than its field has.
    pub scale: u32,
    pub kept: Kept,
}

/// How a measure is kept, so that taking a record out is as exact as putting it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A sum or a count: one number that adds up.
    Sum,
    /// The sum of the values that are there, and how many there are.
    Average,
    /// How often each value is there: the least of them.
    Least,
    /// The greatest of them.
    Greatest,
    /// How many different ones there are.
    Distinct,
}

impl Kept {
    /// How what a function gives is kept.
    pub fn of(function: AggregateFn) -> Kept {
        match function {
            AggregateFn::Sum | AggregateFn::Count => Kept::Sum,
            AggregateFn::Avg => Kept::Average,
            AggregateFn::Min => Kept::Least,
            AggregateFn::Max => Kept::Greatest,
            AggregateFn::Distinct => Kept::Distinct,
        }
    }

    /// How the base measures of a table are kept, in their order, as its document alone tells it.
    pub fn all_of(document: &AggregateDocument) -> Vec<Kept> {
        let mut keys: Vec<&str> = Vec::new();
        let mut all = Vec::new();
        for (key, measure) in document.sources.iter().flat_map(|rule| &rule.measures) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
                all.push(Kept::of(measure.function));
            }
        }
        all
    }

    /// How many numbers of [`Contribution::sums`](super::Contribution::sums) it takes.
    pub fn sums(self) -> usize {
        match self {
            Kept::Sum => 1,
            Kept::Average => 2,
            Kept::Least | Kept::Greatest | Kept::Distinct => 0,
        }
    }

    /// Whether it is kept by counts of values.
    pub fn counts_values(self) -> bool {
        self.sums() == 0
    }
}

/// A measure with its formula.
#[derive(Debug)]
pub struct DerivedMeasure {
    pub key: String,
    pub label: Option<Label>,
    pub scale: u32,
    pub formula: Compiled,
    /// Whether what records contribute to it adds up to it: it is made of sums by adding, taking away, and multiplying
    /// by fixed numbers.
    pub adds_up: bool,
}

/// A constraint with its condition typed.
#[derive(Debug)]
pub struct Constraint {
    pub key: String,
    pub check: Checked,
    pub message: Label,
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
        let mut faults = check_names(&document);
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
        let known: Vec<CheckedDimension> = dimensions.iter().flatten().cloned().collect();
        if known.len() < dimensions.len() && faults.is_empty() {
            faults.push(Fault::new("/dimensions", "required"));
        }
        let mut names = Names { dimensions: &known, numbers: BTreeMap::new() };
        names.numbers.extend(base.iter().map(|measure| (measure.key.clone(), measure.scale)));
        let derived = derive(&document, &base, &mut names, &mut faults);
        let constraints = constrain(&document, &names, &mut faults);
        if let Some(rows) = &document.rows {
            // Which groups somebody reads does not hang on the figures in them.
            let dimensions = Names { dimensions: &known, numbers: BTreeMap::new() };
            check_condition("/rows", rows, &dimensions, &mut faults);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Aggregate { dimensions: known, base, derived, constraints, sources, document })
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
    /// the same way, with the same values.
    pub fn counts_alike(&self, before: &Form, after: &Form) -> bool {
        let sources = self.sources.iter().filter(|source| source.form == after.id());
        let mut reaches = sources.flat_map(CheckedSource::reaches);
        reaches.all(|reach| reads_alike(before, after, reach))
    }
}

/// Whether what is read there is stored the same way, with the same values, under a new definition of its form.
pub(super) fn reads_alike(before: &Form, after: &Form, reach: &Reach) -> bool {
    let path = reach.own_path();
    match (before.column(&path), after.column(&path)) {
        (Some(before), Some(after)) => {
            before.shape == after.shape
                && Takeover::of(before, after).is_none()
                && offers(&before.field.kind) == offers(&after.field.kind)
        }
        (before, after) => before.is_none() && after.is_none(),
    }
}

/// The keys of a kind's choices. With a choice that is given back its values may come back.
fn offers(kind: &FieldKind) -> BTreeSet<&str> {
    kind.choices().iter().map(|choice| choice.key.as_str()).collect()
}

/// What is wrong with keys and labels, and with how many there are of something.
fn check_names(document: &AggregateDocument) -> Faults {
    let mut faults = Faults::new();
    if document.format != 1 {
        faults.push(Fault::new("/format", "unknown_format").arg("format", document.format));
    }
    if !is_key(&document.key) {
        faults.push(Fault::new("/key", "invalid_key"));
    }
    if document.label.is_blank() {
        faults.push(Fault::new("/label", "label_missing"));
    }
    for (member, is_empty) in
        [("dimensions", document.dimensions.is_empty()), ("sources", document.sources.is_empty())]
    {
        if is_empty {
            faults.push(Fault::new(format!("/{member}"), "required"));
        }
    }
    if document.sources.len() > MAX_SOURCES {
        faults.push(Fault::new("/sources", "too_many").arg("max", MAX_SOURCES));
    }
    let mut check = |at: String, key: &str, taken: &mut BTreeSet<String>| {
        if !is_key(key) {
            faults.push(Fault::new(at, "invalid_key"));
        } else if !taken.insert(key.to_string()) {
            faults.push(Fault::new(at, "duplicate_key").arg("key", key));
        }
    };
    let mut names = BTreeSet::new();
    for (place, dimension) in document.dimensions.iter().enumerate() {
        check(format!("/dimensions/{place}/key"), &dimension.key, &mut names);
    }
    let dimensions = names.clone();
    // Several sources feed one measure under one name.
    for (place, source) in document.sources.iter().enumerate() {
        for key in source.measures.keys() {
            check(format!("/sources/{place}/measures/{key}"), key, &mut dimensions.clone());
            names.insert(key.clone());
        }
    }
    for (place, measure) in document.measures.iter().enumerate() {
        check(format!("/measures/{place}/key"), &measure.key, &mut names);
    }
    let mut constraints = BTreeSet::new();
    for (place, rule) in document.constraints.iter().enumerate() {
        check(format!("/constraints/{place}/key"), &rule.key, &mut constraints);
    }
    faults
}

/// Types the measures that are computed; each knows the stored ones and those before it.
fn derive(
    document: &AggregateDocument,
    base: &[BaseMeasure],
    names: &mut Names<'_>,
    faults: &mut Faults,
) -> Vec<DerivedMeasure> {
    let mut sums: BTreeSet<String> =
        base.iter().filter(|measure| measure.kept == Kept::Sum).map(|measure| measure.key.clone()).collect();
    let mut derived = Vec::new();
    for (place, measure) in document.measures.iter().enumerate() {
        if measure.scale > MAX_SCALE {
            faults.push(Fault::new(format!("/measures/{place}/scale"), "too_large").arg("max", MAX_SCALE));
        }
        let compiled = Compiled::over(&measure.formula, &*names, &Type::Number, &|path| {
            Fields::find(&*names, path).map(|found| found.0)
        });
        match compiled {
            // Its value would change without a save.
            Ok(formula) if formula.is_live() => {
                faults.push(Fault::new(format!("/measures/{place}/formula"), "time_dependent"));
            }
            Ok(formula) => {
                names.numbers.insert(measure.key.clone(), measure.scale);
                let adds_up = adds_up(&measure.formula, &sums);
                if adds_up {
                    sums.insert(measure.key.clone());
                }
                let (key, label, scale) = (measure.key.clone(), measure.label.clone(), measure.scale);
                derived.push(DerivedMeasure { key, label, scale, formula, adds_up });
            }
            Err(fault) => faults.push(Fault { path: format!("/measures/{place}/formula"), ..fault }),
        }
    }
    derived
}

/// Types the constraints.
fn constrain(document: &AggregateDocument, names: &Names<'_>, faults: &mut Faults) -> Vec<Constraint> {
    let mut constraints = Vec::new();
    for (place, rule) in document.constraints.iter().enumerate() {
        let at = format!("/constraints/{place}/check");
        match check_condition(&at, &rule.check, names, faults) {
            Some(check) if check.depends_on_moment_or_viewer() => {
                faults.push(Fault::new(at, "time_dependent"));
            }
            Some(check) => {
                let (key, message) = (rule.key.clone(), rule.message.clone());
                constraints.push(Constraint { key, check, message });
            }
            None => {}
        }
    }
    constraints
}

fn check_condition(
    at: &str,
    condition: &Condition,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<Checked> {
    match Checked::new(condition, names) {
        Ok(checked) => Some(checked),
        Err(found) => {
            faults.extend(found.into_iter().map(|fault| Fault { path: at.to_string(), ..fault }));
            None
        }
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
        let scale = Some(scale.min(8));
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

//! A form as formulas see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::figure::{Ask, CheckedFigure};
use super::sketch::{Sketch, Surroundings};
use crate::condition::{Fields, Reach, Source};
use crate::context::Context;
use crate::field::FieldKind;
use crate::formula::{Answers, Budget, Formula, Lookup, Resolved, Scope, Type};
use crate::text::Fault;
use crate::value::{ErrorValue, Value};

/// In the formula of a column: what another column holds in the row before.
const PREV: &str = "PREV";
/// In the formula of a column: the sum of another column from the first row to this one.
const RUNNING: &str = "RUNNING";

impl Scope for Surroundings<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        if let Some((reach, kind)) = self.over_rows(path) {
            let (plain, live) = (kind.formula_type(), !reach.hops.is_empty());
            let ty = match path.first() {
                Some(&RUNNING) if plain == Type::Number => Type::list(plain),
                Some(&RUNNING) => return None,
                _ => plain,
            };
            return kind.holds_data().then_some(Resolved { ty, live });
        }
        let (reach, kind) = Fields::find(self, &path.join(".")).ok()?;
        if !kind.holds_data() {
            return None;
        }
        let live = matches!(kind, FieldKind::Rollup(_)) || !reach.hops.is_empty();
        let plain = kind.formula_type();
        let ty = if reach.rows.is_some() { Type::List(Box::new(plain)) } else { plain };
        Some(Resolved { ty, live })
    }

    fn records(&self, form: &str) -> Option<Box<dyn Scope + '_>> {
        let sketch = self.counted(form)?;
        Some(Box::new(Records { sketch, around: self }))
    }
}

impl Surroundings<'_> {
    /// Where a function over rows reads: a column beside the one that the formula is of, in all rows.
    fn over_rows(&self, path: &[&str]) -> Option<(Reach, FieldKind)> {
        let ([PREV | RUNNING, behind @ ..], Some(subform)) = (path, self.row_of) else { return None };
        let column = behind.first()?;
        self.sketch.document.field(&format!("{subform}.{column}"))?;
        let of_all = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        Fields::find(&of_all, &format!("{subform}.{}", behind.join("."))).ok()
    }

    /// Where a path that a formula reads leads.
    fn reach(&self, path: &str) -> Result<Reach, Fault> {
        let names: Vec<&str> = path.split('.').collect();
        let found = self.over_rows(&names).map_or_else(|| Fields::find(self, path), Ok);
        found.map(|(reach, _)| reach)
    }

    /// The form that a figure counts; without a name this one.
    pub(super) fn counted(&self, form: &str) -> Option<Arc<Sketch>> {
        if form.is_empty() { Some(Arc::new(self.sketch.clone())) } else { self.form(form) }
    }
}

/// The records of a form, where they are counted. In the rows of a sub-form one row is looked at.
struct Records<'s> {
    sketch: Arc<Sketch>,
    around: &'s Surroundings<'s>,
}

impl Scope for Records<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let inside = Surroundings { sketch: &self.sketch, catalogue: self.around.catalogue, row_of: None };
        let (_, kind) = Fields::find(&inside, &path.join(".")).ok()?;
        Some(Resolved { ty: kind.formula_type(), live: false })
    }
}

/// A formula with the places that it reads found once, when the form is published.
#[derive(Debug)]
pub struct Compiled {
    formula: Formula,
    reads: BTreeMap<String, Reach>,
    figures: Vec<Arc<CheckedFigure>>,
}

impl Compiled {
    pub(crate) fn new(source: &str, around: &Surroundings, expected: &Type) -> Result<Compiled, Fault> {
        Compiled::in_form(Formula::parse(source, around, expected)?, around)
    }

    /// A formula that is in force.
    pub(crate) fn kept(source: &str, around: &Surroundings, expected: &Type) -> Result<Compiled, Fault> {
        Compiled::in_form(Formula::parse_kept(source, around, expected)?, around)
    }

    fn in_form(formula: Formula, around: &Surroundings) -> Result<Compiled, Fault> {
        let mut compiled = Compiled::reading(formula, &|path| around.reach(path))?;
        let figures = compiled.formula.figures().iter();
        let figures = figures.map(|figure| CheckedFigure::new(figure, around).map(Arc::new));
        compiled.figures = figures.collect::<Result<_, Fault>>()?;
        Ok(compiled)
    }

    /// A formula over any names; `reach` says where a path is read.
    pub(crate) fn over(
        source: &str,
        scope: &dyn Scope,
        expected: &Type,
        reach: &dyn Fn(&str) -> Result<Reach, Fault>,
    ) -> Result<Compiled, Fault> {
        Compiled::reading(Formula::parse(source, scope, expected)?, reach)
    }

    fn reading(formula: Formula, reach: &dyn Fn(&str) -> Result<Reach, Fault>) -> Result<Compiled, Fault> {
        let mut reads = BTreeMap::new();
        for path in formula.reads() {
            reads.insert(path.clone(), reach(&path)?);
        }
        Ok(Compiled { formula, reads, figures: Vec::new() })
    }

    /// Where it reads.
    pub fn reaches(&self) -> impl Iterator<Item = &Reach> {
        self.reads.values()
    }

    /// Whether it reads the clock, so that its value changes without a write.
    pub fn is_live(&self) -> bool {
        self.formula.is_live()
    }

    /// Whether its value comes by chance.
    pub fn is_random(&self) -> bool {
        self.formula.is_random()
    }

    /// Whether it says what people or departments are called.
    pub fn reads_names(&self) -> bool {
        self.formula.reads_names()
    }

    /// The figures over other records that it asks for, in order of appearance.
    pub fn figures(&self) -> &[Arc<CheckedFigure>] {
        &self.figures
    }

    /// Whether it asks for any.
    pub fn asks(&self) -> bool {
        !self.figures.is_empty()
    }

    /// Whether it asks for any, wherever it was compiled.
    pub(super) fn counts_others(&self) -> bool {
        !self.formula.figures().is_empty()
    }

    /// Its value for the record (and row) that `source` reads.
    pub fn evaluate(&self, source: &dyn Source, context: &Context, budget: &mut Budget) -> Value {
        self.formula.evaluate(&Reading { reads: &self.reads, source }, context, budget)
    }

    /// Its value by these answers, and what it asks beyond them.
    pub fn ask(
        &self,
        source: &dyn Source,
        context: &Context,
        budget: &mut Budget,
        answers: &Answers,
    ) -> (Value, Vec<Ask>) {
        let (value, questions) =
            self.formula.ask(&Reading { reads: &self.reads, source }, context, budget, answers);
        let asks = questions.into_iter().filter_map(|question| {
            let figure = self.figures.get(question.number)?;
            Some(Ask::new(figure.clone(), question))
        });
        (value, asks.collect())
    }
}

impl Compiled {
    /// As [`Formula::origin`].
    pub fn origin(
        &self,
        error: ErrorValue,
        source: &dyn Source,
        context: &Context,
        budget: &mut Budget,
        answers: &Answers,
    ) -> Option<&'static str> {
        self.formula.origin(error, &Reading { reads: &self.reads, source }, context, budget, answers)
    }
}

struct Reading<'a> {
    reads: &'a BTreeMap<String, Reach>,
    source: &'a dyn Source,
}

impl Lookup for Reading<'_> {
    fn value(&self, path: &str) -> Value {
        match self.reads.get(path) {
            Some(reach) if reach.rows.is_some() => self.over_rows(path, reach),
            Some(reach) => self.source.value(reach),
            None => Value::Error(ErrorValue::Ref),
        }
    }
}

impl Reading<'_> {
    /// What a column holds in all rows, or what a function over rows sees of it from the row that is read.
    fn over_rows(&self, path: &str, reach: &Reach) -> Value {
        let place = self.source.place();
        match path.split_once('.') {
            Some((PREV, _)) => {
                let before = place.and_then(|place| place.checked_sub(1));
                before.map(|before| self.source.row_value(reach, before)).unwrap_or_default()
            }
            Some((RUNNING, _)) => {
                let mut values = self.source.row_values(reach);
                values.truncate(place.map_or(0, |place| place + 1));
                Value::List(values)
            }
            _ => Value::List(self.source.row_values(reach)),
        }
    }
}

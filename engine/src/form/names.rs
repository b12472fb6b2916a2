//! A form as formulas see it.

use std::collections::BTreeMap;

use super::sketch::Surroundings;
use crate::condition::{Fields, Reach, Source};
use crate::context::Context;
use crate::field::FieldKind;
use crate::formula::{Budget, Formula, Lookup, Resolved, Scope, Type};
use crate::text::Fault;
use crate::value::{ErrorValue, Value};

impl Scope for Surroundings<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let (reach, kind) = Fields::find(self, &path.join(".")).ok()?;
        if !kind.holds_data() {
            return None;
        }
        let live = matches!(kind, FieldKind::Rollup(_)) || !reach.hops.is_empty();
        let plain = kind.formula_type();
        let ty = if reach.rows.is_some() { Type::List(Box::new(plain)) } else { plain };
        Some(Resolved { ty, live })
    }
}

/// A formula with the places that it reads found once, when the form is published.
#[derive(Debug)]
pub struct Compiled {
    formula: Formula,
    reads: BTreeMap<String, Reach>,
}

impl Compiled {
    pub(crate) fn new(source: &str, around: &Surroundings, expected: &Type) -> Result<Compiled, Fault> {
        Compiled::over(source, around, expected, &|path| Fields::find(around, path).map(|(reach, _)| reach))
    }

    /// A formula over any names; `reach` says where a path is read.
    pub(crate) fn over(
        source: &str,
        scope: &dyn Scope,
        expected: &Type,
        reach: &dyn Fn(&str) -> Result<Reach, Fault>,
    ) -> Result<Compiled, Fault> {
        let formula = Formula::parse(source, scope, expected)?;
        let mut reads = BTreeMap::new();
        for path in formula.reads() {
            reads.insert(path.clone(), reach(&path)?);
        }
        Ok(Compiled { formula, reads })
    }

    /// Where it reads.
    pub fn reaches(&self) -> impl Iterator<Item = &Reach> {
        self.reads.values()
    }

    /// Whether it reads the clock, so that its value changes without a write.
    pub fn is_live(&self) -> bool {
        self.formula.is_live()
    }

    /// Its value for the record (and row) that `source` reads.
    pub fn evaluate(&self, source: &dyn Source, context: &Context, budget: &mut Budget) -> Value {
        self.formula.evaluate(&Reading { reads: &self.reads, source }, context, budget)
    }
}

struct Reading<'a> {
    reads: &'a BTreeMap<String, Reach>,
    source: &'a dyn Source,
}

impl Lookup for Reading<'_> {
    fn value(&self, path: &str) -> Value {
        match self.reads.get(path) {
            Some(reach) if reach.rows.is_some() => Value::List(self.source.row_values(reach)),
            Some(reach) => self.source.value(reach),
            None => Value::Error(ErrorValue::Ref),
        }
    }
}

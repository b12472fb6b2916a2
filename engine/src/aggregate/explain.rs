//! Which records make a number: what a measure is made of, and what one record gives to it.

use std::collections::{BTreeMap, BTreeSet};

use super::contribution::{Contribution, Contributions};
use super::publish::{Aggregate, Kept};
use crate::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach, Source};
use crate::context::Context;
use crate::field::FieldKind;
use crate::formula::{self, Node, NodeKind};
use crate::value::{Id, Value};

impl Aggregate {
    /// The places of the base measures that a measure is computed from; its own for a base measure. `None` for a name that
    /// is no measure.
    pub fn made_of(&self, measure: &str) -> Option<Vec<usize>> {
        if let Some(place) = self.base.iter().position(|known| known.key == measure) {
            return Some(vec![place]);
        }
        self.derived.iter().find(|known| known.key == measure)?;
        let mut names = BTreeSet::from([measure.to_string()]);
        // A formula reads only what stands before it.
        for derived in self.derived.iter().rev() {
            if names.contains(&derived.key) {
                names.extend(derived.formula.reaches().map(|reach| reach.field.clone()));
            }
        }
        let base = self.base.iter().enumerate().filter(|(_, known)| names.contains(&known.key));
        Some(base.map(|(place, _)| place).collect())
    }

    /// Whether what records give to a measure adds up to it.
    pub fn adds_up(&self, measure: &str) -> bool {
        let base = self.base.iter().find(|known| known.key == measure).map(|known| known.kept == Kept::Sum);
        let derived = || Some(self.derived.iter().find(|known| known.key == measure)?.adds_up);
        base.or_else(derived).unwrap_or_default()
    }

    /// The measures that a group would have if nothing else had been contributed to it.
    pub fn measures_alone(&self, part: &Contribution, context: &Context) -> BTreeMap<String, Value> {
        self.measures(&self.figures(part), &part.group, context)
    }

    /// What a record of `form` contributes to the base measures at these places. `None` when a sum is too large.
    pub fn contributions_to(
        &self,
        places: &[usize],
        form: Id,
        record: &dyn Source,
        context: &Context,
    ) -> Option<Contributions> {
        self.contributions_of(&|source| source.form == form && source.feeds(places), record, context)
    }

    /// The forms whose records feed the base measures at these places.
    pub fn forms_of(&self, places: &[usize]) -> BTreeSet<Id> {
        self.sources.iter().filter(|source| source.feeds(places)).map(|source| source.form).collect()
    }

    /// The records of a form that may feed the base measures at these places in a group. Where several columns of rows
    /// tell groups apart they may match in different rows: what a record contributes says which really count.
    pub fn candidates(&self, places: &[usize], form: Id, group: &[Value]) -> Checked {
        let mut any = Vec::new();
        for source in self.sources.iter().filter(|source| source.form == form && source.feeds(places)) {
            let mut all = vec![source.filter.clone()];
            for (value, by) in group.iter().zip(&source.group) {
                let (op, operand) = match (by.unit, value) {
                    (Some(unit), Value::Date(first)) => {
                        let ends = [*first, unit.step(*first, 1)].map(Value::Date);
                        (Operator::Within, CheckedOperand::List(ends.into()))
                    }
                    (_, value) => (Operator::Eq, CheckedOperand::Value(value.clone())),
                };
                all.push(test(&by.reach, &by.kind, op, operand));
            }
            any.push(Checked::All(all));
        }
        Checked::Any(any)
    }
}

fn test(reach: &Reach, kind: &FieldKind, op: Operator, operand: CheckedOperand) -> Checked {
    let (reach, kind) = (reach.clone(), kind.clone());
    Checked::Test(Box::new(CheckedTest { reach, kind, op, operand, matching: Match::Any }))
}

/// Whether a formula is made of what adds up by adding, taking away, and multiplying by fixed numbers.
pub(super) fn adds_up(source: &str, sums: &BTreeSet<String>) -> bool {
    formula::parse(source).is_ok_and(|node| is_linear(&node, sums))
}

fn is_linear(node: &Node, sums: &BTreeSet<String>) -> bool {
    use formula::Operator::{Add, Divide, Multiply, Subtract};
    match &node.kind {
        NodeKind::Path(segments) => matches!(segments.as_slice(), [one] if sums.contains(&one.name)),
        NodeKind::Negative(inner) => is_linear(inner, sums),
        NodeKind::Chain(first, rest) if rest.iter().all(|(op, _)| matches!(op, Add | Subtract)) => {
            is_linear(first, sums) && rest.iter().all(|(_, part)| is_linear(part, sums))
        }
        NodeKind::Chain(first, rest) if rest.iter().all(|(op, _)| matches!(op, Multiply | Divide)) => {
            let factors = || std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part));
            let linear = factors().filter(|part| is_linear(part, sums)).count();
            let fixed = factors().filter(|part| is_fixed(part)).count();
            let divides_by_fixed = rest.iter().all(|(op, part)| !matches!(op, Divide) || is_fixed(part));
            linear == 1 && fixed == rest.len() && divides_by_fixed
        }
        _ => false,
    }
}

fn is_fixed(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Number(_) => true,
        NodeKind::Negative(inner) => is_fixed(inner),
        _ => false,
    }
}

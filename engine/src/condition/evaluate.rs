//! The interpreter in memory.

use std::cmp::Ordering;

use super::check::{Operand, Test};
use super::{Checked, Reach};
use crate::context::Context;
use crate::criteria::{Match, Operator, Variable};
use crate::value::{Value, fold};

/// A record as conditions read it.
pub trait Source {
    /// The value that `reach` leads to, without rows; empty where a link is empty or its target unknown.
    fn value(&self, reach: &Reach) -> Value;

    /// The same for each row of `reach.rows`, in order.
    fn row_values(&self, reach: &Reach) -> Vec<Value>;

    /// The same for the row with this place alone.
    fn row_value(&self, reach: &Reach, place: usize) -> Value {
        self.row_values(reach).into_iter().nth(place).unwrap_or_default()
    }

    /// Where one row of a sub-form is read: its place among them.
    fn place(&self) -> Option<usize> {
        None
    }
}

impl Checked {
    /// Whether the condition holds for the record. Agrees with the store's SQL on every record.
    pub fn holds(&self, source: &dyn Source, context: &Context) -> bool {
        match self {
            Checked::All(parts) => parts.iter().all(|part| part.holds(source, context)),
            Checked::Any(parts) => parts.iter().any(|part| part.holds(source, context)),
            Checked::Not(part) => !part.holds(source, context),
            Checked::Test(test) => test.holds(source, context),
        }
    }
}

impl Test {
    fn holds(&self, source: &dyn Source, context: &Context) -> bool {
        if self.reach.rows.is_some() {
            let mut values = source.row_values(&self.reach).into_iter();
            return match self.matching {
                Match::Any => values.any(|value| self.value_holds(&value, source, context)),
                Match::All => values.all(|value| self.value_holds(&value, source, context)),
            };
        }
        self.value_holds(&source.value(&self.reach), source, context)
    }

    fn value_holds(&self, value: &Value, source: &dyn Source, context: &Context) -> bool {
        let negated = match self.op {
            Operator::Ne => Some(Operator::Eq),
            Operator::NotIn => Some(Operator::In),
            Operator::NotContains => Some(Operator::Contains),
            Operator::HasNone => Some(Operator::HasAny),
            _ => None,
        };
        match negated {
            Some(positive) => !self.positive_holds(positive, value, source, context),
            None => self.positive_holds(self.op, value, source, context),
        }
    }

    /// Operators that never hold on an empty field, but for `is_empty`.
    fn positive_holds(&self, op: Operator, value: &Value, source: &dyn Source, context: &Context) -> bool {
        let compared = |other: &Value| value.compare(other);
        match op {
            Operator::IsEmpty => return value.is_empty(),
            Operator::NotEmpty => return !value.is_empty(),
            _ if value.is_empty() || matches!(value, Value::Error(_)) => return false,
            _ => {}
        }
        let operand = self.operand_values(source, context);
        let one = operand.first().unwrap_or(&Value::Empty);
        match op {
            Operator::Eq => match self.operand {
                Operand::Relative(relative, n) => {
                    self.within(value, relative.range(context.today(), n), context)
                }
                _ if matches!(value, Value::List(_)) => value.items() == operand,
                _ => compared(one) == Some(Ordering::Equal),
            },
            Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => {
                self.ordered(op, value, one, context)
            }
            // The days of a period are all that it has.
            Operator::Between | Operator::In if matches!(self.operand, Operand::Relative(..)) => {
                let Operand::Relative(relative, n) = &self.operand else { return false };
                self.within(value, relative.range(context.today(), *n), context)
            }
            Operator::Between => match operand.as_slice() {
                [from, to] => {
                    matches!(compared(from), Some(Ordering::Greater | Ordering::Equal))
                        && matches!(compared(to), Some(Ordering::Less | Ordering::Equal))
                }
                _ => false,
            },
            Operator::In => operand.iter().any(|item| compared(item) == Some(Ordering::Equal)),
            Operator::Contains => self.text_holds(value, one, |text, part| text.contains(part)),
            Operator::StartsWith => self.text_holds(value, one, |text, part| text.starts_with(part)),
            Operator::EndsWith => self.text_holds(value, one, |text, part| text.ends_with(part)),
            Operator::HasAny => operand.iter().any(|item| value.items().contains(item)),
            Operator::HasAll => operand.iter().all(|item| value.items().contains(item)),
            Operator::Within if self.is_of_departments() => {
                value.items().iter().any(|item| operand.contains(item))
            }
            Operator::Within => match &self.operand {
                Operand::Relative(relative, n) => {
                    self.within(value, relative.range(context.today(), *n), context)
                }
                Operand::List(ends) => self.period(ends).is_some_and(|(from, to)| {
                    day_of(value, context).is_some_and(|day| {
                        from.is_none_or(|from| from <= day) && to.is_none_or(|to| day < to)
                    })
                }),
                _ => false,
            },
            Operator::Ne
            | Operator::NotIn
            | Operator::NotContains
            | Operator::HasNone
            | Operator::IsEmpty
            | Operator::NotEmpty => false,
        }
    }

    /// `gt` a period means after its last day, `gte` from its first day on, and so on.
    fn ordered(&self, op: Operator, value: &Value, one: &Value, context: &Context) -> bool {
        if let Operand::Relative(relative, n) = self.operand {
            let (from, to) = relative.range(context.today(), n);
            let Some(day) = day_of(value, context) else { return false };
            return match op {
                Operator::Gt => day >= to,
                Operator::Gte => day >= from,
                Operator::Lt => day < from,
                _ => day < to,
            };
        }
        match (op, value.compare(one)) {
            (_, None) => false,
            (Operator::Gt, Some(order)) => order == Ordering::Greater,
            (Operator::Gte, Some(order)) => order != Ordering::Less,
            (Operator::Lt, Some(order)) => order == Ordering::Less,
            (_, Some(order)) => order != Ordering::Greater,
        }
    }

    /// Whether the text that people read holds a part, whatever the case and width.
    fn text_holds(&self, value: &Value, part: &Value, holds: impl Fn(&str, &str) -> bool) -> bool {
        match (value.as_text(), part.as_text()) {
            (Some(text), Some(part)) => holds(&self.shape().folded(text), &fold(part)),
            _ => false,
        }
    }

    fn within(
        &self,
        value: &Value,
        range: (crate::value::Date, crate::value::Date),
        context: &Context,
    ) -> bool {
        day_of(value, context).is_some_and(|day| range.0 <= day && day < range.1)
    }

    fn operand_values(&self, source: &dyn Source, context: &Context) -> Vec<Value> {
        self.with_parts(self.named_values(source, context), context)
    }

    fn named_values(&self, source: &dyn Source, context: &Context) -> Vec<Value> {
        let refs = |ids: &[crate::value::Id]| ids.iter().copied().map(Value::Ref).collect();
        match &self.operand {
            Operand::Nothing | Operand::Relative(..) | Operand::Asker(..) => Vec::new(),
            Operand::Value(value) => vec![value.clone()],
            Operand::List(values) => values.clone(),
            Operand::Field(reach, _) => vec![source.value(reach)],
            Operand::Param(name) => {
                context.params.get(name).map(|value| value.items().to_vec()).unwrap_or_default()
            }
            Operand::Var(Variable::Me) => context.user.map(Value::Ref).into_iter().collect(),
            Operand::Var(Variable::MyDepartments) => refs(&context.departments),
            Operand::Var(Variable::MyOwnDepartments) => refs(&context.own_departments),
            Operand::Var(Variable::MySubordinates) => refs(&context.subordinates),
            Operand::Var(Variable::Today) => vec![Value::Date(context.today())],
            Operand::Var(Variable::Now) => vec![Value::DateTime(context.now)],
        }
    }
}

fn day_of(value: &Value, context: &Context) -> Option<crate::value::Date> {
    match value {
        Value::Date(day) => Some(*day),
        Value::DateTime(instant) => Some(context.date_of(*instant)),
        _ => None,
    }
}

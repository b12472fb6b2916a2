//! Figures over the records of another form: `SUMOF(order, order.customer = customer, order.amount)`.
//!
//! A formula does no I/O, so it can't count anything. It knows what it asks, and is told the answers: a [`Figure`] is
//! the call as it stands in the formula, a [`Question`] the same with the values of one record in it, [`Answers`] what
//! is known so far. Whoever evaluates the formula finds out what it still asks, has it counted, and evaluates again.
//!
//! In the condition and in the field the other form's fields begin with its name; every other name is this record's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::Span;
use super::syntax::{Node, NodeKind, Segment};
use crate::criteria::Operator;
use crate::value::Value;

/// How the records are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureFunction {
    Sum,
    Count,
    Avg,
    Min,
    Max,
    /// The value in the record that was made first.
    First,
    /// The value in the record that was made last.
    Last,
}

impl FigureFunction {
    pub const ALL: [FigureFunction; 7] =
        [Self::Sum, Self::Count, Self::Avg, Self::Min, Self::Max, Self::First, Self::Last];

    /// The function's name in formulas.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "SUMOF",
            Self::Count => "COUNTOF",
            Self::Avg => "AVGOF",
            Self::Min => "MINOF",
            Self::Max => "MAXOF",
            Self::First => "FIRSTOF",
            Self::Last => "LASTOF",
        }
    }

    /// The function of an upper-case name.
    pub(super) fn named(name: &str) -> Option<FigureFunction> {
        FigureFunction::ALL.into_iter().find(|function| function.name() == name)
    }

    /// The function of what a call of [`MAPX`] says: `sum`, `count`, `avg`, `min`, `max`, `first`, `last`.
    pub(super) fn said(operation: &str) -> Option<FigureFunction> {
        FigureFunction::named(&format!("{}OF", operation.trim().to_ascii_uppercase()))
    }

    /// What it gives where no record is counted.
    pub fn over_nothing(self) -> Value {
        match self {
            Self::Sum | Self::Count => Value::number(0),
            Self::Avg | Self::Min | Self::Max | Self::First | Self::Last => Value::Empty,
        }
    }
}

/// One call in a formula, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub function: FigureFunction,
    /// The form whose records are counted, as documents name it.
    pub form: String,
    pub condition: FigurePart,
    /// What is put together; for COUNTOF without it, the records themselves.
    pub value: Option<FieldOf>,
    /// The call itself, with keys: two that are written the same are the same.
    pub written: Arc<str>,
    /// Where the form's name stands.
    pub form_span: Span,
}

/// A field of the records that are counted: its path without the form's name.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldOf {
    pub path: String,
    pub span: Span,
}

/// Which records are counted. Numbers are those of the operands: what this record says, computed when it is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum FigurePart {
    All(Vec<FigurePart>),
    Any(Vec<FigurePart>),
    Not(Box<FigurePart>),
    /// What depends on this record alone.
    Own(usize),
    Test {
        field: FieldOf,
        op: Operator,
        operand: FigureOperand,
    },
}

/// What a field of the counted records is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureOperand {
    Nothing,
    Own(usize),
    /// Both ends.
    Between(usize, usize),
    /// Another field of the same record.
    Field(FieldOf),
}

/// What one record asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The place of the figure among those of its formula.
    pub number: usize,
    pub operands: Vec<Value>,
    /// What the answer is known by.
    pub key: String,
}

impl Question {
    pub(super) fn new(number: usize, figure: &Figure, operands: Vec<Value>) -> Question {
        let plain = |value: Value| match value {
            Value::Number(number) => Value::Number(number.normalize()),
            other => other,
        };
        let operands: Vec<Value> = operands.into_iter().map(plain).collect();
        Question { number, key: format!("{} {operands:?}", figure.written), operands }
    }
}

/// What is known of the records of other forms. Copies share what they hold until one of them changes.
#[derive(Clone, Debug, Default)]
pub struct Answers(Arc<BTreeMap<String, Value>>);

impl Answers {
    /// The answer to the question of this key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub fn insert(&mut self, key: String, value: Value) {
        Arc::make_mut(&mut self.0).insert(key, value);
    }
}

/// A figure with one condition, as it is written elsewhere: `MAPX("sum", customer, order.customer, order.amount)`.
pub(super) const MAPX: &str = "MAPX";

/// The form that a call counts: its first argument, one name; for [`MAPX`] what its third argument begins with.
pub(super) fn form_of<'n>(name: &str, arguments: &'n [Node]) -> Option<&'n Segment> {
    if name == MAPX {
        return match arguments.get(2).map(|matched| &matched.kind) {
            Some(NodeKind::Path(segments)) if segments.len() > 1 => segments.first(),
            _ => None,
        };
    }
    FigureFunction::named(name)?;
    match arguments.first().map(|first| &first.kind) {
        Some(NodeKind::Path(segments)) => match segments.as_slice() {
            [form] => Some(form),
            _ => None,
        },
        _ => None,
    }
}

/// The path of a field of the form `form`: what follows its name.
pub(super) fn behind<'n>(segments: &'n [Segment], form: &str) -> Option<&'n [Segment]> {
    match segments.split_first() {
        Some((first, rest)) if first.name == form && !rest.is_empty() => Some(rest),
        _ => None,
    }
}

/// Whether a part names a field of the form `form`. What a call inside it counts itself is not meant.
pub(super) fn mentions(node: &Node, form: &str) -> bool {
    match &node.kind {
        NodeKind::Path(segments) => behind(segments, form).is_some(),
        NodeKind::Call(name, arguments) => match form_of(name, arguments) {
            Some(inner) => inner.name != form && arguments.iter().any(|argument| mentions(argument, form)),
            None => arguments.iter().any(|argument| mentions(argument, form)),
        },
        NodeKind::Figure(_, operands) => operands.iter().any(|operand| mentions(operand, form)),
        NodeKind::Negative(inner) => mentions(inner, form),
        NodeKind::Chain(first, rest) => {
            mentions(first, form) || rest.iter().any(|(_, operand)| mentions(operand, form))
        }
        NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Bool(_) | NodeKind::Empty => false,
    }
}

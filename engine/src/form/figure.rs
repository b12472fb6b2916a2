//! Figures over the records of another form, typed against it: what a formula asks, as whoever has the records counts it.

use std::sync::Arc;

use super::sketch::Surroundings;
use crate::condition::{Checked, CheckedOperand, CheckedTest, Fields, Match, Reach};
use crate::context::Context;
use crate::criteria::Operator;
use crate::field::{FieldKind, Shape};
use crate::formula::{
    FieldOf, Figure, FigureFunction, FigureOperand, FigurePart, FormulaFault, Question, Span,
};
use crate::text::Fault;
use crate::value::{Id, Value};

/// A figure in a formula of a published form.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedFigure {
    /// The form whose records are counted.
    pub form: Id,
    pub function: FigureFunction,
    /// What is put together: a field, or the column of a sub-form in each row that is meant. Without it, the records.
    pub value: Option<(Reach, FieldKind)>,
    condition: Part,
    /// The call as it is written, with keys.
    pub written: String,
    /// The field that is held against an operand and parts the records into groups that are counted apart.
    by: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    All(Vec<Part>),
    Any(Vec<Part>),
    Not(Box<Part>),
    Own(usize),
    Test(Box<PartTest>),
}

#[derive(Clone, Debug, PartialEq)]
struct PartTest {
    reach: Reach,
    kind: FieldKind,
    op: Operator,
    operand: Operand,
}

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a figure has few tests; a box would only add a hop to each")]
enum Operand {
    Nothing,
    Own(usize),
    Between(usize, usize),
    Field(Reach, FieldKind),
}

/// A figure for one record: with what this says put in.
#[derive(Clone, Debug)]
pub struct Ask {
    pub figure: Arc<CheckedFigure>,
    operands: Vec<Value>,
    /// What the answer is known by.
    pub key: String,
}

/// The field that a question holds against one value, so that many such questions are one with groups.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedBy {
    pub reach: Reach,
    pub kind: FieldKind,
    pub value: Value,
}

impl CheckedFigure {
    /// Types a figure against the forms around the one whose formula it is in.
    ///
    /// # Errors
    /// Operators that a field has not, and values that can't be put together, with their places in the formula.
    pub(super) fn new(figure: &Figure, around: &Surroundings) -> Result<CheckedFigure, Fault> {
        let sketch = around.counted(&figure.form).ok_or_else(|| {
            Fault::from(FormulaFault::new("unknown_form", figure.form_span).arg("form", &figure.form))
        })?;
        let inside = Surroundings { sketch: &sketch, catalogue: around.catalogue, row_of: None };
        let value = figure.value.as_ref().map(|field| value_of(figure, field, &inside)).transpose()?;
        let walked = value.as_ref().and_then(|(reach, _)| reach.rows.clone());
        let typing = Typing { inside: &inside, walked: walked.as_deref() };
        let condition = typing.part(&figure.condition)?;
        let by = parting(&condition, figure.function, walked.as_deref());
        Ok(CheckedFigure {
            form: sketch.id,
            function: figure.function,
            value,
            condition,
            written: figure.written.to_string(),
            by,
        })
    }

    /// Every place of the counted form that it reads.
    pub fn reaches(&self) -> Vec<&Reach> {
        let mut found: Vec<&Reach> = self.value.iter().map(|(reach, _)| reach).collect();
        self.condition.each_test(&mut |test| {
            found.push(&test.reach);
            if let Operand::Field(reach, _) = &test.operand {
                found.push(reach);
            }
        });
        found
    }
}

/// What a figure puts together: something that is stored, one value of each record or row.
fn value_of(figure: &Figure, field: &FieldOf, inside: &Surroundings) -> Result<(Reach, FieldKind), Fault> {
    let (reach, kind) = found(field, inside)?;
    let shape = kind.shape();
    let fits = match figure.function {
        FigureFunction::Sum | FigureFunction::Avg => matches!(shape, Shape::Decimal(_)),
        FigureFunction::Min | FigureFunction::Max => {
            matches!(shape, Shape::Decimal(_) | Shape::Day | Shape::Instant | Shape::TimeOfDay)
        }
        FigureFunction::Count | FigureFunction::First | FigureFunction::Last => shape.is_column(),
    };
    if fits {
        Ok((reach, kind))
    } else {
        Err(at(field.span, "bad_operand").arg("field", named(field, inside)))
    }
}

/// A field that is stored.
fn found(field: &FieldOf, inside: &Surroundings) -> Result<(Reach, FieldKind), Fault> {
    let (_, end) = inside.resolve(&field.path).map_err(|fault| placed(fault, field.span))?;
    if matches!(end.kind, FieldKind::Rollup(_)) {
        return Err(at(field.span, "not_stored").arg("field", named(field, inside)));
    }
    inside.find(&field.path).map_err(|fault| placed(fault, field.span))
}

/// A field as formulas write it.
fn named(field: &FieldOf, inside: &Surroundings) -> String {
    format!("{}.{}", inside.sketch.document.key, field.path)
}

fn at(span: Span, code: &'static str) -> Fault {
    Fault::from(FormulaFault::new(code, span))
}

/// A fault of a form's field, at its place in the formula.
fn placed(fault: Fault, span: Span) -> Fault {
    fault.arg("at", span.at).arg("length", span.length)
}

struct Typing<'t> {
    inside: &'t Surroundings<'t>,
    /// The sub-form in whose rows the values lie.
    walked: Option<&'t str>,
}

impl Typing<'_> {
    fn part(&self, part: &FigurePart) -> Result<Part, Fault> {
        let parts = |parts: &[FigurePart]| -> Result<Vec<Part>, Fault> {
            parts.iter().map(|part| self.part(part)).collect()
        };
        Ok(match part {
            FigurePart::All(all) => Part::All(parts(all)?),
            FigurePart::Any(any) => Part::Any(parts(any)?),
            FigurePart::Not(part) => Part::Not(Box::new(self.part(part)?)),
            FigurePart::Own(number) => Part::Own(*number),
            FigurePart::Test { field, op, operand } => Part::Test(Box::new(self.test(field, *op, operand)?)),
        })
    }

    fn test(&self, field: &FieldOf, op: Operator, operand: &FigureOperand) -> Result<PartTest, Fault> {
        let (reach, kind) = found(field, self.inside)?;
        let refused =
            |code| at(field.span, code).arg("field", named(field, self.inside)).arg("operator", op.name());
        if !kind.operators().contains(&op) {
            return Err(refused("unknown_operator"));
        }
        let operand = match operand {
            FigureOperand::Nothing => Operand::Nothing,
            FigureOperand::Own(number) => Operand::Own(*number),
            FigureOperand::Between(from, to) => Operand::Between(*from, *to),
            FigureOperand::Field(other) => {
                let (reach, kind) = found(other, self.inside)?;
                let reach = self.in_its_row(reach);
                // Which of another sub-form's rows would be meant, nobody can say.
                if reach.rows.is_some() {
                    return Err(at(other.span, "bad_operand").arg("field", named(other, self.inside)));
                }
                Operand::Field(reach, kind)
            }
        };
        Ok(PartTest { reach: self.in_its_row(reach), kind, op, operand })
    }

    /// Where the rows of a sub-form are put together, its columns are those of the row at hand.
    fn in_its_row(&self, reach: Reach) -> Reach {
        if reach.rows.is_some() && reach.rows.as_deref() == self.walked {
            return Reach { in_row: reach.rows, rows: None, ..reach };
        }
        reach
    }
}

/// The operand by which records can be told apart in one walk over many: held by itself against a stored field that has
/// one value.
fn parting(condition: &Part, function: FigureFunction, walked: Option<&str>) -> Option<usize> {
    if matches!(function, FigureFunction::First | FigureFunction::Last) {
        return None;
    }
    let tests = match condition {
        Part::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    tests.iter().find_map(|part| {
        let Part::Test(test) = part else { return None };
        let Operand::Own(number) = test.operand else { return None };
        let is_one = matches!(test.kind.shape(), Shape::Text | Shape::Key | Shape::Ref | Shape::Day);
        let is_here = test.reach.hops.is_empty()
            && test.reach.rows.is_none()
            && test.reach.in_row.as_deref().is_none_or(|rows| Some(rows) == walked);
        (test.op == Operator::Eq && is_one && is_here).then_some(number)
    })
}

impl Part {
    fn each_test<'p>(&'p self, visit: &mut dyn FnMut(&'p PartTest)) {
        match self {
            Part::All(parts) | Part::Any(parts) => parts.iter().for_each(|part| part.each_test(visit)),
            Part::Not(part) => part.each_test(visit),
            Part::Test(test) => visit(test),
            Part::Own(_) => {}
        }
    }

    /// The condition with what a record says put in; the test against the operand `left_out` holds always.
    fn with(&self, operands: &[Value], context: &Context, left_out: Option<usize>) -> Checked {
        let all = |parts: &[Part]| -> Vec<Checked> {
            parts.iter().map(|part| part.with(operands, context, left_out)).collect()
        };
        match self {
            Part::All(parts) => Checked::All(all(parts)),
            Part::Any(parts) => Checked::Any(all(parts)),
            Part::Not(part) => Checked::Not(Box::new(part.with(operands, context, left_out))),
            Part::Own(number) => decided(operands.get(*number) == Some(&Value::Bool(true))),
            Part::Test(test) => match test.operand {
                Operand::Own(number) if left_out == Some(number) => Checked::always(),
                _ => test.with(operands, context),
            },
        }
    }
}

/// What holds for every record, or for none.
fn decided(holds: bool) -> Checked {
    if holds { Checked::always() } else { Checked::Any(Vec::new()) }
}

impl PartTest {
    fn with(&self, operands: &[Value], context: &Context) -> Checked {
        let said = |number: usize| fitted(operands.get(number)?, self.kind.shape(), context);
        let operand = match &self.operand {
            Operand::Nothing => Some(CheckedOperand::Nothing),
            Operand::Field(reach, kind) => Some(CheckedOperand::Field(reach.clone(), kind.clone())),
            Operand::Between(from, to) => {
                said(*from).zip(said(*to)).map(|(from, to)| CheckedOperand::List(vec![from, to]))
            }
            Operand::Own(number) if self.op.takes_list() => {
                let shape = match self.kind.shape() {
                    Shape::Keys => Shape::Key,
                    Shape::Refs => Shape::Ref,
                    other => other,
                };
                let given = operands.get(*number).map(Value::items).unwrap_or_default();
                let items: Vec<Value> =
                    given.iter().filter_map(|item| fitted(item, shape, context)).collect();
                (!items.is_empty()).then_some(CheckedOperand::List(items))
            }
            Operand::Own(number) => said(*number).map(CheckedOperand::Value),
        };
        // What is compared with nothing does not hold (semantics.md 10).
        let Some(operand) = operand else { return decided(self.op == Operator::Ne) };
        let (reach, kind) = (self.reach.clone(), self.kind.clone());
        Checked::Test(Box::new(CheckedTest { reach, kind, op: self.op, operand, matching: Match::Any }))
    }
}

/// A value as a field of a shape holds it; `None` for what it can't hold, and for nothing.
fn fitted(value: &Value, shape: Shape, context: &Context) -> Option<Value> {
    match (value, shape) {
        (Value::Empty, Shape::Bool) => Some(Value::Bool(false)),
        (Value::Date(day), Shape::Instant) => {
            let start = day.to_zoned_datetime(context.zone.clone()).ok()?;
            Some(Value::DateTime(start.timestamp()))
        }
        (Value::Text(text), Shape::Ref) => text.parse().ok().map(Value::Ref),
        (Value::Text(text), Shape::Text | Shape::LongText | Shape::Key) if !text.is_empty() => {
            Some(value.clone())
        }
        (Value::Number(_), Shape::Decimal(_))
        | (Value::Date(_), Shape::Day)
        | (Value::DateTime(_), Shape::Instant)
        | (Value::Time(_), Shape::TimeOfDay)
        | (Value::Bool(_), Shape::Bool)
        | (Value::Ref(_), Shape::Ref) => Some(value.clone()),
        _ => None,
    }
}

impl Ask {
    pub(super) fn new(figure: Arc<CheckedFigure>, question: Question) -> Ask {
        Ask { figure, operands: question.operands, key: question.key }
    }

    /// Which records (or rows) are counted.
    pub fn filter(&self, context: &Context) -> Checked {
        self.figure.condition.with(&self.operands, context, None)
    }

    /// The same for all values of the field that the question is parted by.
    pub fn filter_of_all(&self, context: &Context) -> Checked {
        self.figure.condition.with(&self.operands, context, self.figure.by)
    }

    /// The field that it holds against one value, where there is such a one.
    pub fn by(&self, context: &Context) -> Option<AskedBy> {
        let by = self.figure.by?;
        let mut test = None;
        self.figure.condition.each_test(&mut |found| {
            if matches!(found.operand, Operand::Own(number) if number == by) {
                test = Some(found);
            }
        });
        let test = test?;
        let value = fitted(self.operands.get(by)?, test.kind.shape(), context)?;
        Some(AskedBy { reach: test.reach.clone(), kind: test.kind.clone(), value })
    }

    /// What questions have in common that differ in nothing but the value that they are parted by.
    pub fn group(&self) -> String {
        let others = self.operands.iter().enumerate().filter(|(place, _)| Some(*place) != self.figure.by);
        format!("{} {:?}", self.figure.written, others.map(|(_, value)| value).collect::<Vec<_>>())
    }
}

//! The record that the examples of functions are about.

use std::cmp::Ordering;
use std::sync::Arc;

use super::arguments::text_of;
use super::{
    Answers, Budget, Figure, FigureFunction, FigureOperand, FigurePart, Formula, FormulaFault, Lookup,
    Question, Resolved, Scope, Type, evaluate,
};
use crate::context::{CallsByName, Context, Dice, KnownNames};
use crate::criteria::Operator;
use crate::value::{Decimal, ErrorValue, Id, Value, parse_date, parse_timestamp};

/// An order of three lines, at five past four in the afternoon of 22 November 2026 in Shanghai, with one parameter;
/// and the payments of another form.
pub struct Sample;

/// Those who are named in it.
struct Staff;

impl CallsByName for Staff {
    fn name(&self, id: Id) -> Option<String> {
        match id.as_i64() {
            1 => Some("Zhang San".to_string()),
            2 => Some("Li Si".to_string()),
            _ => None,
        }
    }
}

fn person(number: i64) -> Value {
    Id::from_i64(number).map_or(Value::Empty, Value::Ref)
}

/// The payments: of whom, how much, when.
const PAYMENTS: [(&str, i64, &str); 4] = [
    ("won", 100, "2026-01-15"),
    ("won", 150, "2026-02-10"),
    ("lost", 80, "2026-03-01"),
    ("open", 20, "2026-11-22"),
];

impl Sample {
    /// The moment of the examples.
    pub fn context() -> Context {
        let now = parse_timestamp("2026-11-22T08:05:00Z").unwrap_or_default();
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC);
        let mut context = Context::system(now, zone);
        context.params.insert("rate".into(), Value::number(13));
        context.user = Id::from_i64(2);
        context.names = KnownNames::of(Arc::new(Staff));
        context.dice = Dice::new(42);
        context
    }

    /// What a formula about the sample gives, as text.
    ///
    /// # Errors
    /// What is wrong with the formula.
    pub fn show(source: &str) -> Result<String, FormulaFault> {
        shown(source, &Sample)
    }
}

/// The last line of the sample, as the formula of one of its columns sees it.
pub struct LastLine;

impl LastLine {
    /// What a formula of a column gives in that line, as text.
    ///
    /// # Errors
    /// What is wrong with the formula.
    pub fn show(source: &str) -> Result<String, FormulaFault> {
        shown(source, &LastLine)
    }
}

fn shown(source: &str, around: &(impl Scope + Lookup)) -> Result<String, FormulaFault> {
    let formula = Formula::parse(source, around, &Type::Any)?;
    let (context, mut answers) = (Sample::context(), Answers::default());
    for question in formula.ask(around, &context, &mut Budget::for_record(), &answers).1 {
        let Some(figure) = formula.figures().get(question.number) else { continue };
        answers.insert(question.key.clone(), counted(figure, &question));
    }
    let (value, frame) = formula.compiled.run(around, &context, &mut Budget::for_record(), &answers);
    let value = evaluate::land(value, &Type::Any, &frame);
    Ok(match text_of(&value, &frame) {
        Ok(text) => text.into_owned(),
        Err(super::arguments::Halt::Error(error)) => error.to_string(),
        Err(super::arguments::Halt::Empty) => String::new(),
    })
}

impl Scope for Sample {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let ty = match path {
            ["amount"] => Type::Number,
            ["state"] => Type::Text,
            ["$created_at"] => Type::DateTime,
            ["by"] => Type::Ref,
            ["team"] => Type::list(Type::Ref),
            ["paid"] => Type::Bool,
            ["blank"] => Type::Any,
            ["day"] => Type::Date,
            ["at"] => Type::DateTime,
            ["tags"] => Type::list(Type::Text),
            ["lines"] => Type::Rows,
            ["lines", "qty" | "price"] => Type::list(Type::Number),
            ["lines", "item" | "note"] => Type::list(Type::Text),
            ["lines", "day"] => Type::list(Type::Date),
            _ => return None,
        };
        Some(Resolved { ty, live: false })
    }

    fn records(&self, form: &str) -> Option<Box<dyn Scope + '_>> {
        matches!(form, "payment" | "").then(|| Box::new(Payments) as Box<dyn Scope>)
    }

    fn parameter(&self, key: &str) -> Option<Type> {
        (key == "rate").then_some(Type::Number)
    }
}

struct Payments;

impl Scope for Payments {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let ty = match path {
            ["state"] => Type::Text,
            ["amount"] => Type::Number,
            ["day"] => Type::Date,
            _ => return None,
        };
        Some(Resolved { ty, live: false })
    }
}

/// What the payments answer.
fn counted(figure: &Figure, question: &Question) -> Value {
    let counts = |place: &usize| holds(&figure.condition, *place, &question.operands);
    let found: Vec<usize> = (0..PAYMENTS.len()).filter(counts).collect();
    let values: Vec<Value> = match &figure.value {
        Some(field) => found.iter().map(|place| paid(*place, &field.path)).collect(),
        None => Vec::new(),
    };
    let sum: Decimal = values.iter().filter_map(Value::as_number).sum();
    let by = |a: &&Value, b: &&Value| a.compare(b).unwrap_or(Ordering::Equal);
    let one = match figure.function {
        FigureFunction::Count => return Value::number(found.len() as u64),
        FigureFunction::Sum => return Value::Number(sum),
        FigureFunction::Avg => {
            return sum.checked_div(Decimal::from(values.len())).map_or(Value::Empty, Value::Number);
        }
        FigureFunction::Min => values.iter().min_by(by),
        FigureFunction::Max => values.iter().max_by(by),
        FigureFunction::First => values.first(),
        FigureFunction::Last => values.last(),
    };
    one.cloned().unwrap_or_default()
}

fn paid(place: usize, field: &str) -> Value {
    let Some((state, amount, day)) = PAYMENTS.get(place) else { return Value::Empty };
    match field {
        "state" => Value::text(*state),
        "amount" => Value::number(*amount),
        "$created_at" => parse_timestamp(&format!("{day}T00:00:00Z")).map_or(Value::Empty, Value::DateTime),
        _ => parse_date(day).map_or(Value::Empty, Value::Date),
    }
}

/// Whether a payment is counted: as conditions are read, as far as the examples go.
fn holds(part: &FigurePart, place: usize, operands: &[Value]) -> bool {
    let own = |number: &usize| operands.get(*number).cloned().unwrap_or_default();
    let (field, op, operand) = match part {
        FigurePart::All(parts) => return parts.iter().all(|part| holds(part, place, operands)),
        FigurePart::Any(parts) => return parts.iter().any(|part| holds(part, place, operands)),
        FigurePart::Not(part) => return !holds(part, place, operands),
        FigurePart::Own(number) => return own(number) == Value::Bool(true),
        FigurePart::Test { field, op, operand } => (paid(place, &field.path), op, operand),
    };
    let (first, second) = match operand {
        FigureOperand::Nothing => (Value::Empty, Value::Empty),
        FigureOperand::Own(number) => (own(number), Value::Empty),
        FigureOperand::Between(from, to) => (own(from), own(to)),
        FigureOperand::Field(other) => (paid(place, &other.path), Value::Empty),
    };
    let order = field.compare(&first);
    match op {
        Operator::Ne => order != Some(Ordering::Equal),
        Operator::Gt => order.is_some_and(Ordering::is_gt),
        Operator::Gte => order.is_some_and(Ordering::is_ge),
        Operator::Lt => order.is_some_and(Ordering::is_lt),
        Operator::Lte => order.is_some_and(Ordering::is_le),
        Operator::Between => {
            order.is_some_and(Ordering::is_ge) && field.compare(&second).is_some_and(Ordering::is_le)
        }
        Operator::StartsWith => matches!((field.as_text(), first.as_text()),
            (Some(text), Some(start)) if text.starts_with(start)),
        Operator::IsEmpty => field.is_empty(),
        Operator::NotEmpty => !field.is_empty(),
        _ => order == Some(Ordering::Equal),
    }
}

impl Lookup for Sample {
    fn value(&self, path: &str) -> Value {
        let texts = |items: &[&str]| {
            let items =
                items.iter().map(|item| if item.is_empty() { Value::Empty } else { Value::text(*item) });
            Value::List(items.collect())
        };
        let numbers = |items: [Decimal; 3]| Value::List(items.map(Value::Number).to_vec());
        let day = |text: &str| parse_date(text).map_or(Value::Empty, Value::Date);
        match path {
            "amount" => Value::Number(Decimal::new(1205, 1)),
            "state" => Value::text("won"),
            "paid" => Value::Bool(true),
            "blank" => Value::Empty,
            "day" => day("2026-11-22"),
            "at" | "$created_at" => Value::DateTime(Sample::context().now),
            "by" => person(1),
            "team" => Value::List(vec![person(1), person(2)]),
            "tags" => texts(&["vip", "old"]),
            "lines" => Value::Rows(vec![Default::default(), Default::default(), Default::default()]),
            "lines.qty" => numbers([2.into(), 3.into(), 5.into()]),
            "lines.price" => numbers([10.into(), Decimal::new(205, 1), 4.into()]),
            "lines.item" => texts(&["pen", "ink", "pen"]),
            "lines.note" => texts(&["gift", "", ""]),
            "lines.day" => Value::List(vec![day("2026-01-15"), day("2026-02-10"), day("2026-03-01")]),
            _ => Value::Error(ErrorValue::Ref),
        }
    }
}

impl Scope for LastLine {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let of_lines = |column: &str| Sample.resolve(&["lines", column]);
        match path {
            ["RUNNING", column] => of_lines(column).filter(|column| column.ty == Type::list(Type::Number)),
            ["PREV", column] | [column] => match of_lines(column) {
                // What is a list to the record is one value to a line.
                Some(Resolved { ty, live }) => Some(Resolved { ty: ty.item().clone(), live }),
                None => Sample.resolve(path),
            },
            _ => Sample.resolve(path),
        }
    }
}

impl Lookup for LastLine {
    fn value(&self, path: &str) -> Value {
        let of_lines = |column: &str| Sample.value(&format!("lines.{column}"));
        let at = |column: &str, line: usize| of_lines(column).items().get(line).cloned().unwrap_or_default();
        match path.split_once('.') {
            Some(("PREV", column)) => at(column, 1),
            Some(("RUNNING", column)) => of_lines(column),
            None if Sample.resolve(&["lines", path]).is_some() => at(path, 2),
            _ => Sample.value(path),
        }
    }
}

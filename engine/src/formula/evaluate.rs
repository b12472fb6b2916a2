//! Running a formula in rhai.
//!
//! rhai's own limits do not contain a hostile formula: they are checked after memory has been taken, and its standard
//! functions sleep, evaluate text and grow strings. So the engine is a raw one that has only our functions, gets only
//! what [`emit`](super::emit) writes, and every function charges the budget before it works.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rhai::{AST, Array, Dynamic, Engine, OptimizationLevel};

use super::arguments::{Answer, Arguments, Frame, Halt, MAX_ITEMS, MAX_TEXT, number, plain, work_of};
use super::budget::{Budget, MAX_OPERATIONS};
use super::emit::{Program, Slot};
use super::figure::{Answers, Figure};
use super::functions::{self, Function};
use super::scope::Lookup;
use super::syntax::Operator;
use super::types::Type;
use crate::context::Context;
use crate::value::{ErrorValue, Value};

/// rhai counts five levels for one call of ours.
const MAX_RHAI_DEPTH: usize = 400;

/// A compiled formula.
#[derive(Debug)]
pub(super) struct Compiled {
    ast: AST,
    slots: Vec<Slot>,
    chains: Arc<Vec<Vec<Operator>>>,
    figures: Arc<Vec<Figure>>,
}

/// A value as rhai hands it around: cheap to copy.
#[derive(Clone)]
struct Cell(Arc<Value>);

/// The frame as rhai hands it around.
#[derive(Clone)]
struct Shared {
    frame: Arc<Frame>,
    chains: Arc<Vec<Vec<Operator>>>,
}

/// `None` if rhai does not take the source, which would be our fault.
pub(super) fn compile(program: Program, figures: Arc<Vec<Figure>>) -> Option<Compiled> {
    let ast = engine().compile_expression(&program.source).ok()?;
    Some(Compiled { ast, slots: program.slots, chains: Arc::new(program.chains), figures })
}

impl Compiled {
    pub fn run(
        &self,
        lookup: &dyn Lookup,
        context: &Context,
        budget: &mut Budget,
        answers: &Answers,
    ) -> (Value, Arc<Frame>) {
        let values = self.slots.iter().map(|slot| match slot {
            Slot::Literal(value) => value.clone(),
            Slot::Path(path) => lookup.value(path),
            Slot::Parameter(key) => context.params.get(key).cloned().unwrap_or(Value::Error(ErrorValue::Ref)),
        });
        let frame = Arc::new(Frame {
            values: values.map(Arc::new).collect(),
            now: context.now,
            zone: context.zone.clone(),
            user: context.user,
            names: context.names.clone(),
            dice: context.dice.clone(),
            allowance: budget.allowance(),
            used: AtomicU64::new(0),
            text_bytes: AtomicU64::new(0),
            exhausted: AtomicBool::new(false),
            stop: budget.stop.clone(),
            figures: self.figures.clone(),
            answers: answers.clone(),
            questions: Mutex::new(Vec::new()),
            origin: Mutex::new(None),
        });
        let shared = Shared { frame: frame.clone(), chains: self.chains.clone() };
        let mut scope = rhai::Scope::new();
        scope.push_constant_dynamic("cx", Dynamic::from(shared));
        let result = engine().eval_ast_with_scope::<Dynamic>(&mut scope, &self.ast);
        budget.operations += frame.used.load(Ordering::Relaxed);
        let value = match result {
            Ok(_) if frame.exhausted.load(Ordering::Relaxed) => Value::Error(ErrorValue::Limit),
            Ok(result) => result.try_cast::<Cell>().map_or(Value::Empty, |cell| (*cell.0).clone()),
            // Nothing of ours raises an error: only rhai's own limits do.
            Err(_) => Value::Error(ErrorValue::Limit),
        };
        (value, frame)
    }
}

/// The one engine of a process. It never changes, and knows nothing of any formula.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut engine = Engine::new_raw();
        for symbol in
            ["eval", "Fn", "call", "curry", "is_shared", "import", "export", "print", "debug", "type_of"]
        {
            engine.disable_symbol(symbol);
        }
        engine.set_optimization_level(OptimizationLevel::None);
        engine.set_fast_operators(false);
        engine.set_allow_looping(false);
        engine.set_allow_shadowing(false);
        engine.set_strict_variables(false);
        engine.set_max_operations(MAX_OPERATIONS);
        engine.set_max_expr_depths(MAX_RHAI_DEPTH);
        engine.set_max_string_size(MAX_TEXT);
        engine.set_max_array_size(MAX_ITEMS);
        engine.set_max_variables(1);
        engine.register_fn("value", |shared: Shared, number: i64| -> Dynamic {
            let value = usize::try_from(number).ok().and_then(|number| shared.frame.values.get(number));
            Dynamic::from(Cell(value.cloned().unwrap_or_default()))
        });
        engine.register_fn("negative", |shared: Shared, operands: Array| -> Dynamic {
            let cells = cells(operands);
            let answer = match cells.first() {
                Some(value) => shared.frame.charge(1).and_then(|()| number(value)),
                None => Ok(None),
            };
            cell(answer.map(|number| number.map_or(Value::Empty, |number| Value::Number(-number))))
        });
        engine.register_fn("chain", |shared: Shared, number: i64, operands: Array| -> Dynamic {
            let operators = usize::try_from(number).ok().and_then(|number| shared.chains.get(number));
            let operators = operators.map(Vec::as_slice).unwrap_or_default();
            cell(chain(&shared.frame, operators, &cells(operands)))
        });
        engine.register_fn("figure", |shared: Shared, number: i64, operands: Array| -> Dynamic {
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            cell(shared.frame.ask(number, &cells(operands)))
        });
        for function in functions::all() {
            engine.register_fn(function.name, move |shared: Shared, arguments: Array| -> Dynamic {
                cell(call(function, &shared.frame, &cells(arguments)))
            });
        }
        engine
    })
}

fn cells(array: Array) -> Vec<Arc<Value>> {
    let cells = array.into_iter().map(|item| item.try_cast::<Cell>().map(|cell| cell.0).unwrap_or_default());
    cells.collect()
}

fn cell(answer: Answer) -> Dynamic {
    Dynamic::from(Cell(Arc::new(settle(answer))))
}

fn settle(answer: Answer) -> Value {
    match answer {
        Ok(value) => value,
        Err(Halt::Empty) => Value::Empty,
        Err(Halt::Error(error)) => Value::Error(error),
    }
}

fn chain(frame: &Frame, operators: &[Operator], operands: &[Arc<Value>]) -> Answer {
    let Some((first, rest)) = operands.split_first() else { return Ok(Value::Empty) };
    let mut left = (**first).clone();
    for (operator, right) in operators.iter().zip(rest) {
        frame.charge(1 + work_of(&left) + work_of(right))?;
        let next = settle(operator.apply(&left, right, frame));
        if let Value::Error(error) = &next
            && first_error(&left).or_else(|| first_error(right)).is_none()
        {
            frame.note_origin(*error, None);
        }
        left = next;
    }
    Ok(left)
}

fn call(function: &Function, frame: &Frame, values: &[Arc<Value>]) -> Answer {
    frame.charge(1 + values.iter().map(|value| work_of(value)).sum::<u64>())?;
    if !function.sees_errors
        && let Some(error) = values.iter().find_map(|value| first_error(value))
    {
        return Err(error.into());
    }
    let answer = (function.run)(&Arguments { frame, values });
    // A function that sees errors may only pass one on.
    if let (Err(Halt::Error(error)), false) = (&answer, function.sees_errors) {
        frame.note_origin(*error, Some(function.name));
    }
    answer
}

fn first_error(value: &Value) -> Option<ErrorValue> {
    match value {
        Value::Error(error) => Some(*error),
        Value::List(items) => items.iter().find_map(first_error),
        _ => None,
    }
}

/// A result as the type that was wanted of the formula.
pub(super) fn land(value: Value, wanted: &Type, frame: &Frame) -> Value {
    match (value, wanted) {
        (Value::Text(text), _) if text.is_empty() => Value::Empty,
        (value @ (Value::Empty | Value::Error(_)), _) => value,
        (Value::Number(number), Type::Text) => Value::Text(plain(number)),
        (Value::Number(number), Type::Number | Type::Any) => Value::Number(number.normalize()),
        (Value::Ref(id), Type::Text) => Value::Text(id.to_string()),
        (Value::Date(date), Type::DateTime) => {
            frame.start_of(date).map_or(Value::Error(ErrorValue::Num), Value::DateTime)
        }
        (Value::DateTime(instant), Type::Date) => Value::Date(frame.date_of(instant)),
        (Value::List(items), Type::List(item)) => {
            let items = items.into_iter().map(|value| land(value, item, frame)).collect::<Vec<_>>();
            items.iter().find_map(first_error).map_or(Value::List(items), Value::Error)
        }
        (value @ Value::List(_), Type::Any) => value,
        (single, Type::List(item)) => match land(single, item, frame) {
            error @ Value::Error(_) => error,
            single => Value::List(vec![single]),
        },
        (value, wanted) if is_of(&value, wanted) => value,
        _ => Value::Error(ErrorValue::Value),
    }
}

fn is_of(value: &Value, wanted: &Type) -> bool {
    matches!(
        (value, wanted),
        (_, Type::Any)
            | (Value::Bool(_), Type::Bool)
            | (Value::Text(_), Type::Text)
            | (Value::Date(_), Type::Date)
            | (Value::DateTime(_), Type::DateTime)
            | (Value::Time(_), Type::Time)
            | (Value::Ref(_), Type::Ref)
            | (Value::Rows(_), Type::Rows)
    )
}

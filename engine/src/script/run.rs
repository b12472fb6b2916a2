//! One run of a script: about one record, until it ends, refuses, or has no more budget.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::{Dynamic, EvalAltResult, Position, Scope};
use serde_json::{Map as JsonMap, Value as Json};

use super::budget::Limit;
use super::held::{Own, Wrong, to_json};
use super::question::{Host, Question, Said, Stopped, Told};
use super::{Budget, Script, Seen, functions, machine, weight};
use crate::context::Context;

/// Bytes that a script holds in all its variables, as they are estimated.
const MAX_HELD: u64 = 12 << 20;
/// Bytes of all that it sets in its record.
const MAX_SET: u64 = 2 << 20;
/// A value above this is added up with all others whenever it is read.
const LARGE: u64 = 64 << 10;

/// What a script runs for.
pub struct About {
    pub record: Seen,
    /// As it was before; absent for a new one.
    pub old: Option<Seen>,
    pub context: Context,
    pub host: Arc<dyn Host>,
    pub budget: Budget,
}

/// Why a script did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    Refused(Refused),
    Limit(Limit),
    /// A mistake in it.
    Failed(Failed),
    /// The host said so.
    Stopped,
}

/// What a script refuses, and by which arguments its sentence is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: String,
    pub args: BTreeMap<String, String>,
    /// Whether it is the input that is wrong (422), and not how things stand (409).
    pub is_invalid: bool,
}

/// Where a script failed, counted from one, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub line: usize,
    pub column: usize,
    pub detail: String,
}

/// What the functions of a run share.
pub(super) struct State {
    pub host: Arc<dyn Host>,
    pub budget: Budget,
    pub context: Context,
    /// Fields of the record that were set, as they were set last, with their weight.
    set: Mutex<BTreeMap<String, (Dynamic, u64)>>,
    halt: Mutex<Option<Halt>>,
}

impl State {
    /// Ends the script: rhai can't catch it.
    pub fn end(&self, halt: Halt) -> Wrong {
        self.halt.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(halt);
        EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into()
    }

    pub fn within(&self, spent: Result<(), Limit>) -> Result<(), Wrong> {
        spent.map_err(|limit| self.end(Halt::Limit(limit)))
    }

    pub fn ask(&self, question: Question) -> Result<Told, Wrong> {
        self.host.ask(question).map_err(|Stopped| self.end(Halt::Stopped))
    }

    /// What the script has set in a field of its record.
    pub fn set_in(&self, field: &str) -> Option<Dynamic> {
        let set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.get(field).map(|(value, _)| value.clone())
    }

    /// Keeps what the script sets in a field of its record.
    pub fn put(&self, field: &str, value: Dynamic) -> Result<(), Wrong> {
        let weight = weight::of_dynamic(&value).unwrap_or(u64::MAX);
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        let others = set.iter().filter(|(key, _)| *key != field).map(|(_, (_, weight))| weight).sum::<u64>();
        if weight.saturating_add(others) > MAX_SET {
            return Err(self.end(Halt::Limit(Limit::Memory)));
        }
        set.insert(field.to_string(), (value, weight));
        Ok(())
    }

    fn halted(&self) -> Option<Halt> {
        self.halt.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Script {
    /// Runs it; gives the fields of the record that it sets, in wire form.
    ///
    /// # Errors
    /// Why it did not come to its end. What it wrote until then is the host's to undo.
    pub fn run(&self, about: About) -> Result<JsonMap<String, Json>, Halt> {
        let About { record, old, context, host, budget } = about;
        let (set, halt) = (Mutex::default(), Mutex::default());
        let state = Arc::new(State { host, budget, context, set, halt });
        let mut engine = machine::bare();
        functions::register(&mut engine, &state);
        watch(&mut engine, &state);
        let mut scope = Scope::new();
        scope.push("record", Own { seen: record, state: state.clone() });
        scope.push_dynamic("old", old.map_or(Dynamic::UNIT, Dynamic::from));
        let ended = engine.run_ast_with_scope(&mut scope, &self.ast);
        if let Err(error) = &ended {
            let place = error.position();
            let (line, column) = (place.line().unwrap_or(1), place.position().unwrap_or(1));
            state.host.hear(Said::Ended { line, column });
        }
        // What was set may hold the record, and the record what was set.
        let set = std::mem::take(&mut *state.set.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(halt) = state.halted() {
            return Err(halt);
        }
        let json = ended.and_then(|()| {
            let set = set.iter().map(|(field, (value, _))| Ok::<_, Wrong>((field.clone(), to_json(value)?)));
            set.collect::<Result<JsonMap<String, Json>, Wrong>>()
        });
        json.map_err(|error| halt_of(&error))
    }
}

/// Counts its steps and weighs what it holds.
fn watch(engine: &mut rhai::Engine, state: &Arc<State>) {
    let counting = state.clone();
    // rhai tells its own count at each step.
    engine.on_progress(move |_| counting.within(counting.budget.step(1)).err().map(|_| Dynamic::UNIT));
    let weighing = state.clone();
    #[expect(deprecated, reason = "rhai marks what it may change so")]
    engine.on_var(move |name, _, context| {
        let scope = context.scope();
        let Some(value) = scope.get(name) else { return Ok(None) };
        let too_much = || weighing.end(Halt::Limit(Limit::Memory));
        let bytes = weight::of_dynamic(value).ok_or_else(too_much)?;
        if bytes > LARGE {
            let all = scope.iter_raw().map(|(_, _, value)| weight::of_dynamic(value));
            let held = all.sum::<Option<u64>>().ok_or_else(too_much)?;
            if held > MAX_HELD {
                return Err(too_much());
            }
        }
        Ok(None)
    });
}

/// What an error of rhai's own means.
fn halt_of(error: &EvalAltResult) -> Halt {
    match error {
        EvalAltResult::ErrorTooManyOperations(_) => Halt::Limit(Limit::Operations),
        EvalAltResult::ErrorDataTooLarge(..)
        | EvalAltResult::ErrorTooManyVariables(_)
        | EvalAltResult::ErrorStackOverflow(_) => Halt::Limit(Limit::Memory),
        error => {
            let place = error.position();
            Halt::Failed(Failed {
                line: place.line().unwrap_or(1),
                column: place.position().unwrap_or(1),
                detail: error.to_string(),
            })
        }
    }
}

//! The expression language of defaults, computed fields, validations, measures and print templates (semantics.md 9).
//!
//! A formula is parsed by our own parser ([`parse`]), typed against the names around it ([`Scope`]), written as rhai
//! and compiled once; evaluating it reads values through [`Lookup`] and counts its work in a [`Budget`]. Errors are
//! values (`#DIV/0!`) that propagate. A formula does no I/O and always ends.
//!
//! People write labels, the store keeps keys: [`to_keys`] and [`to_labels`] go between, so that renaming a field
//! breaks nothing. [`complete`] is what the editor offers while somebody types.
//!
//! Over the records of other forms a formula asks [`Figure`]s; whoever evaluates it finds the answers.

mod arguments;
mod budget;
mod check;
mod closeness;
mod compared;
mod complete;
mod criterion;
mod emit;
mod evaluate;
mod fault;
mod figure;
pub mod functions;
mod lex;
mod operators;
mod parse;
mod rename;
pub mod sample;
mod scope;
mod syntax;
#[cfg(test)]
mod tests;
mod types;
mod unbracketed;

pub use arguments::{MAX_ITEMS, MAX_TEXT};
pub use budget::{Budget, MAX_OPERATIONS, Stop};
pub use check::ROW_FUNCTIONS;
pub use complete::{CallHelp, Completion, Suggestion, SuggestionKind, complete};
pub use fault::{FormulaFault, Span};
pub use figure::{Answers, FieldOf, Figure, FigureFunction, FigureOperand, FigurePart, Question};
pub(crate) use functions::metres_between;
pub use lex::MAX_SOURCE;
pub use parse::parse;
pub(crate) use rename::RECORD;
pub(crate) use rename::shown;
pub use rename::{check_labels, named_paths, named_spans, renamed, to_keys, to_labels, type_of_labels};
pub use scope::{Lookup, Name, Names, Resolved, Scope};
pub use syntax::{Node, NodeKind, Operator, Segment};
pub use types::Type;

use std::sync::Arc;

use crate::context::Context;
use crate::value::{ErrorValue, Value};

/// A formula that is known to be right: its names exist, its types fit. Cheap to evaluate again and again.
#[derive(Debug)]
pub struct Formula {
    compiled: evaluate::Compiled,
    findings: check::Findings,
    wanted: Type,
}

impl Formula {
    /// Reads and checks a formula, written with keys, that has to give `wanted`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(source: &str, scope: &dyn Scope, wanted: &Type) -> Result<Formula, FormulaFault> {
        let formula = Formula::parse_kept(source, scope, wanted)?;
        match formula.findings.unknown_literal {
            Some(fault) => Err(fault),
            None => Ok(formula),
        }
    }

    /// As [`Formula::parse`], for a formula that is in force: a text that a function does not know gives its error value.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse_kept(source: &str, scope: &dyn Scope, wanted: &Type) -> Result<Formula, FormulaFault> {
        let mut node = parse(source)?;
        let findings = check::check(&mut node, source, scope, wanted)?;
        let figures = Arc::new(findings.figures.clone());
        let compiled = evaluate::compile(emit::emit(&node), figures)
            .ok_or_else(|| FormulaFault::new("formula_too_deep", node.span).arg("max", 32))?;
        Ok(Formula { compiled, findings, wanted: wanted.clone() })
    }

    /// The paths that it reads, each once, in order of appearance.
    pub fn reads(&self) -> Vec<String> {
        self.findings.reads.clone()
    }

    /// Whether its value changes without the record being saved: it reads the clock, the person, or a live path.
    pub fn is_live(&self) -> bool {
        self.findings.live
    }

    /// Whether its value comes by chance, so that it is another one each time.
    pub fn is_random(&self) -> bool {
        self.findings.random
    }

    /// Whether it says what people or departments are called.
    pub fn reads_names(&self) -> bool {
        self.findings.names
    }

    /// What it asks of other forms, in order of appearance.
    pub fn figures(&self) -> &[Figure] {
        &self.findings.figures
    }

    /// Its value. What goes wrong is an error value; the result is of the type that was wanted, or empty.
    pub fn evaluate(&self, lookup: &dyn Lookup, context: &Context, budget: &mut Budget) -> Value {
        self.ask(lookup, context, budget, &Answers::default()).0
    }

    /// The function in it that gives this error value, where one does: an operator, or a value that it reads, may as well.
    pub fn origin(
        &self,
        error: ErrorValue,
        lookup: &dyn Lookup,
        context: &Context,
        budget: &mut Budget,
        answers: &Answers,
    ) -> Option<&'static str> {
        let (_, frame) = self.compiled.run(lookup, context, budget, answers);
        frame.origin_of(error)
    }

    /// Its value by these answers, and what it asks beyond them: without an answer a figure reads as empty.
    pub fn ask(
        &self,
        lookup: &dyn Lookup,
        context: &Context,
        budget: &mut Budget,
        answers: &Answers,
    ) -> (Value, Vec<Question>) {
        let (value, frame) = self.compiled.run(lookup, context, budget, answers);
        (evaluate::land(value, &self.wanted, &frame), frame.take_questions())
    }
}

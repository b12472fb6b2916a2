//! What is wrong with a formula, and where in it.

use std::collections::BTreeMap;

use crate::text::Fault;

/// A place in a formula's source, counted in characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub at: usize,
    pub length: usize,
}

impl Span {
    pub(crate) fn new(at: usize, end: usize) -> Span {
        Span { at, length: end.saturating_sub(at) }
    }

    pub(crate) fn end(self) -> usize {
        self.at + self.length
    }

    /// The text at this place.
    pub fn of(self, source: &str) -> String {
        source.chars().skip(self.at).take(self.length).collect()
    }
}

/// Why a formula is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaFault {
    /// As in [`Fault`].
    pub code: &'static str,
    /// The values that the fault's sentence names.
    pub args: BTreeMap<String, String>,
    pub span: Span,
}

impl FormulaFault {
    pub(crate) fn new(code: &'static str, span: Span) -> FormulaFault {
        FormulaFault { code, args: BTreeMap::new(), span }
    }

    pub(crate) fn arg(mut self, name: &str, value: impl ToString) -> FormulaFault {
        self.args.insert(name.to_string(), value.to_string());
        self
    }
}

/// The place travels in the arguments `at` and `length`.
impl From<FormulaFault> for Fault {
    fn from(fault: FormulaFault) -> Fault {
        let mut plain = Fault::new("", fault.code).arg("at", fault.span.at).arg("length", fault.span.length);
        plain.args.extend(fault.args);
        plain
    }
}

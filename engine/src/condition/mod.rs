//! The one condition tree: filters, visibility rules, permissions, flow branches, aggregates (semantics.md 10).
//!
//! [`Condition`] is the document. [`Checked`] is the same tree typed against a form: paths resolved, literals read.
//! It has two interpreters, [`Checked::holds`] in memory and the store's SQL, which agree on every record.
//! Logic is two-valued: a comparison with an empty field does not hold, and `not` inverts.

mod check;
pub mod computed;
mod evaluate;

pub use crate::criteria::{Condition, Match, Operand, Operator, Relative, Test, Unit, Variable};
pub use check::{Checked, Days, Fields, Operand as CheckedOperand, Reach, Test as CheckedTest};
pub use evaluate::Source;

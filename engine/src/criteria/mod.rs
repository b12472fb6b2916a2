//! What is asked of a record, as people and documents write it: the tree, its operators, and periods that move with
//! today. What it means for a form and its records is [`crate::condition`], which offers all of this too; field kinds
//! stand between the two, since their options hold conditions and conditions are typed by kinds.

mod document;
mod operator;
mod period;

pub use document::{Condition, Match, Operand, Test, Variable};
pub use operator::Operator;
pub use period::{Relative, Unit};

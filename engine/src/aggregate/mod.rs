//! Aggregate tables (聚合表): sums and counts over records of several forms, kept by delta inside the save
//! (semantics.md 7).
//!
//! The engine says what one record contributes to which groups; the difference between what it contributed before and
//! after a save is the delta. The store adds it under a lock, and asks [`Aggregate::broken_constraint`] about the outcome.

mod breach;
mod contribution;
mod document;
mod explain;
mod figure;
mod figures;
mod group;
mod outline;
mod publish;
mod source;
#[cfg(test)]
mod tests;

pub use breach::Breach;
pub use contribution::{Contribution, Contributions, Counted, GroupKey, ValueCounts, add, delta};
pub use document::{
    AggregateDocument, AggregateFn, ConstraintRule, Dimension, GroupBy, MeasureFormula, ReadBy,
    SourceMeasure, SourceRule,
};
pub use figure::{Figure, Part};
pub use group::GroupSource;
pub use outline::{is_table, outline, tables_of};
pub use publish::{Aggregate, BaseMeasure, CheckedDimension, Constraint, DerivedMeasure, Kept};
pub use source::{CheckedGroup, CheckedMeasure, CheckedSource};

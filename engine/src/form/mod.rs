//! A form: its document, and the published definition that everything else works on.
//!
//! [`FormDocument`] is the JSON that people design. [`Sketch`] is a document with its identity, enough for other
//! forms to find its fields. [`Form`] exists only after [`Form::publish`] found nothing wrong: formulas compiled,
//! conditions typed, the order of computing known. Inside, an invalid form cannot be represented.

mod asking;
mod countable;
mod difference;
mod document;
pub mod edit;
mod figure;
mod formula_input;
mod graph;
mod limits;
mod names;
mod naming;
mod outline;
mod pattern;
mod place;
mod publish;
mod published;
mod seen;
mod sketch;
mod system;
mod takeover;
mod uses;
mod warnings;

pub use crate::field::{ComputeRule, DefaultValue, Field, WhenHidden};
pub use crate::script::ScriptEvent;
pub use crate::value::is_key;
pub use asking::{Asked, CheckedLinkage, CheckedQuery, CheckedSort, Copied, Question};
pub use difference::{Alteration, Difference, Part};
pub use document::{
    FormDocument, LONGEST_INDEXED, LayoutItem, Row as LayoutRow, Rule, ScriptBinding, Settings, Tab,
    Validation,
};
pub use figure::{Ask, AskedBy, CheckedFigure};
pub use formula_input::{FormulaInput, Readable};
pub use graph::{Node, Task};
pub use names::Compiled;
pub use pattern::{fill_pattern, fill_text, pattern_formula, pattern_paths};
pub use place::split_row;
pub use published::{BoundScript, CheckedDefault, CheckedRule, CheckedValidation, Column, Form, Kept};

pub use seen::SeenForm;
pub(crate) use sketch::Surroundings;
pub use sketch::{Catalogue, NoRegions, NoScript, SecretUse, Secrets, Sketch};
pub use system::{FLOW_STATES, SYSTEM_FIELDS, system_kind, system_label};
pub use takeover::{TakenOver, Takeover};
pub use uses::{Use, UseKind, Uses};

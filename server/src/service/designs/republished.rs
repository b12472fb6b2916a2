//! A form that is published anew, for what counts its records.

use std::collections::BTreeSet;

use engine::form::Form;

use super::Designs;

/// The new definition of a form, which is in force, with what was before.
#[derive(Clone, Copy)]
pub struct Republished<'r> {
    /// What was designed before, and what is now.
    pub was: &'r Designs,
    pub now: &'r Designs,
    /// Absent for the first version.
    pub before: Option<&'r Form>,
    pub form: &'r Form,
    /// The fields whose stored values were computed again for it.
    pub recomputed: &'r BTreeSet<String>,
}

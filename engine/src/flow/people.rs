//! Who people are: what the flow needs to know of the workspace's members.

use crate::value::Id;

/// The members of the workspace, as the engine asks about them.
pub trait People {
    /// Whether the member exists and has not left.
    fn is_active(&self, member: Id) -> bool;

    /// The name, for the order in which people are asked.
    fn name(&self, member: Id) -> String;

    /// Direct manager.
    fn manager(&self, member: Id) -> Option<Id>;

    /// Active members of a role, by key or id.
    fn in_role(&self, role: &str) -> Vec<Id>;

    /// Active members of a department.
    fn in_department(&self, department: Id, with_children: bool) -> Vec<Id>;

    /// The department that counts as the member's own.
    fn department(&self, member: Id) -> Option<Id>;

    /// The head of a department.
    fn head(&self, department: Id) -> Option<Id>;

    /// Who took over the tasks of somebody who has left.
    fn hand_over(&self, member: Id) -> Option<Id>;

    /// Who decides in the member's place at the moment.
    fn delegate(&self, member: Id) -> Option<Id>;

    /// The administrators of the app that the form is in.
    fn admins(&self) -> Vec<Id>;
}

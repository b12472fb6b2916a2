//! The apps in the order in which a member sees them.

use engine::value::Id;

use crate::stored::stored;

stored! {
    pub struct AppOrder in "app_order" by (workspace: Id, member: Id) {
        /// A JSON array of ids. What it does not name stands behind what it does.
        pub apps: String,
    }
}

//! The navigation of an app as its administrators have arranged it.

use engine::value::Id;

use crate::stored::stored;

stored! {
    pub struct AppTree in "app_tree" by (workspace: Id, app: Id) {
        /// A JSON array of what stands in it, from top to bottom.
        pub entries: String,
        pub version: i64,
    }
}

//! The hints of the pages that members have put away.

use engine::value::Id;

use crate::stored::stored;

stored! {
    pub struct PutAway in "put_away" by (workspace: Id, member: Id) {
        /// A JSON array of their names.
        pub hints: String,
    }
}

//! What a workspace asks of those who sign in.

use engine::value::Id;

use crate::stored::{keyed, stored};

keyed! {
    /// From whom a second step is asked.
    pub enum Demand {
        /// From those who have set one up.
        Nobody = "nobody",
        Administrators = "administrators",
        Everybody = "everybody",
    }
}

stored! {
    pub struct SignInPolicy in "sign_in_policy" by (workspace: Id) {
        pub second_factor: Demand,
        pub version: i64,
    }
}

impl SignInPolicy {
    /// What holds where nobody has said anything.
    pub fn usual(workspace: Id) -> SignInPolicy {
        SignInPolicy { workspace, second_factor: Demand::Nobody, version: 0 }
    }
}

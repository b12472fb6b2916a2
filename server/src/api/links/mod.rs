//! Public links of forms, for those who administer them.

pub mod create;
pub mod list;
pub mod renew;
pub mod revoke;
pub mod update;

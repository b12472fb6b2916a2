//! Inbound hooks of forms: what administrators do with them, and the door for other systems.

pub mod create;
pub mod delete;
pub mod deliveries;
pub mod end_former_secret;
pub mod list;
pub mod receive;
pub mod renew_secret;
pub mod update;

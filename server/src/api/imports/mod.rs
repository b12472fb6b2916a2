//! `/forms/{form}/import`, `/apps/{app}/forms/propose`

pub mod preview;
pub mod propose;
pub mod start;

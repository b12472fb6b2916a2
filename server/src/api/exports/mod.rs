//! `/forms/{form}/export`

pub mod start;

//! Looking as another member.

pub mod begin;
pub mod end;

//! The inbox: what waits for one's decision, and deciding it.

mod decision;
mod page;
mod task;
mod timeline;

pub use page::InboxPage;
pub use timeline::FlowTimeline;

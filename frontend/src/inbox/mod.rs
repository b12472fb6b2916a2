//! The inbox: what waits for one's decision, and deciding it.

mod decision;
mod due;
mod flow_state;
mod listed;
mod opinion;
mod page;
mod taking_back;
mod task;
mod timeline;
mod unsent;

pub use due::DueBadge;
pub use flow_state::{FlowBadge, flow_state_name};
pub use page::InboxPage;
pub use timeline::FlowTimeline;

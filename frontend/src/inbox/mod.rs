//! The inbox: what waits for one's decision, and deciding it.

mod asking;
mod asking_again;
mod attached;
mod batch;
mod decided;
mod decision;
mod drawing;
mod due;
mod filters;
mod flow_state;
mod listed;
mod mentioning;
mod opinion;
mod own_request;
mod page;
mod print_out;
mod refusing;
mod returned;
mod saying;
mod starting;
mod steering;
mod taking_back;
mod task;
mod timeline;
mod unsent;

pub use asking_again::asking_page;
pub use attached::{FileButton, People};
pub use decided::DecisionBadge;
pub use due::DueBadge;
pub use flow_state::{FlowBadge, flow_state_name};
pub use listed::has_news;
pub use mentioning::{MentionOffer, Mentioning};
pub use own_request::{OwnRequest, RequestItems, WithdrawRequest};
pub use page::{Face, InboxPage};
pub use print_out::PrintOut;
pub use timeline::{FlowTimeline, Timeline};

//! What every request passes on its way in and out, one file a concern. The order is in [`super::router`].

mod busy;
mod csrf;
mod headers;
mod hosts;
mod measure;
mod panic;
mod peer;
mod request_id;
mod small_bodies;
mod span;
mod timeout;

pub use busy::{Load, limit_load};
pub use csrf::{refuse_cross_site, refuse_led_here};
pub use headers::set_security_headers;
pub use hosts::{Hosts, refuse_foreign_hosts};
pub use measure::measure;
pub use panic::answer_panic;
pub use peer::{Peer, Proxies, note_peer};
pub use request_id::{MakeRequestId, forget_foreign_id, request_id_of};
pub use small_bodies::take_small_bodies;
pub use span::span;
pub use timeout::{Patience, limit_time};

//! The time, as both databases keep it.

use engine::value::Timestamp;

/// Now, to the microsecond.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

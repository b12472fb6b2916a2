//! What a visitor gets with the form and brings back with what they send: it names one answer of one link, and since when it is
//! filled in. Nobody makes one without the server's key.

use engine::value::{Id, Timestamp};
use jiff::SignedDuration;
use store::ids;
use store::public_link::PublicLink;

use crate::service::people::secret::hash_of;
use crate::service::seal::Seal;
use crate::service::{Cause, Refusal};

/// How long somebody may take. An answer is known for as long under its key, so that it is never taken twice.
const LIVES: SignedDuration = SignedDuration::from_hours(23);
/// Seconds that a person takes at the least.
pub const WAIT: u32 = 1;

/// One answer that is being filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub id: Id,
    pub since: Timestamp,
}

impl Ticket {
    pub fn new(now: Timestamp) -> Ticket {
        Ticket { id: ids::next(), since: now }
    }

    /// As the visitor carries it.
    pub fn close(self, seal: &Seal, row: &PublicLink) -> Result<String, Refusal> {
        seal.close(&format!("{} {}", self.id, self.since.as_microsecond()), &bound(row))
    }

    /// # Errors
    /// `ticket_expired` for one that is too old, of another link, of a password that is no more, or none at all.
    pub fn open(seal: &Seal, row: &PublicLink, sealed: &str, now: Timestamp) -> Result<Ticket, Refusal> {
        let expired = || Refusal::new(Cause::Gone, "ticket_expired");
        let text = seal.open(sealed, &bound(row)).ok_or_else(expired)?;
        let (id, since) = text.split_once(' ').ok_or_else(expired)?;
        let id = id.parse().map_err(|_| expired())?;
        let since = since.parse().ok().and_then(|since| Timestamp::from_microsecond(since).ok());
        let since = since.filter(|since| now.duration_since(*since) < LIVES).ok_or_else(expired)?;
        Ok(Ticket { id, since })
    }

    /// # Errors
    /// `too_many_requests` for what no person has filled in so fast. Nobody waits until the clock is as late again as it was
    /// before it was set back.
    pub fn check_wait(self, now: Timestamp) -> Result<(), Refusal> {
        match now.duration_since(self.since).abs() < SignedDuration::from_secs(i64::from(WAIT)) {
            true => Err(Refusal::too_many(WAIT)),
            false => Ok(()),
        }
    }
}

/// A ticket is for its link, and for who knew the password that it has now.
fn bound(row: &PublicLink) -> String {
    format!("ticket of link {} {}", row.id, row.password_hash.as_deref().map(hash_of).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k7_a_visitor_waits_a_moment_and_not_for_a_clock_that_was_set_back() {
        let ticket = Ticket::new(Timestamp::from_second(1_790_000_000).unwrap());
        let waits = |seconds: i64| {
            ticket.check_wait(Timestamp::from_second(1_790_000_000 + seconds).unwrap()).is_err()
        };
        assert_eq!([0, 1, 3_600, -3_600].map(waits), [true, false, false, false]);
    }
}

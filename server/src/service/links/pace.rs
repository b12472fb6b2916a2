//! How fast visitors of public links may go: some at once, then so many a minute, for one address and form; and so many a second
//! for a form from wherever they come.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::value::Id;

use crate::service::Refusal;
use crate::service::people::throttle::{Allowance, household};
use crate::service::swept::Swept;

const MINUTE: Duration = Duration::from_secs(60);
/// Answers of a form in a second, from wherever they come.
const A_SECOND: usize = 100;

/// What visitors have done of late. It is known by where they are and what they ask, and by nothing that they say of themselves.
#[derive(Debug)]
pub struct Pace {
    pub visits: Allowance,
    pub lookups: Allowance,
    /// What other systems send to hooks.
    pub messages: Allowance,
    answers: Bursts,
    together: Allowance,
}

impl Pace {
    /// `per_minute` answers from one address to one form, six times as many looks at pages, one and a half times as many
    /// questions for records to choose from, and thirty times as many messages to hooks: programs send them.
    pub fn new(per_minute: u32) -> Pace {
        let answers = usize::try_from(per_minute).unwrap_or(usize::MAX);
        Pace {
            visits: Allowance::new(answers.saturating_mul(6), MINUTE),
            lookups: Allowance::new((answers.saturating_mul(3) / 2).max(1), MINUTE),
            messages: Allowance::new(answers.saturating_mul(30), MINUTE),
            answers: Bursts::new(per_minute),
            together: Allowance::new(A_SECOND.max(answers / 60), Duration::from_secs(1)),
        }
    }

    /// Lets an answer be given.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn admit_answer(&self, form: Id, address: Option<IpAddr>, now: Instant) -> Result<(), Refusal> {
        if let Some(address) = address {
            self.answers.admit((household(address), form), now)?;
        }
        self.together.admit(&form.to_string(), now).map(drop)
    }

    /// Lets a message to a hook be taken whose sender is known: as many in a second as a form takes answers.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn admit_message(&self, form: Id, now: Instant) -> Result<(), Refusal> {
        self.together.admit(&form.to_string(), now).map(drop)
    }

    /// Lets somebody who does not have the secret of a hook be told so, and the hook's administrators of it: as often as a
    /// visitor may answer.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn admit_unproven(&self, hook: Id, address: Option<IpAddr>, now: Instant) -> Result<(), Refusal> {
        address.map_or(Ok(()), |address| self.answers.admit((household(address), hook), now))
    }
}

/// Half of what a minute allows at once, and the rest as time goes by.
#[derive(Debug)]
struct Bursts {
    most: u32,
    /// The time that one takes.
    each: Duration,
    /// When all that was let through would be through at the even pace.
    until: Mutex<Swept<(IpAddr, Id), Instant>>,
}

impl Bursts {
    fn new(per_minute: u32) -> Bursts {
        let per_minute = per_minute.max(1);
        Bursts { most: (per_minute / 2).max(1), each: MINUTE / per_minute, until: Mutex::default() }
    }

    fn admit(&self, key: (IpAddr, Id), now: Instant) -> Result<(), Refusal> {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        // None of them says anything for longer than what is let through at once takes.
        until.sweep(now, self.each * self.most, |_, end| *end > now);
        let end = until.get(&key).copied().filter(|end| *end > now).unwrap_or(now);
        let ahead = end.duration_since(now);
        let room = self.each * self.most;
        if ahead + self.each > room {
            let wait = (ahead + self.each).saturating_sub(room);
            return Err(Refusal::too_many(u32::try_from(wait.as_secs()).unwrap_or(60) + 1));
        }
        until.insert(key, end + self.each);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use store::ids;

    use super::*;

    #[test]
    fn t18_ten_at_once_and_twenty_a_minute_from_one_address_for_a_form() {
        let pace = Pace::new(20);
        let (form, other, start) = (ids::next(), ids::next(), Instant::now());
        let from = |address: &str, form: Id, seconds: u64| {
            pace.admit_answer(form, Some(address.parse().unwrap()), start + Duration::from_secs(seconds))
        };
        let here: IpAddr = "203.0.113.9".parse().unwrap();
        let looks = (0..500).filter(|_| pace.visits.admit_from(here, start).is_ok()).count();
        let questions = (0..500).filter(|_| pace.lookups.admit_from(here, start).is_ok()).count();
        assert_eq!((looks, questions), (120, 30));
        let admitted = (0..200).filter(|_| from("203.0.113.9", form, 0).is_ok()).count();
        assert_eq!(admitted, 10);
        assert_eq!(from("203.0.113.9", form, 0).unwrap_err().retry_after, Some(4));
        assert!(from("203.0.113.9", other, 0).is_ok() && from("203.0.113.10", form, 0).is_ok());
        assert!(from("203.0.113.9", form, 3).is_ok() && from("203.0.113.9", form, 3).is_err());
        // In the minutes that follow as many as the pace says.
        let more = (0..=120).filter(|tenth| from("203.0.113.9", form, 4 + tenth / 2).is_ok()).count();
        assert_eq!(more, 20);
    }

    #[test]
    fn t64_a_hook_takes_what_programs_send_and_little_of_who_has_no_secret() {
        let pace = Pace::new(20);
        let (hook, now, here): (Id, Instant, IpAddr) =
            (ids::next(), Instant::now(), "203.0.113.9".parse().unwrap());
        let messages = (0..1_000).filter(|_| pace.messages.admit_from(here, now).is_ok()).count();
        let unproven = (0..100).filter(|_| pace.admit_unproven(hook, Some(here), now).is_ok()).count();
        let of_form = (0..500).filter(|_| pace.admit_message(hook, now).is_ok()).count();
        assert_eq!((messages, unproven, of_form), (600, 10, 100));
    }

    #[test]
    fn t18_a_form_takes_a_hundred_a_second_from_everywhere() {
        let pace = Pace::new(20);
        let (form, now) = (ids::next(), Instant::now());
        let from = |n: u32| pace.admit_answer(form, Some(IpAddr::from(n.to_be_bytes())), now);
        assert_eq!((0..500).filter(|n| from(*n).is_ok()).count(), 100);
    }
}

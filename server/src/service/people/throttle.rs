//! Brakes on guessing passwords: failures are counted for each account from each address, and for each address.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::service::Refusal;
use crate::service::swept::Swept;

const WINDOW: Duration = Duration::from_secs(60);
const PER_ACCOUNT: usize = 5;
const PER_ADDRESS: usize = 20;
/// For so long it is known how often an account was tried in vain from an address: with each further [`PER_ACCOUNT`] the wait
/// is twice as long, up to [`LONGEST`].
const MEMORY: Duration = Duration::from_secs(60 * 60);
const LONGEST: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, PartialEq, Eq, Hash)]
enum Counted {
    Account(String, IpAddr),
    Address(IpAddr),
}

impl Counted {
    fn most(&self) -> usize {
        match self {
            Counted::Account(..) => PER_ACCOUNT,
            Counted::Address(_) => PER_ADDRESS,
        }
    }

    /// How long the newest tries have to lie back before there is another one.
    fn window(&self, tries: usize) -> Duration {
        match self {
            Counted::Account(..) => {
                let further = u32::try_from((tries / PER_ACCOUNT).saturating_sub(1)).unwrap_or(u32::MAX);
                WINDOW.saturating_mul(2_u32.saturating_pow(further)).min(LONGEST)
            }
            Counted::Address(_) => WINDOW,
        }
    }

    /// How long tries are known of. Few of them are nobody who guesses: most of what strangers leave here goes after a minute.
    fn memory(&self, tries: usize) -> Duration {
        match self {
            Counted::Account(..) if tries >= PER_ACCOUNT => MEMORY,
            Counted::Account(..) | Counted::Address(_) => WINDOW,
        }
    }
}

/// Sign-ins of late that failed, or are not yet known to have succeeded.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<Swept<Counted, Vec<Instant>>>);

impl Throttle {
    /// Lets `account` be tried from `address`. The try counts from here on, so that many at once are not let in before
    /// the first of them is known to have failed; [`Throttle::forgive`] takes it back.
    ///
    /// # Errors
    /// `too_many_requests` when it may not be tried now.
    pub fn admit(&self, account: &str, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(account, address);
        for key in &keys {
            let all = tries.get(key).map(Vec::as_slice).unwrap_or_default();
            let known = key.memory(all.len());
            let window = key.window(all.iter().filter(|at| now.duration_since(**at) < known).count());
            let recent: Vec<&Instant> = all.iter().filter(|at| now.duration_since(**at) < window).collect();
            // Once the first of the newest so many lies back far enough there are fewer of them.
            if let Some(first) = recent.len().checked_sub(key.most()).and_then(|place| recent.get(place)) {
                let wait = window.saturating_sub(now.duration_since(**first));
                return Err(Refusal::too_many(u32::try_from(wait.as_secs()).unwrap_or(60) + 1));
            }
        }
        tries.sweep(now, WINDOW, |key, times| is_any_within(times, key.memory(times.len()), now));
        for key in keys {
            let known = key.memory(tries.get(&key).map_or(0, Vec::len));
            let times = tries.entry(key).or_default();
            times.retain(|at| now.duration_since(*at) < known);
            times.push(now);
        }
        Ok(())
    }

    /// Takes back the try that was admitted at `at`: it was no wrong password.
    pub fn forgive(&self, account: &str, address: IpAddr, at: Instant) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(account, address) {
            let Some(times) = tries.get_mut(&key) else { continue };
            if let Some(place) = times.iter().position(|time| *time == at) {
                times.remove(place);
            }
            if times.is_empty() {
                tries.remove(&key);
            }
        }
    }
}

/// How often something may be tried for one key, from wherever it is tried: what only few can do at all.
#[derive(Debug)]
pub struct Allowance {
    most: usize,
    window: Duration,
    tries: Mutex<Swept<String, Vec<Instant>>>,
}

/// A try that was let through.
#[derive(Debug)]
pub struct Try {
    key: String,
    at: Instant,
}

impl Allowance {
    /// `most` tries in any `window`.
    pub fn new(most: usize, window: Duration) -> Allowance {
        Allowance { most, window, tries: Mutex::default() }
    }

    /// Lets something be tried. It counts from here on; [`Allowance::forgive`] takes it back.
    ///
    /// # Errors
    /// `too_many_requests` when it may not be tried now.
    pub fn admit(&self, key: &str, now: Instant) -> Result<Try, Refusal> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.sweep(now, self.window, |_, times| is_any_within(times, self.window, now));
        let times = tries.entry(key.to_string()).or_default();
        times.retain(|at| now.duration_since(*at) < self.window);
        if times.len() >= self.most
            && let Some(oldest) = times.first()
        {
            let wait = self.window.saturating_sub(now.duration_since(*oldest));
            return Err(Refusal::too_many(u32::try_from(wait.as_secs()).unwrap_or(60) + 1));
        }
        times.push(now);
        Ok(Try { key: key.to_string(), at: now })
    }

    /// As [`Allowance::admit`], for whatever comes from an address. It can't be taken back.
    ///
    /// # Errors
    /// `too_many_requests` when it may not be tried now.
    pub fn admit_from(&self, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        self.admit(&household(address).to_string(), now).map(drop)
    }

    /// Takes a try back: it was right.
    pub fn forgive(&self, tried: Try) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = tries.get_mut(&tried.key)
            && let Some(place) = times.iter().position(|at| *at == tried.at)
        {
            times.remove(place);
        }
    }
}

/// Whether one of some tries was in the last `window`. The newest stand last.
fn is_any_within(times: &[Instant], window: Duration, now: Instant) -> bool {
    times.iter().rev().any(|at| now.duration_since(*at) < window)
}

fn keys(account: &str, address: IpAddr) -> [Counted; 2] {
    let address = household(address);
    [Counted::Account(account.to_lowercase(), address), Counted::Address(address)]
}

/// One household has a whole /64 of IPv6 addresses; it counts as one.
pub fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((u128::from(six) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_a_minute_and_no_lock_out_from_elsewhere() {
        let throttle = Throttle::default();
        let (here, there) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let start = Instant::now();
        for _ in 0..5 {
            throttle.admit("A@b.c", here, start).unwrap();
        }
        let refused = throttle.admit("a@b.c", here, start + Duration::from_secs(10)).unwrap_err();
        assert_eq!(refused.retry_after, Some(51));
        throttle.admit("a@b.c", there, start).unwrap();
        throttle.admit("other@b.c", here, start).unwrap();
        throttle.admit("a@b.c", here, start + WINDOW).unwrap();
    }

    #[test]
    fn t45_who_goes_on_guessing_waits_twice_as_long_each_time() {
        let (throttle, here) = (Throttle::default(), [10, 0, 0, 1].into());
        let mut now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..6 {
            for _ in 0..PER_ACCOUNT {
                throttle.admit("a@b.c", here, now).unwrap();
            }
            let wait = throttle.admit("a@b.c", here, now).unwrap_err().retry_after.unwrap() - 1;
            waits.push(wait);
            let wait = Duration::from_secs(wait.into());
            assert!(throttle.admit("a@b.c", here, now + wait - Duration::from_secs(1)).is_err());
            now += wait;
        }
        assert_eq!(waits, [60, 120, 240, 480, 900, 900]);
        // Others from there, and the same account from elsewhere, are as free as before; after a while all is forgotten.
        throttle.admit("other@b.c", here, now).unwrap();
        throttle.admit("a@b.c", [10, 0, 0, 2].into(), now).unwrap();
        let later = now + MEMORY;
        for _ in 0..PER_ACCOUNT {
            throttle.admit("a@b.c", here, later).unwrap();
        }
        assert_eq!(throttle.admit("a@b.c", here, later).unwrap_err().retry_after, Some(61));
    }

    /// Nobody sets the clock that these go by. Who is kept waiting on the way holds an earlier moment than the next one, though.
    #[test]
    fn k7_tries_count_in_whatever_order_their_moments_come() {
        let (throttle, codes, here) = (Throttle::default(), Allowance::new(2, WINDOW), [10, 0, 0, 1].into());
        let start = Instant::now();
        let later = start + Duration::from_secs(10);
        for moment in [later, later, later, start, start] {
            throttle.admit("a@b.c", here, moment).unwrap();
        }
        assert_eq!(throttle.admit("a@b.c", here, start).unwrap_err().retry_after, Some(61));
        throttle.admit("a@b.c", here, later + WINDOW).unwrap();
        codes.admit("mei", later).unwrap();
        codes.admit("mei", start).unwrap();
        assert_eq!(codes.admit("mei", start).unwrap_err().retry_after, Some(61));
        codes.admit("mei", later + WINDOW).unwrap();
    }

    #[test]
    fn one_address_may_not_try_all_accounts() {
        let throttle = Throttle::default();
        let here = [10, 0, 0, 1].into();
        let now = Instant::now();
        for number in 0..20 {
            throttle.admit(&format!("{number}@b.c"), here, now).unwrap();
        }
        assert!(throttle.admit("new@b.c", here, now).is_err());
    }

    #[test]
    fn what_is_counted_for_an_account_is_counted_wherever_it_comes_from() {
        let codes = Allowance::new(3, WINDOW);
        let start = Instant::now();
        for _ in 0..10 {
            let tried = codes.admit("mei", start).unwrap();
            codes.forgive(tried);
        }
        for _ in 0..3 {
            codes.admit("mei", start).unwrap();
        }
        assert_eq!(codes.admit("mei", start + Duration::from_secs(10)).unwrap_err().retry_after, Some(51));
        codes.admit("lin", start).unwrap();
        codes.admit("mei", start + WINDOW).unwrap();
    }

    #[test]
    fn what_comes_from_one_household_is_counted_together() {
        let knocks = Allowance::new(2, WINDOW);
        let now = Instant::now();
        let from = |address: &str| knocks.admit_from(address.parse().unwrap(), now);
        assert!(from("2001:db8:1:2::1").is_ok() && from("2001:db8:1:2:ffff::9").is_ok());
        assert!(from("2001:db8:1:2:3::4").is_err() && from("2001:db8:1:3::1").is_ok());
        assert!(from("203.0.113.9").is_ok() && from("::ffff:203.0.113.9").is_ok());
        assert!(from("203.0.113.9").is_err() && from("203.0.113.10").is_ok());
    }

    #[test]
    fn who_gets_in_has_not_used_up_a_try() {
        let throttle = Throttle::default();
        let here = [10, 0, 0, 1].into();
        let now = Instant::now();
        for _ in 0..100 {
            throttle.admit("a@b.c", here, now).unwrap();
            throttle.forgive("A@b.c", here, now);
        }
        // All at once are as many as one after another.
        let admitted = (0..100).filter(|_| throttle.admit("a@b.c", here, now).is_ok()).count();
        assert_eq!(admitted, PER_ACCOUNT);
    }
}

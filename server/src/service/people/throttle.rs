//! Brakes on guessing passwords: failures are counted for each account from each address, and for each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::service::Refusal;

const WINDOW: Duration = Duration::from_secs(60);
const PER_ACCOUNT: usize = 5;
const PER_ADDRESS: usize = 20;
/// Where old entries are thrown away, so that the table can't be made to grow without end.
const SWEEP_ABOVE: usize = 10_000;

#[derive(Debug, PartialEq, Eq, Hash)]
enum Counted {
    Account(String, IpAddr),
    Address(IpAddr),
}

/// Failed sign-ins of the last minute.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<Counted, Vec<Instant>>>);

impl Throttle {
    /// # Errors
    /// `too_many_requests` when `account` may not be tried from `address` now.
    pub fn admit(&self, account: &str, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [by_account, by_address] = keys(account, address);
        for (key, limit) in [(by_account, PER_ACCOUNT), (by_address, PER_ADDRESS)] {
            let recent: Vec<&Instant> = failures
                .get(&key)
                .into_iter()
                .flatten()
                .filter(|at| now.duration_since(**at) < WINDOW)
                .collect();
            if recent.len() >= limit
                && let Some(oldest) = recent.first()
            {
                let wait = WINDOW.saturating_sub(now.duration_since(**oldest));
                return Err(Refusal::too_many(u32::try_from(wait.as_secs()).unwrap_or(60) + 1));
            }
        }
        Ok(())
    }

    /// Notes that `account` was tried from `address` with a wrong password.
    pub fn failed(&self, account: &str, address: IpAddr, now: Instant) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() > SWEEP_ABOVE {
            failures.retain(|_, times| times.iter().any(|at| now.duration_since(*at) < WINDOW));
        }
        for key in keys(account, address) {
            let times = failures.entry(key).or_default();
            times.retain(|at| now.duration_since(*at) < WINDOW);
            times.push(now);
        }
    }
}

fn keys(account: &str, address: IpAddr) -> [Counted; 2] {
    let address = network(address);
    [Counted::Account(account.to_lowercase(), address), Counted::Address(address)]
}

/// One household has a whole /64 of IPv6 addresses; it counts as one.
fn network(address: IpAddr) -> IpAddr {
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
            throttle.admit("a@b.c", here, start).unwrap();
            throttle.failed("A@b.c", here, start);
        }
        let refused = throttle.admit("a@b.c", here, start + Duration::from_secs(10)).unwrap_err();
        assert_eq!(refused.retry_after, Some(51));
        throttle.admit("a@b.c", there, start).unwrap();
        throttle.admit("other@b.c", here, start).unwrap();
        throttle.admit("a@b.c", here, start + WINDOW).unwrap();
    }

    #[test]
    fn one_address_may_not_try_all_accounts() {
        let throttle = Throttle::default();
        let here = [10, 0, 0, 1].into();
        let now = Instant::now();
        for number in 0..20 {
            throttle.failed(&format!("{number}@b.c"), here, now);
        }
        assert!(throttle.admit("new@b.c", here, now).is_err());
    }
}

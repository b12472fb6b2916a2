//! New ids.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use engine::value::Id;

/// The last id that this process gave out.
static LAST: AtomicI64 = AtomicI64::new(0);

/// A new id: later than every one this process gave out before, and different from those of other servers.
///
/// Each millisecond starts at a random place, and ids follow each other at random distances. Should two
/// servers still meet, the database refuses the second, and the transaction is run again.
pub fn next() -> Id {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    following(&LAST, now, getrandom::u32().unwrap_or(0))
}

/// The id after `last` in the millisecond `now`: where the clock was set back, one of the time that it was before.
fn following(last: &AtomicI64, now: i64, random: u32) -> Id {
    // The upper half of a millisecond's range is left for those that follow within it.
    let fresh = Id::compose(now, random >> 11).as_i64();
    let step = i64::from(random & 0x1f) + 1;
    let advance = |last: i64| Some(fresh.max(last + step));
    let last = match last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, advance) {
        Ok(last) | Err(last) => last,
    };
    let number = fresh.max(last + step);
    Id::from_i64(number).unwrap_or_else(|| Id::compose(now, random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_over_all_threads() {
        let threads: Vec<_> =
            (0..4).map(|_| std::thread::spawn(|| (0..5_000).map(|_| next()).collect::<Vec<_>>())).collect();
        let mut all = Vec::new();
        for thread in threads {
            let ids = thread.join().unwrap();
            assert!(ids.is_sorted());
            all.extend(ids);
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 20_000);
    }

    #[test]
    fn k7_ids_grow_however_the_clock_is_set() {
        const HOUR: i64 = 3_600_000;
        let (last, now) = (AtomicI64::new(0), 1_790_000_000_000_i64);
        let clock = [0, 1, HOUR, HOUR + 1, 2, -HOUR, -24 * HOUR, 3, HOUR + 2];
        let ids: Vec<Id> =
            clock.iter().zip(0..).map(|(by, random)| following(&last, now + *by, random)).collect();
        assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    }
}

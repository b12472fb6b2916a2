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
    let random = getrandom::u32().unwrap_or(0);
    // The upper half of a millisecond's range is left for those that follow within it.
    let fresh = Id::compose(now, random >> 11).as_i64();
    let step = i64::from(random & 0x1f) + 1;
    let advance = |last: i64| Some(fresh.max(last + step));
    let last = match LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, advance) {
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
}

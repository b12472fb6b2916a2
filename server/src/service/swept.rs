//! A table of what is known for a while, such as who has tried what of late: strangers fill it, and it can't be made to grow
//! without end, nor to cost more for each of them the more there are.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

/// Below so many entries nothing is looked for that is over.
const SWEEP_ABOVE: usize = 10_000;

#[derive(Debug)]
pub struct Swept<K, V> {
    entries: HashMap<K, V>,
    /// When it was last swept.
    swept: Option<Instant>,
}

impl<K, V> Default for Swept<K, V> {
    fn default() -> Swept<K, V> {
        Swept { entries: HashMap::default(), swept: None }
    }
}

impl<K: Eq + Hash, V> Swept<K, V> {
    /// Throws away what is not fresh any more, where there is much. All entries are looked at for it, so that it is done once in
    /// the time for which one is fresh: each is then looked at twice, however many there are and come.
    pub fn sweep(&mut self, now: Instant, fresh_for: Duration, mut is_fresh: impl FnMut(&K, &V) -> bool) {
        let is_time = self.swept.is_none_or(|swept| now.duration_since(swept) >= fresh_for);
        if self.entries.len() > SWEEP_ABOVE && is_time {
            self.swept = Some(now);
            self.entries.retain(|key, entry| is_fresh(key, entry));
        }
    }
}

impl<K, V> Deref for Swept<K, V> {
    type Target = HashMap<K, V>;

    fn deref(&self) -> &HashMap<K, V> {
        &self.entries
    }
}

impl<K, V> DerefMut for Swept<K, V> {
    fn deref_mut(&mut self) -> &mut HashMap<K, V> {
        &mut self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Duration = Duration::from_secs(60);

    /// So many strangers a second for two minutes, of whom none comes again: what is looked at for each of them, and how many
    /// are in the table at the most.
    fn strangers(a_second: u64) -> (u64, u64) {
        let (mut table, start) = (Swept::default(), Instant::now());
        let (mut looks, mut most) = (0, 0);
        for number in 0..a_second * 120 {
            let now = start + Duration::from_secs(number / a_second);
            table.sweep(now, FRESH, |_, at| {
                looks += 1;
                now.duration_since(*at) < FRESH
            });
            table.insert(number, now);
            most = most.max(table.len() as u64);
        }
        (looks, most)
    }

    #[test]
    fn however_many_come_each_is_looked_at_twice_and_forgotten() {
        for a_second in [1_000, 2_000] {
            let (looks, most) = strangers(a_second);
            assert!(looks > 0 && looks <= 2 * a_second * 120, "{a_second}: {looks} looks");
            assert!(most <= 2 * a_second * 60 + a_second, "{a_second}: {most} in the table");
        }
    }

    #[test]
    fn few_are_left_alone() {
        let (mut table, start) = (Swept::default(), Instant::now());
        for number in 0..SWEEP_ABOVE {
            table.insert(number, start);
        }
        let later = start + FRESH * 2;
        table.sweep(later, FRESH, |_, at| later.duration_since(*at) < FRESH);
        assert_eq!(table.len(), SWEEP_ABOVE);
        table.insert(SWEEP_ABOVE, later);
        table.sweep(later, FRESH, |_, at| later.duration_since(*at) < FRESH);
        assert_eq!(table.len(), 1);
    }
}

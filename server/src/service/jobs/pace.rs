//! Long work is handed over in slices, with room for people's saves between them (semantics.md 1).

use std::time::{Duration, Instant};

use crate::service::{Cause, Refusal};

/// A slice holds the writer no longer than this, with something to spare …
const SLICE: Duration = Duration::from_millis(35);
/// … or, where nobody waits for what it does, than a save of somebody's takes …
const GENTLE: Duration = Duration::from_millis(6);
/// … and has no more pieces than this, so that the first of slow ones is not too long.
const MOST: usize = 1_000;
const FIRST: usize = 20;
/// How often a slice that the database was too busy for is tried again.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// How many pieces of work the next slice may have.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pieces: usize,
    since: Instant,
    slice: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { pieces: FIRST, since: Instant::now(), slice: SLICE }
    }
}

impl Pace {
    /// The pieces of the slice that begins now.
    pub fn begin(&mut self) -> usize {
        self.since = Instant::now();
        self.pieces
    }

    /// For work that nobody waits for: people's saves hardly notice its slices.
    pub fn gentle() -> Pace {
        Pace { pieces: 1, slice: GENTLE, ..Pace::default() }
    }

    /// The slice that was begun is done and had so many; how long it took.
    pub fn end(&mut self, pieces: usize) -> Duration {
        let took = self.since.elapsed();
        self.pieces = next(pieces.max(1), took, self.slice);
        took
    }
}

/// How many pieces the next slice may have that is to take `slice`, after one with `pieces` took `time`.
fn next(pieces: usize, time: Duration, slice: Duration) -> usize {
    let micros = time.as_micros().max(1);
    let fitting = usize::try_from(pieces as u128 * slice.as_micros() / micros).unwrap_or(MOST);
    // Up step by step: the first slices are slower than the rest, and one quick one proves nothing.
    fitting.clamp(1, pieces.saturating_mul(2)).clamp(1, MOST)
}

/// Does a piece of work again while the database is too busy for it.
///
/// # Errors
/// What it says otherwise, or in the end.
pub async fn patiently<T, F>(work: impl Fn() -> F) -> Result<T, Refusal>
where
    F: Future<Output = Result<T, Refusal>>,
{
    let mut tries = 0;
    loop {
        match work().await {
            Err(refusal) if refusal.cause == Cause::Busy && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_hold_the_writer_for_a_short_time() {
        assert_eq!(next(100, Duration::from_millis(50), SLICE), 70);
        assert_eq!(next(100, Duration::from_millis(5), SLICE), 200);
        assert_eq!(next(900, Duration::from_millis(1), SLICE), MOST);
        assert_eq!(next(1, Duration::from_secs(1), SLICE), 1);
        assert_eq!(next(20, Duration::ZERO, SLICE), 40);
        assert_eq!(next(10, Duration::from_millis(12), GENTLE), 5);
    }
}

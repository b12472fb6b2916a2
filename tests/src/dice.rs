//! Random choices from a seed, so that a run that failed can be had again.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A seed that is another in every run, or the one that `FORMWORK_SEED` says. It is printed, which is shown where the
/// test fails.
pub fn seed_of_this_run() -> u64 {
    let told = std::env::var("FORMWORK_SEED").ok();
    let told = told.map(|seed| seed.parse::<u64>().expect("FORMWORK_SEED is a number"));
    let seed = told.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    eprintln!("FORMWORK_SEED={seed} gives this run again");
    seed
}

/// So many random cases, or as many as `FORMWORK_CASES` says.
pub fn cases(usual: usize) -> usize {
    std::env::var("FORMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

/// Numbers that follow from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    pub fn pick<'v, T>(&mut self, from: &'v [T]) -> &'v T {
        &from[self.roll(from.len())]
    }

    /// Takes one out; none where there is none.
    pub fn take<T>(&mut self, from: &mut Vec<T>) -> Option<T> {
        (!from.is_empty()).then(|| from.swap_remove(self.roll(from.len())))
    }
}

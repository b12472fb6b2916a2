//! Random choices from a seed.

/// Numbers that follow from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of one thing among many of its sort.
    pub fn new(seed: u64, sort: &str, number: u32) -> Self {
        let mut dice = Self(seed);
        for part in sort.bytes().map(u64::from).chain([u64::from(number)]) {
            dice.0 ^= part;
            dice.next();
        }
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        self.0 = self.0.rotate_left(7) ^ mixed;
        mixed
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % (sides.max(1) as u64)).unwrap_or_default()
    }

    /// Whether it happens that happens once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }

    pub fn pick<'v>(&mut self, from: &[&'v str]) -> &'v str {
        let place = self.roll(from.len());
        from.get(place).copied().unwrap_or_default()
    }
}

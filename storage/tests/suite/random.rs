//! Random numbers that come again from the same seed, and the numbers that a run may be given.

use std::env;

/// Steele, Lea and Flood's SplitMix64: any seed is a good one.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `end - 1`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// As likely as not.
    pub fn coin(&mut self) -> bool {
        self.next() >> 63 == 1
    }
}

/// A number from the environment.
pub fn number(name: &str, unless_said: u64) -> u64 {
    env::var(name).map_or(unless_said, |text| text.parse().unwrap())
}

//! The rule between optima of the same value: what a unit along an edge counts when values do not decide.
//!
//! Of all flows of the best value the answer is the one with the greatest `Σ tie · flow`, where an edge's tie is a fixed
//! mixture of its two keys. Should that leave a choice still, it is the one whose flows, read in the order of the edges' keys
//! (row key, then column key), are lexicographically greatest. Two flows that differ differ on a first edge, so exactly one
//! is left. Keys come from the caller and mean the same in every numbering; hence so does the answer.
//!
//! The tie is a mixture and not, say, the keys themselves, because sums of mixtures hardly ever tie in turn: what makes
//! optima plenty is regular (equal values on a grid of pairs), and keys are regular too.
//!
//! The function is part of what a plan means: another one would name other flows. It must not change.

use crate::matching::transport::ROWS_MAX;

/// How many bits a tie has. As with values, the price of a tie is an alternating sum along a path that visits each row at
/// most once, and a gain is the sum of two prices and a tie.
pub(super) const TIE_BITS: u32 = 36;

const _: () = assert!((ROWS_MAX as i128 + 1) << TIE_BITS < 1 << 61);

/// Ties of so many bits. All but tests use [`Ties::FULL`]: with fewer bits the deeper rule has more to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ties {
    bits: u32,
}

impl Ties {
    pub(super) const FULL: Ties = Ties { bits: TIE_BITS };

    /// Ties that tie more often.
    #[cfg(test)]
    pub(super) const fn of_bits(bits: u32) -> Ties {
        Ties { bits }
    }

    /// What a unit along the edge of these keys counts.
    pub(super) fn of(self, row_key: u64, column_key: u64) -> i64 {
        let mixed = mix(mix(row_key).wrapping_add(column_key));
        (u128::from(mixed) << self.bits >> 64) as i64
    }
}

/// The last step of SplitMix64 (Steele, Lea and Flood 2014), of a number that is moved on first: 0 is not mapped to 0.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_the_same_for_ever() {
        // Computed by another program.
        let expected = [44_835_918_580, 11_434_676_250, 25_301_790_855, 6_964_685_243];
        let keys = [(0, 0), (0, 1), (1, 0), (u64::MAX, 7)];
        assert_eq!(keys.map(|(row, column)| Ties::FULL.of(row, column)), expected);
    }
}

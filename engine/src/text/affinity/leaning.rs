//! What the street has seen of a kind of unit, weighed against what is known of the kind from elsewhere.
//!
//! Of a kind, the share of a category in what it takes up is estimated by additive smoothing: the posterior mean under
//! a Dirichlet prior (Murphy, *Machine Learning: a Probabilistic Perspective*, §3.4). With `p` the share known from
//! elsewhere, which counts as `P` = 30 engagements, `n` the accepted pairings of the kind in the category and `N` in all:
//!
//! ```text
//! share = (P·p + n) / (P + N)          mark = squashed(share / mean share of all kinds elsewhere)
//! moved = mark with the street's counts − mark without them
//! ```
//!
//! The affinity moves by `moved` at the weight of both witnesses that speak of the kind ([`Part::Kind`] and
//! [`Part::Calling`]): the street's own log tells what either was to guess, and `P` holds it back until enough has
//! happened. With an empty log nothing moves.
//! Categories of the street's own, of which nothing is known from elsewhere, start with an even share.

use super::{Affinity, PRIOR_ENGAGEMENTS, Part, profile::squashed};
use crate::text::unit_kind::UnitKind;

/// All of something, as shares are counted.
const WHOLE: u64 = 1_000_000;

/// What the street's own log counts, of 1000.
fn weight() -> i64 {
    i64::from(Part::Kind.weight() + Part::Calling.weight())
}

impl Affinity {
    /// A score of a unit of this kind for a need of this category, moved by the `taken_up` pairings of the category among
    /// `all` that units of the kind have seen through on this street.
    #[must_use]
    pub fn leant(&self, score: u16, kind: UnitKind, leaf: &str, taken_up: u32, all: u32) -> u16 {
        let (share, sum) = self.share_elsewhere(kind, leaf);
        let imagined = share * PRIOR_ENGAGEMENTS;
        let here = (imagined + u64::from(taken_up) * WHOLE) / (PRIOR_ENGAGEMENTS + u64::from(all));
        let mark = |share: u64| i64::from(squashed(super::lift_over(share, sum).into()));
        let moved = (mark(here) - mark(share)) * weight() / 1000;
        u16::try_from((i64::from(score) + moved).clamp(0, 1000)).unwrap_or(score)
    }

    /// The share of a category in what a kind takes up elsewhere, and the sum of that of all kinds.
    fn share_elsewhere(&self, kind: UnitKind, leaf: &str) -> (u64, u64) {
        let known = self.lexicon.position(leaf).and_then(|leaf| {
            let of_kind = self.kind_shares.get(kind as usize)?.get(leaf)?;
            Some((*of_kind, self.kind_shares.iter().filter_map(|of_kind| of_kind.get(leaf)).sum()))
        });
        let even = WHOLE / (self.lexicon.leaves().len().max(1) as u64);
        known.unwrap_or((even, even * UnitKind::ALL.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSPITAL: UnitKind = UnitKind::Hospital;

    #[test]
    fn nothing_seen_moves_nothing() {
        let affinity = Affinity::builtin();
        for kind in UnitKind::ALL {
            for leaf in ["HEALTH-PSY", "CARE-WISH", "ZZ-OWN"] {
                assert_eq!(affinity.leant(400, kind, leaf, 0, 0), 400, "{kind:?} {leaf}");
            }
        }
    }

    #[test]
    fn what_a_kind_takes_up_lifts_it_there_and_lowers_it_elsewhere_each_time_less() {
        let affinity = Affinity::builtin();
        for leaf in ["HEALTH-PSY", "EDU-CARE", "ZZ-OWN"] {
            let seen = [0, 1, 2, 4, 8, 16, 32].map(|count| affinity.leant(400, HOSPITAL, leaf, count, count));
            assert!(seen.is_sorted_by(|less, more| less < more), "{leaf}: {seen:?}");
            let gains: Vec<u16> = [(1, 2), (2, 4)]
                .map(|(from, to)| {
                    let at = |count| affinity.leant(400, HOSPITAL, leaf, count, count);
                    (at(to) - at(from)) / u16::try_from(to - from).unwrap()
                })
                .into();
            assert!(gains.is_sorted_by(|more, less| more >= less), "{leaf}: {gains:?}");
            assert!(affinity.leant(400, HOSPITAL, leaf, 0, 32) < 400, "{leaf}");
        }
    }

    #[test]
    fn it_moves_by_no_more_than_its_weight_and_stays_in_bounds() {
        let affinity = Affinity::builtin();
        for kind in UnitKind::ALL {
            let (up, down) = (
                affinity.leant(400, kind, "ZZ-OWN", u32::MAX, u32::MAX),
                affinity.leant(400, kind, "ZZ-OWN", 0, u32::MAX),
            );
            assert!(up <= 400 + 175 && down >= 400 - 175, "{kind:?}: {up} {down}");
            assert_eq!(affinity.leant(1000, kind, "ZZ-OWN", u32::MAX, u32::MAX), 1000);
            assert_eq!(affinity.leant(0, kind, "ZZ-OWN", 0, u32::MAX), 0);
        }
    }
}

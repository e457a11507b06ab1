//! Pieces: how an asker is counted, into which rows that divides it, and what a unit of each is worth.

use crate::{
    matching::{
        candidates::{Candidate, Judged},
        eligibility::Counting,
        market::Asker,
    },
    pairing::Target,
    rules::Fairness,
};

/// What one whole share is worth at weight 1 and fit 1.
const SHARE: u64 = 1_000;

/// How an asker may be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    /// Nobody can serve it.
    None,
    /// In this way only.
    One(Counting),
    /// Shared out one by one or taken up whole, the one or the other.
    Either,
}

impl Ways {
    /// An asker may be counted however somebody can serve it.
    pub fn of(judged: &Judged) -> Self {
        let has = |way| judged.counted(way).next().is_some();
        match (has(Counting::OneByOne), has(Counting::Whole)) {
            (false, false) => Self::None,
            (true, false) => Self::One(Counting::OneByOne),
            (false, true) => Self::One(Counting::Whole),
            (true, true) => Self::Either,
        }
    }

    /// The ways themselves.
    pub fn each(self) -> impl Iterator<Item = Counting> {
        let (first, second) = match self {
            Self::None => (None, None),
            Self::One(way) => (Some(way), None),
            Self::Either => (Some(Counting::OneByOne), Some(Counting::Whole)),
        };
        first.into_iter().chain(second)
    }
}

/// Some units of what one asker wants.
pub(super) struct Piece {
    pub number: u64,
    pub demand: u64,
    /// What a unit of it counts, in thousandths of its share.
    pub mille: u64,
    /// Whether it decides that the need gets anything at all.
    pub first: bool,
}

/// The pieces of one asker: one when it is taken up whole; when it is shared out its halves, and the very
/// first unit apart where it decides that a community gets something. A slot that its project may need in
/// full is one piece.
pub(super) fn pieces(
    need: &Asker,
    way: Counting,
    fairness: Fairness,
    apart: bool,
) -> impl Iterator<Item = Piece> {
    let served = need.asked.saturating_sub(need.wanting);
    let apart = u64::from(apart && served == 0);
    let in_full = matches!(need.target, Target::Slot(..));
    let (first, second, skew) = if way == Counting::Whole {
        (1, 0, 0)
    } else if in_full || fairness.first_half == 0 || need.asked < 2 {
        (need.wanting, 0, 0)
    } else {
        let first = need.asked.div_ceil(2).saturating_sub(served).min(need.wanting);
        (first, need.wanting - first, u64::from(fairness.first_half))
    };
    let pieces =
        [(apart, 1_000 + skew, true), (first - apart, 1_000 + skew, false), (second, 1_000 - skew, false)];
    (0..).zip(pieces).filter(|(_, (demand, ..))| *demand > 0).map(|(number, (demand, mille, first))| Piece {
        number,
        demand,
        mille,
        first,
    })
}

/// What one unit of flow is worth: weight × fit × share, at least 1.
///
/// At most 3200 × 1000 × 1000 × 51/50 = 3.264 × 10⁹: a piece that counts up to double holds at most half of
/// what is asked. With the bonus of a community, at most 10⁹, it stays below what an edge may be worth.
pub(super) fn value(asker: &Asker, candidate: &Candidate, mille: u64, stays: bool) -> i64 {
    let units = match candidate.counting {
        Counting::OneByOne => 1,
        Counting::Whole => asker.wanting,
    };
    let whole = u128::from(asker.weight) * u128::from(candidate.fit.total) * u128::from(SHARE);
    let share = whole * u128::from(units) * u128::from(mille) / (1_000 * u128::from(asker.asked.max(1)));
    let kept = if stays { share + share / 50 } else { share };
    i64::try_from(kept.max(1)).unwrap_or(i64::MAX)
}

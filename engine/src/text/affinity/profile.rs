//! Needs and units made ready for scoring: everything that depends on one side only is computed here, once.

use super::Affinity;
use crate::text::concepts::{Concepts, Strength};
use crate::text::fixed::exp2_scaled;
use crate::text::similarity::{Terms, postings::Postings};
use crate::text::unit_kind::UnitKind;

/// Leaves with less than this share, in hundred-thousandths, are not followed up.
const SHARE_MIN: u64 = 1_500;
/// Words and bigrams tell the same thing more than once; this share of 1000 of their evidence is counted.
const EVIDENCE_SHARE: i64 = 400;

/// Words by which one person speaks of what he or she would like.
const WISHES: [&str; 8] = ["想买", "想要", "想有", "想吃", "希望能", "帮我", "需要新", "盼"];
/// Share of 1000 by which such a need is taken as a wish.
const WISH_SHARE: u64 = 300;

/// The wording of a need, made ready.
#[derive(Clone, Debug)]
pub struct NeedWords {
    /// Leaves it may belong to, with shares in hundred-thousandths.
    pub(super) leaves: Vec<(usize, u64)>,
    /// Concepts mentioned, ascending.
    pub(super) concepts: Vec<usize>,
    pub(super) terms: Terms,
    /// Per kind, how much the wording calls for it, 0..=1000; 500 is neutral.
    pub(super) callings: Vec<u16>,
}

/// A resource that a unit has posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted<'a> {
    /// Its wording.
    pub title: &'a str,
    /// The code of its category, where known; else it is read from the wording.
    pub leaf: Option<&'a str>,
}

/// A unit, made ready.
#[derive(Clone, Debug)]
pub struct UnitProfile {
    pub(super) kind: Option<UnitKind>,
    /// Per leaf, how well kind speaks for it, in thousandths of the average.
    pub(super) kind_lifts: Vec<u64>,
    /// Per leaf, how well learnt words of the name speak for it, in thousandths of the average; empty when none is known.
    pub(super) name_lifts: Vec<u64>,
    /// Per leaf, the best share of a posted resource, in thousandths; empty when nothing was posted.
    pub(super) posted: Vec<u64>,
    /// Concepts that are its trade by its name, ascending.
    pub(super) trades: Vec<usize>,
    /// Leaves of those trades, ascending.
    pub(super) trade_leaves: Vec<usize>,
    /// Concepts its resources mention, ascending.
    pub(super) posted_concepts: Vec<usize>,
    /// The name, and each resource.
    pub(super) terms: Postings,
}

impl UnitProfile {
    /// The kind that was given or guessed.
    #[must_use]
    pub fn kind(&self) -> Option<UnitKind> {
        self.kind
    }
}

impl Affinity {
    /// Makes the wording of a need ready.
    #[must_use]
    pub fn need(&self, wording: &str) -> NeedWords {
        let (mut shares, _) = self.lexicon.shares(wording);
        if WISHES.iter().any(|wish| wording.contains(wish)) {
            self.lean_to_wishes(&mut shares);
        }
        let leaves = shares.into_iter().enumerate().filter(|&(_, share)| share >= SHARE_MIN).collect();
        self.need_with(wording, leaves)
    }

    /// Makes a need ready whose category is known; a code never heard of is read from the wording instead.
    #[must_use]
    pub fn need_in(&self, wording: &str, leaf: &str) -> NeedWords {
        match self.lexicon.leaves().iter().position(|known| known == leaf) {
            Some(position) => self.need_with(wording, vec![(position, 100_000)]),
            None => self.need(wording),
        }
    }

    /// What one person wishes for is granted by whoever grants wishes, whatever the thing is.
    fn lean_to_wishes(&self, shares: &mut [u64]) {
        let wish = self.lexicon.leaves().iter().position(|leaf| leaf == "CARE-WISH");
        for (leaf, share) in shares.iter_mut().enumerate() {
            *share =
                *share * (1000 - WISH_SHARE) / 1000 + if Some(leaf) == wish { 100 * WISH_SHARE } else { 0 };
        }
    }

    fn need_with(&self, wording: &str, leaves: Vec<(usize, u64)>) -> NeedWords {
        let callings = match self.callings.evidence(wording) {
            Some(bits) => bits.into_iter().map(|bits| squashed(lift(bits))).collect(),
            None => vec![500; UnitKind::ALL.len()],
        };
        NeedWords { leaves, concepts: concepts_of(wording), terms: self.similarity.terms(wording), callings }
    }

    /// Makes a unit ready. Without a kind it is guessed from the name, and a broad one made finer by it.
    #[must_use]
    pub fn unit(&self, name: &str, kind: Option<UnitKind>, resources: &[Posted<'_>]) -> UnitProfile {
        let kind = UnitKind::refined(kind, name);
        let average = || vec![1000; self.lexicon.leaves().len()];
        let trades = Concepts::builtin().trades(name);
        UnitProfile {
            kind,
            kind_lifts: kind.and_then(|kind| self.kind_lifts.get(&kind).cloned()).unwrap_or_else(average),
            name_lifts: self
                .names
                .evidence(name)
                .map(|bits| bits.into_iter().map(lift).collect())
                .unwrap_or_default(),
            posted: self.posted(resources),
            trade_leaves: self.leaves_of(&trades),
            trades,
            posted_concepts: sorted(
                resources.iter().flat_map(|resource| concepts_of(resource.title)).collect(),
            ),
            terms: self.postings(name, resources),
        }
    }

    fn postings(&self, name: &str, resources: &[Posted<'_>]) -> Postings {
        let texts = [name].into_iter().chain(resources.iter().map(|one| one.title));
        let terms: Vec<Terms> = texts.map(|text| self.similarity.terms(text)).collect();
        Postings::of(terms.iter().map(Some))
    }

    fn posted(&self, resources: &[Posted<'_>]) -> Vec<u64> {
        let mut posted = Vec::new();
        for resource in resources {
            posted.resize(self.lexicon.leaves().len(), 0);
            let (mut shares, _) = self.lexicon.shares(resource.title);
            if let Some(position) =
                self.lexicon.leaves().iter().position(|known| Some(known.as_str()) == resource.leaf)
            {
                shares
                    .iter_mut()
                    .enumerate()
                    .for_each(|(leaf, share)| *share = if leaf == position { 100_000 } else { 0 });
            }
            for (best, share) in posted.iter_mut().zip(shares) {
                *best = (share / 100).max(*best);
            }
        }
        posted
    }

    fn leaves_of(&self, concepts: &[usize]) -> Vec<usize> {
        let codes = concepts.iter().filter_map(|&concept| Concepts::builtin().leaf(concept));
        sorted(
            codes.filter_map(|code| self.lexicon.leaves().iter().position(|known| known == code)).collect(),
        )
    }
}

/// Concepts that a text names outright, ascending.
fn concepts_of(text: &str) -> Vec<usize> {
    let mentions = Concepts::builtin().mentions(text);
    sorted(
        mentions
            .iter()
            .filter(|mention| mention.strength == Strength::Plain)
            .map(|mention| mention.concept)
            .collect(),
    )
}

fn sorted(mut list: Vec<usize>) -> Vec<usize> {
    list.sort_unstable();
    list.dedup();
    list
}

/// Thousandths of the average that correspond to evidence in thousandths of a bit.
fn lift(bits: i64) -> u64 {
    exp2_scaled(bits * EVIDENCE_SHARE / 1000, 1000)
}

/// A lift as a mark 0..=1000: the average gives 500, four times the average 800, a quarter of it 200.
pub(super) fn squashed(lift: u64) -> u16 {
    u16::try_from(lift.saturating_mul(1000) / lift.saturating_add(1000)).unwrap_or(1000)
}

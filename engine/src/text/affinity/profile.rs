//! Needs and units made ready for scoring: everything that depends on one side only is computed here, once.

use super::Affinity;
use crate::text::fixed::exp2_scaled;
use crate::text::reading::Reading;
use crate::text::senses::{Meaning, Word};
use crate::text::similarity::{Terms, postings::Postings};
use crate::text::unit_kind::UnitKind;
use std::sync::Arc;

/// Leaves with less than this share, in hundred-thousandths, are not followed up.
const SHARE_MIN: u64 = 1_500;
/// Words and bigrams tell the same thing more than once; this share of 1000 of their evidence is counted.
const EVIDENCE_SHARE: i64 = 400;

/// Words by which one person speaks of what he or she would like.
const WISHES: [&str; 30] = [
    "想买",
    "想要",
    "想有",
    "想吃",
    "想喝",
    "想看",
    "想听",
    "想订",
    "想换",
    "想修",
    "想请",
    "想找",
    "想过",
    "想回",
    "想去",
    "想见",
    "想坐",
    "想得到",
    "希望能",
    "希望有",
    "希望得到",
    "帮我",
    "给我",
    "需要新",
    "需要一",
    "盼",
    "渴望",
    "缺一",
    "买台",
    "买个",
];
/// The category of such wishes, and the word that names them in the lexicon.
const WISH: (&str, &str) = ("CARE-WISH", "微心愿");
/// Share of 1000 by which such a need is taken as a wish, whatever the thing is.
const WISH_SHARE: u64 = 500;

/// The mark of a witness that knows nothing.
pub(super) const NEUTRAL: u16 = 500;

/// How near a wording must come to a concept by its meaning to be counted among it.
const NEAR_MIN: u64 = 180;

/// Concepts that a wording comes near, ascending, with how near.
pub(super) type Near = Box<[(usize, u16)]>;

/// One number for each [`UnitKind`], in the order of [`UnitKind::ALL`].
pub(super) type ByKind = [u16; UnitKind::ALL.len()];

/// The wording of a need, made ready.
#[derive(Clone, Debug)]
pub struct NeedWords {
    /// Leaves it may belong to, with shares in hundred-thousandths.
    pub(super) leaves: Box<[(usize, u64)]>,
    /// The sum of those shares.
    pub(super) leaves_total: u64,
    /// Concepts named outright, ascending.
    pub(super) concepts: Box<[usize]>,
    /// Concepts hinted at, ascending.
    pub(super) hints: Box<[usize]>,
    pub(super) terms: Terms,
    /// How well each kind of unit suits those leaves, 0..=1000.
    pub(super) kinds: ByKind,
    /// How much the wording calls for each kind of unit, 0..=1000.
    pub(super) callings: ByKind,
    /// What it means.
    pub(super) meaning: Meaning,
    /// Concepts it comes near by its meaning, ascending, with how near, 0..=1000.
    pub(super) near: Near,
}

/// A resource that a unit has posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted<'a> {
    /// Its wording.
    pub title: &'a str,
    /// The code of its category, where known; else it is read from the wording.
    pub leaf: Option<&'a str>,
}

/// The wording of a posted resource, made ready: worth keeping, because a unit is put together anew whenever one of its
/// resources changes.
#[derive(Clone, Debug)]
pub struct PostedWords {
    /// Leaves it may belong to, with shares in thousandths; the category alone where it is known.
    leaves: Box<[(usize, u32)]>,
    /// Concepts named outright, ascending.
    concepts: Box<[usize]>,
    terms: Terms,
}

/// The name and kind of a unit, made ready.
#[derive(Clone, Debug)]
pub struct UnitName {
    pub(super) kind: Option<UnitKind>,
    /// Per leaf, how well learnt words of the name speak for it, in thousandths of the average; empty when none is known.
    pub(super) lifts: Box<[u32]>,
    /// Concepts that are its trade by its name, ascending.
    pub(super) trades: Box<[usize]>,
    /// Leaves of those trades, ascending.
    pub(super) trade_leaves: Box<[usize]>,
    /// What the name means.
    pub(super) meaning: Meaning,
    /// Concepts whose trades it comes near by its meaning, ascending, with how near, 0..=1000.
    pub(super) near: Near,
    terms: Terms,
}

/// A unit, made ready.
#[derive(Clone, Debug)]
pub struct UnitProfile {
    pub(super) name: Arc<UnitName>,
    /// Per leaf, the best share of a posted resource, in thousandths; empty when nothing was posted.
    pub(super) posted: Box<[u32]>,
    /// Concepts its resources name, ascending.
    pub(super) posted_concepts: Box<[usize]>,
    /// The name, then each resource.
    pub(super) wordings: Postings,
}

impl NeedWords {
    /// The terms of the wording, as [`Similarity::terms`](crate::text::similarity::Similarity::terms) gives them.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
}

impl PostedWords {
    /// The terms of the wording, as [`Similarity::terms`](crate::text::similarity::Similarity::terms) gives them.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
}

impl UnitProfile {
    /// The kind that was given or guessed.
    #[must_use]
    pub fn kind(&self) -> Option<UnitKind> {
        self.name.kind
    }

    /// The name it was put together with.
    #[must_use]
    pub fn name(&self) -> &Arc<UnitName> {
        &self.name
    }
}

impl Affinity {
    /// Makes the wording of a need ready.
    #[must_use]
    pub fn need(&self, wording: &str) -> NeedWords {
        let reading = Reading::of(self.concepts, wording);
        let (mut shares, _) = self.lexicon.shares(&reading);
        let is_wish = WISHES.iter().any(|wish| wording.contains(wish));
        if is_wish {
            self.lean_to_wishes(&mut shares);
        }
        let leaves = shares.into_iter().enumerate().filter(|&(_, share)| share >= SHARE_MIN).collect();
        let wish = is_wish.then(|| Reading::of(self.concepts, WISH.1));
        self.need_with(&reading, leaves, wish.into_iter().flat_map(|wish| wish.named()))
    }

    /// Makes a need ready whose category is known; a code never heard of is read from the wording instead.
    #[must_use]
    pub fn need_in(&self, wording: &str, leaf: &str) -> NeedWords {
        match self.lexicon.position(leaf) {
            Some(position) => {
                let reading = Reading::of(self.concepts, wording);
                self.need_with(&reading, Box::new([(position, 100_000)]), [])
            }
            None => self.need(wording),
        }
    }

    /// What one person wishes for is granted by whoever grants wishes, whatever the thing is.
    fn lean_to_wishes(&self, shares: &mut [u64]) {
        let wish = self.lexicon.position(WISH.0);
        for (leaf, share) in shares.iter_mut().enumerate() {
            *share =
                *share * (1000 - WISH_SHARE) / 1000 + if Some(leaf) == wish { 100 * WISH_SHARE } else { 0 };
        }
    }

    fn need_with(
        &self,
        reading: &Reading,
        leaves: Box<[(usize, u64)]>,
        further: impl IntoIterator<Item = usize>,
    ) -> NeedWords {
        let leaves_total = leaves.iter().map(|(_, share)| share).sum::<u64>().max(1);
        let mut need = NeedWords {
            leaves,
            leaves_total,
            concepts: sorted(reading.named().into_iter().chain(further)),
            hints: reading.hinted().into(),
            terms: self.similarity.terms_of(reading),
            kinds: [NEUTRAL; UnitKind::ALL.len()],
            callings: [NEUTRAL; UnitKind::ALL.len()],
            meaning: self.rarity.meaning(&reading.known),
            near: self.near(&reading.known),
        };
        for (mark, lifts) in need.kinds.iter_mut().zip(&self.kind_lifts) {
            *mark = squashed(expected(&need.leaves, need.leaves_total, lifts));
        }
        let bits = self.callings.evidence(reading).unwrap_or_default();
        for (mark, bits) in need.callings.iter_mut().zip(bits) {
            *mark = squashed(u64::from(lift(bits)));
        }
        need
    }

    /// The concepts that the words of a need come near on the whole.
    fn near(&self, words: &[Word]) -> Near {
        let whole: u64 = words.iter().map(|word| self.rarity.of(*word)).sum();
        let mut sums = vec![0; self.concepts.count()];
        for word in words {
            let weight = self.rarity.of(*word);
            for (sum, mark) in sums.iter_mut().zip(self.concepts.near_words(*word)) {
                *sum += weight * u64::from(*mark);
            }
        }
        near_enough(sums.into_iter().map(|sum| sum / whole.max(1)))
    }

    /// The concepts whose trades any of these words comes near.
    fn near_trades(&self, words: &[Word]) -> Near {
        let mut nearest = vec![0; self.concepts.count()];
        for word in words {
            for (nearest, mark) in nearest.iter_mut().zip(self.concepts.near_trades(*word)) {
                *nearest = u64::from(*mark).max(*nearest);
            }
        }
        near_enough(nearest)
    }

    /// Makes a unit ready. Without a kind it is guessed from the name, and a broad one made finer by it.
    #[must_use]
    pub fn unit(&self, name: &str, kind: Option<UnitKind>, resources: &[Posted<'_>]) -> UnitProfile {
        let posted: Vec<PostedWords> = resources.iter().map(|resource| self.posted(*resource)).collect();
        self.unit_of(Arc::new(self.name(name, kind)), posted.iter())
    }

    /// Makes the wording of a posted resource ready.
    #[must_use]
    pub fn posted(&self, resource: Posted<'_>) -> PostedWords {
        let reading = Reading::of(self.concepts, resource.title);
        let leaves = match resource.leaf.and_then(|leaf| self.lexicon.position(leaf)) {
            Some(stated) => Box::new([(stated, 1000)]),
            None => {
                let (shares, _) = self.lexicon.shares(&reading);
                let mille = shares.into_iter().map(|share| u32::try_from(share / 100).unwrap_or(1000));
                mille.enumerate().filter(|(_, share)| *share > 0).collect::<Box<[_]>>()
            }
        };
        PostedWords { leaves, concepts: sorted(reading.named()), terms: self.similarity.terms_of(&reading) }
    }

    /// Makes the name of a unit ready. Without a kind it is guessed from the name, and a broad one made finer by it.
    #[must_use]
    pub fn name(&self, name: &str, kind: Option<UnitKind>) -> UnitName {
        let reading = Reading::of(self.concepts, name);
        let trades = self.concepts.trades(name);
        UnitName {
            kind: UnitKind::refined(kind, name),
            lifts: self.names.evidence(&reading).unwrap_or_default().into_iter().map(lift).collect(),
            trade_leaves: sorted(trades.iter().filter_map(|&concept| self.lexicon.leaf_of(concept))),
            trades: trades.into(),
            meaning: self.rarity.meaning(&reading.known),
            near: self.near_trades(&reading.known),
            terms: self.similarity.terms_of(&reading),
        }
    }

    /// Puts a unit together from its name and what it has posted.
    #[must_use]
    pub fn unit_of<'a>(
        &self,
        name: Arc<UnitName>,
        posted: impl Iterator<Item = &'a PostedWords> + Clone,
    ) -> UnitProfile {
        let mut leaves: Vec<u32> = Vec::new();
        for words in posted.clone() {
            leaves.resize(self.lexicon.leaves().len(), 0);
            for (leaf, share) in &words.leaves {
                leaves.iter_mut().skip(*leaf).take(1).for_each(|best| *best = (*best).max(*share));
            }
        }
        let terms = posted.clone().map(|words| Some(words.terms()));
        UnitProfile {
            wordings: Postings::of([Some(&name.terms)].into_iter().chain(terms)),
            name,
            posted: leaves.into(),
            posted_concepts: sorted(posted.flat_map(|words| words.concepts.iter().copied())),
        }
    }
}

fn near_enough(marks: impl IntoIterator<Item = u64>) -> Near {
    let near = marks.into_iter().enumerate().filter(|(_, mark)| *mark >= NEAR_MIN);
    near.map(|(concept, mark)| (concept, u16::try_from(mark).unwrap_or(1000))).collect()
}

fn sorted(list: impl IntoIterator<Item = usize>) -> Box<[usize]> {
    let mut list: Vec<usize> = list.into_iter().collect();
    list.sort_unstable();
    list.dedup();
    list.into()
}

/// Thousandths of the average that correspond to evidence in thousandths of a bit; at most a million times the average.
fn lift(bits: i64) -> u32 {
    u32::try_from(exp2_scaled(bits * EVIDENCE_SHARE / 1000, 1000).min(1_000_000_000)).unwrap_or(u32::MAX)
}

/// The mean of a vector over leaves, weighted by the shares of a need.
pub(super) fn expected(leaves: &[(usize, u64)], total: u64, per_leaf: &[u32]) -> u64 {
    let of_leaf = |leaf: usize| per_leaf.get(leaf).copied().map_or(0, u64::from);
    leaves.iter().map(|&(leaf, share)| of_leaf(leaf) * share).sum::<u64>() / total
}

/// A lift as a mark 0..=1000: the average gives 500, four times the average 800, a quarter of it 200.
pub(super) fn squashed(lift: u64) -> u16 {
    u16::try_from(lift.saturating_mul(1000) / lift.saturating_add(1000)).unwrap_or(1000)
}

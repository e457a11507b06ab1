//! How well a unit fits a need of which nothing is known but its wording.
//!
//! The unit is known by its name, perhaps its kind, and the resources it has posted. Seven witnesses are heard, each 0 to
//! 1000 (see [`Score`]); their weighted mean is the total. All of them are made ready once per need and per unit, so
//! that scoring a pair is a few dozen additions.
//!
//! Promises: whole numbers; the same rows, need and unit give the same score everywhere; rows may be learnt in any
//! order. What it does not know of (place, roster, capacity, time) is left to the matching.

mod leaning;
mod prior;
mod profile;
mod score;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

pub use profile::{NeedWords, Posted, PostedWords, UnitName, UnitProfile};
pub use score::{Part, Score};

use super::bayes::{Bayes, Tally};
use super::classify::{Lexicon, published_titles};
use super::concepts::Concepts;
use super::published::{self, ListRow, PairingRow};
use super::reading::Reading;
use super::senses::Rarity;
use super::similarity::Similarity;
use super::unit_kind::UnitKind;

/// Total of a kind's imagined engagements, spread as `prior` says; what was learnt is added to it.
const PRIOR_ENGAGEMENTS: u64 = 30;
/// A pairing that people made counts this often, a row that a unit merely posted once.
const PAIRING_COUNTS: u64 = 2;

/// What is known about who takes up what.
#[derive(Clone, Debug)]
pub struct Affinity {
    concepts: &'static Concepts,
    lexicon: Lexicon,
    similarity: Similarity,
    /// Per kind, in the order of [`UnitKind::ALL`], the lift over the average kind of each leaf, in thousandths: 1000 is average.
    kind_lifts: Vec<Vec<u32>>,
    /// The same as shares of each leaf, in millionths.
    kind_shares: Vec<Vec<u64>>,
    /// Names of units → leaves they served.
    names: Bayes,
    /// Wording of needs → kinds that served them, in the order of [`UnitKind::ALL`].
    callings: Bayes,
    /// How much a word of a wording or name tells of its meaning.
    rarity: Rarity,
}

impl Affinity {
    /// Learns from list rows and pairings on top of the hand-written knowledge; both may be empty.
    #[must_use]
    pub fn learn(lists: &[ListRow], pairings: &[PairingRow]) -> Self {
        Self::learn_with(Concepts::builtin(), prior::shares, lists, pairings)
    }

    /// Learns from rows without any hand-written knowledge of words and kinds: to see what that knowledge is worth.
    pub(crate) fn learn_unwritten(lists: &[ListRow], pairings: &[PairingRow]) -> Self {
        Self::learn_with(Concepts::none(), |_| &[], lists, pairings)
    }

    fn learn_with(
        concepts: &'static Concepts,
        prior: prior::Shares,
        lists: &[ListRow],
        pairings: &[PairingRow],
    ) -> Self {
        let lexicon = Lexicon::learn_with(concepts, &published_titles(lists, pairings));
        let listed = lists.iter().map(|row| row.title.as_str());
        let similarity =
            Similarity::learn_with(concepts, listed.chain(pairings.iter().map(|row| row.need.as_str())));
        let read = |text: &str| Reading::of(concepts, text);
        let mut names = Tally::new(lexicon.leaves().len());
        let mut callings = Tally::new(UnitKind::ALL.len());
        let mut counts = Counts::new();
        for row in pairings {
            let kind = UnitKind::refined(UnitKind::read(&row.unit_type), &row.unit);
            let leaf = position(&lexicon, &row.leaf);
            names.learn(leaf, &read(&row.unit));
            if let Some(kind) = kind {
                callings.learn(kind as usize, &read(&row.need));
                *counts.entry((kind, leaf)).or_default() += PAIRING_COUNTS;
            }
        }
        for row in lists.iter().filter(|row| row.kind != published::ListKind::Need) {
            let Some(org) = &row.org else { continue };
            let leaf = position(&lexicon, &row.leaf);
            names.learn(leaf, &read(org));
            if let Some(kind) = UnitKind::refined(row.org_type.as_deref().and_then(UnitKind::read), org) {
                *counts.entry((kind, leaf)).or_default() += 1;
            }
        }
        let units =
            pairings.iter().map(|row| &row.unit).chain(lists.iter().filter_map(|row| row.org.as_ref()));
        let titles = lists.iter().map(|row| &row.title).chain(pairings.iter().map(|row| &row.need));
        let wordings: BTreeSet<&String> = units.chain(titles).collect();
        let rarity = Rarity::learn(wordings.into_iter().map(|text| read(text).known.into_iter().collect()));
        let kind_shares: Vec<Vec<u64>> =
            UnitKind::ALL.map(|kind| shares_of(&lexicon, prior(kind), &counts, kind)).into();
        Self {
            concepts,
            lexicon,
            similarity,
            kind_lifts: kind_lifts(&kind_shares),
            kind_shares,
            names: names.finish(),
            callings: callings.finish(),
            rarity,
        }
    }

    /// Learnt from every published row that the engine carries.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Affinity> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::learn(published::lists(), published::pairings()))
    }

    /// The lexicon learnt from the same rows.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// How alike wordings are, learnt from the same rows.
    #[must_use]
    pub fn similarity(&self) -> &Similarity {
        &self.similarity
    }
}

/// How often a kind took up a leaf.
type Counts = BTreeMap<(UnitKind, usize), u64>;

fn position(lexicon: &Lexicon, code: &str) -> usize {
    lexicon.position(code).unwrap_or(usize::MAX)
}

/// Per kind its share of each leaf over the mean of all kinds.
fn kind_lifts(shares: &[Vec<u64>]) -> Vec<Vec<u32>> {
    let mut mean = vec![0; shares.first().map_or(0, Vec::len)];
    for of_kind in shares {
        for (sum, share) in mean.iter_mut().zip(of_kind) {
            *sum += share;
        }
    }
    let lift = |(share, sum): (&u64, &u64)| lift_over(*share, *sum);
    shares.iter().map(|of_kind| of_kind.iter().zip(&mean).map(lift).collect()).collect()
}

/// A share over the mean of those of all kinds, of which this is the sum, in thousandths.
fn lift_over(share: u64, sum: u64) -> u32 {
    u32::try_from(share * UnitKind::ALL.len() as u64 * 1000 / sum.max(1)).unwrap_or(u32::MAX)
}

/// A kind's share of each leaf in millionths, prior and learnt together.
fn shares_of(lexicon: &Lexicon, known: &[(&str, u64)], counts: &Counts, kind: UnitKind) -> Vec<u64> {
    let left = 1000 - known.iter().map(|(_, share)| share).sum::<u64>().min(1000);
    let unnamed = (lexicon.leaves().len() - known.len()).max(1) as u64;
    let of_kind = |leaf: usize| counts.get(&(kind, leaf)).copied().unwrap_or(0);
    let learnt: u64 = (0..lexicon.leaves().len()).map(of_kind).sum();
    lexicon
        .leaves()
        .iter()
        .enumerate()
        .map(|(leaf, code)| {
            let named =
                known.iter().find(|(known, _)| *known == code.as_str()).map(|(_, share)| share * 1000);
            let imagined = named.unwrap_or(left * 1000 / unnamed) * PRIOR_ENGAGEMENTS;
            (imagined + of_kind(leaf) * 1_000_000) / (PRIOR_ENGAGEMENTS + learnt)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of units in order of their score for a need.
    fn ranked<'a>(affinity: &Affinity, need: &str, names: &[&'a str]) -> Vec<&'a str> {
        let need = affinity.need(need);
        let score = |name: &str| affinity.score(&need, &affinity.unit(name, None, &[])).total;
        let mut ranked: Vec<&str> = names.to_vec();
        ranked.sort_by_key(|name| std::cmp::Reverse(score(name)));
        ranked
    }

    #[test]
    fn the_trade_in_a_name_leads_even_before_anything_is_learnt() {
        let names = [
            "城北供水公司",
            "友谊医院",
            "正大律师事务所",
            "邮储银行支行",
            "第三小学",
            "老味道饭店",
            "区财政局",
        ];
        let cases = [
            ("三号楼停水,水管老化", "城北供水公司"),
            ("想请医生来量血压", "友谊医院"),
            ("邻居漏水纠纷怎么打官司", "正大律师事务所"),
            ("老人识别电信诈骗", "邮储银行支行"),
            ("孩子放学后没人看护", "第三小学"),
            ("独居老人午餐没着落", "老味道饭店"),
        ];
        for affinity in [&Affinity::learn(&[], &[]), Affinity::builtin()] {
            for (need, expected) in cases {
                let found = ranked(affinity, need, &names);
                assert_eq!(found.first(), Some(&expected), "{need}: {found:?}");
            }
        }
    }

    #[test]
    fn a_posted_resource_lifts_its_unit() {
        let affinity = Affinity::builtin();
        let need = affinity.need("小区晚上没处停车");
        let resource = Posted { title: "停车场夜间免费开放", leaf: None };
        let bare = affinity.score(&need, &affinity.unit("东风机械厂", None, &[]));
        let posted = affinity.score(&need, &affinity.unit("东风机械厂", None, &[resource]));
        assert!(posted.total >= bare.total + 100, "{bare:?} {posted:?}");
        assert_eq!(posted.kind, bare.kind);
    }

    #[test]
    fn a_known_category_settles_what_the_wording_leaves_open() {
        let affinity = Affinity::builtin();
        let hospital = affinity.unit("人民医院", Some(UnitKind::Hospital), &[]);
        let open = affinity.score(&affinity.need("请来帮帮我们"), &hospital);
        let told = affinity.score(&affinity.need_in("请来帮帮我们", "HEALTH-CLINIC"), &hospital);
        assert!(told.total > open.total, "{open:?} {told:?}");
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let mut lists = published::lists().to_vec();
        let mut pairings = published::pairings().to_vec();
        lists.reverse();
        pairings.reverse();
        let turned = Affinity::learn(&lists, &pairings);
        for row in published::pairings().iter().take(20) {
            let of = |affinity: &Affinity| {
                affinity.score(&affinity.need(&row.need), &affinity.unit(&row.unit, None, &[]))
            };
            assert_eq!(of(&turned), of(Affinity::builtin()), "{}", row.need);
        }
    }

    #[test]
    fn parts_and_weights_stay_in_their_bounds() {
        assert_eq!(Part::ALL.map(Part::weight).iter().sum::<u32>(), 1000);
        for (position, kind) in UnitKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, position);
            assert!(prior::shares(kind).iter().map(|(_, share)| share).sum::<u64>() <= 1000);
        }
        let affinity = Affinity::builtin();
        let unit =
            affinity.unit("市中心医院", None, &[Posted { title: "义诊", leaf: Some("HEALTH-CLINIC") }]);
        let score = affinity.score(&affinity.need("义诊"), &unit);
        assert!(score.total <= 1000 && Part::ALL.iter().all(|part| score.part(*part) <= 1000), "{score:?}");
        assert_eq!(affinity.score(&affinity.need(""), &affinity.unit("", None, &[])).text, 0);
    }
}

//! Ranks: where the unit that really took a need up stands among the units it is looked for in.
//!
//! **Rule.** Each pairing of the measured rows that is not marked `need_inferred` is one question (the same need with the
//! same unit is asked once). When a need was taken up by several units, the *other* ones are ignored while one is ranked.
//! Units of equal score share the middle of their ranks, rounded up, so a method gains nothing by ties.
//!
//! **Pool.** Every unit of the measured pairings, with its kind and the resources that measured list rows post under exactly
//! its name; [`Posting`] says whether what it did counts as posted too. Where these are fewer than [`POOL_MIN`], others join
//! in an order fixed by a hash until they are enough: first units that posted a resource or project on a measured page, then
//! units from the learning side, of which every row is then taken from what is learnt, so that nobody knows more of them
//! than of the rest.
//!
//! **Neighbourhood.** [`Reach`] narrows the pool to the need's own street. A pairing does not say which units stand on the
//! street's roster; who is told of on the same page, in the same street or in a community of that name is taken for it (see
//! `Neighbourhoods` in [`super::split`]). That gives few: two to ten. A street has ten to a hundred, so the roster is also
//! filled up to [`STREET_SIZE`] from the pool, in an order fixed by a hash.

use std::collections::{BTreeMap, BTreeSet};

use super::split::{Neighbourhoods, Rows, mixed};
use crate::text::published::ListKind;
use crate::text::segment::bigrams;
use crate::text::unit_kind::UnitKind;

/// The least number of units in a pool, where the rows hold so many.
pub const POOL_MIN: usize = 60;
/// The size to which a street's roster is filled up.
pub const STREET_SIZE: usize = 20;
/// The seed of the order in which units join a pool.
const FILLING: u64 = 60;

/// What is known of the units in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// The honest case: name, kind, and resources that were posted beforehand; few units posted any.
    Beforehand,
    /// As if every unit had posted beforehand what it then did (`project` of its pairings). It shows what posting is
    /// worth; it says nothing about needs that are taken up by units that post nothing.
    AlsoWhatItDid,
}

/// Among whom a unit is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The whole pool.
    Pool,
    /// The street's roster filled up to [`STREET_SIZE`].
    Street,
    /// The street's roster as the rows tell it; needs of which nobody else is told of are not asked.
    Roster,
}

impl Reach {
    /// Every reach, widest first.
    pub const ALL: [Self; 3] = [Self::Pool, Self::Street, Self::Roster];
}

/// A unit of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolUnit {
    /// Its name as the pairing words it.
    pub name: String,
    /// Its kind as the rows tell it.
    pub kind: Option<UnitKind>,
    /// Titles of the resources it posted.
    pub resources: Vec<String>,
    /// The neighbourhoods it is told of in, by number, ascending; none for one from the learning side.
    pub neighbourhoods: Vec<usize>,
}

/// A need and who took it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The wording of the need.
    pub need: String,
    /// The page that tells of it; the first one where there are several.
    pub page: String,
    /// Positions of its units in the pool, ascending.
    pub takers: Vec<usize>,
    /// The number of its neighbourhood.
    pub neighbourhood: usize,
    /// Positions of the units of its neighbourhood, ascending; its takers are among them.
    pub roster: Vec<usize>,
    /// The same, filled up to [`STREET_SIZE`].
    pub street: Vec<usize>,
}

/// The pool and the questions of measured rows, and what may be learnt before they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bench {
    /// What may be learnt: the learning side without the units that fill the pool.
    pub learnt: Rows,
    /// Units, by name ascending.
    pub units: Vec<PoolUnit>,
    /// Questions, by need ascending.
    pub questions: Vec<Question>,
}

impl Bench {
    /// Builds pool and questions from measured rows.
    #[must_use]
    pub fn of(learnt: &Rows, measured: &Rows, posting: Posting) -> Self {
        let mut pool = Pool::of_takers(measured);
        pool.fill_up(Pool::of_posters(measured));
        let fillers = pool.fill_up(Pool::of_takers(learnt));
        let learnt = learnt.without_units(&fillers);
        pool.post(measured, posting);
        let neighbourhoods = Neighbourhoods::of(measured);
        let units = pool.units(&neighbourhoods);
        let questions = pool.questions(measured, &neighbourhoods);
        Self { learnt, units, questions }
    }

    /// Ranks every taker of every question by a method that scores all units of the pool for a need.
    pub fn rank(&self, reach: Reach, mut method: impl FnMut(&str) -> Vec<u64>) -> Ranking {
        let mut ranking = Ranking::default();
        for question in &self.questions {
            if reach == Reach::Roster && question.roster.len() <= question.takers.len() {
                continue;
            }
            let scores = method(&question.need);
            for &taker in &question.takers {
                ranking.add(&question.page, rank_of(&scores, taker, question, reach));
            }
        }
        ranking
    }
}

/// A unit that may stand in the pool, with what is gathered about it.
#[derive(Debug, Default)]
struct Known<'a> {
    kind: Option<UnitKind>,
    pages: BTreeSet<&'a str>,
    resources: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn neighbourhoods(&self, all: &Neighbourhoods<'a>) -> BTreeSet<usize> {
        self.pages.iter().filter_map(|page| all.number(page)).collect()
    }
}

/// Units by name.
#[derive(Debug, Default)]
struct Pool<'a>(BTreeMap<&'a str, Known<'a>>);

impl<'a> Pool<'a> {
    /// The units that took something up.
    fn of_takers(rows: &'a Rows) -> Self {
        let mut pool = Self::default();
        for row in &rows.pairings {
            let unit = pool.0.entry(bare(&row.unit)).or_default();
            unit.kind = UnitKind::read(&row.unit_type);
            unit.pages.insert(&row.source.url);
        }
        pool
    }

    /// The units that posted a resource or a project.
    fn of_posters(rows: &'a Rows) -> Self {
        let mut pool = Self::default();
        for row in rows.lists.iter().filter(|row| row.kind != ListKind::Need) {
            if let Some(org) = &row.org {
                let unit = pool.0.entry(bare(org)).or_default();
                unit.kind = row.org_type.as_deref().and_then(UnitKind::read).or(unit.kind);
                unit.pages.insert(&row.source.url);
            }
        }
        pool
    }

    /// Takes others in until there are [`POOL_MIN`]; tells whom.
    fn fill_up(&mut self, others: Self) -> BTreeSet<&'a str> {
        let mut ordered: Vec<(u64, &str, Known<'a>)> = others
            .0
            .into_iter()
            .filter(|(name, known)| !self.holds(name, known))
            .map(|(name, known)| (mixed(FILLING, name), name, known))
            .collect();
        ordered.sort_by_key(|(order, name, _)| (*order, *name));
        ordered.truncate(POOL_MIN.saturating_sub(self.0.len()));
        let names = ordered.iter().map(|(_, name, _)| *name).collect();
        self.0.extend(ordered.into_iter().map(|(_, name, known)| (name, known)));
        names
    }

    /// Whether a unit is among these, perhaps in other words: pages call one unit 某某联通 on one list and 某某联通服务队 on
    /// another. Two names of one page that share half the bigrams of the shorter one are taken for one unit.
    fn holds(&self, name: &str, known: &Known<'a>) -> bool {
        self.0.contains_key(name)
            || self
                .0
                .iter()
                .any(|(other, taker)| !taker.pages.is_disjoint(&known.pages) && are_one_name(name, other))
    }

    fn post(&mut self, measured: &'a Rows, posting: Posting) {
        for row in measured.lists.iter().filter(|row| row.kind == ListKind::Resource) {
            if let Some(unit) = row.org.as_deref().and_then(|org| self.0.get_mut(bare(org))) {
                unit.resources.insert(&row.title);
            }
        }
        if posting == Posting::AlsoWhatItDid {
            for row in &measured.pairings {
                if let Some(unit) = self.0.get_mut(bare(&row.unit)) {
                    unit.resources.extend(row.project.as_deref());
                }
            }
        }
    }

    fn units(&self, neighbourhoods: &Neighbourhoods<'a>) -> Vec<PoolUnit> {
        self.0
            .iter()
            .map(|(&name, known)| PoolUnit {
                name: name.to_owned(),
                kind: known.kind,
                resources: known.resources.iter().map(|&title| title.to_owned()).collect(),
                neighbourhoods: known.neighbourhoods(neighbourhoods).into_iter().collect(),
            })
            .collect()
    }

    fn questions(&self, measured: &'a Rows, neighbourhoods: &Neighbourhoods<'a>) -> Vec<Question> {
        let mut asked: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
        for row in measured.pairings.iter().filter(|row| !row.need_inferred) {
            let (pages, takers) = asked.entry(&row.need).or_default();
            pages.insert(&row.source.url);
            takers.insert(bare(&row.unit));
        }
        asked
            .into_iter()
            .filter_map(|(need, (pages, takers))| {
                let page = *pages.first()?;
                let neighbourhood = neighbourhoods.number(page)?;
                let near = |known: &Known<'a>| known.neighbourhoods(neighbourhoods).contains(&neighbourhood);
                let position = |wanted: &dyn Fn(&str, &Known<'a>) -> bool| -> Vec<usize> {
                    let units = self.0.iter().enumerate();
                    units.filter(|(_, (name, known))| wanted(name, known)).map(|(unit, _)| unit).collect()
                };
                let roster = position(&|name, known| takers.contains(name) || near(known));
                Some(Question {
                    need: need.to_owned(),
                    page: page.to_owned(),
                    neighbourhood,
                    takers: position(&|name, _| takers.contains(name)),
                    street: self.filled_up(&roster, need),
                    roster,
                })
            })
            .collect()
    }

    /// A roster with others of the pool, in an order fixed by a hash, up to [`STREET_SIZE`].
    fn filled_up(&self, roster: &[usize], need: &str) -> Vec<usize> {
        let seed = mixed(FILLING, need);
        let strangers = self.0.keys().enumerate().filter(|(unit, _)| roster.binary_search(unit).is_err());
        let mut ordered: Vec<(u64, usize)> =
            strangers.map(|(unit, name)| (mixed(seed, name), unit)).collect();
        ordered.sort_unstable();
        ordered.truncate(STREET_SIZE.saturating_sub(roster.len()));
        let mut street: Vec<usize> =
            roster.iter().copied().chain(ordered.into_iter().map(|(_, unit)| unit)).collect();
        street.sort_unstable();
        street
    }
}

/// Whether two names share half the bigrams of the shorter one.
fn are_one_name(one: &str, other: &str) -> bool {
    let pairs = |name: &str| -> BTreeSet<String> { bigrams(name).into_iter().collect() };
    let (one, other) = (pairs(one), pairs(other));
    2 * one.intersection(&other).count() >= one.len().min(other.len()).max(1)
}

/// A name without the remark in brackets that follows it: the remark tells what the unit did, which nobody knew before.
pub(super) fn bare(name: &str) -> &str {
    let end = name.find(['(', '（']).unwrap_or(name.len());
    match name.get(..end).map(str::trim) {
        Some(bare) if !bare.is_empty() => bare,
        _ => name,
    }
}

/// Where a taker stands among the units within reach, its fellow takers left aside.
fn rank_of(scores: &[u64], taker: usize, question: &Question, reach: Reach) -> u64 {
    let own = scores.get(taker).copied().unwrap_or(0);
    let within = |unit: &usize| match reach {
        Reach::Pool => true,
        Reach::Street => question.street.binary_search(unit).is_ok(),
        Reach::Roster => question.roster.binary_search(unit).is_ok(),
    };
    let rivals = || {
        let units = scores.iter().enumerate();
        units.filter(|(unit, _)| question.takers.binary_search(unit).is_err() && within(unit))
    };
    let better = rivals().filter(|&(_, &score)| score > own).count() as u64;
    let equal = rivals().filter(|&(_, &score)| score == own).count() as u64;
    1 + better + equal.div_ceil(2)
}

/// Ranks by the page that tells of the need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    /// Page → ranks of its questions.
    pub pages: BTreeMap<String, Ranks>,
}

impl Ranking {
    pub(super) fn add(&mut self, page: &str, rank: u64) {
        self.pages.entry(page.to_owned()).or_default().add(rank);
    }

    /// Takes another one in.
    pub fn extend(&mut self, other: &Self) {
        for (page, ranks) in &other.pages {
            let sum = self.pages.entry(page.clone()).or_default();
            *sum = sum.and(*ranks);
        }
    }

    /// All pages together.
    #[must_use]
    pub fn total(&self) -> Ranks {
        self.pages.values().fold(Ranks::default(), |sum, ranks| sum.and(*ranks))
    }
}

/// Ranks summed over questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ranks {
    /// Questions asked.
    pub asked: u64,
    reciprocals: u64,
    within: [u64; 4],
}

/// The ranks within which a find counts as recalled.
pub const RECALL_AT: [u64; 4] = [1, 3, 5, 10];

impl Ranks {
    fn add(&mut self, rank: u64) {
        self.asked += 1;
        self.reciprocals += 1_000_000 / rank;
        for (count, at) in self.within.iter_mut().zip(RECALL_AT) {
            *count += u64::from(rank <= at);
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut within = self.within;
        within.iter_mut().zip(other.within).for_each(|(one, two)| *one += two);
        Self { asked: self.asked + other.asked, reciprocals: self.reciprocals + other.reciprocals, within }
    }

    /// Mean reciprocal rank, of 1000.
    #[must_use]
    pub fn mean_reciprocal_rank(&self) -> u64 {
        self.reciprocals / 1000 / self.asked.max(1)
    }

    /// Share found within each rank of [`RECALL_AT`], of 1000.
    #[must_use]
    pub fn recalls(&self) -> [u64; 4] {
        self.within.map(|count| count * 1000 / self.asked.max(1))
    }

    /// Share found among the first five, of 1000.
    #[must_use]
    pub fn recall_at_5(&self) -> u64 {
        self.recalls()[2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::evaluation::split::{SEEDS, halves, kept_back};
    use crate::text::published;

    fn question(takers: &[usize], roster: &[usize]) -> Question {
        Question {
            need: "义诊".into(),
            page: "a".into(),
            neighbourhood: 0,
            takers: takers.to_vec(),
            roster: roster.to_vec(),
            street: roster.to_vec(),
        }
    }

    #[test]
    fn ties_share_the_middle_and_fellow_takers_are_ignored() {
        let cases: [(&[u64], usize, &[usize], u64); 3] =
            [(&[5, 9, 1], 0, &[0], 2), (&[5, 9, 1], 0, &[0, 1], 1), (&[3, 3, 3, 3], 0, &[0], 3)];
        for (scores, taker, takers, expected) in cases {
            assert_eq!(rank_of(scores, taker, &question(takers, &[]), Reach::Pool), expected, "{scores:?}");
        }
    }

    #[test]
    fn a_roster_leaves_out_who_does_not_stand_on_it() {
        let asked = question(&[2], &[0, 2]);
        assert_eq!(rank_of(&[9, 8, 1, 7], 2, &asked, Reach::Roster), 2);
        assert_eq!(rank_of(&[9, 8, 1, 7], 2, &asked, Reach::Pool), 4);
    }

    #[test]
    fn figures_are_those_of_a_ranking_made_by_hand() {
        let mut ranks = Ranks::default();
        [1, 4].into_iter().for_each(|rank| ranks.add(rank));
        assert_eq!((ranks.mean_reciprocal_rank(), ranks.recalls()), (625, [500, 500, 1000, 1000]));
        [2, 3, 7, 20].into_iter().for_each(|rank| ranks.add(rank));
        // (1 + 1/4 + 1/2 + 1/3 + 1/7 + 1/20) / 6 = 0.3793…
        assert_eq!((ranks.mean_reciprocal_rank(), ranks.recalls()), (379, [166, 500, 666, 833]));
    }

    fn every_bench() -> Vec<(Rows, Rows, Bench)> {
        let all = Rows { lists: published::lists().to_vec(), pairings: published::pairings().to_vec() };
        let third = |kept| {
            let wanted = |page: &str| kept_back(page) == kept;
            Rows::of_pages(&all.lists, &all.pairings, wanted)
        };
        let splits = SEEDS.map(|seed| halves(&all, seed)).into_iter().chain([(third(false), third(true))]);
        splits
            .map(|(learnt, measured)| {
                let bench = Bench::of(&learnt, &measured, Posting::Beforehand);
                (learnt, measured, bench)
            })
            .collect()
    }

    #[test]
    fn a_pool_holds_enough_units_and_nothing_is_learnt_of_who_only_fills_it() {
        for (learnt, measured, bench) in every_bench() {
            assert!(bench.units.len() >= POOL_MIN, "{}", bench.units.len());
            let told: BTreeSet<&str> = measured
                .pairings
                .iter()
                .map(|row| row.unit.as_str())
                .chain(measured.lists.iter().filter_map(|row| row.org.as_deref()))
                .collect();
            let filler =
                |name: &str| !told.contains(name) && bench.units.iter().any(|unit| unit.name == name);
            assert!(!bench.learnt.pairings.iter().any(|row| filler(&row.unit)));
            assert!(!bench.learnt.lists.iter().any(|row| row.org.as_deref().is_some_and(filler)));
            assert!(bench.learnt.pairings.len() <= learnt.pairings.len());
            assert!(bench.learnt.pages().is_disjoint(&measured.pages()));
        }
    }

    #[test]
    fn a_street_holds_its_roster_and_every_taker() {
        for (_, _, bench) in every_bench() {
            for question in &bench.questions {
                assert!(question.takers.iter().all(|unit| question.roster.contains(unit)));
                assert!(question.roster.iter().all(|unit| question.street.contains(unit)));
                assert!(question.street.len() >= STREET_SIZE);
            }
        }
    }
}

//! How much of a figure is luck: bootstrap over pages.
//!
//! Questions of one page resemble each other, so pages are drawn, not questions: as many as there are, with replacement,
//! [`DRAWS`] times from a fixed seed (the cluster bootstrap; Efron and Tibshirani, "An Introduction to the Bootstrap",
//! 1993). The middle 95 % of what comes out is the interval. Two methods are compared on the same draws; when the
//! interval of their difference holds 0, the difference is noise.

use super::ranking::{Ranking, Ranks};
use super::split::stirred;

/// How often pages are drawn.
pub const DRAWS: usize = 2000;
/// The seed of the drawing.
const SEED: u64 = 95;

/// The middle 95 % of a figure, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Its lower end, of 1000.
    pub low: i64,
    /// Its upper end, of 1000.
    pub high: i64,
}

impl Interval {
    /// Whether it holds 0: a difference that may be luck.
    #[must_use]
    pub fn is_noise(self) -> bool {
        self.low <= 0 && 0 <= self.high
    }
}

/// The interval of a figure of one ranking.
#[must_use]
pub fn interval(ranking: &Ranking, figure: impl Fn(&Ranks) -> u64) -> Interval {
    let ranks: Vec<Ranks> = ranking.pages.values().copied().collect();
    of_draws(ranks.len(), |drawn| {
        let sum = drawn.iter().filter_map(|&page| ranks.get(page));
        figure(&sum.fold(Ranks::default(), |sum, ranks| sum.and(*ranks))).cast_signed()
    })
}

/// The interval of what a figure of the first ranking is above that of the second, on the same draws. Pages that only one of
/// the two has asked about are left out.
#[must_use]
pub fn difference(one: &Ranking, other: &Ranking, figure: impl Fn(&Ranks) -> u64) -> Interval {
    let both: Vec<(Ranks, Ranks)> =
        one.pages.iter().filter_map(|(page, ranks)| Some((*ranks, *other.pages.get(page)?))).collect();
    of_draws(both.len(), |drawn| {
        let sum = drawn.iter().filter_map(|&page| both.get(page));
        let (one, other) = sum.fold((Ranks::default(), Ranks::default()), |(one, other), pair| {
            (one.and(pair.0), other.and(pair.1))
        });
        figure(&one).cast_signed() - figure(&other).cast_signed()
    })
}

fn of_draws(pages: usize, figure: impl Fn(&[usize]) -> i64) -> Interval {
    if pages == 0 {
        return Interval { low: 0, high: 0 };
    }
    let mut drawn = vec![0; pages];
    let mut found: Vec<i64> = (0..DRAWS)
        .map(|draw| {
            for (place, page) in drawn.iter_mut().enumerate() {
                let dice = stirred(stirred(SEED ^ draw as u64) ^ place as u64);
                *page = usize::try_from(dice % pages as u64).unwrap_or(0);
            }
            figure(&drawn)
        })
        .collect();
    found.sort_unstable();
    let at = |share: usize| found.get(DRAWS * share / 1000).copied().unwrap_or(0);
    Interval { low: at(25), high: at(975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(ranks: &[(&str, u64)]) -> Ranking {
        let mut ranking = Ranking::default();
        ranks.iter().for_each(|(page, rank)| ranking.add(page, *rank));
        ranking
    }

    #[test]
    fn what_never_varies_has_no_width() {
        let all_first = ranking(&[("a", 1), ("b", 1), ("c", 1)]);
        let found = interval(&all_first, Ranks::mean_reciprocal_rank);
        assert_eq!(found, Interval { low: 1000, high: 1000 });
        assert!(difference(&all_first, &all_first, Ranks::recall_at_5).is_noise());
    }

    #[test]
    fn a_lead_on_every_page_is_no_noise_and_one_on_a_single_page_is() {
        let pages = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let last = ranking(&pages.map(|page| (page, 9)));
        let leads = ranking(&pages.map(|page| (page, 1)));
        let leads_once = ranking(&pages.map(|page| (page, if page == "c" { 1 } else { 9 })));
        assert!(!difference(&leads, &last, Ranks::recall_at_5).is_noise());
        assert!(difference(&leads_once, &last, Ranks::recall_at_5).is_noise());
    }

    #[test]
    fn the_interval_holds_the_figure_and_is_wider_for_fewer_pages() {
        let names: Vec<String> = (0..64).map(|number| number.to_string()).collect();
        let mixed = |count: usize| {
            let rows: Vec<(&str, u64)> = names
                .iter()
                .take(count)
                .enumerate()
                .map(|(n, page)| (page.as_str(), 1 + n as u64 % 2 * 9))
                .collect();
            interval(&ranking(&rows), Ranks::recall_at_5)
        };
        let (few, many) = (mixed(8), mixed(64));
        assert!(
            few.low < many.low && many.low < 500 && 500 < many.high && many.high < few.high,
            "{few:?} {many:?}"
        );
    }
}

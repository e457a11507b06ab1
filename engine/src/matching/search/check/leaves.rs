//! What a leaf of the tree can hold: points 4 and 5 of the certificate.
#![expect(
    clippy::indexing_slicing,
    reason = "what indexes anything here was found to be within bounds before"
)]

use std::collections::BTreeMap;

use super::cuts::Ruled;
use super::falls::Scope;
use super::rows::{Offer, earned_from_one, earned_in_lots};
use super::{Ground, Node};
use crate::matching::search::{LeafPrices, Mixed, Question, Rule};

/// The answers on the way to a leaf.
pub(super) struct Answers {
    pub(super) members: BTreeMap<(usize, usize), bool>,
    pub(super) ways: BTreeMap<(usize, usize), bool>,
    /// The least and the most an edge carries, where that is bounded.
    pub(super) bounds: BTreeMap<usize, (i128, i128)>,
}

impl Ground {
    /// What the answers given so far come to, or `None` if they contradict each other: nothing can be there.
    pub(super) fn answers(&self, mixed: &Mixed, above: &[Node<'_>]) -> Option<Answers> {
        let mut answers =
            Answers { members: BTreeMap::new(), ways: BTreeMap::new(), bounds: self.bounds.clone() };
        let asked = above.iter().filter_map(|node| match node {
            Node::Asked { question, first, .. } => Some((*question, *first)),
            Node::Fallen { .. } => None,
        });
        for (question, first) in asked {
            let before = match question {
                Question::Member { rule, member } => answers.members.insert((rule, member), first),
                Question::Way { rule, way } => answers.ways.insert((rule, way), first),
                Question::Lots { edge, lots } => {
                    let lot = self.lots[&edge];
                    let (least, most) = answers.bounds.get_mut(&edge)?;
                    if first {
                        *least = (*least).max((i128::from(lots) + 1) * lot);
                    } else {
                        *most = (*most).min(i128::from(lots) * lot);
                    }
                    None
                }
            };
            if before.is_some_and(|before| before != first) {
                return None;
            }
        }
        // Where a member is served, its rivals are not.
        for (member, choice) in &self.rivals {
            let rivals = self.rivals.iter().filter(|(rival, of)| *of == choice && *rival != member);
            if answers.members.get(member) == Some(&true) {
                for (rival, _) in rivals {
                    if *answers.members.entry(*rival).or_insert(false) {
                        return None;
                    }
                }
            }
        }
        // When as many ways are used as may be, all others are closed.
        for (rule, ways) in &self.choices {
            let Rule::Choice { ways: edges, at_most } = &mixed.rules()[*rule] else { return None };
            let used = (0..ways.len()).filter(|&way| answers.ways.get(&(*rule, way)) == Some(&true)).count();
            if used > *at_most {
                return None;
            }
            for (way, edges) in edges.iter().enumerate() {
                if used == *at_most {
                    answers.ways.entry((*rule, way)).or_insert(false);
                }
                if answers.ways.get(&(*rule, way)) == Some(&false) {
                    for &edge in edges {
                        answers.bounds.entry(edge).or_insert((0, 0)).1 = 0;
                    }
                }
            }
        }
        Some(answers)
    }

    /// What a leaf can hold at most, or `None` if it can hold nothing. In a piece only what is in the piece counts, and cuts
    /// do not.
    pub(super) fn leaf(
        &self,
        mixed: &Mixed,
        answers: &Answers,
        scope: Option<&Scope>,
        prices: &LeafPrices,
        cuts: &[Ruled],
    ) -> Option<i128> {
        let cuts = if scope.is_some() { &[] } else { cuts };
        // What each edge pays for the ways it is on and for its cuts; on closed ways nothing runs anyway.
        let mut charges = vec![0i128; mixed.base().edge_count()];
        let mut bound = 0;
        for ((rule, most), &price) in self.choices.iter().zip(&prices.rules) {
            let Rule::Choice { ways, at_most } = &mixed.rules()[*rule] else { return None };
            // A choice of which some edge is here is paid for here.
            let is_here = |edge: &usize| scope.is_none_or(|scope| scope.rows[self.edge_rows[edge]]);
            if price == 0 || self.dividing.contains(rule) || !ways.iter().flatten().any(is_here) {
                continue;
            }
            let mut left = (*at_most).min(ways.len());
            for (way, (edges, way_most)) in ways.iter().zip(most).enumerate() {
                // A way in use pays the whole price, if its edges cannot pay more than that between them.
                let pays_once = edges.iter().map(|edge| self.fullest[edge]).sum::<i128>() <= *way_most;
                if pays_once && answers.ways.get(&(*rule, way)) == Some(&true) {
                    left = left.checked_sub(1)?;
                    continue;
                }
                for &edge in edges {
                    charges[edge] += i128::from(price) / way_most;
                }
            }
            bound += left as i128 * i128::from(price);
        }
        for (cut, price) in cuts.iter().zip(&prices.cuts).map(|(cut, &price)| (cut, i128::from(price))) {
            bound += cut.most * price;
            for &(edge, sign) in &cut.edges {
                charges[edge] += sign * price;
            }
        }
        let columns = self.capacities.iter().zip(&prices.columns).enumerate();
        let columns = columns.filter(|(place, _)| scope.is_none_or(|scope| scope.columns[*place]));
        bound += columns
            .map(|(_, column)| column)
            .map(|(capacity, &price)| capacity * i128::from(price))
            .sum::<i128>();

        let mut idle = self.capacities.clone();
        let mut members: BTreeMap<(usize, usize), Option<i128>> = BTreeMap::new();
        let mut ways: BTreeMap<(usize, usize), i128> = BTreeMap::new();
        let rows = self.rows.iter().enumerate();
        let rows = rows.filter(|(place, _)| scope.is_none_or(|scope| scope.rows[*place]));
        // Edges come in the order of their numbers, as their bounds do.
        let mut bounds = answers.bounds.iter().peekable();
        let mut offers: Vec<Offer> = Vec::new();
        for (_, (row, (demand, edges))) in rows {
            offers.clear();
            offers.extend(edges.iter().map(|(number, edge, place)| {
                let paid = charges[*number] + i128::from(prices.columns[*place]);
                while bounds.next_if(|(bounded, _)| *bounded < number).is_some() {}
                let bound = bounds.next_if(|(bounded, _)| *bounded == number);
                let (least, most) = bound.map_or((0, *demand), |(_, bound)| *bound);
                idle[*place] -= least;
                (i128::from(edge.value) - paid, least, most, self.lots.get(number).copied())
            }));
            // Whether its member is served or not: answers that ask for more than there is are no flow's.
            let crossed = offers.iter().any(|&(_, least, most, _)| least > most);
            if crossed || offers.iter().map(|&(_, least, ..)| least).sum::<i128>() > *demand {
                return None;
            }
            let earned = |full| match self.sole.contains(row) {
                true => earned_from_one(*demand, &offers, full),
                false => earned_in_lots(*demand, &offers, full),
            };
            match (self.members.get(row), self.row_ways.get(row)) {
                (None, None) => bound += earned(false)?,
                (None, Some(way)) => *ways.entry(*way).or_insert(0) += earned(false)?,
                (Some(&member), _) => {
                    let full = earned(true);
                    let sum = members.entry(member).or_insert(Some(0));
                    *sum = sum.zip(full).map(|(sum, full)| sum + full);
                }
            }
        }
        if idle.iter().any(|&idle| idle < 0) {
            return None;
        }
        // Of whole rows those of one way are served.
        for &rule in &self.dividing {
            let of_rule = ways.range((rule, 0)..(rule + 1, 0));
            bound += of_rule.map(|(_, &earned)| earned).fold(0, i128::max);
        }
        for (cut, price) in cuts.iter().zip(&prices.cuts).map(|(cut, &price)| (cut, i128::from(price))) {
            for (member, factor) in &cut.factors {
                let worth = members.entry(*member).or_insert(Some(0));
                *worth = worth.map(|worth| worth - factor * price);
            }
        }
        for &rule in &self.groups {
            bound += group_earned(mixed, rule, answers, &members, &self.rivals)?;
        }
        Some(bound)
    }
}

/// The most a group can earn: for every number of members it may serve, those that have to be and the best of the rest, of
/// rivals the best only. Those of one that has to be served are answered not to be.
fn group_earned(
    mixed: &Mixed,
    rule: usize,
    answers: &Answers,
    worth: &BTreeMap<(usize, usize), Option<i128>>,
    rivals: &BTreeMap<(usize, usize), usize>,
) -> Option<i128> {
    let Rule::Together { members, at_least } = &mixed.rules()[rule] else { return None };
    let (mut served, mut sum, mut open) = (0, 0, Vec::new());
    let mut best_of: BTreeMap<usize, i128> = BTreeMap::new();
    for member in 0..members.len() {
        // Of a member that has no rows here nothing is earned here.
        let worth = worth.get(&(rule, member)).copied().unwrap_or(Some(0));
        match (answers.members.get(&(rule, member)), worth) {
            (Some(true), worth) => {
                served += 1;
                sum += worth?;
            }
            (None, Some(worth)) => match rivals.get(&(rule, member)) {
                Some(choice) => {
                    let best = best_of.entry(*choice).or_insert(worth);
                    *best = worth.max(*best);
                }
                None => open.push(worth),
            },
            (Some(false), _) | (None, None) => {}
        }
    }
    open.extend(best_of.into_values());
    open.sort_unstable_by_key(|&worth| std::cmp::Reverse(worth));
    let mut best = None;
    for taken in 0..=open.len() {
        let count = served + taken;
        if count == 0 || count >= *at_least {
            let total: i128 = sum + open[..taken].iter().sum::<i128>();
            best = best.max(Some(total));
        }
    }
    best
}

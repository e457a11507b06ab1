//! What a plan gives, and what each pairing is worth to it.
//!
//! **Worth** is what a pairing adds by itself: need weight × fit × share, with the halves of its need, and the
//! 1/50 more of a pairing that the street proposes already. Two rules add to the plan what no single pairing
//! does, so it is shared out evenly:
//!
//! * **bonus**: what the needs served in a community add together, among those that the plan serves there for
//!   the first time; of a need with several givers the one has it that brings the first unit;
//! * **burden**: what a unit's engagements cost together, among those that the plan gives it.
//!
//! What a division leaves over falls on one or the other, so that nothing is lost:
//! `Σ (worth + bonus − burden) = objective`.

use super::{Explanations, Worth};
use crate::{
    identity::PlaceId,
    matching::{
        eligibility::Counting,
        fairness,
        problem::{Line, RowOf},
    },
    pairing::Supplier,
};
use std::collections::BTreeMap;

/// Something the plan gives: what flows along a line, or what a slot is held to for the sake of its project.
#[derive(Clone, Copy, Debug)]
pub(in crate::matching) struct Given {
    pub asker: usize,
    pub giver: usize,
    /// The candidate of the asker.
    pub candidate: usize,
    /// Base units, lots or engagements.
    pub flow: u64,
    /// What a unit of it is worth by itself.
    pub worth: i64,
    /// The community whose bonus it brings.
    pub first_in: Option<PlaceId>,
}

impl Given {
    /// What all of it is worth by itself.
    pub fn total(&self) -> i128 {
        i128::from(self.worth) * i128::from(self.flow)
    }
}

/// Who gives to whom, by position.
type Pair = (usize, usize);

/// What pairings have of what is added and borne in common.
#[derive(Debug)]
pub(super) struct Shares {
    bonuses: BTreeMap<Pair, i128>,
    burdens: BTreeMap<Pair, i128>,
}

impl Shares {
    pub fn bonus(&self, asker: usize, giver: usize) -> Worth {
        Worth(self.bonuses.get(&(asker, giver)).copied().unwrap_or(0))
    }

    pub fn burden(&self, asker: usize, giver: usize) -> Worth {
        Worth(self.burdens.get(&(asker, giver)).copied().unwrap_or(0))
    }
}

impl Explanations<'_> {
    /// Everything the plan gives: first what is held, then what flows.
    pub(in crate::matching) fn given(&self) -> impl Iterator<Item = Given> + '_ {
        self.held.iter().copied().chain(self.lines.iter().filter_map(|line| self.along(line)))
    }

    /// The same of one pair.
    pub(super) fn given_to(&self, asker: usize, giver: usize) -> impl Iterator<Item = Given> + '_ {
        let flowing = self.lines_of_asker(asker).filter_map(|line| self.along(line));
        let all = self.held.iter().copied().chain(flowing);
        all.filter(move |given| given.asker == asker && given.giver == giver)
    }

    pub(super) fn along(&self, line: &Line) -> Option<Given> {
        let (asker, giver, candidate) = (line.asker?, line.giver?, line.candidate?);
        let (worth, first_in, flow) = (self.worth_of(line), self.first_in(line), line.flow);
        (flow > 0).then_some(Given { asker, giver, candidate, flow, worth, first_in })
    }

    /// What a unit along a line from a giver is worth by itself, without the bonus of a community.
    pub(in crate::matching) fn worth_of(&self, line: &Line) -> i64 {
        let bonus = self.first_in(line).map_or(0, |_| fairness::first_bonus(self.state().rules().fairness));
        line.value - bonus
    }

    fn first_in(&self, line: &Line) -> Option<PlaceId> {
        match self.planned.problem.rows.get(line.row)? {
            RowOf::Piece { first_in, .. } => *first_in,
            RowOf::Rest => None,
        }
    }

    /// How much of what is asked it serves.
    pub(in crate::matching) fn quantity(&self, given: &Given) -> u64 {
        let candidate = self.judged(given.asker).and_then(|judged| judged.candidates.get(given.candidate));
        match candidate.map(|candidate| candidate.counting) {
            Some(Counting::OneByOne) => given.flow,
            Some(Counting::Whole) => self.planned.askers.get(given.asker).map_or(0, |asker| asker.wanting),
            None => 0,
        }
    }

    pub(super) fn shares(&self) -> &Shares {
        self.shares.get_or_init(|| self.shared_out())
    }

    fn shared_out(&self) -> Shares {
        let mut firsts: BTreeMap<PlaceId, Vec<(Pair, u64)>> = BTreeMap::new();
        let mut engagements: BTreeMap<usize, Vec<(Pair, u64)>> = BTreeMap::new();
        for given in self.given() {
            let pair = (given.asker, given.giver);
            if let Some(community) = given.first_in {
                firsts.entry(community).or_default().push((pair, given.flow));
            }
            engagements.entry(given.giver).or_default().push((pair, given.flow));
        }
        let (state, now) = (self.state(), self.planned.market.now);
        let fairness = state.rules().fairness;
        let before = fairness::served_before(state, now);
        let mut shares = Shares { bonuses: BTreeMap::new(), burdens: BTreeMap::new() };
        for (community, parts) in firsts {
            let before = before.get(&community).copied().unwrap_or(0);
            shares.bonuses.extend(evenly(&parts, |all| fairness::bonuses(fairness, before, all)));
        }
        for (giver, parts) in engagements {
            if let Some(engaged) = self.engaged(giver) {
                shares.burdens.extend(evenly(&parts, |all| fairness::cost(fairness, engaged, all)));
            }
        }
        shares
    }

    /// How many engagements a giver has beside the plan; `None` of a resource, which is no burden.
    pub(super) fn engaged(&self, giver: usize) -> Option<u64> {
        match self.giver(giver)?.supplier {
            Supplier::Unit(unit) => {
                Some(self.state().organization(unit).map_or(0, |unit| unit.engagements.reserved()))
            }
            Supplier::Resource(_) => None,
        }
    }

    /// What one more unit of a giver would add: a base unit, a lot or an engagement.
    ///
    /// One more engagement of a unit is also one more that it could be spared, and that one is its dearest. So
    /// either it rests and nothing changes, or it adds the price of its capacity less what that one costs.
    pub(super) fn one_more_of(&self, giver: usize) -> Worth {
        let gain = i128::from(self.prices().column(giver));
        let Some((engaged, offered)) = self.engaged(giver).zip(self.giver(giver)) else { return Worth(gain) };
        let dearest = fairness::cost(self.state().rules().fairness, engaged + offered.remaining, 1);
        Worth((gain - dearest).max(0))
    }
}

/// A total shared out by weight, so that the shares add up to it.
fn evenly(parts: &[(Pair, u64)], total: impl Fn(u64) -> i128) -> Vec<(Pair, i128)> {
    let all: u64 = parts.iter().map(|(_, weight)| weight).sum();
    let total = total(all);
    let up_to = |weight: u64| total * i128::from(weight) / i128::from(all.max(1));
    let mut before = 0;
    let share = |&(pair, weight): &(Pair, u64)| {
        let share = up_to(before + weight) - up_to(before);
        before += weight;
        (pair, share)
    };
    parts.iter().map(share).collect()
}

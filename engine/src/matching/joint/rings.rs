//! Organizations that give to each other, in twos, threes and fours.

use super::{GIFTS_MAX, Gift, JointProject, Kind, RING_BONUS_MILLE, RING_MAX, RINGS_MAX, drafting::draft};
use crate::{
    identity::OrganizationId,
    matching::{
        explaining::{Explanations, Worth},
        problem::Line,
    },
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// The best that one organization could give another.
#[derive(Clone, Copy, Debug)]
struct Way {
    to: OrganizationId,
    gift: Gift,
    /// Value with the bonus, less what the prices ask for both ends.
    gain: i128,
}

type Ways = BTreeMap<OrganizationId, Vec<Way>>;

impl Explanations<'_> {
    pub(super) fn rings(&self) -> Vec<JointProject> {
        let ways = self.ways();
        let mut found: Vec<Vec<Way>> = Vec::new();
        for start in ways.keys() {
            follow(&ways, *start, &mut Vec::new(), &mut found);
        }
        found.retain(|ring| gain(ring) > 0);
        found.sort_by_cached_key(|ring| (Reverse(gain(ring)), ring.len(), organizations(ring)));
        let (mut needs, mut givers) = (BTreeSet::new(), BTreeSet::new());
        found.retain(|ring| {
            let free =
                ring.iter().all(|way| !needs.contains(&way.gift.asker) && !givers.contains(&way.gift.giver));
            if free {
                needs.extend(ring.iter().map(|way| way.gift.asker));
                givers.extend(ring.iter().map(|way| way.gift.giver));
            }
            free
        });
        found.truncate(RINGS_MAX);
        found.iter().filter_map(|ring| self.ring(ring)).collect()
    }

    /// For each organization, the best it could give to each other one; the few best of those.
    fn ways(&self) -> Ways {
        let mut best: BTreeMap<(OrganizationId, OrganizationId), Way> = BTreeMap::new();
        for (gift, gain) in self.possible() {
            let Some((asker, giver)) = self.sides(&gift).filter(|(asker, _)| self.is_free(asker.target))
            else {
                continue;
            };
            let way = Way { to: asker.organization, gift, gain };
            let known = best.entry((giver.organization, asker.organization)).or_insert(way);
            if gain > known.gain {
                *known = way;
            }
        }
        let mut ways: Ways = BTreeMap::new();
        for ((from, _), way) in best {
            ways.entry(from).or_default().push(way);
        }
        for ways in ways.values_mut() {
            ways.sort_by_key(|way| (Reverse(way.gain), way.to));
            ways.truncate(GIFTS_MAX);
        }
        ways
    }

    /// Every pair with what it carries, or could carry if the plan let it, and its gain.
    fn possible(&self) -> Vec<(Gift, i128)> {
        let mut pairs: BTreeMap<(usize, usize), Vec<&Line>> = BTreeMap::new();
        for line in &self.lines {
            if let (Some(asker), Some(giver)) = (line.asker, line.giver) {
                pairs.entry((asker, giver)).or_default().push(line);
            }
        }
        pairs.into_iter().filter_map(|((asker, giver), lines)| self.carried(asker, giver, &lines)).collect()
    }

    fn carried(&self, asker: usize, giver: usize, lines: &[&Line]) -> Option<(Gift, i128)> {
        let used = lines.iter().any(|line| line.flow > 0);
        let mut left = self.giver(giver)?.remaining;
        let mut gift = Gift { asker, giver, quantity: 0, draws: 0, value: 0 };
        let mut gain = 0;
        for line in lines {
            let flow = if used { line.flow } else { self.planned.problem.demand(line.row).min(left) };
            left = left.saturating_sub(flow);
            let counting = self.candidate(line)?.counting;
            if flow > 0 {
                self.would_serve(&mut gift, counting, flow);
            }
            let worth = self.worth_of(line);
            let counted = line.value + worth / 1_000 * RING_BONUS_MILLE;
            gift.value += i128::from(worth) * i128::from(flow);
            gain += i128::from(counted - self.asked_by_prices(line)) * i128::from(flow);
        }
        (gift.draws > 0).then_some((gift, gain))
    }

    fn ring(&self, ring: &[Way]) -> Option<JointProject> {
        let undertakings: Vec<_> = ring.iter().filter_map(|way| self.undertaking(&way.gift)).collect();
        let names: Vec<&str> = organizations(ring)
            .iter()
            .filter_map(|id| self.state().organization(*id))
            .map(|organization| organization.draft.name.as_str())
            .collect();
        let office = self.state().street()?.office;
        let place = self.place_of(undertakings.first()?.target);
        let draft = draft(self, &format!("互助共建:{}", names.join("、")), office, place, &undertakings);
        let value: i128 = ring.iter().map(|way| way.gift.value).sum();
        Some(JointProject {
            kind: Kind::Exchange { organizations: organizations(ring) },
            value: Worth(value),
            bonus: Worth(value * i128::from(RING_BONUS_MILLE) / 1_000),
            undertakings,
            draft,
        })
    }
}

fn gain(ring: &[Way]) -> i128 {
    ring.iter().map(|way| way.gain).sum()
}

/// Each gives to the next, so the receivers turned by one are the givers.
fn organizations(ring: &[Way]) -> Vec<OrganizationId> {
    let mut organizations: Vec<OrganizationId> = ring.iter().map(|way| way.to).collect();
    organizations.rotate_right(1);
    organizations
}

/// Goes on along every way to organizations that are not in the chain yet, and closes rings. A ring is found
/// from its smallest organization only, so once.
fn follow(ways: &Ways, start: OrganizationId, chain: &mut Vec<Way>, found: &mut Vec<Vec<Way>>) {
    let here = chain.last().map_or(start, |way| way.to);
    for way in ways.get(&here).into_iter().flatten() {
        if way.to == start && !chain.is_empty() {
            let mut ring = chain.clone();
            ring.push(*way);
            found.push(ring);
        } else if way.to > start && chain.len() + 1 < RING_MAX && chain.iter().all(|it| it.to != way.to) {
            chain.push(*way);
            follow(ways, start, chain, found);
            chain.pop();
        }
    }
}

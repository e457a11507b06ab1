//! Flows for what the prices take, and single changes of them.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part the tree is about")]

use std::cmp::Reverse;
use std::rc::Rc;

use super::Tree;
use crate::matching::search::completing::{Wish, complete};
use crate::matching::search::fixings::Fixings;
use crate::matching::search::prices::{Ascent, Found, Reading};

/// How many single changes are tried on a completed flow.
const CHANGES_MAX: usize = 24;

impl Tree {
    pub(super) fn keep_if_better(&mut self) -> bool {
        let earned = self.flow.earned();
        let better = earned > self.objective;
        if better {
            self.objective = earned;
            self.has_flow = true;
            self.units.copy_from_slice(self.flow.units());
            self.flow_prices = self.flow.prices();
        }
        better
    }

    /// Completes a flow for what the prices take, then for single changes of it that the flow's own prices promise
    /// something of.
    pub(super) fn try_flows(&mut self, fixings: &Fixings, found: &Found, thorough: bool) {
        let before = self.flow.paths;
        let worth = &found.best.member_worth;
        let mut wishes = vec![found.best.taken.clone()];
        if thorough {
            wishes.push(self.seen.members.iter().map(|&often| often >= 1 << 15).collect());
        }
        let wishes = wishes
            .into_iter()
            .map(|taken| Wish::most_used(&self.part, fixings, &found.prices, &self.seen.ways, taken));
        for wish in wishes.collect::<Vec<_>>() {
            let completed = complete(&self.part, &mut self.flow, fixings, &wish, worth).is_some();
            if completed && (self.keep_if_better() || thorough) && self.is_plain() {
                self.change(fixings, worth);
            }
        }
        self.steps += self.flow.paths - before;
    }

    /// Opens groups that are worth something at the flow's prices, closes groups that are not, one at a time.
    fn change(&mut self, fixings: &Fixings, worth: &[Option<i128>]) {
        let part = Rc::clone(&self.part);
        let part = &*part;
        let mut tries = 0;
        let mut reading = Reading::default();
        'again: while tries < CHANGES_MAX {
            let earned = self.flow.earned();
            let here: Vec<bool> = part.served(self.flow.units());
            let units = self.flow.units().to_vec();
            Ascent::new(part, &self.cuts, fixings).read(&self.flow.prices(), &mut reading);
            self.steps += 1;
            let mut changes = Vec::new();
            for group in &part.groups {
                let members = group.first..group.first + group.members.len();
                if here[members.clone()] == reading.taken[members.clone()] {
                    continue;
                }
                let promised: i128 = members
                    .clone()
                    .filter(|&member| here[member] != reading.taken[member])
                    .filter_map(|member| reading.member_worth[member])
                    .map(i128::abs)
                    .sum();
                changes.push((Reverse(promised), group.first, members));
            }
            changes.sort_unstable_by_key(|(promised, first, _)| (*promised, *first));
            for (_, _, members) in changes {
                tries += 1;
                if tries > CHANGES_MAX {
                    break;
                }
                let mut wish = here.clone();
                wish[members.clone()].copy_from_slice(&reading.taken[members]);
                let wish = Wish { taken: wish, closed: part.unused(&units) };
                let Some(changed) = complete(part, &mut self.flow, fixings, &wish, worth) else { continue };
                if changed > earned {
                    self.keep_if_better();
                    continue 'again;
                }
            }
            break;
        }
    }
}

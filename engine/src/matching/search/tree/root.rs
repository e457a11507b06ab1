//! The root: prices from nothing, a first flow, better ones near it, and cuts.

use super::Tree;
use crate::matching::search::cuts;
use crate::matching::search::fixings::Fixings;
use crate::matching::search::prices::{Ascent, Found, Prices, Reading};

/// Looks at the root before there is a flow to aim at; prices start from those of a plain flow.
const FIRST_LOOKS: u64 = 100;

/// Looks at the root after that.
const ROOT_LOOKS: u64 = 1_000;

/// First steps there, in thousandths of Polyak's: nothing is known.
const ROOT_PACE: i64 = 1_000;

/// The same at the root of a small question, where prices start from those of the whole.
const SMALL_ROOT_LOOKS: u64 = 150;
const SMALL_ROOT_PACE: i64 = 150;

/// So many steps are spent near the best flow before cuts are looked for.
const NEARBY_FIRST: u64 = 1_000;

/// How often cuts are looked for at most: each time a walk for an average, and after it one for the prices of the cuts.
const CUT_ROUNDS: u64 = 12;
const AVERAGE_LOOKS: u64 = 150;
const AVERAGE_PACE: i64 = 50;
const CUT_LOOKS: u64 = 400;
const CUT_PACE: i64 = 300;

impl Tree {
    /// Prices the root. `None` if nothing is left to be done.
    pub(super) fn root(&mut self, fixings: &Fixings, start: &Prices) -> Option<Found> {
        if self.is_small {
            return Some(self.improve(
                fixings,
                start,
                Some(self.objective),
                SMALL_ROOT_LOOKS,
                SMALL_ROOT_PACE,
            ));
        }
        // Without a flow to aim at, a guess is aimed at; the flow that comes of it is the aim from then on.
        let first = self.improve(fixings, start, None, FIRST_LOOKS, ROOT_PACE);
        self.try_flows(fixings, &first, true);
        let start = self.better_start(fixings, &first);
        let found = self.improve(fixings, &start, Some(self.objective), ROOT_LOOKS, ROOT_PACE);
        self.root_steps = self.steps;
        if !self.is_plain() {
            self.try_flows(fixings, &found, true);
            self.prove(0, &found.best, found.prices.clone());
            while self.has_neighbourhoods() && !self.is_done(0) && self.nearby.is_due(NEARBY_FIRST) {
                self.look_nearby();
            }
            if self.is_done(0) {
                return None;
            }
        }
        Some(self.cut(fixings, found))
    }

    /// Looks for cuts that the relaxation breaks and prices them, as long as that gets somewhere.
    fn cut(&mut self, fixings: &Fixings, mut found: Found) -> Found {
        if self.part.groups.is_empty() {
            return found;
        }
        let aim = Some(self.objective);
        for _ in 0..CUT_ROUNDS {
            if found.best.bound.is_none_or(|bound| bound <= self.objective) {
                break;
            }
            self.seen.start_anew();
            let settled = self.improve(fixings, &found.prices, aim, AVERAGE_LOOKS, AVERAGE_PACE);
            if settled.best.bound < found.best.bound {
                found = settled;
            }
            let mut cuts = cuts::broken(&self.part, &found.prices, self.seen.average());
            cuts.retain(|cut| !self.cuts.contains(cut));
            if cuts.is_empty() {
                break;
            }
            self.cuts.extend(cuts);
            let mut start = found.prices.clone();
            start.cuts.resize(self.cuts.len(), 0);
            let before = found.best.bound;
            found = self.improve(fixings, &start, aim, CUT_LOOKS, CUT_PACE);
            // What costs nothing is no use.
            let mut prices = found.prices.cuts.iter();
            self.cuts.retain(|_| prices.next().is_some_and(|&price| price > 0));
            found.prices.cuts.retain(|&price| price > 0);
            if found.best.bound == before {
                break;
            }
        }
        found
    }

    /// The prices of the walk or those of the best flow, whichever prove more.
    fn better_start(&mut self, fixings: &Fixings, first: &Found) -> Prices {
        let mut reading = Reading::default();
        Ascent::new(&self.part, &self.cuts, fixings).read(&self.flow_prices, &mut reading);
        self.steps += 1;
        if reading.bound < first.best.bound { self.flow_prices.clone() } else { first.prices.clone() }
    }
}

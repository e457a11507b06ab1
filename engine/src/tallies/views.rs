//! What dashboards read off the cells: funnels, the gap between supply and demand, and who is left out.

use super::{
    aggregates::{By, Group, Part, Totals, aggregate, is_counted, total},
    keys::{List, Stage, Standing, Sums},
};
use crate::{
    category::CategoryCode,
    identity::{OrganizationId, PlaceId},
    period::Month,
    place::PlaceLevel,
    quantity::Measure,
    state::State,
};
use std::collections::BTreeMap;

/// How many have come to each stage at least, in the order of [`Stage::ALL`]: none is more than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funnel(pub [u64; 7]);

/// The funnel 漏斗 of a part of the needs or pairings: what began in it, by how far it has come. Needs that were in
/// other hands from the beginning are not in it.
pub fn funnel(state: &State, part: &Part) -> Funnel {
    let totals = total(state, part);
    Funnel(
        Stage::ALL.map(|stage| totals.count_if(|standing, reached| is_counted(standing) && reached >= stage)),
    )
}

/// What is wanted and what is there, of one category and one measure 供需差.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// Needs that are open.
    pub needs: u64,
    /// What of them neither anybody has claimed nor both sides agreed.
    pub unserved: u64,
    /// Resources of which something is free.
    pub resources: u64,
    /// How much of them is free.
    pub remaining: u64,
}

/// One line of a gap: where, of what, in which measure, how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapLine {
    /// The place; `None` for everywhere.
    pub place: Option<PlaceId>,
    /// The category; `None` of what says none.
    pub category: Option<CategoryCode>,
    /// What is counted: lots, or base units of a measure.
    pub measure: Measure,
    /// How much.
    pub gap: Gap,
}

/// What is wanted and what is there in a place, or everywhere, by category leaf and measure; place by place, when a level
/// is named. A resource counts where it lies, although it may serve further.
pub fn gap(state: &State, place: Option<PlaceId>, level: Option<PlaceLevel>) -> Vec<GapLine> {
    let places = match level {
        Some(level) => state.places_of_level(place, level).into_iter().map(Some).collect(),
        None => vec![place],
    };
    places.into_iter().flat_map(|place| gap_at(state, place)).collect()
}

fn gap_at(state: &State, place: Option<PlaceId>) -> Vec<GapLine> {
    let mut found: BTreeMap<(Option<CategoryCode>, Measure), Gap> = BTreeMap::new();
    let mut look = |list: List, put: &dyn Fn(&mut Gap, &Sums)| {
        for ([group], totals) in aggregate(state, &Part { place, ..Part::of(list) }, [By::Category]) {
            let category = match group {
                Group::Category(code) => Some(code),
                _ => None,
            };
            for (measure, sums) in totals.by_measure(|standing, _| standing.is_open()) {
                put(found.entry((category.clone(), measure)).or_default(), &sums);
            }
        }
    };
    look(List::Needs, &|gap, sums| {
        gap.needs = sums.count;
        gap.unserved = sums.free();
    });
    look(List::Resources, &|gap, sums| {
        gap.resources = sums.count;
        gap.remaining = sums.free();
    });
    let line = |((category, measure), gap)| GapLine { place, category, measure, gap };
    found.into_iter().map(line).collect()
}

/// How a community is served 覆盖.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Where.
    pub place: PlaceId,
    /// The community that sits there, where one does.
    pub community: Option<OrganizationId>,
    /// Needs posted there, without those that were in other hands from the beginning.
    pub posted: u64,
    /// Of these, those for which anything was ever proposed.
    pub matched: u64,
    /// Of these, those of which something was agreed.
    pub agreed: u64,
    /// Needs that are open.
    pub open: u64,
    /// Of the open ones, those for which nothing was ever proposed.
    pub open_unmatched: u64,
}

impl Covered {
    /// Whether it has needs, and nothing of them was ever matched.
    pub const fn is_left_out(&self) -> bool {
        self.posted > 0 && self.matched == 0
    }
}

/// How the communities in a place, or all of them, are served: by what was posted in these months.
pub fn coverage(state: &State, place: Option<PlaceId>, months: Option<(Month, Month)>) -> Vec<Covered> {
    let look = |place: PlaceId| {
        let needs: Totals = total(state, &Part { place: Some(place), months, ..Part::of(List::Needs) });
        let count = |holds: &dyn Fn(Standing, Stage) -> bool| {
            needs.count_if(|standing, stage| is_counted(standing) && holds(standing, stage))
        };
        Covered {
            place,
            community: state.communities.get(&place).copied(),
            posted: count(&|_, _| true),
            matched: count(&|_, stage| stage >= Stage::Proposed),
            agreed: count(&|_, stage| stage >= Stage::Agreed),
            open: count(&|standing, _| standing.is_open()),
            open_unmatched: count(&|standing, stage| standing.is_open() && stage == Stage::Posted),
        }
    };
    state.places_of_level(place, PlaceLevel::Community).into_iter().map(look).collect()
}

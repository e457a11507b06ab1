//! What happened on each day 时间序列: posts, claims, deliveries, in every place of the street, and of every facet in all
//! of it; of every facet in every community too, month by month, of which larger places are the sums.
//!
//! Here a thing belongs to the day on which it *happened*, on the street's clock: a claim to the day of the claim, a
//! delivery to the day that it says it was made on. What is taken back afterwards is not in it: a withdrawn delivery
//! was none. A claim that lapsed later was one all the same.

use super::{
    aggregates::{NotKept, Slice},
    facets::Facet,
    filing::{Happened, Spots},
    keys::{List, NOWHERE},
    numbers::Numbers,
};
use crate::{identity::PlaceId, quantity::Measure, state::State};
use chrono::{Datelike, Days as DayCount, NaiveDate};
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stream {
    /// Needs were posted.
    NeedsPosted,
    /// Resources were posted.
    ResourcesPosted,
    /// Projects were posted.
    ProjectsPosted,
    /// Pairings were proposed or requested.
    Proposed,
    /// Pairings were claimed for the first time.
    Claimed,
    /// Pairings were agreed by both sides.
    Agreed,
    /// Deliveries were made.
    Delivered,
    /// Deliveries were confirmed.
    Accepted,
    /// Pairings were delivered and accepted to the end.
    Fulfilled,
    /// Needs were appraised.
    Appraised,
}

impl Stream {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::NeedsPosted,
        Self::ResourcesPosted,
        Self::ProjectsPosted,
        Self::Proposed,
        Self::Claimed,
        Self::Agreed,
        Self::Delivered,
        Self::Accepted,
        Self::Fulfilled,
        Self::Appraised,
    ];

    /// To what of it happens.
    const fn list(self) -> List {
        match self {
            Self::NeedsPosted | Self::Appraised => List::Needs,
            Self::ResourcesPosted => List::Resources,
            Self::ProjectsPosted => List::Projects,
            Self::Proposed
            | Self::Claimed
            | Self::Agreed
            | Self::Delivered
            | Self::Accepted
            | Self::Fulfilled => List::Pairings,
        }
    }
}

/// In which part of the street: in all of it, unless a place or a property narrows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Where {
    /// A place, with all below it.
    pub place: Option<PlaceId>,
    /// One value of a property.
    pub slice: Option<Slice>,
}

impl Where {
    /// Whether what happened there can be told in such steps.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn kept(&self, state: &State, grain: Grain) -> Result<(), NotKept> {
        match (self.place, &self.slice) {
            (Some(place), Some(_)) if state.vicinity(place) != place => Err(NotKept::Depth),
            (Some(_), Some(_)) if grain < Grain::Month => Err(NotKept::Days),
            _ => Ok(()),
        }
    }
}

/// How long each step of a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// 日.
    Day,
    /// 周: from Monday to Sunday, as ISO 8601 has it.
    Week,
    /// 月.
    Month,
    /// 季度.
    Quarter,
}

impl Grain {
    /// The first day of the step that a day lies in.
    pub fn begin(self, day: NaiveDate) -> NaiveDate {
        let first_of = |month| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => {
                let since_monday = day.weekday().num_days_from_monday();
                day.checked_sub_days(DayCount::new(since_monday.into())).unwrap_or(day)
            }
            Self::Month => first_of(day.month()),
            Self::Quarter => first_of(day.month0() / 3 * 3 + 1),
        }
    }

    /// The first day of the step after the one that begins on this day.
    pub fn next(self, begin: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => begin.succ_opt(),
            Self::Week => begin.checked_add_days(DayCount::new(7)),
            Self::Month => begin.checked_add_months(chrono::Months::new(1)),
            Self::Quarter => begin.checked_add_months(chrono::Months::new(3)),
        }
    }
}

/// How often something happened, and to how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// How often.
    pub count: u64,
    /// To how much, in base units of one measure.
    pub amount: u64,
}

/// What happened in one step, by stream and measure.
pub type Days = BTreeMap<(Stream, Measure), Flow>;

/// What a line is told apart by: a place, a facet or both, the day (of both, the first of its month), what happened, and
/// the measure.
pub(crate) type Happening = (Option<PlaceId>, Option<Facet>, NaiveDate, Stream, Measure);

/// The part a line stands in: a facet goes by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Spot {
    Place(PlaceId),
    Of(u32),
    /// What of a facet lies in a community; in a place, where that lies in none.
    Near(PlaceId, u32),
}

impl Spot {
    /// The day a line of it stands under.
    fn under(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Place(_) | Self::Of(_) => day,
            Self::Near(..) => Grain::Month.begin(day),
        }
    }
}

/// Where, when, what, and the number of its measure.
pub type DayKey = (Spot, NaiveDate, Stream, u32);

/// Flows by part, day, stream and measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DayCells {
    pub(crate) lines: OrdMap<DayKey, Flow>,
    facets: Numbers<Facet>,
    measures: Numbers<Measure>,
}

impl DayCells {
    /// Counts out what had happened, and in what has.
    pub(super) fn turn(&mut self, before: &[Happened], after: &[Happened]) {
        for gone in before.iter().filter(|it| !after.contains(it)) {
            let amount = gone.amount;
            self.each(gone, |flow| Flow {
                count: flow.count.saturating_sub(1),
                amount: flow.amount.saturating_sub(amount),
            });
        }
        for new in after.iter().filter(|it| !before.contains(it)) {
            let amount = new.amount;
            self.each(new, |flow| Flow { count: flow.count + 1, amount: flow.amount.saturating_add(amount) });
        }
    }

    fn each(&mut self, happened: &Happened, change: impl Fn(Flow) -> Flow) {
        let measure = self.measures.number(&happened.measure);
        let Spots { places, near, facets } = &happened.spots;
        let mut spots: Vec<Spot> = places.iter().map(|place| Spot::Place(*place)).collect();
        for facet in facets {
            let facet = self.facets.number(facet);
            spots.push(Spot::Of(facet));
            spots.extend(near.map(|near| Spot::Near(near, facet)));
        }
        for spot in spots {
            let key = (spot, spot.under(happened.on), happened.stream, measure);
            let flow = self.lines.entry(key).or_default();
            *flow = change(*flow);
            if *flow == Flow::default() {
                self.lines.remove(&key);
            }
        }
    }

    /// Adds what happened in one spot, of the streams of some lists, to the steps it happened in.
    fn add(
        &self,
        (spot, lists): &(Spot, &[List]),
        (first, last): (NaiveDate, NaiveDate),
        grain: Grain,
        into: &mut BTreeMap<NaiveDate, Days>,
    ) {
        let from = (*spot, spot.under(first), Stream::NeedsPosted, 0);
        let lines = self.lines.range(from..).take_while(|((part, on, ..), _)| part == spot && *on <= last);
        for ((_, on, stream, measure), flow) in
            lines.filter(|((.., stream, _), _)| lists.contains(&stream.list()))
        {
            let Some(measure) = self.measures.value(*measure) else { continue };
            let sum =
                into.entry(grain.begin(*on)).or_default().entry((*stream, measure.clone())).or_default();
            *sum = Flow { count: sum.count + flow.count, amount: sum.amount.saturating_add(flow.amount) };
        }
    }

    /// Every line, with the values in place of their numbers.
    pub fn told(&self) -> impl Iterator<Item = (Happening, Flow)> {
        self.lines.iter().filter_map(|((spot, on, stream, measure), flow)| {
            let value = |facet: u32| self.facets.value(facet).cloned();
            let (place, facet) = match *spot {
                Spot::Place(place) => (Some(place), None),
                Spot::Of(facet) => (None, Some(value(facet)?)),
                Spot::Near(place, facet) => (Some(place), Some(value(facet)?)),
            };
            Some(((place, facet, *on, *stream, self.measures.value(*measure)?.clone()), *flow))
        })
    }

    /// The spots that make up a part, each with the lists whose streams count there.
    fn spots(&self, state: &State, part: &Where) -> Vec<(Spot, &'static [List])> {
        const ENTRIES: &[List] = &[List::Needs, List::Resources, List::Projects];
        const PAIRINGS: &[List] = &[List::Pairings];
        let all = List::ALL.as_slice();
        let Some(slice) = &part.slice else {
            let roots = || state.children(None).chain([NOWHERE]).collect();
            let places: Vec<PlaceId> = part.place.map_or_else(roots, |place| vec![place]);
            return places.into_iter().map(|place| (Spot::Place(place), all)).collect();
        };
        // An entry is of the kind of whoever posted it, a pairing of that of whoever gives.
        let readings = match slice {
            Slice::UnitKind(_) => vec![(List::Needs, ENTRIES), (List::Pairings, PAIRINGS)],
            _ => vec![(List::Needs, all)],
        };
        let near = part.place.map(|place| state.vicinities(place).unwrap_or_default());
        let mut spots = Vec::new();
        for (list, lists) in readings {
            for facet in slice.facets(state, list).iter().filter_map(|facet| self.facets.find(facet)) {
                match &near {
                    None => spots.push((Spot::Of(facet), lists)),
                    Some(near) => spots.extend(near.iter().map(|place| (Spot::Near(*place, facet), lists))),
                }
            }
        }
        spots
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }
}

/// What happened from one day to another, step by step; steps in which nothing did are left out. Of a top category, what
/// happened in its leaves. Of a property in a place whole months are told, those of both days among them, and nothing of
/// what is not [kept](Where::kept).
pub fn series(
    state: &State,
    part: &Where,
    span: (NaiveDate, NaiveDate),
    grain: Grain,
) -> BTreeMap<NaiveDate, Days> {
    let mut found = BTreeMap::new();
    if part.kept(state, grain).is_ok() {
        let days = &state.tallies.days;
        for spot in days.spots(state, part) {
            days.add(&spot, span, grain, &mut found);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_every_step_follows_the_one_before() {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        for (grain, on, begin, next) in [
            (Grain::Day, "2026-12-31", "2026-12-31", "2027-01-01"),
            (Grain::Week, "2027-01-03", "2026-12-28", "2027-01-04"),
            (Grain::Week, "2026-12-28", "2026-12-28", "2027-01-04"),
            (Grain::Month, "2024-02-29", "2024-02-01", "2024-03-01"),
            (Grain::Quarter, "2026-06-30", "2026-04-01", "2026-07-01"),
            (Grain::Quarter, "2026-12-01", "2026-10-01", "2027-01-01"),
        ] {
            assert_eq!(grain.begin(day(on)), day(begin), "{grain:?} {on}");
            assert_eq!(grain.next(day(begin)), Some(day(next)), "{grain:?} {on}");
        }
    }
}

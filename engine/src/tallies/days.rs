//! What happened on each day 时间序列: posts, claims, deliveries, in every place of the street, and of every facet in all
//! of it.
//!
//! Here a thing belongs to the day on which it *happened*, on the street's clock: a claim to the day of the claim, a
//! delivery to the day that it says it was made on. What is taken back afterwards is not in it: a withdrawn delivery
//! was none. A claim that lapsed later was one all the same.

use super::{
    aggregates::Slice,
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

/// In which part of the street.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// A place, with all below it.
    Place(PlaceId),
    /// Of one value of a property, anywhere.
    Of(Slice),
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

/// What a line is told apart by: a place or a facet, the day, what happened, and the measure.
pub(crate) type Happening = (Result<PlaceId, Facet>, NaiveDate, Stream, Measure);

/// The part a line stands in: a facet goes by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Spot {
    Place(PlaceId),
    Of(u32),
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
        let Spots { places, facets } = &happened.spots;
        let facets: Vec<Spot> = facets.iter().map(|facet| Spot::Of(self.facets.number(facet))).collect();
        for spot in places.iter().map(|place| Spot::Place(*place)).chain(facets) {
            let key = (spot, happened.on, happened.stream, measure);
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
        let from = (*spot, first, Stream::NeedsPosted, 0);
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
            let part = match spot {
                Spot::Place(place) => Ok(*place),
                Spot::Of(number) => Err(self.facets.value(*number)?.clone()),
            };
            Some(((part, *on, *stream, self.measures.value(*measure)?.clone()), *flow))
        })
    }

    /// The spots that make up a part, each with the lists whose streams count there.
    fn spots(&self, state: &State, part: Option<&Where>) -> Vec<(Spot, &'static [List])> {
        const ENTRIES: &[List] = &[List::Needs, List::Resources, List::Projects];
        const PAIRINGS: &[List] = &[List::Pairings];
        let of = |facets: Vec<Facet>, lists: &'static [List]| {
            let numbers = facets.into_iter().filter_map(|facet| self.facets.find(&facet));
            numbers.map(|number| (Spot::Of(number), lists)).collect::<Vec<_>>()
        };
        match part {
            None => {
                let roots = state.children(None).chain([NOWHERE]);
                roots.map(|place| (Spot::Place(place), List::ALL.as_slice())).collect()
            }
            Some(Where::Place(place)) => vec![(Spot::Place(*place), List::ALL.as_slice())],
            // An entry is of the kind of whoever posted it, a pairing of that of whoever gives.
            Some(Where::Of(slice @ Slice::UnitKind(_))) => {
                let mut spots = of(slice.facets(state, List::Needs), ENTRIES);
                spots.extend(of(slice.facets(state, List::Pairings), PAIRINGS));
                spots
            }
            Some(Where::Of(slice)) => of(slice.facets(state, List::Needs), &List::ALL),
        }
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }
}

/// What happened from one day to another, step by step; steps in which nothing did are left out. Everywhere when no
/// part is named. Of a top category, what happened in its leaves.
pub fn series(
    state: &State,
    part: Option<&Where>,
    span: (NaiveDate, NaiveDate),
    grain: Grain,
) -> BTreeMap<NaiveDate, Days> {
    let days = &state.tallies.days;
    let mut found = BTreeMap::new();
    for spot in days.spots(state, part) {
        days.add(&spot, span, grain, &mut found);
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

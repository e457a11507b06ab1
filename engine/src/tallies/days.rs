//! What happened on each day 时间序列: posts, claims, deliveries, in every place and in every category of the street.
//!
//! Here a thing belongs to the day on which it *happened*, on the street's clock: a claim to the day of the claim, a
//! delivery to the day that it says it was made on. What is taken back afterwards is not in it: a withdrawn delivery
//! was none. A claim that lapsed later was one all the same.

use super::{filing::Happened, keys::NOWHERE, numbers::Numbers};
use crate::{category::CategoryCode, identity::PlaceId, quantity::Measure, state::State};
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
}

/// In which part of the street.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Where {
    /// A place, with all below it.
    Place(PlaceId),
    /// A category leaf, anywhere.
    Category(CategoryCode),
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

/// What a line is told apart by.
pub(crate) type Happening = (Where, NaiveDate, Stream, Measure);

/// The part a line stands in: a category goes by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Spot {
    Place(PlaceId),
    Category(u32),
}

/// Flows by part, day, stream and measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DayCells {
    lines: OrdMap<(Spot, NaiveDate, Stream, u32), Flow>,
    categories: Numbers<CategoryCode>,
    measures: Numbers<Measure>,
}

impl DayCells {
    /// Counts out what had happened, and in what has.
    pub fn turn(&mut self, before: &[Happened], after: &[Happened]) {
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
        for part in &happened.wheres {
            let spot = match part {
                Where::Place(place) => Spot::Place(*place),
                Where::Category(code) => Spot::Category(self.categories.number(code)),
            };
            let key = (spot, happened.on, happened.stream, measure);
            let flow = self.lines.entry(key).or_default();
            *flow = change(*flow);
            if *flow == Flow::default() {
                self.lines.remove(&key);
            }
        }
    }

    fn add(
        &self,
        part: &Where,
        (first, last): (NaiveDate, NaiveDate),
        grain: Grain,
        into: &mut BTreeMap<NaiveDate, Days>,
    ) {
        let spot = match part {
            Where::Place(place) => Some(Spot::Place(*place)),
            Where::Category(code) => self.categories.find(code).map(Spot::Category),
        };
        let Some(spot) = spot else { return };
        let from = (spot, first, Stream::NeedsPosted, 0);
        let lines = self.lines.range(from..).take_while(|((part, on, ..), _)| *part == spot && *on <= last);
        for ((_, on, stream, measure), flow) in lines {
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
                Spot::Place(place) => Where::Place(*place),
                Spot::Category(number) => Where::Category(self.categories.value(*number)?.clone()),
            };
            Some(((part, *on, *stream, self.measures.value(*measure)?.clone()), *flow))
        })
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
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
    match part {
        Some(Where::Category(code)) => {
            for leaf in state.leaves(code) {
                days.add(&Where::Category(leaf), span, grain, &mut found);
            }
        }
        Some(part) => days.add(part, span, grain, &mut found),
        None => {
            for place in state.children(None).chain([NOWHERE]) {
                days.add(&Where::Place(place), span, grain, &mut found);
            }
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

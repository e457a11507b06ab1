//! The cells, and how something is counted into and out of them.

use super::{
    facets::{Cut, Facet, Property},
    filing::Filed,
    keys::{Key, List, Stage, Standing, Sums},
    numbers::Numbers,
};
use crate::{identity::PlaceId, period::Month, quantity::Measure};
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a line is told apart by: list, place, no facet, one or two, month, status, stage and measure.
pub(crate) type Told = (List, PlaceId, Vec<Facet>, Month, Standing, Stage, Measure);

/// Sums by list, place, cut, month, status, stage and measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cells {
    pub(crate) lines: OrdMap<Key, Sums>,
    facets: Numbers<Facet>,
    measures: Numbers<Measure>,
}

impl Cells {
    /// Counts out what something counted, and in what it counts.
    pub(super) fn turn(&mut self, before: Option<&Filed>, after: Option<&Filed>) {
        match (before, after) {
            (before, after) if before == after => {}
            (Some(before), Some(after)) if before.is_under_the_keys_of(after) => {
                let cuts = self.cuts(after);
                for ((measure, out), (_, into)) in before.lines.iter().zip(&after.lines) {
                    self.each(after, &cuts, measure, |sums| *sums = sums.minus(*out).plus(*into));
                }
            }
            (before, after) => {
                if let Some(filed) = before {
                    self.count(filed, Sums::minus);
                }
                if let Some(filed) = after {
                    self.count(filed, Sums::plus);
                }
            }
        }
    }

    fn count(&mut self, filed: &Filed, change: fn(Sums, Sums) -> Sums) {
        let cuts = self.cuts(filed);
        for (measure, line) in &filed.lines {
            self.each(filed, &cuts, measure, |sums| *sums = change(*sums, *line));
        }
    }

    /// Every cut that something is counted in.
    fn cuts(&mut self, filed: &Filed) -> Vec<Cut> {
        let facets = filed.about.facets(filed.list);
        let numbered: Vec<(Property, u32)> =
            facets.map(|facet| (facet.property(), self.facets.number(&facet))).collect();
        Cut::through(&numbered)
    }

    /// Changes every line that something stands in. What counts nothing any more is not kept.
    fn each(&mut self, filed: &Filed, cuts: &[Cut], measure: &Measure, change: impl Fn(&mut Sums)) {
        let measure = self.measures.number(measure);
        let facets = Property::of(filed.list).len();
        for (place, detail) in &filed.places {
            for cut in cuts.iter().take(detail.cuts(facets)) {
                let key = Key {
                    list: filed.list,
                    place: *place,
                    cut: *cut,
                    month: filed.month,
                    standing: filed.standing,
                    stage: filed.stage,
                    measure,
                };
                let sums = self.lines.entry(key).or_default();
                change(sums);
                if *sums == Sums::default() {
                    self.lines.remove(&key);
                }
            }
        }
    }

    /// The number of a facet that anything was ever filed under.
    pub(super) fn number(&self, facet: &Facet) -> Option<u32> {
        self.facets.find(facet)
    }

    /// The numbers of all facets of a property that anything was ever filed under.
    pub(super) fn all(&self, property: Property) -> BTreeSet<u32> {
        let from = self.facets.from(property.first());
        from.take_while(|(facet, _)| facet.property() == property).map(|(_, number)| number).collect()
    }

    /// The facet of a number.
    pub(super) fn facet(&self, number: u32) -> Option<&Facet> {
        self.facets.value(number)
    }

    /// The measure of a number.
    pub(super) fn measure(&self, number: u32) -> Option<&Measure> {
        self.measures.value(number)
    }

    /// The lines of these cuts in one place, both ends included, from one month to another.
    pub(super) fn of(
        &self,
        list: List,
        place: PlaceId,
        (from, to): (Cut, Cut),
        (first, last): (Month, Month),
    ) -> impl Iterator<Item = (&Key, &Sums)> {
        let (standing, stage) = (Standing::FIRST, Stage::Posted);
        let begin = Key { list, place, cut: from, month: first, standing, stage, measure: 0 };
        self.lines
            .range(begin..)
            .take_while(move |(key, _)| {
                (key.list, key.place) == (list, place) && (key.cut, key.month) <= (to, last)
            })
            .filter(move |(key, _)| first <= key.month && key.month <= last)
    }

    /// Every line, with the values in place of their numbers.
    pub fn told(&self) -> impl Iterator<Item = (Told, Sums)> {
        self.lines.iter().map(|(key, sums)| {
            let numbers = match key.cut {
                Cut::All => Vec::new(),
                Cut::One(_, number) => vec![number],
                Cut::Two(_, numbers) => numbers.to_vec(),
            };
            let facets =
                numbers.into_iter().filter_map(|number| self.facets.value(number).cloned()).collect();
            let measure = self.measures.value(key.measure).cloned().unwrap_or(Measure::Lot);
            let Key { list, place, month, standing, stage, .. } = *key;
            ((list, place, facets, month, standing, stage, measure), *sums)
        })
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }
}

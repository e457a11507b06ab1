//! The cells, and how something is counted into and out of them.

use super::{
    aggregates::Slice,
    filing::Filed,
    keys::{Facet, Key, List, Stage, Standing, Sums},
    numbers::Numbers,
};
use crate::{category::CategoryCode, identity::PlaceId, period::Month, quantity::Measure};
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::mem::discriminant;

/// What a line is told apart by: list, place, value of a facet, month, status, stage and measure.
pub(crate) type Told = (List, PlaceId, Option<Slice>, Month, Standing, Stage, Measure);

/// Sums by list, place, facet, month, status, stage and measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cells {
    lines: OrdMap<Key, Sums>,
    categories: Numbers<CategoryCode>,
    measures: Numbers<Measure>,
}

impl Cells {
    /// Counts out what something counted, and in what it counts.
    pub fn turn(&mut self, before: Option<&Filed>, after: Option<&Filed>) {
        match (before, after) {
            (before, after) if before == after => {}
            (Some(before), Some(after)) if before.is_under_the_keys_of(after) => {
                let lines = before.lines.iter().zip(&after.lines);
                let lines: Vec<_> = lines.map(|((_, out), (measure, into))| (measure, *out, *into)).collect();
                for (measure, out, into) in lines {
                    let number = self.measures.number(measure);
                    self.each(after, number, |sums| *sums = sums.minus(out).plus(into));
                }
            }
            (before, after) => {
                for (measure, sums) in before.into_iter().flat_map(|it| &it.lines) {
                    let number = self.measures.number(measure);
                    before.iter().for_each(|it| self.each(it, number, |all| *all = all.minus(*sums)));
                }
                for (measure, sums) in after.into_iter().flat_map(|it| &it.lines) {
                    let number = self.measures.number(measure);
                    after.iter().for_each(|it| self.each(it, number, |all| *all = all.plus(*sums)));
                }
            }
        }
    }

    /// Changes every line that something stands in. What counts nothing any more is not kept.
    fn each(&mut self, filed: &Filed, measure: u32, change: impl Fn(&mut Sums)) {
        let category = filed.about.category.as_ref().map(|code| self.categories.number(code));
        let about = &filed.about;
        let facets = [
            Some(Facet::All),
            category.map(Facet::Category),
            Some(Facet::Organization(about.organization)),
            about.giving.map(Facet::Giving),
            about.channel.map(Facet::Channel),
            about.form.map(Facet::Form),
            about.beneficiary.map(Facet::Beneficiary),
        ];
        for (place, is_detailed) in &filed.places {
            for facet in facets.iter().flatten().take(if *is_detailed { facets.len() } else { 1 }) {
                let key = Key {
                    list: filed.list,
                    place: *place,
                    facet: *facet,
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

    /// The number of a category that anything was ever filed under.
    pub fn category(&self, code: &CategoryCode) -> Option<u32> {
        self.categories.find(code)
    }

    /// The category of a number.
    pub fn category_of(&self, number: u32) -> Option<&CategoryCode> {
        self.categories.value(number)
    }

    /// The measure of a number.
    pub fn measure_of(&self, number: u32) -> Option<&Measure> {
        self.measures.value(number)
    }

    /// The lines of one value of a facet in one place, from one month to another.
    pub fn of(
        &self,
        list: List,
        place: PlaceId,
        facet: Facet,
        (first, last): (Month, Month),
    ) -> impl Iterator<Item = (&Key, &Sums)> {
        let from = Key { month: first, ..beginning(list, place, facet) };
        self.lines.range(from..).take_while(move |(key, _)| {
            key.list == list && key.place == place && key.facet == facet && key.month <= last
        })
    }

    /// The lines of every value of a facet of this kind in one place, from one month to another.
    pub fn of_kind(
        &self,
        list: List,
        place: PlaceId,
        facet: Facet,
        (first, last): (Month, Month),
    ) -> impl Iterator<Item = (&Key, &Sums)> {
        let kind = discriminant(&facet);
        self.lines
            .range(beginning(list, place, facet)..)
            .take_while(move |(key, _)| {
                key.list == list && key.place == place && discriminant(&key.facet) == kind
            })
            .filter(move |(key, _)| first <= key.month && key.month <= last)
    }

    /// Every line, with the values in place of their numbers.
    pub fn told(&self) -> impl Iterator<Item = (Told, Sums)> {
        self.lines.iter().map(|(key, sums)| {
            let slice = match key.facet {
                Facet::All => None,
                Facet::Category(number) => self.categories.value(number).cloned().map(Slice::Category),
                Facet::Organization(id) => Some(Slice::Organization(id)),
                Facet::Giving(id) => Some(Slice::Giving(id)),
                Facet::Channel(it) => Some(Slice::Channel(it)),
                Facet::Form(it) => Some(Slice::Form(it)),
                Facet::Beneficiary(it) => Some(Slice::Beneficiary(it)),
            };
            let measure = self.measures.value(key.measure).cloned().unwrap_or(Measure::Lot);
            let Key { list, place, month, standing, stage, .. } = *key;
            ((list, place, slice, month, standing, stage, measure), *sums)
        })
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }
}

fn beginning(list: List, place: PlaceId, facet: Facet) -> Key {
    let (standing, stage) = (Standing::FIRST, Stage::Posted);
    Key { list, place, facet, month: Month { year: i32::MIN, month: 0 }, standing, stage, measure: 0 }
}

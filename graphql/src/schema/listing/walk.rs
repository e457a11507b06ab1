//! How a page is found.
//!
//! There are three ways. A list in the order of its posts runs along the numbers, or along the shelves of the narrowest
//! condition, put together. A list in the order of a facet runs along the shelves of that facet, one after the other.
//! Otherwise all that stands on the narrowest shelves is looked at, and the first so many are kept.
//!
//! Running along the order looks at about `page × list / narrowest` entries, keeping the first at `narrowest`; so the
//! latter is taken as soon as `narrowest² < page × list`, and where no index has the order.

use super::{
    order::{By, Key, Order, OrderDirection, Spot},
    wanted::{Narrowed, Wanted},
};
use crate::schema::connection::{Page, PageArguments, PageInfo};
use async_graphql::Result;
use chrono::Datelike;
use engine::{
    entry::{EntryDraft, List},
    identity::{NeedId, ProjectId, ResourceId},
    need::Urgency,
    state::{
        State,
        listed::{EntryStatus, Facet, FacetKind, Numbers, Shelf},
    },
};
use std::{cmp::Ordering, iter::Peekable};

/// A list that is to be looked through.
pub struct Walk<'a> {
    state: &'a State,
    list: List,
    wanted: &'a Wanted,
    order: Order,
}

/// A part of a list, from one of its ends.
#[derive(Clone, Copy)]
struct Span<'s> {
    /// Whether it is read from the end.
    backwards: bool,
    /// What it begins beyond, in the direction in which it is read.
    start: Option<&'s Spot>,
    /// Whether that itself belongs to it.
    inclusive: bool,
}

/// Entries in some order.
type Spots<'a> = Box<dyn Iterator<Item = Spot> + 'a>;

impl<'a> Walk<'a> {
    /// The entries of a list that are wanted, in an order.
    pub const fn new(state: &'a State, list: List, wanted: &'a Wanted, order: Order) -> Self {
        Self { state, list, wanted, order }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        let known = self.wanted.known_count(self.state, self.list);
        known.unwrap_or_else(|| self.candidates(None, None, false).filter(|it| self.lets(*it)).count())
    }

    /// A page of them.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when a cursor belongs to another order.
    pub fn page(&self, request: &PageArguments<'_>) -> Result<Page<u64>> {
        let read = |cursor: Option<&str>| cursor.map(|cursor| self.order.read(cursor)).transpose();
        let (after, before) = (read(request.after)?, read(request.before)?);
        let PageArguments { backwards, count, .. } = *request;
        let (start, end) = if backwards { (before, after) } else { (after, before) };
        let span = Span { backwards, start: start.as_ref(), inclusive: false };

        let (mut found, mut more) = (Vec::with_capacity(count), false);
        for spot in self.spots(span, count) {
            let is_over =
                end.as_ref().is_some_and(|end| self.compare(backwards, &spot, end) != Ordering::Less);
            if is_over || found.len() == count {
                more = true;
                break;
            }
            found.push(spot);
        }
        let skipped = start.as_ref().is_some_and(|start| {
            let back = Span { backwards: !backwards, start: Some(start), inclusive: true };
            self.spots(back, 1).next().is_some()
        });
        if backwards {
            found.reverse();
        }
        let (next, previous) = if backwards { (skipped, more) } else { (more, skipped) };
        let entries: Vec<_> = found.into_iter().map(|spot| (self.order.write(&spot), spot.number)).collect();
        let info = PageInfo {
            has_next_page: next,
            has_previous_page: previous,
            start_cursor: entries.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: entries.last().map(|(cursor, _)| cursor.clone()),
        };
        Ok(Page { entries, info })
    }

    fn lets(&self, number: u64) -> bool {
        self.wanted.lets(self.state, self.list, number)
    }

    /// Which of two comes first when the list is read from one of its ends.
    fn compare(&self, backwards: bool, one: &Spot, other: &Spot) -> Ordering {
        let order = self.order.of_spots(one, other);
        if backwards { order.reverse() } else { order }
    }

    /// Whether the list is read towards smaller numbers.
    fn falls(&self, backwards: bool) -> bool {
        (self.order.direction == OrderDirection::Desc) != backwards
    }

    /// All that is wanted in a span, as it is read; at least the first `count + 1` of it.
    fn spots(&self, span: Span<'_>, count: usize) -> Spots<'_> {
        let narrowed = self.wanted.narrow(self.state, self.list).map_or(usize::MAX, |it| it.len);
        let is_narrow =
            narrowed.saturating_mul(narrowed) < self.state.list_len(self.list).saturating_mul(count + 1);
        match (self.order.by, facet_kind(self.order.by)) {
            (By::Posted, _) => self.by_number(span),
            (_, Some(kind)) if !is_narrow => self.by_facet(span, kind),
            _ => self.selected(span, count),
        }
    }

    /// Along the numbers.
    fn by_number(&self, span: Span<'_>) -> Spots<'_> {
        let falls = self.falls(span.backwards);
        let (after, before) = beyond(span.start.map(|it| it.number), span.inclusive, falls);
        let numbers = self.candidates(after, before, falls).filter(|number| self.lets(*number));
        Box::new(numbers.map(|number| Spot { key: Key::Nothing, number }))
    }

    /// Along the shelves of a facet.
    fn by_facet(&self, span: Span<'_>, kind: FacetKind) -> Spots<'_> {
        let shelves = self.state.facets(self.list, kind).map(|(facet, shelf)| (key_of(facet), shelf));
        let in_order = |one: &Key, other: &Key| {
            let order = self.order.of_keys(one, other);
            if span.backwards { order.reverse() } else { order }
        };
        let mut shelves: Vec<(Key, Shelf<'_>)> = shelves
            .filter(|(key, _)| span.start.is_none_or(|start| in_order(&start.key, key) != Ordering::Greater))
            .collect();
        shelves.sort_by(|one, other| in_order(&one.0, &other.0));
        let falls = self.falls(span.backwards);
        let start = span.start.cloned();
        let inclusive = span.inclusive;
        let spots = shelves.into_iter().flat_map(move |(key, shelf)| {
            let from = start.as_ref().filter(|start| start.key == key).map(|start| start.number);
            let (after, before) = beyond(from, inclusive, falls);
            let numbers = directed(shelf.numbers(after, before), falls);
            numbers.map(move |number| Spot { key: key.clone(), number })
        });
        Box::new(spots.filter(|spot| self.lets(spot.number)))
    }

    /// The first so many of all, by looking at each.
    fn selected(&self, span: Span<'_>, count: usize) -> Spots<'_> {
        let compare = |one: &Spot, other: &Spot| self.compare(span.backwards, one, other);
        let mut kept: Vec<Spot> = Vec::new();
        for number in self.candidates(None, None, false).filter(|number| self.lets(*number)) {
            let spot = Spot { key: self.key(number), number };
            let is_beyond = span.start.is_none_or(|start| match compare(&spot, start) {
                Ordering::Greater => true,
                Ordering::Equal => span.inclusive,
                Ordering::Less => false,
            });
            if is_beyond {
                kept.push(spot);
            }
            // So each is compared with few others, and few are kept.
            if kept.len() > 8 * (count + 1) {
                kept.sort_by(compare);
                kept.truncate(count + 1);
            }
        }
        kept.sort_by(compare);
        kept.truncate(count + 1);
        Box::new(kept.into_iter())
    }

    /// Everything that may be wanted between two numbers.
    fn candidates(
        &self,
        after: Option<u64>,
        before: Option<u64>,
        falls: bool,
    ) -> Box<dyn Iterator<Item = u64> + '_> {
        match self.wanted.narrow(self.state, self.list) {
            None => directed(self.state.numbers(self.list, after, before), falls),
            Some(Narrowed { shelves, .. }) => {
                let each = shelves.into_iter().map(|shelf| directed(shelf.numbers(after, before), falls));
                Box::new(Merged { heads: each.map(Iterator::peekable).collect(), falls })
            }
        }
    }

    /// What an entry is sorted by.
    fn key(&self, number: u64) -> Key {
        let (state, by) = (self.state, self.order.by);
        let key = match self.list {
            List::Needs => state.need(NeedId::new(number)).map(|it| {
                let urgency = it.draft.urgency.unwrap_or(Urgency::Normal);
                key(by, &it.draft.entry, EntryStatus::Need(it.status()), Some(urgency))
            }),
            List::Resources => state
                .resource(ResourceId::new(number))
                .map(|it| key(by, &it.draft.entry, EntryStatus::Resource(it.status()), None)),
            List::Projects => state
                .project(ProjectId::new(number))
                .map(|it| key(by, &it.draft.entry, EntryStatus::Project(it.status()), None)),
        };
        key.unwrap_or(Key::Nothing)
    }
}

/// The facet that has an order, if one has.
const fn facet_kind(by: By) -> Option<FacetKind> {
    match by {
        By::Deadline => Some(FacetKind::Deadline),
        By::Category => Some(FacetKind::Category),
        By::Status => Some(FacetKind::Status),
        By::Urgency => Some(FacetKind::Urgency),
        By::Posted | By::Title | By::Quantity => None,
    }
}

/// What an entry is sorted by: the same, where a facet has the order, as [`key_of`] that facet.
fn key(by: By, entry: &EntryDraft, status: EntryStatus, urgency: Option<Urgency>) -> Key {
    match by {
        By::Posted => Key::Nothing,
        By::Deadline => key_of(&Facet::Deadline(entry.window.to)),
        By::Category => key_of(&Facet::Category(entry.category.as_ref().map(|it| it.code.clone()))),
        By::Status => key_of(&Facet::Status(status)),
        By::Urgency => urgency.map_or(Key::Nothing, |it| key_of(&Facet::Urgency(it))),
        By::Title => Key::Text(entry.title.clone()),
        By::Quantity => entry
            .quantity
            .as_ref()
            .map_or(Key::Nothing, |it| Key::Number(i64::try_from(it.amount).unwrap_or(i64::MAX))),
    }
}

fn key_of(facet: &Facet) -> Key {
    match facet {
        Facet::Organization(id) => number(id.number()),
        Facet::Place(place) => place.map_or(Key::Nothing, |id| number(id.number())),
        Facet::Category(code) => code.as_ref().map_or(Key::Nothing, |it| Key::Text(it.as_str().to_owned())),
        Facet::Status(EntryStatus::Need(status)) => Key::Number(*status as i64),
        Facet::Status(EntryStatus::Resource(status)) => Key::Number(*status as i64),
        Facet::Status(EntryStatus::Project(status)) => Key::Number(*status as i64),
        Facet::Urgency(urgency) => Key::Number(*urgency as i64),
        Facet::Deadline(day) => day.map_or(Key::Nothing, |it| Key::Number(it.num_days_from_ce().into())),
    }
}

fn number(it: u64) -> Key {
    Key::Number(i64::try_from(it).unwrap_or(i64::MAX))
}

/// The numbers that lie beyond one, as those after it and those before it.
fn beyond(number: Option<u64>, inclusive: bool, falls: bool) -> (Option<u64>, Option<u64>) {
    match (number, falls) {
        (None, _) => (None, None),
        // Numbers begin at 1, and none is the greatest there is.
        (Some(number), false) => (Some(number - u64::from(inclusive && number > 0)), None),
        (Some(number), true) => (None, Some(number.saturating_add(u64::from(inclusive)))),
    }
}

fn directed<'a>(numbers: Numbers<'a>, falls: bool) -> Box<dyn Iterator<Item = u64> + 'a> {
    if falls { Box::new(numbers.rev()) } else { numbers }
}

/// Several runs of numbers as one, each number once.
struct Merged<'a> {
    heads: Vec<Peekable<Box<dyn Iterator<Item = u64> + 'a>>>,
    falls: bool,
}

impl Iterator for Merged<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let heads = self.heads.iter_mut().filter_map(|head| head.peek().copied());
        let next = if self.falls { heads.max() } else { heads.min() }?;
        for head in &mut self.heads {
            head.next_if_eq(&next);
        }
        Some(next)
    }
}

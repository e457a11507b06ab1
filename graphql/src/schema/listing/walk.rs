//! How a page is found.
//!
//! There are five ways. A list in the order of its numbers runs along these, or along the stands of the narrowest
//! condition, put together. A list in the order of a facet runs along the shelves of that facet, one after the other; one
//! in the order of a rank, along the lines of that rank; one in the order of what things are called, along the lines of
//! their first characters, putting those in order that are alike in these. Otherwise all that is on the narrowest stands
//! is looked at, and the first so many are kept.
//!
//! Running along the order looks at about `page × list / narrowest` entries (of names, at all that begin as those of the
//! page do), keeping the first at `narrowest`; so the latter is taken as soon as `narrowest² < page × list`.

use super::{
    condition::Narrowed,
    key,
    narrowed::narrower,
    order::{By, Key, Order, OrderDirection, Spot},
    sieve::Sieve,
    wanted::Wanted,
};
use crate::schema::connection::{Page, PageArguments};
use async_graphql::Result;
use engine::state::{
    State,
    listed::{FacetKind, Mark, Rank, Register, Shelf},
};
use std::{
    cmp::Ordering,
    iter::{self, Peekable},
};

/// A list that is to be looked through.
pub struct Walk<'a> {
    state: &'a State,
    register: Register,
    wanted: &'a Wanted,
    sieve: Sieve<'a>,
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

/// Things in some order.
type Spots<'a> = Box<dyn Iterator<Item = Spot> + 'a>;

impl<'a> Walk<'a> {
    /// The things of a register that are wanted, in an order.
    pub fn new(state: &'a State, register: Register, wanted: &'a Wanted, order: Order) -> Self {
        Self { state, register, wanted, sieve: Sieve::new(state, register, wanted), order }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        let known = self.wanted.known_count(self.state, self.register);
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
        let entries = found.into_iter().map(|spot| (self.order.write(&spot), spot.number));
        Ok(Page::read(backwards, entries.collect(), skipped, more))
    }

    fn lets(&self, number: u64) -> bool {
        self.sieve.lets(number)
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
        let is_narrow = || {
            let narrowed = self.wanted.narrow(self.state, self.register).map_or(usize::MAX, |it| it.len);
            let along = self.state.register_len(self.register).saturating_mul(count.saturating_add(1));
            narrowed.saturating_mul(narrowed) < along
        };
        match self.order.by {
            By::Number => self.by_number(span),
            By::Facet(kind) if !is_narrow() => self.by_facet(span, kind),
            By::Rank(rank) if !is_narrow() => self.by_rank(span, rank),
            By::Name if !is_narrow() => self.by_name(span),
            By::Facet(_) | By::Rank(_) | By::Name => self.selected(span, count),
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
        let shelves =
            self.state.facets(self.register, kind).map(|(facet, shelf)| (key::of_facet(facet), shelf));
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

    /// Along the lines of a rank: those that stand somewhere in it and those that stand nowhere, whichever comes first in
    /// the direction in which it is read.
    fn by_rank(&self, span: Span<'_>, rank: Rank) -> Spots<'_> {
        let falls = self.falls(span.backwards);
        let parts = match self.wanted.between(rank) {
            Some(ends) => vec![ends],
            None => {
                let somewhere = (Mark::At(i64::MIN), Mark::At(i64::MAX));
                let nowhere = (Mark::Nothing, Mark::Nothing);
                if span.backwards { vec![nowhere, somewhere] } else { vec![somewhere, nowhere] }
            }
        };
        let start = span.start.map(|start| (mark_of(&start.key), start.number));
        let inclusive = span.inclusive;
        let lines = parts.into_iter().flat_map(move |(first, last)| {
            let (mut first, mut last) = ((first, 0), (last, u64::MAX));
            match start {
                // What comes last either way is read before the rest only from the end.
                Some((Mark::Nothing, _)) if first.0 != Mark::Nothing && !span.backwards => return None,
                Some((Mark::At(_), _)) if first.0 == Mark::Nothing && span.backwards => return None,
                Some((mark, number)) if (mark == Mark::Nothing) == (first.0 == Mark::Nothing) => {
                    let (after, before) = beyond(Some(number), inclusive, falls);
                    if falls {
                        last = last.min((mark, before?.checked_sub(1)?));
                    } else {
                        first = first.max((mark, after?.saturating_add(1)));
                    }
                }
                Some(_) | None => {}
            }
            Some(directed(self.state.ranked(self.register, rank, (first, last)), falls))
        });
        let spots = lines.flatten().map(|(mark, number)| Spot { key: mark.into(), number });
        Box::new(spots.filter(|spot| self.lets(spot.number)))
    }

    /// Along the lines of the first characters. Those that are alike in them are put in order when the first of them is
    /// read.
    fn by_name(&self, span: Span<'_>) -> Spots<'_> {
        let falls = self.falls(span.backwards);
        let (mut first, mut last) = ((Mark::At(i64::MIN), 0), (Mark::At(i64::MAX), u64::MAX));
        if let Some(Spot { key: Key::Text(name), .. }) = span.start {
            match falls {
                false => first.0 = Mark::lettering(name),
                true => last.0 = Mark::lettering(name),
            }
        }
        let mut lines =
            directed(self.state.ranked(self.register, Rank::Name, (first, last)), falls).peekable();
        let alike = iter::from_fn(move || {
            let (mark, number) = lines.next()?;
            let rest = iter::from_fn(|| lines.next_if(|line| line.0 == mark)).map(|line| line.1);
            Some([number].into_iter().chain(rest).collect::<Vec<u64>>())
        });
        let backwards = span.backwards;
        let spots = alike.flat_map(move |numbers| {
            let passing = numbers.into_iter().filter(|number| self.lets(*number));
            let mut spots: Vec<Spot> = passing
                .map(|number| Spot { key: key::of(self.state, self.register, number, self.order.by), number })
                .collect();
            spots.sort_by(|one, other| self.compare(backwards, one, other));
            spots
        });
        let (start, inclusive) = (span.start.cloned(), span.inclusive);
        Box::new(spots.skip_while(move |spot| {
            start.as_ref().is_some_and(|start| match self.compare(backwards, spot, start) {
                Ordering::Less => true,
                Ordering::Equal => !inclusive,
                Ordering::Greater => false,
            })
        }))
    }

    /// The first so many of all, by looking at each.
    fn selected(&self, span: Span<'_>, count: usize) -> Spots<'_> {
        let compare = |one: &Spot, other: &Spot| self.compare(span.backwards, one, other);
        let mut kept: Vec<Spot> = Vec::new();
        for number in self.candidates(None, None, false).filter(|number| self.lets(*number)) {
            let spot = Spot { key: key::of(self.state, self.register, number, self.order.by), number };
            let is_beyond = span.start.is_none_or(|start| match compare(&spot, start) {
                Ordering::Greater => true,
                Ordering::Equal => span.inclusive,
                Ordering::Less => false,
            });
            if is_beyond {
                kept.push(spot);
            }
            // So each is compared with few others, and few are kept.
            if kept.len() > count.saturating_add(1).saturating_mul(8) {
                kept.sort_by(compare);
                kept.truncate(count.saturating_add(1));
            }
        }
        kept.sort_by(compare);
        kept.truncate(count.saturating_add(1));
        Box::new(kept.into_iter())
    }

    /// Everything that may be wanted between two numbers.
    fn candidates(
        &self,
        after: Option<u64>,
        before: Option<u64>,
        falls: bool,
    ) -> Box<dyn Iterator<Item = u64> + '_> {
        let (after, before) = narrower((after, before), self.wanted.span(self.state, self.register));
        match self.wanted.narrow(self.state, self.register) {
            None => directed(self.state.numbers(self.register, after, before), falls),
            Some(Narrowed { stands, .. }) => {
                let each = stands.into_iter().map(|stand| directed(stand.numbers(after, before), falls));
                Box::new(Merged { heads: each.map(Iterator::peekable).collect(), falls })
            }
        }
    }
}

const fn mark_of(key: &Key) -> Mark {
    match key {
        Key::Number(at) => Mark::At(*at),
        Key::Text(_) | Key::Nothing => Mark::Nothing,
    }
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

fn directed<'a, T>(
    them: impl DoubleEndedIterator<Item = T> + 'a,
    falls: bool,
) -> Box<dyn Iterator<Item = T> + 'a> {
    if falls { Box::new(them.rev()) } else { Box::new(them) }
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

//! Where to look for what is wanted: the fewest stands of the index, spans of numbers, ranges of an order.

use super::{
    condition::{Condition, Narrowed, began_between},
    wanted::Wanted,
};
use engine::state::{
    State,
    listed::{Facet, Mark, Rank, Register, Thing},
};

impl Wanted {
    /// Whether a thing passes; one that is not there does not.
    pub fn lets(&self, state: &State, register: Register, number: u64) -> bool {
        Thing::find(state, register, number).is_some_and(|thing| self.passes(&|it| it.holds(state, thing)))
    }

    /// The fewest stands on which all is that passes; `None` when it may be anywhere.
    pub fn narrow<'a>(&self, state: &'a State, register: Register) -> Option<Narrowed<'a>> {
        let any = self.any.as_ref().and_then(|any| {
            let each = any.iter().map(|it| it.narrow(state, register));
            each.collect::<Option<Vec<_>>>()?.into_iter().reduce(Narrowed::and)
        });
        let own = self.own.iter().filter_map(|it| it.stands(state, register));
        let all = self.all.iter().filter_map(|it| it.narrow(state, register));
        own.chain(all).chain(any).min_by_key(|it| it.len)
    }

    /// How many pass, when an index knows it at once.
    pub fn known_count(&self, state: &State, register: Register) -> Option<usize> {
        if !self.all.is_empty() || self.any.is_some() || self.none.is_some() {
            return None;
        }
        let (seen, own): (Vec<_>, Vec<_>) = self.own.iter().partition(|it| matches!(it, Condition::Seen(_)));
        let passing = match own[..] {
            [] => state.register_len(register),
            [only] => only.known_count(state, register)?,
            _ => return None,
        };
        match (seen.is_empty(), register) {
            (true, _) => Some(passing),
            // Few needs are not published: those of them that pass and are not seen are taken off.
            (false, Register::Needs) => {
                let unpublished = state.listed(register, &Facet::Unpublished);
                let things = unpublished.into_iter().flat_map(|shelf| shelf.numbers(None, None));
                let hidden = things
                    .filter_map(|number| Thing::find(state, register, number))
                    .filter(|thing| own.iter().all(|it| it.holds(state, *thing)))
                    .filter(|thing| !seen.iter().all(|it| it.holds(state, *thing)))
                    .count();
                Some(passing.saturating_sub(hidden))
            }
            (false, _) => None,
        }
    }

    /// The numbers beyond and before which nothing passes.
    pub fn span(&self, state: &State, register: Register) -> (Option<u64>, Option<u64>) {
        let own = self.own.iter().filter_map(|it| match it {
            Condition::Began(span) => Some(began_between(state, register, *span)),
            _ => None,
        });
        let all = self.all.iter().map(|it| it.span(state, register));
        own.chain(all).fold((None, None), narrower)
    }

    /// The first and the last mark of an order between which everything is that passes; `None` when it may be anywhere.
    pub fn between(&self, wanted: Rank) -> Option<(Mark, Mark)> {
        let own = self.own.iter().filter_map(|it| match it {
            Condition::Between(rank, first, last) if *rank == wanted => {
                Some((Mark::At(*first), Mark::At(*last)))
            }
            _ => None,
        });
        let all = self.all.iter().filter_map(|it| it.between(wanted));
        own.chain(all).reduce(|(one, two), (first, last)| (one.max(first), two.min(last)))
    }
}

/// What lies in two spans of numbers, each without its ends.
pub fn narrower(
    (after, before): (Option<u64>, Option<u64>),
    (beyond, until): (Option<u64>, Option<u64>),
) -> (Option<u64>, Option<u64>) {
    let least = before.into_iter().chain(until).min();
    (after.max(beyond), least)
}

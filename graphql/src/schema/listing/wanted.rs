//! What a filter wants, with its ids read once: conditions on a thing, put together by and, or and not.

use super::condition::{Condition, Narrowed, began_between};
use crate::schema::fault::bad_input;
use async_graphql::Result;
use engine::state::{
    State,
    listed::{Mark, Rank, Register, Thing},
};

/// The most filters that may be put together in one.
const FILTERS_MAX: usize = 50;

/// What is wanted. All of it holds at once.
#[derive(Debug, Default)]
pub struct Wanted {
    own: Vec<Condition>,
    all: Vec<Wanted>,
    any: Option<Vec<Wanted>>,
    none: Option<Box<Wanted>>,
}

/// A filter as it comes in.
pub trait Filter: Sized {
    /// Its own conditions.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when an id or a day makes no sense.
    fn own(&self) -> Result<Vec<Condition>>;

    /// The filters it is put together of.
    fn parts(self) -> Parts<Self>;
}

/// The filters another one is put together of.
pub struct Parts<F> {
    /// Each of them passes.
    pub and: Option<Vec<F>>,
    /// One of them at least passes.
    pub or: Option<Vec<F>>,
    /// It does not pass.
    pub not: Option<Box<F>>,
}

/// Declares a filter: its own fields, each with how it is read, and those that put filters together.
macro_rules! filter {
    (
        $(#[$doc:meta])* $filter:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty => $read:expr,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, async_graphql::InputObject)]
        pub struct $filter {
            $($(#[$field_doc])* pub $field: Option<$type>,)+
            /// And each of these passes 并且.
            pub and: Option<Vec<$filter>>,
            /// And one of these at least passes 或者; of none, none does.
            pub or: Option<Vec<$filter>>,
            /// And this does not pass 排除.
            pub not: Option<Box<$filter>>,
        }

        impl $crate::schema::listing::wanted::Filter for $filter {
            fn own(
                &self,
            ) -> async_graphql::Result<Vec<$crate::schema::listing::condition::Condition>> {
                let each = [$($crate::schema::listing::wanted::given(&self.$field, $read)?),+];
                Ok(each.into_iter().flatten().collect())
            }

            fn parts(self) -> $crate::schema::listing::wanted::Parts<Self> {
                $crate::schema::listing::wanted::Parts { and: self.and, or: self.or, not: self.not }
            }
        }
    };
}
pub(crate) use filter;

/// The condition of a field that is given.
///
/// # Errors
/// What its reading says.
pub fn given<'a, T>(
    field: &'a Option<T>,
    read: impl FnOnce(&'a T) -> Result<Condition>,
) -> Result<Option<Condition>> {
    field.as_ref().map(read).transpose()
}

impl Wanted {
    /// Reads a filter with all it is put together of; what is listed has to meet these conditions, too.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when an id or a day makes no sense, or too many filters are put together.
    pub fn read(filter: Option<impl Filter>, within: impl IntoIterator<Item = Condition>) -> Result<Self> {
        let read = |filter| Self::read_within(filter, &mut { FILTERS_MAX });
        let mut wanted = filter.map(read).transpose()?.unwrap_or_default();
        wanted.own.extend(within);
        Ok(wanted)
    }

    fn read_within<F: Filter>(filter: F, left: &mut usize) -> Result<Self> {
        *left = left
            .checked_sub(1)
            .ok_or_else(|| bad_input(format!("at most {FILTERS_MAX} filters may be put together")))?;
        let own = filter.own()?;
        let Parts { and, or, not } = filter.parts();
        let mut each = |filters: Vec<F>| -> Result<Vec<Self>> {
            filters.into_iter().map(|filter| Self::read_within(filter, left)).collect()
        };
        let all = and.map(&mut each).transpose()?.unwrap_or_default();
        let any = or.map(&mut each).transpose()?;
        let none = not.map(|filter| Self::read_within(*filter, left).map(Box::new)).transpose()?;
        Ok(Self { own, all, any, none })
    }

    /// Whether a thing passes; one that is not there does not.
    pub fn lets(&self, state: &State, register: Register, number: u64) -> bool {
        Thing::find(state, register, number).is_some_and(|thing| self.lets_thing(state, thing))
    }

    fn lets_thing(&self, state: &State, thing: Thing<'_>) -> bool {
        self.own.iter().all(|it| it.holds(state, thing))
            && self.all.iter().all(|it| it.lets_thing(state, thing))
            && self.any.as_ref().is_none_or(|any| any.iter().any(|it| it.lets_thing(state, thing)))
            && self.none.as_ref().is_none_or(|it| !it.lets_thing(state, thing))
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
        match &self.own[..] {
            [] => Some(state.register_len(register)),
            [only] => only.known_count(state, register),
            _ => None,
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

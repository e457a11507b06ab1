//! What a filter wants, with its ids read once: conditions, put together by and, or and not. Where to look for what passes
//! is [`super::narrowed`].

use super::condition::Condition;
use crate::schema::{fault::bad_input, identity::NodeId, named, viewed::Viewed};
use async_graphql::Result;

/// The most filters that may be put together in one.
const FILTERS_MAX: usize = 50;

/// What is wanted. All of it holds at once.
#[derive(Debug)]
pub struct Wanted<C = Condition> {
    /// Its own conditions.
    pub(super) own: Vec<C>,
    /// Each of these passes.
    pub(super) all: Vec<Wanted<C>>,
    /// One of these passes.
    pub(super) any: Option<Vec<Wanted<C>>>,
    /// This does not.
    pub(super) none: Option<Box<Wanted<C>>>,
}

/// A filter as it comes in.
pub trait Filter: Sized {
    /// What it says of a thing.
    type Condition;

    /// Its own conditions, each with the name of its field.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when an id or a day makes no sense.
    fn own(&self) -> Result<Vec<(&'static str, Self::Condition)>>;

    /// The filters it is put together of.
    fn parts(self) -> Parts<Self>;
}

/// A condition that may name something.
pub trait Naming {
    /// What it names, if it names anything.
    fn names(&self) -> Option<NodeId>;
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

/// Declares a filter: its own fields, each with how it is read, and those that put filters together. Of what no register
/// holds, its conditions are others.
macro_rules! filter {
    ($(#[$doc:meta])* $filter:ident { $($fields:tt)+ }) => {
        $crate::schema::listing::wanted::filter! {
            $(#[$doc])* $filter of $crate::schema::listing::condition::Condition { $($fields)+ }
        }
    };
    (
        $(#[$doc:meta])* $filter:ident of $condition:ty {
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
            type Condition = $condition;

            fn own(&self) -> async_graphql::Result<Vec<(&'static str, $condition)>> {
                let each = [$((stringify!($field), $crate::schema::listing::wanted::given(&self.$field, $read)?)),+];
                Ok(each.into_iter().filter_map(|(field, it)| Some((field, it?))).collect())
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
pub fn given<'a, T, C>(field: &'a Option<T>, read: impl FnOnce(&'a T) -> Result<C>) -> Result<Option<C>> {
    field.as_ref().map(read).transpose()
}

/// The name of a field as the schema has it.
fn camel_case(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &head.into_iter().chain(letters).collect::<String>()
    })
}

impl<C> Default for Wanted<C> {
    /// Everything passes.
    fn default() -> Self {
        Self { own: Vec::new(), all: Vec::new(), any: None, none: None }
    }
}

impl<C: Naming> Wanted<C> {
    /// Reads a filter with all it is put together of, for a list of this state; what is listed has to meet these
    /// conditions, too.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when an id or a day makes no sense, names nothing the caller sees, or too many filters are put
    /// together.
    pub fn read(
        at: &Viewed,
        filter: Option<impl Filter<Condition = C>>,
        within: impl IntoIterator<Item = C>,
    ) -> Result<Self> {
        let read = |filter| Self::read_within(at, filter, &mut { FILTERS_MAX });
        let mut wanted = filter.map(read).transpose()?.unwrap_or_default();
        wanted.own.extend(within);
        Ok(wanted)
    }

    fn read_within<F: Filter<Condition = C>>(at: &Viewed, filter: F, left: &mut usize) -> Result<Self> {
        *left = left.checked_sub(1).ok_or_else(|| {
            bad_input(
                format!("最多可组合 {FILTERS_MAX} 个筛选条件"),
                format!("at most {FILTERS_MAX} filters may be put together"),
            )
        })?;
        let mut own = Vec::new();
        for (field, condition) in filter.own()? {
            condition.names().map_or(Ok(()), |id| named::is_seen(at, &camel_case(field), &id))?;
            own.push(condition);
        }
        let Parts { and, or, not } = filter.parts();
        let mut each = |filters: Vec<F>| -> Result<Vec<Self>> {
            filters.into_iter().map(|filter| Self::read_within(at, filter, left)).collect()
        };
        let all = and.map(&mut each).transpose()?.unwrap_or_default();
        let any = or.map(&mut each).transpose()?;
        let none = not.map(|filter| Self::read_within(at, *filter, left).map(Box::new)).transpose()?;
        Ok(Self { own, all, any, none })
    }
}

impl<C> Wanted<C> {
    /// The same filter of other conditions.
    pub fn map<'a, D>(&'a self, into: &impl Fn(&'a C) -> D) -> Wanted<D> {
        let each = |filters: &'a [Self]| filters.iter().map(|it| it.map(into)).collect();
        Wanted {
            own: self.own.iter().map(into).collect(),
            all: each(&self.all),
            any: self.any.as_deref().map(each),
            none: self.none.as_ref().map(|it| Box::new(it.map(into))),
        }
    }

    /// Whether a thing passes of which it is known which conditions hold.
    pub fn passes(&self, holds: &impl Fn(&C) -> bool) -> bool {
        self.own.iter().all(holds)
            && self.all.iter().all(|it| it.passes(holds))
            && self.any.as_ref().is_none_or(|any| any.iter().any(|it| it.passes(holds)))
            && self.none.as_ref().is_none_or(|it| !it.passes(holds))
    }
}

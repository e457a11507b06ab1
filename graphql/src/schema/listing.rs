//! Pages of everything that is listed: filtered, in an order that was asked for, with cursors that stay good while others
//! write.
//!
//! 1. A cursor names what the thing is sorted by and the thing itself, never how many came before: what is posted,
//!    amended or withdrawn meanwhile moves no page, and a thing whose place in the order changed is met at its new place
//!    or was met at its old one.
//! 2. Things that have nothing to be sorted by come last, whichever way the list runs. Those that are alike there come
//!    in the order in which they came to be, or the other way round.
//! 3. A page looks only at the things of the narrowest condition for which the state keeps an index, or runs along the
//!    index of its order; whichever promises to look at less (see [`walk`]). Whether one of them meets the other conditions
//!    is told by the indexes as well, where they know it exactly, and else by a look at it (`sieve.rs`).
//! 4. What `totalCount` says is counted only when it is asked for, and at once where one index knows it.
//! 5. What the caller does not see is not in its list: it is shown on no page, counted in no total, and no cursor names it.
//!
//! What no register holds, such as a work list, is put together for the question and paged by the same rules: see
//! [`sorted`].

pub mod condition;
mod key;
pub mod narrowed;
pub mod order;
pub mod orders;
pub mod read;
pub mod related;
mod sieve;
pub mod sorted;
pub mod walk;
pub mod wanted;
pub mod words;

use super::{
    connection::{Page, PageArguments},
    scalar::int,
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Result};
use condition::Condition;
use engine::{permission::Sight, state::listed::Register};
use order::Order;
use walk::Walk;
use wanted::{Filter, Wanted};

/// A node that is listed in a register, page by page.
pub trait Listed: Sized {
    /// Where.
    const REGISTER: Register;
    /// Which of them may be asked for.
    type Filter: Filter<Condition = Condition>;
    /// In which order.
    type Order: Into<Order>;
    /// What a page of them is.
    type Connection;

    /// The node with this number.
    fn listed(at: &Snapshot, number: u64) -> Option<Self>;

    /// A page of them, and how many there are in all.
    fn page(page: Page<Self>, total: i32) -> Self::Connection;
}

/// Says where a node is listed, by which filter and order, and as which connection.
macro_rules! listed {
    ($node:ident, $register:ident of $id:ident, $filter:ident, $order:ident, $connection:ident) => {
        $crate::schema::listing::listed!(
            $node,
            $register by engine::identity::$id::new,
            $filter,
            $order,
            $connection
        );
    };
    ($node:ident, $register:ident by $read:path, $filter:ident, $order:ident, $connection:ident) => {
        impl $crate::schema::listing::Listed for $node {
            const REGISTER: engine::state::listed::Register = engine::state::listed::Register::$register;
            type Filter = $filter;
            type Order = $order;
            type Connection = $connection;

            fn listed(at: &$crate::schema::scope::Snapshot, number: u64) -> Option<Self> {
                Self::find(at, $read(number))
            }

            fn page(page: $crate::schema::connection::Page<Self>, total: i32) -> $connection {
                $connection::of(page, total)
            }
        }
    };
}
pub(crate) use listed;

/// What of a list is asked for: filter and order.
pub type Asked<N> = (Option<<N as Listed>::Filter>, Option<<N as Listed>::Order>);

/// A page of a list, within some conditions.
///
/// # Errors
/// `BAD_USER_INPUT` when an id or a day in the filter makes no sense, or a cursor belongs to another order.
pub fn list<N: Listed>(
    ctx: &Context<'_>,
    at: &Snapshot,
    (filter, order): Asked<N>,
    page: Result<PageArguments<'_>>,
    within: impl IntoIterator<Item = Condition>,
) -> Result<N::Connection> {
    // Whatever the caller does not see is neither shown nor counted.
    let seen = at.narrows(N::REGISTER).then(|| Condition::Seen(Snapshot::clone(at)));
    let wanted = Wanted::read(at, filter, within.into_iter().chain(seen))?;
    let walk = Walk::new(at, N::REGISTER, &wanted, order.map(Into::into).unwrap_or_default());
    let counted = ctx.look_ahead().field("totalCount").exists();
    let total = if counted { int(walk.count()) } else { 0 };
    Ok(N::page(walk.page(&page?)?.mapped(|number| N::listed(at, number)), total))
}

/// The same of what only members see.
///
/// # Errors
/// As for [`list`], and `NOT_ALLOWED` for the public.
pub fn for_members<N: Listed>(
    ctx: &Context<'_>,
    at: &Snapshot,
    asked: Asked<N>,
    page: Result<PageArguments<'_>>,
    within: impl IntoIterator<Item = Condition>,
) -> Result<N::Connection> {
    Scope::of(ctx)?.needs(Sight::Street)?;
    list::<N>(ctx, at, asked, page, within)
}

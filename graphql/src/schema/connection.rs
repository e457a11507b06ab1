//! Connections: pages of a list, by cursors that stay good while the list grows.
//!
//! 1. Entries come in the order of their identities, which are never reused; a cursor is the identity
//!    of its entry, so an insert moves no page. Lists with more orders than that are [`super::listing`].
//! 2. A page has at most [`PAGE_MAX`] entries, [`PAGE_DEFAULT`] when nobody says.
//! 3. `totalCount` counts what the filter lets through, and is counted only when asked for.
//! 4. A list that can grow without bound, or past some twenty things, is a connection, wherever it stands. One that stays a
//!    plain list has a limit, in the engine or by its nature, and costs as many of its entries as that allows. A test
//!    looks at every list of the schema.

use super::fault::bad_input;
use async_graphql::{Result, SimpleObject};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The longest page, so that an answer stays within what a browser draws.
pub const PAGE_MAX: i32 = 100;

/// The page when nobody says.
pub const PAGE_DEFAULT: i32 = 20;

/// Where a page lies in its list 分页信息.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct PageInfo {
    /// Whether something follows the last entry of the page.
    pub has_next_page: bool,
    /// Whether something precedes the first entry of the page.
    pub has_previous_page: bool,
    /// The cursor of the first entry; null when the page is empty.
    pub start_cursor: Option<String>,
    /// The cursor of the last entry; null when the page is empty.
    pub end_cursor: Option<String>,
}

/// How many entries a page may cost at most, for the limit on complexity.
pub fn page_size(first: Option<i32>, last: Option<i32>) -> usize {
    usize::try_from(first.or(last).unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX)).unwrap_or(1)
}

/// How many entries are asked for of a list that has no empty pages.
///
/// # Errors
/// `BAD_USER_INPUT` when the number is out of range, or both are given.
pub fn count(first: Option<i32>, last: Option<i32>) -> Result<usize> {
    count_from(1, first, last)
}

fn count_from(least: i32, first: Option<i32>, last: Option<i32>) -> Result<usize> {
    if first.is_some() && last.is_some() {
        return Err(bad_input("`first` 与 `last` 只能给一个", "give `first` or `last`, not both"));
    }
    let count = first.or(last).unwrap_or(PAGE_DEFAULT);
    match usize::try_from(count) {
        Ok(entries) if (least..=PAGE_MAX).contains(&count) => Ok(entries),
        _ => Err(bad_input(
            format!("`first` 和 `last` 应在 {least} 到 {PAGE_MAX} 之间,实为 {count}"),
            format!("`first` and `last` take {least} to {PAGE_MAX}, got {count}"),
        )),
    }
}

/// What a field costs that shows so many of something. Kept far from where sums would overflow: what is
/// nested deep enough to get there is refused either way.
pub fn cost(times: usize, each: usize) -> usize {
    times.saturating_mul(each).min(1_000_000_000)
}

/// The cursor of something that is known by its place in a list to which things are only added.
pub fn place<T>((index, _): &(usize, T)) -> u64 {
    u64::try_from(*index).unwrap_or(u64::MAX)
}

/// The four arguments of a connection, with cursors as they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageArguments<'a> {
    /// Only what follows this cursor.
    pub after: Option<&'a str>,
    /// Only what precedes this cursor.
    pub before: Option<&'a str>,
    /// At most so many.
    pub count: usize,
    /// Whether they are the last ones.
    pub backwards: bool,
}

impl<'a> PageArguments<'a> {
    /// Reads the arguments.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when a count is out of range, or both are given.
    pub fn read(
        first: Option<i32>,
        after: Option<&'a str>,
        last: Option<i32>,
        before: Option<&'a str>,
    ) -> Result<Self> {
        let count = count_from(0, first, last)?;
        Ok(Self { after, before, count, backwards: last.is_some() })
    }
}

/// Which page is asked for of a list that has one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    after: Option<u64>,
    before: Option<u64>,
    count: usize,
    backwards: bool,
}

impl PageRequest {
    /// Reads the four arguments of a connection.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when a cursor was not given out, a count is out of range, or both are given.
    pub fn read(
        first: Option<i32>,
        after: Option<&str>,
        last: Option<i32>,
        before: Option<&str>,
    ) -> Result<Self> {
        let PageArguments { after, before, count, backwards } =
            PageArguments::read(first, after, last, before)?;
        Ok(Self { after: read_cursor(after)?, before: read_cursor(before)?, count, backwards })
    }

    /// The page of a list that is sorted by `key`, strictly rising.
    pub fn of<T>(&self, items: impl DoubleEndedIterator<Item = T>, key: impl Fn(&T) -> u64) -> Page<T> {
        let mut entries = Vec::with_capacity(self.count);
        let (mut skipped, mut more) = (false, false);
        let mut take = |item: T| {
            let number = key(&item);
            let early = self.after.is_some_and(|after| number <= after);
            let late = self.before.is_some_and(|before| number >= before);
            let full = entries.len() == self.count;
            let (start, end) = if self.backwards { (late, early) } else { (early, late) };
            if start {
                skipped = true;
            } else if end || full {
                more = true;
            } else {
                entries.push((write_cursor(number), item));
            }
            more
        };
        if self.backwards {
            let _ = items.rev().any(&mut take);
        } else {
            let mut items = items;
            let _ = items.any(&mut take);
        }
        Page::read(self.backwards, entries, skipped, more)
    }
}

/// A page: its entries with their cursors.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The entries in the order of the list.
    pub entries: Vec<(String, T)>,
    /// Where it lies.
    pub info: PageInfo,
}

impl<T> Page<T> {
    /// A page that was read from one end of its list: whether something was skipped before it, and whether more would have
    /// come.
    pub fn read(backwards: bool, mut entries: Vec<(String, T)>, skipped: bool, more: bool) -> Self {
        if backwards {
            entries.reverse();
        }
        let (next, previous) = if backwards { (skipped, more) } else { (more, skipped) };
        let info = PageInfo {
            has_next_page: next,
            has_previous_page: previous,
            start_cursor: entries.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: entries.last().map(|(cursor, _)| cursor.clone()),
        };
        Self { entries, info }
    }

    /// The same page of what can be made of its entries.
    pub fn mapped<U>(self, make: impl Fn(T) -> Option<U>) -> Page<U> {
        let made = self.entries.into_iter().filter_map(|(cursor, entry)| Some((cursor, make(entry)?)));
        Page { entries: made.collect(), info: self.info }
    }
}

fn write_cursor(number: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("after:{number}"))
}

fn read_cursor(cursor: Option<&str>) -> Result<Option<u64>> {
    let read = |cursor: &str| {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        text.strip_prefix("after:")?.parse().ok()
    };
    cursor
        .map(|cursor| {
            read(cursor).ok_or_else(|| {
                bad_input("本列表没有给出过这个游标", "the cursor was not given out by this list")
            })
        })
        .transpose()
}

/// Declares the connection and the edge of a node type.
macro_rules! connection {
    ($node:ident, $connection:ident, $edge:ident, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        #[derive(Clone, async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// The entries with their cursors.
            pub edges: Vec<$edge>,
            /// Where the page lies in the list.
            pub page_info: $crate::schema::connection::PageInfo,
            /// How many entries the whole list has under this filter.
            pub total_count: i32,
        }

        #[doc = concat!("One of ", $what, ", with its cursor.")]
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $edge {
            /// The place of the entry in the list; good for `after` and `before`.
            pub cursor: String,
            /// The entry.
            pub node: $node,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The entries without their cursors.
            async fn nodes(&self) -> Vec<$node> {
                self.edges.iter().map(|edge| edge.node.clone()).collect()
            }
        }

        impl $connection {
            /// The page of a list of what `wrap` makes nodes of.
            pub fn new<T, I: DoubleEndedIterator<Item = T>>(
                ctx: &async_graphql::Context<'_>,
                page: $crate::schema::connection::PageRequest,
                items: impl Fn() -> I,
                key: impl Fn(&T) -> u64,
                wrap: impl Fn(T) -> $node,
            ) -> Self {
                let counted = ctx.look_ahead().field("totalCount").exists();
                let total_count = if counted { $crate::schema::scalar::int(items().count()) } else { 0 };
                Self::of(page.of(items(), key).mapped(|item| Some(wrap(item))), total_count)
            }

            /// The connection of a page.
            pub fn of(page: $crate::schema::connection::Page<$node>, total_count: i32) -> Self {
                let edge = |(cursor, node)| $edge { cursor, node };
                Self {
                    edges: page.entries.into_iter().map(edge).collect(),
                    page_info: page.info,
                    total_count,
                }
            }
        }
    };
}
pub(crate) use connection;

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten entries, 1 to 10.
    fn page(
        first: Option<i32>,
        after: Option<u64>,
        last: Option<i32>,
        before: Option<u64>,
    ) -> (Vec<u64>, bool, bool) {
        let (after, before) = (after.map(write_cursor), before.map(write_cursor));
        let request = PageRequest::read(first, after.as_deref(), last, before.as_deref()).unwrap();
        let page = request.of(1..=10, |number| *number);
        let entries = page.entries.into_iter().map(|(_, number)| number).collect();
        (entries, page.info.has_previous_page, page.info.has_next_page)
    }

    #[test]
    fn pages_lie_between_their_cursors_and_know_their_neighbours() {
        assert_eq!(page(Some(3), None, None, None), (vec![1, 2, 3], false, true));
        assert_eq!(page(Some(3), Some(3), None, None), (vec![4, 5, 6], true, true));
        assert_eq!(page(Some(3), Some(8), None, None), (vec![9, 10], true, false));
        assert_eq!(page(Some(3), Some(10), None, None), (vec![], true, false));
        assert_eq!(page(None, None, Some(3), None), (vec![8, 9, 10], true, false));
        assert_eq!(page(None, None, Some(3), Some(8)), (vec![5, 6, 7], true, true));
        assert_eq!(page(None, None, Some(3), Some(3)), (vec![1, 2], false, true));
        assert_eq!(page(Some(9), Some(2), None, Some(5)), (vec![3, 4], true, true));
        assert_eq!(page(Some(0), None, None, None), (vec![], false, true));
    }

    #[test]
    fn what_makes_no_page_is_said() {
        for (first, after, last) in [
            (Some(101), None, None),
            (Some(-1), None, None),
            (Some(1), None, Some(1)),
            (Some(1), Some("x"), None),
        ] {
            assert!(PageRequest::read(first, after, last, None).is_err());
        }
    }
}

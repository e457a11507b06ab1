//! Pages of what is put together for the question, not held in a register: a work list, a ranking.
//!
//! A cursor names where an entry stands, with all it is sorted by, so it is good for as long as the order is: what comes
//! and goes moves no page. All entries are looked at; those of the page alone are sorted.

use crate::schema::{
    connection::{Page, PageArguments},
    fault::{FaultCode, bad_input, fault},
};
use async_graphql::Result;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use std::cmp::Ordering;

/// A page of entries, each with where it stands: no two stand at the same spot. The order has a name of its own.
///
/// # Errors
/// `BAD_USER_INPUT` when a cursor belongs to another order.
pub fn page<P: Serialize + DeserializeOwned, T>(
    mut entries: Vec<(P, T)>,
    order: &str,
    compare: impl Fn(&P, &P) -> Ordering,
    request: &PageArguments<'_>,
) -> Result<Page<(P, T)>> {
    let PageArguments { after, before, count, backwards } = *request;
    let read = |cursor: Option<&str>| cursor.map(|cursor| read(order, cursor)).transpose();
    let (after, before) = (read(after)?, read(before)?);
    let (start, end) = if backwards { (before, after) } else { (after, before) };
    let compare = |one: &P, other: &P| if backwards { compare(other, one) } else { compare(one, other) };

    let all = entries.len();
    entries.retain(|(spot, _)| start.as_ref().is_none_or(|start| compare(spot, start) == Ordering::Greater));
    let skipped = entries.len() < all;
    let all = entries.len();
    entries.retain(|(spot, _)| end.as_ref().is_none_or(|end| compare(spot, end) == Ordering::Less));
    let more = entries.len() < all || entries.len() > count;
    if entries.len() > count {
        entries.select_nth_unstable_by(count, |one, other| compare(&one.0, &other.0));
        entries.truncate(count);
    }
    entries.sort_unstable_by(|one, other| compare(&one.0, &other.0));
    let written = entries.into_iter().map(|(spot, entry)| Ok((write(order, &spot)?, (spot, entry))));
    Ok(Page::read(backwards, written.collect::<Result<_>>()?, skipped, more))
}

fn write(order: &str, spot: &impl Serialize) -> Result<String> {
    let text = serde_json::to_vec(&(order, spot))
        .map_err(|_| fault(FaultCode::Internal, "a cursor could not be written"))?;
    Ok(URL_SAFE_NO_PAD.encode(text))
}

fn read<P: DeserializeOwned>(order: &str, cursor: &str) -> Result<P> {
    let read = || {
        let text = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (name, spot): (String, P) = serde_json::from_slice(&text).ok()?;
        (name == order).then_some(spot)
    };
    read().ok_or_else(|| {
        bad_input("该游标不是本列表按此排序给出的", "the cursor was not given out by this list in this order")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page of the even numbers to 20, falling, with what lies behind and beyond it.
    fn evens(request: PageArguments<'_>) -> (Vec<u64>, bool, bool) {
        let entries = (0..=10_u64).map(|it| (it * 2, it * 2)).collect();
        let page = page(entries, "down", |one: &u64, other| other.cmp(one), &request).unwrap();
        let numbers = page.entries.into_iter().map(|(_, (_, number))| number).collect();
        (numbers, page.info.has_previous_page, page.info.has_next_page)
    }

    #[test]
    fn a_page_lies_where_its_cursors_say_whether_they_stand_in_the_list_or_not() {
        let cursor = |number: u64| write("down", &number).unwrap();
        let (ten, five) = (cursor(10), cursor(5));
        let asked = |count, after, before, backwards| PageArguments { after, before, count, backwards };
        assert_eq!(evens(asked(3, None, None, false)), (vec![20, 18, 16], false, true));
        assert_eq!(evens(asked(2, Some(&ten), None, false)), (vec![8, 6], true, true));
        assert_eq!(evens(asked(9, Some(&five), None, false)), (vec![4, 2, 0], true, false));
        assert_eq!(evens(asked(2, None, None, true)), (vec![2, 0], true, false));
        assert_eq!(evens(asked(2, None, Some(&five), true)), (vec![8, 6], true, true));
        assert_eq!(evens(asked(9, Some(&ten), Some(&five), false)), (vec![8, 6], true, true));
        assert_eq!(evens(asked(0, None, None, false)), (vec![], false, true));
    }

    #[test]
    fn a_cursor_of_another_order_is_bad_input() {
        for cursor in [&*write("up", &4_u64).unwrap(), "", "x", &write("down", &"4").unwrap()] {
            let request = PageArguments { after: Some(cursor), before: None, count: 1, backwards: false };
            let page = page(vec![(1_u64, 1)], "down", Ord::cmp, &request);
            assert!(page.is_err(), "{cursor}");
        }
    }
}

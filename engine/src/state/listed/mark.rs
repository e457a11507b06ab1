//! Where a thing stands in an order: amounts, moments and first characters as numbers that may be compared.

use serde::{Deserialize, Serialize};

/// Where a thing stands in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mark {
    /// There.
    At(i64),
    /// It has nothing to be ordered by, and comes last.
    Nothing,
}

impl Mark {
    /// An amount.
    pub fn amount(amount: u64) -> Self {
        Self::At(i64::try_from(amount).unwrap_or(i64::MAX))
    }

    /// The first four characters of a text, sixteen bits each: whatever comes earlier by its characters has no greater mark.
    /// Of what stands beyond the basic plane only that it does is kept, and nothing of what follows it.
    pub fn lettering(text: &str) -> Self {
        let mut characters = text.chars();
        let mut is_beyond = false;
        let letters = (0..4).fold(0_u64, |letters, _| {
            let character = if is_beyond { u16::MAX.into() } else { characters.next().map_or(0, u32::from) };
            let letter = u16::try_from(character).unwrap_or(u16::MAX);
            is_beyond |= letter == u16::MAX;
            letters << 16 | u64::from(letter)
        });
        // The same order, with the least at the least there is.
        Self::At((letters ^ 1 << 63).cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    proptest! {
        #[test]
        fn what_comes_first_by_its_characters_has_no_greater_mark(
            one in "[a停车𠮷\u{ffff}\u{10000}]{0,6}",
            other in "[a停车𠮷\u{ffff}\u{10000}]{0,6}",
        ) {
            let marks = (Mark::lettering(&one), Mark::lettering(&other));
            match one.cmp(&other) {
                Ordering::Less => prop_assert!(marks.0 <= marks.1),
                Ordering::Equal => prop_assert!(marks.0 == marks.1),
                Ordering::Greater => prop_assert!(marks.0 >= marks.1),
            }
        }
    }

    #[test]
    fn four_characters_tell_apart() {
        assert!(Mark::lettering("停车位一") < Mark::lettering("停车位三"));
        assert_eq!(Mark::lettering("停车位共享"), Mark::lettering("停车位共用"));
        assert!(Mark::lettering("") < Mark::lettering("a"));
    }
}

//! Orders of lists, and where a thing stands in one.

use crate::schema::fault::bad_input;
use async_graphql::{Enum, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::state::listed::{FacetKind, Mark, Rank};
use std::cmp::Ordering;

/// Which way a list runs 排序方向.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// 升序: the least first.
    #[default]
    Asc,
    /// 降序: the greatest first.
    Desc,
}

impl OrderDirection {
    /// Which of two comes first, given which does when the least does.
    pub const fn of(self, rising: Ordering) -> Ordering {
        match self {
            Self::Asc => rising,
            Self::Desc => rising.reverse(),
        }
    }

    /// Which of two marks comes first: having none, last.
    pub fn of_marks(self, one: Mark, other: Mark) -> Ordering {
        match (one, other) {
            (Mark::Nothing, _) | (_, Mark::Nothing) => one.cmp(&other),
            (Mark::At(one), Mark::At(other)) => self.of(one.cmp(&other)),
        }
    }
}

/// Declares by what a list may be sorted, and the input that says so.
macro_rules! order {
    (
        $(#[$doc:meta])* $order:ident,
        $(#[$field_doc:meta])* $field:ident { $($(#[$value_doc:meta])* $value:ident = $by:expr,)+ }
    ) => {
        $(#[$field_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
        pub enum $field {
            $($(#[$value_doc])* $value,)+
        }

        $(#[$doc])*
        #[derive(Clone, Copy, Debug, async_graphql::InputObject)]
        pub struct $order {
            /// By what.
            pub field: $field,
            /// Which way.
            #[graphql(default)]
            pub direction: $crate::schema::listing::order::OrderDirection,
        }

        impl From<$order> for $crate::schema::listing::order::Order {
            fn from(it: $order) -> Self {
                let by = match it.field {
                    $($field::$value => $by,)+
                };
                Self { by, direction: it.direction }
            }
        }
    };
}
pub(crate) use order;

/// What things are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Their numbers: for nearly everything, when they came to be.
    #[default]
    Number,
    /// What they have in common with others.
    Facet(FacetKind),
    /// How much, when, how well.
    Rank(Rank),
    /// What they are called.
    Name,
}

impl By {
    /// What its cursors begin with.
    const fn name(self) -> &'static str {
        match self {
            // The name of the cursors of lists that have one order only.
            Self::Number => "after",
            Self::Facet(FacetKind::Organization) => "organization",
            Self::Facet(FacetKind::Place) => "place",
            Self::Facet(FacetKind::Category) => "category",
            Self::Facet(FacetKind::TopCategory) => "topCategory",
            Self::Facet(FacetKind::Status) => "status",
            Self::Facet(FacetKind::Urgency) => "urgency",
            Self::Facet(FacetKind::Deadline) => "deadline",
            Self::Facet(FacetKind::Plan) => "plan",
            Self::Facet(FacetKind::Role) => "role",
            Self::Facet(FacetKind::Asking) => "asking",
            Self::Facet(FacetKind::Unpublished) => "unpublished",
            Self::Facet(FacetKind::Beside) => "beside",
            Self::Facet(FacetKind::Kind) => "kind",
            Self::Facet(FacetKind::Level) => "level",
            Self::Facet(FacetKind::Relation) => "relation",
            Self::Rank(Rank::Quantity) => "quantity",
            Self::Rank(Rank::Fit) => "fit",
            Self::Rank(Rank::Due) => "due",
            Self::Rank(Rank::On) => "on",
            Self::Rank(Rank::Held) => "held",
            Self::Rank(Rank::Signed) => "signed",
            Self::Rank(Rank::Value) => "value",
            Self::Rank(Rank::Opened) => "opened",
            Self::Rank(Rank::Until) => "until",
            Self::Name | Self::Rank(Rank::Name) => "title",
        }
    }
}

/// An order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: By,
    /// Which way.
    pub direction: OrderDirection,
}

/// What a thing is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A number: of days, of a rank, of an amount.
    Number(i64),
    /// A text.
    Text(String),
    /// Nothing. It comes last.
    Nothing,
}

impl From<Mark> for Key {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::At(number) => Self::Number(number),
            Mark::Nothing => Self::Nothing,
        }
    }
}

/// Where a thing stands in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it is sorted by.
    pub key: Key,
    /// Which thing it is.
    pub number: u64,
}

impl Order {
    /// Which of two keys comes first.
    pub fn of_keys(self, one: &Key, other: &Key) -> Ordering {
        match (one, other) {
            (Key::Nothing, _) | (_, Key::Nothing) => one.cmp(other),
            _ => self.direction.of(one.cmp(other)),
        }
    }

    /// Which of two things comes first.
    pub fn of_spots(self, one: &Spot, other: &Spot) -> Ordering {
        let alike = || self.direction.of(one.number.cmp(&other.number));
        self.of_keys(&one.key, &other.key).then_with(alike)
    }

    /// The cursor of a thing.
    pub fn write(self, spot: &Spot) -> String {
        let (name, number) = (self.by.name(), spot.number);
        let text = match &spot.key {
            _ if self.by == By::Number => format!("{name}:{number}"),
            Key::Number(key) => format!("{name}:{number}:n{key}"),
            Key::Text(key) => format!("{name}:{number}:t{key}"),
            Key::Nothing => format!("{name}:{number}:-"),
        };
        URL_SAFE_NO_PAD.encode(text)
    }

    /// The thing a cursor names.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when it was not given out by a list in this order.
    pub fn read(self, cursor: &str) -> Result<Spot> {
        let read = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
            let rest = text.strip_prefix(self.by.name())?.strip_prefix(':')?;
            if self.by == By::Number {
                return Some(Spot { key: Key::Nothing, number: rest.parse().ok()? });
            }
            let (number, key) = rest.split_once(':')?;
            let key = match (key.strip_prefix('n'), key.strip_prefix('t')) {
                (Some(number), _) => Key::Number(number.parse().ok()?),
                (None, Some(text)) => Key::Text(text.to_owned()),
                (None, None) if key == "-" => Key::Nothing,
                (None, None) => return None,
            };
            Some(Spot { key, number: number.parse().ok()? })
        };
        read().ok_or_else(|| {
            bad_input(
                "该游标不是本列表按此排序给出的",
                "the cursor was not given out by this list in this order",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [OrderDirection; 2] = [OrderDirection::Asc, OrderDirection::Desc];

    #[test]
    fn what_has_nothing_to_be_sorted_by_comes_last_either_way() {
        let (one, two) = (Key::Number(1), Key::Number(2));
        for direction in BOTH {
            let order = Order { by: By::Facet(FacetKind::Deadline), direction };
            assert_eq!(order.of_keys(&Key::Nothing, &one), Ordering::Greater);
            assert_eq!(order.of_keys(&one, &Key::Nothing), Ordering::Less);
            assert_eq!(order.of_keys(&Key::Nothing, &Key::Nothing), Ordering::Equal);
            let rising = direction == OrderDirection::Asc;
            assert_eq!(order.of_keys(&one, &two) == Ordering::Less, rising);
        }
    }

    #[test]
    fn a_cursor_reads_as_what_it_was_written_of_in_its_order_alone() {
        let order = |by| Order { by, direction: OrderDirection::Asc };
        for (by, key) in [
            (By::Number, Key::Nothing),
            (By::Facet(FacetKind::Deadline), Key::Number(-3)),
            (By::Name, Key::Text("停车:n7:".to_owned())),
            (By::Facet(FacetKind::Category), Key::Nothing),
            (By::Rank(Rank::Due), Key::Number(1_800_000_000_000)),
        ] {
            let spot = Spot { key, number: 12 };
            let cursor = order(by).write(&spot);
            assert_eq!(order(by).read(&cursor).unwrap(), spot);
            assert!(order(By::Rank(Rank::Quantity)).read(&cursor).is_err(), "{by:?}");
        }
        for wrong in ["", "x", "YWZ0ZXI6", "ZGVhZGxpbmU6MQ"] {
            assert!(order(By::Facet(FacetKind::Deadline)).read(wrong).is_err(), "{wrong}");
        }
    }
}

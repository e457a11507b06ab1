//! Orders of lists, and where an entry stands in one.

use crate::schema::fault::bad_input;
use async_graphql::{Enum, InputObject, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
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

/// What needs may be sorted by 排序依据.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NeedOrderField {
    /// 发布时间: when it was posted, the oldest first.
    Posted,
    /// 截止日期: the last day on which it is of use.
    Deadline,
    /// 类别: the code of the category.
    Category,
    /// 状态: as the life of a need goes, those that wait for their review first.
    Status,
    /// 紧急程度: emergencies first; what is not said is normal.
    Urgency,
    /// 标题: by its characters.
    Title,
    /// 数量: the amount that is asked, in base units whatever they count.
    Quantity,
}

/// What resources may be sorted by 排序依据.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ResourceOrderField {
    /// 发布时间: when it was posted, the oldest first.
    Posted,
    /// 截止日期: the last day on which it can be had.
    Deadline,
    /// 类别: the code of the category.
    Category,
    /// 状态: as the life of a resource goes, those of which something is free first.
    Status,
    /// 标题: by its characters.
    Title,
    /// 数量: the amount that is offered, in base units whatever they count.
    Quantity,
}

/// What projects may be sorted by 排序依据.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProjectOrderField {
    /// 发布时间: when it was posted, the oldest first.
    Posted,
    /// 截止日期: the last day of its window.
    Deadline,
    /// 类别: the code of the category.
    Category,
    /// 状态: as the life of a project goes, those that are proposed first.
    Status,
    /// 标题: by its characters.
    Title,
    /// 数量: its amount, in base units whatever they count.
    Quantity,
}

/// What organizations may be sorted by 排序依据.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrganizationOrderField {
    /// 登记时间: when it was registered, the oldest first.
    Registered,
    /// 名称: by its characters.
    Name,
}

/// In which order to list organizations 排序.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct OrganizationOrder {
    /// By what.
    pub field: OrganizationOrderField,
    /// Which way.
    #[graphql(default)]
    pub direction: OrderDirection,
}

/// In which order to list needs 排序. What has nothing to be sorted by comes last either way.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct NeedOrder {
    /// By what.
    pub field: NeedOrderField,
    /// Which way.
    #[graphql(default)]
    pub direction: OrderDirection,
}

/// In which order to list resources 排序. What has nothing to be sorted by comes last either way.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct ResourceOrder {
    /// By what.
    pub field: ResourceOrderField,
    /// Which way.
    #[graphql(default)]
    pub direction: OrderDirection,
}

/// In which order to list projects 排序. What has nothing to be sorted by comes last either way.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct ProjectOrder {
    /// By what.
    pub field: ProjectOrderField,
    /// Which way.
    #[graphql(default)]
    pub direction: OrderDirection,
}

/// What entries are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// When they were posted.
    #[default]
    Posted,
    /// Until when they are of use.
    Deadline,
    /// Their category.
    Category,
    /// Where they stand.
    Status,
    /// How soon they are to be met.
    Urgency,
    /// Their title.
    Title,
    /// Their amount.
    Quantity,
}

impl By {
    /// What its cursors begin with.
    const fn name(self) -> &'static str {
        match self {
            // The name of the cursors of lists that have one order only.
            Self::Posted => "after",
            Self::Deadline => "deadline",
            Self::Category => "category",
            Self::Status => "status",
            Self::Urgency => "urgency",
            Self::Title => "title",
            Self::Quantity => "quantity",
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

macro_rules! order_of {
    ($input:ident, $field:ident: $($name:ident),+) => {
        impl From<$input> for Order {
            fn from(it: $input) -> Self {
                let by = match it.field {
                    $($field::$name => By::$name,)+
                };
                Self { by, direction: it.direction }
            }
        }
    };
}
order_of!(NeedOrder, NeedOrderField: Posted, Deadline, Category, Status, Urgency, Title, Quantity);
order_of!(ResourceOrder, ResourceOrderField: Posted, Deadline, Category, Status, Title, Quantity);
order_of!(ProjectOrder, ProjectOrderField: Posted, Deadline, Category, Status, Title, Quantity);

/// What an entry is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A number: of days, of a rank, of an amount.
    Number(i64),
    /// A text.
    Text(String),
    /// Nothing. It comes last.
    Nothing,
}

/// Where an entry stands in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it is sorted by.
    pub key: Key,
    /// Which entry it is.
    pub number: u64,
}

impl Order {
    /// Which of two keys comes first.
    pub fn of_keys(self, one: &Key, other: &Key) -> Ordering {
        match (one, other) {
            (Key::Nothing, _) | (_, Key::Nothing) => one.cmp(other),
            _ => self.directed(one.cmp(other)),
        }
    }

    /// Which of two entries comes first.
    pub fn of_spots(self, one: &Spot, other: &Spot) -> Ordering {
        let alike = || self.directed(one.number.cmp(&other.number));
        self.of_keys(&one.key, &other.key).then_with(alike)
    }

    const fn directed(self, rising: Ordering) -> Ordering {
        match self.direction {
            OrderDirection::Asc => rising,
            OrderDirection::Desc => rising.reverse(),
        }
    }

    /// The cursor of an entry.
    pub fn write(self, spot: &Spot) -> String {
        let (name, number) = (self.by.name(), spot.number);
        let text = match &spot.key {
            _ if self.by == By::Posted => format!("{name}:{number}"),
            Key::Number(key) => format!("{name}:{number}:n{key}"),
            Key::Text(key) => format!("{name}:{number}:t{key}"),
            Key::Nothing => format!("{name}:{number}:-"),
        };
        URL_SAFE_NO_PAD.encode(text)
    }

    /// The entry a cursor names.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when it was not given out by a list in this order.
    pub fn read(self, cursor: &str) -> Result<Spot> {
        let read = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
            let rest = text.strip_prefix(self.by.name())?.strip_prefix(':')?;
            if self.by == By::Posted {
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
        read().ok_or_else(|| bad_input("the cursor was not given out by this list in this order"))
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
            let order = Order { by: By::Deadline, direction };
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
            (By::Posted, Key::Nothing),
            (By::Deadline, Key::Number(-3)),
            (By::Title, Key::Text("停车:n7:".to_owned())),
            (By::Category, Key::Nothing),
        ] {
            let spot = Spot { key, number: 12 };
            let cursor = order(by).write(&spot);
            assert_eq!(order(by).read(&cursor).unwrap(), spot);
            assert!(order(By::Quantity).read(&cursor).is_err(), "{by:?}");
        }
        for wrong in ["", "x", "YWZ0ZXI6", "ZGVhZGxpbmU6MQ"] {
            assert!(order(By::Deadline).read(wrong).is_err(), "{wrong}");
        }
    }
}

//! What amounts count, and the days of the week.

use async_graphql::Enum;

/// What an amount counts 计量. Two amounts are commensurable when they have the same measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Measure {
    /// 项: the whole thing, nothing was counted.
    Lot,
    /// 件, 台, 把, 张, 套 …
    Items,
    /// 人, 名, 位.
    People,
    /// 户.
    Households,
    /// 场, 次, 课时.
    Sessions,
    /// 小时.
    Hours,
    /// 天.
    Days,
    /// 车位.
    Parking,
    /// 平方米.
    Area,
    /// 元.
    Money,
    /// 积分.
    Points,
    /// 其他: a unit of the street's own wording.
    Other,
}

impl Measure {
    /// The kind of a measure as the engine knows it.
    pub const fn of(measure: &engine::quantity::Measure) -> Self {
        match measure {
            engine::quantity::Measure::Lot => Self::Lot,
            engine::quantity::Measure::Items => Self::Items,
            engine::quantity::Measure::People => Self::People,
            engine::quantity::Measure::Households => Self::Households,
            engine::quantity::Measure::Sessions => Self::Sessions,
            engine::quantity::Measure::Hours => Self::Hours,
            engine::quantity::Measure::Days => Self::Days,
            engine::quantity::Measure::Parking => Self::Parking,
            engine::quantity::Measure::Area => Self::Area,
            engine::quantity::Measure::Money => Self::Money,
            engine::quantity::Measure::Points => Self::Points,
            engine::quantity::Measure::Other(_) => Self::Other,
        }
    }

    /// The measure of the engine; `None` for a unit of the street's own wording, which must be said.
    pub const fn named(self) -> Option<engine::quantity::Measure> {
        Some(match self {
            Self::Lot => engine::quantity::Measure::Lot,
            Self::Items => engine::quantity::Measure::Items,
            Self::People => engine::quantity::Measure::People,
            Self::Households => engine::quantity::Measure::Households,
            Self::Sessions => engine::quantity::Measure::Sessions,
            Self::Hours => engine::quantity::Measure::Hours,
            Self::Days => engine::quantity::Measure::Days,
            Self::Parking => engine::quantity::Measure::Parking,
            Self::Area => engine::quantity::Measure::Area,
            Self::Money => engine::quantity::Measure::Money,
            Self::Points => engine::quantity::Measure::Points,
            Self::Other => return None,
        })
    }
}

/// A day of the week 星期.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Weekday {
    /// 星期一.
    Monday,
    /// 星期二.
    Tuesday,
    /// 星期三.
    Wednesday,
    /// 星期四.
    Thursday,
    /// 星期五.
    Friday,
    /// 星期六.
    Saturday,
    /// 星期日.
    Sunday,
}

impl Weekday {
    /// All days, Monday first, as the bits of the engine's set.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The days of a set.
    pub fn of(days: engine::window::Weekdays) -> Vec<Self> {
        Self::ALL.into_iter().filter(|day| days.0 & day.bit() != 0).collect()
    }

    /// Its bit, Monday the lowest.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}

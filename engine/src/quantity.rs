//! How much is asked or offered: a whole amount in the base unit of a measure.
//!
//! Lists say 「20余户」, 「600平方米」, 「1.5万元」 or nothing. What was read is kept as a number,
//! what was written is kept as text beside it. An entry without a number is one [`Measure::Lot`].

use serde::{Deserialize, Serialize};

/// The largest amount one entry may ask or offer, in base units (fen are not counted: money is in yuan).
///
/// A thousand million: more than any street's budget, small enough that sums over a city stay far
/// inside 64 bits.
pub const AMOUNT_MAX: u64 = 1_000_000_000;

/// What an amount counts. Two amounts are commensurable when they have the same measure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    /// A unit of the street's own wording.
    Other(String),
}

impl Measure {
    /// Whether amounts of it can be shared out one by one between several takers.
    ///
    /// Floor space, households and unknown units describe a thing rather than divide it: a hall of
    /// 600 m² is lent whole, several times, so it is counted in lots.
    pub const fn divides(&self) -> bool {
        match self {
            Self::Items
            | Self::People
            | Self::Sessions
            | Self::Hours
            | Self::Days
            | Self::Parking
            | Self::Money
            | Self::Points => true,
            Self::Lot | Self::Households | Self::Area | Self::Other(_) => false,
        }
    }

    /// Whether it is there or it is not, so that nobody is taken to have some who has not posted it: parking
    /// spaces and money.
    pub const fn has_to_be_posted(&self) -> bool {
        matches!(self, Self::Parking | Self::Money)
    }

    /// The base unit in Chinese.
    pub fn unit(&self) -> &str {
        match self {
            Self::Lot => "项",
            Self::Items => "件",
            Self::People => "人",
            Self::Households => "户",
            Self::Sessions => "场",
            Self::Hours => "小时",
            Self::Days => "天",
            Self::Parking => "车位",
            Self::Area => "平方米",
            Self::Money => "元",
            Self::Points => "积分",
            Self::Other(unit) => unit,
        }
    }
}

/// An amount of something, with the words it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quantity {
    /// In base units of the measure; 1 to [`AMOUNT_MAX`].
    pub amount: u64,
    /// What is counted.
    pub measure: Measure,
    /// Whether the words said about (余, 近, 约).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    /// The words, when they say more than the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

impl Quantity {
    /// One whole thing: what an entry without a number asks or offers.
    pub const fn lot() -> Self {
        Self { amount: 1, measure: Measure::Lot, approximate: false, wording: None }
    }

    /// An exact amount.
    pub const fn of(amount: u64, measure: Measure) -> Self {
        Self { amount, measure, approximate: false, wording: None }
    }

    /// Whether a number was given for something countable.
    pub fn is_counted(&self) -> bool {
        self.measure != Measure::Lot
    }
}

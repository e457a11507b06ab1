//! Contributions 贡献: time, quantities and points (积分, 时间银行), credited only by confirmed deliveries.
//!
//! A credit is an event that carries its figures, so a later change of the rule table rewrites no history. What is
//! redeemed is an event too, and no balance is ever negative.

use crate::{category::CategoryCode, delivery::PersonClass, entry::Form};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most lines of a street's rule table.
pub const CREDIT_RULES_MAX: usize = 100;

/// One line of the rule table: what a confirmed delivery is worth. The first line that fits counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditRule {
    /// Only for this form; `None` = any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Only for this category and those below it; `None` = any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// Points for the delivery as such.
    pub points: u32,
    /// Points for each hour of effort; begun hours count by the minute.
    pub points_per_hour: u32,
    /// Points for each hundred base units of the quantity (for money: each hundred yuan).
    pub points_per_hundred: u32,
}

/// What one delivery is credited with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credit {
    /// Points by the rule table.
    pub points: u64,
    /// How much was handed over, in base units of what was asked.
    pub quantity: u64,
    /// Minutes by class of persons.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub minutes: BTreeMap<PersonClass, u64>,
}

impl Credit {
    /// Minutes of all classes.
    pub fn all_minutes(&self) -> u64 {
        self.minutes.values().sum()
    }
}

/// What is redeemed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Redemption {
    /// Points spent.
    pub points: u64,
    /// Banked minutes spent.
    pub minutes: u64,
    /// For what, in words.
    pub what: String,
}

/// The account of one organization. What was earned and spent is kept beside the balance, so that it can be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Points earned.
    pub points: u64,
    /// Points spent.
    pub points_spent: u64,
    /// Minutes earned, by class of persons.
    pub minutes: BTreeMap<PersonClass, u64>,
    /// Minutes spent.
    pub minutes_spent: u64,
    /// Deliveries credited.
    pub deliveries: u64,
}

impl Account {
    /// Points that may be spent.
    pub const fn points_left(&self) -> u64 {
        self.points.saturating_sub(self.points_spent)
    }

    /// Minutes earned by all classes.
    pub fn all_minutes(&self) -> u64 {
        self.minutes.values().sum()
    }

    /// Minutes that may be spent.
    pub fn minutes_left(&self) -> u64 {
        self.all_minutes().saturating_sub(self.minutes_spent)
    }
}

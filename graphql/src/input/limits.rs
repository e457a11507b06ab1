//! Inputs of the street's rules of time and contribution: limits 时限, and the table of credits 积分规则.

use super::street::set;
use crate::{
    reading::Reading,
    schema::{limits::ReviewRule, words::Form},
};
use async_graphql::{ID, InputObject};
use engine::{contribution::CreditRule, rules::Limits};

/// By when things are to happen 时限; what is absent stays. Days of 0 set no limit.
#[derive(Clone, Debug, InputObject)]
pub struct LimitsInput {
    /// Which needs wait for a review 核实.
    pub review: Option<ReviewRule>,
    /// Hours after which a claim on an emergency lapses 应急认领时限.
    pub emergency_claim_hours: Option<i32>,
    /// Days within which a need is to be answered 答复.
    pub reply_days: Option<i32>,
    /// Days within which a need is to be met 办结.
    pub resolve_days: Option<i32>,
    /// Days within which a receiver is to confirm or dispute a delivery 确认.
    pub confirm_days: Option<i32>,
    /// Days after which an entry is asked to be confirmed again 再确认.
    pub stale_days: Option<i32>,
    /// Days after the end of its window when an entry of which nothing is promised expires; 0 = the day after 到期.
    pub expiry_days: Option<i32>,
}

impl LimitsInput {
    /// Changes what is said of them.
    pub(super) fn apply(&self, reading: &mut Reading, limits: &mut Limits) {
        if let Some(review) = self.review {
            limits.review = review.into();
        }
        set(
            reading,
            "limits.emergencyClaimHours",
            &mut limits.emergency_claim_hours,
            self.emergency_claim_hours,
        );
        set(reading, "limits.replyDays", &mut limits.reply_days, self.reply_days);
        set(reading, "limits.resolveDays", &mut limits.resolve_days, self.resolve_days);
        set(reading, "limits.confirmDays", &mut limits.confirm_days, self.confirm_days);
        set(reading, "limits.staleDays", &mut limits.stale_days, self.stale_days);
        set(reading, "limits.expiryDays", &mut limits.expiry_days, self.expiry_days);
    }
}

/// One line of the table of credits 积分规则: what a confirmed delivery is worth. The first line that fits counts.
#[derive(Clone, Debug, InputObject)]
pub struct CreditRuleInput {
    /// Only for this form; any when not said.
    pub form: Option<Form>,
    /// Only for this category and those below it, by global id or code; any when not said.
    pub category: Option<ID>,
    /// Points for the delivery as such.
    #[graphql(default)]
    pub points: i32,
    /// Points for each hour of effort.
    #[graphql(default)]
    pub points_per_hour: i32,
    /// Points for each hundred base units of the quantity; for money, each hundred yuan.
    #[graphql(default)]
    pub points_per_hundred: i32,
}

impl CreditRuleInput {
    /// The line, read.
    pub(super) fn read(&self, reading: &mut Reading) -> Option<CreditRule> {
        let category = self.category.as_ref().map(|code| reading.category("credits.category", code));
        let points = reading.count("credits.points", self.points);
        let per_hour = reading.count("credits.pointsPerHour", self.points_per_hour);
        let per_hundred = reading.count("credits.pointsPerHundred", self.points_per_hundred);
        Some(CreditRule {
            form: self.form.map(Into::into),
            category: category.map_or(Some(None), |code| code.map(Some))?,
            points: points?,
            points_per_hour: per_hour?,
            points_per_hundred: per_hundred?,
        })
    }
}

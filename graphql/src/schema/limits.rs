//! The street's rules of time and contribution: limits 时限, and the table of credits 积分规则.

use super::{identity::NodeId, scalar::int, words::Form};
use async_graphql::{Enum, ID, SimpleObject};
use engine::{contribution, rules as domain};

/// Which needs wait for a review before they are matched 核实规则.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::rules::ReviewRule")]
pub enum ReviewRule {
    /// 均不核实: what is posted is open.
    None,
    /// 单位所提: those that neither a community nor the street office posts; emergencies and imports aside.
    Others,
    /// 全部核实: all, emergencies and imports aside.
    All,
}

/// By when things are to happen 时限. Days of 0 set no limit.
#[derive(Clone, Copy, SimpleObject)]
pub struct Limits {
    /// Which needs wait for a review 核实.
    pub review: ReviewRule,
    /// Hours after which a claim on an emergency lapses 应急认领时限.
    pub emergency_claim_hours: i32,
    /// Days within which a need is to be answered 答复.
    pub reply_days: i32,
    /// Days within which a need is to be met 办结.
    pub resolve_days: i32,
    /// Days within which a receiver is to confirm or dispute a delivery 确认.
    pub confirm_days: i32,
    /// Days after which an entry is asked to be confirmed again 再确认.
    pub stale_days: i32,
    /// Days after the end of its window when an entry of which nothing is promised expires; 0 = the day after 到期.
    pub expiry_days: i32,
}

impl From<domain::Limits> for Limits {
    fn from(it: domain::Limits) -> Self {
        Self {
            review: it.review.into(),
            emergency_claim_hours: int(it.emergency_claim_hours),
            reply_days: it.reply_days.into(),
            resolve_days: it.resolve_days.into(),
            confirm_days: it.confirm_days.into(),
            stale_days: it.stale_days.into(),
            expiry_days: it.expiry_days.into(),
        }
    }
}

/// One line of the table of credits 积分规则: what a confirmed delivery is worth. The first line that fits counts.
#[derive(Clone, SimpleObject)]
pub struct CreditRule {
    /// Only for this form; null = any.
    pub form: Option<Form>,
    /// Only for the category 类别 with this global id, and those below it; null = any.
    pub category_id: Option<ID>,
    /// Points for the delivery as such.
    pub points: i32,
    /// Points for each hour of effort.
    pub points_per_hour: i32,
    /// Points for each hundred base units of the quantity; for money, each hundred yuan.
    pub points_per_hundred: i32,
}

impl From<&contribution::CreditRule> for CreditRule {
    fn from(it: &contribution::CreditRule) -> Self {
        Self {
            form: it.form.map(Form::from),
            category_id: it.category.clone().map(|code| NodeId::Category(code).id()),
            points: int(it.points),
            points_per_hour: int(it.points_per_hour),
            points_per_hundred: int(it.points_per_hundred),
        }
    }
}

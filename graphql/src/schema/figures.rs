//! Figures 统计: rates and durations of one period, in one part of the street.

use super::{
    dashboard::part::{not_kept, place_of},
    fault::{bad_input, wrong_id},
    filter::category_code,
    identity::NodeId,
    named,
    scalar::int,
    scope::Scope,
    words::{BeneficiaryGroup, Channel, Form, UnitKind},
};
use async_graphql::{ID, InputObject, Object, Result, SimpleObject};
use engine::{
    figures::{self, Counts, Histogram, Rate as Share},
    period::Period,
    permission::Sight,
    state::State,
    tallies::{NotKept, Slice, Where},
};

/// In which part of the street to count 统计范围: in a place (with anything beside it, a community or above), and of what has
/// at most one of the others; the whole street when none is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct FiguresScope {
    /// In this place and everywhere below it.
    pub place: Option<ID>,
    /// What this organization asks: the needs it posted, and the pairings that serve it.
    pub asking: Option<ID>,
    /// What this organization gives: its pairings. Needs are not counted.
    pub giving: Option<ID>,
    /// What units of this kind give: their pairings. Needs are not counted.
    pub unit_kind: Option<UnitKind>,
    /// In this category, by its global id or code: a leaf, or a top with all its leaves.
    pub category: Option<ID>,
    /// What came in by this channel.
    pub channel: Option<Channel>,
    /// What is of this form.
    pub form: Option<Form>,
    /// What is for this group.
    pub beneficiary: Option<BeneficiaryGroup>,
}

/// A rate as the share it is 比率.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Rate {
    /// The part.
    pub numerator: i32,
    /// The whole.
    pub denominator: i32,
    /// The part in thousandths of the whole, rounded down; null of nothing.
    pub per_mille: Option<i32>,
}

impl From<Share> for Rate {
    fn from(it: Share) -> Self {
        Self {
            numerator: int(it.numerator),
            denominator: int(it.denominator),
            per_mille: it.per_mille().map(int),
        }
    }
}

/// How long something took 用时.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Duration {
    /// Of how many it is known.
    pub count: i32,
    /// The whole days that half of them took at most; null of none.
    pub median_days: Option<i32>,
}

impl From<&Histogram> for Duration {
    fn from(it: &Histogram) -> Self {
        Self { count: int(it.count()), median_days: it.median().map(int) }
    }
}

/// What is counted in one period and one part of the street.
#[derive(Clone)]
pub struct PeriodFigures {
    period: String,
    it: Counts,
}

impl PeriodFigures {
    /// The figures of a period.
    pub const fn new(period: String, it: Counts) -> Self {
        Self { period, it }
    }
}

impl PartialEq for PeriodFigures {
    fn eq(&self, other: &Self) -> bool {
        self.it == other.it
    }
}

/// What is counted in one period and one part of the street 统计.
///
/// Whatever is counted belongs to the month in which it began: a need to the month it was collected in, a pairing to
/// the month it was proposed in. So rates are shares of a fixed set, and they grow until all of it is done with. A need
/// counts by what it says now, as it was amended; a pairing by what that which it serves said when the pairing began.
#[Object]
impl PeriodFigures {
    /// The period that was asked for; empty of all time.
    async fn period(&self) -> &str {
        &self.period
    }

    /// Needs collected 收集数: posted, and not in other hands as their list says.
    async fn collected(&self) -> i32 {
        int(self.it.collected)
    }

    /// Collected, without what its poster took back and what another need carries or repeats.
    async fn accountable(&self) -> i32 {
        int(self.it.accountable())
    }

    /// Of the collected: taken back by their posters 撤回.
    async fn withdrawn(&self) -> i32 {
        int(self.it.withdrawn)
    }

    /// Of the collected: carried or repeated by another need 合并.
    async fn merged(&self) -> i32 {
        int(self.it.merged)
    }

    /// Of the collected: taken along into a later period 结转.
    async fn carried_over(&self) -> i32 {
        int(self.it.carried_over)
    }

    /// Of the collected: over before anything was promised 过期.
    async fn expired(&self) -> i32 {
        int(self.it.expired)
    }

    /// Of the accountable: rejected on a ground that the rules name 不予受理.
    async fn rejected(&self) -> i32 {
        int(self.it.rejected)
    }

    /// 答复率: replied / accountable. A reply is a review, or a giver's first claim.
    async fn reply_rate(&self) -> Rate {
        self.it.reply_rate().into()
    }

    /// 按时答复率: replied within the limit of days / accountable.
    async fn reply_in_time_rate(&self) -> Rate {
        self.it.reply_in_time_rate().into()
    }

    /// 解决率: met / (accountable − rejected). Met: all it asked is accepted, or struck off.
    async fn resolution_rate(&self) -> Rate {
        self.it.resolution_rate().into()
    }

    /// 按时办结率: met or rejected on a ground, within the limit of days / accountable.
    async fn on_time_rate(&self) -> Rate {
        self.it.on_time_rate().into()
    }

    /// 满意率: (satisfied + basically satisfied) / appraised.
    async fn satisfaction_rate(&self) -> Rate {
        self.it.satisfaction_rate().into()
    }

    /// Raisers who are satisfied 满意.
    async fn satisfied(&self) -> i32 {
        int(self.it.satisfied)
    }

    /// Raisers who are basically satisfied 基本满意.
    async fn basically_satisfied(&self) -> i32 {
        int(self.it.basically_satisfied)
    }

    /// Raisers who are dissatisfied 不满意.
    async fn dissatisfied(&self) -> i32 {
        int(self.it.dissatisfied)
    }

    /// Pairings proposed or requested, without those that were replaced before anybody claimed them.
    async fn proposed(&self) -> i32 {
        int(self.it.proposed)
    }

    /// Pairings that were replaced before anybody had claimed them.
    async fn superseded(&self) -> i32 {
        int(self.it.superseded)
    }

    /// 认领率: claimed by one side at least / proposed.
    async fn claim_rate(&self) -> Rate {
        self.it.claim_rate().into()
    }

    /// 履约率: delivered and accepted / agreed.
    async fn fulfilment_rate(&self) -> Rate {
        self.it.fulfilment_rate().into()
    }

    /// 按时履约率: delivered and accepted within the limit for meeting a need, from the day both sides agreed / agreed.
    async fn fulfilment_in_time_rate(&self) -> Rate {
        self.it.fulfilment_in_time_rate().into()
    }

    /// 满意率 of what was given: (satisfied + basically satisfied) / appraised, over pairings delivered and accepted.
    async fn given_satisfaction_rate(&self) -> Rate {
        self.it.given_satisfaction_rate().into()
    }

    /// Pairings that one side declined 谢绝.
    async fn declined(&self) -> i32 {
        int(self.it.declined)
    }

    /// Pairings whose claim lapsed 逾期未应.
    async fn lapsed(&self) -> i32 {
        int(self.it.lapsed)
    }

    /// Pairings that were taken back 撤回.
    async fn taken_back(&self) -> i32 {
        int(self.it.taken_back)
    }

    /// Days from the post of what a pairing serves to its first claim.
    async fn post_to_claim(&self) -> Duration {
        (&self.it.post_to_claim).into()
    }

    /// Days from that claim until an agreement on it, or on its project, was signed by all.
    async fn claim_to_sign(&self) -> Duration {
        (&self.it.claim_to_sign).into()
    }

    /// Days from there until it was accepted.
    async fn sign_to_done(&self) -> Duration {
        (&self.it.sign_to_done).into()
    }

    /// Days from the post until it was accepted, agreement or none.
    async fn post_to_done(&self) -> Duration {
        (&self.it.post_to_done).into()
    }
}

/// A month, a quarter or a year.
///
/// # Errors
/// `BAD_USER_INPUT` when it is none.
pub fn period(text: &str) -> Result<Period> {
    Period::read(text).ok_or_else(|| {
        bad_input(
            "period:应为年、季度或月份,如 2026、2026-Q3、2026-07",
            "period: give a year, a quarter or a month, such as 2026, 2026-Q3, 2026-07",
        )
    })
}

/// The figures of a period in a part of the street.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when the period or the part cannot be read.
pub fn read(scope: &Scope, text: &str, part: FiguresScope) -> Result<PeriodFigures> {
    scope.needs(Sight::Street)?;
    let Period { first, last } = period(text)?;
    let counts = figures::read(&scope.state, &part_of(&scope.state, part)?, first, last);
    let it = counts.ok_or_else(|| not_kept(NotKept::Depth))?;
    Ok(PeriodFigures { period: text.to_owned(), it })
}

fn part_of(state: &State, part: FiguresScope) -> Result<Where> {
    let FiguresScope { place, asking, giving, unit_kind, category, channel, form, beneficiary } = part;
    let organization = |field: &str, id: &ID| match NodeId::read(id) {
        Some(NodeId::Organization(id)) => {
            named::is_there(state, field, &NodeId::Organization(id))?;
            Ok(id)
        }
        _ => Err(wrong_id(field, "组织", "an organization")),
    };
    let category = category.as_ref().map(|id| category_code(id)).transpose()?;
    if let Some(code) = &category {
        named::is_there(state, "category", &NodeId::Category(code.clone()))?;
    }
    let asking = asking.as_ref().map(|id| organization("asking", id)).transpose()?;
    let giving = giving.as_ref().map(|id| organization("giving", id)).transpose()?;
    let slices = [
        asking.map(Slice::Organization),
        giving.map(Slice::Giving),
        unit_kind.map(|kind| Slice::UnitKind(kind.into())),
        category.map(Slice::Category),
        channel.map(|it| Slice::Channel(it.into())),
        form.map(|it| Slice::Form(it.into())),
        beneficiary.map(|it| Slice::Beneficiary(it.into())),
    ];
    let mut slices = slices.into_iter().flatten();
    let part = Where { place: place_of(state, place.as_ref())?, slice: slices.next() };
    if slices.next().is_some() {
        return Err(bad_input(
            "scope:除区域外最多再给一项",
            "scope: give a place and at most one of the others",
        ));
    }
    Ok(part)
}

//! Aggregates 汇总: how many there are and how much, group by group.

use super::{
    part::{self, AggregateScope},
    words::{Stage, TalliedList},
};
use crate::schema::{
    category::Category,
    fault::bad_input,
    figures::PeriodFigures,
    identity::NodeId,
    organization::Organization,
    place::Place,
    scalar::{Long, int},
    scope::{Scope, Snapshot},
    words::{BeneficiaryGroup, Channel, Form, ListStatus, Measure, PlaceLevel, UnitKind},
};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use engine::{
    figures::{Counts, Scope as Counted},
    period::Month,
    permission::Sight,
    quantity,
    tallies::{self, By, Group, List, Part, Sums, Totals},
};
use std::sync::Arc;

/// By what groups are formed 分组.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AggregateGroup {
    /// 类别: by leaf.
    Category,
    /// 一级类别: by top, with all its leaves.
    TopCategory,
    /// 区域: by place of one level, with all below it.
    Place,
    /// 组织: by who posted it; of pairings, by who asks.
    Organization,
    /// 提供方: of pairings, by who gives.
    Giving,
    /// 单位类型: of whoever posted it; of pairings, of whoever gives.
    UnitKind,
    /// 状态.
    Status,
    /// 来源.
    Channel,
    /// 形式.
    Form,
    /// 服务对象.
    Beneficiary,
    /// 月: in which it began.
    Month,
    /// 季度: in which it began.
    Quarter,
}

impl AggregateGroup {
    fn by(self, list: List, level: Option<PlaceLevel>) -> Result<By> {
        if level.is_some() && self != Self::Place {
            return Err(bad_input("level: this is for groups by place"));
        }
        Ok(match self {
            Self::Category => By::Category,
            Self::TopCategory => By::TopCategory,
            Self::Place => By::Place(level.unwrap_or(PlaceLevel::Community).into()),
            Self::Organization => By::Organization,
            Self::Giving if list == List::Pairings => By::Giving,
            Self::Giving => return Err(bad_input("groupBy: only pairings have a giving side")),
            Self::UnitKind => By::UnitKind,
            Self::Status => By::Standing,
            Self::Channel => By::Channel,
            Self::Form => By::Form,
            Self::Beneficiary => By::Beneficiary,
            Self::Month => By::Month,
            Self::Quarter => By::Quarter,
        })
    }
}

/// How many are in one state 状态数.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatusCount {
    /// The state 状态, as the list has it.
    pub status: ListStatus,
    /// How many.
    pub count: i32,
}

/// How many have come to a stage at least 阶段数.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct StageCount {
    /// The stage 阶段.
    pub stage: Stage,
    /// How many.
    pub count: i32,
}

/// How much of one measure 数量合计. Only what is counted alike is summed.
#[derive(Clone, Debug, SimpleObject)]
pub struct AmountSum {
    /// What is counted 计量.
    pub measure: Measure,
    /// The unit in Chinese, such as 场 or 元.
    pub unit: String,
    /// Of how many entries.
    pub count: i32,
    /// 总量: what is asked of needs, slots and pairings, what is offered of resources.
    pub amount: Long,
    /// 待认领: proposed or requested.
    pub proposed: Long,
    /// 单方认领: claimed by one side.
    pub claimed: Long,
    /// 双向认领: agreed by both, and all that came of it since.
    pub agreed: Long,
    /// 已交付: of what is agreed, handed over.
    pub delivered: Long,
    /// 已确认: of what is delivered, confirmed.
    pub accepted: Long,
}

impl AmountSum {
    fn new(measure: &quantity::Measure, sums: &Sums) -> Self {
        let long = |amount: u64| Long(amount.into());
        Self {
            measure: Measure::of(measure),
            unit: measure.unit().to_owned(),
            count: int(sums.count),
            amount: long(sums.amount),
            proposed: long(sums.tally.proposed),
            claimed: long(sums.tally.claimed),
            agreed: long(sums.tally.agreed),
            delivered: long(sums.tally.delivered),
            accepted: long(sums.tally.accepted),
        }
    }
}

/// One group with what it comes to.
#[derive(Clone)]
pub struct AggregateRow {
    at: Snapshot,
    period: Option<String>,
    group: Group,
    totals: Totals,
    counted: Result<(Counted, Month, Month), NoFigures>,
}

/// Why a group has no rates and durations 无统计的原因.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NoFigures {
    /// 清单: they are kept of needs and pairings, and resources and projects have none.
    List,
    /// 条件: they are kept of all of the street, and of places in it, but of no further property or state within.
    Scope,
    /// 分组: of groups by status and period, of needs by kind of units, and of what is in no group, none are kept.
    Group,
}

impl AggregateRow {
    /// The figures of the group, where they are kept. Few tiles ask for them, and they are put together of many months.
    fn counts(&self) -> Option<Counts> {
        let (counted, first, last) = self.counted.as_ref().ok()?;
        Some(self.at.figures().of(counted, *first, *last))
    }
}

impl PartialEq for AggregateRow {
    fn eq(&self, other: &Self) -> bool {
        (&self.group, &self.totals) == (&other.group, &other.totals) && self.counts() == other.counts()
    }
}

/// One group with what it comes to 汇总行. Of its kinds of keys, the one that was grouped by is not null.
#[Object]
impl AggregateRow {
    /// What the group has in common, as text: a global id, the name of an enum value, or a period. Null of those of
    /// which it is not said.
    async fn key(&self) -> Option<String> {
        Some(match &self.group {
            Group::Category(code) => NodeId::Category(code.clone()).id().0,
            Group::Place(place) => NodeId::Place(*place).id().0,
            Group::Organization(id) => NodeId::Organization(*id).id().0,
            Group::UnitKind(kind) => name(UnitKind::from(*kind)),
            Group::Standing(standing) => standing.name().to_owned(),
            Group::Channel(it) => name(Channel::from(*it)),
            Group::Form(it) => name(Form::from(*it)),
            Group::Beneficiary(it) => name(BeneficiaryGroup::from(*it)),
            Group::Month(month) => month.to_string(),
            Group::Quarter(quarter) => quarter.to_string(),
            Group::Rest => return None,
        })
    }

    /// The category 类别.
    async fn category(&self) -> Option<Category> {
        match &self.group {
            Group::Category(code) => Category::find(&self.at, code),
            _ => None,
        }
    }

    /// The place 区域.
    async fn place(&self) -> Option<Place> {
        match &self.group {
            Group::Place(place) => Place::find(&self.at, *place),
            _ => None,
        }
    }

    /// The organization 组织.
    async fn organization(&self) -> Option<Organization> {
        match &self.group {
            Group::Organization(id) => Organization::find(&self.at, *id),
            _ => None,
        }
    }

    /// How many 数目.
    async fn count(&self) -> i32 {
        int(self.totals.count())
    }

    /// Of these: needs that may be matched, resources of which something is free 待对接.
    async fn open(&self) -> i32 {
        int(self.totals.count_if(|standing, _| standing.is_open()))
    }

    /// How many are in each state 状态分布.
    #[graphql(complexity = "crate::schema::connection::cost(5, child_complexity)")]
    async fn statuses(&self) -> Vec<StatusCount> {
        let counts = self.totals.by_standing().into_iter();
        counts.map(|(it, count)| StatusCount { status: ListStatus::of(it), count: int(count) }).collect()
    }

    /// How many have come to each stage at least 阶段分布. Of resources, what is under way now.
    #[graphql(complexity = "crate::schema::connection::cost(7, child_complexity)")]
    async fn stages(&self) -> Vec<StageCount> {
        let at_least = |stage| self.totals.count_if(|_, reached| reached >= stage);
        let stages = tallies::Stage::ALL.into_iter();
        stages.map(|it| StageCount { stage: it.into(), count: int(at_least(it)) }).collect()
    }

    /// How much, measure by measure 数量. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(3, child_complexity)")]
    async fn quantities(&self, ctx: &Context<'_>) -> Option<Result<Vec<AmountSum>>> {
        let read = || {
            Scope::of(ctx)?.needs(Sight::Street)?;
            let sums = self.totals.by_measure(|_, _| true);
            Ok(sums.iter().map(|(measure, sums)| AmountSum::new(measure, sums)).collect())
        };
        Some(read())
    }

    /// Rates and durations of the group 统计, where they are kept: of needs and pairings, by anything but status and
    /// period, in all of the street; by place also in a part of it. Where they are not, null, and `noFigures` says why.
    /// Null, with an error, for the public.
    async fn figures(&self, ctx: &Context<'_>) -> Option<Result<PeriodFigures>> {
        match Scope::of(ctx).and_then(|scope| scope.needs(Sight::Street)) {
            Ok(()) => {
                let period = self.period.clone().unwrap_or_default();
                self.counts().map(|it| Ok(PeriodFigures::new(period, it)))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Why no figures are kept of the group; null where they are.
    async fn no_figures(&self) -> Option<NoFigures> {
        self.counted.as_ref().err().copied()
    }
}

/// The name of an enum value, as programs see it.
fn name<T: async_graphql::resolver_utils::EnumType>(value: T) -> String {
    match async_graphql::resolver_utils::enum_value(value) {
        async_graphql::Value::Enum(name) => name.to_string(),
        _ => String::new(),
    }
}

/// What a part comes to, group by group.
///
/// # Errors
/// `BAD_USER_INPUT` when an argument makes no sense.
pub fn read(
    scope: &Scope,
    list: TalliedList,
    group_by: AggregateGroup,
    level: Option<PlaceLevel>,
    within: &Option<AggregateScope>,
    period: Option<&str>,
) -> Result<Vec<AggregateRow>> {
    let state = &scope.state;
    let part = part::read(state, list.into(), within, period)?;
    let by = group_by.by(part.list, level)?;
    if !by.is_kept(state, &part) {
        let is_cut = part.slice.is_some();
        return Err(if is_cut {
            bad_input("scope: these groups are told apart in a place, but not within another property")
        } else {
            part::too_deep()
        });
    }
    let row = |(group, totals): (Group, Totals)| AggregateRow {
        at: Arc::clone(state),
        period: period.map(str::to_owned),
        counted: counted(&part, by, &group).map(|counted| {
            let always = (Month { year: i32::MIN, month: 1 }, Month { year: i32::MAX, month: 12 });
            let (first, last) = part.months.unwrap_or(always);
            (counted, first, last)
        }),
        group,
        totals,
    };
    Ok(tallies::aggregate(state, &part, by).into_iter().map(row).collect())
}

/// Under what the figures of a group are kept, or why none are.
fn counted(part: &Part, by: By, group: &Group) -> Result<Counted, NoFigures> {
    if !matches!(part.list, List::Needs | List::Pairings) {
        return Err(NoFigures::List);
    }
    if part.slice.is_some() || part.standings.is_some() {
        return Err(NoFigures::Scope);
    }
    let found = match group {
        Group::Category(code) => Counted::Category(code.clone()),
        Group::Organization(id) if by == By::Giving => Counted::Giving(*id),
        Group::Organization(id) => Counted::Asking(*id),
        Group::UnitKind(kind) if part.list == List::Pairings => Counted::Kind(*kind),
        Group::Channel(it) => Counted::Channel(*it),
        Group::Form(it) => Counted::Form(*it),
        Group::Beneficiary(it) => Counted::Beneficiary(*it),
        Group::UnitKind(_) | Group::Standing(_) | Group::Month(_) | Group::Quarter(_) | Group::Rest => {
            return Err(NoFigures::Group);
        }
        Group::Place(place) => return Ok(Counted::Place(*place)),
    };
    if part.place.is_none() { Ok(found) } else { Err(NoFigures::Scope) }
}

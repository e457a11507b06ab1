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
    scalar::{Date, Long, int},
    scope::{Scope, Snapshot},
    words::{BeneficiaryGroup, Channel, Form, ListStatus, Measure, PlaceLevel, UnitKind},
};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::NaiveDate;
use engine::{
    figures::{self, Counts},
    period::Month,
    permission::Sight,
    quantity,
    state::State,
    tallies::{self, By, Group, List, Part, Slice, Sums, Totals, Where},
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
        Ok(match self {
            Self::Category => By::Category,
            Self::TopCategory => By::TopCategory,
            Self::Place => By::Place(level.unwrap_or(PlaceLevel::Community).into()),
            Self::Organization => By::Organization,
            Self::Giving if list == List::Pairings => By::Giving,
            Self::Giving => {
                return Err(bad_input(
                    "groupBy:只有配对有供给方",
                    "groupBy: only pairings have a giving side",
                ));
            }
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

/// The most groups that are told.
const GROUPS_MAX: usize = 2_000;

/// About how many rows there are, for the limit on complexity.
pub const fn rows(group_by: &[AggregateGroup]) -> usize {
    if group_by.len() > 1 { 100 } else { 20 }
}

/// One group with what it comes to.
#[derive(Clone)]
pub struct AggregateRow {
    at: Snapshot,
    period: Option<String>,
    /// What the group has in common, in the order that was asked for.
    groups: Vec<(By, Group)>,
    totals: Totals,
    counted: Result<(Where, Month, Month), NoFigures>,
}

/// Why a group has no rates and durations 无统计的原因.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NoFigures {
    /// 清单: they are kept of needs and pairings, and resources and projects have none.
    List,
    /// 条件: they are kept of all of the street, of a place in it, of one property, and of one property in a place; not of
    /// two properties at once, or of some states.
    Scope,
    /// 分组: of groups by status, of needs by kind of units, and of what is in no group, none are kept.
    Group,
}

impl AggregateRow {
    /// The figures of the group, where they are kept. Few tiles ask for them, and they are put together of many months.
    fn counts(&self) -> Option<Counts> {
        let (part, first, last) = self.counted.as_ref().ok()?;
        figures::read(&self.at, part, *first, *last)
    }

    /// The first of its groups of which something can be read.
    fn find<T>(&self, read: impl Fn(&Group) -> Option<T>) -> Option<T> {
        self.groups.iter().find_map(|(_, group)| read(group))
    }

    /// The first and the last day of its month or quarter; of both at once, of the month.
    fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let month = self.find(|group| match group {
            Group::Month(month) => month.days(),
            _ => None,
        });
        let quarter = || {
            self.find(|group| match group {
                Group::Quarter(quarter) => quarter.days(),
                _ => None,
            })
        };
        month.or_else(quarter)
    }

    /// The organization of its groups by one side.
    fn side(&self, by: By) -> Option<Organization> {
        self.groups.iter().find_map(|group| match group {
            (own, Group::Organization(id)) if *own == by => Organization::find(&self.at, *id),
            _ => None,
        })
    }
}

/// A group as text.
fn key(group: &Group) -> Option<String> {
    Some(match group {
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

impl PartialEq for AggregateRow {
    fn eq(&self, other: &Self) -> bool {
        (&self.groups, &self.totals) == (&other.groups, &other.totals) && self.counts() == other.counts()
    }
}

/// One group with what it comes to 汇总行. Of its kinds of keys, those that were grouped by are not null.
#[Object]
impl AggregateRow {
    /// What the group has in common, as text: a global id, the name of an enum value, or a period. Null of those of
    /// which it is not said. Of groups by two things, the first; `keys` has both.
    async fn key(&self) -> Option<String> {
        self.groups.first().and_then(|(_, group)| key(group))
    }

    /// What the group has in common, one key for each thing that was grouped by, in that order 分组键.
    async fn keys(&self) -> Vec<Option<String>> {
        self.groups.iter().map(|(_, group)| key(group)).collect()
    }

    /// The category 类别.
    async fn category(&self) -> Option<Category> {
        self.find(|group| match group {
            Group::Category(code) => Category::find(&self.at, code),
            _ => None,
        })
    }

    /// The place 区域.
    async fn place(&self) -> Option<Place> {
        self.find(|group| match group {
            Group::Place(place) => Place::find(&self.at, *place),
            _ => None,
        })
    }

    /// Who posted it 组织; of pairings, who asks.
    async fn organization(&self) -> Option<Organization> {
        self.side(By::Organization)
    }

    /// Of pairings, who gives 提供方.
    async fn giving(&self) -> Option<Organization> {
        self.side(By::Giving)
    }

    /// The kind of whoever posted it 单位类型; of pairings, of whoever gives.
    async fn unit_kind(&self) -> Option<UnitKind> {
        self.find(|group| match group {
            Group::UnitKind(kind) => Some((*kind).into()),
            _ => None,
        })
    }

    /// The state 状态, as the list has it.
    async fn status(&self) -> Option<ListStatus> {
        self.find(|group| match group {
            Group::Standing(standing) => Some(ListStatus::of(*standing)),
            _ => None,
        })
    }

    /// The channel 来源.
    async fn channel(&self) -> Option<Channel> {
        self.find(|group| match group {
            Group::Channel(it) => Some((*it).into()),
            _ => None,
        })
    }

    /// The form 形式.
    async fn form(&self) -> Option<Form> {
        self.find(|group| match group {
            Group::Form(it) => Some((*it).into()),
            _ => None,
        })
    }

    /// The beneficiary 服务对象.
    async fn beneficiary(&self) -> Option<BeneficiaryGroup> {
        self.find(|group| match group {
            Group::Beneficiary(it) => Some((*it).into()),
            _ => None,
        })
    }

    /// The first day of the month or quarter; of both at once, of the month.
    async fn from(&self) -> Option<Date> {
        self.days().map(|(from, _)| from.into())
    }

    /// The last day of the month or quarter; of both at once, of the month.
    async fn to(&self) -> Option<Date> {
        self.days().map(|(_, to)| to.into())
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

    /// Rates and durations of the group 统计, where they are kept: of needs and pairings, by a place, one property or both,
    /// and by period on top of it. Where they are not, null, and `noFigures` says why. Null, with an error, for the public.
    ///
    /// `count` goes by what things say now. So do the figures of needs: one that is amended moves to its new place and
    /// category, in the month in which it was collected. The figures of a pairing stay where what it serves stood when the
    /// pairing began, so after an amendment they may be of other pairings than `count`.
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
    group_by: &[AggregateGroup],
    level: Option<PlaceLevel>,
    within: &Option<AggregateScope>,
    period: Option<&str>,
) -> Result<Vec<AggregateRow>> {
    let state = &scope.state;
    let asks = [AggregateGroup::Organization, AggregateGroup::Giving].map(|it| group_by.contains(&it));
    part::may_ask(scope, list.into(), asks.into(), within)?;
    let part = part::read(state, list.into(), within, period)?;
    if level.is_some() && !group_by.contains(&AggregateGroup::Place) {
        return Err(bad_input("level:仅用于按区域分组", "level: this is for groups by place"));
    }
    let by: Vec<By> = group_by.iter().map(|it| it.by(part.list, level)).collect::<Result<_>>()?;
    part.kept(state, &by).map_err(part::not_kept)?;
    let groups = match by.as_slice() {
        [one] => groups(state, &part, [*one]),
        [one, other] if one != other => groups(state, &part, [*one, *other]),
        [_, _] => {
            return Err(bad_input("groupBy:两项须不同", "groupBy: give two different things"));
        }
        [] | [_, _, _, ..] => {
            return Err(bad_input("groupBy:应为一项或两项", "groupBy: give one thing or two"));
        }
    };
    if groups.len() > GROUPS_MAX {
        let count = groups.len();
        return Err(bad_input(
            format!("groupBy:共 {count} 组,最多 {GROUPS_MAX} 组:请缩小范围或时段"),
            format!(
                "groupBy: these are {count} groups, and at most {GROUPS_MAX} are told: narrow the scope or the period"
            ),
        ));
    }
    let row = |(groups, totals): (Vec<(By, Group)>, Totals)| AggregateRow {
        at: Arc::clone(state),
        period: period.map(str::to_owned),
        counted: counted(&part, &groups),
        groups,
        totals,
    };
    Ok(groups.into_iter().map(row).collect())
}

/// Groups with what they are by.
fn groups<const N: usize>(state: &State, part: &Part, by: [By; N]) -> Vec<(Vec<(By, Group)>, Totals)> {
    let groups = tallies::aggregate(state, part, by).into_iter();
    groups.map(|(group, totals)| (by.into_iter().zip(group).collect(), totals)).collect()
}

/// In which part of the street the figures of a group are kept and for which months, or why none are.
fn counted(part: &Part, groups: &[(By, Group)]) -> Result<(Where, Month, Month), NoFigures> {
    if !matches!(part.list, List::Needs | List::Pairings) {
        return Err(NoFigures::List);
    }
    let of_pairings = part.list == List::Pairings;
    let is_of_needs_by_kind = |slice: &Slice| matches!(slice, Slice::UnitKind(_)) && !of_pairings;
    if part.standings.is_some() || part.slices.iter().any(is_of_needs_by_kind) {
        return Err(NoFigures::Scope);
    }
    let (mut place, mut slices) = (part.place, part.slices.clone());
    let (mut first, mut last) = part.months.unwrap_or((Month::FIRST, Month::LAST));
    for (by, group) in groups {
        match group {
            // It lies in that of the part.
            Group::Place(narrower) => place = Some(*narrower),
            Group::Category(code) => slices.push(Slice::Category(code.clone())),
            Group::Organization(id) if *by == By::Giving => slices.push(Slice::Giving(*id)),
            Group::Organization(id) => slices.push(Slice::Organization(*id)),
            Group::UnitKind(kind) if of_pairings => slices.push(Slice::UnitKind(*kind)),
            Group::Channel(it) => slices.push(Slice::Channel(*it)),
            Group::Form(it) => slices.push(Slice::Form(*it)),
            Group::Beneficiary(it) => slices.push(Slice::Beneficiary(*it)),
            Group::Month(month) => (first, last) = (*month, *month),
            Group::Quarter(quarter) => {
                let (begin, end) = quarter.months();
                (first, last) = (first.max(begin), last.min(end));
            }
            Group::UnitKind(_) | Group::Standing(_) | Group::Rest => return Err(NoFigures::Group),
        }
    }
    let slice = slices.pop();
    if slices.is_empty() { Ok((Where { place, slice }, first, last)) } else { Err(NoFigures::Scope) }
}

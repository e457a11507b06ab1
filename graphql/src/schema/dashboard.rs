//! Dashboards 看板: what tiles show, each a look-up in what the state keeps, at any position of the log.
//!
//! Counts are for everybody, but for those of pairings and of who posted what. These, amounts, rates and who stands where are
//! for members, as their neighbours in the schema are.
#![expect(
    clippy::too_many_arguments,
    reason = "a query of a tile has the arguments of its question and of a page"
)]

pub mod aggregates;
pub mod coverage;
pub mod funnel;
pub mod gap;
pub mod idle;
pub mod part;
pub mod ranking;
pub mod series;
pub mod words;

use super::{
    connection::{PageArguments, count, page_size},
    scalar::Date,
    scope::Scope,
    words::PlaceLevel,
};
use aggregates::{AggregateGroup, AggregateRow};
use async_graphql::{Context, ID, Object, Result};
use coverage::Coverage;
use funnel::Funnel;
use gap::GapRow;
use idle::IdleResourceConnection;
use part::AggregateScope;
use ranking::{UnitRankConnection, UnitRanking};
use series::TimeSeriesStep;
use words::{TalliedList, TimeGrain};

/// The queries of dashboards: of the request's own state, or of another one.
pub struct DashboardQuery(pub(super) Option<Scope>);

impl DashboardQuery {
    fn scope<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a Scope> {
        self.0.as_ref().map_or_else(|| Scope::of(ctx), Ok)
    }
}

/// The queries of dashboards.
#[Object]
impl DashboardQuery {
    /// How many there are and how much, group by group 汇总. What is in no group comes last, with a null key. Pairings, and
    /// who posted or gives what, are for members; both sides of pairings at once for coordinators and observers, or with
    /// one's own organization in `scope`.
    ///
    /// **What it costs** goes by the groups, never by the lists: a row is put together of as many cells as it has months
    /// and states. More than 2,000 groups are refused.
    #[graphql(complexity = "crate::schema::connection::cost(aggregates::rows(&group_by), child_complexity)")]
    async fn aggregates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which list.")] list: TalliedList,
        #[graphql(
            desc = "By what groups are formed: by one, or by two at once, such as [CATEGORY, STATUS]."
        )]
        group_by: Vec<AggregateGroup>,
        #[graphql(desc = "Of which level, when grouped by place; COMMUNITY when not said.")] level: Option<
            PlaceLevel,
        >,
        #[graphql(desc = "In which part of the street; everywhere when not said.")] scope: Option<
            AggregateScope,
        >,
        #[graphql(desc = "What began in this year, quarter or month, such as 2026-Q3; ever when not said.")]
        period: Option<String>,
    ) -> Option<Result<Vec<AggregateRow>>> {
        let read = || aggregates::read(self.scope(ctx)?, list, &group_by, level, &scope, period.as_deref());
        Some(read())
    }

    /// What happened, step by step 时间序列: every step from the first day to the last, also those without anything. At
    /// most 400 steps. It costs the days between them. Of a property in a place by `MONTH` or `QUARTER`: it costs the months
    /// of each community there, and whole months are told, those of both days among them.
    #[graphql(
        complexity = "crate::schema::connection::cost(series::cost(grain, &from, &to), child_complexity)"
    )]
    async fn time_series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How long each step is.")] grain: TimeGrain,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day.")] to: Date,
        #[graphql(
            desc = "In which part of the street: a place, one property or both, and no states; everywhere when not said."
        )]
        scope: Option<AggregateScope>,
    ) -> Option<Result<Vec<TimeSeriesStep>>> {
        let read = || series::read(self.scope(ctx)?, grain, &from, &to, &scope);
        Some(read())
    }

    /// What is wanted and what is there 供需差, by category and measure, the largest shortage first. For members.
    #[graphql(
        complexity = "crate::schema::connection::cost(20, child_complexity) + if prices { 100 } else { 0 }"
    )]
    async fn supply_demand_gap(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In this place and everywhere below it; everywhere when not said.")] place: Option<
            ID,
        >,
        #[graphql(desc = "For each place of this level by itself, COMMUNITY or above.")] level: Option<
            PlaceLevel,
        >,
        #[graphql(desc = "Whether to say what one more unit would add: that takes a plan.", default = false)]
        prices: bool,
    ) -> Option<Result<Vec<GapRow>>> {
        let read = async || gap::read(self.scope(ctx)?, place.as_ref(), level, prices).await;
        Some(read().await)
    }

    /// How many have come how far 漏斗, of what began in a period: each stage has come through the one before. It costs the
    /// months and states of that part, however long the list. Of pairings, or of what one organization posted, for members.
    async fn funnel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of needs or of pairings; of needs when not said.")] list: Option<TalliedList>,
        #[graphql(desc = "In which part of the street; everywhere when not said.")] scope: Option<
            AggregateScope,
        >,
        #[graphql(desc = "What began in this year, quarter or month, such as 2026-Q3; ever when not said.")]
        period: Option<String>,
    ) -> Option<Result<Funnel>> {
        let read = || funnel::read(self.scope(ctx)?, list, &scope, period.as_deref());
        Some(read())
    }

    /// Which units stand where in a period 单位排名, the best first. The orders are kept, so a page costs what it shows. For
    /// members.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn unit_ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A year, a quarter or a month, such as 2026, 2026-Q3, 2026-07.")] period: String,
        #[graphql(desc = "By what; points when not said.")] by: Option<UnitRanking>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<UnitRankConnection>> {
        let read = || {
            let page = PageArguments::read(first, after.as_deref(), last, before.as_deref())?;
            ranking::read(self.scope(ctx)?, &period, by, &page)
        };
        Some(read())
    }

    /// Resources of which something is free and nothing under way 闲置资源, idle longest first. For members.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, None), child_complexity)")]
    async fn idle_resources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Lying in this place or below it.")] place: Option<ID>,
        #[graphql(desc = "Of this category, by its global id or code; a top includes its leaves.")]
        category: Option<ID>,
        #[graphql(desc = "At most so many, up to 100; 20 when not said.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
    ) -> Option<Result<IdleResourceConnection>> {
        let read = || {
            let count = count(first, None)?;
            let (place, category) = (place.as_ref(), category.as_ref().map(|it| it.as_str()));
            idle::read(self.scope(ctx)?, place, category, count, after.as_deref())
        };
        Some(read())
    }

    /// How each community is served 覆盖情况: those that have needs and nothing matched come first.
    #[graphql(complexity = "crate::schema::connection::cost(20, child_complexity)")]
    async fn coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In this place and everywhere below it; everywhere when not said.")] place: Option<
            ID,
        >,
        #[graphql(desc = "What was posted in this year, quarter or month; ever when not said.")]
        period: Option<String>,
        #[graphql(desc = "Only communities with needs of which nothing was ever matched.", default = false)]
        left_out_only: bool,
    ) -> Option<Result<Vec<Coverage>>> {
        let read = || coverage::read(self.scope(ctx)?, place.as_ref(), period.as_deref(), left_out_only);
        Some(read())
    }
}

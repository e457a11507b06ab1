//! Tiles 看板推送: each query of the dashboards as something to follow.
#![expect(clippy::too_many_arguments, reason = "a tile has the arguments of its query and where to go on")]

use super::{ended, is_member_still};
use crate::{
    http::seen::Following,
    schema::{
        connection::{PageArguments, count, page_size},
        contribution::ranking::{self as contributions, ContributionMeasure, ContributionRankConnection},
        dashboard::{
            aggregates::{self, AggregateGroup, AggregateRow},
            coverage::{self, Coverage},
            funnel::{self, Funnel},
            gap::{self, GapRow},
            idle::{self, IdleResourceConnection},
            part::AggregateScope,
            ranking::{self, UnitRankConnection, UnitRanking},
            series::{self, TimeSeriesStep},
            words::{TalliedList, TimeGrain},
        },
        figures::{self, FiguresScope, PeriodFigures},
        filter::organization_id,
        history,
        organization::OrganizationFilter,
        scalar::{Date, DateTime, Position},
        scope::Scope,
        words::PlaceLevel,
        work::{
            self, WorkConnection,
            list::{WorkFilter, WorkOrder},
        },
    },
};
use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use engine::{identity::Position as CommitPosition, permission::Sight};
use futures_util::{Stream, StreamExt, future::BoxFuture, stream};
use std::{future::pending, sync::Arc, time::Duration};
use tokio::{select, sync::watch, time::sleep};

/// When a tile is read again.
#[derive(Clone, Copy)]
struct Pace {
    /// How long it waits for more before it tells a change: what people read need not move faster.
    settles: Duration,
    /// How long it may stand without any change, where time alone changes it.
    ages: Option<Duration>,
}

const PACE: Pace = Pace { settles: Duration::from_millis(100), ages: None };

/// Of a tile that takes a plan.
const PACE_OF_PLANS: Pace = Pace { settles: Duration::from_secs(2), ages: None };

/// Of a tile that tells what is late.
const PACE_OF_TASKS: Pace = Pace { ages: Some(Duration::from_secs(5)), ..PACE };

/// How a tile is read at one position.
type Read<T> = Arc<dyn Fn(Scope) -> BoxFuture<'static, Result<T>> + Send + Sync>;

fn at_once<T: Send + 'static>(read: impl Fn(&Scope) -> Result<T> + Send + Sync + 'static) -> Read<T> {
    Arc::new(move |scope| {
        let told = read(&scope);
        Box::pin(async move { told })
    })
}

/// A tile that is followed.
struct Tile<T> {
    scope: Scope,
    read: Read<T>,
    pace: Pace,
    heads: watch::Receiver<CommitPosition>,
    /// Counts it, and how far it has come.
    following: Following,
    /// The newest position it was read at; none before the first.
    seen: Option<CommitPosition>,
    /// The position that the client had it from, until it was read there once more.
    resumes: Option<Position>,
    told: Option<T>,
    over: bool,
}

impl<T: PartialEq + Clone> Tile<T> {
    /// The next value that differs from the one before; `None` when the ledger is closed or an error was told.
    async fn next(&mut self) -> Option<Result<(Scope, T)>> {
        if self.over {
            return None;
        }
        let told = self.differing().await?;
        self.over = told.is_err();
        Some(told)
    }

    async fn differing(&mut self) -> Option<Result<(Scope, T)>> {
        if let Some(resumes) = self.resumes.take() {
            match self.as_it_was(resumes).await {
                Ok(tile) => self.told = Some(tile),
                Err(error) => return Some(Err(error)),
            }
        }
        loop {
            if let Some(seen) = self.seen {
                self.changed(seen).await?;
            }
            let scope = self.scope.renewed();
            if !is_member_still(&scope.state, &scope.caller()) {
                return Some(Err(ended()));
            }
            self.seen = Some(scope.state.position());
            match (self.read)(scope.clone()).await {
                Ok(tile) if self.told.as_ref() == Some(&tile) => {
                    self.following.reached(scope.state.position());
                }
                Ok(tile) => {
                    self.following.reached(scope.state.position());
                    self.told = Some(tile.clone());
                    return Some(Ok((scope, tile)));
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Waits until there is more than was seen, or what was seen has aged; `None` when the ledger is closed.
    async fn changed(&mut self, seen: CommitPosition) -> Option<()> {
        // The position decides, the watch only wakes: nothing is missed between the two.
        let more = async { self.heads.wait_for(|head| *head > seen).await.is_ok() };
        let ages = async {
            match self.pace.ages {
                Some(time) => sleep(time).await,
                None => pending().await,
            }
        };
        let is_open = select! {
            is_open = more => is_open,
            () = ages => return Some(()),
        };
        sleep(self.pace.settles).await;
        is_open.then_some(())
    }

    async fn as_it_was(&self, position: Position) -> Result<T> {
        let past = history::as_of(Ok(&self.scope), Some(position), None).await?;
        (self.read)(past).await
    }
}

/// Follows a tile: it is told at once, or what differs from a position on, and then whenever it differs.
fn follow<T: PartialEq + Clone + Send + 'static>(
    ctx: &Context<'_>,
    after: Option<Position>,
    pace: Pace,
    read: Read<T>,
) -> Result<impl Stream<Item = Result<(Scope, T)>> + 'static> {
    let scope = Scope::of(ctx)?;
    scope.needs(Sight::Street)?;
    let heads = scope.shared().ledger.head();
    // What a tile shows is the newest there is, wherever it resumes: it is behind by what came since it was read.
    let following = scope.shared().seen.following(scope.state.position());
    let (scope, told) = (scope.clone(), None);
    let tile = Tile { scope, read, pace, heads, following, seen: None, resumes: after, told, over: false };
    Ok(stream::unfold(tile, |mut tile| async move {
        let next = tile.next().await?;
        Some((next, tile))
    }))
}

/// Declares what a tile is told as.
macro_rules! tile {
    ($name:ident, $field:ident: $value:ty, $what:literal) => {
        #[doc = concat!("A tile as it is at one position: ", $what, ".")]
        #[derive(Clone, SimpleObject)]
        pub struct $name {
            /// The position it was read at: give this as `after` to go on after a break.
            pub position: Position,
            /// When the commit at this position was made.
            pub time: Option<DateTime>,
            #[doc = concat!("What it shows: ", $what, ".")]
            pub $field: $value,
        }

        impl $name {
            fn new((scope, $field): (Scope, $value)) -> Self {
                Self {
                    position: scope.state.position().into(),
                    time: scope.state.time().map(DateTime),
                    $field,
                }
            }
        }
    };
}

tile!(AggregatesTile, rows: Vec<AggregateRow>, "aggregates 汇总");
tile!(TimeSeriesTile, steps: Vec<TimeSeriesStep>, "a time series 时间序列");
tile!(SupplyDemandGapTile, rows: Vec<GapRow>, "the gap between supply and demand 供需差");
tile!(FunnelTile, funnel: Funnel, "a funnel 漏斗");
tile!(UnitRankingTile, units: UnitRankConnection, "the ranking of units 单位排名");
tile!(IdleResourcesTile, resources: IdleResourceConnection, "idle resources 闲置资源");
tile!(CoverageTile, rows: Vec<Coverage>, "how communities are served 覆盖情况");
tile!(FiguresTile, figures: PeriodFigures, "figures 统计");
tile!(ContributionRankingTile, ranking: ContributionRankConnection, "the ranking of contributions 贡献排名");
tile!(WorkListTile, work: WorkConnection, "a work list 待办");

/// The tiles of dashboards.
#[derive(Default)]
pub struct LiveTiles;

/// The tiles of dashboards. Each is told at once, and then whenever it differs from what was told last, with its newest
/// value, some times a second at most. With `after`, nothing is told until it differs from how it was at that position.
/// For members.
#[Subscription]
impl LiveTiles {
    /// `aggregates`, followed 汇总推送: at once, then whenever they differ; from a position on, what differs since. For
    /// members.
    #[graphql(complexity = "crate::schema::connection::cost(aggregates::rows(&group_by), child_complexity)")]
    async fn aggregates_changed(
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
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<AggregatesTile>> + 'static> {
        let read = at_once(move |at| aggregates::read(at, list, &group_by, level, &scope, period.as_deref()));
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(AggregatesTile::new)))
    }

    /// `timeSeries`, followed 时间序列推送: at once, then whenever it differs; from a position on, what differs since. For
    /// members.
    #[graphql(
        complexity = "crate::schema::connection::cost(series::cost(grain, &from, &to), child_complexity)"
    )]
    async fn time_series_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How long each step is.")] grain: TimeGrain,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day.")] to: Date,
        #[graphql(
            desc = "In which part of the street: a place, one property or both, and no states; everywhere when not said."
        )]
        scope: Option<AggregateScope>,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<TimeSeriesTile>> + 'static> {
        let read = at_once(move |at| series::read(at, grain, &from, &to, &scope));
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(TimeSeriesTile::new)))
    }

    /// `supplyDemandGap`, followed 供需差推送: at once, then whenever it differs; from a position on, what differs since.
    /// Prices move with time, too: they are told when something was written. For members.
    #[graphql(
        complexity = "crate::schema::connection::cost(20, child_complexity) + if prices { 100 } else { 0 }"
    )]
    async fn supply_demand_gap_changed(
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
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<SupplyDemandGapTile>> + 'static> {
        let pace = if prices { PACE_OF_PLANS } else { PACE };
        let read: Read<Vec<GapRow>> = Arc::new(move |at| {
            let place = place.clone();
            Box::pin(async move { gap::read(&at, place.as_ref(), level, prices).await })
        });
        Ok(follow(ctx, after, pace, read)?.map(|told| told.map(SupplyDemandGapTile::new)))
    }

    /// `funnel`, followed 漏斗推送: at once, then whenever it differs; from a position on, what differs since. For members.
    async fn funnel_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of needs or of pairings; of needs when not said.")] list: Option<TalliedList>,
        #[graphql(desc = "In which part of the street; everywhere when not said.")] scope: Option<
            AggregateScope,
        >,
        #[graphql(desc = "What began in this year, quarter or month, such as 2026-Q3; ever when not said.")]
        period: Option<String>,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<FunnelTile>> + 'static> {
        let read = at_once(move |at| funnel::read(at, list, &scope, period.as_deref()));
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(FunnelTile::new)))
    }

    /// The first page of `unitRanking`, followed 单位排名推送: at once, then whenever it differs; from a position on, what differs since. For
    /// members.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, None), child_complexity)")]
    async fn unit_ranking_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A year, a quarter or a month, such as 2026, 2026-Q3, 2026-07.")] period: String,
        #[graphql(desc = "By what; points when not said.")] by: Option<UnitRanking>,
        #[graphql(desc = "At most so many, up to 100; 20 when not said.")] first: Option<i32>,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<UnitRankingTile>> + 'static> {
        PageArguments::read(first, None, None, None)?;
        let read =
            at_once(move |at| ranking::read(at, &period, by, &PageArguments::read(first, None, None, None)?));
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(UnitRankingTile::new)))
    }

    /// The first page of `idleResources`, followed 闲置资源推送: at once, then whenever it differs; from a position on, what
    /// differs since. For members.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, None), child_complexity)")]
    async fn idle_resources_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Lying in this place or below it.")] place: Option<ID>,
        #[graphql(desc = "Of this category, by its global id or code; a top includes its leaves.")]
        category: Option<ID>,
        #[graphql(desc = "At most so many, up to 100; 20 when not said.")] first: Option<i32>,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<IdleResourcesTile>> + 'static> {
        let count = count(first, None)?;
        let read = at_once(move |at| {
            idle::read(at, place.as_ref(), category.as_ref().map(|it| it.as_str()), count, None)
        });
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(IdleResourcesTile::new)))
    }

    /// `coverage`, followed 覆盖情况推送: at once, then whenever it differs; from a position on, what differs since. For
    /// members.
    #[graphql(complexity = "crate::schema::connection::cost(20, child_complexity)")]
    async fn coverage_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In this place and everywhere below it; everywhere when not said.")] place: Option<
            ID,
        >,
        #[graphql(desc = "What was posted in this year, quarter or month; ever when not said.")]
        period: Option<String>,
        #[graphql(desc = "Only communities with needs of which nothing was ever matched.", default = false)]
        left_out_only: bool,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<CoverageTile>> + 'static> {
        let read = at_once(move |at| coverage::read(at, place.as_ref(), period.as_deref(), left_out_only));
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(CoverageTile::new)))
    }

    /// `figures`, followed 统计推送: at once, then whenever they differ; from a position on, what differs since. For
    /// members.
    async fn figures_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A year, a quarter or a month, such as 2026, 2026-Q3, 2026-07.")] period: String,
        #[graphql(desc = "In which part of the street; everywhere when not said.")] scope: Option<
            FiguresScope,
        >,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<FiguresTile>> + 'static> {
        let read = at_once(move |at| figures::read(at, &period, scope.clone().unwrap_or_default()));
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(FiguresTile::new)))
    }

    /// The first page of `contributionRanking`, followed 贡献排名推送: at once, then whenever it differs; from a position on,
    /// what differs since. For members.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, None), child_complexity)")]
    async fn contribution_ranking_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A year, a quarter or a month, such as 2026, 2026-Q3, 2026-07.")] period: String,
        #[graphql(desc = "By what; points when not said.")] by: Option<ContributionMeasure>,
        #[graphql(desc = "Only organizations that pass this filter; they are ranked among themselves.")]
        filter: Option<OrganizationFilter>,
        #[graphql(desc = "At most so many, up to 100; 20 when not said.")] first: Option<i32>,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<ContributionRankingTile>> + 'static> {
        PageArguments::read(first, None, None, None)?;
        let by = by.unwrap_or_default();
        let read = at_once(move |at| {
            let page = PageArguments::read(first, None, None, None)?;
            contributions::read(at, &period, by, filter.clone(), &page)
        });
        Ok(follow(ctx, after, PACE, read)?.map(|told| told.map(ContributionRankingTile::new)))
    }

    /// The first page of `workList`, followed 待办推送: at once, then whenever it differs; from a position on, what differs
    /// since. What is to do because its hour has come is told within five seconds although nobody writes. For members.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, None), child_complexity)")]
    async fn work_list_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "For whom; when not said, a coordinator follows what waits in all of the street, others their own."
        )]
        organization: Option<ID>,
        #[graphql(desc = "Only what passes this filter.")] filter: Option<WorkFilter>,
        #[graphql(desc = "In which order; what is late first when not said.")] order_by: Option<WorkOrder>,
        #[graphql(desc = "At most so many, up to 100; 20 when not said.")] first: Option<i32>,
        #[graphql(desc = "The position of the tile that came last.")] after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<WorkListTile>> + 'static> {
        PageArguments::read(first, None, None, None)?;
        let whose = organization.as_ref().map(organization_id).transpose()?;
        let read = at_once(move |at| {
            let page = PageArguments::read(first, None, None, None)?;
            work::list::read(at, (whose, filter.clone(), order_by), &page)
        });
        Ok(follow(ctx, after, PACE_OF_TASKS, read)?.map(|told| told.map(WorkListTile::new)))
    }
}

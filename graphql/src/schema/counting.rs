//! The queries about what waits and what was counted.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, page_size},
    contribution::ranking::{self, ContributionMeasure, ContributionRankConnection},
    figures::{self, FiguresScope, PeriodFigures},
    filter::organization_id,
    organization::OrganizationFilter,
    scope::Scope,
    work::{
        self, WorkConnection,
        list::{WorkFilter, WorkOrder},
    },
};
use async_graphql::{Context, ID, Object, Result};

/// The queries about what waits and what was counted: of the request's own state, or of another one.
pub struct CountingQuery(pub(super) Option<Scope>);

impl CountingQuery {
    fn scope<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a Scope> {
        self.0.as_ref().map_or_else(|| Scope::of(ctx), Ok)
    }
}

/// The queries about what waits and what was counted.
#[Object]
impl CountingQuery {
    /// What waits for an organization 催办: what is late first, then what has waited longest. A coordinator may ask for
    /// any organization or, saying none, for all of the street; others for their own.
    ///
    /// What is late goes by the clock and by the rules in force, so no index has it: all is looked at that waits for the
    /// organization, or in the whole street where none is said.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn work_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For whom.")] organization: Option<ID>,
        #[graphql(desc = "Only what passes this filter.")] filter: Option<WorkFilter>,
        #[graphql(desc = "In which order; what is late first when not said.")] order_by: Option<WorkOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<WorkConnection>> {
        let read = || {
            let page = PageArguments::read(first, after.as_deref(), last, before.as_deref())?;
            let whose = organization.as_ref().map(organization_id).transpose()?;
            work::list::read(self.scope(ctx)?, (whose, filter, order_by), &page)
        };
        Some(read())
    }

    /// What was collected, answered, settled and appraised 统计, and how pairings fared. For members.
    /// The figures of a month on the 15th of the next: `asOf(at: "2026-07-15T15:59:59Z") { figures(period: "2026-06") {
    /// collected replyRate { perMille } resolutionRate { perMille } } }`.
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A year, a quarter or a month, such as 2026, 2026-Q3, 2026-07.")] period: String,
        #[graphql(desc = "In which part of the street; everywhere when not said.")] scope: Option<
            FiguresScope,
        >,
    ) -> Option<Result<PeriodFigures>> {
        Some(self.scope(ctx).and_then(|at| figures::read(at, &period, scope.unwrap_or_default())))
    }

    /// Who was credited with how much in a period 贡献排名, the most first; with `last`, the least. For members. Looks at
    /// each organization that was credited with anything in a month of the period, and at no credit.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn contribution_ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A year, a quarter or a month, such as 2026, 2026-Q3, 2026-07.")] period: String,
        #[graphql(desc = "By what; points when not said.")] by: Option<ContributionMeasure>,
        #[graphql(desc = "Only organizations that pass this filter; they are ranked among themselves.")]
        filter: Option<OrganizationFilter>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ContributionRankConnection>> {
        let read = || {
            let page = PageArguments::read(first, after.as_deref(), last, before.as_deref())?;
            ranking::read(self.scope(ctx)?, &period, by.unwrap_or_default(), filter, &page)
        };
        Some(read())
    }
}

//! The queries about what waits and what was counted.

use super::{
    connection::{PAGE_DEFAULT, PAGE_MAX, PageRequest, page_size},
    contribution::{self, ContributionMeasure, ContributionRank},
    fault::bad_input,
    figures::{self, FiguresScope, PeriodFigures},
    identity::NodeId,
    scope::Scope,
    work::{self, WorkConnection},
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
    /// any organization or, saying none, for all of the street; others for their own. A cursor is good for one
    /// position of the log: the list is sorted anew when the street moves on.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn work_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For whom.")] organization: Option<ID>,
        #[graphql(desc = "The first so many after `after`, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<WorkConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let wanted = match organization.as_ref().map(|id| NodeId::read(id)) {
                None => None,
                Some(Some(NodeId::Organization(id))) => Some(id),
                Some(_) => return Err(bad_input("organization: this is not the id of an organization")),
            };
            work::read(ctx, self.scope(ctx)?, wanted, page)
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

    /// Who was credited with how much in a period 贡献排名, the most first. For members.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, None), child_complexity)")]
    async fn contribution_ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A year, a quarter or a month, such as 2026, 2026-Q3, 2026-07.")] period: String,
        #[graphql(desc = "By what; points when not said.")] by: Option<ContributionMeasure>,
        #[graphql(desc = "At most so many, up to 100; 20 when not said.")] first: Option<i32>,
    ) -> Option<Result<Vec<ContributionRank>>> {
        let read = || {
            let count = first.unwrap_or(PAGE_DEFAULT);
            let count = match usize::try_from(count) {
                Ok(entries) if (1..=PAGE_MAX).contains(&count) => entries,
                _ => return Err(bad_input(format!("`first` takes 1 to {PAGE_MAX}, got {count}"))),
            };
            let by = by.unwrap_or(ContributionMeasure::Points);
            contribution::ranking(self.scope(ctx)?, &period, by, count)
        };
        Some(read())
    }
}

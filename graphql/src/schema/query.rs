//! The queries: what may be asked, all of it at the one position of the request, or of another state: one of
//! the past, or one that is only supposed.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    agreement::AgreementQuery,
    bid::BiddingQuery,
    category::{Category, CategoryConnection},
    connection::{PAGE_MAX, PageArguments, count, page_size},
    counting::CountingQuery,
    dashboard::DashboardQuery,
    delivery::DeliveryQuery,
    directory::DirectoryQuery,
    event::{self, EventConnection},
    explanation::PlanExplanations,
    fault::{too_many, wrong_id},
    filter::{NeedFilter, PairingFilter, ProjectFilter, ResourceFilter, TimeRange},
    history::{self, HistoryConnection, HistoryPage, HistorySubject},
    identity::NodeId,
    listing::{
        self,
        orders::{NeedOrder, ProjectOrder, ResourceOrder},
    },
    live::filter::EventFilter,
    meeting::MeetingQuery,
    need::{Need, NeedConnection},
    node::Node,
    operating::OperatingQuery,
    pairing::{Pairing, PairingConnection, PairingOrder},
    plan::{Plan, PlanConnection, PlanFilter, PlanOrder, PlanPreview},
    project::{Project, ProjectConnection},
    resource::{Resource, ResourceConnection},
    scalar::{DateTime, Position},
    scope::Scope,
    street::{Me, Rules, Street},
    suggestion::{self, Suggestion},
    what_if::WhatIf,
};
use crate::input::change::ChangeInput;
use async_graphql::{Context, ID, Object, Result};
use engine::permission::Sight;

/// The queries: of the request's own state, or of another one that was asked for.
#[derive(Default)]
pub struct Query {
    bound: Option<Scope>,
}

impl Query {
    /// The queries of another state than that of the request.
    pub const fn of(scope: Scope) -> Self {
        Self { bound: Some(scope) }
    }

    fn scope<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a Scope> {
        self.bound.as_ref().map_or_else(|| Scope::of(ctx), Ok)
    }
}

/// What may be asked. Every field of one request sees the same position.
///
/// From version 1.0 on, what is here stays. A field that is not to be used any more is marked as deprecated, with a reason that names its
/// successor, and answered for a year at least; new fields, arguments and enum values may come at any time 弃用规则.
#[Object]
impl Query {
    #[graphql(flatten)]
    async fn counting(&self) -> CountingQuery {
        CountingQuery(self.bound.clone())
    }

    #[graphql(flatten)]
    async fn operating(&self) -> OperatingQuery {
        OperatingQuery
    }

    #[graphql(flatten)]
    async fn dashboard(&self) -> DashboardQuery {
        DashboardQuery(self.bound.clone())
    }

    /// The position of the log this whole answer was read at.
    async fn position(&self, ctx: &Context<'_>) -> Result<Position> {
        Ok(self.scope(ctx)?.state.position().into())
    }

    /// When the commit at this position was made; null before the first.
    async fn time(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(self.scope(ctx)?.state.time().map(DateTime))
    }

    /// The street 街道; null before its log is opened.
    async fn street(&self, ctx: &Context<'_>) -> Result<Option<Street>> {
        Ok(Street::find(&self.scope(ctx)?.state))
    }

    /// Who is asking, and what that lets them see.
    async fn me(&self, ctx: &Context<'_>) -> Result<Me> {
        Ok(Me::new(self.scope(ctx)?))
    }

    /// What a global id names; null when there is no such thing, or the caller does not see it.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id.")] id: ID,
    ) -> Option<Result<Node>> {
        self.scope(ctx).and_then(|scope| Node::find(scope, &id)).transpose()
    }

    /// What several global ids name, in their order; null where there is no such thing, or the caller does not see it.
    #[graphql(complexity = "crate::schema::connection::cost(ids.len().clamp(1, 100), child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 global ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        if ids.len() > usize::try_from(PAGE_MAX).unwrap_or_default() {
            return Err(too_many("ids", PAGE_MAX));
        }
        let scope = self.scope(ctx)?;
        Ok(ids.iter().map(|id| Node::find(scope, id).transpose()).collect())
    }

    /// The taxonomy 类别, by code.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<CategoryConnection> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        Category::all(&self.scope(ctx)?.state, page)
    }

    #[graphql(flatten)]
    async fn directory(&self) -> DirectoryQuery {
        DirectoryQuery(self.bound.clone())
    }

    /// The list of needs 需求清单, in the order in which they were posted. The public reads those that are published: none
    /// that waits for its review, was taken back before it, or was not taken on. Who acts for an organization sees of these
    /// its own and those that it reviews, too.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn needs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<NeedFilter>,
        #[graphql(desc = "In which order; as they were posted when not said.")] order_by: Option<NeedOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<NeedConnection> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        listing::list::<Need>(ctx, &self.scope(ctx)?.state, (filter, order_by), page, [])
    }

    /// The list of resources 资源清单, in the order in which they were posted.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn resources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<ResourceFilter>,
        #[graphql(desc = "In which order; as they were posted when not said.")] order_by: Option<
            ResourceOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<ResourceConnection> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        listing::list::<Resource>(ctx, &self.scope(ctx)?.state, (filter, order_by), page, [])
    }

    /// The list of projects 项目清单, in the order in which they were posted.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<ProjectFilter>,
        #[graphql(desc = "In which order; as they were posted when not said.")] order_by: Option<
            ProjectOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<ProjectConnection> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        listing::list::<Project>(ctx, &self.scope(ctx)?.state, (filter, order_by), page, [])
    }

    /// The pairings 配对. Who acts for an organization sees those in which it asks or gives. Null, with an error, for the
    /// public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PairingFilter>,
        #[graphql(desc = "In which order; as they were proposed when not said.")] order_by: Option<
            PairingOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let asked = (filter, order_by);
        let read = |scope: &Scope| listing::for_members::<Pairing>(ctx, &scope.state, asked, page, []);
        Some(self.scope(ctx).and_then(read))
    }

    #[graphql(flatten)]
    async fn agreement(&self) -> AgreementQuery {
        AgreementQuery::of(self.bound.clone())
    }

    #[graphql(flatten)]
    async fn delivery(&self) -> DeliveryQuery {
        DeliveryQuery::of(self.bound.clone())
    }

    /// The plans 匹配方案 the street has adopted. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PlanFilter>,
        #[graphql(desc = "In which order; as they were adopted when not said.")] order_by: Option<PlanOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PlanConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let asked = (filter, order_by);
        let read = |scope: &Scope| listing::for_members::<Plan>(ctx, &scope.state, asked, page, []);
        Some(self.scope(ctx).and_then(read))
    }

    /// One plan; null when there is no such plan. Null, with an error, for the public.
    async fn plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Option<Result<Plan>> {
        let read = || {
            let scope = self.scope(ctx)?;
            scope.needs(Sight::Street)?;
            match NodeId::read(&id) {
                Some(NodeId::Plan(plan)) => Ok(Plan::find(&scope.state, plan)),
                _ => Err(wrong_id("id", "匹配方案", "a plan")),
            }
        };
        read().transpose()
    }

    /// The plan adopted last; null when there is none. Null, with an error, for the public.
    async fn latest_plan(&self, ctx: &Context<'_>) -> Option<Result<Plan>> {
        let read = || {
            let scope = self.scope(ctx)?;
            scope.needs(Sight::Street)?;
            Ok(Plan::latest(&scope.state))
        };
        read().transpose()
    }

    /// Computes the best plan for everything that is open, and records nothing 试算. For members.
    #[graphql(complexity = "50 + child_complexity")]
    async fn preview_plan(&self, ctx: &Context<'_>) -> Option<Result<PlanPreview>> {
        Some(preview(self.scope(ctx)).await)
    }

    /// What fits one need, one slot, one resource or one organization, best first 推荐. For members; who acts for an
    /// organization asks for what is its own, and for needs that it reviews.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, None), child_complexity)")]
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who could serve this need?")] need: Option<ID>,
        #[graphql(desc = "Who could serve this slot of a project?")] slot: Option<ID>,
        #[graphql(desc = "What could this resource serve?")] resource: Option<ID>,
        #[graphql(desc = "What could this organization serve with all it has?")] organization: Option<ID>,
        #[graphql(desc = "At most so many, up to 100; 20 when not said.")] first: Option<i32>,
    ) -> Option<Result<Vec<Suggestion>>> {
        Some(suggest(self.scope(ctx), [need, slot, resource, organization], first).await)
    }

    #[graphql(flatten)]
    async fn bidding(&self) -> BiddingQuery {
        BiddingQuery::of(self.bound.clone())
    }

    #[graphql(flatten)]
    async fn meeting(&self) -> MeetingQuery {
        MeetingQuery::of(self.bound.clone())
    }

    /// The rules of the street 规则.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Rules> {
        Ok(Rules(self.scope(ctx)?.state.rules().clone()))
    }

    /// The event feed 事件, oldest first; with `last`, its newest part. Who acts for an organization is told of what it sees.
    /// Null, with an error, for the public.
    ///
    /// The log keeps no count of events, so there is no total. Without a filter a page costs what it shows, and so it does
    /// with `entities` or an `organization`, of which the state knows where the log speaks of them: of an organization it
    /// looks once at each of the things it has to do with. Any other filter, and whom not all is told, looks at the commits
    /// between the ends of the page, 2,000 of them at most; a page that ends there says that there is more, may show fewer
    /// than were asked for, and its cursors stand where it has looked to: the next page goes on there.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<EventFilter>,
        #[graphql(desc = "Only what happened in this span.")] during: Option<TimeRange>,
        #[graphql(desc = "The first so many after `after`, 1 to 100; 20 when not said.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this position or cursor; from the beginning when not said.")]
        after: Option<Position>,
        #[graphql(desc = "The last so many before `before`, 1 to 100.")] last: Option<i32>,
        #[graphql(
            desc = "Only what precedes this cursor; a position is that of the last event of its commit."
        )]
        before: Option<Position>,
    ) -> Option<Result<EventConnection>> {
        let read = async || {
            let scope = self.scope(ctx)?;
            event::page::read(scope, filter, during, event::page::Asked::read(first, after, last, before)?)
                .await
        };
        Some(read().await)
    }

    /// Who did what to one thing, when, and what that changed, field by field, oldest first 变更历史.
    /// Give `id`, or `of` for what has no id. What the caller does not see has none. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Of what: a global id. A slot has the history of its project, a call that of what it is on, a token that of its member, a standing relation that of its unit."
        )]
        id: Option<ID>,
        #[graphql(desc = "Of what has no global id.")] of: Option<HistorySubject>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this position.")] after: Option<Position>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this position.")] before: Option<Position>,
    ) -> Option<Result<HistoryConnection>> {
        let read = async || {
            let scope = self.scope(ctx)?;
            let entity = history::entity(id.as_ref(), of)?;
            let page = HistoryPage::read(first, after, last, before)?;
            history::read(scope, entity, page).await
        };
        Some(read().await)
    }

    /// The same questions, asked of the street as it was 回溯: at a position, or at a moment. What the caller
    /// may see goes by the rights of now, whose something was by that state. For members.
    ///
    /// **What is read here has the same global ids as today's.** A client that keeps things by their id mixes the two: let
    /// each position have a store of its own, or keep nothing of it. `node` and `nodes` at the top give today's.
    #[graphql(complexity = "200 + child_complexity")]
    async fn as_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After the commit with this number.")] position: Option<Position>,
        #[graphql(desc = "After the last commit that was made at or before this moment.")] at: Option<
            DateTime,
        >,
    ) -> Option<Result<Query>> {
        Some(history::as_of(self.scope(ctx), position, at).await.map(Query::of))
    }

    /// Why the best plan is as it is 方案解释: each yes and each no, what is scarce, what is worth doing
    /// together. The plan is that of `previewPlan`, made once for each request. For members.
    #[graphql(complexity = "100 + child_complexity")]
    async fn explanations(&self, ctx: &Context<'_>) -> Option<Result<PlanExplanations>> {
        Some(self.scope(ctx).and_then(PlanExplanations::new))
    }

    /// The street with changes that nobody has made 情景推演. Nothing is recorded. For members.
    ///
    /// **What is read here has the same global ids as today's.** A client that keeps things by their id mixes the two: let
    /// each supposition have a store of its own, or keep nothing of it. `node` and `nodes` at the top give today's.
    #[graphql(complexity = "50 + child_complexity")]
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What would be different, one after the other, at most 50.")] changes: Vec<
            ChangeInput,
        >,
        #[graphql(desc = "What time it would be; the time of the question when not said.")] at: Option<
            DateTime,
        >,
    ) -> Option<Result<WhatIf>> {
        Some(self.scope(ctx).and_then(|scope| WhatIf::read(scope, &changes, at)))
    }
}

async fn preview(scope: Result<&Scope>) -> Result<PlanPreview> {
    let scope = scope?;
    scope.needs(Sight::Street)?;
    let proposal = super::matching::propose(scope).await?;
    Ok(PlanPreview::new(&scope.state, proposal))
}

async fn suggest(
    scope: Result<&Scope>,
    [need, slot, resource, organization]: [Option<ID>; 4],
    first: Option<i32>,
) -> Result<Vec<Suggestion>> {
    let scope = scope?;
    scope.needs(Sight::Street)?;
    let subject = suggestion::subject(need, slot, resource, organization)?;
    suggestion::suggest(scope, subject, count(first, None)?).await
}

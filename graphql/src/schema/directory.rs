//! The queries about who and where: places, organizations, the roster, logins.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, page_size},
    listing::{self, orders::OrganizationOrder},
    member::{Member, MemberConnection, MemberFilter, MemberOrder},
    organization::{Organization, OrganizationConnection, OrganizationFilter},
    place::{Place, PlaceConnection, PlaceFilter, PlaceOrder},
    roster::{RosterConnection, RosterFilter, RosterLink, RosterOrder},
    scope::Scope,
};
use async_graphql::{Context, Object, Result};
use engine::permission::Sight;

/// The queries about who and where: of the request's own state, or of another one.
pub struct DirectoryQuery(pub(super) Option<Scope>);

impl DirectoryQuery {
    fn scope<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a Scope> {
        self.0.as_ref().map_or_else(|| Scope::of(ctx), Ok)
    }
}

/// The queries about who and where.
#[Object]
impl DirectoryQuery {
    /// The territory tree 区域, place by place.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn places(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PlaceFilter>,
        #[graphql(desc = "In which order; as they were added when not said.")] order_by: Option<PlaceOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<PlaceConnection> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        listing::list::<Place>(ctx, &self.scope(ctx)?.state, (filter, order_by), page, [])
    }

    /// The organizations 组织, in the order in which they were registered.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<OrganizationFilter>,
        #[graphql(desc = "In which order; as they were registered when not said.")] order_by: Option<
            OrganizationOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<OrganizationConnection> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        listing::list::<Organization>(ctx, &self.scope(ctx)?.state, (filter, order_by), page, [])
    }

    /// The standing relations 包联/双报到/结对, by unit, then community.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn roster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<RosterFilter>,
        #[graphql(desc = "In which order; by unit, then community when not said.")] order_by: Option<
            RosterOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<RosterConnection> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        listing::list::<RosterLink>(ctx, &self.scope(ctx)?.state, (filter, order_by), page, [])
    }

    /// The logins 成员. Null, with an error, for all but coordinators.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<MemberFilter>,
        #[graphql(desc = "In which order; as they were added when not said.")] order_by: Option<MemberOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<MemberConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let read = |scope: &Scope| {
            scope.needs(Sight::Members)?;
            listing::list::<Member>(ctx, &scope.state, (filter, order_by), page, [])
        };
        Some(self.scope(ctx).and_then(read))
    }
}

//! Organizations 组织.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, PageRequest, connection, page_size},
    contact::{Contact, ContactConnection},
    contribution::ContributionPart,
    entry::Tally,
    filter::{NeedFilter, PairingFilter, ProjectFilter, ResourceFilter},
    identity::NodeId,
    listing::{
        self,
        condition::Condition,
        listed,
        orders::{NeedOrder, OrganizationOrder, ProjectOrder, ResourceOrder},
        read,
        wanted::filter,
    },
    need::{Need, NeedConnection},
    pairing::{Pairing, PairingConnection, PairingOrder},
    place::Place,
    project::{Project, ProjectConnection},
    related::OfOrganization,
    resource::{Resource, ResourceConnection},
    roster::{RosterConnection, RosterFilter, RosterLink, RosterOrder},
    scalar::int,
    scope::Snapshot,
    words::{OrganizationKind, UnitKind},
};
use async_graphql::{Context, ID, Object, Result};
use engine::{contact::Subject, identity::OrganizationId, organization as domain};
use std::sync::Arc;

/// An organization, as it was at one position.
#[derive(Clone)]
pub struct Organization {
    at: Snapshot,
    it: Arc<domain::Organization>,
}

impl Organization {
    /// The node of an organization of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Organization>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The organization of this identity.
    pub fn find(at: &Snapshot, id: OrganizationId) -> Option<Self> {
        at.organization(id).map(|it| Self::new(at, it))
    }

    /// Which organization it is.
    pub fn identity(&self) -> OrganizationId {
        self.it.id
    }
}

connection!(Organization, OrganizationConnection, OrganizationEdge, "organizations 组织");
listed!(
    Organization,
    Organizations of OrganizationId,
    OrganizationFilter,
    OrganizationOrder,
    OrganizationConnection
);

filter! {
    /// Which organizations 组织 to list. All conditions hold at once.
    OrganizationFilter {
        /// Of this kind.
        kind: OrganizationKind => |kind| Ok(Condition::Kind(*kind)),
        /// Resident units of this kind.
        unit_kind: UnitKind => |kind| Ok(Condition::UnitKind(*kind)),
        /// Sitting in this place or below it.
        place: ID => read::place,
        /// With all these words in the name, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

/// An organization 组织: the street office, a community, a resident unit 驻区单位 or a team.
#[Object]
impl Organization {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Organization(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn related(&self) -> OfOrganization {
        OfOrganization::new(&self.at, self.it.id)
    }

    #[graphql(flatten)]
    async fn contribution_part(&self) -> ContributionPart {
        ContributionPart::new(Arc::clone(&self.at), self.it.id)
    }

    /// Its name, unique in the street.
    async fn name(&self) -> &str {
        &self.it.draft.name
    }

    /// What it is.
    async fn kind(&self) -> OrganizationKind {
        OrganizationKind::of(self.it.draft.kind)
    }

    /// What a resident unit is; null for all others.
    async fn unit_kind(&self) -> Option<UnitKind> {
        match self.it.draft.kind {
            domain::OrganizationKind::Unit(kind) => Some(kind.into()),
            _ => None,
        }
    }

    /// Where it sits; null when nobody said.
    async fn place(&self) -> Option<Place> {
        self.it.draft.place.and_then(|place| Place::find(&self.at, place))
    }

    /// How many needs it takes on at once without posted resources 认领上限; null for those who take up none.
    async fn open_capacity(&self) -> Option<i32> {
        self.it.draft.kind.takes_up_needs().then(|| int(self.at.open_capacity(&self.it)))
    }

    /// Engagements taken directly from its open capacity.
    async fn engagements(&self) -> Tally {
        self.it.engagements.into()
    }

    /// The identity it had in an imported list 外部编号.
    async fn reference(&self) -> Option<&str> {
        self.it.draft.reference.as_deref()
    }

    /// Its standing relations 包联/双报到/结对: as a unit; of a community, those of the place where it sits.
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
    ) -> Option<Result<RosterConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = match (self.it.draft.kind, self.it.draft.place) {
            (domain::OrganizationKind::Community, Some(place)) => Condition::Place(place),
            _ => Condition::Organization(self.it.id),
        };
        Some(listing::list::<RosterLink>(ctx, &self.at, (filter, order_by), page, [within]))
    }

    /// Whom to call there 联系人, oldest first. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ContactConnection>> {
        let page = PageRequest::read(first, after.as_deref(), last, before.as_deref());
        Some(Contact::page_of(ctx, &self.at, Subject::Organization(self.it.id), page))
    }

    /// The needs it has posted, as far as the caller sees them.
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
    ) -> Option<Result<NeedConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Organization(self.it.id)];
        Some(listing::list::<Need>(ctx, &self.at, (filter, order_by), page, within))
    }

    /// The resources it has posted.
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
    ) -> Option<Result<ResourceConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Organization(self.it.id)];
        Some(listing::list::<Resource>(ctx, &self.at, (filter, order_by), page, within))
    }

    /// The projects it has proposed.
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
    ) -> Option<Result<ProjectConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Organization(self.it.id)];
        Some(listing::list::<Project>(ctx, &self.at, (filter, order_by), page, within))
    }

    /// The pairings in which it is either side, as far as the caller sees them. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PairingFilter>,
        #[graphql(desc = "In which order; oldest first when not said.")] order_by: Option<PairingOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Organization(self.it.id)];
        Some(listing::for_members::<Pairing>(ctx, &self.at, (filter, order_by), page, within))
    }
}

//! What belongs to a thing, asked from the thing itself: the other ends of what those that belong to it say of it.
//!
//! Each is the list of its register with one condition more, so it takes the same filters and orders, and leaves out the same
//! rows.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    agreement::{Agreement, AgreementConnection, AgreementFilter, AgreementOrder},
    bid::{Bid, BidConnection, BidFilter, BidOrder},
    connection::{PageArguments, page_size},
    delivery::{Delivery, DeliveryConnection, DeliveryFilter, DeliveryOrder},
    filter::{NeedFilter, PairingFilter, ProjectFilter, ResourceFilter},
    listing::{
        self,
        condition::Condition,
        orders::{NeedOrder, ProjectOrder, ResourceOrder},
    },
    meeting::{Meeting, MeetingConnection, MeetingFilter, MeetingOrder},
    member::{Member, MemberConnection, MemberFilter, MemberOrder},
    need::{Need, NeedConnection},
    pairing::{Pairing, PairingConnection, PairingOrder},
    project::{Project, ProjectConnection},
    resource::{Resource, ResourceConnection},
    roster::{RosterConnection, RosterFilter, RosterLink, RosterOrder},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Object, Result};
use engine::{
    category::CategoryCode,
    identity::{OrganizationId, PlaceId, ProjectId, ResourceId},
    pairing::{Supplier, Target},
    permission::Sight,
};

/// Declares a part of one kind of thing and of no other, see [`super::entry::EntryPart`]: lists of what belongs to it, each shown to everybody who sees the thing, or only to those with
/// some sight.
macro_rules! related {
    (
        $(#[$part_doc:meta])+
        $part:ident of $of:ty as $within:expr;
        $($(#[$doc:meta])+ $field:ident: $node:ident, $filter:ident, $order:ident, [$($result:tt)+] $read:ident;)+
    ) => {
        $(#[$part_doc])+
        pub struct $part {
            at: Snapshot,
            of: $of,
        }

        impl $part {
            /// That of a thing of this state.
            pub fn new(at: &Snapshot, of: $of) -> Self {
                Self { at: Snapshot::clone(at), of }
            }
        }

        $(#[$part_doc])+
        #[Object]
        impl $part {
            $(
                $(#[$doc])+
                #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
                async fn $field(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "Only those that pass this filter.")] filter: Option<$filter>,
                    #[graphql(desc = "In which order; that of the whole list when not said.")] order_by: Option<$order>,
                    #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<i32>,
                    #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
                    #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
                    #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
                ) -> $($result)+ {
                    let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
                    let within: fn(&$of) -> Condition = $within;
                    $read::<$node>(ctx, &self.at, (filter, order_by), page, within(&self.of))
                }
            )+
        }
    };
}

/// What everybody sees who sees the thing.
fn shown<N: listing::Listed>(
    ctx: &Context<'_>,
    at: &Snapshot,
    asked: listing::Asked<N>,
    page: Result<PageArguments<'_>>,
    within: Condition,
) -> Option<Result<N::Connection>> {
    Some(listing::list::<N>(ctx, at, asked, page, [within]))
}

/// What only members see.
fn to_members<N: listing::Listed>(
    ctx: &Context<'_>,
    at: &Snapshot,
    asked: listing::Asked<N>,
    page: Result<PageArguments<'_>>,
    within: Condition,
) -> Option<Result<N::Connection>> {
    Some(listing::for_members::<N>(ctx, at, asked, page, [within]))
}

/// What only coordinators see.
fn to_coordinators<N: listing::Listed>(
    ctx: &Context<'_>,
    at: &Snapshot,
    asked: listing::Asked<N>,
    page: Result<PageArguments<'_>>,
    within: Condition,
) -> Option<Result<N::Connection>> {
    let read = |scope: &Scope| {
        scope.needs(Sight::Members)?;
        listing::list::<N>(ctx, at, asked, page, [within])
    };
    Some(Scope::of(ctx).and_then(read))
}

related! {
    /// What an organization has to do with.
    OfOrganization of OrganizationId as |it| Condition::Organization(*it);
    /// The bids 揭榜 it has made, as far as the caller sees them. Null, with an error, for the public.
    bids: Bid, BidFilter, BidOrder, [Option<Result<BidConnection>>] to_members;
    /// The joint meetings 联席会 in which it takes part. Null, with an error, for the public.
    meetings: Meeting, MeetingFilter, MeetingOrder, [Option<Result<MeetingConnection>>] to_members;
    /// The agreements 共建协议 of which it is a party by their newest version, as far as the caller sees them. Null, with an
    /// error, for the public.
    agreements: Agreement, AgreementFilter, AgreementOrder, [Option<Result<AgreementConnection>>] to_members;
    /// The deliveries 交付 by it and to it, as far as the caller sees them. Null, with an error, for the public.
    deliveries: Delivery, DeliveryFilter, DeliveryOrder, [Option<Result<DeliveryConnection>>] to_members;
    /// The logins 成员 that act for it. Null, with an error, for all but coordinators.
    members: Member, MemberFilter, MemberOrder, [Option<Result<MemberConnection>>] to_coordinators;
}

related! {
    /// What lies in a place.
    OfPlace of PlaceId as |it| Condition::Place(*it);
    /// The needs 需求 in it and in all below it, as far as the caller sees them.
    needs: Need, NeedFilter, NeedOrder, [Option<Result<NeedConnection>>] shown;
    /// The resources 资源 in it and in all below it.
    resources: Resource, ResourceFilter, ResourceOrder, [Option<Result<ResourceConnection>>] shown;
    /// The projects 项目 in it and in all below it.
    projects: Project, ProjectFilter, ProjectOrder, [Option<Result<ProjectConnection>>] shown;
    /// The standing relations 包联/双报到/结对 with it, or with the communities below it.
    roster: RosterLink, RosterFilter, RosterOrder, [Option<Result<RosterConnection>>] shown;
    /// The pairings 配对 of what is asked in it and in all below it, as far as the caller sees them. Null, with an error, for
    /// the public.
    pairings: Pairing, PairingFilter, PairingOrder, [Option<Result<PairingConnection>>] to_members;
}

related! {
    /// What is about a category.
    OfCategory of CategoryCode as |it| Condition::Category(it.clone());
    /// The needs 需求 of it or of its leaves, as far as the caller sees them.
    needs: Need, NeedFilter, NeedOrder, [Option<Result<NeedConnection>>] shown;
    /// The resources 资源 of it or of its leaves.
    resources: Resource, ResourceFilter, ResourceOrder, [Option<Result<ResourceConnection>>] shown;
    /// The projects 项目 of it or of its leaves.
    projects: Project, ProjectFilter, ProjectOrder, [Option<Result<ProjectConnection>>] shown;
    /// The pairings 配对 of needs and slots of it or of its leaves, as far as the caller sees them. Null, with an error, for
    /// the public.
    pairings: Pairing, PairingFilter, PairingOrder, [Option<Result<PairingConnection>>] to_members;
}

related! {
    /// What came of a need.
    OfNeed of Target as |it| Condition::Target(*it);
    /// What was handed over for it 交付, as far as the caller sees it. Null, with an error, for the public.
    deliveries: Delivery, DeliveryFilter, DeliveryOrder, [Option<Result<DeliveryConnection>>] to_members;
    /// The agreements 共建协议 on its pairings, as far as the caller sees them. Null, with an error, for the public.
    agreements: Agreement, AgreementFilter, AgreementOrder, [Option<Result<AgreementConnection>>] to_members;
}

related! {
    /// What came of a slot.
    OfSlot of Target as |it| Condition::Target(*it);
    /// What was handed over for it 交付, as far as the caller sees it. Null, with an error, for the public.
    deliveries: Delivery, DeliveryFilter, DeliveryOrder, [Option<Result<DeliveryConnection>>] to_members;
    /// The agreements 共建协议 on its pairings, as far as the caller sees them. Null, with an error, for the public.
    agreements: Agreement, AgreementFilter, AgreementOrder, [Option<Result<AgreementConnection>>] to_members;
}

related! {
    /// What came of a resource.
    OfResource of ResourceId as |it| Condition::Supplier(Supplier::Resource(*it));
    /// The bids 揭榜 with it, as far as the caller sees them. Null, with an error, for the public.
    bids: Bid, BidFilter, BidOrder, [Option<Result<BidConnection>>] to_members;
    /// What was handed over of it 交付, as far as the caller sees it. Null, with an error, for the public.
    deliveries: Delivery, DeliveryFilter, DeliveryOrder, [Option<Result<DeliveryConnection>>] to_members;
}

related! {
    /// What came of a project.
    OfProject of ProjectId as |it| Condition::Project(*it);
    /// What serves its slots 配对, as far as the caller sees it. Null, with an error, for the public.
    pairings: Pairing, PairingFilter, PairingOrder, [Option<Result<PairingConnection>>] to_members;
    /// The bids 揭榜 on its slots, as far as the caller sees them. Null, with an error, for the public.
    bids: Bid, BidFilter, BidOrder, [Option<Result<BidConnection>>] to_members;
    /// The agreements 共建协议 on it and on the pairings of its slots, void ones among them, as far as the caller sees them.
    /// Null, with an error, for the public.
    agreements: Agreement, AgreementFilter, AgreementOrder, [Option<Result<AgreementConnection>>] to_members;
    /// What was handed over for its slots 交付, as far as the caller sees it. Null, with an error, for the public.
    deliveries: Delivery, DeliveryFilter, DeliveryOrder, [Option<Result<DeliveryConnection>>] to_members;
}

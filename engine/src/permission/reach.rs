//! How far a caller's say goes: the capability a sign-in comes to, judged on the newest state.
//!
//! | caller | reach |
//! |---|---|
//! | the system | everything |
//! | coordinator of the street office, or of an organization that sits at the street or above | the street |
//! | coordinator of an organization that sits below | its place and all below it: who sits there, and what lies there |
//! | coordinator of an organization without a place, community officer, unit liaison | its own organization |
//! | observer, the public, whoever's login has ended | nothing |

use super::{Right, Wanted};
use crate::{
    identity::{MemberId, OrganizationId, PlaceId},
    member::{Caller, Role},
    state::State,
};

/// How far a caller's say goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The operator of the system.
    Everything,
    /// The whole street.
    Street,
    /// A place and all below it, and its own organization.
    Place {
        /// The place.
        place: PlaceId,
        /// Whom the caller acts for of its own.
        organization: OrganizationId,
    },
    /// One organization.
    Organization(OrganizationId),
    /// Nothing: who only looks, or not even that.
    Nothing,
}

impl Reach {
    /// The reach of a caller, by the state of now: an old one could give back what has ended since.
    pub fn of(state: &State, caller: &Caller) -> Self {
        match caller {
            Caller::System => Self::Everything,
            Caller::Public => Self::Nothing,
            Caller::Member { member, .. } if has_ended(state, *member) => Self::Nothing,
            Caller::Member { organization, role, .. } => match role {
                Role::Coordinator => coordinator(state, *organization),
                Role::CommunityOfficer | Role::UnitLiaison => Self::Organization(*organization),
                Role::Observer => Self::Nothing,
            },
        }
    }

    /// Whether it includes a right.
    pub fn has(self, state: &State, right: Right) -> bool {
        self.includes(state, Wanted { right, place: None })
    }

    /// Whether it includes a right, also by the place of what the right is about.
    pub(super) fn includes(self, state: &State, wanted: Wanted) -> bool {
        match (self, wanted.right) {
            (Self::Everything, _) => true,
            (Self::Street, Right::Coordinate | Right::ActFor(_)) => true,
            (Self::Place { place, organization }, right) => {
                let lies_here = |inner: Option<PlaceId>| inner.is_some_and(|it| state.lies_in(it, place));
                let acts_for = |whom: OrganizationId| {
                    whom == organization || lies_here(state.organization(whom).and_then(|it| it.draft.place))
                };
                match right {
                    Right::Operate => false,
                    Right::Coordinate => lies_here(wanted.place),
                    Right::ActFor(whom) => acts_for(whom) || lies_here(wanted.place),
                }
            }
            (Self::Organization(own), Right::ActFor(whom)) => own == whom,
            (Self::Street, Right::Operate)
            | (Self::Organization(_), Right::Operate | Right::Coordinate)
            | (Self::Nothing, _) => false,
        }
    }
}

/// A coordinator reaches as far down as its organization sits high.
fn coordinator(state: &State, organization: OrganizationId) -> Reach {
    let Some(street) = state.street().filter(|street| street.office != organization) else {
        return Reach::Street;
    };
    match state.organization(organization).and_then(|it| it.draft.place) {
        Some(place) if state.lies_in(street.place, place) => Reach::Street,
        Some(place) => Reach::Place { place, organization },
        None => Reach::Organization(organization),
    }
}

/// Whether a login has ended since its sign-in: a connection may outlive it.
pub(super) fn has_ended(state: &State, member: MemberId) -> bool {
    state.member(member).is_some_and(|member| member.revoked.is_some())
}

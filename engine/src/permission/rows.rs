//! Who sees which row: the one place that says so, for lists, single things, histories and the feed alike.
//!
//! | row | [`View::Everything`] | [`View::Organization`] | [`View::Notices`] |
//! |---|---|---|---|
//! | street, rules, category, place, organization | yes | yes | yes |
//! | resource, project: published as they are posted | yes | yes | yes |
//! | need that is published, and what is called for it | yes | yes | yes |
//! | need that waits for its review, was taken back or merged before it, or was not taken on | yes | its poster, who is to review it, the other side of its pairings and bids | – |
//! | pairing | yes | both sides; of a slot, the poster of the project; who gives another part of the same joint claim | – |
//! | delivery | yes | both sides of its pairing | – |
//! | bid | yes | who bids, and who asks | – |
//! | agreement | yes | the parties of each of its versions, and both sides of what it is about | – |
//! | meeting, adopted plan: papers of the street | yes | yes, what is said there of others' rows left out | – |
//! | contact: that there is one | yes | of what it sees | – |
//! | login | yes | its own organization's | – |
//!
//! What was published once stays so when it is over: withdrawn, merged, expired, struck off. What a contact says is
//! [`may_read_contact`](super::may_read_contact)'s, and logins are shown only to [`Sight::Members`](super::Sight).

use super::reach::has_ended;
use crate::{
    agreement::{Agreement, Subject},
    event::Event,
    history::{Entity, touched},
    identity::OrganizationId,
    member::{Caller, Role},
    need::Need,
    pairing::{Pairing, Supplier, Target},
    state::{
        State,
        listed::{Register, Thing},
    },
};

/// Which rows a caller sees: made once of a sign-in, on the newest state, and good for that of any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Only what is published.
    Notices,
    /// What is published, and what this organization has to do with.
    Organization(OrganizationId),
    /// Every row.
    Everything,
}

impl View {
    /// What a caller sees, by the state of now: an old one could give back what has ended since.
    pub fn of(state: &State, caller: &Caller) -> Self {
        match caller {
            Caller::System => Self::Everything,
            Caller::Public => Self::Notices,
            Caller::Member { member, .. } if has_ended(state, *member) => Self::Notices,
            Caller::Member { organization, role, .. } => match role {
                Role::Coordinator | Role::Observer => Self::Everything,
                Role::CommunityOfficer | Role::UnitLiaison => Self::Organization(*organization),
            },
        }
    }

    /// Whether it leaves out rows of a register. Where it does not, nobody has to look at each.
    pub const fn narrows(self, register: Register) -> bool {
        match register {
            Register::Needs | Register::Calls => !matches!(self, Self::Everything),
            Register::Pairings
            | Register::Bids
            | Register::Agreements
            | Register::Deliveries
            | Register::Members => !matches!(self, Self::Everything),
            Register::Meetings | Register::Plans => matches!(self, Self::Notices),
            Register::Resources
            | Register::Projects
            | Register::Organizations
            | Register::Places
            | Register::Roster => false,
        }
    }

    /// Whether it sees an entity. Only [`View::Everything`] sees what is not there.
    pub fn sees(self, state: &State, entity: &Entity) -> bool {
        let thing = |register, number| {
            Thing::find(state, register, number).is_some_and(|thing| self.sees_thing(state, thing))
        };
        self == Self::Everything
            || match entity {
                Entity::Street
                | Entity::Rules
                | Entity::Category(_)
                | Entity::Place(_)
                | Entity::Organization(_)
                | Entity::Resource(_)
                | Entity::Project(_) => true,
                Entity::Need(id) => thing(Register::Needs, id.number()),
                Entity::Pairing(id) => thing(Register::Pairings, id.number()),
                Entity::Bid(id) => thing(Register::Bids, id.number()),
                Entity::Agreement(id) => thing(Register::Agreements, id.number()),
                Entity::Delivery(id) => thing(Register::Deliveries, id.number()),
                Entity::Meeting(id) => thing(Register::Meetings, id.number()),
                Entity::Plan(id) => thing(Register::Plans, id.number()),
                Entity::Member(id) => thing(Register::Members, id.number()),
                Entity::Contact(id) => {
                    self != Self::Notices
                        && state.contact(*id).is_some_and(|it| self.sees(state, &it.of.into()))
                }
            }
    }

    /// The same of a thing of a register.
    pub fn sees_thing(self, state: &State, thing: Thing<'_>) -> bool {
        let organization = match self {
            Self::Everything => return true,
            Self::Organization(organization) => Some(organization),
            Self::Notices => None,
        };
        match thing {
            Thing::Resource(_)
            | Thing::Project(_)
            | Thing::Organization(_)
            | Thing::Place(_)
            | Thing::Link(_) => true,
            Thing::Need(need) => {
                need.is_published() || organization.is_some_and(|it| reads_unpublished(state, need, it))
            }
            Thing::Call(call) => self.sees(state, &call.target.into()),
            Thing::Pairing(pairing) => organization.is_some_and(|it| {
                is_side(state, thing, it) || partners(state, pairing).any(|partner| partner == it)
            }),
            Thing::Delivery(_) | Thing::Bid(_) => organization.is_some_and(|it| is_side(state, thing, it)),
            Thing::Agreement(agreement) => {
                organization.is_some_and(|it| has_to_do_with(state, agreement, it))
            }
            Thing::Meeting(_) | Thing::Plan(_) => organization.is_some(),
            Thing::Member(member) => organization == Some(member.organization),
        }
    }

    /// Whether it sees an event: all rows that this is about. A meeting's agenda and its minutes are a paper of the
    /// street, also where they name rows of others; that pairings are claimed jointly, each of their givers sees.
    pub fn sees_event(self, state: &State, event: &Event) -> bool {
        if self == Self::Everything {
            return true;
        }
        let mut about = touched(state, event).into_iter();
        match event {
            Event::MeetingCalled { meeting, .. } | Event::MeetingAmended { meeting, .. } => {
                self.sees(state, &Entity::Meeting(*meeting))
            }
            Event::PairingsJoined { .. } => about.any(|it| self.sees(state, &it)),
            _ => about.all(|it| self.sees(state, &it)),
        }
    }

    /// Whether what serves something, or would, is this caller's to look into: it asks, it gives, or it reviews the need.
    pub fn sees_pair(self, state: &State, target: Target, supplier: Supplier) -> bool {
        self.is_own(state, &target.into()) || self.is_own(state, &supplier.into())
    }

    /// Whether an entry or an organization is the caller's own to ask about: whose plans, reasons and suggestions it is
    /// told. What is only published is not.
    pub fn is_own(self, state: &State, entity: &Entity) -> bool {
        let own = match self {
            Self::Everything => return true,
            Self::Organization(own) => own,
            Self::Notices => return false,
        };
        match entity {
            Entity::Organization(id) => *id == own,
            Entity::Need(id) => state.need(*id).is_some_and(|need| {
                need.draft.entry.organization == own || state.reviewing(*id) == Some(own)
            }),
            Entity::Resource(id) => state.resource(*id).is_some_and(|it| it.draft.entry.organization == own),
            Entity::Project(id) => state.project(*id).is_some_and(|it| it.draft.entry.organization == own),
            Entity::Street
            | Entity::Rules
            | Entity::Category(_)
            | Entity::Place(_)
            | Entity::Member(_)
            | Entity::Pairing(_)
            | Entity::Plan(_)
            | Entity::Bid(_)
            | Entity::Meeting(_)
            | Entity::Agreement(_)
            | Entity::Delivery(_)
            | Entity::Contact(_) => false,
        }
    }
}

/// Who has to do with a need that is not published: its poster, who is to review it, and whoever has a pairing or a bid
/// on it from before.
fn reads_unpublished(state: &State, need: &Need, organization: OrganizationId) -> bool {
    let target = Target::Need(need.id);
    let gives = |supplier: Supplier| state.giving(supplier) == Some(organization);
    need.draft.entry.organization == organization
        || state.reviewing(need.id) == Some(organization)
        || state.pairings_of_target(target).any(|it| gives(it.terms.supplier))
        || state.bids_of_target(target).any(|it| gives(it.draft.supplier))
}

fn is_side(state: &State, thing: Thing<'_>, organization: OrganizationId) -> bool {
    thing.giving(state) == Some(organization) || thing.asking(state) == Some(organization)
}

/// Who gives the other parts of a joint claim.
fn partners(state: &State, pairing: &Pairing) -> impl Iterator<Item = OrganizationId> {
    let all = pairing.joint.map(|_| state.pairings_of_target(pairing.terms.target));
    let others = all.into_iter().flatten().filter(|it| it.joint == pairing.joint && it.id != pairing.id);
    others.filter_map(|it| state.giving(it.terms.supplier))
}

/// Whether an organization is a party of any version of an agreement, or a side of what it is about.
fn has_to_do_with(state: &State, agreement: &Agreement, organization: OrganizationId) -> bool {
    let signs = agreement.versions.iter().any(|it| it.terms.parties.contains(&organization));
    signs || sides(state, agreement.subject).contains(&Some(organization))
}

/// Who raised what an agreement is about, and who gives it.
fn sides(state: &State, subject: Subject) -> [Option<OrganizationId>; 2] {
    match subject {
        Subject::Project(project) => [state.asking(Target::Slot(project, 0)), None],
        Subject::Pairing(pairing) => {
            let terms = state.pairing(pairing).map(|it| (it.terms.target, it.terms.supplier));
            [
                terms.and_then(|(target, _)| state.asking(target)),
                terms.and_then(|(_, supplier)| state.giving(supplier)),
            ]
        }
    }
}

/// Who sees a thing besides those whose it is by [`Thing::organizations`]: what the index of the lists keeps of this rule.
pub(crate) fn beside(state: &State, thing: Thing<'_>) -> Vec<OrganizationId> {
    let mut found: Vec<_> = match thing {
        Thing::Agreement(agreement) => {
            let parties = agreement.versions.iter().flat_map(|it| &it.terms.parties).copied();
            parties.chain(sides(state, agreement.subject).into_iter().flatten()).collect()
        }
        Thing::Pairing(pairing) => partners(state, pairing).collect(),
        _ => return Vec::new(),
    };
    found.sort_unstable();
    found.dedup();
    let whose = thing.organizations(state);
    found.retain(|it| !whose.contains(it));
    found
}

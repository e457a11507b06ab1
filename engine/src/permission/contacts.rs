//! Who may read what a contact says: the one place that says so.

use super::{Reach, owner};
use crate::{
    contact::{Contact, Subject},
    identity::OrganizationId,
    member::Caller,
    pairing::{Pairing, PairingStatus},
    state::State,
};

/// Whether the caller may read what a contact says.
///
/// | caller | may |
/// |---|---|
/// | street coordinator, the system | yes |
/// | who acts for the organization it belongs to: its own, or the poster of the entry; so a coordinator of its place | yes |
/// | who acts for the other party of a pairing that both have agreed, of that entry or organization | yes, while it is agreed |
/// | any other member, an observer of whichever organization, the public | no |
///
/// Ask it of the newest state: an old one would go on showing what was agreed then.
pub fn may_read_contact(state: &State, caller: &Caller, contact: &Contact) -> bool {
    let reach = Reach::of(state, caller);
    match reach {
        Reach::Everything | Reach::Street => true,
        Reach::Nothing => false,
        Reach::Place { organization, .. } | Reach::Organization(organization) => {
            owner(state, contact.of).is_some_and(|wanted| reach.includes(state, wanted))
                || is_partner(state, contact.of, organization)
        }
    }
}

/// Whether an organization is the other party of an agreed pairing.
fn is_partner(state: &State, of: Subject, organization: OrganizationId) -> bool {
    let sides =
        |pairing: &Pairing| (state.asking(pairing.terms.target), state.giving(pairing.terms.supplier));
    match of {
        // Also through what it has posted.
        Subject::Organization(owner) => {
            state.pairings_of_organization(owner).filter(|it| is_agreed(&it.status)).any(|it| {
                let both = (Some(owner), Some(organization));
                let (asking, giving) = sides(it);
                (asking, giving) == both || (giving, asking) == both
            })
        }
        Subject::Need(_) | Subject::Project(_) => state
            .pairings_of(of)
            .filter(|it| is_agreed(&it.status))
            .any(|it| sides(it).1 == Some(organization)),
        Subject::Resource(_) => state
            .pairings_of(of)
            .filter(|it| is_agreed(&it.status))
            .any(|it| sides(it).0 == Some(organization)),
    }
}

/// Whether both sides have said yes, and neither has taken it back.
const fn is_agreed(status: &PairingStatus) -> bool {
    match status {
        PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. } => true,
        PairingStatus::Proposed
        | PairingStatus::Claimed { .. }
        | PairingStatus::Declined { .. }
        | PairingStatus::Lapsed { .. }
        | PairingStatus::Withdrawn { .. }
        | PairingStatus::Superseded => false,
    }
}

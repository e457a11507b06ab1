//! Single sign-on: whom an issuer elsewhere calls so-and-so signs in as this member. One for each member, and for each of
//! those whom the issuer knows one member that is good.

use super::tokens::living;
use crate::{
    event::Event,
    identity::MemberId,
    member::SignOnHash,
    refusal::{Missing, Refusal},
    state::State,
};

/// Lets somebody sign in as a member.
pub(super) fn bind(state: &State, id: MemberId, sign_on: &SignOnHash) -> Result<Vec<Event>, Refusal> {
    let member = living(state, id)?;
    match state.sign_on(sign_on) {
        Some(other) if other.id != member.id => Err(Refusal::SignOnTaken { member: other.id }),
        Some(_) => Ok(Vec::new()),
        None => Ok(vec![Event::SignOnBound { member: id, sign_on: sign_on.clone() }]),
    }
}

/// Lets nobody sign in as a member.
pub(super) fn unbind(state: &State, id: MemberId) -> Result<Vec<Event>, Refusal> {
    let member = living(state, id)?;
    match member.sign_on {
        Some(_) => Ok(vec![Event::SignOnUnbound { member: id }]),
        None => Err(Refusal::NotFound { field: "member", missing: Missing::SignOn(id) }),
    }
}

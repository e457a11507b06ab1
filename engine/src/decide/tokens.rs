//! Tokens of members: several each, named, some for a time only, ended one by one.
//!
//! Whether a token is good at a moment is for [`crate::state::State::sign_in`] to say; nothing has to happen when one
//! expires.

use super::check::{NAME_CHARS_MAX, text};
use crate::{
    event::Event,
    identity::MemberId,
    member::{Member, TokenHash},
    moment::Moment,
    refusal::{Missing, Problem, Refusal},
    state::State,
};

/// How many good tokens a member may have.
pub(super) const TOKENS_MAX: usize = 20;

/// Names a new token.
pub(super) fn issue(
    state: &State,
    now: Moment,
    id: MemberId,
    label: &str,
    token: &TokenHash,
    expires: Option<Moment>,
) -> Result<Vec<Event>, Refusal> {
    let member = living(state, id)?;
    text("label", label, NAME_CHARS_MAX)?;
    check_end(now, expires)?;
    if state.tokens.contains_key(token) {
        return Err(Refusal::TokenTaken);
    }
    let mut good = member.tokens.iter().filter(|it| it.is_good(now));
    if good.clone().any(|it| it.label == label) {
        return Err(Refusal::NameTaken { name: label.to_owned() });
    }
    if good.by_ref().count() >= TOKENS_MAX {
        return Err(Refusal::Invalid { field: "member", problem: Problem::TooMany { max: TOKENS_MAX } });
    }
    Ok(vec![Event::TokenIssued { member: id, label: label.to_owned(), token: token.clone(), expires }])
}

/// A token ends after it begins, if it does.
pub(super) fn check_end(now: Moment, expires: Option<Moment>) -> Result<(), Refusal> {
    if expires.is_some_and(|expires| expires <= now) {
        return Err(Refusal::NotAhead { field: "expires" });
    }
    Ok(())
}

/// Ends the token of this name.
pub(super) fn revoke(state: &State, now: Moment, id: MemberId, label: &str) -> Result<Vec<Event>, Refusal> {
    let member = living(state, id)?;
    match member.tokens.iter().find(|it| it.label == label && it.is_good(now)) {
        Some(found) => Ok(vec![Event::TokenRevoked { member: id, token: found.hash.clone() }]),
        None => Err(Refusal::NotFound { field: "label", missing: Missing::Token(label.to_owned()) }),
    }
}

/// The member, if it is there and good.
pub(super) fn living(state: &State, id: MemberId) -> Result<&Member, Refusal> {
    match state.member(id) {
        None => Err(Refusal::NotFound { field: "member", missing: Missing::Member(id) }),
        Some(member) if member.revoked.is_some() => Err(Refusal::AlreadyRevoked),
        Some(member) => Ok(member),
    }
}

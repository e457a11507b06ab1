//! Sign-in: who speaks, by the value of an `Authorization` header or of `connection_init`, and until when.
//!
//! 1. Two things open the door: a bearer token of our own (`token`), and a JSON Web Token of the street's single
//!    sign-on ([`single`]), where that is configured. Nothing shown is the public; something wrong is told, and never
//!    taken for the public.
//! 2. Both end by themselves. [`Entry::until`] says when, so that what runs on for long ends with them.
//! 3. A stranger learns why, never whom a token would have been of.
//!
//! What the caller may then see and do is for `engine::permission` to say.

mod keys;
mod ring_provider;
pub mod single;
mod token;

use engine::{
    member::{Caller, Member},
    moment::Moment,
    state::State,
};
use std::{io, sync::Arc};
use storage::Ledger;

pub use keys::KeySource;
pub use single::{SingleSignOn, SingleSignOnConfig, WrongJwt};
pub(crate) use token::hex;
pub use token::{NoRandomness, PREFIX, Token, hash, new_token, random_hex};

/// Why somebody who showed something was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSignedIn {
    /// The header or payload is not `Bearer <token>`.
    #[error("the authorization must read `Bearer <token>`; 授权格式应为 Bearer <令牌>")]
    Malformed,
    /// No member has this token, or it was revoked, or its time is over.
    #[error("the token is unknown, revoked or expired; 令牌无效、已停用或已过期")]
    UnknownToken,
    /// A JSON Web Token that is not to be believed.
    #[error(transparent)]
    Jwt(#[from] WrongJwt),
    /// Whoever the single sign-on vouches for is nobody here.
    #[error(
        "the sign-on is right and bound to no login here: ask a coordinator to bind it; 统一身份有效,但尚未绑定本街道成员"
    )]
    Unbound,
}

/// Somebody who was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who speaks.
    pub caller: Caller,
    /// When what was shown ends by itself, if it does.
    pub until: Option<Moment>,
    /// Which of the tokens of a member was shown, by its number; none of a single sign-on.
    pub token: Option<usize>,
}

impl Entry {
    /// Nobody in particular.
    pub const PUBLIC: Self = Self { caller: Caller::Public, until: None, token: None };

    fn of(member: &Member, until: Option<Moment>) -> Self {
        let caller =
            Caller::Member { member: member.id, organization: member.organization, role: member.role };
        Self { caller, until, token: None }
    }
}

/// What opens the door of one server. A clone is another handle.
#[derive(Clone, Default)]
pub struct Door {
    single: Option<Arc<SingleSignOn>>,
}

impl Door {
    /// A door that opens to tokens of our own and, when configured, to the single sign-on.
    ///
    /// # Errors
    /// When its keys are in a file that cannot be used. A server of keys that is away only lets nobody in until it is
    /// back.
    pub async fn new(config: Option<&SingleSignOnConfig>) -> io::Result<Self> {
        let single = match config {
            None => None,
            Some(config) => Some(Arc::new(SingleSignOn::open(config.clone()).await?)),
        };
        Ok(Self { single })
    }

    /// The single sign-on, where it is configured.
    pub const fn single(&self) -> Option<&Arc<SingleSignOn>> {
        self.single.as_ref()
    }

    /// Who speaks. A key that is not known is asked for, once.
    ///
    /// # Errors
    /// [`NotSignedIn`] when there is a value and it opens no door.
    pub async fn enter(&self, ledger: &Ledger, authorization: Option<&str>) -> Result<Entry, NotSignedIn> {
        let first = self.look(&ledger.state(), ledger.now(), authorization);
        match (&self.single, first) {
            (Some(single), Err(NotSignedIn::Jwt(WrongJwt::UnknownKey))) => {
                single.keys().refresh().await;
                self.look(&ledger.state(), ledger.now(), authorization)
            }
            (_, told) => told,
        }
    }

    /// The same by what is known here and now.
    ///
    /// # Errors
    /// [`NotSignedIn`] when there is a value and it opens no door.
    pub fn look(
        &self,
        state: &State,
        now: Moment,
        authorization: Option<&str>,
    ) -> Result<Entry, NotSignedIn> {
        let Some(value) = authorization else {
            return Ok(Entry::PUBLIC);
        };
        let (scheme, shown) = value.trim().split_once(' ').ok_or(NotSignedIn::Malformed)?;
        let shown = shown.trim();
        if !scheme.eq_ignore_ascii_case("bearer") || shown.is_empty() {
            return Err(NotSignedIn::Malformed);
        }
        match &self.single {
            Some(single) if !shown.starts_with(PREFIX) => {
                let vouched = single.verify(shown, now)?;
                let member = state.sign_on(&vouched.sign_on).ok_or(NotSignedIn::Unbound)?;
                Ok(Entry::of(member, Some(vouched.until)))
            }
            _ => {
                let hash = hash(shown);
                let member = state.sign_in(&hash, now).ok_or(NotSignedIn::UnknownToken)?;
                let token = member.tokens.iter().position(|token| token.hash == hash);
                let until = token.and_then(|number| member.tokens.get(number)?.expires);
                Ok(Entry { token, ..Entry::of(member, until) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_shows_something_wrong_is_not_taken_for_the_public() {
        let state = State::empty();
        let (door, now) = (Door::default(), Moment::from_millis(0));
        assert_eq!(door.look(&state, now, None), Ok(Entry::PUBLIC));
        for (value, why) in [
            ("", NotSignedIn::Malformed),
            ("gj_0", NotSignedIn::Malformed),
            ("Basic Zm9v", NotSignedIn::Malformed),
            ("Bearer ", NotSignedIn::Malformed),
            ("Bearer gj_0", NotSignedIn::UnknownToken),
            ("Bearer eyJ.eyJ.x", NotSignedIn::UnknownToken),
        ] {
            assert_eq!(door.look(&state, now, Some(value)), Err(why), "{value:?}");
        }
    }
}

//! Sign-in by bearer tokens, several a member, of which the log keeps only the SHA-256.
//!
//! A token is `gj_` and 32 random bytes of the operating system in hexadecimal: 256 bits, so no salt
//! and no slow hash are needed, and looking the hash up tells a guesser nothing by its timing.
//! What the caller may then see and do is for `engine::permission` to say.

use engine::{
    member::{Caller, TokenHash},
    moment::Moment,
    state::State,
};
use sha2::{Digest, Sha256};
use std::fmt;

/// What every token begins with, so that one that leaked is recognised.
const PREFIX: &str = "gj_";

/// Random bytes in a token.
const RANDOM_BYTES: usize = 32;

/// A bearer token in clear. Shown once when a member is added; never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token itself, to hand to the member.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(..)")
    }
}

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes: {0}")]
pub struct NoRandomness(getrandom::Error);

/// A new token and the hash to keep of it.
///
/// # Errors
/// [`NoRandomness`] when the operating system gives no random bytes; trying again may help.
pub fn new_token() -> Result<(Token, TokenHash), NoRandomness> {
    let token = Token(format!("{PREFIX}{}", random_hex::<RANDOM_BYTES>()?));
    let hash = hash(token.reveal());
    Ok((token, hash))
}

/// What is kept of a token.
pub fn hash(token: &str) -> TokenHash {
    TokenHash(hex(&Sha256::digest(token.as_bytes())))
}

/// `N` random bytes in hexadecimal.
///
/// # Errors
/// [`NoRandomness`] when the operating system gives none.
pub(crate) fn random_hex<const N: usize>() -> Result<String, NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(hex(&bytes))
}

/// Why somebody who showed something was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSignedIn {
    /// The header or payload is not `Bearer <token>`.
    #[error("the authorization must read `Bearer <token>`; 授权格式应为 Bearer <令牌>")]
    Malformed,
    /// No member has this token, or it was revoked, or its time is over.
    #[error("the token is unknown, revoked or expired; 令牌无效、已停用或已过期")]
    UnknownToken,
}

/// Who speaks, by the value of an `Authorization` header; nobody in particular when there is none.
///
/// # Errors
/// [`NotSignedIn`] when there is a value and it opens no door: a caller who believes to be signed in is
/// told, not shown the public view.
pub fn sign_in(state: &State, now: Moment, authorization: Option<&str>) -> Result<Caller, NotSignedIn> {
    let Some(value) = authorization else {
        return Ok(Caller::Public);
    };
    let (scheme, token) = value.trim().split_once(' ').ok_or(NotSignedIn::Malformed)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(NotSignedIn::Malformed);
    }
    let member = state.sign_in(&hash(token), now).ok_or(NotSignedIn::UnknownToken)?;
    Ok(Caller::Member { member: member.id, organization: member.organization, role: member.role })
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognisable_long_and_never_twice_the_same() {
        let (one, kept) = new_token().unwrap();
        let (other, _) = new_token().unwrap();
        assert!(one.reveal().starts_with("gj_"));
        assert_eq!(one.reveal().len(), 3 + 64);
        assert_ne!(one, other);
        assert_eq!(hash(one.reveal()), kept);
        assert_eq!(format!("{one:?}"), "Token(..)");
    }

    #[test]
    fn the_hash_is_sha_256_in_hexadecimal() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash("abc"), TokenHash(expected.into()));
    }

    #[test]
    fn whoever_shows_something_wrong_is_not_taken_for_the_public() {
        let state = State::empty();
        let now = Moment::from_millis(0);
        assert_eq!(sign_in(&state, now, None), Ok(Caller::Public));
        for (value, why) in [
            ("", NotSignedIn::Malformed),
            ("gj_0", NotSignedIn::Malformed),
            ("Basic Zm9v", NotSignedIn::Malformed),
            ("Bearer ", NotSignedIn::Malformed),
            ("Bearer gj_0", NotSignedIn::UnknownToken),
        ] {
            assert_eq!(sign_in(&state, now, Some(value)), Err(why), "{value:?}");
        }
    }
}

//! Bearer tokens of our own, several a member, of which the log keeps only the SHA-256.
//!
//! A token is `gj_` and 32 random bytes of the operating system in hexadecimal: 256 bits, so no salt
//! and no slow hash are needed, and looking the hash up tells a guesser nothing by its timing.

use engine::member::TokenHash;
use sha2::{Digest, Sha256};
use std::fmt;

/// What every token begins with, so that one that leaked is recognised.
pub const PREFIX: &str = "gj_";

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
pub fn random_hex<const N: usize>() -> Result<String, NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(hex(&bytes))
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
}

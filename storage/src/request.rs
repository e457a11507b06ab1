//! Request ids: how a caller says "this is the same request again".
//!
//! An id counts for its actor only, so one member can neither guess nor block the ids of another. Beside it may be kept
//! what it asked for, in short: then an id that is given again for something else is an error, and not taken as done.

use engine::{identity::MemberId, member::Caller};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The longest request id, in characters.
pub const REQUEST_CHARS_MAX: usize = 200;

/// What a caller calls its request: 1 to [`REQUEST_CHARS_MAX`] printable characters without blanks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestId(Arc<str>);

/// A text that is no request id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a request id: 1 to 200 printable characters without blanks")]
pub struct InvalidRequestId(pub String);

impl RequestId {
    /// Reads a request id.
    ///
    /// # Errors
    /// When it is empty, too long, or holds blanks or control characters.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidRequestId> {
        let text = text.as_ref();
        let count = text.chars().take(REQUEST_CHARS_MAX + 1).count();
        let printable = text.chars().all(|char| !char.is_whitespace() && !char.is_control());
        if (1..=REQUEST_CHARS_MAX).contains(&count) && printable {
            Ok(Self(text.into()))
        } else {
            Err(InvalidRequestId(text.to_owned()))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RequestId {
    type Error = InvalidRequestId;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<RequestId> for String {
    fn from(id: RequestId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What a request asks for, in short: whatever its caller makes of it, 64 bits. Two that differ are two requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Asked(u64);

impl Asked {
    /// Of 64 bits that hardly any other request has.
    pub const fn new(bits: u64) -> Self {
        Self(bits)
    }
}

impl From<Asked> for String {
    fn from(asked: Asked) -> Self {
        format!("{:016x}", asked.0)
    }
}

impl TryFrom<String> for Asked {
    type Error = std::num::ParseIntError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}

/// What a caller calls its request, and what it asks for, where it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its name.
    pub id: RequestId,
    /// What it asks for.
    pub asked: Option<Asked>,
}

impl From<RequestId> for Request {
    fn from(id: RequestId) -> Self {
        Self { id, asked: None }
    }
}

/// Whose request id it is. A member stays the same actor when its role changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// The program or its operator.
    System,
    /// A member.
    Member(MemberId),
    /// The public.
    Public,
}

/// A request id with its actor: what may occur once in a log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestKey {
    /// Whose.
    pub actor: Actor,
    /// Which.
    pub request: RequestId,
}

impl RequestKey {
    /// The key of a caller's request.
    pub fn of(caller: &Caller, request: &RequestId) -> Self {
        let actor = match caller {
            Caller::System => Actor::System,
            Caller::Member { member, .. } => Actor::Member(*member),
            Caller::Public => Actor::Public,
        };
        Self { actor, request: request.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_printable_without_blanks_and_not_too_long() {
        for right in ["a", "导入-2024/3#17", &"长".repeat(200)] {
            assert_eq!(RequestId::new(right).unwrap().as_str(), right);
        }
        for wrong in ["", " ", "a b", "a\u{3000}b", "a\n", "\u{7}", &"a".repeat(201)] {
            assert_eq!(RequestId::new(wrong), Err(InvalidRequestId(wrong.to_owned())));
        }
    }
}

//! The stored form of a commit: one JSON text that a person can read.
//!
//! ```json
//! {"hash":"…","body":{"v":1,"position":1,"time":0,"actor":{"type":"system"},"request":"…","before":"…","events":[…]}}
//! ```
//!
//! `hash` is SHA-256 over the exact bytes of `body`, so that checking it never depends on writing the
//! body again the same way. A record is made only by sealing or by checking, so one that exists holds.
//! Old versions of the body are lifted by [`Format`]'s upcasters on the way in; their bytes stay.

use crate::{
    commit::{Commit, Head},
    failure::{Damage, Flaw, ReadError},
    hash::Hash,
    request::{Asked, Request, RequestId},
};
use engine::{event::Event, identity::Position, member::Caller, moment::Moment};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use std::sync::Arc;

/// Lifts the body of a commit by one version, or says what it does not understand.
pub type Upcaster = fn(Value) -> Result<Value, String>;

/// A version of the body, with the way up to it from every older one.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    upcasters: &'static [Upcaster],
}

impl Format {
    /// The format of this program. The upcaster at index *i* lifts version *i* + 1 to *i* + 2.
    pub const CURRENT: Self = Self::new(&[]);

    /// The format that these upcasters lead to.
    pub const fn new(upcasters: &'static [Upcaster]) -> Self {
        Self { upcasters }
    }

    /// The version of the body: one more than there are upcasters.
    pub const fn version(self) -> u32 {
        self.upcasters.len() as u32 + 1
    }

    fn lift(self, mut body: Value, from: u32) -> Result<Value, String> {
        for upcaster in self.upcasters.iter().skip(from as usize - 1) {
            body = upcaster(body)?;
        }
        Ok(body)
    }
}

/// A commit with the very bytes that are stored of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    commit: Arc<Commit>,
    text: Box<str>,
}

#[derive(Serialize)]
struct EnvelopeOut<'a> {
    hash: Hash,
    body: &'a RawValue,
}

#[derive(Serialize)]
struct BodyOut<'a> {
    v: u32,
    position: Position,
    time: Moment,
    actor: &'a Caller,
    request: &'a RequestId,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<Asked>,
    before: Hash,
    events: &'a [Event],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeIn<'a> {
    hash: Hash,
    #[serde(borrow)]
    body: &'a RawValue,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

#[derive(Deserialize)]
struct BodyIn {
    position: Position,
    time: Moment,
    actor: Caller,
    request: RequestId,
    #[serde(default)]
    asked: Option<Asked>,
    before: Hash,
    events: Vec<Event>,
}

impl Record {
    /// Seals the commit that follows `head`.
    ///
    /// # Errors
    /// When an event cannot be written as JSON, which is a bug of its type.
    pub fn seal(
        head: Head,
        time: Moment,
        actor: Caller,
        request: impl Into<Request>,
        events: Vec<Event>,
    ) -> Result<Self, serde_json::Error> {
        let (position, before) = (head.position.next(), head.hash);
        let Request { id: request, asked } = request.into();
        let v = Format::CURRENT.version();
        let (to_actor, to_request) = (&actor, &request);
        let body = BodyOut {
            v,
            position,
            time,
            actor: to_actor,
            request: to_request,
            asked,
            before,
            events: &events,
        };
        let body = serde_json::value::to_raw_value(&body)?;
        let hash = Hash::of(body.get().as_bytes());
        let text = serde_json::to_string(&EnvelopeOut { hash, body: &body })?.into_boxed_str();
        let commit = Arc::new(Commit { position, time, actor, request, asked, events, before, hash });
        Ok(Self { commit, text })
    }

    /// Reads and checks what is stored at `position`: its hash, its version, its place.
    ///
    /// # Errors
    /// Damage at `position`, or a body of a newer version.
    pub fn check(position: Position, bytes: &[u8]) -> Result<Self, ReadError> {
        Self::check_as(Format::CURRENT, position, bytes)
    }

    /// Like [`Record::check`], for a program whose format is `format`.
    ///
    /// # Errors
    /// Damage at `position`, or a body of a newer version.
    pub fn check_as(format: Format, position: Position, bytes: &[u8]) -> Result<Self, ReadError> {
        let damaged = |flaw| ReadError::Damaged(Damage { position, flaw });
        let unreadable = |error: &dyn ToString| damaged(Flaw::Unreadable(error.to_string()));
        let strange = |error: &dyn ToString| damaged(Flaw::NotUnderstood(error.to_string()));

        let text = str::from_utf8(bytes).map_err(|error| unreadable(&error))?;
        let envelope: EnvelopeIn<'_> = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        let (stated, body) = (envelope.hash, envelope.body.get());
        let computed = Hash::of(body.as_bytes());
        if stated != computed {
            return Err(damaged(Flaw::WrongHash { stated, computed }));
        }

        let known = format.version();
        let Version { v: found } = serde_json::from_str(body).map_err(|error| strange(&error))?;
        let body: BodyIn = if found == known {
            serde_json::from_str(body).map_err(|error| strange(&error))?
        } else if found > known {
            return Err(ReadError::NewerFormat { position, found, known });
        } else if found == 0 {
            return Err(strange(&"no version 0 was ever written"));
        } else {
            let old = serde_json::from_str(body).map_err(|error| strange(&error))?;
            let lifted = format.lift(old, found).map_err(|error| strange(&error))?;
            serde_json::from_value(lifted).map_err(|error| strange(&error))?
        };
        if body.position != position {
            return Err(damaged(Flaw::WrongPosition { stated: body.position }));
        }
        let BodyIn { position, time, actor, request, asked, before, events } = body;
        let commit = Arc::new(Commit { position, time, actor, request, asked, events, before, hash: stated });
        Ok(Self { commit, text: text.into() })
    }

    /// What it says.
    pub fn commit(&self) -> &Commit {
        &self.commit
    }

    /// The stored text.
    pub const fn text(&self) -> &str {
        &self.text
    }

    /// What it says, without the text.
    pub fn into_commit(self) -> Commit {
        Arc::unwrap_or_clone(self.commit)
    }

    /// What it says, to be kept by several.
    pub fn shared(&self) -> Arc<Commit> {
        Arc::clone(&self.commit)
    }
}

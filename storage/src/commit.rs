//! A commit: all the events of one command, with its place in the chain.

use crate::{
    hash::Hash,
    request::{Asked, RequestId, RequestKey},
};
use engine::{event::Event, evolve::Recorded, identity::Position, member::Caller, moment::Moment};
use serde::{Deserialize, Serialize};

/// What one command did. Its stored form is a [`crate::record::Record`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Where it stands in the log, from 1.
    pub position: Position,
    /// When it was made; never before the time of the commit before it.
    pub time: Moment,
    /// Who gave the command.
    pub actor: Caller,
    /// What the actor called its request.
    pub request: RequestId,
    /// What was asked for, where that was told. Lines of before do not tell.
    pub asked: Option<Asked>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The hash of the commit before, [`Hash::ZERO`] for the first.
    pub before: Hash,
    /// The hash of its own stored body.
    pub hash: Hash,
}

impl Commit {
    /// The log's end when this is the last commit.
    pub const fn head(&self) -> Head {
        Head { position: self.position, hash: self.hash }
    }

    /// Where and when, as `evolve` wants it.
    pub const fn recorded(&self) -> Recorded {
        Recorded { position: self.position, time: self.time }
    }

    /// What may occur once in a log.
    pub fn request_key(&self) -> RequestKey {
        RequestKey::of(&self.actor, &self.request)
    }
}

/// The end of a log: its last commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its position; 0 for an empty log.
    pub position: Position,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// The end of an empty log.
    pub const START: Self = Self { position: Position::START, hash: Hash::ZERO };
}

//! What one request knows: one snapshot of the state, who speaks, in which language, at what time.
//!
//! The snapshot is taken once, so every field of a query sees the same position. Mutations show the
//! state after their commit; each node carries the state that it was read from. What is asked of the past or
//! of a state that is only supposed has a scope of its own, with the same caller and the same rights.

use super::{explaining::Explaining, fault::not_allowed, matching::LivePlanner};
use crate::contacts::Contacts;
use crate::http::seen::Seen;
use async_graphql::{Context, Result};
use engine::{
    matching::{what_if::Supposed, wording::Names},
    member::Caller,
    moment::Moment,
    permission::{Reach, Right, Sight},
    refusal::wording::Language,
    state::State,
};
use std::sync::Arc;
use storage::Ledger;
use tokio::sync::{OnceCell, Semaphore};

/// How many plans may be kept at once for the requests that have them explained: each takes a thread, and
/// all of them a small part of those there are.
const EXPLAINING_MAX: usize = 64;

/// The state a node was read from.
pub type Snapshot = Arc<State>;

/// What every request of one server shares.
#[derive(Clone)]
pub struct Shared {
    /// The only way to write, and the feed.
    pub ledger: Ledger,
    /// One matching at a time: it takes a core for itself.
    pub matching: Arc<Semaphore>,
    /// The street as the matching sees it, kept ready.
    pub pool: LivePlanner,
    /// How many more plans may be explained.
    pub explaining: Arc<Semaphore>,
    /// Whom to call, when the server keeps that.
    pub contacts: Option<Contacts>,
    /// What is counted.
    pub seen: Seen,
}

impl Shared {
    /// What requests on this ledger share.
    pub fn new(ledger: Ledger) -> Self {
        let (matching, explaining) = (Semaphore::new(1), Semaphore::new(EXPLAINING_MAX));
        Self {
            ledger,
            matching: Arc::new(matching),
            pool: LivePlanner::default(),
            explaining: Arc::new(explaining),
            contacts: None,
            seen: Seen::default(),
        }
    }

    /// The same with the contacts of the street.
    pub fn with_contacts(self, contacts: Option<Contacts>) -> Self {
        Self { contacts, ..self }
    }
}

/// What one request knows.
#[derive(Clone)]
pub struct Scope {
    /// What it shares with the others.
    pub shared: Shared,
    /// The state at one position.
    pub state: Snapshot,
    /// Who speaks.
    pub caller: Caller,
    /// What the caller may look at, and how far its say goes: as of now, also before a state of the past.
    sight: Sight,
    reach: Reach,
    /// In which language messages are wanted.
    pub language: Language,
    /// What time it is.
    pub now: Moment,
    /// Whether this is the street of now, or a few changes away from it: then the live pool follows quickly.
    pub is_near: bool,
    /// The plan for this state, solved once when something of it is to be explained.
    pub(super) explained: Arc<OnceCell<Explaining>>,
}

impl Scope {
    /// A scope on the newest state.
    pub fn new(shared: Shared, caller: Caller, language: Language) -> Self {
        let (state, now) = (shared.ledger.state(), shared.ledger.now());
        let (sight, reach) = (Sight::of(&state, &caller), Reach::of(&state, &caller));
        Self { shared, state, caller, sight, reach, language, now, is_near: true, explained: Arc::default() }
    }

    /// The same caller at the newest state.
    pub fn renewed(&self) -> Self {
        Self::new(self.shared.clone(), self.caller, self.language)
    }

    /// The same caller before a state of the past.
    pub fn at_past(&self, state: Snapshot, now: Moment) -> Self {
        Self { state, now, is_near: false, explained: Arc::default(), ..self.clone() }
    }

    /// The same caller before a state that is not.
    pub fn supposing(&self, supposed: Supposed) -> Self {
        let Supposed { state, now } = supposed;
        Self { state: Arc::new(state), now, explained: Arc::default(), ..self.clone() }
    }

    /// The scope of the request in whose context a field is resolved.
    ///
    /// # Errors
    /// When the schema is run without one, which is a bug.
    pub fn of<'a>(ctx: &Context<'a>) -> Result<&'a Self> {
        ctx.data::<Self>()
    }

    /// What the caller may look at.
    pub const fn sight(&self) -> Sight {
        self.sight
    }

    /// Whether the caller has a right.
    pub fn has(&self, right: Right) -> bool {
        self.reach.has(&self.state, right)
    }

    /// Refuses what the caller may not look at.
    ///
    /// # Errors
    /// `NOT_ALLOWED`, naming what is missing.
    pub fn needs(&self, sight: Sight) -> Result<()> {
        if self.sight() >= sight {
            return Ok(());
        }
        let needs = match sight {
            Sight::Notices => ("公开视图", "the public view"),
            Sight::Street => ("登录的成员", "a signed-in member"),
            Sight::Members => ("街道协调员角色", "the role of a street coordinator"),
        };
        Err(not_allowed(self.language, needs))
    }

    /// What things are called in this state, in the language of the request.
    pub fn names(&self) -> Names<'_> {
        Names::of(&self.state, self.language)
    }

    /// One of two wordings.
    pub const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

//! What one request knows: one snapshot of the state, who speaks, in which language, at what time.
//!
//! The snapshot is taken once, so every field of a query sees the same position. Mutations show the
//! state after their commit; each node carries the state that it was read from.

use super::fault::not_allowed;
use async_graphql::{Context, Result};
use engine::{member::Caller, moment::Moment, permission::Sight, refusal::wording::Language, state::State};
use std::sync::Arc;
use storage::Ledger;
use tokio::sync::Semaphore;

/// The state a node was read from.
pub type Snapshot = Arc<State>;

/// What every request of one server shares.
#[derive(Clone)]
pub struct Shared {
    /// The only way to write, and the feed.
    pub ledger: Ledger,
    /// One matching at a time: it takes a core for itself.
    pub matching: Arc<Semaphore>,
}

impl Shared {
    /// What requests on this ledger share.
    pub fn new(ledger: Ledger) -> Self {
        Self { ledger, matching: Arc::new(Semaphore::new(1)) }
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
    /// In which language messages are wanted.
    pub language: Language,
    /// What time it is.
    pub now: Moment,
}

impl Scope {
    /// A scope on the newest state.
    pub fn new(shared: Shared, caller: Caller, language: Language) -> Self {
        let (state, now) = (shared.ledger.state(), shared.ledger.now());
        Self { shared, state, caller, language, now }
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
        Sight::of(&self.caller)
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

    /// One of two wordings.
    pub const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

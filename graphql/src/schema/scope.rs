//! What one request knows: one snapshot of the state, who speaks, in which language, at what time.
//!
//! The snapshot is taken once, so every field of a query sees the same position. Mutations show the
//! state after their commit; each node carries the state that it was read from. What is asked of the past or
//! of a state that is only supposed has a scope of its own, with the same caller and the same rights.

use super::{
    explaining::Explaining, fault::not_allowed, matching::LivePlanner, verification::Verifier, viewed::Viewed,
};
use crate::contacts::Contacts;
use crate::http::seen::Seen;
use async_graphql::{Context, Result};
use engine::{
    matching::{what_if::Supposed, wording::Names},
    member::Caller,
    moment::Moment,
    permission::{Reach, Right, Sight, View},
    refusal::wording::Language,
    state::State,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use storage::Ledger;
use tokio::sync::{OnceCell, Semaphore};

/// How many plans may be kept at once for the requests that have them explained: each takes a thread, and
/// all of them a small part of those there are.
const EXPLAINING_MAX: usize = 64;

/// How many look for a state of the past at once: one is folded at a time, those at hand are found beside it. Who waits
/// longer waits here, where it takes no thread.
const TRAVELLING_MAX: usize = 8;

/// The state a node was read from, as the caller sees it.
pub type Snapshot = Arc<Viewed>;

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
    /// How many more may look for a state of the past.
    pub travelling: Arc<Semaphore>,
    /// What was found when the street was verified.
    pub verifier: Verifier,
    /// Whom to call, when the server keeps that.
    pub contacts: Option<Contacts>,
    /// What is counted.
    pub seen: Seen,
}

impl Shared {
    /// What requests on this ledger share.
    pub fn new(ledger: Ledger) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            ledger,
            matching: semaphore(1),
            pool: LivePlanner::default(),
            explaining: semaphore(EXPLAINING_MAX),
            travelling: semaphore(TRAVELLING_MAX),
            verifier: Verifier::default(),
            contacts: None,
            seen: Seen::default(),
        }
    }

    /// The same with the contacts of the street.
    pub fn with_contacts(self, contacts: Option<Contacts>) -> Self {
        Self { contacts, ..self }
    }
}

/// What was looked at beside the state, what the caller sees of it, and the language.
#[derive(Debug, Default)]
struct Looked {
    caller: AtomicBool,
    beyond: AtomicBool,
}

/// For whom an answer is good that was given at one position in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// For everybody who may look at the same, and sees the same rows of it. Those who act for an organization share it
    /// with nobody outside.
    Alike(Sight, View),
    /// For this caller alone.
    Caller(Caller),
}

/// Tells for whom an answer is good, once it is made.
#[derive(Clone, Debug)]
pub struct Witness {
    looked: Arc<Looked>,
    alike: Audience,
    caller: Caller,
}

impl Witness {
    /// For whom what was answered is good; `None` when it was good for that once.
    pub fn audience(&self) -> Option<Audience> {
        if self.looked.beyond.load(Ordering::Relaxed) {
            None
        } else if self.looked.caller.load(Ordering::Relaxed) {
            Some(Audience::Caller(self.caller))
        } else {
            Some(self.alike)
        }
    }
}

/// What one request knows.
#[derive(Clone)]
pub struct Scope {
    shared: Shared,
    /// The state at one position.
    pub state: Snapshot,
    caller: Caller,
    /// What the caller may look at, and how far its say goes: as of now, also before a state of the past.
    sight: Sight,
    reach: Reach,
    /// In which language messages are wanted.
    pub language: Language,
    now: Moment,
    /// Whether this is the street of now, or a few changes away from it: then the live pool follows quickly.
    pub is_near: bool,
    /// The plan for this state, solved once when something of it is to be explained.
    pub(super) explained: Arc<OnceCell<Explaining>>,
    /// What was looked at beside the state, in this scope or in one made of it.
    looked: Arc<Looked>,
}

impl Scope {
    /// A scope on the newest state.
    pub fn new(shared: Shared, caller: Caller, language: Language) -> Self {
        let (state, now) = (shared.ledger.state(), shared.ledger.now());
        let (sight, reach) = (Sight::of(&state, &caller), Reach::of(&state, &caller));
        let state = Arc::new(Viewed::new(Arc::clone(&state), View::of(&state, &caller)));
        let (explained, looked) = Default::default();
        Self { shared, state, caller, sight, reach, language, now, is_near: true, explained, looked }
    }

    /// What it shares with the other requests: the ledger, the vault, the planner.
    pub fn shared(&self) -> &Shared {
        self.looked.beyond.store(true, Ordering::Relaxed);
        &self.shared
    }

    /// What time it is.
    pub fn now(&self) -> Moment {
        self.looked.beyond.store(true, Ordering::Relaxed);
        self.now
    }

    /// Who speaks. What anybody with the same sight may know goes by [`Self::sight`] instead.
    pub fn caller(&self) -> Caller {
        self.looked.caller.store(true, Ordering::Relaxed);
        self.caller
    }

    /// The audiences the caller belongs to.
    pub fn audiences(&self) -> [Audience; 2] {
        [self.alike(), Audience::Caller(self.caller)]
    }

    fn alike(&self) -> Audience {
        Audience::Alike(self.sight, self.state.view())
    }

    /// Tells afterwards for whom an answer that was made in this scope is good.
    pub fn witness(&self) -> Witness {
        Witness { looked: Arc::clone(&self.looked), alike: self.alike(), caller: self.caller }
    }

    /// The same caller at the newest state.
    pub fn renewed(&self) -> Self {
        Self::new(self.shared.clone(), self.caller, self.language)
    }

    /// Another state, as the same caller sees it.
    pub fn viewed(&self, state: Arc<State>) -> Snapshot {
        Arc::new(Viewed::new(state, self.state.view()))
    }

    /// The same caller before a state of the past.
    pub fn at_past(&self, state: Snapshot, now: Moment) -> Self {
        Self { state, now, is_near: false, explained: Arc::default(), ..self.clone() }
    }

    /// The same caller before a state that is not.
    pub fn supposing(&self, supposed: Supposed) -> Self {
        let Supposed { state, now } = supposed;
        let state = Arc::new(self.state.supposing(state));
        Self { state, now, explained: Arc::default(), ..self.clone() }
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

    /// Whether the caller has a right. Those who look at the same do not all have it.
    pub fn has(&self, right: Right) -> bool {
        self.looked.caller.store(true, Ordering::Relaxed);
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

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{
        identity::{MemberId, OrganizationId},
        member::Role,
    };
    use storage::memory::MemoryLog;

    #[test]
    fn an_answer_is_good_for_as_many_as_what_it_was_made_of() {
        let caller = Caller::Member {
            member: MemberId::new(1),
            organization: OrganizationId::new(1),
            role: Role::Observer,
        };
        let ledger = Ledger::open(MemoryLog::new(), || Moment::from_millis(0)).unwrap();
        let shared = Shared::new(ledger);
        let audience = |look: &dyn Fn(&Scope)| {
            let scope = Scope::new(shared.clone(), caller, Language::English);
            let witness = scope.witness();
            look(&scope);
            witness.audience()
        };
        assert_eq!(audience(&|_| ()), Some(Audience::Alike(Sight::Street, View::Everything)));
        let by_sight = |scope: &Scope| assert!(scope.needs(Sight::Street).is_ok());
        assert_eq!(audience(&by_sight), Some(Audience::Alike(Sight::Street, View::Everything)));
        assert_eq!(audience(&|it| assert_eq!(it.caller(), caller)), Some(Audience::Caller(caller)));
        assert_eq!(audience(&|it| assert!(!it.has(Right::Coordinate))), Some(Audience::Caller(caller)));
        assert_eq!(audience(&|it| assert_eq!(it.now().millis(), 0)), None);
        assert_eq!(audience(&|it| assert_eq!(it.shared().explaining.available_permits(), 64)), None);
        // What is asked in a scope that was made of it counts as well.
        let elsewhere = |it: &Scope| {
            let past = it.at_past(Arc::clone(&it.state), Moment::from_millis(7));
            assert_eq!(past.now().millis(), 7);
        };
        assert_eq!(audience(&elsewhere), None);
        assert_eq!(audience(&|it| assert_eq!(it.clone().caller(), caller)), Some(Audience::Caller(caller)));
    }
}

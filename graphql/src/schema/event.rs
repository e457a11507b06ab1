//! The event feed 事件: what has happened, in order, each event with typed references to what it concerns.

pub mod concerns;
pub mod kind;
pub mod page;
pub mod shown;

pub use kind::EventType;
pub use page::EventConnection;
pub use shown::Concerns;

use concerns::Concerned;

use super::{
    fault::{FaultCode, fault},
    live::filter::Wanted,
    organization::Organization,
    scalar::{DateTime, Json, Position},
    scope::Snapshot,
    words::Role,
};
use async_graphql::{Enum, Object, Result};
use engine::{
    event as domain,
    identity::Position as CommitPosition,
    member::Caller,
    moment::Moment,
    permission::{Sight, View},
};
use std::{borrow::Cow, sync::Arc};
use storage::Commit;

/// Who gave a command 操作者.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// 系统: the program itself, or the operator at its console.
    System,
    /// 成员: a signed-in member.
    Member,
    /// 公众: nobody in particular.
    Public,
}

impl ActorKind {
    /// What kind of actor this is.
    pub const fn of(caller: &Caller) -> Self {
        match caller {
            Caller::System => Self::System,
            Caller::Member { .. } => Self::Member,
            Caller::Public => Self::Public,
        }
    }
}

/// Who gave the command an event came from.
#[derive(Clone)]
pub struct Actor {
    at: Snapshot,
    it: Caller,
    /// Whether it is told whom it acted for: what somebody did with a row that is not seen would tell of that row.
    is_told: bool,
}

impl Actor {
    /// Whoever gave a command, with what this state knows of it.
    pub fn new(at: &Snapshot, it: Caller) -> Self {
        Self { at: Arc::clone(at), it, is_told: true }
    }

    /// The same without whom it acted for, unless that may be told.
    pub fn told_if(self, is_told: bool) -> Self {
        Self { is_told, ..self }
    }
}

/// Who gave the command an event came from 操作人. The login itself is not shown.
#[Object]
impl Actor {
    /// The program, a member, or the public.
    async fn kind(&self) -> ActorKind {
        ActorKind::of(&self.it)
    }

    /// The role it had; null unless a member, and where it did something with what the caller does not see.
    async fn role(&self) -> Option<Role> {
        match self.it {
            Caller::Member { role, .. } if self.is_told => Some(role.into()),
            Caller::Member { .. } | Caller::System | Caller::Public => None,
        }
    }

    /// Whom it acted for; null unless a member, and where it did something with what the caller does not see.
    async fn organization(&self) -> Option<Organization> {
        match self.it {
            Caller::Member { organization, .. } if self.is_told => Organization::find(&self.at, organization),
            Caller::Member { .. } | Caller::System | Caller::Public => None,
        }
    }
}

/// One event of one commit.
#[derive(Clone)]
pub struct Event {
    at: Snapshot,
    sight: Sight,
    position: CommitPosition,
    index: u32,
    last: bool,
    time: Moment,
    actor: Caller,
    it: domain::Event,
}

impl Event {
    /// The events of a commit that come after a cursor, as a caller of this sight may see them.
    pub fn of_commit(at: &Snapshot, sight: Sight, commit: &Commit, after: Position) -> Vec<Self> {
        let count = commit.events.len();
        let seen = match after.event {
            Some(event) if after.commit == commit.position.0 => Some(event),
            _ => None,
        };
        (0..)
            .zip(&commit.events)
            .filter(|(index, _)| seen.is_none_or(|seen| *index > seen))
            .map(|(index, it)| Self {
                at: Arc::clone(at),
                sight,
                position: commit.position,
                index,
                last: usize::try_from(index).is_ok_and(|index| index + 1 == count),
                time: commit.time,
                actor: commit.actor,
                it: it.clone(),
            })
            .collect()
    }

    /// Where the feed goes on after this event.
    pub const fn cursor(&self) -> Position {
        let event = if self.last { None } else { Some(self.index) };
        Position { commit: self.position.0, event }
    }

    /// Whether it precedes a cursor.
    const fn is_before(&self, cursor: Position) -> bool {
        let here = self.position.0;
        here < cursor.commit
            || here == cursor.commit
                && match cursor.event {
                    Some(event) => self.index < event,
                    None => !self.last,
                }
    }

    /// Whether it is seen, and wanted. That something was done with a login is told without what.
    pub fn passes(&self, wanted: &Wanted) -> bool {
        (self.is_hidden() || self.at.sees_event(&self.it))
            && wanted.lets(&self.at, &self.it, &self.actor, self.is_hidden())
    }

    /// Logins are for coordinators.
    fn is_hidden(&self) -> bool {
        self.sight < Sight::Members
            && matches!(
                self.it,
                domain::Event::MemberAdded { .. }
                    | domain::Event::MemberRevoked { .. }
                    | domain::Event::TokenIssued { .. }
                    | domain::Event::TokenRevoked { .. }
                    | domain::Event::SignOnBound { .. }
                    | domain::Event::SignOnUnbound { .. }
            )
    }
}

/// Something that has happened 事件. All events of one command have one position.
#[Object]
impl Event {
    /// The position of its commit.
    async fn position(&self) -> Position {
        self.position.into()
    }

    /// Its number inside the commit, from 0.
    async fn index(&self) -> i32 {
        super::scalar::int(self.index)
    }

    /// Where to go on after it: give this as `after`, and nothing is missed and nothing comes twice.
    #[graphql(name = "cursor")]
    async fn resume(&self) -> Position {
        self.cursor()
    }

    /// When it happened.
    async fn time(&self) -> DateTime {
        DateTime(self.time)
    }

    /// Who gave the command.
    async fn actor(&self) -> Actor {
        Actor::new(&self.at, self.actor)
    }

    /// What has happened 事件类型.
    #[graphql(name = "type")]
    async fn kind(&self) -> EventType {
        EventType::of(&self.it)
    }

    /// The event as it is stored, without secrets; identities in it are bare numbers.
    /// Events about logins are empty for all but coordinators.
    async fn payload(&self) -> Result<Json> {
        if self.is_hidden() {
            return Ok(Json(serde_json::json!({ "type": self.it.name() })));
        }
        payload(&self.at, &self.it)
    }

    /// What it concerns.
    async fn concerns(&self) -> Concerns {
        let concerned = if self.is_hidden() { Concerned::default() } else { Concerned::of(&self.it) };
        Concerns::new(&self.at, concerned)
    }
}

/// An event as it is stored, without secrets; of a plan, with no more of what it left unmet than the plan itself tells.
///
/// # Errors
/// When it cannot be written as JSON, which is a bug: it was read from there.
pub fn payload(at: &Snapshot, event: &domain::Event) -> Result<Json> {
    let mut event = Cow::Borrowed(event);
    if at.view() != View::Everything
        && matches!(*event, domain::Event::PlanAdopted { .. })
        && let domain::Event::PlanAdopted { summary, .. } = event.to_mut()
    {
        summary.unmet.retain(|it| at.is_own(it.target));
    }
    let mut payload = serde_json::to_value(&*event)
        .map_err(|_| fault(FaultCode::Internal, "the event cannot be shown as JSON"))?;
    if let Some(fields) = payload.as_object_mut() {
        fields.remove("token");
        fields.remove("sign_on");
        fields.remove("signOn");
    }
    Ok(Json(payload))
}

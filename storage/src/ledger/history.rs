//! History: who said what about an entity, when, and what it changed. The state knows which commits those are.

use super::Ledger;
use crate::{failure::ReadError, replay::commit_at, request::RequestId};
use engine::{
    event::Event,
    history::{Change, Entity, Life},
    identity::Position,
    member::Caller,
    moment::Moment,
};

/// One commit in the history of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The commit.
    pub position: Position,
    /// When it was made.
    pub time: Moment,
    /// Who gave the command.
    pub actor: Caller,
    /// What the actor called its request.
    pub request: RequestId,
    /// What the commit said about the entity.
    pub events: Vec<Event>,
    /// What that changed, field by field. Nothing, when it said what was so already.
    pub changes: Vec<Change>,
}

/// A page of a history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The commits.
    pub moves: Vec<Moved>,
    /// How many commits there are in all, before, on and after this page.
    pub total: usize,
    /// Whether there are earlier ones than on this page.
    pub earlier: bool,
    /// Whether there are later ones.
    pub later: bool,
}

/// Which part of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The first ones after this position.
    After(Position),
    /// The last ones before this position.
    Before(Position),
}

impl Page {
    /// The newest part.
    pub const NEWEST: Self = Self::Before(Position(u64::MAX));
    /// The oldest part.
    pub const OLDEST: Self = Self::After(Position::START);
}

impl Ledger {
    /// A part of an entity's history, at most `limit` commits. Reads the commits from the entity's first to the
    /// last on the page, and no others. Blocks; call it where that is allowed.
    ///
    /// # Errors
    /// Damage, a failing store, or a closed ledger.
    pub fn history(&self, entity: &Entity, page: Page, limit: usize) -> Result<History, ReadError> {
        let state = self.state();
        let positions: Vec<Position> = state.touches(entity).collect();
        let (from, to) = match page {
            Page::After(after) => {
                let from = positions.partition_point(|position| *position <= after);
                (from, from.saturating_add(limit).min(positions.len()))
            }
            Page::Before(before) => {
                let to = positions.partition_point(|position| *position < before);
                (to.saturating_sub(limit), to)
            }
        };
        let view = self.view();
        let mut life = Life::of(entity.clone());
        let mut moves = Vec::new();
        for (index, position) in positions.iter().enumerate().take(to) {
            let Some(commit) = commit_at(&view, *position)? else {
                continue;
            };
            let (events, changes) = life.tell(commit.recorded(), &commit.events);
            if index >= from {
                let events = events.into_iter().cloned().collect();
                let (time, actor, request) = (commit.time, commit.actor, commit.request.clone());
                moves.push(Moved { position: *position, time, actor, request, events, changes });
            }
        }
        Ok(History { moves, total: positions.len(), earlier: from > 0, later: to < positions.len() })
    }
}

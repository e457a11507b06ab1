//! The end of the log as a store has it, and the requests there that the index does not have yet.
//!
//! sled writes one insert at once and whole. Several keys that go together must be a batch, and of a batch sled first
//! writes, in a buffer of its own and with a wait for the disk of its own, how far it goes. So records that are one piece
//! each are inserted one by one, and all but the last of an append say that it goes on ([`entry`]). What sled has written
//! it keeps from the front: a crash may leave the first of them without the last, and those are then no part of the log, are
//! not shown, and are taken away by the next start. What else an append leaves, where its requests lead and the head, lags
//! behind in memory, until an append that is a batch anyway, [`LAG_MAX`], or the next start enters it. The head that stands
//! in the store so says how far the index goes; the end of the log is where the last append ends that is whole.

use super::{
    entry::{self, KeyBytes},
    guarded, marks, records,
};
use crate::{
    chain::Chain,
    commit::Head,
    failure::{Damage, Flaw, ReadError},
    request::RequestKey,
};
use engine::identity::Position;
use std::collections::HashMap;

/// How many requests may lag behind at most. Each is read at the start; and the append that enters them is one in so
/// many, less than one in a hundred.
pub(super) const LAG_MAX: usize = 128;

/// Requests that are durable and not in the index yet, with where they lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lag(HashMap<RequestKey, Position>);

impl Lag {
    pub(super) fn has_room_for(&self, count: usize) -> bool {
        self.0.len() + count <= LAG_MAX
    }

    pub(super) fn note(&mut self, key: RequestKey, position: Position) {
        self.0.insert(key, position);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn get(&self, key: &RequestKey) -> Option<Position> {
        self.0.get(key).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&RequestKey, Position)> {
        self.0.iter().map(|(key, position)| (key, *position))
    }
}

/// Where the log ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// The last commit.
    pub(super) head: Head,
    /// What the index does not have of the commits up to there.
    pub(super) lag: Lag,
    /// What a crash left of an append after it.
    pub(super) unfinished: Vec<KeyBytes>,
}

impl End {
    /// Reads it, and checks that nothing is missing before it: neither of what the store itself knows, nor of what was
    /// acknowledged.
    ///
    /// # Errors
    /// Damage, or sled's.
    pub(super) fn read(tree: &::sled::Tree, acknowledged: Head) -> Result<Self, ReadError> {
        let damaged = |position, flaw| ReadError::Damaged(Damage { position, flaw });
        let read = || Ok((marks::head(tree), entry::last(tree, LAG_MAX)));
        let (indexed, last) = guarded("read the end", read).map_err(ReadError::Store)?;
        let (indexed, (last, unfinished)) = (indexed?, last?);
        if last < indexed.position {
            return Err(damaged(last.next(), Flaw::Missing));
        }
        if last.0 - indexed.position.0 > LAG_MAX as u64 {
            return Err(damaged(indexed.position.next(), Flaw::AfterHead));
        }
        let (mut chain, mut lag) = (Chain::at(indexed, None), Lag::default());
        while chain.head().position < last {
            for record in records(tree, chain.head().position, last, LAG_MAX)? {
                chain.link(record.commit())?;
                lag.note(record.commit().request_key(), record.commit().position);
            }
        }
        let head = chain.head();
        if head.position < acknowledged.position {
            let acknowledged = acknowledged.position;
            return Err(damaged(head.position.next(), Flaw::Cut { acknowledged }));
        }
        for known in [indexed, acknowledged] {
            let Some(before) = known.position.0.checked_sub(1) else {
                continue;
            };
            for record in records(tree, Position(before), known.position, 1)? {
                let (stated, found) = (known.hash, record.commit().hash);
                if stated != found {
                    return Err(damaged(known.position, Flaw::WrongHead { stated, found }));
                }
            }
        }
        Ok(Self { head, lag, unfinished })
    }
}

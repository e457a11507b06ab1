//! The small keys beside the records: `m|format`, the version of the store; `c|actor|request`, the position of the commit
//! that answers a request; and `h`, the head up to which there are such keys.

use super::end::{End, Lag};
use crate::{
    commit::{Commit, Head},
    failure::{Damage, Flaw, OpenError, ReadError, StoreFault},
    log::RequestEntry,
    request::{Actor, RequestId, RequestKey},
};
use engine::identity::{MemberId, Position};
use std::path::Path;

/// The layout of keys that this program writes. In a store of version 1 the head is always that of the last record, in one
/// of version 2 it may lag behind it, and in one of version 3 the records of an append may stand there one by one (see
/// [`super::end`]): each is a store of the next in which that has not happened.
const FORMAT: u32 = 3;
const FORMAT_LEAST: u32 = 1;
const FORMAT_KEY: &[u8] = b"m|format";
const HEAD_KEY: &[u8] = b"h";

/// Marks a new store with its version.
pub(super) fn put_format(tree: &::sled::Tree) -> Result<(), OpenError> {
    let put = tree.insert(FORMAT_KEY, FORMAT.to_string().as_bytes());
    put.map(drop).map_err(|error| OpenError::Store(StoreFault::new("write the format", error)))
}

/// Checks the version of a store.
pub(super) fn check_format(directory: &Path, tree: &::sled::Tree) -> Result<(), OpenError> {
    let fault = |error| OpenError::Store(StoreFault::new("read the format", error));
    let Some(mark) = tree.get(FORMAT_KEY).map_err(fault)? else {
        // It is written before the store gets its name: a store without has lost it.
        return Err(unreadable("there is no format").into());
    };
    let mark = String::from_utf8_lossy(&mark);
    match mark.parse() {
        Ok(FORMAT_LEAST..=FORMAT) => Ok(()),
        Ok(found) if found > FORMAT => {
            Err(OpenError::NewerStore { directory: directory.to_owned(), found, known: FORMAT })
        }
        _ => Err(unreadable(&format!("format {mark:?}")).into()),
    }
}

/// How far the index goes; the start, where nothing was ever entered.
pub(super) fn head(tree: &::sled::Tree) -> Result<Head, ReadError> {
    let mark =
        tree.get(HEAD_KEY).map_err(|error| ReadError::Store(StoreFault::new("read the head", error)))?;
    let Some(mark) = mark else {
        return Ok(Head::START);
    };
    Ok(serde_json::from_slice(&mark).map_err(|error| unreadable(&format!("head: {error}")))?)
}

/// What makes the store end where the log does, and say that all up to there is in the index. The head is written other than
/// it stands: sled writes nothing where a value is to be what it is. A blank at the end comes and goes, which says nothing
/// in JSON.
pub(super) fn settled(tree: &::sled::Tree, end: &End) -> Result<::sled::Batch, StoreFault> {
    let End { head, lag, unfinished } = end;
    let fault = |error: &dyn ToString| StoreFault::new("write the head", error.to_string());
    let mut batch = ::sled::Batch::default();
    batch.insert(FORMAT_KEY, FORMAT.to_string().as_bytes());
    put_requests(&mut batch, lag);
    unfinished.iter().for_each(|key| batch.remove(key));
    if *head != Head::START {
        let mut mark = serde_json::to_vec(head).map_err(|error| fault(&error))?;
        if tree.get(HEAD_KEY).map_err(|error| fault(&error))?.is_some_and(|stands| *stands == *mark) {
            mark.push(b' ');
        }
        batch.insert(HEAD_KEY, mark);
    }
    Ok(batch)
}

/// Enters what lags behind into the index.
pub(super) fn put_requests(batch: &mut ::sled::Batch, lag: &Lag) {
    for (key, position) in lag.iter() {
        batch.insert(request_key(key), &position.0.to_be_bytes());
    }
}

pub(super) fn put_head(batch: &mut ::sled::Batch, head: Head) -> Result<(), StoreFault> {
    let mark = serde_json::to_vec(&head).map_err(|error| StoreFault::new("write the head", error))?;
    batch.insert(HEAD_KEY, mark);
    Ok(())
}

/// Where the index of requests leads.
pub(super) fn request(tree: &::sled::Tree, key: &RequestKey) -> Result<Option<Position>, ReadError> {
    let found = tree.get(request_key(key));
    let found = found.map_err(|error| ReadError::Store(StoreFault::new("look up a request", error)))?;
    let Some(found) = found else {
        return Ok(None);
    };
    match found.as_ref().try_into() {
        Ok(position) => Ok(Some(Position(u64::from_be_bytes(position)))),
        Err(_) => Err(unreadable(&format!("request {}", key.request)).into()),
    }
}

pub(super) fn put_request(batch: &mut ::sled::Batch, commit: &Commit) {
    batch.insert(request_key(&commit.request_key()), &commit.position.0.to_be_bytes());
}

/// Shows every entry of the index of requests.
pub(super) fn requests(tree: &::sled::Tree, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
    for item in tree.scan_prefix(b"c|") {
        let (key, found) =
            item.map_err(|error| ReadError::Store(StoreFault::new("read the index of requests", error)))?;
        let key = String::from_utf8_lossy(&key);
        let entry = match found.as_ref().try_into() {
            Ok(position) => RequestEntry {
                key: parsed(&key).ok_or_else(|| key.clone().into_owned()),
                position: Position(u64::from_be_bytes(position)),
            },
            Err(_) => return Err(unreadable(&format!("request {key}")).into()),
        };
        visit(entry);
    }
    Ok(())
}

fn parsed(key: &str) -> Option<RequestKey> {
    let (actor, request) = key.strip_prefix("c|")?.split_once('|')?;
    let actor = match actor {
        "system" => Actor::System,
        "public" => Actor::Public,
        member => Actor::Member(MemberId::new(member.strip_prefix("member-")?.parse().ok()?)),
    };
    Some(RequestKey { actor, request: RequestId::new(request).ok()? })
}

fn request_key(key: &RequestKey) -> Vec<u8> {
    let actor = match key.actor {
        Actor::System => "system".to_owned(),
        Actor::Member(member) => member.to_string(),
        Actor::Public => "public".to_owned(),
    };
    format!("c|{actor}|{}", key.request).into_bytes()
}

fn unreadable(what: &str) -> Damage {
    Damage { position: Position::START, flaw: Flaw::Mark(what.to_owned()) }
}

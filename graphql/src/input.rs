//! Inputs of mutations, and how commands of the engine are made of them.
//!
//! Posting states a whole entry. Amending is a patch: what is absent stays, null clears; it is merged
//! onto the entry of the newest state and sent with the revision that was seen.

pub mod agreements;
pub mod change;
pub mod claims;
pub mod contacts;
pub mod contributions;
pub mod deliveries;
pub mod entry;
pub mod limits;
pub mod lists;
pub mod meetings;
pub mod pairings;
pub mod path;
pub mod progress;
pub mod reviews;
pub mod street;

use crate::{reading::Reading, schema::user_error::UserErrorCode};
use async_graphql::MaybeUndefined;
use engine::command::Command;

/// An input that makes a command.
pub trait CommandInput {
    /// The idempotency key, when the client gave one.
    fn request_id(&self) -> Option<&str>;

    /// The command; `None` when something could not be read, which the reading has noted.
    fn command(&self, reading: &mut Reading) -> Option<Command>;
}

/// Applies a patch to something that may be cleared.
fn patch<I, T>(
    reading: &mut Reading,
    slot: &mut Option<T>,
    value: &MaybeUndefined<I>,
    read: impl FnOnce(&mut Reading, &I) -> Option<T>,
) {
    match value {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *slot = None,
        MaybeUndefined::Value(value) => {
            // What cannot be read is noted, and then nothing is sent at all.
            if let Some(value) = read(reading, value) {
                *slot = Some(value);
            }
        }
    }
}

/// Applies a patch to something that must be there.
fn patch_required<I, T>(
    reading: &mut Reading,
    field: &str,
    slot: &mut T,
    value: &MaybeUndefined<I>,
    read: impl FnOnce(&mut Reading, &I) -> Option<T>,
) {
    match value {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => reading.require(field),
        MaybeUndefined::Value(value) => {
            if let Some(value) = read(reading, value) {
                *slot = value;
            }
        }
    }
}

/// Applies a patch to a text that may be cleared.
fn patch_text(slot: &mut Option<String>, value: &MaybeUndefined<String>) {
    match value {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *slot = None,
        MaybeUndefined::Value(value) => *slot = Some(value.clone()),
    }
}

/// The revision to amend: the one the client saw, or the one that was just read.
fn revision(reading: &mut Reading, seen: Option<i32>, current: u64) -> u64 {
    match seen {
        None => current,
        Some(seen) => u64::try_from(seen).unwrap_or_else(|_| {
            let (zh, en) = ("不能为负", "cannot be negative");
            reading.complain(UserErrorCode::Invalid, "revision", zh, en);
            0
        }),
    }
}

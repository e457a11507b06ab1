//! What is followed over sockets of the real server: nothing missed and nothing twice, under concurrent writes, slow readers,
//! `kill -9` and a restart.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "live/changes.rs"]
mod changes;
#[path = "live/events.rs"]
mod events;
#[path = "live/slow.rs"]
mod slow;
#[path = "tiles/street.rs"]
mod street;
#[path = "live/tiles.rs"]
mod tiles;

//! The face as its clients see it: a real server on a real port over a log in memory.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what helpers of tests cannot do is a failed test"
)]

mod gate;
mod street;

mod backup;
mod contacts;
mod deaf;
mod drill;
mod feed;
mod history;
mod http;
mod imports;
mod kept;
mod limits;
mod listed;
mod lists;
mod operating;
mod orders;
mod pages;
mod pairings;
mod paths;
mod reasons;
mod rooms;
mod schema;
mod sight;
mod sockets;
mod time;
mod tls;
mod tokens;
mod told;

//! The face as its clients see it: a real server on a real port over a log in memory.

mod street;

mod http;
mod limits;
mod lists;
mod pages;
mod pairings;
mod schema;
mod sight;
mod sockets;

//! The face of Gongjian 共建: who speaks, what may be asked, and how the answer travels.
//!
//! A request becomes a caller ([`sign_in`]) and a document ([`http`]); the [`schema`] reads one snapshot
//! of the state, or makes a command of an [`input`] and gives it to the ledger. [`server`] puts it on
//! the network. [`lists`] reads what streets keep in files, and [`command_line`] is the program. Nothing is
//! decided here: `engine` decides, `storage` makes it last.
//!
//! What this crate must not know: what makes a pairing good, and how a commit is stored.

pub mod contacts;
pub mod sign_in;

pub mod outgoing;

pub mod input;
pub mod reading;
pub mod schema;

pub mod http;
mod hurry;
mod nearest;
pub mod server;
mod ticker;

pub mod lists;

pub mod command_line;

pub use schema::sdl as schema_sdl;
pub use server::{ServerConfig, TlsFiles, serve};

//! The log on disk, and the ledger that runs decisions against it.
//!
//! The engine says what follows from a command; this crate makes it last. A command's events become one
//! [`Commit`], stored as one [`record`] in a [`Log`]; the [`Ledger`] is the only writer of a process and
//! answers after the commit is durable.
//!
//! What this crate must not know: GraphQL, HTTP, sign-in, the command line, and what any event means.
//!
//! Read in this order: [`commit`], [`record`], [`chain`], [`failure`], then [`log`] with its numbered
//! promises, its backends [`memory`] and [`sled`], and [`ledger`] with its own.

pub mod hash;
pub mod request;

pub mod chain;
pub mod commit;
pub mod failure;
pub mod record;

pub mod log;
pub mod memory;
pub mod sled;

pub mod ledger;
mod replay;
pub mod verify;

pub mod conformance;
pub mod faulty;

pub use commit::{Commit, Head};
pub use failure::{Damage, OpenError, ReadError, StoreFault};
pub use hash::Hash;
pub use ledger::{ExecuteError, Health, Ledger, Receipt};
pub use log::Log;
pub use request::{InvalidRequestId, RequestId};
pub use verify::{VerifyReport, verify};

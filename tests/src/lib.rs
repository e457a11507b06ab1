//! The member crate that sees everybody. Here are the pieces its tests share; the tests are in `tests/`.
//!
//! [`street`] is a street in memory that commands are sent to, [`random`] are numbers that can be had again
//! from their seed, [`wishes`] are random commands made of them, [`living`] a
//! street that lives by them, [`promises`] is a slow, obvious twin of what
//! the engine keeps, [`samples`] are one of each event, [`source`] reads what
//! a source file uses, [`program`] is the real program as a process and [`client`] who asks it over the network,
//! [`issuer`] is a single sign-on to believe, [`drivers`] are clients that others wrote, [`peers`] are the instances on which the solver is set beside others.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "what tests are made of fails loudly"
)]

pub mod random;
pub mod street;

pub mod promises;
pub mod wishes;

pub mod cooperating;
pub mod living;

pub mod samples;
pub mod source;

pub mod client;
pub mod drivers;
pub mod issuer;
pub mod program;

pub mod peers;

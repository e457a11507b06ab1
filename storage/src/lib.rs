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
//!
//! # Which test guards which promise
//!
//! The promises stand in [`log`] (L) and [`ledger`] (G); tests carry their numbers in their names.
//! `conformance` runs the same list over every backend.
//!
//! | promise | test, in `tests/suite/` unless said |
//! |---|---|
//! | L1 whole, L2 durable | `conformance::*::l1_…`, `l2_…`; under `kill -9`: `crash::l2_…`; under power cuts: `power::l2_…` |
//! | L3 expected, L4 chained, L5 once, L6 gapless | `conformance::*::l3_…` to `l6_…` |
//! | L7 durable before seen | `conformance::*::l7_…`; after a failed sync: `sled.rs`, `l9_…` |
//! | L8 honest | `damage::l8_…`, `damage::every_flipped_bit_of_a_record_is_noticed`; every file of the directory: `rot::l8_…` |
//! | L9 poison, a full disk | `src/sled.rs`, `l9_…` |
//! | L10 large | `conformance::*::l10_…` |
//! | G1 acknowledged is durable | `groups::g1_…`, `crash::l2_…` |
//! | G2 once | `requests::g2_…`, `crash::l2_…` |
//! | G3 grouped, G4 in order | `groups::g3_…`, `groups::g4_…`, `failures::g5_not_written_…` |
//! | G5 honest failure | `failures::g5_…`; on a full disk: `full::g5_…` |
//! | G6 time, G8 bounded, G9 conflict, G10 one position | `groups::g6_…` to `g10_…` |
//! | G7 follow | `follow::g7_…` |
//! | the stored form is frozen | `golden::…` with `tests/goldens/records_v1.jsonl` |
//!
//! # Figures
//!
//! `cargo bench -p storage` on two shared cores with a busy neighbour and ext4; commits of 541 bytes, each
//! durable before its answer, beside a plain file that is laid out beforehand and synced with `fdatasync`
//! record by record. The ratio is what carries over to other disks.
//!
//! | writers | durable commits a second | of the plain file (5,738/s) |
//! |---|---|---|
//! | 1 | 2,442 | 0.43 |
//! | 16 | 16,662 | 2.90 |
//! | 64 | 25,074 | 4.37 |
//!
//! # What it does not notice
//!
//! Somebody who rewrites the whole directory, chain, index and anchor together: against its own keeper a
//! chain proves nothing unless its head is noted elsewhere ([`VerifyReport::head`]). And bits that rot in
//! the last seconds before a power cut: the anchor of [`sled`] may lag behind by what the kernel had not
//! written back.

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

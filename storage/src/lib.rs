//! The log on disk, and the ledger that runs decisions against it.
//!
//! The engine says what follows from a command; this crate makes it last. A command's events become one
//! [`Commit`], stored as one [`record`] in a [`Log`]; the [`Ledger`] is the only writer of a process and
//! answers after the commit is durable.
//!
//! What this crate must not know: GraphQL, HTTP, sign-in, the command line, and what any event means.
//!
//! Read in this order: [`commit`], [`record`], [`chain`], [`failure`], then [`log`] with its numbered
//! promises, its backends [`memory`] and [`sled`], [`snapshot`], and [`ledger`] with its own. [`backup`] carries a log
//! from one place to another. [`vault`] keeps what the log must not: persons' contacts.
//!
//! # Which test guards which promise
//!
//! The promises stand in [`log`] (L), [`snapshot`] (K), [`ledger`] (G), [`backup`] (B) and [`vault`] (V); tests carry their
//! numbers in their names. `conformance` runs the same list over every backend: in memory, in sled, and the log that
//! fails on order.
//!
//! | promise | test, in `tests/suite/` unless said | what was seen |
//! |---|---|---|
//! | L1 whole, L2 durable | `conformance::*::l1_…`, `l2_…` | held by all three backends, as is all of `conformance` |
//! | … under `kill -9`, of any backend that can be opened by a child | `conformance::breaking`: `conformance::sled::l1_l2_…` | 5 kills, none lost, none half |
//! | … under `kill -9` | `crash::l2_…` | 200 kills, a quarter of them while the log was being opened: 33,078 acknowledged commits, 0 lost; 9 minutes |
//! | … under power cuts | `power::l2_…` | 480 disks in three rounds under four models of loss, 0 bad |
//! | … and the cuts do bite | `power::without_its_syncs_…` | without `fdatasync`, 3 of 8 disks have lost something under each of two models |
//! | L3 expected, L4 chained, L5 once, L6 gapless | `conformance::*::l3_…` to `l6_…` | |
//! | L7 durable before seen | `conformance::*::l7_…`; after a failed sync: `sled.rs`, `l9_…` | |
//! | L8 honest | `damage::l8_…`, `damage::every_flipped_bit_of_a_record_is_noticed`; of any backend that gives a hand to break it: `conformance::breaking` | every bit of a record |
//! | … for every file of the directory | `rot::l8_…` | 300 flips and cuts in one slot or the other of the anchor, in sled's files and in a snapshot: all 300 named by `verify`, each with its file or position; 0 served wrong. What `verify` need not name lies behind the last mark of the head |
//! | … for dead bytes too | `sled/rot.rs`, `l8_…` | of 6,144 flips in the 24 filled segments of a store, live and dead, at their edges and between, each was named by file and byte. Not looked at are bytes without a sum: a segment that was emptied or not begun, and what follows the last message of the newest one |
//! | … a broken slot of the anchor is mended | `sled/anchor.rs`; through the whole program: `tests/tests/verified.rs` | named by file and byte, written anew by the next start |
//! | … and what a crash leaves is no rot | `crash::l2_…`, `power::l2_…`, `sled/rot.rs` | after 8 kills and on 60 disks nothing was taken for it. Two things are let go for this: blocks of zeroes in an old segment, and one old segment while the newest is full |
//! | … and a sound store is never doubted | `sled/look.rs` | 200 runs of 40 openings each, 0 doubted; before the head was noted by a write of its own, about 1 run in 20 |
//! | … and a refused start changes nothing that counts | `rot::l8_…`, `sled/look.rs` | with the damage taken back, all are whole again, in 42 runs with other seeds, three beside each other; without the look before the start, or without comparing it with how far sled's snapshot goes, they are not. [`sled::Inspection`] changes no byte |
//! | L9 poison, a full disk | `src/sled.rs`, `l9_…`; of any backend that can be made to fail: `conformance::breaking` | |
//! | L10 large, L11 index | `conformance::*::l10_…`, `l11_…`; strays: `damage::verify_names_…` | |
//! | K1 bound, K3 same program | `snapshots::k1_k3_…`; one that fits and lies: `snapshots::verify_notices_…` | |
//! | K2 whole, K4 harmless | `snapshots::k4_…`, `snapshot/chunks.rs`, `rot::l8_…` | 300 flips and cuts: the state was the log's each time |
//! | K5 whole or not there | `conformance::*_shelf::k5_…`, `crash::l2_…`, `power::l2_…` | 1,358 snapshots met after the 200 kills and 1,866 on the 480 disks, none half |
//! | K6 few | `snapshot/spacing.rs`, `snapshots::k6_…` | at most ten of 200,000 commits, none further back than 9/32 of the log |
//! | … and a rotten one pushes out no good one | `ledger/archivist.rs`, `k6_…` | what stays is read to its last byte before anything goes |
//! | K7 exact, K8 gone | `conformance::*_shelf::k7_…`, `k8_…` | |
//! | G1 acknowledged is durable | `conformance::*::g1_…`, `groups::g1_…`, `crash::l2_…` | |
//! | G2 once | `conformance::*::g2_…`, `requests::g2_…`, `crash::l2_…` | |
//! | G3 grouped, G4 in order | `groups::g3_…`, `groups::g4_…`, `failures::g5_not_written_…` | |
//! | G5 honest failure | `conformance::*::g5_…`, `failures::g5_…`; an anchor that cannot be written: `src/sled.rs`, `l9_…` | |
//! | … on a full disk | `full::g5_…` | 300 full disks, 31,106 acknowledged commits, all read on to the last; without the copy, 1 disk is not |
//! | … and at a start on one | `full::g5_a_start_…` | 12 disks: 6 had room enough, 4 were read from a copy in the system's place for such things, and of 2 with room nowhere the error says how many bytes are missing and in which directories. A log that was opened so takes no commands until it is opened again |
//! | … through the whole program, while it runs and before it starts | `tests/tests/full_disk.rs` | refused and said beforehand, read on, taken again with room; a start on it reads |
//! | G6 time, G8 bounded, G9 conflict, G10 one position | `groups::g6_…` to `g10_…`; `conformance::*::g6_…`, `g7_g10_…` | |
//! | G7 follow | `conformance::*::g7_g10_…`, `follow::g7_…` | |
//! | G15 contained | `failures::g15_…`, `ledger/group.rs`; over HTTP: `graphql/tests/face/http.rs` | the commands beside it in one group are granted as if it had not come |
//! | G16 said beforehand | `failures::g16_…`; over HTTP: `graphql/tests/face/http.rs` | |
//! | G11 start | `conformance::*::g11_…`, `snapshots::g11_…` | only the commits after the snapshot are read, and the one it stands at; the start after a long one reads none |
//! | G12 past | `conformance::*::g12_…`, `travel::g12_…` | every old state, and every plan of an old day, is what it was; at most 8 are kept (`ledger/travel.rs`) |
//! | G13 history | `conformance::*::g13_…`; against a slow twin: `history::g13_…` and, for all kinds, `tests/tests/histories.rs` | 903 entities of all 16 kinds |
//! | G14 backup | `conformance::*::g14_…`; `tests/backup/`: `serving::g14_…`; over HTTP: `graphql/tests/face/backup.rs` | |
//! | B1 consistent, B2 round trip | `conformance::*::b2_b6_…`; `tests/backup/`: `serving::`, `round_trip::` | |
//! | B3, B4 refused whole | `refused::` | |
//! | B5 never half, B6 increments, B7 frozen | `directory::`, `incremental::`, `golden::`; leftovers: `leftover.rs`; through the whole program, with `kill -9`: `tests/tests/carried.rs` | |
//! | V1 sealed, V2 durable, V4 once, V6 quiet, V8 new key | `vault::sealing::`, `vault::keys::`, `vault::copies::` | |
//! | V3 erased, V7 apart | `vault::erasing::`; under power cuts: `vault::power::v2_v3_…` | no byte of log, snapshots, a new backup and a new copy; 240 disks, 0 bad |
//! | … through the whole program, with `kill -9` | `tests/tests/contacts.rs`, `graphql/tests/face/contacts.rs` | nothing in clear in any file or in what the server tells at `trace`; after the erasure no byte of it sealed |
//! | V5 honest | `vault::rot::v5_…` | 600 flips and cuts: 423 refused the contact, 140 the vault, 37 had no consequence |
//! | what the log amounts to makes sense: [`engine::audit`] | through the whole program: `tests/tests/verified.rs` | a forged commit that promises too much, a lost vault and an erasure of one side alone are named |
//! | … and all that is derived from it is what a recount gives | `engine/src/audit/forged.rs`; at every step of random streets: `tests/tests/promises.rs`, and of their logs: `tests/tests/figures.rs` | a wrong value in each of 35 families is named with its key, what is kept and what was found |
//! | the stored forms are frozen | `golden::…`, `vault::keys::the_form_…`, `tests/backup/`: `golden::`; with `tests/goldens/` | |
//!
//! `GONGJIAN_CRASH_KILLS`, `GONGJIAN_POWER_IMAGES`, `GONGJIAN_POWER_ROUNDS`, `GONGJIAN_ROT_ROUNDS`, `GONGJIAN_FULL_ROUNDS` and
//! `GONGJIAN_STORY_COMMANDS` make the same tests long; each has its `…_SEED`, which it prints.
//!
//! # Figures
//!
//! `cargo bench -p storage --bench commit` on two quiet cores and ext4; commits of 541 bytes, each durable before its
//! answer, beside a plain file that is laid out beforehand and synced with `fdatasync` record by record (9,504/s), and beside
//! bare sled that takes the same bytes one by one. The ratios are what carries over to other disks. The share is what the
//! slowest writer got of its fair one.
//!
//! | writers | commits a second | of the plain file | of bare sled | p50 | p99 | share |
//! |---|---|---|---|---|---|---|
//! | bare sled, flush + `fdatasync` | 5,498 | 0.58 | 1 | | | |
//! | bare sled, flush alone: not durable | 9,631 | 1.01 | 1.75 | | | |
//! | 1 | 4,303 | 0.45 | 0.78 | 0.21 ms | 0.61 ms | 1.00 |
//! | 16 | 20,625 | 2.17 | 3.75 | 0.67 ms | 1.9 ms | 0.91 |
//! | 64 | 31,934 | 3.36 | 5.81 | 1.7 ms | 6.1 ms | 0.95 |
//! | 256 | 35,219 | 3.71 | 6.41 | 6.9 ms | 11 ms | 0.97 |
//!
//! `GONGJIAN_START_COMMITS=1000000 cargo bench -p storage --bench start`, files in the page cache, on two quiet cores; work is
//! in seconds of both.
//!
//! | a log of 1,000,000 posted needs | time | work |
//! |---|---|---|
//! | opening the store after a kill, in order | 0.5 s, 0.13 s | 0.5 s, 0.13 s |
//! | the state, from the last of 8 snapshots, with 126,000 commits after it | 2.4 s | 3.9 s |
//! | the same after a kill at rest, with 3,000 commits after it | 1.5 s | 2.7 s |
//! | the state, from the first commit | 11.6 s | 16.1 s |
//! | the state as it was at 99 %, 60 % and 10 % of the log | 2.3 s, 1.6 s, 1.0 s | |
//! | … and at the commit after it | 0.0003 s to 0.0027 s | |
//!
//! 128 writers at full speed outrun the archivist, which then takes snapshots less often than [`snapshot::Pace`]
//! says; a street that is as fast as people are has at most 31,250 commits after the last. The snapshots weigh 54 MiB
//! together (these needs are alike and pack well). 100,000 entries that come from a snapshot take 112 MiB of memory, with
//! all that finds and counts them, those that were folded from the first commit 166 MiB, and the store of all 369 MiB.
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

pub mod snapshot;

pub mod ledger;
mod replay;
pub mod verify;

pub mod backup;
pub mod leftover;
pub mod vault;

pub mod conformance;
pub mod faulty;

pub use commit::{Commit, Head};
pub use failure::{Damage, OpenError, ReadError, StoreFault};
pub use hash::Hash;
pub use ledger::{ExecuteError, Health, Ledger, Receipt};
pub use log::Log;
pub use request::{Asked, InvalidRequestId, Request, RequestId};
pub use verify::{SnapshotReport, VerifyReport, verify};

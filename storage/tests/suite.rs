//! The tests of the log and the ledger, in one program: it links once and serves as its own child
//! in the crash tests.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly, in their helper functions too"
)]

#[path = "suite/random.rs"]
mod random;
#[path = "suite/street.rs"]
mod street;

#[path = "suite/story.rs"]
mod story;

#[path = "suite/conformance.rs"]
mod conformance;
#[path = "suite/crash.rs"]
mod crash;
#[path = "suite/damage.rs"]
mod damage;
#[path = "suite/failures.rs"]
mod failures;
#[path = "suite/follow.rs"]
mod follow;
#[path = "suite/full.rs"]
mod full;
#[path = "suite/golden.rs"]
mod golden;
#[path = "suite/groups.rs"]
mod groups;
#[path = "suite/history.rs"]
mod history;
#[path = "suite/power.rs"]
mod power;
#[path = "suite/requests.rs"]
mod requests;
#[path = "suite/rot.rs"]
mod rot;
#[path = "suite/snapshots.rs"]
mod snapshots;
#[path = "suite/travel.rs"]
mod travel;
#[path = "suite/vault.rs"]
mod vault;

//! The tests of backups, named after the promises B1 to B7 of `storage::backup`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may fail loudly, in their helper functions too"
)]

#[path = "backup/made.rs"]
mod made;

#[path = "backup/directory.rs"]
mod directory;
#[path = "backup/golden.rs"]
mod golden;
#[path = "backup/incremental.rs"]
mod incremental;
#[path = "backup/refused.rs"]
mod refused;
#[path = "backup/round_trip.rs"]
mod round_trip;
#[path = "backup/serving.rs"]
mod serving;

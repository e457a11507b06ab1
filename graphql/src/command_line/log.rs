//! The log of a data directory, opened for a task of the command line.

use super::{failure::Failure, match_lists::clock};
use std::path::Path;
use storage::{Ledger, sled::SledLog};

/// Opens the log and replays it.
pub(super) fn open(directory: &Path) -> Result<Ledger, Failure> {
    Ok(Ledger::open(SledLog::open(directory)?, clock)?)
}

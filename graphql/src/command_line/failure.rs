//! Why a task was not done, in one line for the operator.

use std::path::PathBuf;

/// Why a task was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A file cannot be read.
    #[error("cannot read {}: {said}", file.display())]
    Unreadable { file: PathBuf, said: std::io::Error },
    /// No row of the lists can be used.
    #[error("no row of the lists can be used")]
    NoRows,
    /// The log cannot be opened, or is damaged.
    #[error(transparent)]
    Log(#[from] storage::OpenError),
    /// Anything else, said by whoever met it.
    #[error("{0}")]
    Said(String),
}

impl Failure {
    /// What somebody below said.
    pub(super) fn said(what: impl ToString) -> Self {
        Self::Said(what.to_string())
    }
}

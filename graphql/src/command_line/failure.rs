//! Why a task was not done, in one line for the operator.

use engine::identity::Position;
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
    /// A task that needs a log was given a directory without one; none is made there.
    #[error(
        "there is no log in {}: name the directory of one with --data; `serve`, `import` and `restore` make one",
        directory.display()
    )]
    NoLog { directory: PathBuf },
    /// Half a street: what is there must not be taken for the whole.
    #[error(
        "a restore up to position {head} was cut off in {}: do the same restore again, it carries on",
        directory.display()
    )]
    HalfRestored { directory: PathBuf, head: Position },
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

//! A backup as a file, which gets its name only when it is whole and on the disk.

use super::{BackupError, BackupReport, Form, Origin, Progress, backup, export, write::output};
use crate::{leftover, log::Log};
use engine::identity::Position;
use std::{fs::File, io::ErrorKind, path::Path};

/// Writes a backup to a new file: [`backup`] or [`export`], then a sync, then its name. Only its owner may
/// read it. A file that is there already is left alone.
///
/// # Errors
/// See [`BackupError`]. Nothing is left then.
pub fn save(
    log: &dyn Log,
    after: Position,
    origin: &Origin,
    form: Form,
    path: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackupReport, BackupError> {
    let exists = || BackupError::Exists { path: path.to_owned() };
    if path.exists() {
        return Err(exists());
    }
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let unfinished = leftover::file(parent, leftover::BACKING_UP).map_err(output)?;
    let report = match form {
        Form::Packed => backup(log, after, origin, unfinished.as_file(), progress)?,
        Form::Plain => export(log, after, origin, unfinished.as_file(), progress)?,
    };
    unfinished.as_file().sync_all().map_err(output)?;
    unfinished.persist_noclobber(path).map_err(|failed| match failed.error.kind() {
        ErrorKind::AlreadyExists => exists(),
        _ => output(failed.error),
    })?;
    File::open(parent).and_then(|parent| parent.sync_all()).map_err(output)?;
    Ok(report)
}

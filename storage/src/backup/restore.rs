//! A backup that was read to its end, and the ways it comes back: onto a log, or as a new directory.

use super::{
    Header, Progress, RestoreError, RestoreReport, Step, check,
    failure::{Fault, FileFlaw},
    spool::{Spool, directory},
    walk::Walk,
    write::commit_at,
};
use crate::{commit::Head, leftover::Unfinished, log::Log, record::Record, sled::SledLog};
use engine::identity::Position;
use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

/// Records that go into one append, unless their bytes end it earlier.
const GROUP_RECORDS_MAX: usize = 1_000;

/// Bytes that go into one append; a single record may be larger.
const GROUP_BYTES_MAX: usize = 4 << 20;

/// A whole backup: every byte of it was checked. Only such a one is restored.
#[derive(Debug)]
pub struct Checked {
    spool: Spool,
    header: Header,
}

impl Checked {
    /// Copies the input into `scratch`, a directory with room for it, and checks the copy.
    ///
    /// # Errors
    /// `Faulty`, `NewerFormat`, `Input` or `Directory`.
    pub fn read(
        input: impl Read,
        scratch: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, RestoreError> {
        let mut spool = Spool::take(input, scratch)?;
        let header = check::lines(&mut spool, |header, record| {
            progress(Progress::new(Step::Checking, record.commit().position, header.head.position));
            Ok(())
        })?;
        Ok(Self { spool, header })
    }

    /// What it holds.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Appends it to a log: see [`restore`](super::restore).
    ///
    /// # Errors
    /// See [`restore`](super::restore).
    pub fn append_to(
        mut self,
        log: &dyn Log,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<RestoreReport, RestoreError> {
        let mut target = Target::of(log, &self.header)?;
        // Read and checked a second time, for the copy lay on a disk meanwhile.
        check::lines(&mut self.spool, |_, record| target.take(record, progress))?;
        target.append(progress)?;
        let appended = target.appended;
        Ok(RestoreReport { commits: self.header.commits(), appended, header: self.header })
    }

    /// Makes a new log of it: see [`restore_new`](super::restore_new).
    ///
    /// # Errors
    /// See [`restore_new`](super::restore_new).
    pub fn restore_new(
        self,
        path: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<RestoreReport, RestoreError> {
        let parent = parent(path)?;
        free(path)?;
        let unfinished = Unfinished::make(&parent).map_err(directory("make the directory"))?;
        let place = unfinished.path().join("log");
        let log = SledLog::open(&place).map_err(RestoreError::Open)?;
        let report = self.append_to(&log, progress)?;
        drop(log);
        sync_all(&place).map_err(directory("sync the log"))?;
        // The one step by which it is there: an empty directory gives way, anything else does not.
        fs::rename(&place, path).map_err(|error| match error.kind() {
            ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                RestoreError::Occupied { directory: path.to_owned() }
            }
            _ => directory("name the log")(error),
        })?;
        File::open(&parent).and_then(|parent| parent.sync_all()).map_err(directory("sync the name"))?;
        Ok(report)
    }
}

/// The directory above, made if it is not there. It holds the copy of the input while that is read.
pub(super) fn parent(path: &Path) -> Result<PathBuf, RestoreError> {
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).map_err(directory("make the directory"))?;
    Ok(parent)
}

/// Refuses a path where there is anything but an empty directory.
pub(super) fn free(path: &Path) -> Result<(), RestoreError> {
    match fs::read_dir(path).map(|mut items| items.next()) {
        Ok(None) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Ok(Some(_)) => Err(RestoreError::Occupied { directory: path.to_owned() }),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Err(RestoreError::Occupied { directory: path.to_owned() })
        }
        Err(error) => Err(directory("look at the directory")(error)),
    }
}

/// Syncs every file and directory from here down.
fn sync_all(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        for item in fs::read_dir(path)? {
            sync_all(&item?.path())?;
        }
    }
    File::open(path)?.sync_all()
}

/// The log that takes the records, and those that wait for the next append.
struct Target<'a> {
    log: &'a dyn Log,
    /// The commit the file continues.
    base: Head,
    /// The end of the log when the restoring began; records up to it are there already.
    found: Head,
    walk: Walk,
    end: Position,
    group: Vec<Record>,
    bytes: usize,
    appended: u64,
}

impl<'a> Target<'a> {
    /// Looks whether the log may take what the file holds.
    fn of(log: &'a dyn Log, header: &Header) -> Result<Self, RestoreError> {
        let found = log.head()?;
        if header.is_full() && found != Head::START {
            return Err(RestoreError::NotEmpty { head: found.position });
        }
        let other = RestoreError::OtherBase { needed: header.after, found };
        if found.position < header.after.position {
            return Err(other);
        }
        let first = if found == Head::START { None } else { commit_at(log, Position(1))? };
        let first = first.map(|commit| commit.hash);
        if found != Head::START && first != header.first {
            return Err(RestoreError::OtherStreet { stated: header.first, found: first });
        }
        if found.position > header.head.position
            || found.position == header.after.position && found != header.after
        {
            return Err(other);
        }
        let last = commit_at(log, found.position)?;
        Ok(Self {
            log,
            base: header.after,
            found,
            walk: Walk::after_commit(last.as_ref()),
            end: header.head.position,
            group: Vec::new(),
            bytes: 0,
            appended: 0,
        })
    }

    /// Takes the next record of the file. Those that a restore brought which was then cut off are there
    /// already: the last of them must be the end of the log, which stands for all before it.
    fn take(&mut self, record: Record, progress: &mut dyn FnMut(Progress)) -> Result<(), RestoreError> {
        let commit = record.commit();
        if commit.position <= self.found.position {
            return match commit.position < self.found.position || commit.head() == self.found {
                true => Ok(()),
                false => Err(RestoreError::OtherBase { needed: self.base, found: self.found }),
            };
        }
        if let Err(flaw) = self.walk.link(commit) {
            // Only the first can fail, by being older than the end of the log: nothing was appended yet.
            let line = commit.position.0 - self.base.position.0 + 1;
            return Err(Fault::at(line, Some(commit.position), FileFlaw::Record(flaw)).into());
        }
        self.bytes += record.text().len();
        self.group.push(record);
        if self.group.len() >= GROUP_RECORDS_MAX || self.bytes >= GROUP_BYTES_MAX {
            self.append(progress)?;
        }
        Ok(())
    }

    fn append(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), RestoreError> {
        let (Some(first), Some(last)) = (self.group.first(), self.group.last()) else {
            return Ok(());
        };
        let reached = Position(first.commit().position.0 - 1);
        let position = last.commit().position;
        self.log.append(reached, &self.group).map_err(|error| RestoreError::Stopped { reached, error })?;
        self.appended += self.group.len() as u64;
        self.group.clear();
        self.bytes = 0;
        progress(Progress::new(Step::Appending, position, self.end));
        Ok(())
    }
}

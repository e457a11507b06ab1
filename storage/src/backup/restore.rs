//! A backup that was read to its end, and the ways it comes back: onto a log, or into a directory.

use super::{
    Header, Progress, RestoreError, RestoreReport, Step, check,
    failure::{Fault, FileFlaw},
    mark::{self, Mark},
    spool::{Spool, directory},
    walk::Walk,
    write::commit_at,
};
use crate::{commit::Head, log::Log, record::Record, sled::SledLog};
use engine::identity::Position;
use std::{
    fs,
    io::Read,
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

    /// The same for a restore into a directory: the copy lies on the disk where the log will.
    ///
    /// # Errors
    /// Like [`Checked::read`].
    pub fn beside(
        input: impl Read,
        place: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, RestoreError> {
        Self::read(input, &scratch(place)?, progress)
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
        self,
        log: &dyn Log,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<RestoreReport, RestoreError> {
        let target = Target::of(log, &self.header, Marking::None)?;
        self.fill(target, progress).map(|(report, _)| report)
    }

    /// Makes a log of it in a directory, or continues the one that is there: see [`restore_into`](super::restore_into).
    /// What comes after the log is the caller's to do, who then lifts the mark.
    ///
    /// # Errors
    /// See [`restore_into`](super::restore_into).
    pub fn restore_into(
        self,
        place: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Restored, RestoreError> {
        if !self.header.is_full() && !is_log(place) {
            return Err(RestoreError::OtherBase { needed: self.header.after, found: Head::START });
        }
        let log = SledLog::open(place).map_err(RestoreError::Open)?;
        // Under the lock of the log: nobody else marks it.
        let unfinished = mark::unfinished(place).map_err(RestoreError::Directory)?;
        let marking = match unfinished {
            Some(head) if self.header.head.position < head.position => {
                return Err(RestoreError::Unfinished { head: head.position });
            }
            Some(_) => Marking::Found(place),
            None => Marking::Wanted(place),
        };
        let target = Target::of(&log, &self.header, marking)?;
        let (report, mark) = self.fill(target, progress)?;
        Ok(Restored { report, log, mark })
    }

    /// Reads it and checks it a second time, for the copy lay on a disk meanwhile.
    fn fill(
        mut self,
        mut target: Target<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(RestoreReport, Option<Mark>), RestoreError> {
        check::lines(&mut self.spool, |_, record| target.take(record, progress))?;
        target.append(progress)?;
        let appended = target.appended;
        let report = RestoreReport { commits: self.header.commits(), appended, header: self.header };
        Ok((report, target.marking.mark()))
    }
}

/// A log that was restored in a directory, still held, and under its mark if anything was appended to it.
#[derive(Debug)]
pub struct Restored {
    /// What was done.
    pub report: RestoreReport,
    /// The log.
    pub log: SledLog,
    /// To be lifted when everything is done.
    pub mark: Option<Mark>,
}

/// Whether there is a log in a directory.
pub fn is_log(place: &Path) -> bool {
    place.join("sled").is_dir()
}

/// Where the copy of the input lies while it is read: in the directory itself, or as long as it is not there, above it.
fn scratch(place: &Path) -> Result<PathBuf, RestoreError> {
    if place.is_dir() {
        return Ok(place.to_owned());
    }
    let parent = match place.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).map_err(directory("make the directory"))?;
    Ok(parent)
}

/// Whether the directory of the log says that it is being restored.
#[derive(Debug)]
enum Marking<'a> {
    /// It is no directory, or whoever restores takes care of that.
    None,
    /// It will, before the first record goes in.
    Wanted(&'a Path),
    /// It does: a restore was cut off in it.
    Found(&'a Path),
    /// It does.
    Laid(Mark),
}

impl Marking<'_> {
    const fn is_resumed(&self) -> bool {
        matches!(self, Self::Found(_))
    }

    /// Before records go in.
    fn lay(&mut self, header: &Header) -> Result<(), RestoreError> {
        if let Self::Wanted(place) | Self::Found(place) = self {
            let laid = Mark::lay(place, header).map_err(directory("say that it is being restored"))?;
            *self = Self::Laid(laid);
        }
        Ok(())
    }

    fn mark(self) -> Option<Mark> {
        match self {
            Self::None | Self::Wanted(_) => None,
            Self::Found(place) => Some(Mark::found(mark::at(place))),
            Self::Laid(mark) => Some(mark),
        }
    }
}

/// The log that takes the records, and those that wait for the next append.
struct Target<'a> {
    log: &'a dyn Log,
    marking: Marking<'a>,
    header: Header,
    /// The end of the log when the restoring began; records up to it are there already.
    found: Head,
    walk: Walk,
    group: Vec<Record>,
    bytes: usize,
    appended: u64,
}

impl<'a> Target<'a> {
    /// Looks whether the log may take what the file holds.
    fn of(log: &'a dyn Log, header: &Header, marking: Marking<'a>) -> Result<Self, RestoreError> {
        let found = log.head()?;
        if header.is_full() && found != Head::START && !marking.is_resumed() {
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
            marking,
            header: header.clone(),
            found,
            walk: Walk::after_commit(last.as_ref()),
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
                false => Err(RestoreError::OtherBase { needed: self.header.after, found: self.found }),
            };
        }
        if let Err(flaw) = self.walk.link(commit) {
            // Only the first can fail, by being older than the end of the log: nothing was appended yet.
            let line = commit.position.0 - self.header.after.position.0 + 1;
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
        self.marking.lay(&self.header)?;
        self.log.append(reached, &self.group).map_err(|error| RestoreError::Stopped { reached, error })?;
        self.appended += self.group.len() as u64;
        self.group.clear();
        self.bytes = 0;
        progress(Progress::new(Step::Appending, position, self.header.head.position));
        Ok(())
    }
}

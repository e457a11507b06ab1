//! The log on disk, in sled 0.34.7.
//!
//! sled alone does not keep L2: its `flush` leaves the file to a later `fdatasync`, and values past a
//! few KiB go to files of their own that are never synced. So here: one tree, one writer, inserts or one batch per
//! append (`end.rs` says when which), `flush`, then `sync_data` on the database file through a handle of our own; values of at
//! most 4 KiB; after a failed flush no second try, but poison, because the
//! kernel may have dropped the pages it could not write. Never `flush_async` (hangs), `generate_id`
//! (skips) or `transaction` (deadlocks with readers). And because sled may cut its log at a flipped bit,
//! or panic, an anchor beside it says how far the log was acknowledged, a look at the file before the start says
//! whether anything acknowledged is in danger, and panics are caught.
//!
//! After a write that failed half way, and where nothing can be written, it reads on, from a copy if sled cannot.
//!
//! What it leaves to others: the chain from commit to commit, which the ledger walks at its start.

mod anchor;
mod barrier;
mod birth;
mod end;
mod entry;
mod inspection;
mod lock;
mod look;
mod marks;
mod rescue;
mod rot;
mod segment;
mod sums;
mod trial;

use crate::{
    commit::Head,
    failure::{AppendError, OpenError, ReadError, StoreFault, last_words},
    log::{Log, RequestEntry, check_append},
    record::Record,
    request::RequestKey,
    snapshot::{DirectoryShelf, Shelf},
};
use anchor::Anchor;
use end::{End, Lag};
use engine::identity::Position;
pub use inspection::Inspection;
use rescue::{Rescue, Tried};
use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    num::NonZero,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

/// Bounds the memory of a page: a read stops after the record with which it passes this many bytes.
const READ_BYTES_MAX: usize = 4 << 20;

/// What sled may keep in memory of the tree. Its resident size is about the same at this magnitude.
const CACHE_BYTES: u64 = 256 << 20;

/// How much room the disk must have before an append begins, and for each of its bytes: sled writes
/// about three and a half for one, and begins whole segments of 512 KiB. A write that fails for want of
/// room poisons the log, and sled then cannot finish what its pages need even for some reads; refused
/// beforehand, nothing is hurt, and writing goes on when there is room again.
const ROOM_BYTES_MIN: u64 = 8 << 20;
const ROOM_BYTES_PER_BYTE: u64 = 5;

/// A log in a directory. One process at a time may have it open.
#[derive(Debug)]
pub struct SledLog {
    tree: ::sled::Tree,
    store: ::sled::Db,
    /// The database file through our own descriptor: it sees write errors that sled's may have consumed.
    database: File,
    /// The end of what is durable. Nothing after it is shown.
    durable: RwLock<Head>,
    /// What is durable and not in the index of requests yet.
    lag: RwLock<Lag>,
    /// [`ROOM_BYTES_MIN`], other than in tests.
    room_bytes_min: u64,
    shelf: DirectoryShelf,
    directory: PathBuf,
    /// What is read from after a failed write, once it was needed.
    rescue: Mutex<Tried>,
    /// Held while appending.
    writing: Mutex<Writing>,
    /// Declared last, so that it is given up after sled has let go of its files.
    held: lock::Held,
}

#[derive(Debug)]
struct Writing {
    /// Set after an append that ended unknown.
    poison: Option<StoreFault>,
    anchor: Anchor,
}

impl SledLog {
    /// Opens the log in `directory`, makes one when there is none.
    ///
    /// sled cannot start where nothing can be written. A log that is there is then read from a copy, if there is room for
    /// one anywhere: it takes no appends, and [`Log::fault`] says why.
    ///
    /// # Errors
    /// When another process has it open, a newer program made it, it is damaged, or the disk fails.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let fault = |step, error: &dyn ToString| OpenError::Store(StoreFault::new(step, error.to_string()));
        fs::create_dir_all(directory).map_err(|error| fault("make the directory", &error))?;
        let path = directory.join("sled");
        let held = lock::hold(directory, path.join("db"))?;
        birth::make(directory, &path)?;
        barrier::clear(&path).map_err(|error| fault("clear the directory", &error))?;
        trial::clear(directory).map_err(|error| fault("clear the directory", &error))?;
        sums::check(&path)?;
        let (mut anchor, acknowledged) = Anchor::open(&directory.join("anchor"), false)?;
        let started = begin(directory, &path, &mut anchor, acknowledged);
        let database = OpenOptions::new().read(true).write(true).open(path.join("db"));
        let database = database.map_err(|error| fault("open the database file", &error))?;
        let (tree, store, end, rescue, poison) = match started {
            Ok((tree, store, end)) => (tree, store, end, None, None),
            Err(OpenError::Store(met)) => match trial::takes_bytes(directory) {
                Ok(()) => return Err(OpenError::Store(met)),
                Err(full) => {
                    let why = StoreFault::new("open the log", format!("{full}; {}", met.said));
                    let rescue = rescue::on_a_full_disk(directory, &path, acknowledged, &why)?;
                    let end = read_end(directory, &rescue.tree, acknowledged)?;
                    (rescue.tree.clone(), rescue.store.clone(), end, Some(rescue), Some(why))
                }
            },
            Err(error) => return Err(error),
        };
        Ok(Self {
            tree,
            store,
            database,
            durable: RwLock::new(end.head),
            lag: RwLock::new(end.lag),
            room_bytes_min: ROOM_BYTES_MIN,
            shelf: DirectoryShelf::open(&directory.join("snapshots")),
            directory: directory.to_owned(),
            rescue: Mutex::new(rescue.map(Tried::made).unwrap_or_default()),
            writing: Mutex::new(Writing { poison, anchor }),
            held,
        })
    }

    fn durable(&self) -> Head {
        *self.durable.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from the tree, and after a failed write, when sled cannot, from a copy.
    fn read_from<T>(&self, read: impl Fn(&::sled::Tree) -> Result<T, ReadError>) -> Result<T, ReadError> {
        match read(&self.tree) {
            Err(ReadError::Store(fault)) => match self.rescue() {
                Some(rescue) => read(&rescue.tree),
                None => Err(ReadError::Store(fault)),
            },
            other => other,
        }
    }

    fn rescue(&self) -> Option<Arc<Rescue>> {
        self.fault()?;
        let mut tried = self.rescue.lock().unwrap_or_else(PoisonError::into_inner);
        tried.get(|| Rescue::make(&self.directory, &self.directory.join("sled"), self.durable()))
    }

    fn lag(&self) -> RwLockReadGuard<'_, Lag> {
        self.lag.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn lag_mut(&self) -> RwLockWriteGuard<'_, Lag> {
        self.lag.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn find_in(tree: &::sled::Tree, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        guarded("look up a request", || Ok(marks::request(tree, request))).map_err(ReadError::Store)?
    }

    /// Shows what lags behind, then what the index has beside it.
    fn requests_in(
        tree: &::sled::Tree,
        lag: &Lag,
        visit: &mut dyn FnMut(RequestEntry),
    ) -> Result<(), ReadError> {
        for (key, position) in lag.iter() {
            visit(RequestEntry { key: Ok(key.clone()), position });
        }
        let mut entered = |entry: RequestEntry| {
            // It may have been entered while we looked.
            let lags = entry.key.as_ref().is_ok_and(|key| lag.get(key) == Some(entry.position));
            if !lags {
                visit(entry);
            }
        };
        let walked = guarded("read the index of requests", || Ok(marks::requests(tree, &mut entered)));
        walked.map_err(ReadError::Store)?
    }

    /// L5: no request twice, neither in the log nor in the batch.
    fn check_requests(&self, records: &[Record]) -> Result<(), AppendError> {
        let mut fresh = HashSet::new();
        for record in records {
            let key = record.commit().request_key();
            let lags = self.lag().get(&key).is_some();
            let known = guarded("look up the request", || Ok(marks::request(&self.tree, &key)))
                .and_then(|known| known.map_err(|error| StoreFault::new("look up the request", error)))
                .map_err(AppendError::NotWritten)?;
            if lags || known.is_some() || !fresh.insert(key) {
                return Err(AppendError::RequestRepeated { position: record.commit().position });
            }
        }
        Ok(())
    }

    /// Why the disk may have no room for an append of so many bytes, if so.
    fn want_of_room(&self, bytes: u64) -> Option<StoreFault> {
        let fault = |said: String| Some(StoreFault::new("look for room", said));
        let left = match rustix::fs::fstatvfs(&self.held.file) {
            // Some file systems cannot say.
            Ok(disk) if disk.f_blocks == 0 => return None,
            Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
            Err(error) => return fault(error.to_string()),
        };
        let needed = self.room_bytes_min.saturating_add(bytes.saturating_mul(ROOM_BYTES_PER_BYTE));
        match left < needed {
            true => fault(format!("the disk is full: {left} bytes left, {needed} needed")),
            false => None,
        }
    }

    /// An insert for each or one batch, one flush, one sync. An error here leaves open what the disk holds.
    fn write(&self, head: Head, records: &[Record]) -> Result<Entered, StoreFault> {
        let has_room = self.lag().has_room_for(records.len());
        let entered = match has_room.then(|| entry::singles(records)).flatten() {
            Some(singles) => {
                let mut each = singles.into_iter();
                guarded("write the records", || {
                    each.try_for_each(|(key, text)| self.tree.insert(key, text).map(drop))
                })?;
                Entered::Nothing
            }
            None => {
                let mut batch = ::sled::Batch::default();
                for record in records {
                    entry::put(&mut batch, record);
                    marks::put_request(&mut batch, record.commit());
                }
                marks::put_requests(&mut batch, &self.lag());
                marks::put_head(&mut batch, head)?;
                guarded("write the batch", || self.tree.apply_batch(batch))?;
                Entered::All
            }
        };
        guarded("flush", || self.store.flush())?;
        self.database.sync_data().map_err(|error| StoreFault::new("sync the database file", error))?;
        Ok(entered)
    }
}

/// What an append has entered into the index of requests.
enum Entered {
    Nothing,
    /// Its own, and what lagged behind.
    All,
}

impl Log for SledLog {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fault) = &writing.poison {
            return Err(AppendError::Poisoned(fault.clone()));
        }
        check_append(self.durable(), expected, records)?;
        self.check_requests(records)?;
        let Some(head) = records.last().map(|record| record.commit().head()) else {
            return Ok(());
        };
        let bytes = records.iter().map(|record| record.text().len() as u64).sum();
        if let Some(fault) = self.want_of_room(bytes) {
            return Err(AppendError::NotWritten(fault));
        }
        // Who looks for a request finds it at any moment from here on: in the index, or as what lags behind it.
        match self.write(head, records) {
            Ok(Entered::Nothing) => {
                let mut lag = self.lag_mut();
                for commit in records.iter().map(Record::commit) {
                    lag.note(commit.request_key(), commit.position);
                }
            }
            Ok(Entered::All) => self.lag_mut().clear(),
            Err(fault) => {
                writing.poison = Some(fault.clone());
                return Err(AppendError::OutcomeUnknown(fault));
            }
        }
        *self.durable.write().unwrap_or_else(PoisonError::into_inner) = head;
        if let Err(error) = writing.anchor.note(head) {
            // This append is durable and stays acknowledged; the next would go unguarded.
            writing.poison = Some(StoreFault::new("write the anchor", error));
        }
        Ok(())
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        self.read_from(|tree| records(tree, after, self.durable().position, limit))
    }

    fn head(&self) -> Result<Head, ReadError> {
        Ok(self.durable())
    }

    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        // The end first: what is found after it was not durable when we looked.
        let end = self.durable().position;
        // What lags behind before the index: it leaves the one only when it is in the other.
        let lags = self.lag().get(request);
        let found = match lags {
            Some(position) => Some(position),
            None => self.read_from(|tree| Self::find_in(tree, request))?,
        };
        Ok(found.filter(|position| *position <= end))
    }

    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        // After a failed write from the copy at once: what was shown cannot be taken back. Of that write there may be
        // something after the end; otherwise there is nothing, and what claims to be is shown.
        let end = self.fault().map_or(Position(u64::MAX), |_| self.durable().position);
        let lag = self.lag().clone();
        let rescue = self.rescue();
        let tree = rescue.as_ref().map_or(&self.tree, |rescue| &rescue.tree);
        Self::requests_in(tree, &lag, &mut |entry| {
            if entry.position <= end {
                visit(entry);
            }
        })
    }

    fn fault(&self) -> Option<StoreFault> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner).poison.clone()
    }

    fn want_of_room(&self) -> Option<StoreFault> {
        self.want_of_room(0)
    }

    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        Some(Arc::new(self.shelf.clone()))
    }
}

/// Starts sled on the store of a log and makes all of it durable: from then on it may be written to.
fn begin(
    directory: &Path,
    path: &Path,
    anchor: &mut Anchor,
    acknowledged: Head,
) -> Result<(::sled::Tree, ::sled::Db, End), OpenError> {
    let fault = |step, error: &dyn ToString| OpenError::Store(StoreFault::new(step, error.to_string()));
    let doubt = look::doubt(path, acknowledged);
    if let Some(doubt) = doubt.map_err(|error| fault("look at the database file", &error))? {
        tracing::warn!(
            %doubt,
            "the database file is odd where sled goes on from: sled is started on a copy first"
        );
        trial::passes(directory, path, acknowledged, doubt)?;
    }
    let (tree, store) = guarded("open sled", || start(path)).map_err(OpenError::Store)?;
    let end = read_end(directory, &tree, acknowledged)?;
    if let Some(count) = NonZero::new(end.unfinished.len()) {
        tracing::info!(%count, after = %end.head.position, "commits of an append that was broken off are taken away");
    }
    // The index goes to the end; and the next look at the file begins here, so that it need not look far.
    guarded("read the head", || Ok(marks::settled(&tree, &end)))
        .and_then(|batch| batch)
        .and_then(|batch| guarded("write the head", || tree.apply_batch(batch)))
        .map_err(OpenError::Store)?;
    guarded("flush", || tree.flush()).map_err(OpenError::Store)?;
    barrier::sync_all(path).map_err(|error| fault("sync the directory", &error))?;
    anchor.mend(end.head).map_err(|error| fault("write the anchor", &error))?;
    Ok((tree, store, End { head: end.head, lag: Lag::default(), unfinished: Vec::new() }))
}

/// Starts sled on a store that is there.
fn start(path: &Path) -> ::sled::Result<(::sled::Tree, ::sled::Db)> {
    let config = ::sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(Some(500));
    let store = config.open()?;
    Ok((store.open_tree("log")?, store))
}

/// The end of the log as the store says it, when its version is one that this program reads, and nothing is missing of
/// what was acknowledged.
fn read_end(directory: &Path, tree: &::sled::Tree, acknowledged: Head) -> Result<End, OpenError> {
    guarded("read the marks", || Ok(marks::check_format(directory, tree))).map_err(OpenError::Store)??;
    Ok(End::read(tree, acknowledged)?)
}

/// A page of the records after `after` up to `end`.
fn records(
    tree: &::sled::Tree,
    after: Position,
    end: Position,
    limit: usize,
) -> Result<Vec<Record>, ReadError> {
    let page = guarded("read records", || {
        let mut records = Vec::new();
        let mut bytes = 0;
        for text in entry::texts(tree, after, end).take(limit) {
            let record = text.and_then(|(position, text)| {
                bytes += text.len();
                Record::check(position, &text)
            });
            let failed = record.is_err();
            records.push(record);
            if failed || bytes >= READ_BYTES_MAX {
                break;
            }
        }
        Ok(records)
    });
    page.map_err(ReadError::Store)?.into_iter().collect()
}

/// Runs a step of sled, which answers some damage with a panic.
fn guarded<T>(step: &'static str, run: impl FnOnce() -> ::sled::Result<T>) -> Result<T, StoreFault> {
    // A reader only looks at sled, what a panicking opening left behind is dropped, and after a panicking
    // append the log is poisoned.
    match panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result.map_err(|error| StoreFault::new(step, error)),
        Err(panic) => Err(StoreFault::new(step, format!("sled stopped: {}", last_words(&*panic)))),
    }
}

#[cfg(test)]
mod tests;

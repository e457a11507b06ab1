//! A shelf that is a directory: a file for each snapshot.
//!
//! Files of their own and not values in sled: a snapshot is large, is written at once and thrown away whole, and
//! sled gives room back only late. A file is written under another name, synced, and then given its own.

use super::shelf::Shelf;
use crate::failure::StoreFault;
use engine::identity::Position;
use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

const UNFINISHED: &str = ".making-";
const SUFFIX: &str = ".snapshot";

/// Room that a snapshot leaves on the disk: the log needs it more.
const ROOM_BYTES_LEFT: u64 = 64 << 20;

/// Snapshots as files of a directory, which is made with the first.
#[derive(Clone, Debug)]
pub struct DirectoryShelf {
    directory: PathBuf,
}

impl DirectoryShelf {
    /// The shelf in `directory`. What a crash has left unfinished there is taken away.
    pub fn open(directory: &Path) -> Self {
        let shelf = Self::look_at(directory);
        for name in shelf.names().unwrap_or_default() {
            if name.starts_with(UNFINISHED)
                && let Err(error) = fs::remove_file(shelf.directory.join(&name))
            {
                tracing::warn!(name, %error, "an unfinished snapshot cannot be taken away");
            }
        }
        shelf
    }

    /// The shelf in `directory`, of which nothing is taken away.
    pub fn look_at(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        match fs::read_dir(&self.directory) {
            Ok(items) => items.map(|item| Ok(item?.file_name().to_string_lossy().into_owned())).collect(),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn path(&self, position: Position) -> PathBuf {
        self.directory.join(format!("{:020}{SUFFIX}", position.0))
    }

    /// Refuses when the next one, which may be half as large again as the last, would leave too little room.
    fn check_room(&self) -> io::Result<()> {
        let disk = rustix::fs::statvfs(&self.directory)?;
        let left = disk.f_bavail.saturating_mul(disk.f_frsize);
        let last = self.list().ok().and_then(|positions| positions.last().copied());
        let last = last.and_then(|last| fs::metadata(self.path(last)).ok()).map_or(0, |file| file.len());
        let needed = ROOM_BYTES_LEFT.saturating_add(last.saturating_mul(3) / 2);
        match disk.f_blocks != 0 && left < needed {
            true => Err(io::Error::other(format!("the disk is full: {left} bytes left, {needed} needed"))),
            false => Ok(()),
        }
    }

    fn write(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        if !self.directory.is_dir() {
            fs::create_dir_all(&self.directory)?;
            if let Some(parent) = self.directory.parent() {
                File::open(parent)?.sync_all()?;
            }
        }
        self.check_room()?;
        let mut unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.directory)?;
        let mut out = BufWriter::with_capacity(1 << 20, unfinished.as_file_mut());
        write(&mut out)?;
        out.flush()?;
        drop(out);
        unfinished.as_file().sync_all()?;
        // By way of the C library, as all else: what records the writes of a process sees it.
        fs::rename(unfinished.into_temp_path(), self.path(position))?;
        File::open(&self.directory)?.sync_all()
    }
}

impl Shelf for DirectoryShelf {
    fn list(&self) -> Result<Vec<Position>, StoreFault> {
        let names = self.names().map_err(|error| StoreFault::new("list the snapshots", error))?;
        let position = |name: String| {
            let digits = name.strip_suffix(SUFFIX).filter(|digits| digits.len() == 20)?;
            digits.parse().ok().map(Position)
        };
        let mut positions: Vec<Position> = names.into_iter().filter_map(position).collect();
        positions.sort_unstable();
        Ok(positions)
    }

    fn put(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreFault> {
        self.write(position, write).map_err(|error| StoreFault::new("write a snapshot", error))
    }

    fn get(&self, position: Position) -> Result<Option<Box<dyn Read + Send>>, StoreFault> {
        match File::open(self.path(position)) {
            Ok(file) => Ok(Some(Box::new(BufReader::with_capacity(1 << 20, file)))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreFault::new("open a snapshot", error)),
        }
    }

    fn remove(&self, position: Position) -> Result<(), StoreFault> {
        match fs::remove_file(self.path(position)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(StoreFault::new("remove a snapshot", error))
            }
            _ => Ok(()),
        }
    }
}

//! A disk as a power cut may leave it: what was synced is there; of the rest, what the model says.
//!
//! Files are cut into pages of 4 KiB, directories into single names. Nothing orders what was not synced: one
//! page of a write may be there and the next not, a later name and not an earlier one. That is more than
//! any file system in use does to us, and all that POSIX promises.

use super::recording::Deed;
use crate::random::Random;
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

const PAGE: usize = 4096;

/// What a power cut takes of that which was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Nothing: only the process was killed.
    Prefix,
    /// Like `Random`, but what `sync_file_range` wrote is safe, as on a disk without a volatile cache.
    RangesTrusted,
    /// Every page and every name with one half.
    Random,
    /// Everything.
    Lost,
}

impl Model {
    pub const ALL: [Self; 4] = [Self::Prefix, Self::RangesTrusted, Self::Random, Self::Lost];

    fn survives(self, random: &mut Random) -> bool {
        match self {
            Self::Prefix => true,
            Self::Lost => false,
            Self::Random | Self::RangesTrusted => random.coin(),
        }
    }
}

/// A change of a file that is in the page cache only.
#[derive(Clone)]
enum Change {
    /// Never crosses a page.
    Write {
        offset: usize,
        bytes: Vec<u8>,
    },
    Cut {
        length: usize,
    },
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes: written } => {
                let end = offset + written.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*offset..end].copy_from_slice(written);
            }
            Self::Cut { length } => bytes.resize(*length, 0),
        }
    }
}

#[derive(Clone, Default)]
struct Content {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

/// What a name leads to.
type Node = usize;

#[derive(Clone)]
enum Thing {
    File(Content),
    Directory(Names),
}

/// A change of a directory that is in memory only.
#[derive(Clone)]
enum Naming {
    Name(String, Node),
    Remove(String),
    Rename(String, String, Node),
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<String, Node>) {
        match self {
            Self::Name(name, node) => drop(names.insert(name.clone(), *node)),
            Self::Remove(name) => drop(names.remove(name)),
            Self::Rename(from, to, node) => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
        }
    }
}

#[derive(Clone, Default)]
struct Names {
    durable: BTreeMap<String, Node>,
    pending: Vec<Naming>,
}

impl Names {
    /// As the running program sees them.
    fn seen(&self) -> BTreeMap<String, Node> {
        let mut names = self.durable.clone();
        self.pending.iter().for_each(|change| change.apply(&mut names));
        names
    }
}

/// What can be relied on.
#[derive(Clone, Copy, Debug)]
pub struct Losses {
    pub model: Model,
    /// Whether `fdatasync` does anything.
    pub data_syncs: bool,
}

/// A disk under a running program.
#[derive(Clone)]
pub struct Disk {
    root: PathBuf,
    things: Vec<Thing>,
    inodes: HashMap<u64, Node>,
}

impl Disk {
    /// The disk as it lies in `root`, all of it durable.
    pub fn new(root: &Path) -> Self {
        let root = fs::canonicalize(root).unwrap();
        let mut disk = Self { root, things: Vec::new(), inodes: HashMap::new() };
        disk.take_in(&disk.root.clone());
        disk
    }

    fn take_in(&mut self, path: &Path) -> Node {
        let status = fs::metadata(path).unwrap();
        let node = self.things.len();
        if status.is_file() {
            let content = Content { durable: fs::read(path).unwrap(), pending: Vec::new() };
            self.things.push(Thing::File(content));
            self.inodes.insert(status.ino(), node);
            return node;
        }
        self.things.push(Thing::Directory(Names::default()));
        for item in fs::read_dir(path).unwrap().map(Result::unwrap) {
            let inside = self.take_in(&item.path());
            let name = item.file_name().into_string().unwrap();
            self.names(node).durable.insert(name, inside);
        }
        node
    }

    fn names(&mut self, node: Node) -> &mut Names {
        match &mut self.things[node] {
            Thing::Directory(names) => names,
            Thing::File(_) => panic!("a file has no names in it"),
        }
    }

    fn content(&mut self, inode: u64) -> &mut Content {
        match &mut self.things[self.inodes[&inode]] {
            Thing::File(content) => content,
            Thing::Directory(_) => panic!("a directory was written to"),
        }
    }

    /// The directory at a path, as the program sees it; nothing above the root.
    fn directory(&mut self, path: &Path) -> Option<Node> {
        let inside = path.strip_prefix(&self.root).ok()?.to_owned();
        Some(inside.iter().fold(0, |node, name| self.names(node).seen()[name.to_str().unwrap()]))
    }

    fn rename(&mut self, path: &Path, change: impl FnOnce(String, &BTreeMap<String, Node>) -> Naming) {
        let directory = self.directory(path.parent().unwrap()).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let names = self.names(directory);
        let change = change(name, &names.seen());
        names.pending.push(change);
    }

    /// Lets the program do one more thing.
    pub fn take(&mut self, deed: &Deed, losses: Losses) {
        match deed {
            Deed::Created { inode, path } => {
                let node = self.things.len();
                self.things.push(Thing::File(Content::default()));
                self.inodes.insert(*inode, node);
                self.rename(path, |name, _| Naming::Name(name, node));
            }
            Deed::Made { path } => {
                let node = self.things.len();
                self.things.push(Thing::Directory(Names::default()));
                self.rename(path, |name, _| Naming::Name(name, node));
            }
            Deed::Removed { path } => self.rename(path, |name, _| Naming::Remove(name)),
            Deed::Renamed { from, to } => {
                assert_eq!(from.parent(), to.parent(), "no model for a move between directories");
                let target = to.file_name().unwrap().to_str().unwrap().to_owned();
                self.rename(from, |name, names| {
                    let node = names[&name];
                    Naming::Rename(name, target, node)
                });
            }
            Deed::Written { inode, offset, bytes } => {
                let pending = &mut self.content(*inode).pending;
                let (mut offset, mut rest) = (*offset, bytes.as_slice());
                while !rest.is_empty() {
                    let (here, after) = rest.split_at(rest.len().min(PAGE - offset % PAGE));
                    pending.push(Change::Write { offset, bytes: here.to_vec() });
                    (offset, rest) = (offset + here.len(), after);
                }
            }
            Deed::Cut { inode, length } => {
                self.content(*inode).pending.push(Change::Cut { length: *length });
            }
            Deed::Synced { inode, path } => match self.directory_at(path) {
                Some(node) => {
                    let names = self.names(node);
                    names.durable = names.seen();
                    names.pending.clear();
                }
                None => self.settle(*inode, |_| true),
            },
            Deed::DataSynced { inode } if losses.data_syncs => self.settle(*inode, |_| true),
            Deed::RangeSynced { inode, offset, length } if losses.model == Model::RangesTrusted => {
                let range = offset / PAGE..=(offset + length) / PAGE;
                self.settle(*inode, |change| match change {
                    Change::Write { offset, .. } => range.contains(&(offset / PAGE)),
                    Change::Cut { .. } => false,
                });
            }
            Deed::DataSynced { .. } | Deed::RangeSynced { .. } | Deed::Noted(_) => {}
        }
    }

    fn directory_at(&mut self, path: &Path) -> Option<Node> {
        if path == self.root {
            return Some(0);
        }
        let parent = self.directory(path.parent()?)?;
        let node = *self.names(parent).seen().get(path.file_name()?.to_str()?)?;
        matches!(self.things[node], Thing::Directory(_)).then_some(node)
    }

    /// Some of a file's changes become durable, in their order.
    fn settle(&mut self, inode: u64, settles: impl Fn(&Change) -> bool) {
        let content = self.content(inode);
        let (settled, pending) = std::mem::take(&mut content.pending).into_iter().partition(settles);
        content.pending = pending;
        let settled: Vec<Change> = settled;
        settled.iter().for_each(|change| change.apply(&mut content.durable));
    }

    /// Cuts the power: writes what is left into an empty directory.
    pub fn cut(&self, losses: Losses, random: &mut Random, target: &Path) {
        self.write(0, losses.model, random, target);
    }

    fn write(&self, node: Node, model: Model, random: &mut Random, target: &Path) {
        match &self.things[node] {
            Thing::File(content) => fs::write(target, survivors(content, model, random)).unwrap(),
            Thing::Directory(names) => {
                fs::create_dir_all(target).unwrap();
                let mut left = names.durable.clone();
                for change in &names.pending {
                    if model.survives(random) {
                        change.apply(&mut left);
                    }
                }
                for (name, node) in left {
                    self.write(node, model, random, &target.join(name));
                }
            }
        }
    }
}

/// Of every page, what was durable or what one of the later writes made of it.
fn survivors(content: &Content, model: Model, random: &mut Random) -> Vec<u8> {
    let mut writes: BTreeMap<usize, usize> = BTreeMap::new();
    for change in &content.pending {
        if let Change::Write { offset, .. } = change {
            *writes.entry(offset / PAGE).or_default() += 1;
        }
    }
    for left in writes.values_mut() {
        *left = match model.survives(random) {
            false => 0,
            // The disk may have got the page between two writes.
            true if model != Model::Prefix && random.coin() => 1 + random.below(*left),
            true => *left,
        };
    }
    let mut bytes = content.durable.clone();
    for change in &content.pending {
        let stays = match change {
            Change::Cut { .. } => model.survives(random),
            Change::Write { offset, .. } => {
                let left = writes.get_mut(&(offset / PAGE)).unwrap();
                let stays = *left > 0;
                *left = left.saturating_sub(1);
                stays
            }
        };
        if stays {
            change.apply(&mut bytes);
        }
    }
    bytes
}

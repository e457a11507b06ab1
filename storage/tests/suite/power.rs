//! L1, L2, G1, K5 under power cuts: everything that a child does to its files is recorded, and disks are built as
//! they may look when the power goes at seeded moments. Whatever was acknowledged must be there,
//! nothing half, and the log must go on from there.
//!
//! `GONGJIAN_POWER_IMAGES` sets how many disks are built for each model and round (5 unless said),
//! `GONGJIAN_POWER_ROUNDS` how many rounds (3), `GONGJIAN_POWER_SEED` from which seed. Each round but the first begins
//! on a disk that a power cut of the one before has left.

#[path = "power/disk.rs"]
pub mod disk;
#[path = "power/recording.rs"]
pub mod recording;

use crate::{
    random::{Random, number},
    street::{NEW_YEAR, community, open_street, request},
};
use disk::{Disk, Losses, Model};
use engine::{
    command::Command,
    entry::EntryDraft,
    event::Event,
    identity::{OrganizationId, PlaceId, Position},
    member::Caller,
    need::NeedDraft,
};
use recording::{Deed, recorded};
use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    fs::{self, File, OpenOptions},
    io::Write,
    path::Path,
    sync::Arc,
    thread,
};
use storage::{
    Head, Ledger, Log, OpenError, ReadError, StoreFault,
    failure::AppendError,
    record::Record,
    request::RequestKey,
    sled::{Inspection, SledLog},
    snapshot::{Pace, Shelf},
    verify,
};
use tempfile::TempDir;

const DIRECTORY: &str = "GONGJIAN_POWER_DIRECTORY";
const ROUND: &str = "GONGJIAN_POWER_ROUND";
const THREADS: u64 = 4;

/// A log that tells the recorder what it is about to append.
pub struct NotedLog {
    inner: Arc<dyn Log>,
    notes: File,
}

impl NotedLog {
    pub fn new(inner: impl Log + 'static) -> Self {
        Self { inner: Arc::new(inner), notes: notes() }
    }
}

/// The backend that loses its power: whatever keeps its log in the files of a directory is held to all of this by being
/// opened here.
fn kept_in(directory: &Path) -> Result<Arc<dyn Log>, OpenError> {
    SledLog::open(directory).map(|log| -> Arc<dyn Log> { Arc::new(log) })
}

/// Opens the file that the recorder listens to.
pub fn notes() -> File {
    let path = env::var_os("GONGJIAN_RECORDER_NOTES").unwrap();
    OpenOptions::new().create(true).append(true).open(path).unwrap()
}

/// One call, so that it is one note.
pub fn note(mut notes: &File, text: &str) {
    notes.write_all(text.as_bytes()).unwrap();
}

impl Log for NotedLog {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        if let Some(last) = records.last() {
            let Head { position, hash } = last.commit().head();
            note(&self.notes, &format!("appending {position} {hash}"));
        }
        self.inner.append(expected, records)
    }
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        self.inner.read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.inner.head()
    }
    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        self.inner.find(request)
    }
    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        self.inner.shelf()
    }
    fn fault(&self) -> Option<StoreFault> {
        self.inner.fault()
    }
}

/// The child: does nothing unless a parent below has started it. Through the ledger, then with large
/// records straight into the log, then through the ledger again.
#[test]
fn child() {
    let Some(directory) = env::var_os(DIRECTORY) else {
        return;
    };
    let (directory, round) = (Path::new(&directory), number(ROUND, 0));
    serve(directory, &format!("{round}-early"), 25);
    write_large(directory, round);
    serve(directory, &format!("{round}-late"), 10);
}

fn open(directory: &Path) -> NotedLog {
    NotedLog::new(kept_in(directory).unwrap())
}

/// Many threads post through the ledger.
fn serve(directory: &Path, session: &str, count: u64) {
    let ledger = Ledger::open_at_pace(open(directory), || NEW_YEAR, Pace::every(30)).unwrap();
    open_street(&ledger);
    thread::scope(|scope| {
        for writer in 0..THREADS {
            let ledger = &ledger;
            scope.spawn(move || {
                let notes = notes();
                for number in 0..count {
                    let name = format!("{session}-{writer}-{number}");
                    let command = match number % 3 {
                        0 => community(&name),
                        _ => {
                            let mut draft =
                                NeedDraft::new(EntryDraft::new(name.clone(), OrganizationId::new(1)));
                            draft.entry.detail = Some("长".repeat(1 + number as usize * 397 % 2_000));
                            Command::PostNeed(draft)
                        }
                    };
                    let receipt = ledger.execute_blocking(Caller::System, request(&name), command).unwrap();
                    note(&notes, &format!("acknowledged {} {name}", receipt.position));
                }
            });
        }
    });
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
}

/// Records of 20 to 150 kB, one and three to an append.
fn write_large(directory: &Path, round: u64) {
    let log = open(directory);
    for (number, (bytes, count)) in
        [(20_000, 3), (150_000, 1), (40_000, 3), (90_000, 1)].into_iter().enumerate()
    {
        let mut head = log.head().unwrap();
        let before = head.position;
        let mut records = Vec::new();
        for piece in 0..count {
            let name = format!("{round}-large-{number}-{piece}");
            let events = vec![Event::PlaceRenamed { place: PlaceId::new(1), name: "x".repeat(bytes) }];
            let record = Record::seal(head, NEW_YEAR, Caller::System, request(&name), events).unwrap();
            head = record.commit().head();
            records.push(record);
        }
        log.append(before, &records).unwrap();
        for record in records {
            let commit = record.commit();
            note(&log.notes, &format!("acknowledged {} {}", commit.position, commit.request));
        }
    }
}

/// What a log on a disk may and must hold.
#[derive(Clone, Default)]
pub struct Known {
    /// Position and hash after each append that was begun.
    heads: BTreeMap<u64, String>,
    /// Every acknowledged request.
    acknowledged: BTreeMap<u64, String>,
}

impl Known {
    /// Learns from a note, if it is one.
    pub fn hear(&mut self, deed: &Deed) {
        let Deed::Noted(note) = deed else {
            return;
        };
        let words: Vec<&str> = note.split(' ').collect();
        let [what, position, text] = words[..] else {
            return;
        };
        let (position, text) = (position.parse().unwrap(), text.to_owned());
        match what {
            "appending" => drop(self.heads.insert(position, text)),
            "acknowledged" => drop(self.acknowledged.insert(position, text)),
            _ => {}
        }
    }

    /// How many commits were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    /// Every answer, by its position.
    pub const fn answers(&self) -> &BTreeMap<u64, String> {
        &self.acknowledged
    }

    /// Whether something was begun at a position.
    pub fn begun(&self, position: u64) -> bool {
        self.heads.contains_key(&position)
    }

    /// Opens the log as the product does and compares; then the log must take one more commit. How many snapshots
    /// were there, all of them good.
    pub fn check(&self, directory: &Path) -> Result<usize, String> {
        let log = kept_in(directory).map_err(|error| format!("open: {error}"))?;
        let report = verify(&log, &mut |_| ()).map_err(|error| format!("verify: {error}"))?;
        if let Some(half) = report.snapshots.iter().find(|snapshot| snapshot.ignored.is_some()) {
            return Err(format!("snapshot: {half:?}"));
        }
        let Head { position, hash } = report.head;
        let last = self.acknowledged.keys().next_back().copied().unwrap_or_default();
        if position.0 < last {
            return Err(format!("ends at {position}, acknowledged up to {last}"));
        }
        if position != Position::START && self.heads.get(&position.0) != Some(&hash.to_string()) {
            return Err(format!("no append ended at {position} with {hash}"));
        }
        for (position, name) in &self.acknowledged {
            let found = log.find(&RequestKey::of(&Caller::System, &request(name)));
            if found != Ok(Some(Position(*position))) {
                return Err(format!("{name} is at {found:?} instead of {position}"));
            }
        }
        let events = vec![Event::PlaceRenamed { place: PlaceId::new(1), name: "花园".to_owned() }];
        let more = Record::seal(report.head, NEW_YEAR, Caller::System, request("one-more"), events).unwrap();
        log.append(position, std::slice::from_ref(&more)).map_err(|error| format!("append: {error}"))?;
        drop(log);
        let log = kept_in(directory).map_err(|error| format!("open again: {error}"))?;
        match log.read(position, 2) {
            Ok(records) if records == [more] => Ok(report.snapshots.len()),
            other => Err(format!("instead of one more commit: {other:?}")),
        }
    }
}

/// What a crash has left is never taken for rot. Of sled alone: others have no such look.
pub fn no_rot(directory: &Path) -> Result<(), String> {
    if !directory.join("sled").exists() {
        return Ok(());
    }
    let looked = Inspection::open(directory).map_err(|error| format!("look: {error}"))?;
    match looked.rot() {
        Ok(rot) if rot.is_empty() => Ok(()),
        other => Err(format!("rot that is none: {other:?}")),
    }
}

/// A place for disks, in memory where the machine has enough: they are many, and nobody cuts its power.
pub fn place() -> TempDir {
    let memory = Path::new("/dev/shm");
    match rustix::fs::statvfs(memory) {
        Ok(disk) if disk.f_bavail.saturating_mul(disk.f_frsize) > 1 << 30 => {
            tempfile::tempdir_in(memory).unwrap()
        }
        _ => tempfile::tempdir().unwrap(),
    }
}

/// A run, and the disk that it began on as it was then.
pub struct Run {
    start: Disk,
    known: Known,
    deeds: Vec<Deed>,
}

impl Run {
    /// Records a child on a disk that holds what `before` holds.
    fn record(round: u64, before: &Path, known: Known) -> Self {
        let round = OsString::from(round.to_string());
        Self::record_child("power::child", DIRECTORY, &[(ROUND, &round)], before, known)
    }

    /// Records a child of another test, which finds its place in the variable `directory`.
    pub fn record_child(
        child: &str,
        directory: &str,
        settings: &[(&str, &OsStr)],
        before: &Path,
        known: Known,
    ) -> Self {
        let root = place();
        let live = root.path().join("live");
        crate::damage::copy(before, &live);
        let start = Disk::new(&live);
        let settings = [&[(directory, live.as_os_str())], settings].concat();
        let (deeds, output) = recorded(child, &live, &settings);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { start, known, deeds }
    }

    /// Moments at which the power goes: any, right after something was acknowledged, or beside a change of
    /// names, of which there are few and most of them delicate.
    fn moments(&self, random: &mut Random, count: u64) -> Vec<usize> {
        let (mut any, mut noted, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for (index, deed) in self.deeds.iter().enumerate() {
            any.extend([index, index + 1]);
            match deed {
                Deed::Noted(_) => noted.push(index + 1),
                Deed::Created { .. } | Deed::Made { .. } | Deed::Removed { .. } | Deed::Renamed { .. } => {
                    named.extend([index, index + 1, index + 2]);
                }
                _ => {}
            }
        }
        let kinds = [any, noted, named];
        let mut moment = || {
            let kind = &kinds[random.below(kinds.len())];
            kind[random.below(kind.len())].min(self.deeds.len())
        };
        let mut moments: Vec<usize> = (0..count).map(|_| moment()).collect();
        moments.sort_unstable();
        moments
    }

    /// Cuts the power `count` times; `visit` is given each disk and what is known of it.
    pub fn cut(&self, losses: Losses, seed: u64, count: u64, mut visit: impl FnMut(&Path, &Known, String)) {
        let mut random = Random::new(seed);
        let (mut disk, mut known, mut done) = (self.start.clone(), self.known.clone(), 0);
        for moment in self.moments(&mut random, count) {
            for deed in &self.deeds[done..moment] {
                disk.take(deed, losses);
                known.hear(deed);
            }
            done = moment;
            let image = place();
            disk.cut(losses, &mut random, image.path());
            visit(
                image.path(),
                &known,
                format!("{losses:?}, seed {seed}, after {moment} of {} deeds", self.deeds.len()),
            );
        }
    }
}

#[test]
fn l2_whatever_was_acknowledged_survives_a_power_cut() {
    let images = number("GONGJIAN_POWER_IMAGES", 5);
    let seed = number("GONGJIAN_POWER_SEED", 20_240_101);
    let rounds = number("GONGJIAN_POWER_ROUNDS", 3);
    println!("GONGJIAN_POWER_SEED={seed} GONGJIAN_POWER_IMAGES={images} GONGJIAN_POWER_ROUNDS={rounds}");
    let empty = place();
    let mut begin = (empty, Known::default());
    let (mut failures, mut snapshots) = (Vec::new(), 0);
    for round in 0..rounds {
        let run = Run::record(round, begin.0.path(), begin.1.clone());
        for model in Model::ALL {
            let (losses, mut failed) = (Losses { model, data_syncs: true }, 0);
            run.cut(losses, seed + round, images, |image, known, when| {
                // The next round begins on a disk that has not been mended by opening it.
                let left = place();
                crate::damage::copy(image, left.path());
                match no_rot(image).and_then(|()| known.check(image)) {
                    Ok(met) => {
                        snapshots += met;
                        begin = (left, known.clone());
                    }
                    Err(error) => {
                        failed += 1;
                        failures.push(format!("round {round}, {when}: {error}"));
                    }
                }
            });
            println!("round {round}, {model:?}: {images} disks of {} deeds, {failed} bad", run.deeds.len());
        }
    }
    println!("{snapshots} snapshots were met, none half");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(snapshots > 0, "the recorder sees how they get their names");
}

/// The same cuts would notice a log that only flushes.
#[test]
fn without_its_syncs_acknowledged_commits_are_lost() {
    let empty = place();
    let run = Run::record(0, empty.path(), Known::default());
    for model in [Model::Random, Model::Lost] {
        let mut lost = 0;
        run.cut(Losses { model, data_syncs: false }, 20_240_101, 8, |image, known, _| {
            lost += u64::from(known.check(image).is_err());
        });
        println!("{model:?}: {lost} of 8 disks have lost something");
        assert!(lost > 0, "{model:?}");
    }
}

#[test]
fn what_a_killed_start_leaves_behind_does_not_stop_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    fs::create_dir_all(path("sled.new/blobs")).unwrap();
    fs::write(path("sled.new/conf"), "half").unwrap();
    let first = Record::seal(Head::START, NEW_YEAR, Caller::System, request("first"), Vec::new()).unwrap();
    let log = SledLog::open(directory.path()).unwrap();
    log.append(Position::START, std::slice::from_ref(&first)).unwrap();
    drop(log);
    assert!(!path("sled.new").exists());

    fs::write(path("sled/snap.7FFFFFFFFFFFFFFF.generating"), "half").unwrap();
    let log = SledLog::open(directory.path()).unwrap();
    assert_eq!(log.read(Position::START, 10), Ok(vec![first]));
}

//! G11, K1 to K4: a start from a snapshot leads where the log does, and one that does not fit is passed over.

use crate::{
    random::Random,
    story::Story,
    street::{NEW_YEAR, street},
};
use engine::{identity::Position, state::State};
use std::{
    io::{self, Read, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use storage::{
    Damage, Head, Ledger, Log, ReadError, StoreFault,
    conformance::samples,
    failure::{AppendError, Flaw},
    memory::MemoryLog,
    record::Record,
    request::RequestKey,
    snapshot::{self, Pace, Shelf, SnapshotFlaw},
    verify,
};

const NEVER: Pace = Pace::every(u64::MAX);

/// A log that counts the commits that are read.
struct Counted {
    inner: MemoryLog,
    read: Arc<AtomicU64>,
}

impl Log for Counted {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        self.inner.append(expected, records)
    }
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        let page = self.inner.read(after, limit)?;
        self.read.fetch_add(page.len() as u64, Ordering::Relaxed);
        Ok(page)
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
}

/// Opens a ledger that takes no snapshots: its state, and how many commits it read for it.
fn started(log: &MemoryLog) -> (Arc<State>, u64) {
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: log.clone(), read: Arc::clone(&read) };
    let ledger = Ledger::open_at_pace(counted, || NEW_YEAR, NEVER).unwrap();
    (ledger.state(), read.load(Ordering::Relaxed))
}

/// A log of some hundred commits without snapshots, and its states.
fn told() -> (MemoryLog, Story) {
    let log = MemoryLog::new();
    let story = Story::tell(log.clone(), NEVER, 20_240_101, 300);
    (log, story)
}

fn put(log: &MemoryLog, story: &Story, position: u64) {
    let head = log.read(Position(position - 1), 1).unwrap()[0].commit().head();
    snapshot::save(&*log.shelf().unwrap(), &story.states[&head.position], head).unwrap();
}

fn bytes(shelf: &dyn Shelf, position: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    shelf.get(Position(position)).unwrap().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn replace(shelf: &dyn Shelf, position: u64, bytes: &[u8]) {
    shelf.put(Position(position), &mut |out| out.write_all(bytes)).unwrap();
}

#[test]
fn g11_only_the_commits_after_the_snapshot_are_read() {
    let (log, story) = told();
    let last = story.ledger.state();
    let all = last.position().0;
    assert_eq!(started(&log), (Arc::clone(&last), all), "without a snapshot");
    for position in [1, all / 2, all - 1, all] {
        put(&log, &story, position);
        // The commit that the snapshot stands at is one more.
        assert_eq!(started(&log), (Arc::clone(&last), all - position + 1), "from {position}");
    }
}

/// A log whose shelf says what was put on it.
struct Watched {
    inner: MemoryLog,
    put: Arc<WatchedShelf>,
}

struct WatchedShelf {
    inner: Arc<dyn Shelf>,
    put: mpsc::Sender<Position>,
}

impl Log for Watched {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
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
        Some(Arc::clone(&self.put) as Arc<dyn Shelf>)
    }
}

impl Shelf for WatchedShelf {
    fn list(&self) -> Result<Vec<Position>, StoreFault> {
        self.inner.list()
    }
    fn put(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreFault> {
        self.inner.put(position, write)?;
        self.put.send(position).map_err(|error| StoreFault::new("tell the test", error))
    }
    fn get(&self, position: Position) -> Result<Option<Box<dyn Read + Send>>, StoreFault> {
        self.inner.get(position)
    }
    fn remove(&self, position: Position) -> Result<(), StoreFault> {
        self.inner.remove(position)
    }
}

#[test]
fn g11_a_start_that_had_much_to_fold_leaves_little_to_the_next() {
    let (log, story) = told();
    let all = story.ledger.state().position().0;
    let (put_at, taken) = (all - 3, Duration::from_secs(60));
    put(&log, &story, put_at);
    let pace = Pace::every(3);
    assert!(!pace.due(Position(put_at), Position(all)), "while it runs, three of {all} are too few");
    let (said, told) = mpsc::channel();
    let shelf = WatchedShelf { inner: log.shelf().unwrap(), put: said };
    let watched = Watched { inner: log.clone(), put: Arc::new(shelf) };
    let ledger = Ledger::open_at_pace(watched, || NEW_YEAR, pace).unwrap();
    assert_eq!(told.recv_timeout(taken), Ok(Position(all)));
    drop(ledger);
    assert_eq!(started(&log), (story.ledger.state(), 1), "no commit is folded, and one is looked at");
}

#[test]
fn k4_whatever_byte_of_a_snapshot_rots_the_start_leads_to_the_same_state() {
    let (log, story) = told();
    let last = story.ledger.state();
    let all = last.position().0;
    let shelf = log.shelf().unwrap();
    put(&log, &story, 20);
    put(&log, &story, all - 10);
    let whole = bytes(&*shelf, all - 10);
    let mut random = Random::new(20_240_101);
    for round in 0..300 {
        let mut rotten = whole.clone();
        let at = if round < 100 { round } else { random.below(whole.len()) };
        match round % 3 {
            0 => rotten.truncate(at),
            _ => rotten[at] ^= 1 << random.below(8),
        }
        replace(&*shelf, all - 10, &rotten);
        let (state, read) = started(&log);
        assert_eq!(state, last, "byte {at} of {}", whole.len());
        // Whether the log was looked at for the rotten one depends on where it rots.
        assert!(
            [all - 20 + 1, all - 20 + 2].contains(&read),
            "the one before is taken: {read} of {all} were read"
        );
        if round % 50 == 0 {
            let report = verify(&log, &mut |_| ()).unwrap();
            let [good, bad] = &report.snapshots[..] else { panic!("{:?}", report.snapshots) };
            assert!(good.ignored.is_none() && bad.ignored.is_some(), "verify says so");
        }
    }
    replace(&*shelf, all - 10, &whole);
    assert_eq!(started(&log), (last, 11));
}

#[test]
fn k1_k3_a_snapshot_of_another_log_program_place_or_form_is_ignored() {
    let (log, story) = told();
    let last = story.ledger.state();
    let all = last.position().0;
    let shelf = log.shelf().unwrap();
    put(&log, &story, 100);
    let good = bytes(&*shelf, 100);
    let line = good.iter().position(|byte| *byte == b'\n').unwrap();
    let header = String::from_utf8(good[..line].to_vec()).unwrap();
    let flaw = |position: u64| snapshot::load(&*shelf, Position(position)).unwrap_err();
    let with = |from: &str, to: &str| {
        assert!(header.contains(from), "{header}");
        [header.replacen(from, to, 1).as_bytes(), &good[line..]].concat()
    };
    let program = header.split('"').skip_while(|word| *word != "program").nth(2).unwrap();

    replace(&*shelf, 100, &with(program, "0000000000000000"));
    assert_eq!(flaw(100), SnapshotFlaw::OtherProgram);
    assert_eq!(started(&log), (Arc::clone(&last), all));

    replace(&*shelf, 100, &with("\"version\":2", "\"version\":3"));
    assert_eq!(flaw(100), SnapshotFlaw::OtherForm { found: 3 });
    assert_eq!(started(&log), (Arc::clone(&last), all));

    replace(&*shelf, 90, &good);
    assert_eq!(flaw(90), SnapshotFlaw::OtherPlace { stated: Position(100) });
    shelf.remove(Position(90)).unwrap();

    // Another history of the same length, and one that has not come so far.
    for (length, found) in [(150, true), (50, false)] {
        let other = MemoryLog::new();
        other.append(Position::START, &samples(Head::START, "other", length)).unwrap();
        replace(&*other.shelf().unwrap(), 100, &good);
        let (state, read) = started(&other);
        assert_eq!((state.position().0, read), (length as u64, length as u64 + u64::from(found)));
        let report = verify(&other, &mut |_| ()).unwrap();
        let ignored = report.snapshots[0].ignored.as_ref().unwrap();
        assert!(
            matches!(ignored, SnapshotFlaw::OtherLog { found: hash, .. } if hash.is_some() == found),
            "{ignored}"
        );
    }
}

#[test]
fn verify_notices_a_snapshot_that_fits_and_says_something_else() {
    let (log, story) = told();
    let head = log.read(Position(99), 1).unwrap()[0].commit().head();
    let at = &story.states[&Position(100)];
    // A state of the right place and time with a wrong value in it, as a broken program might write it.
    let ledger = street(MemoryLog::new());
    let mut wrong = (*ledger.state()).clone();
    let recorded = engine::evolve::Recorded { position: head.position, time: at.time().unwrap() };
    engine::evolve::evolve_commit(&mut wrong, recorded, &[]);
    snapshot::save(&*log.shelf().unwrap(), &wrong, head).unwrap();
    let damage = Damage { position: Position(100), flaw: Flaw::SnapshotDiffers };
    assert_eq!(verify(&log, &mut |_| ()), Err(ReadError::Damaged(damage)));
}

#[test]
fn k6_a_ledger_takes_snapshots_as_it_goes_and_keeps_few() {
    let log = MemoryLog::new();
    let pace = Pace::every(20);
    let story = Story::tell(log.clone(), pace, 20_240_101, 600);
    let last = story.ledger.state();
    // Others may hold the cores: the archivist has its time, and then the end is kept.
    let (shelf, patience) = (log.shelf().unwrap(), Instant::now());
    let left = |taken: &[Position]| last.position().0 - taken.last().map_or(0, |newest| newest.0);
    while left(&shelf.list().unwrap()) > 20 + 20 / 8 {
        assert!(patience.elapsed() < Duration::from_secs(60), "{:?}", shelf.list());
        thread::sleep(Duration::from_millis(1));
    }
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(story.ledger.close());
    let taken = shelf.list().unwrap();
    assert!(taken.len() <= 10, "{taken:?}");
    let (state, read) = started(&log);
    assert_eq!(state, last);
    assert_eq!(read, left(&taken) + 1, "what comes after it, and one is looked at");
    assert!(verify(&log, &mut |_| ()).unwrap().snapshots.iter().all(|snapshot| snapshot.ignored.is_none()));
}

//! What the tests share: a small street, a clock that is set by hand, a log whose appends wait for a word.

use engine::{
    command::Command,
    identity::{MemberId, OrganizationId, PlaceId, Position},
    member::{Caller, Role},
    moment::Moment,
    place::PlaceLevel,
};
use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
        mpsc,
    },
    task::{Context, Poll, Waker},
};
use storage::{
    Head, Ledger, Log, ReadError, Receipt, RequestId, failure::AppendError, record::Record,
    request::RequestKey,
};

/// 2024-01-01T00:00:00Z.
pub const NEW_YEAR: Moment = Moment::from_millis(1_704_067_200_000);

/// A clock that is set by hand.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NEW_YEAR.millis())))
    }

    pub fn set(&self, moment: Moment) {
        self.0.store(moment.millis(), Ordering::SeqCst);
    }

    pub fn as_clock(&self) -> impl Fn() -> Moment + Send + Sync + 'static {
        let time = Arc::clone(&self.0);
        move || Moment::from_millis(time.load(Ordering::SeqCst))
    }
}

/// A ledger on this log whose clock stands still.
pub fn ledger(log: impl Log + 'static) -> Ledger {
    Ledger::open(log, || NEW_YEAR).unwrap()
}

/// A ledger with the street opened by the first commit.
pub fn street(log: impl Log + 'static) -> Ledger {
    let ledger = ledger(log);
    open_street(&ledger);
    ledger
}

/// Opens the street; done already, it is the same answer again.
pub fn open_street(ledger: &Ledger) -> Receipt {
    let name = "春风街道".to_owned();
    ledger.execute_blocking(Caller::System, request("open-street"), Command::OpenStreet { name }).unwrap()
}

pub fn request(id: &str) -> RequestId {
    RequestId::new(id).unwrap()
}

/// Adds a community of this name; refused when there is one.
pub fn community(name: &str) -> Command {
    let (level, parent) = (PlaceLevel::Community, Some(PlaceId::new(1)));
    Command::AddPlace { name: name.to_owned(), level, parent, reference: None }
}

/// A coordinator.
pub fn coordinator(member: u64) -> Caller {
    let (member, organization) = (MemberId::new(member), OrganizationId::new(1));
    Caller::Member { member, organization, role: Role::Coordinator }
}

/// Puts a command into the queue without waiting for its answer.
pub fn queue<T>(future: impl Future<Output = T>) -> Pin<Box<impl Future<Output = T>>> {
    let mut future = Box::pin(future);
    let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Pending), "it must wait for the append");
    future
}

/// A log that notes the size of every append and, while it is held, lets none begin before it is told.
pub struct HeldLog<L> {
    inner: L,
    sizes: Arc<Mutex<Vec<usize>>>,
    arrived: mpsc::Sender<()>,
    go: Mutex<mpsc::Receiver<()>>,
}

/// The hand that holds a [`HeldLog`]. When it is dropped, appends go freely.
pub struct Hold {
    sizes: Arc<Mutex<Vec<usize>>>,
    arrivals: mpsc::Receiver<()>,
    go: mpsc::Sender<()>,
}

impl<L: Log> HeldLog<L> {
    pub fn new(inner: L) -> (Self, Hold) {
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let (arrived, arrivals) = mpsc::channel();
        let (go, gone) = mpsc::channel();
        let log = Self { inner, sizes: Arc::clone(&sizes), arrived, go: Mutex::new(gone) };
        (log, Hold { sizes, arrivals, go })
    }
}

impl Hold {
    /// Waits until an append stands at the door.
    pub fn arrived(&self) {
        self.arrivals.recv().unwrap();
    }

    /// Lets one append through.
    pub fn go(&self) {
        self.go.send(()).unwrap();
    }

    /// How many records each append had, so far.
    pub fn sizes(&self) -> Vec<usize> {
        self.sizes.lock().unwrap().clone()
    }
}

impl<L: Log> Log for HeldLog<L> {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        self.sizes.lock().unwrap().push(records.len());
        // Without a hand on the other side both return at once.
        let _ = self.arrived.send(());
        let _ = self.go.lock().unwrap().recv();
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
}

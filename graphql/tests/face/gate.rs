//! A log that writes nothing while its gate is shut, so that what waits for it waits as long as a test wants.

use engine::identity::Position;
use std::sync::{Arc, Condvar, Mutex};
use storage::{
    Head, Log, ReadError, failure::AppendError, memory::MemoryLog, record::Record, request::RequestKey,
};

/// The gate of a log. A clone is another handle.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    is_shut: bool,
    waiting: usize,
}

impl Gate {
    /// A log behind it.
    pub fn log(&self) -> GatedLog {
        GatedLog { inner: MemoryLog::new(), gate: self.clone() }
    }

    pub fn shut(&self) {
        self.0.0.lock().unwrap().is_shut = true;
    }

    pub fn open(&self) {
        self.0.0.lock().unwrap().is_shut = false;
        self.0.1.notify_all();
    }

    /// Waits until something waits.
    pub async fn reached(&self) {
        while self.0.0.lock().unwrap().waiting == 0 {
            tokio::task::yield_now().await;
        }
    }

    fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.waiting += 1;
        state = self.0.1.wait_while(state, |state| state.is_shut).unwrap();
        state.waiting -= 1;
    }
}

pub struct GatedLog {
    inner: MemoryLog,
    gate: Gate,
}

impl Log for GatedLog {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        self.gate.pass();
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

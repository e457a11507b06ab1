//! The clock of a demo: the real one, but for as long as its past is told.

use crate::command_line::match_lists;
use engine::moment::Moment;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// What stands for the real time.
const NOW: i64 = i64::MIN;

/// A clock that can be set to a moment and let go again. A clone is the same clock.
#[derive(Clone, Debug)]
pub struct StoryClock(Arc<AtomicI64>);

impl StoryClock {
    /// The real time.
    pub fn real() -> Self {
        Self(Arc::new(AtomicI64::new(NOW)))
    }

    /// What time it is.
    pub fn now(&self) -> Moment {
        match self.0.load(Ordering::SeqCst) {
            NOW => match_lists::clock(),
            told => Moment::from_millis(told),
        }
    }

    /// From now on it is this moment.
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.millis(), Ordering::SeqCst);
    }

    /// From now on it is what it is.
    pub fn let_go(&self) {
        self.0.store(NOW, Ordering::SeqCst);
    }
}

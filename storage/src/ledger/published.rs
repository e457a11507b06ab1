//! What the writer shows to everybody: the newest durable state, and the fault that stopped it.

use crate::failure::StoreFault;
use arc_swap::{ArcSwap, ArcSwapOption};
use engine::state::State;
use std::sync::Arc;

/// Written by the writer alone, read by everybody without waiting.
#[derive(Debug)]
pub(super) struct Published {
    state: ArcSwap<State>,
    fault: ArcSwapOption<StoreFault>,
}

impl Published {
    pub(super) fn new(state: State) -> Self {
        Self { state: ArcSwap::from_pointee(state), fault: ArcSwapOption::empty() }
    }

    pub(super) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    pub(super) fn publish(&self, state: State) {
        self.state.store(Arc::new(state));
    }

    pub(super) fn fault(&self) -> Option<StoreFault> {
        self.fault.load().as_deref().cloned()
    }

    /// From now on read-only. The first fault stays: the later ones follow from it.
    pub(super) fn fail(&self, fault: StoreFault) {
        if self.fault.load().is_none() {
            tracing::error!(%fault, "the ledger is read-only from now on");
            self.fault.store(Some(Arc::new(fault)));
        }
    }
}

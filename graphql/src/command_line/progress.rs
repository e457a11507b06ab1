//! Progress on standard error: drawn when that is a terminal, else a line for every tenth of a long way.

use super::output;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::IsTerminal,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// So many steps are done before anybody has read a line about them.
const SHORT: u64 = 10_000;
const LINES: u64 = 10;

/// How far a task is.
pub(super) struct Steps {
    what: &'static str,
    /// Where somebody watches.
    drawn: Option<ProgressBar>,
    all: AtomicU64,
    at: AtomicU64,
}

impl Steps {
    /// Of so many steps.
    pub(super) fn new(all: u64, what: &'static str) -> Self {
        let drawn = std::io::stderr().is_terminal().then(|| {
            let bar =
                ProgressBar::with_draw_target(Some(all), ProgressDrawTarget::stderr()).with_message(what);
            match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self { what, drawn, all: AtomicU64::new(all), at: AtomicU64::new(0) }
    }

    /// There are so many.
    pub(super) fn set_all(&self, all: u64) {
        if self.all.swap(all, Relaxed) != all
            && let Some(bar) = &self.drawn
        {
            bar.set_length(all);
        }
    }

    /// It is at this one now. Back at an earlier one, the way is gone a second time.
    pub(super) fn reach(&self, at: u64) {
        let (before, all) = (self.at.swap(at, Relaxed), self.all.load(Relaxed));
        match &self.drawn {
            Some(bar) => bar.set_position(at),
            None if all >= SHORT && tenths(before, all) < tenths(at, all) => {
                output::note(&format!("{} {at} of {all}", self.what));
            }
            None => {}
        }
    }

    /// So many more are done.
    pub(super) fn go_on(&self, steps: u64) {
        self.reach(self.at.load(Relaxed).saturating_add(steps));
    }

    /// Nothing more is drawn.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.drawn {
            bar.finish_and_clear();
        }
    }
}

fn tenths(at: u64, all: u64) -> u64 {
    at.saturating_mul(LINES) / all.max(1)
}

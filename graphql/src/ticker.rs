//! The ticker: notes that time has passed, only when something is due, so that a quiet street's log stays quiet.

use crate::{http::admission::Admission, sign_in};
use engine::{command::Command, member::Caller};
use std::{sync::Arc, time::Duration};
use storage::{Ledger, RequestId};
use tokio::time::{MissedTickBehavior, interval};

/// Looks every `period`, for ever.
pub async fn run(ledger: Ledger, period: Duration) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        tick(&ledger).await;
    }
}

/// Forgets every `period` who has used up nothing for a while, for ever.
pub async fn sweep(admission: Arc<Admission>, period: Duration) {
    let mut times = interval(period);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        times.tick().await;
        admission.sweep();
    }
}

/// Executes `Tick` if something is due.
async fn tick(ledger: &Ledger) {
    let now = ledger.now();
    let due = ledger.state().claims_due().next().is_some_and(|(until, _)| until <= now);
    if !due {
        return;
    }
    let request = sign_in::random_hex::<16>().ok().and_then(|text| RequestId::new(text).ok());
    let Some(request) = request else {
        tracing::error!("the operating system gives no random bytes");
        return;
    };
    if let Err(error) = ledger.execute(Caller::System, request, Command::Tick).await {
        // The next tick tries again.
        tracing::warn!(%error, "the tick was not executed");
    }
}

//! The ticker: notes that time has passed, only when something is due, so that a quiet street's log stays quiet.

use crate::sign_in;
use engine::{
    command::Command,
    decide::{Context, decide},
    member::Caller,
};
use std::time::Duration;
use storage::{Ledger, RequestId};
use tokio::time::{MissedTickBehavior, interval};

/// Looks every `period`, for ever.
pub async fn run(ledger: Ledger, period: Duration) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        catch_up(&ledger).await;
    }
}

/// Notes all that time has brought; a huge backlog comes in pieces.
pub async fn catch_up(ledger: &Ledger) {
    while tick(ledger).await {}
}

/// Executes `Tick` if something is due; whether it was done.
async fn tick(ledger: &Ledger) -> bool {
    let context = Context { caller: Caller::System, now: ledger.now() };
    let due = decide(&ledger.state(), &context, &Command::Tick).is_ok_and(|events| !events.is_empty());
    if !due {
        return false;
    }
    let request = sign_in::random_hex::<16>().ok().and_then(|text| RequestId::new(text).ok());
    let Some(request) = request else {
        tracing::error!("the operating system gives no random bytes");
        return false;
    };
    match ledger.execute(Caller::System, request, Command::Tick).await {
        Ok(_) => true,
        Err(error) => {
            // The next tick tries again.
            tracing::warn!(%error, "the tick was not executed");
            false
        }
    }
}

//! The ticker: notes that time has passed, only when something is due, so that a quiet street's log stays quiet.

use crate::{http::admission::Admission, schema::scope::Shared, sign_in};
use engine::{
    command::Command,
    decide::{Context, decide},
    member::Caller,
};
use std::{sync::Arc, time::Duration};
use storage::RequestId;
use tokio::time::{MissedTickBehavior, interval};

/// Looks every `period`, for ever.
pub async fn run(shared: Shared, period: Duration) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        catch_up(&shared).await;
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

/// Notes all that time has brought; a huge backlog comes in pieces. And erases in the vault what could not be erased
/// when it was to be.
pub async fn catch_up(shared: &Shared) {
    while tick(shared).await {}
    if let Some(contacts) = &shared.contacts
        && let Err(error) = contacts.settle(&shared.ledger.state()).await
    {
        tracing::error!(%error, "contacts that the log says are erased could not be erased");
    }
}

/// Executes `Tick` if something is due; whether it was done.
async fn tick(shared: &Shared) -> bool {
    let ledger = &shared.ledger;
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
    let receipt = match ledger.execute(Caller::System, request, Command::Tick).await {
        Ok(receipt) => receipt,
        Err(error) => {
            // The next tick tries again.
            tracing::warn!(%error, "the tick was not executed");
            return false;
        }
    };
    if let Some(contacts) = &shared.contacts
        && let Err(error) = contacts.carry_out(&receipt).await
    {
        // The next tick tries again.
        tracing::error!(%error, "contacts whose time is over could not be erased");
    }
    true
}

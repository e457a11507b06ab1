//! The ticker: notes that time has passed, only when something is due, so that a quiet street's log stays quiet.

use crate::{schema::scope::Shared, sign_in};
use engine::{command::Command, member::Caller, moment::Moment, state::State};
use std::time::Duration;
use storage::RequestId;
use tokio::time::{MissedTickBehavior, interval};

/// Looks every `period`, for ever.
pub async fn run(shared: Shared, period: Duration) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        tick(&shared).await;
    }
}

/// Whether time has changed something.
fn is_due(state: &State, now: Moment) -> bool {
    let lapses = state.claims_due().next().is_some_and(|(until, _)| until <= now);
    let days = state.rules().contact_days;
    lapses || days.is_some_and(|days| !state.contacts_due(now, days).is_empty())
}

/// Executes `Tick` if something is due.
async fn tick(shared: &Shared) {
    let ledger = &shared.ledger;
    if !is_due(&ledger.state(), ledger.now()) {
        return;
    }
    let request = sign_in::random_hex::<16>().ok().and_then(|text| RequestId::new(text).ok());
    let Some(request) = request else {
        tracing::error!("the operating system gives no random bytes");
        return;
    };
    let receipt = match ledger.execute(Caller::System, request, Command::Tick).await {
        Ok(receipt) => receipt,
        Err(error) => {
            // The next tick tries again.
            tracing::warn!(%error, "the tick was not executed");
            return;
        }
    };
    if let Some(contacts) = &shared.contacts
        && let Err(error) = contacts.carry_out(&receipt).await
    {
        // The next start erases what the log says is erased.
        tracing::error!(%error, "contacts whose time is over could not be erased");
    }
}

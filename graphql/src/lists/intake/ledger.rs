//! A ledger as the desk of an intake: many commands under way at once, answered in their order.

use super::desk::{Answer, Desk, Order, Setback};
use engine::{member::Caller, state::State};
use futures_util::{StreamExt, stream};
use std::{sync::Arc, time::Duration};
use storage::{ExecuteError, Ledger, RequestId};
use tokio::runtime::{Builder, Runtime};

/// What the requests of a desk begin with.
const DESK: &str = "list-";

/// How many commands are under way at once: enough to fill the ledger's groups, a fraction of its queue.
const UNDER_WAY_MAX: usize = 256;

/// How long to stand back when others fill the queue.
const STAND_BACK: Duration = Duration::from_millis(5);

/// A ledger that takes the commands of one caller. Blocks; not for use inside an async task.
#[derive(Debug)]
pub struct LedgerDesk {
    ledger: Ledger,
    caller: Caller,
    runtime: Runtime,
}

impl LedgerDesk {
    /// A desk over a ledger for whoever stands before it.
    ///
    /// # Errors
    /// When the operating system refuses what a runtime needs.
    pub fn new(ledger: Ledger, caller: Caller) -> std::io::Result<Self> {
        Ok(Self { ledger, caller, runtime: Builder::new_current_thread().enable_time().build()? })
    }

    /// Finishes what waits and closes the ledger.
    pub fn close(self) {
        self.runtime.block_on(self.ledger.close());
    }
}

impl Desk for LedgerDesk {
    fn state(&self) -> Arc<State> {
        self.ledger.state()
    }

    fn submit(&mut self, orders: Vec<Order>, done: &mut dyn FnMut(u64)) -> Vec<Result<Answer, Setback>> {
        let (ledger, caller) = (&self.ledger, self.caller);
        let executed =
            stream::iter(orders).map(|order| execute(ledger, caller, order)).buffered(UNDER_WAY_MAX);
        self.runtime.block_on(executed.inspect(|_| done(1)).collect())
    }
}

/// What an order called a request, if it went through a desk.
pub fn request_name(request: &RequestId) -> Option<&str> {
    request.as_str().strip_prefix(DESK)
}

async fn execute(ledger: &Ledger, caller: Caller, order: Order) -> Result<Answer, Setback> {
    let request = RequestId::new(format!("{DESK}{}", order.request))
        .map_err(|invalid| Setback::NotTaken(invalid.to_string()))?;
    loop {
        match ledger.execute(caller, request.clone(), order.command.clone()).await {
            Ok(receipt) => {
                let (events, repeated) = (receipt.events().to_vec(), receipt.repeated);
                return Ok(Answer { events, repeated });
            }
            Err(ExecuteError::Refused(refusal)) => return Err(Setback::Refused(refusal)),
            Err(ExecuteError::Overloaded) => tokio::time::sleep(STAND_BACK).await,
            Err(error) => return Err(Setback::NotTaken(error.to_string())),
        }
    }
}

//! SIGHUP, where there is such a thing: whoever reads files anew waits for it, or for some time. Once somebody has listened
//! it ends the process no more.

use std::time::Duration;

/// As long as nothing else is to be done.
const LONG: Duration = Duration::from_secs(3600);

/// SIGHUP of this process. Each listener hears each.
pub struct Hangups {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    /// Listens from now on.
    pub fn new() -> Self {
        Self {
            #[cfg(unix)]
            signals: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    /// Waits for one, or for some time; whether there was one.
    pub async fn or_after(&mut self, time: Duration) -> bool {
        #[cfg(unix)]
        if let Some(signals) = &mut self.signals {
            return tokio::time::timeout(time, signals.recv()).await.is_ok_and(|it| it.is_some());
        }
        tokio::time::sleep(time).await;
        false
    }

    /// Says of each that there is nothing to read anew, for ever: for a server that keeps no files.
    pub(super) async fn in_vain(mut self) {
        loop {
            if self.or_after(LONG).await {
                tracing::info!(
                    "there is nothing to reload on SIGHUP: neither a certificate nor keys of a single sign-on"
                );
            }
        }
    }
}

//! SIGHUP, where there is such a thing: whoever reads files anew waits for it, or for some time.

use std::time::Duration;

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
}

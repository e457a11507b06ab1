//! A connection whose other end has to take what it asked for: a write that makes no headway for a while is given up, and
//! the connection with it. Reading has limits of its own.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// A stream whose writes may stand still for some time only.
#[derive(Debug)]
pub(super) struct Patient<S> {
    inner: S,
    patience: Duration,
    /// Runs while a write stands still.
    standing: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    pub(super) const fn new(inner: S, patience: Duration) -> Self {
        Self { inner, patience, standing: None }
    }

    /// What a write came to, or that it has stood still for too long.
    fn judge<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.standing = None;
            return written;
        }
        let patience = self.patience;
        let standing = self.standing.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + patience)));
        ready!(standing.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other end takes nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.judge(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, pieces);
        self.judge(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        self.judge(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.inner).poll_shutdown(context);
        self.judge(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const PATIENCE: Duration = Duration::from_secs(1);
    const PIECES: usize = 15;

    #[tokio::test]
    async fn who_takes_a_little_at_a_time_gets_all_of_it_and_who_takes_nothing_is_given_up() {
        let bytes = vec![7; PIECES << 10];
        for moves in [true, false] {
            let (server, mut client) = duplex(1 << 10);
            let (mut server, sent) = (Patient::new(server, PATIENCE), bytes.clone());
            let writing = tokio::spawn(async move { server.write_all(&sent).await });
            let mut got = Vec::new();
            if moves {
                // Longer than the patience in all, and far less from one piece to the next.
                for _ in 0..PIECES {
                    tokio::time::sleep(PATIENCE / 10).await;
                    let mut piece = [0; 1 << 10];
                    client.read_exact(&mut piece).await.unwrap();
                    got.extend(piece);
                }
            }
            let written = writing.await.unwrap().map_err(|error| error.kind());
            match moves {
                true => assert!(written.is_ok() && got == bytes),
                false => assert_eq!(written, Err(io::ErrorKind::TimedOut)),
            }
        }
    }
}

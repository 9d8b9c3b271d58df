//! How long a client may take to read. A stream comes in, and the same stream goes out with an end to
//! waiting: when what was written could not be handed on in time, writing fails and the connection
//! ends. So nobody holds a connection, and the picture in it, by not reading.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A stream whose writes have to get through.
pub(super) struct Patient<S> {
    stream: S,
    patience: Duration,
    /// Runs from the moment a write had to wait until everything is written.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            waiting: None,
        }
    }

    /// Whether the time is up. Reading one byte now and then is no reading: a write that gets through does
    /// not stop the clock, only a flush does, when all that there is to write has been.
    fn is_overdue(&self) -> bool {
        let waiting = self.waiting.as_ref();
        waiting.is_some_and(|waiting| waiting.deadline() <= Instant::now())
    }

    /// Wait on, or give up.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let patience = self.patience;
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the client reads too slowly",
        )))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_overdue() {
            return self.wait(context);
        }
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.wait(context),
            done @ Poll::Ready(_) => done,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_overdue() {
            return self.wait(context);
        }
        match Pin::new(&mut self.stream).poll_write_vectored(context, pieces) {
            Poll::Pending => self.wait(context),
            done @ Poll::Ready(_) => done,
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Pending => self.wait(context),
            done @ Poll::Ready(_) => {
                self.waiting = None;
                done
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(context) {
            Poll::Pending => self.wait(context),
            done @ Poll::Ready(_) => done,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const PATIENCE: Duration = Duration::from_mins(1);

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_nothing_is_given_up() {
        let (server, _client) = duplex(16);
        let mut server = Patient::new(server, PATIENCE);
        let begun = Instant::now();
        let error = server.write_all(&[0; 1000]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), 60);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_a_byte_now_and_then_is_given_up_too() {
        let (server, mut client) = duplex(16);
        let mut server = Patient::new(server, PATIENCE);
        let reading = tokio::spawn(async move {
            let mut read = 0;
            while client.read_u8().await.is_ok() {
                read += 1;
                sleep(Duration::from_secs(10)).await;
            }
            read
        });
        let error = server.write_all(&[0; 1000]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(server);
        assert!(reading.await.unwrap() < 30);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_takes_an_answer_in_time_may_take_any_number_of_them() {
        let (server, mut client) = duplex(16);
        let mut server = Patient::new(server, PATIENCE);
        let reading = tokio::spawn(async move {
            let mut piece = [0; 100];
            for _ in 0..10 {
                sleep(Duration::from_secs(59)).await;
                client.read_exact(&mut piece).await.unwrap();
            }
        });
        for _ in 0..10 {
            server.write_all(&[0; 100]).await.unwrap();
            server.flush().await.unwrap();
        }
        reading.await.unwrap();
    }
}

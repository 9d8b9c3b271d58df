//! How many transforms somebody waits for. Work that nobody waits for watches this, and gives way.

use tokio::sync::watch;

/// The transforms that requests wait for, queued or running.
pub(crate) struct Load {
    awaited: watch::Sender<usize>,
}

/// One of them, until it is dropped.
pub(crate) struct Awaited<'a>(&'a Load);

impl Default for Load {
    fn default() -> Self {
        Self {
            awaited: watch::Sender::new(0),
        }
    }
}

impl Load {
    /// Somebody waits for a transform from now on.
    pub(crate) fn awaited(&self) -> Awaited<'_> {
        self.awaited.send_modify(|count| *count += 1);
        Awaited(self)
    }

    /// Waits until fewer than `count` are awaited.
    pub(crate) async fn falls_below(&self, count: usize) {
        self.reaches(|awaited| awaited < count).await;
    }

    /// Waits until `count` or more are awaited.
    pub(crate) async fn rises_to(&self, count: usize) {
        self.reaches(|awaited| awaited >= count).await;
    }

    async fn reaches(&self, there: impl Fn(usize) -> bool) {
        let mut seen = self.awaited.subscribe();
        // The sender lives as long as `self`.
        let _ = seen.wait_for(|&awaited| there(awaited)).await;
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        self.0.awaited.send_modify(|count| *count -= 1);
    }
}

//! Work on disks that keep what can be made again: bounded in number and in time, since a disk may hang. What
//! a disk does not do in time is as if it had said no: it costs speed, never an answer.

use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Done at once, in the whole process.
const AT_ONCE_MAX: usize = 48;
/// For a place among those: on a disk that works, one is free at once.
const PLACE_TIMEOUT: Duration = Duration::from_millis(250);
/// For the work: much longer than a disk takes that is merely slow.
const WORK_TIMEOUT: Duration = Duration::from_secs(3);

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE_MAX);

/// The work was not done in time, or broke. What was begun may still come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undone {
    /// The disk hangs.
    #[error("the disk does not answer")]
    TooSlow,
    /// The thread broke.
    #[error("the thread broke: {0}")]
    Broke(#[from] tokio::task::JoinError),
}

/// Do `work` on a thread that may block.
pub(crate) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Undone> {
    run_within(&PLACES, WORK_TIMEOUT, work).await
}

async fn run_within<T: Send + 'static>(
    places: &'static Semaphore,
    work_timeout: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Undone> {
    let Ok(Ok(place)) = timeout(PLACE_TIMEOUT, places.acquire()).await else {
        return Err(Undone::TooSlow);
    };
    let work = move || {
        // Held until the disk answers, also where nobody waits any more: one that hangs must not take one
        // thread after the other.
        let _place = place;
        work()
    };
    match timeout(work_timeout, tokio::task::spawn_blocking(work)).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Undone::TooSlow),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_disk_that_hangs_holds_its_place_and_nobody() {
        static PLACES: Semaphore = Semaphore::const_new(1);
        let (answer, disk) = mpsc::channel::<()>();
        let hung = run_within(&PLACES, SOON, move || disk.recv().is_ok()).await;
        assert!(matches!(hung, Err(Undone::TooSlow)));
        let next = run_within(&PLACES, SOON, || ()).await;
        assert!(matches!(next, Err(Undone::TooSlow)), "the place is held");
        answer.send(()).unwrap();
        let well = Duration::from_mins(1);
        while run_within(&PLACES, well, || ()).await.is_err() {}
    }

    #[tokio::test]
    async fn work_that_breaks_is_told() {
        static PLACES: Semaphore = Semaphore::const_new(1);
        // A panic that writes its backtrace takes its time.
        let well = Duration::from_mins(1);
        let broken = run_within(&PLACES, well, || panic!("on purpose")).await;
        assert!(matches!(broken, Err::<(), _>(Undone::Broke(_))));
        assert_eq!(PLACES.available_permits(), 1);
    }
}

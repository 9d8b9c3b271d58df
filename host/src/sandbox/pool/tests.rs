//! The queue's promises, with tasks that wait on channels in place of guests.

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use super::*;

/// Long enough that only a deadlock reaches it.
const NEVER: Duration = Duration::from_mins(1);

fn task(work: impl FnOnce() + Send + 'static) -> Task {
    Task {
        ticket: Arc::new(Ticket::new(Instant::now() + NEVER)),
        work: Box::new(work),
    }
}

/// Occupy one worker until the sender is dropped; returns once the worker is at it.
fn occupy(pool: &Pool) -> Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let hold = move || {
        begun.send(()).unwrap();
        let _ = released.recv();
    };
    pool.submit(task(hold)).unwrap();
    has_begun.recv_timeout(NEVER).unwrap();
    release
}

fn noted(word: &'static str, notes: &Sender<&'static str>) -> Task {
    let notes = notes.clone();
    task(move || notes.send(word).unwrap())
}

fn next(notes: &Receiver<&'static str>) -> &'static str {
    notes.recv_timeout(NEVER).unwrap()
}

#[test]
fn queue_max_obeyed_and_violated() {
    let pool = Pool::start(1, 2).unwrap();
    let (note, notes) = mpsc::channel();
    let release = occupy(&pool);
    pool.submit(noted("first", &note)).unwrap();
    pool.submit(noted("second", &note)).unwrap();
    assert_eq!(pool.load(), (2, 1));
    let refused = pool.submit(noted("third", &note));
    assert_eq!(refused, Err(Rejected::Full { queued: 2, max: 2 }));
    drop(release);
    assert_eq!(next(&notes), "first");
    assert_eq!(next(&notes), "second");
}

#[test]
fn without_queue_only_idle_workers_take() {
    let pool = Pool::start(2, 0).unwrap();
    let first = occupy(&pool);
    let _second = occupy(&pool);
    let refused = pool.submit(task(|| {}));
    assert_eq!(refused, Err(Rejected::Full { queued: 0, max: 0 }));
    drop(first);
}

#[test]
fn a_client_that_left_makes_room_and_is_skipped() {
    let pool = Pool::start(1, 1).unwrap();
    let (note, notes) = mpsc::channel();
    let release = occupy(&pool);
    let left = noted("left", &note);
    let ticket = Arc::clone(&left.ticket);
    pool.submit(left).unwrap();
    ticket.leave();
    pool.submit(noted("stayed", &note)).unwrap();
    drop(release);
    assert_eq!(next(&notes), "stayed");
}

#[test]
fn a_task_withdrawn_at_the_head_is_skipped() {
    let pool = Pool::start(1, 2).unwrap();
    let (note, notes) = mpsc::channel();
    let release = occupy(&pool);
    let withdrawn = noted("withdrawn", &note);
    let ticket = Arc::clone(&withdrawn.ticket);
    pool.submit(withdrawn).unwrap();
    pool.submit(noted("stayed", &note)).unwrap();
    assert!(ticket.withdraw());
    drop(release);
    assert_eq!(next(&notes), "stayed");
}

#[test]
fn a_panic_costs_one_task() {
    let pool = Pool::start(1, 2).unwrap();
    let (note, notes) = mpsc::channel();
    pool.submit(task(|| panic!("a test's panic"))).unwrap();
    pool.submit(noted("after", &note)).unwrap();
    assert_eq!(next(&notes), "after");
}

#[test]
fn stop_finishes_what_runs_and_drops_what_waits() {
    let pool = Arc::new(Pool::start(1, 2).unwrap());
    let (note, notes) = mpsc::channel();
    let (begun, has_begun) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let finish = note.clone();
    let running = move || {
        begun.send(()).unwrap();
        let _ = released.recv();
        finish.send("ran to its end").unwrap();
    };
    pool.submit(task(running)).unwrap();
    has_begun.recv_timeout(NEVER).unwrap();
    pool.submit(noted("waited", &note)).unwrap();
    drop(note);
    let stopping = Arc::clone(&pool);
    let stopped = thread::spawn(move || stopping.stop());
    while pool.submit(task(|| {})) != Err(Rejected::Closed) {
        thread::yield_now();
    }
    drop(release);
    stopped.join().unwrap();
    assert_eq!(next(&notes), "ran to its end");
    assert!(notes.recv().is_err(), "the waiting task was dropped unrun");
    assert_eq!(pool.load(), (0, 0));
}

#[test]
fn workers_carry_their_number() {
    let pool = Pool::start(1, 0).unwrap();
    let (note, notes) = mpsc::channel();
    let name = move || {
        note.send(thread::current().name().map(str::to_owned))
            .unwrap();
    };
    pool.submit(task(name)).unwrap();
    assert_eq!(
        notes.recv_timeout(NEVER).unwrap().as_deref(),
        Some("transform-1")
    );
}

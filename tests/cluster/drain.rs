//! How a server leaves: not ready at once, still serving for a while, then nothing new, then gone; what it
//! has begun it finishes, unless it is told twice.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use tests::signing::sign;
use tests::{Edge, KEY, Request, until};

use crate::limits::LONG_WORK;

const PICTURE: &str = "/resize?width=40&file=dunes.jpg";

/// A connection that is kept; each exchange gives the status line and whether the server says goodbye.
struct Kept(BufReader<TcpStream>);

impl Kept {
    fn open(edge: &Edge) -> Self {
        Self(BufReader::new(TcpStream::connect(edge.address).unwrap()))
    }

    fn ask(&mut self, target: &str) -> (String, bool) {
        let target = sign(KEY, target);
        write!(self.0.get_mut(), "GET {target} HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let head: Vec<String> = self
            .0
            .by_ref()
            .lines()
            .map(|line| line.unwrap().to_ascii_lowercase())
            .take_while(|line| !line.is_empty())
            .collect();
        let length = head
            .iter()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.unwrap().parse().unwrap()];
        self.0.read_exact(&mut body).unwrap();
        let goodbye = head.iter().any(|line| line == "connection: close");
        (head[0].clone(), goodbye)
    }

    fn is_closed(&mut self) -> bool {
        self.0.read(&mut [0]).unwrap() == 0
    }
}

fn not_ready(edge: &Edge) {
    edge.ask_to_stop();
    edge.wait_until("not ready", |_| edge.get_unsigned("/ready").status == 503);
}

#[test]
fn told_to_stop_it_is_not_ready_and_serves_on() {
    let edge = Edge::builder().set("drain-delay", "10m").start();
    let mut kept = Kept::open(&edge);
    assert_eq!(kept.ask(PICTURE), ("http/1.1 200 ok".to_owned(), false));
    assert_eq!(edge.get_unsigned("/ready").status, 200);
    not_ready(&edge);
    assert_eq!(edge.get_unsigned("/ready").json()["status"], "leaving");
    // New connections are served as before, also when something has to be made.
    edge.get(PICTURE).picture();
    edge.get("/resize?width=41&file=dunes.jpg").picture();
    // One that is kept is answered, asked to come back on another, and closed.
    assert_eq!(kept.ask(PICTURE), ("http/1.1 200 ok".to_owned(), true));
    assert!(kept.is_closed());
    // Told again, it goes.
    edge.ask_to_stop();
    let (status, said) = edge.ended();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("second signal"), "{said}");
}

#[test]
fn what_is_in_flight_is_finished_and_then_it_goes() {
    let edge = Edge::builder().set("drain-delay", "100ms").start();
    let target = sign(KEY, "/resize?width=300&type=avif&file=coast.jpg");
    let mut idle = Kept::open(&edge);
    idle.ask(PICTURE);
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| Request::get(target).send(edge.address).unwrap());
        // The second: after an answer its worker is busy for a moment more.
        edge.wait_for("/sandbox/started", 2);
        edge.ask_to_stop();
        answer.join().unwrap().picture();
    });
    assert!(idle.is_closed());
    let (status, said) = edge.ended();
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(said.contains("every request is answered"), "{said}");
}

#[test]
fn told_twice_it_does_not_wait_for_anybody() {
    let edge = Edge::builder().set("request-timeout", "10m").start();
    let _working = Request::get(sign(KEY, LONG_WORK))
        .begin(edge.address)
        .unwrap();
    edge.wait_for("/sandbox/busy", 1);
    edge.ask_to_stop();
    // The address is free again when it listens no more.
    until("it listens no more", || {
        TcpStream::connect(edge.address).is_err()
    });
    edge.ask_to_stop();
    let (status, said) = edge.ended();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("second signal"), "{said}");
}

#[test]
fn it_waits_for_so_long_and_no_longer() {
    let edge = Edge::builder()
        .set("request-timeout", "10m")
        .set("drain-timeout", "50ms")
        .start();
    let _working = Request::get(sign(KEY, LONG_WORK))
        .begin(edge.address)
        .unwrap();
    edge.wait_for("/sandbox/busy", 1);
    edge.ask_to_stop();
    let (status, said) = edge.ended();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("drain time is over"), "{said}");
}

//! Many clients at once: a full queue says so, equal requests share one computation, a client that
//! leaves frees its place, and everybody gets the right picture.

use std::sync::Barrier;

use tests::signing::sign;
use tests::{Edge, KEY, Origin, Reply, Request, eyes, sample};

use crate::limits::LONG_WORK;
use crate::origins::{target, trusting};

fn long_work(number: u32) -> Request {
    Request::get(sign(KEY, &format!("{LONG_WORK}&width={}", 2000 + number)))
}

#[test]
fn a_full_queue_is_503_and_says_when_to_come_back() {
    let edge = Edge::builder()
        .set("workers", "1")
        .set("queue", "1")
        .set("ready-patience", "0s")
        .set("request-timeout", "10m")
        .start();
    let working = long_work(1).begin(edge.address).unwrap();
    edge.wait_for("/sandbox/busy", 1);
    let waiting = long_work(2).begin(edge.address).unwrap();
    edge.wait_for("/sandbox/queued", 1);
    let answer = edge.get("/resize?width=40&file=dunes.jpg");
    answer.refused(503);
    let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(edge.get_unsigned("/health").status, 200);
    assert_eq!(edge.get_unsigned("/ready").status, 503);
    // Both clients leave: their work ends with them, long before it would be done.
    drop(waiting);
    drop(working);
    edge.wait_until("both places free", |health| {
        health["sandbox"]["busy"] == 0 && health["sandbox"]["queued"] == 0
    });
    edge.get("/resize?width=40&file=dunes.jpg").picture();
    assert_eq!(edge.get_unsigned("/ready").status, 200);
}

#[test]
fn a_hit_needs_no_place_in_the_queue() {
    let edge = Edge::builder()
        .set("workers", "1")
        .set("queue", "0")
        .set("request-timeout", "10m")
        .start();
    edge.get("/resize?width=40&file=dunes.jpg").picture();
    // After an answer its worker is busy for a moment more, and there is no other place.
    edge.wait_for("/sandbox/busy", 0);
    let _working = long_work(1).begin(edge.address).unwrap();
    edge.wait_for("/sandbox/started", 2);
    assert!(edge.get("/resize?width=40&file=dunes.jpg").is_hit());
    edge.get("/resize?width=41&file=dunes.jpg").refused(503);
}

#[test]
fn many_clients_get_their_own_picture() {
    let edge = Edge::builder().start();
    let files = ["dunes.jpg", "parrots.jpg", "cat.png", "coffee.webp"];
    std::thread::scope(|scope| {
        for client in 0..16 {
            let edge = &edge;
            scope.spawn(move || {
                for turn in 0..6 {
                    let (file, width) = (
                        files[(client + turn) % files.len()],
                        40 + (client * 7 + turn * 3) % 60,
                    );
                    let source = eyes::decode(&sample(file));
                    let height = (f64::from(source.height()) * width as f64
                        / f64::from(source.width()))
                    .round() as u32;
                    let answer = edge.get(&format!("/resize?width={width}&type=png&file={file}"));
                    let shown = eyes::decode(answer.picture());
                    assert_eq!(
                        (shown.width(), shown.height()),
                        (width as u32, height),
                        "{file}"
                    );
                    let expected = source.resize_exact(
                        width as u32,
                        height,
                        image::imageops::FilterType::Lanczos3,
                    );
                    assert!(eyes::psnr(&shown, &expected) > 25.0, "{file} at {width}");
                }
            });
        }
    });
    assert_eq!(edge.count("/sandbox/traps"), 0);
}

#[test]
fn equal_requests_are_one_fetch_and_one_computation() {
    // The origin answers when all have asked, so that none of them can be a hit.
    let clients = 8;
    let all_here = std::sync::Arc::new(Barrier::new(2));
    let gate = std::sync::Arc::clone(&all_here);
    let origin = Origin::new(move |_| {
        gate.wait();
        Reply::ok(sample("dunes.jpg"))
    });
    let edge = trusting().start();
    let request = Request::get(sign(KEY, &target(&origin.url("/a.jpg"))));
    let bodies: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..clients)
            .map(|_| scope.spawn(|| edge.send(&request).picture().to_vec()))
            .collect();
        edge.wait_for("/cache/misses", clients);
        all_here.wait();
        asking
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect()
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(origin.asked().len(), 1);
    assert_eq!(edge.count("/sandbox/started"), 1);
}

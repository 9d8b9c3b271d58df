//! Waiting for others: for origins that hang, and for clients that take their time. It takes places in the
//! queue and nothing else, and it ends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use tests::signing::sign;
use tests::{Edge, KEY, Origin, Reply, Request, S3, eyes, sample};

use crate::origins::{target, trusting};

/// The head of a POST whose body does not come.
fn half_an_upload(edge: &Edge) -> TcpStream {
    let mut stream = TcpStream::connect(edge.address).unwrap();
    let target = sign(KEY, "/resize?width=40");
    let head = format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
fn an_upload_is_waited_for_no_longer_than_a_request_may_take() {
    let edge = Edge::builder()
        .set("workers", "1")
        .set("queue", "0")
        .set("request-timeout", "2s")
        .start();
    let mut slow = half_an_upload(&edge);
    edge.wait_for("/misses_admitted", 1);
    edge.get("/resize?width=40&file=dunes.jpg").refused(503);
    let mut answer = String::new();
    let _ = slow.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer:?}");
    edge.wait_for("/misses_admitted", 0);
    edge.get("/resize?width=40&file=dunes.jpg").picture();
}

#[test]
fn an_origin_that_hangs_is_no_reason_to_go_elsewhere() {
    let origin = Origin::new(|_| Reply::Silent);
    let edge = trusting()
        .set("workers", "1")
        .set("queue", "1")
        .set("ready-patience", "0s")
        .start();
    let hanging = ["a", "b"].map(|name| {
        let target = sign(KEY, &target(&origin.url(&format!("/{name}.jpg"))));
        Request::get(target).begin(edge.address).unwrap()
    });
    edge.wait_for("/misses_admitted", 2);
    edge.get("/resize?width=41&file=dunes.jpg").refused(503);
    assert_eq!(edge.get_unsigned("/ready").status, 200);
    drop(hanging);
}

#[test]
fn buckets_alone_are_sources_enough() {
    let s3 = S3::start();
    s3.make_bucket("pictures");
    s3.put("pictures", "dunes.jpg", sample("dunes.jpg"));
    let edge = Edge::builder()
        .unset("mount")
        .set("source-buckets", "s3://pictures");
    let edge = s3.known_to(edge).start();
    let answer = edge.get("/resize?width=40&url=s3%3A%2F%2Fpictures%2Fdunes.jpg");
    assert_eq!(eyes::size(answer.picture()), (40, 54));
}

//! What one request may cost: time and memory. The request that goes over is answered, the others do
//! not notice.

use tests::{Edge, eyes, sample};

/// Minutes of work in a sandbox: AVIF at its slowest, of the largest sample.
pub(crate) const LONG_WORK: &str = "/convert?type=avif&quality=95&speed=1&file=coast.jpg";

#[test]
fn work_that_takes_too_long_is_stopped_and_504() {
    let edge = Edge::builder()
        .set("request-timeout", "2s")
        .set("workers", "1")
        .start();
    edge.get(LONG_WORK).refused(504);
    // The worker is free again at once, not when the work would have been done.
    edge.wait_for("/sandbox/busy", 0);
    assert_eq!(edge.count("/sandbox/deadline_kills"), 1);
    let patient = Edge::builder().set("request-timeout", "10m").start();
    patient.get("/resize?width=40&file=dunes.jpg").picture();
    assert_eq!(patient.count("/sandbox/deadline_kills"), 0);
}

#[test]
fn work_that_needs_too_much_memory_is_refused() {
    let large = eyes::encode(&eyes::quarters(6000, 4000), image::ImageFormat::Png);
    let target = "/blur?sigma=9&type=png";
    let tight = Edge::builder()
        .set("memory-per-transform", "32MiB")
        .set("request-timeout", "10m")
        .start();
    let answer = tight.post(target, &large);
    assert!(
        matches!(answer.status, 413 | 422),
        "{} {}",
        answer.status,
        answer.text()
    );
    answer.refused(answer.status);
    // Only this request was too large.
    tight
        .post("/resize?width=40", &sample("dunes.jpg"))
        .picture();
    let roomy = Edge::builder()
        .set("memory-per-transform", "512MiB")
        .set("request-timeout", "10m")
        .start();
    roomy.post(target, &large).picture();
}

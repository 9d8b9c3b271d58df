//! What the soak runs against: a server whose caches are too small, an origin that fails at times, a second
//! level, and purges.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tests::signing::{escape, sign};
use tests::{Asked, Edge, KEY, Origin, Reply, Request, sample};

/// Originals: many times what the source tier holds.
pub(crate) const SOURCES: u64 = 60;
/// Every so often each part of the origin fails.
const FAIL_EVERY: Duration = Duration::from_secs(20);
/// For so long.
const FAIL_FOR: Duration = Duration::from_secs(4);
/// What the purges are let in with.
const TOKEN: &str = "soak-soak-soak-soak-soak-soak-soak";

/// The running parts.
pub(crate) struct World {
    pub(crate) edge: Edge,
    origin: Origin,
    purges: AtomicU64,
    _shared: TempDir,
}

impl World {
    pub(crate) fn start() -> Self {
        let pictures: Arc<Vec<Vec<u8>>> = Arc::new(
            [
                "dunes.jpg",
                "rocket.jpg",
                "cat.png",
                "coffee.webp",
                "parrots.jpg",
            ]
            .iter()
            .map(|name| sample(name))
            .collect(),
        );
        let begun = Instant::now();
        let origin = Origin::new(move |asked| answer(asked, &pictures, begun.elapsed()));
        let shared = tempfile::tempdir().unwrap();
        let edge = Edge::builder()
            .switch("enable-url-source")
            .switch("allow-private-origins")
            .set("cache-bytes", "8MiB")
            .set("memory-cache-bytes", "4MiB")
            .set("source-cache-bytes", "8MiB")
            .set("store-url", format!("file://{}", shared.path().display()))
            .set("origin-failure-ttl", "1s")
            .set("stale-if-error", "0s")
            .set("avif-workers", "1")
            .set("admin-listen", "127.0.0.1:0")
            .set("admin-token", TOKEN)
            .start();
        Self {
            edge,
            origin,
            purges: AtomicU64::new(0),
            _shared: shared,
        }
    }

    /// A signed target of one variant.
    pub(crate) fn target(&self, source: u64, width: u64) -> String {
        let url = self.origin.url(&format!("/{source}.jpg"));
        let url = escape(url.as_bytes());
        sign(KEY, &format!("/resize?width={width}&type=auto&url={url}"))
    }

    /// One source in turn, and now and then everything.
    pub(crate) fn purge_something(&self) {
        let number = self.purges.fetch_add(1, Ordering::Relaxed);
        let target = if number % 10 == 9 {
            "/cache?all=true".to_owned()
        } else {
            let url = self.origin.url(&format!("/{}.jpg", number % SOURCES));
            format!("/cache?source={}", escape(url.as_bytes()))
        };
        let purge =
            Request::new("DELETE", target).with("Authorization", &format!("Bearer {TOKEN}"));
        let answer = purge.send(self.edge.admin_address()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub(crate) fn resident_bytes(&self) -> u64 {
        self.edge.resident_memory_bytes()
    }

    /// What the server has counted.
    pub(crate) fn counters(&self) -> String {
        let health = self.edge.health();
        ["cache", "sources", "second_level", "upgrades"]
            .map(|part| format!("{part}: {}", health[part]))
            .join("\n")
    }
}

/// Each source has its picture for ever, a tag and a short life; each fails in its own part of the time.
fn answer(asked: &Asked, pictures: &[Vec<u8>], elapsed: Duration) -> Reply {
    let digits: String = asked.target.chars().filter(char::is_ascii_digit).collect();
    let source: u64 = digits.parse().unwrap();
    let phase = Duration::from_millis(source * 331);
    let into_round = (elapsed + phase).as_millis() % FAIL_EVERY.as_millis();
    if into_round < FAIL_FOR.as_millis() {
        return match source % 3 {
            0 => Reply::status(503),
            1 => Reply::status(500),
            _ => Reply::Closed,
        };
    }
    let tag = format!("\"{source}\"");
    let reply = if asked.header("if-none-match") == Some(&tag) {
        Reply::status(304)
    } else {
        Reply::ok(pictures[source as usize % pictures.len()].clone())
    };
    reply
        .with("ETag", &tag)
        .with("Cache-Control", "max-age=2, stale-while-revalidate=2")
}

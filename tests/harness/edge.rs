//! A running darkroom on a free port: what it is told goes in by flag and environment, where it
//! listens comes out of its first line. It is killed when it is dropped, and what it said on standard
//! error is shown when the test failed.

mod builder;
mod process;

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use serde_json::Value;

use crate::client::{Answer, Request};
use crate::signing::sign;
use crate::{KEY, PATIENCE, pictures, until};
use process::Process;

pub use builder::{Builder, compiled_code, darkroom};

/// A running server.
#[derive(Debug)]
pub struct Edge {
    process: Process,
    /// Where it listens.
    pub address: SocketAddr,
    builder: Builder,
}

impl Edge {
    /// The usual: the tests' key, the samples mounted.
    pub fn builder() -> Builder {
        Builder::bare()
            .set("url-signature-key", KEY)
            .set("mount", pictures())
    }

    /// The usual, mounting this directory.
    pub fn mounting(directory: &Path) -> Builder {
        Self::builder().set("mount", directory)
    }

    /// The usual one, shared by the tests that run at the same time and change nothing about it.
    pub fn shared() -> Shared {
        static CURRENT: Mutex<Weak<Edge>> = Mutex::new(Weak::new());
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        let edge = current
            .upgrade()
            .unwrap_or_else(|| Arc::new(Self::builder().start()));
        *current = Arc::downgrade(&edge);
        Shared(edge)
    }

    /// Send this, whatever it is.
    #[track_caller]
    pub fn send(&self, request: &Request) -> Answer {
        request
            .send(self.address)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.log()))
    }

    /// GET of this target, signed first.
    #[track_caller]
    pub fn get(&self, target: &str) -> Answer {
        self.send(&Request::get(sign(KEY, target)))
    }

    /// GET of this target as it is.
    #[track_caller]
    pub fn get_unsigned(&self, target: &str) -> Answer {
        self.send(&Request::get(target))
    }

    /// POST of a raw body, signed first.
    #[track_caller]
    pub fn post(&self, target: &str, body: &[u8]) -> Answer {
        self.send(&Request::post(sign(KEY, target), body))
    }

    /// What `/health` says.
    #[track_caller]
    pub fn health(&self) -> Value {
        let answer = self.get_unsigned("/health");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// One number of `/health`, by its JSON pointer: `/cache/hits`.
    #[track_caller]
    pub fn count(&self, pointer: &str) -> u64 {
        let health = self.health();
        health
            .pointer(pointer)
            .and_then(Value::as_u64)
            .unwrap_or_else(|| panic!("no {pointer} in {health}"))
    }

    /// Ask `/health` until it shows this.
    #[track_caller]
    pub fn wait_until(&self, what: &str, seen: impl Fn(&Value) -> bool) {
        let begun = Instant::now();
        let mut last = self.health();
        while !seen(&last) {
            assert!(
                begun.elapsed() < PATIENCE,
                "{what}: never seen; last {last}"
            );
            last = self.health();
        }
    }

    /// Ask `/health` until one of its numbers is this.
    #[track_caller]
    pub fn wait_for(&self, pointer: &str, count: u64) {
        self.wait_until(&format!("{pointer} = {count}"), |health| {
            health.pointer(pointer).and_then(Value::as_u64) == Some(count)
        });
    }

    /// Where the admin listener listens.
    pub fn admin_address(&self) -> SocketAddr {
        const BEFORE: &str = "admin listening on http://";
        self.wait_for_log(BEFORE);
        let address = || {
            let log = self.log();
            let (address, _) = log.split_once(BEFORE)?.1.split_once('\n')?;
            let end =
                address.find(|letter: char| !(letter.is_ascii_digit() || ".:".contains(letter)));
            address[..end.unwrap_or(address.len())].parse().ok()
        };
        until("the end of that line", || address().is_some());
        address().unwrap()
    }

    /// Wait until it has said this on standard error. What is said before the first line on standard output is
    /// read by another thread.
    #[track_caller]
    pub fn wait_for_log(&self, words: &str) {
        until(words, || self.log().contains(words));
    }

    /// What it has said on standard error.
    pub fn log(&self) -> String {
        self.process.said()
    }

    /// Where it keeps its cache.
    pub fn cache_dir(&self) -> PathBuf {
        self.builder.cache_dir()
    }

    /// `kill -9`; gives what is needed to start it again on the same cache.
    pub fn kill(mut self) -> Builder {
        self.process.kill();
        self.builder.clone()
    }

    /// SIGTERM, and wait until it has gone in good order.
    #[track_caller]
    pub fn stop(mut self) -> Builder {
        self.process.terminate();
        let status = self.process.wait();
        assert!(status.success(), "{status}\n{}", self.log());
        self.builder.clone()
    }

    /// SIGTERM, without waiting.
    pub fn ask_to_stop(&self) {
        self.process.terminate();
    }

    /// SIGHUP: read the certificate again.
    pub fn hang_up(&self) {
        self.process.hang_up();
    }

    /// Wait until it has ended; gives how, and everything it has said.
    pub fn ended(mut self) -> (ExitStatus, String) {
        (self.process.wait(), self.log())
    }

    /// Stop it, and give everything it has said.
    pub fn into_log(mut self) -> String {
        self.process.kill();
        self.log()
    }

    /// The most memory it has had resident, in bytes.
    pub fn peak_memory_bytes(&self) -> u64 {
        self.process.peak_memory_bytes()
    }

    /// Count the most memory anew from now on.
    pub fn forget_peak_memory(&self) {
        self.process.forget_peak_memory();
    }

    /// The memory that it has resident, in bytes.
    pub fn resident_memory_bytes(&self) -> u64 {
        self.process.resident_memory_bytes()
    }

    /// Is it still there?
    pub fn is_alive(&mut self) -> bool {
        self.process.is_alive()
    }
}

/// A share in the usual edge; the last one to go stops it.
#[derive(Debug)]
pub struct Shared(Arc<Edge>);

impl Deref for Shared {
    type Target = Edge;

    fn deref(&self) -> &Edge {
        &self.0
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // The process shows its own log only when the last share goes, which may be another test's.
        if std::thread::panicking() && Arc::strong_count(&self.0) > 1 {
            eprintln!("--- the shared edge said:\n{}", self.0.log());
        }
    }
}

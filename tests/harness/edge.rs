//! A running darkroom on a free port: what it is told goes in by flag and environment, where it
//! listens comes out of its first line. It is killed when it is dropped, and what it said on standard
//! error is shown when the test failed.

mod compiled;
mod process;

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::client::{Answer, Request};
use crate::signing::sign;
use crate::{KEY, binary, pictures};
use process::Process;

/// Longer than a server needs for anything that a test waits for, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server to be started. It signs with the tests' key, mounts the samples, and has a cache
/// directory of its own, unless told otherwise.
#[derive(Debug, Clone)]
pub struct Builder {
    settings: Vec<(String, Option<OsString>)>,
    environment: Vec<(String, OsString)>,
    shell: Option<String>,
    compiled: Compiled,
    cache: Arc<TempDir>,
}

/// Whether a new cache directory begins with code that an earlier test has compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compiled {
    Shared,
    None,
}

impl Builder {
    /// Nothing but a port and a cache directory: no key, no source.
    pub fn bare() -> Self {
        let cache = Arc::new(tempfile::tempdir().unwrap());
        let compiled = Compiled::Shared;
        let builder = Self {
            settings: Vec::new(),
            environment: Vec::new(),
            shell: None,
            compiled,
            cache,
        };
        let directory = builder.cache_dir();
        builder
            .set("listen", "127.0.0.1:0")
            .set("cache-dir", directory)
    }

    /// `--name value`, in place of what was said before.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self = self.unset(name);
        self.settings
            .push((name.to_owned(), Some(value.as_ref().to_owned())));
        self
    }

    /// `--name`.
    #[must_use]
    pub fn switch(mut self, name: &str) -> Self {
        self = self.unset(name);
        self.settings.push((name.to_owned(), None));
        self
    }

    /// The flag is not given.
    #[must_use]
    pub fn unset(mut self, name: &str) -> Self {
        self.settings.retain(|(other, _)| other != name);
        self
    }

    /// An environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Run through `sh -c SCRIPT`, which ends in `exec "$@"`.
    #[must_use]
    pub fn through(mut self, script: impl Into<String>) -> Self {
        self.shell = Some(script.into());
        self
    }

    /// Its first start has to compile the component.
    #[must_use]
    pub fn without_compiled_code(mut self) -> Self {
        self.compiled = Compiled::None;
        self
    }

    /// Where it keeps its cache, unless `cache-dir` was set anew.
    pub fn cache_dir(&self) -> PathBuf {
        self.cache.path().join("cache")
    }

    fn command(&self) -> Command {
        let mut command = match &self.shell {
            None => Command::new(binary()),
            Some(script) => {
                let mut command = Command::new("sh");
                command.args(["-c", script, "sh"]).arg(binary());
                command
            }
        };
        command.arg("serve");
        for (name, value) in &self.settings {
            command.arg(format!("--{name}")).args(value);
        }
        // What the developer has set for himself is not part of the test.
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_setting(name)) {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Start it; back when it accepts.
    #[track_caller]
    pub fn start(self) -> Edge {
        if self.compiled == Compiled::Shared {
            compiled::hand_out(&self.cache_dir());
        }
        let (process, first) = Process::start(self.command());
        let Some(address) = first
            .strip_prefix("listening on http://")
            .or_else(|| first.strip_prefix("listening on https://"))
            .and_then(|rest| rest.parse().ok())
        else {
            panic!("it did not start: {first:?}\n{}", process.said());
        };
        compiled::keep(&self.cache_dir());
        Edge {
            process,
            address,
            builder: self,
        }
    }

    /// Start it and see its settings refused: exit code 2 and one line, which is given.
    #[track_caller]
    pub fn refusal(&self) -> String {
        let (status, said) = self.end();
        assert_eq!(status.code(), Some(2), "{status} {said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        said
    }

    /// Start it and see it fail; gives what it said.
    #[track_caller]
    pub fn failure(&self) -> String {
        let (status, said) = self.end();
        assert!(!status.success(), "{status} {said}");
        said
    }

    #[track_caller]
    fn end(&self) -> (ExitStatus, String) {
        let (mut process, first) = Process::start(self.command());
        assert_eq!(first, "", "it should not have started");
        let status = process.wait();
        (status, process.said())
    }
}

fn is_setting(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("DARKROOM_")
        || name.starts_with("OTEL_")
        || matches!(&*name, "PORT" | "URL_SIGNATURE_KEY" | "GOLANG_LOG")
}

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

    /// Where the admin listener listens. It is said before the first line on standard output, but is
    /// read by another thread.
    pub fn admin_address(&self) -> SocketAddr {
        let begun = Instant::now();
        loop {
            let log = self.log();
            let said = log.split_once("admin listening on http://");
            if let Some((address, _)) = said.and_then(|(_, rest)| rest.split_once('\n')) {
                let end = address
                    .find(|letter: char| !(letter.is_ascii_digit() || ".:".contains(letter)));
                return address[..end.unwrap_or(address.len())].parse().unwrap();
            }
            assert!(begun.elapsed() < PATIENCE, "no admin listener: {log}");
            std::thread::yield_now();
        }
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

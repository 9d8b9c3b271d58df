//! A server to be started, or refused: its flags, its environment, and the directories it is given.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Arc;

use tempfile::TempDir;

use super::Edge;
use super::process::Process;
use crate::{binary, profile_directory};

const COMPILED_DIR: &str = "DARKROOM_COMPILED_DIR";

/// Twice what darkroom itself leaves free on its disk.
const FREE_BYTES_MIN: u64 = 512 << 20;

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

/// Where compiled code lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compiled {
    /// Where that of all tests does.
    Shared,
    /// In the server's own cache directory.
    Own,
}

impl Builder {
    /// Nothing but a port and a cache directory: no key, no source.
    pub fn bare() -> Self {
        let cache = Arc::new(tempfile::tempdir().unwrap());
        assert_room(cache.path());
        let builder = Self {
            settings: Vec::new(),
            environment: Vec::new(),
            shell: None,
            compiled: Compiled::Shared,
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

    /// It compiles the component for itself, and keeps the code where it keeps its cache.
    #[must_use]
    pub fn with_code_of_its_own(mut self) -> Self {
        self.compiled = Compiled::Own;
        self
    }

    /// Where it keeps its cache, unless `cache-dir` was set anew.
    pub fn cache_dir(&self) -> PathBuf {
        self.cache.path().join("cache")
    }

    fn command(&self) -> Command {
        let mut command = match &self.shell {
            None => darkroom(),
            Some(script) => {
                let mut command = told_nothing("sh");
                command.args(["-c", script, "sh"]).arg(binary());
                command
            }
        };
        command.arg("serve");
        for (name, value) in &self.settings {
            command.arg(format!("--{name}")).args(value);
        }
        if self.compiled == Compiled::Own {
            command.env_remove(COMPILED_DIR);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Start it; back when it accepts.
    #[track_caller]
    pub fn start(self) -> Edge {
        let (process, first) = Process::start(self.command());
        let Some(address) = first
            .strip_prefix("listening on http://")
            .or_else(|| first.strip_prefix("listening on https://"))
            .and_then(|rest| rest.parse().ok())
        else {
            panic!("it did not start: {first:?}\n{}", process.said());
        };
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

/// The program, for its commands beside `serve` too. It finds the code that other tests have compiled.
pub fn darkroom() -> Command {
    told_nothing(binary())
}

/// Where tests keep compiled code: compiling the component takes seconds, and only some tests are about that.
/// Beside the tests themselves, so that `cargo clean` removes it. Servers write and forget it as everywhere.
pub fn compiled_code() -> PathBuf {
    profile_directory().join("compiled-for-tests")
}

/// A command without what the developer has set for himself: that is no part of the test.
fn told_nothing(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_setting(name)) {
        command.env_remove(name);
    }
    command.env(COMPILED_DIR, compiled_code());
    command
}

fn is_setting(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("DARKROOM_")
        || name.starts_with("OTEL_")
        || matches!(&*name, "PORT" | "URL_SIGNATURE_KEY" | "GOLANG_LOG")
}

/// Without room for it a cache keeps nothing, and tests fail for no reason that they could name.
#[track_caller]
fn assert_room(directory: &Path) {
    let disk = rustix::fs::statvfs(directory).unwrap();
    let free = disk.f_bavail * disk.f_frsize;
    assert!(
        free >= FREE_BYTES_MIN,
        "{} has {} MiB free: tests need {}",
        directory.display(),
        free >> 20,
        FREE_BYTES_MIN >> 20
    );
}

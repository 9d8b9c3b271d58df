//! The sandbox: pictures from outside are developed in a sealed room, a WebAssembly component that
//! imports nothing, started fresh for every job. A job comes in, a rendition or a reason goes out.
//!
//! ```text
//! transform() ─ queue ─ worker thread ─ fresh guest ─ answer ─ guest wiped
//!               full: refused at once   traps, time, memory, output: one answer, never the process
//! ```
//! Loaded once, called per request. Only this folder names wasmtime.

mod config;
mod error;
mod stats;
mod engine;
mod precompiled;
mod compiled_dir;
mod ticker;
mod calls;
mod ticket;
mod pool;
mod room;
mod limits;
mod bindings;
pub mod convert;
pub mod described;
pub mod refusal;

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use wasmtime::Store;

pub use self::bindings::exports::darkroom::image::transform as wit;
use self::calls::{Calls, Ran};
pub use self::config::SandboxConfig;
pub use self::engine::Allocation;
pub use self::error::{SandboxError, StartError};
use self::limits::GuestLimits;
use self::pool::Pool;
pub use self::precompiled::CodeOrigin;
use self::room::Room;
pub use self::stats::SandboxStats;
use self::ticker::Ticker;

/// A picture, and what to do with it.
#[derive(Debug, Clone)]
pub struct Job {
    /// The encoded source.
    pub source: Bytes,
    /// Encoded pictures that steps lay over it.
    pub overlays: Vec<Bytes>,
    /// Done in order.
    pub steps: Vec<wit::Step>,
    /// The output wanted.
    pub output: wit::Output,
    /// What the guest itself must refuse, before it costs anything.
    pub limits: wit::Limits,
}

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The encoded picture.
    pub bytes: Bytes,
    /// Its format.
    pub format: wit::Format,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// A job's result, and where its time went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The result.
    pub rendition: Rendition,
    /// In the queue.
    pub waited: Duration,
    /// In the guest, its start included.
    pub ran: Duration,
}

/// Where compiled code may be.
fn dirs(config: &SandboxConfig) -> Vec<&Path> {
    [&config.compiled_dir, &config.compiled_dir_spare]
        .into_iter()
        .filter_map(|dir| dir.as_deref())
        .collect()
}

/// The running sandbox. Dropping it stops it, as [`Sandbox::shutdown`] does.
pub struct Sandbox {
    calls: Calls, // dropped before the ticker: a guest that never ends is stopped by a tick
    _ticker: Ticker,
    allocation: Allocation,
    code_origin: CodeOrigin,
    digest: [u8; 32],
}

impl Sandbox {
    /// Compile or load `component`, and start the workers.
    pub fn start(component: &[u8], config: &SandboxConfig) -> Result<Self, StartError> {
        config.validate()?;
        Self::start_where(engine::choose(config), component, config)
    }

    /// Compile `component` and keep it in the first of the folders that takes it. Whether one did.
    pub fn compile(component: &[u8], config: &SandboxConfig) -> Result<bool, StartError> {
        config.validate()?;
        let engine = engine::start(engine::choose(config), config)?;
        let dirs = dirs(config);
        precompiled::load(&engine, component, &dirs)?;
        Ok(precompiled::is_kept(&engine, component, &dirs))
    }

    /// Whether [`Sandbox::compile`] would spare a start its compiling: no folder has the code, and one takes it.
    pub fn wants_compiling(component: &[u8], config: &SandboxConfig) -> bool {
        let dirs = dirs(config);
        let engine = || engine::start(engine::choose(config), config);
        config.validate().is_ok()
            && precompiled::can_keep(&dirs)
            && engine().is_ok_and(|engine| !precompiled::is_kept(&engine, component, &dirs))
    }

    fn start_where(
        allocation: Allocation,
        component: &[u8],
        config: &SandboxConfig,
    ) -> Result<Self, StartError> {
        let engine = engine::start(allocation, config)?;
        let digest = Sha256::digest(component).into();
        let (component, code_origin) = precompiled::load(&engine, component, &dirs(config))?;
        let room = Room::build(&component, config)?;
        let pool = Pool::start(config.workers, config.queue_max).map_err(StartError::Thread)?;
        Ok(Self {
            calls: Calls::new(room, pool),
            _ticker: Ticker::start(&engine).map_err(StartError::Thread)?,
            allocation,
            code_origin,
            digest,
        })
    }

    /// Develop a picture. Dropping the future gives the job up: it leaves the queue, or its guest is
    /// stopped at the next tick (10 ms).
    pub async fn transform(&self, job: Job, deadline: Instant) -> Result<Done, SandboxError> {
        let Job {
            source,
            overlays,
            steps,
            output,
            limits,
        } = job;
        // The only holder of bytes gives them up without a copy.
        let overlays: Vec<Vec<u8>> = overlays.into_iter().map(Vec::from).collect();
        let call = move |guest: &wit::Guest, store: &mut Store<GuestLimits>| {
            guest.call_transform(store, &source, &overlays, &steps, output, limits)
        };
        let Ran {
            value,
            waited,
            took,
        } = self.calls.run(call, deadline).await?;
        Ok(Done {
            rendition: Rendition {
                bytes: value.bytes.into(),
                format: value.format,
                width: value.width,
                height: value.height,
            },
            waited,
            ran: took,
        })
    }

    /// Read a picture's header. Queue, deadline and leaving are as in [`Sandbox::transform`].
    pub async fn inspect(
        &self,
        source: Bytes,
        deadline: Instant,
    ) -> Result<wit::PictureInfo, SandboxError> {
        let call = move |guest: &wit::Guest, store: &mut Store<GuestLimits>| {
            guest.call_inspect(store, &source)
        };
        Ok(self.calls.run(call, deadline).await?.value)
    }

    /// Look at a picture's pixels. Queue, deadline and leaving are as in [`Sandbox::transform`].
    pub async fn look_at(
        &self,
        source: Bytes,
        limits: wit::Limits,
        deadline: Instant,
    ) -> Result<wit::Impression, SandboxError> {
        let call = move |guest: &wit::Guest, store: &mut Store<GuestLimits>| {
            guest.call_look_at(store, &source, limits)
        };
        Ok(self.calls.run(call, deadline).await?.value)
    }

    /// What became of jobs so far, and how busy it is now.
    pub fn stats(&self) -> SandboxStats {
        self.calls.stats()
    }

    /// SHA-256 of the component.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Where guests live.
    pub fn allocation(&self) -> Allocation {
        self.allocation
    }

    /// Whether this start had to compile.
    pub fn code_origin(&self) -> CodeOrigin {
        self.code_origin
    }

    /// Refuse new jobs and those that wait, let those that run finish (their deadlines hold), and end
    /// the threads. Blocks until then: not for an I/O thread.
    pub fn shutdown(&self) {
        self.calls.stop();
    }
}

#[cfg(test)]
mod tests;

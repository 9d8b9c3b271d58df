//! Why the sandbox does not start, and why a job has no result.
//! Details are for the log; what a client may read is decided elsewhere.

use std::io;

use super::bindings::exports::darkroom::image::transform;

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting that could not work.
    #[error("{setting} {rule}")]
    Config {
        /// Its name in [`SandboxConfig`](super::SandboxConfig).
        setting: &'static str,
        /// What holds for it.
        rule: &'static str,
    },
    /// wasmtime refuses its settings on this machine.
    #[error("the engine does not start: {0:#}")]
    Engine(wasmtime::Error),
    /// The bytes are no component of the expected world.
    #[error("the transformer does not load: {0:#}")]
    Component(wasmtime::Error),
    /// The transformer asks for something; nothing is given.
    #[error("the transformer must import nothing, and imports {0}")]
    Imports(String),
    /// No thread.
    #[error("a thread does not start: {0}")]
    Thread(#[source] io::Error),
}

/// Why a job has no result.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Every worker is busy and the queue is at its limit.
    #[error("the queue is full: {queued} of {max} jobs wait")]
    QueueFull {
        /// Jobs that wait.
        queued: usize,
        /// Jobs that may wait.
        max: usize,
    },
    /// The deadline passed while the job waited for a worker.
    #[error("the deadline passed in the queue")]
    DeadlineInQueue,
    /// The deadline passed while the guest ran; it was stopped.
    #[error("the deadline passed in the guest")]
    Deadline,
    /// The guest asked for more memory than it may have.
    #[error("the guest wanted more than {allowed} bytes of memory")]
    Memory {
        /// Bytes it may have.
        allowed: u64,
    },
    /// The guest handed back more than it may.
    #[error("the guest gave more than {allowed} bytes")]
    Output {
        /// Bytes it may give.
        allowed: u64,
    },
    /// The guest broke, or broke the rules of the interface.
    #[error("the guest trapped: {0}")]
    Trap(String),
    /// The guest did its work and says no.
    #[error("the guest refused: {0:?}")]
    Refused(transform::Error),
    /// The sandbox is shut down.
    #[error("the sandbox is stopped")]
    Stopped,
}

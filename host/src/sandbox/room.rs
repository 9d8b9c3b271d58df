//! The sealed room: a fresh instance of the transformer for every visit, wiped after it.
//! A picture goes in, a result comes out; nothing of a visit survives it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store, UpdateDeadline};

use super::bindings::exports::darkroom::image::transform::{Error as Refusal, Guest};
use super::bindings::{Transformer, TransformerPre};
use super::limits::GuestLimits;
use super::ticket::{Stop, Ticket};
use super::{SandboxConfig, SandboxError, StartError};

/// A guest asks at every tick whether it may go on.
const TICKS_BETWEEN_QUESTIONS: u64 = 1;

/// The door, made once.
pub(super) struct Room {
    engine: Engine,
    transformer: TransformerPre<GuestLimits>,
    /// What every guest starts with.
    limits: GuestLimits,
}

impl Room {
    /// Link a component against nothing.
    pub(super) fn build(component: &Component, config: &SandboxConfig) -> Result<Self, StartError> {
        let engine = component.engine();
        if let Some((name, _)) = component.component_type().imports(engine).next() {
            return Err(StartError::Imports(name.to_owned()));
        }
        let transformer = Linker::new(engine)
            .instantiate_pre(component)
            .and_then(TransformerPre::new)
            .map_err(StartError::Component)?;
        Ok(Self {
            engine: engine.clone(),
            transformer,
            limits: GuestLimits::new(config),
        })
    }

    /// Start a guest. It asks `ticket` whether it may go on.
    pub(super) fn enter(&self, ticket: Arc<Ticket>) -> Result<Visit, SandboxError> {
        let started = Instant::now();
        let mut store = Store::new(&self.engine, self.limits.clone());
        store.limiter(|limits| limits);
        // A unit of it is a byte of the rendition, or of an error's sentence.
        store.set_hostcall_fuel(self.limits.output_bytes_max());
        store.set_epoch_deadline(TICKS_BETWEEN_QUESTIONS);
        store.epoch_deadline_callback(move |_| {
            ticket.may_go_on(Instant::now())?;
            Ok(UpdateDeadline::Continue(TICKS_BETWEEN_QUESTIONS))
        });
        match self.transformer.instantiate(&mut store) {
            Ok(guest) => Ok(Visit {
                store,
                guest,
                started_in: started.elapsed(),
            }),
            Err(error) => Err(explain(store.data(), &error)),
        }
    }
}

/// One guest's life. Dropping it wipes the slot.
pub(super) struct Visit {
    store: Store<GuestLimits>,
    guest: Transformer,
    started_in: Duration,
}

impl Visit {
    /// How long it took from nothing to a guest that can be called.
    pub(super) fn started_in(&self) -> Duration {
        self.started_in
    }

    /// Call one function of the interface.
    pub(super) fn call<R>(
        &mut self,
        function: impl FnOnce(&Guest, &mut Store<GuestLimits>) -> wasmtime::Result<Result<R, Refusal>>,
    ) -> Result<R, SandboxError> {
        let interface = self.guest.darkroom_image_transform();
        match function(interface, &mut self.store) {
            Ok(answer) => answer.map_err(SandboxError::Refused),
            Err(error) => Err(explain(self.store.data(), &error)),
        }
    }
}

/// Why a guest ended without an answer. What the host decided comes before what the guest then did:
/// a guest that is refused memory can only trap.
fn explain(limits: &GuestLimits, error: &wasmtime::Error) -> SandboxError {
    match error.downcast_ref::<Stop>() {
        Some(Stop::Deadline) => return SandboxError::Deadline,
        Some(Stop::Left) => return SandboxError::Stopped, // nobody is there to read it
        None => {}
    }
    if limits.memory_denied() {
        return SandboxError::Memory {
            allowed: limits.memory_bytes_max() as u64,
        };
    }
    // wasmtime keeps this error's type to itself; a test holds it to these words.
    if error
        .root_cause()
        .to_string()
        .contains("fuel allocated for hostcalls")
    {
        return SandboxError::Output {
            allowed: limits.output_bytes_max() as u64,
        };
    }
    SandboxError::Trap(format!("{error:#}"))
}

//! The one wasmtime engine of the process: what it compiles for, and where its guests live.
//! Every number of the pool stands here, with what it bounds.

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, Memory, MemoryType, OptLevel,
    PoolingAllocationConfig, Store,
};

use super::limits::TABLE_ELEMENTS_MAX;
use super::{SandboxConfig, StartError};

/// What wasmtime reserves for one slot: all that 32 bits address, and the guard behind it (its
/// defaults). Compiled code needs no bounds checks because of it.
const SLOT_BYTES: u64 = (4 << 30) + (32 << 20);

/// Tables are small (a Rust guest has one of some 8 KiB): 64 KiB keep a whole one resident.
const TABLE_KEEP_RESIDENT_BYTES: usize = 64 << 10;

/// Where guests live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// In slots reserved at start. Microseconds per guest.
    Pooling,
    /// Mapped for each guest, where the address space is too small for slots (`ulimit -v`).
    OnDemand,
}

/// A pool, if the address space has room for one.
pub(super) fn choose(config: &SandboxConfig) -> Allocation {
    if pool_fits(config.workers) {
        tracing::info!(slots = config.workers, "guests live in a pool");
        Allocation::Pooling
    } else {
        tracing::warn!("too little address space for a pool: guests are mapped on demand");
        Allocation::OnDemand
    }
}

/// Start the engine.
pub(super) fn start(allocation: Allocation, config: &SandboxConfig) -> Result<Engine, StartError> {
    let mut settings = settings();
    match allocation {
        Allocation::Pooling => {
            settings.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(config)));
        }
        Allocation::OnDemand => {
            settings
                .allocation_strategy(InstanceAllocationStrategy::OnDemand)
                // What a guest may have and no more, since address space is what is short here.
                .memory_reservation(config.memory_bytes_max)
                .memory_may_move(false);
        }
    }
    Engine::new(&settings).map_err(StartError::Engine)
}

/// What holds wherever guests live.
fn settings() -> Config {
    let mut settings = Config::new();
    settings
        // Data comes from the compiled file, page by page, only where the guest writes or reads it.
        .memory_init_cow(true)
        // Guests ask at loops and calls whether their time is up. About 5 % of a transform.
        .epoch_interruption(true)
        .cranelift_opt_level(OptLevel::Speed)
        // The same bytes on x86-64 and aarch64: a rendition is cached and shared between machines.
        .relaxed_simd_deterministic(true)
        // No guest waits for anything, so no state for that per store.
        .concurrency_support(false);
    settings
}

/// One slot for each worker: a worker wipes its guest's slot before it takes the next job.
fn pool(config: &SandboxConfig) -> PoolingAllocationConfig {
    let slots = config.workers as u32; // at most 1024: validated
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        .total_core_instances(slots)
        .total_memories(slots)
        .total_tables(slots)
        // The transformer is one core module with one memory and one table. A component that is
        // more would take its neighbours' slots, so it does not load at all.
        .max_core_instances_per_component(1)
        .max_memories_per_component(1)
        .max_tables_per_component(1)
        .table_elements(TABLE_ELEMENTS_MAX)
        // The second wall behind the limiter: not even a bug there gives a guest more.
        .max_memory_size(config.memory_bytes_max as usize)
        // Every slot stays warm for the one component there is.
        .max_unused_warm_slots(slots)
        // Pages wiped in place spare the next guest their faults; those above this go back to the
        // system. Idle, up to `slots` times this stays resident.
        .linear_memory_keep_resident(config.keep_resident_bytes as usize)
        .table_keep_resident(TABLE_KEEP_RESIDENT_BYTES)
        // Wipe only pages that were written, where the kernel can tell (Linux 6.7).
        .pagemap_scan(Enabled::Auto)
        // A slot is reset when its guest is gone, not later in a batch with others.
        .decommit_batch_size(1);
    pool
}

/// Whether the pool and as much again fits the address space: the other half is for sources,
/// renditions, threads and everything else.
fn pool_fits(workers: usize) -> bool {
    can_reserve(SLOT_BYTES.saturating_mul(workers as u64).saturating_mul(2))
}

/// Reserve and give back.
fn can_reserve(bytes: u64) -> bool {
    /// 64 KiB, WebAssembly's page.
    const PAGE_BITS: u32 = 16;
    let mut settings = Config::new();
    settings.wasm_memory64(true).memory_reservation(bytes);
    let Ok(engine) = Engine::new(&settings) else {
        return false;
    };
    let pages_max = Some(bytes >> PAGE_BITS);
    Memory::new(
        &mut Store::new(&engine, ()),
        MemoryType::new64(0, pages_max),
    )
    .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_space_obeyed_and_violated() {
        assert!(can_reserve(SLOT_BYTES));
        assert!(!can_reserve(1 << 62), "no machine has 62 bits of addresses");
    }
}

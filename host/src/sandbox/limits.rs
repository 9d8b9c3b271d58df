//! What one guest may hold: memory and tables. It lives as long as one instance.
//! A refusal is remembered, because the guest itself can only trap on it.

use wasmtime::ResourceLimiter;

use super::SandboxConfig;

/// Core instances, memories and tables of one component: the transformer is a single core module,
/// and a component made of one has at most four with its adapters.
const PARTS_MAX: usize = 4;

/// Entries of a function table. The transformer has some 1,000 indirect functions, and a table of a
/// Rust guest never grows.
pub(super) const TABLE_ELEMENTS_MAX: usize = 20_000;

/// The limiter that wasmtime asks.
#[derive(Debug, Clone)]
pub(super) struct GuestLimits {
    memory_bytes_max: usize,
    output_bytes_max: usize,
    memory_denied: bool,
}

impl GuestLimits {
    /// For a guest that has asked for nothing yet. Both settings are validated: at most 4 GiB.
    pub(super) fn new(config: &SandboxConfig) -> Self {
        Self {
            memory_bytes_max: config.memory_bytes_max as usize,
            output_bytes_max: config.output_bytes_max as usize,
            memory_denied: false,
        }
    }

    pub(super) fn memory_bytes_max(&self) -> usize {
        self.memory_bytes_max
    }

    pub(super) fn output_bytes_max(&self) -> usize {
        self.output_bytes_max
    }

    /// Whether the guest was ever refused memory.
    pub(super) fn memory_denied(&self) -> bool {
        self.memory_denied
    }
}

impl ResourceLimiter for GuestLimits {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired <= self.memory_bytes_max;
        self.memory_denied |= !allowed;
        Ok(allowed)
    }

    /// The system itself has no memory left, or the guest asked for more than 32 bits address.
    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        tracing::debug!(%error, "a guest's memory did not grow");
        self.memory_denied = true;
        Ok(())
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS_MAX)
    }

    fn instances(&self) -> usize {
        PARTS_MAX
    }

    fn tables(&self) -> usize {
        PARTS_MAX
    }

    fn memories(&self) -> usize {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> GuestLimits {
        GuestLimits::new(&SandboxConfig {
            workers: 1,
            queue_max: 0,
            memory_bytes_max: 128 << 10,
            output_bytes_max: 1,
            keep_resident_bytes: 0,
            compiled_dir: None,
            compiled_dir_spare: None,
        })
    }

    #[test]
    fn memory_obeyed() {
        let mut limits = limits();
        assert!(limits.memory_growing(0, 128 << 10, None).unwrap());
        assert!(!limits.memory_denied());
    }

    #[test]
    fn memory_violated() {
        let mut limits = limits();
        assert!(!limits.memory_growing(0, (128 << 10) + 1, None).unwrap());
        assert!(limits.memory_denied());
        assert!(limits.memory_growing(0, 64 << 10, None).unwrap());
        assert!(limits.memory_denied(), "a refusal is remembered");
    }

    #[test]
    fn memory_failed_by_system() {
        let mut limits = limits();
        limits
            .memory_grow_failed(wasmtime::Error::msg("no pages"))
            .unwrap();
        assert!(limits.memory_denied());
    }

    #[test]
    fn table_obeyed_and_violated() {
        let mut limits = limits();
        assert!(limits.table_growing(0, TABLE_ELEMENTS_MAX, None).unwrap());
        assert!(
            !limits
                .table_growing(0, TABLE_ELEMENTS_MAX + 1, None)
                .unwrap()
        );
    }
}

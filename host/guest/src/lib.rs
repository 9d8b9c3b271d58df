//! The transformer as bytes: a component that imports nothing and exports
//! `darkroom:image/transform@0.1.0`. `build.rs` compiles it from `transformer/`; nothing here runs it.
#![forbid(unsafe_code)]

/// The component.
pub const COMPONENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/transformer.wasm"));

/// SHA-256 of [`COMPONENT`].
pub const DIGEST: &[u8; 32] = include_bytes!(concat!(env!("OUT_DIR"), "/transformer.sha256"));

/// [`DIGEST`] in lower-case hexadecimal.
pub const DIGEST_HEX: &str = env!("GUEST_SHA256");

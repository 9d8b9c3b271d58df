//! Eight 16-bit and four 32-bit lanes, with the operations that blocks of 4x4 samples need. WebAssembly
//! has its own 128-bit operations; elsewhere plain arrays do the same to the bit.

#[cfg(target_feature = "simd128")]
mod wasm;
#[cfg(not(target_feature = "simd128"))]
mod plain;

#[cfg(not(target_feature = "simd128"))]
pub(super) use plain::{I16x8, I32x4, join, split};
#[cfg(target_feature = "simd128")]
pub(super) use wasm::{I16x8, I32x4, join, split};

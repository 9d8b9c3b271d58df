//! Eight 16-bit and four 32-bit lanes: arrays come in and go out, lane by lane arithmetic between.
//! WebAssembly has its own 128-bit operations; elsewhere plain arrays do the same to the bit.
#![expect(
    clippy::inline_always,
    reason = "lanes must become part of the loops that use them to stay in registers"
)]

#[cfg(target_feature = "simd128")]
mod wasm;
#[cfg(not(target_feature = "simd128"))]
mod plain;

#[cfg(not(target_feature = "simd128"))]
pub(crate) use plain::{
    I16x8, I32x4, U8x16, centred_columns, centred_rows, interleave_3, narrow_to_u8, transpose_8x8,
    widen, widen_pairs,
};
#[cfg(target_feature = "simd128")]
pub(crate) use wasm::{
    I16x8, I32x4, U8x16, centred_columns, centred_rows, interleave_3, narrow_to_u8, transpose_8x8,
    widen, widen_pairs,
};

//! The host for `wasi:http`: a signed URL comes in, a rendition goes out, as in the native server. What URLs
//! mean stands in `request`, what answers look like in `answer`; the pictures are developed by the very same
//! transformer, which is composed in. Here is what is left: variables, outgoing HTTP, a store.
//!
//! ```text
//! URL ─ verify ─ parse ─ negotiate ─ fetch ─ lookup ─┬─ hit ──────────────────┬─ respond
//!                                                    └─ miss: transform ─ store ┘
//! ```
//!
//! The source comes before the lookup: which version of it a rendition is made of is part of the key, and
//! nothing here outlives a request that could have remembered it.

pub mod settings;

#[cfg(target_arch = "wasm32")]
mod component;
#[cfg(target_arch = "wasm32")]
mod route;
#[cfg(target_arch = "wasm32")]
mod pipeline;
#[cfg(target_arch = "wasm32")]
mod fetch;
#[cfg(target_arch = "wasm32")]
mod overlays;
#[cfg(target_arch = "wasm32")]
mod transformer;
#[cfg(target_arch = "wasm32")]
mod shelf;
#[cfg(target_arch = "wasm32")]
mod timing;
#[cfg(target_arch = "wasm32")]
mod error;
#[cfg(target_arch = "wasm32")]
mod bindings;

//! The native server. A signed URL comes in, a finished rendition goes out:
//!
//! ```text
//! URL ─ verify ─ parse ─ negotiate ─ lookup ─┬─ hit ────────────────────────────────┬─ respond
//!                                            └─ miss: fetch ─ transform ─ store ────┘
//! ```
//!
//! `server` knows connections, `pipeline` the way of a request, `origins` where sources come from,
//! `sandbox` where pictures are developed; `cache` (its own crate) keeps what was made.

pub mod commands;
pub mod config;
mod server;
mod readiness;
mod admin;
mod gate;
mod pipeline;
mod upload;
pub mod object_stores;
pub mod origins;
pub mod sandbox;
mod transformer;
mod rendition;
mod keeping;
mod second_level;
mod flights;
mod loopback;
mod disk_work;
mod sources;
mod load;
mod upgrades;
mod count;
mod error;
mod traces;
mod metrics;

//! Generated from `wit/` and nothing else.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    reason = "generated code; the documentation stands in the WIT files"
)]

spin_sdk::wit_bindgen::generate!({
    path: ["../../wit", "wit"],
    world: "darkroom:edge/edge",
    runtime_path: "::spin_sdk::wit_bindgen::rt",
    generate_all,
});

/// What the SDK has bound already; two bindings of one interface do not link.
pub(crate) use spin_sdk::wit::wasi::config::store as config;
pub(crate) use spin_sdk::wit::wasi::keyvalue::store as keyvalue;

//! Generated from `wit/` and nothing else: the types of the interface, and the typed way to call it.
#![expect(
    missing_docs,
    reason = "generated code; the documentation stands in wit/transform.wit"
)]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "transformer",
});

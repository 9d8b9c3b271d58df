//! To be built.
pub mod origins;

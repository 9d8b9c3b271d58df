//! The cache as its callers see it, on real directories: one file per promise.
#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails as the test does"
)]

mod setting;
mod store_and_find;
mod at_once;
mod model;
mod budget;
mod restart;
mod damage;
mod purge;
mod two_processes;
mod killed;
mod broken_disk;

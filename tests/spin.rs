//! The component for `wasi:http`: in this process, and in two hosts that nobody here wrote. What is asked of
//! the native server is asked of each of them, and the answers are the same.

mod elsewhere;
mod in_process;
mod manifest;
mod refusals;
mod store;
mod surface;
mod urls;

//! The compatibility reference, row by row, over HTTP: what imaginary was measured to answer, or what its
//! source says, and where darkroom answers otherwise on purpose. A section of the reference is a file here,
//! and its rows are data.

mod row;
mod geometry;
mod required;
mod values;
mod settings;
mod parameters;
mod errors;
mod fetching;
mod formats;
mod headers;
mod routes;
mod pipelines;
mod bad_input;
mod flags;
mod lambda_edge;

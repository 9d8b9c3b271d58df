//! Every limit of a request that can be known from its URL and headers. What a picture may cost is
//! the transformer's to limit.

/// Bytes of path and query together: 8 KiB, what common servers and CDNs let through. A pipeline of ten
/// items fits several times over.
pub const TARGET_BYTES_MAX: usize = 8 << 10;

/// Pairs in a query. There are some fifty parameters; twice that leaves room for ones a CDN adds.
pub const PAIRS_MAX: usize = 128;

/// Keys that may be active at once. Rotation needs two; a few more serve one key per client.
pub const KEYS_MAX: usize = 16;

/// Bytes of a signing key at least: imaginary's rule, and the length of the hash's output.
pub const KEY_BYTES_MIN: usize = 32;

/// Bytes of a signing key at most. Longer than the hash's block a key only gets hashed down.
pub const KEY_BYTES_MAX: usize = 1 << 10;

/// Bytes of a key's id.
pub const KEY_ID_BYTES_MAX: usize = 32;

/// Items of a pipeline: imaginary's number.
pub const PIPELINE_ITEMS_MAX: usize = 10;

/// Bytes of a text watermark: far more than can be read on a picture, little to shape.
pub const TEXT_BYTES_MAX: usize = 512;

/// Bytes of a source's name. Linux bounds a path by 4096 bytes (`PATH_MAX`).
pub const SOURCE_BYTES_MAX: usize = 4 << 10;

/// Bytes of `Accept` that are read; what browsers send is under 200.
pub const ACCEPT_BYTES_MAX: usize = 2 << 10;

/// Sizes that the Lambda@Edge dialect may be configured with. Each is a variant of every picture.
pub const EDGE_SIZES_MAX: usize = 64;

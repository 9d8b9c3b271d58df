//! Why no origins can be made from a configuration. For the operator, at start.

use std::io;
use std::path::PathBuf;

use answer::origin::RuleError;

/// Settings that no [`Origins`](crate::origins::Origins) can be made from.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The mount is missing, unreadable or not a directory.
    #[error("mount {}: {source}", path.display())]
    Mount {
        /// As configured.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Every file of the machine would be a source.
    #[error("mount: the root directory would open every file")]
    MountIsRoot,
    /// A rule that cannot be read.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// An entry of the buckets is not `s3://`, `gs://` or `az://` and a name.
    #[error("bucket {entry:?}: {reason}")]
    Bucket {
        /// As configured.
        entry: String,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// The HTTP client cannot be built.
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

//! Where the certificate and its key are. They are read when the server starts, and again at SIGHUP.

use std::path::PathBuf;

use clap::Args;

use super::ConfigError;
use super::check::refuse;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "TLS")]
pub struct Settings {
    /// Certificate chain in PEM, the server's own first; serves HTTPS only. Read again at SIGHUP
    #[arg(long, value_name = "FILE")]
    pub certfile: Option<PathBuf>,

    /// Private key of the certificate in PEM
    #[arg(long, value_name = "FILE")]
    pub keyfile: Option<PathBuf>,
}

/// Two files that belong together.
#[derive(Debug, Clone)]
pub struct Config {
    /// The chain.
    pub certfile: PathBuf,
    /// Its key.
    pub keyfile: PathBuf,
}

impl Settings {
    /// Both, or neither.
    pub(super) fn check(self) -> Result<Option<Config>, ConfigError> {
        match (self.certfile, self.keyfile) {
            (Some(certfile), Some(keyfile)) => Ok(Some(Config { certfile, keyfile })),
            (None, None) => Ok(None),
            (Some(_), None) => Err(refuse("keyfile", "missing; --certfile needs its key")),
            (None, Some(_)) => Err(refuse(
                "certfile",
                "missing; --keyfile needs its certificate",
            )),
        }
    }
}

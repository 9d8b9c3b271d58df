//! Renditions in an object store that all pods share.

use std::time::Duration;

use clap::Args;

use super::ConfigError;
use super::check::{refuse, time};
use super::units::Period;
use crate::object_stores::StoreUrl;
use crate::second_level::WAITING_BYTES_MAX;

/// Ten times what a store in the same region takes for 30 KB, and less than most transforms.
const TIMEOUT_DEFAULT: Duration = Duration::from_millis(300);

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Second level")]
pub struct Settings {
    /// Object store that all pods share renditions in: `s3://bucket/prefix`, `gs://…`, `az://…` or
    /// `file:///directory` [default: none]
    #[arg(long, value_name = "URL")]
    pub store_url: Option<String>,

    /// Time for it to find a rendition; a slower one is made instead [default: 300ms]
    #[arg(long, value_name = "TIME")]
    pub store_timeout: Option<Period>,
}

/// Which store, and how long it may take.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where; `None` for nowhere.
    pub url: Option<StoreUrl>,
    /// For one read.
    pub read_timeout: Duration,
}

impl Config {
    /// Bytes that may wait to be written.
    pub(super) fn waiting_bytes_max(&self) -> u64 {
        self.url.as_ref().map_or(0, |_| WAITING_BYTES_MAX as u64)
    }
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        let url = self.store_url.as_deref().map(StoreUrl::parse).transpose();
        Ok(Config {
            url: url.map_err(|reason| refuse("store-url", reason))?,
            read_timeout: time("store-timeout", self.store_timeout, TIMEOUT_DEFAULT)?,
        })
    }
}

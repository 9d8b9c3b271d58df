//! What an operator may say, as a flag, as `DARKROOM_…` in the environment, or in the TOML file.
//! Nothing is checked against anything else here; `Config` does that. Unset means the default.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::secret::Secret;
use super::units::{ByteCount, Period};

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Every setting, unset where nobody said anything.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[serde(default)]
pub struct Settings {
    /// TOML file with any of these settings, named as the flags are [default: none]
    #[arg(long, env = "DARKROOM_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(
        long,
        env = "DARKROOM_LISTEN",
        value_name = "ADDR:PORT",
        help_heading = "Server"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,

    /// Connections held open at once; more wait in the kernel's backlog [default: 8192]
    #[arg(
        long,
        env = "DARKROOM_CONNECTIONS",
        value_name = "N",
        help_heading = "Server"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<usize>,

    /// Time for one request: queue, fetch and transform together [default: 30s]
    #[arg(
        long,
        env = "DARKROOM_REQUEST_TIMEOUT",
        value_name = "TIME",
        help_heading = "Server"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_timeout: Option<Period>,

    /// Time for a client to send the head of a request, and each part of an upload [default: 60s]
    #[arg(
        long,
        env = "DARKROOM_HTTP_READ_TIMEOUT",
        value_name = "TIME",
        help_heading = "Server"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_read_timeout: Option<Period>,

    /// Time for requests in flight to finish after SIGTERM [default: 30s]
    #[arg(
        long,
        env = "DARKROOM_DRAIN_TIMEOUT",
        value_name = "TIME",
        help_heading = "Server"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain_timeout: Option<Period>,

    /// What log lines look like [default: text]
    #[arg(
        long,
        env = "DARKROOM_LOG_FORMAT",
        value_name = "FORMAT",
        help_heading = "Server"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,

    /// Key that signs URLs, at least 32 bytes; several as `id:key,id:key` for rotation
    #[arg(
        long,
        env = "DARKROOM_URL_SIGNATURE_KEY",
        value_name = "KEY",
        help_heading = "Signed URLs",
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_signature_key: Option<Secret>,

    /// File that holds the key (or keys), for instance a mounted Kubernetes secret
    #[arg(
        long,
        env = "DARKROOM_URL_SIGNATURE_KEY_FILE",
        value_name = "FILE",
        help_heading = "Signed URLs"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_signature_key_file: Option<PathBuf>,

    /// Answer anybody's URLs, signed or not. Without this and without a key, darkroom refuses to start
    #[arg(long, env = "DARKROOM_ALLOW_UNSIGNED", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", help_heading = "Signed URLs")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_unsigned: Option<bool>,

    /// Refuse signed URLs that never expire
    #[arg(long, env = "DARKROOM_REQUIRE_EXPIRY", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", help_heading = "Signed URLs")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_expiry: Option<bool>,

    /// Refuse unknown parameters with 400 instead of ignoring them
    #[arg(long, env = "DARKROOM_STRICT", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", help_heading = "Signed URLs")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,

    /// Directory that `file=` names pictures in [default: none, `file=` is refused]
    #[arg(
        long,
        env = "DARKROOM_MOUNT",
        value_name = "DIR",
        help_heading = "Sources"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount: Option<PathBuf>,

    /// Let `url=` name pictures on other servers
    #[arg(long, env = "DARKROOM_ENABLE_URL_SOURCE", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", help_heading = "Sources")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_url_source: Option<bool>,

    /// Origins that `url=` may name: `https://host/path`, `https://*.host` [default: any public one]
    #[arg(
        long,
        env = "DARKROOM_ALLOWED_ORIGINS",
        value_name = "ORIGIN,…",
        value_delimiter = ',',
        help_heading = "Sources"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_origins: Option<Vec<String>>,

    /// Let `url=` reach private, loopback and link-local addresses
    #[arg(long, env = "DARKROOM_ALLOW_PRIVATE_ORIGINS", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", help_heading = "Sources")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_private_origins: Option<bool>,

    /// Time to connect to an origin [default: 3s]
    #[arg(
        long,
        env = "DARKROOM_ORIGIN_CONNECT_TIMEOUT",
        value_name = "TIME",
        help_heading = "Sources"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_connect_timeout: Option<Period>,

    /// Time for an origin's whole answer [default: 10s]
    #[arg(
        long,
        env = "DARKROOM_ORIGIN_TIMEOUT",
        value_name = "TIME",
        help_heading = "Sources"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_timeout: Option<Period>,

    /// Largest source in bytes, fetched or uploaded [default: 64MiB]
    #[arg(
        long,
        env = "DARKROOM_MAX_ALLOWED_SIZE",
        value_name = "SIZE",
        help_heading = "Limits"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_allowed_size: Option<ByteCount>,

    /// Largest source in megapixels, read from its header [default: 75]
    #[arg(
        long,
        env = "DARKROOM_MAX_ALLOWED_RESOLUTION",
        value_name = "MEGAPIXELS",
        help_heading = "Limits"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_allowed_resolution: Option<f64>,

    /// Largest output in megapixels [default: 75]
    #[arg(
        long,
        env = "DARKROOM_MAX_OUTPUT_RESOLUTION",
        value_name = "MEGAPIXELS",
        help_heading = "Limits"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_resolution: Option<f64>,

    /// Longest side of an output in pixels [default: 16384]
    #[arg(
        long,
        env = "DARKROOM_MAX_OUTPUT_SIDE",
        value_name = "PIXELS",
        help_heading = "Limits"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_side: Option<u32>,

    /// Answer 400 to a source whose tail is missing, instead of rendering what is there
    #[arg(long, env = "DARKROOM_FAIL_ON_TRUNCATED", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", help_heading = "Limits")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on_truncated: Option<bool>,

    /// Transforms at once, one thread each [default: the CPUs this process may use]
    #[arg(
        long,
        env = "DARKROOM_WORKERS",
        value_name = "N",
        help_heading = "Sandbox"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers: Option<usize>,

    /// Misses that may wait for a worker; one more is answered 503 [default: 64]
    #[arg(
        long,
        env = "DARKROOM_QUEUE",
        value_name = "N",
        help_heading = "Sandbox"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<usize>,

    /// Memory that one transform may use [default: 512MiB]
    #[arg(
        long,
        env = "DARKROOM_MEMORY_PER_TRANSFORM",
        value_name = "SIZE",
        help_heading = "Sandbox"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_per_transform: Option<ByteCount>,

    /// Directory of finished renditions and compiled code
    /// [default: darkroom/ in `$XDG_CACHE_HOME`, ~/.cache or /var/cache]
    #[arg(
        long,
        env = "DARKROOM_CACHE_DIR",
        value_name = "DIR",
        help_heading = "Cache"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_dir: Option<PathBuf>,

    /// Directory of compiled code, so that a second start compiles nothing [default: compiled/ in the cache directory]
    #[arg(
        long,
        env = "DARKROOM_COMPILED_DIR",
        value_name = "DIR",
        help_heading = "Cache"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_dir: Option<PathBuf>,

    /// Disk that renditions may take, counted as the file system does; 0 keeps none [default: 1GiB]
    #[arg(
        long,
        env = "DARKROOM_CACHE_BYTES",
        value_name = "SIZE",
        help_heading = "Cache"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_bytes: Option<ByteCount>,
}

impl Settings {
    /// `self` where it says something, `below` elsewhere.
    pub fn over(self, below: &Self) -> Result<Self, String> {
        let mut merged = table(below)?;
        merged.extend(table(&self)?);
        let config = self.config;
        let merged: Self = merged
            .try_into()
            .map_err(|error: toml::de::Error| error.message().to_owned())?;
        Ok(Self { config, ..merged })
    }
}

fn table(settings: &Settings) -> Result<toml::Table, String> {
    toml::Table::try_from(settings).map_err(|error| error.to_string())
}

//! Settings become a checked configuration: flags over environment over one TOML file. Every limit of
//! the server stands in `Config`, with its default and where the number came from. A setting that
//! cannot be is refused at start, by name.

pub mod secret;
pub mod settings;
pub mod units;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use request::operation::{Limits, Truncated};

use crate::config::secret::Secret;
use crate::config::settings::{LogFormat, Settings};
use crate::config::units::{ByteCount, Period};

/// imaginary listens everywhere; a signed origin that is being tried out has no reason to.
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// About 100 MB of connection state at worst.
const CONNECTIONS_DEFAULT: usize = 8192;
/// Under the 60 s after which CDNs give an origin up.
const REQUEST_TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);
/// imaginary's own.
const HTTP_READ_TIMEOUT_DEFAULT: Duration = Duration::from_mins(1);
/// Kubernetes' default grace period.
const DRAIN_TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);
/// A round trip around the world with two lost packets.
const ORIGIN_CONNECT_TIMEOUT_DEFAULT: Duration = Duration::from_secs(3);
/// Leaves two thirds of a request's time to the queue and the transform.
const ORIGIN_TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);
/// A 64 MP photograph at best quality is half of it.
const SOURCE_BYTES_DEFAULT: ByteCount = ByteCount::mib(64);
/// Today's 50 and 64 MP phone pictures fit; thumbor's limit too. Bombs start at 100.
const MEGAPIXELS_DEFAULT: f64 = 75.0;
/// WebP's largest side, rounded up to a power of two.
const OUTPUT_SIDE_DEFAULT: u32 = 16_384;
/// At 100 ms each on two workers, the last of them waits 3 s.
const QUEUE_DEFAULT: usize = 64;
/// 75 MP of RGB at full size and what is made of it.
const MEMORY_PER_TRANSFORM_DEFAULT: ByteCount = ByteCount::mib(512);
/// The component itself, its stack and its allocator's slack.
const MEMORY_PER_TRANSFORM_MIN: ByteCount = ByteCount::mib(32);
/// A sixteenth of an instance's memory is the component's own: stack, tables, allocator.
const COMPONENT_SHARE: u64 = 16;
/// 30,000 renditions of 30 KB.
const CACHE_BYTES_DEFAULT: ByteCount = ByteCount::mib(1024);
/// Below this a single large rendition empties the cache.
const CACHE_BYTES_MIN: ByteCount = ByteCount::mib(1);

/// A configuration that cannot be; the text begins with the setting's name.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting has a value that it may not have.
    #[error("--{setting}: {reason}")]
    Setting {
        /// The flag's name.
        setting: &'static str,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// The TOML file cannot be used.
    #[error("--config {}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong; names the setting and the line.
        reason: String,
    },
}

/// Who may ask.
#[derive(Debug, Clone)]
pub enum Signing {
    /// `key` or `id:key,id:key`.
    Keys(Secret),
    /// `--allow-unsigned`.
    Unsigned,
}

/// A checked configuration: every limit of the server, by name.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, by name, as the operator sets it"
)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// Connections held open at once.
    pub connections_max: usize,
    /// Time for queue, fetch and transform together.
    pub request_timeout: Duration,
    /// Time for the head of a request, and for each piece of an upload.
    pub http_read_timeout: Duration,
    /// Time for requests in flight after a stop was asked for.
    pub drain_timeout: Duration,
    /// What log lines look like.
    pub log_format: LogFormat,
    /// Who may ask.
    pub signing: Signing,
    /// Whether a signed URL must say when it ends.
    pub require_expiry: bool,
    /// Whether unknown parameters are refused.
    pub strict: bool,
    /// The directory of `file=`, links resolved.
    pub mount: Option<PathBuf>,
    /// Whether `url=` is a source.
    pub url_source: bool,
    /// Where `url=` may lead; empty: anywhere public.
    pub allowed_origins: Vec<String>,
    /// Whether addresses that are not public may be connected to.
    pub private_origins: bool,
    /// Time to connect to an origin.
    pub origin_connect_timeout: Duration,
    /// Time for an origin's whole answer.
    pub origin_timeout: Duration,
    /// Bytes of one source.
    pub source_bytes_max: u64,
    /// Width times height of a source.
    pub source_pixels_max: u64,
    /// Width times height of any picture made.
    pub output_pixels_max: u64,
    /// Longest side of an output, in pixels.
    pub output_side_max: u32,
    /// Whether a source without its tail is refused.
    pub fail_on_truncated: bool,
    /// Transforms at once.
    pub workers: usize,
    /// Misses that wait for a worker.
    pub queue_max: usize,
    /// Linear memory of one transform.
    pub memory_bytes_max: u64,
    /// Directory of everything that is kept.
    pub cache_dir: PathBuf,
    /// Directory of compiled code.
    pub compiled_dir: PathBuf,
    /// Disk that renditions may take; 0 keeps none.
    pub cache_bytes_max: u64,
}

impl Config {
    /// Read the file that `flags` name, lay `flags` (environment included) over it, and check all.
    pub fn load(flags: Settings) -> Result<Self, ConfigError> {
        let Some(path) = flags.config.clone() else {
            return Self::check(flags);
        };
        let refuse = |reason: String| ConfigError::File {
            path: path.clone(),
            reason,
        };
        let text = std::fs::read_to_string(&path).map_err(|error| refuse(error.to_string()))?;
        let file: Settings = toml::from_str(&text).map_err(|error| refuse(one_line(&error)))?;
        Self::check(flags.over(&file).map_err(refuse)?)
    }

    fn check(settings: Settings) -> Result<Self, ConfigError> {
        let cache_dir = settings.cache_dir.clone().unwrap_or_else(cache_dir_default);
        Ok(Self {
            listen: settings.listen.unwrap_or(LISTEN_DEFAULT),
            connections_max: at_least("connections", settings.connections, CONNECTIONS_DEFAULT, 1)?,
            request_timeout: time(
                "request-timeout",
                settings.request_timeout,
                REQUEST_TIMEOUT_DEFAULT,
            )?,
            http_read_timeout: time(
                "http-read-timeout",
                settings.http_read_timeout,
                HTTP_READ_TIMEOUT_DEFAULT,
            )?,
            drain_timeout: settings
                .drain_timeout
                .map_or(DRAIN_TIMEOUT_DEFAULT, |period| period.0),
            log_format: settings.log_format.unwrap_or(LogFormat::Text),
            signing: signing(&settings)?,
            require_expiry: settings.require_expiry.unwrap_or(false),
            strict: settings.strict.unwrap_or(false),
            mount: mount(settings.mount)?,
            url_source: settings.enable_url_source.unwrap_or(false),
            allowed_origins: settings.allowed_origins.unwrap_or_default(),
            private_origins: settings.allow_private_origins.unwrap_or(false),
            origin_connect_timeout: time(
                "origin-connect-timeout",
                settings.origin_connect_timeout,
                ORIGIN_CONNECT_TIMEOUT_DEFAULT,
            )?,
            origin_timeout: time(
                "origin-timeout",
                settings.origin_timeout,
                ORIGIN_TIMEOUT_DEFAULT,
            )?,
            source_bytes_max: source_bytes_max(settings.max_allowed_size),
            source_pixels_max: pixels("max-allowed-resolution", settings.max_allowed_resolution)?,
            output_pixels_max: pixels("max-output-resolution", settings.max_output_resolution)?,
            output_side_max: at_least(
                "max-output-side",
                settings.max_output_side,
                OUTPUT_SIDE_DEFAULT,
                1,
            )?,
            fail_on_truncated: settings.fail_on_truncated.unwrap_or(false),
            workers: at_least("workers", settings.workers, cpus(), 1)?,
            queue_max: settings.queue.unwrap_or(QUEUE_DEFAULT),
            memory_bytes_max: at_least(
                "memory-per-transform",
                settings.memory_per_transform,
                MEMORY_PER_TRANSFORM_DEFAULT,
                MEMORY_PER_TRANSFORM_MIN,
            )?
            .0,
            compiled_dir: settings
                .compiled_dir
                .unwrap_or_else(|| cache_dir.join("compiled")),
            cache_dir,
            cache_bytes_max: cache_bytes_max(settings.cache_bytes)?,
        })
    }

    /// What the component is told. What it plans to use must leave room for the component itself.
    pub fn limits(&self) -> Limits {
        Limits {
            source_pixels_max: self.source_pixels_max,
            output_pixels_max: self.output_pixels_max,
            output_side_max: self.output_side_max,
            memory_bytes_max: self.memory_bytes_max - self.memory_bytes_max / COMPONENT_SHARE,
            truncated: if self.fail_on_truncated {
                Truncated::Refuse
            } else {
                Truncated::Render
            },
        }
    }
}

fn refuse(setting: &'static str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Setting {
        setting,
        reason: reason.into(),
    }
}

/// TOML errors come with a drawing of the place; a log wants one line.
fn one_line(error: &toml::de::Error) -> String {
    error
        .to_string()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn at_least<T>(
    setting: &'static str,
    value: Option<T>,
    default: T,
    least: T,
) -> Result<T, ConfigError>
where
    T: Ord + Copy + std::fmt::Display,
{
    let value = value.unwrap_or(default);
    if value < least {
        return Err(refuse(
            setting,
            format!("{value} is too little; at least {least}"),
        ));
    }
    Ok(value)
}

fn time(
    setting: &'static str,
    value: Option<Period>,
    default: Duration,
) -> Result<Duration, ConfigError> {
    at_least(
        setting,
        value,
        Period(default),
        Period(Duration::from_millis(1)),
    )
    .map(|period| period.0)
}

fn pixels(setting: &'static str, megapixels: Option<f64>) -> Result<u64, ConfigError> {
    let megapixels = megapixels.unwrap_or(MEGAPIXELS_DEFAULT);
    // The upper end is 65535 x 65535, the largest picture that JPEG can say.
    if !(0.000_001..=4_294.836_225).contains(&megapixels) {
        return Err(refuse(
            setting,
            format!("{megapixels} is not between 0.000001 and 4294.8 megapixels"),
        ));
    }
    Ok((megapixels * 1e6).round() as u64)
}

/// imaginary's 0 means "off"; here it means the default, since nothing is unlimited.
fn source_bytes_max(size: Option<ByteCount>) -> u64 {
    size.filter(|size| size.0 > 0)
        .unwrap_or(SOURCE_BYTES_DEFAULT)
        .0
}

fn cache_bytes_max(size: Option<ByteCount>) -> Result<u64, ConfigError> {
    match size {
        Some(ByteCount(0)) => Ok(0),
        size => {
            at_least("cache-bytes", size, CACHE_BYTES_DEFAULT, CACHE_BYTES_MIN).map(|size| size.0)
        }
    }
}

fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn cache_dir_default() -> PathBuf {
    let home = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    home("XDG_CACHE_HOME")
        .or_else(|| home("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(|| PathBuf::from("/var/cache"))
        .join("darkroom")
}

fn mount(directory: Option<PathBuf>) -> Result<Option<PathBuf>, ConfigError> {
    let Some(directory) = directory else {
        return Ok(None);
    };
    let real = directory
        .canonicalize()
        .map_err(|error| refuse("mount", format!("{}: {error}", directory.display())))?;
    if !real.is_dir() {
        return Err(refuse(
            "mount",
            format!("{} is not a directory", directory.display()),
        ));
    }
    if real == Path::new("/") {
        return Err(refuse(
            "mount",
            "the root directory would open every file; name a directory of pictures",
        ));
    }
    Ok(Some(real))
}

fn signing(settings: &Settings) -> Result<Signing, ConfigError> {
    let unsigned = settings.allow_unsigned.unwrap_or(false);
    match (
        &settings.url_signature_key,
        &settings.url_signature_key_file,
        unsigned,
    ) {
        (Some(_), Some(_), _) => Err(refuse(
            "url-signature-key-file",
            "not together with --url-signature-key",
        )),
        (_, Some(_), true) | (Some(_), _, true) => Err(refuse(
            "allow-unsigned",
            "not together with a key: either URLs are signed or they are not",
        )),
        (Some(key), None, false) => Ok(Signing::Keys(key.clone())),
        (None, Some(path), false) => Ok(Signing::Keys(Secret::from(read_key_file(path)?))),
        (None, None, true) => Ok(Signing::Unsigned),
        (None, None, false) => Err(refuse(
            "url-signature-key",
            "missing. Give a key of at least 32 bytes (this flag, DARKROOM_URL_SIGNATURE_KEY or \
             --url-signature-key-file), or --allow-unsigned to answer anybody",
        )),
    }
}

/// The keys in a file, one a line: that reads better there, and line ends are no part of a key.
pub fn read_key_file(path: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        refuse(
            "url-signature-key-file",
            format!("{}: {error}", path.display()),
        )
    })?;
    let keys: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    Ok(keys.join(","))
}

#[cfg(test)]
mod tests;

//! Where pictures come from: the mount, and other servers.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use http::HeaderValue;

use super::ConfigError;
use super::check::{refuse, time};
use super::secret::Secret;
use super::units::Period;
use crate::origins::{self, Authorization, Bucket, Network};

/// A round trip around the world with two lost packets.
const ORIGIN_CONNECT_TIMEOUT_DEFAULT: Duration = Duration::from_secs(3);
/// RFC 1035, 4.2.
const DNS_PORT: u16 = 53;
/// Leaves two thirds of a request's time to the queue and the transform.
const ORIGIN_TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Sources")]
pub struct Settings {
    /// Directory that `file=` names pictures in [default: none, `file=` is refused]
    #[arg(long, value_name = "DIR")]
    pub mount: Option<PathBuf>,

    /// Let `url=` name pictures on other servers
    #[arg(long)]
    pub enable_url_source: Option<bool>,

    /// Origins that `url=` may name: `https://host/path`, `https://*.host` [default: any public one]
    #[arg(long, value_name = "ORIGIN,…", value_delimiter = ',')]
    pub allowed_origins: Option<Vec<String>>,

    /// Buckets whose objects `url=` may name: `s3://bucket`, `gs://bucket/path`, `az://container`; credentials
    /// and endpoints come from `AWS_…`, `GOOGLE_…`, `AZURE_…` [default: none]
    #[arg(long, value_name = "BUCKET,…", value_delimiter = ',')]
    pub source_buckets: Option<Vec<String>>,

    /// Let `url=` reach private, loopback and link-local addresses
    #[arg(long)]
    pub allow_private_origins: Option<bool>,

    /// Networks that `url=` may reach although they are not public: `10.1.0.0/16,fd00::/8` [default: none]
    #[arg(long, value_name = "NETWORK,…", value_delimiter = ',')]
    pub allowed_networks: Option<Vec<String>>,

    /// Name server to ask for the hosts of `url=`, in place of the system's, without its hosts file
    /// [default: the system's; port 53]
    #[arg(long, value_name = "ADDR[:PORT]")]
    pub resolver: Option<String>,

    /// Headers of a client that origins see; only those that --allowed-origins names, and never across
    /// a redirect to another host [default: none]
    #[arg(long, value_name = "HEADER,…", value_delimiter = ',')]
    pub forward_headers: Option<Vec<String>>,

    /// Let origins see the client's `X-Forward-Authorization`, or else its `Authorization`; only those
    /// that --allowed-origins names
    #[arg(long)]
    pub enable_auth_forwarding: Option<bool>,

    /// `Authorization` that those origins see, whatever the client sent
    #[arg(
        long,
        value_name = "VALUE",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub authorization: Option<Secret>,

    /// Time to connect to an origin [default: 3s]
    #[arg(long, value_name = "TIME")]
    pub origin_connect_timeout: Option<Period>,

    /// Time for an origin's whole answer [default: 10s]
    #[arg(long, value_name = "TIME")]
    pub origin_timeout: Option<Period>,
}

/// Where pictures may come from.
#[derive(Debug, Clone)]
pub struct Config {
    /// The directory of `file=`, links resolved.
    pub mount: Option<PathBuf>,
    /// Whether `url=` is a source.
    pub url_source: bool,
    /// Where `url=` may lead; empty: anywhere public.
    pub allowed_origins: Vec<String>,
    /// Whose objects `url=` may name.
    pub buckets: Vec<Bucket>,
    /// Networks that may be connected to although they are not public.
    pub allowed_networks: Vec<Network>,
    /// Who is asked for names; `None`: the system.
    pub name_server: Option<SocketAddr>,
    /// Headers of a client that listed origins see.
    pub forward_headers: Vec<String>,
    /// The `Authorization` that listed origins see.
    pub authorization: Authorization,
    /// Time to connect to an origin.
    pub connect_timeout: Duration,
    /// Time for an origin's whole answer.
    pub timeout: Duration,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        Ok(Config {
            mount: mount(self.mount)?,
            url_source: self.enable_url_source.unwrap_or(false),
            allowed_origins: self.allowed_origins.unwrap_or_default(),
            buckets: buckets(&self.source_buckets.unwrap_or_default())?,
            allowed_networks: if self.allow_private_origins.unwrap_or(false) {
                Network::EVERYTHING.to_vec()
            } else {
                networks(&self.allowed_networks.unwrap_or_default())?
            },
            name_server: self.resolver.as_deref().map(name_server).transpose()?,
            authorization: authorization(
                self.authorization.as_ref(),
                self.enable_auth_forwarding
                    .unwrap_or(false)
                    .then_some(Authorization::Forwarded),
            )?,
            forward_headers: self
                .forward_headers
                .into_iter()
                .flatten()
                .filter(|name| !name.trim().is_empty())
                .collect(),
            connect_timeout: time(
                "origin-connect-timeout",
                self.origin_connect_timeout,
                ORIGIN_CONNECT_TIMEOUT_DEFAULT,
            )?,
            timeout: time(
                "origin-timeout",
                self.origin_timeout,
                ORIGIN_TIMEOUT_DEFAULT,
            )?,
        })
    }
}

fn buckets(entries: &[String]) -> Result<Vec<Bucket>, ConfigError> {
    let read = |entry: &String| entry.parse();
    let buckets: Result<_, _> = entries.iter().map(read).collect();
    buckets.map_err(|error: origins::ConfigError| refuse("source-buckets", error.to_string()))
}

fn networks(entries: &[String]) -> Result<Vec<Network>, ConfigError> {
    let read = |entry: &String| {
        let text = entry.trim();
        text.parse()
            .map_err(|error| refuse("allowed-networks", format!("{text}: {error}")))
    };
    entries.iter().map(read).collect()
}

/// An address, with its port or without.
fn name_server(text: &str) -> Result<SocketAddr, ConfigError> {
    let alone = || {
        text.parse::<IpAddr>()
            .map(|address| (address, DNS_PORT).into())
    };
    text.parse().or_else(|_| alone()).map_err(|_| {
        refuse(
            "resolver",
            format!("{text}: not an address such as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53"),
        )
    })
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

/// The constant wins, as in imaginary.
fn authorization(
    constant: Option<&Secret>,
    otherwise: Option<Authorization>,
) -> Result<Authorization, ConfigError> {
    let Some(constant) = constant else {
        return Ok(otherwise.unwrap_or_default());
    };
    let mut value = HeaderValue::from_str(constant.reveal())
        .map_err(|_| refuse("authorization", "has a character that no header can have"))?;
    value.set_sensitive(true);
    Ok(Authorization::Constant(value))
}

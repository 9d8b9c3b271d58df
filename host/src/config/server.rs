//! The server itself: where it listens, how many it talks to, how long it waits, what it logs.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::ConfigError;
use super::check::{at_least, time};
use super::units::Period;

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

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Server")]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,

    /// Connections held open at once; more wait in the kernel's backlog [default: 8192]
    #[arg(long, value_name = "N")]
    pub connections: Option<usize>,

    /// Time for one request: queue, fetch and transform together [default: 30s]
    #[arg(long, value_name = "TIME")]
    pub request_timeout: Option<Period>,

    /// Time for a client to send the head of a request, and each part of an upload [default: 60s]
    #[arg(long, value_name = "TIME")]
    pub http_read_timeout: Option<Period>,

    /// Time for requests in flight to finish after SIGTERM [default: 30s]
    #[arg(long, value_name = "TIME")]
    pub drain_timeout: Option<Period>,

    /// What log lines look like [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// Where, how many, how long.
#[derive(Debug, Clone)]
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
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        Ok(Config {
            listen: self.listen.unwrap_or(LISTEN_DEFAULT),
            connections_max: at_least(
                "connections",
                self.connections.unwrap_or(CONNECTIONS_DEFAULT),
                1,
            )?,
            request_timeout: time(
                "request-timeout",
                self.request_timeout,
                REQUEST_TIMEOUT_DEFAULT,
            )?,
            http_read_timeout: time(
                "http-read-timeout",
                self.http_read_timeout,
                HTTP_READ_TIMEOUT_DEFAULT,
            )?,
            drain_timeout: self
                .drain_timeout
                .map_or(DRAIN_TIMEOUT_DEFAULT, |period| period.0),
            log_format: self.log_format.unwrap_or(LogFormat::Text),
        })
    }
}

//! The server itself: where it listens, how many it talks to, how long it waits, what it logs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::ConfigError;
use super::check::{at_least, refuse, time};
use super::units::Period;

/// imaginary listens everywhere; a signed origin that is being tried out has no reason to.
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// imaginary's own, where it is told what to do in imaginary's way.
const PORT_DEFAULT: u16 = 8088;
/// As above.
const ADDRESS_DEFAULT: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
/// About 100 MB of connection state at worst.
const CONNECTIONS_DEFAULT: usize = 8192;
/// Under the 60 s after which CDNs give an origin up.
const REQUEST_TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);
/// imaginary's own.
const HTTP_TIMEOUT_DEFAULT: Duration = Duration::from_mins(1);
/// Kubernetes' default grace period.
const DRAIN_TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);
/// More threads than any machine has use for.
const CPUS_MAX: usize = 1024;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// How much is logged, in imaginary's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum LogLevel {
    /// Answers of 500 and above, and what made them.
    Error,
    /// Answers of 400 and above, too.
    #[value(alias = "warn")]
    Warning,
    /// Every answer.
    Info,
    /// And every reason.
    Debug,
}

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Server")]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,

    /// The address alone, in imaginary's way; goes over --listen's [default with -p or PORT: 0.0.0.0]
    #[arg(short = 'a', value_name = "ADDR")]
    pub address: Option<String>,

    /// The port alone, in imaginary's way; goes over --listen's. Where there is no --listen, the
    /// variable PORT goes over it [default with -a: 8088]
    #[arg(short = 'p', value_name = "PORT")]
    pub port: Option<u16>,

    /// Connections held open at once; more wait in the kernel's backlog [default: 8192]
    #[arg(long, value_name = "N")]
    pub connections: Option<usize>,

    /// CPUs to use: threads of the server, and the default of --workers [default: those that this process may use]
    #[arg(long, value_name = "N")]
    pub cpus: Option<usize>,

    /// Time for one request: queue, fetch and transform together [default: 30s]
    #[arg(long, value_name = "TIME")]
    pub request_timeout: Option<Period>,

    /// Time for a client to send the head of a request, and each part of an upload [default: 60s]
    #[arg(long, value_name = "TIME")]
    pub http_read_timeout: Option<Period>,

    /// Time for a client to take an answer; one that reads more slowly is dropped [default: 60s]
    #[arg(long, value_name = "TIME")]
    pub http_write_timeout: Option<Period>,

    /// Time for requests in flight to finish after SIGTERM [default: 30s]
    #[arg(long, value_name = "TIME")]
    pub drain_timeout: Option<Period>,

    /// What log lines look like [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// One line for every answer of this weight: info is all, warning from 400 on, error from 500 on;
    /// `GOLANG_LOG` goes over it. `DARKROOM_LOG` takes a filter of the server's own events instead
    /// [default: no line for an answer, and the events of info]
    #[arg(long, value_name = "LEVEL")]
    pub log_level: Option<LogLevel>,
}

/// Where, how many, how long.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// Connections held open at once.
    pub connections_max: usize,
    /// Threads of the server.
    pub cpus: usize,
    /// Time for queue, fetch and transform together.
    pub request_timeout: Duration,
    /// Time for the head of a request, and for each piece of an upload.
    pub http_read_timeout: Duration,
    /// Time for a client to take an answer.
    pub http_write_timeout: Duration,
    /// Time for requests in flight after a stop was asked for.
    pub drain_timeout: Duration,
    /// What log lines look like.
    pub log_format: LogFormat,
    /// What of answers is logged; `None` is nothing.
    pub log_level: Option<LogLevel>,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        Ok(Config {
            listen: self.address()?,
            connections_max: at_least(
                "connections",
                self.connections.unwrap_or(CONNECTIONS_DEFAULT),
                1,
            )?,
            cpus: cpus(self.cpus)?,
            request_timeout: time(
                "request-timeout",
                self.request_timeout,
                REQUEST_TIMEOUT_DEFAULT,
            )?,
            http_read_timeout: time(
                "http-read-timeout",
                self.http_read_timeout,
                HTTP_TIMEOUT_DEFAULT,
            )?,
            http_write_timeout: time(
                "http-write-timeout",
                self.http_write_timeout,
                HTTP_TIMEOUT_DEFAULT,
            )?,
            drain_timeout: self
                .drain_timeout
                .map_or(DRAIN_TIMEOUT_DEFAULT, |period| period.0),
            log_format: self.log_format.unwrap_or(LogFormat::Text),
            log_level: self.log_level,
        })
    }

    /// `-a` and `-p` are the two halves of `--listen`.
    fn address(&self) -> Result<SocketAddr, ConfigError> {
        let imaginarys = self.address.is_some() || self.port.is_some();
        let mut listen = match self.listen {
            Some(listen) => listen,
            None if imaginarys => SocketAddr::new(ADDRESS_DEFAULT, PORT_DEFAULT),
            None => LISTEN_DEFAULT,
        };
        match self.address.as_deref() {
            None => {}
            Some("") => listen.set_ip(ADDRESS_DEFAULT),
            Some("localhost") => listen.set_ip(LISTEN_DEFAULT.ip()),
            Some(text) => {
                let address = text.parse().map_err(|_| {
                    refuse("a", format!("`{text}` is no IP address; 0.0.0.0 is one"))
                })?;
                listen.set_ip(address);
            }
        }
        if let Some(port) = self.port {
            listen.set_port(port);
        }
        Ok(listen)
    }
}

fn cpus(said: Option<usize>) -> Result<usize, ConfigError> {
    match said {
        // imaginary's 0 leaves the choice to the runtime.
        None | Some(0) => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        Some(cpus) if cpus <= CPUS_MAX => Ok(cpus),
        Some(cpus) => Err(refuse(
            "cpus",
            format!("{cpus} is too many; at most {CPUS_MAX}"),
        )),
    }
}

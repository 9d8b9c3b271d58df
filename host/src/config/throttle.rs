//! How many requests a second are let in.

use std::num::NonZeroU32;

use clap::Args;

use super::ConfigError;
use super::check::refuse;

/// imaginary's own.
const BURST_DEFAULT: u32 = 100;
/// So that a burst and one more is still a number.
const BURST_MAX: u32 = 1_000_000;
/// More proxies than anybody has in a row.
const TRUSTED_HOPS_MAX: usize = 16;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Throttle")]
pub struct Settings {
    /// Requests per second, for each endpoint and method; more are answered 429. How many run at once
    /// is --workers [default: 0, no throttle]
    #[arg(long, value_name = "N")]
    pub concurrency: Option<u32>,

    /// Requests beyond that which may come at once [default: 100]
    #[arg(long, value_name = "N")]
    pub burst: Option<u32>,

    /// Throttle each client address (each /64 of IPv6) on its own, all endpoints together
    #[arg(long)]
    pub throttle_clients: Option<bool>,

    /// Proxies in front whose X-Forwarded-For is believed: 1 takes the last address in it for the client's [default: 0]
    #[arg(long, value_name = "N")]
    pub trusted_hops: Option<usize>,
}

/// How many, of whom.
#[derive(Debug, Clone)]
pub struct Config {
    /// The rate; `None` lets everything in.
    pub rate: Option<Rate>,
    /// Proxies in front.
    pub trusted_hops: usize,
}

/// A rate of requests.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests per second.
    pub per_second: NonZeroU32,
    /// Requests at once, on top of one.
    pub burst: u32,
    /// Whose requests are counted together.
    pub scope: Scope,
}

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's, for each endpoint and method.
    Endpoint,
    /// Each client's.
    Client,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        let burst = self.burst.unwrap_or(BURST_DEFAULT);
        if burst > BURST_MAX {
            return Err(refuse(
                "burst",
                format!("{burst} is too many; at most {BURST_MAX}"),
            ));
        }
        let trusted_hops = self.trusted_hops.unwrap_or(0);
        if trusted_hops > TRUSTED_HOPS_MAX {
            return Err(refuse(
                "trusted-hops",
                format!("{trusted_hops} is too many; at most {TRUSTED_HOPS_MAX}"),
            ));
        }
        let scope = if self.throttle_clients.unwrap_or(false) {
            Scope::Client
        } else {
            Scope::Endpoint
        };
        let per_second = NonZeroU32::new(self.concurrency.unwrap_or(0));
        if per_second.is_none() && scope == Scope::Client {
            return Err(refuse(
                "throttle-clients",
                "says whom to throttle; --concurrency must say to how many requests per second",
            ));
        }
        let rate = per_second.map(|per_second| Rate {
            per_second,
            burst,
            scope,
        });
        Ok(Config { rate, trusted_hops })
    }
}

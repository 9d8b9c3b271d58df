//! `darkroom cache`: what is kept, as JSON on standard output; purges; checks. With `--admin` a running
//! server is asked, without it the directory is opened, which no server may be using.

mod directory;
mod remote;

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use serde_json::Value;

use crate::commands::Failure;
use crate::config::secret::Secret;

/// What `--help` ends with.
pub(super) const HELP: &str = "\
Examples:
  darkroom cache stats --admin http://127.0.0.1:9090
  darkroom cache purge --admin http://127.0.0.1:9090 --admin-token-file token --source coast.jpg
  darkroom cache purge --cache-dir /var/cache/darkroom --all     (while no server runs)
  darkroom cache verify --cache-dir /var/cache/darkroom";

/// What to do with the cache.
#[derive(Subcommand)]
pub enum Cache {
    /// Print entries, bytes and counters
    Stats(Where),
    /// Remove renditions for good, and print how many
    Purge {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        what: What,
    },
    /// Read and check every entry, remove damaged ones; exit code 1 if there were any
    Verify(Where),
}

/// Which cache.
#[derive(Args)]
pub struct Where {
    /// A running server's admin listener: `http://127.0.0.1:9090`
    #[arg(long, env = "DARKROOM_ADMIN", value_name = "URL")]
    admin: Option<String>,

    /// The admin listener's token
    #[arg(
        long,
        env = "DARKROOM_ADMIN_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    admin_token: Option<Secret>,

    /// File that holds the token
    #[arg(
        long,
        env = "DARKROOM_ADMIN_TOKEN_FILE",
        value_name = "FILE",
        conflicts_with = "admin_token"
    )]
    admin_token_file: Option<PathBuf>,

    /// The cache directory of a server that does not run; with --admin it is not looked at, since pods have it
    /// in their environment [default: as for `serve`]
    #[arg(long, env = "DARKROOM_CACHE_DIR", value_name = "DIR")]
    cache_dir: Option<PathBuf>,
}

/// What to remove.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct What {
    /// Every rendition of one original: a name in the mount, or a URL
    #[arg(long, value_name = "NAME-OR-URL")]
    source: Option<String>,

    /// The renditions of one URL, path and query, signed or not (needs --admin)
    #[arg(long, value_name = "PATH?QUERY")]
    url: Option<String>,

    /// Everything
    #[arg(long)]
    all: bool,
}

/// Do it, and print the outcome.
pub(super) fn run(what: &Cache) -> Result<(), Failure> {
    let (place, outcome) = match what {
        Cache::Stats(place) => match remote::Server::of(place)? {
            Some(server) => (place, server.stats()?),
            None => (place, directory::stats(place)?),
        },
        Cache::Purge { place, what } => match remote::Server::of(place)? {
            Some(server) => (place, server.purge(what)?),
            None => (place, directory::purge(place, what)?),
        },
        Cache::Verify(place) => match remote::Server::of(place)? {
            Some(server) => (place, server.verify()?),
            None => (place, directory::verify(place)?),
        },
    };
    print(&outcome)?;
    let bad = |name: &str| outcome[name].as_u64().unwrap_or(0);
    if matches!(what, Cache::Verify(_)) && bad("damaged") + bad("unreadable") > 0 {
        return Err(anyhow!("{}: not every entry was whole", place.name()).into());
    }
    Ok(())
}

impl Where {
    fn name(&self) -> String {
        self.admin
            .clone()
            .unwrap_or_else(|| directory::of(self).display().to_string())
    }
}

fn print(outcome: &Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(outcome)?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

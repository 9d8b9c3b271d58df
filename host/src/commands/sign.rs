//! `darkroom sign`: a URL path comes in, the same path with its signature goes out on one line.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow};
use clap::Args;
use request::signature::{Keyring, SignOptions};

use crate::commands::Failure;
use crate::config::secret::Secret;
use crate::config::units::Period;

/// What to sign, and with what.
#[derive(Args)]
#[command(after_help = "Example:\n  darkroom sign --key-file key '/resize?width=400&file=a.jpg'")]
pub struct Arguments {
    /// Path and query of the URL: /resize?width=400&file=a.jpg
    #[arg(value_name = "PATH?QUERY")]
    target: String,

    /// The key, at least 32 bytes; or several, as `serve` takes them
    #[arg(
        long,
        env = "DARKROOM_URL_SIGNATURE_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    key: Option<Secret>,

    /// File that holds the key
    #[arg(
        long,
        env = "DARKROOM_URL_SIGNATURE_KEY_FILE",
        value_name = "FILE",
        conflicts_with = "key"
    )]
    key_file: Option<PathBuf>,

    /// Which of several keys signs; its id goes into the URL as `kid=`
    #[arg(long, value_name = "ID")]
    kid: Option<String>,

    /// Unix time at which the URL stops working
    #[arg(long, value_name = "SECONDS", conflicts_with = "expires_in")]
    expires: Option<u64>,

    /// Time for which the URL works: 30m, 7d
    #[arg(long, value_name = "TIME")]
    expires_in: Option<Period>,
}

/// Print the signed path.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let keyring = Keyring::parse(&keys(arguments)?)
        .map_err(|error| Failure::usage(anyhow!("--key: {error}")))?;
    let options = SignOptions {
        expires: expires(arguments),
        kid: arguments.kid.clone(),
    };
    let signed = keyring
        .sign(&arguments.target, &options)
        .map_err(Failure::usage)?;
    writeln!(std::io::stdout(), "{signed}")?;
    Ok(())
}

fn keys(arguments: &Arguments) -> Result<String, Failure> {
    match (&arguments.key, &arguments.key_file) {
        (Some(key), _) => Ok(key.reveal().to_owned()),
        (None, Some(path)) => crate::config::signing::read_key_file(path).map_err(Failure::usage),
        (None, None) => Err(Failure::usage(anyhow!(
            "no key: give --key, --key-file or DARKROOM_URL_SIGNATURE_KEY"
        ))),
    }
}

fn expires(arguments: &Arguments) -> Option<u64> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is before 1970")
        .ok()?;
    arguments
        .expires
        .or_else(|| Some((now + arguments.expires_in?.0).as_secs()))
}

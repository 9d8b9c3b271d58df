//! `darkroom sign`: URL paths come in, as arguments or as lines, and the same paths with their signatures
//! go out, one a line.

use std::io::{BufRead, Write as _};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow};
use clap::Args;
use request::limits::TARGET_BYTES_MAX;
use request::signature::{Keyring, SignOptions};

use crate::commands::Failure;
use crate::config::secret::Secret;
use crate::config::units::Period;

/// What to sign, and with what.
#[derive(Args)]
#[command(after_help = "\
Examples:
  darkroom sign --key-file key '/resize?width=400&file=a.jpg'
  darkroom sign --key-file key --expires-in 7d --kid 2026 '/crop?width=300&height=300&file=a.jpg'
  darkroom sign --key-file key - < paths

A path is signed with its path prefix, if the server has one. Keys and kid= have to be among those that
the server was given; the first key signs unless --kid names another.")]
pub struct Arguments {
    /// Path and query of a URL: /resize?width=400&file=a.jpg; - reads one a line from standard input
    #[arg(value_name = "PATH?QUERY", required = true)]
    targets: Vec<String>,

    /// The key, at least 32 bytes; or several, as `serve` takes them
    #[arg(
        long,
        env = "DARKROOM_URL_SIGNATURE_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    key: Option<Secret>,

    /// File that holds the key, or several, one a line; goes over --key
    #[arg(long, env = "DARKROOM_URL_SIGNATURE_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Which of several keys signs; its id goes into the URL as `kid=`
    #[arg(long, value_name = "ID")]
    kid: Option<String>,

    /// Unix time from which on the URL is refused with 410
    #[arg(
        long,
        alias = "expires",
        value_name = "SECONDS",
        conflicts_with = "expires_in"
    )]
    expires_at: Option<u64>,

    /// Time for which the URL works: 30m, 7d
    #[arg(long, value_name = "TIME")]
    expires_in: Option<Period>,
}

/// Print the signed paths. The first that cannot be signed ends it.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let keyring = Keyring::parse(&keys(arguments)?)
        .map_err(|error| Failure::usage(anyhow!("--key: {error}")))?;
    let options = SignOptions {
        expires: expires(arguments)?,
        kid: arguments.kid.clone(),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut sign = |target: &str| -> Result<(), Failure> {
        let signed = keyring
            .sign(target, &options)
            .map_err(|error| Failure::usage(anyhow!("{target}: {error}")))?;
        writeln!(out, "{signed}")?;
        Ok(())
    };
    for target in &arguments.targets {
        if target == "-" {
            each_line(std::io::stdin().lock(), &mut sign)?;
        } else {
            sign(target)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Lines of any number, none of them longer than a URL may be. Empty ones are passed over.
fn each_line(
    mut from: impl BufRead,
    work: &mut impl FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let longest = TARGET_BYTES_MAX as u64 + 2;
        let read = std::io::Read::take(&mut from, longest)
            .read_until(b'\n', &mut line)
            .context("standard input")?;
        if read == 0 {
            return Ok(());
        }
        let text = std::str::from_utf8(&line)
            .map_err(|_| Failure::usage(anyhow!("standard input: a line that is no UTF-8")))?;
        if !text.ends_with('\n') && read as u64 == longest {
            return Err(Failure::usage(anyhow!(
                "standard input: a line of more than the {TARGET_BYTES_MAX} bytes that a URL may have"
            )));
        }
        match text.trim() {
            "" => {}
            target => work(target)?,
        }
    }
}

fn keys(arguments: &Arguments) -> Result<String, Failure> {
    match (&arguments.key_file, &arguments.key) {
        (Some(path), _) => crate::config::signing::read_key_file(path).map_err(Failure::usage),
        (None, Some(key)) => Ok(key.reveal().to_owned()),
        (None, None) => Err(Failure::usage(anyhow!(
            "no key: give --key, --key-file or DARKROOM_URL_SIGNATURE_KEY"
        ))),
    }
}

fn expires(arguments: &Arguments) -> Result<Option<u64>, Failure> {
    let Some(life) = arguments.expires_in else {
        return Ok(arguments.expires_at);
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is before 1970")?;
    let end = now
        .checked_add(life.0)
        .ok_or_else(|| Failure::usage(anyhow!("--expires-in: {life} is beyond all time")))?;
    Ok(Some(end.as_secs()))
}

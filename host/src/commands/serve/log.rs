//! Where log lines go, which of them, and what they look like.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::server::{Config, LogFormat, LogLevel};

/// The variable that holds a filter of one's own, and goes over everything else.
const FILTER: &str = "DARKROOM_LOG";

/// What is said of the collector of traces is said once, in our own words.
const QUIET: &str = "opentelemetry=off";

/// Begin. Once a process.
pub(super) fn start(config: &Config) {
    let level = match config.log_level {
        Some(LogLevel::Error) => "error",
        Some(LogLevel::Warning) => "warn",
        Some(LogLevel::Debug) => "debug",
        Some(LogLevel::Info) | None => "info",
    };
    let filter = EnvFilter::try_from_env(FILTER)
        .unwrap_or_else(|_| EnvFilter::new(format!("{level},{QUIET}")));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

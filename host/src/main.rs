//! The binary `darkroom`: words on the command line become one of its commands. Exit codes: 0 done,
//! 1 failed, 2 wrong configuration or usage.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use host::commands::{Command, run};

/// An image origin: signed URLs in, finished renditions out, every picture developed in a sandbox.
#[derive(Parser)]
#[command(
    name = "darkroom",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse_from(std::env::args_os().map(two_dashes));
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("darkroom: {:#}", failure.error);
            ExitCode::from(failure.code)
        }
    }
}

/// imaginary's flags have one dash (`-mount DIR`), as Go programs do; long names get their second.
fn two_dashes(word: OsString) -> OsString {
    match word.to_str() {
        Some(text)
            if text.len() > 2
                && text.starts_with('-')
                && text.as_bytes()[1].is_ascii_lowercase() =>
        {
            format!("-{text}").into()
        }
        _ => word,
    }
}

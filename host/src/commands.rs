//! What `darkroom` can be told to do; one file a command.

mod cache;
mod compile;
mod publish;
mod serve;
mod sign;
mod transform;

use std::ffi::OsString;

use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{file, settings};

/// An image origin: signed URLs in, finished renditions out, every picture developed in a sandbox.
#[derive(Parser)]
#[command(
    name = "darkroom",
    version,
    propagate_version = true,
    disable_version_flag = true,
    arg_required_else_help = true
)]
struct Program {
    /// Print the version
    #[arg(short = 'v', long, visible_short_alias = 'V', global = true, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Answer signed image URLs over HTTP
    #[command(after_help = serve::HELP)]
    Serve(Box<settings::Settings>),
    /// Look at the cache, purge it, check it: of a running server, or a directory that nobody uses
    #[command(subcommand, after_help = cache::HELP)]
    Cache(cache::Cache),
    /// Make the transformer machine code ahead of a server's first start, while an image is built
    Compile(compile::Arguments),
    /// Print a URL path with its signature
    Sign(sign::Arguments),
    /// Push a component to a registry, for --transformer oci://…
    Publish(publish::Arguments),
    /// Transform a local file, in the same sandbox as the server's
    Transform(transform::Arguments),
}

/// A command that did not do what it was told.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub error: anyhow::Error,
    /// The process's exit code: 1 for failed work, 2 for wrong usage or configuration.
    pub code: u8,
}

impl Failure {
    fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            error: error.into(),
            code: 2,
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            code: 1,
        }
    }
}

/// The command that these words say. Help, version and wrong usage are printed, and end the process.
pub fn read(words: Vec<OsString>) -> Result<Command, Failure> {
    let program = Program::command().mut_subcommand("serve", settings::complete);
    let words = file::add(&program, "serve", words).map_err(Failure::usage)?;
    let said = program.get_matches_from(words);
    let program = Program::from_arg_matches(&said).map_err(Failure::usage)?;
    Ok(program.command)
}

/// Do what was said.
pub fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(settings) => serve::run(*settings),
        Command::Cache(what) => cache::run(&what),
        Command::Compile(arguments) => compile::run(arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Publish(arguments) => publish::run(&arguments),
        Command::Transform(arguments) => transform::run(&arguments),
    }
}

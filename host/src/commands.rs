//! What `darkroom` can be told to do; one file a command.

mod serve;
mod sign;
mod transform;

use clap::Subcommand;

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Answer signed image URLs over HTTP
    #[command(after_help = serve::HELP)]
    Serve(Box<crate::config::settings::Settings>),
    /// Print a URL path with its signature
    Sign(sign::Arguments),
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

/// Do what was said.
pub fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(settings) => serve::run(*settings),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Transform(arguments) => transform::run(&arguments),
    }
}

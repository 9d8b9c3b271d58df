//! `wasmtime serve`: its own command, without building all of wasmtime's.

use clap::Parser;
use wasmtime_cli::commands::ServeCommand;

fn main() -> wasmtime::Result<()> {
    ServeCommand::parse().execute()
}

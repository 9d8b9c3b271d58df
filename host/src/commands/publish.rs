//! `darkroom publish`: a component into a registry, so that servers can pull it by its digest.
#![expect(clippy::print_stdout, reason = "a command says what it did")]

use std::path::PathBuf;
use std::str::FromStr as _;

use anyhow::{Context as _, anyhow};
use clap::Args;
use oci_client::Reference;

use crate::commands::Failure;
use crate::config::secret::Secret;
use crate::config::transformer::Registry;
use crate::transformer;

/// Which component, and where to.
#[derive(Args)]
#[command(
    after_help = "Example:\n  darkroom publish transformer.wasm registry.example.com/darkroom/transformer:v2"
)]
pub struct Arguments {
    /// The component; without one, the transformer that is part of the program
    #[arg(value_name = "FILE", long)]
    file: Option<PathBuf>,

    /// Where it goes: registry/name:tag
    #[arg(value_name = "REF")]
    reference: String,

    /// Speak plain HTTP to a registry that is not on loopback
    #[arg(long)]
    insecure: bool,

    /// `user:password` for the registry
    #[arg(
        long,
        value_name = "USER:PASSWORD",
        env = "DARKROOM_TRANSFORMER_AUTH",
        hide_env_values = true
    )]
    auth: Option<Secret>,
}

/// Push it, and print what `--transformer` takes.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let said = arguments.reference.trim_start_matches("oci://");
    let reference =
        Reference::from_str(said).map_err(|error| Failure::usage(anyhow!("{said}: {error}")))?;
    let host = reference.resolve_registry();
    let insecure = if arguments.insecure {
        vec![host.to_owned()]
    } else {
        Vec::new()
    };
    let registry = Registry::new(host, &insecure, arguments.auth.clone())
        .map_err(|why| Failure::usage(anyhow!("--auth: {why}")))?;
    let component = match &arguments.file {
        Some(path) => std::fs::read(path).with_context(|| path.display().to_string())?,
        None => guest::COMPONENT.to_vec(),
    };
    let digest = transformer::publish(component, (&reference, &registry))
        .map_err(|error| anyhow!("{said}: {error}"))?;
    let name = format!("{}/{}", reference.registry(), reference.repository());
    println!("oci://{name}@{digest}");
    Ok(())
}

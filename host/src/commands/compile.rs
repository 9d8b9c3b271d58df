//! `darkroom compile`: the transformer as machine code, kept for the servers to come. A server that finds none
//! starts this as a process of its own: what the compiler held, some 150 MB, ends with it.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, anyhow, ensure};
use clap::Args;

use crate::commands::Failure;
use crate::config::units::ByteCount;
use crate::sandbox::{Sandbox, SandboxConfig};
use crate::transformer;

/// What is compiled, and where it goes.
#[derive(Args)]
#[command(
    after_help = "Example, while an image is built:\n  darkroom compile --compiled-dir /usr/lib/darkroom/compiled"
)]
pub struct Arguments {
    /// The component, - for standard input; without one, the transformer that is part of the program
    #[arg(value_name = "FILE", long)]
    file: Option<PathBuf>,

    /// Directory of compiled code, as the server's; of several the first that takes it
    #[arg(value_name = "DIR", long, required = true)]
    compiled_dir: Vec<PathBuf>,

    /// As the server's: where address space is short, the code depends on it [default: one for each CPU]
    #[arg(long, value_name = "N")]
    workers: Option<usize>,

    /// As the server's, for the same reason [default: 512MiB]
    #[arg(long, value_name = "SIZE")]
    memory_per_transform: Option<ByteCount>,
}

/// Compile, and keep.
pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let component = arguments.file.as_deref().map(transformer::read);
    let component = component.transpose().map_err(Failure::usage)?;
    let component = component.as_deref().unwrap_or(guest::COMPONENT);
    let default = SandboxConfig::default();
    let mut dirs = arguments.compiled_dir.into_iter();
    let config = SandboxConfig {
        workers: arguments.workers.unwrap_or(default.workers),
        memory_bytes_max: arguments
            .memory_per_transform
            .map_or(default.memory_bytes_max, |size| size.0),
        compiled_dir: dirs.next(),
        compiled_dir_spare: dirs.next(),
        ..default
    };
    let is_kept =
        Sandbox::compile(component, &config).context("the transformer is not compiled")?;
    if !is_kept {
        return Err(anyhow!("--compiled-dir: the code cannot be kept there").into());
    }
    Ok(())
}

/// Compile what no folder has, in a process of its own. Where that fails, the sandbox compiles when it starts.
pub(super) fn apart(component: &[u8], config: &SandboxConfig) {
    if !Sandbox::wants_compiling(component, config) {
        return;
    }
    let started = Instant::now();
    match start(config).and_then(|compiler| feed(compiler, component)) {
        Ok(()) => tracing::info!("compiled in {} ms", started.elapsed().as_millis()),
        Err(why) => tracing::warn!("no process of its own compiles the transformer: {why:#}"),
    }
}

fn start(config: &SandboxConfig) -> anyhow::Result<Child> {
    let mut compiler = Command::new(env::current_exe()?);
    compiler
        .args(["compile", "--file", "-"])
        .arg(format!("--workers={}", config.workers))
        .arg(format!(
            "--memory-per-transform={}",
            config.memory_bytes_max
        ));
    for dir in [&config.compiled_dir, &config.compiled_dir_spare] {
        compiler.args(
            dir.iter()
                .flat_map(|dir| ["--compiled-dir".as_ref(), dir.as_os_str()]),
        );
    }
    let compiler = compiler.stdin(Stdio::piped()).stdout(Stdio::null());
    Ok(compiler.spawn()?)
}

fn feed(mut compiler: Child, component: &[u8]) -> anyhow::Result<()> {
    let fed = compiler
        .stdin
        .take()
        .context("no standard input")?
        .write_all(component);
    // Waited for in any case: it leaves no process behind.
    let ended = compiler.wait()?;
    ensure!(ended.success(), "it ended with {ended}");
    Ok(fed?)
}

//! `darkroom transform`: a local file through the same component, in the same sandbox, as a request.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use clap::Args;
use request::dialect::{Method, Rules, Sources};
use request::image_request::ImageRequest;
use request::signature::Keyring;

use crate::commands::Failure;
use crate::config::Config;
use crate::config::settings::Settings;
use crate::error::Error;
use crate::origins::{Origins, OriginsConfig};
use crate::pipeline;
use crate::sandbox::{Sandbox, SandboxConfig};

/// Which file, where to, and what to do with it.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  darkroom transform photo.jpg small.webp '/resize?width=400&type=webp'\n  darkroom transform --mount . photo.jpg marked.jpg '/watermarkimage?image=logo.png'"
)]
pub struct Arguments {
    /// The picture; - reads standard input
    #[arg(value_name = "IN")]
    source: PathBuf,

    /// Where the rendition goes; - writes standard output
    #[arg(value_name = "OUT")]
    rendition: PathBuf,

    /// What to do, as a URL says it: /resize?width=400
    #[arg(value_name = "PATH?QUERY")]
    target: String,

    /// Directory that `image=` names overlays in [default: none, an overlay is refused]
    #[arg(long, value_name = "DIR")]
    mount: Option<PathBuf>,
}

/// Nobody waits at the other end, but a sandbox without a deadline is none.
const TRANSFORM_TIMEOUT: Duration = Duration::from_mins(5);

/// Transform one file.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // The defaults of a server, so that what works here works there.
    let mut settings = Settings::default();
    settings.signing.allow_unsigned = Some(true);
    settings.sources.mount.clone_from(&arguments.mount);
    let config = Config::check(settings).map_err(Failure::usage)?;
    let sources = Sources {
        file: config.sources.mount.is_some(),
        ..Sources::default()
    };
    let request = request(&arguments.target, sources)?;
    let source = read(&arguments.source)?;
    let origins = OriginsConfig {
        mount: config.sources.mount.clone(),
        source_bytes_max: config.limits.source_bytes_max,
        ..OriginsConfig::default()
    };
    let origins = Origins::new(&origins).map_err(Failure::usage)?;
    let sandbox = SandboxConfig {
        workers: 1,
        memory_bytes_max: config.sandbox.memory_bytes_max,
        compiled_dir: Some(config.cache.compiled_dir.clone()),
        ..SandboxConfig::default()
    };
    let sandbox = Sandbox::start(guest::COMPONENT, &sandbox).context("the sandbox cannot start")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let deadline = Instant::now() + TRANSFORM_TIMEOUT;
    let rendition = runtime
        .block_on(pipeline::transform_alone(
            (&sandbox, &origins),
            &config.limits(),
            (request, source.into()),
            deadline,
        ))
        .map_err(|error: Error| anyhow!(error.public_message()))?;
    write(&arguments.rendition, &rendition)?;
    Ok(())
}

/// What the URL asks for, of a source that comes like an upload.
fn request(target: &str, sources: Sources) -> Result<ImageRequest, Failure> {
    let signed = Keyring::unsigned()
        .verify(target, 0)
        .map_err(Failure::usage)?;
    let rules = Rules {
        sources,
        ..Rules::default()
    };
    rules
        .parse(&signed, Method::Post)
        .map_err(|error| Failure::usage(anyhow!("{target}: {error}")))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .context("standard input")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| path.display().to_string())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if path == Path::new("-") {
        return std::io::stdout()
            .write_all(bytes)
            .context("standard output");
    }
    std::fs::write(path, bytes).with_context(|| path.display().to_string())
}

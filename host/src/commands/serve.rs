//! `darkroom serve`: a checked configuration becomes a running server.

mod build;
mod misses;
mod log;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::net::TcpListener;

use crate::admin::{self, Admin};
use crate::commands::Failure;
use crate::config::Config;
use crate::config::settings::Settings;
use crate::metrics::METRICS;
use crate::pipeline::Pipeline;
use crate::server::{Ending, Threads};
use crate::traces;

/// What `--help` ends with.
pub(super) const HELP: &str = "\
Every setting is a flag, an environment variable (--cache-dir is DARKROOM_CACHE_DIR) or a line of the
TOML file that --config names (cache-dir = \"…\"); the first of these that says something wins. All of
imaginary's flags are taken, with one dash or two, and its variables PORT, URL_SIGNATURE_KEY and
GOLANG_LOG, which go over flags as they do there.

Examples:
  darkroom serve --mount ./pictures --url-signature-key-file key
  darkroom serve --enable-url-source --allowed-origins https://images.example.com --url-signature-key …
  darkroom serve -p 9000 -cors -mount ./pictures -enable-url-signature -url-signature-key …";

/// Where renditions are, below the cache directory.
pub(super) const RENDITIONS: &str = "renditions";
/// Below it: what is known of originals, and their bytes.
pub(super) const KNOWN: &str = "originals/known";
/// See there.
pub(super) const ORIGINALS: &str = "originals/bytes";

/// How long the end of the process waits for the collector of traces.
const TRACES_PATIENCE: Duration = Duration::from_secs(2);

/// Serve until a signal says stop.
pub(super) fn run(settings: Settings) -> Result<(), Failure> {
    let ignored: Vec<_> = settings.imaginary.without_effect().collect();
    let settings = settings
        .under_imaginarys_variables(|name| std::env::var(name).ok())
        .and_then(|settings| {
            settings.over_opentelemetrys_variables(|name| std::env::var(name).ok())
        })
        .map_err(Failure::usage)?;
    let config = Config::check(settings).map_err(Failure::usage)?;
    log::start(&config.server);
    for flag in ignored {
        tracing::warn!("--{flag} has no effect here; see --help");
    }
    METRICS.origins.name_hosts(&config.sources.allowed_origins);
    if let Some(limit_bytes) = config.cluster.memory_limit_bytes {
        let workers = config.sandbox.workers;
        tracing::info!(limit_bytes, workers, "memory limit");
    }
    if let Some(config) = &config.traces {
        traces::start(config)
            .map_err(|error| Failure::usage(anyhow!("--otlp-endpoint: {error}")))?;
    }
    let server = build::server(&config)?;
    let pipeline = Arc::clone(&server.routes.pipeline);
    let threads = Threads::start(config.server.cpus)?;
    // For accepting, signals and the admin listener; connections have threads of their own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let ending = runtime.block_on(async {
        start_admin(&config, &pipeline).await?;
        let _beside = misses::start(&pipeline);
        let listener = TcpListener::bind(config.server.listen)
            .await
            .map_err(|error| {
                Failure::usage(anyhow!("--listen {}: {error}", config.server.listen))
            })?;
        let ending = server
            .run(listener, &threads)
            .await
            .context("the server stopped")?;
        Ok::<_, Failure>(ending)
    })?;
    drop(threads);
    runtime.shutdown_background();
    match ending {
        Ending::Answered => {
            traces::stop(TRACES_PATIENCE);
            pipeline.sandbox.shutdown();
            Ok(())
        }
        Ending::CutOff => {
            // Ending the sandbox in good order would wait for the transforms that nobody wants any more.
            std::mem::forget(pipeline);
            Err(anyhow!("stopped before every request was answered").into())
        }
    }
}

/// Ends with the runtime.
async fn start_admin(config: &Config, pipeline: &Arc<Pipeline>) -> Result<(), Failure> {
    if let Some(config) = &config.admin {
        let listener = admin::bind(config.listen).await.map_err(|error| {
            Failure::usage(anyhow!("--admin-listen {}: {error}", config.listen))
        })?;
        tokio::spawn(Admin::new(config, Arc::clone(pipeline)).serve(listener));
    }
    Ok(())
}

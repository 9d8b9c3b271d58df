//! `darkroom serve`: a checked configuration becomes a running server.

mod build;
mod log;

use std::sync::Arc;

use anyhow::{Context, anyhow};
use tokio::net::TcpListener;

use crate::admin::{self, Admin};
use crate::commands::Failure;
use crate::config::Config;
use crate::config::settings::Settings;
use crate::pipeline::Pipeline;
use crate::server::Threads;

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

/// Serve until a signal says stop.
pub(super) fn run(settings: Settings) -> Result<(), Failure> {
    let ignored: Vec<_> = settings.imaginary.without_effect().collect();
    let settings = settings
        .under_imaginarys_variables(|name| std::env::var(name).ok())
        .map_err(Failure::usage)?;
    let config = Config::check(settings).map_err(Failure::usage)?;
    log::start(&config.server);
    for flag in ignored {
        tracing::warn!("--{flag} has no effect here; see --help");
    }
    let server = build::server(&config)?;
    let pipeline = Arc::clone(&server.routes.pipeline);
    let threads = Threads::start(config.server.cpus)?;
    // For accepting, signals and the admin listener; connections have threads of their own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        start_admin(&config, &pipeline).await?;
        let listener = TcpListener::bind(config.server.listen)
            .await
            .map_err(|error| {
                Failure::usage(anyhow!("--listen {}: {error}", config.server.listen))
            })?;
        server
            .run(listener, &threads)
            .await
            .context("the server stopped")?;
        Ok::<_, Failure>(())
    })?;
    drop(threads);
    runtime.shutdown_background();
    pipeline.sandbox.shutdown();
    Ok(())
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

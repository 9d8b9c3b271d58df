//! `darkroom serve`: a checked configuration becomes a running server.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, anyhow};
use request::dialect::{Rules, Sources, Unknown};
use request::signature::Keyring;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::admin::{self, Admin};
use crate::commands::Failure;
use crate::config::Config;
use crate::config::form::Form as FormSetting;
use crate::config::server::LogFormat;
use crate::config::settings::Settings;
use crate::config::signing::Signing;
use crate::flights::Flights;
use crate::keeping::Keeping;
use crate::origins::{AllowedOrigin, Network, Origins, OriginsConfig};
use crate::pipeline::{Admission, Memo, Pipeline};
use crate::sandbox::{Sandbox, SandboxConfig};
use crate::server::{Facts, Form, Lifetime, Server, Threads};
use crate::upload::UploadLimits;

/// What `--help` ends with.
pub(super) const HELP: &str = "\
Every setting is a flag, an environment variable (--cache-dir is DARKROOM_CACHE_DIR) or a line of the
TOML file that --config names (cache-dir = \"…\"); the first of these that says something wins.

Examples:
  darkroom serve --mount ./pictures --url-signature-key-file key
  darkroom serve --enable-url-source --allowed-origins https://images.example.com --url-signature-key …";

/// Where renditions are, below the cache directory.
pub(super) const RENDITIONS: &str = "renditions";
/// Part of the disk that a cache never takes: other programs share it.
const FREE_BYTES_MIN: u64 = 256 << 20;
/// A rendition larger than a sixteenth of the cache would push too many others out.
const ENTRY_SHARE: u64 = 16;

/// Serve until a signal says stop.
pub(super) fn run(settings: Settings) -> Result<(), Failure> {
    let config = Config::check(settings).map_err(Failure::usage)?;
    log_to_stderr(config.server.log_format);
    let pipeline = Arc::new(pipeline(&config)?);
    let server = Server {
        pipeline: Arc::clone(&pipeline),
        form: form(&config),
        connections_max: config.server.connections_max,
        http_read_timeout: config.server.http_read_timeout,
        drain_timeout: config.server.drain_timeout,
    };
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = Threads::start(cpus)?;
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

fn form(config: &Config) -> Option<Form> {
    if config.form == FormSetting::Off {
        return None;
    }
    let development = (config.form == FormSetting::Development).then(|| {
        tracing::warn!("--form-development: the page at /form signs whatever a browser on this machine asks for");
        if config.signing.require_expiry {
            Lifetime::Day
        } else {
            Lifetime::Unlimited
        }
    });
    let facts = Facts {
        signed: matches!(config.signing.signing, Signing::Keys(_)),
        development: development.is_some(),
        mount: config.sources.mount.clone(),
        url_source: config.sources.url_source,
        disabled: Vec::new(),
    };
    Some(Form::new(&facts, development))
}

fn log_to_stderr(format: LogFormat) {
    let filter = EnvFilter::try_from_env("DARKROOM_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

fn pipeline(config: &Config) -> Result<Pipeline, Failure> {
    let keyring = keyring(config)?;
    let origins = origins(config)?;
    let sandbox = sandbox(config)?;
    Ok(Pipeline {
        keyring,
        rules: rules(config),
        memo: Memo::default(),
        limits: config.limits(),
        upload: UploadLimits {
            source_bytes_max: config.limits.source_bytes_max,
            read_timeout: config.server.http_read_timeout,
        },
        workers: config.sandbox.workers,
        started: Instant::now(),
        request_timeout: config.server.request_timeout,
        origins,
        sandbox,
        keeping: Arc::new(keeping(config)?),
        admission: Admission::new(config.sandbox.workers + config.sandbox.queue_max),
        flights: Flights::default(),
    })
}

fn keyring(config: &Config) -> Result<Keyring, Failure> {
    match &config.signing.signing {
        Signing::Unsigned => {
            tracing::warn!(
                "--allow-unsigned: anybody who reaches this server can have any picture made"
            );
            Ok(Keyring::unsigned())
        }
        Signing::Keys(keys) => {
            let keyring = Keyring::parse(keys.reveal())
                .map_err(|error| Failure::usage(anyhow!("--url-signature-key: {error}")))?;
            Ok(if config.signing.require_expiry {
                keyring.require_expiry()
            } else {
                keyring
            })
        }
    }
}

fn origins(config: &Config) -> Result<Origins, Failure> {
    let allowed: Result<Vec<_>, _> = config
        .sources
        .allowed_origins
        .iter()
        .map(|entry| AllowedOrigin::parse(entry))
        .collect();
    let named = |error| Failure::usage(anyhow!("--allowed-origins: {error}"));
    let origins = OriginsConfig {
        mount: config.sources.mount.clone(),
        url_enabled: config.sources.url_source,
        allowed_origins: allowed.map_err(named)?,
        allowed_networks: if config.sources.private_origins {
            Network::EVERYTHING.to_vec()
        } else {
            Vec::new()
        },
        source_bytes_max: config.limits.source_bytes_max,
        connect_timeout: config.sources.connect_timeout,
        read_timeout: config
            .sources
            .timeout
            .min(OriginsConfig::default().read_timeout),
        total_timeout: config.sources.timeout,
        ..OriginsConfig::default()
    };
    Origins::new(&origins).map_err(Failure::usage)
}

fn sandbox(config: &Config) -> Result<Sandbox, Failure> {
    let sandbox = SandboxConfig {
        workers: config.sandbox.workers,
        // The pipeline's admission is what refuses; everything it admits finds a place here.
        queue_max: config.sandbox.workers + config.sandbox.queue_max,
        memory_bytes_max: config.sandbox.memory_bytes_max,
        output_bytes_max: SandboxConfig::default()
            .output_bytes_max
            .min(config.sandbox.memory_bytes_max),
        compiled_dir: Some(config.cache.compiled_dir.clone()),
        ..SandboxConfig::default()
    };
    Ok(Sandbox::start(guest::COMPONENT, &sandbox).context("the sandbox cannot start")?)
}

fn keeping(config: &Config) -> Result<Keeping, Failure> {
    let disk = (config.cache.bytes_max > 0).then(|| cache::Config {
        directory: config.cache.directory.join(RENDITIONS),
        bytes_max: config.cache.bytes_max,
        free_bytes_min: FREE_BYTES_MIN,
        entry_bytes_max: config.cache.bytes_max / ENTRY_SHARE,
    });
    Keeping::open(config.cache.memory_bytes_max, disk)
        .map_err(|error| Failure::usage(anyhow!("--cache-dir: {error}")))
}

fn rules(config: &Config) -> Rules {
    Rules {
        sources: Sources {
            file: config.sources.mount.is_some(),
            url: config.sources.url_source,
        },
        unknown: if config.signing.strict {
            Unknown::Refuse
        } else {
            Unknown::Ignore
        },
        ..Rules::default()
    }
}

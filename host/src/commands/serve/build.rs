//! A checked configuration becomes the parts of a server. What only the parts themselves can find wrong
//! (a key, an origin, a certificate, a placeholder) is refused here, by the name of its setting.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use request::dialect::{Rules, Sources, Unknown};
use request::signature::Keyring;

use super::{RENDITIONS, misses};
use crate::commands::{Failure, compile};
use crate::config::Config;
use crate::config::answers::Placeholder;
use crate::config::form::Form as FormSetting;
use crate::config::signing::Signing;
use crate::flights::Flights;
use crate::gate::Gate;
use crate::keeping::Keeping;
use crate::load::Load;
use crate::origins::{AllowedOrigin, Origins, OriginsConfig};
use crate::pipeline::{Admission, Disclosure, Manner, Memo, Pipeline, StandIn, Verdicts};
use crate::readiness::Readiness;
use crate::rendition::Media;
use crate::sandbox::{Sandbox, SandboxConfig, convert};
use crate::server::{Cors, Facts, Form, Lifetime, Routes, Server, Tls};
use crate::transformer;
use crate::upload::UploadLimits;

/// Compiled code below the cache's directory, where `--compiled-dir` cannot be written.
const COMPILED: &str = "compiled";
/// Part of the disk that a cache never takes: other programs share it.
pub(super) const FREE_BYTES_MIN: u64 = 256 << 20;
/// A rendition larger than a sixteenth of the cache would push too many others out.
const ENTRY_SHARE: u64 = 16;
/// Time to look at the placeholder's header when the server starts.
const PLACEHOLDER_TIMEOUT: Duration = Duration::from_secs(10);

/// All of it.
pub(super) fn server(config: &Config) -> Result<Server, Failure> {
    let tls = config.tls.as_ref().map(Tls::new).transpose();
    let tls = tls.map_err(|error| Failure::usage(anyhow!("--certfile, --keyfile: {error}")))?;
    Ok(Server {
        routes: Routes {
            pipeline: Arc::new(pipeline(config)?),
            lambda_edge: config.lambda_edge.as_ref().map(|edge| edge.dialect.clone()),
            form: form(config),
            disabled_pages: config.access.disabled_pages.clone(),
            cors: if config.access.cors {
                Cors::Allowed
            } else {
                Cors::Off
            },
            log_level: config.server.log_level,
        },
        tls,
        connections_max: config.server.connections_max,
        http_read_timeout: config.server.http_read_timeout,
        http_write_timeout: config.server.http_write_timeout,
        drain_delay: config.cluster.drain_delay,
        drain_timeout: config.server.drain_timeout,
    })
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
        disabled: config.access.disabled_endpoints.clone(),
    };
    Some(Form::new(&facts, development))
}

fn pipeline(config: &Config) -> Result<Pipeline, Failure> {
    let keyring = keyring(config)?;
    let sources = misses::sources(config, origins(config)?)?;
    let second_level = misses::second_level(config)?;
    let sandbox = sandbox(config)?;
    let load = Arc::new(Load::default());
    Ok(Pipeline {
        keyring,
        disclosure: disclosure(config),
        gate: Gate::new(config.access.key.as_ref(), &config.throttle),
        rules: rules(config),
        memo: Memo::default(),
        verdicts: Verdicts::default(),
        manner: Manner {
            cache_ttl_seconds: config.answers.cache_ttl_seconds,
            return_size: config.answers.return_size,
        },
        stand_in: config
            .answers
            .placeholder
            .clone()
            .map(|placeholder| stand_in(placeholder, &sandbox))
            .transpose()?,
        limits: config.limits(),
        upload: UploadLimits {
            source_bytes_max: config.limits.source_bytes_max,
            read_timeout: config.server.http_read_timeout,
        },
        workers: config.sandbox.workers,
        started: Instant::now(),
        request_timeout: config.server.request_timeout,
        sources: Arc::new(sources),
        sandbox,
        keeping: Arc::new(keeping(config)?),
        second_level: second_level.map(Arc::new),
        upgrades: Arc::new(misses::upgrades(config, &load)),
        load,
        patience: misses::patience(config),
        admission: Admission::new(config.sandbox.workers + config.sandbox.queue_max),
        flights: Flights::default(),
        readiness: Readiness::new(config.cluster.ready_patience),
    })
}

fn keyring(config: &Config) -> Result<Keyring, Failure> {
    let Signing::Keys(keys) = &config.signing.signing else {
        tracing::warn!(
            "--allow-unsigned: anybody who reaches this server can have any picture made"
        );
        return Ok(Keyring::unsigned());
    };
    let keyring = Keyring::parse(keys.reveal())
        .map_err(|error| Failure::usage(anyhow!("--url-signature-key: {error}")))?;
    if !config.signing.require_expiry {
        return Ok(keyring);
    }
    tracing::warn!(
        "--require-expiry: signed URLs without `expires`, such as imaginary's, are refused with 403"
    );
    Ok(keyring.require_expiry())
}

fn disclosure(config: &Config) -> Disclosure {
    if !config.signing.debug {
        return Disclosure::Nothing;
    }
    tracing::warn!(
        "--debug-signatures: a 403 names the string that should have been signed; not for production"
    );
    Disclosure::SignedString
}

/// A placeholder that is no picture would be found out by the first error; better now.
fn stand_in(placeholder: Placeholder, sandbox: &Sandbox) -> Result<StandIn, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let deadline = Instant::now() + PLACEHOLDER_TIMEOUT;
    let info = runtime
        .block_on(sandbox.inspect(placeholder.bytes.clone(), deadline))
        .map_err(|error| {
            let error = crate::error::Error::from(error);
            Failure::usage(anyhow!("--placeholder: {}", error.public_message()))
        })?;
    let media = Media::Picture(convert::format_named(info.format));
    Ok(StandIn::new(
        placeholder,
        (media, (info.width, info.height)),
    ))
}

fn origins(config: &Config) -> Result<Origins, Failure> {
    let sources = &config.sources;
    let entry = |setting: &str, entry: &str| {
        AllowedOrigin::parse(entry).map_err(|error| Failure::usage(anyhow!("--{setting}: {error}")))
    };
    let listed = sources.allowed_origins.iter();
    let listed: Result<_, _> = listed
        .map(|origin| entry("allowed-origins", origin))
        .collect();
    let edge = config.lambda_edge.as_ref();
    let base = edge.and_then(|edge| edge.base_url.as_deref());
    let origins = OriginsConfig {
        mount: sources.mount.clone(),
        url_enabled: sources.url_source,
        allowed_origins: listed?,
        base: base.map(|base| entry("lambda-edge", base)).transpose()?,
        buckets: sources.buckets.clone(),
        allowed_networks: sources.allowed_networks.clone(),
        name_server: sources.name_server,
        source_bytes_max: config.limits.source_bytes_max,
        connect_timeout: sources.connect_timeout,
        read_timeout: sources.timeout.min(OriginsConfig::default().read_timeout),
        total_timeout: sources.timeout,
        forward_headers: sources.forward_headers.clone(),
        authorization: sources.authorization.clone(),
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
        compiled_dir_spare: Some(config.cache.directory.join(COMPILED)),
        ..SandboxConfig::default()
    };
    let Some(name) = config.transformer.name() else {
        compile::apart(guest::COMPONENT, &sandbox);
        return Ok(Sandbox::start(guest::COMPONENT, &sandbox).context("the sandbox cannot start")?);
    };
    let component = transformer::load(&config.transformer)
        .map_err(|error| Failure::usage(anyhow!("--transformer {name}: {error}")))?;
    compile::apart(&component, &sandbox);
    let started = Sandbox::start(&component, &sandbox)
        .map_err(|error| Failure::usage(anyhow!("--transformer {name}: {error}")))?;
    tracing::info!(
        digest = answer::key::hex(started.digest()),
        "transformer {name}"
    );
    Ok(started)
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
        path_prefix: config.access.path_prefix.clone(),
        sources: Sources {
            file: config.sources.mount.is_some(),
            url: config.sources.url_source,
            bucket: !config.sources.buckets.is_empty(),
        },
        unknown: if config.answers.strict {
            Unknown::Refuse
        } else {
            Unknown::Ignore
        },
        disabled: config.access.disabled_endpoints.clone(),
        auto_formats: misses::auto_formats(config),
    }
}

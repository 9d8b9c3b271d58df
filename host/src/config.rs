//! Settings become a checked configuration: flags over environment over one TOML file. Every limit of
//! the server stands in one of the groups below, with its default and where the number came from. A
//! setting that cannot be is refused at start, by name.

pub mod server;
pub mod admin;
pub mod signing;
pub mod access;
pub mod throttle;
pub mod tls;
pub mod sources;
pub mod answers;
pub mod lambda_edge;
pub mod limits;
pub mod sandbox;
pub mod cache;
pub mod form;
pub mod imaginary;
pub mod cluster;
mod cgroup;
pub mod originals;
pub mod second_level;
pub mod avif;
pub mod traces;
pub mod transformer;
pub mod settings;
pub mod file;
mod check;
pub mod secret;
pub mod units;

use std::path::PathBuf;

use request::operation::{Limits, Truncated};

use crate::config::settings::Settings;

/// A sixteenth of an instance's memory is the component's own: stack, tables, allocator.
const COMPONENT_SHARE: u64 = 16;

/// A configuration that cannot be; the text begins with the setting's name.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting has a value that it may not have.
    #[error("--{setting}: {reason}")]
    Setting {
        /// The flag's name.
        setting: &'static str,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// The TOML file cannot be used.
    #[error("--config {}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong; names the setting or the line.
        reason: String,
    },
}

/// A checked configuration: every limit of the server, by name.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address, connections, time, logs.
    pub server: server::Config,
    /// The operator's own listener; none unless it is asked for.
    pub admin: Option<admin::Config>,
    /// Who may ask.
    pub signing: signing::Config,
    /// Which parts of it.
    pub access: access::Config,
    /// How often.
    pub throttle: throttle::Config,
    /// The certificate, if it is to speak HTTPS.
    pub tls: Option<tls::Config>,
    /// Where pictures come from.
    pub sources: sources::Config,
    /// What answers look like.
    pub answers: answers::Config,
    /// The other dialect, if it is to be spoken.
    pub lambda_edge: Option<lambda_edge::Config>,
    /// How long they are believed, and kept.
    pub originals: originals::Config,
    /// How large a picture may be.
    pub limits: limits::Config,
    /// How pictures are made.
    pub sandbox: sandbox::Config,
    /// What is kept.
    pub cache: cache::Config,
    /// The page to try things on.
    pub form: form::Form,
    /// How to behave among others.
    pub cluster: cluster::Config,
    /// Where all pods keep renditions.
    pub second_level: second_level::Config,
    /// When AVIF is made.
    pub avif: avif::Config,
    /// Where traces go, if anywhere.
    pub traces: Option<traces::Config>,
    /// What develops pictures.
    pub transformer: transformer::Config,
}

impl Config {
    /// Check what was said, flag, variable and file already laid over each other.
    pub fn check(settings: Settings) -> Result<Self, ConfigError> {
        let server = settings.server.check()?;
        let sources = settings.sources.check()?;
        let limits = settings.limits.check()?;
        let cache = settings.cache.check()?;
        let cluster = settings.cluster.check(&cache)?;
        let second_level = settings.second_level.check()?;
        let kept_bytes = cache
            .memory_bytes_max
            .saturating_add(second_level.waiting_bytes_max());
        let workers_asked = settings.sandbox.workers;
        let sandbox = settings.sandbox.check(server.cpus)?;
        Ok(Self {
            admin: settings.admin.check()?,
            form: settings.form.check(server.listen.ip())?,
            server,
            signing: settings.signing.check()?,
            access: settings.access.check()?,
            throttle: settings.throttle.check()?,
            tls: settings.tls.check()?,
            answers: settings.answers.check()?,
            lambda_edge: settings.lambda_edge.check(&sources)?,
            sandbox: cluster::fit_workers(sandbox, workers_asked, (&limits, kept_bytes, &cluster))?,
            sources,
            limits,
            cache,
            cluster,
            originals: settings.originals.check()?,
            second_level,
            avif: settings.avif.check()?,
            traces: settings.traces.check()?,
            transformer: settings.transformer.check()?,
        })
    }

    /// What the component is told. What it plans to use must leave room for the component itself.
    pub fn limits(&self) -> Limits {
        let memory_bytes = self.sandbox.memory_bytes_max;
        Limits {
            source_pixels_max: self.limits.source_pixels_max,
            output_pixels_max: self.limits.output_pixels_max,
            output_side_max: self.limits.output_side_max,
            memory_bytes_max: memory_bytes - memory_bytes / COMPONENT_SHARE,
            frames_max: self.limits.frames_max,
            animation_pixels_max: self.limits.animation_pixels_max,
            truncated: if self.limits.fail_on_truncated {
                Truncated::Refuse
            } else {
                Truncated::Render
            },
        }
    }
}

#[cfg(test)]
mod tests;

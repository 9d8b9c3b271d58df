//! What only imaginary's users say: flags that mean nothing here and are taken all the same, and the
//! three variables that go over flags there and therefore here.

use clap::{Args, ValueEnum as _};

use super::ConfigError;
use super::check::refuse;
use super::secret::Secret;
use super::server::LogLevel;
use super::settings::Settings as All;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Taken for imaginary's sake, without effect")]
pub struct Settings {
    /// Without effect, as in imaginary: pictures are compressed already, a CDN may compress JSON
    #[arg(long)]
    pub gzip: Option<bool>,

    /// Without effect: the memory of a transform goes back to the system when the transform ends
    #[arg(long, value_name = "SECONDS")]
    pub mrelease: Option<u64>,
}

impl Settings {
    /// Flags that were said and change nothing.
    pub fn without_effect(&self) -> impl Iterator<Item = &'static str> {
        [self.gzip.map(|_| "gzip"), self.mrelease.map(|_| "mrelease")]
            .into_iter()
            .flatten()
    }
}

impl All {
    /// Lay imaginary's variables over what was said: there they go over flags. PORT is ambient on many
    /// platforms, so `--listen` still goes over it.
    pub fn under_imaginarys_variables(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let said = |name: &str| variable(name).filter(|value| !value.is_empty());
        if let Some(text) = said("PORT").filter(|_| self.server.listen.is_none()) {
            let port = text
                .parse()
                .map_err(|_| refuse("p", format!("PORT is `{text}`, which is no port")))?;
            self.server.port = Some(port);
        }
        if let Some(key) = said("URL_SIGNATURE_KEY") {
            self.signing.url_signature_key = Some(Secret::from(key));
        }
        if let Some(text) = said("GOLANG_LOG") {
            let level = LogLevel::from_str(&text, true).map_err(|_| {
                refuse(
                    "log-level",
                    format!("GOLANG_LOG is `{text}`; error, warning, info and debug are levels"),
                )
            })?;
            self.server.log_level = Some(level);
        }
        Ok(self)
    }
}

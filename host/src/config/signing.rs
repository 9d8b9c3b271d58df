//! Who may ask: the keys that sign URLs, and how strictly URLs are read.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ConfigError;
use super::check::refuse;
use super::secret::Secret;

/// Who may ask.
#[derive(Debug, Clone)]
pub enum Signing {
    /// `key` or `id:key,id:key`.
    Keys(Secret),
    /// `--allow-unsigned`.
    Unsigned,
}

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Signed URLs")]
pub struct Settings {
    /// Key that signs URLs, at least 32 bytes; several as `id:key,id:key` for rotation, the first signs,
    /// all are good. imaginary's `URL_SIGNATURE_KEY` goes over it
    #[arg(long, value_name = "KEY", hide_env_values = true)]
    pub url_signature_key: Option<Secret>,

    /// File that holds the key (or keys), for instance a mounted Kubernetes secret
    #[arg(long, value_name = "FILE")]
    pub url_signature_key_file: Option<PathBuf>,

    /// Answer anybody's URLs, signed or not. Without this and without a key, darkroom refuses to start
    #[arg(long)]
    pub allow_unsigned: Option<bool>,

    /// Refuse signed URLs that never expire
    #[arg(long)]
    pub require_expiry: Option<bool>,

    /// Taken for imaginary's sake: URLs are always signed here. Without a key it ends the start, as there
    #[arg(long)]
    pub enable_url_signature: Option<bool>,

    /// For development only: a 403 names the string that should have been signed
    #[arg(long)]
    pub debug_signatures: Option<bool>,
}

/// Who may ask, and how.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who may ask.
    pub signing: Signing,
    /// Whether a signed URL must say when it ends.
    pub require_expiry: bool,
    /// Whether a 403 names the string that should have been signed.
    pub debug: bool,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        Ok(Config {
            signing: self.signing()?,
            require_expiry: self.require_expiry.unwrap_or(false),
            debug: self.debug_signatures.unwrap_or(false),
        })
    }

    fn signing(&self) -> Result<Signing, ConfigError> {
        let unsigned = self.allow_unsigned.unwrap_or(false);
        match (
            &self.url_signature_key,
            &self.url_signature_key_file,
            unsigned,
        ) {
            (Some(_), Some(_), _) => Err(refuse(
                "url-signature-key-file",
                "not together with --url-signature-key",
            )),
            (None, None, true) if self.enable_url_signature.unwrap_or(false) => Err(refuse(
                "allow-unsigned",
                "not together with --enable-url-signature: either URLs are signed or they are not",
            )),
            (_, Some(_), true) | (Some(_), _, true) => Err(refuse(
                "allow-unsigned",
                "not together with a key: either URLs are signed or they are not",
            )),
            (Some(key), None, false) => Ok(Signing::Keys(key.clone())),
            (None, Some(path), false) => Ok(Signing::Keys(Secret::from(read_key_file(path)?))),
            (None, None, true) => Ok(Signing::Unsigned),
            (None, None, false) => Err(refuse(
                "url-signature-key",
                "missing. Give a key of at least 32 bytes (this flag, DARKROOM_URL_SIGNATURE_KEY or \
                 --url-signature-key-file), or --allow-unsigned to answer anybody",
            )),
        }
    }
}

/// The keys in a file, one a line: that reads better there, and line ends are no part of a key.
pub fn read_key_file(path: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        refuse(
            "url-signature-key-file",
            format!("{}: {error}", path.display()),
        )
    })?;
    let keys: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    Ok(keys.join(","))
}

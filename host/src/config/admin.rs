//! The admin listener's settings, checked: who could reach it must need a token.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::ConfigError;
use super::check::refuse;
use super::secret::Secret;

/// A token shorter than this can be guessed.
const TOKEN_BYTES_MIN: usize = 16;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Admin")]
pub struct Settings {
    /// Address and port of the admin listener: counters, purges [default: none]
    #[arg(long, value_name = "ADDR:PORT")]
    pub admin_listen: Option<SocketAddr>,

    /// What requests to the admin listener must bring as `Authorization: Bearer TOKEN`, at least 16
    /// bytes. Only on a loopback address can it be left out
    #[arg(long, value_name = "TOKEN", hide_env_values = true)]
    pub admin_token: Option<Secret>,

    /// File that holds the admin token
    #[arg(long, value_name = "FILE")]
    pub admin_token_file: Option<PathBuf>,
}

/// Where the admin listener listens, and what it asks for.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// What a request must bring; none only on a loopback address.
    pub token: Option<Secret>,
}

impl Settings {
    /// What may not be, refused.
    pub(super) fn check(self) -> Result<Option<Config>, ConfigError> {
        let token = token(&self)?;
        let Some(listen) = self.admin_listen else {
            return match token {
                None => Ok(None),
                Some(_) => Err(refuse(
                    "admin-token",
                    "there is no --admin-listen that would ask for it",
                )),
            };
        };
        if token.is_none() && !listen.ip().is_loopback() {
            return Err(refuse(
                "admin-listen",
                format!(
                    "{listen} can be reached from other machines: give --admin-token or \
                     --admin-token-file, or listen on 127.0.0.1"
                ),
            ));
        }
        Ok(Some(Config { listen, token }))
    }
}

fn token(settings: &Settings) -> Result<Option<Secret>, ConfigError> {
    let (setting, text) = match (&settings.admin_token, &settings.admin_token_file) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(refuse(
                "admin-token-file",
                "not together with --admin-token",
            ));
        }
        (Some(token), None) => ("admin-token", token.reveal().to_owned()),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                refuse("admin-token-file", format!("{}: {error}", path.display()))
            })?;
            ("admin-token-file", text.trim().to_owned())
        }
    };
    if text.len() < TOKEN_BYTES_MIN {
        return Err(refuse(
            setting,
            format!(
                "{} bytes are too few; at least {TOKEN_BYTES_MIN}",
                text.len()
            ),
        ));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refuse(
            setting,
            "only visible ASCII characters, without blanks: it goes into a header",
        ));
    }
    Ok(Some(Secret::from(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(listen: Option<&str>, token: Option<&str>) -> Settings {
        Settings {
            admin_listen: listen.map(|listen| listen.parse().unwrap()),
            admin_token: token.map(|token| Secret::from(token.to_owned())),
            ..Settings::default()
        }
    }

    #[test]
    fn off_loopback_only_with_a_token() {
        let token = Some("0123456789abcdef");
        assert!(settings(None, None).check().unwrap().is_none());
        for (listen, token) in [
            ("127.0.0.1:1", None),
            ("[::1]:1", None),
            ("0.0.0.0:1", token),
        ] {
            assert!(settings(Some(listen), token).check().unwrap().is_some());
        }
        for listen in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1"] {
            let error = settings(Some(listen), None).check().unwrap_err();
            assert!(error.to_string().contains("--admin-token"), "{error}");
        }
        assert!(settings(None, token).check().is_err());
    }

    #[test]
    fn length_and_letters_of_a_token_obeyed_and_violated() {
        let ask = |token: &str| settings(Some("127.0.0.1:1"), Some(token)).check();
        assert!(ask(&"x".repeat(TOKEN_BYTES_MIN)).is_ok());
        assert!(ask(&"x".repeat(TOKEN_BYTES_MIN - 1)).is_err());
        assert!(ask("0123456789 abcdef").is_err());
    }
}

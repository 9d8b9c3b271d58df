//! Which transformer runs: the one that is part of the program, one in a file, or one pulled from a registry by
//! its digest, so that a cluster can roll it without a new image.

use std::path::PathBuf;
use std::str::FromStr as _;

use clap::Args;
use oci_client::Reference;

use super::ConfigError;
use super::check::refuse;
use super::secret::Secret;

/// What a reference to a registry begins with.
const SCHEME: &str = "oci://";
/// The one kind of digest that registries are asked for.
const DIGEST: &str = "sha256:";

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Transformer")]
pub struct Settings {
    /// Component that develops pictures: a file, or `oci://registry/name@sha256:…`. It may import nothing
    /// [default: the one that is part of the program]
    #[arg(long, value_name = "FILE|oci://REF")]
    pub transformer: Option<String>,

    /// Registries that are asked over plain HTTP; those on loopback always are [default: none]
    #[arg(long, value_name = "HOST:PORT,…", value_delimiter = ',')]
    pub transformer_insecure: Option<Vec<String>>,

    /// `user:password` for the transformer's registry [default: none]
    #[arg(long, value_name = "USER:PASSWORD", hide_env_values = true)]
    pub transformer_auth: Option<Secret>,
}

/// Which one.
#[derive(Debug, Clone)]
pub enum Config {
    /// Part of the program.
    BuiltIn,
    /// In a file.
    File(PathBuf),
    /// In a registry, by its digest.
    Pulled(Pulled),
}

impl Config {
    /// What it was called, where it is not the program's own.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::BuiltIn => None,
            Self::File(path) => Some(path.display().to_string()),
            Self::Pulled(pulled) => Some(format!("{SCHEME}{}", pulled.reference)),
        }
    }
}

/// Where it is pulled from.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// With its digest.
    pub reference: Reference,
    /// How the registry is spoken to.
    pub registry: Registry,
}

/// How a registry is spoken to.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Over plain HTTP: on loopback, or because an operator said so.
    pub plain_http: bool,
    /// User and password.
    pub credentials: Option<(String, Secret)>,
}

impl Settings {
    /// What was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        let Some(said) = self.transformer else {
            return Ok(Config::BuiltIn);
        };
        let Some(text) = said.strip_prefix(SCHEME) else {
            return Ok(Config::File(said.into()));
        };
        let refused = |why: &str| refuse("transformer", format!("{said}: {why}"));
        let reference = Reference::from_str(text).map_err(|error| refused(&error.to_string()))?;
        if !reference
            .digest()
            .is_some_and(|digest| digest.starts_with(DIGEST))
        {
            return Err(refused(
                "a tag can change; name a digest: oci://registry/name@sha256:…",
            ));
        }
        let insecure = self.transformer_insecure.unwrap_or_default();
        let registry = Registry::new(
            reference.resolve_registry(),
            &insecure,
            self.transformer_auth,
        )
        .map_err(|why| refuse("transformer-auth", why))?;
        Ok(Config::Pulled(Pulled {
            reference,
            registry,
        }))
    }
}

impl Registry {
    /// Of the registry at `host`; the error says what is wrong with the credentials.
    pub fn new(
        host: &str,
        insecure: &[String],
        credentials: Option<Secret>,
    ) -> Result<Self, &'static str> {
        let credentials = credentials
            .map(|secret| {
                let (user, password) = secret
                    .reveal()
                    .split_once(':')
                    .ok_or("is not user:password")?;
                Ok::<_, &str>((user.to_owned(), Secret::from(password.to_owned())))
            })
            .transpose()?;
        Ok(Self {
            plain_http: is_loopback(host) || insecure.iter().any(|other| other.trim() == host),
            credentials,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(said: &str) -> Result<Config, ConfigError> {
        let transformer = Some(said.to_owned());
        Settings {
            transformer,
            ..Settings::default()
        }
        .check()
    }

    #[test]
    fn a_file_or_a_digest() {
        assert!(matches!(Settings::default().check(), Ok(Config::BuiltIn)));
        assert!(
            matches!(check("a/b.wasm"), Ok(Config::File(path)) if path.as_os_str() == "a/b.wasm")
        );
        let digest = "0".repeat(64);
        let said = format!("oci://registry.example.com:5000/a/b@sha256:{digest}");
        let Ok(Config::Pulled(pulled)) = check(&said) else {
            panic!("it is a reference");
        };
        assert!(!pulled.registry.plain_http);
        for unpinned in [
            "oci://registry.example.com/a/b",
            "oci://registry.example.com/a/b:v1",
        ] {
            let error = check(unpinned).unwrap_err().to_string();
            assert!(
                error.starts_with("--transformer: oci://") && error.contains("digest"),
                "{error}"
            );
        }
        assert!(check("oci://").is_err());
    }

    #[test]
    fn plain_http_is_for_loopback_and_for_those_who_are_named() {
        let plain = |host: &str, insecure: &[&str]| {
            let insecure: Vec<_> = insecure.iter().map(ToString::to_string).collect();
            Registry::new(host, &insecure, None).unwrap().plain_http
        };
        for host in [
            "localhost",
            "localhost:5000",
            "127.0.0.1:5000",
            "[::1]:5000",
            "127.1.2.3",
        ] {
            assert!(plain(host, &[]), "{host}");
        }
        for host in [
            "localhost.example.com",
            "10.0.0.1:5000",
            "registry:5000",
            "ghcr.io",
        ] {
            assert!(!plain(host, &[]), "{host}");
            assert!(plain(host, &[host]), "{host}");
        }
    }

    #[test]
    fn credentials_are_a_pair_and_never_shown() {
        let secret = Secret::from("someone:pass:word".to_owned());
        let registry = Registry::new("ghcr.io", &[], Some(secret)).unwrap();
        assert!(!format!("{registry:?}").contains("word"), "{registry:?}");
        let (user, password) = registry.credentials.unwrap();
        assert_eq!((user.as_str(), password.reveal()), ("someone", "pass:word"));
        assert!(Registry::new("ghcr.io", &[], Some(Secret::from("someone".to_owned()))).is_err());
    }
}

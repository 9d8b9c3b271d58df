//! Who reaches which part of the server: the API key, other sites' pages, the path, what is closed.

use clap::Args;
use request::dialect::imaginary::Endpoint;

use super::ConfigError;
use super::check::refuse;
use super::secret::Secret;

/// The server's own pages that can be switched off.
const PAGES: [&str; 2] = ["health", "form"];
/// Bytes of the prefix: far more than any gateway puts in front.
const PREFIX_BYTES_MAX: usize = 256;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Access")]
pub struct Settings {
    /// API key that every request must carry, in the header `API-Key` or, less well, as `key=`; guards
    /// /, /health and /form too, but not /ready [default: none]
    #[arg(long, value_name = "KEY", hide_env_values = true)]
    pub key: Option<Secret>,

    /// Let pages of other sites read the answers: CORS with `Access-Control-Allow-Origin: *`, preflight included
    #[arg(long)]
    pub cors: Option<bool>,

    /// What stands in front of every path, and is signed with it: /api/v1 [default: /]
    #[arg(long, value_name = "PATH")]
    pub path_prefix: Option<String>,

    /// Endpoints that answer 501, by name: `info,pipeline,health`
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub disable_endpoints: Option<Vec<String>>,
}

/// Who, and where.
#[derive(Debug, Clone)]
pub struct Config {
    /// What every request must carry.
    pub key: Option<Secret>,
    /// Whether other sites' pages may read answers.
    pub cors: bool,
    /// Empty, or with a slash in front and none behind.
    pub path_prefix: String,
    /// Image endpoints that are switched off.
    pub disabled_endpoints: Vec<Endpoint>,
    /// Pages of the server's own that are switched off.
    pub disabled_pages: Vec<&'static str>,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self) -> Result<Config, ConfigError> {
        if self.key.as_ref().is_some_and(|key| key.reveal().is_empty()) {
            return Err(refuse("key", "is empty; leave the flag away for no key"));
        }
        let mut disabled_endpoints = Vec::new();
        let mut disabled_pages = Vec::new();
        for name in self
            .disable_endpoints
            .iter()
            .flatten()
            .map(|name| name.trim())
        {
            if let Some(endpoint) = Endpoint::by_name(name) {
                disabled_endpoints.push(endpoint);
            } else if let Some(page) = PAGES.into_iter().find(|page| *page == name) {
                disabled_pages.push(page);
            } else if !name.is_empty() {
                return Err(unknown_endpoint(name));
            }
        }
        Ok(Config {
            key: self.key,
            cors: self.cors.unwrap_or(false),
            path_prefix: prefix(self.path_prefix.as_deref().unwrap_or_default())?,
            disabled_endpoints,
            disabled_pages,
        })
    }
}

/// A name that is mistyped would leave open what was to be closed.
fn unknown_endpoint(name: &str) -> ConfigError {
    let endpoints = Endpoint::ALL.map(Endpoint::name);
    let names = endpoints.into_iter().chain(PAGES).collect::<Vec<_>>();
    refuse(
        "disable-endpoints",
        format!("there is no `{name}`; there are {}", names.join(", ")),
    )
}

fn prefix(text: &str) -> Result<String, ConfigError> {
    let inner = text.trim_matches('/');
    if inner.is_empty() {
        return Ok(String::new());
    }
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    if inner.len() > PREFIX_BYTES_MAX || !inner.split('/').all(plain) {
        return Err(refuse(
            "path-prefix",
            format!("`{text}` is no path of letters, digits and -._~ such as /api/v1"),
        ));
    }
    Ok(format!("/{inner}"))
}

//! Variables become checked settings. They are named as the native server's flags, with `_` for `-`, and mean
//! the same; one that was not set, or is empty, has the same default. The signing key has its own name,
//! since it is a secret variable: `signing_key`.

mod read;

use std::time::Duration;

use answer::api_key::ApiKey;
use answer::origin::{AddressRules, AllowedOrigin, Authorization, Forwarding, Guard, Network};
use answer::respond::Manner;
use request::dialect::lambda_edge::{self, Base, LambdaEdge};
use request::dialect::{Rules, Sources, Unknown};
use request::operation::{Limits, Truncated};
use request::signature::Keyring;

pub use self::read::SettingError;
use self::read::Variables;

/// A 64 MP photograph at best quality is half of it.
const SOURCE_BYTES_DEFAULT: u64 = 64 << 20;
/// Today's 50 and 64 MP phone pictures fit.
const MEGAPIXELS_DEFAULT: f64 = 75.0;
/// WebP's largest side, rounded up to a power of two.
const OUTPUT_SIDE_DEFAULT: u32 = 16_384;
/// Half a minute at 24 frames a second.
const FRAMES_DEFAULT: u32 = 720;
/// As many as a still picture may have.
const ANIMATION_MEGAPIXELS_DEFAULT: f64 = MEGAPIXELS_DEFAULT;
/// A 50-megapixel progressive JPEG, whose coefficients must all be held, takes 300 MB.
const MEMORY_BYTES_DEFAULT: u64 = 512 << 20;
/// A sixteenth of an instance's memory is the component's own: stack, tables, allocator.
const COMPONENT_SHARE: u64 = 16;
/// No encoded picture of a useful size is larger.
const OUTPUT_BYTES_MAX: u64 = 64 << 20;
/// Leaves two thirds of a usual request's time to the transform.
const ORIGIN_TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);
/// Stores keep values of this size everywhere; a rendition for a web page is a tenth of it.
const ENTRY_BYTES_DEFAULT: u64 = 1 << 20;
/// The store that hosts have without further configuration.
const STORE_DEFAULT: &str = "default";

/// Checked settings.
#[derive(Debug)]
pub struct Settings {
    /// The keys that URLs are signed with.
    pub keyring: Keyring,
    /// Whether a 403 names the string that should have been signed.
    pub debug_signatures: bool,
    /// What every request must carry.
    pub api_key: Option<ApiKey>,
    /// What URLs may say.
    pub rules: Rules,
    /// The server's own pages that are switched off.
    pub disabled_pages: Vec<&'static str>,
    /// The other dialect.
    pub lambda_edge: Option<LambdaEdge>,
    /// Whether pages of other sites may read answers.
    pub cors: bool,
    /// How renditions are answered.
    pub manner: Manner,
    /// Where `file=` names pictures in: a path as the component sees it.
    pub mount: Option<String>,
    /// Where `url=` may lead, if anywhere.
    pub urls: Option<Guard>,
    /// Where the originals of Lambda@Edge URLs are, if not in the mount.
    pub base: Option<Guard>,
    /// What origins of the allow-list hear about a client.
    pub forwarding: Forwarding,
    /// For an origin's whole answer, redirects included.
    pub origin_timeout: Duration,
    /// Bytes of one source, and of all overlays of a request together.
    pub source_bytes_max: u64,
    /// Bytes of a rendition.
    pub output_bytes_max: u64,
    /// What a transform may cost.
    pub limits: Limits,
    /// The label of the store for renditions; empty: none.
    pub store: String,
    /// Bytes of one entry in it.
    pub entry_bytes_max: u64,
}

impl Settings {
    /// Ask for every variable by its name.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let variables = Variables(&variable);
        let mount = variables.text("mount");
        // Where origins are listed, that says it. Without a list any name could be asked for, and hosts do not
        // say which address one has.
        let listed = variables.list("allowed_origins");
        let url_source = variables
            .switch("enable_url_source")?
            .unwrap_or(!listed.is_empty());
        let (lambda_edge, base) = dialect(&variables, mount.as_deref())?;
        let (disabled, disabled_pages) = variables.disabled_endpoints()?;
        let memory_bytes_max = variables.bytes("memory_per_transform", MEMORY_BYTES_DEFAULT)?;
        Ok(Self {
            keyring: keyring(&variables)?,
            debug_signatures: variables.is_on("debug_signatures")?,
            api_key: variables.text("key").map(|key| ApiKey::new(&key)),
            rules: Rules {
                path_prefix: variables.path_prefix()?,
                sources: Sources {
                    file: mount.is_some(),
                    url: url_source,
                    ..Sources::default()
                },
                unknown: if variables.is_on("strict")? {
                    Unknown::Refuse
                } else {
                    Unknown::Ignore
                },
                disabled,
                auto_formats: variables.auto_formats()?,
            },
            disabled_pages,
            lambda_edge,
            cors: variables.is_on("cors")?,
            manner: Manner {
                cache_ttl_seconds: variables.cache_ttl()?,
                return_size: variables.is_on("return_size")?,
            },
            urls: if url_source {
                Some(guard(&variables, "allowed_origins", &listed)?)
            } else {
                None
            },
            base: base
                .map(|base| guard(&variables, "lambda_edge", &[base]))
                .transpose()?,
            mount,
            forwarding: forwarding(&variables)?,
            origin_timeout: variables.time("origin_timeout", ORIGIN_TIMEOUT_DEFAULT)?,
            source_bytes_max: variables.bytes("max_allowed_size", SOURCE_BYTES_DEFAULT)?,
            output_bytes_max: OUTPUT_BYTES_MAX.min(memory_bytes_max),
            limits: Limits {
                source_pixels_max: variables
                    .megapixels("max_allowed_resolution", MEGAPIXELS_DEFAULT)?,
                output_pixels_max: variables
                    .megapixels("max_output_resolution", MEGAPIXELS_DEFAULT)?,
                output_side_max: variables.number("max_output_side", OUTPUT_SIDE_DEFAULT)?,
                memory_bytes_max: memory_bytes_max - memory_bytes_max / COMPONENT_SHARE,
                frames_max: variables.number("max_animation_frames", FRAMES_DEFAULT)?,
                animation_pixels_max: variables
                    .megapixels("max_animation_resolution", ANIMATION_MEGAPIXELS_DEFAULT)?,
                truncated: if variables.is_on("fail_on_truncated")? {
                    Truncated::Refuse
                } else {
                    Truncated::Render
                },
            },
            store: variables
                .text("key_value_store")
                .unwrap_or_else(|| STORE_DEFAULT.to_owned()),
            entry_bytes_max: variables.bytes("key_value_entry_bytes", ENTRY_BYTES_DEFAULT)?,
        })
    }
}

/// Without a key nobody gets anything, unless the operator has said that everybody may.
fn keyring(variables: &Variables<'_>) -> Result<Keyring, SettingError> {
    let unsigned = variables.is_on("allow_unsigned")?;
    let keyring = match (variables.text("signing_key"), unsigned) {
        (Some(keys), false) => {
            // One a line is how they stand in a file.
            let keys: Vec<&str> = keys
                .lines()
                .map(str::trim)
                .filter(|key| !key.is_empty())
                .collect();
            Keyring::parse(&keys.join(","))
                .map_err(|error| SettingError::new("signing_key", error.to_string()))?
        }
        (None, true) => return Ok(Keyring::unsigned()),
        (Some(_), true) => {
            return Err(SettingError::new(
                "allow_unsigned",
                "not together with a key: either URLs are signed or they are not",
            ));
        }
        (None, false) => {
            return Err(SettingError::new(
                "signing_key",
                "missing: give a key of at least 32 bytes",
            ));
        }
    };
    Ok(if variables.is_on("require_expiry")? {
        keyring.require_expiry()
    } else {
        keyring
    })
}

/// The Lambda@Edge dialect, and where its originals are if not in the mount.
fn dialect(
    variables: &Variables<'_>,
    mount: Option<&str>,
) -> Result<(Option<LambdaEdge>, Option<String>), SettingError> {
    let Some(source) = variables.text("lambda_edge") else {
        return Ok((None, None));
    };
    let refuse = |name, why: String| SettingError::new(name, why);
    if source == "mount" && mount.is_none() {
        return Err(refuse(
            "lambda_edge",
            "`mount` is named, and there is no mount".to_owned(),
        ));
    }
    let base = (source != "mount").then_some(source);
    let mut settings = lambda_edge::Settings::default();
    if let Some(url) = &base {
        settings.base = Base::Url(url.clone());
    }
    if let Some(prefix) = variables.text("lambda_edge_prefix") {
        settings.path_prefix = prefix;
    }
    if let Some(sizes) = variables.text("lambda_edge_sizes") {
        let sizes: Result<_, _> = sizes.split(',').map(|size| size.trim().parse()).collect();
        settings.sizes = sizes.map_err(|error: request::error::EdgeConfigError| {
            refuse("lambda_edge_sizes", error.to_string())
        })?;
    }
    if let Some(size) = variables.text("lambda_edge_default") {
        settings.default_size =
            size.parse()
                .map_err(|error: request::error::EdgeConfigError| {
                    refuse("lambda_edge_default", error.to_string())
                })?;
    }
    settings.tolerance_percent =
        variables.number("lambda_edge_tolerance", settings.tolerance_percent)?;
    let dialect =
        LambdaEdge::new(settings).map_err(|error| refuse("lambda_edge", error.to_string()))?;
    Ok((Some(dialect), base))
}

/// Of these entries; none at all stand for any public origin.
fn guard(
    variables: &Variables<'_>,
    name: &'static str,
    entries: &[String],
) -> Result<Guard, SettingError> {
    let entry = |entry: &String| {
        AllowedOrigin::parse(entry).map_err(|error| SettingError::new(name, error.to_string()))
    };
    let networks = if variables.is_on("allow_private_origins")? {
        Network::EVERYTHING.to_vec()
    } else {
        Vec::new()
    };
    Ok(Guard {
        allowed: entries.iter().map(entry).collect::<Result<_, _>>()?,
        rules: AddressRules::new(networks),
    })
}

fn forwarding(variables: &Variables<'_>) -> Result<Forwarding, SettingError> {
    let authorization = match variables.text("authorization") {
        Some(text) => {
            let mut value = http::HeaderValue::from_str(&text).map_err(|_| {
                SettingError::new("authorization", "has a character that no header can have")
            })?;
            value.set_sensitive(true);
            Authorization::Constant(value)
        }
        None if variables.is_on("enable_auth_forwarding")? => Authorization::Forwarded,
        None => Authorization::None,
    };
    Forwarding::new(&variables.list("forward_headers"), authorization)
        .map_err(|error| SettingError::new("forward_headers", error.to_string()))
}

#[cfg(test)]
mod tests;

//! The URLs of the published Lambda@Edge recipe, `/images/image.jpg?d=180x180`: off until a source is
//! named.

use clap::Args;
use request::dialect::lambda_edge::{self, Base, LambdaEdge, Size};

use super::ConfigError;
use super::check::refuse;
use super::sources;

/// What `--lambda-edge` says where originals are in the mount.
const MOUNT: &str = "mount";

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Lambda@Edge URLs")]
pub struct Settings {
    /// Answer /images/a.jpg?d=180x180, unsigned, in the configured sizes only. Originals are in the
    /// `mount`, or below a URL such as <https://bucket.s3.amazonaws.com> [default: not answered]
    #[arg(long, value_name = "mount|URL")]
    pub lambda_edge: Option<String>,

    /// Only paths below this one are of this kind [default: /images]
    #[arg(long, value_name = "PATH")]
    pub lambda_edge_prefix: Option<String>,

    /// Sizes that are made; the first that is near on both sides [default: 100x100,200x200,300x300,400x400]
    #[arg(long, value_name = "WxH,…", value_delimiter = ',')]
    pub lambda_edge_sizes: Option<Vec<String>>,

    /// Size for a request that is near none of them [default: 200x200]
    #[arg(long, value_name = "WxH")]
    pub lambda_edge_default: Option<String>,

    /// How many percent each side may be off [default: 20]
    #[arg(long, value_name = "PERCENT")]
    pub lambda_edge_tolerance: Option<u8>,
}

/// The dialect, and where its originals are.
#[derive(Debug, Clone)]
pub struct Config {
    /// The dialect.
    pub dialect: LambdaEdge,
    /// Where originals are, if not in the mount.
    pub base_url: Option<String>,
}

impl Settings {
    /// The defaults where nothing was said, and what may not be, refused.
    pub(super) fn check(self, sources: &sources::Config) -> Result<Option<Config>, ConfigError> {
        let Some(source) = self.lambda_edge else {
            return Ok(None);
        };
        if source == MOUNT && sources.mount.is_none() {
            return Err(refuse(
                "lambda-edge",
                "`mount` is named, and there is no --mount",
            ));
        }
        let base_url = (source != MOUNT).then_some(source);
        let mut settings = lambda_edge::Settings::default();
        if let Some(url) = &base_url {
            settings.base = Base::Url(url.clone());
        }
        if let Some(prefix) = self.lambda_edge_prefix {
            settings.path_prefix = prefix;
        }
        if let Some(sizes) = &self.lambda_edge_sizes {
            settings.sizes = sizes
                .iter()
                .map(|text| size("lambda-edge-sizes", text))
                .collect::<Result<_, _>>()?;
        }
        if let Some(text) = &self.lambda_edge_default {
            settings.default_size = size("lambda-edge-default", text)?;
        }
        if let Some(percent) = self.lambda_edge_tolerance {
            settings.tolerance_percent = percent;
        }
        let dialect =
            LambdaEdge::new(settings).map_err(|error| refuse("lambda-edge", error.to_string()))?;
        Ok(Some(Config { dialect, base_url }))
    }
}

fn size(setting: &'static str, text: &str) -> Result<Size, ConfigError> {
    text.trim()
        .parse()
        .map_err(|error: request::error::EdgeConfigError| refuse(setting, error.to_string()))
}

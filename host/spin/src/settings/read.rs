//! The text of a variable becomes a value, or a sentence that says what is allowed.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use request::dialect::imaginary::Endpoint;
use request::negotiate::AUTO_FORMATS;
use request::operation::Format;

/// The server's own pages that can be switched off.
const PAGES: [&str; 1] = ["health"];
/// A year, as in imaginary.
const CACHE_TTL_SECONDS_MAX: i64 = 31_556_926;

/// A variable has a value that it may not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    name: &'static str,
    why: String,
}

impl SettingError {
    pub(super) fn new(name: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { name, why }
    }
}

impl Display for SettingError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "variable {}: {}", self.name, self.why)
    }
}

impl std::error::Error for SettingError {}

/// Where variables come from.
pub(super) struct Variables<'a>(pub(super) &'a dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    /// What was set. Manifests cannot leave a variable out, only empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = (self.0)(name)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Values with commas between.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        let entries = text.split(',').map(str::trim);
        entries
            .filter(|entry| !entry.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Off unless it is said to be on.
    pub(super) fn is_on(&self, name: &'static str) -> Result<bool, SettingError> {
        Ok(self.switch(name)?.unwrap_or(false))
    }

    pub(super) fn switch(&self, name: &'static str) -> Result<Option<bool>, SettingError> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(other) => Err(SettingError::new(
                name,
                format!("`{other}` is neither true nor false"),
            )),
        }
    }

    pub(super) fn number<T: FromStr<Err: Display>>(
        &self,
        name: &'static str,
        default: T,
    ) -> Result<T, SettingError> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        text.parse()
            .map_err(|error| SettingError::new(name, format!("`{text}`: {error}")))
    }

    /// 0 means the default, since nothing is unlimited.
    pub(super) fn bytes(&self, name: &'static str, default: u64) -> Result<u64, SettingError> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        let size: bytesize::ByteSize = text.parse().map_err(|_| {
            let why = format!("`{text}` is not a size such as 1048576, 512MiB or 10GB");
            SettingError::new(name, why)
        })?;
        Ok(Some(size.as_u64())
            .filter(|bytes| *bytes > 0)
            .unwrap_or(default))
    }

    pub(super) fn time(
        &self,
        name: &'static str,
        default: Duration,
    ) -> Result<Duration, SettingError> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        if let Ok(seconds) = text.parse() {
            return Ok(Duration::from_secs(seconds));
        }
        humantime::parse_duration(&text).map_err(|_| {
            SettingError::new(
                name,
                format!("`{text}` is not a time such as 30, 30s or 500ms"),
            )
        })
    }

    /// The upper end is 65535 x 65535, the largest picture that JPEG can say.
    pub(super) fn megapixels(&self, name: &'static str, default: f64) -> Result<u64, SettingError> {
        let megapixels = self.number(name, default)?;
        if !(0.000_001..=4_294.836_225).contains(&megapixels) {
            let why = format!("{megapixels} is not between 0.000001 and 4294.8 megapixels");
            return Err(SettingError::new(name, why));
        }
        Ok((megapixels * 1e6).round() as u64)
    }

    pub(super) fn cache_ttl(&self) -> Result<Option<u32>, SettingError> {
        match self.number("http_cache_ttl", -1)? {
            -1 => Ok(None),
            seconds @ 0..=CACHE_TTL_SECONDS_MAX => Ok(Some(seconds as u32)),
            seconds => Err(SettingError::new(
                "http_cache_ttl",
                format!("{seconds} is not between -1 and {CACHE_TTL_SECONDS_MAX}"),
            )),
        }
    }

    /// Empty, or with a slash in front and none behind.
    pub(super) fn path_prefix(&self) -> Result<String, SettingError> {
        let text = self.text("path_prefix").unwrap_or_default();
        let inner = text.trim_matches('/');
        if inner.is_empty() {
            return Ok(String::new());
        }
        let is_plain = |part: &str| {
            let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            !matches!(part, "" | "." | "..") && part.bytes().all(letters)
        };
        if !inner.split('/').all(is_plain) {
            let why = format!("`{text}` is no path of letters, digits and -._~ such as /api/v1");
            return Err(SettingError::new("path_prefix", why));
        }
        Ok(format!("/{inner}"))
    }

    /// Image endpoints and pages that are switched off. A name that is mistyped would leave open what was to
    /// be closed.
    pub(super) fn disabled_endpoints(
        &self,
    ) -> Result<(Vec<Endpoint>, Vec<&'static str>), SettingError> {
        let (mut endpoints, mut pages) = (Vec::new(), Vec::new());
        for name in self.list("disable_endpoints") {
            if let Some(endpoint) = Endpoint::by_name(&name) {
                endpoints.push(endpoint);
            } else if let Some(page) = PAGES.into_iter().find(|page| *page == name) {
                pages.push(page);
            } else if name != "form" {
                let names = Endpoint::ALL.map(Endpoint::name).into_iter().chain(PAGES);
                let names = names.collect::<Vec<_>>().join(", ");
                let why = format!("there is no `{name}`; there are {names}");
                return Err(SettingError::new("disable_endpoints", why));
            }
        }
        Ok((endpoints, pages))
    }

    /// What `type=auto` offers. AVIF is waited for where it is offered: nothing here outlives a request that
    /// could make it meanwhile.
    pub(super) fn auto_formats(&self) -> Result<Vec<Format>, SettingError> {
        let names = self.list("auto_formats");
        if names.is_empty() {
            return Ok(AUTO_FORMATS.to_vec());
        }
        let format = |name: &String| match name.to_ascii_lowercase().as_str() {
            "avif" => Ok(Format::Avif),
            "webp" => Ok(Format::Webp),
            "png" => Ok(Format::Png),
            "jpeg" | "jpg" => Ok(Format::Jpeg),
            _ => {
                let why = format!("`{name}` is none of avif, webp, png, jpeg");
                Err(SettingError::new("auto_formats", why))
            }
        };
        names.iter().map(format).collect()
    }
}

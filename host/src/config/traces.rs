//! Where traces go, and how many requests are recorded. OpenTelemetry's own variables are taken where no
//! setting says anything: <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>.

use clap::Args;
use url::Url;

use super::ConfigError;
use super::check::refuse;
use super::settings::Settings as All;

/// Below a collector's address.
const PATH: &str = "v1/traces";
/// OpenTelemetry's own default: every trace that begins here.
const RATIO_DEFAULT: f64 = 1.0;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Traces")]
pub struct Settings {
    /// Collector that traces are sent to by OTLP over HTTP, such as `http://collector:4318`
    /// (or `OTEL_EXPORTER_OTLP_ENDPOINT`) [default: none]
    #[arg(long, value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// Part of the requests that are recorded, from 0 to 1, where the client has not decided
    /// (or `OTEL_TRACES_SAMPLER_ARG`) [default: 1]
    #[arg(long, value_name = "RATIO")]
    pub trace_ratio: Option<f64>,

    /// The whole address, which a variable may give.
    #[arg(skip)]
    whole: Option<String>,
    /// Whether a variable switches it all off.
    #[arg(skip)]
    off: bool,
}

/// Where traces go, and how many.
#[derive(Debug, Clone)]
pub struct Config {
    /// The collector, path included.
    pub endpoint: Url,
    /// Part of the requests that are recorded where the client has not decided.
    pub ratio: f64,
}

impl Settings {
    /// What may not be, refused. `None` where there is no collector.
    pub(super) fn check(self) -> Result<Option<Config>, ConfigError> {
        let ratio = self.trace_ratio.unwrap_or(RATIO_DEFAULT);
        if !(0.0..=1.0).contains(&ratio) {
            let reason = format!("{ratio} is no part of the requests; 0 is none, 1 is all");
            return Err(refuse("trace-ratio", reason));
        }
        let (text, path) = match (self.otlp_endpoint, self.whole) {
            _ if self.off => return Ok(None),
            (Some(base), _) => (base, PATH),
            (None, Some(whole)) => (whole, ""),
            (None, None) => return Ok(None),
        };
        let endpoint = endpoint(&text, path).map_err(|reason| {
            refuse(
                "otlp-endpoint",
                format!("`{text}` {reason}; http://collector:4318 is one"),
            )
        })?;
        Ok(Some(Config { endpoint, ratio }))
    }
}

fn endpoint(text: &str, path: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(text).map_err(|_| "is no URL")?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err("is no http:// or https:// URL");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a password; OTEL_EXPORTER_OTLP_HEADERS is the place for one");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has more than a path");
    }
    if !path.is_empty() {
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/{path}"));
    }
    Ok(url)
}

impl All {
    /// Lay what was said over OpenTelemetry's variables.
    pub fn over_opentelemetrys_variables(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let said = |name: &str| variable(name).filter(|value| !value.is_empty());
        let traces = &mut self.traces;
        traces.off =
            said("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if said("OTEL_TRACES_EXPORTER").is_none_or(|value| value != "none") {
            traces.whole = said("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
            if traces.whole.is_none() && traces.otlp_endpoint.is_none() {
                traces.otlp_endpoint = said("OTEL_EXPORTER_OTLP_ENDPOINT");
            }
        }
        if traces.trace_ratio.is_none() {
            traces.trace_ratio = ratio(&said)?;
        }
        Ok(self)
    }
}

fn ratio(said: &impl Fn(&str) -> Option<String>) -> Result<Option<f64>, ConfigError> {
    match said("OTEL_TRACES_SAMPLER").as_deref() {
        Some("parentbased_always_on") => Ok(Some(1.0)),
        Some("parentbased_always_off") => Ok(Some(0.0)),
        None | Some("parentbased_traceidratio") => said("OTEL_TRACES_SAMPLER_ARG")
            .map(|text| {
                let wrong = |_| format!("OTEL_TRACES_SAMPLER_ARG is `{text}`, which is no number");
                let ratio = text.parse().map_err(wrong);
                ratio.map_err(|reason| refuse("trace-ratio", reason))
            })
            .transpose(),
        Some(other) => Err(refuse(
            "trace-ratio",
            format!(
                "OTEL_TRACES_SAMPLER is `{other}`; a client's decision always holds here: \
                 parentbased_always_on, parentbased_always_off, parentbased_traceidratio"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(endpoint: &str, variables: &[(&str, &str)]) -> Result<Option<Config>, ConfigError> {
        let mut settings = All::default();
        settings.traces.otlp_endpoint = (!endpoint.is_empty()).then(|| endpoint.to_owned());
        let variable = |name: &str| {
            let said = variables.iter().find(|(other, _)| *other == name);
            said.map(|(_, value)| (*value).to_owned())
        };
        let settings = settings.over_opentelemetrys_variables(variable)?;
        settings.traces.check()
    }

    fn endpoint_of(endpoint: &str, variables: &[(&str, &str)]) -> Option<String> {
        let config = check(endpoint, variables).unwrap();
        config.map(|config| config.endpoint.to_string())
    }

    #[test]
    fn an_address_is_that_of_a_collector_or_of_its_traces() {
        let (base, whole) = (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        );
        for (flag, variables, endpoint) in [
            ("", &[][..], None),
            ("http://a:4318", &[], Some("http://a:4318/v1/traces")),
            ("https://a/b/", &[], Some("https://a/b/v1/traces")),
            ("", &[(base, "http://c:1")], Some("http://c:1/v1/traces")),
            (
                "",
                &[(base, "http://c:1"), (whole, "http://d/x")],
                Some("http://d/x"),
            ),
            (
                "http://a",
                &[(base, "http://c")],
                Some("http://a/v1/traces"),
            ),
            (
                "http://a",
                &[(whole, "http://d/x")],
                Some("http://a/v1/traces"),
            ),
            ("http://a", &[("OTEL_SDK_DISABLED", "true")], None),
            (
                "",
                &[(base, "http://c"), ("OTEL_TRACES_EXPORTER", "none")],
                None,
            ),
        ] {
            assert_eq!(
                endpoint_of(flag, variables).as_deref(),
                endpoint,
                "{flag} {variables:?}"
            );
        }
        for wrong in [
            "collector:4318",
            "collector",
            "ftp://a",
            "http://",
            "http://u:p@a",
            "http://a?b",
        ] {
            let error = check(wrong, &[]).unwrap_err().to_string();
            assert!(error.starts_with("--otlp-endpoint: "), "{error}");
        }
    }

    #[test]
    fn a_ratio_is_a_part_obeyed_and_violated() {
        let of = |variables: &[(&str, &str)]| {
            check("http://a", variables).map(|config| config.unwrap().ratio)
        };
        let (sampler, arg) = ("OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG");
        for (variables, ratio) in [
            (&[][..], 1.0),
            (&[(arg, "0.25")], 0.25),
            (&[(sampler, "parentbased_traceidratio"), (arg, "0")], 0.0),
            (&[(sampler, "parentbased_always_off"), (arg, "1")], 0.0),
        ] {
            assert!(
                (of(variables).unwrap() - ratio).abs() < 1e-9,
                "{variables:?}"
            );
        }
        for wrong in [
            (arg, "1.5"),
            (arg, "-0.1"),
            (arg, "NaN"),
            (arg, "some"),
            (sampler, "always_on"),
        ] {
            let error = of(&[wrong]).unwrap_err().to_string();
            assert!(error.starts_with("--trace-ratio: "), "{error}");
        }
    }
}

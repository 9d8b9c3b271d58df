//! How long a source may be believed (RFC 9111, 4.2, and RFC 5861). What an origin said comes in, and the
//! time; out come the moment until which the source is fresh, and how long it may be used after that. No
//! clock is read here.

use std::time::{Duration, SystemTime};

use crate::origins::Said;

/// Nothing is believed for longer: a year, as caches do.
const FRESH_MAX: Duration = Duration::from_hours(365 * 24);
/// A heuristic guess may be no longer (RFC 9111, 4.2.2).
const HEURISTIC_MAX: Duration = Duration::from_hours(24);
/// The share of its age for which an unchanged source is guessed to stay so (RFC 9111, 4.2.2).
const HEURISTIC_SHARE: u32 = 10;

/// What the operator says about believing origins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trust {
    /// Where an origin says nothing, and nothing can be guessed.
    pub fresh_default: Duration,
    /// At least this long, whatever an origin says.
    pub fresh_min: Duration,
    /// After that, used while it is asked whether it has changed; origins may say otherwise.
    pub while_revalidate: Duration,
    /// After that, used while its origin fails; origins may say otherwise.
    pub if_error: Duration,
}

/// Until when a source may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Freshness {
    /// Without asking.
    pub(super) fresh: SystemTime,
    /// While asking.
    pub(super) stale: SystemTime,
    /// While nobody answers.
    pub(super) last_resort: SystemTime,
}

/// What an origin lets a shared cache do with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Keep it.
    Keep(Freshness),
    /// Use it for the requests that are waiting, and forget it (`no-store`, `private`).
    Forget,
}

/// Judge what was said at `now`.
pub(super) fn judge(said: &Said, trust: &Trust, now: SystemTime) -> Judgement {
    let control = Control::read(said.cache_control.as_deref().unwrap_or_default());
    if control.forbids_keeping && trust.fresh_min.is_zero() {
        return Judgement::Forget;
    }
    let must_ask = control.must_ask || control.forbids_keeping || varies_by_anything(said);
    let lifetime = if must_ask {
        Duration::ZERO
    } else {
        lifetime(said, &control, trust, now)
    };
    let left = lifetime
        .min(FRESH_MAX)
        .saturating_sub(age(said, now))
        .max(trust.fresh_min);
    let fresh_until = now + left.min(FRESH_MAX);
    // A source that must be asked about is never used while it is asked about.
    let stale = |own: Option<Duration>, default: Duration| {
        if control.never_stale {
            Duration::ZERO
        } else {
            own.unwrap_or(default).min(FRESH_MAX)
        }
    };
    Judgement::Keep(Freshness {
        fresh: fresh_until,
        stale: fresh_until + stale(control.while_revalidate, trust.while_revalidate),
        last_resort: fresh_until + stale(control.if_error, trust.if_error),
    })
}

/// RFC 9111, 4.2.1: the first of these that says something.
fn lifetime(said: &Said, control: &Control, trust: &Trust, now: SystemTime) -> Duration {
    if let Some(lifetime) = control.shared_max_age.or(control.max_age) {
        return lifetime;
    }
    let date = date(said, now);
    if let Some(expires) = &said.expires {
        // What cannot be read is a time in the past.
        let expires = httpdate::parse_http_date(expires).unwrap_or(SystemTime::UNIX_EPOCH);
        return expires.duration_since(date).unwrap_or_default();
    }
    let modified = said
        .last_modified
        .as_deref()
        .and_then(|text| httpdate::parse_http_date(text).ok());
    match modified.and_then(|modified| date.duration_since(modified).ok()) {
        Some(unchanged_for) => (unchanged_for / HEURISTIC_SHARE).min(HEURISTIC_MAX),
        None => trust.fresh_default,
    }
}

/// RFC 9111, 4.2.3: what caches on the way say, or what the origin's clock says, whichever is more. The
/// answer has only just come, so its own time on the way is nothing.
fn age(said: &Said, now: SystemTime) -> Duration {
    let told = said
        .age
        .as_deref()
        .and_then(seconds)
        .unwrap_or(Duration::ZERO);
    let apparent = now.duration_since(date(said, now)).unwrap_or_default();
    told.max(apparent)
}

fn date(said: &Said, now: SystemTime) -> SystemTime {
    said.date
        .as_deref()
        .and_then(|text| httpdate::parse_http_date(text).ok())
        .unwrap_or(now)
}

/// `Vary: *` never matches. Every other header that an origin sees is always the same, or part of the
/// source's name.
fn varies_by_anything(said: &Said) -> bool {
    said.vary
        .as_deref()
        .is_some_and(|names| names.split(',').any(|name| name.trim() == "*"))
}

/// `Cache-Control` as far as a shared cache of sources cares.
#[derive(Debug, Default)]
struct Control {
    forbids_keeping: bool,
    must_ask: bool,
    never_stale: bool,
    max_age: Option<Duration>,
    shared_max_age: Option<Duration>,
    while_revalidate: Option<Duration>,
    if_error: Option<Duration>,
}

impl Control {
    fn read(text: &str) -> Self {
        let mut control = Self::default();
        for directive in text.split(',') {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" | "private" => control.forbids_keeping = true,
                "no-cache" => {
                    control.must_ask = true;
                    control.never_stale = true;
                }
                "must-revalidate" | "proxy-revalidate" => control.never_stale = true,
                "max-age" => shortest(&mut control.max_age, value),
                "s-maxage" => {
                    // It means proxy-revalidate as well (RFC 9111, 5.2.2.10).
                    control.never_stale = true;
                    shortest(&mut control.shared_max_age, value);
                }
                "stale-while-revalidate" => shortest(&mut control.while_revalidate, value),
                "stale-if-error" => shortest(&mut control.if_error, value),
                _ => {}
            }
        }
        control
    }
}

/// Said twice, the shorter time counts; what is no number is none (RFC 9111, 4.2.1).
fn shortest(time: &mut Option<Duration>, value: &str) {
    let said = seconds(value).unwrap_or(Duration::ZERO);
    *time = Some(time.map_or(said, |before| before.min(said)));
}

/// Whole seconds; more than fit are the most that caches can say (RFC 9111, 1.2.2).
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))))
}

#[cfg(test)]
mod tests;

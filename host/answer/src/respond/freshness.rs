//! How long others may keep an answer, and how old it is: `Cache-Control`, `Age` and `Cache-Status`
//! (RFC 9111, RFC 9211). Times come in; nothing here reads a clock.

use std::time::SystemTime;

use http::header::{AGE, CACHE_CONTROL};
use http::{HeaderMap, HeaderValue};
use request::image_request::{ImageRequest, Source};
use request::signature::Keyring;

use super::{CACHE_STATUS, insert, seconds};

/// A year, the longest that caches take seriously (RFC 9111 has no bound, older HTTP had this one).
const SIGNED_MAX_AGE_SECONDS: u64 = 31_536_000;
/// The same, as it is nearly always said.
const SIGNED: &str = "public, max-age=31536000, immutable";
/// An unsigned URL promises nothing about its picture: a day.
const UNSIGNED_MAX_AGE_SECONDS: u64 = 86_400;
/// About what it takes until the better one is made, on a server that has time for it.
const STOPGAP_MAX_AGE_SECONDS: u64 = 30;

/// How long an answer may be kept by others.
#[derive(Debug, Clone, Copy)]
pub enum Freshness {
    /// The URL was signed: it means the same for ever, or until it expires (seconds from now).
    Signed(Option<u64>),
    /// Anybody may ask anything.
    Unsigned,
    /// Something better is being made; until the URL expires (seconds from now) at most.
    Stopgap(Option<u64>),
    /// An upload's answer belongs to the client that sent it, and what an origin lets nobody keep to those
    /// who asked.
    Private,
}

/// Which tier of a host's own cache had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Memory.
    Memory,
    /// The disk.
    Disk,
}

/// Where a rendition came from, in the words of RFC 9211.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// From the cache.
    Hit(Tier),
    /// From a store that many share.
    HitElsewhere,
    /// Not even looked at: the client named the tag that it has.
    Unchanged,
    /// Made for this request, and kept.
    Stored,
    /// Made for this request, and not kept: the cache refused it.
    NotStored,
    /// Made for another request that came first.
    Collapsed,
    /// Made from an upload, which is never kept.
    Bypass,
}

impl Outcome {
    /// What stands in `Cache-Status` before and behind the seconds of freshness.
    const fn cache_status(self) -> (&'static str, &'static str) {
        match self {
            Self::Hit(Tier::Memory) => ("darkroom; hit", "; detail=memory"),
            Self::Hit(Tier::Disk) => ("darkroom; hit", "; detail=disk"),
            Self::HitElsewhere => ("darkroom; hit", "; detail=store"),
            Self::Unchanged => ("darkroom; hit", "; detail=etag"),
            Self::Stored => ("darkroom; fwd=miss; stored", ""),
            Self::NotStored => ("darkroom; fwd=miss", ""),
            Self::Collapsed => ("darkroom; fwd=miss; collapsed", ""),
            Self::Bypass => ("darkroom; fwd=bypass", ""),
        }
    }
}

/// Everything about an answer that is not the rendition itself.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// Where the rendition came from.
    pub outcome: Outcome,
    /// How long others may keep it.
    pub freshness: Freshness,
    /// Whether `Accept` was asked.
    pub negotiated: bool,
    /// When the request came, in seconds since 1970.
    pub now_s: u64,
}

impl Circumstances {
    /// Of an answer that the URL alone decides, at `now`. It is a hit until somebody says otherwise, unless
    /// it is an upload's.
    pub fn of(
        (request, negotiated): (&ImageRequest, bool),
        keyring: &Keyring,
        now: SystemTime,
    ) -> Self {
        let is_upload = matches!(request.source, Source::Upload);
        let now_s = seconds(now);
        let left = |end: u64| end.saturating_sub(now_s);
        let freshness = match (is_upload, keyring.is_unsigned()) {
            (true, _) => Freshness::Private,
            (false, true) => Freshness::Unsigned,
            (false, false) => Freshness::Signed(request.expires.map(left)),
        };
        let outcome = if is_upload {
            Outcome::Bypass
        } else {
            Outcome::Hit(Tier::Memory)
        };
        Self {
            outcome,
            freshness,
            negotiated,
            now_s,
        }
    }

    /// Of an answer at `now` to an unsigned URL that `Accept` has no say in.
    pub fn unsigned(outcome: Outcome, now: SystemTime) -> Self {
        Self {
            outcome,
            freshness: Freshness::Unsigned,
            negotiated: false,
            now_s: seconds(now),
        }
    }

    /// Something better is being made.
    pub const fn shorten(&mut self) {
        self.freshness = match self.freshness {
            Freshness::Signed(left) | Freshness::Stopgap(left) => Freshness::Stopgap(left),
            Freshness::Unsigned => Freshness::Stopgap(None),
            Freshness::Private => Freshness::Private,
        };
    }

    /// Say so of a rendition made at `made_at_s`.
    pub(super) fn write(&self, made_at_s: u64, headers: &mut HeaderMap) {
        // A rendition from the future was made before the clock was set back: it is new.
        let age = self.freshness.age(self.now_s.saturating_sub(made_at_s));
        let max_age = self.freshness.max_age(age);
        headers.insert(CACHE_CONTROL, self.freshness.cache_control(max_age));
        let (before, behind) = self.outcome.cache_status();
        if matches!(
            self.outcome,
            Outcome::Hit(_) | Outcome::HitElsewhere | Outcome::Unchanged
        ) {
            headers.insert(AGE, HeaderValue::from(age));
            let ttl = max_age.saturating_sub(age);
            insert(
                headers,
                CACHE_STATUS,
                &format!("{before}; ttl={ttl}{behind}"),
            );
        } else {
            headers.insert(CACHE_STATUS, HeaderValue::from_static(before));
        }
    }
}

impl Freshness {
    /// What is said of an age. Where the end of the URL's life bounds the freshness, the rendition counts
    /// as confirmed just now (RFC 9111, 4.2.3), which it is: with its real age, one that was made long ago
    /// would be stale on arrival, and with the age added to its life, whoever ignores `Age` would keep it
    /// for longer than its URL lives.
    const fn age(self, age: u64) -> u64 {
        match self {
            Self::Signed(Some(left)) if left < SIGNED_MAX_AGE_SECONDS => 0,
            Self::Stopgap(Some(left)) if left < STOPGAP_MAX_AGE_SECONDS => 0,
            Self::Signed(_) | Self::Unsigned | Self::Stopgap(_) | Self::Private => age,
        }
    }

    /// A cache downstream subtracts `Age`. An unsigned URL's source was compared just now, however long
    /// ago its rendition was made: it is good for a day from now, so the age is added.
    const fn max_age(self, age: u64) -> u64 {
        match self {
            Self::Signed(Some(left)) if left < SIGNED_MAX_AGE_SECONDS => left,
            Self::Signed(_) => SIGNED_MAX_AGE_SECONDS,
            Self::Unsigned => UNSIGNED_MAX_AGE_SECONDS.saturating_add(age),
            Self::Stopgap(Some(left)) if left < STOPGAP_MAX_AGE_SECONDS => left,
            Self::Stopgap(_) => STOPGAP_MAX_AGE_SECONDS.saturating_add(age),
            Self::Private => 0,
        }
    }

    fn cache_control(self, max_age: u64) -> HeaderValue {
        let text = match self {
            Self::Signed(_) if max_age == SIGNED_MAX_AGE_SECONDS => {
                return HeaderValue::from_static(SIGNED);
            }
            Self::Signed(_) => format!("public, max-age={max_age}, immutable"),
            Self::Unsigned | Self::Stopgap(_) => format!("public, max-age={max_age}"),
            Self::Private => return HeaderValue::from_static("private, no-store"),
        };
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("no-store"))
    }
}

/// Put another time to live in the place of the one that `Cache-Status` has, if it has one.
pub(super) fn tell_ttl(status: &mut HeaderValue, seconds: u64) {
    const TTL: &str = "; ttl=";
    let said = status.to_str().ok().and_then(|said| said.split_once(TTL));
    let Some((before, behind)) = said else { return };
    let behind = behind.trim_start_matches(|letter: char| letter.is_ascii_digit());
    if let Ok(told) = HeaderValue::from_str(&format!("{before}{TTL}{seconds}{behind}")) {
        *status = told;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(freshness: Freshness, outcome: Outcome, made_at_s: u64) -> [Option<String>; 3] {
        let mut headers = HeaderMap::new();
        Circumstances {
            outcome,
            negotiated: false,
            freshness,
            now_s: 1000,
        }
        .write(made_at_s, &mut headers);
        [CACHE_CONTROL, AGE, CACHE_STATUS]
            .map(|name| Some(headers.get(name)?.to_str().unwrap().to_owned()))
    }

    fn said(lines: [&str; 3]) -> [Option<String>; 3] {
        lines.map(|line| (!line.is_empty()).then(|| line.to_owned()))
    }

    #[test]
    fn signed_for_ever_and_signed_for_a_while() {
        let hit = Outcome::Hit(Tier::Memory);
        assert_eq!(
            written(Freshness::Signed(None), hit, 990),
            said([SIGNED, "10", "darkroom; hit; ttl=31535990; detail=memory"])
        );
        assert_eq!(
            written(Freshness::Signed(Some(60)), Outcome::Hit(Tier::Disk), 990),
            said([
                "public, max-age=60, immutable",
                "0",
                "darkroom; hit; ttl=60; detail=disk"
            ])
        );
        assert_eq!(
            written(Freshness::Signed(Some(u64::MAX)), Outcome::Stored, 1000),
            said([SIGNED, "", "darkroom; fwd=miss; stored"])
        );
    }

    #[test]
    fn unsigned_is_good_for_a_day_from_now() {
        assert_eq!(
            written(Freshness::Unsigned, Outcome::Hit(Tier::Memory), 0),
            said([
                "public, max-age=87400",
                "1000",
                "darkroom; hit; ttl=86400; detail=memory"
            ])
        );
    }

    #[test]
    fn a_stopgap_is_not_kept_for_long() {
        let hit = Outcome::Hit(Tier::Memory);
        for (left, age, control) in [
            (None, 0, "public, max-age=30"),
            (None, 1000, "public, max-age=1030"),
            (Some(29), 1000, "public, max-age=29"),
            (Some(31), 0, "public, max-age=30"),
        ] {
            let [said, ..] = written(Freshness::Stopgap(left), hit, 1000 - age);
            assert_eq!(said.as_deref(), Some(control), "{left:?} {age}");
        }
    }

    #[test]
    fn a_clock_set_back_makes_nothing_older() {
        let [_, age, _] = written(Freshness::Unsigned, Outcome::Hit(Tier::Disk), 5000);
        assert_eq!(age.as_deref(), Some("0"));
    }

    #[test]
    fn an_upload_is_nobody_elses() {
        assert_eq!(
            written(Freshness::Private, Outcome::Bypass, 1000),
            said(["private, no-store", "", "darkroom; fwd=bypass"])
        );
    }
}

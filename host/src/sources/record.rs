//! What is known of a source, beside its bytes: which version it is, what its origin said, and how long
//! that holds. Small enough to be kept in memory for many sources; on disk it is one line of JSON.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::freshness::Freshness;
use super::original::Version;
use crate::origins::Said;

/// What is known of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) version: Version,
    pub(super) said: Said,
    /// The tag of its entries, so that a purge finds it in memory too.
    pub(super) tag: u64,
    judged_at: Moment,
    fresh_until: Moment,
    stale_until: Moment,
    last_resort_until: Moment,
}

/// Milliseconds since 1970: a record outlives the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Moment(u64);

/// What may be done with a source that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may be used.
    Fresh,
    /// It may be used while its origin is asked.
    Stale,
    /// It may be used if its origin cannot be asked.
    LastResort,
    /// It may be used once its origin has confirmed it.
    Expired,
}

impl Record {
    /// Known since `now`.
    pub(super) fn new(
        (version, tag): (Version, u64),
        said: Said,
        freshness: &Freshness,
        now: SystemTime,
    ) -> Self {
        Self {
            version,
            said,
            tag,
            judged_at: Moment::at(now),
            fresh_until: Moment::at(freshness.fresh),
            stale_until: Moment::at(freshness.stale),
            last_resort_until: Moment::at(freshness.last_resort),
        }
    }

    /// What may be done with it at `now`. Where the clock was set back, nobody knows how long it has been.
    pub(super) fn standing(&self, now: SystemTime) -> Standing {
        let now = Moment::at(now);
        let clock_went_back = now < self.judged_at;
        match () {
            () if clock_went_back => Standing::Expired,
            () if now < self.fresh_until => Standing::Fresh,
            () if now < self.stale_until => Standing::Stale,
            () if now < self.last_resort_until => Standing::LastResort,
            () => Standing::Expired,
        }
    }

    /// What was said, with what the origin says now in front of it (RFC 9111, 4.3.4).
    pub(super) fn said_again(&self, now: Said) -> Said {
        let before = self.said.clone();
        Said {
            validator: now.validator.or(before.validator),
            last_modified: now.last_modified.or(before.last_modified),
            cache_control: now.cache_control.or(before.cache_control),
            expires: now.expires.or(before.expires),
            vary: now.vary.or(before.vary),
            // Of the answer itself and not of the source.
            date: now.date,
            age: now.age,
        }
    }

    /// What it takes in memory: about as much as on disk, and itself.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.encode().len()
    }

    /// For the disk.
    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From the disk; `None` where another version of the server has written it.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl Moment {
    fn at(time: SystemTime) -> Self {
        let since = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Self(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds)
    }

    fn record() -> Record {
        let freshness = Freshness {
            fresh: after(10),
            stale: after(20),
            last_resort: after(30),
        };
        let said = Said {
            validator: Some("\"e\"".to_owned()),
            cache_control: Some("max-age=10".to_owned()),
            age: Some("3".to_owned()),
            ..Said::default()
        };
        Record::new((Version::of(b"bytes"), 7), said, &freshness, after(0))
    }

    #[test]
    fn each_time_has_its_standing() {
        for (seconds, standing) in [
            (0, Standing::Fresh),
            (9, Standing::Fresh),
            (10, Standing::Stale),
            (19, Standing::Stale),
            (20, Standing::LastResort),
            (29, Standing::LastResort),
            (30, Standing::Expired),
        ] {
            assert_eq!(record().standing(after(seconds)), standing, "{seconds}");
        }
        let before = after(0) - Duration::from_secs(1);
        assert_eq!(
            record().standing(before),
            Standing::Expired,
            "the clock was set back"
        );
    }

    #[test]
    fn a_record_comes_back_from_the_disk_as_it_was() {
        assert_eq!(Record::decode(&record().encode()), Some(record()));
        for other in [&b""[..], b"{}", b"not json"] {
            assert_eq!(Record::decode(other), None);
        }
    }

    #[test]
    fn a_confirmation_changes_what_it_says_and_nothing_else() {
        let confirmed = record().said_again(Said {
            cache_control: Some("max-age=99".to_owned()),
            ..Said::default()
        });
        assert_eq!(confirmed.cache_control.as_deref(), Some("max-age=99"));
        assert_eq!(confirmed.validator.as_deref(), Some("\"e\""));
        assert_eq!(confirmed.age, None, "it is the age of another answer");
    }
}

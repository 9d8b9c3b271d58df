//! The rate of requests, by the generic cell rate algorithm (GCRA): one and a burst may come at once,
//! and each second lets so many more in. Counted for each endpoint and method, as imaginary does, or
//! for each client.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};

use super::Room;
use super::allowance::Allowance;
use super::states::States;
use crate::config::throttle::{Rate, Scope};

/// imaginary's own number. A key takes some 60 bytes, so 4 MB at worst.
const KEYS_MAX: usize = 65_536;

/// What is known of a request that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) room: Room,
    pub(super) posts: bool,
    pub(super) client: IpAddr,
}

/// What requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Room { room: Room, posts: bool },
    Client(IpAddr),
}

/// A rate, and how much of it is used up.
pub(super) struct Throttle<C: Clock = DefaultClock> {
    limiter: RateLimiter<Key, States<Key>, C, StateInformationMiddleware>,
    scope: Scope,
    quota: Quota,
}

impl Throttle {
    pub(super) fn new(rate: Rate) -> Self {
        Self::by_clock(rate, DefaultClock::default())
    }
}

impl<C: Clock> Throttle<C> {
    fn by_clock(rate: Rate, clock: C) -> Self {
        let at_once = NonZeroU32::MIN.saturating_add(rate.burst);
        let quota = Quota::per_second(rate.per_second).allow_burst(at_once);
        Self {
            limiter: RateLimiter::new(quota, States::new(KEYS_MAX), clock),
            scope: rate.scope,
            quota,
        }
    }

    /// Count a request; the error is the same account of one that is too many.
    pub(super) fn count(&self, counted: Counted) -> Result<Allowance, Allowance> {
        let key = match self.scope {
            Scope::Endpoint => Key::Room {
                room: counted.room,
                posts: counted.posts,
            },
            Scope::Client => Key::Client(counted.client),
        };
        let limit = self.quota.burst_size().get();
        let account = |remaining: u32, retry_after_seconds| Allowance {
            limit,
            remaining,
            reset_seconds: whole_seconds(
                self.quota.replenish_interval() * limit.saturating_sub(remaining),
            ),
            retry_after_seconds,
        };
        match self.limiter.check_key(&key) {
            Ok(state) => Ok(account(state.remaining_burst_capacity(), None)),
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.limiter.clock().now());
                Err(account(0, Some(whole_seconds(wait).max(1))))
            }
        }
    }
}

/// Rounded up: who comes back after them is let in.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;
    use request::dialect::imaginary::Endpoint;

    use super::*;

    fn throttle(per_second: u32, burst: u32, scope: Scope) -> Throttle<FakeRelativeClock> {
        let per_second = NonZeroU32::new(per_second).unwrap();
        let rate = Rate {
            per_second,
            burst,
            scope,
        };
        Throttle::by_clock(rate, FakeRelativeClock::default())
    }

    fn asked(endpoint: Endpoint, last: u8) -> Counted {
        Counted {
            room: Room::Endpoint(endpoint),
            posts: false,
            client: IpAddr::from([10, 0, 0, last]),
        }
    }

    #[test]
    fn one_and_the_burst_pass_and_then_the_rate() {
        let throttle = throttle(2, 3, Scope::Endpoint);
        let count = || throttle.count(asked(Endpoint::Crop, 1));
        for remaining in [3, 2, 1, 0] {
            let allowance = count().unwrap();
            assert_eq!((allowance.limit, allowance.remaining), (4, remaining));
            assert_eq!(allowance.retry_after_seconds, None);
        }
        let refused = count().unwrap_err();
        assert_eq!(refused.retry_after_seconds, Some(1));
        assert_eq!((refused.remaining, refused.reset_seconds), (0, 2));
        throttle.limiter.clock().advance(Duration::from_millis(500));
        assert!(count().is_ok());
        assert!(count().is_err());
    }

    #[test]
    fn endpoints_and_methods_are_counted_apart_or_clients_are() {
        let by_room = throttle(1, 0, Scope::Endpoint);
        assert!(by_room.count(asked(Endpoint::Crop, 1)).is_ok());
        assert!(by_room.count(asked(Endpoint::Crop, 2)).is_err());
        assert!(by_room.count(asked(Endpoint::Fit, 1)).is_ok());
        let post = Counted {
            posts: true,
            ..asked(Endpoint::Crop, 1)
        };
        assert!(by_room.count(post).is_ok());

        let by_client = throttle(1, 0, Scope::Client);
        assert!(by_client.count(asked(Endpoint::Crop, 1)).is_ok());
        assert!(by_client.count(asked(Endpoint::Fit, 1)).is_err());
        assert!(by_client.count(asked(Endpoint::Crop, 2)).is_ok());
    }

    #[test]
    fn nobody_waits_for_nothing() {
        let throttle = throttle(1000, 0, Scope::Endpoint);
        assert!(throttle.count(asked(Endpoint::Crop, 1)).is_ok());
        let refused = throttle.count(asked(Endpoint::Crop, 1)).unwrap_err();
        assert_eq!(refused.retry_after_seconds, Some(1), "never 0");
    }
}

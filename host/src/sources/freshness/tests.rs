//! What origins say, and how long they are believed.

use super::*;

const NOW: Duration = Duration::from_secs(1_700_000_000);

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + NOW
}

fn trust() -> Trust {
    Trust {
        fresh_default: Duration::from_mins(5),
        fresh_min: Duration::ZERO,
        while_revalidate: Duration::from_mins(1),
        if_error: Duration::from_mins(10),
    }
}

fn control(text: &str) -> Said {
    Said {
        cache_control: Some(text.to_owned()),
        ..Said::default()
    }
}

fn at(seconds_from_now: i64) -> String {
    let time = NOW.as_secs().checked_add_signed(seconds_from_now).unwrap();
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(time))
}

/// Seconds for which it is fresh, usable while it is asked about, and usable while nobody answers.
fn times(said: &Said, trust: &Trust) -> Option<(u64, u64, u64)> {
    let Judgement::Keep(freshness) = judge(said, trust, now()) else {
        return None;
    };
    let since =
        |later: SystemTime, earlier: SystemTime| later.duration_since(earlier).unwrap().as_secs();
    Some((
        since(freshness.fresh, now()),
        since(freshness.stale, freshness.fresh),
        since(freshness.last_resort, freshness.fresh),
    ))
}

#[test]
fn cache_control_decides() {
    for (text, expected) in [
        ("max-age=60", (60, 60, 600)),
        ("public, MAX-AGE = 60 , immutable", (60, 60, 600)),
        ("max-age=\"60\"", (60, 60, 600)),
        ("max-age=60, max-age=30", (30, 60, 600)),
        ("max-age=60, s-maxage=10", (10, 0, 0)),
        ("max-age=60, must-revalidate", (60, 0, 0)),
        ("max-age=60, proxy-revalidate", (60, 0, 0)),
        (
            "max-age=60, stale-while-revalidate=7, stale-if-error=9",
            (60, 7, 9),
        ),
        ("max-age=0", (0, 60, 600)),
        ("no-cache", (0, 0, 0)),
        ("no-cache, max-age=60", (0, 0, 0)),
        ("no-cache=\"set-cookie\"", (0, 0, 0)),
        ("max-age=never", (0, 60, 600)),
        ("max-age=-1", (0, 60, 600)),
        (
            "max-age=99999999999999999999",
            (FRESH_MAX.as_secs(), 60, 600),
        ),
        ("something-new=3, max-age=5", (5, 60, 600)),
        ("", (300, 60, 600)),
    ] {
        assert_eq!(times(&control(text), &trust()), Some(expected), "{text}");
    }
}

#[test]
fn what_may_not_be_kept_is_forgotten() {
    for text in [
        "no-store",
        "private",
        "max-age=60, no-store",
        "private, max-age=60",
    ] {
        assert_eq!(
            judge(&control(text), &trust(), now()),
            Judgement::Forget,
            "{text}"
        );
    }
}

#[test]
fn the_operator_may_know_better() {
    let trust = Trust {
        fresh_min: Duration::from_secs(20),
        ..trust()
    };
    for (text, fresh) in [
        ("no-store", 20),
        ("private, max-age=5", 20),
        ("no-cache", 20),
        ("max-age=21", 21),
    ] {
        assert_eq!(
            times(&control(text), &trust).map(|times| times.0),
            Some(fresh),
            "{text}"
        );
    }
}

#[test]
fn age_is_taken_off() {
    let aged = |age: &str| Said {
        age: Some(age.to_owned()),
        ..control("max-age=60")
    };
    for (age, left) in [("0", 60), ("59", 1), ("60", 0), ("61", 0), ("x", 60)] {
        assert_eq!(times(&aged(age), &trust()).unwrap().0, left, "{age}");
    }
    let dated = |seconds: i64| Said {
        date: Some(at(seconds)),
        ..control("max-age=60")
    };
    // An origin whose clock is ahead has not answered in the future.
    for (seconds, left) in [(-10, 50), (0, 60), (10, 60)] {
        assert_eq!(
            times(&dated(seconds), &trust()).unwrap().0,
            left,
            "{seconds}"
        );
    }
}

#[test]
fn expires_counts_from_the_origins_own_clock() {
    let said = |expires: &str, date: i64| Said {
        expires: Some(expires.to_owned()),
        date: Some(at(date)),
        ..Said::default()
    };
    assert_eq!(times(&said(&at(100), 0), &trust()).unwrap().0, 100);
    assert_eq!(times(&said(&at(200), 100), &trust()).unwrap().0, 100);
    for past in [at(-1), "0".to_owned(), "soon".to_owned()] {
        assert_eq!(times(&said(&past, 0), &trust()).unwrap().0, 0, "{past}");
    }
    let both = Said {
        expires: Some(at(100)),
        ..control("max-age=7")
    };
    assert_eq!(times(&both, &trust()).unwrap().0, 7, "max-age wins");
}

#[test]
fn without_a_word_its_own_age_is_a_guess() {
    let modified = |seconds: i64| Said {
        last_modified: Some(at(-seconds)),
        ..Said::default()
    };
    for (seconds, fresh) in [(1000, 100), (0, 0), (10_000_000, 86_400)] {
        assert_eq!(
            times(&modified(seconds), &trust()).unwrap().0,
            fresh,
            "{seconds}"
        );
    }
    let nonsense = Said {
        last_modified: Some("yesterday".to_owned()),
        ..Said::default()
    };
    assert_eq!(times(&nonsense, &trust()).unwrap().0, 300);
}

#[test]
fn what_varies_by_anything_is_asked_about_each_time() {
    for (vary, fresh) in [("*", 0), ("Accept, *", 0), ("Accept", 60)] {
        let said = Said {
            vary: Some(vary.to_owned()),
            ..control("max-age=60")
        };
        assert_eq!(times(&said, &trust()).unwrap().0, fresh, "{vary}");
    }
}

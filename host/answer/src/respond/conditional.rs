//! What a client says it has already, against what there is (RFC 9110, 13). Headers come in, a verdict
//! goes out. A header that cannot be read is as if it were not there.

use std::time::SystemTime;

use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::seconds;

/// What a rendition can be told by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Validators<'a> {
    /// Strong.
    pub(super) etag: &'a HeaderValue,
    /// `Last-Modified`, in seconds since 1970. `None` where nothing is kept: then no date matches.
    pub(super) modified_at_s: Option<u64>,
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Answer as if there were none.
    Proceed,
    /// 304: the client has it.
    NotModified,
    /// 412: the client wants something else than there is.
    Failed,
}

/// RFC 9110, 13.2.2, for GET and HEAD.
pub(super) fn evaluate(asked: &HeaderMap, there: Validators<'_>) -> Verdict {
    if asked.contains_key(IF_MATCH) {
        if !names(asked, IF_MATCH, there.etag, Comparison::Strong) {
            return Verdict::Failed;
        }
    } else if let (Some(since), Some(modified)) =
        (date(asked, IF_UNMODIFIED_SINCE), there.modified_at_s)
        && modified > since
    {
        return Verdict::Failed;
    }
    let has_it = if asked.contains_key(IF_NONE_MATCH) {
        names(asked, IF_NONE_MATCH, there.etag, Comparison::Weak)
    } else {
        matches!(
            (date(asked, IF_MODIFIED_SINCE), there.modified_at_s),
            (Some(since), Some(modified)) if modified <= since
        )
    };
    if has_it {
        Verdict::NotModified
    } else {
        Verdict::Proceed
    }
}

/// Whether `If-None-Match` names this very tag, so that the answer is 304 whatever else there is to know.
/// `*` does not: it asks whether there is a picture at all.
pub(super) fn has_tag(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    !asked.contains_key(IF_MATCH)
        && !asked.contains_key(IF_UNMODIFIED_SINCE)
        && tags(asked, IF_NONE_MATCH).any(|tag| opaque(tag).as_bytes() == etag.as_bytes())
}

/// RFC 9110, 13.1.5: whether a range may be taken out of what is there.
pub(super) fn range_applies(asked: &HeaderMap, there: Validators<'_>) -> bool {
    let Some(value) = asked.get(IF_RANGE) else {
        return true;
    };
    if value.as_bytes().starts_with(b"\"") {
        return value == there.etag;
    }
    // A weak tag never matches. A date does only if it is exactly ours, and a rendition made within the
    // second in which it is asked for could be made again within it.
    date(asked, IF_RANGE).is_some_and(|since| Some(since) == there.modified_at_s)
}

/// How tags are compared (RFC 9110, 8.8.3.2). Ours are strong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

fn names(asked: &HeaderMap, header: HeaderName, etag: &HeaderValue, how: Comparison) -> bool {
    tags(asked, header).any(|tag| {
        let tag = match how {
            Comparison::Strong => tag,
            Comparison::Weak => opaque(tag),
        };
        tag == "*" || tag.as_bytes() == etag.as_bytes()
    })
}

/// Our own tags hold no commas, so that what a comma cuts in two is nobody's of ours.
fn tags(asked: &HeaderMap, header: HeaderName) -> impl Iterator<Item = &str> {
    asked
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(',').map(str::trim))
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

fn date(asked: &HeaderMap, header: HeaderName) -> Option<u64> {
    let text = asked.get(header)?.to_str().ok()?;
    let date: SystemTime = httpdate::parse_http_date(text).ok()?;
    Some(seconds(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODIFIED_S: u64 = 784_111_777; // RFC 9110's own example, below
    const THEN: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

    fn asked(lines: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    fn verdict(lines: &[(HeaderName, &'static str)]) -> Verdict {
        let etag = HeaderValue::from_static("\"a\"");
        let there = Validators {
            etag: &etag,
            modified_at_s: Some(MODIFIED_S),
        };
        evaluate(&asked(lines), there)
    }

    #[test]
    fn each_condition_by_itself() {
        for (name, value, expected) in [
            (IF_NONE_MATCH, "\"a\"", Verdict::NotModified),
            (IF_NONE_MATCH, "W/\"a\"", Verdict::NotModified),
            (IF_NONE_MATCH, "\"b\", \"a\"", Verdict::NotModified),
            (IF_NONE_MATCH, "*", Verdict::NotModified),
            (IF_NONE_MATCH, "\"b\"", Verdict::Proceed),
            (IF_NONE_MATCH, "a", Verdict::Proceed),
            (IF_MODIFIED_SINCE, THEN, Verdict::NotModified),
            (IF_MODIFIED_SINCE, BEFORE, Verdict::Proceed),
            (IF_MODIFIED_SINCE, "yesterday", Verdict::Proceed),
            (IF_MATCH, "\"a\"", Verdict::Proceed),
            (IF_MATCH, "*", Verdict::Proceed),
            (IF_MATCH, "W/\"a\"", Verdict::Failed),
            (IF_MATCH, "\"b\"", Verdict::Failed),
            (IF_UNMODIFIED_SINCE, THEN, Verdict::Proceed),
            (IF_UNMODIFIED_SINCE, BEFORE, Verdict::Failed),
            (IF_UNMODIFIED_SINCE, "tomorrow", Verdict::Proceed),
        ] {
            assert_eq!(
                verdict(&[(name.clone(), value)]),
                expected,
                "{name}: {value}"
            );
        }
        assert_eq!(verdict(&[]), Verdict::Proceed);
    }

    #[test]
    fn tags_go_before_dates() {
        for (lines, expected) in [
            (
                [(IF_NONE_MATCH, "\"b\""), (IF_MODIFIED_SINCE, THEN)],
                Verdict::Proceed,
            ),
            (
                [(IF_NONE_MATCH, "\"a\""), (IF_MODIFIED_SINCE, BEFORE)],
                Verdict::NotModified,
            ),
            (
                [(IF_MATCH, "\"a\""), (IF_UNMODIFIED_SINCE, BEFORE)],
                Verdict::Proceed,
            ),
            (
                [(IF_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")],
                Verdict::Failed,
            ),
            (
                [(IF_NONE_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")],
                Verdict::NotModified,
            ),
        ] {
            assert_eq!(verdict(&lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn without_a_rendition_only_its_tag_can_match() {
        let etag = HeaderValue::from_static("\"a\"");
        assert!(has_tag(&asked(&[(IF_NONE_MATCH, "\"b\", W/\"a\"")]), &etag));
        for lines in [
            &[(IF_NONE_MATCH, "*")][..],
            &[(IF_NONE_MATCH, "\"b\"")],
            &[(IF_MODIFIED_SINCE, THEN)],
            &[(IF_NONE_MATCH, "\"a\""), (IF_MATCH, "\"b\"")],
            &[],
        ] {
            assert!(!has_tag(&asked(lines), &etag), "{lines:?}");
        }
    }

    #[test]
    fn if_range_takes_strong_tags_and_the_exact_date() {
        let etag = HeaderValue::from_static("\"a\"");
        let there = Validators {
            etag: &etag,
            modified_at_s: Some(MODIFIED_S),
        };
        for (value, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", false),
            ("\"b\"", false),
            (THEN, true),
            (BEFORE, false),
            ("nonsense", false),
        ] {
            assert_eq!(
                range_applies(&asked(&[(IF_RANGE, value)]), there),
                expected,
                "{value}"
            );
        }
        assert!(range_applies(&asked(&[]), there));
    }
}

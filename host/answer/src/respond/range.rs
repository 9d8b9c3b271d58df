//! `Range` (RFC 9110, 14): the header and a length come in, parts of the body go out. Bounded: a request
//! can neither make many small parts nor the same bytes twice.

use std::fmt::Write as _;
use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Parts of one answer. A viewer asks for one or two; more than this is asked for to make work.
const PARTS_MAX: usize = 8;

/// What a `Range` header comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The header says nothing that can be done, or too much: 200, the whole.
    Whole,
    /// 206, one part.
    One(Range<usize>),
    /// 206, several parts, none of them twice.
    Several(Vec<Range<usize>>),
    /// 416: all of it lies behind the end.
    Nothing,
}

/// Read `header` for a body of `length` bytes.
pub(super) fn read(header: &str, length: usize) -> Wanted {
    let Some((unit, set)) = header.split_once('=') else {
        return Wanted::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Wanted::Whole;
    }
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut asked = 0;
    for spec in set
        .split(',')
        .map(str::trim)
        .filter(|spec| !spec.is_empty())
    {
        asked += 1;
        match part(spec, length) {
            None => return Wanted::Whole,
            Some(part) if part.is_empty() => {}
            Some(part) => parts.push(part),
        }
        if asked > PARTS_MAX {
            return Wanted::Whole;
        }
    }
    match parts.len() {
        0 if asked == 0 => Wanted::Whole,
        0 => Wanted::Nothing,
        1 => Wanted::One(parts.remove(0)),
        _ if overlap(&parts) => Wanted::Whole,
        _ => Wanted::Several(parts),
    }
}

/// `first-last`, `first-` or `-count`; empty when it lies behind the end, `None` when it is malformed.
fn part(spec: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = spec.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        let count = number(last)?;
        return Some(length.saturating_sub(count)..length);
    }
    let first = number(first)?;
    let end = if last.is_empty() {
        length
    } else {
        let last = number(last)?;
        if last < first {
            return None;
        }
        last.saturating_add(1).min(length)
    };
    Some(first.min(end)..end)
}

/// Digits alone; more than fit are as good as the largest number.
fn number(text: &str) -> Option<usize> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(usize::MAX))
}

fn overlap(parts: &[Range<usize>]) -> bool {
    let mut sorted: Vec<_> = parts.iter().collect();
    sorted.sort_by_key(|part| part.start);
    sorted.windows(2).any(|pair| pair[1].start < pair[0].end)
}

/// `Content-Range` of a part.
pub(super) fn content_range(part: &Range<usize>, length: usize) -> String {
    format!("bytes {}-{}/{length}", part.start, part.end - 1)
}

/// A `multipart/byteranges` body (RFC 9110, 14.6) of these parts. `boundary` does not occur in a picture but
/// by a chance of 1 in 2^128: it is made of the `ETag`.
pub(super) fn multipart(
    body: &Bytes,
    parts: &[Range<usize>],
    (boundary, content_type): (&str, &str),
) -> Bytes {
    let total: usize = parts.iter().map(|part| part.len() + 200).sum();
    let mut out = BytesMut::with_capacity(total);
    for part in parts {
        let _ = write!(
            out,
            "\r\n--{boundary}\r\nContent-Type: {content_type}\r\nContent-Range: {}\r\n\r\n",
            content_range(part, body.len())
        );
        out.extend_from_slice(&body[part.clone()]);
    }
    let _ = write!(out, "\r\n--{boundary}--\r\n");
    out.freeze()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_part() {
        for (header, expected) in [
            ("bytes=0-99", 0..100),
            ("bytes=0-0", 0..1),
            ("Bytes = 10-19", 10..20),
            ("bytes=990-2000", 990..1000),
            ("bytes=999-", 999..1000),
            ("bytes=-1", 999..1000),
            ("bytes=-5000", 0..1000),
            ("bytes=0-99999999999999999999999", 0..1000),
            ("bytes=5-6,2000-", 5..7),
        ] {
            assert_eq!(read(header, 1000), Wanted::One(expected), "{header}");
        }
    }

    #[test]
    fn what_lies_behind_the_end() {
        for header in [
            "bytes=1000-",
            "bytes=1000-1001",
            "bytes=-0",
            "bytes=2000-,3000-",
        ] {
            assert_eq!(read(header, 1000), Wanted::Nothing, "{header}");
        }
        assert_eq!(read("bytes=0-", 0), Wanted::Nothing);
    }

    #[test]
    fn what_cannot_be_read_asks_for_everything() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "items=0-1",
            "bytes=a-b",
            "bytes=5",
            "bytes=5-4",
            "bytes=-",
            "bytes=+1-2",
            "bytes=1-2-3",
            "bytes=0-1,x",
        ] {
            assert_eq!(read(header, 1000), Wanted::Whole, "{header}");
        }
    }

    #[test]
    fn several_parts_in_the_order_asked_for() {
        assert_eq!(
            read("bytes=500-599, 0-9,-1", 1000),
            Wanted::Several(vec![500..600, 0..10, 999..1000])
        );
        assert_eq!(read("bytes=0-9,5-14", 1000), Wanted::Whole, "bytes twice");
    }

    #[test]
    fn number_of_parts_obeyed_and_violated() {
        let header = |count: usize| {
            let parts: Vec<_> = (0..count)
                .map(|at| format!("{}-{}", at * 3, at * 3))
                .collect();
            format!("bytes={}", parts.join(","))
        };
        assert!(
            matches!(read(&header(PARTS_MAX), 1000), Wanted::Several(parts) if parts.len() == PARTS_MAX)
        );
        assert_eq!(read(&header(PARTS_MAX + 1), 1000), Wanted::Whole);
    }

    #[test]
    fn a_body_of_parts() {
        let body = Bytes::from_static(b"0123456789");
        let made = multipart(&body, &[0..2, 8..10], ("XX", "image/png"));
        let expected = "\r\n--XX\r\nContent-Type: image/png\r\nContent-Range: bytes 0-1/10\r\n\r\n01\
                        \r\n--XX\r\nContent-Type: image/png\r\nContent-Range: bytes 8-9/10\r\n\r\n89\
                        \r\n--XX--\r\n";
        assert_eq!(made, expected);
    }

    proptest! {
        #[test]
        fn whatever_is_asked_lies_within(header in "bytes=[0-9,\\- ]{0,40}", length in 0_usize..100) {
            let parts = match read(&header, length) {
                Wanted::One(part) => vec![part],
                Wanted::Several(parts) => parts,
                Wanted::Whole | Wanted::Nothing => Vec::new(),
            };
            for part in &parts {
                prop_assert!(part.start < part.end && part.end <= length);
            }
            prop_assert!(parts.iter().map(Range::len).sum::<usize>() <= length);
        }
    }
}

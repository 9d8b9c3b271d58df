//! `Accept` and the configured formats come in; the format to answer with goes out. A wildcard alone
//! promises nothing (every browser sends one, also those that cannot read AVIF), so it does not count.

use crate::limits::ACCEPT_BYTES_MAX;
use crate::operation::Format;

/// The formats that `type=auto` offers, best first, where nothing else is configured.
pub const AUTO_FORMATS: &[Format] = &[Format::Avif, Format::Webp];

/// The one of `formats` with the highest weight in `accept`, the earlier one of equals. `None` if none of
/// them is named: the source's own format is the answer then.
pub fn choose(accept: &str, formats: &[Format]) -> Option<Format> {
    // What stands behind the limit is not read; the entry that it cuts is not either.
    let accept = if accept.len() <= ACCEPT_BYTES_MAX {
        accept
    } else {
        accept
            .get(..ACCEPT_BYTES_MAX)?
            .rsplit_once(',')
            .map_or("", |(whole, _)| whole)
    };
    let mut best: Option<(u16, Format)> = None;
    for &format in formats {
        let weight = accept
            .split(',')
            .filter_map(|entry| weight(entry, format))
            .max();
        let Some(weight) = weight.filter(|&weight| weight > 0) else {
            continue;
        };
        if best.is_none_or(|(highest, _)| weight > highest) {
            best = Some((weight, format));
        }
    }
    best.map(|(_, format)| format)
}

/// Thousandths of weight that `entry` gives to `format`; `None` if it speaks of another type or is
/// malformed.
fn weight(entry: &str, format: Format) -> Option<u16> {
    let mut parts = entry.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case(format.media_type()) {
        return None;
    }
    let mut weight = 1000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            weight = thousandths(value.trim())?;
        }
    }
    Some(weight)
}

/// RFC 9110, 12.4.2: `0` or `1`, and at most three digits behind a point.
fn thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = format!("{fraction:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGINARY: &[Format] = &[Format::Webp, Format::Png, Format::Jpeg];

    #[test]
    fn by_weight_and_then_by_the_configured_order() {
        let (avif, webp) = (Some(Format::Avif), Some(Format::Webp));
        for (accept, expected) in [
            ("image/avif,image/webp,*/*", avif),
            ("image/webp,image/avif", avif),
            ("image/webp", webp),
            ("IMAGE/WebP ; Q=0.5 , image/png", webp),
            ("image/avif;q=0.8,image/webp;q=0.9", webp),
            ("image/avif;q=0.900,image/webp;q=0.9", avif),
            ("image/avif;q=0,image/webp;q=0.001", webp),
            ("image/webp;q=0", None),
            ("image/webp;q=0.000", None),
            ("image/webp;level=2;q=0.5", webp),
            ("*/*", None),
            ("image/*", None),
            ("image/*,image/png;q=0.1", None),
            ("", None),
            ("image/webpx,ximage/webp,webp", None),
        ] {
            assert_eq!(choose(accept, AUTO_FORMATS), expected, "{accept}");
        }
    }

    #[test]
    fn a_malformed_entry_is_as_if_it_were_not_there() {
        for q in [
            "", "x", "2", "1.1", "-1", "0.1234", ".5", "0.x", "1.", "NaN", "0,5",
        ] {
            let accept = format!("image/avif;q={q},image/webp;q=0.1");
            let expected = if q == "1." {
                Format::Avif
            } else {
                Format::Webp
            };
            assert_eq!(choose(&accept, AUTO_FORMATS), Some(expected), "{q}");
        }
        assert_eq!(
            choose("image/avif;garbage,,;;,=,image/webp", AUTO_FORMATS),
            Some(Format::Webp)
        );
    }

    #[test]
    fn the_configured_formats_are_the_only_ones() {
        for (accept, expected) in [
            ("image/avif,image/png", Some(Format::Png)),
            ("image/jpeg,image/png", Some(Format::Png)),
            ("image/jpeg,image/png;q=0.5", Some(Format::Jpeg)),
            ("image/jpg", None),
            ("image/avif", None),
        ] {
            assert_eq!(choose(accept, IMAGINARY), expected, "{accept}");
        }
        assert_eq!(choose("image/avif", &[]), None);
    }

    #[test]
    fn bytes_of_the_header_obeyed_and_violated() {
        let filler =
            |bytes: usize| format!("{},image/webp", "x".repeat(bytes - ",image/webp".len()));
        assert_eq!(
            choose(&filler(ACCEPT_BYTES_MAX), AUTO_FORMATS),
            Some(Format::Webp)
        );
        assert_eq!(choose(&filler(ACCEPT_BYTES_MAX + 1), AUTO_FORMATS), None);
        let early = format!("image/webp,{}", "x,".repeat(ACCEPT_BYTES_MAX));
        assert_eq!(choose(&early, AUTO_FORMATS), Some(Format::Webp));
    }
}

//! Numbers as Go's `strconv.ParseFloat` reads them: decimal and hexadecimal, underscores between digits,
//! `NaN` and `Inf`. Texts that old URLs hold must mean what they meant.

use super::VOID;
use super::quote::quote;

/// Larger exponents are infinite or zero whatever stands in front of them.
const EXPONENT_MAX: i32 = 100_000;

/// Half away from zero, of the absolute value; nothing is 0.
pub(super) fn integer(text: &str) -> Result<i64, String> {
    let number = float(text)?;
    if number.is_finite() {
        Ok((number + 0.5).floor() as i64)
    } else {
        Ok(VOID)
    }
}

/// The absolute value; nothing is 0. The error is Go's.
pub(super) fn float(text: &str) -> Result<f64, String> {
    if text.is_empty() {
        return Ok(0.0);
    }
    let refused = |reason: &str| {
        format!(
            "strconv.ParseFloat: parsing {}: {reason}",
            quote(text.as_bytes())
        )
    };
    if text.eq_ignore_ascii_case("nan") {
        return Ok(f64::NAN);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
        return Ok(f64::INFINITY);
    }
    let number = digits(unsigned).and_then(|plain| match plain.get(..2) {
        Some("0x" | "0X") => hexadecimal(&plain[2..]),
        _ => decimal(&plain),
    });
    match number {
        None => Err(refused("invalid syntax")),
        Some(number) if number.is_infinite() => Err(refused("value out of range")),
        Some(number) => Ok(number),
    }
}

/// `text` without underscores, if each stands between two digits, or between the `0x` and a digit.
fn digits(text: &str) -> Option<String> {
    if !text.contains('_') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let hex = bytes.len() > 2 && bytes[0] == b'0' && bytes[1].eq_ignore_ascii_case(&b'x');
    let is_digit = |place: usize| {
        bytes.get(place).is_some_and(|byte| {
            if hex {
                byte.is_ascii_hexdigit()
            } else {
                byte.is_ascii_digit()
            }
        })
    };
    let stands_well = |place: usize| {
        let after_prefix = hex && place == 2;
        (after_prefix || (place > 0 && is_digit(place - 1))) && is_digit(place + 1)
    };
    let all = (0..bytes.len())
        .filter(|&place| bytes[place] == b'_')
        .all(stands_well);
    all.then(|| text.replace('_', ""))
}

fn decimal(text: &str) -> Option<f64> {
    let plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    let starts = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let well = text.bytes().next().is_some_and(starts) && text.bytes().all(plain);
    if well { text.parse().ok() } else { None }
}

/// What stands behind the `0x`; the exponent is required.
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut number = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        number = number * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let (sign, power) = match exponent.strip_prefix('-') {
        Some(power) => (-1, power),
        None => (1, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if power.is_empty() || !power.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let power = power
        .parse::<i32>()
        .unwrap_or(EXPONENT_MAX)
        .min(EXPONENT_MAX);
    // A fraction is at most as long as a URL, so this stays far inside 32 bits.
    let places = i32::try_from(fraction.len()).ok()? * 4;
    Some(number * 2.0_f64.powi(sign * power - places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_the_reference() {
        for (text, expected) in [
            ("", 0),
            ("0", 0),
            ("-100", 100),
            ("+100", 100),
            ("99.02", 99),
            ("99.9", 100),
            ("99.5", 100),
            ("0100", 100),
            ("1e2", 100),
            ("1E+2", 100),
            (".6", 1),
            ("5.", 5),
            ("1_000", 1000),
            ("0x64p0", 100),
            ("0X1.9P6", 100),
            ("0x_64p0", 100),
            ("0x1p-1", 1),
            ("-0x.8p1", 1),
            ("NaN", VOID),
            ("nan", VOID),
            ("Inf", VOID),
            ("-Inf", VOID),
            ("+infinity", VOID),
            ("1e30", i64::MAX),
            ("1e-400", 0),
            ("0x1p-99999999999", 0),
        ] {
            assert_eq!(integer(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "abc", "10px", "0x64", "0x", "0xp1", "0x1p", "0x1p+", "0xgp1", "1__0", "_1", "1_",
            "1_.0", "1._0", "1e_1", "--1", "+-1", "1e", ".", "e1", " 1", "1 ", "+nan", "-NaN",
            "infinit", "1,5", "٣", "1\u{0}", "true",
        ] {
            let expected = format!(
                "strconv.ParseFloat: parsing {}: invalid syntax",
                quote(text.as_bytes())
            );
            assert_eq!(integer(text), Err(expected), "{text}");
        }
        for text in ["1e999", "-1e400", "0x1p99999"] {
            let expected = format!("strconv.ParseFloat: parsing \"{text}\": value out of range");
            assert_eq!(integer(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn floats_are_absolute() {
        for (text, expected) in [
            ("-1.5", 1.5),
            ("0.25", 0.25),
            ("1e-3", 0.001),
            ("0x1p-2", 0.25),
            ("", 0.0),
        ] {
            assert_eq!(float(text), Ok(expected), "{text}");
        }
        assert_eq!(float("Inf"), Ok(f64::INFINITY));
        assert!(float("NaN").unwrap().is_nan());
    }
}

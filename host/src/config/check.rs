//! What a single value may be: bounds that every group of settings checks in the same way, with an
//! error that begins with the setting's name.

use std::fmt::Display;
use std::time::Duration;

use super::ConfigError;
use super::units::Period;

/// Shorter than this nothing can be done.
const TIME_MIN: Period = Period(Duration::from_millis(1));

/// The error of one setting.
pub(super) fn refuse(setting: &'static str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Setting {
        setting,
        reason: reason.into(),
    }
}

/// `value`, refused below `least`.
pub(super) fn at_least<T>(setting: &'static str, value: T, least: T) -> Result<T, ConfigError>
where
    T: PartialOrd + Display + Copy,
{
    if value < least {
        return Err(refuse(
            setting,
            format!("{value} is too little; at least {least}"),
        ));
    }
    Ok(value)
}

/// A wait that is not zero.
pub(super) fn time(
    setting: &'static str,
    value: Option<Period>,
    default: Duration,
) -> Result<Duration, ConfigError> {
    at_least(setting, value.unwrap_or(Period(default)), TIME_MIN).map(|period| period.0)
}

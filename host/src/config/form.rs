//! The page to try things on: whether it is there, and whether it signs.

use std::net::IpAddr;

use clap::Args;

use super::ConfigError;
use super::check::refuse;

/// As they were said.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Page to try things on")]
pub struct Settings {
    /// Serve a page at /form that tries every endpoint and parameter
    #[arg(long)]
    pub form: Option<bool>,

    /// For development only: that page signs any URL and lists the mount, for browsers on this machine;
    /// refused unless --listen is a loopback address
    #[arg(long)]
    pub form_development: Option<bool>,
}

/// How much of the page there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// None.
    Off,
    /// The page, which signs nothing.
    On,
    /// The page, which signs anything.
    Development,
}

impl Settings {
    /// What was said, refused where it would sign for strangers.
    pub(super) fn check(self, listen: IpAddr) -> Result<Form, ConfigError> {
        let is_on = self.form.unwrap_or(false);
        if !self.form_development.unwrap_or(false) {
            return Ok(if is_on { Form::On } else { Form::Off });
        }
        if !is_on {
            return Err(refuse("form-development", "says nothing without --form"));
        }
        if !listen.is_loopback() {
            return Err(refuse(
                "form-development",
                format!(
                    "others can reach {listen}, and would get any URL signed; only with a loopback address"
                ),
            ));
        }
        Ok(Form::Development)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(said: Form, listen: &str) -> Result<Form, String> {
        let settings = Settings {
            form: Some(said != Form::Off),
            form_development: Some(said == Form::Development),
        };
        settings
            .check(listen.parse().unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn development_is_for_loopback_alone() {
        assert_eq!(check(Form::Off, "0.0.0.0"), Ok(Form::Off));
        assert_eq!(check(Form::On, "0.0.0.0"), Ok(Form::On));
        for listen in ["127.0.0.1", "127.1.2.3", "::1"] {
            assert_eq!(
                check(Form::Development, listen),
                Ok(Form::Development),
                "{listen}"
            );
        }
        for listen in ["0.0.0.0", "::", "10.0.0.1", "::ffff:127.0.0.1"] {
            let said = check(Form::Development, listen).unwrap_err();
            assert!(said.starts_with("--form-development:"), "{said}");
        }
    }
}

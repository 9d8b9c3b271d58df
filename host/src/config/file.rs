//! The TOML file becomes words of the command line, for the settings that neither a flag nor the
//! environment has said. So a value is read in the same way wherever it stands, and an unknown key
//! is an error that names it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use toml::{Table, Value};

use super::ConfigError;

/// `words` and what the file that they name adds to them. `command` is the whole program,
/// `subcommand` the part of it whose flags are settings.
pub fn add(
    command: &Command,
    subcommand: &str,
    words: Vec<OsString>,
) -> Result<Vec<OsString>, ConfigError> {
    let said = command.clone().try_get_matches_from(&words);
    // What is wrong without the file is said by whoever reads the words.
    let Some(said) = said
        .ok()
        .and_then(|said| said.subcommand_matches(subcommand).cloned())
    else {
        return Ok(words);
    };
    let Some(path) = said.get_one::<PathBuf>("config") else {
        return Ok(words);
    };
    let Some(declared) = command.find_subcommand(subcommand) else {
        return Ok(words);
    };
    let refuse = |reason: String| ConfigError::File {
        path: path.clone(),
        reason,
    };
    let mut all = words;
    for (key, value) in read(path).map_err(refuse)? {
        let id =
            id_of(declared, &key).ok_or_else(|| refuse(format!("there is no setting `{key}`")))?;
        if !is_said(&said, &id) {
            let text = text_of(&value).map_err(|error| refuse(format!("{key}: {error}")))?;
            all.push(format!("--{key}={text}").into());
        }
    }
    match command.clone().try_get_matches_from(&all) {
        Ok(_) => Ok(all),
        Err(error) => Err(refuse(first_line(&error))),
    }
}

fn read(path: &Path) -> Result<Table, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    text.parse().map_err(|error| one_line(&error))
}

fn id_of(command: &Command, key: &str) -> Option<String> {
    command
        .get_arguments()
        .find(|arg| arg.get_long() == Some(key) && arg.get_id().as_str() != "config")
        .map(|arg| arg.get_id().to_string())
}

fn is_said(said: &ArgMatches, id: &str) -> bool {
    matches!(
        said.value_source(id),
        Some(ValueSource::CommandLine | ValueSource::EnvVariable)
    )
}

fn text_of(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        Value::Boolean(switch) => Ok(switch.to_string()),
        Value::Array(values) => {
            let texts: Result<Vec<_>, _> = values.iter().map(text_of).collect();
            Ok(texts?.join(","))
        }
        Value::Datetime(_) | Value::Table(_) => {
            Err("a text, a number, true, false or a list of these is expected")
        }
    }
}

/// TOML errors come with a drawing of the place; a log wants one line.
fn one_line(error: &toml::de::Error) -> String {
    error
        .to_string()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Of a usage error, without the advice to read the help of a command line.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

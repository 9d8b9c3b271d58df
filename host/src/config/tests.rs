use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::{Command, FromArgMatches as _, Subcommand as _};

use super::*;

const KEY: &str = "--url-signature-key=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

fn program() -> Command {
    let program = crate::commands::Command::augment_subcommands(Command::new("darkroom"));
    program.mut_subcommand("serve", settings::complete)
}

/// Read words as the program does, the file that they name included.
fn load(words: &[&str]) -> Result<Config, ConfigError> {
    let words = ["darkroom", "serve"].iter().chain(words);
    let words = words.map(OsString::from).collect();
    let words = file::add(&program(), "serve", words)?;
    let said = program().try_get_matches_from(words).unwrap();
    let serve = said.subcommand_matches("serve").unwrap();
    Config::check(Settings::from_arg_matches(serve).unwrap())
}

fn refused(words: &[&str]) -> String {
    load(words).unwrap_err().to_string()
}

fn with_file(text: &str, words: &[&str]) -> Result<Config, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("darkroom.toml");
    std::fs::write(&path, text).unwrap();
    let config = format!("--config={}", path.display());
    load(&[&[KEY, config.as_str()], words].concat())
}

#[test]
fn the_declaration_is_sound() {
    program().debug_assert();
}

#[test]
fn every_setting_has_its_variable_and_its_heading() {
    let program = program();
    let serve = program.find_subcommand("serve").unwrap();
    for arg in serve.get_arguments() {
        // imaginary's -a and -p are --listen's two halves.
        let Some(flag) = arg.get_long() else { continue };
        let variable = format!("DARKROOM_{}", flag.to_uppercase().replace('-', "_"));
        assert_eq!(arg.get_env().unwrap().to_str(), Some(variable.as_str()));
        assert!(arg.get_help().is_some(), "{flag} has no help");
        assert!(
            flag == "config" || arg.get_help_heading().is_some(),
            "{flag} stands in no group"
        );
    }
}

#[test]
fn without_a_key_it_refuses_and_says_what_to_do() {
    let message = refused(&[]);
    assert!(
        message.starts_with("--url-signature-key: missing"),
        "{message}"
    );
    assert!(message.contains("--allow-unsigned"), "{message}");
    assert!(load(&["--allow-unsigned"]).is_ok());
    assert!(refused(&["--allow-unsigned=false"]).contains("missing"));
}

#[test]
fn a_key_and_allow_unsigned_contradict_each_other() {
    let message = refused(&[KEY, "--allow-unsigned"]);
    assert!(message.starts_with("--allow-unsigned:"), "{message}");
}

#[test]
fn flags_go_over_the_file_and_the_file_over_defaults() {
    let config = with_file(
        "workers = 3\nqueue = 5\nrequest-timeout = \"7s\"\ncache-bytes = 2097152\nstrict = true\n\
         allowed-origins = [\"https://a.example\", \"https://b.example\"]\n\
         max-output-resolution = 2.5\n",
        &["--workers", "4"],
    )
    .unwrap();
    assert_eq!((config.sandbox.workers, config.sandbox.queue_max), (4, 5));
    assert_eq!(config.server.request_timeout, Duration::from_secs(7));
    assert_eq!(config.cache.bytes_max, 2 << 20);
    assert!(config.answers.strict);
    assert_eq!(config.sources.allowed_origins.len(), 2);
    assert_eq!(config.limits.output_pixels_max, 2_500_000);
    assert_eq!(config.sources.timeout, Duration::from_secs(10));
}

#[test]
fn a_mistake_in_the_file_is_named_on_one_line() {
    for (text, named) in [
        ("wokers = 3\n", "wokers"),
        ("config = \"other.toml\"\n", "config"),
        ("help = true\n", "help"),
        ("workers = \"many\"\n", "--workers"),
        ("workers = -1\n", "--workers"),
        ("strict = \"perhaps\"\n", "--strict"),
        ("[workers]\nn = 1\n", "workers"),
        ("workers = = 1\n", "line 1"),
    ] {
        let message = with_file(text, &[]).unwrap_err().to_string();
        assert!(message.starts_with("--config "), "{text}: {message}");
        assert!(message.contains(named), "{text}: {message}");
        assert!(!message.contains('\n'), "{text}: {message}");
    }
}

#[test]
fn of_a_flag_given_twice_the_last_counts() {
    let config = load(&[KEY, "--workers=2", "--workers=3"]).unwrap();
    assert_eq!(config.sandbox.workers, 3);
}

#[test]
fn bounds_hold_on_both_sides() {
    assert!(refused(&[KEY, "--workers=0"]).starts_with("--workers:"));
    assert!(load(&[KEY, "--workers=1"]).is_ok());
    let megapixels = |n: &str| load(&[KEY, &format!("--max-allowed-resolution={n}")]);
    for refused in ["0.0", "-1", "NaN", "inf", "4295"] {
        let message = megapixels(refused).unwrap_err().to_string();
        assert!(
            message.starts_with("--max-allowed-resolution:"),
            "{refused}"
        );
    }
    let limits = megapixels("18").unwrap().limits;
    assert_eq!(limits.source_pixels_max, 18_000_000);
    let cache = |n: u64| load(&[KEY, &format!("--cache-bytes={n}")]);
    assert!(cache((1 << 20) - 1).is_err());
    assert!(cache(1 << 20).is_ok());
    assert_eq!(cache(0).unwrap().cache.bytes_max, 0, "0 keeps nothing");
}

#[test]
fn the_mount_is_a_directory_and_not_the_root() {
    let mount = |path: &str| refused(&[KEY, &format!("--mount={path}")]);
    assert!(mount("/no/such/place").starts_with("--mount:"));
    assert!(mount("/").starts_with("--mount:"));
    assert!(Path::new("/etc/hostname").exists());
    assert!(mount("/etc/hostname").contains("not a directory"));
}

#[test]
fn a_key_is_never_printed() {
    let config = load(&[KEY]).unwrap();
    assert!(!format!("{config:?}").contains("kkkk"));
}

//! The binary `darkroom`: words on the command line become one of its commands. Exit codes: 0 done,
//! 1 failed, 2 wrong configuration or usage.

use std::ffi::OsString;
use std::process::ExitCode;

use host::commands::{read, run};

fn main() -> ExitCode {
    let words = std::env::args_os().map(two_dashes).collect();
    match read(words).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("darkroom: {:#}", failure.error);
            ExitCode::from(failure.code)
        }
    }
}

/// imaginary's flags have one dash or two (`-mount DIR`, `--p 9000`), as Go programs take them; here
/// long names have two and the few of one letter have one.
fn two_dashes(word: OsString) -> OsString {
    let Some(text) = word.to_str() else {
        return word;
    };
    let Some(flag) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else {
        return word;
    };
    let name = flag.split('=').next().unwrap_or_default();
    match name.len() {
        _ if !name.starts_with(|first: char| first.is_ascii_lowercase()) => word,
        1 => format!("-{flag}").into(),
        _ => format!("--{flag}").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dash_or_two_are_the_same() {
        for (said, meant) in [
            ("-mount", "--mount"),
            ("--mount", "--mount"),
            ("-cors=false", "--cors=false"),
            ("-p", "-p"),
            ("--p=9000", "-p=9000"),
            ("-p=9000", "-p=9000"),
            ("-1", "-1"),
            ("--", "--"),
            ("-", "-"),
            ("serve", "serve"),
            ("-V", "-V"),
        ] {
            assert_eq!(two_dashes(said.into()), meant, "{said}");
        }
    }
}

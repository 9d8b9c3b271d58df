//! What the figures were measured on: the line above every table.

use std::fs;
use std::process::Command;

/// CPU, cores, memory, kernel, compiler.
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{cores} cores of {}, {} GB, Linux {}, {}, wasmtime 48, {}",
        field("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unknown CPU".into()),
        field("/proc/meminfo", "MemTotal")
            .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
            .map_or(0, |kilobytes| kilobytes / 1_000_000),
        first_line("uname", &["-r"]),
        first_line("rustc", &["--version"]),
        first_line("date", &["-u", "+%F"]),
    )
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The first line that a program prints, or its name where it cannot be run.
pub fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output
        .map(|output| [output.stdout, output.stderr].concat())
        .unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .next()
        .unwrap_or(program)
        .trim()
        .to_owned()
}

//! The programs that sign, of `host/request/signing`, each in its language: what they sign is let in.

use std::path::Path;
use std::process::Command;

use tests::{Edge, KEY, skip};

/// A program's file, and the command that runs it.
const PROGRAMS: [(&str, &[&str]); 5] = [
    ("sign.mjs", &["node"]),
    ("sign.py", &["python3"]),
    ("sign.go", &["go", "run"]),
    ("sign.php", &["php"]),
    ("sign.rb", &["ruby"]),
];

/// Plain, and with all that can be written in several ways.
const TARGETS: [&str; 4] = [
    "/resize?width=40&file=dunes.jpg",
    "/resize?width=40&sign=AAAA&file=dunes.jpg&expires=4102444800",
    "/resize?text=a+b%20~*()'!&width=40&b=2&a=1&b=1&file=%64unes.jpg&empty=",
    "/re%73ize?file=dunes.jpg&width=40&text=caf%C3%A9%2B%26%3D/:@",
];

#[test]
fn what_every_program_signs_is_let_in() {
    let edge = Edge::shared();
    for (file, command) in PROGRAMS {
        let program = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../host/request/signing")
            .join(file);
        if !is_installed(command[0]) {
            skip(&format!("{file}: {} is not installed", command[0]));
            continue;
        }
        for target in TARGETS {
            let output = Command::new(command[0])
                .args(&command[1..])
                .arg(&program)
                .args([KEY, target])
                // Go keeps what it has compiled, and asks for a place.
                .env("GOCACHE", edge.cache_dir().join("go"))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{file}: {said}");
            let signed = String::from_utf8(output.stdout).unwrap();
            let answer = edge.get_unsigned(signed.trim_end());
            assert_eq!(answer.status, 200, "{file}: {signed} {}", answer.text());
        }
    }
}

fn is_installed(command: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(command).is_file())
}

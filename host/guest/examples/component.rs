//! `component FILE`: writes the transformer there, and prints its SHA-256.
#![expect(clippy::print_stdout, reason = "a command says what it did")]

use std::path::PathBuf;

fn main() -> Result<(), std::io::Error> {
    let path = std::env::args_os()
        .nth(1)
        .map_or_else(|| "transformer.wasm".into(), PathBuf::from);
    std::fs::write(path, guest::COMPONENT)?;
    println!("{}", guest::DIGEST_HEX);
    Ok(())
}

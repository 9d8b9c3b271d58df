//! Deflates the typeface: few renditions have letters in them, and it would be the largest table of the component.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use miniz_oxide::deflate::{CompressionLevel, compress_to_vec_zlib};

const TYPEFACE: &str = "fonts/DejaVuSans.ttf";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={TYPEFACE}");
    println!("cargo::rerun-if-changed=build.rs");
    let level = CompressionLevel::UberCompression as u8;
    let deflated = compress_to_vec_zlib(&fs::read(TYPEFACE)?, level);
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(folder.join("DejaVuSans.ttf.zlib"), deflated)?;
    Ok(())
}

//! Colours by Little CMS, which shares no code with the transformer: a profile in, colours in, sRGB out. `make
//! test` installs it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The profile in a file, as exiftool finds it.
#[track_caller]
pub fn profile(picture: &[u8]) -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("picture");
    std::fs::write(&file, picture).unwrap();
    let output = Command::new("exiftool")
        .args(["-b", "-ICC_Profile"])
        .arg(file)
        .output()
        .expect("exiftool is missing: `make test` installs it");
    assert!(!output.stdout.is_empty(), "no profile");
    output.stdout
}

/// Each of these colours of the profile's, from 0 to 255, in sRGB.
#[track_caller]
pub fn to_srgb(profile: &[u8], colours: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("profile.icc");
    std::fs::write(&file, profile).unwrap();
    // Bounded, terse, perceptual where the profile knows a difference.
    let mut child = Command::new("transicc")
        .args(["-s", "-n", "-t0", "-o*sRGB"])
        .arg(format!("-i{}", file.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("transicc is missing: `make test` installs it");
    let mut asked = String::new();
    for [red, green, blue] in colours {
        writeln!(asked, "{red} {green} {blue}").unwrap();
    }
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(asked.as_bytes()).unwrap());
        child.wait_with_output().unwrap()
    });
    let said = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = said
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    assert_eq!(numbers.len(), 3 * colours.len(), "{said}");
    numbers
        .chunks_exact(3)
        .map(|colour| [colour[0], colour[1], colour[2]])
        .collect()
}

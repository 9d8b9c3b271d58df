//! Synthetic JPEGs of `cjpeg`: all samplings, small and odd sizes, restarts, scan scripts, qualities.
#![expect(
    clippy::unwrap_used,
    reason = "in a test, what fails here fails the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use transformer::jpeg::Scale;

use super::compare::{Difference, difference, failure, run};
use super::reduced::reduced_failure;

/// Synthetic pictures without `DARKROOM_JPEG_CASES`.
const CASES_DEFAULT: u64 = 300;
/// Largest mean difference of a picture of a few noisy pixels at a reduced scale.
const REDUCED_LEVELS_MAX: f64 = 12.0;

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// A picture with slopes, edges and a little noise, as a PPM.
fn synthetic(width: u64, height: u64, random: &mut Random) -> Vec<u8> {
    let mut ppm = format!("P6\n{width} {height}\n255\n").into_bytes();
    let (slope, square, noise) = (random.below(9), 1 + random.below(30), 1 + random.below(30));
    let base: [u64; 3] = std::array::from_fn(|_| random.below(200));
    for (y, x) in (0..width * height).map(|at| (at / width, at % width)) {
        let edge = (x / square + y / square) % 2 * 70;
        for (channel, base) in base.iter().enumerate() {
            let along = if channel == 1 { y } else { x };
            let level = base + along * slope + edge * (channel as u64 % 2) + random.below(noise);
            ppm.push((level % 512).min(255) as u8);
        }
    }
    ppm
}

/// Switches of `cjpeg`, and a name that says them.
fn switches(random: &mut Random, scripts: &[PathBuf]) -> Vec<String> {
    // Every pair of factors that libjpeg can enlarge again; the second and third component are 1x1.
    const SAMPLINGS: [&str; 16] = [
        "1x1",
        "2x1",
        "1x2",
        "2x2",
        "4x1",
        "1x4",
        "4x2",
        "2x4",
        "4x4",
        "3x1",
        "1x3",
        "3x3",
        "3x2",
        "2x3",
        "2x2,2x1,2x1",
        "2x2,1x2,1x2",
    ];
    let quality = (5 + random.below(95)).to_string();
    let mut switches = vec!["-quality".to_owned(), quality];
    let grey = random.below(8) == 0;
    if grey {
        switches.push("-grayscale".into());
    } else {
        switches.extend(["-sample".into(), random.one_of(&SAMPLINGS).into()]);
    }
    match random.below(6) {
        0 | 1 => switches.push("-progressive".into()),
        // The scripts are for three components.
        2 if !grey => {
            let script = &scripts[random.below(scripts.len() as u64) as usize];
            switches.extend(["-scans".into(), script.display().to_string()]);
        }
        3 => switches.push("-optimize".into()),
        _ => {}
    }
    match random.below(4) {
        0 => switches.extend(["-restart".into(), (1 + random.below(3)).to_string()]),
        1 => switches.extend(["-restart".into(), format!("{}B", 1 + random.below(9))]),
        _ => {}
    }
    if random.below(10) == 0 && !grey {
        switches.push("-rgb".into());
    }
    switches
}

/// Scan scripts that the switches of `cjpeg` do not reach; they need three components.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    let scripts = [
        // Sequential, components apart and partly together.
        "0;1;2;",
        "0;1 2;",
        "0 2;1;",
        // Progressive without refinement, in narrow bands.
        "0 1 2:0-0,0,0;0:1-2,0,0;0:3-9,0,0;1:1-63,0,0;2:1-63,0,0;0:10-63,0,0;",
        // Every bit of everything on its own, bands refined across their first bounds.
        "0,1,2:0-0,0,3;0,1,2:0-0,3,2;0,1,2:0-0,2,1;0,1,2:0-0,1,0;0:1-5,0,2;0:6-63,0,2;\
         1:1-63,0,2;2:1-63,0,1;0:1-63,2,1;1:1-63,2,1;2:1-63,1,0;0:1-20,1,0;0:21-63,1,0;1:1-63,1,0;",
        // Means apart.
        "0:0-0,0,1;1:0-0,0,0;2:0-0,0,0;0:0-0,1,0;0:1-63,0,0;1:1-63,0,0;2:1-63,0,0;",
    ];
    let write = |(number, script): (usize, &&str)| {
        let path = folder.join(format!("script{number}.txt"));
        fs::write(&path, script).unwrap();
        path
    };
    scripts.iter().enumerate().map(write).collect()
}

#[test]
fn synthetic_jpegs_agree_with_djpeg() {
    let cases = std::env::var("DARKROOM_JPEG_CASES").map_or(CASES_DEFAULT, |cases| {
        cases.parse().expect("a number of cases")
    });
    let scripts = scripts(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut failures: Vec<String> = Vec::new();
    let (mut compared, mut grey) = (0, 0);
    for case in 0..cases {
        let (width, height) = (1 + random.below(70), 1 + random.below(70));
        let ppm = synthetic(width, height, &mut random);
        let switches = switches(&mut random, &scripts);
        let is_grey = switches.iter().any(|switch| switch == "-grayscale");
        grey += u64::from(is_grey);
        let arguments: Vec<&str> = switches.iter().map(String::as_str).collect();
        let name = format!("case {case}, {width}x{height} {arguments:?}");
        // cjpeg refuses some combinations, such as MCUs of more than ten blocks.
        let Ok(source) = run("cjpeg", &arguments, &ppm) else {
            continue;
        };
        for scale in Scale::ALL {
            if let Some(difference) = difference(&name, &source, scale) {
                compared += 1;
                failures.extend(synthetic_failure(&name, scale, &difference));
            }
        }
        if is_grey {
            failures.extend(reduced_failure(&name, &source));
        }
    }
    println!("{compared} comparisons, {grey} grey");
    assert_eq!(failures, [""; 0]);
    assert!(compared > cases * 2 && grey > cases / 20);
}

/// As `failure`; at reduced scales, means over a few pixels of noise may differ more.
fn synthetic_failure(name: &str, scale: Scale, difference: &Difference) -> Option<String> {
    match scale {
        Scale::Full => failure(name, scale, difference),
        _ if difference.mean <= REDUCED_LEVELS_MAX => None,
        _ => Some(format!(
            "{name} at {scale:?}: {:.3} in the mean",
            difference.mean
        )),
    }
}

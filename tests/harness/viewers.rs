//! Programs that look at a picture and share no code with darkroom: Pillow, gifsicle, libwebp's, libavif's and
//! libjxl's tools, exiftool. Bytes in, what they see out. `make test` installs them.

use std::path::Path;
use std::process::Command;

use image::{DynamicImage, RgbaImage};
use serde_json::Value;
use tempfile::TempDir;

/// Prints what Pillow knows of the picture in the first argument, and writes all its frames, one below the
/// other, to the second.
const PILLOW: &str = r"
import json, sys
from PIL import Image, ImageSequence
picture = Image.open(sys.argv[1])
said = {'format': picture.format, 'mode': picture.mode, 'loop': picture.info.get('loop')}
frames, delays = [], []
for frame in ImageSequence.Iterator(picture):
    frames.append(frame.convert('RGBA'))
    delays.append(frame.info.get('duration'))
width, height = picture.size
strip = Image.new('RGBA', (width, height * len(frames)))
for number, frame in enumerate(frames):
    strip.paste(frame, (0, number * height))
strip.save(sys.argv[2], 'PNG')
said.update(delays=delays, width=width, height=height)
print(json.dumps(said))
";

/// A picture as Pillow sees it.
#[derive(Debug)]
pub struct Seen {
    /// `GIF`, `WEBP`, ...
    pub format: String,
    /// `P`, `RGBA`, ...
    pub mode: String,
    /// What the file says of its loop, in the format's own count; `None` where it says nothing.
    pub repeats: Option<u64>,
    /// Milliseconds.
    pub delays: Vec<Option<u64>>,
    /// Whole frames, straight alpha.
    pub frames: Vec<DynamicImage>,
}

/// What Pillow sees.
#[track_caller]
pub fn pillow(bytes: &[u8]) -> Seen {
    let place = saved(bytes, "picture");
    let strip = place.path().join("strip.png");
    // A python of one's own has its own packages; Debian's has Debian's.
    let has_pillow = |python: &&&str| {
        let asked = Command::new(python).args(["-c", "import PIL"]).output();
        asked.is_ok_and(|asked| asked.status.success())
    };
    let python = ["python3", "/usr/bin/python3"];
    let python = python
        .iter()
        .find(has_pillow)
        .expect("Pillow is missing: `make test` installs it");
    let picture = place.path().join("picture");
    let said = run(Command::new(python)
        .args(["-c", PILLOW])
        .args([&picture, &strip]));
    let said: Value = serde_json::from_str(&said).unwrap();
    let strip = image::open(&strip).unwrap();
    let (width, height) = (side(&said["width"]), side(&said["height"]));
    let delays = said["delays"].as_array().unwrap();
    let frames = (0..delays.len() as u32).map(|at| strip.crop_imm(0, at * height, width, height));
    Seen {
        format: said["format"].as_str().unwrap().to_owned(),
        mode: said["mode"].as_str().unwrap().to_owned(),
        repeats: said["loop"].as_u64(),
        delays: delays
            .iter()
            .map(|delay| delay.as_f64().map(|delay| delay.round() as u64))
            .collect(),
        frames: frames.collect(),
    }
}

fn side(json: &Value) -> u32 {
    u32::try_from(json.as_u64().unwrap()).unwrap()
}

/// What `webpinfo` says of a file that it finds no fault with.
#[track_caller]
pub fn webpinfo(bytes: &[u8]) -> String {
    let place = saved(bytes, "picture.webp");
    let said = run(Command::new("webpinfo").arg(place.path().join("picture.webp")));
    assert!(said.contains("No error detected"), "{said}");
    said
}

/// What `gifsicle` says of a file that it has nothing to warn of.
#[track_caller]
pub fn gifsicle(bytes: &[u8]) -> String {
    let place = saved(bytes, "picture.gif");
    let mut command = Command::new("gifsicle");
    let output = command
        .arg("--info")
        .arg(place.path().join("picture.gif"))
        .output();
    let output = output.expect("gifsicle is missing: `make test` installs it");
    let warned = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && warned.is_empty(), "{warned}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An AVIF as libavif sees it.
#[track_caller]
pub fn avifdec(bytes: &[u8]) -> DynamicImage {
    through("avifdec", bytes, "picture.avif")
}

/// A JPEG XL as libjxl sees it.
#[track_caller]
pub fn djxl(bytes: &[u8]) -> DynamicImage {
    through("djxl", bytes, "picture.jxl")
}

/// All tags that `exiftool` finds, by group and name.
#[track_caller]
pub fn exiftool(bytes: &[u8]) -> Value {
    let place = saved(bytes, "picture");
    let picture = place.path().join("picture");
    let said = run(Command::new("exiftool")
        .args(["-json", "-G1", "-a", "-u"])
        .arg(picture));
    serde_json::from_str::<Value>(&said).unwrap()[0].take()
}

/// The bytes with tags that `exiftool` has written into them.
#[track_caller]
pub fn tagged(bytes: &[u8], tags: &[&str]) -> Vec<u8> {
    let place = saved(bytes, "picture");
    let picture = place.path().join("picture");
    run(Command::new("exiftool")
        .args(["-overwrite_original", "-q"])
        .args(tags)
        .arg(&picture));
    std::fs::read(picture).unwrap()
}

/// A picture through a program that makes a PNG of it.
#[track_caller]
fn through(program: &str, bytes: &[u8], name: &str) -> DynamicImage {
    let place = saved(bytes, name);
    let png = place.path().join("picture.png");
    run(Command::new(program).arg(place.path().join(name)).arg(&png));
    image::open(&png).unwrap()
}

fn saved(bytes: &[u8], name: &str) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join(name), bytes).unwrap();
    place
}

#[track_caller]
fn run(command: &mut Command) -> String {
    let program = Path::new(command.get_program()).display().to_string();
    let output = command.output();
    let output = output.unwrap_or_else(|_| panic!("{program} is missing: `make test` installs it"));
    let said = String::from_utf8_lossy(&output.stdout);
    let warned = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said} {warned}");
    said.into_owned()
}

/// How alike two pictures are where either can be seen, in dB; alpha counts like a colour.
#[track_caller]
pub fn psnr_with_alpha(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let (one, other): (RgbaImage, RgbaImage) = (one.to_rgba8(), other.to_rgba8());
    assert_eq!(one.dimensions(), other.dimensions());
    let level = |pixel: &image::Rgba<u8>, channel: usize| {
        let share = if channel == 3 {
            1.0
        } else {
            f64::from(pixel.0[3]) / 255.0
        };
        f64::from(pixel.0[channel]) * share
    };
    let pairs = one.pixels().zip(other.pixels());
    let squares = pairs.flat_map(|(one, other)| {
        (0..4).map(move |channel| (level(one, channel) - level(other, channel)).powi(2))
    });
    let sum: f64 = squares.sum();
    let count = f64::from(one.width()) * f64::from(one.height()) * 4.0;
    10.0 * (255.0_f64.powi(2) / (sum / count).max(1e-9)).log10()
}

//! SSIMULACRA2 of a PNG against a reference PNG: 100 is equal, 90 cannot be told apart at a glance.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

/// Full decode and Lanczos3 by Pillow: what every score is against.
const REFERENCE: &str = "
import sys
from PIL import Image, ImageOps
source, target, width, height = sys.argv[1:]
picture = ImageOps.exif_transpose(Image.open(source)).convert('RGB')
picture.resize((int(width), int(height)), Image.LANCZOS).save(target)
";

/// Write the reference for `source` at a size.
pub fn reference(source: &Path, target: &Path, (width, height): (u32, u32)) -> Result<()> {
    let status = Command::new("python3")
        .args(["-c", REFERENCE])
        .args([source, target])
        .args([width.to_string(), height.to_string()])
        .status()
        .context("python3 with Pillow makes the reference")?;
    ensure!(
        status.success(),
        "Pillow could not read {}",
        source.display()
    );
    Ok(())
}

/// The score of `picture` against `reference`.
pub fn score(reference: &Path, picture: &Path) -> Result<f64> {
    compute_frame_ssimulacra2(read(reference)?, read(picture)?).context("no score")
}

/// Width and height of a PNG.
pub fn size(path: &Path) -> Result<(u32, u32)> {
    let reader = png::Decoder::new(BufReader::new(File::open(path)?)).read_info()?;
    Ok((reader.info().width, reader.info().height))
}

fn read(path: &Path) -> Result<Rgb> {
    let mut reader = png::Decoder::new(BufReader::new(File::open(path)?)).read_info()?;
    let mut samples = vec![0; reader.output_buffer_size().context("too large")?];
    let info = reader.next_frame(&mut samples)?;
    let channels = info.color_type.samples();
    let unit = |sample: u8| f32::from(sample) / 255.0;
    let pixels = samples[..info.buffer_size()]
        .chunks_exact(channels)
        .map(|pixel| match channels {
            1 | 2 => [unit(pixel[0]); 3],
            _ => [unit(pixel[0]), unit(pixel[1]), unit(pixel[2])],
        });
    Rgb::new(
        pixels.collect(),
        info.width as usize,
        info.height as usize,
        TransferCharacteristic::SRGB,
        ColorPrimaries::BT709,
    )
    .context("not a picture")
}

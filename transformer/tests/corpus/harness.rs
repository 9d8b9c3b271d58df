//! Files of the corpus, short ways to ask for things, and pictures to compare.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::path::PathBuf;

use transformer::Sources;
use transformer::error::Error;
use transformer::options::{
    Enlarge, Extend, Fit, Format, Gravity, Limits, Metadata, OnFailure, Operation, Output, Profile,
    Resize, Step, Truncated,
};
use transformer::rendition::Rendition;

/// Limits as a server has them.
pub(crate) const LIMITS: Limits = Limits {
    source_pixels_max: 64_000_000,
    output_pixels_max: 64_000_000,
    output_side_max: 16_384,
    memory_bytes_max: 1 << 30,
    frames_max: 200,
    animation_pixels_max: 75_000_000,
    truncated: Truncated::Render,
};

/// No wish but a format.
pub(crate) const fn output(format: Format) -> Output {
    Output {
        format: Some(format),
        quality: None,
        compression: Some(1),
        speed: None,
        interlace: false,
        lossless: false,
        page: None,
        palette: false,
        profile: Profile::Convert,
        metadata: Metadata::None,
        linear: false,
    }
}

/// The corpus, or `None` (and a word about it) where it is not there.
pub(crate) fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: the corpus is not at {}", path.display());
    None
}

/// One file, given by its path inside the corpus.
pub(crate) fn read(path: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(corpus()?.join(path)).expect(path))
}

/// All files of a folder with their names, in order.
pub(crate) fn folder(name: &str) -> Vec<(String, Vec<u8>)> {
    let Some(corpus) = corpus() else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(corpus.join(name)).expect(name);
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read(path).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

pub(crate) fn resize(width: u32, height: u32, fit: Fit) -> Operation {
    let side = |pixels: u32| (pixels != 0).then_some(pixels);
    Operation::Resize(Resize {
        width: side(width),
        height: side(height),
        fit,
        enlarge: Enlarge::Never,
        gravity: Gravity::Centre,
        extend: Extend::Copy,
    })
}

/// Do `operations` and write a PNG.
pub(crate) fn transform(source: &[u8], operations: &[Operation]) -> Result<Rendition, Error> {
    let step = Step {
        operations: operations.to_vec(),
        on_failure: OnFailure::Fail,
    };
    transformer::transform(
        Sources::alone(source),
        &[step],
        &output(Format::Png),
        &LIMITS,
    )
}

/// Decoded pixels: red, green, blue, alpha.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<[u8; 4]>,
}

/// Do `operations` and look at the pixels.
pub(crate) fn pixels(source: &[u8], operations: &[Operation]) -> Pixels {
    let rendition = transform(source, operations).expect("a picture");
    let pixels = decode_png(&rendition.bytes);
    assert_eq!(
        (pixels.width, pixels.height),
        (rendition.width, rendition.height)
    );
    pixels
}

/// The pixels of a PNG.
pub(crate) fn decode_png(bytes: &[u8]) -> Pixels {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().expect("a header");
    let mut samples = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut samples).expect("pixels");
    let rgba = samples
        .chunks_exact(info.color_type.samples())
        .map(|pixel| match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, alpha] => [grey, grey, grey, alpha],
            [r, g, b] => [r, g, b, 255],
            [r, g, b, a] => [r, g, b, a],
            _ => unreachable!("a PNG pixel has 1 to 4 samples"),
        })
        .collect();
    Pixels {
        width: info.width,
        height: info.height,
        rgba,
    }
}

/// Peak signal to noise of the colours, in decibels.
pub(crate) fn psnr(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let squares: f64 = a
        .rgba
        .iter()
        .zip(&b.rgba)
        .flat_map(|(a, b)| (0..3).map(|at| f64::from(a[at].abs_diff(b[at])).powi(2)))
        .sum();
    let mean = squares / (3 * a.rgba.len()) as f64;
    10.0 * (255.0 * 255.0 / mean.max(1e-9)).log10()
}

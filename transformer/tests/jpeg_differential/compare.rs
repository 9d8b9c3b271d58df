//! One file through both decoders: how far the pictures are apart, and whether that is too far.
#![expect(
    clippy::unwrap_used,
    reason = "in a test, what fails here fails the test"
)]

use std::io::Write;
use std::process::{Command, Stdio};

use transformer::jpeg::{Decoded, Decoder, Error, Header, Pixel, Scale};

/// Largest difference of a sample at full size.
const FULL_LEVELS_MAX: u8 = 2;
/// Largest mean difference of a photo at a reduced scale. libjpeg-turbo averages the samples of the full
/// size there, which blurs and aliases; ours are the lowest frequencies alone.
const REDUCED_LEVELS_MAX: f64 = 3.0;

/// What a tool gives for `input` on its standard output.
pub(super) fn run(tool: &str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "{tool} cannot be started ({error}): install libjpeg-turbo-progs (`make toolchain`)"
            )
        });
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A tool that gives up early closes its input.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    if output.status.success() || output.status.code() == Some(2) {
        // 2 is djpeg's way of saying that it had warnings.
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// A binary PGM or PPM: width, height, channels, samples.
pub(super) fn parse_pnm(pnm: &[u8]) -> (u32, u32, usize, &[u8]) {
    let mut fields = pnm.splitn(4, u8::is_ascii_whitespace);
    let mut field = || std::str::from_utf8(fields.next().unwrap()).unwrap();
    let channels = match field() {
        "P5" => 1,
        "P6" => 3,
        other => panic!("not a PNM: {other}"),
    };
    let (width, height) = (field().parse().unwrap(), field().parse().unwrap());
    let rest = fields.next().unwrap();
    let samples = rest.strip_prefix(b"255\n").unwrap();
    (width, height, channels, samples)
}

pub(super) fn djpeg(source: &[u8], scale: Scale) -> Result<Vec<u8>, String> {
    let scale = match scale {
        Scale::Full => "1/1",
        Scale::Half => "1/2",
        Scale::Quarter => "1/4",
        Scale::Eighth => "1/8",
    };
    run("djpeg", &["-pnm", "-scale", scale], source)
}

pub(super) fn ours(source: &[u8], scale: Scale) -> Result<Decoded, Error> {
    let header = Header::read(source)?;
    Decoder::new(source, &header, scale).decode()
}

/// Our samples as djpeg writes them: four inks as red, green and blue.
fn comparable(decoded: Decoded) -> Vec<u8> {
    if decoded.pixel != Pixel::Cmyk {
        return decoded.samples;
    }
    let through = |ink: u8, black: u8| {
        let product = f64::from(255 - ink) * f64::from(255 - black);
        (product / 255.0 + 0.5) as u8
    };
    let pixels = decoded.samples.as_chunks::<4>().0;
    pixels
        .iter()
        .flat_map(|&[c, m, y, k]| [through(c, k), through(m, k), through(y, k)])
        .collect()
}

/// How far two pictures are apart.
pub(super) struct Difference {
    pub(super) max: u8,
    pub(super) mean: f64,
}

/// Compare at one scale; `None` where djpeg does not read the file either.
pub(super) fn difference(name: &str, source: &[u8], scale: Scale) -> Option<Difference> {
    let wanted = match djpeg(source, scale) {
        Ok(wanted) if !wanted.is_empty() => wanted,
        _ => return None,
    };
    let (width, height, channels, wanted) = parse_pnm(&wanted);
    let got = match ours(source, scale) {
        Err(Error::Unsupported("arithmetic-coded")) => return None,
        got => got.unwrap_or_else(|error| panic!("{name} at {scale:?}: {error}")),
    };
    assert_eq!(
        (got.width, got.height),
        (width, height),
        "{name} at {scale:?}"
    );
    let got = comparable(got);
    assert_eq!(
        got.len(),
        width as usize * height as usize * channels,
        "{name} at {scale:?}"
    );
    let apart = got.iter().zip(wanted).map(|(&a, &b)| a.abs_diff(b));
    let sum: u64 = apart.clone().map(u64::from).sum();
    Some(Difference {
        max: apart.max().unwrap(),
        mean: sum as f64 / got.len() as f64,
    })
}

/// What is wrong with a difference, if anything.
pub(super) fn failure(name: &str, scale: Scale, difference: &Difference) -> Option<String> {
    let Difference { max, mean } = difference;
    let good = match scale {
        Scale::Full => *max <= FULL_LEVELS_MAX,
        _ => *mean <= REDUCED_LEVELS_MAX,
    };
    (!good).then(|| format!("{name} at {scale:?}: {max} apart, {mean:.3} in the mean"))
}

//! Our JPEG decoder against libjpeg-turbo's `djpeg`: the same files go through both, and the pixels
//! must agree. Over every JPEG of the corpus, where it is there, and over synthetic ones made with
//! `cjpeg`; `DARKROOM_JPEG_CASES=2000` asks for more of these. Fails where the tools are missing.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use transformer::jpeg::{Decoded, Decoder, Error, Header, Pixel, Scale};

/// Largest difference of a sample at full size.
const FULL_LEVELS_MAX: u8 = 2;
/// Synthetic pictures without `DARKROOM_JPEG_CASES`.
const CASES_DEFAULT: u64 = 300;

/// What a tool gives for `input` on its standard output.
fn run(tool: &str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{tool} cannot be started ({error}): install libjpeg-turbo-progs (`make toolchain`)")
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
fn parse_pnm(pnm: &[u8]) -> (u32, u32, usize, &[u8]) {
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

fn djpeg(source: &[u8], scale: Scale) -> Result<Vec<u8>, String> {
    let scale = match scale {
        Scale::Full => "1/1",
        Scale::Half => "1/2",
        Scale::Quarter => "1/4",
        Scale::Eighth => "1/8",
    };
    run("djpeg", &["-pnm", "-scale", scale], source)
}

fn ours(source: &[u8], scale: Scale) -> Result<Decoded, Error> {
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
struct Difference {
    max: u8,
    mean: f64,
}

/// Compare at one scale; `None` where djpeg does not read the file either.
fn difference(name: &str, source: &[u8], scale: Scale) -> Option<Difference> {
    let wanted = match djpeg(source, scale) {
        Ok(wanted) if !wanted.is_empty() => wanted,
        _ => return None,
    };
    let (width, height, channels, wanted) = parse_pnm(&wanted);
    let got = match ours(source, scale) {
        Err(Error::Unsupported("arithmetic-coded")) => return None,
        got => got.unwrap_or_else(|error| panic!("{name} at {scale:?}: {error}")),
    };
    assert_eq!((got.width, got.height), (width, height), "{name} at {scale:?}");
    let got = comparable(got);
    assert_eq!(got.len(), width as usize * height as usize * channels, "{name} at {scale:?}");
    let apart = got.iter().zip(wanted).map(|(&a, &b)| a.abs_diff(b));
    let sum: u64 = apart.clone().map(u64::from).sum();
    Some(Difference {
        max: apart.max().unwrap(),
        mean: sum as f64 / got.len() as f64,
    })
}

fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    corpus.is_dir().then_some(corpus)
}

/// Every file of the corpus that is named as a JPEG.
fn corpus_jpegs(corpus: &Path) -> Vec<PathBuf> {
    let mut folders = vec![corpus.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jpg") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn corpus_agrees_with_djpeg() {
    let Some(corpus) = corpus() else {
        eprintln!("SKIPPED: no corpus beside the checkout");
        return;
    };
    let mut compared = 0;
    let mut failures: Vec<String> = Vec::new();
    for file in corpus_jpegs(&corpus) {
        let name = file.strip_prefix(&corpus).unwrap().display().to_string();
        if name.starts_with("bombs") {
            continue;
        }
        let source = fs::read(&file).unwrap();
        for scale in Scale::ALL {
            let Some(difference) = difference(&name, &source, scale) else {
                continue;
            };
            compared += 1;
            println!("{name} {scale:?}: max {} mean {:.3}", difference.max, difference.mean);
            failures.extend(failure(&name, scale, &difference));
        }
    }
    assert_eq!(failures, [""; 0]);
    assert!(compared > 100, "only {compared} comparisons");
}

/// What is wrong with a difference, if anything.
fn failure(name: &str, scale: Scale, difference: &Difference) -> Option<String> {
    let Difference { max, mean } = difference;
    let good = match scale {
        Scale::Full => *max <= FULL_LEVELS_MAX,
        _ => *mean <= 3.0,
    };
    (!good).then(|| format!("{name} at {scale:?}: {max} apart, {mean:.3} in the mean"))
}

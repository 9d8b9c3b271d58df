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
            println!(
                "{name} {scale:?}: max {} mean {:.3}",
                difference.max, difference.mean
            );
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
    if random.below(8) == 0 {
        switches.push("-grayscale".into());
    } else {
        switches.extend(["-sample".into(), random.one_of(&SAMPLINGS).into()]);
    }
    match random.below(6) {
        0 | 1 => switches.push("-progressive".into()),
        2 => {
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
    if random.below(10) == 0 && !switches.contains(&"-grayscale".to_owned()) {
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
    let folder = tempfile::tempdir().unwrap();
    let scripts = scripts(folder.path());
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut failures: Vec<String> = Vec::new();
    let (mut compared, mut grey) = (0, 0);
    for case in 0..cases {
        let (width, height) = (1 + random.below(70), 1 + random.below(70));
        let ppm = synthetic(width, height, &mut random);
        let mut switches = switches(&mut random, &scripts);
        if switches.contains(&"-grayscale".to_owned()) {
            // The scripts are for three components.
            switches.retain(|switch| switch != "-scans" && !switch.ends_with(".txt"));
            grey += 1;
        }
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
        if switches.contains(&"-grayscale".to_owned()) {
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
        _ if difference.mean <= 12.0 => None,
        _ => Some(format!(
            "{name} at {scale:?}: {:.3} in the mean",
            difference.mean
        )),
    }
}

/// Reduced scales by their definition: djpeg's full-size picture is transformed forward, block by block,
/// and the lowest frequencies back at their own size. Our samples must be those within two levels, where
/// the full size was not cut off at 0 or 255. For grey pictures, whose blocks all can be seen whole.
fn reduced_failure(name: &str, source: &[u8]) -> Option<String> {
    let full = djpeg(source, Scale::Full).unwrap();
    let (width, height, _, full) = parse_pnm(&full);
    let (width, height) = (width as usize, height as usize);
    for scale in [Scale::Half, Scale::Quarter, Scale::Eighth] {
        let side = scale.block_side();
        let got = ours(source, scale).unwrap();
        for (row, column) in
            (0..height / 8 * (width / 8)).map(|at| (at / (width / 8), at % (width / 8)))
        {
            let sample = |y: usize, x: usize| full[(row * 8 + y) * width + column * 8 + x];
            if (0..64).any(|at| matches!(sample(at / 8, at % 8), 0 | 255)) {
                continue;
            }
            let wanted = reduced(side, &|y, x| f64::from(sample(y, x)));
            for (at, wanted) in wanted.iter().enumerate() {
                let place =
                    (row * side + at / side) * got.width as usize + column * side + at % side;
                let got = f64::from(got.samples[place]);
                if (got - wanted.clamp(0.0, 255.0)).abs() > 2.0 {
                    return Some(format!(
                        "{name} at {scale:?}, block {row},{column}: {got} for {wanted}"
                    ));
                }
            }
        }
    }
    None
}

/// A block of 64 samples at a smaller size, by the definition of the transform.
fn reduced(side: usize, sample: &dyn Fn(usize, usize) -> f64) -> Vec<f64> {
    let basis = |size: usize, frequency: usize, place: usize| {
        let scale = if frequency == 0 { 1.0 } else { 2.0 } / size as f64;
        let angle = (2 * place + 1) as f64 * frequency as f64 * std::f64::consts::PI;
        scale.sqrt() * (angle / (2 * size) as f64).cos()
    };
    let frequency = |v: usize, u: usize| -> f64 {
        (0..64)
            .map(|at| sample(at / 8, at % 8) * basis(8, v, at / 8) * basis(8, u, at % 8))
            .sum()
    };
    let frequencies: Vec<f64> = (0..side * side)
        .map(|at| frequency(at / side, at % side))
        .collect();
    let level = |y: usize, x: usize| -> f64 {
        let term = |(at, value): (usize, &f64)| {
            value * basis(side, at / side, y) * basis(side, at % side, x)
        };
        frequencies.iter().enumerate().map(term).sum()
    };
    (0..side * side)
        .map(|at| level(at / side, at % side) * side as f64 / 8.0)
        .collect()
}

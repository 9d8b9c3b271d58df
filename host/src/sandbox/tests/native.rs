//! The component and the library that it is made of, compiled for this machine: the same bytes from both,
//! so that what tests see natively is what the sandbox does, lanes mean the same as plain arrays, and a
//! rendition does not depend on which machine made it.

use std::fs;
use std::path::Path;

use super::*;

const MEMORY_BYTES: u64 = 512 << 20;

/// What is asked for, once in the interface's types and once in the library's: their shapes are the same.
macro_rules! asked {
    ($name:ident, $($types:tt)+) => {
        mod $name {
            use $($types)+::*;

            /// Operations by name: those that see the whole picture, and those that see a small one.
            pub(super) fn operations() -> Vec<(&'static str, Vec<Operation>)> {
                let box_of = |width, height, fit| Resize {
                    width,
                    height,
                    fit,
                    enlarge: Enlarge::Allow,
                    gravity: Gravity::Smart,
                    extend: Extend::Mirror,
                };
                let colour = Rgb { red: 200, green: 30, blue: 90 };
                let text = WatermarkText {
                    text: "Darkroom, no. 5".to_owned(),
                    font_points: 21.0,
                    dpi: 120,
                    width: Some(190),
                    margin: Some(30),
                    opacity: 0.4,
                    colour,
                    tiling: Tiling::Repeated,
                };
                let area = Area { left: 11, top: 7, width: Some(131), height: Some(93) };
                let laid_on = WatermarkImage { overlay: 0, left: 5, top: 9, opacity: 0.6 };
                let on_whole = [
                    ("shrink strongly", Operation::Resize(box_of(Some(37), None, Fit::Inside))),
                    ("shrink", Operation::Resize(box_of(Some(150), None, Fit::Inside))),
                    ("shrink little", Operation::Resize(box_of(None, Some(261), Fit::Inside))),
                    ("enlarge", Operation::Resize(box_of(Some(807), None, Fit::Inside))),
                    ("stretch", Operation::Resize(box_of(Some(77), Some(411), Fit::Stretch))),
                    ("cut smartly", Operation::Resize(box_of(Some(120), Some(90), Fit::Cover))),
                    ("pad", Operation::Resize(box_of(Some(200), Some(200), Fit::Pad))),
                    ("overlay", Operation::WatermarkImage(laid_on)),
                ];
                let on_small = [
                    ("turn", Operation::Rotate(Turn::Quarter)),
                    ("mirror", Operation::Mirror(Mirror::Horizontal)),
                    ("extract", Operation::Extract(area)),
                    ("blur", Operation::Blur(3.7)),
                    ("flatten", Operation::Flatten(colour)),
                    ("greyscale", Operation::Greyscale),
                    ("text", Operation::WatermarkText(text)),
                ];
                let whole = on_whole.into_iter().map(|(name, last)| (name, vec![last]));
                let small = on_small.into_iter().map(|(name, last)| (name, vec![small(310), last]));
                whole.chain(small).collect()
            }

            /// The operations as a step, on an upright picture.
            pub(super) fn steps(operations: Vec<Operation>) -> Vec<Step> {
                let upright = std::iter::once(Operation::Orient);
                vec![Step {
                    operations: upright.chain(operations).collect(),
                    on_failure: OnFailure::Fail,
                }]
            }

            /// To a width that costs little.
            pub(super) fn small(width: u32) -> Operation {
                Operation::Resize(Resize {
                    width: Some(width),
                    height: None,
                    fit: Fit::Inside,
                    enlarge: Enlarge::Never,
                    gravity: Gravity::Centre,
                    extend: Extend::Black,
                })
            }

            /// Outputs by name, each with a width; AVIF takes long. The first is for operations.
            pub(super) fn outputs() -> Vec<(&'static str, u32, Output)> {
                let output = |format| Output {
                    format: Some(format),
                    quality: Some(71),
                    compression: None,
                    speed: None,
                    interlace: false,
                    lossless: false,
                    page: None,
                    palette: false,
                    linear: false,
                    profile: Profile::Convert,
                    metadata: Metadata::None,
                };
                let interlaced = |format| Output { interlace: true, ..output(format) };
                vec![
                    ("PNG", 203, output(Format::Png)),
                    ("interlaced PNG", 90, interlaced(Format::Png)),
                    ("JPEG", 203, output(Format::Jpeg)),
                    ("progressive JPEG", 203, interlaced(Format::Jpeg)),
                    ("WebP", 203, output(Format::Webp)),
                    ("WebP without loss", 90, Output { lossless: true, ..output(Format::Webp) }),
                    ("AVIF", 61, output(Format::Avif)),
                ]
            }

            /// Generous ones.
            pub(super) fn limits() -> Limits {
                Limits {
                    source_pixels_max: 16_000_000,
                    output_pixels_max: 16_000_000,
                    output_side_max: 16_384,
                    memory_bytes_max: super::MEMORY_BYTES,
                    frames_max: 100,
                    animation_pixels_max: 16_000_000,
                    truncated: Truncated::Render,
                }
            }
        }
    };
}

asked!(of_component, super::super::wit);
asked!(of_library, transformer::options);

/// What is compared: the same done by both.
struct Asked {
    name: String,
    component: (Vec<wit::Step>, wit::Output),
    library: (
        Vec<transformer::options::Step>,
        transformer::options::Output,
    ),
}

/// Every operation to PNG, and every output.
fn asked() -> Vec<Asked> {
    let png = (
        of_component::outputs().remove(0).2,
        of_library::outputs().remove(0).2,
    );
    let operations = of_component::operations()
        .into_iter()
        .zip(of_library::operations());
    let mut all: Vec<Asked> = operations
        .map(|((name, component), (_, library))| Asked {
            name: name.to_owned(),
            component: (of_component::steps(component), png.0),
            library: (of_library::steps(library), png.1),
        })
        .collect();
    let outputs = of_component::outputs()
        .into_iter()
        .zip(of_library::outputs());
    all.extend(
        outputs.map(|((name, width, component), (.., library))| Asked {
            name: format!("{name} at {width} px"),
            component: (
                of_component::steps(vec![of_component::small(width)]),
                component,
            ),
            library: (of_library::steps(vec![of_library::small(width)]), library),
        }),
    );
    all
}

/// Every sample picture.
fn pictures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pictures");
    let mut pictures = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_picture = path.extension().is_some_and(|extension| extension != "md");
        if path.is_file() && is_picture {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            pictures.push((name, fs::read(path).unwrap()));
        }
    }
    pictures
}

#[tokio::test]
async fn the_sandbox_makes_the_bytes_that_the_library_makes() {
    let config = SandboxConfig {
        memory_bytes_max: MEMORY_BYTES,
        output_bytes_max: 32 << 20,
        ..config()
    };
    let sandbox = Sandbox::start(guest::COMPONENT, &config).unwrap();
    let pictures = pictures();
    let overlay = &pictures
        .iter()
        .find(|(name, _)| name == "cat.png")
        .unwrap()
        .1;
    let mut compared = 0;
    let mut different = Vec::new();
    for (picture, source) in &pictures {
        for asked in asked() {
            let job = Job {
                source: source.clone().into(),
                overlays: vec![overlay.clone().into()],
                steps: asked.component.0,
                output: asked.component.1,
                limits: of_component::limits(),
            };
            let sources = transformer::Sources {
                picture: source,
                overlays: std::slice::from_ref(overlay),
            };
            let (steps, output) = &asked.library;
            let library = transformer::transform(sources, steps, output, &of_library::limits());
            let component = sandbox.transform(job, never()).await;
            match (component, library) {
                (Ok(done), Ok(library)) if done.rendition.bytes == library.bytes => compared += 1,
                (Ok(_), Ok(_)) => different.push(format!("{picture}, {}", asked.name)),
                // Both refuse, such as an overlay larger than the picture.
                (Err(_), Err(_)) => {}
                (component, library) => {
                    panic!("{picture}, {}: {component:?} and {library:?}", asked.name)
                }
            }
        }
    }
    assert_eq!(different, [""; 0]);
    assert!(compared >= 250, "only {compared} were compared");
}

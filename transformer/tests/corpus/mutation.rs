//! Small files of every format with bytes changed, cut and repeated, the same way on every run. Nothing may
//! panic; what comes out is an error or a picture.

use std::cell::RefCell;

use transformer::options::{Fit, Operation};

use super::harness::{read, resize, transform};
use crate::mutants::{Numbers, mutated};

/// Small, so that many mutations are tried: JPEG of three kinds, PNG, WebP of three kinds, GIF,
/// TIFF of four kinds, a bitmap, drawings, AVIF, JPEG 2000, a page.
const SEEDS: [&str; 22] = [
    "jpeg/gray.jpg",
    "jpeg/exif_gps_ifd.jpg",
    "jpeg/cmyk_ycck_noprofile.jpg",
    "jpeg/progressive_420_icc.jpg",
    "png/16bit_rgb.png",
    "png/p3.png",
    "pngsuite/basi3p04.png",
    "pngsuite/tbbn3p08.png",
    "webp/lossy_alpha.webp",
    "webp/anim_tall_99f.webp",
    "gif/interlaced.gif",
    "gif/dispose_previous.gif",
    "tiff/multipage.tiff",
    "tiff/cmyk_jpeg.tif",
    "tiff/float32.tiff",
    "orientation/tiff_orientation6.tif",
    "other/bmp.bmp",
    "svg/logo.svgz",
    "svg/resvg/masking__mask__color-interpolation=linearRGB.svg",
    "avif/alpha.avif",
    "fuzz/pillow/crash-d2c93af851d3ab9a19e34503626368b2ecde9c03.j2k",
    "other/blank.pdf",
];

/// Mutations of each seed: a few seconds in all.
const ROUNDS: u32 = 300;

/// Known: `rusty_av1d` 1.2.1 forgets the frame's header before it cleans up after a frame that it cannot
/// decode (`rav1d_submit_frame::on_error`, memorysafety/rav1d#1497), and panics. In the component that ends
/// the one instance.
const EXCUSED: &str = "rusty_av1d";

thread_local! {
    /// The file in which the last panic of this thread began.
    static FELL_IN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Remember where panics begin, beside what is done with them anyway.
fn watch_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let file = panic.location().map_or("", |location| location.file());
        FELL_IN.with(|fell| file.clone_into(&mut fell.borrow_mut()));
        before(panic);
    }));
}

#[test]
fn no_mutation_panics() {
    watch_panics();
    let operations = [Operation::Orient, resize(16, 12, Fit::Cover)];
    for (index, path) in SEEDS.into_iter().enumerate() {
        let Some(seed) = read(path) else { return };
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15 ^ index as u64);
        for round in 0..ROUNDS {
            let source = mutated(&seed, &mut numbers);
            let caught = std::panic::catch_unwind(|| {
                let _either = transform(&source, &operations);
                let _either = transformer::inspect(&source);
            });
            let is_excused = || FELL_IN.with(|fell| fell.borrow().contains(EXCUSED));
            assert!(caught.is_ok() || is_excused(), "{path}, round {round}");
        }
    }
}

//! Each encoder on one photograph-like picture of thumbnail size. Run `cargo bench -p transformer`;
//! `ENCODERS.md` has the comparison with other encoders.

use std::f32::consts::TAU;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use transformer::encode::encode;
use transformer::options::{Format, Metadata, Output, Profile};
use transformer::picture::{Layout, Picture};

const OUTPUT: Output = Output {
    format: None,
    quality: None,
    compression: None,
    speed: None,
    interlace: false,
    lossless: false,
    page: None,
    palette: false,
    profile: Profile::Ignore,
    metadata: Metadata::None,
    linear: false,
};

/// Waves of many lengths and some grain, 400 by 300 pixels.
fn picture() -> Option<Picture> {
    let mut state = 1u32;
    let samples = (0..400 * 300u32)
        .flat_map(|at| {
            let (x, y) = ((at % 400) as f32, (at / 400) as f32);
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (state >> 28) as f32;
            [90.0f32, 37.0, 11.0].map(|length| {
                let wave = (x / length * TAU).sin() + ((x + y) / length / 1.7 * TAU).cos();
                (110.0 + 50.0 * wave + grain) as u8
            })
        })
        .collect();
    Picture::new(400, 300, Layout::Rgb, samples)
}

fn encoders(criterion: &mut Criterion) {
    let Some(picture) = picture() else {
        return;
    };
    let mut group = criterion.benchmark_group("encode 400x300");
    group.sample_size(10);
    let cases = [
        ("jpeg", Format::Jpeg, OUTPUT),
        (
            "jpeg progressive",
            Format::Jpeg,
            Output {
                interlace: true,
                ..OUTPUT
            },
        ),
        ("png", Format::Png, OUTPUT),
        ("webp", Format::Webp, OUTPUT),
        (
            "webp lossless",
            Format::Webp,
            Output {
                lossless: true,
                ..OUTPUT
            },
        ),
        (
            "avif speed 10",
            Format::Avif,
            Output {
                speed: Some(10),
                ..OUTPUT
            },
        ),
    ];
    for (name, format, output) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| encode(black_box(&picture), format, &output));
        });
    }
    group.finish();
}

criterion_group!(benches, encoders);
criterion_main!(benches);

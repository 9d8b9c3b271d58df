//! Section 5.3: the sizes that imaginary was measured with, a JPEG of 550x740 and one of 1920x1080 that
//! shows turned (orientation 6); and section 14 where they differ.

use image::{DynamicImage, ImageFormat};
use tests::{Edge, exif, eyes, sample};

use super::row::Check::{Begins, Size};
use super::row::{Row, get, run};

const UPRIGHT: &[Row] = &[
    get("/resize?file=a.jpg&width=300", &[Size(300, 404)]),
    get("/resize?file=a.jpg&height=300", &[Size(223, 300)]),
    get("/resize?file=a.jpg&width=300&height=300", &[Size(300, 300)]),
    get(
        "/resize?file=a.jpg&width=300&height=300&nocrop=false",
        &[Size(300, 300)],
    ),
    get(
        "/resize?file=a.jpg&width=300&nocrop=false",
        &[Size(300, 740)],
    ),
    get("/resize?file=a.jpg&width=300&nocrop=", &[Size(300, 740)]),
    get("/resize?file=a.jpg&width=300&nocrop", &[Size(300, 740)]),
    get(
        "/resize?file=a.jpg&width=300&nocrop=true",
        &[Size(300, 404)],
    ),
    get("/resize?file=a.jpg&width=1000", &[Size(550, 740)]),
    get(
        "/resize?file=a.jpg&width=1000&height=1000",
        &[Size(550, 740)],
    ),
    get(
        "/resize?file=a.jpg&width=1000&height=300",
        &[Size(1000, 300)],
    ),
    get(
        "/resize?file=a.jpg&width=300&height=1000",
        &[Size(300, 1000)],
    ),
    get(
        "/resize?file=a.jpg&width=1000&height=1500&force=true",
        &[Size(1000, 1500)],
    ),
    get("/resize?file=a.jpg&width=NaN", &[Size(550, 740)]),
    get("/resize?file=a.jpg&width=Inf", &[Size(550, 740)]),
    get("/fit?file=a.jpg&width=300&height=300", &[Size(223, 300)]),
    get("/fit?file=a.jpg&width=1000&height=1000", &[Size(550, 740)]),
    get("/fit?file=a.jpg&width=300&height=100", &[Size(74, 100)]),
    get("/crop?file=a.jpg&width=300", &[Size(300, 740)]),
    get("/crop?file=a.jpg&height=300", &[Size(550, 300)]),
    get("/crop?file=a.jpg&width=300&height=300", &[Size(300, 300)]),
    get("/crop?file=a.jpg&width=1000&height=300", &[Size(1000, 300)]),
    get("/crop?file=a.jpg&width=1000&height=1000", &[Size(550, 740)]),
    get("/crop?file=a.jpg&width=600", &[Size(550, 740)]),
    get("/smartcrop?file=a.jpg&width=300", &[Size(300, 740)]),
    get("/smartcrop?file=a.jpg&height=300", &[Size(550, 300)]),
    get(
        "/smartcrop?file=a.jpg&width=300&height=300",
        &[Size(300, 300)],
    ),
    get(
        "/smartcrop?file=a.jpg&width=1000&height=300",
        &[Size(1000, 300)],
    ),
    get(
        "/smartcrop?file=a.jpg&width=1000&height=1000",
        &[Size(550, 740)],
    ),
    get("/smartcrop?file=a.jpg&width=600", &[Size(550, 740)]),
    get(
        "/enlarge?file=a.jpg&width=300&height=200",
        &[Size(300, 200)],
    ),
    get(
        "/enlarge?file=a.jpg&width=1000&height=1000",
        &[Size(1000, 1000)],
    ),
    get(
        "/enlarge?file=a.jpg&width=1000&height=1000&nocrop=true",
        &[Size(743, 1000)],
    ),
    get(
        "/enlarge?file=a.jpg&width=1000&height=1000&nocrop=true&embed=true",
        &[Size(1000, 1000)],
    ),
    get(
        "/extract?file=a.jpg&top=100&left=100&areawidth=200&areaheight=120",
        &[Size(200, 120)],
    ),
    get(
        "/extract?file=a.jpg&left=350&areawidth=200&areaheight=120",
        &[Size(200, 120)],
    ),
    get(
        "/extract?file=a.jpg&left=351&areawidth=200&areaheight=120",
        &[Begins("Error while processing the image: ")],
    ),
    get(
        "/extract?file=a.jpg&top=100&left=100&areawidth=200&areaheight=120&embed=true",
        &[Size(550, 740)],
    ),
    get("/thumbnail?file=a.jpg&width=100", &[Size(100, 135)]),
    get("/thumbnail?file=a.jpg&height=100", &[Size(74, 100)]),
    get(
        "/thumbnail?file=a.jpg&width=100&height=100",
        &[Size(100, 100)],
    ),
    get("/thumbnail?file=a.jpg&width=1000", &[Size(1000, 1345)]),
    get(
        "/thumbnail?file=a.jpg&width=100&height=100&rotate=90",
        &[Size(100, 74)],
    ),
    get("/zoom?file=a.jpg&factor=1", &[Size(1100, 1480)]),
    get("/zoom?file=a.jpg&factor=2", &[Size(1650, 2220)]),
    get("/zoom?file=a.jpg&factor=1&width=100", &[Size(100, 135)]),
    get(
        "/zoom?file=a.jpg&factor=1&top=10&areawidth=300",
        &[Size(300, 740)],
    ),
    get("/rotate?file=a.jpg&rotate=90&width=100", &[Size(100, 74)]),
    get("/rotate?file=a.jpg&rotate=45", &[Size(550, 740)]),
    get("/rotate?file=a.jpg&rotate=90", &[Size(740, 550)]),
    get("/rotate?file=a.jpg&rotate=180", &[Size(550, 740)]),
    get("/rotate?file=a.jpg&rotate=450", &[Size(740, 550)]),
    get("/autorotate?file=a.jpg", &[Size(550, 740)]),
    get(
        "/autorotate?file=a.jpg&width=100&rotate=90&type=png",
        &[Size(550, 740)],
    ),
    get("/flip?file=a.jpg", &[Size(550, 740)]),
    get("/flop?file=a.jpg", &[Size(550, 740)]),
    get("/flip?file=a.jpg&width=100", &[Size(100, 135)]),
    get("/blur?file=a.jpg&sigma=2", &[Size(550, 740)]),
    get("/convert?file=a.jpg&type=png", &[Size(550, 740)]),
    get("/convert?file=a.jpg&type=webp&width=300", &[Size(300, 404)]),
    get(
        "/resize?file=a.jpg&width=300&aspectratio=16:9",
        &[Size(300, 162)],
    ),
    get(
        "/resize?file=a.jpg&height=300&aspectratio=16:9",
        &[Size(528, 300)],
    ),
    get(
        "/resize?file=a.jpg&width=300&height=200&aspectratio=16:9",
        &[Size(300, 200)],
    ),
];

const TURNED: &[Row] = &[
    get("/resize?file=phone.jpg&width=300", &[Size(300, 533)]),
    get(
        "/resize?file=phone.jpg&width=300&norotation=true",
        &[Size(300, 169)],
    ),
    get("/autorotate?file=phone.jpg", &[Size(1080, 1920)]),
    get(
        "/fit?file=phone.jpg&width=300&height=600",
        &[Size(300, 533)],
    )
    .better("B28"),
    get(
        "/fit?file=phone.jpg&width=600&height=300",
        &[Size(169, 300)],
    )
    .better("B28"),
    // An explicit angle switches the orientation off.
    get("/rotate?file=phone.jpg&rotate=180", &[Size(1920, 1080)]),
    get(
        "/crop?file=phone.jpg&width=200&height=100",
        &[Size(200, 100)],
    ),
];

/// imaginary's test image by its size, and a photograph as telephones store it.
pub(super) fn mount() -> tempfile::TempDir {
    let mount = tempfile::tempdir().unwrap();
    assert_eq!(eyes::size(&sample("dunes.jpg")), (550, 740));
    std::fs::write(mount.path().join("a.jpg"), sample("dunes.jpg")).unwrap();
    let stored = DynamicImage::ImageRgb8(image::RgbImage::from_fn(1920, 1080, |x, y| {
        image::Rgb([(x / 8) as u8, (y / 5) as u8, 90])
    }));
    let phone = exif::with_orientation(&eyes::encode(&stored, ImageFormat::Jpeg), 6);
    std::fs::write(mount.path().join("phone.jpg"), phone).unwrap();
    mount
}

#[test]
fn every_size() {
    let mount = mount();
    let edge = Edge::mounting(mount.path()).start();
    run(&edge, UPRIGHT);
    run(&edge, TURNED);
}

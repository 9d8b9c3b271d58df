//! Every row of the measured table that is a matter of size, and the edges around it.

use super::*;
use crate::options::Extend;

/// The picture that the table was measured with.
const INPUT: Size = Size {
    width: 550,
    height: 740,
};

fn asked(width: u32, height: u32, fit: Fit, enlarge: Enlarge) -> Resize {
    let side = |pixels: u32| (pixels != 0).then_some(pixels);
    Resize {
        width: side(width),
        height: side(height),
        fit,
        enlarge,
        gravity: Gravity::Centre,
        extend: Extend::Copy,
    }
}

fn canvas(input: Size, resize: &Resize) -> (u32, u32) {
    let Size { width, height } = place(input, resize).expect("a size in 32 bits").canvas;
    (width, height)
}

#[test]
fn the_measured_table() {
    use Enlarge::{Allow, Never};
    use Fit::{Cover, Inside, Pad, Stretch};
    let rows = [
        ("resize w300", 300, 0, Pad, Never, (300, 404)),
        ("resize h300", 0, 300, Pad, Never, (223, 300)),
        ("resize 300x300", 300, 300, Pad, Never, (300, 300)),
        (
            "resize 300x300 nocrop=false",
            300,
            300,
            Cover,
            Never,
            (300, 300),
        ),
        ("resize w300 nocrop=false", 300, 0, Cover, Never, (300, 740)),
        ("resize w300 nocrop=true", 300, 0, Inside, Never, (300, 404)),
        ("resize w1000", 1000, 0, Pad, Never, (550, 740)),
        ("resize 1000x1000", 1000, 1000, Pad, Never, (550, 740)),
        ("resize 1000x300", 1000, 300, Pad, Never, (1000, 300)),
        ("resize 300x1000", 300, 1000, Pad, Never, (300, 1000)),
        (
            "resize 1000x1500 force",
            1000,
            1500,
            Stretch,
            Never,
            (1000, 1500),
        ),
        ("resize width=NaN", 0, 0, Pad, Never, (550, 740)),
        ("fit 300x300", 300, 300, Inside, Never, (223, 300)),
        ("fit 1000x1000", 1000, 1000, Inside, Never, (550, 740)),
        ("fit 300x100", 300, 100, Inside, Never, (74, 100)),
        ("crop w300", 300, 0, Cover, Never, (300, 740)),
        ("crop h300", 0, 300, Cover, Never, (550, 300)),
        ("crop 300x300", 300, 300, Cover, Never, (300, 300)),
        ("crop 1000x300", 1000, 300, Cover, Never, (1000, 300)),
        ("crop 1000x1000", 1000, 1000, Cover, Never, (550, 740)),
        ("crop w600", 600, 0, Cover, Never, (550, 740)),
        ("enlarge 300x200", 300, 200, Cover, Allow, (300, 200)),
        ("enlarge 1000x1000", 1000, 1000, Cover, Allow, (1000, 1000)),
        (
            "enlarge 1000x1000 nocrop=true",
            1000,
            1000,
            Inside,
            Allow,
            (743, 1000),
        ),
        (
            "enlarge 1000x1000 nocrop=true embed=true",
            1000,
            1000,
            Pad,
            Allow,
            (1000, 1000),
        ),
        ("thumbnail w100", 100, 0, Stretch, Never, (100, 135)),
        ("thumbnail h100", 0, 100, Stretch, Never, (74, 100)),
        ("thumbnail 100x100", 100, 100, Stretch, Never, (100, 100)),
        ("thumbnail w1000", 1000, 0, Stretch, Never, (1000, 1345)),
    ];
    for (request, width, height, fit, enlarge, expected) in rows {
        assert_eq!(
            canvas(INPUT, &asked(width, height, fit, enlarge)),
            expected,
            "{request}"
        );
    }
}

#[test]
fn rows_after_a_turn_or_a_zoom() {
    let turned = Size {
        width: 740,
        height: 550,
    };
    assert_eq!(
        canvas(turned, &asked(100, 0, Fit::Pad, Enlarge::Never)),
        (100, 74)
    );
    assert_eq!(
        canvas(turned, &asked(100, 100, Fit::Inside, Enlarge::Never)),
        (100, 74)
    );
    assert_eq!(
        zoom(INPUT, 2),
        Some(Size {
            width: 1100,
            height: 1480
        })
    );
    assert_eq!(
        zoom(INPUT, 3),
        Some(Size {
            width: 1650,
            height: 2220
        })
    );
    let zoomed = Size {
        width: 1100,
        height: 1480,
    };
    assert_eq!(
        canvas(zoomed, &asked(100, 0, Fit::Pad, Enlarge::Never)),
        (100, 135)
    );
    // Orientation 6 of a raw 1920x1080, as displayed; without it; and `fit` in displayed terms.
    let portrait = Size {
        width: 1080,
        height: 1920,
    };
    assert_eq!(
        canvas(portrait, &asked(300, 0, Fit::Pad, Enlarge::Never)),
        (300, 533)
    );
    let raw = Size {
        width: 1920,
        height: 1080,
    };
    assert_eq!(
        canvas(raw, &asked(300, 0, Fit::Pad, Enlarge::Never)),
        (300, 169)
    );
    assert_eq!(
        canvas(portrait, &asked(300, 600, Fit::Inside, Enlarge::Never)),
        (300, 533)
    );
    assert_eq!(
        canvas(portrait, &asked(600, 300, Fit::Inside, Enlarge::Never)),
        (169, 300)
    );
}

#[test]
fn areas() {
    let given = Area {
        left: 100,
        top: 100,
        width: Some(200),
        height: Some(120),
    };
    let rect = area(&given, INPUT);
    assert_eq!(
        rect.size,
        Size {
            width: 200,
            height: 120
        }
    );
    assert!(rect.fits(INPUT));
    let unzoomed = area(
        &Area {
            left: 0,
            top: 100,
            width: Some(300),
            height: None,
        },
        INPUT,
    );
    assert_eq!(
        unzoomed.size,
        Size {
            width: 300,
            height: 740
        }
    );
    assert!(unzoomed.fits(Size {
        width: 1100,
        height: 1480
    }));
    let outside = Area {
        left: 400,
        top: 0,
        width: Some(151),
        height: Some(1),
    };
    assert!(!area(&outside, INPUT).fits(INPUT));
    let wrapping = Area {
        left: u32::MAX,
        top: 0,
        width: Some(2),
        height: Some(1),
    };
    assert!(!area(&wrapping, INPUT).fits(INPUT));
}

#[test]
fn a_cut_keeps_the_side_its_gravity_names() {
    let keep = |gravity| {
        let resize = Resize {
            gravity,
            ..asked(101, 51, Fit::Cover, Enlarge::Never)
        };
        let placement = place(
            Size {
                width: 404,
                height: 408,
            },
            &resize,
        )
        .expect("fits");
        assert_eq!(
            placement.scaled,
            Size {
                width: 101,
                height: 102
            }
        );
        (placement.keep.left, placement.keep.top)
    };
    assert_eq!(keep(Gravity::Centre), (0, 26));
    assert_eq!(keep(Gravity::North), (0, 0));
    assert_eq!(keep(Gravity::South), (0, 51));
    assert_eq!(keep(Gravity::East), (0, 26));
    assert_eq!(keep(Gravity::West), (0, 26));
    let wide = |gravity| {
        let resize = Resize {
            gravity,
            ..asked(100, 0, Fit::Cover, Enlarge::Never)
        };
        place(INPUT, &resize).expect("fits").keep.left
    };
    assert_eq!(
        (
            wide(Gravity::West),
            wide(Gravity::Centre),
            wide(Gravity::East)
        ),
        (0, 225, 450)
    );
}

#[test]
fn no_side_is_ever_zero_and_none_overflows() {
    let line = Size {
        width: 940,
        height: 2,
    };
    assert_eq!(
        canvas(line, &asked(100, 0, Fit::Pad, Enlarge::Never)),
        (100, 1)
    );
    assert_eq!(
        canvas(line, &asked(0, 1, Fit::Stretch, Enlarge::Never)),
        (470, 1)
    );
    let huge = asked(u32::MAX, 0, Fit::Stretch, Enlarge::Never);
    assert_eq!(
        place(
            Size {
                width: 1,
                height: 2
            },
            &huge
        ),
        None
    );
    assert_eq!(zoom(line, u32::MAX), None);
}

#[test]
fn a_side_that_is_asked_for_is_exact() {
    for side in 1..=600 {
        for fit in [Fit::Inside, Fit::Pad, Fit::Stretch] {
            let by_width = canvas(INPUT, &asked(side.min(550), 0, fit, Enlarge::Never));
            let by_height = canvas(INPUT, &asked(0, side, fit, Enlarge::Never));
            assert_eq!((by_width.0, by_height.1), (side.min(550), side));
        }
    }
}

#[test]
fn every_placement_is_consistent() {
    for fit in [Fit::Inside, Fit::Pad, Fit::Cover, Fit::Stretch] {
        for enlarge in [Enlarge::Never, Enlarge::Allow] {
            for (width, height) in [(1, 1), (7, 900), (900, 7), (0, 33), (33, 0), (500, 500)] {
                for input in [
                    INPUT,
                    Size {
                        width: 1,
                        height: 999,
                    },
                    Size {
                        width: 999,
                        height: 1,
                    },
                ] {
                    let placed = place(input, &asked(width, height, fit, enlarge)).expect("fits");
                    assert!(placed.keep.fits(placed.scaled), "{placed:?}");
                    assert!(placed.canvas.width >= placed.keep.size.width, "{placed:?}");
                    assert!(
                        placed.canvas.height >= placed.keep.size.height,
                        "{placed:?}"
                    );
                    assert!(placed.scaled.pixels() > 0 && placed.canvas.pixels() > 0);
                }
            }
        }
    }
}

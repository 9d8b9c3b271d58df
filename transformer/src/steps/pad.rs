//! Put a picture on a larger canvas and fill what is around it: with a colour, or with the picture itself,
//! its edge drawn out, mirrored or tiled.

use super::blend::able_to_hold;
use super::{room, wrap};
use crate::geometry::Size;
use crate::options::{Extend, Rgb};
use crate::picture::{Layout, Picture, Sample};

/// Where the picture lies, on what, and what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub left: u32,
    pub top: u32,
    pub canvas: Size,
    pub extend: Extend,
}

/// Put `picture` into `frame`.
pub(super) fn pad<S: Sample>(picture: Picture<S>, frame: &Frame) -> Option<Picture<S>> {
    match colour(frame.extend) {
        Some(colour) => on_colour(&able_to_hold(picture, colour)?, frame, colour),
        None => on_itself(&picture, frame),
    }
}

const fn colour(extend: Extend) -> Option<Rgb> {
    match extend {
        Extend::Black => Some(Rgb {
            red: 0,
            green: 0,
            blue: 0,
        }),
        Extend::White => Some(Rgb {
            red: 255,
            green: 255,
            blue: 255,
        }),
        Extend::Colour(colour) => Some(colour),
        Extend::Copy | Extend::Mirror | Extend::Repeat => None,
    }
}

fn on_colour<S: Sample>(picture: &Picture<S>, frame: &Frame, colour: Rgb) -> Option<Picture<S>> {
    let layout = picture.layout();
    let channels = layout.channels();
    let [red, green, blue] = [colour.red, colour.green, colour.blue].map(S::of_level);
    let pixel: &[S] = match layout {
        Layout::Grey => &[red],
        Layout::GreyAlpha => &[red, S::MOST],
        Layout::Rgb => &[red, green, blue],
        Layout::Rgba => &[red, green, blue, S::MOST],
    };
    let mut samples = room(frame.canvas, layout)?;
    samples
        .chunks_exact_mut(channels)
        .for_each(|sample| sample.copy_from_slice(pixel));
    let stride = frame.canvas.width as usize * channels;
    let left = frame.left as usize * channels;
    let rows = samples.chunks_exact_mut(stride).skip(frame.top as usize);
    for (target, row) in rows.zip(picture.samples().chunks_exact(picture.stride())) {
        target.get_mut(left..left + row.len())?.copy_from_slice(row);
    }
    wrap(frame.canvas, layout, samples)
}

/// Every pixel of the canvas is one of the picture's: columns and rows are looked up once each.
fn on_itself<S: Sample>(picture: &Picture<S>, frame: &Frame) -> Option<Picture<S>> {
    let layout = picture.layout();
    let channels = layout.channels();
    let columns = sources(
        frame.left,
        picture.width(),
        frame.canvas.width,
        frame.extend,
    );
    let lines = sources(
        frame.top,
        picture.height(),
        frame.canvas.height,
        frame.extend,
    );
    let mut samples = room(frame.canvas, layout)?;
    let rows = samples.chunks_exact_mut(frame.canvas.width as usize * channels);
    for (target, line) in rows.zip(lines) {
        let row = picture
            .samples()
            .get(line * picture.stride()..)?
            .get(..picture.stride())?;
        for (pixel, &column) in target.chunks_exact_mut(channels).zip(&columns) {
            pixel.copy_from_slice(&row[column * channels..][..channels]);
        }
    }
    wrap(frame.canvas, layout, samples)
}

/// For each place along a side of the canvas, the picture's place that is shown there.
fn sources(offset: u32, side: u32, canvas: u32, extend: Extend) -> Vec<usize> {
    let (offset, side) = (i64::from(offset), i64::from(side));
    (0..i64::from(canvas))
        .map(|at| {
            let at = at - offset;
            let source = match extend {
                Extend::Repeat => at.rem_euclid(side),
                // The picture and its mirror image take turns, the edge pixel standing twice.
                Extend::Mirror => {
                    let at = at.rem_euclid(2 * side);
                    at.min(2 * side - 1 - at)
                }
                _ => at.clamp(0, side - 1),
            };
            source as usize
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(extend: Extend) -> Picture {
        let picture = Picture::new(3, 1, Layout::Grey, vec![1, 2, 3]).unwrap();
        let canvas = Size {
            width: 9,
            height: 1,
        };
        pad(
            picture,
            &Frame {
                left: 3,
                top: 0,
                canvas,
                extend,
            },
        )
        .unwrap()
    }

    #[test]
    fn what_stands_around() {
        assert_eq!(row(Extend::Copy).samples(), [1, 1, 1, 1, 2, 3, 3, 3, 3]);
        assert_eq!(row(Extend::Mirror).samples(), [3, 2, 1, 1, 2, 3, 3, 2, 1]);
        assert_eq!(row(Extend::Repeat).samples(), [1, 2, 3, 1, 2, 3, 1, 2, 3]);
        assert_eq!(
            row(Extend::White).samples(),
            [255, 255, 255, 1, 2, 3, 255, 255, 255]
        );
        let red = row(Extend::Colour(Rgb {
            red: 255,
            green: 0,
            blue: 0,
        }));
        assert_eq!(red.layout(), Layout::Rgb);
        assert_eq!(red.samples()[6..15], [255, 0, 0, 1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn far_more_around_than_inside() {
        let picture = Picture::new(1, 1, Layout::Rgba, vec![1u8, 2, 3, 4]).unwrap();
        let canvas = Size {
            width: 50,
            height: 40,
        };
        for extend in [Extend::Copy, Extend::Mirror, Extend::Repeat] {
            let padded = pad(
                picture.clone(),
                &Frame {
                    left: 24,
                    top: 19,
                    canvas,
                    extend,
                },
            )
            .unwrap();
            assert_eq!(padded.samples(), [1, 2, 3, 4].repeat(2000));
        }
    }
}

//! Planes to colours: the matrix and range that the file says (ITU-T H.273), then, where the light is coded
//! otherwise than sRGB's, to what a screen of today can show.

use rusty_av1d::Picture as Decoded;
use rusty_av1d::pixel::YUVRange;

use super::Place;
use super::light::Light;
use super::planes::Planes;
use crate::colour::srgb::Level;
use crate::heif::Container;
use crate::picture::Sample;

/// Code points of H.273.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code {
    pub primaries: u16,
    pub transfer: u16,
    matrix: u16,
    is_full: bool,
}

impl Code {
    /// What the container says.
    pub(super) fn declared(container: &Container<'_>, item: u32) -> Option<Self> {
        let mut properties = container.properties(item);
        properties.find_map(|(kind, body)| match (&kind, body) {
            (b"colr", &[b'n', b'c', b'l', b'x', p1, p0, t1, t0, m1, m0, full, ..]) => Some(Self {
                primaries: u16::from_be_bytes([p1, p0]),
                transfer: u16::from_be_bytes([t1, t0]),
                matrix: u16::from_be_bytes([m1, m0]),
                is_full: full >> 7 == 1,
            }),
            _ => None,
        })
    }

    /// For the tests of light: only that.
    #[cfg(test)]
    pub(super) const fn for_tests(primaries: u16, transfer: u16) -> Self {
        Self {
            primaries,
            transfer,
            matrix: 0,
            is_full: true,
        }
    }

    /// What the coded picture says.
    pub(super) fn of(picture: &Decoded) -> Self {
        Self {
            primaries: picture.color_primaries() as u16,
            transfer: picture.transfer_characteristic() as u16,
            matrix: picture.matrix_coefficients() as u16,
            is_full: picture.color_range() == YUVRange::Full,
        }
    }
}

/// A linear function of a sample.
#[derive(Clone, Copy)]
struct Scale {
    zero: f32,
    factor: f32,
}

impl Scale {
    /// Samples of `bits`, of 0 to 1 of the coded range, to 0 to 1.
    fn luma(code: Code, bits: u8) -> Self {
        if code.is_full {
            return Self {
                zero: 0.0,
                factor: 1.0,
            };
        }
        let (step, most) = steps(bits);
        Self {
            zero: 16.0 * step / most,
            factor: most / (219.0 * step),
        }
    }

    /// The same to -0.5 to 0.5.
    fn chroma(code: Code, bits: u8) -> Self {
        let (step, most) = steps(bits);
        Self {
            zero: 128.0 * step / most,
            factor: if code.is_full {
                1.0
            } else {
                most / (224.0 * step)
            },
        }
    }

    fn apply(self, samples: &mut [f32]) {
        for sample in samples {
            *sample = (*sample - self.zero) * self.factor;
        }
    }
}

/// How many levels of `bits` one of eight bits is, and the highest of them.
fn steps(bits: u8) -> (f32, f32) {
    (f32::from(1u16 << (bits - 8)), f32::from((1u16 << bits) - 1))
}

/// How brightness and differences become red, green and blue.
#[derive(Clone, Copy)]
enum Matrix {
    /// They are green, blue and red already.
    None,
    /// Green and orange.
    YCgCo,
    /// What red and blue are worth of brightness.
    Weights(f32, f32),
}

impl Matrix {
    const fn of(code: u16) -> Self {
        match code {
            0 => Self::None,
            1 => Self::Weights(0.2126, 0.0722),
            4 => Self::Weights(0.30, 0.11),
            7 => Self::Weights(0.212, 0.087),
            8 => Self::YCgCo,
            9 | 10 => Self::Weights(0.2627, 0.0593),
            // 5 and 6, and what decoders take an unsaid one for.
            _ => Self::Weights(0.299, 0.114),
        }
    }
}

/// A way from planes to colours.
pub(super) struct Colours<S> {
    matrix: Matrix,
    luma: Scale,
    chroma: Scale,
    light: Option<Light<S>>,
}

/// Whether a profile says what the colours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByProfile {
    No,
    Yes,
}

impl<S: Level> Colours<S> {
    /// By `code`. Where there is a profile, it says what the colours are, and they are left as coded.
    pub(super) fn new(code: Code, bits: u8, by_profile: ByProfile) -> Self {
        let matrix = Matrix::of(code.matrix);
        let luma = Scale::luma(code, bits);
        Self {
            matrix,
            luma,
            chroma: match matrix {
                Matrix::None => luma,
                _ => Scale::chroma(code, bits),
            },
            light: match by_profile {
                ByProfile::Yes => None,
                ByProfile::No => Light::new(code),
            },
        }
    }

    /// Paint all rows. Alpha becomes opaque.
    pub(super) fn paint(&self, planes: &Planes<'_>, mut place: Place<'_, S>) {
        let (width, by) = (place.size.width as usize, place.by);
        let channels = place.layout.channels();
        let mut lines = [vec![0f32; width], vec![0f32; width], vec![0f32; width]];
        let mut room = Vec::new();
        for row in 0..place.size.height as usize {
            let [first, second, third] = &mut lines;
            planes.luma(row, by, first);
            self.luma.apply(first);
            let pixels = place.row(row).chunks_exact_mut(channels);
            if channels < 3 || !planes.has_colour() {
                for (pixel, &grey) in pixels.zip(first.iter()) {
                    pixel.fill(S::MOST);
                    let [_, grey, _] = self.shown([grey; 3]);
                    pixel[..channels.min(4) - usize::from(channels.is_multiple_of(2))].fill(grey);
                }
                continue;
            }
            planes.chroma(0, (row, by), (second, &mut room));
            planes.chroma(1, (row, by), (third, &mut room));
            self.chroma.apply(second);
            self.chroma.apply(third);
            let coded = first.iter().zip(second.iter()).zip(third.iter());
            for (pixel, ((&luma, &blue), &red)) in pixels.zip(coded) {
                let rgb = self.shown(self.colour(luma, blue, red));
                pixel.fill(S::MOST);
                pixel[..3].copy_from_slice(&rgb);
            }
        }
    }

    /// What a screen shows for coded lights.
    fn shown(&self, coded: [f32; 3]) -> [S; 3] {
        match &self.light {
            None => coded.map(S::of_part),
            Some(light) => light.shown(coded),
        }
    }

    fn colour(&self, luma: f32, blue: f32, red: f32) -> [f32; 3] {
        match self.matrix {
            Matrix::None => [red, luma, blue],
            Matrix::YCgCo => {
                let rest = luma - blue;
                [rest + red, luma + blue, rest - red]
            }
            Matrix::Weights(of_red, of_blue) => {
                let of_green = 1.0 - of_red - of_blue;
                let (red, blue) = (2.0 * (1.0 - of_red) * red, 2.0 * (1.0 - of_blue) * blue);
                let green = luma - (of_red * red + of_blue * blue) / of_green;
                [luma + red, green, luma + blue]
            }
        }
    }
}

/// Paint the last sample of each pixel by brightness.
pub(super) fn paint_alpha<S: Sample>(planes: &Planes<'_>, code: Code, mut place: Place<'_, S>) {
    let (width, by) = (place.size.width as usize, place.by);
    let channels = place.layout.channels();
    let scale = Scale::luma(code, planes.bits());
    let mut line = vec![0f32; width];
    for row in 0..place.size.height as usize {
        planes.luma(row, by, &mut line);
        scale.apply(&mut line);
        let pixels = place.row(row).chunks_exact_mut(channels);
        for (pixel, &alpha) in pixels.zip(&line) {
            if let Some(sample) = pixel.last_mut() {
                *sample = S::of_part(alpha);
            }
        }
    }
}

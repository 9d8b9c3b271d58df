//! Light that is coded otherwise than sRGB's: wide primaries, and the high range of PQ and HLG (ITU-R BT.2100).
//! A coded colour in, the sRGB colour that a screen shows for it out. White of print and page stays white;
//! what is brighter is pressed together above three fifths of it, so that the sun is no flat disc.

use super::colours::Code;
use crate::colour::srgb::{self, LIGHT_STEPS, Level};

/// Steps of the table from coded to linear: as fine as 12 bits are.
const CODED_STEPS: usize = 1 << 12;
/// Brightness of white on a page, in candela per square metre (ITU-R BT.2408).
const WHITE: f32 = 203.0;
/// Brightness that an HLG picture is made for, and what its system gamma then is.
const HLG_PEAK: f32 = 1000.0;
const HLG_GAMMA: f32 = 1.2;
/// From here on brightness is pressed together, white being 1.
const KNEE: f32 = 0.6;

/// H.273, table 2: what red, green and blue are; and table 3: how light is coded.
const PRIMARIES_BT2020: u16 = 9;
const PRIMARIES_P3: u16 = 12;
const TRANSFER_GAMMA22: u16 = 4;
const TRANSFER_GAMMA28: u16 = 5;
const TRANSFER_LINEAR: u16 = 8;
const TRANSFER_PQ: u16 = 16;
const TRANSFER_HLG: u16 = 18;

/// To the primaries of sRGB, in linear light: the products of the published matrices.
const FROM_P3: [[f32; 3]; 3] = [
    [1.224_94, -0.224_94, 0.0],
    [-0.042_057, 1.042_057, 0.0],
    [-0.019_638, -0.078_636, 1.098_274],
];
const FROM_BT2020: [[f32; 3]; 3] = [
    [1.660_491, -0.587_641, -0.072_85],
    [-0.124_55, 1.132_9, -0.008_349],
    [-0.018_151, -0.100_579, 1.118_73],
];
const SAME: [[f32; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// A way from coded colours to sRGB.
pub(super) struct Light<S> {
    /// Linear light, white being 1, of each step of a coded sample.
    linear: Vec<f32>,
    primaries: [[f32; 3]; 3],
    /// How much brighter HLG is shown, by steps of the square root of its brightness; empty for others.
    gains: Vec<f32>,
    levels: Vec<S>,
}

impl<S: Level> Light<S> {
    /// By `code`; `None` if the light is sRGB's, or near enough that everybody takes it for that.
    pub(super) fn new(code: Code) -> Option<Self> {
        let primaries = match code.primaries {
            PRIMARIES_P3 => FROM_P3,
            PRIMARIES_BT2020 => FROM_BT2020,
            _ => SAME,
        };
        let linear: fn(f32) -> f32 = match code.transfer {
            TRANSFER_PQ => pq,
            TRANSFER_HLG => hlg,
            TRANSFER_LINEAR => |coded| coded,
            TRANSFER_GAMMA22 => |coded| coded.powf(2.2),
            TRANSFER_GAMMA28 => |coded| coded.powf(2.8),
            // The curve of BT.709 is a camera's; what it makes is shown as sRGB is.
            _ if primaries == SAME => return None,
            _ => |coded| srgb::linear(coded.into()) as f32,
        };
        Some(Self {
            linear: (0..CODED_STEPS)
                .map(|step| linear(step as f32 / (CODED_STEPS - 1) as f32))
                .collect(),
            primaries,
            gains: match code.transfer {
                TRANSFER_HLG => hlg_gains(),
                _ => Vec::new(),
            },
            levels: S::levels(),
        })
    }

    /// What is shown for a coded colour.
    pub(super) fn shown(&self, coded: [f32; 3]) -> [S; 3] {
        let mut light = coded.map(|sample| {
            // A cast brings what is negative, or not a number, to zero.
            let step = (sample * (CODED_STEPS - 1) as f32 + 0.5) as usize;
            self.linear[step.min(CODED_STEPS - 1)]
        });
        if !self.gains.is_empty() {
            let [red, green, blue] = light;
            let gain = self.gain(0.2627 * red + 0.6780 * green + 0.0593 * blue);
            light = light.map(|light| light * gain);
        }
        let mut light = self.primaries.map(|row| {
            let sum = row[0] * light[0] + row[1] * light[1] + row[2] * light[2];
            sum.max(0.0)
        });
        let most = light[0].max(light[1]).max(light[2]);
        if most > KNEE {
            let gain = pressed(most) / most;
            light = light.map(|light| light * gain);
        }
        light.map(|light| S::at(&self.levels, light * (LIGHT_STEPS - 1) as f32))
    }
}

impl<S: Level> Light<S> {
    /// Between the two nearest steps.
    fn gain(&self, brightness: f32) -> f32 {
        let place = brightness.sqrt() * (CODED_STEPS - 1) as f32;
        let at = (place as usize).min(CODED_STEPS - 2);
        let (below, above) = (self.gains[at], self.gains[at + 1]);
        below + (above - below) * (place - at as f32)
    }
}

/// The system gamma of HLG, as factors.
fn hlg_gains() -> Vec<f32> {
    let gain = |step: usize| {
        let root = step as f32 / (CODED_STEPS - 1) as f32;
        (root * root).powf(HLG_GAMMA - 1.0) * (HLG_PEAK / WHITE)
    };
    (0..CODED_STEPS).map(gain).collect()
}

/// Brightness above the knee, less and less steep and never over 1.
fn pressed(light: f32) -> f32 {
    let room = 1.0 - KNEE;
    KNEE + room * (1.0 - (-(light - KNEE) / room).exp())
}

/// SMPTE ST 2084, of white.
fn pq(coded: f32) -> f32 {
    const M1: f32 = 2610.0 / 16384.0;
    const M2: f32 = 2523.0 / 4096.0 * 128.0;
    const C1: f32 = 3424.0 / 4096.0;
    const C2: f32 = 2413.0 / 4096.0 * 32.0;
    const C3: f32 = 2392.0 / 4096.0 * 32.0;
    let power = coded.powf(1.0 / M2);
    let light = ((power - C1).max(0.0) / (C2 - C3 * power)).powf(1.0 / M1);
    light * (10_000.0 / WHITE)
}

/// ARIB STD-B67, of the scene.
fn hlg(coded: f32) -> f32 {
    const A: f32 = 0.178_832_77;
    const B: f32 = 1.0 - 4.0 * A;
    const C: f32 = 0.559_910_7;
    if coded <= 0.5 {
        coded * coded / 3.0
    } else {
        (((coded - C) / A).exp() + B) / 12.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(primaries: u16, transfer: u16) -> Code {
        Code::for_tests(primaries, transfer)
    }

    #[test]
    fn srgb_needs_nothing() {
        for transfer in [1, 2, 6, 13] {
            assert!(Light::<u8>::new(code(1, transfer)).is_none(), "{transfer}");
        }
    }

    #[test]
    fn white_of_a_page_is_bright_and_not_white() {
        // 203 candela are 0.5807 in PQ; 0.75 in HLG.
        for (transfer, coded) in [(TRANSFER_PQ, 0.5807), (TRANSFER_HLG, 0.75)] {
            let light = Light::<u8>::new(code(9, transfer)).unwrap();
            let [r, g, b] = light.shown([coded; 3]);
            assert!(r.abs_diff(g) <= 1 && g.abs_diff(b) <= 1, "{r} {g} {b}");
            assert!((210..245).contains(&r), "{transfer}: {r}");
            assert_eq!(light.shown([0.0; 3]), [0; 3]);
            assert!(light.shown([1.0; 3])[0] >= 254);
        }
    }

    #[test]
    fn gains_are_as_they_are_reckoned() {
        let light = Light::<u8>::new(code(9, TRANSFER_HLG)).unwrap();
        for step in 1..=1000 {
            let brightness = step as f32 / 1000.0;
            let exact = brightness.powf(0.2) * (HLG_PEAK / WHITE);
            assert!(
                (light.gain(brightness) / exact - 1.0).abs() < 1e-3,
                "{step}"
            );
        }
        assert!(light.gain(0.0).abs() < f32::EPSILON);
    }

    #[test]
    fn brighter_is_never_darker() {
        let light = Light::<u8>::new(code(9, TRANSFER_PQ)).unwrap();
        let shown: Vec<u8> = (0..=100)
            .map(|step| light.shown([step as f32 / 100.0; 3])[1])
            .collect();
        assert!(shown.is_sorted(), "{shown:?}");
    }

    #[test]
    fn display_p3_red_leaves_srgb() {
        let light = Light::<u8>::new(code(PRIMARIES_P3, 13)).unwrap();
        // Below the knee: as the matrices say, 130.6, 36.0, 43.3 for 120, 45, 50 or so.
        let [r, g, b] = light.shown([120.0 / 255.0, 60.0 / 255.0, 60.0 / 255.0]);
        assert!(r > 124 && g < 60 && b < 60, "{r} {g} {b}");
    }
}

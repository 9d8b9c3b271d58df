//! How far apart two colours look: CIEDE2000 after Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula:
//! implementation notes, supplementary test data, and mathematical observations" (2005). One is what an eye can
//! just tell, two is what it can tell at a glance.

/// A colour of CIELAB.
#[derive(Debug, Clone, Copy)]
pub struct Lab {
    /// Lightness.
    pub l: f64,
    /// From green to red.
    pub a: f64,
    /// From blue to yellow.
    pub b: f64,
}

/// sRGB to XYZ, as the standard has it (IEC 61966-2-1).
const SRGB_TO_XYZ: [[f64; 3]; 3] = [
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
];
/// Its white, D65.
const WHITE: [f64; 3] = [0.9505, 1.0, 1.0890];

impl Lab {
    /// Of sRGB, from 0 to 255.
    pub fn of_srgb(colour: [f64; 3]) -> Self {
        let linear = colour.map(|value| {
            let value = value / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        let dot = |row: [f64; 3]| row.iter().zip(linear).map(|(a, b)| a * b).sum::<f64>();
        let xyz = SRGB_TO_XYZ.map(dot);
        let [x, y, z] = [0, 1, 2].map(|axis| root(xyz[axis] / WHITE[axis]));
        Self {
            l: 116.0 * y - 16.0,
            a: 500.0 * (x - y),
            b: 200.0 * (y - z),
        }
    }

    fn chroma(self) -> f64 {
        self.a.hypot(self.b)
    }
}

/// The cube root that CIELAB takes, straight where it would be too steep.
fn root(share: f64) -> f64 {
    const EDGE: f64 = 6.0 / 29.0;
    if share > EDGE.powi(3) {
        share.cbrt()
    } else {
        share / (3.0 * EDGE * EDGE) + 4.0 / 29.0
    }
}

/// The difference. The letters are the paper's.
#[expect(
    clippy::many_single_char_names,
    reason = "the formula as it was published"
)]
pub fn difference(one: Lab, two: Lab) -> f64 {
    let weight = |chroma: f64| (chroma.powi(7) / (chroma.powi(7) + 25_f64.powi(7))).sqrt();
    let g = 0.5 * (1.0 - weight(f64::midpoint(one.chroma(), two.chroma())));
    let stretched = |colour: Lab| Lab {
        a: (1.0 + g) * colour.a,
        ..colour
    };
    let (one, two) = (stretched(one), stretched(two));
    let (c1, c2) = (one.chroma(), two.chroma());
    let (h1, h2) = (hue(one), hue(two));

    let turn = if c1 * c2 == 0.0 {
        0.0
    } else {
        (h2 - h1 + 540.0).rem_euclid(360.0) - 180.0
    };
    let (dl, dc) = (two.l - one.l, c2 - c1);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();

    let (l, c) = (f64::midpoint(one.l, two.l), f64::midpoint(c1, c2));
    // Of a grey's and another's, the other's.
    let h = if c1 * c2 == 0.0 {
        h1 + h2
    } else {
        mean_hue(h1, h2)
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
        - 0.20 * cos(4.0 * h - 63.0);
    let from_middle = (l - 50.0).powi(2);
    let sl = 1.0 + 0.015 * from_middle / (20.0 + from_middle).sqrt();
    let sc = 1.0 + 0.045 * c;
    let sh = 1.0 + 0.015 * c * t;
    let angle = 60.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let rt = -angle.to_radians().sin() * 2.0 * weight(c);
    let (dl, dc, dh) = (dl / sl, dc / sc, dh / sh);
    (dl * dl + dc * dc + dh * dh + rt * dc * dh).sqrt()
}

/// In degrees, from 0 to 360; 0 of a grey.
fn hue(colour: Lab) -> f64 {
    if colour.chroma() == 0.0 {
        return 0.0;
    }
    colour.b.atan2(colour.a).to_degrees().rem_euclid(360.0)
}

/// Half way on the shorter side of the circle.
fn mean_hue(one: f64, two: f64) -> f64 {
    let sum = one + two;
    if (one - two).abs() <= 180.0 {
        sum / 2.0
    } else if sum < 360.0 {
        f64::midpoint(sum, 360.0)
    } else {
        f64::midpoint(sum, -360.0)
    }
}

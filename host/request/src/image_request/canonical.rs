//! The bytes of a cache key. Every text has its length in front and every choice its number, so that no
//! value can imitate another field. Changing a number here changes every key: raise `VERSION` instead.

use super::{Action, ImageRequest, Source};
use crate::operation::{
    Area, Enlarge, Extend, Fit, Format, Gravity, Metadata, Mirror, OnFailure, Operation, Output,
    Profile, Resize, Rgb, Step, Tiling, Turn, WatermarkImage, WatermarkText,
};

/// Of this encoding. The first byte of all.
const VERSION: u8 = 2;

pub(super) fn source(source: &Source) -> Vec<u8> {
    let mut bytes = Bytes(vec![VERSION]);
    bytes.source(source);
    bytes.0
}

pub(super) fn request(request: &ImageRequest, format: Option<Format>) -> Vec<u8> {
    let mut bytes = Bytes(vec![VERSION]);
    bytes.source(&request.source);
    bytes.count(request.overlays.len());
    for overlay in &request.overlays {
        bytes.source(overlay);
    }
    match &request.action {
        Action::Transform { steps, output } => {
            bytes.number(0);
            bytes.count(steps.len());
            for step in steps {
                bytes.step(step);
            }
            bytes.output(&Output { format, ..*output });
        }
        Action::Inspect => bytes.number(1),
    }
    bytes.0
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn number(&mut self, number: u8) {
        self.0.push(number);
    }

    fn long(&mut self, number: u32) {
        self.0.extend(number.to_be_bytes());
    }

    /// Counts are bounded by the URL's length, far below 32 bits.
    fn count(&mut self, count: usize) {
        self.long(u32::try_from(count).unwrap_or(u32::MAX));
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend(text.as_bytes());
    }

    fn real(&mut self, real: f32) {
        self.long(real.to_bits());
    }

    fn optional(&mut self, number: Option<u32>) {
        self.number(u8::from(number.is_some()));
        if let Some(number) = number {
            self.long(number);
        }
    }

    fn source(&mut self, source: &Source) {
        let (number, text) = match source {
            Source::File(name) => (0, name.as_str()),
            Source::Url(url) => (1, url.as_str()),
            Source::Upload => (2, ""),
        };
        self.number(number);
        self.text(text);
    }

    fn step(&mut self, step: &Step) {
        self.number(match step.on_failure {
            OnFailure::Fail => 0,
            OnFailure::Skip => 1,
        });
        self.count(step.operations.len());
        for operation in &step.operations {
            self.operation(operation);
        }
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::Orient => self.number(0),
            Operation::Rotate(turn) => {
                self.number(1);
                self.number(match turn {
                    Turn::Quarter => 1,
                    Turn::Half => 2,
                    Turn::ThreeQuarters => 3,
                });
            }
            Operation::Mirror(mirror) => {
                self.number(2);
                self.number(match mirror {
                    Mirror::Horizontal => 0,
                    Mirror::Vertical => 1,
                });
            }
            Operation::Zoom(factor) => {
                self.number(3);
                self.long(*factor);
            }
            Operation::Resize(resize) => self.resize(resize),
            Operation::Extract(area) => self.area(area),
            Operation::Blur(sigma) => {
                self.number(6);
                self.real(*sigma);
            }
            Operation::Flatten(colour) => {
                self.number(7);
                self.colour(*colour);
            }
            Operation::Greyscale => self.number(8),
            Operation::WatermarkText(watermark) => self.watermark_text(watermark),
            Operation::WatermarkImage(watermark) => self.watermark_image(watermark),
        }
    }

    fn resize(&mut self, resize: &Resize) {
        self.number(4);
        self.optional(resize.width);
        self.optional(resize.height);
        self.number(match resize.fit {
            Fit::Inside => 0,
            Fit::Pad => 1,
            Fit::Cover => 2,
            Fit::Stretch => 3,
        });
        self.number(match resize.enlarge {
            Enlarge::Never => 0,
            Enlarge::Allow => 1,
        });
        self.number(match resize.gravity {
            Gravity::Centre => 0,
            Gravity::North => 1,
            Gravity::South => 2,
            Gravity::East => 3,
            Gravity::West => 4,
            Gravity::Smart => 5,
        });
        match resize.extend {
            Extend::Copy => self.number(0),
            Extend::Mirror => self.number(1),
            Extend::Repeat => self.number(2),
            Extend::Black => self.number(3),
            Extend::White => self.number(4),
            Extend::Colour(colour) => {
                self.number(5);
                self.colour(colour);
            }
        }
    }

    fn area(&mut self, area: &Area) {
        self.number(5);
        self.long(area.left);
        self.long(area.top);
        self.optional(area.width);
        self.optional(area.height);
    }

    fn watermark_text(&mut self, watermark: &WatermarkText) {
        self.number(9);
        self.text(&watermark.text);
        self.real(watermark.font_points);
        self.long(watermark.dpi);
        self.optional(watermark.width);
        self.optional(watermark.margin);
        self.real(watermark.opacity);
        self.colour(watermark.colour);
        self.number(match watermark.tiling {
            Tiling::Once => 0,
            Tiling::Repeated => 1,
        });
    }

    fn watermark_image(&mut self, watermark: &WatermarkImage) {
        self.number(10);
        self.count(watermark.overlay);
        self.long(watermark.left);
        self.long(watermark.top);
        self.real(watermark.opacity);
    }

    fn colour(&mut self, colour: Rgb) {
        self.0.extend([colour.red, colour.green, colour.blue]);
    }

    fn output(&mut self, output: &Output) {
        self.number(output.format.map_or(0, Format::number));
        self.optional(output.page);
        self.optional(output.quality.map(u32::from));
        self.optional(output.compression.map(u32::from));
        self.optional(output.speed.map(u32::from));
        self.number(u8::from(output.interlace));
        self.number(u8::from(output.lossless));
        self.number(u8::from(output.palette));
        self.number(match output.profile {
            Profile::Convert => 0,
            Profile::Ignore => 1,
        });
        self.number(match output.metadata {
            Metadata::None => 0,
            Metadata::Copyright => 1,
            Metadata::Technical => 2,
            Metadata::TechnicalAndCopyright => 3,
        });
        self.number(u8::from(output.linear));
    }
}

#[cfg(test)]
mod tests;

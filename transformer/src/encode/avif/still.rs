//! Planes in, one AV1 key frame out, by rav1e. What a speed means is decided here: rav1e's presets are
//! made for films, of which a still picture has no use.

use rav1e::config::PredictionModesSetting;
use rav1e::prelude::{
    BlockSize, ChromaSamplePosition, ChromaSampling, ColorDescription, ColorPrimaries, Config,
    Context, EncoderConfig, EncoderStatus, MatrixCoefficients, PartitionRange, PixelRange,
    Rational, SGRComplexityLevel, SceneDetectionSpeed, SegmentationLevel, SpeedSettings,
    TransferCharacteristics, Tune,
};

use super::planes::Plane;
use crate::error::Error;

/// How a picture is coded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Still {
    pub(super) size: (usize, usize),
    /// 0 (best) to 255.
    pub(super) quantiser: u8,
    /// 1 (slow, small) to 10.
    pub(super) speed: u8,
}

impl Still {
    /// One plane of grey, or three with the colours at half the sides.
    pub(super) fn encode(&self, planes: &[Plane]) -> Result<Vec<u8>, Error> {
        let config = Config::new()
            .with_encoder_config(self.config(planes))
            .with_threads(1);
        let mut context: Context<u8> = config.new_context().map_err(|error| refused(&error))?;
        let mut frame = context.new_frame();
        for (to, from) in frame.planes.iter_mut().zip(planes) {
            let stride = to.cfg.stride;
            let rows = from.samples.chunks_exact(from.width);
            for (to, from) in to.data_origin_mut().chunks_mut(stride).zip(rows) {
                to[..from.len()].copy_from_slice(from);
            }
        }
        context.send_frame(frame).map_err(|error| refused(&error))?;
        context.flush();
        let mut out = Vec::new();
        loop {
            match context.receive_packet() {
                Ok(packet) => out.extend(packet.data),
                Err(EncoderStatus::Encoded) => {}
                Err(EncoderStatus::LimitReached) => return Ok(out),
                Err(error) => return Err(refused(&error)),
            }
        }
    }

    fn config(&self, planes: &[Plane]) -> EncoderConfig {
        let coloured = planes.len() > 1;
        EncoderConfig {
            width: self.size.0,
            height: self.size.1,
            time_base: Rational::new(1, 1),
            still_picture: true,
            bit_depth: 8,
            chroma_sampling: if coloured {
                ChromaSampling::Cs420
            } else {
                ChromaSampling::Cs400
            },
            chroma_sample_position: ChromaSamplePosition::Unknown,
            pixel_range: PixelRange::Full,
            color_description: Some(ColorDescription {
                color_primaries: ColorPrimaries::BT709,
                transfer_characteristics: TransferCharacteristics::SRGB,
                matrix_coefficients: MatrixCoefficients::BT601,
            }),
            min_key_frame_interval: 0,
            max_key_frame_interval: 0,
            quantizer: self.quantiser.into(),
            min_quantizer: self.quantiser,
            bitrate: 0,
            tune: Tune::Psychovisual,
            tiles: 1,
            speed_settings: settings(self.speed),
            ..EncoderConfig::default()
        }
    }
}

/// What is searched for at a speed of 1 to 10.
fn settings(speed: u8) -> SpeedSettings {
    let mut settings = SpeedSettings::from_preset(speed);
    // There is no other frame.
    settings.multiref = false;
    settings.rdo_lookahead_frames = 1;
    settings.scene_detection_mode = SceneDetectionSpeed::None;
    settings.motion.include_near_mvs = false;
    settings.transform.enable_inter_tx_split = false;

    // In thumbnails, blocks of 32 cost a quarter more time and save nothing; those of 4 as much and save 5 %
    // of bytes; leaving those of 8 out halves the time and costs 12 to 23 %.
    let (smallest, largest) = match speed {
        ..=4 => (BlockSize::BLOCK_4X4, BlockSize::BLOCK_16X16),
        5..=9 => (BlockSize::BLOCK_8X8, BlockSize::BLOCK_16X16),
        _ => (BlockSize::BLOCK_16X16, BlockSize::BLOCK_16X16),
    };
    settings.partition.partition_range = PartitionRange::new(smallest, largest);
    settings.partition.encode_bottomup = speed <= 2;
    settings.prediction.prediction_modes = if speed <= 1 {
        PredictionModesSetting::ComplexAll
    } else {
        PredictionModesSetting::Simple
    };
    settings.prediction.fine_directional_intra = speed <= 6;
    settings.transform.rdo_tx_decision = speed <= 4;
    settings.transform.reduced_tx_set = speed == 4 || speed >= 9;
    settings.transform.tx_domain_distortion = true;
    // Estimated rates take 7 to 35 % more bytes at the same quality, and hardly less time.
    settings.transform.tx_domain_rate = false;
    settings.fast_deblock = speed >= 7;
    // A fifth of the time for 0 to 2 % of bytes.
    settings.cdef = speed <= 8;
    settings.lrf = speed <= 8;
    settings.sgr_complexity = if speed <= 2 {
        SGRComplexityLevel::Full
    } else {
        SGRComplexityLevel::Reduced
    };
    if speed >= 9 {
        settings.segmentation = SegmentationLevel::Disabled;
    }
    settings
}

fn refused(error: &dyn core::fmt::Display) -> Error {
    Error::BadOperation(format!("AVIF: {error}"))
}

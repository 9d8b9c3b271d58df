//! The endpoints that make or describe a picture. `/`, `/health`, `/ready` and `/form` are the server's.

use super::table::Parameter;
use super::values::Values;
use crate::error::OperationError;

/// One endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// Scale down and pad.
    Resize,
    /// Scale down.
    Fit,
    /// Scale up or down and cut.
    Enlarge,
    /// Cut a rectangle.
    Extract,
    /// Scale and cut.
    Crop,
    /// Scale and cut to what is worth seeing.
    Smartcrop,
    /// Turn.
    Rotate,
    /// Turn upright.
    Autorotate,
    /// Swap left and right.
    Flip,
    /// Swap top and bottom.
    Flop,
    /// Stretch.
    Thumbnail,
    /// Magnify.
    Zoom,
    /// Change the format.
    Convert,
    /// Lay a text over.
    Watermark,
    /// Lay a picture over.
    Watermarkimage,
    /// Blur.
    Blur,
    /// Several in a row.
    Pipeline,
    /// Describe.
    Info,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Resize,
        Self::Fit,
        Self::Enlarge,
        Self::Extract,
        Self::Crop,
        Self::Smartcrop,
        Self::Rotate,
        Self::Autorotate,
        Self::Flip,
        Self::Flop,
        Self::Thumbnail,
        Self::Zoom,
        Self::Convert,
        Self::Watermark,
        Self::Watermarkimage,
        Self::Blur,
        Self::Pipeline,
        Self::Info,
    ];

    /// Its path, without the slash.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resize => "resize",
            Self::Fit => "fit",
            Self::Enlarge => "enlarge",
            Self::Extract => "extract",
            Self::Crop => "crop",
            Self::Smartcrop => "smartcrop",
            Self::Rotate => "rotate",
            Self::Autorotate => "autorotate",
            Self::Flip => "flip",
            Self::Flop => "flop",
            Self::Thumbnail => "thumbnail",
            Self::Zoom => "zoom",
            Self::Convert => "convert",
            Self::Watermark => "watermark",
            Self::Watermarkimage => "watermarkimage",
            Self::Blur => "blur",
            Self::Pipeline => "pipeline",
            Self::Info => "info",
        }
    }

    /// What it does, in a line.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Resize => {
                "Scales down into the box and pads to it if both sides are given; `nocrop=false` cuts instead"
            }
            Self::Fit => "Scales down into the box, without padding",
            Self::Enlarge => {
                "Scales up or down to cover the box and cuts to it; `nocrop=true` scales into it instead"
            }
            Self::Extract => "Cuts a rectangle out",
            Self::Crop => {
                "Scales to cover the box and cuts to it; a single side is cut without scaling"
            }
            Self::Smartcrop => "As `crop`, keeping the part most worth seeing",
            Self::Rotate => "Turns clockwise",
            Self::Autorotate => "Turns upright by EXIF and does nothing else",
            Self::Flip => "Swaps left and right",
            Self::Flop => "Swaps top and bottom",
            Self::Thumbnail => {
                "Stretches to the sides given, up or down; a single side keeps the shape"
            }
            Self::Zoom => "Magnifies by whole numbers, and cuts a rectangle out if one is given",
            Self::Convert => "Changes the format",
            Self::Watermark => "Lays a text over the picture",
            Self::Watermarkimage => "Lays another picture over the picture",
            Self::Blur => "Blurs",
            Self::Pipeline => "Several operations in a row: decoded once, encoded once",
            Self::Info => "Describes the source as JSON",
        }
    }

    /// What must be given, in a line.
    pub const fn needs(self) -> &'static str {
        match self {
            Self::Resize | Self::Crop | Self::Smartcrop | Self::Thumbnail => "`width` or `height`",
            Self::Fit | Self::Enlarge => "`width` and `height`",
            Self::Extract => "`areawidth` and `areaheight`",
            Self::Rotate => "`rotate`",
            Self::Zoom => "`factor`; with `top` or `left` also `areawidth` or `areaheight`",
            Self::Convert => "`type`",
            Self::Watermark => "`text`",
            Self::Watermarkimage => "`image`",
            Self::Blur => "`sigma` (or `minampl`)",
            Self::Pipeline => "`operations`",
            Self::Autorotate | Self::Flip | Self::Flop | Self::Info => "–",
        }
    }

    /// The endpoint at `/name`. Case matters.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|endpoint| endpoint.name() == name)
    }

    /// The operation of a pipeline's item, which is spelled as the endpoint but for one capital.
    pub fn by_item_name(name: &str) -> Option<Self> {
        match name {
            "watermarkImage" => Some(Self::Watermarkimage),
            "watermarkimage" | "info" | "pipeline" => None,
            other => Self::by_name(other),
        }
    }

    /// Whether what must be given is. The messages are imaginary's.
    pub(super) fn check(self, values: &Values) -> Result<(), OperationError> {
        let given = |parameter| values.integer(parameter) != 0;
        let width = given(Parameter::Width);
        let height = given(Parameter::Height);
        let area_width = given(Parameter::Areawidth);
        let area_height = given(Parameter::Areaheight);
        let missing = match self {
            Self::Resize | Self::Crop | Self::Smartcrop if !width && !height => {
                "Missing required param: height or width"
            }
            Self::Fit | Self::Enlarge if !width || !height => {
                "Missing required params: height, width"
            }
            Self::Extract if !area_width || !area_height => {
                "Missing required params: areawidth or areaheight"
            }
            Self::Rotate if !given(Parameter::Rotate) => "Missing required param: rotate",
            Self::Thumbnail if !width && !height => "Missing required params: width or height",
            Self::Zoom if !given(Parameter::Factor) => "Missing required param: factor",
            Self::Zoom if values.has_corner() && !area_width && !area_height => {
                "Missing required params: areawidth, areaheight"
            }
            Self::Convert if !values.has(Parameter::Type) => "Missing required param: type",
            Self::Watermark if !values.has(Parameter::Text) => "Missing required param: text",
            Self::Watermarkimage if !values.has(Parameter::Image) => {
                "Missing required param: image"
            }
            Self::Blur if !values.has(Parameter::Sigma) && !values.has(Parameter::Minampl) => {
                "Missing required param: sigma or minampl"
            }
            _ => return Ok(()),
        };
        Err(OperationError::Missing(missing))
    }
}

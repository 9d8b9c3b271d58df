//! How the result is written. In a pipeline every item may have its say; the picture is written once, so
//! the last one that says something about a setting has it.

use crate::dialect::imaginary::table::Parameter;
use crate::dialect::imaginary::values::Values;
use crate::operation::{Metadata, Output, Profile};

/// `before`, and over it what `values` say; the format is not decided here.
pub(super) fn after(before: Output, values: &Values) -> Output {
    let number = |parameter, before| {
        if !values.has(parameter) {
            return before;
        }
        let number = values.in_range(parameter)?;
        u8::try_from(number).ok()
    };
    let flag = |parameter, before| values.switch(parameter).unwrap_or(before);
    Output {
        format: before.format,
        page: if values.has(Parameter::Page) {
            values.in_range(Parameter::Page)
        } else {
            before.page
        },
        quality: number(Parameter::Quality, before.quality),
        compression: number(Parameter::Compression, before.compression),
        speed: number(Parameter::Speed, before.speed),
        interlace: flag(Parameter::Interlace, before.interlace),
        lossless: flag(Parameter::Lossless, before.lossless),
        palette: flag(Parameter::Palette, before.palette),
        // A profile that was dropped once is gone.
        profile: if values.flag(Parameter::Noprofile) {
            Profile::Ignore
        } else {
            before.profile
        },
        metadata: metadata(before.metadata, values),
        linear: flag(Parameter::Linear, before.linear),
    }
}

fn metadata(before: Metadata, values: &Values) -> Metadata {
    let (technical, copyright) = match before {
        Metadata::None => (false, false),
        Metadata::Copyright => (false, true),
        Metadata::Technical => (true, false),
        Metadata::TechnicalAndCopyright => (true, true),
    };
    let strip = values.switch(Parameter::Stripmeta);
    let copyright = values.switch(Parameter::Keepcopyright).unwrap_or(copyright);
    match (strip.map_or(technical, |strip| !strip), copyright) {
        (false, false) => Metadata::None,
        (false, true) => Metadata::Copyright,
        (true, false) => Metadata::Technical,
        (true, true) => Metadata::TechnicalAndCopyright,
    }
}

//! How the result is written. In a pipeline every item may have its say; the picture is written once, so
//! the last one that says something about a setting has it.

use crate::dialect::imaginary::table::Parameter;
use crate::dialect::imaginary::values::Values;
use crate::operation::{Output, Profile};

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
    }
}

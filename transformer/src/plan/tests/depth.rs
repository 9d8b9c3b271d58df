//! When 16 bits a sample are kept.

use super::*;
use crate::picture::Depth;
use crate::rendition::ColourSpace;

fn deep(format: Format, space: ColourSpace) -> Header<'static> {
    Header {
        space,
        ..Header::plain(format, size(400, 300), Layout::Rgb)
    }
}

fn depth(header: &Header<'_>, operations: &[Operation], output: &Output) -> Depth {
    let steps = [step(operations)];
    planned_steps(header, &steps, output).unwrap().depth
}

fn written(format: Format) -> Output {
    Output {
        format: Some(format),
        ..OUTPUT
    }
}

#[test]
fn sources_and_outputs_that_hold_16_bits() {
    let png = deep(Format::Png, ColourSpace::Rgb16);
    for source in [
        png.clone(),
        deep(Format::Tiff, ColourSpace::Grey16),
        deep(Format::Avif, ColourSpace::Rgb16),
    ] {
        for format in [Format::Png, Format::Tiff, Format::Jxl] {
            let kept = depth(&source, &[], &written(format));
            assert_eq!(kept, Depth::Sixteen, "{format:?}");
        }
    }
    for format in [Format::Jpeg, Format::Webp, Format::Avif, Format::Gif] {
        let kept = depth(&png, &[], &written(format));
        assert_eq!(kept, Depth::Eight, "{format:?}");
    }
    let palette = Output {
        palette: true,
        ..written(Format::Png)
    };
    assert_eq!(depth(&png, &[], &palette), Depth::Eight);
    for space in [ColourSpace::Srgb, ColourSpace::Grey, ColourSpace::Cmyk] {
        let tiff = deep(Format::Tiff, space);
        assert_eq!(depth(&tiff, &[], &written(Format::Png)), Depth::Eight);
    }
}

#[test]
fn actions_that_know_16_bits() {
    let mut source = deep(Format::Png, ColourSpace::Rgb16);
    source.profile = Profile::Pieces(vec![b"profile"]);
    let grey = Rgb {
        red: 9,
        green: 9,
        blue: 9,
    };
    let known = [
        Operation::Rotate(Turn::Quarter),
        to(200, 200, Fit::Pad),
        Operation::Flatten(grey),
        Operation::Greyscale,
    ];
    let output = written(Format::Png);
    assert_eq!(depth(&source, &known, &output), Depth::Sixteen);
    // One that says more than curves and a matrix.
    let profile = moxcms::ColorProfile::new_display_p3_pq().encode().unwrap();
    let coded = Header {
        profile: Profile::Pieces(vec![&profile]),
        ..source.clone()
    };
    assert_eq!(depth(&coded, &known, &output), Depth::Eight);
    let ignored = Output {
        profile: options::Profile::Ignore,
        ..output
    };
    assert_eq!(depth(&coded, &known, &ignored), Depth::Sixteen);
    let linear = Output {
        linear: true,
        ..output
    };
    assert_eq!(depth(&source, &known, &linear), Depth::Sixteen);
    for operation in [
        Operation::Blur(1.0),
        Operation::Zoom(2),
        Operation::WatermarkText(watermark::text("a")),
    ] {
        let operations = [known[0].clone(), operation];
        let kept = depth(&source, &operations, &output);
        assert_eq!(kept, Depth::Eight, "{operations:?}");
    }
}

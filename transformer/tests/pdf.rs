//! Pages that are made here: where things stand, which way they are turned, and what costs more than it shows.
#![cfg(feature = "pdf")]

mod limits;

use limits::LIMITS;
use transformer::Sources;
use transformer::error::Error;
use transformer::options::{
    Enlarge, Extend, Fit, Format, Gravity, Limits, OnFailure, Operation, Output, Resize, Step,
};

/// A file of pages, each a content and what else its dictionary says; then more objects, from number
/// 3 + 2 * pages on.
fn file(pages: &[(&str, &str)], more: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len())
        .map(|page| format!("{} 0 R", 3 + 2 * page))
        .collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Count {}/Kids[{}]>>",
            pages.len(),
            kids.join(" ")
        ),
    ];
    for (number, (content, says)) in pages.iter().enumerate() {
        let stream = 4 + 2 * number;
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Contents {stream} 0 R{says}>>"
        ));
        objects.push(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len()
        ));
    }
    objects.extend_from_slice(more);
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).into_bytes());
    }
    let table = file.len();
    let rows = places.iter().fold(String::new(), |rows, at| {
        rows + &format!("{at:010} 00000 n \n")
    });
    let count = objects.len() + 1;
    let end = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{rows}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF"
    );
    file.extend(end.into_bytes());
    file
}

/// A page of 100 by 50 points with a red square in its upper left corner, and a blue one beside it.
const SQUARES: &str = "1 0 0 rg 0 40 10 10 re f 0 0 1 rg 10 40 10 10 re f";
const BOX: &str = "/MediaBox[0 0 100 50]";

const RED: [u8; 3] = [255, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255; 3];

struct Shown {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Shown {
    fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let at = 3 * (y * self.width + x) as usize;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// Pixels that are darker than paper.
    fn inked(&self) -> usize {
        self.rgb
            .chunks_exact(3)
            .filter(|pixel| pixel[1] < 128)
            .count()
    }
}

fn try_show(source: &[u8], width: Option<u32>, page: u32, limits: &Limits) -> Result<Shown, Error> {
    let steps = width.map(|width| Step {
        operations: vec![Operation::Resize(Resize {
            width: Some(width),
            height: None,
            fit: Fit::Inside,
            enlarge: Enlarge::Allow,
            gravity: Gravity::Centre,
            extend: Extend::Copy,
        })],
        on_failure: OnFailure::Fail,
    });
    let output = Output {
        page: Some(page),
        compression: Some(0),
        ..Output::new(Format::Png)
    };
    let steps: Vec<Step> = steps.into_iter().collect();
    let made = transformer::transform(Sources::alone(source), &steps, &output, limits)?;
    let mut reader = png::Decoder::new(std::io::Cursor::new(made.bytes))
        .read_info()
        .expect("a PNG");
    let mut rgb = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut rgb).expect("pixels");
    assert_eq!(reader.info().color_type, png::ColorType::Rgb);
    Ok(Shown {
        width: made.width,
        height: made.height,
        rgb,
    })
}

fn show(source: &[u8], width: Option<u32>, page: u32) -> Shown {
    try_show(source, width, page, &LIMITS).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_point_is_a_pixel_and_the_page_is_white() {
    let page = show(&file(&[(SQUARES, BOX)], &[]), None, 0);
    assert_eq!((page.width, page.height), (100, 50));
    assert_eq!(
        [page.at(5, 5), page.at(15, 5), page.at(25, 5)],
        [RED, BLUE, WHITE]
    );
    assert_eq!(page.at(5, 11), WHITE);
}

#[test]
fn lines_stay_sharp_at_any_size() {
    let line = "0 0 0 RG 0.1 w 0 25 m 100 25 l S";
    let page = show(&file(&[(line, BOX)], &[]), Some(2000), 0);
    assert_eq!((page.width, page.height), (2000, 1000));
    // Two pixels of a thousand, and not what two of fifty become.
    let dark = (0..1000).filter(|&row| page.at(1000, row)[0] < 250).count();
    assert!((2..=3).contains(&dark), "{dark}");
}

#[test]
fn pages_are_turned_and_counted() {
    let turned = format!("{BOX}/Rotate 90");
    let source = file(&[("", BOX), (SQUARES, &turned)], &[]);
    let page = show(&source, None, 1);
    assert_eq!((page.width, page.height), (50, 100));
    assert_eq!(
        [page.at(45, 5), page.at(45, 15), page.at(5, 5)],
        [RED, BLUE, WHITE]
    );
    assert_eq!(show(&source, None, 0).inked(), 0);
    let refused = try_show(&source, None, 2, &LIMITS).map(|page| page.width);
    assert!(
        matches!(&refused, Err(Error::BadOperation(said)) if said.contains("the source has 2")),
        "{refused:?}"
    );
}

#[test]
fn what_lies_outside_the_page_is_not_shown() {
    let cropped = "/MediaBox[-50 -50 150 100]/CropBox[10 30 60 50]";
    let page = show(&file(&[(SQUARES, cropped)], &[]), None, 0);
    assert_eq!((page.width, page.height), (50, 20));
    assert_eq!([page.at(5, 5), page.at(15, 5)], [BLUE, WHITE]);
}

#[test]
fn text_is_written_with_the_typeface_that_is_there() {
    let text = "BT /F 20 Tf 5 15 Td (Hxg) Tj ET";
    for typeface in ["Helvetica", "Times-Roman", "Courier-Bold", "Unheard"] {
        let says = format!(
            "{BOX}/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/{typeface}>>>>>>"
        );
        let page = show(&file(&[(text, &says)], &[]), Some(400), 0);
        let inked = page.inked();
        assert!((1000..20_000).contains(&inked), "{typeface}: {inked}");
    }
}

/// A red and a blue pixel, and how much of them is seen.
fn picture(more: &str, alpha: &str) -> Vec<String> {
    let image = |more: &str, data: &str| {
        format!(
            "<</Type/XObject/Subtype/Image/Width 2/Height 1/BitsPerComponent 8/Filter/ASCIIHexDecode/Length {}{more}>>stream\n{data}\nendstream",
            data.len()
        )
    };
    vec![
        image(&format!("/ColorSpace/DeviceRGB{more}"), "FF00000000FF>"),
        image("/ColorSpace/DeviceGray", alpha),
    ]
}

#[test]
fn pictures_and_their_masks() {
    let content = "q 40 0 0 20 0 30 cm /I Do Q";
    let says = format!("{BOX}/Resources<</XObject<</I 5 0 R>>>>");
    let plain = show(&file(&[(content, &says)], &picture("", "FFFF>")), None, 0);
    assert_eq!(
        [plain.at(5, 10), plain.at(35, 10), plain.at(50, 10)],
        [RED, BLUE, WHITE]
    );
    let masked = show(
        &file(&[(content, &says)], &picture("/SMask 6 0 R", "FF00>")),
        None,
        0,
    );
    assert_eq!([masked.at(5, 10), masked.at(35, 10)], [RED, WHITE]);
}

#[test]
fn groups_blends_patterns_and_shadings() {
    let shading = "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 100 0]/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>";
    let says = format!(
        "{BOX}/Resources<</Shading<</S {shading}>>/ExtGState<</M<</BM/Multiply>>/H<</ca 0.5>>>>/Pattern<</P 5 0 R>>>>"
    );
    let tile = "0 0 1 rg 0 0 5 10 re f";
    let pattern = format!(
        "<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep 10/YStep 10/Resources<<>>/Length {}>>stream\n{tile}\nendstream",
        tile.len()
    );
    let show = |content: &str| {
        show(
            &file(&[(content, &says)], std::slice::from_ref(&pattern)),
            None,
            0,
        )
    };
    let run = show("/S sh");
    let (left, right) = (run.at(2, 25), run.at(97, 25));
    assert!(
        left[0] > 240 && left[2] < 15 && right[0] < 15 && right[2] > 240,
        "{left:?} {right:?}"
    );
    let multiplied = show("1 1 0 rg 0 0 100 50 re f /M gs 0 1 1 rg 0 0 100 50 re f");
    assert_eq!(multiplied.at(50, 25), [0, 255, 0]);
    let half = show("/H gs 0 0 0 rg 0 0 100 50 re f").at(50, 25);
    assert!(half[0].abs_diff(128) <= 1, "{half:?}");
    let tiles = show("/Pattern cs /P scn 0 0 100 50 re f");
    assert_eq!(
        [
            tiles.at(2, 25),
            tiles.at(7, 25),
            tiles.at(52, 25),
            tiles.at(57, 25)
        ],
        [BLUE, WHITE, BLUE, WHITE]
    );
    let clipped = show("0 0 50 50 re W n 1 0 0 rg 0 0 100 50 re f");
    assert_eq!([clipped.at(25, 25), clipped.at(75, 25)], [RED, WHITE]);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_drawn() {
    let huge = "/MediaBox[0 0 1000000 1000000]";
    let refused = try_show(&file(&[("", huge)], &[]), Some(100), 0, &LIMITS);
    assert!(matches!(refused, Err(Error::TooLarge { .. })));
    let says = format!("{BOX}/Resources<</XObject<</I 5 0 R>>>>");
    let bomb = "<</Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray/Length 0>>stream\n\nendstream";
    let bomb = file(&[("/I Do", &says)], &[bomb.to_owned()]);
    let refused = try_show(&bomb, Some(100), 0, &LIMITS);
    assert!(matches!(refused, Err(Error::TooLarge { .. })));
}

#[test]
fn broken_files_are_malformed_or_shown_as_far_as_they_go() {
    let whole = file(&[(SQUARES, BOX)], &[]);
    for length in 9..whole.len() {
        let shown = try_show(&whole[..length], Some(50), 0, &LIMITS);
        assert!(
            matches!(
                shown,
                Ok(_) | Err(Error::Malformed(_) | Error::BadOperation(_))
            ),
            "{length}: {:?}",
            shown.err()
        );
    }
    let refused = transformer::inspect(b"%PDF-1.7\n%%EOF");
    assert!(matches!(refused, Err(Error::Malformed(_))), "{refused:?}");
}

#[test]
fn a_page_that_draws_itself_ends() {
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 100 50]/Resources<</XObject<</I 5 0 R>>>>/Group<</S/Transparency>>/Length 14>>stream\n/I Do /I Do   \nendstream";
    let says = format!("{BOX}/Resources<</XObject<</I 5 0 R>>>>");
    let page = show(&file(&[("", &says)], &[form.to_owned()]), None, 0);
    assert_eq!(page.inked(), 0);
}

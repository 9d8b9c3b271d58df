//! PDF: a page comes in, and is drawn at whatever size is asked for, on white. Nothing outside the file is ever
//! read, nothing in it runs, and what drawing may hold at once is bounded; what would pass that is left out.

mod canvas;
mod convert;
mod glyphs;
mod paint;
mod pictures;
mod room;

use std::sync::Arc;

use hayro_interpret::font::FontData;
use hayro_interpret::hayro_syntax::object::Name;
use hayro_interpret::hayro_syntax::object::Object;
use hayro_interpret::hayro_syntax::object::dict::keys::{HEIGHT, SUBTYPE, WIDTH};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect as Area, Shape};
use hayro_interpret::{
    ClipPath, Context, Device, FillRule, InterpreterCache, InterpreterSettings, TransformExt,
    interpret_page,
};

use crate::error::Error;
use crate::geometry::{Rect, Size};
use canvas::Canvas;
use room::Room;

/// Bytes for each pixel of the page that layers, masks and patterns may hold at once beside it.
const ROOM_BYTES_PER_PIXEL: u64 = 16;
/// And bytes for what has a size of its own.
const ROOM_BYTES: u64 = 4 << 20;
/// Bytes for each pixel of a picture on the page while it is decoded.
const PICTURE_BYTES_PER_PIXEL: u64 = 16;
/// Pixels of a picture that is allowed on any page: those within the page's own text are not looked for.
const PICTURE_PIXELS: u64 = 1 << 18;
/// Bytes that a byte of the file takes: itself, its objects, and what text and paths come to.
const FILE_FACTOR: u64 = 8;
/// Bytes of typefaces and tables.
const BYTES: u64 = 8 << 20;

/// One page of a file.
pub(crate) struct Paper {
    file: Pdf,
    number: usize,
    pub size: Size,
    /// Of its largest picture.
    picture_pixels: u64,
}

impl Paper {
    /// The page `number`, from 0.
    pub(crate) fn read(source: &[u8], number: u32) -> Result<Self, Error> {
        let file = Pdf::new(source.to_vec()).map_err(error)?;
        let picture_pixels = picture_pixels(&file);
        let number = number as usize;
        let pages = file.pages().len();
        let page = file.pages().get(number).ok_or_else(|| {
            if pages == 0 {
                return malformed("no page");
            }
            Error::BadOperation(format!("page: the source has {pages}, counted from 0"))
        })?;
        let (width, height) = page.render_dimensions();
        // A cast stops at its largest, which no limit lets through.
        let pixels = |points: f32| (points.round() as u32).max(1);
        let size = Size {
            width: pixels(width),
            height: pixels(height),
        };
        Ok(Self {
            file,
            number,
            size,
            picture_pixels,
        })
    }

    /// Bytes that drawing a part of the size `canvas` holds beside it.
    pub(crate) fn working_bytes(file_bytes: u64, picture_pixels: u64, canvas: Size) -> u64 {
        room_bytes(canvas)
            // The canvas has alpha while it is drawn on.
            .saturating_add(canvas.pixels().saturating_mul(4))
            .saturating_add(picture_pixels.saturating_mul(PICTURE_BYTES_PER_PIXEL))
            .saturating_add(file_bytes.saturating_mul(FILE_FACTOR))
            .saturating_add(BYTES)
    }

    pub(crate) const fn picture_pixels(&self) -> u64 {
        self.picture_pixels
    }

    /// The part `keep` of the page at the size `whole`: red, green, blue.
    pub(crate) fn draw(&self, whole: Size, keep: Rect) -> Option<Vec<u8>> {
        let page = self.file.pages().get(self.number)?;
        let room = Room::new(room_bytes(keep.size), self.picture_pixels);
        let mut canvas = Canvas::white(keep.size, room)?;
        draw(page, placed(page, whole, keep), keep.size, &mut canvas);
        let samples = canvas.finish();
        Some(
            samples
                .chunks_exact(4)
                .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
                .collect(),
        )
    }
}

fn room_bytes(canvas: Size) -> u64 {
    let layers = canvas.pixels().saturating_mul(ROOM_BYTES_PER_PIXEL);
    layers.saturating_add(ROOM_BYTES)
}

/// From the page's points to pixels of the part `keep`.
fn placed(page: &Page<'_>, whole: Size, keep: Rect) -> Affine {
    let (width, height) = page.render_dimensions();
    let scale = Affine::scale_non_uniform(
        f64::from(whole.width) / f64::from(width),
        f64::from(whole.height) / f64::from(height),
    );
    let (left, top) = (f64::from(keep.left), f64::from(keep.top));
    Affine::translate((-left, -top)) * scale * page.initial_transform(true).to_kurbo()
}

/// Draw what lies within the page's borders.
fn draw<'a>(page: &'a Page<'a>, place: Affine, size: Size, canvas: &mut Canvas) {
    let settings = InterpreterSettings {
        font_resolver: Arc::new(|_| Some((typeface(), 0))),
        ..InterpreterSettings::default()
    };
    let cache = InterpreterCache::new();
    let area = Area::new(0.0, 0.0, size.width.into(), size.height.into());
    let mut context = Context::new(place, area, &cache, page.xref(), settings);
    let borders = page.intersected_crop_box();
    let borders = Area::new(borders.x0, borders.y0, borders.x1, borders.y1);
    canvas.push_clip_path(&ClipPath {
        path: place * borders.to_path(0.1),
        fill: FillRule::NonZero,
    });
    interpret_page(page, &mut context, canvas);
    canvas.pop_clip();
}

/// What stands for a typeface that the file names and does not hold.
fn typeface() -> FontData {
    Arc::new(crate::text::dejavu())
}

/// Pixels of the largest picture in the file, on whichever page it is.
fn picture_pixels(file: &Pdf) -> u64 {
    let of = |object: Object<'_>| {
        let Object::Stream(stream) = object else {
            return 0;
        };
        let dictionary = stream.dict();
        let is_picture = dictionary
            .get::<Name<'_>>(SUBTYPE)
            .is_some_and(|name| name.as_str() == "Image");
        if !is_picture {
            return 0;
        }
        let side = |key| u64::from(dictionary.get::<u32>(key).unwrap_or(0));
        side(WIDTH).saturating_mul(side(HEIGHT))
    };
    let largest = file.objects().into_iter().map(of).max();
    largest.unwrap_or(0).max(PICTURE_PIXELS)
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("PDF: {rule}"))
}

fn error(error: LoadPdfError) -> Error {
    match error {
        LoadPdfError::Decryption(_) => Error::Unsupported("PDF with a password".to_owned()),
        LoadPdfError::Invalid => malformed("no page can be found"),
    }
}

//! Drawings: SVG's text comes in, deflated or not, and is parsed once; pixels go out at whatever size is asked
//! for. Nothing outside the text is ever read, nothing in it runs, and how deep and how far it unfolds is
//! bounded before anything is drawn.

mod cost;
mod references;
mod unfold;

use std::rc::Rc;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::roxmltree::{Document, ParsingOptions};
use resvg::usvg::{self, Group, ImageHrefResolver, ImageKind, Node, Tree};

use crate::error::{Error, Limit};
use crate::geometry::{Rect, Size};
use crate::header;
use crate::options::Format;
use crate::sniff::sniff;
use crate::text::dejavu;
use cost::Draft;

/// Bytes of text, inflated if it is deflated. Maps and charts of some megabytes are known.
const TEXT_BYTES_MAX: usize = 16 << 20;
/// Elements and texts of one drawing.
const NODES_MAX: u32 = 200_000;
/// Pixels of all raster pictures that a drawing holds: each is decoded when it is drawn.
const RASTER_PIXELS_MAX: u64 = 16_000_000;
/// Bytes that a byte of the text takes while it is parsed, as measured: 50 for paths that are stroked, 18 for
/// short attributes.
const TEXT_FACTOR: u64 = 52;
/// Bytes that a node of the parsed drawing takes, as measured.
const NODE_BYTES: u64 = 1024;
/// Bytes that a character that is drawn takes, as measured, where each has a place of its own.
const CHARACTER_BYTES: u64 = 4096;
/// Attributes of one element: the parser compares each with all before it.
const ATTRIBUTES_MAX: usize = 1000;
/// Samples that filters may look at, all pixels together, before the drawing is made smaller: half a second.
const FILTER_WORK_MAX: f64 = 2.5e8;
/// What stands for every family of typefaces, since there is no other.
const FAMILY: &str = "DejaVu Sans";

/// A parsed drawing.
#[derive(Debug, Clone)]
pub(crate) struct Drawing {
    tree: Rc<Tree>,
    pub size: Size,
    /// Of the parsed drawing.
    bytes: u64,
}

impl Drawing {
    /// Parse `source`, if what that takes is not more than `memory_bytes_max`.
    pub(crate) fn read(source: &[u8], memory_bytes_max: u64) -> Result<Self, Error> {
        let inflated;
        let bytes = if source.starts_with(&[0x1F, 0x8B]) {
            inflated = inflate(source)?;
            &inflated[..]
        } else {
            source
        };
        if bytes.len() > TEXT_BYTES_MAX {
            return Err(malformed("the text is too long"));
        }
        let fits = |asked: u64| {
            if asked <= memory_bytes_max {
                return Ok(());
            }
            Err(Error::TooLarge {
                limit: Limit::MemoryBytes,
                asked,
                allowed: memory_bytes_max,
            })
        };
        let text_bytes = bytes.len() as u64 * TEXT_FACTOR;
        fits(text_bytes)?;
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("not UTF-8"))?;
        if most_attributes(text) > ATTRIBUTES_MAX {
            return Err(malformed("an element of too many attributes"));
        }
        let options = ParsingOptions {
            allow_dtd: true,
            nodes_limit: NODES_MAX,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options)
            .map_err(|error| Error::Malformed(format!("SVG: {error}")))?;
        let unfolded = unfold::unfolded(&document)?;
        let bytes =
            text_bytes + unfolded.elements * NODE_BYTES + unfolded.characters * CHARACTER_BYTES;
        fits(bytes)?;
        let tree = Tree::from_xmltree(&document, &options_of(text))
            .map_err(|error| Error::Malformed(format!("SVG: {error}")))?;
        let side = |length: f32| (length.round() as u32).max(1);
        Ok(Self {
            size: Size {
                width: side(tree.size().width()),
                height: side(tree.size().height()),
            },
            bytes,
            tree: Rc::new(tree),
        })
    }

    /// Bytes that drawing a part of the size `canvas`, of the drawing at the size `whole`, holds beside it.
    pub(crate) fn working_bytes(&self, whole: Size, canvas: Size) -> u64 {
        let layers = Draft::new(self.scale(whole), canvas).bytes(self.tree.root());
        // What is too large for the cast is the largest number.
        (layers as u64)
            .saturating_add(self.bytes)
            .saturating_add(RASTER_PIXELS_MAX * 4 * u64::from(self.has_rasters()))
    }

    /// Pixels for one of its own coordinates.
    fn scale(&self, whole: Size) -> (f64, f64) {
        let natural = self.tree.size();
        (
            f64::from(whole.width) / f64::from(natural.width()),
            f64::from(whole.height) / f64::from(natural.height()),
        )
    }

    /// The size up to `whole` at which its filters are worth their time: a wide one looks at every pixel for
    /// every pixel, and what it leaves is so smooth that it may as well be scaled up.
    pub(crate) fn affordable(&self, whole: Size) -> Size {
        let mut size = whole;
        while self.filter_work(size) > FILTER_WORK_MAX && size.width.min(size.height) > 1 {
            size = Size {
                width: size.width.div_ceil(2),
                height: size.height.div_ceil(2),
            };
        }
        size
    }

    /// Samples that filters look at in a picture of `size`.
    fn filter_work(&self, size: Size) -> f64 {
        Draft::new(self.scale(size), size).filter_work(self.tree.root())
    }

    /// The part `keep` of the drawing at the size `whole`: red, green, blue, alpha.
    pub(crate) fn draw(&self, whole: Size, keep: Rect) -> Option<Vec<u8>> {
        let mut canvas = Pixmap::new(keep.size.width, keep.size.height)?;
        let natural = self.tree.size();
        let transform = Transform::from_scale(
            whole.width as f32 / natural.width(),
            whole.height as f32 / natural.height(),
        )
        .post_translate(-(keep.left as f32), -(keep.top as f32));
        resvg::render(&self.tree, transform, &mut canvas.as_mut());
        Some(canvas.take_demultiplied())
    }

    fn has_rasters(&self) -> bool {
        fn any(group: &Group) -> bool {
            group.children().iter().any(|node| match node {
                Node::Image(_) => true,
                Node::Group(group) => any(group),
                Node::Path(_) | Node::Text(_) => false,
            })
        }
        any(self.tree.root())
    }
}

/// How a drawing is parsed: with the typeface that comes along, and without anything outside.
fn options_of(text: &str) -> usvg::Options<'static> {
    let mut options = usvg::Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(raster()),
            resolve_string: Box::new(|_, _| None),
        },
        font_family: FAMILY.to_owned(),
        ..usvg::Options::default()
    };
    if text.contains("<text") || text.contains(":text") {
        let fonts = options.fontdb_mut();
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(dejavu())));
        fonts.set_serif_family(FAMILY);
        fonts.set_sans_serif_family(FAMILY);
        fonts.set_cursive_family(FAMILY);
        fonts.set_fantasy_family(FAMILY);
        fonts.set_monospace_family(FAMILY);
    }
    options
}

/// Raster pictures within the drawing's text, as long as their headers allow; drawings within are left out.
fn raster() -> impl Fn(&str, Arc<Vec<u8>>, &usvg::Options<'_>) -> Option<ImageKind> + Send + Sync {
    let left = std::sync::atomic::AtomicU64::new(RASTER_PIXELS_MAX);
    move |_, data, _| {
        let format = sniff(&data).ok()?;
        let kind: fn(Arc<Vec<u8>>) -> ImageKind = match format {
            Format::Jpeg => ImageKind::JPEG,
            Format::Png => ImageKind::PNG,
            Format::Gif => ImageKind::GIF,
            Format::Webp => ImageKind::WEBP,
            _ => return None,
        };
        let pixels = header::read(format, &data, 0, 0).ok()?.all_pixels();
        let before = left.load(std::sync::atomic::Ordering::Relaxed);
        let after = before.checked_sub(pixels)?;
        left.store(after, std::sync::atomic::Ordering::Relaxed);
        Some(kind(data))
    }
}

/// Attributes of the element that has most, or a few more: signs of equality outside quotes, from one `<` to its
/// end. Of a declaration, which may hold elements in quotes, they are counted within those as well.
fn most_attributes(text: &str) -> usize {
    let mut most = 0;
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = match rest {
            _ if rest.starts_with("!--") => rest.find("-->"),
            _ if rest.starts_with("![CDATA[") => rest.find("]]>"),
            _ => Some(0),
        };
        let Some(end) = end else { break };
        if end > 0 {
            rest = &rest[end..];
            continue;
        }
        let (is_declared, mut quote, mut count) = (rest.starts_with('!'), None, 0);
        for byte in rest.bytes() {
            match (byte, quote) {
                (b'=', None) => count += 1,
                (b'<', _) | (b'>', None) => break,
                (b'"' | b'\'', None) if !is_declared => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                _ => {}
            }
        }
        most = most.max(count);
    }
    most
}

/// A gzip member's content (RFC 1952), within the bound.
fn inflate(source: &[u8]) -> Result<Vec<u8>, Error> {
    let stream = crate::sniff::deflated(source).ok_or_else(|| malformed("a broken gzip header"))?;
    miniz_oxide::inflate::decompress_to_vec_with_limit(stream, TEXT_BYTES_MAX)
        .map_err(|_| malformed("the gzip stream is broken, or too long"))
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("SVG: {rule}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted() {
        assert_eq!(most_attributes("<a b='c=d>e=' f = \"g\"/>h=i=j=<k>"), 2);
        assert_eq!(
            most_attributes("<!-- a=b=c=d= --><![CDATA[e=f=g=]]><h i='j'/>"),
            1
        );
        assert_eq!(
            most_attributes("<!DOCTYPE a [<!ENTITY b \"<c d='e' f='g' h='i'/>\">]>"),
            3
        );
        let many = |count: usize| {
            let attributes: Vec<String> = (0..count).map(|at| format!(" a{at}=''")).collect();
            let attributes = attributes.concat();
            let text = format!("<svg xmlns='http://www.w3.org/2000/svg'><g{attributes}/></svg>");
            Drawing::read(text.as_bytes(), u64::MAX).map(drop)
        };
        assert_eq!(many(1000), Ok(()));
        assert!(many(1001).is_err());
    }

    #[test]
    fn text_and_elements_are_reckoned_before_they_are_parsed() {
        let read = |body: &str, memory: u64| {
            let text = format!("<svg xmlns='http://www.w3.org/2000/svg'>{body}</svg>");
            Drawing::read(text.as_bytes(), memory).map(drop)
        };
        assert_eq!(read(&"<g/>".repeat(1000), 2 << 20), Ok(()));
        for (body, memory) in [
            ("<g/>".repeat(1000), 1 << 20),
            (format!("<path d='M0 0{}'/>", "h1".repeat(11_000)), 1 << 20),
            (format!("<text>{}</text>", "a".repeat(1000)), 1 << 20),
        ] {
            let refused = read(&body, memory);
            assert!(
                matches!(refused, Err(Error::TooLarge { .. })),
                "{refused:?}"
            );
        }
        let long = " ".repeat(TEXT_BYTES_MAX);
        assert!(matches!(read(&long, u64::MAX), Err(Error::Malformed(_))));
    }
}

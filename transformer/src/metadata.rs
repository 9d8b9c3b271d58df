//! What of the source's EXIF a rendition may carry: the tags on two short lists, copied one by one into a new
//! block. Nothing else is ever let through, so that a tag nobody thought of is dropped: places, serial numbers,
//! names of owners, comments, maker's notes, thumbnails, and the orientation, which is applied.

mod container;

use crate::exif::{Order, Stored, Stream};
use crate::options::{Format, Metadata};
use crate::tags::{self, Entry, Kind};

/// Tags of the first directory (EXIF 2.32, 4.6.4).
const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const DATE: u16 = 0x0132;
const ARTIST: u16 = 0x013B;
const COPYRIGHT: u16 = 0x8298;
const EXIF_POINTER: u16 = 0x8769;

/// Tags of EXIF's own directory (4.6.5) that tell how a picture was taken, and nothing of who, where, or with
/// which one of many cameras: exposure time, aperture, program, sensitivity, dates, speed, bias, metering,
/// light, flash, focal length, modes, lens.
const TECHNICAL: [u16; 22] = [
    0x829A, 0x829D, 0x8822, 0x8827, 0x9003, 0x9004, 0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9206,
    0x9207, 0x9208, 0x9209, 0x920A, 0xA402, 0xA403, 0xA405, 0xA406, 0xA433, 0xA434,
];
/// The version of EXIF, which its directory has to name.
const VERSION: u16 = 0x9000;

/// Longest value that is copied: a copyright notice has a line or two.
const VALUE_BYTES_MAX: usize = 2048;

/// Tags that go into the rendition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Of the first directory.
    pub main: Vec<Entry>,
    /// Of EXIF's own.
    pub exif: Vec<Entry>,
}

/// What is kept of the EXIF in `source`; `None` where that is nothing.
pub(crate) fn kept(source: &[u8], format: Format, metadata: Metadata) -> Option<Kept> {
    if metadata == Metadata::None {
        return None;
    }
    let stream = Stream::new(container::exif(source, format)?)?;
    let is_technical = matches!(
        metadata,
        Metadata::Technical | Metadata::TechnicalAndCopyright
    );
    let is_credited = matches!(
        metadata,
        Metadata::Copyright | Metadata::TechnicalAndCopyright
    );
    let wanted = |tag: u16| match tag {
        COPYRIGHT => true,
        ARTIST => is_credited,
        MAKE | MODEL | DATE => is_technical,
        _ => false,
    };
    let main = first_of_each(stream.main(), stream.order(), wanted);
    let pointer = stream
        .main()
        .find(|stored| stored.tag == EXIF_POINTER && is_technical);
    let own = stream.directory(pointer.and_then(|pointer| pointer.number()));
    let mut exif = first_of_each(own, stream.order(), |tag| TECHNICAL.contains(&tag));
    if !exif.is_empty() {
        exif.push(Entry {
            tag: VERSION,
            kind: Kind::Undefined,
            bytes: b"0232".to_vec(),
        });
    }
    let kept = Kept { main, exif };
    (!kept.main.is_empty() || !kept.exif.is_empty()).then_some(kept)
}

impl Kept {
    /// A TIFF stream of these tags: what EXIF is in every format but TIFF.
    pub(crate) fn block(&self) -> Vec<u8> {
        let mut block = b"II\x2A\0\x08\0\0\0".to_vec();
        tags::write(self.main.clone(), &self.exif, &mut block);
        block
    }
}

/// The wanted tags, each once: a directory may repeat one, and all of them may share one value.
fn first_of_each<'a>(
    directory: impl Iterator<Item = Stored<'a>>,
    order: Order,
    wanted: impl Fn(u16) -> bool,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for stored in directory.filter(|stored| wanted(stored.tag)) {
        if entries.iter().all(|known| known.tag != stored.tag) {
            entries.extend(entry(&stored, order));
        }
    }
    entries
}

/// The tag in little-endian order; `None` where its values are of no known type, too long, or not there.
fn entry(stored: &Stored<'_>, order: Order) -> Option<Entry> {
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.number() == stored.kind)?;
    let bytes = usize::try_from(stored.count)
        .ok()?
        .checked_mul(kind.bytes())?;
    if bytes == 0 || bytes > VALUE_BYTES_MAX {
        return None;
    }
    let mut bytes = stored.values(bytes)?.to_vec();
    if order == Order::Big {
        bytes
            .chunks_exact_mut(kind.word_bytes())
            .for_each(<[u8]>::reverse);
    }
    Some(Entry {
        tag: stored.tag,
        kind,
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG of nothing but EXIF: artist, copyright, orientation, GPS, and of EXIF's own tags one that is safe
    /// and a serial number.
    fn source(order: [u8; 4]) -> Vec<u8> {
        let is_big = order[0] == b'M';
        let short = |number: u16| {
            if is_big {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            }
        };
        let long = |number: u32| {
            if is_big {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            }
        };
        let mut tiff = [&order[..], &long(8)].concat();
        let entry = |tag: u16, kind: u16, count: u32, place: [u8; 4]| {
            [&short(tag)[..], &short(kind), &long(count), &place].concat()
        };
        let [a, b] = short(6);
        tiff.extend(short(5));
        tiff.extend(entry(0x0112, 3, 1, [a, b, 0, 0]));
        tiff.extend(entry(ARTIST, 2, 4, *b"Ada\0"));
        tiff.extend(entry(COPYRIGHT, 2, 9, long(200)));
        tiff.extend(entry(EXIF_POINTER, 4, 1, long(100)));
        tiff.extend(entry(0x8825, 4, 1, long(100)));
        tiff.extend([0; 4]);
        tiff.resize(100, 0);
        tiff.extend(short(2));
        tiff.extend(entry(0x829A, 5, 1, long(220)));
        tiff.extend(entry(0xA431, 2, 4, *b"123\0"));
        tiff.resize(200, 0);
        tiff.extend(b"(c) 2026\0");
        tiff.resize(220, 0);
        tiff.extend([long(1), long(250)].concat());
        let length = (tiff.len() as u16 + 8).to_be_bytes();
        [b"\xFF\xD8\xFF\xE1", &length[..], b"Exif\0\0", &tiff].concat()
    }

    fn tags(entries: &[Entry]) -> Vec<u16> {
        entries.iter().map(|entry| entry.tag).collect()
    }

    #[test]
    fn only_what_is_asked_for_is_kept() {
        let (copyright, artist) = (COPYRIGHT, ARTIST);
        for order in [b"II\x2A\0", b"MM\0\x2A"] {
            let source = source(*order);
            let kept = |metadata| kept(&source, Format::Jpeg, metadata);
            assert_eq!(kept(Metadata::None), None);
            let credits = kept(Metadata::Copyright).unwrap();
            assert_eq!(
                (tags(&credits.main), tags(&credits.exif)),
                (vec![artist, copyright], vec![])
            );
            assert_eq!(credits.main[1].bytes, b"(c) 2026\0");
            let technical = kept(Metadata::Technical).unwrap();
            assert_eq!(tags(&technical.main), [copyright]);
            assert_eq!(tags(&technical.exif), [0x829A, VERSION]);
            assert_eq!(technical.exif[0].bytes, [1, 0, 0, 0, 250, 0, 0, 0]);
            let all = kept(Metadata::TechnicalAndCopyright).unwrap();
            assert_eq!(tags(&all.main), [artist, copyright]);
        }
    }

    #[test]
    fn a_block_reads_back_as_what_was_kept() {
        let all = kept(
            &source(*b"MM\0\x2A"),
            Format::Jpeg,
            Metadata::TechnicalAndCopyright,
        )
        .unwrap();
        let block = all.block();
        let again = [
            &b"\xFF\xD8\xFF\xE1"[..],
            &(block.len() as u16 + 8).to_be_bytes(),
            b"Exif\0\0",
            &block,
        ];
        let again = kept(
            &again.concat(),
            Format::Jpeg,
            Metadata::TechnicalAndCopyright,
        )
        .unwrap();
        assert_eq!(again.main, all.main);
        assert_eq!(again.exif[..1], all.exif[..1]);
    }

    #[test]
    fn a_tag_that_repeats_is_kept_once() {
        const COUNT: u16 = 5000;
        let mut tiff = b"II\x2A\0\x08\0\0\0".to_vec();
        tiff.extend(COUNT.to_le_bytes());
        let values = 8 + 2 + u32::from(COUNT) * 12;
        for _ in 0..COUNT {
            tiff.extend(COPYRIGHT.to_le_bytes());
            tiff.extend([2, 0]);
            tiff.extend(2048u32.to_le_bytes());
            tiff.extend(values.to_le_bytes());
        }
        tiff.resize(values as usize, 0);
        tiff.extend([b'c'; 2048]);
        let length = (tiff.len() as u16 + 8).to_be_bytes();
        let source = [b"\xFF\xD8\xFF\xE1", &length[..], b"Exif\0\0", &tiff].concat();
        let kept = kept(&source, Format::Jpeg, Metadata::Copyright).unwrap();
        assert_eq!(tags(&kept.main), [COPYRIGHT]);
    }

    #[test]
    fn hostile_directories_keep_nothing() {
        let whole = source(*b"II\x2A\0");
        for end in 0..whole.len() {
            let _whatever = kept(&whole[..end], Format::Jpeg, Metadata::TechnicalAndCopyright);
        }
        for at in 12..whole.len() {
            let mut broken = whole.clone();
            broken[at] ^= 0xFF;
            let _whatever = kept(&broken, Format::Jpeg, Metadata::TechnicalAndCopyright);
        }
    }
}

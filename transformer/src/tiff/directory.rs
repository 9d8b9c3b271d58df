//! A page's directory: tags and their values, in either byte order and either width of offsets. Values are
//! read when asked for; what lies outside the source is as good as not there.

use super::malformed;
use crate::error::Error;

/// Values that one tag may have: more strips than any page has rows.
const VALUES_MAX: u64 = 1 << 20;
/// Tags that a directory may have.
const TAGS_MAX: u64 = 4096;

/// Bytes with an order.
#[derive(Debug, Clone, Copy)]
struct Bytes<'a> {
    all: &'a [u8],
    is_little: bool,
    is_big_tiff: bool,
}

impl Bytes<'_> {
    fn number(self, at: u64, bytes: u64) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.all.get(at..at.checked_add(bytes as usize)?)?;
        let push = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
        Some(if self.is_little {
            bytes.iter().rev().fold(0, push)
        } else {
            bytes.iter().fold(0, push)
        })
    }

    /// Bytes of an offset.
    const fn offset(self) -> u64 {
        if self.is_big_tiff { 8 } else { 4 }
    }

    /// Bytes of the count in front of a directory, and of one of its entries.
    const fn widths(self) -> (u64, u64) {
        if self.is_big_tiff { (8, 20) } else { (2, 12) }
    }
}

/// A tag's values.
#[derive(Debug, Clone, Copy)]
struct Entry {
    tag: u16,
    /// Bytes of one value.
    width: u64,
    count: u64,
    /// Where the values lie.
    at: u64,
}

/// A page's tags.
#[derive(Debug, Clone)]
pub(super) struct Directory<'a> {
    bytes: Bytes<'a>,
    entries: Vec<Entry>,
}

impl<'a> Directory<'a> {
    /// The directory of page `number`, from 0.
    pub(super) fn read(source: &'a [u8], number: u32) -> Result<Self, Error> {
        let (is_little, is_big_tiff) = match source.get(..4) {
            Some(b"II\x2A\0") => (true, false),
            Some(b"MM\0\x2A") => (false, false),
            Some(b"II\x2B\0") => (true, true),
            Some(b"MM\0\x2B") => (false, true),
            _ => return Err(malformed("no header")),
        };
        let bytes = Bytes {
            all: source,
            is_little,
            is_big_tiff,
        };
        let mut at = bytes.number(if is_big_tiff { 8 } else { 4 }, bytes.offset());
        for page in 1..=number {
            at = at.and_then(|at| next(bytes, at)).filter(|&at| at != 0);
            if at.is_none() {
                return Err(Error::BadOperation(format!(
                    "page: the source has {page}, counted from 0"
                )));
            }
        }
        let start = at.ok_or_else(|| malformed("no page"))?;
        let entries =
            entries(bytes, start).ok_or_else(|| malformed("a directory outside the file"))?;
        Ok(Self { bytes, entries })
    }

    pub(super) const fn is_little(&self) -> bool {
        self.bytes.is_little
    }

    /// The first value.
    pub(super) fn number(&self, tag: u16) -> Option<u64> {
        let entry = self.entry(tag)?;
        self.bytes.number(entry.at, entry.width)
    }

    /// All values, up to the first that is not there.
    pub(super) fn numbers(&self, tag: u16) -> Vec<u64> {
        let Some(entry) = self.entry(tag) else {
            return Vec::new();
        };
        (0..entry.count.min(VALUES_MAX))
            .map_while(|number| {
                let at = entry.at.checked_add(number * entry.width)?;
                self.bytes.number(at, entry.width)
            })
            .collect()
    }

    /// The values as bytes.
    pub(super) fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.entry(tag).filter(|entry| entry.width == 1)?;
        let (start, count) = (
            usize::try_from(entry.at).ok()?,
            usize::try_from(entry.count).ok()?,
        );
        self.bytes.all.get(start..start.checked_add(count)?)
    }

    fn entry(&self, tag: u16) -> Option<Entry> {
        let mut entries = self.entries.iter();
        entries
            .find(|entry| entry.tag == tag)
            .copied()
            .filter(|entry| entry.count > 0)
    }
}

/// Where the directory after the one at `at` lies; 0 for none.
fn next(bytes: Bytes<'_>, at: u64) -> Option<u64> {
    let (head, entry) = bytes.widths();
    let count = bytes.number(at, head)?.min(u64::from(u16::MAX));
    bytes.number(
        at.checked_add(head)?.checked_add(count * entry)?,
        bytes.offset(),
    )
}

fn entries(bytes: Bytes<'_>, start: u64) -> Option<Vec<Entry>> {
    let (head, size) = bytes.widths();
    let count = bytes.number(start, head)?.min(TAGS_MAX);
    let first = start.checked_add(head)?;
    let entry = |number: u64| {
        let at = first.checked_add(number * size)?;
        let width = match bytes.number(at + 2, 2)? {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => 1,
        };
        let count = bytes.number(at + 4, bytes.offset())?;
        let value = at + 4 + bytes.offset();
        // Values that are short enough stand in the place of their offset.
        let at_value = if count.checked_mul(width)? <= bytes.offset() {
            value
        } else {
            bytes.number(value, bytes.offset())?
        };
        Some(Entry {
            tag: bytes.number(at, 2)? as u16,
            width,
            count,
            at: at_value,
        })
    };
    // A broken entry is passed over.
    Some((0..count).filter_map(entry).collect())
}

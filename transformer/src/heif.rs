//! The container of AVIF and HEIC (ISO/IEC 14496-12 and 23008-12): which coded pictures a file holds, what is
//! said of them, and where their bytes lie. Bytes in, an index out; nothing is decoded and nothing copied.
//! Boxes whose lengths lie end the list that they stand in.

mod locations;
mod transforms;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::Error;
pub(crate) use transforms::Transforms;

/// Coded pictures of one file. Phones cut a photo into some 50, and a burst holds a few hundred.
const ITEMS_MAX: usize = 4096;
/// Properties that one picture may have, and pieces that its bytes may lie in.
const PARTS_MAX: usize = 1024;

/// A box's or an item's type.
pub(crate) type Kind = [u8; 4];

/// One picture, or what stands beside it.
#[derive(Debug, Default, Clone)]
struct Item {
    kind: Kind,
    /// Start and length of each piece.
    pieces: Vec<(u64, u64)>,
    /// Whether the pieces lie in the `idat` box rather than in the file.
    in_idat: bool,
    /// Which properties, from 0.
    properties: Vec<usize>,
}

/// `kind` from one item to others.
#[derive(Debug, Clone)]
struct Reference {
    kind: Kind,
    from: u32,
    to: Vec<u32>,
}

/// A file's index.
#[derive(Debug, Clone)]
pub(crate) struct Container<'a> {
    source: &'a [u8],
    idat: &'a [u8],
    primary: u32,
    items: BTreeMap<u32, Item>,
    properties: Vec<(Kind, &'a [u8])>,
    references: Vec<Reference>,
}

/// A picture cut into tiles of one size (23008-12, 6.6.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    pub rows: u32,
    pub columns: u32,
    pub width: u32,
    pub height: u32,
}

impl<'a> Container<'a> {
    /// Read the index.
    pub(crate) fn read(source: &'a [u8]) -> Result<Self, Error> {
        let meta = boxes(source).find(|(kind, _)| kind == b"meta");
        let body = meta.and_then(|(_, body)| body.get(4..));
        let body = body.ok_or_else(|| malformed("no index of pictures (a `meta` box)"))?;
        let mut container = Self {
            source,
            idat: &[],
            primary: 0,
            items: BTreeMap::new(),
            properties: Vec::new(),
            references: Vec::new(),
        };
        for (kind, body) in boxes(body) {
            match &kind {
                b"pitm" => container.primary = primary(body).unwrap_or(0),
                b"iinf" => container.read_kinds(body),
                b"iloc" => locations::read(body, &mut container.items),
                b"iprp" => container.read_properties(body),
                b"iref" => container.read_references(body),
                b"idat" => container.idat = body,
                _ => {}
            }
        }
        if !container.items.contains_key(&container.primary) {
            return Err(malformed("the primary picture is not there"));
        }
        Ok(container)
    }

    /// The picture that a viewer shows first.
    pub(crate) const fn primary(&self) -> u32 {
        self.primary
    }

    /// What the item is coded in.
    pub(crate) fn kind(&self, item: u32) -> Option<Kind> {
        self.items.get(&item).map(|item| item.kind)
    }

    /// The item's properties in order.
    pub(crate) fn properties(&self, item: u32) -> impl Iterator<Item = (Kind, &'a [u8])> {
        let listed = self.items.get(&item).into_iter();
        let listed = listed.flat_map(|item| item.properties.iter());
        listed.filter_map(|&at| self.properties.get(at).copied())
    }

    /// The item's first property of this kind.
    pub(crate) fn property(&self, item: u32, wanted: Kind) -> Option<&'a [u8]> {
        let mut properties = self.properties(item);
        properties.find_map(|(kind, body)| (kind == wanted).then_some(body))
    }

    /// Width and height of the coded picture, before its transforms.
    pub(crate) fn size(&self, item: u32) -> Option<(u32, u32)> {
        let body = self.property(item, *b"ispe")?;
        Some((u32_at(body, 4)?, u32_at(body, 8)?))
    }

    /// The items that `item` refers to.
    pub(crate) fn refers(&self, item: u32, kind: Kind) -> &[u32] {
        let mut references = self.references.iter();
        references
            .find(|reference| reference.kind == kind && reference.from == item)
            .map_or(&[], |reference| reference.to.as_slice())
    }

    /// The picture whose brightness is the alpha of `item`.
    pub(crate) fn alpha(&self, item: u32) -> Option<u32> {
        const URNS: [&[u8]; 2] = [
            b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0",
            b"urn:mpeg:hevc:2015:auxid:1\0",
        ];
        let mut references = self.references.iter();
        let alpha = references.find(|reference| {
            let is_alpha = || {
                let urn = self.property(reference.from, *b"auxC");
                let urn = urn.and_then(|body| body.get(4..));
                urn.is_some_and(|urn| URNS.iter().any(|known| urn.starts_with(known)))
            };
            reference.kind == *b"auxl" && reference.to.contains(&item) && is_alpha()
        });
        alpha.map(|reference| reference.from)
    }

    /// The item's bytes; borrowed where they lie in one piece.
    pub(crate) fn data(&self, item: u32) -> Option<Cow<'a, [u8]>> {
        let item = self.items.get(&item)?;
        let from = if item.in_idat { self.idat } else { self.source };
        let piece = |&(start, length): &(u64, u64)| {
            let rest = from.get(usize::try_from(start).ok()?..)?;
            // No length is all that follows; a length too large is what is there of it.
            let length = usize::try_from(length).ok().filter(|&length| length > 0);
            Some(&rest[..length.unwrap_or(rest.len()).min(rest.len())])
        };
        match item.pieces.as_slice() {
            [] => None,
            [whole] => piece(whole).map(Cow::Borrowed),
            pieces => {
                let mut bytes = Vec::new();
                for part in pieces {
                    bytes.extend_from_slice(piece(part)?);
                    // Pieces may overlap, and so be more than the file.
                    if bytes.len() > self.source.len() {
                        return None;
                    }
                }
                Some(Cow::Owned(bytes))
            }
        }
    }

    /// The item as a grid of others.
    pub(crate) fn grid(&self, item: u32) -> Option<Grid> {
        let data = self.data(item)?;
        let &[_, flags, rows, columns, ref sizes @ ..] = data.as_ref() else {
            return None;
        };
        let (width, height) = if flags & 1 == 0 {
            (u16_at(sizes, 0)?.into(), u16_at(sizes, 2)?.into())
        } else {
            (u32_at(sizes, 0)?, u32_at(sizes, 4)?)
        };
        Some(Grid {
            rows: u32::from(rows) + 1,
            columns: u32::from(columns) + 1,
            width,
            height,
        })
    }

    /// `iinf`: the type of each item.
    fn read_kinds(&mut self, body: &[u8]) {
        let skip = if body.first() == Some(&0) { 6 } else { 8 };
        for (kind, entry) in boxes(body.get(skip..).unwrap_or_default()).take(ITEMS_MAX) {
            if kind != *b"infe" {
                continue;
            }
            let read = || {
                let (item, at) = match entry.first()? {
                    2 => (u16_at(entry, 4)?.into(), 8),
                    3 => (u32_at(entry, 4)?, 10),
                    _ => return None,
                };
                Some((item, entry.get(at..at + 4)?.try_into().ok()?))
            };
            if let Some((item, kind)) = read() {
                self.items.entry(item).or_default().kind = kind;
            }
        }
    }

    /// `iprp`: all properties, and which item has which.
    fn read_properties(&mut self, body: &'a [u8]) {
        for (kind, body) in boxes(body) {
            match &kind {
                b"ipco" => self.properties = boxes(body).take(ITEMS_MAX).collect(),
                b"ipma" => {
                    let _ = self.read_associations(body);
                }
                _ => {}
            }
        }
    }

    fn read_associations(&mut self, body: &[u8]) -> Option<()> {
        let (version, wide) = (*body.first()?, body.get(3)? & 1 == 1);
        let mut at = 8;
        for _ in 0..u32_at(body, 4)?.min(ITEMS_MAX as u32) {
            let item = if version == 0 {
                at += 2;
                u16_at(body, at - 2)?.into()
            } else {
                at += 4;
                u32_at(body, at - 4)?
            };
            let count = usize::from(*body.get(at)?);
            at += 1;
            let mut properties = Vec::with_capacity(count);
            for _ in 0..count {
                // The uppermost bit says that the property matters.
                let number = if wide {
                    at += 2;
                    u16_at(body, at - 2)? & 0x7FFF
                } else {
                    at += 1;
                    (*body.get(at - 1)? & 0x7F).into()
                };
                properties.extend(usize::from(number).checked_sub(1));
            }
            self.items.entry(item).or_default().properties = properties;
        }
        Some(())
    }

    /// `iref`: which item refers to which.
    fn read_references(&mut self, body: &[u8]) {
        let wide = body.first().is_some_and(|&version| version > 0);
        let number = |body: &[u8], at: &mut usize| {
            let bytes = if wide { 4 } else { 2 };
            *at += bytes;
            if wide {
                u32_at(body, *at - bytes)
            } else {
                u16_at(body, *at - bytes).map(u32::from)
            }
        };
        for (kind, body) in boxes(body.get(4..).unwrap_or_default()).take(ITEMS_MAX) {
            let mut at = 0;
            let mut read = || {
                let from = number(body, &mut at)?;
                let count = usize::from(u16_at(body, at)?);
                at += 2;
                let to = (0..count.min(ITEMS_MAX)).map_while(|_| number(body, &mut at));
                Some((from, to.collect()))
            };
            if let Some((from, to)) = read() {
                self.references.push(Reference { kind, from, to });
            }
        }
    }
}

/// `pitm`.
fn primary(body: &[u8]) -> Option<u32> {
    if *body.first()? == 0 {
        u16_at(body, 4).map(u32::from)
    } else {
        u32_at(body, 4)
    }
}

/// The boxes in `bytes`, each by its type and content.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (Kind, &[u8])> {
    std::iter::from_fn(move || {
        let kind = bytes.get(4..8)?.try_into().ok()?;
        let (head, length) = match u32_at(bytes, 0)? {
            0 => (8, bytes.len()),
            1 => {
                let long = u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?);
                (16, usize::try_from(long).ok()?)
            }
            length => (8, length as usize),
        };
        // The last box of a file that is cut off is what is there of it.
        let end = length.min(bytes.len());
        let body = bytes.get(head..end)?;
        bytes = &bytes[end..];
        Some((kind, body))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn malformed(rule: &str) -> Error {
    Error::Malformed(format!("HEIF: {rule}"))
}

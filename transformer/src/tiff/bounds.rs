//! Pages that are refused: of kinds that are not read, and those that would cost more than they show.

use super::{Compression, Meaning, Number, Page, malformed};
use crate::error::Error;

/// What all chunks of a page may hold and read together: so many times what the page and the source hold, for
/// tiles that reach over the edge and strips that share their bytes,
const WORK_FACTOR: u64 = 8;
/// and so many pixels and bytes more, for small pages of large tiles.
const WORK_ALLOWANCE: u64 = 4 << 20;

impl Page<'_> {
    /// Refuse what the rest of the code does not know.
    pub(super) fn check(&self) -> Result<(), Error> {
        let unsupported = |what: &str| Err(Error::Unsupported(format!("TIFF with {what}")));
        if self.samples < self.colours() {
            return Err(malformed("fewer samples than its kind of colour has"));
        }
        let is_fax = matches!(self.compression, Compression::Fax3 | Compression::Fax4);
        if is_fax && (self.bits, self.samples) != (1, 1) {
            return Err(malformed("a fax of more than one bit"));
        }
        if self.compression == Compression::Jpeg && self.bits != 8 {
            return unsupported("a JPEG of more than 8 bits");
        }
        if self.number == Number::Float && !matches!(self.bits, 16 | 32) {
            return unsupported("numbers of 64 bits");
        }
        if self.meaning == Meaning::Palette && self.bits > 8 {
            return unsupported("a palette of more than 256 colours");
        }
        if self.meaning == Meaning::Ycc && (self.bits != 8 || self.is_planar) {
            return unsupported("differences of colour that are not 8 bits, one after the other");
        }
        if self.shared != (1, 1) && self.samples != 3 {
            return unsupported("alpha beside shared differences of colour");
        }
        if !matches!(self.predictor, 1..=3) {
            return unsupported("an unknown predictor");
        }
        self.check_work()
    }

    /// Refuse chunks that are much more than the page: tiles may be larger than it, and many strips may be
    /// the same bytes.
    fn check_work(&self) -> Result<(), Error> {
        let most = |size: u64| {
            size.saturating_mul(WORK_FACTOR)
                .saturating_add(WORK_ALLOWANCE)
        };
        let (across, down) = self.chunks();
        let count = u64::from(across) * u64::from(down);
        if count.saturating_mul(self.chunk.pixels()) > most(self.size.pixels()) {
            return Err(malformed("tiles much larger than their page"));
        }
        let chunks = (count.saturating_mul(self.planes() as u64)).min(self.offsets.len() as u64);
        let read = (0..chunks as usize)
            .filter_map(|number| self.data(number))
            .map(|data| data.len() as u64 + self.jpeg_tables.len() as u64);
        let is_compressed = self.compression != Compression::None;
        if is_compressed && read.fold(0, u64::saturating_add) > most(self.source.len() as u64) {
            return Err(malformed("strips that share their bytes too often"));
        }
        Ok(())
    }
}

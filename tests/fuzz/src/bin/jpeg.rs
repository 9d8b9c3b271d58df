//! Any bytes as a JPEG, at every scale, as rows and resampled, and on to a file. Nothing may fall, every picture has the
//! size that its header says, and what is rendered when a tail may miss is rendered or refused when not.

#![no_main]

use std::ops::ControlFlow;

use fuzz::develop;
use libfuzzer_sys::fuzz_target;
use transformer::jpeg::{Decoder, Error, Header, Scale, memory_bytes};
use transformer::options::{Format, Truncated};

/// Beyond this a claim is not followed: a caller's limits come before a decoder.
const PIXELS_MAX: u64 = 1 << 18;
/// What a header of so many pixels may make a decoder hold, in bytes.
const MEMORY_BYTES_MAX: u64 = 64 << 20;

fuzz_target!(|source: &[u8]| {
    let Ok(header) = Header::read(source) else {
        return;
    };
    if u64::from(header.width()) * u64::from(header.height()) > PIXELS_MAX {
        return;
    }
    let _ = (header.exif(source), header.icc(source));
    for scale in Scale::ALL {
        assert!(memory_bytes(&header, scale) < MEMORY_BYTES_MAX);
        let decoder = |truncated| Decoder::new(source, &header, scale).truncated(truncated);
        let rendered = rows(&decoder(Truncated::Render));
        let whole = rows(&decoder(Truncated::Refuse));
        assert!(rendered.is_ok() || whole.is_err(), "refused what is whole");
        let shrunk =
            decoder(Truncated::Render).shrunk(1 + header.width() / 11, 1 + header.height() / 5);
        assert_eq!(shrunk.err(), rendered.err());
    }
    // On the way to an encoder, brightness and colours may stay apart.
    develop(source, &[Format::Jpeg]);
});

/// Decode by rows, all of which must come.
fn rows(decoder: &Decoder) -> Result<(), Error> {
    let row_bytes = decoder.width() as usize * decoder.pixel().bytes();
    let mut rows = 0;
    let result = decoder.rows(&mut |band| {
        assert_eq!(band.first_row as usize, rows);
        assert!(band.samples.len().is_multiple_of(row_bytes) && !band.samples.is_empty());
        rows += band.samples.len() / row_bytes;
        ControlFlow::Continue(())
    });
    if result.is_ok() {
        assert_eq!(rows, decoder.height() as usize);
    }
    result
}

//! Broken JPEGs: real files with bytes changed, cut out and doubled go through every scale. Whatever
//! comes out, nothing may panic or overflow, and what is handed on has the size that the header says.

use std::ops::ControlFlow;

use transformer::jpeg::{Decoder, Header, Scale, memory_bytes};
use transformer::options::Truncated;

/// Small files of each kind, made for this test with `cjpeg` from a picture of 40x24 pixels.
const SEEDS: [&[u8]; 4] = [
    include_bytes!("jpeg_seeds/baseline_420.jpg"),
    include_bytes!("jpeg_seeds/progressive_420.jpg"),
    include_bytes!("jpeg_seeds/restarts_422.jpg"),
    include_bytes!("jpeg_seeds/separate_scans.jpg"),
];
/// Mutants of each seed. All of them take a few seconds.
const MUTANTS: u32 = 1_000;
/// Pixels beyond which a mutant's claim is not followed: the caller's limits come before a decoder.
const PIXELS_MAX: u64 = 1 << 20;

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

fn mutant(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len());
        let until = bytes.len().min(at + random.below(24));
        match random.below(7) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.below(256) as u8,
            2 => bytes[at] = 0xFF,
            3 => bytes.truncate(at.max(4)),
            4 => drop(bytes.drain(at..until)),
            5 => {
                let part = bytes[at..until].to_vec();
                bytes.splice(at..at, part);
            }
            _ => bytes[at..until].fill(0),
        }
        if bytes.len() < 4 {
            break;
        }
    }
    bytes
}

/// Decode at one scale; whether that went well.
fn decode(source: &[u8], header: &Header, scale: Scale, truncated: Truncated) -> bool {
    let decoder = Decoder::new(source, header, scale).truncated(truncated);
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
    result.is_ok()
}

#[test]
fn no_mutant_panics() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut read, mut decoded, mut refused) = (0, 0, 0);
    for seed in SEEDS {
        for _ in 0..MUTANTS {
            let source = mutant(seed, &mut random);
            let Ok(header) = Header::read(&source) else {
                continue;
            };
            let pixels = u64::from(header.width()) * u64::from(header.height());
            if pixels > PIXELS_MAX {
                continue;
            }
            read += 1;
            for scale in Scale::ALL {
                // Per pixel: four components of two-byte coefficients, masks, planes of whole MCUs.
                let around = u64::from(header.width() + header.height() + 64) * 128;
                let most = (pixels + around) * 32;
                assert!(memory_bytes(&header, scale) < (1 << 20) + most);
                let rendered = decode(&source, &header, scale, Truncated::Render);
                let whole = decode(&source, &header, scale, Truncated::Refuse);
                assert!(rendered || !whole, "refused what is whole");
                let shrunk = Decoder::new(&source, &header, scale).shrunk(7, 5);
                assert_eq!(shrunk.is_ok(), rendered);
                decoded += u32::from(rendered);
                refused += u32::from(rendered && !whole);
            }
        }
    }
    println!("{read} headers, {decoded} pictures, {refused} of them not whole");
    assert!(read > 1_000 && decoded > 4_000 && refused > 1_000);
}

#[test]
fn seeds_are_whole_and_every_shorter_one_is_rendered_or_refused() {
    for seed in SEEDS {
        let header = Header::read(seed).unwrap();
        for scale in Scale::ALL {
            assert!(decode(seed, &header, scale, Truncated::Refuse));
        }
        for length in 0..seed.len() {
            let short = &seed[..length];
            if let Ok(header) = Header::read(short) {
                decode(short, &header, Scale::Full, Truncated::Render);
                decode(short, &header, Scale::Eighth, Truncated::Render);
            }
        }
        // Half the file has the header and some data, but not all.
        let half = &seed[..seed.len() * 3 / 4];
        let header = Header::read(half).unwrap();
        assert!(decode(half, &header, Scale::Full, Truncated::Render));
        assert!(!decode(half, &header, Scale::Full, Truncated::Refuse));
    }
}

#[test]
fn a_sink_that_has_enough_gets_no_more() {
    let header = Header::read(SEEDS[0]).unwrap();
    let mut bands = 0;
    let result = Decoder::new(SEEDS[0], &header, Scale::Full).rows(&mut |_| {
        bands += 1;
        ControlFlow::Break(())
    });
    assert_eq!((result, bands), (Ok(()), 1));
}

//! Strips of a fax (ITU-T T.4 and T.6) to rows of bits, 1 for black ink.

/// Which of the two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Three,
    Four,
}

/// Rows of `width` pixels into `out`. What is missing at the end stays white.
pub(super) fn decode(data: impl Iterator<Item = u8>, group: Group, width: u32, out: &mut [u8]) {
    let row_bytes = (width as usize).div_ceil(8).max(1);
    let rows = (out.len() / row_bytes) as u32;
    let mut lines = out.chunks_exact_mut(row_bytes);
    let mut line = |changes: &[u32]| {
        if let Some(line) = lines.next() {
            draw(changes, width, line);
        }
    };
    if group == Group::Four {
        let _ = fax::decoder::decode_g4(data, width, Some(rows), &mut line);
    } else {
        let _ = fax::decoder::decode_g3(data, &mut line);
    }
}

/// Set the bits between every other change of colour; the first run is white.
fn draw(changes: &[u32], width: u32, line: &mut [u8]) {
    for run in changes.chunks(2) {
        let &[start, ..] = run else { continue };
        let end = run.get(1).copied().unwrap_or(width).min(width);
        for at in start.min(width)..end {
            line[at as usize / 8] |= 0x80 >> (at % 8);
        }
    }
}

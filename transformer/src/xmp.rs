//! The orientation out of an XMP packet (ISO 16684-1): the text of one property, wherever it stands. The packet
//! is not parsed: a property is written as an attribute or as an element, and nothing else is looked for.

/// How the property is written.
const NAME: &[u8] = b"tiff:Orientation";

/// The orientation, 1 to 8, that `packet` gives.
pub(crate) fn orientation(packet: &[u8]) -> Option<u8> {
    let at = packet
        .windows(NAME.len())
        .position(|window| window == NAME)?;
    // `="3"`, `='3'`, `>3<`, with white space between.
    let rest = &packet[at + NAME.len()..];
    let mut rest = rest
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace());
    let value = match rest.next()? {
        b'=' if matches!(rest.next()?, b'"' | b'\'') => rest.next()?,
        b'>' => rest.next()?,
        _ => return None,
    };
    let ends = matches!(rest.next(), Some(b'"' | b'\'' | b'<'));
    (ends && matches!(value, b'1'..=b'8')).then(|| value - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing() {
        let attribute = br#"<rdf:Description rdf:about="" tiff:Orientation="3"/>"#;
        let element = b"<tiff:Orientation>\n 8 </tiff:Orientation>";
        assert_eq!(orientation(attribute), Some(3));
        assert_eq!(orientation(element), Some(8));
    }

    #[test]
    fn anything_else_is_none() {
        let packets: [&[u8]; 6] = [
            b"",
            b"tiff:Orientation",
            b"tiff:Orientation=\"9\"",
            b"tiff:Orientation=\"12\"",
            b"tiff:Orientation=3",
            b"</tiff:Orientation>",
        ];
        for packet in packets {
            assert_eq!(orientation(packet), None);
        }
    }
}

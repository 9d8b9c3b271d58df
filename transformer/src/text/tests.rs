//! What is shaped, in which order, and how large it is; how it looks is tested where it is drawn.

use super::*;

const EM_PIXELS: f32 = 100.0;

fn inscribed(text: &str) -> Inscription {
    inscribe(text, EM_PIXELS, u32::MAX).unwrap_or_else(|| panic!("{text:?} shows nothing"))
}

fn ids(text: &str) -> Vec<u32> {
    inscribed(text)
        .glyphs
        .iter()
        .map(|placed| placed.glyph.to_u32())
        .collect()
}

#[test]
fn every_face_is_there_and_the_large_scripts_have_shapes() {
    assert_eq!(faces().len(), fonts::FILES_COUNT);
    for text in ["Hamburg", "Ελλάδα", "Москва", "Հայ", "ქართ", "שלום", "سلام"]
    {
        assert!(!ids(text).contains(&0), "{text}");
    }
}

#[test]
fn letters_are_as_large_as_their_font() {
    // A capital of DejaVu Sans is 0.729 em high.
    assert_eq!(inscribed("H").ink.height, 73);
    let twice = inscribe("H", 2.0 * EM_PIXELS, u32::MAX).unwrap();
    assert_eq!(twice.ink.height, 146);
}

#[test]
fn letters_are_shaped_together() {
    let width = |text: &str| inscribed(text).ink.width;
    assert!(width("AV") < width("AA") - 5, "kerning");
    let (alone, joined) = (ids("ب"), ids("ببب"));
    assert_eq!(joined.len(), 3);
    assert!(
        joined.iter().all(|id| *id != alone[0]),
        "{joined:?} {alone:?}"
    );
    assert_eq!(ids("e\u{301}"), ids("é"), "composed and decomposed");
}

#[test]
fn each_direction_is_read_its_own_way() {
    let (alef, bet) = (ids("א")[0], ids("ב")[0]);
    assert_eq!(ids("אב"), [bet, alef]);
    let mixed = ids("aאבc");
    assert_eq!(mixed, [ids("a")[0], bet, alef, ids("c")[0]]);
    // The second line of a paragraph from right to left begins at its right.
    let lines = inscribed("אבאבאב\nא");
    let last = lines.glyphs.last().unwrap();
    assert!(last.left > lines.ink.width as f32 / 2.0, "{lines:?}");
}

#[test]
fn lines_stand_under_each_other() {
    let one = inscribed("one");
    let two = inscribed("one\r\ntwo\rsix");
    assert!(two.ink.height > one.ink.height + 200, "{:?}", two.ink);
    let narrow = inscribe("one two six", EM_PIXELS, 1).unwrap();
    assert_eq!(narrow.ink.height, two.ink.height);
}

#[test]
fn what_has_no_shape_is_a_box_or_nothing() {
    assert_eq!(ids("\u{10ffff}"), [0]);
    assert_eq!(ids("a\u{0}b\tc").len(), 3);
    for nothing in ["", " ", "\n\n", "\u{200b}\u{feff}", "\t\u{7f}"] {
        assert_eq!(inscribe(nothing, EM_PIXELS, 100), None, "{nothing:?}");
    }
}

#[test]
fn absurd_texts_end() {
    let absurd = [
        "\u{202e}\u{202b}\u{2067}x\u{0301}\u{0301}".repeat(250),
        "ﷺ".repeat(1000),
        "\u{0e4d}\u{0301}\u{fe0f}\u{200d}".repeat(400),
        "\n".repeat(4000) + "x",
        "क्ष\u{94d}".repeat(400),
    ];
    for text in absurd {
        for width in [0, 1, 1000, u32::MAX] {
            let _either = inscribe(&text, 16_666.7, width);
        }
    }
}

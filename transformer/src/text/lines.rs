//! Where a text is broken into lines: where Unicode's rules (UAX 14) allow it, as late as the width does.
//! A word that is wider than a line stands on a line of its own and is not broken.

use std::ops::Range;

use unicode_linebreak::{BreakOpportunity, linebreaks};

/// The lines of `text`, without the spaces at their ends. `measure` tells how wide a part is.
pub(super) fn lines(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut used) = (0, 0, 0.0);
    for (next, opportunity) in linebreaks(text) {
        let piece = &text[end..next];
        if start < end && used + measure(piece.trim_end()) > width {
            lines.push(trimmed(text, start..end));
            (start, used) = (end, 0.0);
        }
        used += measure(piece);
        end = next;
        if opportunity == BreakOpportunity::Mandatory {
            lines.push(trimmed(text, start..end));
            (start, used) = (end, 0.0);
        }
    }
    lines
}

fn trimmed(text: &str, line: Range<usize>) -> Range<usize> {
    line.start..line.start + text[line].trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character is one wide.
    fn broken(text: &str, width: f32) -> Vec<&str> {
        let measure = |part: &str| part.chars().count() as f32;
        let lines = lines(text, width, measure).into_iter();
        lines.map(|line| &text[line]).collect()
    }

    #[test]
    fn words_stay_whole_and_lines_are_as_full_as_they_can_be() {
        assert_eq!(broken("one two three", 7.0), ["one two", "three"]);
        assert_eq!(broken("one two three", 6.9), ["one", "two", "three"]);
        assert_eq!(broken("one two three", 100.0), ["one two three"]);
        assert_eq!(
            broken("unbreakable it is", 4.0),
            ["unbreakable", "it", "is"]
        );
        assert_eq!(broken("", 4.0), [""; 0]);
    }

    #[test]
    fn line_ends_and_scripts_without_spaces() {
        assert_eq!(broken("a\n\nb \n", 9.0), ["a", "", "b"]);
        assert_eq!(broken("well-known", 6.0), ["well-", "known"]);
        assert_eq!(broken("日本語", 2.0), ["日本", "語"]);
        assert_eq!(broken("no\u{a0}break", 3.0), ["no\u{a0}break"]);
    }
}

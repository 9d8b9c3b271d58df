//! What an element refers to: by a link, by its attributes, by its `style`, or by rules of the style sheet
//! that are written for it. Read as `usvg` reads it, or further: a reference too many is only counted.

use resvg::usvg::roxmltree::{Document, Node};

/// How often a reference is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Often {
    Once,
    /// By each element below, which inherits it.
    PerElement,
    /// By each corner of each path below.
    PerVertex,
}

/// An identifier that is referred to.
pub(super) type Reference<'a> = (Often, &'a str);

/// The rules of all style sheets that refer to something.
pub(super) struct Rules<'a> {
    rules: Vec<(&'a str, Vec<Reference<'a>>)>,
    /// All rules, whatever they say.
    pub count: usize,
}

impl<'a> Rules<'a> {
    pub(super) fn of(document: &'a Document<'_>) -> Self {
        let sheets = document
            .descendants()
            .filter(|node| node.is_element() && node.tag_name().name() == "style");
        let texts = sheets
            .flat_map(|sheet| sheet.descendants())
            .filter_map(|node| node.text().filter(|_| node.is_text()));
        let (mut rules, mut count) = (Vec::new(), 0);
        for rule in texts.flat_map(|text| text.split('}')) {
            count += 1;
            let (selector, body) = rule.split_once('{').unwrap_or(("*", rule));
            let references = declared(body);
            if !references.is_empty() {
                // A block within a block is of something that is not known here.
                let selector = if body.contains('{') { "*" } else { selector };
                rules.push((selector, references));
            }
        }
        Self { rules, count }
    }

    /// What the rules say of `node`.
    fn references(&self, node: Node<'_, '_>) -> impl Iterator<Item = Reference<'a>> {
        self.rules
            .iter()
            .filter(move |(selector, _)| may_match(selector, node))
            .flat_map(|(_, references)| references.iter().copied())
    }
}

/// All that `node` refers to.
pub(super) fn of<'a>(node: Node<'a, '_>, rules: &Rules<'a>) -> Vec<Reference<'a>> {
    let mut found = Vec::new();
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        match name {
            "href" => {
                let link = value.trim_start().strip_prefix('#');
                let link = link.and_then(|link| link.split(' ').next());
                found.extend(link.map(|link| (Often::Once, link)));
            }
            "style" => found.extend(declared(value)),
            _ => found.extend(urls(value).map(|(_, id)| (often(name), id))),
        }
    }
    found.extend(rules.references(node));
    found
}

/// References of declarations: names, colons and values, with semicolons between.
fn declared(text: &str) -> Vec<Reference<'_>> {
    let references = urls(text).map(|(at, id)| {
        let before = &text[..at];
        let start = before.rfind([';', '{']).map_or(0, |start| start + 1);
        let name = before[start..].split(':').next().unwrap_or_default();
        (often(name.trim()), id)
    });
    references.collect()
}

fn often(name: &str) -> Often {
    match name {
        "filter" | "mask" | "clip-path" => Often::Once,
        name if name.contains("marker") => Often::PerVertex,
        _ => Often::PerElement,
    }
}

/// Every `url(#…)` in `text`: where it begins, and its identifier.
fn urls(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("url(").filter_map(|(at, start)| {
        let rest = text[at + start.len()..].trim_start();
        let quote = rest
            .chars()
            .next()
            .filter(|start| matches!(start, '"' | '\''));
        let rest = match quote {
            Some(quote) => rest.strip_prefix(quote)?.trim_start(),
            None => rest,
        };
        let rest = rest.strip_prefix('#')?;
        let id = match quote {
            Some(quote) => rest.split(quote).next()?.trim_end(),
            None => rest.split([' ', ')']).next()?,
        };
        Some((at, id))
    })
}

/// Whether the selectors, with commas between, may mean `node`. Only what stands last in each is looked at,
/// and what is not a plain name, class or identifier means everything.
fn may_match(selectors: &str, node: Node<'_, '_>) -> bool {
    let mut selectors = selectors.trim_start();
    while let Some((_, behind)) = selectors
        .strip_prefix("/*")
        .and_then(|it| it.split_once("*/"))
    {
        selectors = behind.trim_start();
    }
    selectors.split(',').any(|selector| {
        let is_between = |c: char| c.is_whitespace() || matches!(c, '>' | '+' | '~');
        let last = selector
            .trim()
            .rsplit(is_between)
            .next()
            .unwrap_or_default();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '#');
        if last.is_empty() || !last.chars().all(is_plain) {
            return true;
        }
        let names = last.match_indices(['.', '#']).map(|(at, _)| at);
        let ends: Vec<usize> = names.chain([last.len()]).collect();
        let tag = &last[..ends[0]];
        let parts = ends
            .windows(2)
            .map(|part| last[part[0]..part[1]].split_at(1));
        let has = |(kind, name): (&str, &str)| {
            if kind == "#" {
                node.attribute("id") == Some(name)
            } else {
                let classes = node.attribute("class").unwrap_or_default();
                classes.split_whitespace().any(|class| class == name)
            }
        };
        (tag.is_empty() || tag == node.tag_name().name()) && parts.into_iter().all(has)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_as_they_are_written() {
        let text = "url(#a) url( \n\t#b ) url('#c d') url(\" #e \") url(x#f) url(#g;h)";
        let ids: Vec<&str> = urls(text).map(|(_, id)| id).collect();
        assert_eq!(ids, ["a", "b", "c d", "e", "g;h"]);
    }

    #[test]
    fn how_often() {
        let all = declared("fill:url(#a);marker-mid : url(#b); filter:url(#c)");
        let expected = [
            (Often::PerElement, "a"),
            (Often::PerVertex, "b"),
            (Often::Once, "c"),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn selectors_mean_what_they_may() {
        let document = Document::parse("<rect id=\"r\" class=\"a b\"/>").unwrap();
        let node = document.root_element();
        for yes in [
            "rect",
            ".a",
            "#r",
            "rect.b",
            "g > .a",
            "x, .b",
            "*",
            "[q]",
            ".a:first-child",
            "",
            "/* .z */ .a",
            ".a /* , */ , .z",
        ] {
            assert!(may_match(yes, node), "{yes}");
        }
        for no in [
            "path",
            ".c",
            ".a.c",
            "#a",
            "path.a",
            "rect .z",
            "x, y",
            "/* .a */ .z",
        ] {
            assert!(!may_match(no, node), "{no}");
        }
    }
}

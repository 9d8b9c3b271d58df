//! How far a drawing unfolds: a reference stands for all that it refers to, so ten that refer to ten make a
//! hundred. Counted on the parsed text, each element once, before anything is unfolded.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::malformed;
use super::references::{self, Often, Rules};
use crate::error::Error;

/// Elements after all references are followed.
const ELEMENTS_MAX: u64 = 200_000;
/// Elements within each other, references followed: what the parser's recursion has room for.
const DEPTH_MAX: u32 = 100;
/// Characters of one text, whose cost grows with their square, and of all texts, references followed.
const TEXT_MAX: u64 = 10_000;
const CHARACTERS_MAX: u64 = 100_000;
/// Rules of style sheets that are held against elements: each against each.
const RULES_WORK_MAX: u64 = 50_000_000;

/// What stands below an element, itself counted.
#[derive(Clone, Copy)]
struct Extent {
    elements: u64,
    depth: u32,
    /// Places where a marker may stand.
    vertices: u64,
    /// Of texts.
    characters: u64,
}

impl Extent {
    const NONE: Self = Self {
        elements: 0,
        depth: 0,
        vertices: 0,
        characters: 0,
    };

    /// With `other` in it, so often.
    fn add(&mut self, other: Self, times: u64) {
        let grown = |own: u64, other: u64| own.saturating_add(other.saturating_mul(times));
        self.elements = grown(self.elements, other.elements);
        self.vertices = grown(self.vertices, other.vertices);
        self.characters = grown(self.characters, other.characters);
        self.depth = self.depth.max(other.depth);
    }
}

struct Walk<'a, 'input> {
    /// Of several with one identifier the first and the last: a link means the one, a property the other.
    by_id: HashMap<&'a str, (Node<'a, 'input>, Node<'a, 'input>)>,
    rules: Rules<'a>,
    /// `None` while an element is being counted: a reference to it leads round in a circle, and is left out
    /// when it is drawn.
    known: HashMap<NodeId, Option<Extent>>,
}

/// What a drawing comes to, all references followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unfolded {
    pub elements: u64,
    pub characters: u64,
}

/// Count. Refuse a drawing that unfolds too far or too deep.
pub(super) fn unfolded(document: &Document<'_>) -> Result<Unfolded, Error> {
    let mut by_id = HashMap::new();
    for node in document.descendants().filter(Node::is_element) {
        if let Some(id) = node.attribute("id") {
            by_id.entry(id).or_insert((node, node)).1 = node;
        }
    }
    let mut walk = Walk {
        by_id,
        rules: Rules::of(document),
        known: HashMap::new(),
    };
    let rules = walk.rules.count as u64;
    let written = document.descendants().count() as u64;
    if rules.saturating_mul(written) > RULES_WORK_MAX {
        return Err(malformed("too many rules of style for so many elements"));
    }
    let extent = walk.extent(document.root_element(), 0)?;
    if rules.saturating_mul(extent.elements) > RULES_WORK_MAX {
        return Err(malformed("too many rules of style for so many elements"));
    }
    Ok(Unfolded {
        elements: extent.elements.max(written),
        characters: extent.characters,
    })
}

impl<'a, 'input> Walk<'a, 'input> {
    fn extent(&mut self, node: Node<'a, 'input>, above: u32) -> Result<Extent, Error> {
        match self.known.get(&node.id()) {
            Some(Some(extent)) if above + extent.depth <= DEPTH_MAX => return Ok(*extent),
            Some(None) => return Ok(Extent::NONE),
            Some(Some(_)) => return Err(malformed("elements within elements too deep")),
            None => {}
        }
        if above >= DEPTH_MAX {
            return Err(malformed("elements within elements too deep"));
        }
        self.known.insert(node.id(), None);
        let mut extent = Extent {
            elements: 1,
            depth: 0,
            vertices: vertices(node),
            characters: characters(node),
        };
        let references = references::of(node, &self.rules);
        let children: Vec<_> = node.children().filter(Node::is_element).collect();
        let linked = self.found(&references, |often| often == Often::Once);
        for below in children.into_iter().chain(linked) {
            let below = self.extent(below, above + 1)?;
            extent.add(below, 1);
        }
        // What is inherited stands for each that inherits it.
        let (elements, vertices) = (extent.elements, extent.vertices);
        for (often, times) in [(Often::PerElement, elements), (Often::PerVertex, vertices)] {
            for below in self.found(&references, |other| other == often) {
                let below = self.extent(below, above + 1)?;
                extent.add(below, times);
            }
        }
        if extent.elements > ELEMENTS_MAX {
            return Err(malformed("references unfold to too many elements"));
        }
        let is_text = node.tag_name().name() == "text";
        if extent.characters > if is_text { TEXT_MAX } else { CHARACTERS_MAX } {
            return Err(malformed("too many characters"));
        }
        extent.depth += 1;
        self.known.insert(node.id(), Some(extent));
        Ok(extent)
    }

    /// The elements that are referred to as `wanted`.
    fn found(
        &self,
        references: &[references::Reference<'a>],
        wanted: impl Fn(Often) -> bool,
    ) -> Vec<Node<'a, 'input>> {
        let wanted = references.iter().filter(|(often, _)| wanted(*often));
        let found = wanted.filter_map(|(_, id)| self.by_id.get(id).copied());
        found
            .flat_map(|(first, last)| {
                let other = (last != first).then_some(last);
                [Some(first), other].into_iter().flatten()
            })
            .collect()
    }
}

/// Corners that its path may have: none is written in fewer than two bytes.
fn vertices(node: Node<'_, '_>) -> u64 {
    let bytes = |name| {
        node.attribute(name)
            .map_or(0, |text: &str| text.len() as u64)
    };
    1 + bytes("d").max(bytes("points")) / 2
}

/// Characters that stand directly in an element that may be of a text.
fn characters(node: Node<'_, '_>) -> u64 {
    if !matches!(
        node.tag_name().name(),
        "text" | "tspan" | "tref" | "textPath" | "a"
    ) {
        return 0;
    }
    let texts = node.children().filter(Node::is_text);
    let lengths = texts.map(|text| text.text().map_or(0, |text| text.chars().count() as u64));
    lengths.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(body: &str) -> Result<(), Error> {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{body}</svg>");
        unfolded(&Document::parse(&text).unwrap()).map(drop)
    }

    /// Groups of `fan` references each, `levels` one on the other.
    fn fan(fan: usize, levels: usize) -> String {
        let group = |level: usize| {
            let below = format!("<use href=\"#g{}\"/>", level.wrapping_sub(1)).repeat(fan);
            format!("<g id=\"g{level}\">{below}</g>")
        };
        (0..levels).map(group).collect()
    }

    #[test]
    fn unfolding_obeyed() {
        assert_eq!(checked(&fan(10, 4)), Ok(()));
        assert_eq!(checked("<g id=\"a\"><use href=\"#a\"/></g>"), Ok(()));
    }

    #[test]
    fn unfolding_violated() {
        assert!(checked(&fan(10, 8)).is_err());
        let pattern = |level: usize| {
            let below = format!("<rect fill=\"url(#p{})\"/>", level + 1).repeat(20);
            format!("<pattern id=\"p{level}\">{below}</pattern>")
        };
        assert!(checked(&(0..6).map(pattern).collect::<String>()).is_err());
    }

    #[test]
    fn rules_of_style_refer_too() {
        let sheet = |fill: &str| {
            let pattern = |level: usize| {
                let below = format!("<rect class=\"c{level}\"/>").repeat(20);
                format!("<pattern id=\"p{level}\">{below}</pattern>")
            };
            let rule = |level: usize| {
                format!(
                    ".c{level} {{ {} }}",
                    fill.replace('#', &format!("#p{}", level + 1))
                )
            };
            let (rules, patterns) = ((0..6).map(rule), (0..6).map(pattern));
            let (rules, patterns): (String, String) = (rules.collect(), patterns.collect());
            format!("<style>{rules}</style>{patterns}")
        };
        assert!(checked(&sheet("fill: url(#)")).is_err());
        assert!(checked(&sheet("fill: url(\n\t'#')")).is_err());
        assert_eq!(checked(&sheet("fill: #")), Ok(()));
        let many = format!(
            "<style>{}</style>{}",
            ".a{}".repeat(10_000),
            "<g/>".repeat(10_000)
        );
        assert!(checked(&many).is_err());
    }

    #[test]
    fn what_is_inherited_counts_for_each() {
        let pattern = format!("<pattern id=\"p\">{}</pattern>", "<rect/>".repeat(500));
        let group =
            |attribute: &str| format!("{pattern}<g {attribute}>{}</g>", "<rect/>".repeat(500));
        assert_eq!(checked(&group("filter=\"url(#p)\"")), Ok(()));
        assert!(checked(&group("fill=\"url(#p)\"")).is_err());
        assert!(checked(&group("style=\"x:y;stroke:url(#p)\"")).is_err());
        let marked = |corners: usize| {
            let path = format!(
                "<path d=\"M0 0{}\" marker-mid=\"url(#p)\"/>",
                "h1".repeat(corners)
            );
            checked(&format!("{pattern}{path}"))
        };
        assert_eq!(marked(100), Ok(()));
        assert!(marked(1000).is_err());
    }

    #[test]
    fn characters_obeyed_and_violated() {
        let text = |length: usize| format!("<text>{}</text>", "a".repeat(length));
        assert_eq!(checked(&text(10_000)), Ok(()));
        assert!(checked(&text(10_001)).is_err());
        assert_eq!(checked(&text(1000).repeat(100)), Ok(()));
        assert!(checked(&text(1000).repeat(101)).is_err());
        let used = format!(
            "<g id=\"t\">{}</g>{}",
            text(1000),
            "<use href=\"#t\"/>".repeat(100)
        );
        assert!(checked(&used).is_err());
    }

    #[test]
    fn depth_obeyed_and_violated() {
        let nested = |depth: usize| format!("{}{}", "<g>".repeat(depth), "</g>".repeat(depth));
        assert_eq!(checked(&nested(90)), Ok(()));
        assert!(checked(&nested(110)).is_err());
    }
}

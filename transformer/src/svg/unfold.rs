//! How far a drawing unfolds: a reference stands for all that it refers to, so ten that refer to ten make a
//! hundred. Counted on the parsed text, each element once, before anything is unfolded.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::malformed;
use crate::error::Error;

/// Elements after all references are followed.
const ELEMENTS_MAX: u64 = 200_000;
/// Elements within each other, references followed: what the parser's recursion has room for.
const DEPTH_MAX: u32 = 100;

/// What stands below an element, itself counted.
#[derive(Clone, Copy)]
struct Extent {
    elements: u64,
    depth: u32,
}

struct Walk<'a, 'input> {
    by_id: HashMap<&'a str, Node<'a, 'input>>,
    /// `None` while an element is being counted: a reference to it leads round in a circle, and is left out
    /// when it is drawn.
    known: HashMap<NodeId, Option<Extent>>,
}

/// Refuse a drawing that unfolds too far or too deep.
pub(super) fn check(document: &Document<'_>) -> Result<(), Error> {
    let elements = document.descendants().filter(Node::is_element);
    let by_id = elements.filter_map(|node| Some((node.attribute("id")?, node)));
    let mut walk = Walk {
        by_id: by_id.collect(),
        known: HashMap::new(),
    };
    walk.extent(document.root_element(), 0).map(drop)
}

impl<'a, 'input> Walk<'a, 'input> {
    fn extent(&mut self, node: Node<'a, 'input>, above: u32) -> Result<Extent, Error> {
        const NONE: Extent = Extent {
            elements: 0,
            depth: 0,
        };
        match self.known.get(&node.id()) {
            Some(Some(extent)) if above + extent.depth <= DEPTH_MAX => return Ok(*extent),
            Some(None) => return Ok(NONE),
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
        };
        let children: Vec<_> = node.children().filter(Node::is_element).collect();
        for below in children.into_iter().chain(self.references(node)) {
            let below = self.extent(below, above + 1)?;
            extent.elements = extent.elements.saturating_add(below.elements);
            extent.depth = extent.depth.max(below.depth);
        }
        if extent.elements > ELEMENTS_MAX {
            return Err(malformed("references unfold to too many elements"));
        }
        extent.depth += 1;
        self.known.insert(node.id(), Some(extent));
        Ok(extent)
    }

    /// The elements that its attributes refer to.
    fn references(&self, node: Node<'a, 'input>) -> Vec<Node<'a, 'input>> {
        let mut found = Vec::new();
        for attribute in node.attributes() {
            let value = attribute.value();
            if attribute.name() == "href" {
                found.extend(value.trim().strip_prefix('#'));
            }
            for url in value.split("url(").skip(1) {
                let id = url.trim_start_matches([' ', '"', '\'']).strip_prefix('#');
                found.extend(id.and_then(|id| id.split([')', ' ', '"', '\'']).next()));
            }
        }
        found
            .iter()
            .filter_map(|id| self.by_id.get(id).copied())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(body: &str) -> Result<(), Error> {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{body}</svg>");
        check(&Document::parse(&text).unwrap())
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
    fn depth_obeyed_and_violated() {
        let nested = |depth: usize| format!("{}{}", "<g>".repeat(depth), "</g>".repeat(depth));
        assert_eq!(checked(&nested(90)), Ok(()));
        assert!(checked(&nested(110)).is_err());
    }
}

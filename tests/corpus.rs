//! The shared corpus, where a checkout has it beside it: every file goes through the server, and each
//! gets the answer that its manifest expects. Never a 5xx, never a crash.

use tests::corpus::manifest;
use tests::signing::escape;
use tests::{Edge, corpus, eyes};

fn edge() -> Option<Edge> {
    // How long a large file takes here says nothing.
    let edge = Edge::mounting(&corpus()?).set("request-timeout", "10m");
    Some(edge.start())
}

#[test]
fn every_file_gets_the_answer_that_the_manifest_expects() {
    let (Some(corpus), Some(mut edge)) = (corpus(), edge()) else {
        return;
    };
    let mut wrong = Vec::new();
    for line in manifest(&corpus) {
        let file = escape(line.file.as_bytes());
        let answer = edge.get(&format!("/resize?width=200&type=jpeg&file={file}"));
        let is_right = || {
            eyes::media_type(&answer.body) == "image/jpeg"
                && (1..=200).contains(&eyes::size(&answer.body).0)
        };
        if !line.allows(answer.status, is_right) {
            let said = if answer.status == 200 {
                String::new()
            } else {
                answer.text()
            };
            wrong.push(format!("{line:?}: {} {said}", answer.status));
        }
    }
    assert!(edge.is_alive());
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(edge.count("/sandbox/traps"), 0);
}

/// Tiny files with huge claims do not make the process large.
#[test]
fn bombs_cost_no_memory() {
    let (Some(corpus), Some(edge)) = (corpus(), edge()) else {
        return;
    };
    edge.get("/resize?width=200&file=photos/photo_0_5mp.jpg")
        .picture();
    let before = edge.peak_memory_bytes();
    for line in manifest(&corpus)
        .iter()
        .filter(|line| line.file.starts_with("bombs/"))
    {
        let answer = edge.get(&format!("/resize?width=200&type=jpeg&file={}", line.file));
        assert!(answer.status < 500, "{}: {}", line.file, answer.status);
    }
    let grown = edge.peak_memory_bytes().saturating_sub(before);
    assert!(grown < 300 << 20, "{} MB more", grown >> 20);
}

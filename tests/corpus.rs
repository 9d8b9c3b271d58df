//! The shared corpus, where a checkout has it beside it: every file goes through the server, and each
//! gets the answer that its manifest expects. Never a 5xx, never a crash.

use tests::signing::escape;
use tests::{Edge, corpus, eyes};

/// Formats that are read.
const READ: [&str; 12] = [
    "jpg", "jpeg", "png", "webp", "gif", "apng", "avif", "tif", "tiff", "bmp", "svg", "svgz",
];
/// Of the formats above, what the manifest expects to work and ours does not read yet.
const NOT_YET: [&str; 0] = [];

struct Line {
    file: String,
    pixels: String,
    expect: String,
}

fn manifest() -> Vec<Line> {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: no corpus beside this checkout");
        return Vec::new();
    };
    let text = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| names.iter().position(|other| *other == name).unwrap();
    let (file, pixels, expect) = (column("file"), column("pixels"), column("expect"));
    lines
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|cells| Line {
            file: cells[file].into(),
            pixels: cells[pixels].into(),
            expect: cells[expect].into(),
        })
        .collect()
}

fn edge() -> Option<Edge> {
    Some(Edge::mounting(&corpus()?).start())
}

/// What is wrong with the answer to a file that the manifest expects to work.
fn judge(line: &Line, status: u16, body: &[u8]) -> Option<String> {
    let extension = line.file.rsplit('.').next().unwrap().to_ascii_lowercase();
    let must_work = READ.contains(&extension.as_str()) && !NOT_YET.contains(&line.file.as_str());
    let works = status == 200 && eyes::media_type(body) == "image/jpeg";
    let fine = match line.expect.as_str() {
        "ok" if must_work => works && eyes::size(body).0 <= 200,
        "413/422 fast, bounded RSS" if must_work => matches!(status, 413 | 422),
        "4xx" | "413/422 fast, bounded RSS" => (400..500).contains(&status),
        _ => works || (400..500).contains(&status),
    };
    (!fine).then(|| {
        format!(
            "{} ({}, expect {}): {status}",
            line.file, line.pixels, line.expect
        )
    })
}

#[test]
fn every_file_gets_the_answer_that_the_manifest_expects() {
    let Some(mut edge) = edge() else { return };
    let wrong: Vec<String> = manifest()
        .iter()
        .filter_map(|line| {
            let answer = edge.get(&format!(
                "/resize?width=200&type=jpeg&file={}",
                escape(line.file.as_bytes())
            ));
            let wrong = judge(line, answer.status, &answer.body)?;
            Some(if answer.status == 200 {
                wrong
            } else {
                format!("{wrong} {}", answer.text())
            })
        })
        .collect();
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
    let Some(edge) = edge() else { return };
    edge.get("/resize?width=200&file=photos/photo_0_5mp.jpg")
        .picture();
    let before = edge.peak_memory_bytes();
    for line in manifest()
        .iter()
        .filter(|line| line.file.starts_with("bombs/"))
    {
        let answer = edge.get(&format!("/resize?width=200&type=jpeg&file={}", line.file));
        assert!(answer.status < 500, "{}: {}", line.file, answer.status);
    }
    let grown = edge.peak_memory_bytes().saturating_sub(before);
    assert!(grown < 300 << 20, "{} MB more", grown >> 20);
}

//! Every JPEG of the corpus beside the checkout.
#![expect(
    clippy::unwrap_used,
    reason = "in a test, what fails here fails the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use transformer::jpeg::Scale;

use super::compare::{difference, failure};

fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    corpus.is_dir().then_some(corpus)
}

/// Every file of the corpus that is named as a JPEG.
fn corpus_jpegs(corpus: &Path) -> Vec<PathBuf> {
    let mut folders = vec![corpus.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jpg") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn corpus_agrees_with_djpeg() {
    let Some(corpus) = corpus() else {
        eprintln!("SKIPPED: no corpus beside the checkout");
        return;
    };
    let mut compared = 0;
    let mut failures: Vec<String> = Vec::new();
    for file in corpus_jpegs(&corpus) {
        let name = file.strip_prefix(&corpus).unwrap().display().to_string();
        if name.starts_with("bombs") {
            continue;
        }
        // Where a file is damaged, reduced scales show different garbage.
        let damaged = name.starts_with("corrupt");
        let source = fs::read(&file).unwrap();
        let scales = if damaged {
            &Scale::ALL[..1]
        } else {
            &Scale::ALL
        };
        for &scale in scales {
            let Some(difference) = difference(&name, &source, scale) else {
                continue;
            };
            compared += 1;
            println!(
                "{name} {scale:?}: max {} mean {:.3}",
                difference.max, difference.mean
            );
            failures.extend(failure(&name, scale, &difference));
        }
    }
    assert_eq!(failures, [""; 0]);
    assert!(compared > 100, "only {compared} comparisons");
}

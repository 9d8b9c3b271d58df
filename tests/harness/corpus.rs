//! The shared test images, where a checkout has them beside it, and `MANIFEST.tsv`, which says what is expected of
//! each: one line for each file, cells between tabs, the first line their names.

use std::path::{Path, PathBuf};

use crate::skip;

/// Where they are. Nowhere is a reason to skip a test.
pub fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let is_there = path.join("MANIFEST.tsv").is_file();
    if !is_there {
        skip("no corpus beside this checkout");
    }
    is_there.then(|| path.canonicalize().unwrap())
}

/// One file, and what is expected of it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its path in the corpus.
    pub file: String,
    /// Width and height of the stored raster, where they are known: `640x427`.
    pub pixels: String,
    /// In the words of the corpus' README, "What `expect` means".
    pub expect: String,
}

impl Line {
    /// Whether the file is what another should look like, and no input.
    pub fn is_reference(&self) -> bool {
        self.file.ends_with(".expected.png") || self.file.ends_with("_expected.png")
    }

    /// Whether an answer of this status is one that is expected; `is_right` says of a 200 whether it is what was asked for.
    pub fn allows(&self, status: u16, is_right: impl FnOnce() -> bool) -> bool {
        let refused = (400..500).contains(&status);
        let works = status == 200 && is_right();
        match self.expect.as_str() {
            "ok" => works,
            "ok-or-415" => works || status == 415,
            "4xx" => refused,
            "413/422 fast, bounded RSS" => matches!(status, 413 | 422),
            _ => refused || works,
        }
    }
}

/// All lines.
pub fn manifest(corpus: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| names.iter().position(|other| *other == name).unwrap();
    let (file, pixels, expect) = (column("file"), column("pixels"), column("expect"));
    let lines = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    lines
        .map(|cells| Line {
            file: cells[file].to_owned(),
            pixels: cells[pixels].to_owned(),
            expect: cells[expect].to_owned(),
        })
        .collect()
}

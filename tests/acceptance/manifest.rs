//! `MANIFEST.tsv`: one line for each file, cells between tabs, the first line their names.

use std::path::Path;

/// One file, and what is expected of it.
pub(crate) struct Line {
    pub(crate) file: String,
    /// Width and height of the stored raster, where they are known: `640x427`.
    pub(crate) pixels: String,
    pub(crate) expect: String,
}

impl Line {
    /// Whether the file is what another should look like, and no input.
    pub(crate) fn is_reference(&self) -> bool {
        self.file.ends_with(".expected.png") || self.file.ends_with("_expected.png")
    }
}

/// All lines.
pub(crate) fn read(corpus: &Path) -> Vec<Line> {
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

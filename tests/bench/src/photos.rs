//! The photos that are measured: those of the shared corpus, beside the checkout.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// One photo on disk.
pub struct Photo {
    /// As it stands in a table.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

const NAMES: [&str; 5] = [
    "photo_2mp",
    "photo_8mp",
    "photo_12mp_noise_q90",
    "photo_12mp_progressive_q85",
    "photo_50mp_mosaic_q85",
];

impl Photo {
    /// The folder, to be mounted.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The file's name, as `file=` takes it.
    pub fn file(&self) -> String {
        self.path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }
}

/// All of them; an error names where they are looked for.
pub fn all(workspace: &Path) -> Result<Vec<Photo>> {
    let folder = workspace.join("../shared/corpus/photos");
    ensure!(
        folder.is_dir(),
        "the benchmark needs the photos of ../shared/corpus beside the checkout"
    );
    let photo = |name: &&str| Photo {
        name: (*name).to_owned(),
        path: folder.join(format!("{name}.jpg")),
    };
    Ok(NAMES.iter().map(photo).collect())
}

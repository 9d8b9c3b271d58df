//! The work that is measured for one picture and one thread, each with the ratio of times that is aimed at.

use std::path::{Path, PathBuf};

use crate::peer::Work;
use crate::photos;

/// One piece of work.
pub struct Case {
    /// As it stands in a table.
    pub name: String,
    pub source: PathBuf,
    pub width: u32,
    /// "jpeg", "png", "webp" or "avif".
    pub format: &'static str,
    /// As asked of both; not for PNG.
    pub quality: u8,
    /// AVIF only.
    pub avif: Option<Avif>,
    /// Most of sharp's time that ours should take.
    pub aim: f64,
    pub runs: usize,
}

/// How much work an AVIF is worth: the usual of both, or their fastest.
#[derive(Clone, Copy)]
pub struct Avif {
    /// sharp's, 0 to 9.
    pub effort: u8,
    /// Ours, 1 to 10, where it is asked for.
    pub speed: Option<u8>,
}

const USUAL: Avif = Avif {
    effort: 4,
    speed: None,
};
const FASTEST: Avif = Avif {
    effort: 1,
    speed: Some(10),
};

/// Runs of which the median counts; AVIF takes too long for as many.
pub const RUNS: usize = 21;
pub const RUNS_AVIF: usize = 5;

/// Between which the quality of a file that scores as sharp's is looked for.
pub const QUALITIES: (u8, u8) = (20, 99);

/// All of them, in the order of the table.
pub fn all(workspace: &Path) -> anyhow::Result<Vec<Case>> {
    let photos = photos::all(workspace)?;
    let folder = workspace.join("../shared/corpus/photos");
    let case = |file: &str, width, (format, quality), aim| Case {
        name: file.split('.').next().unwrap_or(file).to_owned(),
        source: folder.join(file),
        width,
        format,
        quality,
        avif: None,
        aim,
        runs: RUNS,
    };
    let mut cases = Vec::new();
    for photo in &photos {
        let aim = if photo.name.contains("progressive") {
            0.7
        } else {
            0.8
        };
        cases.push(case(&photo.file(), 400, ("jpeg", 80), aim));
    }
    cases.push(case("photo_2mp.jpg", 1200, ("jpeg", 80), 1.0));
    for photo in &photos {
        cases.push(case(&photo.file(), 400, ("webp", 75), 0.8));
    }
    for file in ["kodak_23.png", "coffee.png"] {
        cases.push(case(file, 400, ("png", 80), 1.0));
    }
    for (avif, aim) in [(USUAL, 0.4), (FASTEST, 3.0)] {
        for file in ["photo_2mp.jpg", "photo_8mp.jpg"] {
            cases.push(Case {
                avif: Some(avif),
                runs: RUNS_AVIF,
                ..case(file, 400, ("avif", 50), aim)
            });
        }
    }
    Ok(cases)
}

impl Case {
    /// What is made, for the table.
    pub fn work(&self) -> String {
        let Self { width, quality, .. } = self;
        let format = self.format.to_uppercase();
        match self.avif {
            _ if self.format == "png" => format!("{width} px PNG"),
            None => format!("{width} px {format} q{quality}"),
            Some(Avif { effort, speed }) => {
                let ours = speed.map_or(String::new(), |speed| format!(" at speed {speed}"));
                format!("{width} px {format} q{quality}{ours}, sharp at effort {effort}")
            }
        }
    }

    /// Whether the score is of the file as decoded, since its format takes part in how it looks. JPEG at
    /// this quality would hide what shrinking on load does.
    pub fn is_scored_by_file(&self) -> bool {
        matches!(self.format, "webp" | "avif")
    }

    /// The same, asked of sharp, its file to go to `output`.
    pub fn asked_of_sharp<'a>(&'a self, output: &'a Path) -> Work<'a> {
        Work {
            source: &self.source,
            width: Some(self.width),
            format: self.format,
            quality: self.quality,
            effort: self.avif.map_or(0, |avif| avif.effort),
            output,
        }
    }

    /// Our URL for it, at a quality.
    pub fn target(&self, quality: u8) -> String {
        let Self { width, format, .. } = self;
        if *format == "png" {
            return format!("/resize?width={width}&type=png");
        }
        let speed = self.avif.and_then(|avif| avif.speed);
        let speed = speed.map_or(String::new(), |speed| format!("&speed={speed}"));
        format!("/resize?width={width}&quality={quality}&type={format}{speed}")
    }
}

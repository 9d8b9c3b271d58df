//! `make bench`: darkroom beside its peers in one run on one machine. Tables go to standard output and
//! into the README. Arguments name the tables wanted; none means all.

mod caches;
mod cases;
mod client;
mod cost;
mod edge;
mod hits;
mod load;
mod machine;
mod misses;
mod peer;
mod photos;
mod proxies;
mod readme;
mod rivals;
mod score;
mod server;
mod transforms;
mod wrk;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A table's name, and what makes it.
type Table = (&'static str, fn(&Places) -> Result<String>);

const TABLES: [Table; 8] = [
    ("transform", |places| transforms::table(&places.workspace)),
    ("hit", |places| {
        hits::table(&places.binary, &places.workspace.join("tests/pictures"))
    }),
    ("miss", |places| {
        misses::table(&places.binary, &places.workspace.join("tests/pictures"))
    }),
    ("edge", |places| {
        edge::table(&places.binary, &places.workspace.join("tests/pictures"))
    }),
    ("cache", |places| caches::beside_foyer(&places.workspace)),
    ("ratio", |places| caches::ratios(&places.workspace)),
    ("load", |places| {
        load::table(places, &photos::all(&places.workspace)?)
    }),
    ("cost", |places| {
        cost::table(&places.binary, &photos::all(&places.workspace)?)
    }),
];

/// Where things lie.
struct Places {
    workspace: PathBuf,
    /// The server to measure.
    binary: PathBuf,
    /// What `rivals.sh` installed.
    rivals: PathBuf,
}

fn main() -> Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("tests/bench has moved")?;
    let binary = std::env::var_os("DARKROOM_BINARY")
        .context("DARKROOM_BINARY names the server to measure")?;
    let rivals =
        std::env::var_os("RIVALS").context("RIVALS names the folder of the other servers")?;
    let places = Places {
        workspace: workspace.to_owned(),
        binary: binary.into(),
        rivals: rivals.into(),
    };
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    for (name, make) in TABLES {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            eprintln!("measuring: {name}");
            let table = {
                let made = make(&places).with_context(|| format!("the table {name:?}"))?;
                format!("{}\n\n{made}", machine::describe())
            };
            println!("{table}");
            readme::write(&workspace.join("README.md"), name, &table)?;
        }
    }
    Ok(())
}

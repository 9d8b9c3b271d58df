//! What a million answers cost: the CPU time that the whole server takes for one (user and system, every
//! thread, the kernel's share of it), and what that is at a node's price and at Lambda@Edge's.

use std::path::Path;

use anyhow::Result;

use crate::client::Client;
use crate::photos::Photo;
use crate::readme;
use crate::server::Server;

/// Dollars for an hour of one CPU: an assumption of the table, which says so.
const NODE_CPU_HOUR: f64 = 0.04;
/// Lambda@Edge: dollars for a request, and for a gigabyte-second. The README says where they are from.
const EDGE_REQUEST: f64 = 0.6e-6;
const EDGE_GB_SECOND: f64 = 0.000_050_01;
const MILLION: f64 = 1e6;

/// Widths from 360 on, one a request; enough of them that a hundredth of a second, which is what the
/// kernel counts in, is less than a hundredth of the sum.
const WIDTH_FIRST: u32 = 360;
const MISSES: u32 = 80;
const HITS: u32 = 40_000;
/// Before it is counted: threads, pages and the first compiled code.
const WARM_UP: u32 = 5;

/// One row a kind of answer.
pub fn table(binary: &Path, photos: &[Photo]) -> Result<String> {
    let cases = [
        ("2 MP to 400 px, JPEG", 0, "jpeg"),
        ("8 MP to 400 px, JPEG", 1, "jpeg"),
        ("12 MP (noisy) to 400 px, JPEG", 2, "jpeg"),
        ("2 MP to 400 px, WebP", 0, "webp"),
        ("2 MP to 400 px, AVIF", 0, "avif"),
    ];
    let mut rows = Vec::new();
    for (name, photo, format) in cases {
        let seconds = miss(binary, (&photos[photo], format))?;
        let edge = MILLION * (EDGE_REQUEST + seconds * EDGE_GB_SECOND);
        rows.push(row(name, seconds * 1e3, &format!("${edge:.2}")));
    }
    let seconds = hit(binary, &photos[0])?;
    rows.push(row("hits", seconds * 1e3, "–"));
    Ok(readme::table(
        &[
            "a million of",
            "CPU time each, measured",
            &format!("on a node at ${NODE_CPU_HOUR} a CPU hour"),
            "Lambda@Edge, 1 GB, for the same time",
        ],
        &rows,
    ))
}

fn row(name: &str, milliseconds: f64, edge: &str) -> Vec<String> {
    let hours = MILLION * milliseconds / 1e3 / 3600.0;
    let node = hours * NODE_CPU_HOUR;
    vec![
        name.to_owned(),
        format!("{milliseconds:.3} ms"),
        format!("${node:.3}"),
        edge.to_owned(),
    ]
}

/// CPU seconds of one rendition that has to be made.
fn miss(binary: &Path, (photo, format): (&Photo, &str)) -> Result<f64> {
    let server = Server::start(binary, photo.folder(), &["--allow-unsigned"])?;
    let mut client = Client::connect(server.address)?;
    let mut ask = |number: u32| {
        let (width, file) = (WIDTH_FIRST + number, photo.file());
        client.get(&format!(
            "/resize?width={width}&quality=80&type={}&file={file}",
            format
        ))
    };
    for number in 0..WARM_UP {
        ask(number)?;
    }
    let before = server.cpu_seconds()?;
    for number in WARM_UP..WARM_UP + MISSES {
        ask(number)?;
    }
    Ok((server.cpu_seconds()? - before) / f64::from(MISSES))
}

/// CPU seconds of one answer from memory.
fn hit(binary: &Path, photo: &Photo) -> Result<f64> {
    let server = Server::start(binary, photo.folder(), &["--allow-unsigned"])?;
    let mut client = Client::connect(server.address)?;
    let target = format!(
        "/resize?width={WIDTH_FIRST}&quality=80&file={}",
        photo.file()
    );
    for _ in 0..=WARM_UP {
        client.get(&target)?;
    }
    let before = server.cpu_seconds()?;
    for _ in 0..HITS {
        client.get(&target)?;
    }
    Ok((server.cpu_seconds()? - before) / f64::from(HITS))
}

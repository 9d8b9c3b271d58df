//! Misses through whole servers: four clients, every request another width, so that nothing is answered
//! twice from one computation. Requests per second and the most memory ever held, ours and theirs.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::client::Client;
use crate::photos::Photo;
use crate::rivals::{self, Rival};
use crate::server::Server;
use crate::{Places, readme};

const CLIENTS: usize = 4;
/// Widths from 360 on, one a request.
const WIDTH_FIRST: u32 = 360;
const REQUESTS: u32 = 80;
/// No new request is begun after this: a slow server is measured with fewer.
const TIME_MAX: Duration = Duration::from_secs(12);

/// A server's column.
struct Measured {
    rate: f64,
    peak_bytes: u64,
}

/// One row a photo.
pub fn table(places: &Places, photos: &[Photo]) -> Result<String> {
    let mut head = vec![
        "misses, 4 clients, 2 workers, 360 to 439 px JPEG q80".to_owned(),
        "darkroom".into(),
    ];
    head.extend(rivals::ALL.iter().map(|rival| rival.name.to_owned()));
    head.push("beside the best of them (aim 1.25)".into());
    let mut rows = Vec::new();
    let compiled = tempfile::tempdir()?;
    for photo in photos {
        eprintln!("  {}", photo.name);
        let ours = darkroom(places, photo, compiled.path())?;
        let theirs: Vec<_> = rivals::ALL
            .iter()
            .map(|rival| measure(rival, places, photo))
            .collect();
        let best = theirs
            .iter()
            .flatten()
            .flatten()
            .map(|measured| measured.rate)
            .fold(0.0, f64::max);
        let mut row = vec![photo.name.clone(), ours.cell()];
        row.extend(theirs.iter().map(|measured| match measured {
            Ok(Some(measured)) => measured.cell(),
            Ok(None) => "not installed".to_owned(),
            Err(error) => format!("failed: {error}"),
        }));
        row.push(if best > 0.0 {
            format!("**{:.2}**", ours.rate / best)
        } else {
            String::new()
        });
        rows.push(row);
    }
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let text = "Requests per second, and the most memory that the server's processes held; every request asks \
                for another width. oximg with `PRESET=fast OXIMG_DCT_MARGIN=2 OXIMG_JPEG_PROGRESSIVE=0`; ipx and \
                thumbor (2 processes) as they come, which makes their JPEGs progressive.";
    Ok(format!("{text}\n\n{}", readme::table(&head, &rows)))
}

impl Measured {
    fn cell(&self) -> String {
        format!("{:.1} ({} MB)", self.rate, self.peak_bytes >> 20)
    }
}

/// `compiled` holds the compiled code from the first start on, which comes with the image in a cluster.
fn darkroom(places: &Places, photo: &Photo, compiled: &Path) -> Result<Measured> {
    let compiled = compiled.to_str().context("no temporary folder")?;
    let server = Server::start(
        &places.binary,
        photo.folder(),
        &[
            "--allow-unsigned",
            "--workers",
            "2",
            "--compiled-dir",
            compiled,
        ],
    )?;
    let target = |width| format!("/resize?width={width}&quality=80&file={}", photo.file());
    let rate = misses(server.address, &target)?;
    Ok(Measured {
        rate,
        peak_bytes: peak_bytes(server.id())?,
    })
}

fn measure(rival: &Rival, places: &Places, photo: &Photo) -> Result<Option<Measured>> {
    let Some(running) = rival.start(&places.rivals, photo.folder())? else {
        return Ok(None);
    };
    let target = |width| (rival.target)(width, &photo.file());
    let rate = misses(running.address, &target)?;
    Ok(Some(Measured {
        rate,
        peak_bytes: peak_bytes(running.id())?,
    }))
}

/// `VmHWM` of a process and of those that it started.
fn peak_bytes(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .context("no VmHWM")?;
    let kilobytes: u64 = line
        .split_whitespace()
        .nth(1)
        .context("VmHWM without a number")?
        .parse()?;
    let children =
        fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let children = children
        .split_whitespace()
        .filter_map(|child| child.parse().ok());
    Ok((kilobytes << 10)
        + children
            .filter_map(|child| peak_bytes(child).ok())
            .sum::<u64>())
}

fn misses(address: SocketAddr, target: &(dyn Fn(u32) -> String + Sync)) -> Result<f64> {
    // Once before, for what is loaded late, and to see that it is what was asked for.
    let width = WIDTH_FIRST - 1;
    let first = Client::connect(address)?.get(&target(width))?;
    let got = jpeg_width(&first).context("the answer is not a JPEG")?;
    ensure!(got == width, "{got} px instead of {width}");
    let (next, done) = (AtomicU32::new(0), AtomicU32::new(0));
    let start = Instant::now();
    std::thread::scope(|scope| {
        let ask = || -> Result<()> {
            let mut client = Client::connect(address)?;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= REQUESTS || start.elapsed() > TIME_MAX {
                    return Ok(());
                }
                client.get(&target(WIDTH_FIRST + number))?;
                done.fetch_add(1, Ordering::Relaxed);
            }
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(ask)).collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().expect("a client panicked"))
    })?;
    Ok(f64::from(done.into_inner()) / start.elapsed().as_secs_f64())
}

/// The width that a JPEG's frame header names; `None` for what is none.
fn jpeg_width(file: &[u8]) -> Option<u32> {
    let mut rest = file.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let (&[0xFF, code, high, low], _) = rest.split_first_chunk()? else {
            return None;
        };
        if let 0xC0..=0xC2 = code {
            let width = rest.get(7..9)?;
            return Some(u32::from(width[0]) << 8 | u32::from(width[1]));
        }
        rest = rest.get(2 + (usize::from(high) << 8 | usize::from(low))..)?;
    }
}

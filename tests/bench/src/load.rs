//! Misses through the whole server: four clients, every request another width, so that nothing is
//! answered twice from one computation. Requests per second and the most memory ever held.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use anyhow::Result;

use crate::client::Client;
use crate::photos::Photo;
use crate::readme;
use crate::server::Server;

const CLIENTS: usize = 4;
/// Widths from 360 on, one a request.
const WIDTH_FIRST: u32 = 360;
const REQUESTS: u32 = 80;

/// One row a photo.
pub fn table(binary: &Path, photos: &[Photo]) -> Result<String> {
    let mut rows = Vec::new();
    for photo in photos {
        let server = Server::start(binary, photo.folder(), &["--allow-unsigned", "--workers", "2"])?;
        let rate = misses(&server, photo)?;
        let peak = server.peak_resident_bytes()? >> 20;
        rows.push(vec![photo.name.clone(), format!("{rate:.1}"), format!("{peak} MB")]);
    }
    Ok(readme::table(&["misses, 4 clients, 2 workers, 360 to 439 px JPEG", "requests/s", "peak resident"], &rows))
}

fn misses(server: &Server, photo: &Photo) -> Result<f64> {
    let next = AtomicU32::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        let ask = || -> Result<()> {
            let mut client = Client::connect(server.address)?;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= REQUESTS {
                    return Ok(());
                }
                client.get(&format!("/resize?width={}&quality=80&file={}", WIDTH_FIRST + number, photo.file()))?;
            }
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(ask)).collect();
        clients.into_iter().try_for_each(|client| client.join().expect("a client panicked"))
    })?;
    Ok(f64::from(REQUESTS) / start.elapsed().as_secs_f64())
}

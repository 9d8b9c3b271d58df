//! Cache hits: one rendition of about 30 KB, asked for by wrk over 64 connections. darkroom's URL is
//! signed; nginx and Varnish hold the same bytes. The servers take turns, round after round, so that
//! whatever else the machine does falls on all of them.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, Result};
use request::signature::{Keyring, SignOptions};

use crate::client::Client;
use crate::proxies::{Nginx, Varnish};
use crate::readme;
use crate::server::Server;
use crate::wrk::{self, Run};

const ROUNDS: usize = 5;
const SECONDS: u32 = 4;
const KEY: &str = "a key for the benchmark, 32 bytes+";

/// Requests per second of a hit, as a table.
pub fn table(binary: &Path, pictures: &Path) -> Result<String> {
    let key = ["--url-signature-key", KEY];
    let memory = Server::start(binary, pictures, &key)?;
    let disk = Server::start(
        binary,
        pictures,
        &[&key[..], &["--memory-cache-bytes", "0"]].concat(),
    )?;
    let target = signed("/resize?width=680&quality=80&file=coast.jpg")?;
    let body = Client::connect(memory.address)?.get(&target)?;
    let nginx = Nginx::start(&body)?;
    let varnish = Varnish::start(&nginx)?;
    let servers: [(String, SocketAddr); 4] = [
        (format!("{} `proxy_cache`", Nginx::version()), nginx.cache),
        (Varnish::version(), varnish.cache),
        (
            "darkroom, in memory: verify, parse, look up, answer".into(),
            memory.address,
        ),
        (
            "darkroom, on disk: and read, compare checksums".into(),
            disk.address,
        ),
    ];
    let mut runs: [Vec<Run>; 4] = Default::default();
    for (_, address) in &servers {
        // Once to fill it, once to see that it is filled and everybody says the same.
        let mut client = Client::connect(*address)?;
        anyhow::ensure!(
            client.get(&target)? == body && client.get(&target)? == body,
            "other bytes from {address}"
        );
    }
    for _ in 0..ROUNDS {
        for (runs, (name, address)) in runs.iter_mut().zip(&servers) {
            let run = wrk::hits(*address, &target, SECONDS);
            runs.push(run.with_context(|| name.clone())?);
        }
    }
    let medians = runs.map(wrk::median);
    let nginx_rate = medians[0].rate;
    let rows: Vec<_> = servers
        .iter()
        .zip(&medians)
        .map(|((name, _), run)| {
            let share = format!("{:.2}", run.rate / nginx_rate);
            vec![
                name.clone(),
                format!("{:.0}", run.rate),
                share,
                run.p99.clone(),
            ]
        })
        .collect();
    let head = format!("hit of {} bytes, wrk, 64 connections", body.len());
    let table = readme::table(&[&head, "requests/s", "of nginx", "p99"], &rows);
    Ok(format!(
        "{table}\nMedian of {ROUNDS} rounds of {SECONDS} s each, taken in turns.\n"
    ))
}

fn signed(target: &str) -> Result<String> {
    Ok(Keyring::parse(KEY)?.sign(target, &SignOptions::default())?)
}

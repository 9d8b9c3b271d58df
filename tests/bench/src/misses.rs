//! Misses: every request another URL, by wrk over 64 connections. What they cost differs in kind: nginx
//! and Varnish copy 30 KB from an origin beside them, darkroom reads a photo and makes the 30 KB.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::client::Client;
use crate::proxies::{Nginx, Varnish};
use crate::readme;
use crate::server::Server;
use crate::wrk;

const ROUNDS: usize = 3;
const SECONDS: u32 = 5;
/// Every connection has a request under way; all of them are to be answered.
const QUEUE: &str = "128";

/// Requests per second of a miss, as a table.
pub fn table(binary: &Path, pictures: &Path) -> Result<String> {
    let darkroom = Server::start(binary, pictures, &["--allow-unsigned", "--queue", QUEUE])?;
    let body =
        Client::connect(darkroom.address)?.get("/resize?width=500&quality=80&file=coast.jpg")?;
    let nginx = Nginx::start(&body)?;
    let varnish = Varnish::start(&nginx)?;
    let servers = [
        (
            format!("{} `proxy_cache`: fetch, store, answer", Nginx::version()),
            nginx.cache,
        ),
        (
            format!("{}: fetch, keep, answer", Varnish::version()),
            varnish.cache,
        ),
        (
            "darkroom: read, transform (JPEG, 400 to 599 px), store, answer".into(),
            darkroom.address,
        ),
    ];
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for (server, (name, address)) in servers.iter().enumerate() {
        let mut runs = Vec::new();
        for round in 0..ROUNDS {
            let script = folder.path().join(format!("{server}-{round}.lua"));
            fs::write(&script, lua(round))?;
            let run = wrk::scripted(*address, &script, SECONDS);
            runs.push(run.with_context(|| name.clone())?);
        }
        let refused: u64 = runs.iter().map(|run| run.refused).sum();
        let run = wrk::median(runs);
        let rate = format!("{:.0}", run.rate);
        rows.push(vec![name.clone(), rate, run.p99, refused.to_string()]);
    }
    let head = [
        "miss, wrk, 64 connections",
        "requests/s",
        "p99",
        "refused in all rounds",
    ];
    let table = readme::table(&head, &rows);
    Ok(format!(
        "{table}\nMedian of {ROUNDS} rounds of {SECONDS} s each.\n"
    ))
}

/// No two requests ask for the same: every URL has another number, which darkroom ignores, and for darkroom
/// another width and quality, 1000 of them a thread and round.
pub(crate) fn lua(round: usize) -> String {
    format!(
        "local threads = 0
function setup(thread) thread:set('id', threads); threads = threads + 1 end
local count = 0
request = function()
    count = count + 1
    local number = ({round} * 2 + id) * 1000 + count % 1000
    local width, quality = 400 + number % 200, 60 + math.floor(number / 200) % 30
    local target = '/resize?file=coast.jpg&width=' .. width .. '&quality=' .. quality
    return wrk.format('GET', target .. '&n={round}.' .. id .. '.' .. count)
end
"
    )
}

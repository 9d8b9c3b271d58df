//! The caches that a bucket is usually put behind: nginx with `proxy_cache` and Varnish, from Debian's
//! packages, each in front of the same little origin (nginx, a file), each with a folder of its own.
//! They are ended with the benchmark.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::machine;

/// Longest wait for a server to listen: varnishd compiles its configuration first.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// nginx as an origin and, on another port, as a cache in front of it. Workers as many as CPUs; no log;
/// the rest as shipped, apart from connections that are kept for longer than the 1000 requests that would
/// otherwise make wrk connect anew.
pub struct Nginx {
    process: Child,
    /// Where the cache listens.
    pub cache: SocketAddr,
    origin: SocketAddr,
    _folder: TempDir,
}

/// Varnish in front of the same origin.
pub struct Varnish {
    process: Child,
    /// Where it listens.
    pub cache: SocketAddr,
    _folder: TempDir,
}

impl Nginx {
    /// Serve `body` as whatever is asked for, uncached and cached.
    pub fn start(body: &[u8]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        open_to_workers(folder.path())?;
        fs::write(folder.path().join("body"), body)?;
        let (origin, cache) = (free_address()?, free_address()?);
        let configuration = folder.path().join("nginx.conf");
        fs::write(&configuration, configured(folder.path(), origin, cache))?;
        let mut process = Command::new("nginx")
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&configuration)
            .stderr(Stdio::null())
            .spawn()
            .context("nginx cannot be started")?;
        wait_for(cache, &mut process)?;
        Ok(Self {
            process,
            cache,
            origin,
            _folder: folder,
        })
    }

    /// "nginx/1.22.1"
    pub fn version() -> String {
        machine::first_line("nginx", &["-v"]).replace("nginx version: ", "")
    }
}

impl Varnish {
    /// In front of `nginx`'s origin, with `memory` for what it keeps.
    pub fn start(nginx: &Nginx) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        open_to_workers(folder.path())?;
        let cache = free_address()?;
        let mut process = Command::new("varnishd")
            .args(["-F", "-s", "malloc,256m", "-T", "none", "-n"])
            .arg(folder.path().join("varnish"))
            .args(["-a", &cache.to_string(), "-b", &nginx.origin.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("varnishd cannot be started")?;
        wait_for(cache, &mut process)?;
        Ok(Self {
            process,
            cache,
            _folder: folder,
        })
    }

    /// "varnish-7.1.1"
    pub fn version() -> String {
        let line = machine::first_line("varnishd", &["-V"]);
        line.split(['(', ' '])
            .find(|word| word.starts_with("varnish-"))
            .unwrap_or("varnish")
            .to_owned()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

impl Drop for Varnish {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

fn configured(folder: &Path, origin: SocketAddr, cache: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "daemon off; pid {folder}/pid; error_log {folder}/error.log crit; worker_processes auto;
events {{ worker_connections 4096; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type image/jpeg;
    client_body_temp_path {folder}/body_temp; proxy_temp_path {folder}/proxy_temp;
    fastcgi_temp_path {folder}/fastcgi_temp; uwsgi_temp_path {folder}/uwsgi_temp; scgi_temp_path {folder}/scgi_temp;
    proxy_cache_path {folder}/cache levels=1:2 keys_zone=pictures:10m max_size=1g use_temp_path=off;
    upstream origin {{ server {origin}; keepalive 64; }}
    server {{
        listen {origin}; root {folder};
        location / {{ try_files /body =404; add_header Cache-Control \"public, max-age=3600\"; }}
    }}
    server {{
        listen {cache} reuseport;
        location / {{
            proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection \"\";
            proxy_cache pictures; proxy_cache_key $request_uri; proxy_cache_valid 200 1h;
        }}
    }}
}}
"
    )
}

/// Started by root, both let users of their own do the work.
fn open_to_workers(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn wait_for(address: SocketAddr, process: &mut Child) -> Result<()> {
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        if let Some(status) = process.try_wait()? {
            bail!("a server ended before it listened: {status}");
        }
        if start.elapsed() > START_TIMEOUT {
            end(process);
            bail!("nothing listens on {address}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Politely, so that a master ends its workers.
fn end(process: &mut Child) {
    let _ = Command::new("kill").arg(process.id().to_string()).status();
    let _ = process.wait();
}

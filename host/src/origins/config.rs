//! Every setting and limit of the origins, with its default and where the number came from. Values
//! arrive here typed; what of them cannot be put together is refused by `Origins::new`.

mod error;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use answer::origin::{AllowedOrigin, Authorization, Network};

use super::buckets::Bucket;

pub use error::ConfigError;

/// What origins there are, and what a fetch from them may cost.
pub struct OriginsConfig {
    /// The directory of `file=`; without one there is no such source.
    pub mount: Option<PathBuf>,
    /// Whether `url=` is a source.
    pub url_enabled: bool,
    /// Where `url=` may lead, redirects included. Empty: anywhere public, and no client's header goes
    /// with it.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// Where the originals of Lambda@Edge URLs are, if not in the mount.
    pub base: Option<AllowedOrigin>,
    /// Buckets whose objects `url=` may name; empty: none.
    pub buckets: Vec<Bucket>,
    /// Networks that may be connected to although they are not public.
    /// [`Network::EVERYTHING`] switches the check of addresses off.
    pub allowed_networks: Vec<Network>,
    /// Who is asked for the addresses of names; `None`: the operating system, hosts file and all.
    pub name_server: Option<SocketAddr>,
    /// Bytes of one source, counted as they come.
    pub source_bytes_max: u64,
    /// From the name to the finished TLS handshake.
    pub connect_timeout: Duration,
    /// Silence: until the first byte of an answer, and between any two reads.
    pub read_timeout: Duration,
    /// All redirects and the whole body. The deadline of a request ends a fetch even sooner.
    pub total_timeout: Duration,
    /// Redirects followed for one source.
    pub redirects_max: u32,
    /// Fetches of URLs at once; others wait until their deadline.
    pub url_fetches_max: usize,
    /// Reads of files at once, each on a thread; others wait until their deadline.
    pub file_reads_max: usize,
    /// Idle connections kept for each host.
    pub idle_connections_max: usize,
    /// Time after which an idle connection is closed.
    pub idle_timeout: Duration,
    /// The `User-Agent` that origins see.
    pub user_agent: String,
    /// Names of client headers that origins of the allow-list see.
    pub forward_headers: Vec<String>,
    /// Where the `Authorization` that origins of the allow-list see comes from.
    pub authorization: Authorization,
}

impl Default for OriginsConfig {
    fn default() -> Self {
        Self {
            mount: None,
            url_enabled: false,
            allowed_origins: Vec::new(),
            base: None,
            buckets: Vec::new(),
            allowed_networks: Vec::new(),
            name_server: None,
            // A 64 MP photograph at best quality is half of it.
            source_bytes_max: 64 << 20,
            // A round trip around the world with two lost packets.
            connect_timeout: Duration::from_secs(3),
            // An origin that is itself computing needs a moment; a dead one should not need all of it.
            read_timeout: Duration::from_secs(5),
            // Leaves two thirds of a request's 30 s to the queue and the transform.
            total_timeout: Duration::from_secs(10),
            // http to https, apex to www, and one to where the picture really is.
            redirects_max: 3,
            // At 64 MiB each and all at once this is 4 GiB; with photographs of 5 MB it is 320 MB.
            url_fetches_max: 64,
            // Disks are quick, so this is for the day when one hangs: far below tokio's 512 threads.
            file_reads_max: 32,
            // What a few workers use at a time; more only occupies the origin.
            idle_connections_max: 8,
            // Shorter than the 60 s after which common servers close, so that few are found closed.
            idle_timeout: Duration::from_secs(30),
            user_agent: concat!("darkroom/", env!("CARGO_PKG_VERSION")).to_owned(),
            forward_headers: Vec::new(),
            authorization: Authorization::None,
        }
    }
}

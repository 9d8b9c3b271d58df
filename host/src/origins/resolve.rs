//! Names become addresses here, once per connection: the HTTP client connects to what this hands out
//! and asks nobody else, so an answer that changes afterwards changes nothing. Addresses that may
//! not be connected to are never handed out.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use answer::origin::AddressRules;

/// The future of a [`NameResolver`].
pub type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Where the addresses of a name come from. Tests replace it.
pub trait NameResolver: Send + Sync + 'static {
    /// All addresses of `name`, best first.
    fn resolve(&self, name: String) -> Addresses;
}

/// Names that the operating system looks up at once. It blocks a thread for each, for as long as name
/// servers that do not answer make it, and disks need threads too.
const LOOKUPS_MAX: usize = 32;

static LOOKUPS: Semaphore = Semaphore::const_new(LOOKUPS_MAX);

/// The operating system's resolver: hosts file and DNS.
#[derive(Debug, Clone, Copy)]
pub struct SystemResolver;

impl NameResolver for SystemResolver {
    fn resolve(&self, name: String) -> Addresses {
        Box::pin(async move {
            let permit = LOOKUPS.acquire().await.map_err(io::Error::other)?;
            let look_up = move || {
                // Held until the system answers, also where nobody waits any more.
                let _permit = permit;
                let found = (name.as_str(), 0).to_socket_addrs()?;
                Ok(found.map(|address| address.ip()).collect())
            };
            tokio::task::spawn_blocking(look_up).await?
        })
    }
}

/// A name has addresses, and none of them may be connected to. Says no address: an error's text can
/// travel far.
#[derive(Debug, thiserror::Error)]
#[error("no address of this name may be connected to")]
pub(super) struct AddressRefused;

/// Hands the HTTP client only addresses that may be connected to.
pub(super) struct GuardedResolver {
    pub(super) names: Arc<dyn NameResolver>,
    pub(super) rules: AddressRules,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.names.resolve(name.as_str().to_owned());
        let rules = self.rules.clone();
        Box::pin(async move {
            let found = found.await?;
            if found.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            let permitted: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| rules.permit(*address))
                // Port 0 stands for the URL's own port.
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if permitted.is_empty() {
                return Err(AddressRefused.into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

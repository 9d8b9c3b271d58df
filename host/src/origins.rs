//! Where sources come from: a file of the mount, or a URL. A source's name comes in, its bytes go
//! out. Only here is a socket to an origin or a file of the mount opened, each kind of source has
//! its own switch, and both have the same limits. What the bytes mean is not known here.

mod config;
#[cfg(test)]
mod error;
mod file;
mod http;
mod resolve;
mod name_server;
mod seen;
mod buckets;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;

pub use answer::origin::{
    AllowedOrigin, Authorization, Fault, FetchError, Network, NetworkError, OriginName, RuleError,
};

pub use self::buckets::Bucket;
pub use self::config::{ConfigError, OriginsConfig};
#[cfg(test)]
pub(crate) use self::error::status_error;
pub use self::resolve::{Addresses, NameResolver, SystemResolver};

use self::buckets::Buckets;
use self::file::Mount;
use self::http::HttpOrigins;
use self::name_server::NameServer;
use crate::metrics::{METRICS, kind_of};
use crate::traces::Call;

/// A source as a request names it, percent-decoding done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceRef<'a> {
    /// `file=`: a name inside the mount.
    File(&'a str),
    /// `url=`, or a URL as `image=`.
    Url(&'a str),
    /// The original of a Lambda@Edge URL, below the base that the operator named. What only the base allows
    /// is no source for anybody else.
    Base(&'a str),
}

/// A source as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Never empty, never over the limit.
    pub bytes: Bytes,
    /// What came with them.
    pub said: Said,
}

/// What an origin said about keeping a source. Header values are as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `ETag`, or for a file what changes when it is written.
    pub validator: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Cache-Control`, several lines joined by commas.
    pub cache_control: Option<String>,
    /// `Expires`.
    pub expires: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// `Age`.
    pub age: Option<String>,
    /// `Vary`.
    pub vary: Option<String>,
}

/// The answer to the question whether a source has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refetched {
    /// It has, or its origin does not compare: here it is.
    Changed(Fetched),
    /// It has not (304); what the origin says about keeping it now.
    Unchanged(Said),
}

impl From<Bytes> for Fetched {
    fn from(bytes: Bytes) -> Self {
        Self {
            bytes,
            said: Said::default(),
        }
    }
}

/// All origins of a server.
pub struct Origins {
    mount: Option<Arc<Mount>>,
    urls: Option<HttpOrigins>,
    base: Option<HttpOrigins>,
    buckets: Buckets,
    file_permits: Arc<Semaphore>,
    url_permits: Arc<Semaphore>,
    source_bytes_max: u64,
    total_timeout: Duration,
}

impl Origins {
    /// Check the configuration and get ready; nothing is connected to yet.
    pub fn new(config: &OriginsConfig) -> Result<Self, ConfigError> {
        match config.name_server {
            Some(address) => Self::with_resolver(config, Arc::new(NameServer(address))),
            None => Self::with_resolver(config, Arc::new(SystemResolver)),
        }
    }

    /// As [`Origins::new`], with other answers to the question for a name's addresses.
    pub fn with_resolver(
        config: &OriginsConfig,
        names: Arc<dyn NameResolver>,
    ) -> Result<Self, ConfigError> {
        let mount = config
            .mount
            .as_deref()
            .map(Mount::new)
            .transpose()?
            .map(Arc::new);
        let urls = config.url_enabled.then(|| {
            let allowed = config.allowed_origins.clone();
            HttpOrigins::new((config, allowed), Arc::clone(&names))
        });
        let base = config.base.clone();
        let base = base.map(|base| HttpOrigins::new((config, vec![base]), names));
        Ok(Self {
            mount,
            urls: urls.transpose()?,
            base: base.transpose()?,
            buckets: Buckets::open(config)?,
            file_permits: permits(config.file_reads_max),
            url_permits: permits(config.url_fetches_max),
            source_bytes_max: config.source_bytes_max,
            total_timeout: config.total_timeout,
        })
    }

    /// Fetch `source` before `deadline`. `client` are the headers of the request that it is for.
    /// Dropping the future ends the fetch.
    pub async fn fetch(
        &self,
        source: SourceRef<'_>,
        client: &HeaderMap,
        deadline: Instant,
    ) -> Result<Fetched, FetchError> {
        let nothing = Said::default();
        match self.refetch((source, client), &nothing, deadline).await? {
            Refetched::Changed(fetched) => Ok(fetched),
            // Nothing was there to be the same as.
            Refetched::Unchanged(_) => Err(FetchError::Empty),
        }
    }

    /// As [`Origins::fetch`], unless the source is still the one of which `known` was said: then its
    /// origin may answer without a body. Every question is counted, and recorded where the request is.
    pub async fn refetch(
        &self,
        (source, client): (SourceRef<'_>, &HeaderMap),
        known: &Said,
        deadline: Instant,
    ) -> Result<Refetched, FetchError> {
        let (call, start) = (Call::begin(source, client), Instant::now());
        let client = call.as_ref().map_or(client, Call::headers);
        let answer = self.ask((source, client), known, deadline).await;
        let failure = answer.as_ref().err();
        METRICS.origins.count(source, failure, start.elapsed());
        if let Some(call) = call {
            call.end(status_of(&answer), failure.map(kind_of));
        }
        answer
    }

    async fn ask(
        &self,
        (source, client): (SourceRef<'_>, &HeaderMap),
        known: &Said,
        deadline: Instant,
    ) -> Result<Refetched, FetchError> {
        let (url, http) = match source {
            SourceRef::Url(url) => (url, &self.urls),
            SourceRef::Base(url) => (url, &self.base),
            SourceRef::File(name) => {
                let bytes_max = self.source_bytes_max;
                let read = move |mount: &Mount, name: &str| mount.read(name, bytes_max);
                return self
                    .on_mount(name, deadline, read)
                    .await
                    .map(Refetched::Changed);
            }
        };
        let end = Instant::now().checked_add(self.total_timeout);
        let deadline = end.map_or(deadline, |end| end.min(deadline));
        if matches!(source, SourceRef::Url(_)) && Buckets::is_object(url) {
            let object = self.buckets.find(url)?;
            let _permit = permit(&self.url_permits, deadline).await?;
            return object.fetch(known, deadline.into()).await;
        }
        let http = http.as_ref().ok_or(FetchError::Disabled)?;
        let _permit = permit(&self.url_permits, deadline).await?;
        http.fetch(url, (client, known), deadline.into()).await
    }

    /// Bytes that a source may have.
    pub fn source_bytes_max(&self) -> u64 {
        self.source_bytes_max
    }

    /// What changes when the file `name` of the mount changes: for the keys of caches. The same as the
    /// [`Said::validator`] of that file.
    pub async fn file_validator(
        &self,
        name: &str,
        deadline: Instant,
    ) -> Result<String, FetchError> {
        self.on_mount(name, deadline, Mount::validator).await
    }

    /// The same, where it is known without waiting for a disk; `None` says nothing about the file.
    pub fn file_validator_at_once(&self, name: &str) -> Option<Arc<str>> {
        self.mount.as_ref()?.validator_at_once(name)
    }

    /// The client's headers that `source`'s origin gets to see. Its answer may depend on them, so a
    /// rendition made from it belongs to them as well.
    pub fn forwarded(&self, source: SourceRef<'_>, client: &HeaderMap) -> HeaderMap {
        let (url, http) = match source {
            SourceRef::Url(url) => (url, &self.urls),
            SourceRef::Base(url) => (url, &self.base),
            SourceRef::File(_) => return HeaderMap::new(),
        };
        http.as_ref()
            .map_or_else(HeaderMap::new, |http| http.forwarded(url, client))
    }

    async fn on_mount<T, F>(&self, name: &str, deadline: Instant, work: F) -> Result<T, FetchError>
    where
        T: Send + 'static,
        F: FnOnce(&Mount, &str) -> Result<T, FetchError> + Send + 'static,
    {
        let mount = self.mount.clone().ok_or(FetchError::Disabled)?;
        let permit = permit(&self.file_permits, deadline).await?;
        let name = name.to_owned();
        let task = tokio::task::spawn_blocking(move || {
            // Held until the disk answers, even if nobody waits any more: a network disk that hangs
            // must not take one thread after the other.
            let _permit = permit;
            work(&mount, &name)
        });
        match timeout_at(deadline.into(), task).await {
            Ok(Ok(done)) => done,
            Ok(Err(stopped)) => Err(FetchError::InvalidFile(stopped.into())),
            Err(_) => Err(FetchError::FileTooSlow),
        }
    }
}

/// What the origin itself answered, if it did.
fn status_of(answer: &Result<Refetched, FetchError>) -> Option<StatusCode> {
    match answer {
        Ok(Refetched::Changed(_)) => Some(StatusCode::OK),
        Ok(Refetched::Unchanged(_)) => Some(StatusCode::NOT_MODIFIED),
        Err(FetchError::OriginStatus { status, .. }) => Some(*status),
        Err(_) => None,
    }
}

fn permits(max: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS)))
}

async fn permit(
    permits: &Arc<Semaphore>,
    deadline: Instant,
) -> Result<OwnedSemaphorePermit, FetchError> {
    match timeout_at(deadline.into(), permits.clone().acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(FetchError::Busy),
    }
}

#[cfg(test)]
mod tests;

//! Sources in object stores: `s3://bucket/key`, `gs://…`, `az://…`. A URL comes in; the bytes of an object
//! come out, of a bucket that the configuration names and of no other. What a URL says decides nothing
//! about endpoints or credentials.

use std::str::FromStr;
use std::sync::Arc;

use bytes::BytesMut;
use futures_util::StreamExt;
use http::StatusCode;
use object_store::path::Path;
use object_store::{Attribute, GetOptions, GetResult, ObjectStore};
use tokio::time::{Instant, timeout_at};

use super::config::{ConfigError, OriginsConfig};
use super::{FetchError, Fetched, Refetched, Said};
use crate::object_stores::{Kind, Patience, StoreUrl};

/// Reserved at once for what a store announces.
const RESERVED_BYTES_MAX: u64 = 1 << 20;

/// A bucket, or a part of one, that sources may lie in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket(StoreUrl);

/// The buckets that may be read.
pub(super) struct Buckets {
    open: Vec<(Bucket, Arc<dyn ObjectStore>)>,
    source_bytes_max: u64,
}

/// One object of a bucket that may be read.
pub(super) struct Object<'a> {
    store: &'a dyn ObjectStore,
    path: Path,
    /// Scheme, bucket and key.
    name: String,
    source_bytes_max: u64,
}

impl FromStr for Bucket {
    type Err = ConfigError;

    fn from_str(entry: &str) -> Result<Self, Self::Err> {
        let refuse = |reason: String| ConfigError::Bucket {
            entry: entry.to_owned(),
            reason,
        };
        let url = StoreUrl::parse(entry).map_err(refuse)?;
        if url.kind == Kind::Local {
            return Err(refuse("a directory is a --mount, not a bucket".to_owned()));
        }
        Ok(Self(url))
    }
}

impl Bucket {
    fn holds(&self, object: &StoreUrl) -> bool {
        (self.0.kind, &self.0.bucket) == (object.kind, &object.bucket)
            && object.path.prefix_matches(&self.0.path)
    }
}

impl Buckets {
    /// Get ready to read what the configuration names.
    pub(super) fn open(config: &OriginsConfig) -> Result<Self, ConfigError> {
        let patience = Patience {
            connect: config.connect_timeout,
            answer: config.total_timeout,
        };
        let open = |bucket: &Bucket| match bucket.0.open(patience) {
            Ok(store) => Ok((bucket.clone(), store)),
            Err(error) => Err(ConfigError::Bucket {
                entry: place(&bucket.0),
                reason: error.to_string(),
            }),
        };
        Ok(Self {
            open: config.buckets.iter().map(open).collect::<Result<_, _>>()?,
            source_bytes_max: config.source_bytes_max,
        })
    }

    /// Whether a URL names an object at all.
    pub(super) fn is_object(url: &str) -> bool {
        Kind::of(url).is_some_and(|(kind, _)| kind != Kind::Local)
    }

    /// The object that a URL names, in a bucket that may be read.
    pub(super) fn find(&self, url: &str) -> Result<Object<'_>, FetchError> {
        if self.open.is_empty() {
            return Err(FetchError::Disabled);
        }
        let object = StoreUrl::parse(url).map_err(|_| FetchError::InvalidUrl)?;
        let name = place(&object);
        match self.open.iter().find(|(bucket, _)| bucket.holds(&object)) {
            Some(_) if object.path.as_ref().is_empty() => Err(FetchError::InvalidUrl),
            Some((_, store)) => Ok(Object {
                store: store.as_ref(),
                path: object.path,
                name,
                source_bytes_max: self.source_bytes_max,
            }),
            None => Err(FetchError::BucketNotAllowed(name)),
        }
    }
}

impl Object<'_> {
    /// Read it before `deadline`, unless it is still what `known` was said of.
    pub(super) async fn fetch(
        &self,
        known: &Said,
        deadline: Instant,
    ) -> Result<Refetched, FetchError> {
        timeout_at(deadline, self.read(known))
            .await
            .unwrap_or_else(|_| Err(FetchError::BucketTooSlow(self.name.clone())))
    }

    async fn read(&self, known: &Said) -> Result<Refetched, FetchError> {
        let options = GetOptions {
            if_none_match: known.validator.clone(),
            ..GetOptions::default()
        };
        let found = match self.store.get_opts(&self.path, options).await {
            Ok(found) => found,
            Err(object_store::Error::NotModified { .. }) => {
                return Ok(Refetched::Unchanged(Said::default()));
            }
            Err(error) => return Err(self.failed(error)),
        };
        let said = said(&found);
        let bytes_max = self.source_bytes_max;
        if found.meta.size > bytes_max {
            return Err(FetchError::DeclaredTooLarge {
                bytes: found.meta.size,
                bytes_max,
            });
        }
        let mut bytes = BytesMut::with_capacity(found.meta.size.min(RESERVED_BYTES_MAX) as usize);
        let mut chunks = found.into_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| self.failed(error))?;
            if (bytes.len() + chunk.len()) as u64 > bytes_max {
                return Err(FetchError::TooLarge { bytes_max });
            }
            bytes.extend_from_slice(&chunk);
        }
        if bytes.is_empty() {
            return Err(FetchError::Empty);
        }
        Ok(Refetched::Changed(Fetched {
            bytes: bytes.freeze(),
            said,
        }))
    }

    /// Absent and forbidden are said as other origins say them. A store that cannot tell apart what is
    /// absent from what may not be seen says 403 for both.
    fn failed(&self, error: object_store::Error) -> FetchError {
        let bucket = self.name.clone();
        match error {
            object_store::Error::NotFound { .. } => FetchError::NoObject {
                bucket,
                status: StatusCode::NOT_FOUND,
            },
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. } => FetchError::NoObject {
                bucket,
                status: StatusCode::FORBIDDEN,
            },
            source => FetchError::Bucket {
                bucket,
                source: Box::new(source),
            },
        }
    }
}

fn said(found: &GetResult) -> Said {
    let cache_control = found.attributes.get(&Attribute::CacheControl);
    Said {
        validator: found.meta.e_tag.clone(),
        last_modified: Some(httpdate::fmt_http_date(found.meta.last_modified.into())),
        cache_control: cache_control.map(|value| value.as_ref().to_owned()),
        ..Said::default()
    }
}

fn place(url: &StoreUrl) -> String {
    format!("{}://{}/{}", url.kind.scheme(), url.bucket, url.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(bucket: &str, url: &str) -> bool {
        let bucket: Bucket = bucket.parse().unwrap();
        StoreUrl::parse(url).is_ok_and(|object| bucket.holds(&object))
    }

    #[test]
    fn only_what_is_named_is_held() {
        for (bucket, url, held) in [
            ("s3://b", "s3://b/a.jpg", true),
            ("s3://b/open", "s3://b/open/a.jpg", true),
            ("s3://b/open/", "s3://b/open/deep/a.jpg", true),
            ("s3://b/open", "s3://b/opened/a.jpg", false),
            ("s3://b/open", "s3://b/secret/a.jpg", false),
            ("s3://b/open", "s3://b/open/../secret/a.jpg", false),
            ("s3://b", "s3://c/a.jpg", false),
            ("s3://b", "gs://b/a.jpg", false),
            ("az://b", "az://b/a.jpg", true),
        ] {
            assert_eq!(holds(bucket, url), held, "{bucket} {url}");
        }
    }

    #[test]
    fn a_directory_is_no_bucket() {
        assert!("file:///etc".parse::<Bucket>().is_err());
        assert!(!Buckets::is_object("file:///etc/passwd"));
        assert!(!Buckets::is_object("https://b/a.jpg"));
        assert!(Buckets::is_object("s3://b/a.jpg"));
    }
}

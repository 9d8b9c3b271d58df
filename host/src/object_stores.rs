//! Object stores by URL: `s3://bucket/path`, `gs://bucket/path`, `az://container/path` and, where it is
//! allowed, `file:///directory`. Credentials and endpoints come from the environment that the store's own
//! tools read (`AWS_…`, `GOOGLE_…`, `AZURE_…`), never from a URL. Nothing is connected to here.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientConfigKey, RetryConfig};

/// One try again: a connection that a store closed while it was idle is found out by using it.
const RETRIES_MAX: usize = 1;
/// Before that, at a venture between the two: short beside any wait for a store. The second has to be the
/// longer one, or there is nothing to choose from.
const BACKOFF: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(80)];

/// Which service keeps the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Amazon S3, and what speaks as it does.
    S3,
    /// Google Cloud Storage.
    Gcs,
    /// Azure Blob Storage.
    Azure,
    /// A directory of this machine, or one that several machines mount.
    Local,
}

/// A place in an object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreUrl {
    /// Which service.
    pub kind: Kind,
    /// The bucket or container; of `Local`, empty.
    pub bucket: String,
    /// What every object's name begins with, whole path segments; of `Local`, the directory.
    pub path: Path,
}

/// How long a store may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To connect.
    pub connect: Duration,
    /// For one whole answer.
    pub answer: Duration,
}

impl StoreUrl {
    /// `scheme://bucket/path`, as it is written: nothing in it is decoded.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (kind, rest) =
            Kind::of(text).ok_or("must begin with s3://, gs://, az:// or file:///")?;
        let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
        if (kind == Kind::Local) != bucket.is_empty() {
            return Err("must name a bucket, or for file:// an absolute directory".to_owned());
        }
        if !bucket.bytes().all(is_bucket_byte) {
            return Err(format!("{bucket:?} is no name of a bucket"));
        }
        Ok(Self {
            kind,
            bucket: bucket.to_owned(),
            path: Path::parse(path).map_err(|error| error.to_string())?,
        })
    }

    /// Get ready to talk to it. Fails where the environment says too little or nonsense.
    pub fn open(&self, patience: Patience) -> object_store::Result<Arc<dyn ObjectStore>> {
        let [answer, connect] =
            [patience.answer, patience.connect].map(|time| format!("{} ms", time.as_millis()));
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: BACKOFF[0],
                max_backoff: BACKOFF[1],
                base: 2.0,
            },
            max_retries: RETRIES_MAX,
            retry_timeout: patience.answer,
        };
        let (timeout, connecting) = (ClientConfigKey::Timeout, ClientConfigKey::ConnectTimeout);
        // It fails only where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(match self.kind {
            Kind::S3 => Arc::new(
                AmazonS3Builder::from_env()
                    .with_bucket_name(&self.bucket)
                    .with_config(AmazonS3ConfigKey::Client(timeout), answer)
                    .with_config(AmazonS3ConfigKey::Client(connecting), connect)
                    .with_retry(retry)
                    .build()?,
            ),
            Kind::Gcs => Arc::new(
                GoogleCloudStorageBuilder::from_env()
                    .with_bucket_name(&self.bucket)
                    .with_config(GoogleConfigKey::Client(timeout), answer)
                    .with_config(GoogleConfigKey::Client(connecting), connect)
                    .with_retry(retry)
                    .build()?,
            ),
            Kind::Azure => Arc::new(
                MicrosoftAzureBuilder::from_env()
                    .with_container_name(&self.bucket)
                    .with_config(AzureConfigKey::Client(timeout), answer)
                    .with_config(AzureConfigKey::Client(connecting), connect)
                    .with_retry(retry)
                    .build()?,
            ),
            Kind::Local => Arc::new(LocalFileSystem::new()),
        })
    }
}

impl Kind {
    /// The kind that a URL's scheme names, and what stands behind `://`.
    pub fn of(text: &str) -> Option<(Self, &str)> {
        let (scheme, rest) = text.split_once("://")?;
        let kind = match scheme {
            "s3" => Self::S3,
            "gs" => Self::Gcs,
            "az" => Self::Azure,
            "file" => Self::Local,
            _ => return None,
        };
        Some((kind, rest))
    }

    /// How a URL of it begins.
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Gcs => "gs",
            Self::Azure => "az",
            Self::Local => "file",
        }
    }
}

/// Buckets are named as hosts are, and older ones with underscores.
const fn is_bucket_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_kind_a_bucket_and_a_path() {
        for (text, kind, bucket, path) in [
            ("s3://pictures", Kind::S3, "pictures", ""),
            ("s3://pictures/", Kind::S3, "pictures", ""),
            ("gs://a.b/c/d/", Kind::Gcs, "a.b", "c/d"),
            ("az://box/c%20d", Kind::Azure, "box", "c%20d"),
            ("file:///var/shared", Kind::Local, "", "var/shared"),
        ] {
            let url = StoreUrl::parse(text).unwrap();
            assert_eq!((url.kind, url.bucket.as_str()), (kind, bucket), "{text}");
            assert_eq!(url.path.as_ref(), path, "{text}");
        }
    }

    #[test]
    fn what_names_no_place_is_refused() {
        for text in [
            "",
            "pictures",
            "http://a.test/b",
            "S3://pictures",
            "s3://",
            "s3:///key",
            "s3://user:key@bucket/a",
            "s3://bucket?x=1",
            "s3://bucket/a/../b",
            "s3://bucket/a//b",
            "file://host/directory",
        ] {
            assert!(StoreUrl::parse(text).is_err(), "{text}");
        }
    }
}

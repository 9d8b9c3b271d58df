//! TLS on the connections: a certificate and its key come in, encrypted streams go out. Both are read
//! again at SIGHUP; a pair that cannot be used leaves the old one in force.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::tls::Config;

/// Why a pair cannot be used. Names the file, never what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// A file that is not there, or holds no PEM of this kind.
    #[error("{file}: {reason}")]
    File {
        /// Which.
        file: String,
        /// Why.
        reason: String,
    },
    /// The two do not belong together, or the library cannot use them.
    #[error("the certificate and the key: {0}")]
    Pair(#[from] rustls::Error),
}

/// The pair in force.
pub(crate) struct Tls {
    files: Config,
    current: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Read the pair for the first time.
    pub(crate) fn new(files: &Config) -> Result<Self, TlsError> {
        Ok(Self {
            current: RwLock::new(read(files)?),
            files: files.clone(),
        })
    }

    /// Read the pair again. Connections that stand keep what they began with.
    pub(crate) fn reload(&self) {
        match read(&self.files) {
            Ok(fresh) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                tracing::info!("the certificate was read again");
            }
            Err(error) => tracing::error!(%error, "the old certificate stays in force"),
        }
    }

    /// Shake hands before `timeout` is over.
    pub(crate) async fn accept(
        &self,
        stream: TcpStream,
        timeout: Duration,
    ) -> io::Result<TlsStream<TcpStream>> {
        let config = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        tokio::time::timeout(timeout, TlsAcceptor::from(config).accept(stream))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

fn read(files: &Config) -> Result<Arc<ServerConfig>, TlsError> {
    let of = |path: &Path, reason: String| TlsError::File {
        file: path.display().to_string(),
        reason,
    };
    let chain = CertificateDer::pem_file_iter(&files.certfile)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| of(&files.certfile, error.to_string()))?;
    if chain.is_empty() {
        return Err(of(&files.certfile, "no certificate in it".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.keyfile)
        .map_err(|error| of(&files.keyfile, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

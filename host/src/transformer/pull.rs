//! A component out of a registry (OCI distribution). Both digests are checked: that of the manifest, which
//! the operator named, and that of the layer, which the manifest names.

use std::time::Duration;

use futures_util::StreamExt as _;
use oci_client::client::{Client, ClientConfig, ClientProtocol};
use oci_client::manifest::OciDescriptor;
use oci_client::secrets::RegistryAuth;

use super::{Error, LAYER_TYPES, sized};
use crate::config::transformer::{Pulled, Registry};

/// For manifest and layer together: a megabyte in seconds over any network that a cluster has.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Pull it.
pub(super) fn pull(pulled: &Pulled) -> Result<Vec<u8>, Error> {
    run(TIMEOUT, fetch(pulled))
}

/// Wait for a registry, but not for ever.
pub(super) fn run<T>(
    timeout: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let work = async { tokio::time::timeout(timeout, work).await };
    runtime.block_on(work).unwrap_or(Err(Error::TooSlow {
        seconds: timeout.as_secs(),
    }))
}

/// As the registry wants to be spoken to.
pub(super) fn client(registry: &Registry) -> (Client, RegistryAuth) {
    // It fails only where a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::new(ClientConfig {
        protocol: if registry.plain_http {
            ClientProtocol::Http
        } else {
            ClientProtocol::Https
        },
        ..ClientConfig::default()
    });
    let auth = match &registry.credentials {
        Some((user, password)) => RegistryAuth::Basic(user.clone(), password.reveal().to_owned()),
        None => RegistryAuth::Anonymous,
    };
    (client, auth)
}

async fn fetch(pulled: &Pulled) -> Result<Vec<u8>, Error> {
    let (client, auth) = client(&pulled.registry);
    let (manifest, _) = client.pull_image_manifest(&pulled.reference, &auth).await?;
    let layer = the_layer(&manifest.layers)?;
    sized(u64::try_from(layer.size).unwrap_or(u64::MAX))?;
    let mut pieces = client.pull_blob_stream(&pulled.reference, layer).await?;
    let mut bytes = Vec::new();
    // What the manifest says of its length is not believed, and what it says of its digest is checked.
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece?);
        sized(bytes.len() as u64)?;
    }
    Ok(bytes)
}

/// Exactly one, and WebAssembly.
fn the_layer(layers: &[OciDescriptor]) -> Result<&OciDescriptor, Error> {
    match layers {
        [layer] if LAYER_TYPES.contains(&layer.media_type.as_str()) => Ok(layer),
        [] => Err(Error::Layers("none".to_owned())),
        layers => {
            let types: Vec<_> = layers
                .iter()
                .map(|layer| layer.media_type.as_str())
                .collect();
            Err(Error::Layers(types.join(", ")))
        }
    }
}

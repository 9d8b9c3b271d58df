//! A component into a registry, in the CNCF format for WebAssembly: one layer, and a configuration that says
//! what the component imports and exports. The same component gives the same digest.

use std::time::Duration;

use oci_client::Reference;
use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::OciImageManifest;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Error, LAYER_TYPES, Surface, pull, sized};
use crate::config::transformer::Registry;

/// What the configuration is.
const CONFIG_TYPE: &str = "application/vnd.wasm.config.v0+json";
/// The format wants a time, and the same component is to have the same digest.
const CREATED: &str = "1970-01-01T00:00:00Z";
/// Uploads are slower than downloads.
const TIMEOUT: Duration = Duration::from_mins(5);

/// Push `component`; gives the manifest's digest.
pub(crate) fn publish(
    component: Vec<u8>,
    (reference, registry): (&Reference, &Registry),
) -> Result<String, Error> {
    sized(component.len() as u64)?;
    let surface = Surface::read(&component)?;
    let layer_digest = format!("sha256:{}", answer::key::hex(&Sha256::digest(&component)));
    let config = json!({
        "created": CREATED,
        "architecture": "wasm",
        "os": "wasip2",
        "layerDigests": [layer_digest],
        "component": {
            "imports": surface.imports,
            "exports": surface.exports,
            "target": null,
        },
    });
    let config = Config::new(config.to_string(), CONFIG_TYPE.to_owned(), None);
    let layers = [ImageLayer::new(component, LAYER_TYPES[0].to_owned(), None)];
    pull::run(TIMEOUT, async {
        let (client, auth) = pull::client(registry);
        let manifest = OciImageManifest::build(&layers, &config, None);
        client
            .push(reference, &layers, config, &auth, Some(manifest))
            .await?;
        Ok(client.fetch_manifest_digest(reference, &auth).await?)
    })
}

//! Another transformer than the program's own: from a file, or pulled by its digest from a real registry. What
//! is no sealed component never runs.

use tests::registry::{Registry, sha256};
use tests::{Builder, Edge, Nobody, component};

/// Another transformer with other bytes, that does the same: the program's own with a section that means
/// nothing.
fn another() -> Vec<u8> {
    let mut bytes = guest::COMPONENT.to_vec();
    // A custom section: its number, its length, the length of its name, its name.
    bytes.extend_from_slice(b"\0\x05\x04mark");
    bytes
}

fn with(transformer: &str) -> Builder {
    Edge::builder().set("transformer", transformer)
}

#[test]
fn it_is_published_and_pulled_by_its_digest() {
    let registry = Registry::start();
    let target = "/resize?width=120&file=coast.jpg";
    let own = Edge::shared().get(target);
    let bytes = another();
    let reference = registry.publish("darkroom/transformer", Some(&bytes));
    assert_eq!(
        reference,
        registry.publish("darkroom/transformer", Some(&bytes)),
        "the same digest"
    );

    let pulled = with(&reference).start();
    let versions = pulled.get_unsigned("/").json();
    assert_eq!(versions["transformer"], sha256(&bytes));
    let rendition = pulled.get(target);
    assert_eq!(rendition.picture(), own.picture());
    // Another transformer is another key.
    assert_ne!(rendition.header("etag"), own.header("etag"));
    assert!(pulled.get(target).is_hit());

    // Stopped and started again, the machine code is there.
    let again = pulled.stop().start();
    assert!(again.get(target).is_hit());
    again.wait_for_log("loaded compiled component");
}

#[test]
fn what_is_published_says_what_it_is() {
    let registry = Registry::start();
    let reference = registry.publish("darkroom/transformer", None);
    let digest = reference.rsplit_once('@').unwrap().1;
    let manifest = registry.get(
        &format!("/v2/darkroom/transformer/manifests/{digest}"),
        "application/vnd.oci.image.manifest.v1+json",
    );
    assert_eq!(
        manifest["config"]["mediaType"],
        "application/vnd.wasm.config.v0+json"
    );
    let layers = manifest["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 1);
    assert_eq!(layers[0]["mediaType"], "application/wasm");
    let layer = format!("sha256:{}", sha256(guest::COMPONENT));
    assert_eq!(layers[0]["digest"], layer);
    let config = manifest["config"]["digest"].as_str().unwrap();
    let config = registry.get(&format!("/v2/darkroom/transformer/blobs/{config}"), "*/*");
    assert_eq!(config["architecture"], "wasm");
    assert_eq!(config["os"], "wasip2");
    assert_eq!(config["layerDigests"], serde_json::json!([layer]));
    assert_eq!(config["component"]["imports"], serde_json::json!([]));
    let exports = serde_json::json!(["darkroom:image/transform@0.1.0"]);
    assert_eq!(config["component"]["exports"], exports);
}

#[test]
fn what_asks_for_anything_does_not_run() {
    let registry = Registry::start();
    let reference = registry.publish("darkroom/edge", Some(&component("darkroom-wasi.wasm")));
    let refused = with(&reference).refusal();
    assert!(refused.contains(&reference), "{refused}");
    assert!(
        refused.contains("must import nothing, and it imports wasi:"),
        "{refused}"
    );
}

#[test]
fn what_a_registry_has_not_or_has_otherwise_is_named() {
    let registry = Registry::start();
    let name = "darkroom/odd";
    let wasm = |bytes: &[u8]| registry.blob(name, bytes, "application/wasm");
    let text = registry.blob(name, b"text", "text/plain");
    let mut huge = wasm(guest::COMPONENT);
    huge["size"] = (1_u64 << 40).into();
    let unknown = format!(
        "oci://{}/{name}@sha256:{}",
        registry.address,
        "0".repeat(64)
    );
    for (reference, reason) in [
        (unknown, "does not give it"),
        (
            registry.manifest(name, std::slice::from_ref(&text)),
            "its layers are text/plain",
        ),
        (
            registry.manifest(name, &[wasm(b"a"), wasm(b"b")]),
            "its layers are application/wasm, ",
        ),
        (registry.manifest(name, &[]), "its layers are none"),
        (
            registry.manifest(name, &[huge]),
            "at most 67108864 are taken",
        ),
        (
            registry.manifest(name, &[wasm(b"no wasm at all")]),
            "it is no component: magic header not detected",
        ),
    ] {
        let refused = with(&reference).refusal();
        assert!(
            refused.contains(&reference) && refused.contains(reason),
            "{reason}: {refused}"
        );
    }
    let tag = format!("oci://{}/{name}:v1", registry.address);
    assert!(with(&tag).refusal().contains("name a digest"));
}

#[test]
fn a_registry_that_is_not_there_ends_the_start() {
    let nobody = Nobody::somewhere();
    let reference = format!("oci://{}/a@sha256:{}", nobody.address(), "0".repeat(64));
    let refused = with(&reference).refusal();
    assert!(refused.contains(&reference), "{refused}");
}

#[test]
fn a_file_is_as_good_and_as_bad() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = file("another.wasm", &another());
    let edge = with(&good).start();
    assert_eq!(
        edge.get_unsigned("/").json()["transformer"],
        sha256(&another())
    );
    edge.get("/resize?width=50&file=cat.png").picture();

    let sparse = file("sparse.wasm", b"");
    std::fs::File::options()
        .write(true)
        .open(&sparse)
        .unwrap()
        .set_len((64 << 20) + 1)
        .unwrap();
    for (path, reason) in [
        (file("text.wasm", b"no wasm at all"), "it is no component: "),
        (file("module.wasm", b"\0asm\x01\0\0\0"), "but a core module"),
        (
            file("empty.wasm", b"\0asm\x0d\0\x01\0"),
            "and it exports ``",
        ),
        (
            file("edge.wasm", &component("edge.wasm")),
            "must import nothing",
        ),
        (sparse, "at most 67108864 are taken"),
        (
            directory
                .path()
                .join("missing.wasm")
                .to_str()
                .unwrap()
                .to_owned(),
            "No such file",
        ),
    ] {
        let refused = with(&path).refusal();
        assert!(
            refused.contains(&path) && refused.contains(reason),
            "{reason}: {refused}"
        );
    }
}

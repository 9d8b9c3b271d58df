//! A pod whose configuration is wrong ends at its start with exit code 2 and one line, and the line begins
//! with the setting that has to be changed. The same lines stand in k8s/README.md, "A pod restarts".

use tests::{Builder, Edge, pictures};

fn keyless() -> Builder {
    Builder::bare().set("mount", pictures())
}

/// The line, which names this setting first.
#[track_caller]
fn refused_for(builder: &Builder, setting: &str) -> String {
    let said = builder.refusal();
    let line = said.trim_end().strip_prefix("darkroom: ").unwrap_or(&said);
    assert!(line.starts_with(&format!("--{setting}")), "{said}");
    line.to_owned()
}

#[test]
fn the_secret_is_missing() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("signature.key");
    let builder = keyless().env("DARKROOM_URL_SIGNATURE_KEY_FILE", &file);
    let said = refused_for(&builder, "url-signature-key-file");
    assert!(said.contains(&file.display().to_string()), "{said}");
    assert!(said.contains("No such file"), "{said}");
}

#[test]
fn the_key_is_too_short_or_empty() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("signature.key");
    for key in [&"k".repeat(31), ""] {
        std::fs::write(&file, key).unwrap();
        let builder = keyless().env("DARKROOM_URL_SIGNATURE_KEY_FILE", &file);
        refused_for(&builder, "url-signature-key");
    }
}

/// `/proc` takes no directory from anybody, root included, as a volume that is mounted read-only.
#[test]
fn the_cache_volume_cannot_be_written() {
    let builder = Edge::builder().set("cache-dir", "/proc/darkroom");
    refused_for(
        &builder.clone().env("DARKROOM_REQUIRE_CACHE", "true"),
        "cache-dir",
    );
    // A machine that is no pod goes on without.
    builder
        .start()
        .get("/resize?width=40&file=dunes.jpg")
        .picture();
}

/// As a pod's volume would be: its own file system, mounted read-only; and one that belongs to somebody else.
#[test]
fn the_cache_volume_is_mounted_read_only_or_belongs_to_another() {
    let volume = |prepare: &str| {
        Edge::builder()
            .set("cache-dir", "/mnt/cache")
            .switch("require-cache")
            .through(format!(
                r#"exec unshare -rm sh -c 'mount -t tmpfs -o {prepare} "$@"' sh "$@""#
            ))
    };
    let said = refused_for(&volume("ro none /mnt && exec"), "cache-dir");
    assert!(
        said.contains("/mnt/cache") && said.contains("Read-only file system"),
        "{said}"
    );
    let powerless = "mode=0555 none /mnt && exec setpriv --bounding-set=-all --inh-caps=-all";
    let said = refused_for(&volume(powerless), "cache-dir");
    assert!(said.contains("Permission denied"), "{said}");
}

#[test]
fn the_admin_token_is_missing_or_too_short() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("admin.token");
    let builder = Edge::builder()
        .set("admin-listen", "127.0.0.1:0")
        .env("DARKROOM_ADMIN_TOKEN_FILE", &file);
    let said = refused_for(&builder, "admin-token-file");
    assert!(said.contains("No such file"), "{said}");
    std::fs::write(&file, "short").unwrap();
    refused_for(&builder, "admin-token-file");
}

#[test]
fn the_memory_limit_holds_no_transform() {
    let limited = |limit: &str| Edge::builder().set("memory-limit", limit);
    // One transform with its source and its rendition, the server, and 64 MiB of renditions in memory.
    let said = refused_for(&limited("831MiB"), "memory-per-transform");
    assert!(said.contains("832"), "{said}");
    assert_eq!(limited("832MiB").start().count("/sandbox/workers"), 1);
}

#[test]
fn the_memory_limit_holds_fewer_workers_than_there_are_cpus_or_were_asked_for() {
    let said = refused_for(
        &Edge::builder()
            .set("memory-limit", "2112MiB")
            .set("workers", "4"),
        "workers",
    );
    assert!(said.contains("at most 3"), "{said}");
    let edge = Edge::builder()
        .set("memory-limit", "1GiB")
        .set("memory-per-transform", "64MiB")
        .start();
    let cpus = std::thread::available_parallelism().unwrap().get() as u64;
    assert_eq!(edge.count("/sandbox/workers"), cpus.min(4));
}
